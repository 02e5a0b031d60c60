//! Zeros at the beginning of a postal code, which a number has not.

/// Countries whose postal codes are a fixed number of digits and may begin with
/// zeros: how many digits, and how many zeros at most. Sources: Universal Postal
/// Union, Postal addressing systems; the ranges of codes of the countries' posts.
///
/// The United States and their territories are not among them: their codes have two
/// lengths.
const CODES: [(&str, usize, usize); 37] = [
    ("am", 4, 3),
    ("au", 4, 1),
    ("br", 8, 1),
    ("cn", 6, 1),
    ("co", 6, 1),
    ("de", 5, 1),
    ("dk", 4, 1),
    ("dz", 5, 1),
    ("ec", 6, 1),
    ("es", 5, 1),
    ("fi", 5, 3),
    ("fr", 5, 1),
    ("ge", 4, 1),
    ("gt", 5, 1),
    ("it", 5, 2),
    ("jp", 7, 2),
    ("ke", 5, 2),
    ("kr", 5, 1),
    ("kz", 6, 1),
    ("la", 5, 1),
    ("lk", 5, 2),
    ("lt", 5, 1),
    ("mx", 5, 1),
    ("my", 5, 1),
    ("no", 4, 3),
    ("nz", 4, 1),
    ("pa", 4, 1),
    ("pe", 5, 1),
    ("ph", 4, 1),
    ("pl", 5, 4),
    ("ro", 6, 1),
    ("sg", 6, 1),
    ("sk", 5, 1),
    ("tr", 5, 1),
    ("ua", 5, 1),
    ("va", 5, 2),
    ("za", 4, 3),
];

/// The zeros that a code of `digits` digits lacks in `country`; none where no code
/// of that country begins with so many.
pub(super) fn lost(country: &str, digits: usize) -> &'static str {
    const ZEROS: &str = "0000";
    let Ok(row) = CODES.binary_search_by_key(&country, |(own, ..)| own) else {
        return "";
    };
    let (_, length, most) = CODES[row];
    let lost = length.checked_sub(digits).filter(|lost| *lost <= most);
    lost.and_then(|lost| ZEROS.get(..lost)).unwrap_or_default()
}

/// The zeros that a US code lacks: of five digits, or of nine with the four of the
/// delivery. Codes begin with two zeros at most (00501).
pub(super) fn lost_in_us(digits: usize) -> &'static str {
    match digits {
        3 | 7 => "00",
        4 | 8 => "0",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_has_one_row() {
        assert!(CODES.is_sorted_by(|one, other| one.0 < other.0));
    }

    #[test]
    fn no_more_zeros_than_a_code_begins_with() {
        for (country, digits, expected) in [
            ("de", 4, "0"),
            ("de", 5, ""),
            ("de", 3, ""),
            ("de", 6, ""),
            ("it", 3, "00"),
            ("it", 2, ""),
            ("pl", 1, "0000"),
            ("no", 1, "000"),
            ("gb", 4, ""),
            ("us", 4, ""),
        ] {
            assert_eq!(lost(country, digits), expected, "{country} {digits}");
        }
    }
}
