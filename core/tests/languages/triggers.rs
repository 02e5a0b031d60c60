//! Cases of `triggers.ndjson`: `trigger` with `matches`, true or false, or
//! with `fails`: the column of the fault, and `suggests` where it suggests.

use capi_core::event::Json;
use capi_core::trigger::Trigger;

use crate::cases;

const FILE: &str = include_str!("triggers.ndjson");

#[test]
fn statements_hold_as_documented() {
    cases(FILE, |line, case, event| {
        let statement = case.get("trigger").and_then(Json::as_str).unwrap();
        match (Trigger::parse(statement), case.get("fails")) {
            (Ok(trigger), None) => {
                let matches = case.get("matches").and_then(Json::as_bool).unwrap();
                assert_eq!(trigger.matches(event), matches, "line {line}: {statement}");
            }
            (Err(error), Some(column)) => {
                assert_eq!(
                    column.to_text(),
                    error.column.to_string(),
                    "line {line}: {error}"
                );
                let suggestion = case.get("suggests").and_then(Json::as_str);
                assert_eq!(
                    error.suggestion.as_deref(),
                    suggestion,
                    "line {line}: {error}"
                );
            }
            (Ok(_), Some(_)) => panic!("line {line}: {statement} is taken for a statement"),
            (Err(error), None) => panic!("line {line}: {statement}: {error}"),
        }
    });
}

/// An index may skip a trigger for an event that fits none of its anchors.
#[test]
fn what_matches_fits_an_anchor() {
    let mut anchored = 0;
    cases(FILE, |line, case, event| {
        let Ok(trigger) = Trigger::parse(case.get("trigger").and_then(Json::as_str).unwrap())
        else {
            return;
        };
        let Some(anchors) = trigger.anchors() else {
            return;
        };
        anchored += 1;
        let fits = |wanted: Option<&str>, field: &str| {
            wanted.is_none_or(|wanted| event.get(field) == Some(Json::Str(wanted)))
        };
        let found = anchors
            .iter()
            .any(|anchor| fits(anchor.kind, "type") && fits(anchor.event, "event"));
        assert!(found || !trigger.matches(event), "line {line}: {anchors:?}");
    });
    assert!(anchored > 20, "only {anchored} triggers have anchors");
}
