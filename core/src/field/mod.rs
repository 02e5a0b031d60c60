//! The schema of what an action takes: one description of each field that
//! validation, the command line, the documentation and the prebuilt mappings
//! all read.

pub mod app;
pub mod append;
pub mod commerce;
pub mod custom_data;
pub mod data_processing;
pub mod event;
pub mod messaging;
mod sources;
pub mod user_data;
mod wire_path;

pub use wire_path::WirePath;

/// What a field's value must be, in Segment's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// A short text.
    String,
    /// A long text.
    Text,
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// An object; its [`Field::properties`] say which keys.
    Object,
    /// A time: ISO 8601, Unix seconds or Unix milliseconds.
    Datetime,
}

impl FieldType {
    /// The type's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Text => "text",
            Self::Number => "number",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::Object => "object",
            Self::Datetime => "datetime",
        }
    }

    /// The type with its article, for messages.
    #[must_use]
    pub const fn described(self) -> &'static str {
        match self {
            Self::String | Self::Text => "a string",
            Self::Number => "a number",
            Self::Integer => "an integer",
            Self::Boolean => "a boolean",
            Self::Object => "an object",
            Self::Datetime => "a date and time",
        }
    }
}

/// One field of an action.
///
/// ```
/// use capi_core::field::{Field, FieldType, WirePath};
///
/// const LEVEL: Field = Field::new("level", "Level", FieldType::Integer, WirePath::CustomKey)
///     .description("The level that the player reached.")
///     .default(r#"{"@path":"$.properties.level"}"#)
///     .required();
///
/// assert!(LEVEL.required && !LEVEL.multiple);
/// assert_eq!(LEVEL.default, Some(r#"{"@path":"$.properties.level"}"#));
/// ```
///
/// A field of this crate is a `const` that the same builders change:
///
/// ```
/// use capi_core::field::{commerce, event};
///
/// // From another place of the event, and not without it.
/// let value = commerce::VALUE
///     .default(r#"{"@path":"$.properties.total"}"#)
///     .required();
/// assert_eq!((value.key, value.required), ("value", true));
/// // Not from the page, and in place of the field that every event has.
/// let url = event::EVENT_SOURCE_URL.unmapped().replaces();
/// assert_eq!((url.default, url.replaces), (None, true));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The key in mappings.
    pub key: &'static str,
    /// Another key by which it may be mapped: Meta's own name.
    pub alias: Option<&'static str>,
    /// The name for people.
    pub title: &'static str,
    /// The type of its value, or of each where [`Field::multiple`].
    pub kind: FieldType,
    /// Whether it takes a list; a single value counts as a list of one.
    pub multiple: bool,
    /// Whether a conversion without it is rejected.
    pub required: bool,
    /// What it is, in a sentence.
    pub description: &'static str,
    /// The prebuilt mapping as JSON text, with directives
    /// ([`mapping`](crate::mapping)); without one nothing is mapped.
    pub default: Option<&'static str>,
    /// The only values that it may have, as text; empty: any.
    pub choices: &'static [&'static str],
    /// The fields of an object. Empty on an object: it is free-form.
    pub properties: &'static [Self],
    /// Where the value goes.
    pub place: WirePath,
    /// Whether it takes the place of the field of every event that has its key.
    pub replaces: bool,
}

impl Field {
    /// A field that is optional, takes one value and maps nothing.
    #[must_use]
    pub const fn new(
        key: &'static str,
        title: &'static str,
        kind: FieldType,
        place: WirePath,
    ) -> Self {
        Self {
            key,
            alias: None,
            title,
            kind,
            multiple: false,
            required: false,
            description: "",
            default: None,
            choices: &[],
            properties: &[],
            place,
            replaces: false,
        }
    }

    /// Says what the field is.
    #[must_use]
    pub const fn description(mut self, description: &'static str) -> Self {
        self.description = description;
        self
    }

    /// Gives the prebuilt mapping, as JSON text.
    #[must_use]
    pub const fn default(mut self, mapping: &'static str) -> Self {
        self.default = Some(mapping);
        self
    }

    /// Makes the field required.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Makes the field take a list.
    #[must_use]
    pub const fn multiple(mut self) -> Self {
        self.multiple = true;
        self
    }

    /// Limits the values to `choices`.
    #[must_use]
    pub const fn choices(mut self, choices: &'static [&'static str]) -> Self {
        self.choices = choices;
        self
    }

    /// Gives the fields of an object.
    #[must_use]
    pub const fn properties(mut self, properties: &'static [Self]) -> Self {
        self.properties = properties;
        self
    }

    /// Makes the field one that an action has in place of that of
    /// [every event](event::EVENT) with the same key.
    #[must_use]
    pub const fn replaces(mut self) -> Self {
        self.replaces = true;
        self
    }

    /// Maps nothing unless a subscription does.
    #[must_use]
    pub const fn unmapped(mut self) -> Self {
        self.default = None;
        self
    }

    /// Accepts Meta's name for the field too.
    #[must_use]
    pub const fn alias(mut self, alias: &'static str) -> Self {
        self.alias = Some(alias);
        self
    }

    /// Whether Meta might use more of a person's data where its value is left out. One
    /// that cannot be read rejects the event, though the field is optional.
    ///
    /// Source: Meta, Server event parameters, `opt_out`; Meta, Data processing options
    /// for US users; Meta, App data parameters, the flags of tracking.
    ///
    /// ```
    /// use capi_core::field::{app, commerce};
    ///
    /// let limits = app::APP_DATA.iter().filter(|field| field.limits_use());
    /// assert!(limits.map(|field| field.key).eq([
    ///     "advertiser_tracking_enabled",
    ///     "application_tracking_enabled",
    /// ]));
    /// assert!(!commerce::VALUE.limits_use());
    /// ```
    #[must_use]
    pub fn limits_use(&self) -> bool {
        match self.place {
            WirePath::DataProcessingOptions
            | WirePath::DataProcessingCountry
            | WirePath::DataProcessingState => true,
            WirePath::EventKey(key) => key == "opt_out",
            WirePath::AppKey => matches!(
                self.key,
                "advertiser_tracking_enabled" | "application_tracking_enabled"
            ),
            _ => false,
        }
    }

    /// Its property that mappings may call `key`.
    #[must_use]
    pub(crate) fn property(&self, key: &str) -> Option<&'static Self> {
        self.properties
            .iter()
            .find(|property| property.answers_to(key))
    }

    /// Whether mappings may call this field `key`.
    #[must_use]
    pub fn answers_to(&self, key: &str) -> bool {
        self.key == key || self.alias == Some(key)
    }
}

/// `fields` with other prebuilt mappings of those with the keys of `mappings`, or none.
///
/// For tables in a `const`, where a key that is not there does not compile.
#[must_use]
pub(crate) const fn remapped<const N: usize>(
    mut fields: [Field; N],
    mappings: &[(&str, Option<&'static str>)],
) -> [Field; N] {
    let mut next = 0;
    while next < mappings.len() {
        let (key, mapping) = mappings[next];
        let mut place = 0;
        while !is_same(fields[place].key, key) {
            place += 1;
        }
        fields[place].default = mapping;
        next += 1;
    }
    fields
}

const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut place = 0;
    while place < one.len() {
        if one[place] != other[place] {
            return false;
        }
        place += 1;
    }
    true
}
