//! Which identifiers an event has, and where.

use super::Setting;
use super::cloak::Cloak;
use super::field::member;
use super::mask::Mask;
use super::source::sources;
use crate::destination::Subscription;
use crate::event::{Event, Json};
use crate::field::user_data::USER_DATA;
use crate::field::{Field, Place};
use crate::user_data::Identifier;

/// A cloak that knows every identifier of the event: those that the mappings of
/// all subscriptions find, whether they take the event or not, and those where
/// the prebuilt mappings would look.
pub(super) fn cloak<'a>(event: Event<'a>, setting: Setting<'a>) -> Cloak<'a> {
    let mut known = Known {
        cloak: Cloak::new(setting.arena, setting.raw),
        event,
        setting,
    };
    for (field, mask) in personal() {
        if let Some(mapping) = known.default_of(field) {
            known.mapped(mask, mapping);
        }
    }
    let subscriptions = setting.destinations.iter();
    for subscription in subscriptions.flat_map(|of| &*of.subscriptions) {
        known.subscription(subscription);
    }
    for object in ["properties", "context"] {
        known.read(Mask::UserKey("fbc"), &format!("{object}.fbclid"));
    }
    for id in ["userId", "anonymousId"] {
        known.read(Mask::Identifier(Identifier::ExternalId), id);
    }
    known.cloak
}

/// The fields that hold a person's identifiers.
fn personal() -> impl Iterator<Item = (&'static Field, Mask)> {
    USER_DATA.iter().filter_map(|field| {
        let mask = match field.place {
            Place::Identifier(identifier) => Mask::Identifier(identifier),
            Place::UserKey(key) => Mask::UserKey(key),
            _ => return None,
        };
        Some((field, mask))
    })
}

struct Known<'a> {
    cloak: Cloak<'a>,
    event: Event<'a>,
    setting: Setting<'a>,
}

impl<'a> Known<'a> {
    fn default_of(&self, field: &Field) -> Option<Json<'a>> {
        let default = field.default?;
        Json::parse(self.setting.arena, default.as_bytes()).ok()
    }

    /// What the mapping of `subscription` reads and what it makes of it.
    fn subscription(&mut self, subscription: &'a Subscription) {
        let Setting { arena, .. } = self.setting;
        let object = |whole: Json<'a>| whole.get("user_data").unwrap_or(Json::Null);
        let mapping = Json::parse(arena, subscription.mapping.text().as_bytes());
        let mapping = object(mapping.unwrap_or(Json::Null));
        let root = self.event.root();
        let draft = subscription.mapping.resolve_each(root, arena, &mut |_| {});
        let draft = object(draft);
        for (field, mask) in personal() {
            if let Some(value) = member(draft, field) {
                self.cloak.learn(mask, value);
            }
            let own = member(mapping, field);
            if let Some(own) = own.filter(|own| Some(*own) != self.default_of(field)) {
                self.mapped(mask, own);
            }
        }
    }

    /// The paths that a mapping of an identifier reads.
    fn mapped(&mut self, mask: Mask, mapping: Json<'a>) {
        let Setting { arena, .. } = self.setting;
        for source in sources(mapping, self.event.root(), arena) {
            self.read(mask, &source.path);
        }
    }

    fn read(&mut self, mask: Mask, path: &str) {
        let keys: Vec<&str> = path.split('.').collect();
        if let Some(value) = self.event.root().at(&keys) {
            self.cloak.learn(mask, value);
            self.cloak.learn_path(mask, path);
        }
    }
}
