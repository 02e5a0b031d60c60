//! A text as it is compared: percent-encoding undone, case, accents and
//! everything between letters and digits left out, so that a value is known
//! again however it is written.

use std::ops::Range;

use unicode_normalization::char::decompose_compatible;

/// So often percent-encoding is undone; what is encoded more often was made to hide.
const ROUNDS: usize = 4;

/// A letter of a decoded text, and where it is in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Letter {
    pub(super) letter: char,
    start: usize,
    end: usize,
}

/// A text, decoded.
pub(super) struct Spelled {
    letters: Vec<Letter>,
}

impl Spelled {
    /// `text` as it is, and after each round of decoding; nothing where it is encoded
    /// too often. All of them count: what decoding makes of a text that is not encoded
    /// may have lost something.
    pub(super) fn all(text: &str) -> Option<Vec<Self>> {
        let mut bytes: Vec<(u8, usize, usize)> = text
            .bytes()
            .enumerate()
            .map(|(at, byte)| (byte, at, at + 1))
            .collect();
        let mut all = vec![Self::from_bytes(&bytes)];
        while let Some(decoded) = decoded(&bytes) {
            if all.len() > ROUNDS {
                return None;
            }
            bytes = decoded;
            all.push(Self::from_bytes(&bytes));
        }
        Some(all)
    }

    /// `text` as it is.
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.bytes().enumerate();
        let bytes: Vec<_> = bytes.map(|(at, byte)| (byte, at, at + 1)).collect();
        Self::from_bytes(&bytes)
    }

    fn from_bytes(bytes: &[(u8, usize, usize)]) -> Self {
        let plain: Vec<u8> = bytes.iter().map(|(byte, ..)| *byte).collect();
        let mut letters = Vec::with_capacity(plain.len());
        let mut at = 0;
        let mut push = |letter: char, length: usize| {
            let end = at + length;
            let of = bytes.get(at..end).unwrap_or_default();
            if let (Some(first), Some(last)) = (of.first(), of.last()) {
                letters.push(Letter {
                    letter: plain_at(letter),
                    start: first.1,
                    end: last.2,
                });
            }
            at = end;
        };
        for chunk in plain.utf8_chunks() {
            for letter in chunk.valid().chars() {
                push(letter, letter.len_utf8());
            }
            if !chunk.invalid().is_empty() {
                push('\u{fffd}', chunk.invalid().len());
            }
        }
        Self { letters }
    }

    /// The letters, decoded.
    pub(super) fn letters(&self) -> &[Letter] {
        &self.letters
    }

    /// Where letters are in the text.
    pub(super) fn place(&self, letters: Range<usize>) -> Option<Range<usize>> {
        let found = self.letters.get(letters)?;
        Some(found.first()?.start..found.last()?.end)
    }

    /// The letters of `range` as a text.
    pub(super) fn text(&self, range: Range<usize>) -> String {
        let letters = self.letters.get(range).unwrap_or_default();
        letters.iter().map(|letter| letter.letter).collect()
    }

    /// The text as it is compared, and of each of its bytes which letter it is of.
    pub(super) fn compared(&self) -> (String, Vec<usize>) {
        let mut text = String::with_capacity(self.letters.len());
        let mut of = Vec::with_capacity(self.letters.len());
        for (index, letter) in self.letters.iter().enumerate() {
            fold(letter.letter, &mut |plain| {
                text.push(plain);
                of.resize(text.len(), index);
            });
        }
        (text, of)
    }
}

/// The wide and the small at sign are read as one.
const fn plain_at(letter: char) -> char {
    match letter {
        '\u{ff20}' | '\u{fe6b}' => '@',
        other => other,
    }
}

/// `text` as it is compared, as it is.
pub(super) fn compared(text: &str) -> String {
    Spelled::of(text).compared().0
}

fn fold(letter: char, push: &mut dyn FnMut(char)) {
    if letter.is_ascii() {
        if letter.is_ascii_alphanumeric() {
            push(letter.to_ascii_lowercase());
        }
        return;
    }
    for lower in letter.to_lowercase() {
        decompose_compatible(lower, |plain| {
            for plain in plain.to_lowercase() {
                if plain.is_alphanumeric() {
                    push(plain);
                }
            }
        });
    }
}

/// `bytes` with each `%XX` as one; nothing where there is none.
fn decoded(bytes: &[(u8, usize, usize)]) -> Option<Vec<(u8, usize, usize)>> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    let mut any = false;
    loop {
        match rest {
            [(b'%', start, _), (high, ..), (low, _, end), more @ ..]
                if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() =>
            {
                let digit = |byte: u8| char::from(byte).to_digit(16).unwrap_or_default();
                let byte = u8::try_from(digit(*high) * 16 + digit(*low)).unwrap_or_default();
                out.push((byte, *start, *end));
                any = true;
                rest = more;
            }
            [one, more @ ..] => {
                out.push(*one);
                rest = more;
            }
            [] => return any.then_some(out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded_and_compared(text: &str) -> String {
        Spelled::all(text).unwrap().pop().unwrap().compared().0
    }

    #[test]
    fn spellings_of_one_value_are_compared_alike() {
        for (one, other) in [
            ("Janette Roeblock", "janette%20ROEBLOCK"),
            ("+1 (512) 555-0132", "%2B1.512.5550132"),
            ("Élodie", "e\u{301}LODIE"),
            ("cust_48213", "cust%255F48213"),
            ("１２３", "123"),
        ] {
            assert_eq!(compared(one), decoded_and_compared(other), "{one}");
        }
    }

    #[test]
    fn a_letter_knows_where_it_stands() {
        let spelled = Spelled::all("a%C3%A9é").unwrap().pop().unwrap();
        assert_eq!(spelled.text(0..3), "aéé");
        assert_eq!(spelled.place(1..2), Some(1..7));
        assert_eq!(spelled.place(2..3), Some(7..9));
        assert!(Spelled::all(&format!("%{}41", "25".repeat(9))).is_none());
    }
}
