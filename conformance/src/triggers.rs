//! Triggers: whether a statement takes an event, and which is not a statement.

use capi_core::event::Json;
use capi_core::trigger::Trigger;

use crate::case::{Case, each};
use crate::{Answer, Difference, Report};

pub(crate) const SYSTEMS: &[&str] = &["Segment"];

pub(crate) fn run(report: &mut Report) {
    let Report {
        cases,
        faults,
        differences,
    } = report;
    let text = include_str!("../triggers.ndjson");
    *cases = each("triggers.ndjson", text, faults, |case| {
        let statement = case.text("trigger").ok_or("no trigger")?;
        let trigger = Trigger::parse(statement);
        let ours = trigger.as_ref().map(|trigger| trigger.matches(case.event));
        let capi = match &ours {
            Ok(takes) => takes.to_string(),
            Err(_) => "error".to_owned(),
        };
        let segment = case.get("segment").map(|answer| match answer {
            Json::Str(text) => text.to_owned(),
            other => other.to_text(),
        });
        if let Some(text) = segment.filter(|segment| *segment != capi) {
            let agrees = false;
            differences.push(Difference {
                case: statement.to_owned(),
                capi: capi.clone(),
                others: vec![Some(Answer { text, agrees })],
                why: case.text("why").map(str::to_owned),
            });
        }
        match &trigger {
            Ok(_) => match case.get("matches") {
                Some(Json::Bool(wanted)) if wanted.to_string() == capi => Ok(()),
                wanted => Err(format!("{statement} should give {wanted:?}, gives {capi}")),
            },
            Err(error) => fails(case, error),
        }
    });
}

/// Whether the statement should be wrong, and just so.
fn fails(case: Case<'_>, error: &capi_core::trigger::TriggerError) -> Result<(), String> {
    let column = case.get("fails").map(Json::to_text);
    let suggests = case.text("suggests");
    if column == Some(error.column.to_string()) && suggests == error.suggestion.as_deref() {
        Ok(())
    } else {
        Err(format!(
            "should fail at {column:?} with suggestion {suggests:?}; {error}"
        ))
    }
}
