//! Which fields a rule is about.

use crate::field::{Field, FieldType, WirePath};
use crate::user_data::Identifier;

/// What a rule is about.
#[derive(Clone, Copy, Debug)]
pub enum Concern {
    /// The event as a whole.
    Event,
    /// Every field.
    Every,
    /// Every field that an action requires, and those with these paths, which some
    /// events need whichever action makes them.
    Required(&'static [&'static str]),
    /// Every field that has choices.
    Choices,
    /// Every field that takes a list.
    Lists,
    /// Every field that is a time, an action's own too.
    Times,
    /// Every object whose keys are known.
    Objects,
    /// These identifiers.
    Identifiers(&'static [Identifier]),
    /// The fields with these paths, in Meta's keys.
    Fields(&'static [&'static str]),
}

/// The times of every event, and of those that add to others.
const TIMES: [&str; 4] = [
    "event_time",
    "original_event_data.event_time",
    "attribution_data.touchpoint_ts",
    "attribution_data.visit_time",
];

impl Concern {
    /// Whether it is about `field`, which is under `path` and is required by
    /// some action or not.
    #[must_use]
    pub fn includes(self, path: &str, field: &Field, is_required: bool) -> bool {
        match self {
            Self::Event => false,
            Self::Every => true,
            Self::Required(paths) => is_required || paths.contains(&path),
            Self::Choices => !field.choices.is_empty(),
            Self::Lists => field.multiple,
            Self::Times => field.kind == FieldType::Datetime,
            Self::Objects => !field.properties.is_empty(),
            Self::Identifiers(identifiers) => {
                matches!(field.place, WirePath::Identifier(one) if identifiers.contains(&one))
            }
            Self::Fields(paths) => paths.contains(&path),
        }
    }

    /// Whether it names its fields.
    pub(crate) const fn is_of_few(self) -> bool {
        matches!(self, Self::Identifiers(_) | Self::Times | Self::Fields(_))
    }

    /// What it is about, in words: paths, or what the fields have in common.
    #[must_use]
    pub fn described(self) -> String {
        match self {
            Self::Event => "the event".to_owned(),
            Self::Every => "every field".to_owned(),
            Self::Required(_) => "required fields".to_owned(),
            Self::Choices => "fields with choices".to_owned(),
            Self::Lists => "fields that take a list".to_owned(),
            Self::Objects => "objects whose keys are known".to_owned(),
            Self::Identifiers(identifiers) if identifiers == Identifier::ALL => {
                "every identifier".to_owned()
            }
            Self::Identifiers(identifiers) if identifiers.len() > Identifier::ALL.len() / 2 => {
                let others: Vec<_> = Identifier::ALL
                    .into_iter()
                    .filter(|identifier| !identifiers.contains(identifier))
                    .map(Identifier::key)
                    .collect();
                format!("every identifier but {}", others.join(", "))
            }
            Self::Identifiers(_) | Self::Times | Self::Fields(_) => self.paths().join(", "),
        }
    }

    /// The paths of its fields, where it names them.
    #[must_use]
    pub fn paths(self) -> Vec<String> {
        match self {
            Self::Identifiers(identifiers) => identifiers
                .iter()
                .map(|identifier| format!("user_data.{}", identifier.key()))
                .collect(),
            Self::Fields(paths) => paths.iter().copied().map(str::to_owned).collect(),
            Self::Times => TIMES.map(str::to_owned).to_vec(),
            _ => Vec::new(),
        }
    }
}
