//! The sixth step: personal data that hides where nobody meant it is cut out of
//! `custom_data`, URLs and the event's name. Only behind it is a conversion fit to
//! be kept.
//!
//! It is behind hashing, so that what was mapped to `user_data` is not touched,
//! and before admission, so that what is judged is what would be sent. The event
//! id stays as it is, because it must be the browser's.

mod path;

use std::borrow::Cow;

use self::path::{Path, Step};
use super::diagnostics::{Diagnostics, is_plain_key};
use super::draft::Draft;
use super::lists::CheckedList;
use super::stage::PipelineStage;
use super::stages::{Context, Hashed, Scrubbed};
use crate::free_text::{self, Cards, Found, SensitiveKeys, url};
use crate::json::{Json, Number};
use crate::rejection::{Code, Diagnostic};

/// Cuts personal data out of free text.
#[derive(Clone, Copy, Debug)]
pub struct Scrub;

impl<'a> PipelineStage<Hashed<'a>> for Scrub {
    type Out = Scrubbed<'a>;

    fn apply(&self, hashed: Hashed<'a>) -> Scrubbed<'a> {
        let Hashed {
            context,
            mut draft,
            identifiers,
            mut findings,
        } = hashed;
        let scrubbing = &context.destination.scrubbing;
        if scrubbing.on {
            let mut scrubber = Scrubber {
                context,
                names: &scrubbing.names,
                findings: &mut findings,
            };
            let was_named = draft.event_name.is_some();
            scrubber.draft(&mut draft);
            if was_named && draft.event_name.is_none() {
                findings.reject(Diagnostic::new(
                    Code::MissingField,
                    "event_name",
                    "nothing is left of the event's name without personal data; map a name that is the same for all customers",
                ));
            }
        }
        Scrubbed {
            context,
            draft,
            identifiers,
            findings,
        }
    }
}

/// How many parameters of one URL are named.
const MOST_NAMED: usize = 5;

/// What becomes of a value.
#[derive(Clone, Copy)]
enum Kept<'a> {
    Same,
    Other(Json<'a>),
    Nothing,
}

struct Scrubber<'a, 's> {
    context: Context<'a>,
    names: &'s SensitiveKeys,
    findings: &'s mut Diagnostics,
}

impl<'a> Scrubber<'a, '_> {
    fn draft(&mut self, draft: &mut Draft<'a>) {
        if let Some(id) = draft.event_id {
            self.id(id, &Path::own("event_id"), "the browser's");
        }
        for (place, text) in [
            ("event_name", &mut draft.event_name),
            ("event_source_url", &mut draft.event_source_url),
        ] {
            let Some(before) = *text else { continue };
            match self.text(before, &Path::own(place)) {
                Kept::Same => {}
                Kept::Other(after) => *text = after.as_str(),
                Kept::Nothing => *text = None,
            }
        }
        draft.event_keys = self.own(draft.event_keys);
        draft.wrong = self.own(draft.wrong);
        if let Some(members) = self.members(draft.custom_data, None) {
            draft.custom_data = self.context.arena.list(&members);
        }
    }

    /// An id that stays, because it must be `whose`.
    fn id(&mut self, id: &str, path: &Path<'_>, whose: &str) {
        if free_text::find(id, Cards::None).email {
            self.warn(
                Some(path),
                format!("the id looks like an e-mail address or has one in it, and leaves as it is, because it must be {whose}; give events another id"),
            );
        }
    }

