//! What an event says of a person, and where.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::PERSONAL;
use super::spelling::{spellings, squashed};
use crate::event::Event;
use crate::explain::ExplainOptions;
use crate::explain::member::member;
use crate::explain::path_read::reads;
use crate::field::app::{APP_DATA, OF_APP};
use crate::field::user_data::{IN_CONVERSATION, OF_LEAD, USER_DATA};
use crate::field::{Field, WirePath};
use crate::json::Json;
use crate::mapping::{find_path, number_text};
use crate::pipeline::fbclids;
use crate::user_data::{Digest, Identifier};

/// The fields that hold a person's identifiers, in each of the ways in which they are
/// prebuilt, and the objects of a mapping that hold them.
const TABLES: [(&str, &[Field]); 5] = [
    ("user_data", USER_DATA),
    ("user_data", IN_CONVERSATION),
    ("user_data", OF_LEAD),
    ("app_data_field", APP_DATA),
    ("app_data_field", OF_APP),
];

/// Shorter values of no known kind are not looked for elsewhere: `41` is an age here and
/// a quantity there.
const SHORTEST: usize = 4;

/// Numbers with fewer digits are part of longer ones by chance. A telephone number is
/// known by so many at its end, whichever codes it is written with.
const FEWEST_DIGITS: usize = 7;

/// The values of a person.
#[derive(Default)]
pub(super) struct Known {
    /// Each as it is compared, with its kind.
    values: BTreeMap<String, &'static str>,
    /// Where they stand, with their kinds.
    pub(super) paths: Vec<(Box<str>, &'static str)>,
}

/// Whether values of this kind are shown as they are: they say what somebody uses and not
/// who it is.
pub(super) fn is_open(kind: &str) -> bool {
    matches!(kind, "client_user_agent" | "partner_name")
}

/// The kind of what a field holds, where that is an identifier.
pub(in crate::explain) const fn kind_of(field: &Field) -> Option<&'static str> {
    match field.place {
        // The prebuilt mappings read one part of a name to find the other.
        WirePath::Identifier(Identifier::FirstName | Identifier::LastName) => Some("name"),
        WirePath::Identifier(identifier) => Some(identifier.field()),
        WirePath::UserKey(key) => Some(key),
        _ => None,
    }
}

