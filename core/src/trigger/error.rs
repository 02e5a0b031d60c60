//! What is wrong with a statement, and where.

use crate::position::position;
use std::fmt;

/// A statement that is not FQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriggerError {
    /// What is wrong.
    pub message: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What was probably meant, as it would be written: `and` for `&&`.
    pub suggestion: Option<String>,
}

impl fmt::Display for TriggerError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            message,
            line,
            column,
            suggestion,
        } = self;
        write!(formatter, "{message} at line {line}, column {column}")?;
        match suggestion {
            Some(suggestion) => write!(formatter, "; did you mean `{suggestion}`?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for TriggerError {}

/// In characters.
const LONGEST_MESSAGE: usize = 300;

/// A fault whose place is still a byte offset.
#[derive(Debug)]
pub(super) struct SyntaxError {
    message: String,
    at: usize,
    suggestion: Option<String>,
}

impl SyntaxError {
    pub(super) fn new(at: usize, message: impl Into<String>) -> Self {
        let mut message = message.into();
        // It may name a word of the statement, which may be a megabyte long.
        if let Some((end, _)) = message.char_indices().nth(LONGEST_MESSAGE) {
            message.truncate(end);
            message.push('…');
        }
        Self {
            message,
            at,
            suggestion: None,
        }
    }

    pub(super) fn suggest(mut self, suggestion: Option<impl Into<String>>) -> Self {
        self.suggestion = suggestion.map(Into::into);
        self
    }

    pub(super) fn locate(self, text: &str) -> TriggerError {
        let (line, column) = position(text, self.at);
        TriggerError {
            message: self.message,
            line,
            column,
            suggestion: self.suggestion,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::trigger::Trigger;

    /// Each: statement, line, column, suggestion.
    const FAULTS: &[(&str, usize, usize, Option<&str>)] = &[
        ("", 1, 1, None),
        ("type = \"track\" && a", 1, 16, Some("and")),
        ("type = \"track\" & a", 1, 16, Some("and")),
        ("type = \"track\" || a", 1, 16, Some("or")),
        ("type = \"track\" AND a", 1, 16, Some("and")),
        ("type = \"track\"\n  Or a", 2, 3, Some("or")),
        ("type == \"track\"", 1, 6, Some("=")),
        ("type === \"track\"", 1, 6, Some("=")),
        ("type !== \"track\"", 1, 6, Some("!=")),
        ("type <> \"track\"", 1, 6, Some("!=")),
        ("properties.n => 5", 1, 14, Some(">=")),
        ("properties.n =< 5", 1, 14, Some("<=")),
        ("type = “track”", 1, 8, Some("\"")),
        ("type = track", 1, 8, Some("\"track\"")),
        ("type is \"track\"", 1, 6, Some("=")),
        ("type IN ['track']", 1, 6, Some("in")),
        ("properties.x = undefined", 1, 16, Some("null")),
        ("properties.x = NULL", 1, 16, Some("null")),
        ("properties.x = True", 1, 16, Some("true")),
        ("NOT a", 1, 1, Some("!")),
        ("not(a)", 1, 1, Some("!")),
        ("contians(event, 'x')", 1, 1, Some("contains")),
        ("startsWith(event, 'x')", 1, 1, None),
        ("Match(event, 'x')", 1, 1, Some("match")),
        ("contains(event)", 1, 1, None),
        ("contains(event, 5)", 1, 17, Some("\"5\"")),
        ("match(event, '[a')", 1, 14, None),
        ("type = \"track", 1, 8, None),
        ("größe = 5", 1, 3, Some("\\ö")),
        ("a. = 5", 1, 3, None),
        (".a = 5", 1, 1, None),
        ("a = 49.", 1, 8, None),
        ("a = 1e999", 1, 5, None),
        ("a)", 1, 2, None),
        ("(a", 1, 1, None),
        ("a and", 1, 6, None),
        ("a b", 1, 3, None),
        ("a, b", 1, 2, Some("and")),
        ("5", 1, 1, None),
        ("length(a)", 1, 1, None),
        ("a in 'x'", 1, 6, Some("[\"x\"]")),
        ("a in [b]", 1, 7, Some("\"b\"")),
        ("a in ['x'", 1, 6, None),
        ("!a = 5", 1, 4, Some("!=")),
        ("a = 5 = 6", 1, 7, None),
    ];

    #[test]
    fn a_fault_names_its_place_and_what_was_probably_meant() {
        for &(statement, line, column, suggestion) in FAULTS {
            let error = Trigger::parse(statement).expect_err(statement);
            assert_eq!(
                (error.line, error.column, error.suggestion.as_deref()),
                (line, column, suggestion),
                "{statement:?}: {error}"
            );
        }
    }

    #[test]
    fn the_text_of_a_fault_is_one_sentence() {
        let error = Trigger::parse("type = \"track\" && a").unwrap_err();
        assert_eq!(
            error.to_string(),
            "`&&` is not an operator at line 1, column 16; did you mean `and`?"
        );
    }
}
