//! What is taken off a value before it is judged: what nobody sees around it, and the
//! escapes that a page put into a URL.

use crate::json::Arena;
use crate::user_data::characters::trimmed;

/// A URL without what is around it, and with its ampersands as they were before a
/// page escaped them (`&amp;`, escaped twice too). All else stays byte for byte.
pub(super) fn url<'a>(text: &'a str, arena: &'a Arena) -> &'a str {
    let text = trimmed(text);
    if !text.contains("&amp;") && !text.contains("&#") {
        return text;
    }
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(place) = rest.find('&') {
        let (before, escaped) = rest.split_at(place);
        clean.push_str(before);
        clean.push('&');
        rest = escaped.get(1..).unwrap_or_default();
        if let Some(behind) = ["#38;", "#038;", "#x26;", "#X26;"]
            .into_iter()
            .find_map(|escape| rest.strip_prefix(escape))
        {
            rest = behind;
        }
        while let Some(behind) = rest.strip_prefix("amp;") {
            rest = behind;
        }
    }
    clean.push_str(rest);
    arena.text(&clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_clean_and_else_byte_for_byte() {
        let arena = Arena::new();
        for (text, wanted) in [
            (" https://a.example/ \n", "https://a.example/"),
            ("\u{feff}https://a.example/\u{200b}", "https://a.example/"),
            (
                "https://a.example/?a=1&amp;b=2",
                "https://a.example/?a=1&b=2",
            ),
            (
                "https://a.example/?a=1&amp;amp;b=2",
                "https://a.example/?a=1&b=2",
            ),
            (
                "https://a.example/?a=1&#38;b=2&#x26;c",
                "https://a.example/?a=1&b=2&c",
            ),
            (
                "https://a.example/?a=1.AQQCAQMC",
                "https://a.example/?a=1.AQQCAQMC",
            ),
            (
                "https://shop.example.com.AQQCAQMC",
                "https://shop.example.com.AQQCAQMC",
            ),
            (
                "HTTPS://A.example/%7e?b=%2B+%20&&a",
                "HTTPS://A.example/%7e?b=%2B+%20&&a",
            ),
            (
                "https://a.example/?q=a%26amp%3Bb&#top",
                "https://a.example/?q=a%26amp%3Bb&#top",
            ),
        ] {
            assert_eq!(url(text, &arena), wanted);
        }
    }
}
