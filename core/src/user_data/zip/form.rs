//! What the postal codes of a country look like.

/// Countries whose codes are digits: how many. Source: Universal Postal Union, Postal
/// addressing systems.
const DIGITS: [(&[usize], &[&str]); 12] = [
    (&[3], &["fo", "gn", "is", "ls", "mg", "om", "pg"]),
    (&[3, 4], &["bh"]),
    (&[3, 5, 6], &["tw"]),
    (
        &[4],
        &[
            "af", "al", "am", "at", "au", "bd", "be", "bg", "cc", "ch", "cv", "cx", "cy", "dk",
            "et", "ge", "gl", "gw", "hu", "li", "lr", "lu", "mk", "mz", "ne", "nf", "no", "nz",
            "pa", "ph", "si", "sj", "sv", "tn", "ve", "za",
        ],
    ),
    (&[4, 6], &["py"]),
    (&[4, 7], &["pt"]),
    (
        &[5],
        &[
            "ax", "ba", "bl", "bt", "cr", "cu", "cz", "de", "do", "dz", "ee", "eg", "es", "fi",
            "fr", "gf", "gp", "gr", "gt", "hn", "hr", "id", "iq", "it", "jo", "ke", "kw", "la",
            "lk", "ly", "ma", "mc", "me", "mf", "mm", "mq", "mu", "mv", "mx", "my", "na", "nc",
            "ni", "np", "pe", "pf", "pk", "pl", "pm", "re", "sd", "se", "sk", "sm", "sn", "th",
            "tr", "tz", "ua", "uy", "va", "wf", "xk", "yt", "zm",
        ],
    ),
    (&[5, 6], &["kh", "kr", "mn", "rs", "vn"]),
    (
        &[5, 9],
        &[
            "as", "fm", "gu", "mh", "mp", "pr", "pw", "sa", "um", "us", "vi",
        ],
    ),
    (
        &[6],
        &[
            "by", "cn", "co", "ec", "in", "kg", "kz", "ng", "ro", "ru", "sg", "tj", "tm", "tt",
            "uz",
        ],
    ),
    (&[5, 7], &["cl", "il", "jp"]),
    (&[4, 8, 10], &["br", "ir", "lb"]),
];

/// Countries whose codes have letters that are none of the country's: what is where,
/// `a` for a letter, `9` for a digit and `*` for either.
const LETTERS: [(&str, &[&str]); 6] = [
    ("ar", &["9999", "a9999", "a9999aaa"]),
    ("ca", &["a9a9a9"]),
    (
        "gb",
        &["a99aa", "a999aa", "aa99aa", "aa999aa", "a9a9aa", "aa9a9aa"],
    ),
    ("ie", &["a9*****"]),
    ("mt", &["aaa99", "aaa999", "aaa9999"]),
    ("nl", &["9999aa"]),
];

/// Whether codes of `country` have letters that are none of the country's.
pub(super) fn has_letters(country: &str) -> bool {
    shapes(country).is_some_and(|shapes| shapes.iter().any(|shape| shape.starts_with('a')))
}

fn shapes(country: &str) -> Option<&'static [&'static str]> {
    let (_, shapes) = LETTERS.iter().find(|(own, _)| *own == country)?;
    Some(shapes)
}

/// Whether `code` is a whole code of `country`, whatever signs are in it. Behind a code of
/// digits the name of the place may stand.
pub(super) fn is_code_of(country: &str, code: &str) -> bool {
    if let Some(shapes) = shapes(country) {
        return shapes.iter().any(|shape| is_shaped(code, shape));
    }
    let (code, place) = code.split_at(code.find(char::is_alphabetic).unwrap_or(code.len()));
    let is_place = || {
        let is_apart = code.ends_with(|last: char| !last.is_ascii_digit());
        let word = place.chars().take_while(|own| own.is_alphabetic()).count();
        is_apart && word > 2 && !place.chars().nth(word).is_some_and(char::is_numeric)
    };
    let digits = code.bytes().filter(u8::is_ascii_digit).count();
    let mut lengths = DIGITS
        .iter()
        .filter(|(_, countries)| countries.contains(&country))
        .flat_map(|(lengths, _)| *lengths);
    (place.is_empty() || is_place()) && lengths.any(|length| *length == digits)
}

fn is_shaped(code: &str, shape: &str) -> bool {
    let mut own = code.chars().filter(|own| own.is_alphanumeric());
    let fits = shape.bytes().all(|wanted| match wanted {
        b'a' => own.next().is_some_and(|own| own.is_ascii_alphabetic()),
        b'9' => own.next().is_some_and(|own| own.is_ascii_digit()),
        _ => own.next().is_some_and(|own| own.is_ascii_alphanumeric()),
    });
    fits && own.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_stands_once() {
        let mut all: Vec<_> = DIGITS
            .iter()
            .flat_map(|(_, countries)| *countries)
            .chain(LETTERS.iter().map(|(country, _)| country))
            .collect();
        let length = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), length);
    }

    #[test]
    fn a_code_has_the_form_of_its_country() {
        for (country, code, expected) in [
            ("de", "10115", true),
            ("de", "10115 Berlin", true),
            ("fr", "75008 CEDEX 08", true),
            ("de", "02 AF30", false),
            ("de", "1067", false),
            ("pt", "1000-001", true),
            ("us", "90210-1234", true),
            ("ga", "183-8164", false),
            ("gb", "SW1A 1AA", true),
            ("gb", "SW1A", false),
            ("gb", "9 5AB", false),
            ("ie", "D6W XY00", true),
            ("ie", "D02-AF30", true),
            ("ca", "k1a0b1", true),
            ("mt", "VLT 1117", true),
            ("ar", "C1425CLA", true),
            ("nl", "1011 AB", true),
            ("nl", "1011 ABC", false),
        ] {
            assert_eq!(is_code_of(country, code), expected, "{country} {code}");
        }
    }
}
