//! The clauses on which a trigger's answer hangs.

use serde::Serialize;

use super::Shown;
use super::redactor::Redactor;
use crate::trigger::Clause;

/// A clause of a trigger that decided, negations included.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DecidingClause<'a> {
    /// The clause, such as `event = "Order Completed"`.
    pub clause: String,
    /// Whether it holds: of a trigger that does not match, those that fail.
    pub holds: bool,
    /// The fields that it reads.
    pub reads: Vec<Read<'a>>,
}

/// A field that a clause reads.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Read<'a> {
    /// The field.
    pub field: String,
    /// Whether the event has it.
    pub found: bool,
    /// What the event has there.
    pub value: Option<Shown<'a>>,
}

/// The clauses of `whole` that decided, in order.
pub(super) fn deciding<'a>(whole: &Clause<'a>, redactor: &Redactor<'a>) -> Vec<DecidingClause<'a>> {
    let mut found = Vec::new();
    gather(whole, false, redactor, &mut found);
    found
}

fn gather<'a>(
    clause: &Clause<'a>,
    negated: bool,
    redactor: &Redactor<'a>,
    into: &mut Vec<DecidingClause<'a>>,
) {
    if !clause.decides {
        return;
    }
    if clause.clauses.is_empty() {
        let clause_text = if negated {
            format!("!({})", clause.text)
        } else {
            clause.text.clone()
        };
        let reads = clause.reads.iter();
        into.push(DecidingClause {
            clause: clause_text,
            holds: clause.holds != negated,
            reads: reads
                .map(|(field, value)| Read {
                    field: field.clone(),
                    found: value.is_some(),
                    value: value.map(|value| redactor.at(field, value)),
                })
                .collect(),
        });
    }
    let negated = negated != (clause.text == "!");
    for part in &clause.clauses {
        gather(part, negated, redactor, into);
    }
}
