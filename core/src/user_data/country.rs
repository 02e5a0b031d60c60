//! `country`: a country.

mod abbreviations;
mod english;
mod names;
mod native;
mod territories;

use std::sync::LazyLock;

use super::Hints;
use super::entities::without_references;
use super::halves::halves;
use super::rule::{NEVER, PAGE, Rule};
use super::step::Step;
use super::vocabulary::{Vocabulary, key};
use super::{Identifier, ValueError};
use abbreviations::written_out;

/// The United States and what belongs to them: one postal service, one set of states.
pub(super) const US_POST: [&str; 7] = ["us", "pr", "gu", "vi", "as", "mp", "um"];

pub(super) const RULE: Rule = Rule {
    identifier: Identifier::Country,
    about: "A country, sent as its lower-case ISO 3166-1 alpha-2 code.",
    source: PAGE,
    steps: &[
        Step::documented(
            "country.code",
            "Write the lower-case alpha-2 code of an alpha-2 or alpha-3 code, an English name, a usual other name or the name in the country's own language, whatever case, accents and punctuation.",
        ),
        Step::own(
            "country.parts",
            "Read a name the other way round (Korea, South), and two of which both mean the same country (US - United States) or one a territory of the other (Puerto Rico, USA).",
        ),
        Step::own(
            "country.kosovo",
            "Write xk for Kosovo, which ISO 3166-1 lacks.",
        ),
        Step::own("country.known", "Refuse any other, never shorten.").refuses(),
    ],
    pixel_steps: &[],
    opaque: false,
    page,
    // The Pixel's code cuts what it does not know to two letters, which makes
    // Canada of Cabo Verde.
    pixel: None,
    agreed: NEVER,
};

/// Everything that a country is called and is not two letters long.
static NAMES: LazyLock<Vocabulary> = LazyLock::new(|| {
    let written = [names::NAMES, english::NAMES, native::NAMES]
        .into_iter()
        .flatten();
    let written = written.flat_map(|(code, names)| names.iter().map(move |name| (*name, *code)));
    let official = rust_iso3166::ALL.iter().flat_map(|country| {
        [
            (country.alpha3, country.alpha2),
            (country.name, country.alpha2),
        ]
    });
    Vocabulary::new(written.chain(official))
});

/// The lower-case alpha-2 code of the country that `text` names: by a code, or
/// by a name in English or in its own language.
///
/// ```
/// use capi_core::user_data::country_code;
///
/// assert_eq!(country_code("Deutschland").as_deref(), Some("de"));
/// assert_eq!(country_code("USA").as_deref(), Some("us"));
/// assert_eq!(country_code("Atlantis"), None);
/// ```
#[must_use]
pub fn country_code(text: &str) -> Option<String> {
    let mut code = String::new();
    page(text, Hints::default(), &mut code).ok()?;
    Some(code)
}

fn page(text: &str, _: Hints<'_>, out: &mut String) -> Result<(), ValueError> {
    let start = out.len();
    let code = code(text, out).ok_or(ValueError::NotACountry)?;
    out.push_str(code);
    out[start..].make_ascii_lowercase();
    Ok(())
}

/// How many times a text is taken apart: `Falkland Islands (the) [Malvinas]` twice.
const DEPTH: u8 = 2;

/// The alpha-2 code, in upper case, of the country that `text` names. `scratch` is
/// left as it was.
fn code(text: &str, scratch: &mut String) -> Option<&'static str> {
    read(text, DEPTH, scratch).or_else(|| {
        let plain = without_references(text);
        let long = written_out(plain.as_deref().unwrap_or(text));
        let mut again = |text: &str| read(text, DEPTH, scratch);
        plain
            .as_deref()
            .and_then(&mut again)
            .or_else(|| again(&long?))
    })
}

/// [`code`], of a text that is one name or code and nothing else.
pub(super) fn name(text: &str, scratch: &mut String) -> Option<&'static str> {
    read(text, 0, scratch)
}

/// [`code`], of a text that may be taken apart `depth` times.
fn read(text: &str, depth: u8, scratch: &mut String) -> Option<&'static str> {
    let start = scratch.len();
    key(text, scratch);
    let code = find(&scratch[start..]);
    scratch.truncate(start);
    code.or_else(|| {
        let depth = depth.checked_sub(1)?;
        halves(text).find_map(|(head, tail)| {
            // The dialling code: `United States (+1)`.
            if !head.contains(char::is_alphabetic) {
                return read(tail, depth, scratch);
            }
            if !tail.contains(char::is_alphabetic) {
                return read(head, depth, scratch);
            }
            turned(head, tail, scratch)
                .or_else(|| narrower(read(head, depth, scratch)?, read(tail, depth, scratch)?))
        })
    })
}

