//! Words of countries' names that people abbreviate: `Dem. Rep. of the Congo`.

use super::super::characters::is_word;
use super::super::halves::MAX_LENGTH;

/// An abbreviation in lower case, and the word.
const WORDS: [(&str, &str); 12] = [
    ("dem", "democratic"),
    ("fed", "federated"),
    ("fr", "french"),
    ("is", "islands"),
    ("isl", "islands"),
    ("n", "north"),
    ("rep", "republic"),
    ("s", "south"),
    ("st", "saint"),
    ("sts", "states"),
    ("terr", "territories"),
    ("utd", "united"),
];

/// `text` with those words written out; nothing if it has none of them.
pub(super) fn written_out(text: &str) -> Option<String> {
    if text.len() > MAX_LENGTH {
        return None;
    }
    let mut long = String::new();
    let mut has_any = false;
    // An apostrophe is within a word: `People's` has no `s` for south.
    let ends = |own: char| !is_word(own) && !matches!(own, '\'' | '\u{2019}');
    for part in text.split_inclusive(ends) {
        let word = part.trim_end_matches(ends);
        let known = WORDS
            .iter()
            .find(|(short, _)| short.eq_ignore_ascii_case(word));
        match known {
            Some((_, word)) => {
                has_any = true;
                long.push_str(word);
                long.push(' ');
            }
            None => long.push_str(part),
        }
    }
    has_any.then_some(long)
}
