//! Text into tokens.

use super::error::SyntaxError;
use super::literal::Literal;
use super::tree::Comparison;

/// One word of a statement.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A path, a function's name, or a word that is neither: its segments.
    Path(Box<[Box<str>]>),
    Literal(Literal),
    And,
    Or,
    In,
    Not,
    Comparison(Comparison),
    Open,
    Close,
    OpenList,
    CloseList,
    Comma,
    End,
}

/// Words that are not paths.
const KEYWORDS: &[(&str, Token)] = &[
    ("and", Token::And),
    ("or", Token::Or),
    ("in", Token::In),
    ("true", Token::Literal(Literal::Bool(true))),
    ("false", Token::Literal(Literal::Bool(false))),
    ("null", Token::Literal(Literal::Null)),
];

/// Signs, longest first. The second part is the token, or for signs of other
/// languages what the sign is called here.
const SIGNS: &[(&str, Result<Token, &str>)] = &[
    ("===", Err("=")),
    ("!==", Err("!=")),
    ("==", Err("=")),
    ("=~", Err("match(…)")),
    ("=<", Err("<=")),
    ("=>", Err(">=")),
    ("<>", Err("!=")),
    ("!=", Ok(Token::Comparison(Comparison::NotEqual))),
    ("<=", Ok(Token::Comparison(Comparison::AtMost))),
    (">=", Ok(Token::Comparison(Comparison::AtLeast))),
    ("&&", Err("and")),
    ("||", Err("or")),
    ("&", Err("and")),
    ("|", Err("or")),
    ("“", Err("\"")),
    ("”", Err("\"")),
    ("‘", Err("'")),
    ("’", Err("'")),
    ("=", Ok(Token::Comparison(Comparison::Equal))),
    ("<", Ok(Token::Comparison(Comparison::Below))),
    (">", Ok(Token::Comparison(Comparison::Above))),
    ("!", Ok(Token::Not)),
    ("(", Ok(Token::Open)),
    (")", Ok(Token::Close)),
    ("[", Ok(Token::OpenList)),
    ("]", Ok(Token::CloseList)),
    (",", Ok(Token::Comma)),
];

const fn is_path(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '\\')
}

/// The tokens of `text`, each with its byte offset, and at last [`Token::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, SyntaxError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    loop {
        at += text[at..].len() - text[at..].trim_start().len();
        let rest = &text[at..];
        let Some(first) = rest.chars().next() else {
            tokens.push((at, Token::End));
            return Ok(tokens);
        };
        let (length, token) = if matches!(first, '"' | '\'') {
            quoted(rest, first).ok_or_else(|| {
                SyntaxError::new(
                    at,
                    format!("the text that begins here has no closing {first}"),
                )
            })?
        } else if let Some(length) = number_length(rest) {
            let number = Literal::number(&rest[..length])
                .ok_or_else(|| SyntaxError::new(at, "the number is too large"))?;
            (length, Token::Literal(Literal::Number(number)))
        } else if is_path(first) {
            path(rest, at)?
        } else {
            sign(rest, at)?
        };
        tokens.push((at, token));
        at += length;
    }
}

/// A text in quotes. A backslash escapes a quote or itself; before anything
/// else it stays, because patterns use it.
fn quoted(rest: &str, quote: char) -> Option<(usize, Token)> {
    let mut text = String::new();
    let mut characters = rest.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => match characters.next()?.1 {
                escaped @ ('"' | '\'' | '\\') => text.push(escaped),
                other => text.extend(['\\', other]),
            },
            end if end == quote => {
                return Some((at + 1, Token::Literal(Literal::Text(text.into()))));
            }
            other => text.push(other),
        }
    }
    None
}

/// How many bytes a number takes at the start of `rest`; `None` where there is
/// none, or where it goes on as a name does: `1st`, `2024-05`.
fn number_length(rest: &str) -> Option<usize> {
    let digits = |from: usize| {
        let count = rest[from..].bytes().take_while(u8::is_ascii_digit).count();
        (count > 0).then_some(from + count)
    };
    let mut end = digits(usize::from(rest.starts_with(['+', '-'])))?;
    if rest[end..].starts_with('.') {
        end = digits(end + 1).unwrap_or(end);
    }
    if rest[end..].starts_with(['e', 'E']) {
        let sign = usize::from(rest[end + 1..].starts_with(['+', '-']));
        end = digits(end + 1 + sign).unwrap_or(end);
    }
    let goes_on = rest[end..].starts_with(|next| is_path(next) || next == '.');
    (!goes_on).then_some(end)
}

/// Whether `text`, which has the characters of a path, is read as a number or
/// a keyword.
pub(super) fn is_no_path(text: &str) -> bool {
    KEYWORDS.iter().any(|(word, _)| *word == text) || number_length(text).is_some()
}

