//! The third step: every field is of its type, and none that is required is
//! missing. All faults of an event are reported together.
//!
//! An optional value that cannot be read costs itself: it is left out with a warning.
//! Only one that is required, and one that [limits](Field::limits_use) what Meta may do
//! with a person's data, rejects.

mod ahead;
mod app_data;
mod behind;
mod click;
mod contents;
mod custom_data;
mod ids;
mod kept;
mod members;
mod money;
mod nobody;
mod object;
mod user_data;

use std::borrow::Cow;
use std::collections::HashSet;

use jiff::Timestamp;

pub(super) use self::ahead::MOST_SECONDS_AHEAD;
use self::members::Members;
use super::amount::Unread;
use super::clean;
use super::coerce::{coerce, listed};
use super::diagnostics::{Diagnostics, is_plain_key};
use super::draft::{DataProcessing, Draft};
use super::stage::PipelineStage;
use super::stages::{Context, Mapped, Passed, Validated};
use crate::ActionSource;
use crate::event::time;
use crate::field::{Field, FieldType, WirePath};
use crate::json::keep_last_of_each;
use crate::json::{Arena, Json};
use crate::rejection::{Code, Diagnostic};
use crate::standard_event::{nearly, warning};
use crate::user_data::characters::trimmed;

/// The longest test code. Those that Events Manager makes have nine characters.
const LONGEST_TEST_CODE: usize = 40;

/// Checks a draft against its action's fields.
#[derive(Clone, Copy, Debug)]
pub struct Validate;

impl<'a> PipelineStage<Mapped<'a>> for Validate {
    type Out = Validated<'a>;

