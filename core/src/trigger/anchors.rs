//! What a statement says of an event's `type` and `event`: what an index of
//! triggers needs.

use super::literal::Literal;
use super::tree::{Comparison, Condition, Term};

/// More alternatives than this are not worth an index.
const MAX_ANCHORS: usize = 64;

/// One alternative: the `type` and the `event` that it asks for; `None` where
/// it asks for nothing in particular.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Anchor<'t> {
    /// The event's `type`: `track`, `page`…
    pub kind: Option<&'t str>,
    /// The event's `event`: its name.
    pub event: Option<&'t str>,
}

impl<'t> Anchor<'t> {
    /// An event that fits both, or `None` where none can.
    pub(crate) fn and(self, other: Self) -> Option<Self> {
        let both = |left: Option<&'t str>, right: Option<&'t str>| match (left, right) {
            (Some(left), Some(right)) if left != right => None,
            _ => Some(left.or(right)),
        };
        Some(Self {
            kind: both(self.kind, other.kind)?,
            event: both(self.event, other.event)?,
        })
    }
}

/// The alternatives of a condition; `None` where it may hold for any event.
pub(super) fn of(condition: &Condition) -> Option<Vec<Anchor<'_>>> {
    match condition {
        Condition::Compare {
            left,
            comparison: Comparison::Equal,
            right,
        } => {
            let anchor = match (left, right) {
                (path, Term::Literal(literal)) | (Term::Literal(literal), path) => {
                    anchor(path, literal)?
                }
                _ => return None,
            };
            Some(vec![anchor])
        }
        Condition::Within {
            item,
            list: Term::List(literals),
        } => literals
            .iter()
            .map(|literal| anchor(item, literal))
            .collect(),
        Condition::All(conditions) => {
            conditions.iter().filter_map(of).reduce(|left, right| {
                // Either side alone is a sound answer where both are too many.
                if left.len() * right.len() > MAX_ANCHORS {
                    return left;
                }
                let pairs = left
                    .iter()
                    .flat_map(|left| right.iter().map(|right| left.and(*right)));
                pairs.flatten().collect()
            })
        }
        Condition::Any(conditions) => {
            let mut anchors = Vec::new();
            for condition in conditions {
                anchors.append(&mut of(condition)?);
                if anchors.len() > MAX_ANCHORS {
                    return None;
                }
            }
            Some(anchors)
        }
        _ => None,
    }
}

fn anchor<'t>(path: &Term, literal: &'t Literal) -> Option<Anchor<'t>> {
    let (Term::Path(keys), Literal::Text(text)) = (path, literal) else {
        return None;
    };
    match &**keys {
        [key] if **key == *"type" => Some(Anchor {
            kind: Some(text),
            event: None,
        }),
        [key] if **key == *"event" => Some(Anchor {
            kind: None,
            event: Some(text),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::trigger::Trigger;

    fn anchors(statement: &str) -> Option<Vec<(String, String)>> {
        let trigger = Trigger::parse(statement).unwrap();
        let show = |part: Option<&str>| part.unwrap_or("*").to_owned();
        let anchors = trigger.anchors()?;
        Some(
            anchors
                .iter()
                .map(|anchor| (show(anchor.kind), show(anchor.event)))
                .collect(),
        )
    }

    fn pairs(pairs: &[(&str, &str)]) -> Option<Vec<(String, String)>> {
        Some(
            pairs
                .iter()
                .map(|(kind, event)| ((*kind).into(), (*event).into()))
                .collect(),
        )
    }

    #[test]
    fn equalities_are_anchors_and_alternatives_multiply() {
        assert_eq!(anchors("type = 'page'"), pairs(&[("page", "*")]));
        assert_eq!(anchors("'page' = type"), pairs(&[("page", "*")]));
        assert_eq!(
            anchors("type = 'track' and event = 'A' and properties.x > 1"),
            pairs(&[("track", "A")])
        );
        assert_eq!(
            anchors("type = 'track' and (event = 'A' or event in ['B', 'C'])"),
            pairs(&[("track", "A"), ("track", "B"), ("track", "C")])
        );
        assert_eq!(
            anchors("type = 'page' or type = 'track' and event = 'A'"),
            pairs(&[("page", "*"), ("track", "A")])
        );
    }

    #[test]
    fn what_can_hold_for_any_event_has_no_anchors() {
        for statement in [
            "properties.x",
            "type != 'track'",
            "!(type = 'track')",
            "type = 'track' or properties.x",
            "match(event, 'A*')",
            "event in ['A', null]",
            "event = null",
        ] {
            assert_eq!(anchors(statement), None, "{statement}");
        }
    }

    #[test]
    fn what_cannot_match_has_an_empty_list() {
        assert_eq!(anchors("type = 'track' and type = 'page'"), pairs(&[]));
    }

    #[test]
    fn alternatives_stay_few() {
        let many = |field: &str| {
            let terms: Vec<String> = (0..40).map(|n| format!("{field} = 'v{n}'")).collect();
            format!("({})", terms.join(" or "))
        };
        let statement = format!("{} and {}", many("type"), many("event"));
        assert_eq!(anchors(&statement).map(|anchors| anchors.len()), Some(40));
    }
}
