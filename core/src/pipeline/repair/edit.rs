//! One change of a stored event, as people write it: `custom_data.currency=USD`.

use crate::Spec;
use crate::code::Effect;
use crate::field::event::{EVENT, USER_DATA};
use crate::field::{Field, WirePath};
use crate::json::{Arena, Json, write_text};
use crate::rejection::{Code, Diagnostic};
use crate::suggest::nearest;

/// Sets one key of an event, or takes it away: `KEY=VALUE`.
///
/// The key is a path, by Meta's keys or by the fields' own. The value is JSON, or else
/// a text; more than 15 digits are an id and stay a text, and `null` takes the key away.
///
/// ```
/// use capi_core::pipeline::{Edit, EditError};
///
/// let edit: Edit = "custom_data.currency=USD".parse()?;
/// // It may fix what a reason names so.
/// assert!(edit.concerns("currency"));
/// assert!(!edit.concerns("value"));
/// assert!("contents[0].quantity=2".parse::<Edit>().is_ok());
/// assert_eq!("currency".parse::<Edit>(), Err(EditError::Form));
/// # Ok::<(), EditError>(())
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
    /// It is not an edit.
    #[error("an edit must be KEY=VALUE, such as custom_data.currency=USD")]
    Form,
    /// The event has no such key.
    #[error("{path} is not a key of such an event{}", hint(suggestion.as_deref()))]
    UnknownKey {
        /// The key.
        path: String,
        /// What was probably meant.
        suggestion: Option<String>,
    },
    /// A key has too many parts, or the event would be nested too deep.
    #[error("the event would be nested deeper than {MOST_DEEP} levels")]
    TooDeep,
    /// The value is not taken for that key.
    #[error("{path} does not take this: {message}")]
    Unusable {
        /// The key.
        path: String,
        /// Why not.
        message: String,
    },
    /// What is stored is not an event.
    #[error("what is stored is not an event as one JSON object")]
    Stored,
}

/// Stored events are read again, and a reader takes so many levels and a few more.
const MOST_DEEP: usize = 64;

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
        if path.len() > MOST_DEEP {
            return Err(EditError::TooDeep);
        }
        Ok(Self {
            path,
            value: value.into(),
        })
    }
}

impl Edit {
    /// Sets the event id to `id`, whatever that looks like.
    ///
    /// ```
    /// use capi_core::pipeline::Edit;
    ///
    /// assert_eq!(Edit::of_event_id("17"), r#"event_id="17""#.parse()?);
    /// # Ok::<(), capi_core::pipeline::EditError>(())
    /// ```
    #[must_use]
    pub fn of_event_id(id: &str) -> Self {
        let mut text = Vec::with_capacity(id.len() + 2);
        write_text(id, &mut text);
        Self {
            path: vec!["event_id".into()],
            value: String::from_utf8_lossy(&text).into(),
        }
    }

