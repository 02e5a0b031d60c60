//! Values as text, and as true or false, the way JavaScript has them.

use crate::json::{Json, Number};

/// A number as text: `25.5`, `3` for `3.0`, `1e+21`, `1e-7`.
///
/// Doubles are written as in JavaScript. Integers are written digit by digit
/// at any size: JavaScript would round a 17-digit id.
#[must_use]
pub(crate) fn number_text(number: Number) -> String {
    match number {
        Number::Signed(value) => value.to_string(),
        Number::Unsigned(value) => value.to_string(),
        Number::Long(value) => value.get().to_string(),
        Number::Rounded(value) | Number::Float(value) => double_text(value),
    }
}

/// ECMAScript, Number::toString: the shortest digits that name the double, as
/// a plain decimal where the point is within 21 digits or six zeros.
pub(super) fn double_text(value: f64) -> String {
    if value == 0.0 {
        return "0".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.into();
    }
    let mut out = String::from(if value < 0.0 { "-" } else { "" });
    let scientific = format!("{:e}", value.abs());
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return out + &scientific;
    };
    let digits = mantissa.replace('.', "");
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let zeros = |count: i32| std::iter::repeat_n('0', usize::try_from(count).unwrap_or(0));
    // The point is after this many digits.
    let point = exponent + 1;
    if (count..=21).contains(&point) {
        out.push_str(&digits);
        out.extend(zeros(point - count));
    } else if (1..=21).contains(&point) {
        let (whole, fraction) = digits.split_at(usize::try_from(point).unwrap_or(0));
        out.extend([whole, ".", fraction]);
    } else if (-5..=0).contains(&point) {
        out.push_str("0.");
        out.extend(zeros(-point));
        out.push_str(&digits);
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        out.push_str(mantissa);
        out.extend(['e', sign]);
        out.push_str(&exponent.unsigned_abs().to_string());
    }
    out
}

/// Appends a value as text: nothing for null, the items of a list with commas.
pub(super) fn append(value: Json<'_>, out: &mut String) {
    match value {
        Json::Null => {}
        Json::Bool(value) => out.push_str(if value { "true" } else { "false" }),
        Json::Number(number) => out.push_str(&number_text(number)),
        Json::Str(text) => out.push_str(text),
        Json::List(items) => {
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                append(*item, out);
            }
        }
        Json::Object(_) => out.push_str("[object Object]"),
    }
}

/// Whether JavaScript takes the value for true.
pub(super) fn is_truthy(value: Json<'_>) -> bool {
    match value {
        Json::Null => false,
        Json::Bool(value) => value,
        Json::Number(number) => number.to_f64() != 0.0,
        Json::Str(text) => !text.is_empty(),
        Json::List(_) | Json::Object(_) => true,
    }
}

/// Whether JavaScript's loose `==` finds the value equal to `""`.
pub(super) fn is_loosely_empty(value: Json<'_>) -> bool {
    match value {
        Json::Bool(value) => !value,
        Json::Number(number) => number.to_f64() == 0.0,
        Json::Str(text) => text.is_empty(),
        // The text of a list is empty where it holds nothing, or one thing
        // whose text is.
        Json::List([]) => true,
        Json::List([Json::Null]) => true,
        Json::List([item @ (Json::Str(_) | Json::List(_))]) => is_loosely_empty(*item),
        Json::Null | Json::List(_) | Json::Object(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Arena;

    #[test]
    fn numbers_are_written_as_in_javascript() {
        for (value, text) in [
            (0.1 + 0.2, "0.30000000000000004"),
            (-0.0, "0"),
            (3.0, "3"),
            (25.5, "25.5"),
            (-1.25, "-1.25"),
            (100.0, "100"),
            (123_456.789, "123456.789"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1.5e22, "1.5e+22"),
            (0.000_001, "0.000001"),
            (0.000_001_5, "0.0000015"),
            (1e-7, "1e-7"),
            (-1.5e-9, "-1.5e-9"),
            (f64::MAX, "1.7976931348623157e+308"),
            (5e-324, "5e-324"),
            (12_345_678_901_234_567_000.0, "12345678901234567000"),
        ] {
            assert_eq!(number_text(Number::Float(value)), text);
        }
    }

    #[test]
    fn integers_keep_every_digit() {
        assert_eq!(
            number_text(Number::Unsigned(12_345_678_901_234_567)),
            "12345678901234567"
        );
        assert_eq!(
            number_text(Number::Unsigned(u64::MAX)),
            "18446744073709551615"
        );
        assert_eq!(
            number_text(Number::Signed(i64::MIN)),
            "-9223372036854775808"
        );
    }

    #[test]
    fn truth_and_emptiness_are_javascripts() {
        let arena = Arena::new();
        for (text, truthy, empty) in [
            ("null", false, false),
            ("true", true, false),
            ("false", false, true),
            ("0", false, true),
            ("-0.0", false, true),
            ("\"\"", false, true),
            ("\" \"", true, false),
            ("\"0\"", true, false),
            ("[]", true, true),
            ("[null]", true, true),
            ("[[\"\"]]", true, true),
            ("[0]", true, false),
            ("[null,null]", true, false),
            ("{}", true, false),
        ] {
            let value = Json::parse(&arena, text.as_bytes()).unwrap();
            assert_eq!(
                (is_truthy(value), is_loosely_empty(value)),
                (truthy, empty),
                "{text}"
            );
        }
    }
}
