//! Every case holds, and what the languages say of themselves is true of every
//! statement among them.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use capi_conformance::SETS;
use capi_core::event::{Arena, Json};
use capi_core::trigger::{Trigger, TriggerIndex};

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
