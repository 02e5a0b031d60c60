//! One change of a stored event, as people write it: `custom_data.currency=USD`.

use super::is_custom_field;
use crate::Spec;
use crate::event::{Arena, Json};
use crate::field::{Field, Place};
use crate::suggest::nearest;

/// Sets one key of an event.
///
/// ```
/// use capi_core::pipeline::Edit;
///
/// assert!("custom_data.currency=USD".parse::<Edit>().is_ok());
/// assert!("contents[0].quantity=2".parse::<Edit>().is_ok());
/// assert!("currency".parse::<Edit>().is_err());
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Edit {
    path: Vec<Box<str>>,
    /// JSON, or else a text.
    value: Box<str>,
}

/// Without the value: it may be a customer's.
impl std::fmt::Debug for Edit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Edit")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// Why an event cannot be changed so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// It is no edit.
    #[error("an edit must be KEY=VALUE, such as custom_data.currency=USD")]
    Form,
    /// The event has no such key.
    #[error("{path} is no key of such an event{}", hint(suggestion.as_deref()))]
    UnknownKey {
        /// The key.
        path: String,
        /// What was probably meant.
        suggestion: Option<String>,
    },
    /// What is stored is not an event.
    #[error("what is stored is no event as one JSON object")]
    Stored,
}

fn hint(suggestion: Option<&str>) -> String {
    suggestion.map_or_else(String::new, |key| format!("; did you mean {key}?"))
}

impl std::str::FromStr for Edit {
    type Err = EditError;

    /// `KEY=VALUE`: keys of objects and places in lists with dots between them
    /// (`contents.0.quantity`, `contents[0].quantity`), and JSON or a plain text.
    fn from_str(text: &str) -> Result<Self, EditError> {
        let (path, value) = text.split_once('=').ok_or(EditError::Form)?;
        let path = path.trim().replace('[', ".").replace(']', "");
        let path: Vec<Box<str>> = path.split('.').map(Into::into).collect();
        if path.iter().any(|key| key.is_empty()) {
            return Err(EditError::Form);
        }
        Ok(Self {
            path,
            value: value.into(),
        })
    }
}

impl Edit {
    /// Changes a draft. `null` takes the key away.
    pub(super) fn apply<'a>(
        &'a self,
        draft: Json<'a>,
        action: &'static Spec,
        arena: &'a Arena,
    ) -> Result<Json<'a>, EditError> {
        let path = self.in_draft(action)?;
        let draft = match path.as_slice() {
            ["user_data", key] => without_other_names(draft, key, arena),
            // Who edits app data wants it sent.
            ["app_data_field", key] if *key != "use_app_data" => {
                let switch = ["app_data_field", "use_app_data"];
                set(draft, &switch, Json::Bool(true), arena)
            }
            _ => draft,
        };
        Ok(set(draft, &path, self.value(arena), arena))
    }

    fn value<'a>(&'a self, arena: &'a Arena) -> Json<'a> {
        let text = &*self.value;
        // A number of so many digits is an id, and would lose some of them.
        let is_id = text.len() > 15 && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_id {
            return Json::Str(text);
        }
        Json::parse(arena, text.as_bytes()).unwrap_or(Json::Str(text))
    }

    /// Where the draft has what the path names: by Meta's key, or by the field's.
    fn in_draft(&self, action: &'static Spec) -> Result<Vec<&str>, EditError> {
        let path: Vec<&str> = self.path.iter().map(|key| &**key).collect();
        let unknown = |known: &mut dyn Iterator<Item = &'static str>, key: &str| {
            let known: Vec<&str> = known.collect();
            Err(EditError::UnknownKey {
                path: path.join("."),
                suggestion: nearest(key, known.iter().copied()).map(str::to_owned),
            })
        };
        match path[..] {
            ["custom_data", key, ..] if is_custom_field(action, key) => Ok(path[1..].to_vec()),
            ["custom_data", ..] => Ok(path),
            [key, ref rest @ ..] => {
                let Some(field) = action.all_fields().find(|field| field.answers_to(key)) else {
                    return unknown(&mut action.all_fields().map(|field| field.key), key);
                };
                let of_properties = matches!(field.place, Place::UserData | Place::AppData);
                let mut draft = vec![field.key];
                match rest {
                    [key, rest @ ..] if of_properties => {
                        let Some(property) = property(field, key) else {
                            let keys = field.properties.iter().map(|property| property.key);
                            return unknown(&mut { keys }, key);
                        };
                        draft.push(property.key);
                        draft.extend(rest);
                    }
                    rest => draft.extend(rest),
                }
                Ok(draft)
            }
            [] => Err(EditError::Form),
        }
    }
}

fn property(field: &'static Field, key: &str) -> Option<&'static Field> {
    field
        .properties
        .iter()
        .find(|property| property.answers_to(key))
}

/// The draft without what `user_data` has under Meta's name of `key`.
fn without_other_names<'a>(draft: Json<'a>, key: &str, arena: &'a Arena) -> Json<'a> {
    let alias = crate::field::user_data::USER_DATA
        .iter()
        .find(|property| property.key == key)
        .and_then(|property| property.alias);
    match alias {
        Some(alias) => set(draft, &["user_data", alias], Json::Null, arena),
        None => draft,
    }
}

/// `tree` with `value` at `path`; a place of a list that there is not is left
/// as it is.
fn set<'a>(tree: Json<'a>, path: &[&'a str], value: Json<'a>, arena: &'a Arena) -> Json<'a> {
    let Some((key, rest)) = path.split_first() else {
        return value;
    };
    if let Json::List(items) = tree {
        let mut items = items.to_vec();
        if let Some(item) = key
            .parse()
            .ok()
            .and_then(|place: usize| items.get_mut(place))
        {
            *item = set(*item, rest, value, arena);
        }
        return Json::List(arena.list(&items));
    }
    let mut members = tree.as_object().unwrap_or(&[]).to_vec();
    let place = members.iter().position(|(name, _)| name == key);
    let before = place.map_or(Json::Null, |place| members[place].1);
    let after = set(before, rest, value, arena);
    match place {
        Some(place) if after.is_null() => drop(members.remove(place)),
        Some(place) => members[place].1 = after,
        None if after.is_null() => {}
        None => members.push((key, after)),
    }
    Json::Object(arena.list(&members))
}
