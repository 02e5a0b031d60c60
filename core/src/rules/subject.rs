//! The fields that rules are about, with Meta's path and ours.

use crate::Registry;
use crate::field::data_processing::STATES;
use crate::field::{Field, WirePath, custom_data, event};

/// A field, with where it is and which actions have it.
#[derive(Debug)]
pub struct Subject {
    /// Where the value is in Meta's event, in Meta's keys:
    /// `user_data.em`, `custom_data.contents[].id`.
    pub path: String,
    /// Where it is in a mapping, in our keys: `user_data.email`.
    pub mapped: String,
    /// What it takes.
    pub field: &'static Field,
    /// The actions that have it; none where every action does.
    pub actions: Vec<&'static str>,
    /// The actions that require it; none where every action or none does.
    pub required_by: Vec<&'static str>,
}

impl Subject {
    /// Whether some action requires it.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.field.required || !self.required_by.is_empty()
    }

    /// What a choice of the field stands for, where its text does not say it.
    #[must_use]
    pub fn choice_about(&self, choice: &str) -> Option<String> {
        if self.field.place != WirePath::DataProcessingState {
            return None;
        }
        let state = STATES.iter().find(|state| state.code == choice)?;
        Some(match state.since {
            Some(since) => format!("{}, since {since}", state.name),
            None => state.name.to_owned(),
        })
    }

    /// Whether `name` is one of its names: a path, or the last key of one. An
    /// index in a list is that of any item.
    pub(super) fn answers_to(&self, name: &str) -> bool {
        let mut plain = name;
        let without_index;
        if let Some((list, rest)) = name.split_once('[')
            && let Some((index, rest)) = rest.split_once(']')
            && index.bytes().all(|byte| byte.is_ascii_digit())
        {
            without_index = format!("{list}[]{rest}");
            plain = &without_index;
        }
        self.field.answers_to(plain) || self.path == plain || self.mapped == plain
    }

    /// What it may be called, for suggestions.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        [Some(self.field.key), self.field.alias]
            .into_iter()
            .flatten()
            .chain([&*self.path, &*self.mapped])
    }
}

/// The fields of every event and those of the actions in `registry`, each once.
pub(super) fn all(registry: &Registry) -> Vec<Subject> {
    let mut subjects = Vec::new();
    for field in event::EVENT {
        add(&mut subjects, field, None, None);
    }
    for action in registry.specs() {
        for field in action.fields {
            add(&mut subjects, field, None, Some(action.slug));
        }
    }
    // Whichever action they come with.
    for field in custom_data::all() {
        add(&mut subjects, field, None, None);
    }
    subjects
}

fn add(
    subjects: &mut Vec<Subject>,
    field: &'static Field,
    parent: Option<(&str, &str)>,
    action: Option<&'static str>,
) {
    let path = field.meta_path(parent.map(|(path, _)| path));
    let mapped = match parent {
        Some((_, mapped)) => format!("{mapped}.{}", field.key),
        None => field.key.to_owned(),
    };
    let list = if field.multiple { "[]" } else { "" };
    let inner = (format!("{path}{list}"), format!("{mapped}{list}"));
    let is_it = |subject: &&mut Subject| subject.path == path && subject.mapped == mapped;
    match subjects.iter_mut().find(is_it) {
        Some(known) => {
            // What every action has stays so, also where one has it in its own way.
            let is_of_every = known.actions.is_empty();
            if !is_of_every {
                known.actions.extend(action);
            }
            if !(is_of_every && known.field.required) {
                known.required_by.extend(action.filter(|_| field.required));
            }
        }
        None => subjects.push(Subject {
            path,
            mapped,
            field,
            actions: action.into_iter().collect(),
            required_by: action.filter(|_| field.required).into_iter().collect(),
        }),
    }
    for property in field.properties {
        add(subjects, property, Some((&inner.0, &inner.1)), action);
    }
}
