//! Two names of a place in one text: `California (CA)`, `US - United States`,
//! `Korea, South`.

use super::characters::is_word;

/// Texts of more bytes are not the name of a country or a state.
pub(super) const MAX_LENGTH: usize = 96;

/// The two parts of `text` at each gap between its words, from the left. A part
/// keeps the signs around it; both have a letter or a digit. Nothing of a text
/// that is too long for a place, so that what is done with the parts is bounded.
pub(super) fn halves(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let text = if text.len() > MAX_LENGTH { "" } else { text };
    let mut has_word = false;
    let mut is_gap = false;
    text.char_indices().filter_map(move |(index, character)| {
        if is_word(character) {
            let begins = has_word && is_gap;
            (has_word, is_gap) = (true, false);
            return begins.then(|| text.split_at(index));
        }
        // These stand within a name, and at the end of an abbreviation.
        is_gap |= !matches!(character, '.' | '\'' | '`' | '\u{2019}' | '\u{b4}');
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_falls_apart_between_its_words() {
        let of = |text| halves(text).collect::<Vec<_>>();
        assert_eq!(of("California (CA)"), [("California (", "CA)")]);
        assert_eq!(of("US_CA"), [("US_", "CA")]);
        assert_eq!(
            of("(CA) So. Carolina"),
            [("(CA) ", "So. Carolina"), ("(CA) So. ", "Carolina")]
        );
        for whole in ["", "-", " - a", "b -", "U.S.", "Hawai'i", "Côte"] {
            assert_eq!(of(whole), [], "{whole}");
        }
        assert_eq!(of(&"a ".repeat(60)), []);
    }
}
