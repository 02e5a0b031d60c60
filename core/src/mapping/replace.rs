//! `@replace`: `{"pattern": "a", "replacement": "b", "value": …}`.
//!
//! The pattern is literal text of 1 to 10 characters, not a regular
//! expression; the replacement has at most 10 and is empty by default. In it,
//! `$&` stands for what was found, `` $` `` for what is before that, `$'` for what
//! is behind it, and `$$` for a dollar sign. `global` (true
//! unless said) replaces every find, `ignorecase` (false unless said) finds
//! both cases; `pattern2` (a text or a number) and `replacement2` are applied
//! to the result.
//! Numbers and booleans are made text first; of any other value the result is
//! an empty text.

use std::borrow::Cow;

use super::compile::{Compiled, Compiler};
use super::node::Node;
use super::options::{self, Options};
use super::resolve::Resolved;
use super::run::{MAX_BYTES, Run};
use super::text::number_text;
use crate::json::Json;

/// The longest pattern and replacement, in characters.
const MAX_LENGTH: usize = 10;

const OPTIONS: &[&str] = &[
    "pattern",
    "replacement",
    "pattern2",
    "replacement2",
    "ignorecase",
    "global",
    "value",
];

#[derive(Clone, Debug)]
pub(super) struct Replace {
    first: Substitution,
    second: Option<Substitution>,
    value: Node,
}

#[derive(Clone, Debug)]
struct Substitution {
    pattern: Pattern,
    replacement: Box<[Piece]>,
    global: bool,
}

#[derive(Clone, Debug)]
enum Pattern {
    Exact(Box<str>),
    /// Its characters in one case.
    AnyCase(Box<[char]>),
}

#[derive(Clone, Debug)]
enum Piece {
    Text(Box<str>),
    Found,
    /// What is before what was found.
    Before,
    Behind,
}

impl Replace {
    pub(super) fn compile(compiler: &mut Compiler, json: Json<'_>) -> Compiled<Self> {
        let options = Options::read(compiler, json, OPTIONS)?;
        let pattern = options.required(compiler, "pattern", pattern_text);
        let replacement = options.optional(compiler, "replacement", replacement_text);
        let pattern2 = options.optional(compiler, "pattern2", second_pattern);
        let replacement2 = options.optional(compiler, "replacement2", replacement_text);
        let ignore_case = options.optional(compiler, "ignorecase", options::boolean);
        let global = options.optional(compiler, "global", options::boolean);
        let value = options.required(compiler, "value", options::text_or_directive);
        let (ignore_case, global) = (ignore_case?.unwrap_or(false), global?.unwrap_or(true));
        let substitution = |pattern: &str, replacement: Option<&str>| Substitution {
            pattern: if ignore_case {
                Pattern::AnyCase(pattern.chars().map(fold).collect())
            } else {
                Pattern::Exact(pattern.into())
            },
            replacement: pieces(replacement.unwrap_or_default()),
            global,
        };
        let replacement2 = replacement2?;
        Ok(Self {
            first: substitution(&pattern?, replacement?),
            second: pattern2?.map(|pattern2| substitution(&pattern2, replacement2)),
            value: value?,
        })
    }

    pub(super) fn resolve<'a>(&'a self, event: Json<'a>, run: &mut Run<'a>) -> Resolved<'a> {
        let value = self.value.resolve(event, run)?;
        let text = match value {
            Some(Json::Str(text)) => Cow::Borrowed(text),
            Some(Json::Number(number)) => Cow::Owned(number_text(number)),
            Some(Json::Bool(value)) => Cow::Borrowed(if value { "true" } else { "false" }),
            _ => return Ok(Some(Json::Str(""))),
        };
        let made = run.text(|out| {
            self.first.apply(&text, out);
            if let Some(second) = &self.second {
                let text = std::mem::take(out);
                second.apply(&text, out);
            }
        });
        if let (Some(from), Json::Str(made)) = (value, made) {
            run.holes.pass(from, made);
        }
        Ok(Some(made))
    }
}

fn pattern_text<'j>(compiler: &mut Compiler, json: Json<'j>) -> Compiled<Cow<'j, str>> {
    let text = options::text(compiler, json)?;
    if text.is_empty() || text.chars().count() > MAX_LENGTH {
        return Err(compiler.fault(format!("must have 1 to {MAX_LENGTH} characters")));
    }
    Ok(Cow::Borrowed(text))
}

/// The original checks of the second pattern only that it is there, so that
/// mappings with a number for it exist.
fn second_pattern<'j>(compiler: &mut Compiler, json: Json<'j>) -> Compiled<Cow<'j, str>> {
    match json {
        Json::Number(number) => Ok(Cow::Owned(number_text(number))),
        _ => pattern_text(compiler, json),
    }
}

