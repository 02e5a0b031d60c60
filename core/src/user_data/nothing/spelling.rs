//! What the spellings of a word have in common.

use super::MAX_LENGTH;
use crate::user_data::characters::{digit, is_blank, is_punctuation, is_word, trim};

/// The letters and digits of a short text in lower case, without the signs and blanks
/// around and between them: `"Not_Set"` and `(not set)` are `notset`.
pub(super) struct Spelling<'t> {
    letters: [u8; MAX_LENGTH],
    length: usize,
    /// Whether there are signs that may be all of a name or an id, such as emoji.
    has_symbols: bool,
    text: &'t str,
}

impl<'t> Spelling<'t> {
    /// Nothing where `text` is too long for a word, or has other letters than ours.
    pub(super) fn of(text: &'t str) -> Option<Self> {
        if text.len() > MAX_LENGTH {
            return None;
        }
        let mut letters = [0; MAX_LENGTH];
        let mut length = 0;
        let mut has_symbols = false;
        for character in text.chars() {
            let letter = match character {
                _ if character.is_ascii_alphanumeric() => character,
                _ if character.is_ascii() => continue,
                // The letters and digits of a Japanese or Chinese keyboard.
                'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
                    char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character)
                }
                _ => match digit(character) {
                    Some(value) => char::from(b'0' + value),
                    None if is_blank(character) || is_punctuation(character) => continue,
                    None if is_word(character) => return None,
                    None => {
                        has_symbols = true;
                        continue;
                    }
                },
            };
            *letters.get_mut(length)? = u8::try_from(letter).ok()?.to_ascii_lowercase();
            length += 1;
        }
        Some(Self {
            letters,
            length,
            has_symbols,
            text,
        })
    }

    pub(super) fn letters(&self) -> &str {
        str::from_utf8(&self.letters[..self.length]).unwrap_or_default()
    }

    /// Whether there are signs and blanks only: `-`, `--`, `—`, `""`, `{}`.
    pub(super) const fn is_signs(&self) -> bool {
        self.length == 0 && !self.has_symbols
    }

    /// Whether the text is `word` and nothing else, but for quotes: `NA`, not `N/A`.
    pub(super) fn is_bare(&self, word: &str) -> bool {
        unquoted(self.text).eq_ignore_ascii_case(word)
    }
}

/// Whether `text` begins with a letter or a digit of ours, as nearly everything does that
/// comes: then it is not a sign, no placeholder as a whole, and in no quotes.
pub(super) fn begins_plain(text: &str) -> bool {
    let first = text.as_bytes().first();
    first.is_some_and(u8::is_ascii_alphanumeric)
}

/// `text` without quotes around the whole of it.
pub(super) fn unquoted(text: &str) -> &str {
    if begins_plain(text) {
        return text;
    }
    let mut text = text;
    for (open, close) in [
        ('"', '"'),
        ('\'', '\''),
        ('`', '`'),
        ('“', '”'),
        ('„', '“'),
        ('‘', '’'),
        ('«', '»'),
    ] {
        let inner = text
            .strip_prefix(open)
            .and_then(|text| text.strip_suffix(close));
        if let Some(inner) = inner {
            text = trim(inner);
        }
    }
    text
}
