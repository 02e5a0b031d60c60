//! `external_id`: the advertiser's own id of a person.

use super::Hints;
use super::characters::{is_script_space, lower_ascii_without};
use super::rule::{NEVER, Rule};
use super::step::{LOWERCASE, Step};
use super::{Identifier, Refusal};

pub(super) const RULE: Rule = Rule {
    identifier: Identifier::ExternalId,
    about: "The advertiser's own id of a person: a user id, a loyalty number, a cookie's id.",
    source: "Meta, Customer information parameters (any form, hashing recommended); \
             the steps are those of Meta's parameter builder, so that the Pixel's id is the same",
    steps: &[
        Step::reported("external_id.spaces", "Remove white space."),
        Step::reported("external_id.lowercase", LOWERCASE),
    ],
    pixel_steps: &[],
    opaque: true,
    page,
    pixel: None,
    agreed: NEVER,
};

/// An id is compared as it stands, so nothing is done to it that the Pixel's
/// code does not do: no composing, no removal of what nobody sees.
fn page(text: &str, _: Hints<'_>, out: &mut String) -> Result<(), Refusal> {
    if text.is_ascii() {
        lower_ascii_without(text, |byte| is_script_space(char::from(byte)), out);
    } else {
        let kept: String = text.split(is_script_space).collect();
        out.push_str(&kept.to_lowercase());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_loses_its_white_space_and_its_case() {
        for (text, expected) in [
            ("  12345", "12345"),
            ("external 123", "external123"),
            ("User_ABC@X", "user_abc@x"),
            ("a\u{200b}b", "a\u{200b}b"),
            ("e\u{301}", "e\u{301}"),
            ("用户-1", "用户-1"),
        ] {
            let mut out = String::new();
            page(text, Hints::default(), &mut out).unwrap();
            assert_eq!(out, expected);
        }
    }
}
