//! `capi actions`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{capi, stderr, stdout};

/// The own fields of each action of capi's; a star marks the required ones. Those of
/// an action that was added since need not be here.
const OWN: &[(&str, &str)] = &[
    (
        "purchase",
        "currency* value* net_revenue content_ids content_name content_type contents num_items order_id",
    ),
    (
        "search",
        "content_category content_ids contents currency search_string value",
    ),
    ("page-view", ""),
    (
        "initiate-checkout",
        "content_category content_ids contents currency num_items value",
    ),
    (
        "view-content",
        "content_category content_ids content_name content_type contents currency value",
    ),
    (
        "add-to-cart",
        "content_ids content_name content_type contents currency value",
    ),
    ("custom-event", "event_name*"),
    (
        "add-payment-info",
        "content_category content_ids contents currency value",
    ),
    (
        "add-to-wishlist",
        "content_category content_ids content_name contents currency value",
    ),
    (
        "complete-registration",
        "content_name currency status value",
    ),
    ("app-install", ""),
    (
        "append-attribution",
        "attribution_data* original_event_data* currency* value",
    ),
    (
        "append-value",
        "original_event_data* currency* predicted_ltv* value",
    ),
    (
        "business-messaging",
        "event_name* messaging_channel* contents currency order_id value",
    ),
    ("crm-stage", "event_name* event_source* lead_event_source*"),
    ("contact", ""),
    ("customize-product", ""),
    ("donate", ""),
    ("find-location", ""),
    ("lead", "content_category content_name currency value"),
    ("schedule", ""),
    ("start-trial", "currency predicted_ltv value"),
    ("submit-application", ""),
    ("subscribe", "currency predicted_ltv value"),
];

const EVERY: &str = "action_source* event_time* user_data* app_data_field event_id event_source_url referrer_url opt_out customer_segmentation original_event_data messaging_channel custom_data data_processing_options data_processing_options_country data_processing_options_state test_event_code";

#[test]
fn as_json_every_action_has_exactly_its_fields_and_those_of_every_event() {
    let output = capi(&["actions", "--json"], "");
    assert_eq!(output.status.code(), Some(0));
    let actions: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let shown: BTreeMap<&str, Vec<String>> = actions
        .iter()
        .map(|action| {
            let fields = action["fields"].as_array().unwrap();
            let field = |field: &Value| {
                let star = if field["required"] == true { "*" } else { "" };
                format!("{}{star}", field["key"].as_str().unwrap())
            };
            let mut fields: Vec<String> = fields.iter().map(field).collect();
            fields.sort();
            (action["slug"].as_str().unwrap(), fields)
        })
        .collect();
    let name = |field: &str| field.trim_end_matches('*').to_owned();
    for (slug, own) in OWN {
        let own: Vec<&str> = own.split_whitespace().collect();
        let every = EVERY.split_whitespace();
        // One of its own may be in place of that of every event.
        let every = every.filter(|field| !own.iter().any(|own| name(own) == name(field)));
        let mut fields: Vec<String> = own
            .iter()
            .copied()
            .chain(every)
            .map(str::to_owned)
            .collect();
        fields.sort();
        assert_eq!(shown.get(slug), Some(&fields), "{slug}");
    }
    for (slug, fields) in shown {
        let has = |field: &str| fields.iter().any(|there| name(there) == name(field));
        assert!(EVERY.split_whitespace().all(has), "{slug}");
    }
}

#[test]
fn a_field_is_described_by_its_keys() {
    let output = capi(&["actions", "view-content", "--json"], "");
    let actions: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(actions[0]["event_name"], "ViewContent");
    assert_eq!(
        actions[0]["default_trigger"],
        "type = \"track\" and event = \"Product Viewed\""
    );
    let ids = actions[0]["fields"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["key"] == "content_ids")
        .unwrap();
    assert_eq!(ids["type"], "string");
    assert_eq!(ids["multiple"], true);
    assert_eq!(ids["required"], false);
    assert_eq!(ids["default"]["@path"], "$.properties.product_id");
    assert!(ids["description"].as_str().unwrap().ends_with('.'));
}

#[test]
fn what_is_on_by_default_is_said_in_the_table_and_in_json() {
    let output = capi(&["actions", "--json"], "");
    let actions: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let on = |slug: &str| {
        let action = actions.iter().find(|action| action["slug"] == slug);
        action.unwrap()["on_by_default"].as_bool().unwrap()
    };
    assert!(on("purchase") && on("complete-registration"));
    assert!(!on("lead") && !on("custom-event"));
    assert!(stdout(&capi(&["actions"], "")).contains("On by default"));
    for (slug, said) in [("purchase", "yes"), ("lead", "no")] {
        let one = stdout(&capi(&["actions", slug], ""));
        assert!(one.contains(&format!("On by default:   {said}\n")), "{one}");
    }
}

#[test]
fn for_people_all_are_listed_and_one_is_shown_with_its_fields() {
    let all = stdout(&capi(&["actions"], ""));
    assert!(OWN.iter().all(|(slug, _)| all.contains(slug)));
    let one = stdout(&capi(&["actions", "purchase"], ""));
    assert!(one.contains("currency") && one.contains("dateOfBirth") && one.contains("required"));
    assert!(!one.contains('\u{1b}'), "no escape codes in a pipe");
}

#[test]
fn an_unknown_action_ends_with_2_and_the_known_ones() {
    let output = capi(&["actions", "purchases"], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("purchase,"));
}
