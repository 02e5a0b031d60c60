//! Letters that shops write as HTML: the label of Curaçao is `Cura&ccedil;ao` in
//! WooCommerce.

use std::borrow::Cow;

/// The longest name that is read.
const MAX_LENGTH: usize = 8;

/// `text` with its HTML references read, as far as a name of a place can hold them:
/// numbers, signs, and letters without their accents, which say nothing where places
/// are looked up. Nothing if it has none.
pub(super) fn without_references(text: &str) -> Option<String> {
    let mut read = String::new();
    let mut rest = text;
    let mut has_any = false;
    while let Some((head, tail)) = rest.split_once('&') {
        read.push_str(head);
        // Not beyond the longest name, so that the search is linear in the text.
        let end = tail
            .bytes()
            .take(MAX_LENGTH + 1)
            .position(|own| own == b';');
        let reference = end.and_then(|end| {
            let character = character(tail.get(..end)?)?;
            Some((character, tail.get(end + 1..)?))
        });
        if let Some((character, behind)) = reference {
            read.push_str(&character);
            has_any = true;
            rest = behind;
        } else {
            read.push('&');
            rest = tail;
        }
    }
    read.push_str(rest);
    has_any.then_some(read)
}

/// What is written between `&` and `;`.
///
/// Source: WHATWG, HTML, named character references.
fn character(name: &str) -> Option<Cow<'_, str>> {
    const ACCENTS: [&str; 8] = [
        "acute", "caron", "cedil", "circ", "grave", "ring", "tilde", "uml",
    ];
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return char::from_u32(code.ok()?).map(|own| own.to_string().into());
    }
    let sign = match name {
        "amp" => "&",
        "apos" | "lsquo" | "rsquo" => "'",
        "nbsp" => " ",
        "ndash" | "mdash" => "-",
        "quot" => "\"",
        "oslash" | "Oslash" => "ø",
        "aelig" | "AElig" => "æ",
        "szlig" => "ß",
        _ => {
            let letter = name.get(..1)?;
            let is_letter = letter.chars().all(char::is_alphabetic);
            return (is_letter && ACCENTS.contains(&name.get(1..)?)).then(|| letter.into());
        }
    };
    Some(sign.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_and_other_ampersands_stay() {
        for (text, expected) in [
            ("Cura&ccedil;ao", Some("Curacao")),
            (
                "S&atilde;o Tom&eacute; &amp; Pr&iacute;ncipe",
                Some("Sao Tome & Principe"),
            ),
            ("&#197;land", Some("Åland")),
            ("&#xC5;land", Some("Åland")),
            ("Hawai&#039;i", Some("Hawai'i")),
            ("Trinidad & Tobago", None),
            ("a&b;c", None),
            ("&;", None),
            ("&#xD800;", None),
            ("&é;", None),
            ("&", None),
            ("&amp", None),
            ("&&amp;", Some("&&")),
        ] {
            assert_eq!(without_references(text).as_deref(), expected, "{text}");
        }
    }
}
