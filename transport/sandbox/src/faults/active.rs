//! The rules in force, with what is left of them.

use std::time::Instant;

use super::rule::{Answer, FaultRule};
use crate::rules::Item;

#[derive(Debug, Default)]
pub(crate) struct ActiveFaults(Vec<ActiveRule>);

#[derive(Debug)]
struct ActiveRule {
    rule: FaultRule,
    /// Requests still to meet; `None` for any number.
    left: Option<u64>,
    until: Option<Instant>,
}

impl ActiveFaults {
    pub(crate) fn new(rules: Vec<FaultRule>) -> Self {
        let now = Instant::now();
        let start = |rule: FaultRule| ActiveRule {
            left: rule.times,
            // A time past what the clock can hold never comes.
            until: rule.lasting.and_then(|lasting| now.checked_add(lasting)),
            rule,
        };
        Self(rules.into_iter().map(start).collect())
    }

    /// The answer of the first rule that applies, which is thereby used once.
    pub(crate) fn pick(&mut self, dataset: &str, items: &[Item]) -> Option<Answer> {
        let ActiveRule { rule, left, .. } = self.0.iter_mut().find(|active| {
            active.left != Some(0)
                && active.until.is_none_or(|until| Instant::now() < until)
                && active.rule.applies_to(dataset, items)
        })?;
        if let Some(left) = left {
            *left -= 1;
        }
        Some(rule.answer.clone())
    }
}