fn replacement_text<'j>(compiler: &mut Compiler, json: Json<'j>) -> Compiled<&'j str> {
    let text = options::text(compiler, json)?;
    if text.chars().count() > MAX_LENGTH {
        return Err(compiler.fault(format!("must have at most {MAX_LENGTH} characters")));
    }
    Ok(text)
}

/// ECMAScript, GetSubstitution, for a pattern that captures nothing.
fn pieces(replacement: &str) -> Box<[Piece]> {
    let mut pieces = Vec::new();
    let mut begin = 0;
    let mut rest = replacement;
    while let Some(at) = rest.find('$') {
        let sign = replacement.len() - rest.len() + at;
        let behind = &rest[at + 1..];
        let piece = match behind.bytes().next() {
            Some(b'$') => Piece::Text("$".into()),
            Some(b'&') => Piece::Found,
            Some(b'`') => Piece::Before,
            Some(b'\'') => Piece::Behind,
            _ => {
                rest = behind;
                continue;
            }
        };
        pieces.push(Piece::Text(replacement[begin..sign].into()));
        pieces.push(piece);
        begin = sign + 2;
        rest = &replacement[begin..];
    }
    pieces.push(Piece::Text(replacement[begin..].into()));
    pieces.into()
}

impl Substitution {
    fn apply(&self, text: &str, out: &mut String) {
        let mut rest = text;
        while let Some((at, length)) = self.pattern.find(rest)
            && out.len() <= MAX_BYTES
        {
            out.push_str(&rest[..at]);
            for piece in &self.replacement {
                out.push_str(match piece {
                    Piece::Text(text) => text,
                    Piece::Found => &rest[at..at + length],
                    Piece::Before => &text[..text.len() - rest.len() + at],
                    Piece::Behind => &rest[at + length..],
                });
            }
            rest = &rest[at + length..];
            if !self.global {
                break;
            }
        }
        out.push_str(rest);
    }
}

impl Pattern {
    /// Where the pattern is first, and how many bytes it takes there.
    fn find(&self, text: &str) -> Option<(usize, usize)> {
        match self {
            Self::Exact(pattern) => text.find(&**pattern).map(|at| (at, pattern.len())),
            Self::AnyCase(pattern) => text.char_indices().find_map(|(at, _)| {
                let mut rest = text[at..].chars();
                let fits = pattern
                    .iter()
                    .all(|wanted| rest.next().map(fold) == Some(*wanted));
                fits.then(|| (at, text.len() - at - rest.as_str().len()))
            }),
        }
    }
}

/// One case of a character, as JavaScript's `i` flag has it without `u`
/// (ECMAScript, Canonicalize): the capital, unless that is several characters,
/// or ASCII for a character that is not; beyond the first plane nothing folds.
fn fold(character: char) -> char {
    let mut capitals = character.to_uppercase();
    match (capitals.next(), capitals.next()) {
        (Some(capital), None)
            if character.len_utf16() == 1 && (character.is_ascii() || !capital.is_ascii()) =>
        {
            capital
        }
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(pattern: &str, replacement: &str, ignore_case: bool, text: &str) -> String {
        let pattern = if ignore_case {
            Pattern::AnyCase(pattern.chars().map(fold).collect())
        } else {
            Pattern::Exact(pattern.into())
        };
        let mut out = String::new();
        Substitution {
            pattern,
            replacement: pieces(replacement),
            global: true,
        }
        .apply(text, &mut out);
        out
    }

    #[test]
    fn cases_fold_as_in_javascript() {
        assert_eq!(replaced("σ", "!", true, "ΣΑΣ σας"), "!Α! !α!");
        assert_eq!(replaced("i", "!", true, "İıI"), "İı!");
        assert_eq!(replaced("s", "!", true, "ſsS"), "ſ!!");
        assert_eq!(replaced("ß", "!", true, "ẞß"), "ẞ!");
        assert_eq!(replaced("É", "e", true, "café"), "cafe");
    }

    #[test]
    fn dollars_stand_for_themselves_and_for_what_was_found() {
        assert_eq!(replaced("b", "$&$&", false, "abc"), "abbc");
        assert_eq!(replaced("b", "$$&", false, "abc"), "a$&c");
        assert_eq!(replaced("b", "$1$0$<n>$", false, "abc"), "a$1$0$<n>$c");
        assert_eq!(replaced("B", "[$&]", true, "abBc"), "a[b][B]c");
        assert_eq!(
            replaced("b", "[$`|$']", false, "abcbd"),
            "a[a|cbd]c[abc|d]d"
        );
        assert_eq!(replaced("b", "$$`$$'$$$&", false, "abc"), "a$`$'$bc");
    }
}
