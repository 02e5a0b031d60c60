//! The fields of the event itself.

use jiff::Timestamp;

use super::{Cloak, Shown};
use crate::event::Event;
use crate::json::Json;
use crate::user_data::Identifier;

/// The fields of an event that are shown, in order.
const FIELDS: [&str; 7] = [
    "type",
    "event",
    "name",
    "messageId",
    "timestamp",
    "userId",
    "anonymousId",
];

impl<'a> Cloak<'a> {
    /// The event's own fields, without what it carries.
    pub(in crate::explain) fn own_fields(&self, event: Event<'a>) -> Shown<'a> {
        let members = FIELDS.into_iter().filter_map(|key| {
            let value = event.get(key).filter(|value| !value.is_blank())?;
            let shown = match key {
                // One of the few that there are.
                "type" => Shown(value),
                "timestamp" => self.time(value),
                "userId" | "anonymousId" => self.identifier(Identifier::ExternalId, value),
                _ => self.any(value),
            };
            Some((key, shown.json()))
        });
        let members: Vec<_> = members.collect();
        Shown(Json::Object(self.arena.list(&members)))
    }

    /// A value that should be a time: one that is tells of nobody, whatever digits it
    /// has.
    pub(in crate::explain) fn time(&self, value: Json<'a>) -> Shown<'a> {
        match value.as_str().map(str::parse::<Timestamp>) {
            Some(Ok(_)) => Shown(value),
            _ => self.any(value),
        }
    }
}