    fn apply(&self, mut mapped: Mapped<'a>) -> Validated<'a> {
        let mut check = Check::new(&mut mapped);
        let mut draft = Members::new(mapped.draft);
        for field in mapped.context.action.all_fields() {
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
    context: Context<'a>,
    findings: Diagnostics,
    /// What the mapping gave.
    draft: Json<'a>,
    /// Whether all that is around the field under check is required.
    is_in_required: bool,
    /// Whether the event has one product and no list of them.
    is_one_product: bool,
    /// Whether a currency was left out.
    is_currency_lost: bool,
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
    passed: Passed,
    click_from: Option<&'static str>,
    event_keys: Vec<(&'static str, Json<'a>)>,
    wrong: Vec<(&'static str, Json<'a>)>,
    wrong_custom: Vec<(&'a str, Json<'a>)>,
    free: &'a [(&'a str, Json<'a>)],
    custom: Vec<(&'a str, Json<'a>)>,
    app_data: Option<&'a [(&'a str, Json<'a>)]>,
    limited_data_use: bool,
    processing_state: i64,
}

impl<'a> Check<'a> {
    fn new(mapped: &mut Mapped<'a>) -> Self {
        Self {
            arena: mapped.context.arena,
            is_currency_lost: money::is_currency_lost(&mapped.findings),
            context: mapped.context,
            findings: std::mem::take(&mut mapped.findings),
            draft: mapped.draft,
            is_in_required: true,
            is_one_product: contents::is_one_product(mapped.context.source_event),
            wrong: Vec::new(),
            wrong_custom: Vec::new(),
            event_name: mapped.context.action.event_name,
            event_time: None,
            event_id: None,
            event_source_url: None,
            action_source: None,
            test_event_code: None,
            unknown: HashSet::new(),
            identifiers: [None; 11],
            user_keys: Vec::with_capacity(8),
            passed: Passed::new(),
            click_from: None,
            event_keys: Vec::new(),
            free: &[],
            custom: Vec::with_capacity(8),
            app_data: None,
            limited_data_use: false,
            processing_state: 0,
        }
    }

    fn missing(&mut self, field: &Field) {
        // What the mapping could not resolve is not missing, and is noted.
        let is_it = |reason: &Diagnostic| {
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
        self.findings.reject(Diagnostic::new(
            Code::MissingField,
            path,
            format!("{} is required and the mapping gave nothing for it; map it to a field that the event has", field.title),
        ));
    }

    /// Whether an event is rejected where the value of `field` cannot be read.
    fn rejects(&self, field: &Field) -> bool {
        (field.required && self.is_in_required) || field.limits_use()
    }

    /// Notes that the value of `field` cannot be used.
    fn refuse(&mut self, field: &Field, reason: Diagnostic) {
        if self.rejects(field) {
            self.findings.reject(reason);
            return;
        }
        self.is_currency_lost |= field.key == "currency";
        self.findings.warn(Diagnostic {
            message: format!("{}; it is left out", reason.message).into(),
            ..reason
        });
    }

    /// What `check` gives of the parts of `object`, which reject the event only where
    /// the object is required itself.
    fn inside<T>(&mut self, object: &Field, check: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.is_in_required;
        self.is_in_required = outer && object.required;
        let found = check(self);
        self.is_in_required = outer;
        found
    }

    /// The time that `value` of `field` is; that it is none is noted under `path`.
    fn time(
        &mut self,
        field: &Field,
        path: impl Into<Cow<'static, str>>,
        value: Json<'a>,
    ) -> Option<Timestamp> {
        let time = time(value);
        if time.is_none() {
            self.refuse(field, Diagnostic::new(
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
            WirePath::UserData => {
                if let Some(members) = self.object(field, value) {
                    self.inside(field, |check| check.user_data(field, members));
                }
            }
            WirePath::AppData => {
                if let Some(members) = self.object(field, value) {
                    self.app_data =
                        self.inside(field, |check| app_data::app_data(check, field, members));
                }
            }
            WirePath::CustomData => {
                if let Some(members) = self.object(field, value) {
                    self.free = self.inside(field, |check| check.custom_data(members));
                }
            }
            WirePath::Contents => self.contents(field, value),
            WirePath::EventKey(key) if field.kind == FieldType::Object => {
                if let Some(members) = self.members(field, value) {
                    self.event_keys.push((key, members));
                }
            }
            WirePath::CustomKey if !field.multiple && !field.properties.is_empty() => {
                if let Some(members) = self.members(field, value) {
                    self.custom.push((field.key, members));
                }
            }
            WirePath::EventTime => {
                self.event_time = self.time(field, field.key, value);
                if self.event_time.is_none() {
                    self.keep(field, value);
                }
            }
            _ if field.multiple => self.list(field, value),
            _ => match self.value(field, || field.key.into(), value) {
                Some(value) => self.assign(field, value),
                None => match self.behind(field, value) {
                    Some(other) => self.assign(field, other),
                    None => self.keep(field, value),
                },
            },
        }
    }

    fn assign(&mut self, field: &'static Field, value: Json<'a>) {
        if field.place == WirePath::CustomKey
            && self.is_nobodys_order(field.key, || field.key.into(), value)
        {
            return;
        }
        let text = value.as_str();
        let integer = |value: Json<'a>| match value {
            Json::Number(number) => number.to_i64().unwrap_or_default(),
            _ => 0,
        };
        match field.place {
            WirePath::EventName if text.is_some_and(|name| name.trim().is_empty()) => {
                self.missing(field);
            }
            WirePath::EventName => self.name(text.unwrap_or_default()),
            WirePath::EventId => self.event_id = text,
            WirePath::EventSourceUrl => {
                self.event_source_url = text
                    .map(|url| clean::url(url, self.arena))
                    .filter(|url| !url.is_empty());
            }
            WirePath::ActionSource => self.action_source = text.and_then(ActionSource::from_name),
            WirePath::TestEventCode => self.test_code(text.unwrap_or_default()),
            WirePath::DataProcessingOptions => self.limited_data_use = value == Json::Bool(true),
            // The state says it.
            WirePath::DataProcessingCountry => {}
            WirePath::DataProcessingState => self.processing_state = integer(value),
            WirePath::UserKey(key) => self.user_key(field, key, value),
            WirePath::EventKey(key @ "referrer_url") => {
                let url = clean::url(text.unwrap_or_default(), self.arena);
                if !url.is_empty() {
                    self.event_keys.push((key, Json::Str(url)));
                }
            }
            WirePath::EventKey(key) => self.event_keys.push((key, value)),
            _ if !self.is_worth_sending(field, value) => {}
            _ if field.key == "currency" => self.currency(field, value),
            _ => self.custom.push((field.key, value)),
        }
    }

    /// A name is clean before it is judged. White space around one of Meta's names is taken
    /// off with a warning.
    fn name(&mut self, text: &'a str) {
        let name = text.trim();
        self.event_name = Some(name);
        if name.len() != text.len()
            && let Some(standard) = nearly(text)
            && standard == name
        {
            let becomes = "once the white space around it is left out";
            self.findings.warn(warning(standard, becomes));
        }
    }

    /// A test code names a lane, which is shown and kept: so it may be nothing but one,
    /// whatever a mapping takes it from.
    fn test_code(&mut self, code: &'a str) {
        if code.trim().is_empty() || is_test_code(code) {
            self.test_event_code = Some(code);
            return;
        }
        self.findings.warn(Diagnostic::new(
            Code::InvalidTestEventCode,
            "test_event_code",
            format!("this is not a test code and is left out; one has up to {LONGEST_TEST_CODE} letters, digits, _ and -, such as TEST12345"),
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
        let draft = self.draft;
        let mut taken = match coerce(field, value, || money::currency_of(draft), self.arena) {
            Ok(taken) => taken,
            Err(unread) => {
                self.wrong_type(field, path(), value, unread);
                return None;
            }
        };
        if field.kind == FieldType::Number {
            self.warn_of_currency(value, &path);
        }
        if !field.choices.is_empty() {
            if let Json::Str(text) = taken {
                taken = Json::Str(trimmed(text));
            }
            if !is_choice(field.choices, taken) {
                self.refuse(
                    field,
                    Diagnostic::new(
                        Code::InvalidChoice,
                        path(),
                        format!("the value must be one of: {}", field.choices.join(", ")),
                    ),
                );
                return None;
            }
        }
        Some(taken)
    }

    fn wrong_type(
        &mut self,
        field: &Field,
        path: impl Into<Cow<'static, str>>,
        value: Json<'_>,
        unread: Unread,
    ) {
        let found = match (value, unread) {
            (_, Unread::TwoReadings) => {
                "a string that can be read as two, with thousands or with decimals; send a number"
            }
            // A text that spells no number is worth another word than "a string".
            (Json::Str(_), Unread::NoNumber) if field.kind != FieldType::Object => {
                "a string that cannot be read as one"
            }
            (other, Unread::NoNumber) => other.kind(),
        };
        self.refuse(
            field,
            Diagnostic::new(
                Code::InvalidType,
                path,
                format!(
                    "the value must be {} but it is {found}",
                    field.kind.described()
                ),
            ),
        );
    }

    fn object(&mut self, field: &Field, value: Json<'a>) -> Option<&'a [(&'a str, Json<'a>)]> {
        self.value(field, || field.key.into(), value)?.as_object()
    }

    fn list(&mut self, field: &'static Field, value: Json<'a>) {
        match self.items(field, || field.key.to_owned(), value) {
            Some(items) => self.custom.push((field.key, items)),
            None if field.required => self.missing(field),
            None => {}
        }
    }

    /// The items of a list, or the one value, each as the type of `field` and in its
    /// place: `null` stands for one that is none or blank, which admission leaves out. A
    /// text that writes a list is the list. `path` is that of the list. Nothing where none
    /// is left.
    pub(super) fn items(
        &mut self,
        field: &Field,
        path: impl Fn() -> String,
        value: Json<'a>,
    ) -> Option<Json<'a>> {
        let one = [listed(value, self.arena)];
        let items = match &one {
            [Json::List(items)] => *items,
            one => one,
        };
        let mut taken = Vec::with_capacity(items.len());
        let outer = std::mem::replace(&mut self.is_in_required, false);
        for (index, item) in items.iter().enumerate() {
            let path = || Cow::Owned(format!("{}[{index}]", path()));
            let item = (!item.is_null())
                .then(|| self.value(field, path, *item))
                .flatten();
            let item = item.map_or(Json::Null, |item| self.id_or_gap(field, path, item));
            taken.push(item);
        }
        self.is_in_required = outer;
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
        self.findings.warn(Diagnostic::new(
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
                self.refuse(
                    field,
                    Diagnostic::new(
                        Code::InvalidCurrency,
                        field.key,
                        "the currency is not an ISO 4217 code; send one such as EUR or USD",
                    ),
                );
                self.keep(field, value);
            }
        }
    }

    fn finish(mut self, mapped: &Mapped<'a>) -> Validated<'a> {
        let context = mapped.context;
        self.cut_lead(context.now);
        if let Some(event) = context.click_id_from
            && let Some(event_time) = self.event_time
        {
            self.click(event, event_time);
        }
        self.drop_amounts_without_currency(context.action);
        self.forget_identifiers();
        // Behind the line above: what is left out is the customer's all the same.
        self.bound_identifiers(context.most_values);
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
            context,
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
                data_processing: self
                    .limited_data_use
                    .then(|| DataProcessing::of(self.processing_state)),
                click_from: self.click_from,
                wrong: self.arena.list(&self.wrong),
            },
            identifiers: self.identifiers,
            passed: self.passed,
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
