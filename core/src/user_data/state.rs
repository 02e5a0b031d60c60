//! `st`: a state, province or region.

mod australia;
mod brazil;
mod canada;
mod india;
mod mexico;
mod titles;
mod united_states;

use std::sync::LazyLock;

use super::Hints;
use super::characters::{is_word, lower_without};
use super::country::{self, US_POST};
use super::entities::without_references;
use super::halves::halves;
use super::rule::{NEVER, PAGE, Rule};
use super::step::Step;
use super::vocabulary::{Vocabulary, key};
use super::{Identifier, ValueError};
use titles::untitled;

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
        Step::own(
            "st.parts",
            "Read a state whose code stands beside its name (California (CA)), whose country does (US-CA; California, USA), or that is called one (State of California); where the country is not known, also of the three that need it known.",
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

impl Union {
    /// The code of the state with this [`key`], which may be called one.
    fn get(&self, key: &str) -> Option<&'static str> {
        let named = |name| self.states.get(name);
        named(key).or_else(|| untitled(key).find_map(named))
    }

    /// [`get`](Self::get), of a key that has the word for a state in it: before a name,
    /// not before a code, which may be a word of any language.
    fn called_state(&self, key: &str) -> Option<&'static str> {
        /// Codes have so many letters at most.
        const CODE: usize = 3;
        untitled(key).find_map(|name| {
            let known = if name.len() > CODE { name } else { key };
            self.states.get(known)
        })
    }

    /// The code of the state that both keys name: `California` and `CA`.
    fn both(&self, one: &str, other: &str) -> Option<&'static str> {
        let code = self.get(one)?;
        (self.get(other)? == code).then_some(code)
    }

    /// The code of the state that `text` names once or twice. `scratch` is left as it
    /// was.
    fn read(&self, text: &str, scratch: &mut String) -> Option<&'static str> {
        keyed(text, scratch, |key| self.get(key)).or_else(|| {
            halves(text)
                .find_map(|halves| keys(halves, scratch, |one, other| self.both(one, other)))
        })
    }

    fn has(&self, country: &str) -> bool {
        self.countries
            .iter()
            .any(|own| own.eq_ignore_ascii_case(country))
    }
}

/// What `found` says of the [`key`] of `text`. `scratch` is left as it was.
fn keyed<T>(text: &str, scratch: &mut String, found: impl FnOnce(&str) -> T) -> T {
    let start = scratch.len();
    key(text, scratch);
    let found = found(&scratch[start..]);
    scratch.truncate(start);
    found
}

/// [`keyed`], of two texts.
fn keys<T>(
    (head, tail): (&str, &str),
    scratch: &mut String,
    found: impl FnOnce(&str, &str) -> T,
) -> T {
    let start = scratch.len();
    key(head, scratch);
    let end = scratch.len();
    key(tail, scratch);
    let found = found(&scratch[start..end], &scratch[end..]);
    scratch.truncate(start);
    found
}

fn page(text: &str, hints: Hints<'_>, out: &mut String) -> Result<(), ValueError> {
    // What the second form would drop must not keep the first from its code.
    let ends = text.trim_matches(|character| !is_word(character));
    let code = code(ends, hints, out).or_else(|| {
        let plain = without_references(text)?;
        code(&plain, hints, out)
    });
    if let Some(code) = code {
        out.push_str(code);
        return Ok(());
    }
    lower_without(text, |character| !is_word(character), out);
    Ok(())
}

/// The code of a recognised state. `scratch` is left as it was.
fn code(text: &str, hints: Hints<'_>, scratch: &mut String) -> Option<&'static str> {
    let known = hints.country;
    keyed(text, scratch, |key| {
        considered(known).find_map(|union| union.get(key))
    })
    .or_else(|| before_zip(text, known, scratch))
    .or_else(|| {
        let of_known =
            |one: &str, other: &str| considered(known).find_map(|union| union.both(one, other));
        halves(text).find_map(|halves| {
            keys(halves, scratch, of_known).or_else(|| beside_country(halves, scratch))
        })
    })
    .or_else(|| beyond_doubt(text, known, scratch))
}

/// The unions of which a name may be that is alone.
fn considered(country: Option<&str>) -> impl Iterator<Item = &'static Union> {
    UNIONS.iter().filter(move |union| match country {
        Some(country) => union.countries.contains(&country),
        None => union.is_presumed,
    })
}

/// A state before a zip: `NY 10001`.
fn before_zip(text: &str, country: Option<&str>, scratch: &mut String) -> Option<&'static str> {
    let head = text.strip_suffix(|last: char| last.is_ascii_digit())?;
    let head = head.trim_end_matches(|last: char| !last.is_alphabetic());
    considered(country).find_map(|union| union.read(head, scratch))
}

