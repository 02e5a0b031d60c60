//! What is written in another form beside the identifiers.

use super::Concern;
use crate::user_data::Step;

/// A step that the values of some fields go through.
pub(super) struct Normalization {
    pub(super) step: Step,
    pub(super) source: &'static str,
    pub(super) concern: Concern,
}

const fn documented(
    code: &'static str,
    text: &'static str,
    source: &'static str,
    concern: Concern,
) -> Normalization {
    Normalization {
        step: Step::documented(code, text),
        source,
        concern,
    }
}

const fn own(code: &'static str, text: &'static str, concern: Concern) -> Normalization {
    Normalization {
        step: Step::own(code, text),
        source: "capi, as Segment's validation of action fields does",
        concern,
    }
}

/// In the order in which an event meets them: its clock is corrected when it is
/// received, the rest is done from validation on.
pub(super) const NORMALIZATIONS: &[Normalization] = &[
    documented(
        "event_time.clock",
        "Correct a wrong clock of the client by the time of receipt less sentAt.",
        "Segment, Spec, Common fields",
        Concern::Fields(&["event_time"]),
    ),
    own(
        "field.blank",
        "Take null and an empty text for no value.",
        Concern::Every,
    ),
    own(
        "field.type",
        "Take a value as the type of its field: \"25\" is the number 25, 25 the text \"25\", \
         \"true\" and 1 are true, a list of one is its item.",
        Concern::Every,
    ),
    own(
        "field.list",
        "Take a single value for a list of one where the field takes a list.",
        Concern::Lists,
    ),
    documented(
        "event_time.unix",
        "Read ISO 8601 (UTC where it names no offset, and no zone in brackets), Unix seconds or \
         Unix milliseconds, and write Unix seconds.",
        "Meta, Server event parameters, event_time",
        Concern::Times,
    ),
    documented(
        "currency.iso_code",
        "Remove spaces around it and write it in upper case, as ISO 4217 does.",
        "Meta, Custom data parameters, currency",
        Concern::Fields(&["custom_data.currency"]),
    ),
    documented(
        "app_data.flags",
        "Write true as 1 and false as 0.",
        "Meta, App data parameters",
        Concern::Fields(&[
            "app_data.advertiser_tracking_enabled",
            "app_data.application_tracking_enabled",
        ]),
    ),
    documented(
        "app_data.extinfo",
        "Write what is said of the app and the device as the sixteen texts of extinfo in Meta's \
         order, a missing one as an empty text.",
        "Meta, App data parameters, extinfo",
        Concern::Fields(&["app_data"]),
    ),
    documented(
        "fbc.from_fbclid",
        "Make a click id that the event does not have of the fbclid in its properties, its \
         context, or the query of its page's URL, search or referrer, dated with the event; \
         also in place of a _fbc cookie, where the page's URL has another fbclid.",
        "Meta, fbp and fbc parameters",
        Concern::Fields(&["user_data.fbc"]),
    ),
    documented(
        "data_processing_options.ldu",
        "Write true as the list of LDU, beside country and state, which are 0 where they are not \
         given; write nothing for false.",
        "Meta, Data processing options for US users",
        Concern::Fields(&[
            "data_processing_options",
            "data_processing_options_country",
            "data_processing_options_state",
        ]),
    ),
];
