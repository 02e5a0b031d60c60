//! Counting on both sides: what went in, what came out, and whether they agree.

use std::collections::{BTreeMap, HashMap};

use capi_sandbox::Stats;
use serde_json::Value;

use super::send::Rejected;
use super::visit::{Call, Expect};

/// What happened.
pub(super) struct Tally {
    pub(super) received: usize,
    pub(super) converted: BTreeMap<&'static str, usize>,
    pub(super) rejected: BTreeMap<String, usize>,
    pub(super) unmatched: usize,
    pub(super) duplicates: usize,
    pub(super) delivered: usize,
    pub(super) graph: Stats,
    /// The delivered events by their ids.
    pub(super) at_meta: HashMap<String, Value>,
    /// Where the two sides disagree.
    pub(super) faults: Vec<String>,
}

pub(super) fn count(calls: &[Call], answers: &[Rejected], events: &str, graph: Stats) -> Tally {
    let mut tally = Tally {
        received: calls.len(),
        converted: BTreeMap::new(),
        rejected: BTreeMap::new(),
        unmatched: 0,
        duplicates: 0,
        delivered: 0,
        graph,
        at_meta: HashMap::new(),
        faults: Vec::new(),
    };
    arrivals(&mut tally, events);
    // An event may have several reasons; it is rejected for the first.
    let mut reasons: HashMap<usize, &str> = HashMap::new();
    for answer in answers {
        reasons.entry(answer.index).or_insert(&answer.code);
    }
    for (index, call) in calls.iter().enumerate() {
        let reason = reasons.get(&index).copied();
        let arrived = tally
            .at_meta
            .get(&call.message_id)
            .map(|event| &event["event_name"]);
        let fault = match call.expect {
            Expect::Delivered { action, name } => {
                *tally.converted.entry(action).or_default() += 1;
                match (reason, arrived) {
                    (Some(code), _) => Some(format!("was rejected with {code}")),
                    (None, None) => Some("did not arrive".to_owned()),
                    (None, Some(at_meta)) if at_meta != name => {
                        Some(format!("arrived as {at_meta}"))
                    }
                    _ => None,
                }
            }
            Expect::Rejected(code) => {
                *tally
                    .rejected
                    .entry(reason.unwrap_or("(none)").to_owned())
                    .or_default() += 1;
                (reason != Some(code)).then(|| {
                    format!(
                        "should be rejected with {code} but was with {}",
                        reason.unwrap_or("nothing")
                    )
                })
            }
            Expect::Unmatched => {
                tally.unmatched += 1;
                (reason.is_some() || arrived.is_some()).then(|| "should match nothing".to_owned())
            }
            Expect::Duplicate => {
                tally.duplicates += 1;
                reason.map(|code| format!("is a duplicate but was rejected with {code}"))
            }
        };
        tally
            .faults
            .extend(fault.map(|fault| format!("event {} {fault}", call.message_id)));
    }
    let expected: usize = tally.converted.values().sum();
    if tally.delivered != expected {
        tally.faults.push(format!(
            "{expected} conversions were due but {} arrived",
            tally.delivered
        ));
    }
    tally
}

/// What arrived at Meta's side, each event once.
fn arrivals(tally: &mut Tally, events: &str) {
    for line in events.lines() {
        let Ok(mut line) = serde_json::from_str::<Value>(line) else {
            tally
                .faults
                .push("a line of the sandbox is not JSON".to_owned());
            continue;
        };
        tally.delivered += 1;
        let event = line["event"].take();
        let id = event["event_id"].as_str().unwrap_or_default().to_owned();
        if tally.at_meta.insert(id.clone(), event).is_some() {
            tally.faults.push(format!("event {id} arrived twice"));
        }
    }
}
