//! JSON as a person reads it: what fits into a line stays in one.

use capi_core::event::Json;

/// The widest value that stays in one line, beside its indentation.
const WIDE: usize = 64;

/// `value` as lines.
pub(super) fn pretty(value: Json<'_>) -> Vec<String> {
    let mut lines = vec![String::new()];
    write(value, 0, &mut lines);
    lines
}

/// Appends `value` to the last of `lines`, and what does not fit below it.
fn write(value: Json<'_>, depth: usize, lines: &mut Vec<String>) {
    let compact = value.to_text();
    let (open, close, members): (_, _, Vec<(Option<&str>, Json<'_>)>) = match value {
        // The event itself is always laid out.
        Json::Object(members) if depth == 0 || compact.chars().count() > WIDE => {
            let members = members.iter().map(|(key, value)| (Some(*key), *value));
            ('{', '}', members.collect())
        }
        Json::List(items) if compact.chars().count() > WIDE && items.len() > 1 => {
            ('[', ']', items.iter().map(|item| (None, *item)).collect())
        }
        _ => return append(lines, &compact),
    };
    append(lines, &open.to_string());
    let count = members.len();
    for (index, (key, value)) in members.into_iter().enumerate() {
        lines.push("  ".repeat(depth + 1));
        if let Some(key) = key {
            append(lines, &format!("{}: ", Json::Str(key).to_text()));
        }
        write(value, depth + 1, lines);
        if index + 1 < count {
            append(lines, ",");
        }
    }
    lines.push("  ".repeat(depth));
    append(lines, &close.to_string());
}

fn append(lines: &mut [String], text: &str) {
    if let Some(line) = lines.last_mut() {
        line.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use capi_core::event::Arena;

    use super::*;

    #[test]
    fn what_is_laid_out_is_the_same_json() {
        let arena = Arena::new();
        let text = format!(
            r#"{{"a":1,"b":["{}"],"c":[{{"id":"{}"}},{{"id":"y"}}],"d":{{}}}}"#,
            "x".repeat(64),
            "z".repeat(64)
        );
        let value = Json::parse(&arena, text.as_bytes()).unwrap();
        let lines = pretty(value);
        assert_eq!(lines[1], "  \"a\": 1,");
        assert_eq!(lines[2].len(), "  \"b\": [\"\"],".len() + 64);
        assert!(lines.contains(&"    {\"id\":\"y\"}".to_owned()));
        let joined = lines.join("\n");
        let again = Json::parse(&arena, joined.as_bytes()).unwrap();
        assert!(again == value);
    }
}
