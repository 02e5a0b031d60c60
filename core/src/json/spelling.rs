//! How the numbers of a text are spelled, which the library that reads it does not say.

/// The numbers of a JSON text as they are spelled, in the order in which they stand.
pub(super) struct Spellings<'a> {
    rest: &'a str,
}

impl<'a> Spellings<'a> {
    /// Those of `text`, which is JSON.
    pub(super) const fn of(text: &'a str) -> Self {
        Self { rest: text }
    }
}

impl<'a> Iterator for Spellings<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let is_of_number =
            |byte: u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        loop {
            let start = self
                .rest
                .find(|first: char| matches!(first, '"' | '-' | '0'..='9'))?;
            let found = &self.rest[start..];
            if let Some(text) = found.strip_prefix('"') {
                self.rest = behind_text(text);
                continue;
            }
            let end = found
                .bytes()
                .position(|byte| !is_of_number(byte))
                .unwrap_or(found.len());
            let (number, rest) = found.split_at(end);
            self.rest = rest;
            return Some(number);
        }
    }
}

/// What is behind a text whose first quote was read.
fn behind_text(mut rest: &str) -> &str {
    while let Some((text, behind)) = rest.split_once(['"', '\\']) {
        let is_escape = rest.as_bytes().get(text.len()) == Some(&b'\\');
        if !is_escape {
            return behind;
        }
        // What is escaped may be a quote.
        let mut escaped = behind.chars();
        escaped.next();
        rest = escaped.as_str();
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_where_they_are_values() {
        let text =
            r#"{"a1": 12, "b\"2": [-1.5e+3,"3 \\", 4.0], "\u0035": {"c": "é\\\"6", "d": 7E1}}"#;
        let found: Vec<_> = Spellings::of(text).collect();
        assert_eq!(found, ["12", "-1.5e+3", "4.0", "7E1"]);
        assert_eq!(Spellings::of("\"1").count(), 0);
        assert_eq!(Spellings::of("-0").collect::<Vec<_>>(), ["-0"]);
    }
}
