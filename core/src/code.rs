//! The stable codes of rejections and warnings, with all that is known of each.
//!
//! The table below is the only place that says it. The pipeline, `capi rules`, the pages
//! under `docs/` and the checks that are explained read it from here.

mod concern;
mod effect;

pub use concern::Concern;
pub use effect::Effect;
use serde::{Serialize, Serializer};

use crate::Confidence;

use crate::user_data::Identifier;

/// Where on the path of an event a code is given, in the order of the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Reading and receiving: what fails here is not an event.
    Receive,
    /// The subscription's mapping.
    Map,
    /// The check against the action's fields.
    Validate,
    /// The normalization of identifiers.
    Normalize,
    /// The search of free text for personal data.
    Scrub,
    /// The check against Meta's rules, of what nothing was found wrong with before.
    Admit,
    /// The running server, which knows what else waits.
    Queue,
}

/// What there is to say of a code beside its meaning.
struct Facts {
    /// The code as scripts see it.
    name: &'static str,
    /// The stages that give it, in the order of the way.
    given_by: &'static [Stage],
    /// What it is about.
    concern: Concern,
    /// What it does.
    outcome: Effect,
    /// How well the rule is known. What is only reported rejects no event unless the
    /// destination's `strict` says so.
    confidence: Confidence,
    /// Where the rule comes from.
    source: &'static str,
}

