//! `ct`: a city.

use super::Hints;
use super::characters::{is_word, lower_without};
use super::rule::{PAGE, Rule};
use super::step::{LOWERCASE, Step};
use super::{Identifier, ValueError};

pub(super) const RULE: Rule = Rule {
    identifier: Identifier::City,
    about: "A city.",
    source: PAGE,
    steps: &[
        Step::documented("ct.lowercase", "Lower-case, composed Unicode (NFC)."),
        Step::documented(
            "ct.letters_and_digits",
            "Keep letters with their accents and digits; remove everything else.",
        ),
        Step::own("ct.has_letter", "Refuse what has no letter.").refuses(),
    ],
    pixel_steps: &[
        Step::reported(
            "ct.pixel.ascii_only",
            "Keep a to z and 0 to 9 only, so that Zürich is zrich.",
        ),
        Step::reported("ct.pixel.lowercase", LOWERCASE),
        Step::reported(
            "ct.pixel.letter_first",
            "Refuse what does not begin with a letter.",
        )
        .refuses(),
    ],
    opaque: false,
    page,
    pixel: Some(pixel),
    agreed: str::is_ascii,
};

fn page(text: &str, _: Hints<'_>, out: &mut String) -> Result<(), ValueError> {
    let start = out.len();
    lower_without(text, |character| !is_word(character), out);
    let city = &out[start..];
    if city.is_empty() || city.chars().any(char::is_alphabetic) {
        Ok(())
    } else {
        Err(ValueError::NoLetter)
    }
}

fn pixel(text: &str, out: &mut String) -> Result<(), ValueError> {
    let start = out.len();
    for run in text.split(|character: char| !character.is_ascii_alphanumeric()) {
        out.push_str(run);
    }
    out[start..].make_ascii_lowercase();
    if out[start..].starts_with(|first: char| first.is_ascii_lowercase()) {
        Ok(())
    } else {
        Err(ValueError::NoPixelForm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(text: &str) -> (Result<String, ValueError>, Option<String>) {
        let (mut one, mut other) = (String::new(), String::new());
        (
            page(text, Hints::default(), &mut one).map(|()| one),
            pixel(text, &mut other).ok().map(|()| other),
        )
    }

    #[test]
    fn a_city_keeps_its_letters_and_the_pixel_only_its_ascii_ones() {
        for (text, one, other) in [
            ("New York", "newyork", Some("newyork")),
            ("Menlo\u{200b}Park", "menlopark", Some("menlopark")),
            ("St. Paul", "stpaul", Some("stpaul")),
            ("L'Aquila", "laquila", Some("laquila")),
            ("San José", "sanjosé", Some("sanjos")),
            ("Zürich", "zürich", Some("zrich")),
            ("Zu\u{308}rich", "zürich", Some("zurich")),
            ("Frankfurt/Main", "frankfurtmain", Some("frankfurtmain")),
            ("Москва", "москва", None),
            ("29 Palms", "29palms", None),
        ] {
            assert_eq!(forms(text), (Ok(one.to_owned()), other.map(str::to_owned)));
        }
    }

    #[test]
    fn a_number_is_no_city() {
        assert_eq!(forms("75016"), (Err(ValueError::NoLetter), None));
    }
}