/// A state beside its country, which then needs not be known: `US-CA` (ISO 3166-2),
/// `California, USA`.
fn beside_country((head, tail): (&str, &str), scratch: &mut String) -> Option<&'static str> {
    let mut of = |country, state| {
        let country = country::name(country, scratch)?;
        let union = UNIONS.iter().find(|union| union.has(country))?;
        union.read(state, scratch)
    };
    of(head, tail).or_else(|| of(tail, head))
}

/// A state of a country that is not known, where the text says it by name and code,
/// or by a name that is called a state, and only one country has it.
fn beyond_doubt(text: &str, country: Option<&str>, scratch: &mut String) -> Option<&'static str> {
    if country.is_some() {
        return None;
    }
    let mut found = UNIONS.iter().filter_map(|union| {
        keyed(text, scratch, |key| union.called_state(key)).or_else(|| {
            halves(text)
                .find_map(|halves| keys(halves, scratch, |one, other| union.both(one, other)))
        })
    });
    let code = found.next()?;
    found.next().is_none().then_some(code)
}

/// The countries (ISO 3166-1 alpha-2, lower case) of which `text` is a state, among
/// those that it may be of.
pub(super) fn countries_of(
    text: &str,
    country: Option<&str>,
) -> impl Iterator<Item = &'static str> {
    considered(country)
        .filter(|union| union.read(text, &mut String::new()).is_some())
        .filter_map(|union| union.countries.first().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In the order of [`UNIONS`].
    const TABLES: [&[(&str, &[&str])]; 6] = [
        united_states::STATES,
        canada::PROVINCES,
        australia::STATES,
        brazil::STATES,
        india::STATES,
        mexico::STATES,
    ];

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
    fn a_state_with_its_code_or_country_gives_the_code() {
        for (text, country, expected) in [
            ("California (CA)", None, "ca"),
            ("CA - California", None, "ca"),
            ("California - CA", Some("us"), "ca"),
            ("California, CA", None, "ca"),
            ("California/CA", None, "ca"),
            ("CA: California", Some("us"), "ca"),
            ("(CA) California", None, "ca"),
            ("California CA", None, "ca"),
            ("State of California", None, "ca"),
            ("the State of California", None, "ca"),
            ("Commonwealth of Massachusetts", None, "ma"),
            ("Oregon State", None, "or"),
            ("US-CA", None, "ca"),
            ("US_CA", None, "ca"),
            ("US-CA", Some("us"), "ca"),
            ("USA-CA", None, "ca"),
            ("US:CA", None, "ca"),
            ("California, USA", None, "ca"),
            ("California, United States", Some("us"), "ca"),
            ("California (CA), USA", None, "ca"),
            ("CA, US", None, "ca"),
            ("California, CA 90210", None, "ca"),
            ("Washington, DC, USA", None, "dc"),
            ("District of Columbia (DC)", None, "dc"),
            ("New York, NY", None, "ny"),
            ("Quebec (QC)", None, "qc"),
            ("Qu\u{e9}bec (QC)", Some("ca"), "qc"),
            ("Qu&eacute;bec", None, "qc"),
            ("Province de Qu\u{e9}bec", None, "qc"),
            ("CA-QC", Some("ca"), "qc"),
            ("CA-ON", None, "on"),
            ("Ontario, Canada", None, "on"),
            ("ON - Ontario", None, "on"),
            ("New South Wales (NSW)", None, "nsw"),
            ("AU-VIC", None, "vic"),
            ("S\u{e3}o Paulo (SP)", None, "sp"),
            ("S\u{e3}o Paulo (SP)", Some("br"), "sp"),
            ("SP - S\u{e3}o Paulo", None, "sp"),
            ("MT - Mato Grosso", None, "mt"),
            ("AL - Alagoas", None, "al"),
            ("Estado de S\u{e3}o Paulo", None, "sp"),
            ("Estado do Rio de Janeiro", Some("br"), "rj"),
            ("Minas Gerais, Brasil", None, "mg"),
            ("Edo. de M\u{e9}x.", Some("mx"), "mex"),
            ("Edo. de Jalisco", None, "jal"),
            ("Edo. de M\u{e9}x.", None, "mex"),
            ("Edomex", None, "mex"),
            ("Jalisco (JAL)", None, "jal"),
            ("MX-CMX", None, "cmx"),
            ("Ciudad de M\u{e9}xico, M\u{e9}xico", None, "cmx"),
            ("Karnataka (KA)", None, "ka"),
            ("MH - Maharashtra", Some("in"), "mh"),
            ("Maharashtra, India", None, "mh"),
            ("IN-KA", None, "ka"),
            ("IN - Indiana", None, "in"),
            ("Texas [US]", None, "tx"),
            ("Texas [TX]", None, "tx"),
            ("[TX]", None, "tx"),
            ("[TX] Texas", Some("us"), "tx"),
            ("[US] TX", None, "tx"),
            ("TX [US]", None, "tx"),
            ("TX (US)", None, "tx"),
            ("TX {US}", None, "tx"),
            ("Texas [US]", Some("us"), "tx"),
            ("TX (US)", Some("us"), "tx"),
            ("[Texas]", Some("us"), "tx"),
            ("Ontario [CA]", None, "on"),
            ("Bavaria [BY]", Some("de"), "bavariaby"),
        ] {
            assert_eq!(page_of(text, country), expected, "{text}, {country:?}");
        }
    }

    #[test]
    fn abbreviations_give_the_code_with_and_without_points() {
        for (text, expected) in [
            ("Ala.", "al"),
            ("Ariz.", "az"),
            ("Calif.", "ca"),
            ("Conn.", "ct"),
            ("D.C.", "dc"),
            ("Wash. D.C.", "dc"),
            ("Fla.", "fl"),
            ("Ga.", "ga"),
            ("Kan.", "ks"),
            ("Mass.", "ma"),
            ("Neb.", "ne"),
            ("N. Mex.", "nm"),
            ("N.Mex", "nm"),
            ("N.H.", "nh"),
            ("N. Car.", "nc"),
            ("No. Dak.", "nd"),
            ("Ore.", "or"),
            ("Penna.", "pa"),
            ("So. Carolina", "sc"),
            ("S.C.", "sc"),
            ("W. Virginia", "wv"),
            ("W.Va.", "wv"),
            ("Hawai\u{2bb}i", "hi"),
            ("Hawai'i", "hi"),
            ("P.R.", "pr"),
            ("U.S. Virgin Islands", "vi"),
            ("Armed Forces (AE)", "ae"),
            ("B.C.", "bc"),
            ("Ont.", "on"),
            ("Qu\u{e9}.", "qc"),
            ("P.E.I.", "pe"),
            ("\u{ce}.-P.-\u{c9}.", "pe"),
            ("Nfld. & Lab.", "nl"),
            ("N.W.T.", "nt"),
            ("N.S.W.", "nsw"),
            ("Qld.", "qld"),
            ("W. Australia", "wa"),
        ] {
            assert_eq!(page_of(text, None), expected, "{text}");
        }
        for (text, country, expected) in [
            ("Edo. M\u{e9}x.", "mx", "mex"),
            ("D.F.", "mx", "cmx"),
            ("N.L.", "mx", "nle"),
            ("B.C.", "mx", "bcn"),
            ("JA", "mx", "jal"),
            ("R. G. do Sul", "br", "rs"),
            ("S. Paulo", "br", "sp"),
            ("J & K", "in", "jk"),
            ("Tamilnadu", "in", "tn"),
            ("Delhi (NCT)", "in", "dl"),
        ] {
            assert_eq!(page_of(text, Some(country)), expected, "{text}");
        }
    }

    #[test]
    fn a_code_of_another_country_or_two_that_differ_stay_words() {
        for (text, country, expected) in [
            // The country again: no province is called so.
            ("CA", Some("ca"), "ca"),
            ("CA, Canada", Some("ca"), "cacanada"),
            ("California, NY", None, "californiany"),
            ("Springfield, IL", None, "springfieldil"),
            ("California, Germany", None, "californiagermany"),
            ("Kent", None, "kent"),
            ("Distrito Federal (DF)", None, "distritofederaldf"),
            ("Bayern (BY)", Some("de"), "bayernby"),
            ("Edo State", Some("ng"), "edostate"),
            ("State of Flow", None, "stateofflow"),
        ] {
            assert_eq!(page_of(text, country), expected, "{text}, {country:?}");
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
    fn every_state_is_found_by_its_name_beside_its_code_or_country() {
        for (union, table) in UNIONS.iter().zip(TABLES) {
            let own = union.countries.first().copied();
            for (code, names) in table {
                for text in names.iter().flat_map(|name| {
                    [
                        format!("{name} ({code})"),
                        format!("{} - {name}", code.to_uppercase()),
                        format!("{name} - {code}"),
                        format!("{name}, {code}"),
                        format!("{name}/{code}"),
                        format!("{}-{code}", own.unwrap()),
                        format!("{name}, {}", own.unwrap()),
                    ]
                }) {
                    assert_eq!(page_of(&text, own), *code, "{text}");
                    if union.is_presumed {
                        assert_eq!(page_of(&text, None), *code, "{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_code_stands_for_itself_and_no_name_is_in_two_unions() {
        for (union, table) in UNIONS.iter().zip(TABLES) {
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
