//! What the mapping made of each field, and from where.

use serde::Serialize;

use super::cloak::{Cloak, Shown, is_choice};
use super::member::member;
use super::path_read::{PathRead, below, path_of, reads};
use crate::Spec;
use crate::event::Event;
use crate::field::{Field, WirePath};
use crate::json::{Arena, Json};
use crate::mapping::directive;
use crate::pipeline::Sources;

/// One field of a conversion.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mapped<'a> {
    /// The field of the mapping, such as `user_data.email`.
    pub field: String,
    /// Where its value goes in Meta's event, such as `user_data.em`.
    pub to: String,
    /// Whether the prebuilt mapping gave it, and not the user's own.
    pub prebuilt: bool,
    /// What is mapped to it, with its directives; nothing where it was made of
    /// a directive over the whole mapping, or of no mapping at all.
    pub mapping: Option<Shown<'a>>,
    /// The paths of the event that are read for it.
    #[serde(rename = "sources")]
    pub reads: Vec<PathRead>,
    /// What the mapping gave; nothing where the event has nothing there.
    pub value: Option<Shown<'a>>,
    /// Whether the value is made of what is at a person's place.
    #[serde(skip)]
    pub(super) is_personal: bool,
}

/// What the fields of a conversion are derived from.
pub(super) struct Fields<'f, 'a> {
    pub(super) action: &'static Spec,
    pub(super) event: Event<'a>,
    /// The mapping as JSON.
    pub(super) mapping: Json<'a>,
    /// What it gave.
    pub(super) draft: Json<'a>,
    pub(super) sources: Sources<'a>,
    pub(super) user_keys: &'a [(&'static str, Json<'a>)],
    pub(super) passed: &'f [(&'static str, usize)],
    pub(super) click_from: Option<&'static str>,
    pub(super) cloak: &'f Cloak<'a>,
    pub(super) arena: &'a Arena,
}

