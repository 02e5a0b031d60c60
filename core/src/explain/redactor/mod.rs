//! What hides a person's values in an explanation, wherever they stand.
//!
//! The rest of the explanation hands every value of the event to the [`Redactor`] and
//! gets back what may be [`Shown`]. Four rules, in this order:
//!
//! 1. What is at a path of a person, or goes to a field of one, is shown by its kind
//!    and its length: `<email, 15 characters>`.
//! 2. Any other text that holds one of these values is shown by its length.
//! 3. Digests are shortened: whoever knows a value can find its digest.
//! 4. The rest of a text is what the Scrub step leaves of it.

mod known;
mod spelling;

pub(super) use known::kind_of;

use std::borrow::Cow;

use self::known::{Known, is_open};
use super::path_read::{PathRead, below};
use super::{ExplainOptions, Shown};
use crate::destination::SensitiveKeys;
use crate::event::Event;
use crate::free_text::{self, Cards, url};
use crate::json::{Arena, Json};
use crate::mapping::{number_text, without_root};
use crate::user_data::Digest;

/// The kind of what is personal and of no field.
pub(super) const PERSONAL: &str = "personal data";

/// Keys under which the event says who somebody is, beside those whose names tell.
const OF_A_PERSON: [&str; 3] = ["traits", "externalId", "externalIds"];

/// More digits in a key are a value rather than a name.
const MOST_DIGITS_OF_A_KEY: usize = 6;

/// How much of a digest is shown: enough to compare two of them.
const DIGEST_PREFIX: usize = 8;

/// Paths at which personal values stand, each with the kind of the value.
type Paths<'p> = [(Box<str>, &'p str)];

/// Makes values showable.
pub(super) struct Redactor<'a> {
    arena: &'a Arena,
    /// Nothing is hidden: the caller asked for it.
    raw: bool,
    /// Which names of keys tell of a person: of each destination, and in any case those
    /// of the table.
    names: Vec<Cow<'a, SensitiveKeys>>,
    known: Known,
}

impl<'a> Redactor<'a> {
    /// Knows what `event` says of a person.
    pub(super) fn new(event: Event<'a>, setting: ExplainOptions<'a>) -> Self {
        let destinations = setting.destinations.iter();
        let names = destinations.map(|of| Cow::Borrowed(&of.scrubbing.names));
        let mut redactor = Self {
            arena: setting.arena,
            raw: setting.raw,
            names: names
                .chain([Cow::Owned(SensitiveKeys::default())])
                .collect(),
            known: Known::default(),
        };
        if !setting.raw {
            redactor.known = Known::of(event, setting, &|key| redactor.is_sensitive(key));
        }
        redactor
    }

    /// Whether what is under this key is a person's. Flattened keys have dots.
    pub(super) fn is_sensitive(&self, key: &str) -> bool {
        let is_sensitive = |part: &str| {
            OF_A_PERSON.contains(&part) || self.names.iter().any(|names| names.is_sensitive(part))
        };
        !self.raw && (is_sensitive(key) || key.split(['.', '[', ']']).any(is_sensitive))
    }

    /// Whether what is at `path` is a person's.
    pub(super) fn is_personal_at(&self, path: &str) -> bool {
        self.kind_at(without_root(path), &self.known.paths)
            .is_some()
    }

    /// Whether a value is made of a person's, by what was read for it.
    pub(super) fn is_personal(&self, reads: &[PathRead]) -> bool {
        let holds = |path: &str| {
            let mut paths = self.known.paths.iter().map(|(known, _)| &**known);
            let is_whole = matches!(path, "" | "$" | "context");
            is_whole || paths.any(|known| is_within(known, path))
        };
        let is_of = |read: &PathRead| self.is_personal_at(&read.path) || holds(&read.path);
        !self.raw && reads.iter().any(|read| read.used && is_of(read))
    }

