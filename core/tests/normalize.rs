//! What holds of normalization for every text that Unicode can write. What it
//! gives for single values is in `conformance/`.

use capi_core::event::{Arena, Json};
use capi_core::user_data::{Digest, Hints, Identifier, Normal, Profile, normalize};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization as _;

/// The text that Meta's page makes of `text`, if it makes one.
fn page(identifier: Identifier, text: &str, country: Option<&str>) -> Option<String> {
    forms(identifier, text, country, Profile::Page).pop()
}

fn forms(
    identifier: Identifier,
    text: &str,
    country: Option<&str>,
    profile: Profile,
) -> Vec<String> {
    let arena = Arena::new();
    let mut out = Vec::new();
    let mut refused = 0;
    normalize(
        identifier,
        Json::Str(text),
        Hints {
            country,
            ..Hints::default()
        },
        profile,
        &arena,
        &mut out,
        &mut |_| refused += 1,
    );
    // A value is sent or refused, never neither and never both.
    assert_eq!(refused, usize::from(out.is_empty()));
    out.iter()
        .map(|normal| match normal {
            Normal::Text(plain) => plain.expose().to_owned(),
            Normal::Hashed(digest) => digest.as_str().to_owned(),
        })
        .collect()
}

/// Texts of any characters, and texts near to what the rules are about.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "\\PC{0,24}",
        "[ -~]{0,24}",
        "[0-9٠-٩+()./ T:-]{0,20}",
        "[a-zA-ZÀ-ÿĀ-žΑ-ωА-я'’ .-]{0,20}",
        "[a-z.é]{1,8}@[a-z.-]{1,8}\\.[a-z]{2,3}",
        "[\"'<]?\"?[a-z .@\\\\\"]{1,6}\"?@[a-zü。.]{1,8}\\.de[\"'>]?",
        "(\\+|00|US )?[0-9 ()]{6,14}(x| ext\\. ?|#|;ext=)?[0-9]{1,4}",
        "[A-Za-z]{1,3} ?- ?[0-9A-Z ]{3,8}",
        "(null|None|na|nan|0{1,5}|\\{\\{|['.é]{1,2})[ -]?(é|[a0]{1,3}|\\}\\})?",
        "[A-Za-z]{2}[0-9:. -]{0,6}",
        "(19|20)[0-9]{2}[-/.]?[0-9]{1,2}[-/.]?[0-9]{1,2}( [0-9:]{5})?",
        "[0-9]{1,2}[-/.][0-9]{1,2}[-/.](19|20)?[0-9]{2}",
        "\\p{Lu}\\p{Mn}{0,2}[-'_ ]?\\p{Ll}{0,4}\\p{Mn}?",
    ]
}

fn identifier() -> impl Strategy<Value = Identifier> {
    prop::sample::select(Identifier::ALL.to_vec())
}

