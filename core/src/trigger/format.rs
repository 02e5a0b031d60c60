//! A compiled statement as text again, in one form: double quotes, single
//! spaces, parentheses where `and` and `or` meet. What it writes parses to
//! the same statement.

use std::fmt::{self, Display, Formatter, Write as _};

use super::function::FUNCTIONS;
use super::lexer;
use super::literal::Literal;
use super::parser::is_doubtful;
use super::tree::{Comparison, Condition, Pattern, Term};
use crate::mapping::number_text;

impl Display for Condition {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::All(conditions) => joined(conditions, " and ", out),
            Self::Any(conditions) => joined(conditions, " or ", out),
            Self::Not(condition) => match **condition {
                Self::Holds(_) | Self::Not(_) => write!(out, "!{condition}"),
                _ => write!(out, "!({condition})"),
            },
            Self::Holds(term) => write!(out, "{term}"),
            Self::Compare {
                left,
                comparison,
                right,
            } => write!(out, "{left} {} {}", comparison.sign(), Right(right)),
            Self::Within { item, list } => write!(out, "{item} in {}", Right(list)),
        }
    }
}

/// Conditions with a word between them; a chain in a chain needs parentheses.
fn joined(conditions: &[Condition], word: &str, out: &mut Formatter<'_>) -> fmt::Result {
    for (index, condition) in conditions.iter().enumerate() {
        if index > 0 {
            out.write_str(word)?;
        }
        match condition {
            Condition::All(_) | Condition::Any(_) => write!(out, "({condition})")?,
            _ => write!(out, "{condition}")?,
        }
    }
    Ok(())
}

impl Comparison {
    /// How it is written.
    const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Above => ">",
            Self::AtLeast => ">=",
        }
    }
}

impl Display for Term {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(keys) => out.write_str(&path(keys)),
            Self::Literal(literal) => write!(out, "{literal}"),
            Self::List(literals) => {
                out.write_char('[')?;
                for (index, literal) in literals.iter().enumerate() {
                    let comma = if index > 0 { ", " } else { "" };
                    write!(out, "{comma}{literal}")?;
                }
                out.write_char(']')
            }
            Self::Contains { text, part } => write!(out, "contains({text}, {})", Right(part)),
            Self::Match { text, pattern } => match pattern {
                Pattern::Fixed(glob) => {
                    write!(out, "match({text}, ")?;
                    quoted(glob.pattern(), out)?;
                    out.write_char(')')
                }
                Pattern::Computed(term) => write!(out, "match({text}, {})", Right(term)),
            },
            Self::Apply(unary, term) => {
                let function = FUNCTIONS.iter().find(|function| function.applies(*unary));
                write!(out, "{}({term})", function.map_or("", |found| found.name))
            }
        }
    }
}

/// A term where a text could stand: a field that no event of the spec has is
/// written with a backslash, so that nobody takes it for a text.
struct Right<'t>(&'t Term);

impl Display for Right<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        if let Term::Path(keys) = self.0
            && is_doubtful(keys)
            && !path(keys).starts_with('\\')
        {
            out.write_char('\\')?;
        }
        write!(out, "{}", self.0)
    }
}

impl Display for Literal {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => out.write_str("null"),
            Self::Bool(value) => write!(out, "{value}"),
            Self::Number(number) => out.write_str(&number_text(*number)),
            Self::Text(text) => quoted(text, out),
        }
    }
}

/// A path as it is written, with what needs it escaped.
pub(super) fn path(keys: &[Box<str>]) -> String {
    let mut text = String::new();
    for (index, key) in keys.iter().enumerate() {
        if index > 0 {
            text.push('.');
        }
        for character in key.chars() {
            if !(character.is_ascii_alphanumeric() || matches!(character, '_' | '-')) {
                text.push('\\');
            }
            text.push(character);
        }
    }
    // A name that would be read as something else.
    if lexer::is_no_path(&text) {
        text.insert(0, '\\');
    }
    text
}

/// A backslash before anything but a quote, itself or the end stands for
/// itself, so that patterns stay readable.
fn quoted(text: &str, out: &mut Formatter<'_>) -> fmt::Result {
    out.write_char('"')?;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let escaped = match character {
            '"' => true,
            '\\' => matches!(characters.peek(), None | Some('"' | '\'' | '\\')),
            _ => false,
        };
        if escaped {
            out.write_char('\\')?;
        }
        out.write_char(character)?;
    }
    out.write_char('"')
}

#[cfg(test)]
mod tests {
    use crate::trigger::Trigger;

    fn formatted(statement: &str) -> String {
        Trigger::parse(statement)
            .expect(statement)
            .condition
            .to_string()
    }

    #[test]
    fn a_statement_has_one_form() {
        for (statement, form) in [
            ("type='track'", r#"type = "track""#),
            ("a and(b or c)and d", "a and (b or c) and d"),
            ("(a or b)", "a or b"),
            ("a or b and c", "a or (b and c)"),
            ("!(a)", "!a"),
            ("! ! a", "!!a"),
            ("!(a = 1)", "!(a = 1)"),
            ("!contains(a, 'x')", r#"!contains(a, "x")"#),
            (r#"a = 'say "hi"'"#, r#"a = "say \"hi\"""#),
            (
                r"match(event, 'a\*[a-z\]]?')",
                r#"match(event, "a\*[a-z\]]?")"#,
            ),
            (r"a = 'c:\\'", r#"a = "c:\\""#),
            (r"a = '\\\\'", r#"a = "\\\\""#),
            (
                r"properties.product\ 1.price > 1.50",
                r"properties.product\ 1.price > 1.5",
            ),
            (r"\or = 1", r"\or = 1"),
            (r"\5.5 = 1", r"\5.5 = 1"),
            ("a in ['x', 5 , null,true]", r#"a in ["x", 5, null, true]"#),
            ("'x' in properties.list", r#""x" in properties.list"#),
            (
                "length( lowercase(a) ) >= 1e21",
                "length(lowercase(a)) >= 1e+21",
            ),
            ("match(a, n.b)", "match(a, n.b)"),
            (r"a = \foo", r"a = \foo"),
            (r"contains(event, \foo)", r"contains(event, \foo)"),
            ("a = event", "a = event"),
        ] {
            assert_eq!(formatted(statement), form, "{statement}");
            assert_eq!(formatted(form), form);
        }
    }
}