fn path(rest: &str, start: usize) -> Result<(usize, Token), SyntaxError> {
    let mut segments: Vec<Box<str>> = Vec::new();
    let mut segment = String::new();
    let mut escaped = false;
    let mut length = rest.len();
    let mut characters = rest.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => {
                let (_, character) = characters.next().ok_or_else(|| {
                    SyntaxError::new(start + at, "nothing follows the `\\` that ends the path")
                })?;
                segment.push(character);
                escaped = true;
            }
            '.' if segment.is_empty() => {
                return Err(SyntaxError::new(start + at, "a name is missing before `.`"));
            }
            '.' => segments.push(std::mem::take(&mut segment).into()),
            character if is_path(character) => segment.push(character),
            character if character.is_alphanumeric() => {
                return Err(SyntaxError::new(
                    start + at,
                    format!("`{character}` must be escaped in a path"),
                )
                .suggest(Some(format!("\\{character}"))));
            }
            _ => {
                length = at;
                break;
            }
        }
    }
    if segment.is_empty() {
        return Err(SyntaxError::new(
            start + length,
            "a name or a digit is missing after `.`",
        ));
    }
    segments.push(segment.into());
    let keyword = KEYWORDS
        .iter()
        .find(|(word, _)| !escaped && segments.len() == 1 && **word == *segments[0])
        .map(|(_, token)| token.clone());
    Ok((
        length,
        keyword.unwrap_or_else(|| Token::Path(segments.into())),
    ))
}

fn sign(rest: &str, at: usize) -> Result<(usize, Token), SyntaxError> {
    let Some((sign, meaning)) = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign)) else {
        let first: String = rest.chars().take(1).collect();
        return Err(if first == "." {
            SyntaxError::new(at, "a path begins with a name, not with `.`")
        } else if first.chars().any(char::is_alphanumeric) {
            SyntaxError::new(at, format!("`{first}` must be escaped in a path"))
                .suggest(Some(format!("\\{first}")))
        } else {
            SyntaxError::new(at, format!("`{}` means nothing here", first.escape_debug()))
        });
    };
    match meaning {
        Ok(token) => Ok((sign.len(), token.clone())),
        Err(here) => {
            Err(SyntaxError::new(at, format!("`{sign}` is not an operator")).suggest(Some(*here)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Number;

    fn only(text: &str) -> Token {
        let mut tokens = tokens(text).unwrap();
        assert_eq!(tokens.len(), 2, "{text}");
        tokens.remove(0).1
    }

    fn segments(text: &str) -> Vec<String> {
        match only(text) {
            Token::Path(segments) => segments.iter().map(ToString::to_string).collect(),
            other => panic!("{text} is {other:?}"),
        }
    }

    #[test]
    fn paths_split_at_dots_and_keep_what_is_escaped() {
        assert_eq!(segments("context.page.url"), ["context", "page", "url"]);
        assert_eq!(
            segments(r"properties.product\ 1.price"),
            ["properties", "product 1", "price"]
        );
        assert_eq!(
            segments(
                r"a\.b.größe"
                    .replace('ö', "\\ö")
                    .replace('ß', "\\ß")
                    .as_str()
            ),
            ["a.b", "größe"]
        );
        assert_eq!(segments("properties.or"), ["properties", "or"]);
        assert_eq!(segments(r"\or"), ["or"]);
        assert_eq!(segments("1st-x"), ["1st-x"]);
        assert_eq!(segments("properties.1"), ["properties", "1"]);
    }

    #[test]
    fn numbers_keep_their_value() {
        for (text, value) in [
            ("0", Number::Unsigned(0)),
            ("-12", Number::Signed(-12)),
            ("+7", Number::Unsigned(7)),
            ("49.50", Number::Float(49.5)),
            ("1e3", Number::Float(1000.0)),
            ("1.5E-3", Number::Float(0.0015)),
            ("18446744073709551615", Number::Unsigned(u64::MAX)),
        ] {
            assert_eq!(only(text), Token::Literal(Literal::Number(value)), "{text}");
        }
    }

    #[test]
    fn quotes_of_both_kinds_hold_texts_and_patterns_keep_their_backslashes() {
        for (text, value) in [
            (r#""a 'b' c""#, "a 'b' c"),
            (r#"'a "b" c'"#, r#"a "b" c"#),
            (r#""say \"hi\"""#, r#"say "hi""#),
            (r"'it\'s'", "it's"),
            (r"'a\*b\\'", r"a\*b\"),
            ("''", ""),
            ("\"Zürich 日本\n\"", "Zürich 日本\n"),
        ] {
            assert_eq!(
                only(text),
                Token::Literal(Literal::Text(value.into())),
                "{text}"
            );
        }
    }
}
