//! What an event says of a person, and where.

use super::Cloak;
use super::mask::Mask;
use super::standing::PERSONAL;
use crate::destination::Subscription;
use crate::event::Event;
use crate::explain::ExplainOptions;
use crate::explain::member::member;
use crate::explain::path_read::reads;
use crate::field::app::{APP_DATA, OF_APP};
use crate::field::user_data::{IN_CONVERSATION, OF_LEAD, USER_DATA};
use crate::field::{Field, WirePath};
use crate::json::Json;
use crate::mapping::find_path;
use crate::pipeline::fbclids;
use crate::user_data::Identifier;

/// The fields that hold a person's identifiers, in each of the ways in which they are
/// prebuilt, and the objects of a mapping that hold them.
const TABLES: [(&str, &[Field]); 5] = [
    ("user_data", USER_DATA),
    ("user_data", IN_CONVERSATION),
    ("user_data", OF_LEAD),
    ("app_data_field", APP_DATA),
    ("app_data_field", OF_APP),
];

impl<'a> Cloak<'a> {
    /// A cloak that knows what the event says of a person: what the mappings of all
    /// subscriptions find for an identifier, whether they take the event or not, what
    /// is where the prebuilt mappings would look, all traits, and what is under
    /// a name that tells of a person.
    pub(in crate::explain) fn of(event: Event<'a>, setting: ExplainOptions<'a>) -> Self {
        let mut known = Known {
            cloak: Cloak::new(setting.destinations, setting.arena, setting.raw),
            event,
            setting,
        };
        for (_, field, mask) in personal() {
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
        for fbclid in fbclids(event, None) {
            known
                .cloak
                .learn(Mask::UserKey("fbc"), Json::Str(fbclid.text));
            if let Some(click) = fbclid.read(setting.arena) {
                known.cloak.learn(Mask::UserKey("fbc"), Json::Str(click));
            }
        }
        for id in ["userId", "anonymousId"] {
            known.read(Mask::Identifier(Identifier::ExternalId), id);
        }
        for path in PERSONAL {
            if let Some(traits) = find_path(path, event.root()) {
                known.traits("", traits);
            }
        }
        known.telling(event.root());
        known.cloak.seal();
        known.cloak
    }
}

/// The fields of a person's identifiers, each with the object that it is of.
fn personal() -> impl Iterator<Item = (&'static str, &'static Field, Mask)> {
    let fields = TABLES.into_iter();
    fields.flat_map(|(object, fields)| {
        fields.iter().filter_map(move |field| {
            let mask = match field.place {
                WirePath::Identifier(identifier) => Mask::Identifier(identifier),
                WirePath::UserKey(key) => Mask::UserKey(key),
                _ => return None,
            };
            Some((object, field, mask))
        })
    })
}

struct Known<'a> {
    cloak: Cloak<'a>,
    event: Event<'a>,
    setting: ExplainOptions<'a>,
}

impl<'a> Known<'a> {
    fn default_of(&self, field: &Field) -> Option<Json<'a>> {
        let default = field.default?;
        Json::parse(self.setting.arena, default.as_bytes()).ok()
    }

    /// What the mapping of `subscription` reads and what it makes of it.
    fn subscription(&mut self, subscription: &'a Subscription) {
        let ExplainOptions { arena, .. } = self.setting;
        let mapping = Json::parse(arena, subscription.mapping.text().as_bytes());
        let mapping = mapping.unwrap_or(Json::Null);
        let root = self.event.root();
        let draft = subscription.mapping.resolve_each(root, arena, &mut |_| {});
        let draft = draft.value;
        let part = |whole: Json<'a>, object: &str| whole.get(object).unwrap_or(Json::Null);
        for (object, field, mask) in personal() {
            if let Some(value) = member(part(draft, object), field) {
                self.cloak.learn(mask, value);
            }
            let own = member(part(mapping, object), field);
            if let Some(own) = own.filter(|own| Some(*own) != self.default_of(field)) {
                self.mapped(mask, own);
            }
        }
    }

    /// The paths that a mapping of an identifier reads.
    fn mapped(&mut self, mask: Mask, mapping: Json<'a>) {
        let ExplainOptions { arena, .. } = self.setting;
        for read in reads(mapping, 0, self.event.root(), arena) {
            self.read(mask, &read.path);
        }
    }

    fn read(&mut self, mask: Mask, path: &str) {
        if let Some(value) = find_path(path, self.event.root()) {
            self.cloak.learn(mask, value);
            self.cloak.learn_path(mask, path);
        }
    }

    /// What is said of the person, of whatever kind.
    fn traits(&mut self, key: &str, value: Json<'a>) {
        match value {
            Json::Object(members) => members
                .iter()
                .for_each(|(key, value)| self.traits(key, *value)),
            Json::List(items) => items.iter().for_each(|item| self.traits(key, *item)),
            _ => self.cloak.learn(kind_of(key), value),
        }
    }

    /// What is under a name that tells of a person.
    fn telling(&mut self, value: Json<'a>) {
        match value {
            Json::Object(members) => {
                for (key, value) in members {
                    if self.cloak.is_sensitive(key) {
                        self.traits(key, *value);
                    } else {
                        self.telling(*value);
                    }
                }
            }
            Json::List(items) => items.iter().for_each(|item| self.telling(*item)),
            _ => {}
        }
    }
}

/// What a trait of no known kind is taken for, by the end of its name.
fn kind_of(key: &str) -> Mask {
    let key = key.to_ascii_lowercase();
    let ends: [(&str, Mask); 5] = [
        ("name", Mask::Name),
        ("phone", Mask::Identifier(Identifier::Phone)),
        ("mobile", Mask::Identifier(Identifier::Phone)),
        ("tel", Mask::Identifier(Identifier::Phone)),
        ("email", Mask::Identifier(Identifier::Email)),
    ];
    let found = ends.into_iter().find(|(end, _)| key.ends_with(end));
    found.map_or(Mask::Trait, |(_, mask)| mask)
}
