//! `st`: a state, province or region.

mod australia;
mod brazil;
mod canada;
mod india;
mod mexico;
mod united_states;

use std::sync::LazyLock;

use super::Hints;
use super::characters::{is_word, lower_without};
use super::country::US_POST;
use super::rule::{NEVER, PAGE, Rule};
use super::step::Step;
use super::vocabulary::{Vocabulary, key};
use super::{Identifier, Refusal};

pub(super) const RULE: Rule = Rule {
    identifier: Identifier::State,
    about: "A state, province or region.",
    source: PAGE,
    steps: &[
        Step::documented(
            "st.code_us",
            "Write a state or territory of the United States as its lower-case code, if its name or code is recognised and the country is that one or not known.",
        ),
        Step::own("st.code_ca_au", "Do the same for Canada and Australia."),
        Step::own(
            "st.code_by_country",
            "Do the same for Brazil, India and Mexico where the country is known to be that one.",
        ),
        Step::documented(
            "st.letters_and_digits",
            "Any other: lower-case, letters with their accents and digits only, never shortened.",
        ),
    ],
    pixel_steps: &[],
    opaque: false,
    page,
    // The Pixel's code cuts what it does not know to two letters, which makes
    // Nebraska of New South Wales.
    pixel: None,
    agreed: NEVER,
};

/// A country whose states have codes that people also write out.
struct Union {
    /// The country, and those of its territories that have a code of their own.
    countries: &'static [&'static str],
    /// Whether its states are recognised where the country is not known.
    /// Otherwise `AL` might be Alagoas or Alabama.
    is_presumed: bool,
    states: LazyLock<Vocabulary>,
}

/// No name or code of a union that is presumed is in another such union.
static UNIONS: [Union; 6] = [
    Union {
        countries: &US_POST,
        is_presumed: true,
        states: LazyLock::new(|| vocabulary(united_states::STATES)),
    },
    Union {
        countries: &["ca"],
        is_presumed: true,
        states: LazyLock::new(|| vocabulary(canada::PROVINCES)),
    },
    Union {
        countries: &["au"],
        is_presumed: true,
        states: LazyLock::new(|| vocabulary(australia::STATES)),
    },
    Union {
        countries: &["br"],
        is_presumed: false,
        states: LazyLock::new(|| vocabulary(brazil::STATES)),
    },
    Union {
        countries: &["in"],
        is_presumed: false,
        states: LazyLock::new(|| vocabulary(india::STATES)),
    },
    Union {
        countries: &["mx"],
        is_presumed: false,
        states: LazyLock::new(|| vocabulary(mexico::STATES)),
    },
];

/// The words of a table of (code, names), the codes among them.
fn vocabulary(table: &'static [(&'static str, &'static [&'static str])]) -> Vocabulary {
    Vocabulary::new(table.iter().flat_map(|(code, names)| {
        std::iter::once((*code, *code)).chain(names.iter().map(move |name| (*name, *code)))
    }))
}

fn page(text: &str, hints: Hints<'_>, out: &mut String) -> Result<(), Refusal> {
    // What the second form would drop must not keep the first from its code.
    let ends = text.trim_matches(|character| !is_word(character));
    if let Some(code) = code(ends, hints, out) {
        out.push_str(code);
        return Ok(());
    }
    lower_without(text, |character| !is_word(character), out);
    Ok(())
}

