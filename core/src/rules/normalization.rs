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
        "field.amount",
        "Read an amount or a count as people write it, where there is one reading: \"$1,299.50\", \
         \"1.299,50 €\", \"1 299,50\", \"12,50\"; (12.50) and 12.50- are negative. \"1,299\" has two \
         readings and is none, as true and false are; \"12.500\" is read where the currency has \
         three decimals.",
        Concern::Fields(&[
            "custom_data.value",
            "custom_data.net_revenue",
            "custom_data.predicted_ltv",
            "custom_data.num_items",
            "custom_data.contents[].quantity",
            "custom_data.contents[].item_price",
        ]),
    ),
    own(
        "field.list",
        "Take a single value for a list of one where the field takes a list, and a text that \
         writes a list as JSON for the list.",
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
        "contents.quantity",
        "Write 1 as the quantity that the only product does not have, of events that Segment's \
         spec has for one product, such as Product Viewed, Product Added and Product Removed.",
        "Meta, Pixel reference, contents; Segment, Spec, E-Commerce Events",
        Concern::Fields(&["custom_data.contents[].quantity"]),
    ),
    own(
        "content_ids.trim",
        "Remove blanks around the id of a product, and leave out an id that is blank.",
        Concern::Fields(&["custom_data.content_ids", "custom_data.contents[].id"]),
    ),
    own(
        "url.clean",
        "Remove blanks around the URL and write &amp; as &; all else stays byte for byte.",
        Concern::Fields(&["event_source_url", "referrer_url"]),
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
        "Write true, or Meta's own list of LDU, as the list of LDU, beside country and state: a \
         state is in country 1, and without a state both are 0. Write nothing for false or an \
         empty list.",
        "Meta, Data processing options for US users",
        Concern::Fields(&[
            "data_processing_options",
            "data_processing_options_country",
            "data_processing_options_state",
        ]),
    ),
];
