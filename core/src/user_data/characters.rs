//! What the rules say of characters: which are blank, which are punctuation,
//! which digit one is, and how a text is put into lower case.

use unicode_normalization::{UnicodeNormalization as _, is_nfc};
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory as _};

/// White space as the Pixel's code sees it: ECMAScript's `\s`, which has the
/// byte order mark and has neither U+0085 nor the zero-width space.
pub(super) const fn is_script_space(character: char) -> bool {
    matches!(
        character,
        '\t'..='\r'
            | ' '
            | '\u{a0}'
            | '\u{1680}'
            | '\u{2000}'..='\u{200a}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{202f}'
            | '\u{205f}'
            | '\u{3000}'
            | '\u{feff}'
    )
}

/// What a reader does not see: white space, controls and format characters
/// (zero-width ones, direction marks, the soft hyphen).
pub(crate) fn is_blank(character: char) -> bool {
    character.is_whitespace() || is_control(character)
}

/// A control or a format character, which Unicode does not count as white space.
fn is_control(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_control() && !character.is_whitespace();
    }
    !character.is_alphanumeric()
        && !character.is_whitespace()
        && matches!(
            character.general_category(),
            GeneralCategory::Control | GeneralCategory::Format
        )
}

/// What is between two letters or digits without being seen: controls, format
/// characters, and what else Unicode lets a font leave out.
///
/// Identifiers keep the latter, [`is_blank`] is what they drop: a selector of a
/// letter's form may be part of a name.
pub(crate) fn is_unseen(character: char) -> bool {
    is_control(character) || is_ignorable(character)
}

/// Default_Ignorable_Code_Point without the format characters. Source: Unicode
/// 16, DerivedCoreProperties.txt.
const fn is_ignorable(character: char) -> bool {
    matches!(
        character,
        '\u{34f}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180d}'
            | '\u{180f}'
            | '\u{2065}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fff8}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Punctuation of every script, the ASCII signs that Unicode counts as
/// symbols, and the lone accents that people type for an apostrophe.
pub(super) fn is_punctuation(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_punctuation();
    }
    !character.is_alphanumeric()
        && (character.general_category_group() == GeneralCategoryGroup::Punctuation
            || character.general_category() == GeneralCategory::ModifierSymbol)
}

/// A letter, a digit, or a mark that belongs to one.
pub(crate) fn is_word(character: char) -> bool {
    character.is_alphanumeric() || is_mark(character)
}

/// A combining mark, like the accent of a decomposed é.
pub(super) fn is_mark(character: char) -> bool {
    !character.is_ascii() && character.general_category_group() == GeneralCategoryGroup::Mark
}

/// `text` without the blanks around it.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// `text` without white space, controls and invisible characters around it, as a value is
/// before it is judged.
pub(crate) fn trimmed(text: &str) -> &str {
    text.trim_matches(|character: char| character.is_whitespace() || is_unseen(character))
}

/// The value of a decimal digit of any script: `7`, `٧` and `７` are 7.
pub(crate) fn digit(character: char) -> Option<u8> {
    if character.is_ascii() {
        return u8::try_from(character.to_digit(10)?).ok();
    }
    let is_digit = |code: u32| {
        char::from_u32(code)
            .is_some_and(|other| other.general_category() == GeneralCategory::DecimalNumber)
    };
    let code = u32::from(character);
    if !is_digit(code) {
        return None;
    }
    // Unicode keeps its decimal digits in runs of ten that begin with zero.
    let before = (0..code).rev().take_while(|code| is_digit(*code)).count();
    u8::try_from(before % 10).ok()
}

/// Appends `text` in lower case, composed (NFC), without the characters that
/// `dropped` names.
///
/// The case is changed before anything is dropped: a capital sigma at the end
/// of a word becomes the final one, and a dropped space ends a word.
pub(super) fn lower_without(text: &str, dropped: impl Fn(char) -> bool, out: &mut String) {
    if text.is_ascii() {
        lower_ascii_without(text, |byte| dropped(char::from(byte)), out);
        return;
    }
    let lower = if is_nfc(text) {
        text.to_lowercase()
    } else {
        text.nfc().collect::<String>().to_lowercase()
    };
    // What is dropped may have been between a letter and its accent.
    out.extend(lower.chars().filter(|character| !dropped(*character)).nfc());
}

/// Appends the ASCII text `text` in lower case, without the bytes that
/// `dropped` names: whole runs together, as nearly every value is one or two.
pub(super) fn lower_ascii_without(text: &str, dropped: impl Fn(u8) -> bool, out: &mut String) {
    debug_assert!(text.is_ascii(), "bytes are characters");
    let start = out.len();
    out.reserve(text.len());
    for run in text.split(|character: char| u8::try_from(character).is_ok_and(&dropped)) {
        out.push_str(run);
    }
    out[start..].make_ascii_lowercase();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lower(text: &str) -> String {
        let mut out = String::new();
        lower_without(text, is_blank, &mut out);
        out
    }

    #[test]
    fn digits_of_every_script_have_their_value() {
        for (text, value) in [("7", 7), ("٧", 7), ("७", 7), ("７", 7), ("𝟟", 7), ("𝟎", 0)]
        {
            assert_eq!(digit(text.chars().next().unwrap()), Some(value), "{text}");
        }
        for character in ['a', '²', '七', 'Ⅶ', ' '] {
            assert_eq!(digit(character), None, "{character}");
        }
    }

    #[test]
    fn lower_case_is_composed_and_knows_the_final_sigma() {
        assert_eq!(lower("VALE\u{301}RY"), "valéry");
        assert_eq!(lower("ΟΔΟΣ ΣΙΣΥΦΟΣ"), "οδοςσισυφος");
        assert_eq!(lower("e\u{200b}\u{301}"), "é");
    }

    #[test]
    fn what_is_unseen_is_neither_white_space_nor_a_sign() {
        for unseen in "\0\u{8}\u{1f}\u{7f}\u{80}\u{ad}\u{34f}\u{61c}\u{115f}\u{180e}\u{200b}\u{200d}\u{200e}\u{202e}\u{2060}\u{2061}\u{2069}\u{3164}\u{fe0f}\u{feff}\u{e0001}\u{e0100}".chars() {
            assert!(is_unseen(unseen), "{unseen:?}");
        }
        for seen in " \t\n\u{85}\u{a0}\u{2028}\u{3000}a1@é漢\u{301}\u{20e3}❤".chars() {
            assert!(!is_unseen(seen), "{seen:?}");
        }
    }

    #[test]
    fn blanks_are_what_nobody_sees() {
        assert_eq!(
            trim("\u{feff}\u{200b} \u{85}\ta b\u{200f}\u{3000}\0"),
            "a b"
        );
    }
}
