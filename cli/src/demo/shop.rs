//! What a shop's visitors do in an afternoon, as the calls that its clients
//! make of it.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::customers::CUSTOMERS;
use super::visit::{Call, Expect, Visit};
use super::wrong;

/// Every so many calls one is wrong.
const WRONG_EVERY: u32 = 33;

/// Every so many calls one comes a second time.
const REPEAT_EVERY: u32 = 71;

/// A step on the way to an order: the weight of how often it happens, and how
/// it looks.
type Step = (u32, fn(&mut Visit) -> (Value, Expect));

const STEPS: &[Step] = &[
    (40, Visit::page),
    (22, Visit::viewed),
    (11, Visit::searched),
    (10, Visit::added),
    (6, Visit::checkout),
    (6, Visit::ordered),
    (3, Visit::identified),
    (2, Visit::coupon),
];

/// The afternoon: `count` calls before `now`, the same for every run but for
/// its time.
pub(super) fn afternoon(count: u32, now: Timestamp) -> Vec<Call> {
    let mut random = fastrand::Rng::with_seed(17);
    let mut calls: Vec<Call> = Vec::with_capacity(count as usize);
    for number in 0..count {
        let ago = i64::from(count - number) * 14_400 / i64::from(count);
        let time = now - SignedDuration::from_secs(ago);
        let customer = &CUSTOMERS[random.usize(..CUSTOMERS.len())];
        let mut visit = Visit {
            number,
            time,
            customer,
            random: random.fork(),
        };
        let call = if number % WRONG_EVERY == WRONG_EVERY - 1 {
            wrong::call(&mut visit, number / WRONG_EVERY)
        } else if number % REPEAT_EVERY == REPEAT_EVERY - 1
            && let Some(before) = repeated(&calls)
        {
            before
        } else {
            // The first few show one of each; then they come as they come.
            let step = match STEPS.get(number as usize) {
                Some(step) => step,
                None => step(&mut visit.random),
            };
            let (event, expect) = (step.1)(&mut visit);
            visit.call(&event, expect)
        };
        calls.push(call);
    }
    calls
}

/// A delivered call of a while ago, sent once more, as a client does that did
/// not hear the answer.
fn repeated(calls: &[Call]) -> Option<Call> {
    let before = calls
        .iter()
        .rev()
        .skip(20)
        .find(|call| call.expect.is_delivered())?;
    Some(Call {
        text: before.text.clone(),
        message_id: before.message_id.clone(),
        expect: Expect::Duplicate,
    })
}

/// A step, as often as it happens.
fn step(random: &mut fastrand::Rng) -> &'static Step {
    let all: u32 = STEPS.iter().map(|(weight, _)| weight).sum();
    let mut at = random.u32(..all);
    STEPS
        .iter()
        .find(|(weight, _)| {
            let here = at < *weight;
            at = at.saturating_sub(*weight);
            here
        })
        .unwrap_or(&STEPS[0])
}
