//! The extension behind a number: digits that reach somebody within a house,
//! and that no other record of the person has.

use super::digit;

/// What people write before an extension, in lower case; a longer word before
/// its beginning.
const MARKERS: [&str; 14] = [
    ";ext=",
    "extension",
    "extensión",
    "extn",
    "ext",
    "anexo",
    "poste",
    "interno",
    "int",
    "доб",
    "durchwahl",
    "dw",
    "x",
    "#",
];

/// A number has at least so many digits before its extension.
const NUMBER: usize = 7;

/// An extension has at most so many digits.
const EXTENSION: usize = 7;

/// `text` without the extension at its end, if it has one.
pub(super) fn without(text: &str) -> &str {
    let tail = text.trim_end_matches(|character| digit(character).is_some());
    let digits = text[tail.len()..].chars().count();
    if digits == 0 || digits > EXTENSION {
        return text;
    }
    let head = tail.trim_end_matches([' ', '.', ':', '-', '\u{a0}']);
    // Most numbers end here: before their last digits stand others.
    if !head.ends_with(|last: char| last.is_alphabetic() || matches!(last, '#' | '=')) {
        return text;
    }
    for marker in MARKERS {
        // By characters: a marker has as many in lower case as it is written with.
        let start = head
            .char_indices()
            .rev()
            .nth(marker.chars().count() - 1)
            .map(|(place, _)| place);
        let Some(start) = start else { continue };
        if head[start..].to_lowercase() != marker {
            continue;
        }
        let number = &head[..start];
        let has_number = number
            .chars()
            .filter(|character| digit(*character).is_some())
            .nth(NUMBER - 1)
            .is_some();
        if has_number {
            return number;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_is_dropped() {
        for text in [
            "415-555-0132 x12",
            "415-555-0132x12",
            "415-555-0132 ext. 12",
            "415-555-0132 EXT 12",
            "415-555-0132 Extn: 12",
            "415-555-0132;ext=12",
            "415-555-0132 #12",
            "415-555-0132 доб. 12",
            "415-555-0132 Extensión 1234567",
        ] {
            let number = without(text).trim_end_matches([' ', ',']);
            assert_eq!(number, "415-555-0132", "{text}");
        }
    }

    #[test]
    fn what_is_no_extension_stays() {
        for text in [
            "415-555-0132",
            "x4155550132",
            "#31#0612345678",
            "*67 415 555 0132",
            "415-555-0132 x",
            "415-555-0132 x12345678",
            "555 x12",
            "12",
            "",
            "İ12",
        ] {
            assert_eq!(without(text), text);
        }
    }
}
