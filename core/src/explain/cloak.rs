//! What hides a person's identifiers in an explanation, wherever they stand.
//!
//! A value mapped to an identifier is masked by its kind. The same value may
//! stand elsewhere: in a URL, in a property that goes into `custom_data`, in a
//! field that a trigger reads. So the identifiers of the event are known before
//! anything is shown, and looked for in every text; and whatever looks like an
//! e-mail address or is a value in a URL's query is masked too.

use std::borrow::Cow;

use super::mask::{HIDDEN, Mask};
use super::shown::Shown;
use super::words::{without, without_emails, without_query};
use crate::event::{Arena, Json};
use crate::field::{Field, Place};
use crate::mapping::number_text;
use crate::user_data::{Digest, Identifier};

/// So many identifiers are looked for in other texts; of an event with more,
/// every other text is hidden. A person has about twenty.
const MOST: usize = 64;

/// Shorter values stand in other texts by chance.
const SHORTEST: usize = 3;

/// Makes values showable.
pub(super) struct Cloak<'a> {
    arena: &'a Arena,
    /// Nothing is hidden: somebody asked for it.
    raw: bool,
    /// The identifiers of the event, the longest first.
    known: Vec<(&'a str, Mask)>,
    /// Where they stand.
    paths: Vec<(Box<str>, Mask)>,
}

impl<'a> Cloak<'a> {
    pub(super) const fn new(arena: &'a Arena, raw: bool) -> Self {
        Self {
            arena,
            raw,
            known: Vec::new(),
            paths: Vec::new(),
        }
    }

    /// Remembers every text of `value`, one mapped to what `mask` is for.
    pub(super) fn learn(&mut self, mask: Mask, value: Json<'a>) {
        match value {
            Json::List(items) => items.iter().for_each(|item| self.learn(mask, *item)),
            Json::Number(number) => {
                self.learn(mask, Json::Str(self.arena.text(&number_text(number))));
            }
            Json::Str(text) => {
                let text = text.trim();
                let is_new = || self.known.iter().all(|(known, _)| *known != text);
                if !self.raw
                    && !mask.is_open()
                    && mask.is_telling()
                    && text.len() >= SHORTEST
                    && self.known.len() <= MOST
                    && Digest::accept(text).is_none()
                    && is_new()
                {
                    let longer = |(known, _): &(&str, Mask)| known.len() >= text.len();
                    let place = self.known.partition_point(longer);
                    self.known.insert(place, (text, mask));
                }
            }
            _ => {}
        }
    }

    /// Remembers that what `mask` is for stands at `path`.
    pub(super) fn learn_path(&mut self, mask: Mask, path: &str) {
        if self.paths.iter().all(|(known, _)| **known != *path) {
            self.paths.push((path.into(), mask));
        }
    }

