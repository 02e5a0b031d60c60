//! Normalization against what others publish and compute: the digests of
//! Meta's page, what Meta's parameter builder makes of the same values, and
//! laws that hold for every text. See `README.md` for the form of the cases.

#![expect(
    clippy::unwrap_used,
    reason = "a case that cannot be read fails its test"
)]

mod computed;
mod laws;
mod published;

use capi_core::event::{Arena, Json};
use capi_core::user_data::{Hints, Identifier, Normal, Profile, Refusal, normalize};

/// What becomes of `value`: the texts (or digests that came as such) and
/// their digests in order, and the reasons of what was refused.
struct Outcome {
    texts: Vec<String>,
    digests: Vec<String>,
    refused: Vec<Refusal>,
}

fn outcome(
    identifier: Identifier,
    value: Json<'_>,
    country: Option<&str>,
    profile: Profile,
) -> Outcome {
    let arena = Arena::new();
    let json = value.to_text();
    let value = Json::parse(&arena, json.as_bytes()).unwrap();
    let (mut out, mut refused) = (Vec::new(), Vec::new());
    normalize(
        identifier,
        value,
        Hints { country },
        profile,
        &arena,
        &mut out,
        &mut |refusal| refused.push(refusal),
    );
    Outcome {
        texts: out
            .iter()
            .map(|normal| match normal {
                Normal::Text(plain) => plain.expose().to_owned(),
                Normal::Hashed(digest) => digest.as_str().to_owned(),
            })
            .collect(),
        digests: out
            .iter()
            .map(|normal| normal.digest().as_str().to_owned())
            .collect(),
        refused,
    }
}

/// The cases of an NDJSON file, each with its line.
fn cases(text: &str, mut check: impl FnMut(usize, Identifier, Json<'_>)) {
    for (index, line) in text.lines().enumerate() {
        let arena = Arena::new();
        let case = Json::parse(&arena, line.as_bytes()).unwrap();
        let key = case.get("identifier").and_then(Json::as_str).unwrap();
        check(index + 1, Identifier::from_key(key).unwrap(), case);
    }
}
