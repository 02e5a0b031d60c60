//! Why a conversion is not sent, or is sent with something left out.
//!
//! Every reason has a stable code that scripts may rely on. A reason is data:
//! the code, the field, a sentence that says what to do. It never holds the
//! value that was wrong.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use crate::{Confidence, RejectedEvent};

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal, $confidence:ident, $source:literal;)+) => {
        /// A stable code; it never changes its meaning and is never reused.
        ///
        /// ```
        /// use capi_core::Confidence;
        /// use capi_core::rejection::Code;
        ///
        /// let code = Code::EventTooOld;
        /// assert_eq!(code.as_str(), "event_too_old");
        /// assert_eq!(code.confidence(), Confidence::Documented);
        /// assert!(code.source().starts_with("Meta, "));
        /// assert!(Code::ALL.contains(&code));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[doc = $doc])+ $name,)+ }

        impl Code {
            /// All codes, in the order of the steps that give them.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The code as scripts see it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// What the code means, for documentation.
            #[must_use]
            pub const fn about(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+),)+ }
            }

            /// Where the rule comes from.
            #[must_use]
            pub const fn source(self) -> &'static str {
                match self { $(Self::$name => $source,)+ }
            }

            /// How well the rule is known.
            #[must_use]
            pub const fn confidence(self) -> Confidence {
                match self { $(Self::$name => Confidence::$confidence,)+ }
            }
        }
    };
}

codes! {
    /// The event is not JSON that can be held.
    MalformedEvent = "malformed_event", Documented, "Segment, HTTP Tracking API";
    /// The event is larger than the limit of one event.
    EventTooLarge = "event_too_large", Documented, "Segment, HTTP Tracking API, limits";
    /// The event has no `type`, or one that the Segment spec does not know.
    UnknownType = "unknown_type", Documented, "Segment, Spec";
    /// A directive of the mapping gave a value of the wrong kind.
    MappingFailed = "mapping_failed", Own, "the subscription's mapping";
    /// A field that the action requires has no value.
    MissingField = "missing_field", Documented, "the action's fields; Meta, Server event parameters";
    /// A field's value is of the wrong type and cannot be taken as the right one.
    InvalidType = "invalid_type", Documented, "the action's fields";
    /// A field's value is none of those it may have.
    InvalidChoice = "invalid_choice", Documented, "the action's fields; Meta, Server event parameters";
    /// The currency is no ISO 4217 code of money.
    InvalidCurrency = "invalid_currency", Documented, "Meta, Custom data parameters, currency";
    /// The event time is no ISO 8601 date, Unix seconds or Unix milliseconds.
    InvalidEventTime = "invalid_event_time", Documented, "Meta, Server event parameters, event_time";
    /// A key that the object does not have was left out.
    UnknownKey = "unknown_key", Reported, "the action's fields";
    /// An item of `contents` without an id was left out.
    ContentsItemWithoutId = "contents_item_without_id", Reported, "Meta, Custom data parameters, contents";
    /// A value of an identifier cannot be used and was left out.
    UnusableIdentifier = "unusable_identifier", Documented, "Meta, Customer information parameters";
    /// The client's address is no IP address and was left out.
    InvalidIpAddress = "invalid_ip_address", Documented, "Meta, Customer information parameters, client_ip_address";
    /// The click id has not the form `fb.1.<milliseconds>.<fbclid>` and was left out.
    InvalidClickId = "invalid_click_id", Documented, "Meta, fbp and fbc parameters";
    /// The browser id has not the form `fb.1.<milliseconds>.<number>` and was left out.
    InvalidBrowserId = "invalid_browser_id", Documented, "Meta, fbp and fbc parameters";
    /// The lead id has not 15 to 17 digits and was left out.
    InvalidLeadId = "invalid_lead_id", Documented, "Meta, Customer information parameters, lead_id";
    /// What looks like an e-mail address or a card number, or has a name that tells of
    /// such data, was cut out of free text.
    PersonalDataRemoved = "personal_data_removed", Own, "Meta, Business Tools Terms: contact information must be hashed";
    /// A key that events of this channel may not have was left out.
    NotInChannel = "not_in_channel", Documented, "Meta, Conversions API for business messaging";
    /// The click is more than 90 days older than the event, or later than it; where reports
    /// count, its id is left out.
    ClickIdOutOfTime = "click_id_out_of_time", Reported, "reported, subcode 2804001; Meta, fbp and fbc parameters (the cookie lives 90 days)";
    /// A website event without the browser's user agent.
    MissingUserAgent = "missing_client_user_agent", Documented, "Meta, Conversions API parameters, website events";
    /// A website event without the page's URL.
    MissingUrl = "missing_event_source_url", Documented, "Meta, Conversions API parameters, website events";
    /// The page's URL does not begin with `http://` or `https://`.
    InvalidUrl = "invalid_event_source_url", Documented, "Meta, Server event parameters, event_source_url";
    /// The referrer does not begin with `http://` or `https://` and was left out.
    InvalidReferrer = "invalid_referrer_url", Documented, "Meta, Server event parameters, referrer_url";
    /// What identifies the customer is missing, or too broad to match anybody.
    InsufficientUserData = "insufficient_user_data", Documented, "Meta, Best practices, invalid combinations";
    /// The event is older than Meta accepts.
    EventTooOld = "event_too_old", Documented, "Meta, Server event parameters, event_time";
    /// The event happens in the future.
    EventInFuture = "event_in_future", Own, "Meta, Server event parameters, event_time (when it happened); refusals are reported, subcode 2804004; the minute that clocks may differ is capi's";
    /// A number lies outside of what it may be.
    OutOfRange = "out_of_range", Documented, "Meta, Append attribution";
    /// The ad was seen after the conversion that it is to be credited with.
    TouchpointAfterEvent = "touchpoint_after_event", Documented, "Meta, Append attribution";
    /// What it adds to happened too long ago for Meta to add anything.
    OriginalTooOld = "original_event_too_old", Documented, "Meta, Append attribution (48 hours); Meta, Predicted lifetime value (7 days)";
    /// Limited Data Use that leaves it to Meta to find the state, without the address
    /// to find it by.
    LimitedDataUseWithoutPlace = "limited_data_use_without_place", Documented, "Meta, Data processing options for US users";
    /// A `value`, or an order of business messaging, without a `currency`: reports say
    /// that Meta refuses it.
    ValueWithoutCurrency = "value_without_currency", Reported, "reported, subcodes 2804023 and 2804081";
    /// An app event without the app data that Meta requires; reports say that Meta
    /// refuses it.
    MissingAppData = "missing_app_data", Reported, "Meta, App data parameters; reported, subcode 2804043";
}

