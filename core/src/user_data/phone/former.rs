//! Numbers of plans that a country has given up, which people and their address books
//! still write. Only plans are here whose successor follows from one public rule.

/// The country of a former plan, its code, and what makes a number of the current plan
/// of one of the former, both without the code.
type Plan = (&'static str, &'static str, fn(&str) -> Option<String>);

const PLANS: [Plan; 6] = [
    ("mx", "52", mexico),
    ("ar", "54", argentina),
    ("br", "55", brazil),
    ("co", "57", colombia),
    ("ci", "225", ivory_coast),
    ("bj", "229", benin),
];

/// `number`, digits with a country code, in the country's current plan, where it is of
/// the former one.
pub(super) fn current(number: &str) -> Option<String> {
    PLANS.iter().find_map(|(_, code, current)| {
        let current = current(number.strip_prefix(code)?)?;
        Some([code, current.as_str()].concat())
    })
}

/// Whether `number` may be of a former plan, by its beginning or by its country.
pub(super) fn may_be(number: &str, country: Option<&str>) -> bool {
    PLANS
        .iter()
        .any(|(own, code, _)| number.starts_with(code) || country == Some(own))
}

/// [`current`] for a number of `country` that does not say whether it begins with a
/// country code: all its `digits` as they are dialled there, and the `number` that they
/// are without zeros before it.
pub(super) fn current_of(number: &str, digits: &str, country: Option<&str>) -> Option<String> {
    let Some(country) = country else {
        // No number of another plan is as long.
        return current(number).filter(|_| number.len() >= 12);
    };
    let (_, code, plan) = PLANS.iter().find(|(own, ..)| *own == country)?;
    let with_code = number.strip_prefix(code).and_then(plan);
    let local = || {
        // Eleven digits with a 1 before them are a number of the +1 zone too.
        if country == "mx" && !digits.starts_with('0') {
            return None;
        }
        plan(digits).or_else(|| plan(digits.strip_prefix('0')?))
    };
    let current = with_code.or_else(local)?;
    Some([code, current.as_str()].concat())
}

/// Numbers of ten digits since 3 August 2019: no 1 before mobile ones from abroad, no
/// 01, 044 and 045 within. Source: IFT, Plan Técnico Fundamental de Numeración.
fn mexico(number: &str) -> Option<String> {
    ["1", "01", "044", "045"]
        .iter()
        .find_map(|former| number.strip_prefix(former))
        .filter(|number| number.len() == 10 && is_from(number, b'2', b'9'))
        .map(str::to_owned)
}

/// A mobile number has 9 before its area code; 15 behind that is written within the
/// country. Source: ENACOM, Plan Fundamental Nacional de Numeración.
fn argentina(number: &str) -> Option<String> {
    let number = number.strip_prefix('9').unwrap_or(number);
    if number.len() != 12 {
        return None;
    }
    let area = match number.get(..2)? {
        "11" => 2,
        _ if AREAS_OF_THREE.contains(&number.get(..3)?) => 3,
        _ => 4,
    };
    let (area, rest) = number.split_at_checked(area)?;
    let subscriber = rest.strip_prefix("15")?;
    is_from(area, b'1', b'3').then(|| ["9", area, subscriber].concat())
}

/// The area codes of three digits; Buenos Aires has two, all others have four.
const AREAS_OF_THREE: [&str; 39] = [
    "220", "221", "223", "230", "236", "237", "249", "260", "261", "263", "264", "266", "280",
    "291", "294", "297", "298", "299", "336", "341", "342", "343", "345", "348", "351", "353",
    "358", "362", "364", "370", "376", "379", "380", "381", "383", "385", "387", "388", "389",
];

/// Mobile numbers have nine digits behind the area code, the first a 9, since 2016. Those
/// that began with 7 may be of trunked radio, which has eight. Source: Anatel,
/// Resolução 553/2010.
fn brazil(number: &str) -> Option<String> {
    let (area, subscriber) = number.split_at_checked(2)?;
    let is_former = subscriber.len() == 8
        && matches!(subscriber.as_bytes().first(), Some(b'6' | b'8' | b'9'))
        && !area.contains('0');
    is_former.then(|| [area, "9", subscriber].concat())
}

/// Fixed numbers have 60 before their area code of one digit since 1 September 2021.
/// Source: CRC, Resolución 5826 de 2019.
fn colombia(number: &str) -> Option<String> {
    let is_former = number.len() == 8
        && matches!(
            number.as_bytes().first(),
            Some(b'1' | b'2' | b'4' | b'5' | b'6' | b'7' | b'8')
        );
    is_former.then(|| ["60", number].concat())
}

/// Mobile numbers of eight digits got two more on 31 January 2021, by the operator, whom
/// the second digit named. Source: ARTCI, Plan national de numérotation.
fn ivory_coast(number: &str) -> Option<String> {
    let &[first, second, ..] = number.as_bytes() else {
        return None;
    };
    // Fixed numbers began with 2 and 3.
    if number.len() != 8 || matches!(first, b'2' | b'3') {
        return None;
    }
    let operator = match second {
        b'0'..=b'3' => "01",
        b'4'..=b'6' => "05",
        _ => "07",
    };
    Some([operator, number].concat())
}

/// All numbers of eight digits have 01 before them since 30 November 2024. Source: ARCEP
/// Bénin, Plan national de numérotation.
fn benin(number: &str) -> Option<String> {
    (number.len() == 8).then(|| ["01", number].concat())
}

/// Whether the first digit of `number` lies between two others.
fn is_from(number: &str, least: u8, most: u8) -> bool {
    number
        .bytes()
        .next()
        .is_some_and(|first| (least..=most).contains(&first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_a_former_plan_has_one_of_the_current() {
        for (number, expected) in [
            ("5215512345678", "525512345678"),
            ("52015512345678", "525512345678"),
            ("520445512345678", "525512345678"),
            ("520458112345678", "528112345678"),
            ("54111523456789", "5491123456789"),
            ("549111523456789", "5491123456789"),
            ("54351151234567", "5493511234567"),
            ("54296615412345", "5492966412345"),
            ("551187654321", "5511987654321"),
            ("552199876543", "5521999876543"),
            ("5712345678", "576012345678"),
            ("22507123456", "2250707123456"),
            ("22545123456", "2250545123456"),
            ("22541123456", "2250141123456"),
            ("22997123456", "2290197123456"),
        ] {
            assert_eq!(current(number).as_deref(), Some(expected), "{number}");
        }
    }

    #[test]
    fn a_number_of_a_current_plan_has_no_other() {
        for number in [
            "525512345678",
            "5491123456789",
            "541123456789",
            "5511987654321",
            "551132654321",
            "551178654321",
            "576012345678",
            "573101234567",
            "2250707123456",
            "22520123456",
            "2290197123456",
            "4930901820",
            "52",
            "54",
            "",
        ] {
            assert_eq!(current(number), None, "{number}");
        }
    }
}
