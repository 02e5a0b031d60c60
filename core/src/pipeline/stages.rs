//! What the steps hand on: one event of one subscription. Each step makes another type
//! of it, as the customer's identifiers change theirs.

use jiff::Timestamp;

use super::diagnostics::Diagnostics;
use super::draft::Draft;
use crate::Spec;
use crate::destination::{Destination, Subscription};
use crate::event::Event;
use crate::field::Field;
use crate::json::{Arena, Json};
use crate::mapping::{Candidates, Mapping, number_text};
use crate::user_data::{Digest, Normal};

/// An event that a subscription takes, with all that the steps may ask of it.
///
/// It is `Copy` and borrows everything: an event that fans out to ten
/// subscriptions is not cloned once.
#[derive(Clone, Copy)]
pub struct Routed<'a> {
    /// The event.
    pub event: Event<'a>,
    /// The destination that gets it.
    pub destination: &'a Destination,
    /// The subscription of that destination whose trigger matched.
    pub subscription: &'a Subscription,
    /// What time it is.
    pub now: Timestamp,
    /// Where the steps allocate.
    pub arena: &'a Arena,
}

/// What the steps behind mapping may ask of a conversion, whatever it was made
/// from: an event, or a dead letter that somebody repaired.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) destination: &'a Destination,
    pub(crate) action: &'static Spec,
    /// The event whose page or properties may give the click id that the draft
    /// does not have.
    pub(crate) click_id_from: Option<Event<'a>>,
    /// The name that the event came with; nothing of one that is repaired.
    pub(crate) source_event: Option<&'a str>,
    /// What the draft was mapped by, for what is behind a value that cannot be used.
    pub(crate) sources: Option<Sources<'a>>,
    /// How many values of one identifier are taken.
    pub(crate) most_values: usize,
    pub(crate) now: Timestamp,
    pub(crate) arena: &'a Arena,
}

impl<'a> Context<'a> {
    /// The id of the message that the conversion is made of.
    pub(crate) fn message_id(&self) -> Option<&'a str> {
        match self.sources?.event.get("messageId")? {
            Json::Str(id) => Some(id),
            Json::Number(id) => Some(self.arena.text(&number_text(id))),
            _ => None,
        }
    }
}

/// A mapping and its event.
#[derive(Clone, Copy)]
pub(crate) struct Sources<'a> {
    pub(crate) mapping: &'a Mapping,
    pub(crate) event: Event<'a>,
}

impl<'a> Sources<'a> {
    /// What the mapping has for `property` of `object` behind `refused`, which it gave.
    pub(crate) fn behind(
        self,
        object: &Field,
        property: &Field,
        refused: Json<'a>,
        arena: &'a Arena,
    ) -> Candidates<'a> {
        self.mapping.candidates(
            &[&|key| object.answers_to(key), &|key| {
                property.answers_to(key)
            }],
            refused,
            self.event.root(),
            arena,
        )
    }

    /// What the mapping has for `field`, which is in no object, behind `refused`.
    pub(crate) fn behind_field(
        self,
        field: &Field,
        refused: Json<'a>,
        arena: &'a Arena,
    ) -> Candidates<'a> {
        let way: [&dyn Fn(&str) -> bool; 1] = [&|key| field.answers_to(key)];
        self.mapping
            .candidates(&way, refused, self.event.root(), arena)
    }

    /// Whether `field` is mapped as the action does it.
    pub(crate) fn is_prebuilt(self, field: &Field, arena: &'a Arena) -> bool {
        let read = |text: &'a str| Json::parse(arena, text.as_bytes()).ok();
        let mapping = read(self.mapping.text()).and_then(Json::as_object);
        let of_field = mapping.and_then(|members| {
            let mut members = members.iter();
            members.find(|(key, _)| field.answers_to(key))
        });
        of_field.is_some_and(|(_, own)| field.default.and_then(read) == Some(*own))
    }
}

/// The fields of which the first value could not be used, and how many of their values
/// were passed over for the one that could: those of `user_data` by Meta's keys, those of
/// `custom_data` by their own.
pub(crate) type Passed = Vec<(&'static str, usize)>;

/// How many values of one identifier an event may have. Each becomes up to two hashes.
pub(crate) const MOST_VALUES: usize = 20;

/// A conversion whose mapping was resolved: a draft of Meta's event in the
/// action's own field keys, not yet checked.
pub struct Mapped<'a> {
    pub(crate) context: Context<'a>,
    /// An object of the action's fields.
    pub(crate) draft: Json<'a>,
    pub(crate) findings: Diagnostics,
}

/// A conversion whose fields are of their types. Its identifiers are raw: this
/// type and the next have no way to text.
pub struct Validated<'a> {
    pub(crate) context: Context<'a>,
    pub(crate) draft: Draft<'a>,
    /// By [`Identifier`](crate::user_data::Identifier).
    pub(crate) identifiers: [Option<Json<'a>>; 11],
    pub(crate) passed: Passed,
    pub(crate) findings: Diagnostics,
}

/// A conversion whose identifiers are normalized, or were hashed already.
pub struct Normalized<'a> {
    pub(crate) context: Context<'a>,
    pub(crate) draft: Draft<'a>,
    pub(crate) identifiers: [&'a [Normal<'a>]; 11],
    /// What they were normalized from, those that could not be used with the one that
    /// could.
    pub(crate) raw: [Option<Json<'a>>; 11],
    pub(crate) passed: Passed,
    pub(crate) findings: Diagnostics,
}

/// A conversion whose identifiers are hashed. What else it holds may still be
/// free text with anything in it: this type has no way to text either.
pub struct Hashed<'a> {
    pub(crate) context: Context<'a>,
    pub(crate) draft: Draft<'a>,
    pub(crate) identifiers: [&'a [Digest]; 11],
    pub(crate) findings: Diagnostics,
}

/// A conversion whose free text was scrubbed. From here on nothing raw is left,
/// and only such a conversion becomes an event or a rejected one.
pub struct Scrubbed<'a> {
    pub(crate) context: Context<'a>,
    pub(crate) draft: Draft<'a>,
    /// By [`Identifier`](crate::user_data::Identifier).
    pub(crate) identifiers: [&'a [Digest]; 11],
    pub(crate) findings: Diagnostics,
}

impl Scrubbed<'_> {
    /// Leaves out the key `key` of `user_data`, one of those that leave as they are.
    pub(crate) fn drop_user_key(&mut self, key: &str) {
        self.draft.user_keys = without(self.draft.user_keys, key, self.context.arena);
    }

    /// Leaves out the key `key` of the event itself, one of those that leave as they are.
    pub(crate) fn drop_event_key(&mut self, key: &str) {
        self.draft.event_keys = without(self.draft.event_keys, key, self.context.arena);
    }
}

fn without<'a>(
    keys: &[(&'static str, Json<'a>)],
    key: &str,
    arena: &'a Arena,
) -> &'a [(&'static str, Json<'a>)] {
    let kept: Vec<_> = keys
        .iter()
        .filter(|(name, _)| *name != key)
        .copied()
        .collect();
    arena.list(&kept)
}
