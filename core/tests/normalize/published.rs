//! The digests that Meta publishes, and the normalized examples of its page.

use capi_core::event::Json;
use capi_core::user_data::Profile;

use crate::{cases, outcome};

/// Each is the first value that is sent, and the only one of Meta's page.
#[test]
fn published_values_give_their_digests() {
    let mut count = 0;
    cases(
        include_str!("published.ndjson"),
        |line, identifier, case| {
            let text = |key| case.get(key).and_then(Json::as_str);
            let value = case.get("value").unwrap();
            for profile in [Profile::Both, Profile::Page] {
                let outcome = outcome(identifier, value, text("country"), profile);
                assert_eq!(
                    outcome.texts.first().map(String::as_str),
                    text("normal"),
                    "line {line}"
                );
                assert_eq!(
                    outcome.digests.first().map(String::as_str),
                    text("sha256"),
                    "line {line}"
                );
                assert!(outcome.refused.is_empty(), "line {line}");
                assert!(
                    profile == Profile::Both || outcome.texts.len() == 1,
                    "line {line}"
                );
            }
            count += 1;
        },
    );
    assert_eq!(count, 27);
}