impl Known {
    /// What the mappings of all subscriptions read for an identifier, whether they take
    /// the event or not, what is where the prebuilt mappings would look, and what
    /// is under a key that `is_sensitive` of a person.
    pub(super) fn of<'a>(
        event: Event<'a>,
        setting: ExplainOptions<'a>,
        is_sensitive: &dyn Fn(&str) -> bool,
    ) -> Self {
        let ExplainOptions { arena, .. } = setting;
        let parsed = |text: &'a str| Json::parse(arena, text.as_bytes()).unwrap_or(Json::Null);
        let subscriptions = setting
            .destinations
            .iter()
            .flat_map(|of| &*of.subscriptions);
        let own: Vec<_> = subscriptions.map(|of| parsed(of.mapping.text())).collect();
        let mut known = Self::default();
        for (object, field) in TABLES
            .iter()
            .flat_map(|(object, fields)| fields.iter().map(move |field| (object, field)))
        {
            let Some(kind) = kind_of(field) else { continue };
            let own = own.iter().filter_map(|own| member(own.get(object)?, field));
            for mapping in own.chain(field.default.map(parsed)) {
                for read in reads(mapping, 0, event.root(), arena) {
                    known.at(kind, &read.path, event);
                }
            }
        }
        for fbclid in fbclids(event, None) {
            known.learn("fbc", Json::Str(fbclid.text));
            if let Some(click) = fbclid.read(arena) {
                known.learn("fbc", Json::Str(click));
            }
        }
        for path in ["properties.fbclid", "context.fbclid"] {
            known.at("fbc", path, event);
        }
        for path in ["userId", "anonymousId"] {
            known.at(Identifier::ExternalId.field(), path, event);
        }
        known.under_telling_keys(event.root(), is_sensitive);
        known
    }

    fn at(&mut self, kind: &'static str, path: &str, event: Event<'_>) {
        let Some(value) = find_path(path, event.root()).filter(|_| !is_open(kind)) else {
            return;
        };
        match self.paths.iter_mut().find(|(known, _)| **known == *path) {
            Some((_, known)) => *known = common(known, kind),
            None => self.paths.push((path.into(), kind)),
        }
        self.learn(kind, value);
    }

    fn under_telling_keys(&mut self, value: Json<'_>, is_sensitive: &dyn Fn(&str) -> bool) {
        match value {
            Json::Object(members) => {
                for (key, value) in members {
                    match is_sensitive(key) {
                        true => self.learn(PERSONAL, *value),
                        false => self.under_telling_keys(*value, is_sensitive),
                    }
                }
            }
            Json::List(items) => items
                .iter()
                .for_each(|item| self.under_telling_keys(*item, is_sensitive)),
            _ => {}
        }
    }

    /// Remembers everything in `value`, which is of `kind`.
    fn learn(&mut self, kind: &'static str, value: Json<'_>) {
        match value {
            _ if is_open(kind) => {}
            Json::Null | Json::Bool(_) => {}
            Json::List(items) => items.iter().for_each(|item| self.learn(kind, *item)),
            Json::Object(members) => members
                .iter()
                .for_each(|(_, value)| self.learn(kind, *value)),
            Json::Number(number) => {
                let text = number_text(number);
                if kind != PERSONAL || text.len() > SHORTEST {
                    self.learn_text(kind, &text);
                }
            }
            Json::Str(text) if Digest::accept(text.trim()).is_some() => {}
            Json::Str(text) => self.learn_text(kind, text.trim()),
        }
    }

    fn learn_text(&mut self, kind: &'static str, text: &str) {
        let mut add = |value: String| {
            let shortest = if kind == PERSONAL { SHORTEST } else { 1 };
            if value.chars().count() >= shortest {
                let known = self.values.entry(value).or_insert(kind);
                // Said in two places, it is what the one that has a kind says.
                *known = if kind == PERSONAL {
                    *known
                } else {
                    common(known, kind)
                };
            }
        };
        for text in parts(kind, text).into_iter().chain([text]) {
            let spellings = spellings(text).unwrap_or_default();
            spellings
                .iter()
                .for_each(|spelling| add(squashed(spelling)));
        }
        if kind == Identifier::Phone.field() {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            let end = digits.len().checked_sub(FEWEST_DIGITS);
            if let Some(end) = end.and_then(|at| digits.get(at..)) {
                add(end.to_owned());
            }
        }
    }

    /// The kind of the personal value that `text` is or holds.
    pub(super) fn find(&self, text: &str) -> Option<Cow<'static, str>> {
        let Some(spellings) = spellings(text) else {
            return Some("text".into());
        };
        let wholes: Vec<String> = spellings.iter().map(|of| squashed(of)).collect();
        if let Some(kind) = wholes.iter().find_map(|whole| self.values.get(whole)) {
            return Some(Cow::Borrowed(*kind));
        }
        let mut values = self.values.iter();
        let found = values.find(|(value, kind)| {
            let mut all = spellings.iter().zip(&wholes);
            all.any(|(spelling, whole)| is_in(value, kind, spelling, whole))
        });
        found.map(|(_, kind)| format!("text with {kind}").into())
    }

    /// Whether a number is a person's value or holds a long one.
    pub(super) fn has_number(&self, digits: &str) -> bool {
        self.values.keys().any(|value| match value.len() {
            FEWEST_DIGITS.. => digits.contains(value.as_str()),
            length => length >= SHORTEST && value == digits,
        })
    }
}

/// Whether `value` is in a text. The shorter it is, and the more people share it, the more
/// often it is in other texts by chance.
fn is_in(value: &str, kind: &str, spelling: &str, whole: &str) -> bool {
    let (anywhere, word) = match kind {
        "gender" => return false,
        "state" | "country" | PERSONAL => (4, 4),
        _ if value.bytes().all(|byte| byte.is_ascii_digit()) => (4, 4),
        _ => (4, 2),
    };
    match value.chars().count() {
        length if length >= anywhere => whole.contains(value),
        length if length >= word => spelling.split(' ').any(|word| word == value),
        _ => false,
    }
}

/// The kind of what is read for both: an address is read as a whole for each of its parts.
fn common(one: &'static str, other: &'static str) -> &'static str {
    if one == other { one } else { PERSONAL }
}

/// The parts of a value that tell of a person by themselves.
fn parts<'t>(kind: &str, text: &'t str) -> Vec<&'t str> {
    let is_long = |part: &&str| part.len() >= SHORTEST;
    match kind {
        "email" => text
            .rsplit_once('@')
            .map(|(local, _)| local)
            .filter(is_long)
            .into_iter()
            .collect(),
        "name" => {
            let words = text.split(|letter: char| !letter.is_alphanumeric());
            words.filter(|word| word.len() > 2).collect()
        }
        // `78701` of `78701-1234`.
        "zip" => text.split('-').next().filter(is_long).into_iter().collect(),
        // Behind its form and its time.
        "fbc" | "fbp" => text.splitn(4, '.').nth(3).into_iter().collect(),
        // Meta's parameter builder appends a part.
        "client_ip_address" => text
            .rsplit_once('.')
            .map(|(address, _)| address)
            .filter(|address| address.parse::<std::net::IpAddr>().is_ok())
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}
