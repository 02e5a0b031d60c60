//! Country codes, and how a number is dialled from abroad.

/// The countries of the zone with the code 1, whose numbers have ten digits behind it
/// and whose people write them without. Source: North American Numbering Plan
/// Administrator, NANP country contacts.
pub(super) const PLUS_ONE: [&str; 26] = [
    "us", "ca", "pr", "gu", "vi", "as", "mp", "ag", "ai", "bb", "bm", "bs", "dm", "do", "gd", "jm",
    "kn", "ky", "lc", "ms", "sx", "tc", "tt", "um", "vc", "vg",
];

/// What is dialled before a number of another country, where that is not `00`. No number
/// of the country itself begins so. Source: ITU, Operational Bulletin, dialling
/// procedures.
const EXITS: [(&str, &[&str]); 4] = [
    ("011", &PLUS_ONE),
    ("0011", &["au"]),
    ("010", &["jp"]),
    ("810", &["ru", "kz"]),
];

/// The country codes of two digits. Those of one are 1 and 7, all others have three.
/// Source: ITU-T E.164, list of assigned country codes.
const OF_TWO: [u8; 41] = [
    20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56,
    57, 58, 60, 61, 62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93,
];
const OF_TWO_TOO: [u8; 3] = [94, 95, 98];

/// The codes behind which a zero belongs to the number: Italy with San Marino and the
/// Vatican, four countries of Africa, and numbers of no country.
const KEEP_ZERO: [&str; 10] = [
    "39", "378", "379", "225", "229", "241", "242", "800", "808", "979",
];

/// How many digits a number has at most behind its code, of countries where a longer one
/// can only have what does not belong there: a trunk zero, or the code once more.
///
/// Source: ITU-T, national numbering plans (E.129).
const MOST_DIGITS: [(&str, usize); 22] = [
    ("1", 10),
    ("27", 9),
    ("31", 9),
    ("32", 9),
    ("33", 9),
    ("34", 9),
    ("41", 9),
    ("44", 10),
    ("45", 8),
    ("47", 8),
    ("48", 9),
    ("52", 10),
    ("55", 11),
    ("61", 9),
    ("66", 9),
    ("81", 10),
    ("84", 10),
    ("90", 10),
    ("91", 10),
    ("351", 9),
    ("380", 9),
    ("972", 9),
];

/// Whether `number`, behind `code`, has so many digits more than it may have.
fn is_longer_by(code: &str, number: &str, more: usize) -> bool {
    let most = MOST_DIGITS.iter().find(|(known, _)| *known == code);
    most.is_some_and(|(_, most)| number.len() == most + more)
}

/// The digits behind the exit code that `digits`, as they are dialled in `country`, begin
/// with: a number with its country code.
pub(super) fn behind_exit<'d>(digits: &'d str, country: Option<&str>) -> Option<&'d str> {
    let country = country?;
    EXITS
        .iter()
        .filter(|(_, countries)| countries.contains(&country))
        .find_map(|(exit, _)| digits.strip_prefix(exit))
        .filter(|number| (8..=15).contains(&number.len()) && !number.starts_with('0'))
}

/// The country code of a number that begins with one, and what is behind it.
pub(super) fn split(number: &str) -> Option<(&str, &str)> {
    let first = number.bytes().next()?;
    let two = number.get(..2)?.parse().ok()?;
    let length = match first {
        b'1' | b'7' => 1,
        _ if OF_TWO.contains(&two) || OF_TWO_TOO.contains(&two) => 2,
        _ => 3,
    };
    number.split_at_checked(length)
}

/// How many digits of `number`, which is behind the country code, are dialled only within
/// the country. A zero is known to be so where a bracket is before it, or where the
/// number has one digit too many: `+6505551212` lacks the 1 of the United States.
///
/// Source: ITU-T, national numbering plans (E.129).
pub(super) fn trunk(code: &str, number: &str, in_brackets: bool) -> usize {
    match code {
        "1" => 0,
        // Their numbers have ten, eight and nine digits, so that one more is the trunk's.
        "7" if number.len() == 11 && number.starts_with('8') => 1,
        "370" if number.len() == 9 && number.starts_with('8') => 1,
        "375" if number.len() == 11 && number.starts_with("80") => 2,
        // 801 is free of charge.
        "375" if number.len() == 10 && number.starts_with('8') && !number.starts_with("80") => 1,
        "36" if number.starts_with("06") => 2,
        _ if KEEP_ZERO.contains(&code) => 0,
        _ => usize::from(number.starts_with('0') && (in_brackets || is_longer_by(code, number, 1))),
    }
}

/// Whether `number`, digits with a country code, begins with that code twice, or with a
/// code 1 behind which no number of its zone begins so.
pub(super) fn is_doubled(number: &str) -> bool {
    let Some((code, rest)) = split(number) else {
        return false;
    };
    if code == "1" {
        // An area code begins with 2 to 9.
        return number.len() >= 11 && rest.starts_with(['0', '1']);
    }
    rest.starts_with(code) && is_longer_by(code, rest, code.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_one_to_three_digits() {
        for (number, code) in [
            ("14155550132", "1"),
            ("79161234567", "7"),
            ("442079460018", "44"),
            ("989121234567", "98"),
            ("35312345678", "353"),
            ("2250707123456", "225"),
        ] {
            assert_eq!(split(number).map(|(code, _)| code), Some(code), "{number}");
        }
        assert_eq!(split("4"), None);
        assert_eq!(split("35"), None);
    }

    #[test]
    fn an_exit_code_is_one_only_where_it_is_dialled() {
        for (digits, country, expected) in [
            ("011442079460018", Some("us"), Some("442079460018")),
            ("011442079460018", Some("jm"), Some("442079460018")),
            ("0011442079460018", Some("au"), Some("442079460018")),
            ("0104930901820", Some("jp"), Some("4930901820")),
            ("810442079460018", Some("ru"), Some("442079460018")),
            ("011442079460018", Some("br"), None),
            ("011442079460018", None, None),
            ("0112345", Some("us"), None),
            ("4155550132", Some("us"), None),
        ] {
            assert_eq!(behind_exit(digits, country), expected, "{digits}");
        }
    }

    #[test]
    fn a_code_that_stands_twice_is_seen() {
        for number in [
            "115125550132",
            "10155550132",
            "44442079460018",
            "919198765432 10",
        ] {
            let number = number.replace(' ', "");
            assert!(is_doubled(&number), "{number}");
        }
        for number in [
            "15125550132",
            "442079460018",
            "494941901820",
            "1015555013",
            "919198765432",
            "",
        ] {
            assert!(!is_doubled(number), "{number}");
        }
    }
}
