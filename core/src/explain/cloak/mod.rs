//! What hides a person's identifiers in an explanation, wherever they stand.
//!
//! The rest of the explanation hands every value of the event to the [`Cloak`], each
//! with what is known of it, and gets back what may be [`Shown`]; nothing else makes
//! one.
//!
//! What is masked: the eleven identifiers, raw and normalized; of the keys that
//! are sent as they are, all but the user agent, also in the event that would be
//! sent; traits, and what is under a name that tells of a person; the same
//! values wherever else they stand, in keys too and in another spelling; e-mail
//! addresses, card numbers and the values of URL queries anywhere. Digests are
//! shown: they are what Meta gets.
//!
//! A value mapped to an identifier is masked by its kind. The same value may
//! stand elsewhere: in a URL, in a property that goes into `custom_data`, in a
//! field that a trigger reads. So what the event says of a person is known before
//! anything is shown, and looked for in every text and every key, in any spelling;
//! what is at a place of a person, or under a name that tells of one, is hidden
//! whatever it is; and whatever looks like an e-mail address or a card's number, or
//! is a value in a URL's query, is masked too.

mod address;
mod cover;
mod form;
mod known;
mod learn;
mod mask;
mod own;
mod query;
mod secrets;
mod sent;
mod shown;
mod spelling;
mod standing;

pub use shown::Shown;

use self::form::Normalizing;
use self::mask::{HIDDEN, Mask};
use self::secrets::Secrets;
use self::standing::{Standing, standing};
use super::path_read::{PathRead, below};
use crate::destination::{Destination, SensitiveKeys};
use crate::field::{Field, WirePath};
use crate::json::{Arena, Json};
use crate::mapping::number_text;
use crate::user_data::{Hints, Identifier};

/// Makes values showable.
pub(super) struct Cloak<'a> {
    arena: &'a Arena,
    /// Nothing is hidden: somebody asked for it.
    raw: bool,
    /// How the destinations normalize, each way once.
    normalizing: Vec<Normalizing<'a>>,
    /// Which names of keys tell of a person: of each destination, and in any case
    /// those of the table.
    telling: Vec<&'a SensitiveKeys>,
    table: SensitiveKeys,
    /// What the event says of a person.
    secrets: Secrets,
    /// Where that stands.
    paths: Vec<(Box<str>, Mask)>,
}

impl<'a> Cloak<'a> {
    pub(super) fn new(destinations: &'a [Destination], arena: &'a Arena, raw: bool) -> Self {
        let hints = Hints::default();
        let mut normalizing = vec![Normalizing { hints, arena }];
        for destination in destinations {
            let hints = destination.normalization.hints();
            if !normalizing.iter().any(|known| is_alike(known.hints, hints)) {
                normalizing.push(Normalizing { hints, arena });
            }
        }
        Self {
            arena,
            raw,
            normalizing,
            telling: destinations.iter().map(|of| &of.scrubbing.names).collect(),
            table: SensitiveKeys::default(),
            secrets: Secrets::default(),
            paths: Vec::new(),
        }
    }

    /// Whether a key of this name tells of a person, so that what is under it is to
    /// be hidden.
    pub(super) fn is_sensitive(&self, name: &str) -> bool {
        let mut telling = self.telling.iter();
        !self.raw
            && (self.table.is_sensitive(name) || telling.any(|names| names.is_sensitive(name)))
    }

    fn standing(&self, path: &str) -> Standing {
        standing(path, &self.paths, |name| self.is_sensitive(name))
    }