    /// Changes a draft. `null` takes the key away.
    pub(super) fn apply<'a>(
        &'a self,
        draft: Json<'a>,
        action: &'static Spec,
        arena: &'a Arena,
    ) -> Result<Json<'a>, EditError> {
        let path = self.in_draft(action)?;
        let value = self.value(arena);
        let changed = match (path.as_slice(), value) {
            (["custom_data"], Json::Object(members)) => whole(draft, members, action, arena)?,
            (["user_data", key], _) => {
                let draft = without_other_names(draft, key, arena)?;
                set(draft, &path, value, arena)?
            }
            (["user_data", _, ..], _) => {
                return Err(self.unusable("an identifier is set as a whole, as a value or a list"));
            }
            // Who edits app data wants it sent.
            (["app_data_field", key], _) if *key != "use_app_data" => {
                let switch = ["app_data_field", "use_app_data"];
                let draft = set(draft, &switch, Json::Bool(true), arena)?;
                set(draft, &path, value, arena)?
            }
            _ => set(draft, &path, value, arena)?,
        };
        if is_deeper(changed, MOST_DEEP) {
            return Err(EditError::TooDeep);
        }
        Ok(changed)
    }

    /// Whether it changes the field that a reason names, or a part of it, or what it
    /// is a part of.
    #[must_use]
    pub fn concerns(&self, field: &str) -> bool {
        let field = parts(field);
        let own = parts(&self.path.join("."));
        let begins = |one: &[String], other: &[String]| one.starts_with(other);
        let is_all = *self.path == ["custom_data".into()] || field == ["custom_data"];
        begins(&own, &field)
            || begins(&field, &own)
            || (is_all && self.path.first().is_some_and(|key| &**key == "custom_data"))
    }

    /// What `warnings` say of the value that this edit brought.
    pub(super) fn refused(&self, warnings: &[Diagnostic]) -> Option<EditError> {
        let own = parts(&self.path.join("."));
        // What was stored holds no personal data any more, and where a key cannot be
        // named, the warning names what it is a part of.
        // A value that is sent as it came is there, whatever the warning.
        let only_warns =
            |code: Code| code.outcome() == Effect::Warns && code != Code::EventTimeClamped;
        let is_it = |warning: &&Diagnostic| {
            if only_warns(warning.code) {
                return false;
            }
            parts(&warning.field).starts_with(&own)
                || (warning.code == Code::PersonalDataRemoved && self.concerns(&warning.field))
                // What is left out takes along what was set in it.
                || (warning.code == Code::ContentsItemWithoutId
                    && own.starts_with(&parts(&warning.field)))
        };
        let warning = warnings.iter().find(is_it)?;
        Some(self.unusable(&warning.message))
    }

    fn unusable(&self, message: &str) -> EditError {
        EditError::Unusable {
            path: self.path.join("."),
            message: message.to_owned(),
        }
    }

    fn value<'a>(&'a self, arena: &'a Arena) -> Json<'a> {
        let text = &*self.value;
        // A number of so many digits is an id, and would lose some of them.
        let is_id = text.len() > 15 && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_id {
            return Json::Str(text);
        }
        match Json::parse(arena, text.as_bytes()) {
            // An order's id may look like a number with an exponent; a number takes the
            // text all the same.
            Ok(Json::Number(_)) if text.contains(['e', 'E']) => Json::Str(text),
            Ok(value) => value,
            Err(_) => Json::Str(text),
        }
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
            ["custom_data", key, ..] if action.custom_field(key).is_some() => {
                Ok(path[1..].to_vec())
            }
            ["custom_data", ..] => Ok(path),
            [key, ref rest @ ..] => {
                // The lane is the letter's own.
                let known = |field: &&Field| {
                    field.answers_to(key) && field.place != WirePath::TestEventCode
                };
                let Some(field) = action.all_fields().find(known) else {
                    return unknown(&mut action.all_fields().map(|field| field.key), key);
                };
                let of_properties = !field.multiple && !field.properties.is_empty();
                let mut draft = vec![field.key];
                match rest {
                    [key, rest @ ..] if of_properties => {
                        let Some(property) = field.property(key) else {
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

/// A path as its keys, by the field's own names: `contents[0].id`, `user_data.em`.
fn parts(path: &str) -> Vec<String> {
    let path = path.replace('[', ".").replace(']', "");
    let mut parts: Vec<String> = path.split('.').map(str::to_owned).collect();
    match parts.as_mut_slice() {
        // A key of it may be a field of the action's own.
        [first, _, ..] if first == "custom_data" => drop(parts.remove(0)),
        [first, rest @ ..] => {
            if let Some(field) = EVENT.iter().find(|field| field.answers_to(first)) {
                field.key.clone_into(first);
                if let [key, ..] = rest
                    && let Some(property) = field.property(key)
                {
                    property.key.clone_into(key);
                }
            }
        }
        [] => {}
    }
    parts
}

fn is_deeper(value: Json<'_>, levels: usize) -> bool {
    let Some(levels) = levels.checked_sub(1) else {
        return true;
    };
    match value {
        Json::List(items) => items.iter().any(|item| is_deeper(*item, levels)),
        Json::Object(members) => members.iter().any(|(_, value)| is_deeper(*value, levels)),
        _ => false,
    }
}

/// The draft with these members and no others in `custom_data`.
fn whole<'a>(
    draft: Json<'a>,
    members: &'a [(&'a str, Json<'a>)],
    action: &'static Spec,
    arena: &'a Arena,
) -> Result<Json<'a>, EditError> {
    let kept = draft.as_object().unwrap_or(&[]).iter();
    let kept: Vec<_> = kept
        .filter(|(key, _)| *key != "custom_data" && action.custom_field(key).is_none())
        .copied()
        .collect();
    let mut draft = Json::Object(arena.list(&kept));
    for &(key, value) in members {
        draft = if action.custom_field(key).is_some() {
            set(draft, &[key], value, arena)?
        } else {
            set(draft, &["custom_data", key], value, arena)?
        };
    }
    Ok(draft)
}

/// The draft without what `user_data` has under Meta's name of `key`.
fn without_other_names<'a>(
    draft: Json<'a>,
    key: &str,
    arena: &'a Arena,
) -> Result<Json<'a>, EditError> {
    match USER_DATA.property(key).and_then(|property| property.alias) {
        Some(alias) => set(draft, &["user_data", alias], Json::Null, arena),
        None => Ok(draft),
    }
}

/// `tree` with `value` at `path`. A list takes a value in a place that it has, or
/// in the next one.
fn set<'a>(
    tree: Json<'a>,
    path: &[&'a str],
    value: Json<'a>,
    arena: &'a Arena,
) -> Result<Json<'a>, EditError> {
    let Some((key, rest)) = path.split_first() else {
        return Ok(value);
    };
    let place: Option<usize> = key.parse().ok();
    if let Json::List(items) = tree {
        let mut items = items.to_vec();
        match place {
            Some(place) if place < items.len() => {
                items[place] = set(items[place], rest, value, arena)?;
            }
            Some(place) if place == items.len() => items.push(set(Json::Null, rest, value, arena)?),
            _ => return Err(no_place(key, items.len())),
        }
        return Ok(Json::List(arena.list(&items)));
    }
    if place.is_some() {
        return Err(no_place(key, 0));
    }
    let mut members = tree.as_object().unwrap_or(&[]).to_vec();
    let place = members.iter().position(|(name, _)| name == key);
    let before = place.map_or(Json::Null, |place| members[place].1);
    let after = set(before, rest, value, arena)?;
    match place {
        Some(place) if after.is_null() => drop(members.remove(place)),
        Some(place) => members[place].1 = after,
        None if after.is_null() => {}
        None => members.push((key, after)),
    }
    Ok(Json::Object(arena.list(&members)))
}

fn no_place(key: &str, length: usize) -> EditError {
    EditError::Unusable {
        path: key.to_owned(),
        message: format!("the place does not exist in a list of {length}"),
    }
}
