//! The patterns of `match`: `*` any run of characters, `?` any one, `[abc]`
//! and `[a-z]` one of these, `\x` the character x. A pattern fits a whole
//! text, and case counts.

/// A text is matched in the time of its length times that of the pattern.
const MAX_LENGTH: usize = 1_000;

/// A compiled pattern.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Glob {
    pieces: Box<[Piece]>,
    pattern: Box<str>,
}

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Text(Box<str>),
    Any,
    Run,
    /// Ranges, both ends included.
    Class(Box<[(char, char)]>),
}

impl Glob {
    /// Compiles a pattern; the error says what is wrong with it.
    pub(super) fn parse(pattern: &str) -> Result<Self, &'static str> {
        const OPEN: &str =
            "the pattern has a `[` without `]`; write `\\[` for the character itself";
        const ESCAPE: &str =
            "the pattern ends in a lone `\\`; write `\\\\` for the character itself";
        const LONG: &str = "the pattern is longer than 1000 characters";
        if pattern.chars().nth(MAX_LENGTH).is_some() {
            return Err(LONG);
        }
        let mut pieces = Vec::new();
        let mut text = String::new();
        let mut characters = pattern.chars();
        while let Some(character) = characters.next() {
            let piece = match character {
                '*' => Piece::Run,
                '?' => Piece::Any,
                '[' => {
                    let mut members = Vec::new();
                    loop {
                        match characters.next().ok_or(OPEN)? {
                            ']' => break,
                            '\\' => members.push((characters.next().ok_or(OPEN)?, true)),
                            other => members.push((other, false)),
                        }
                    }
                    Piece::Class(ranges(&members)?)
                }
                '\\' => {
                    text.push(characters.next().ok_or(ESCAPE)?);
                    continue;
                }
                other => {
                    text.push(other);
                    continue;
                }
            };
            if !text.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut text).into()));
            }
            // Two runs in a row are one.
            if piece != Piece::Run || pieces.last() != Some(&Piece::Run) {
                pieces.push(piece);
            }
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(text.into()));
        }
        Ok(Self {
            pieces: pieces.into(),
            pattern: pattern.into(),
        })
    }

    /// The pattern as it was written.
    pub(super) fn pattern(&self) -> &str {
        &self.pattern
    }

    /// Whether the whole of `text` fits. On a mismatch only the last `*` is
    /// tried again, one character further: never exponential.
    pub(super) fn matches(&self, text: &str) -> bool {
        let mut rest = text;
        let mut next = 0;
        let mut retry: Option<(usize, &str)> = None;
        loop {
            match self.pieces.get(next) {
                Some(Piece::Run) if next + 1 == self.pieces.len() => return true,
                Some(Piece::Run) => {
                    next += 1;
                    retry = Some((next, rest));
                    continue;
                }
                Some(piece) => {
                    if let Some(after) = piece.strip(rest) {
                        rest = after;
                        next += 1;
                        continue;
                    }
                }
                None if rest.is_empty() => return true,
                None => {}
            }
            let Some((piece, from)) = retry else {
                return false;
            };
            let mut from = from.chars();
            if from.next().is_none() {
                return false;
            }
            (next, rest) = (piece, from.as_str());
            retry = Some((next, rest));
        }
    }
}

impl Piece {
    fn strip<'t>(&self, text: &'t str) -> Option<&'t str> {
        let fits = |wanted: &dyn Fn(char) -> bool| {
            let mut characters = text.chars();
            characters
                .next()
                .is_some_and(wanted)
                .then_some(characters.as_str())
        };
        match self {
            Self::Text(start) => text.strip_prefix(&**start),
            Self::Any => fits(&|_| true),
            Self::Class(ranges) => fits(&|found| {
                ranges
                    .iter()
                    .any(|(low, high)| (*low..=*high).contains(&found))
            }),
            Self::Run => Some(text),
        }
    }
}

/// The ranges of a class; the mark says whether a character was escaped, and
/// an escaped `-` makes no range.
fn ranges(members: &[(char, bool)]) -> Result<Box<[(char, char)]>, &'static str> {
    let mut ranges = Vec::new();
    let mut rest = members;
    while let Some(&(low, _)) = rest.first() {
        if let [_, ('-', false), (high, _), ..] = rest {
            if low > *high {
                return Err("the pattern has a range whose end stands before its start");
            }
            ranges.push((low, *high));
            rest = &rest[3..];
        } else {
            ranges.push((low, low));
            rest = &rest[1..];
        }
    }
    if ranges.is_empty() {
        return Err("the pattern has an empty `[]`");
    }
    Ok(ranges.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_whole_texts() {
        for (pattern, text, fits) in [
            ("Order*", "Order Completed", true),
            ("Order*", "order completed", false),
            ("*Completed", "Order Completed", true),
            ("*er*m*", "Order Completed", true),
            ("Order", "Order Completed", false),
            ("", "", true),
            ("", "x", false),
            ("*", "", true),
            ("**", "x", true),
            ("?", "", false),
            ("?", "日", true),
            ("a?c", "abc", true),
            ("[abc]x", "bx", true),
            ("[a-c]x", "dx", false),
            ("[a-]", "-", true),
            (r"[a\-c]", "b", false),
            (r"[\]]", "]", true),
            (r"a\*b", "a*b", true),
            (r"a\*b", "axb", false),
            ("*ab", "aab", true),
            ("*a*b", "aaaaab", true),
            ("a*b*c", "abcbd", false),
            ("v[0-9].*", "v2.10", true),
        ] {
            assert_eq!(
                Glob::parse(pattern).unwrap().matches(text),
                fits,
                "{pattern} on {text}"
            );
        }
    }

    #[test]
    fn malformed_patterns_are_refused() {
        for pattern in ["[", "[a", "[]", "[z-a]", r"[\", r"a\"] {
            assert!(Glob::parse(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn many_stars_do_not_explode() {
        let glob = Glob::parse(&"a*".repeat(50)).unwrap();
        let never = Glob::parse(&("a*".repeat(50) + "b")).unwrap();
        let text = "a".repeat(10_000);
        assert!(glob.matches(&text));
        assert!(!never.matches(&text));
    }
}