    /// The value that the event has at `path`: of an object in which identifiers
    /// stand, the keys only.
    pub(super) fn at(&self, path: &str, value: Json<'a>) -> Shown<'a> {
        let known = self.paths.iter().find(|(known, _)| **known == *path);
        if let Some((_, mask)) = known {
            return Shown(self.masked(*mask, value));
        }
        let within = |known: &str| {
            let rest = known.strip_prefix(path);
            path.is_empty() || rest.is_some_and(|rest| rest.starts_with('.'))
        };
        if !self.raw && self.paths.iter().any(|(known, _)| within(known)) {
            return Shown(self.hidden(value));
        }
        self.any(value)
    }

    /// `value` with its keys only.
    fn hidden(&self, value: Json<'a>) -> Json<'a> {
        match value {
            Json::Null => Json::Null,
            Json::Object(members) => {
                let members: Vec<_> = members
                    .iter()
                    .map(|(key, value)| (self.kept(key), self.hidden(*value)))
                    .collect();
                Json::Object(self.arena.list(&members))
            }
            _ => Json::Str(HIDDEN),
        }
    }

    /// The value of `field`, masked as what it is.
    pub(super) fn field(&self, field: Option<&Field>, value: Json<'a>) -> Shown<'a> {
        match field.map(|field| field.place) {
            Some(Place::Identifier(identifier)) => self.identifier(identifier, value),
            Some(Place::UserKey(key)) => self.user_key(key, value),
            _ => self.any(value),
        }
    }

    /// A value of an identifier, before or after normalization.
    pub(super) fn identifier(&self, identifier: Identifier, value: Json<'a>) -> Shown<'a> {
        Shown(self.masked(Mask::Identifier(identifier), value))
    }

    /// A value of a key of `user_data` that is sent as it is.
    pub(super) fn user_key(&self, key: &'static str, value: Json<'a>) -> Shown<'a> {
        Shown(self.masked(Mask::UserKey(key), value))
    }

    /// Any other value: the identifiers in its texts are masked.
    pub(super) fn any(&self, value: Json<'a>) -> Shown<'a> {
        Shown(if self.raw { value } else { self.covered(value) })
    }

    /// Meta's event as it would be sent.
    pub(super) fn sent(&self, event: Json<'a>) -> Shown<'a> {
        let (Json::Object(members), false) = (event, self.raw) else {
            return Shown(event);
        };
        let members: Vec<_> = members
            .iter()
            .map(|(key, value)| match (*key, value) {
                ("user_data", Json::Object(user)) => (*key, self.sent_user_data(user)),
                _ => (*key, self.covered(*value)),
            })
            .collect();
        Shown(Json::Object(self.arena.list(&members)))
    }

    /// Digests stay; what would leave readable is masked.
    fn sent_user_data(&self, members: &[(&'a str, Json<'a>)]) -> Json<'a> {
        let mask = |key: &str| match key {
            "client_ip_address" => Mask::UserKey("client_ip_address"),
            "client_user_agent" => Mask::UserKey("client_user_agent"),
            "partner_name" => Mask::UserKey("partner_name"),
            "fbc" | "fbp" => Mask::UserKey("fbc"),
            _ => Mask::UserKey(""),
        };
        let members: Vec<_> = members
            .iter()
            .map(|(key, value)| (*key, self.masked(mask(key), *value)))
            .collect();
        Json::Object(self.arena.list(&members))
    }

    fn masked(&self, mask: Mask, value: Json<'a>) -> Json<'a> {
        if self.raw {
            return value;
        }
        match value {
            Json::Null => Json::Null,
            Json::Str(text) => Json::Str(self.arena.text(&mask.of(text))),
            Json::Number(number) => Json::Str(self.arena.text(&mask.of(&number_text(number)))),
            Json::List(items) => {
                let items: Vec<_> = items.iter().map(|item| self.masked(mask, *item)).collect();
                Json::List(self.arena.list(&items))
            }
            Json::Bool(_) | Json::Object(_) => Json::Str(HIDDEN),
        }
    }

    fn covered(&self, value: Json<'a>) -> Json<'a> {
        match value {
            Json::Null | Json::Bool(_) => value,
            Json::Number(number) => {
                let text = number_text(number);
                match self.text(&text) {
                    Cow::Borrowed(_) => value,
                    Cow::Owned(masked) => Json::Str(self.arena.text(&masked)),
                }
            }
            Json::Str(text) => Json::Str(self.kept(text)),
            Json::List(items) => {
                let items: Vec<_> = items.iter().map(|item| self.covered(*item)).collect();
                Json::List(self.arena.list(&items))
            }
            Json::Object(members) => {
                let members: Vec<_> = members
                    .iter()
                    .map(|(key, value)| (self.kept(key), self.covered(*value)))
                    .collect();
                Json::Object(self.arena.list(&members))
            }
        }
    }

    fn kept(&self, text: &'a str) -> &'a str {
        match self.text(text) {
            Cow::Borrowed(_) => text,
            Cow::Owned(masked) => self.arena.text(&masked),
        }
    }

    /// `text` without the identifiers in it; borrowed where there are none.
    fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.known.len() > MOST {
            return Cow::Owned(HIDDEN.into());
        }
        let mut text = Cow::Borrowed(text);
        for (known, mask) in &self.known {
            if let Some(masked) = without(&text, known, &mask.of(known)) {
                text = Cow::Owned(masked);
            }
        }
        if let Some(masked) = without_emails(&text) {
            text = Cow::Owned(masked);
        }
        if let Some(masked) = without_query(&text) {
            text = Cow::Owned(masked);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(known: &[(Identifier, &str)], text: &str) -> String {
        let arena = Arena::new();
        let mut cloak = Cloak::new(&arena, false);
        for (identifier, value) in known {
            cloak.learn(Mask::Identifier(*identifier), Json::Str(value));
        }
        let text = arena.text(text);
        cloak.any(Json::Str(text)).json().as_str().unwrap().into()
    }

    #[test]
    fn a_known_identifier_is_masked_as_a_word_of_any_text() {
        let known = [
            (Identifier::FirstName, "Kim"),
            (Identifier::Email, "Kim.Lee@Example.com"),
            (Identifier::ExternalId, "cust_48213"),
            (Identifier::Country, "US"),
        ];
        for (text, shown) in [
            ("for KIM, with love", "for K***, with love"),
            ("Kimono", "Kimono"),
            ("kim.lee@example.com", "K***@E***.com"),
            ("order of cust_48213", "order of ***"),
            ("cust_482130", "cust_482130"),
            ("made in US", "made in US"),
            ("é", "é"),
        ] {
            assert_eq!(covered(&known, text), shown);
        }
    }

    #[test]
    fn addresses_and_queries_are_masked_though_nobody_mapped_them() {
        for (text, shown) in [
            ("to a.b+c@d.example, soon", "to a***@d***.example, soon"),
            (
                "https://x.example/p?a=1&fbclid=AbC&z",
                "https://x.example/p?a=***&fbclid=***&***",
            ),
            (
                "https://x.example/u/a%40b.co/x",
                "https://x.example/u/a***@b***.co/x",
            ),
            ("what? a=b", "what? a=b"),
            ("@", "@"),
        ] {
            assert_eq!(covered(&[], text), shown);
        }
    }

    #[test]
    fn with_more_identifiers_than_anybody_has_every_other_text_is_hidden() {
        let arena = Arena::new();
        let mut cloak = Cloak::new(&arena, false);
        for index in 0..1000 {
            let id = arena.text(&format!("id-{index}"));
            cloak.learn(Mask::Identifier(Identifier::ExternalId), Json::Str(id));
        }
        assert_eq!(cloak.any(Json::Str("text")).json(), Json::Str(HIDDEN));
        assert_eq!(cloak.any(Json::Bool(true)).json(), Json::Bool(true));
    }

    #[test]
    fn what_a_trigger_reads_is_masked_by_its_place() {
        let arena = Arena::new();
        let mut cloak = Cloak::new(&arena, false);
        let gender = Mask::Identifier(Identifier::Gender);
        cloak.learn_path(gender, "context.traits.gender");
        let traits = Json::parse(&arena, br#"{"gender":"f","age":{"years":40}}"#).unwrap();
        assert_eq!(
            cloak.at("context.traits", traits).json().to_text(),
            r#"{"gender":"***","age":{"years":"***"}}"#
        );
        let f = Json::Str("f");
        assert_eq!(
            cloak.at("context.traits.gender", f).json(),
            Json::Str(HIDDEN)
        );
        assert_eq!(cloak.at("context.traits.genders", f).json(), f);
    }

    proptest::proptest! {
        #[test]
        fn whatever_the_text_no_known_identifier_stands_in_it_as_a_word(
            before in "[ -~é]{0,12}",
            known in "[a-z0-9@._+-]{3,16}",
            after in "\\PC{0,12}",
        ) {
            let lower = covered(
                &[(Identifier::ExternalId, known.trim())],
                &format!("{before} {} {after}", known.to_ascii_uppercase()),
            )
            .to_ascii_lowercase();
            let stands = lower
                .split(char::is_whitespace)
                .any(|word| word == known && known.trim().len() >= SHORTEST);
            proptest::prop_assert!(!stands || known.chars().all(|c| c == '*'), "{lower}");
        }
    }

    #[test]
    fn raw_hides_nothing() {
        let arena = Arena::new();
        let mut cloak = Cloak::new(&arena, true);
        let email = Json::Str("a@b.example");
        cloak.learn(Mask::Identifier(Identifier::Email), email);
        assert_eq!(cloak.any(email).json(), email);
        assert_eq!(cloak.identifier(Identifier::Email, email).json(), email);
    }
}