/// The country whose name begins with `tail`: `Korea, South`, `Netherlands (the)`.
fn turned(head: &str, tail: &str, scratch: &mut String) -> Option<&'static str> {
    /// Codes are not written the other way round.
    const CODE: usize = 3;
    let start = scratch.len();
    key(tail, scratch);
    key(head, scratch);
    let name = &scratch[start..];
    let code = (name.len() > CODE).then(|| find(name)).flatten();
    scratch.truncate(start);
    code
}

/// Which of two countries is meant that are in one text.
fn narrower(one: &'static str, other: &'static str) -> Option<&'static str> {
    if one == other || territories::belongs(one, other) {
        Some(one)
    } else {
        territories::belongs(other, one).then_some(other)
    }
}

/// The alpha-2 code, in upper case.
fn find(key: &str) -> Option<&'static str> {
    if let Ok(letters) = <[u8; 2]>::try_from(key.as_bytes()) {
        let upper = letters.map(|letter| letter.to_ascii_uppercase());
        let code = str::from_utf8(&upper).ok()?;
        if let Some(country) = rust_iso3166::from_alpha2(code) {
            return Some(country.alpha2);
        }
    }
    let named = |key| NAMES.get(key);
    named(key).or_else(|| {
        let key = key.strip_prefix("the").unwrap_or(key);
        let plain = key.strip_prefix("republicof");
        let plain = plain.map(|name| name.strip_prefix("the").unwrap_or(name));
        named(key).or_else(|| named(plain?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page_of(text: &str) -> Result<String, ValueError> {
        let mut out = String::new();
        page(text, Hints::default(), &mut out).map(|()| out)
    }

    #[test]
    fn codes_and_names_give_the_code() {
        for (text, expected) in [
            ("United States", "us"),
            ("U.S.", "us"),
            ("USA", "us"),
            ("US", "us"),
            ("america", "us"),
            ("UK", "gb"),
            ("United Kingdom", "gb"),
            ("GBR", "gb"),
            ("England", "gb"),
            ("Deutschland", "de"),
            ("Holland", "nl"),
            ("The Netherlands", "nl"),
            ("EL", "gr"),
            ("Russia", "ru"),
            ("Россия", "ru"),
            ("South Korea", "kr"),
            ("UAE", "ae"),
            ("Czechia", "cz"),
            ("Czech Republic", "cz"),
            ("Türkiye", "tr"),
            ("Turkey", "tr"),
            ("México", "mx"),
            ("Cote d\u{2019}Ivoire", "ci"),
            ("Bosnia & Herzegovina", "ba"),
            ("Cabo Verde", "cv"),
            ("日本", "jp"),
            ("مصر", "eg"),
            ("ישראל", "il"),
            ("Ｕ Ｓ", "us"),
            ("Georgia", "ge"),
            ("St. Lucia", "lc"),
            ("Congo", "cg"),
            ("Thailand", "th"),
        ] {
            assert_eq!(page_of(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_country_is_refused() {
        for text in [
            "ZZ",
            "1",
            "constructor",
            "us-east",
            "Caboverdia",
            "",
            "-",
            "the",
            "EU",
            "éC",
            "European Union",
            "Virgin Islands",
            "Channel Islands",
            "S, U",
            "US-CA",
            "Georgia (US)",
            "US - Germany",
            "Atlantis (US)",
            "World",
            "Unknown Region",
        ] {
            assert_eq!(page_of(text), Err(ValueError::NotACountry), "{text}");
        }
    }

    #[test]
    fn shops_and_libraries_write_names_in_many_ways() {
        for (text, expected) in [
            ("Venezuela", "ve"),
            ("Bolivia", "bo"),
            ("Tanzania", "tz"),
            ("Myanmar (Burma)", "mm"),
            ("United States (US)", "us"),
            ("United Kingdom (UK)", "gb"),
            ("United States (US) Minor Outlying Islands", "um"),
            ("Hong Kong SAR China", "hk"),
            ("Macau S.A.R., China", "mo"),
            ("St. Vincent & Grenadines", "vc"),
            ("St Vincent and the Grenadines", "vc"),
            ("Saint Vincent & the Grenadines", "vc"),
            ("St. Kitts-Nevis", "kn"),
            ("Trinidad &amp; Tobago", "tt"),
            ("Cura&ccedil;ao", "cw"),
            ("&#197;land Islands", "ax"),
            ("C&ocirc;te d&#039;Ivoire", "ci"),
            ("Korea, South", "kr"),
            ("Korea (North)", "kp"),
            ("Korea, Republic of", "kr"),
            ("Korea, Republic of (KR)", "kr"),
            ("Korea, Democratic People's Republic of", "kp"),
            ("Korea, Dem. People's Rep.", "kp"),
            ("Bahamas, The", "bs"),
            ("Gambia, The", "gm"),
            ("Netherlands (the)", "nl"),
            ("Netherlands (Kingdom of the)", "nl"),
            ("United States of America (the)", "us"),
            ("Falkland Islands (the) [Malvinas]", "fk"),
            ("Iran, Islamic Republic of", "ir"),
            ("Iran, Islamic Rep.", "ir"),
            ("Venezuela, RB", "ve"),
            ("Congo, Dem. Rep.", "cd"),
            ("Congo, Rep.", "cg"),
            ("Congo - Kinshasa", "cd"),
            ("Congo (Brazzaville)", "cg"),
            ("Congo (the Democratic Republic of the)", "cd"),
            ("Tanzania, the United Republic of", "tz"),
            ("Micronesia (Federated States of)", "fm"),
            ("Macedonia, the former Yugoslav Republic of", "mk"),
            ("Palestinian Territory, Occupied", "ps"),
            ("Virgin Islands, U.S.", "vi"),
            ("Virgin Islands (British)", "vg"),
            ("Saint Martin (Dutch part)", "sx"),
            ("South Georgia/Sandwich Islands", "gs"),
            ("Taiwan, Province of China", "tw"),
            ("Taiwan, China", "tw"),
            ("China (Hong Kong)", "hk"),
            ("Guinea-Bissau", "gw"),
            ("Guinea, Equatorial", "gq"),
            ("Samoa, American", "as"),
            ("Republic of Hungary", "hu"),
            ("Georgia, Republic of", "ge"),
            ("US - United States", "us"),
            ("United States - US", "us"),
            ("US: United States", "us"),
            ("DE | Germany", "de"),
            ("Germany/DE", "de"),
            ("Germany DE", "de"),
            ("[FR] France", "fr"),
            ("Germany (Deutschland)", "de"),
            ("Germany (DEU)", "de"),
            ("Scotland, UK", "gb"),
            ("Puerto Rico, USA", "pr"),
            ("Guadeloupe (France)", "gp"),
            ("Canary Islands", "es"),
            ("Netherlands Antilles", "cw"),
            ("\u{1f1fa}\u{1f1f8} United States", "us"),
            ("the US", "us"),
            ("United States (+1)", "us"),
            ("+49 Germany", "de"),
            ("S. Korea", "kr"),
            ("Falkland Is.", "fk"),
            ("Micronesia, Fed. Sts.", "fm"),
            ("United Rep. of Tanzania", "tz"),
            ("Bosnia and Herzegowina", "ba"),
            ("France, Metropolitan", "fr"),
        ] {
            assert_eq!(page_of(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_name_of_many_countries_is_that_which_iso_calls_so() {
        for (text, expected) in [
            ("Congo", "cg"),
            ("Guinea", "gn"),
            ("Georgia", "ge"),
            ("Samoa", "ws"),
            ("Sudan", "sd"),
            ("Ireland", "ie"),
            ("Dominica", "dm"),
            // ISO calls neither so; people write it of one.
            ("Korea", "kr"),
            ("Micronesia", "fm"),
        ] {
            assert_eq!(page_of(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn every_country_is_found_by_its_codes_and_its_names() {
        for country in rust_iso3166::ALL {
            let expected = country.alpha2.to_ascii_lowercase();
            for text in [country.alpha2, country.alpha3, country.name, &expected] {
                assert_eq!(page_of(text).as_deref(), Ok(expected.as_str()), "{text}");
            }
        }
    }

    #[test]
    fn every_country_is_found_by_its_name_beside_its_codes() {
        for country in rust_iso3166::ALL {
            let rust_iso3166::CountryCode {
                name,
                alpha2,
                alpha3,
                ..
            } = country;
            for text in [
                format!("{name} ({alpha2})"),
                format!("{name} [{alpha3}]"),
                format!("{alpha2} - {name}"),
                format!("{name} - {alpha2}"),
                format!("{alpha3}: {}", name.to_uppercase()),
                format!("{name}/{alpha2}"),
                format!("{name} (the)"),
            ] {
                let expected = alpha2.to_ascii_lowercase();
                assert_eq!(page_of(&text), Ok(expected), "{text}");
            }
        }
    }

    #[test]
    fn every_name_means_what_the_tables_say() {
        for (code, names) in [names::NAMES, english::NAMES, native::NAMES]
            .into_iter()
            .flatten()
        {
            assert!(
                rust_iso3166::from_alpha2(code).is_some() || *code == "XK",
                "{code}"
            );
            for name in *names {
                assert_eq!(page_of(name), Ok(code.to_ascii_lowercase()), "{name}");
            }
        }
    }
}