fn country() -> impl Strategy<Value = Option<&'static str>> {
    prop::sample::select(vec![
        None,
        Some("us"),
        Some("ca"),
        Some("au"),
        Some("gb"),
        Some("br"),
        Some("fr"),
        Some("in"),
        Some("mx"),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 4096,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_normalized_text_is_normal(
        identifier in identifier(), text in text(), country in country(),
    ) {
        // A foreign number says so with its `+`, which is not part of the normal form: the
        // next time it may be a number of the country itself.
        let is_foreign = identifier == Identifier::Phone && country.is_some();
        if let Some(normal) = page(identifier, &text, country).filter(|_| !is_foreign) {
            prop_assert_eq!(page(identifier, &normal, country), Some(normal));
        }
        if let [normal] = &forms(identifier, &text, country, Profile::Pixel)[..] {
            prop_assert_eq!(&forms(identifier, normal, country, Profile::Pixel)[..], std::slice::from_ref(normal));
        }
    }

    #[test]
    fn blanks_around_it_change_nothing(
        identifier in identifier(), text in text(), country in country(),
    ) {
        let wide = format!(" \t\u{3000}{text}\u{a0}\r\n");
        prop_assert_eq!(
            forms(identifier, &wide, country, Profile::Both),
            forms(identifier, &text, country, Profile::Both)
        );
    }

    /// An external id is compared as it is, as the Pixel's code does.
    #[test]
    fn composed_and_decomposed_are_one(
        identifier in identifier(), text in text(), country in country(),
    ) {
        prop_assume!(identifier != Identifier::ExternalId);
        let composed: String = text.nfc().collect();
        let decomposed: String = text.nfd().collect();
        prop_assert_eq!(
            page(identifier, &composed, country),
            page(identifier, &decomposed, country)
        );
    }

    #[test]
    fn the_case_changes_nothing(
        identifier in identifier(), text in text(), country in country(),
    ) {
        // Letters that have one lower case and one upper case; the two lower
        // cases of sigma and the dot of a capital i are another matter.
        let plain = text.chars().all(|character| {
            character.to_uppercase().flat_map(char::to_lowercase).eq(character.to_lowercase())
                && !matches!(character, 'Σ' | 'σ' | 'ς')
        });
        prop_assume!(plain);
        let expected = page(identifier, &text, country);
        prop_assert_eq!(&page(identifier, &text.to_lowercase(), country), &expected);
        prop_assert_eq!(&page(identifier, &text.to_uppercase(), country), &expected);
    }

    #[test]
    fn nothing_is_never_hashed(
        identifier in identifier(), text in text(), country in country(),
    ) {
        for profile in [Profile::Both, Profile::Page, Profile::Pixel] {
            for form in forms(identifier, &text, country, profile) {
                let word = form.to_ascii_lowercase();
                prop_assert!(!matches!(word.as_str(), "" | "null" | "undefined"));
            }
        }
    }

    #[test]
    fn the_narrow_profiles_are_parts_of_the_wide_one(
        identifier in identifier(), text in text(), country in country(),
    ) {
        let both = forms(identifier, &text, country, Profile::Both);
        let page = forms(identifier, &text, country, Profile::Page);
        let pixel = forms(identifier, &text, country, Profile::Pixel);
        prop_assert!(both.starts_with(&page));
        prop_assert!(pixel.iter().all(|form| both.contains(form)));
        prop_assert!(both.len() <= page.len() + pixel.len());
    }

    #[test]
    fn a_digest_passes_whatever_the_identifier(identifier in identifier(), text in "[a-z]{1,3}") {
        // The words of that length for nothing.
        prop_assume!(!matches!(text.as_str(), "na" | "nan" | "nil" | "tbd"));
        let digest = Digest::of(&text).as_str().to_owned();
        for profile in [Profile::Both, Profile::Page, Profile::Pixel] {
            let upper = format!(" {} ", digest.to_uppercase());
            prop_assert_eq!(forms(identifier, &upper, None, profile), vec![digest.clone()]);
        }
    }

    /// In every field but names, in the Pixel's form too, and hashed before it came.
    #[test]
    fn what_says_nobody_is_sent_in_no_form(
        identifier in identifier(),
        word in prop::sample::select(vec![
            "null", "undefined", "none", "nan", "nil", "false", "true", "0", "unknown", "guest",
            "anonymous", "n/a", "[object object]", "not set", "not_provided", "{{user.id}}", "${id}",
            "%%id%%", "%id%", "<user_id>", "[user_id]", "{id}",
        ]),
        (open, close) in prop::sample::select(vec![
            ("", ""), (" ", "\n"), ("\"", "\""), ("'", "'"), ("\u{feff}", "\u{200b}"),
        ]),
        is_upper in any::<bool>(),
    ) {
        let is_name = matches!(identifier, Identifier::FirstName | Identifier::LastName);
        prop_assume!(!is_name);
        let word = if is_upper { word.to_uppercase() } else { word.to_owned() };
        let text = format!("{open}{word}{close}");
        for profile in [Profile::Both, Profile::Page, Profile::Pixel] {
            prop_assert_eq!(forms(identifier, &text, None, profile), Vec::<String>::new());
        }
        if !word.contains(['{', '%', '<', '[']) {
            let digest = Digest::of(&word).as_str().to_owned();
            prop_assert_eq!(forms(identifier, &digest, None, Profile::Both), Vec::<String>::new());
        }
    }
}
