//! What each code is about and what it does.

use super::{Concern, Outcome};
use crate::destination::Strict;
use crate::rejection::Code;
use crate::user_data::Identifier;

/// What `code` is about.
pub(super) const fn concern(code: Code) -> Concern {
    match code {
        Code::MalformedEvent | Code::EventTooLarge | Code::UnknownType => Concern::Event,
        Code::MappingFailed | Code::InvalidType => Concern::Every,
        Code::MissingField => Concern::Required,
        Code::InvalidChoice => Concern::Choices,
        Code::UnknownKey => Concern::Objects,
        Code::UnusableIdentifier => Concern::Identifiers(&Identifier::ALL),
        Code::InvalidCurrency => Concern::Fields(&["custom_data.currency"]),
        Code::InvalidEventTime | Code::EventInFuture => Concern::Fields(&["event_time"]),
        Code::EventTooOld => Concern::Fields(&["event_time", "action_source"]),
        Code::ContentsItemWithoutId => {
            Concern::Fields(&["custom_data.contents", "custom_data.contents[].id"])
        }
        Code::InvalidIpAddress => Concern::Fields(&["user_data.client_ip_address"]),
        Code::InvalidClickId | Code::ClickIdOutOfTime => Concern::Fields(&["user_data.fbc"]),
        Code::InvalidBrowserId => Concern::Fields(&["user_data.fbp"]),
        Code::InvalidLeadId => Concern::Fields(&["user_data.lead_id"]),
        Code::PersonalDataRemoved => Concern::Fields(&[
            "custom_data",
            "event_source_url",
            "referrer_url",
            "attribution_data",
            "event_name",
            "event_id",
        ]),
        Code::NotInChannel => Concern::Fields(&[
            "user_data.fbc",
            "user_data.client_ip_address",
            "user_data.client_user_agent",
            "event_source_url",
            "referrer_url",
            "action_source",
        ]),
        Code::MissingUserAgent => {
            Concern::Fields(&["user_data.client_user_agent", "action_source"])
        }
        Code::MissingUrl => Concern::Fields(&["event_source_url", "action_source"]),
        Code::InvalidUrl => Concern::Fields(&["event_source_url"]),
        Code::InvalidReferrer => Concern::Fields(&["referrer_url"]),
        Code::InsufficientUserData => Concern::Fields(&["user_data"]),
        Code::OutOfRange => Concern::Fields(&["attribution_data.attribution_share"]),
        Code::TouchpointAfterEvent => Concern::Fields(&[
            "attribution_data.touchpoint_ts",
            "original_event_data.event_time",
        ]),
        Code::OriginalTooOld => Concern::Fields(&["original_event_data.event_time"]),
        Code::LimitedDataUseWithoutPlace => Concern::Fields(&[
            "data_processing_options",
            "data_processing_options_country",
            "data_processing_options_state",
            "user_data.client_ip_address",
        ]),
        Code::ValueWithoutCurrency => {
            Concern::Fields(&["custom_data.value", "custom_data.currency"])
        }
        Code::MissingAppData => Concern::Fields(&[
            "app_data",
            "app_data.advertiser_tracking_enabled",
            "app_data.version",
            "app_data.osVersion",
            "action_source",
        ]),
    }
}

/// What `code` does. Of what rejects, confidence and `strict` have the last word.
pub(super) const fn outcome(code: Code) -> Outcome {
    match meant(code) {
        Outcome::Rejects if !Strict::Documented.enforces(code) => Outcome::RejectsWhenStrict,
        meant => meant,
    }
}

/// What the check of `code` would do if every rule were known as well as another.
const fn meant(code: Code) -> Outcome {
    match code {
        Code::MalformedEvent
        | Code::EventTooLarge
        | Code::UnknownType
        | Code::MappingFailed
        | Code::MissingField
        | Code::InvalidEventTime
        | Code::InsufficientUserData
        | Code::EventTooOld
        | Code::EventInFuture
        | Code::OutOfRange
        | Code::TouchpointAfterEvent
        | Code::OriginalTooOld
        | Code::ValueWithoutCurrency
        | Code::MissingAppData => Outcome::Rejects,
        Code::InvalidType | Code::InvalidChoice | Code::InvalidCurrency => {
            Outcome::RejectsUnlessFree
        }
        Code::MissingUserAgent | Code::MissingUrl | Code::InvalidUrl => Outcome::RejectsWebsite,
        Code::UnknownKey
        | Code::ContentsItemWithoutId
        | Code::UnusableIdentifier
        | Code::InvalidIpAddress
        | Code::InvalidClickId
        | Code::InvalidBrowserId
        | Code::InvalidLeadId
        | Code::NotInChannel
        | Code::InvalidReferrer => Outcome::LeavesOut,
        Code::PersonalDataRemoved => Outcome::LeavesPieceOut,
        Code::ClickIdOutOfTime => Outcome::LeavesOutWhenStrict,
        Code::LimitedDataUseWithoutPlace => Outcome::Warns,
    }
}