    /// Keys of the event itself.
    fn own(&mut self, members: &'a [(&'static str, Json<'a>)]) -> &'a [(&'static str, Json<'a>)] {
        let kept = changed(members, |_, (key, value)| {
            keep(self.value(value, &Path::own(key)), |value| (key, value))
        });
        kept.map_or(members, |kept| self.context.arena.list(&kept))
    }

    /// The members of an object, where some of them change.
    fn members(
        &mut self,
        members: &'a [(&'a str, Json<'a>)],
        path: Option<&Path<'_>>,
    ) -> Option<Vec<(&'a str, Json<'a>)>> {
        changed(members, |_, (key, value)| {
            keep(self.member(key, value, path), |value| (key, value))
        })
    }

    fn member(&mut self, key: &'a str, value: Json<'a>, path: Option<&Path<'_>>) -> Kept<'a> {
        let own = Path::new(path, Step::Key(key));
        if own.is_of_an_earlier_event() {
            self.id(
                value.as_str().unwrap_or_default(),
                &own,
                "the earlier event's",
            );
            return Kept::Same;
        }
        let found = free_text::find(key, Cards::Any);
        if found.any() {
            self.warn(
                path,
                format!(
                    "a key that looks like {} is left out; use keys that are the same for all customers",
                    found.described()
                ),
            );
            return Kept::Nothing;
        }
        if self.names.is_sensitive(key) && says_something(value) {
            self.warn(
                Some(&own),
                "the key's name tells of personal data, so that it is left out; map identifiers to user_data, where they are hashed, or allow the name with scrub_allow",
            );
            return Kept::Nothing;
        }
        self.value(value, &own)
    }

    fn value(&mut self, value: Json<'a>, path: &Path<'_>) -> Kept<'a> {
        match value {
            Json::Null | Json::Bool(_) => Kept::Same,
            Json::Number(number) => {
                let is_card =
                    |cards| whole(number).is_some_and(|number| free_text::is_card(number, cards));
                if is_card(Cards::Any) && is_card(path.cards()) {
                    self.warn_of(
                        Found {
                            email: false,
                            card: true,
                        },
                        path,
                    );
                    return Kept::Nothing;
                }
                Kept::Same
            }
            Json::Str(text) => self.text(text, path),
            Json::List(items) => self.list(items, path),
            Json::Object(members) if self.is_telling_pair(members) => {
                self.warn(
                    Some(path),
                    "a pair of a name that tells of personal data and its value is left out; map identifiers to user_data, where they are hashed, or allow the name with scrub_allow",
                );
                Kept::Nothing
            }
            Json::Object(members) => match self.members(members, Some(path)) {
                None => Kept::Same,
                Some(left) if left.is_empty() => Kept::Nothing,
                Some(left) => Kept::Other(Json::Object(self.context.arena.list(&left))),
            },
        }
    }

    /// Whether an object is a name and its value, as shops write notes of an order:
    /// `{"name": "phone", "value": "…"}`, also with an id or a type beside it. An
    /// article may be named `Phone` and have a value; it has a price or the like too.
    fn is_telling_pair(&self, members: &[(&str, Json<'_>)]) -> bool {
        const MOST_MEMBERS: usize = 6;
        let has = |is: &dyn Fn(&str, Json<'_>) -> bool| {
            members.iter().any(|(key, value)| is(key, *value))
        };
        members.len() <= MOST_MEMBERS
            && has(&|key, value| key == "value" && says_something(value))
            && has(&|key, name| {
                matches!(key, "name" | "key" | "label" | "field")
                    && name
                        .as_str()
                        .is_some_and(|name| self.names.is_sensitive(name))
            })
            && !has(&|key, _| {
                matches!(
                    key,
                    "price" | "item_price" | "quantity" | "sku" | "product_id" | "currency"
                )
            })
    }

    fn list(&mut self, items: &'a [Json<'a>], path: &Path<'_>) -> Kept<'a> {
        let action = self.context.action;
        let checked = || CheckedList::of(action, path.key_of_custom_data()?);
        let left = changed(items, |index, item| {
            let kept = self.value(item, &Path::new(Some(path), Step::Item(index)));
            // The items behind a gap keep their places.
            match kept {
                Kept::Nothing => Some(checked().map(CheckedList::gap)),
                kept => keep(kept, |item| item),
            }
        });
        match left {
            None => Kept::Same,
            Some(left) if left.is_empty() => Kept::Nothing,
            Some(left) => Kept::Other(Json::List(self.context.arena.list(&left))),
        }
    }

    fn text(&mut self, text: &'a str, path: &Path<'_>) -> Kept<'a> {
        let rest = if path.is_of_url() || url::is_url(text) {
            let Some(cut) = url::cut(text, self.names) else {
                return Kept::Same;
            };
            self.warn_of_url(&cut, path);
            cut.rest
        } else {
            // Most texts hold nothing, whatever key they are under.
            if !free_text::find(text, Cards::Any).any() {
                return Kept::Same;
            }
            let Some((found, rest)) = free_text::cut(text, path.cards()) else {
                return Kept::Same;
            };
            self.warn_of(found, path);
            rest
        };
        if rest.is_empty() {
            Kept::Nothing
        } else {
            Kept::Other(Json::Str(self.context.arena.text(&rest)))
        }
    }

    fn warn_of(&mut self, found: Found, path: &Path<'_>) {
        let advice = if found.email {
            "map e-mail addresses to user_data, where they are hashed"
        } else {
            "do not send numbers of cards"
        };
        self.warn(
            Some(path),
            format!(
                "what looks like {} was cut out; {advice}",
                found.described()
            ),
        );
    }

    fn warn_of_url(&mut self, cut: &url::Cut<'_>, path: &Path<'_>) {
        let mut what = Vec::new();
        if !cut.parameters.is_empty() {
            let mut named = Vec::with_capacity(MOST_NAMED);
            let may_be_named =
                |name: &&&str| is_plain_key(name) && !free_text::find(name, Cards::Any).any();
            for name in cut.parameters.iter().filter(may_be_named) {
                if named.len() < MOST_NAMED && !named.contains(name) {
                    named.push(*name);
                }
            }
            what.push(if named.is_empty() {
                "parameters".to_owned()
            } else {
                format!("parameters ({})", named.join(", "))
            });
        }
        if cut.user {
            what.push("the user before the host".to_owned());
        }
        if what.is_empty() {
            what.push(format!("what looks like {}", cut.found.described()));
        }
        self.warn(
            Some(path),
            format!(
                "cut out of the URL as personal data: {}; keep such data out of URLs, or allow the name of a parameter with scrub_allow",
                what.join(" and ")
            ),
        );
    }

    /// Tells of what was at `path`; without one, of a key of `custom_data`.
    fn warn(&mut self, path: Option<&Path<'_>>, message: impl Into<Cow<'static, str>>) {
        let place = path.map_or(Cow::Borrowed("custom_data"), |path| {
            path.text(self.context.action)
        });
        self.findings
            .warn(Diagnostic::new(Code::PersonalDataRemoved, place, message));
    }
}

/// What is kept of a member or an item: `None` for all of it, and then what takes
/// its place, if anything.
fn keep<'a, T>(kept: Kept<'a>, make: impl FnOnce(Json<'a>) -> T) -> Option<Option<T>> {
    match kept {
        Kept::Same => None,
        Kept::Other(value) => Some(Some(make(value))),
        Kept::Nothing => Some(None),
    }
}

/// What is left of `list`, where `keep` changes some of it; nothing is copied
/// before the first change.
fn changed<T: Copy>(
    list: &[T],
    mut keep: impl FnMut(usize, T) -> Option<Option<T>>,
) -> Option<Vec<T>> {
    let mut left: Option<Vec<T>> = None;
    for (index, item) in list.iter().enumerate() {
        match (keep(index, *item), &mut left) {
            (None, None) => {}
            (None, Some(left)) => left.push(*item),
            (Some(kept), left) => {
                let before = || list.get(..index).unwrap_or_default().to_vec();
                left.get_or_insert_with(before).extend(kept);
            }
        }
    }
    left
}

/// Whether a value under a telling name is one: a mere yes or no says nothing of
/// whose it is.
fn says_something(value: Json<'_>) -> bool {
    match value {
        Json::Null | Json::Bool(_) => false,
        Json::Number(_) => true,
        Json::Str(text) => !text.trim().is_empty(),
        Json::List(items) => !items.is_empty(),
        Json::Object(members) => !members.is_empty(),
    }
}

/// A number as the digits of a card.
fn whole(number: Number) -> Option<u64> {
    match number {
        Number::Unsigned(number) => Some(number),
        // A card has nineteen digits at most.
        Number::Signed(_) | Number::Long(_) => None,
        // As JavaScript writes the largest of them.
        Number::Rounded(number) | Number::Float(number)
            if number.fract() == 0.0 && (0.0..1e19).contains(&number) =>
        {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "it is a whole number in the range"
            )]
            Some(number as u64)
        }
        Number::Rounded(_) | Number::Float(_) => None,
    }
}
