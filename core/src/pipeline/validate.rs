//! The third step: every field is of its type, and none that is required is
//! missing. All faults of an event are reported together.

mod ahead;
mod app_data;
mod contents;
mod custom_data;
mod ids;
mod kept;
mod members;
mod object;
mod user_data;

use std::borrow::Cow;
use std::collections::HashSet;

use jiff::Timestamp;

pub(super) use self::ahead::MOST_SECONDS_AHEAD;
use self::members::Members;
use super::click_id;
use super::coerce::coerce;
use super::draft::{DataProcessing, Draft};
use super::findings::{Findings, is_plain_key};
use super::refine::Refine;
use super::stages::{Mapped, Validated};
use crate::ActionSource;
use crate::event::time;
use crate::field::{Field, FieldType, Place};
use crate::json::keep_last_of_each;
use crate::json::{Arena, Json};
use crate::rejection::{Code, Reason};

/// The longest test code. Those that Events Manager makes have nine characters.
const LONGEST_TEST_CODE: usize = 40;

/// Checks a draft against its action's fields.
#[derive(Clone, Copy, Debug)]
pub struct Validate;

impl<'a> Refine<Mapped<'a>> for Validate {
    type Out = Validated<'a>;

    fn refine(&self, mut mapped: Mapped<'a>) -> Validated<'a> {
        let mut check = Check::new(&mut mapped);
        let mut draft = Members::new(mapped.draft);
        for field in mapped.setting.action.all_fields() {
            match draft.value_of(field) {
                Some(value) => check.field(field, value),
                None if field.required => check.missing(field),
                None => {}
            }
        }
        check.finish(&mapped)
    }
}

/// A check under way: what was found so far, good and bad.
pub(super) struct Check<'a> {
    pub(super) arena: &'a Arena,
    findings: Findings,
    event_name: Option<&'a str>,
    event_time: Option<Timestamp>,
    event_id: Option<&'a str>,
    event_source_url: Option<&'a str>,
    action_source: Option<ActionSource>,
    test_event_code: Option<&'a str>,
    /// The keys that no object has, each once, however many items of a list
    /// have it.
    unknown: HashSet<String>,
    identifiers: [Option<Json<'a>>; 11],
    user_keys: Vec<(&'static str, Json<'a>)>,
    event_keys: Vec<(&'static str, Json<'a>)>,
    wrong: Vec<(&'static str, Json<'a>)>,
    wrong_custom: Vec<(&'a str, Json<'a>)>,
    free: &'a [(&'a str, Json<'a>)],
    custom: Vec<(&'a str, Json<'a>)>,
    app_data: Option<&'a [(&'a str, Json<'a>)]>,
    limited_data_use: bool,
    processing: DataProcessing,
}

impl<'a> Check<'a> {
    fn new(mapped: &mut Mapped<'a>) -> Self {
        Self {
            arena: mapped.setting.arena,
            findings: std::mem::take(&mut mapped.findings),
            wrong: Vec::new(),
            wrong_custom: Vec::new(),
            event_name: mapped.setting.action.event_name,
            event_time: None,
            event_id: None,
            event_source_url: None,
            action_source: None,
            test_event_code: None,
            unknown: HashSet::new(),
            identifiers: [None; 11],
            user_keys: Vec::with_capacity(8),
            event_keys: Vec::new(),
            free: &[],
            custom: Vec::with_capacity(8),
            app_data: None,
            limited_data_use: false,
            processing: DataProcessing {
                country: 0,
                state: 0,
            },
        }
    }

