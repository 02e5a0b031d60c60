//! What the mapping made of each field, and from where.

use serde::Serialize;

use super::Shown;
use super::member::member;
use super::path_read::{PathRead, below, path_of, reads};
use super::redactor::{PERSONAL, Redactor, kind_of};
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
    pub(super) redactor: &'f Redactor<'a>,
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
                    mapping,
                    value,
                    mapping.and_then(path_of),
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
        for (key, member) in parts.unwrap_or(given) {
            let property = object.properties.iter().find(|part| part.answers_to(key));
            let shown = match (property, parts) {
                (Some(part), _) => part.key,
                // A key of the configuration.
                (None, Some(_)) => *key,
                (None, None) => self.redactor.key(key),
            };
            let name = format!("{}.{shown}", object.key);
            let (mapping, value, path) = match parts {
                Some(_) => {
                    let path = path_of(*member).map(str::to_owned);
                    (Some(*member), value.and_then(|value| value.get(key)), path)
                }
                // A member of one object is at its own path.
                None => {
                    let path = whole.and_then(path_of).map(|path| below(path, key));
                    (whole, Some(*member), path)
                }
            };
            out.push(self.one(name, property, object, mapping, value, path.as_deref()));
        }
    }

    /// One field. `path` is where its value is in the event, where it is there as
    /// it is.
    fn one(
        &self,
        name: String,
        field: Option<&'static Field>,
        object: &'static Field,
        mapping: Option<Json<'a>>,
        value: Option<Json<'a>>,
        path: Option<&str>,
    ) -> Mapped<'a> {
        let mapping = mapping.filter(|mapping| !mapping.is_blank());
        let default = field.and_then(|field| field.default);
        let default = default.and_then(|text| Json::parse(self.arena, text.as_bytes()).ok());
        let passed = self.passed(field);
        // The paths that are read for the value behind those that were passed over.
        let reads = mapping.map_or(Vec::new(), |mapping| {
            reads(mapping, passed, self.event.root(), self.arena)
        });
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
        let is_personal = match path {
            Some(path) => self.redactor.is_personal_at(path),
            None => self.redactor.is_personal(&reads),
        };
        let kind = match field {
            Some(field) => kind_of(field),
            // What user_data has of no known key may be an identifier all the same.
            None if object.place == WirePath::UserData || self.redactor.is_sensitive(&name) => {
                Some(PERSONAL)
            }
            None => None,
        };
        let shown = |value: Json<'a>| match (kind, path) {
            (Some(kind), _) => self.redactor.hidden(kind, value),
            _ if field.is_some_and(|field| is_choice(field, value)) => Shown::as_is(value),
            (None, Some(path)) => self.redactor.at(path, value),
            (None, None) if is_personal => self.redactor.hidden(PERSONAL, value),
            (None, None) => self.redactor.any(value),
        };
        Mapped {
            to: place_of(&name, field.unwrap_or(object)),
            field: name,
            prebuilt: mapping.is_some() && mapping == default,
            reads,
            mapping: mapping.map(|mapping| match mapping {
                // It is of the configuration, which shows it anyway.
                Json::Object(_) | Json::List(_) => Shown::as_is(mapping),
                constant => shown(constant),
            }),
            value: value.filter(|value| !value.is_blank()).map(shown),
            is_personal,
        }
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
            field.value = Some(self.redactor.hidden("fbc", *made));
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

/// Whether a value is one of the few that the field may have.
fn is_choice(field: &Field, value: Json<'_>) -> bool {
    let text = value.as_str();
    text.is_some_and(|text| field.choices.contains(&text))
}

/// Where the field `name` goes in Meta's event.
fn place_of(name: &str, field: &Field) -> String {
    match field.place {
        // A member of no known key.
        WirePath::UserData | WirePath::AppData | WirePath::CustomData => name.into(),
        _ => field.meta_path(None),
    }
}