    /// The value that the event has at `path`: of what is a person's, the keys only.
    pub(super) fn at(&self, path: &str, value: Json<'a>) -> Shown<'a> {
        match self.standing(path) {
            _ if self.raw => Shown(value),
            Standing::Personal(mask @ (Mask::Identifier(_) | Mask::UserKey(_))) => {
                Shown(self.masked(mask, value))
            }
            Standing::Personal(_) => self.hidden(value),
            Standing::Above => Shown(match value {
                Json::Object(members) => {
                    let members: Vec<_> = members
                        .iter()
                        .map(|(key, value)| (self.key(key), self.at(&below(path, key), *value).0))
                        .collect();
                    Json::Object(self.arena.list(&members))
                }
                // Which item a path reads is not told apart.
                other => self.keys_only(other),
            }),
            Standing::Elsewhere => self.any(value),
        }
    }

    /// Whether what is at `path` is personal, or something below it.
    pub(super) fn is_personal_at(&self, path: &str) -> bool {
        !self.raw
            && match self.standing(path) {
                Standing::Personal(mask) => !mask.is_open(),
                Standing::Above => true,
                Standing::Elsewhere => false,
            }
    }

    /// Whether a value is made of what is at a person's place.
    pub(super) fn is_personal(&self, reads: &[PathRead]) -> bool {
        let mut used = reads.iter().filter(|read| read.used);
        used.any(|read| self.is_personal_at(&read.path))
    }

    /// `value` with its keys only.
    pub(super) fn hidden(&self, value: Json<'a>) -> Shown<'a> {
        Shown(self.keys_only(value))
    }

    fn keys_only(&self, value: Json<'a>) -> Json<'a> {
        match value {
            Json::Null => Json::Null,
            Json::Object(members) => {
                let members: Vec<_> = members
                    .iter()
                    .map(|(key, value)| (self.key(key), self.keys_only(*value)))
                    .collect();
                Json::Object(self.arena.list(&members))
            }
            _ => Json::Str(HIDDEN),
        }
    }

    /// The value of `field`, masked as what it is.
    pub(super) fn field(&self, field: Option<&Field>, value: Json<'a>) -> Shown<'a> {
        if field.is_some_and(|field| is_choice(field, value)) {
            return Shown(value);
        }
        match field.map(|field| field.place) {
            Some(WirePath::Identifier(identifier)) => self.identifier(identifier, value),
            Some(WirePath::UserKey(key)) => self.user_key(key, value),
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

    /// Any other value: what tells of a person in it is masked.
    pub(super) fn any(&self, value: Json<'a>) -> Shown<'a> {
        Shown(if self.raw { value } else { self.covered(value) })
    }

    /// A mapping. Its keys are of the configuration, which shows them anyway.
    pub(super) fn mapping(&self, mapping: Json<'a>) -> Shown<'a> {
        Shown(match mapping {
            _ if self.raw => mapping,
            Json::Object(members) => {
                let members: Vec<_> = members
                    .iter()
                    .map(|(key, value)| (*key, self.mapping(*value).0))
                    .collect();
                Json::Object(self.arena.list(&members))
            }
            Json::List(items) => {
                let items: Vec<_> = items.iter().map(|item| self.mapping(*item).0).collect();
                Json::List(self.arena.list(&items))
            }
            other => self.covered(other),
        })
    }

    fn masked(&self, mask: Mask, value: Json<'a>) -> Json<'a> {
        if self.raw {
            return value;
        }
        match value {
            // What somebody uses is shown; it may be mapped to something else.
            _ if mask.is_open() => self.covered(value),
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
}

/// Whether both know the same beforehand.
fn is_alike(one: Hints<'_>, other: Hints<'_>) -> bool {
    one.default_country == other.default_country && one.date_order == other.date_order
}

/// Whether a value is one of the few that the field may have.
pub(super) fn is_choice(field: &Field, value: Json<'_>) -> bool {
    value
        .as_str()
        .is_some_and(|text| field.choices.contains(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(known: &[(Identifier, &str)], text: &str) -> String {
        let arena = Arena::new();
        let mut cloak = Cloak::new(&[], &arena, false);
        for (identifier, value) in known {
            cloak.learn(Mask::Identifier(*identifier), Json::Str(value));
        }
        cloak.seal();
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
            ("ordcust_48213x", "ord***x"),
            ("cust%5F48213", "***"),
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
            ("/a?mobile=555&b=c", "/a?mobile=***&b=***"),
            ("?fbclid=IwAR", "?fbclid=***"),
            (
                "who? https://s.example/?p=555 x",
                "who? https://s.example/?p=***",
            ),
            ("https://s.example/#a=1", "https://s.example/#a=***"),
            ("https://s.example/;p=555", "https://s.example/;p=***"),
            (
                "https://s.example/p?5550132999=1",
                "https://s.example/p?***=***",
            ),
            (
                "https%3A%2F%2Fs.example%2F%3Fp%3D5",
                "https%3A%2F%2Fs.example%2F?p=***",
            ),
            ("mobile=555&b=c", "mobile=***&b=***"),
            ("https://kim:pass@s.example/x", "https://***@s.example/x"),
            ("jim\u{ff20}other.example", "j***@o***.example"),
            ("jim%2540other.example", "j***@o***.example"),
            ("\"jim roe\"@other.example", "\"***@o***.example"),
            ("paid with 4111 1111 1111 1111", "paid with ***"),
            ("Blue shoe; size = 42", "Blue shoe; size = 42"),
            ("@", "@"),
        ] {
            assert_eq!(covered(&[], text), shown);
        }
    }

    #[test]
    fn with_more_identifiers_than_anybody_has_every_other_text_is_hidden() {
        let arena = Arena::new();
        let mut cloak = Cloak::new(&[], &arena, false);
        for index in 0..2000 {
            let id = arena.text(&format!("id-{index}"));
            cloak.learn(Mask::Identifier(Identifier::ExternalId), Json::Str(id));
        }
        cloak.seal();
        assert_eq!(cloak.any(Json::Str("text")).json(), Json::Str(HIDDEN));
        assert_eq!(cloak.any(Json::Bool(true)).json(), Json::Bool(true));
    }

    #[test]
    fn what_a_trigger_reads_is_masked_by_its_place() {
        let arena = Arena::new();
        let mut cloak = Cloak::new(&[], &arena, false);
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
        assert_eq!(cloak.at("properties.gender_of_shoe", f).json(), f);
    }

    proptest::proptest! {
        #[test]
        fn whatever_the_text_no_known_identifier_stands_in_it(
            before in "[ -~é]{0,12}",
            known in "[a-z0-9]{4}[a-z0-9@._+-]{0,12}",
            after in "\\PC{0,12}",
        ) {
            let out = covered(
                &[(Identifier::ExternalId, &known)],
                &format!("{before}{}{after}", known.to_ascii_uppercase()),
            );
            proptest::prop_assert!(!out.to_lowercase().contains(&known), "{out}");
        }
    }

    #[test]
    fn a_value_is_known_again_in_another_spelling() {
        for (identifier, value, text, shown) in [
            (Identifier::Phone, "+1 512 555 0132", "512-555-0132", "***"),
            (
                Identifier::Phone,
                "+1 512 555 0132",
                "tel 5550132!",
                "tel ***!",
            ),
            (
                Identifier::Phone,
                "+1 512 555 0132",
                "at +15125550132",
                "at +1***32",
            ),
            (
                Identifier::DateOfBirth,
                "1990-02-03",
                "born 02/03/1990",
                "born ***",
            ),
            (Identifier::Zip, "78701-1234", "in 78701", "in ***"),
            (
                Identifier::FirstName,
                "Élodie",
                "é: e\u{301}lodie",
                "é: É***",
            ),
            (Identifier::FirstName, "Anna-Lena", "dear LENA", "dear L***"),
            (
                Identifier::FirstName,
                "Bo",
                "Hi Bo, Bobby",
                "Hi B***, Bobby",
            ),
            (
                Identifier::LastName,
                "Roeblock",
                "a%2Froeblock%2Fb",
                "a%2FR***%2Fb",
            ),
            (Identifier::Gender, "f", "f", "***"),
            (Identifier::Gender, "f", "size f", "size f"),
        ] {
            assert_eq!(covered(&[(identifier, value)], text), shown, "{text}");
        }
    }

    #[test]
    fn telling_names_hide_what_stands_under_them() {
        let arena = Arena::new();
        let cloak = Cloak::new(&[], &arena, false);
        let value = br#"{"ssn":"078","delivery":{"password":{"x":"hunter2"}},"name":"Shoe","4915551234567":1}"#;
        let value = Json::parse(&arena, value).unwrap();
        assert_eq!(
            cloak.any(value).json().to_text(),
            r#"{"ssn":"***","delivery":{"password":{"x":"***"}},"name":"Shoe","***":1}"#
        );
    }

    #[test]
    fn raw_hides_nothing() {
        let arena = Arena::new();
        let mut cloak = Cloak::new(&[], &arena, true);
        let email = Json::Str("a@b.example");
        cloak.learn(Mask::Identifier(Identifier::Email), email);
        assert_eq!(cloak.any(email).json(), email);
        assert_eq!(cloak.identifier(Identifier::Email, email).json(), email);
    }
}