/// The code of a recognised state. `scratch` is left as it was.
fn code(text: &str, hints: Hints<'_>, scratch: &mut String) -> Option<&'static str> {
    let start = scratch.len();
    key(text, scratch);
    let code = find(&scratch[start..], hints);
    scratch.truncate(start);
    if code.is_some() {
        return code;
    }
    // A zip behind the state: `NY 10001`.
    if let Some(head) = text.strip_suffix(|last: char| last.is_ascii_digit()) {
        let head = head.trim_end_matches(|last: char| !last.is_alphabetic());
        key(head, scratch);
        let code = find(&scratch[start..], hints);
        scratch.truncate(start);
        return code;
    }
    // ISO 3166-2: `US-CA` names the country itself.
    let (country, state) = text.split_once('-')?;
    let union = UNIONS
        .iter()
        .find(|union| union.countries[0].eq_ignore_ascii_case(country.trim_end()))?;
    key(state, scratch);
    let code = union.states.get(&scratch[start..]);
    scratch.truncate(start);
    code
}

fn find(key: &str, hints: Hints<'_>) -> Option<&'static str> {
    UNIONS
        .iter()
        .filter(|union| match hints.country {
            Some(country) => union.countries.contains(&country),
            None => union.is_presumed,
        })
        .find_map(|union| union.states.get(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page_of(text: &str, country: Option<&str>) -> String {
        let mut out = String::new();
        page(
            text,
            Hints {
                country,
                ..Hints::default()
            },
            &mut out,
        )
        .unwrap();
        out
    }

    #[test]
    fn recognised_names_and_codes_give_the_code() {
        for (text, expected) in [
            ("California.", "ca"),
            ("CA", "ca"),
            ("Calif.", "ca"),
            ("New York", "ny"),
            ("NewYork", "ny"),
            ("New York State", "ny"),
            ("NY 10001", "ny"),
            ("US-NY", "ny"),
            ("NY 10001.", "ny"),
            ("Washington, D.C.", "dc"),
            ("District of Columbia", "dc"),
            ("Puerto Rico", "pr"),
            ("Ontario", "on"),
            ("Québec", "qc"),
            ("CA-QC", "qc"),
            ("P.E.I.", "pe"),
            ("New South Wales", "nsw"),
            ("Western Australia", "wa"),
        ] {
            assert_eq!(page_of(text, None), expected, "{text}");
        }
    }

    #[test]
    fn any_other_is_a_whole_word() {
        for (text, expected) in [
            ("Bayern", "bayern"),
            ("Île-de-France", "îledefrance"),
            ("Cabo Verde", "caboverde"),
            ("Arkansas City", "arkansascity"),
            ("東京都", "東京都"),
            ("ZH-8", "zh8"),
            ("São Paulo", "sãopaulo"),
            ("Maharashtra", "maharashtra"),
        ] {
            assert_eq!(page_of(text, None), expected, "{text}");
        }
    }

    #[test]
    fn a_name_counts_only_in_its_country() {
        assert_eq!(page_of("Georgia", Some("us")), "ga");
        assert_eq!(page_of("Georgia", Some("ge")), "georgia");
        assert_eq!(page_of("Victoria", Some("au")), "vic");
        assert_eq!(page_of("Victoria", Some("ca")), "victoria");
        assert_eq!(page_of("Puerto Rico", Some("pr")), "pr");
        assert_eq!(page_of("São Paulo", Some("br")), "sp");
        assert_eq!(page_of("BR-SP", None), "sp");
        assert_eq!(page_of("AL", Some("br")), "al");
        assert_eq!(page_of("Alabama", Some("br")), "alabama");
        assert_eq!(page_of("maharashtra", Some("in")), "mh");
        assert_eq!(page_of("CDMX", Some("mx")), "cmx");
        assert_eq!(page_of("Bayern", Some("de")), "bayern");
    }

    #[test]
    fn every_code_stands_for_itself_and_no_name_is_in_two_unions() {
        let tables = [
            united_states::STATES,
            canada::PROVINCES,
            australia::STATES,
            brazil::STATES,
            india::STATES,
            mexico::STATES,
        ];
        for (union, table) in UNIONS.iter().zip(tables) {
            let own = union.countries.first().copied();
            let country = if union.is_presumed { None } else { own };
            for (code, names) in table {
                assert_eq!(page_of(code, own), *code);
                for name in *names {
                    assert_eq!(page_of(name, country), *code, "{name}");
                }
            }
        }
    }
}