    fn missing(&mut self, field: &Field) {
        // What the mapping could not resolve is not missing, and is noted.
        let is_it = |reason: &Reason| {
            let rest = reason.field.strip_prefix(field.key);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        if self.findings.reasons.iter().any(is_it) {
            return;
        }
        self.required(field.key, field);
    }

    /// Notes under `path` that a required field has no value.
    fn required(&mut self, path: impl Into<Cow<'static, str>>, field: &Field) {
        self.findings.reject(Reason::new(
            Code::MissingField,
            path,
            format!("{} is required and the mapping gave nothing for it; map it to a field that the event has", field.title),
        ));
    }

    /// The time that `value` is; that it is none is noted under `path`.
    fn time(&mut self, path: impl Into<Cow<'static, str>>, value: Json<'a>) -> Option<Timestamp> {
        let time = time(value);
        if time.is_none() {
            self.findings.reject(Reason::new(
                Code::InvalidEventTime,
                path,
                "the time is neither ISO 8601 nor Unix seconds or milliseconds; send one of these, with an offset such as +01:00 in place of a time zone's name in brackets",
            ));
        }
        time
    }

    fn field(&mut self, field: &'static Field, value: Json<'a>) {
        let Some(value) = self.id(field, || field.key.into(), value) else {
            return;
        };
        match field.place {
            Place::UserData => {
                if let Some(members) = self.object(field, value) {
                    self.user_data(field, members);
                }
            }
            Place::AppData => {
                if let Some(members) = self.object(field, value) {
                    self.app_data = app_data::app_data(self, field, members);
                }
            }
            Place::CustomData => {
                if let Some(members) = self.object(field, value) {
                    self.free = self.custom_data(members);
                }
            }
            Place::Contents => self.contents(field, value),
            Place::EventKey(key) if field.kind == FieldType::Object => {
                if let Some(members) = self.members(field, value) {
                    self.event_keys.push((key, members));
                }
            }
            Place::CustomKey if !field.multiple && !field.properties.is_empty() => {
                if let Some(members) = self.members(field, value) {
                    self.custom.push((field.key, members));
                }
            }
            Place::EventTime => {
                self.event_time = self.time(field.key, value);
                if self.event_time.is_none() {
                    self.keep(field, value);
                }
            }
            _ if field.multiple => self.list(field, value),
            _ => match self.value(field, || field.key.into(), value) {
                Some(value) => self.assign(field, value),
                None => self.keep(field, value),
            },
        }
    }

    fn assign(&mut self, field: &'static Field, value: Json<'a>) {
        let text = value.as_str();
        let integer = |value: Json<'a>| match value {
            Json::Number(number) => number.to_i64().unwrap_or_default(),
            _ => 0,
        };
        match field.place {
            Place::EventName if text.is_some_and(|name| name.trim().is_empty()) => {
                self.missing(field);
            }
            Place::EventName => self.event_name = text,
            Place::EventId => self.event_id = text,
            Place::EventSourceUrl => self.event_source_url = text,
            Place::ActionSource => self.action_source = text.and_then(ActionSource::from_name),
            Place::TestEventCode => self.test_code(text.unwrap_or_default()),
            Place::DataProcessingOptions => self.limited_data_use = value == Json::Bool(true),
            Place::DataProcessingCountry => self.processing.country = integer(value),
            Place::DataProcessingState => self.processing.state = integer(value),
            Place::UserKey(key) => self.user_key(field, key, value),
            Place::EventKey(key) => self.event_keys.push((key, value)),
            _ if field.key == "currency" => self.currency(field, value),
            _ => self.custom.push((field.key, value)),
        }
    }

    /// A test code names a lane, which is shown and kept: so it may be nothing but one,
    /// whatever a mapping takes it from.
    fn test_code(&mut self, code: &'a str) {
        if code.trim().is_empty() || is_test_code(code) {
            self.test_event_code = Some(code);
            return;
        }
        self.findings.warn(Reason::new(
            Code::InvalidTestEventCode,
            "test_event_code",
            format!("this is no test code and is left out; one has up to {LONGEST_TEST_CODE} letters, digits, _ and -, such as TEST12345"),
        ));
    }

    /// `value` as the type of `field` and one of its choices; a fault is noted
    /// under `path`.
    pub(super) fn value(
        &mut self,
        field: &Field,
        path: impl Fn() -> Cow<'static, str>,
        value: Json<'a>,
    ) -> Option<Json<'a>> {
        let Some(taken) = coerce(field.kind, value, self.arena) else {
            self.wrong_type(field.kind, path(), value);
            return None;
        };
        if !field.choices.is_empty() && !is_choice(field.choices, taken) {
            self.findings.reject(Reason::new(
                Code::InvalidChoice,
                path(),
                format!("the value must be one of: {}", field.choices.join(", ")),
            ));
            return None;
        }
        Some(taken)
    }

    fn wrong_type(&mut self, kind: FieldType, path: impl Into<Cow<'static, str>>, value: Json<'_>) {
        let found = match value {
            // A text that spells no number is worth another word than "a string".
            Json::Str(_) if kind != FieldType::Object => "a string that cannot be read as one",
            other => other.kind(),
        };
        self.findings.reject(Reason::new(
            Code::InvalidType,
            path,
            format!("the value must be {} but it is {found}", kind.described()),
        ));
    }