    /// The value that the event has at `path`.
    pub(super) fn at(&self, path: &str, value: Json<'a>) -> Shown<'a> {
        self.shown(without_root(path), value, &self.known.paths)
    }

    /// A value that is at no path of the event.
    pub(super) fn any(&self, value: Json<'a>) -> Shown<'a> {
        self.shown("", value, &[])
    }

    /// A value of `kind`, by its length.
    pub(super) fn hidden(&self, kind: &'static str, value: Json<'a>) -> Shown<'a> {
        if is_open(kind) {
            return self.any(value);
        }
        Shown::as_is(if self.raw {
            value
        } else {
            self.by_length(kind, value)
        })
    }

    /// Meta's event. What is at `personal`, such as `custom_data.age`, was made of a
    /// person's values.
    pub(super) fn sent(&self, event: Json<'a>, personal: &[&str]) -> Shown<'a> {
        let user_data = event.get("user_data").and_then(Json::as_object);
        let keys = user_data.unwrap_or_default().iter().map(|(key, _)| *key);
        let closed = keys.filter(|key| !is_open(key));
        let mut paths: Vec<(Box<str>, &str)> = closed
            .map(|key| (format!("user_data.{key}").into(), key))
            .chain(personal.iter().map(|path| (Box::from(*path), PERSONAL)))
            .collect();
        // Its slots have no names.
        if personal.iter().any(|path| path.starts_with("app_data.")) {
            paths.push(("app_data.extinfo".into(), PERSONAL));
        }
        self.shown("", event, &paths)
    }

    /// A digest, shortened.
    pub(super) fn digest(&self, digest: &str) -> String {
        match digest.get(..DIGEST_PREFIX) {
            Some(prefix) if !self.raw => format!("{prefix}…"),
            _ => digest.to_owned(),
        }
    }

    /// A key that the event gave.
    pub(super) fn key(&self, key: &'a str) -> &'a str {
        let digits = key.bytes().filter(u8::is_ascii_digit).count();
        let text = match digits > MOST_DIGITS_OF_A_KEY && !self.raw {
            true => Cow::Owned(by_length("key", key)),
            false => self.text(key),
        };
        self.kept(key, text)
    }

    /// A path of keys that the event gave.
    pub(super) fn path(&self, path: &str) -> String {
        match self.text(path) {
            Cow::Borrowed(_) => {
                let keys = path.split('.').map(|key| self.key(self.arena.text(key)));
                keys.collect::<Vec<_>>().join(".")
            }
            Cow::Owned(redacted) => redacted,
        }
    }

    /// `text` without what tells of a person in it.
    pub(super) fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.raw {
            return Cow::Borrowed(text);
        }
        if Digest::accept(text).is_some() {
            return Cow::Owned(self.digest(text));
        }
        let Some(kind) = self.known.find(text) else {
            return match self.scrubbed(text) {
                Cow::Owned(nothing) if nothing.is_empty() => Cow::Owned(by_length(PERSONAL, text)),
                left => left,
            };
        };
        // The page says where something happened; to whom, its query does.
        let page = text.split(['?', '#']).next().unwrap_or_default();
        let query = text.get(page.len()..).unwrap_or_default();
        if url::is_url(text) && !query.is_empty() && self.known.find(page).is_none() {
            let query = by_length("query", query);
            return Cow::Owned(format!("{}{query}", self.scrubbed(page)));
        }
        Cow::Owned(by_length(&kind, text))
    }

    /// `text` as the Scrub step leaves it.
    fn scrubbed<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut left = Cow::Borrowed(text);
        if !url::is_url(text) {
            let cut = free_text::cut(text, Cards::Any);
            return cut.map_or(left, |(_, rest)| Cow::Owned(rest));
        }
        for names in &self.names {
            if let Some(rest) = url::cut(&left, names).map(|cut| cut.rest) {
                left = Cow::Owned(rest);
            }
        }
        left
    }

    /// The kind of what is at `path`, where it is a person's.
    fn kind_at<'p>(&self, path: &str, paths: &Paths<'p>) -> Option<&'p str> {
        let is_it = |(known, _): &&(Box<str>, &str)| **known == *path || is_within(path, known);
        let found = paths.iter().find(is_it).map(|(_, kind)| *kind);
        found.or_else(|| self.is_sensitive(path).then_some(PERSONAL))
    }

    fn shown(&self, path: &str, value: Json<'a>, paths: &Paths<'_>) -> Shown<'a> {
        Shown::as_is(match self.raw {
            true => value,
            false => self.redacted(path, value, paths),
        })
    }

    fn redacted(&self, path: &str, value: Json<'a>, paths: &Paths<'_>) -> Json<'a> {
        let is_whole = matches!(value, Json::List(_) | Json::Object(_));
        // What is within may be of a kind of its own.
        let kind = self.kind_at(path, paths).filter(|_| !is_whole);
        if let Some(kind) = kind {
            return self.by_length(kind, value);
        }
        match value {
            Json::Null | Json::Bool(_) => value,
            Json::Number(number) => {
                let text = number_text(number);
                match self.known.has_number(&text) || free_text::find(&text, Cards::Any).any() {
                    true => self.by_length(PERSONAL, value),
                    false => value,
                }
            }
            Json::Str(text) => Json::Str(self.kept(text, self.text(text))),
            Json::List(items) => {
                let item = |(index, item): (usize, &Json<'a>)| {
                    self.redacted(&format!("{path}[{index}]"), *item, paths)
                };
                let items: Vec<_> = items.iter().enumerate().map(item).collect();
                Json::List(self.arena.list(&items))
            }
            Json::Object(members) => self.members(members, |key, value| {
                self.redacted(&below(path, key), value, paths)
            }),
        }
    }

    /// `value` with its keys, and of all else the length.
    fn by_length(&self, kind: &str, value: Json<'a>) -> Json<'a> {
        let text = match value {
            Json::Null => return value,
            Json::Bool(_) => Cow::Owned(format!("<{kind}>")),
            Json::Number(number) => Cow::Owned(by_length(kind, &number_text(number))),
            Json::Str(text) if text.trim().is_empty() => return value,
            Json::Str(text) if Digest::accept(text.trim()).is_some() => {
                Cow::Owned(self.digest(text.trim()))
            }
            Json::Str(text) => Cow::Owned(by_length(kind, text)),
            Json::List(items) => {
                let items: Vec<_> = items.iter().map(|it| self.by_length(kind, *it)).collect();
                return Json::List(self.arena.list(&items));
            }
            Json::Object(members) => {
                return self.members(members, |_, value| self.by_length(kind, value));
            }
        };
        Json::Str(self.kept("", text))
    }

    fn members(
        &self,
        members: &[(&'a str, Json<'a>)],
        value_of: impl Fn(&str, Json<'a>) -> Json<'a>,
    ) -> Json<'a> {
        let members = members.iter();
        let members = members.map(|(key, value)| (self.key(key), value_of(key, *value)));
        Json::Object(self.arena.list(&members.collect::<Vec<_>>()))
    }

    fn kept(&self, text: &'a str, redacted: Cow<'_, str>) -> &'a str {
        match redacted {
            Cow::Borrowed(_) => text,
            Cow::Owned(redacted) => self.arena.text(&redacted),
        }
    }
}