impl Code {
    /// Whether it says that a value is wrong, so that only another value helps, and
    /// neither time nor another configuration.
    #[must_use]
    pub const fn is_of_a_value(self) -> bool {
        matches!(
            self,
            Self::MappingFailed
                | Self::InvalidType
                | Self::InvalidChoice
                | Self::InvalidCurrency
                | Self::InvalidEventTime
                | Self::InvalidUrl
                | Self::OutOfRange
        )
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// One thing that is wrong with a conversion.
///
/// ```
/// use capi_core::rejection::{Code, Reason};
///
/// let reason = Reason::new(
///     Code::EventTooLarge,
///     "",
///     "the event has 40000 bytes and may have 32768; send less",
/// );
/// assert_eq!(
///     serde_json::to_string(&reason)?,
///     r#"{"code":"event_too_large","field":"","message":"the event has 40000 bytes and may have 32768; send less"}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The stable code.
    pub code: Code,
    /// The field, as a path of keys: `user_data.email`, `contents[0].id`.
    pub field: Cow<'static, str>,
    /// What is wrong and what to do. Never the value.
    pub message: Cow<'static, str>,
}

impl Reason {
    /// A reason with `code` for `field`.
    pub fn new(
        code: Code,
        field: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            code,
            field: field.into(),
            message: message.into(),
        }
    }
}

/// A conversion that is not sent, with every reason that was found.
///
/// ```
/// # mod shop { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/shop.rs")); }
/// // `shop` has a destination that takes completed orders, and such an order.
/// # use capi_core::event::Arena;
/// use capi_core::pipeline::{convert, pipeline, route};
/// use capi_core::rejection::Code;
///
/// # let now: jiff::Timestamp = "2026-11-28T12:00:05Z".parse()?;
/// # let arena = Arena::new();
/// # let destinations = [shop::destination()?];
/// // An order whose `total` is `"lots"`.
/// let event = shop::order(&arena, r#""lots""#)?;
/// let mut routed = route(&destinations, event, None, now, &arena);
/// let routed = routed.next().ok_or("not taken")?;
/// let rejection = convert(&mut pipeline(), routed).unwrap_err();
/// assert_eq!(rejection.to_string(), "the conversion is rejected: invalid_type");
/// assert_eq!(rejection.reasons[0].code, Code::InvalidType);
/// assert_eq!(rejection.reasons[0].field, "value");
/// assert!(!rejection.reasons[0].message.contains("lots"));
/// // What could be made of it, for whoever repairs it.
/// assert_eq!(rejection.event.event_id(), Some("order-17"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the conversion is rejected: {}", self.summary())]
pub struct Rejection {
    /// At least one.
    pub reasons: Vec<Reason>,
    /// What was left out, and what Meta may not like beside that.
    pub warnings: Vec<Reason>,
    /// The event as far as it could be made, hashed.
    pub event: Box<RejectedEvent>,
}

impl Rejection {
    fn summary(&self) -> String {
        let codes: Vec<_> = self
            .reasons
            .iter()
            .map(|reason| reason.code.as_str())
            .collect();
        codes.join(", ")
    }
}
