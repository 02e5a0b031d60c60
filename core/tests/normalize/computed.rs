//! What Meta's parameter builder, the code behind the Pixel, makes of values.

use capi_core::event::Json;
use capi_core::user_data::{Identifier, Profile};

use crate::{cases, outcome};

/// Identifiers of which the Pixel's form is not sent, only what is recognised:
/// its code cuts the others to two letters.
const RECOGNISED: [Identifier; 3] = [Identifier::Gender, Identifier::State, Identifier::Country];

#[test]
fn the_pixels_digest_is_among_those_sent() {
    let mut count = 0;
    cases(include_str!("cases.ndjson"), |line, identifier, case| {
        let text = |key| case.get(key).and_then(Json::as_str);
        let value = case.get("value").unwrap();
        let outcome = outcome(identifier, value, None, Profile::Both);
        if let Some(code) = text("refused") {
            let codes: Vec<_> = outcome
                .refused
                .iter()
                .map(|refusal| refusal.code())
                .collect();
            assert_eq!(
                (codes, outcome.digests.len()),
                (vec![code], 0),
                "line {line}"
            );
        } else if RECOGNISED.contains(&identifier) {
            let normal = case.get("normal").unwrap();
            assert_eq!(
                outcome.texts.first().map(String::as_str),
                normal.as_str(),
                "line {line}"
            );
            assert!(outcome.texts.len() <= 1, "line {line}");
        } else if let Some(pixel) = text("pixel") {
            assert!(
                outcome.digests.iter().any(|digest| digest == pixel),
                "line {line}"
            );
        }
        count += 1;
    });
    assert_eq!(count, 491);
}

/// With the Pixel's profile, what it sends is all that is sent.
#[test]
fn the_pixels_profile_sends_what_the_pixel_sends() {
    cases(include_str!("cases.ndjson"), |line, identifier, case| {
        let value = case.get("value").unwrap();
        let is_text = value.as_str().is_some();
        if RECOGNISED.contains(&identifier) || !is_text || case.get("refused").is_some() {
            return;
        }
        let outcome = outcome(identifier, value, None, Profile::Pixel);
        let pixel = case.get("pixel").and_then(Json::as_str);
        assert_eq!(
            outcome.digests.first().map(String::as_str),
            pixel,
            "line {line}"
        );
        assert!(outcome.digests.len() <= 1, "line {line}");
    });
}
