//! Patterns with `*` (any run of characters) and `?` (any one).

/// Whether all of `text` matches `pattern`. A star takes as little as it can
/// and gives way only to the next one, so no case is exponential.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut read) = (0, 0);
    // Where to go back to: after the last star, and how much it has taken.
    let mut retry: Option<(usize, usize)> = None;
    while read < text.len() {
        match pattern.get(at) {
            Some('*') => {
                at += 1;
                retry = Some((at, read));
            }
            Some(&expected) if expected == '?' || expected == text[read] => {
                at += 1;
                read += 1;
            }
            _ => {
                let Some((after_star, taken)) = retry else {
                    return false;
                };
                at = after_star;
                read = taken + 1;
                retry = Some((after_star, read));
            }
        }
    }
    pattern[at..].iter().all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_all_of_the_text() {
        for (pattern, text) in [
            ("poison-*", "poison-1"),
            ("poison-*", "poison-"),
            ("*", ""),
            ("a?c", "abc"),
            ("?", "é"),
            ("*b*d", "abcbd"),
            ("a*b*c", "aXbYbZc"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("poison-*", "a poison-1"),
            ("a", "ab"),
            ("?", ""),
            ("a*b", "abc"),
            ("", "a"),
        ] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }
}
