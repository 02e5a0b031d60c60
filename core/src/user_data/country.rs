//! `country`: a country.

mod names;
mod native;

use std::sync::LazyLock;

use super::Hints;
use super::rule::{NEVER, PAGE, Rule};
use super::step::Step;
use super::vocabulary::{Vocabulary, key};
use super::{Identifier, Refusal};

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
    let written = names::NAMES.iter().chain(native::NAMES);
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

fn page(text: &str, _: Hints<'_>, out: &mut String) -> Result<(), Refusal> {
    let start = out.len();
    key(text, out);
    let code = find(&out[start..]);
    out.truncate(start);
    out.push_str(code.ok_or(Refusal::NotACountry)?);
    out[start..].make_ascii_lowercase();
    Ok(())
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
    NAMES
        .get(key)
        .or_else(|| NAMES.get(key.strip_prefix("the")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page_of(text: &str) -> Result<String, Refusal> {
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
        ] {
            assert_eq!(page_of(text), Err(Refusal::NotACountry), "{text}");
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
    fn every_name_means_what_the_tables_say() {
        for (code, names) in names::NAMES.iter().chain(native::NAMES) {
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