/// `<email, 15 characters>`
fn by_length(kind: &str, text: &str) -> String {
    match (kind, text.chars().count()) {
        // The length of its words tells them apart.
        ("gender", _) => "<gender>".to_owned(),
        (_, 1) => format!("<{kind}, 1 character>"),
        (_, count) => format!("<{kind}, {count} characters>"),
    }
}

/// Whether `path` is below `above`.
fn is_within(path: &str, above: &str) -> bool {
    let rest = path.strip_prefix(above);
    rest.is_some_and(|rest| rest.starts_with(['.', '[']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Arrival;

    impl<'a> Redactor<'a> {
        /// Of the event `text`, without a destination.
        pub(in crate::explain) fn of(text: &str, arena: &'a Arena) -> Self {
            let root = Json::parse(arena, arena.list(text.as_bytes())).unwrap();
            let now = "2026-11-24T12:00:00Z".parse().unwrap();
            let arrival = Arrival::at(now);
            let event = Event::receive(root, &arrival, arena, &mut || "made".into()).unwrap();
            let setting = ExplainOptions {
                destinations: &[],
                actions: &[],
                now,
                raw: false,
                arena,
            };
            Self::new(event, setting)
        }
    }

    fn text_beside(traits: &str, text: &str) -> String {
        let arena = Arena::new();
        let event = format!(r#"{{"type":"track","context":{{"traits":{traits}}}}}"#);
        Redactor::of(&event, &arena).text(text).into_owned()
    }

    #[test]
    fn a_text_with_a_value_of_the_person_is_shown_by_its_length() {
        let traits = r#"{"email":"Kim.Lee@Example.com","firstName":"Kim","lastName":"Leeman",
            "phone":"+1 512 555 0132","gender":"f","birthday":"1990-02-03","plan":"gold",
            "address":{"postalCode":"78701-1234","country":"US","street":"12 Secret Lane"}}"#;
        for (text, shown) in [
            ("for KIM, with love", "<text with name, 18 characters>"),
            ("Kimono", "Kimono"),
            ("kim.lee%40example.com", "<email, 21 characters>"),
            ("ordLEEMANx", "<text with name, 10 characters>"),
            ("dear Le\u{301}eman", "<text with name, 12 characters>"),
            ("call 512-555-0132", "<text with phone, 17 characters>"),
            ("19900203", "<dateOfBirth, 8 characters>"),
            ("in 78701", "<text with zip, 8 characters>"),
            ("12%2520SECRET%2520lane", "<personal data, 22 characters>"),
            ("a gold ring", "<text with personal data, 11 characters>"),
            ("f", "<gender>"),
            ("size f", "size f"),
            ("made in US", "made in US"),
            (
                "https://s.example/p?q=Kim#x",
                "https://s.example/p<query, 8 characters>",
            ),
            (
                "https://s.example/kim?q=1",
                "<text with name, 25 characters>",
            ),
        ] {
            assert_eq!(text_beside(traits, text), shown, "{text}");
        }
    }

    #[test]
    fn any_other_text_is_shown_as_it_would_be_scrubbed() {
        let digest = Digest::of("kim");
        let prefix = format!("{}…", &digest.as_str()[..DIGEST_PREFIX]);
        for (text, shown) in [
            ("Blue shoe; size = 42", "Blue shoe; size = 42"),
            ("to a.b@d.example, soon", "to, soon"),
            ("a.b@d.example", "<personal data, 13 characters>"),
            ("paid with 4111 1111 1111 1111", "paid with"),
            ("https://s.example/?a=1&email=x", "https://s.example/?a=1"),
            ("https://kim:pass@s.example/x", "https://s.example/x"),
            (digest.as_str(), prefix.as_str()),
            ("", ""),
        ] {
            assert_eq!(text_beside("{}", text), shown, "{text}");
        }
    }

    #[test]
    fn what_stands_at_a_path_of_a_person_is_shown_by_its_length() {
        let arena = Arena::new();
        let event = r#"{"type":"track","userId":"u1","traits":{"gender":"female","age":{"years":40}},
            "properties":{"ssn":"078","login":{"password":{"x":["hunter2"]}},"vip":true,"name":"Shoe",
                "n":40,"4915551234567":1,"page_scoped_user_id":7}}"#;
        let redactor = Redactor::of(event, &arena);
        let root = Json::parse(&arena, event.as_bytes()).unwrap();
        let at = |path: &str| {
            let value = crate::mapping::find_path(path, root).unwrap();
            redactor.at(path, value).json().to_text()
        };
        assert_eq!(
            at("traits"),
            r#"{"gender":"<gender>","age":{"years":"<personal data, 2 characters>"}}"#
        );
        assert_eq!(
            at("properties"),
            r#"{"ssn":"<personal data, 3 characters>","login":{"password":{"x":["<personal data, 7 characters>"]}},"vip":true,"name":"Shoe","n":40,"<key, 13 characters>":1,"page_scoped_user_id":"<page_scoped_user_id, 1 character>"}"#
        );
    }

    proptest::proptest! {
        #[test]
        fn whatever_the_text_no_value_of_the_person_stands_in_it(
            before in "[ -~é]{0,12}",
            value in "[a-z0-9]{4}[a-z0-9@._+-]{0,12}",
            after in "\\PC{0,12}",
        ) {
            let traits = format!(r#"{{"nick":"{value}"}}"#);
            let out = text_beside(&traits, &format!("{before}{}{after}", value.to_ascii_uppercase()));
            proptest::prop_assert!(!out.to_lowercase().contains(&value), "{out}");
        }
    }
}