/// Makes the codes of the rows of a table. What a row says above its code is the
/// code's meaning, here and in what is said about it.
macro_rules! codes {
    ($($(#[doc = $about:literal])+ $code:ident { $($facts:tt)+ })+) => {
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
        pub enum Code { $($(#[doc = $about])+ $code,)+ }

        impl Code {
            /// All codes, in the order of the stages that give them first.
            pub const ALL: &[Self] = &[$(Self::$code,)+];

            /// What the code means, in a sentence.
            #[must_use]
            pub const fn about(self) -> &'static str {
                match self { $(Self::$code => concat!($($about),+).trim_ascii(),)+ }
            }

            const fn facts(self) -> Facts {
                match self { $(Self::$code => Facts { $($facts)+ },)+ }
            }
        }
    };
}

codes! {
    /// The event is not JSON that can be held.
    MalformedEvent {
        name: "malformed_event",
        given_by: &[Stage::Receive],
        concern: Concern::Event,
        outcome: Effect::Rejects,
        confidence: Confidence::Documented,
        source: "Segment, HTTP Tracking API",
    }

    /// The event is larger than the limit of one event.
    EventTooLarge {
        name: "event_too_large",
        given_by: &[Stage::Receive],
        concern: Concern::Event,
        outcome: Effect::Rejects,
        confidence: Confidence::Documented,
        source: "Segment, HTTP Tracking API, limits",
    }

    /// The event has no `type`, or one that the Segment spec does not know.
    UnknownType {
        name: "unknown_type",
        given_by: &[Stage::Receive],
        concern: Concern::Event,
        outcome: Effect::Rejects,
        confidence: Confidence::Documented,
        source: "Segment, Spec",
    }

    /// A directive of the mapping gave a value of the wrong kind.
    MappingFailed {
        name: "mapping_failed",
        given_by: &[Stage::Map],
        concern: Concern::Every,
        outcome: Effect::RejectsWhereRequired,
        confidence: Confidence::Own,
        source: "the subscription's mapping",
    }

    /// The mapping makes the event's id with a template of which an output is empty, so
    /// that other events would have the same.
    EventIdWithHole {
        name: "event_id_with_hole",
        given_by: &[Stage::Map],
        concern: Concern::Fields(&["event_id"]),
        outcome: Effect::TakesMessageId,
        confidence: Confidence::Own,
        source: "an id of several events would be taken for a duplicate",
    }

    /// What the mapping gives for the event's id tells no event from another: a word for
    /// no value, or neither text nor number.
    UnusableEventId {
        name: "unusable_event_id",
        given_by: &[Stage::Map],
        concern: Concern::Fields(&["event_id"]),
        outcome: Effect::TakesMessageId,
        confidence: Confidence::Own,
        source: "an id of several events would be taken for a duplicate",
    }

    /// A field that the action requires, or Meta of such an event, has no value.
    MissingField {
        name: "missing_field",
        given_by: &[Stage::Validate, Stage::Scrub, Stage::Admit],
        concern: Concern::Required(&[
            "custom_data.value",
            "custom_data.currency",
            "custom_data.predicted_ltv",
            "original_event_data.event_name",
            "original_event_data.event_id",
            "original_event_data.event_time",
            "original_event_data.order_id",
            "attribution_data",
            "messaging_channel",
            "user_data.page_id",
            "user_data.page_scoped_user_id",
            "user_data.whatsapp_business_account_id",
            "user_data.ctwa_clid",
            "user_data.ig_account_id",
            "user_data.ig_sid",
            "user_data.madid",
            "app_data.application_tracking_enabled",
            "app_data.campaign_ids",
        ]),
        outcome: Effect::Rejects,
        confidence: Confidence::Documented,
        source: "the action's fields; Meta, Server event parameters",
    }

    /// A field's value is of the wrong type and cannot be taken as the right one; of an amount the next source of the prebuilt mapping is tried.
    InvalidType {
        name: "invalid_type",
        given_by: &[Stage::Validate],
        concern: Concern::Every,
        outcome: Effect::RejectsWhereRequired,
        confidence: Confidence::Documented,
        source: "the action's fields",
    }

    /// A field's value is none of those it may have.
    InvalidChoice {
        name: "invalid_choice",
        given_by: &[Stage::Validate, Stage::Admit],
        concern: Concern::Choices,
        outcome: Effect::RejectsWhereRequired,
        confidence: Confidence::Documented,
        source: "the action's fields; Meta, Server event parameters",
    }

    /// The currency is not an ISO 4217 code of money; amounts in it are left out with it.
    InvalidCurrency {
        name: "invalid_currency",
        given_by: &[Stage::Validate],
        concern: Concern::Fields(&[
            "custom_data.currency",
            "custom_data.value",
            "custom_data.net_revenue",
            "custom_data.predicted_ltv",
        ]),
        outcome: Effect::RejectsWhereRequired,
        confidence: Confidence::Documented,
        source: "Meta, Custom data parameters, currency",
    }

    /// An amount names another currency than the event; it is sent in the event's.
    CurrencyMismatch {
        name: "currency_mismatch",
        given_by: &[Stage::Validate],
        concern: Concern::Fields(&[
            "custom_data.value",
            "custom_data.net_revenue",
            "custom_data.predicted_ltv",
            "custom_data.contents[].item_price",
        ]),
        outcome: Effect::Warns,
        confidence: Confidence::Own,
        source: "`12,50 €` of an event in USD says two things",
    }

    /// A time is not an ISO 8601 date, Unix seconds or Unix milliseconds.
    InvalidEventTime {
        name: "invalid_event_time",
        given_by: &[Stage::Validate],
        concern: Concern::Times,
        outcome: Effect::RejectsWhereRequired,
        confidence: Confidence::Documented,
        source: "Meta, Server event parameters, event_time",
    }

    /// A number lies outside of what it may be.
    OutOfRange {
        name: "out_of_range",
        given_by: &[Stage::Validate, Stage::Admit],
        concern: Concern::Fields(&[
            "custom_data.predicted_ltv",
            "attribution_data.attribution_share",
        ]),
        outcome: Effect::RejectsWhereRequired,
        confidence: Confidence::Documented,
        source: "Meta, Append attribution; Meta, Standard events, predicted_ltv",
    }

    /// A value, a price or a number of products is negative, as that of a refund.
    NegativeAmount {
        name: "negative_amount",
        given_by: &[Stage::Validate],
        concern: Concern::Fields(&[
            "custom_data.value",
            "custom_data.num_items",
            "custom_data.contents[].quantity",
            "custom_data.contents[].item_price",
        ]),
        outcome: Effect::Warns,
        confidence: Confidence::Own,
        source: "Meta, Standard events: there is none for refunds",
    }

    /// The event lies a few minutes in the future and was taken as one of now.
    EventTimeClamped {
        name: "event_time_clamped",
        given_by: &[Stage::Validate],
        concern: Concern::Fields(&["event_time"]),
        outcome: Effect::Warns,
        confidence: Confidence::Own,
        source: "a lead of 61 seconds to 10 minutes is that of a wrong clock; Meta, Server event parameters, event_time (when it happened)",
    }

    /// The name is nearly that of one of Meta's standard events, whose spelling counts.
    NearlyStandardEvent {
        name: "nearly_standard_event",
        given_by: &[Stage::Validate, Stage::Admit],
        concern: Concern::Fields(&["event_name"]),
        outcome: Effect::Warns,
        confidence: Confidence::Documented,
        source: "Meta, Standard events: names are case-sensitive, and any other is a custom event",
    }

    /// The test code is none: one has up to 40 letters, digits, `_` and `-`. It was left
    /// out.
    InvalidTestEventCode {
        name: "invalid_test_event_code",
        given_by: &[Stage::Validate],
        concern: Concern::Fields(&["test_event_code"]),
        outcome: Effect::LeavesOut,
        confidence: Confidence::Own,
        source: "the codes of Events Manager, such as TEST12345",
    }

    /// A key that the object does not have was left out.
    UnknownKey {
        name: "unknown_key",
        given_by: &[Stage::Validate],
        concern: Concern::Objects,
        outcome: Effect::LeavesOut,
        confidence: Confidence::Reported,
        source: "the action's fields",
    }

    /// An item of `contents` without an id was left out.
    ContentsItemWithoutId {
        name: "contents_item_without_id",
        given_by: &[Stage::Validate],
        concern: Concern::Fields(&["custom_data.contents", "custom_data.contents[].id"]),
        outcome: Effect::LeavesOut,
        confidence: Confidence::Reported,
        source: "Meta, Custom data parameters, contents",
    }

    /// An item of `contents` has no quantity, and the event is not about one product alone.
    ContentsItemWithoutQuantity {
        name: "contents_item_without_quantity",
        given_by: &[Stage::Validate],
        concern: Concern::Fields(&["custom_data.contents[].quantity"]),
        outcome: Effect::Warns,
        confidence: Confidence::Documented,
        source: "Meta, Pixel reference, contents",
    }

    /// A product's id has a comma in it: several in one text match no product.
    ContentIdsInOneText {
        name: "content_ids_in_one_text",
        given_by: &[Stage::Validate],
        concern: Concern::Fields(&["custom_data.content_ids", "custom_data.contents[].id"]),
        outcome: Effect::Warns,
        confidence: Confidence::Own,
        source: "Meta, Custom data parameters, content_ids",
    }

    /// The type of content is none that Meta lists.
    UnknownContentType {
        name: "unknown_content_type",
        given_by: &[Stage::Validate],
        concern: Concern::Fields(&["custom_data.content_type"]),
        outcome: Effect::Warns,
        confidence: Confidence::Documented,
        source: "Meta, Custom data parameters, content_type",
    }

    /// The client's address is not an IP address and was left out.
    InvalidIpAddress {
        name: "invalid_ip_address",
        given_by: &[Stage::Validate],
        concern: Concern::Fields(&["user_data.client_ip_address"]),
        outcome: Effect::LeavesCandidateOut,
        confidence: Confidence::Documented,
        source: "Meta, Customer information parameters, client_ip_address",
    }

    /// The client's address is one that no customer on the internet has and was left out:
    /// private, loopback, link-local, unique-local, unspecified, multicast, carrier-grade
    /// or broadcast.
    PrivateIpAddress {
        name: "private_ip_address",
        given_by: &[Stage::Validate],
        concern: Concern::Fields(&["user_data.client_ip_address"]),
        outcome: Effect::LeavesCandidateOut,
        confidence: Confidence::Own,
        source: "Meta, Customer information parameters, client_ip_address (the browser's); IANA, Special-Purpose Address Registries",
    }

    /// The click id has not the form `fb.1.<milliseconds>.<fbclid>` and was left out.
    InvalidClickId {
        name: "invalid_click_id",
        given_by: &[Stage::Validate],
        concern: Concern::Fields(&["user_data.fbc"]),
        outcome: Effect::LeavesCandidateOut,
        confidence: Confidence::Documented,
        source: "Meta, fbp and fbc parameters",
    }

    /// The browser id has not the form `fb.1.<milliseconds>.<number>` and was left out.
    InvalidBrowserId {
        name: "invalid_browser_id",
        given_by: &[Stage::Validate],
        concern: Concern::Fields(&["user_data.fbp"]),
        outcome: Effect::LeavesCandidateOut,
        confidence: Confidence::Documented,
        source: "Meta, fbp and fbc parameters",
    }

    /// The lead id has not 15 to 17 digits and was left out.
    InvalidLeadId {
        name: "invalid_lead_id",
        given_by: &[Stage::Validate],
        concern: Concern::Fields(&["user_data.lead_id"]),
        outcome: Effect::LeavesCandidateOut,
        confidence: Confidence::Documented,
        source: "Meta, Customer information parameters, lead_id",
    }

    /// An id lost digits in a spreadsheet, which took it for a number, and was left out.
    DigitsLost {
        name: "digits_lost",
        given_by: &[Stage::Validate],
        concern: Concern::Fields(&[
            "user_data.lead_id",
            "user_data.fb_login_id",
            "user_data.page_id",
            "user_data.page_scoped_user_id",
            "user_data.whatsapp_business_account_id",
            "user_data.ig_account_id",
            "user_data.ig_sid",
            "custom_data.content_ids",
            "custom_data.contents[].id",
            "custom_data.order_id",
            "custom_data.product_catalog_id",
            "original_event_data.order_id",
            "attribution_data.ad_id",
            "attribution_data.adset_id",
            "attribution_data.campaign_id",
        ]),
        outcome: Effect::LeavesOut,
        confidence: Confidence::Own,
        source: "1.23457E+15 is one of a billion ids; another would be somebody else's",
    }

    /// An identifier has more than 20 values; the first 20 were taken.
    TooManyValues {
        name: "too_many_values",
        given_by: &[Stage::Validate],
        concern: Concern::Identifiers(&Identifier::ALL),
        outcome: Effect::LeavesOut,
        confidence: Confidence::Own,
        source: "a person has a few addresses; a longer list is of many people, or a fault",
    }

    /// A value that leaves as it is says nobody, such as `null`, zeros or a placeholder
    /// that nothing was filled into, and was left out.
    UnusableValue {
        name: "unusable_value",
        given_by: &[Stage::Validate],
        concern: Concern::Fields(&[
            "user_data.client_user_agent",
            "user_data.subscription_id",
            "user_data.fb_login_id",
            "user_data.anon_id",
            "user_data.madid",
            "user_data.partner_id",
            "user_data.partner_name",
            "user_data.ctwa_clid",
            "user_data.page_id",
            "user_data.page_scoped_user_id",
            "user_data.whatsapp_business_account_id",
            "user_data.ig_account_id",
            "user_data.ig_sid",
            "custom_data.order_id",
            "original_event_data.order_id",
            "original_event_data.event_id",
        ]),
        outcome: Effect::LeavesOut,
        confidence: Confidence::Own,
        source: "what says nobody would make one person of all who have no value",
    }

    /// A value of an identifier cannot be used and was left out.
    UnusableIdentifier {
        name: "unusable_identifier",
        given_by: &[Stage::Normalize],
        concern: Concern::Identifiers(&Identifier::ALL),
        outcome: Effect::LeavesOut,
        confidence: Confidence::Documented,
        source: "Meta, Customer information parameters",
    }

    /// A telephone number has its country code twice, or an area code that no number of its
    /// country has. It was sent.
    DoubtfulPhone {
        name: "doubtful_phone",
        given_by: &[Stage::Normalize],
        concern: Concern::Identifiers(&[Identifier::Phone]),
        outcome: Effect::Warns,
        confidence: Confidence::Own,
        source: "the national numbering plans: no area code of the +1 zone begins with 0 or 1",
    }

    /// What looks like an e-mail address or a card number, or has a name that tells of
    /// such data, was cut out of free text.
    PersonalDataRemoved {
        name: "personal_data_removed",
        given_by: &[Stage::Scrub],
        concern: Concern::Fields(&[
            "custom_data",
            "event_source_url",
            "referrer_url",
            "attribution_data",
            "event_name",
            "event_id",
        ]),
        outcome: Effect::LeavesPieceOut,
        confidence: Confidence::Own,
        source: "Meta, Business Tools Terms: contact information must be hashed",
    }

    /// A key that events of this channel may not have was left out.
    NotInChannel {
        name: "not_in_channel",
        given_by: &[Stage::Admit],
        concern: Concern::Fields(&[
            "user_data.fbc",
            "user_data.client_ip_address",
            "user_data.client_user_agent",
            "event_source_url",
            "referrer_url",
            "action_source",
        ]),
        outcome: Effect::LeavesOut,
        confidence: Confidence::Documented,
        source: "Meta, Conversions API for business messaging",
    }

    /// The click is more than 90 days older than the event, or later than it; where reports
    /// count, its id is left out.
    ClickIdOutOfTime {
        name: "click_id_out_of_time",
        given_by: &[Stage::Admit],
        concern: Concern::Fields(&["user_data.fbc"]),
        outcome: Effect::LeavesOutWhenStrict,
        confidence: Confidence::Reported,
        source: "reported, subcode 2804001; Meta, fbp and fbc parameters (the cookie lives 90 days)",
    }

    /// A website event without the browser's user agent.
    MissingUserAgent {
        name: "missing_client_user_agent",
        given_by: &[Stage::Admit],
        concern: Concern::Fields(&["user_data.client_user_agent", "action_source"]),
        outcome: Effect::RejectsWebsite,
        confidence: Confidence::Documented,
        source: "Meta, Conversions API parameters, website events",
    }

    /// A website event without the page's URL.
    MissingUrl {
        name: "missing_event_source_url",
        given_by: &[Stage::Admit],
        concern: Concern::Fields(&["event_source_url", "action_source"]),
        outcome: Effect::RejectsWebsite,
        confidence: Confidence::Documented,
        source: "Meta, Conversions API parameters, website events",
    }

    /// The page's URL does not begin with `http://` or `https://`.
    InvalidUrl {
        name: "invalid_event_source_url",
        given_by: &[Stage::Admit],
        concern: Concern::Fields(&["event_source_url"]),
        outcome: Effect::RejectsWebsite,
        confidence: Confidence::Documented,
        source: "Meta, Server event parameters, event_source_url",
    }

    /// The referrer does not begin with `http://` or `https://` and was left out.
    InvalidReferrer {
        name: "invalid_referrer_url",
        given_by: &[Stage::Admit],
        concern: Concern::Fields(&["referrer_url"]),
        outcome: Effect::LeavesOut,
        confidence: Confidence::Documented,
        source: "Meta, Server event parameters, referrer_url",
    }

    /// The host of a URL is none that the web knows: a placeholder, or a name without a dot.
    UnusualUrlHost {
        name: "unusual_url_host",
        given_by: &[Stage::Admit],
        concern: Concern::Fields(&["event_source_url", "referrer_url"]),
        outcome: Effect::Warns,
        confidence: Confidence::Own,
        source: "Meta, Server event parameters, event_source_url",
    }

    /// What identifies the customer is missing, or too broad to match anybody.
    InsufficientUserData {
        name: "insufficient_user_data",
        given_by: &[Stage::Admit],
        concern: Concern::Fields(&["user_data"]),
        outcome: Effect::Rejects,
        confidence: Confidence::Documented,
        source: "Meta, Best practices, invalid combinations",
    }

    /// The event is older than Meta accepts.
    EventTooOld {
        name: "event_too_old",
        given_by: &[Stage::Admit],
        concern: Concern::Fields(&["event_time", "action_source"]),
        outcome: Effect::Rejects,
        confidence: Confidence::Documented,
        source: "Meta, Server event parameters, event_time",
    }

    /// The event happens more than ten minutes in the future.
    EventInFuture {
        name: "event_in_future",
        given_by: &[Stage::Admit],
        concern: Concern::Fields(&["event_time"]),
        outcome: Effect::Rejects,
        confidence: Confidence::Own,
        source: "Meta, Server event parameters, event_time (when it happened); refusals are reported, subcode 2804004; the ten minutes that clocks may differ are capi's",
    }

    /// The ad was seen after the conversion that it is to be credited with.
    TouchpointAfterEvent {
        name: "touchpoint_after_event",
        given_by: &[Stage::Admit],
        concern: Concern::Fields(&[
            "attribution_data.touchpoint_ts",
            "original_event_data.event_time",
        ]),
        outcome: Effect::Rejects,
        confidence: Confidence::Documented,
        source: "Meta, Append attribution",
    }

    /// What it adds to happened too long ago for Meta to add anything.
    OriginalTooOld {
        name: "original_event_too_old",
        given_by: &[Stage::Admit],
        concern: Concern::Fields(&["original_event_data.event_time"]),
        outcome: Effect::Rejects,
        confidence: Confidence::Documented,
        source: "Meta, Append attribution (48 hours); Meta, Predicted lifetime value (7 days)",
    }

    /// What it adds to did not happen before it.
    OriginalLater {
        name: "original_event_later",
        given_by: &[Stage::Admit],
        concern: Concern::Fields(&["original_event_data.event_time", "event_time"]),
        outcome: Effect::Rejects,
        confidence: Confidence::Documented,
        source: "Meta, Predicted lifetime value",
    }

    /// The user agent of a website event is a crawler's, or that of a library or tool for
    /// HTTP requests.
    CrawlerUserAgent {
        name: "crawler_user_agent",
        given_by: &[Stage::Admit],
        concern: Concern::Fields(&["user_data.client_user_agent", "action_source"]),
        outcome: Effect::RejectsCrawlers,
        confidence: Confidence::Own,
        source: "the crate isbot: the user agents of crawlers and libraries; Meta, Customer information parameters, client_user_agent (the browser's)",
    }

    /// Meta takes such an event of the website only.
    WebsiteOnly {
        name: "website_only",
        given_by: &[Stage::Admit],
        concern: Concern::Fields(&["action_source"]),
        outcome: Effect::Warns,
        confidence: Confidence::Documented,
        source: "Meta, Predicted lifetime value",
    }

    /// Limited Data Use that leaves it to Meta to find the state, without the address
    /// to find it by.
    LimitedDataUseWithoutPlace {
        name: "limited_data_use_without_place",
        given_by: &[Stage::Admit],
        concern: Concern::Fields(&[
            "data_processing_options",
            "data_processing_options_country",
            "data_processing_options_state",
            "user_data.client_ip_address",
        ]),
        outcome: Effect::Warns,
        confidence: Confidence::Documented,
        source: "Meta, Data processing options for US users",
    }

    /// A `value`, or an order of business messaging, without a `currency`: reports say
    /// that Meta refuses it.
    ValueWithoutCurrency {
        name: "value_without_currency",
        given_by: &[Stage::Admit],
        concern: Concern::Fields(&["custom_data.value", "custom_data.currency"]),
        outcome: Effect::RejectsWhenStrict,
        confidence: Confidence::Reported,
        source: "reported, subcodes 2804023 and 2804081",
    }

    /// An app event without the app data that Meta requires; reports say that Meta
    /// refuses it.
    MissingAppData {
        name: "missing_app_data",
        given_by: &[Stage::Admit],
        concern: Concern::Fields(&[
            "app_data",
            "app_data.advertiser_tracking_enabled",
            "app_data.version",
            "app_data.osVersion",
            "action_source",
        ]),
        outcome: Effect::RejectsWhenStrict,
        confidence: Confidence::Reported,
        source: "Meta, App data parameters; reported, subcode 2804043",
    }

    /// The event brings a test code of its own, and the destination has as many in use as
    /// it may have: sent without it, a test event would count as real.
    TooManyTestCodes {
        name: "too_many_test_codes",
        given_by: &[Stage::Queue],
        concern: Concern::Fields(&["test_event_code"]),
        outcome: Effect::Rejects,
        confidence: Confidence::Own,
        source: "max_test_codes of the destination: each code has a lane of its own",
    }

    /// An event with this name and id was taken for its dataset, and says something else:
    /// another value, currency or order id, or another person.
    DifferingDuplicate {
        name: "differing_duplicate",
        given_by: &[Stage::Queue],
        concern: Concern::Fields(&["event_id"]),
        outcome: Effect::Rejects,
        confidence: Confidence::Own,
        source: "Meta, Deduplicate Pixel and server events: one of the two would not count",
    }
}

impl Code {
    /// The code as scripts see it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.facts().name
    }

    /// The stages that give it.
    #[must_use]
    pub const fn given_by(self) -> &'static [Stage] {
        self.facts().given_by
    }

    /// What it is about.
    #[must_use]
    pub const fn concern(self) -> Concern {
        self.facts().concern
    }

    /// What it does.
    #[must_use]
    pub const fn outcome(self) -> Effect {
        self.facts().outcome
    }

    /// How well the rule is known.
    #[must_use]
    pub const fn confidence(self) -> Confidence {
        self.facts().confidence
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(self) -> &'static str {
        self.facts().source
    }

    /// Whether a step from mapping to admission gives it: what is found where there is no
    /// event yet, or behind admission, is the server's.
    #[must_use]
    pub const fn is_of_pipeline(self) -> bool {
        !matches!(self.given_by(), [Stage::Receive] | [Stage::Queue])
    }

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::messaging::{CHANNELS, NOT_IN_CHANNEL};

    #[test]
    fn what_a_conversation_needs_is_named() {
        let Concern::Required(named) = Code::MissingField.concern() else {
            panic!("what is missing is required");
        };
        for id in CHANNELS.iter().flat_map(|channel| channel.ids.concat()) {
            assert!(named.contains(&&*format!("user_data.{id}")), "{id}");
        }
    }

    #[test]
    fn what_a_conversation_may_not_have_is_named() {
        let named = Code::NotInChannel.concern().paths();
        for key in NOT_IN_CHANNEL {
            assert!(named.contains(&format!("user_data.{key}")), "{key}");
        }
    }
}