impl<'a> Fields<'_, 'a> {
    /// Every field that is mapped, in the order of the action's fields.
    pub(super) fn all(&self) -> Vec<Mapped<'a>> {
        let mut out = Vec::new();
        for field in self.action.all_fields() {
            let mapping = member(self.mapping, field);
            let value = member(self.draft, field);
            let is_object = matches!(
                field.place,
                WirePath::UserData | WirePath::AppData | WirePath::CustomData
            );
            match (mapping, value) {
                (None, None) => {}
                (Some(whole @ Json::Object(parts)), _)
                    if is_object && directive(whole).is_none() =>
                {
                    self.parts(field, Some(parts), None, value, &mut out);
                }
                (_, Some(Json::Object(_))) if is_object => {
                    self.parts(field, None, mapping, value, &mut out);
                }
                _ => out.push(self.one(
                    field.key.into(),
                    Some(field),
                    field,
                    field.key,
                    mapping,
                    value,
                )),
            }
        }
        self.made_click_id(&mut out);
        out
    }

    /// The members of an object: those that are mapped each for itself, or those
    /// that `whole` gave.
    fn parts(
        &self,
        object: &'static Field,
        parts: Option<&'a [(&'a str, Json<'a>)]>,
        whole: Option<Json<'a>>,
        value: Option<Json<'a>>,
        out: &mut Vec<Mapped<'a>>,
    ) {
        let given = value.and_then(Json::as_object).unwrap_or(&[]);
        // There may be thousands of members, all from the same.
        let whole = whole.map(|whole| {
            let reads = self.reads(whole);
            let is_personal = self.cloak.is_personal(&reads);
            (whole, reads, is_personal)
        });
        for (key, member) in parts.unwrap_or(given) {
            let property = object.properties.iter().find(|part| part.answers_to(key));
            let shown = match (property, parts) {
                (Some(part), _) => part.key,
                // A key of the configuration.
                (None, Some(_)) => *key,
                (None, None) => self.cloak.key(key),
            };
            let name = format!("{}.{shown}", object.key);
            out.push(match (parts, &whole) {
                (Some(_), _) => {
                    let value = value.and_then(|value| value.get(key));
                    self.one(name, property, object, key, Some(*member), value)
                }
                (None, Some((whole, reads, is_personal))) => {
                    // A member of one object is at its own path.
                    let path = path_of(*whole).map(|path| below(path, key));
                    let is_personal = &match &path {
                        Some(path) => self.cloak.is_personal_at(path),
                        None => *is_personal,
                    };
                    let mut one = self.one(name, property, object, key, None, Some(*member));
                    if *is_personal && !is_of_a_known_kind(property) {
                        one.value = one.value.map(|_| match &path {
                            Some(path) => self.cloak.at(path, *member),
                            None => self.cloak.hidden(*member),
                        });
                    }
                    Mapped {
                        mapping: Some(self.cloak.mapping(*whole)),
                        reads: reads.clone(),
                        is_personal: *is_personal,
                        ..one
                    }
                }
                (None, None) => self.one(name, property, object, key, None, Some(*member)),
            });
        }
    }

    fn one(
        &self,
        name: String,
        field: Option<&'static Field>,
        object: &'static Field,
        key: &str,
        mapping: Option<Json<'a>>,
        value: Option<Json<'a>>,
    ) -> Mapped<'a> {
        let mapping = mapping.filter(|mapping| !mapping.is_blank());
        let default = field.and_then(|field| field.default);
        let default = default.and_then(|text| Json::parse(self.arena, text.as_bytes()).ok());
        // What user_data has of no known key may be an identifier all the same.
        let is_unknown = object.place == WirePath::UserData
            && field.is_none_or(|field| field.place == WirePath::UserData);
        let passed = self.passed(field);
        let reads = mapping.map_or(Vec::new(), |mapping| self.reads_behind(mapping, passed));
        let value = match (value, field, passed) {
            (Some(refused), Some(field), 1..) => {
                let mut behind = match field.place {
                    WirePath::CustomKey => self.sources.behind_field(field, refused, self.arena),
                    _ => self.sources.behind(object, field, refused, self.arena),
                };
                behind.nth(passed - 1).or(value)
            }
            _ => value,
        };
        let is_personal = self.cloak.is_personal(&reads);
        // A key that nobody gave a meaning may tell of a person.
        let is_telling = field.is_none() && self.cloak.is_sensitive(key);
        let is_hidden = (is_personal && !is_of_a_known_kind(field)) || is_telling;
        let shown = |value| match is_unknown {
            true => self.cloak.user_key("", value),
            false => self.cloak.field(field, value),
        };
        let of_event = |value| {
            if !is_hidden || field.is_some_and(|field| is_choice(field, value)) {
                return shown(value);
            }
            match mapping.and_then(path_of).filter(|_| !is_telling) {
                Some(path) => self.cloak.at(path, value),
                None => self.cloak.hidden(value),
            }
        };
        Mapped {
            to: place_of(&name, field.unwrap_or(object)),
            field: name,
            prebuilt: mapping.is_some() && mapping == default,
            reads,
            mapping: mapping.map(|mapping| match mapping {
                // A constant is the value itself.
                Json::Object(_) | Json::List(_) => self.cloak.mapping(mapping),
                constant => shown(constant),
            }),
            value: value.filter(|value| !value.is_blank()).map(of_event),
            is_personal,
        }
    }

    fn reads(&self, mapping: Json<'a>) -> Vec<PathRead> {
        self.reads_behind(mapping, 0)
    }

    /// The paths that are read for the value behind the first `passed`.
    fn reads_behind(&self, mapping: Json<'a>, passed: usize) -> Vec<PathRead> {
        reads(mapping, passed, self.event.root(), self.arena)
    }

    /// How many values of `field` could not be used before one that could.
    fn passed(&self, field: Option<&Field>) -> usize {
        let key = field.and_then(|field| match field.place {
            WirePath::CustomKey => Some(field.key),
            place => place.user_key(),
        });
        let of_field = self.passed.iter().find(|(of, _)| Some(*of) == key);
        of_field.map_or(0, |(_, passed)| *passed)
    }

    /// Adds the click id that validation made of an `fbclid`.
    fn made_click_id(&self, out: &mut Vec<Mapped<'a>>) {
        let Some(from) = self.click_from else {
            return;
        };
        let is_fbc = |(key, _): &&(&str, Json<'_>)| *key == "fbc";
        let Some((_, made)) = self.user_keys.iter().find(is_fbc) else {
            return;
        };
        let page = ["context", "page", "url"];
        let page = self.event.root().at(&page).and_then(Json::as_str);
        let url = self.draft.get("event_source_url").and_then(Json::as_str);
        let is_mapped_url = from.starts_with("context.page.url") && url != page;
        let path = match is_mapped_url {
            true => "event_source_url?fbclid",
            false => from,
        };
        let place = out.iter().position(|field| field.to == "user_data.fbc");
        let place = place.unwrap_or_else(|| {
            out.push(Mapped {
                field: "user_data.fbc".into(),
                to: "user_data.fbc".into(),
                prebuilt: true,
                mapping: None,
                reads: Vec::new(),
                value: None,
                is_personal: true,
            });
            out.len() - 1
        });
        if let Some(field) = out.get_mut(place) {
            field.value = Some(self.cloak.user_key("fbc", *made));
            for read in &mut field.reads {
                read.used = false;
            }
            field.reads.push(PathRead {
                path: path.into(),
                found: true,
                used: true,
            });
        }
    }
}

/// Whether a field's values are masked by what they are, so that something of them may
/// be shown.
fn is_of_a_known_kind(field: Option<&Field>) -> bool {
    field.is_some_and(|field| field.place.user_key().is_some())
}

/// Where the field `name` goes in Meta's event.
fn place_of(name: &str, field: &Field) -> String {
    match field.place {
        // A member of no known key.
        WirePath::UserData | WirePath::AppData | WirePath::CustomData => name.into(),
        _ => field.meta_path(None),
    }
}