    fn object(&mut self, field: &Field, value: Json<'a>) -> Option<&'a [(&'a str, Json<'a>)]> {
        self.value(field, || field.key.into(), value)?.as_object()
    }

    fn list(&mut self, field: &'static Field, value: Json<'a>) {
        if let Some(items) = self.items(field, || field.key.to_owned(), value) {
            self.custom.push((field.key, items));
        }
    }

    /// The items of a list, or the one value, each as the type of `field` and in its
    /// place: `null` stands for one that is none, which admission leaves out. `path` is
    /// that of the list. Nothing where none is left.
    pub(super) fn items(
        &mut self,
        field: &Field,
        path: impl Fn() -> String,
        value: Json<'a>,
    ) -> Option<Json<'a>> {
        let one = [value];
        let items = value.as_list().unwrap_or(&one);
        let mut taken = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let item = (!item.is_null())
                .then(|| self.value(field, || format!("{}[{index}]", path()).into(), *item))
                .flatten();
            taken.push(item.unwrap_or(Json::Null));
        }
        let is_any_left = taken.iter().any(|item| !item.is_null());
        is_any_left.then(|| Json::List(self.arena.list(&taken)))
    }

    /// The property of an object that `key` names, where its value says
    /// something. A key that the object does not have is noted.
    fn property(
        &mut self,
        object: &'static Field,
        key: &str,
        value: Json<'_>,
    ) -> Option<&'static Field> {
        let property = object.property(key);
        if property.is_none() {
            self.unknown_key(object.key, key);
        }
        property.filter(|_| !value.is_blank())
    }

    fn unknown_key(&mut self, path: &str, key: &str) {
        let path = if is_plain_key(key) {
            format!("{path}.{key}")
        } else {
            path.to_owned()
        };
        if !self.unknown.insert(path.clone()) {
            return;
        }
        self.findings.warn(Reason::new(
            Code::UnknownKey,
            path,
            "the key is not one that this object has and is left out",
        ));
    }

    fn currency(&mut self, field: &'static Field, value: Json<'a>) {
        match value
            .as_str()
            .and_then(|text| super::currency::iso_code(text, self.arena))
        {
            Some(code) => self.custom.push((field.key, Json::Str(code))),
            None => {
                self.findings.reject(Reason::new(
                    Code::InvalidCurrency,
                    field.key,
                    "the currency is no ISO 4217 code; send one such as EUR or USD",
                ));
                self.keep(field, value);
            }
        }
    }

    fn finish(mut self, mapped: &Mapped<'a>) -> Validated<'a> {
        let setting = mapped.setting;
        self.cut_lead(setting.now);
        if let Some(event) = setting.click_id_from
            && let Some(event_time) = self.event_time
            // A conversation has no page that was clicked to.
            && self.action_source != Some(ActionSource::BusinessMessaging)
            && !self.user_keys.iter().any(|(key, _)| *key == "fbc")
            && let Some(made) =
                click_id::from_event(event, self.event_source_url, event_time, self.arena)
        {
            self.user_keys.push(("fbc", Json::Str(made)));
        }
        self.forget_identifiers();
        // Behind the line above: what is left out is the customer's all the same.
        self.bound_identifiers(setting.most_values);
        self.custom.append(&mut self.wrong_custom);
        let custom_data = if self.free.is_empty() {
            self.arena.list(&self.custom)
        } else {
            let mut all = Vec::with_capacity(self.free.len() + self.custom.len());
            all.extend_from_slice(self.free);
            all.extend_from_slice(&self.custom);
            // The action's own fields win over what came in free form.
            keep_last_of_each(&mut all, 0);
            self.arena.list(&all)
        };
        Validated {
            setting,
            draft: Draft {
                event_name: self.event_name,
                event_time: self.event_time.map(Timestamp::as_second),
                event_id: self.event_id,
                event_source_url: self.event_source_url,
                action_source: self.action_source,
                test_event_code: self.test_event_code,
                event_keys: self.arena.list(&self.event_keys),
                user_keys: self.arena.list(&self.user_keys),
                custom_data,
                app_data: self.app_data,
                data_processing: self.limited_data_use.then_some(self.processing),
                wrong: self.arena.list(&self.wrong),
            },
            identifiers: self.identifiers,
            findings: self.findings,
        }
    }
}

fn is_choice(choices: &[&str], value: Json<'_>) -> bool {
    match value {
        Json::Str(text) => choices.contains(&text),
        Json::Number(number) => number
            .to_i64()
            .is_some_and(|value| choices.iter().any(|choice| choice.parse() == Ok(value))),
        _ => true,
    }
}

fn is_test_code(code: &str) -> bool {
    let is_of_code = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    code.len() <= LONGEST_TEST_CODE && code.bytes().all(is_of_code)
}
