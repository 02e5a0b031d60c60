//! Every case holds, and what the languages say of themselves is true of every
//! statement among them.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::BTreeSet;

use capi_conformance::SETS;
use capi_core::event::{Arena, Json};
use capi_core::mapping::directives;
use capi_core::trigger::{Trigger, TriggerIndex};
use capi_core::user_data::ValueError;

#[test]
fn every_case_holds() {
    for set in SETS {
        let report = set.run();
        let faults: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        assert!(
            report.cases > 100,
            "{} lost its cases: {}",
            set.name,
            report.cases
        );
        for difference in &report.differences {
            assert_eq!(
                difference.others.len(),
                set.systems.len(),
                "{}",
                difference.case
            );
        }
    }
}

/// The texts of `key` in the cases of a file.
fn texts(file: &str, key: &str) -> BTreeSet<String> {
    let arena = Arena::new();
    let cases = file
        .lines()
        .map(|line| Json::parse(&arena, line.as_bytes()));
    cases
        .filter_map(|case| Some(case.unwrap().get(key)?.as_str()?.to_owned()))
        .collect()
}

#[test]
fn every_refusal_of_an_identifier_has_a_case() {
    let mut refused = texts(include_str!("../identifiers/published.ndjson"), "refused");
    refused.extend(texts(
        include_str!("../identifiers/compared.ndjson"),
        "refused",
    ));
    refused.extend(texts(
        include_str!("../identifiers/nobody.ndjson"),
        "refused",
    ));
    refused.extend(texts(
        include_str!("../identifiers/exported.ndjson"),
        "refused",
    ));
    for refusal in ValueError::ALL {
        assert!(refused.contains(refusal.code()), "{}", refusal.code());
    }
}

#[test]
fn every_directive_has_a_case() {
    let cases = include_str!("../mappings.ndjson");
    for name in directives() {
        let uses = cases.matches(&format!("\"{name}\"")).count();
        assert!(uses > 5, "{name}: {uses}");
    }
}

/// Calls `check` with each statement of `triggers.ndjson` and its event.
fn statements(mut check: impl FnMut(&Trigger, Json<'_>)) {
    let arena = Arena::new();
    let mut event = Json::Null;
    for line in include_str!("../triggers.ndjson").lines() {
        let case = Json::parse(&arena, line.as_bytes()).unwrap();
        if let Some(own) = case.get("event") {
            event = own;
        }
        let statement = case.get("trigger").and_then(Json::as_str);
        if let Some(Ok(trigger)) = statement.map(Trigger::parse) {
            check(&trigger, event);
        }
    }
}

#[test]
fn the_index_leaves_out_no_trigger_that_matches() {
    let mut left_out = 0;
    statements(|trigger, event| {
        let index = TriggerIndex::new([trigger]);
        let is_candidate = index.candidates(event).next().is_some();
        assert!(
            is_candidate || !trigger.matches(event),
            "{}",
            trigger.text()
        );
        left_out += u32::from(!is_candidate);
    });
    assert!(left_out > 10, "the index left out {left_out} only");
}

#[test]
fn a_formatted_statement_means_the_same() {
    statements(|trigger, event| {
        let form = trigger.to_string();
        let again = Trigger::parse(&form).unwrap_or_else(|error| panic!("{form}: {error}"));
        assert_eq!(again.matches(event), trigger.matches(event), "{form}");
        assert_eq!(again.to_string(), form);
    });
}

#[test]
fn an_explanation_gives_the_answer() {
    statements(|trigger, event| {
        assert_eq!(
            trigger.explain(event).holds,
            trigger.matches(event),
            "{}",
            trigger.text()
        );
    });
}
