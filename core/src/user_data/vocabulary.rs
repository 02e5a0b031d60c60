//! Words that stand for a code: names of countries, states and genders.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization as _;

use super::characters::{is_mark, is_word, lower_ascii_without, lower_without};

/// Words and what each of them means, found whatever their case, accents,
/// spaces and punctuation.
pub(super) struct Vocabulary(HashMap<String, &'static str>);

impl Vocabulary {
    /// The words of `entries`, as (word, meaning). The first meaning of a word
    /// counts.
    pub(super) fn new(entries: impl IntoIterator<Item = (&'static str, &'static str)>) -> Self {
        let mut words = HashMap::new();
        for (word, meaning) in entries {
            let mut own = String::new();
            key(word, &mut own);
            words.entry(own).or_insert(meaning);
        }
        Self(words)
    }

    /// What the word with this [`key`] means.
    pub(super) fn get(&self, key: &str) -> Option<&'static str> {
        self.0.get(key).copied()
    }
}

/// Words of so many letters are codes, which have no accents.
const CODE: usize = 3;

/// Appends what two spellings of a word have in common: its letters and
/// digits in lower case, without accents, `&` as `and`. A word as short as a
/// code keeps its accents: `éc` is not Ecuador.
pub(super) fn key(word: &str, out: &mut String) {
    if word.is_ascii() {
        for (index, part) in word.split('&').enumerate() {
            if index > 0 {
                out.push_str("and");
            }
            lower_ascii_without(part, |byte| !byte.is_ascii_alphanumeric(), out);
        }
        return;
    }
    let start = out.len();
    let mut has_marks = false;
    for character in word.nfkd() {
        match character {
            '&' => out.push_str("and"),
            // Letters to Unicode, an apostrophe to who writes Hawaiʻi.
            'ʻ' | 'ʼ' => {}
            // The Turkish dotless i, whose capital is everybody's.
            'ı' => out.push('i'),
            // Its capital is that of the other sigma.
            'ς' => out.push('σ'),
            _ if is_mark(character) => has_marks = true,
            _ if character.is_alphanumeric() => out.extend(character.to_lowercase()),
            _ => {}
        }
    }
    if has_marks && out[start..].chars().nth(CODE).is_none() {
        out.truncate(start);
        lower_without(word, |character| !is_word(character), out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_word_have_one_key() {
        for (word, expected) in [
            ("Côte d'Ivoire", "cotedivoire"),
            ("CO\u{302}TE D\u{2019}IVOIRE", "cotedivoire"),
            ("Bosnia & Herzegovina", "bosniaandherzegovina"),
            ("Ｕ Ｓ", "us"),
            ("KADIN", "kadin"),
            ("kadın", "kadin"),
            ("İstanbul", "istanbul"),
            ("Hawaiʻi", "hawaii"),
            ("éC", "éc"),
            ("", ""),
        ] {
            let mut out = String::new();
            key(word, &mut out);
            assert_eq!(out, expected);
        }
    }
}
