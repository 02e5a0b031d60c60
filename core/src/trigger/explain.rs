//! Why a statement holds for an event or does not.

use super::format::path;
use super::tree::{Condition, Pattern, Term};
use crate::json::Json;

/// A part of a statement beside an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause<'e> {
    /// The part as text; `and`, `or` and `!` where it has parts of its own.
    pub text: String,
    /// Whether it holds.
    pub holds: bool,
    /// Whether the answer hangs on it: had it been the other way, or all of
    /// its like together, the whole statement could have been.
    pub decides: bool,
    /// The fields that it reads, with what the event has there; `None` where
    /// the event has no such field.
    pub reads: Vec<(String, Option<Json<'e>>)>,
    /// Its parts.
    pub clauses: Vec<Self>,
}

/// Every clause of `condition`, also those that were not needed.
pub(super) fn clause<'e>(condition: &Condition, event: Json<'e>, decides: bool) -> Clause<'e> {
    let holds = condition.holds(event);
    let branch = |text: &str, conditions: &[Condition]| Clause {
        text: text.into(),
        holds,
        decides,
        reads: Vec::new(),
        clauses: conditions
            .iter()
            // Of an `and` that fails those that fail, of an `or` that holds
            // those that hold, and otherwise all.
            .map(|part| clause(part, event, decides && part.holds(event) == holds))
            .collect(),
    };
    match condition {
        Condition::All(conditions) => branch("and", conditions),
        Condition::Any(conditions) => branch("or", conditions),
        Condition::Not(inner) => Clause {
            clauses: vec![clause(inner, event, decides)],
            ..branch("!", &[])
        },
        Condition::Holds(term) => leaf(condition, &[term], event, decides),
        Condition::Compare { left, right, .. } => leaf(condition, &[left, right], event, decides),
        Condition::Within { item, list } => leaf(condition, &[item, list], event, decides),
    }
}

fn leaf<'e>(condition: &Condition, terms: &[&Term], event: Json<'e>, decides: bool) -> Clause<'e> {
    let mut reads = Vec::new();
    for term in terms {
        read(term, event, &mut reads);
    }
    Clause {
        text: condition.to_string(),
        holds: condition.holds(event),
        decides,
        reads,
        clauses: Vec::new(),
    }
}

fn read<'e>(term: &Term, event: Json<'e>, reads: &mut Vec<(String, Option<Json<'e>>)>) {
    match term {
        Term::Path(keys) => {
            let name = path(keys);
            if reads.iter().all(|(known, _)| *known != name) {
                let value = keys.iter().try_fold(event, |value, key| value.get(key));
                reads.push((name, value));
            }
        }
        Term::Literal(_) | Term::List(_) => {}
        Term::Contains { text, part } => {
            read(text, event, reads);
            read(part, event, reads);
        }
        Term::Match { text, pattern } => {
            read(text, event, reads);
            if let Pattern::Computed(pattern) = pattern {
                read(pattern, event, reads);
            }
        }
        Term::Apply(_, term) => read(term, event, reads),
    }
}

#[cfg(test)]
mod tests {
    use crate::json::{Arena, Json};
    use crate::trigger::{Clause, Trigger};

    /// The clauses that decide, as `+` or `-` and their text.
    fn deciding(statement: &str) -> Vec<String> {
        fn gather(clause: &Clause<'_>, into: &mut Vec<String>) {
            if clause.decides && clause.clauses.is_empty() {
                let sign = if clause.holds { '+' } else { '-' };
                into.push(format!("{sign}{}", clause.text));
            }
            for part in &clause.clauses {
                gather(part, into);
            }
        }
        let arena = Arena::new();
        let event = Json::parse(&arena, br#"{"a":true,"b":false}"#).unwrap();
        let mut found = Vec::new();
        gather(
            &Trigger::parse(statement).unwrap().explain(event),
            &mut found,
        );
        found
    }

    #[test]
    fn the_clauses_on_which_the_answer_hangs() {
        for (statement, expected) in [
            ("a", &["+a"][..]),
            ("a and b", &["-b"]),
            ("a and b and c", &["-b", "-c"]),
            ("a or b", &["+a"]),
            ("b or c", &["-b", "-c"]),
            ("!(a or b)", &["+a"]),
            ("a and !(b or c)", &["+a", "-b", "-c"]),
            ("b or (a and c)", &["-b", "-c"]),
        ] {
            assert_eq!(deciding(statement), expected, "{statement}");
        }
    }

    #[test]
    fn a_clause_shows_what_it_read() {
        let arena = Arena::new();
        let event = Json::parse(&arena, br#"{"event":"A b","n":null}"#).unwrap();
        let trigger = Trigger::parse("match(lowercase(event), n.x) and n = event").unwrap();
        let whole = trigger.explain(event);
        assert_eq!((whole.text.as_str(), whole.holds), ("and", false));
        assert_eq!(
            whole.clauses[0].reads,
            [
                ("event".into(), Some(Json::Str("A b"))),
                ("n.x".into(), None)
            ]
        );
        assert_eq!(
            whole.clauses[1].reads,
            [
                ("n".into(), Some(Json::Null)),
                ("event".into(), Some(Json::Str("A b")))
            ]
        );
    }
}
