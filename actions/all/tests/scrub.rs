//! Personal data that hides in custom data, search texts, URLs and names of
//! content reaches neither Meta nor a dead letter, and what is harmless stays.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

#[path = "way/order.rs"]
mod order;
mod way;

use capi_actions as _;
use capi_core::config::{Config, ConfigDiagnostic, Severity};
use capi_core::destination::Destination;
use capi_core::field::WirePath;
use capi_core::pipeline::{Admitted, Edit, EditError, repair};
use capi_core::rejection::{Code, Diagnostic, Rejection};
use capi_core::{Registry, Spec};
use jiff::Timestamp;
use serde_json::{Value, json};

fn now() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn spec(slug: &str) -> &'static Spec {
    Registry::linked().unwrap().get(slug).unwrap()
}

/// A destination with `lines` in its table and one subscription of `action`.
fn read(action: &str, lines: &str, mapping: &str) -> (Option<Destination>, Vec<ConfigDiagnostic>) {
    let text = format!(
        "[[destination]]
         name = 'meta'
         dataset_id = '1234567890'
         {lines}
         [[destination.subscription]]
         action = '{action}'
         trigger = 'type = \"track\"'
         mapping_file = 'mapping.json'"
    );
    let registry = Registry::linked().unwrap();
    let (config, said) = Config::read(&text, &registry, &|_| Ok(mapping.to_owned()));
    let destination = config.map(|mut config| config.destinations.remove(0).destination);
    (destination, said)
}

fn configured(action: &str, lines: &str) -> Destination {
    let mapping = r#"{"custom_data": {"@path": "$.properties.extra"}}"#;
    let (destination, said) = read(action, lines, mapping);
    destination.unwrap_or_else(|| panic!("{said:?}"))
}

/// An order with `properties` and the page `url`.
fn order(properties: &Value, url: &str) -> Value {
    let mut event = order::with(properties);
    event["context"]["userAgent"] = "Mozilla/5.0 (jane.roe@shop.example)".into();
    event["context"]["page"]["url"] = url.into();
    event
}

const PAGE: &str = "https://shop.example/thanks";

fn outcome(destination: &Destination, event: &Value) -> Result<Admitted, Rejection> {
    way::outcome(destination, &event.to_string(), now()).unwrap()
}

fn sent(admitted: &Admitted) -> Value {
    serde_json::from_slice(admitted.event.json()).unwrap()
}

/// What a purchase with `extra` in its custom data sends of it, and where it says
/// that something was cut.
fn extra(lines: &str, extra: &Value) -> (Value, Vec<String>) {
    let destination = configured("purchase", lines);
    let admitted = outcome(&destination, &order(&json!({"extra": extra}), PAGE)).unwrap();
    let mut custom = sent(&admitted)["custom_data"].clone();
    for own in ["currency", "value", "contents", "order_id"] {
        custom.as_object_mut().unwrap().remove(own);
    }
    (custom, places(&admitted.warnings))
}

fn places(warnings: &[Diagnostic]) -> Vec<String> {
    let cut = warnings
        .iter()
        .filter(|warning| warning.code == Code::PersonalDataRemoved);
    cut.map(|warning| warning.field.to_string()).collect()
}

#[test]
fn addresses_and_cards_are_cut_out_of_custom_data_at_any_depth() {
    let (sent, places) = extra(
        "",
        &json!({
            "note": "gift for jane.roe@shop.example, thanks",
            "who": "jane.roe@shop.example",
            "tags": ["a", "x@shop.example", "b 4111 1111 1111 1111"],
            "deep": {"er": {"paid": 4_111_111_111_111_111_u64, "left": 1}},
            "gone": {"by": ["x@shop.example"]},
            "jane@shop.example": 1,
            "link": "https://a.example/?email=jane&x=1",
            "count": 3, "none": null, "text": "  as it was  ", "big": 1_700_000_000_000_000_u64,
        }),
    );
    assert_eq!(
        sent,
        json!({
            "note": "gift for, thanks",
            "tags": ["a", "b"],
            "deep": {"er": {"left": 1}},
            "link": "https://a.example/?x=1",
            "count": 3, "none": null, "text": "  as it was  ", "big": 1_700_000_000_000_000_u64,
        })
    );
    let mut places = places;
    places.sort();
    assert_eq!(
        places,
        [
            "custom_data",
            "custom_data.deep.er.paid",
            "custom_data.gone.by[0]",
            "custom_data.link",
            "custom_data.note",
            "custom_data.tags[1]",
            "custom_data.tags[2]",
            "custom_data.who",
        ]
    );
}

#[test]
fn what_nobody_sees_hides_no_address_and_no_card() {
    for unseen in "\0\u{8}\u{7f}\u{ad}\u{34f}\u{61c}\u{115f}\u{180e}\u{200b}\u{200e}\u{200f}\u{202a}\u{202c}\u{202e}\u{2061}\u{2066}\u{2069}\u{fe0f}\u{e0001}".chars() {
        let (sent, places) = extra(
            "",
            &json!({
                "note": format!("to jane@{unseen}secret.example"),
                "who": format!("ja{unseen}ne@secret.exa{unseen}mple"),
                "paid": format!("4111{unseen}1111{unseen}1111{unseen}1111"),
            }),
        );
        assert_eq!(sent, json!({"note": "to"}), "{unseen:?}");
        assert_eq!(places.len(), 3, "{unseen:?}");
    }
    let (sent, _) = extra("", &json!({"note": "to jane@\u{2028}secret.example"}));
    assert_eq!(sent, json!({"note": "to"}));
    let harmless = json!({
        "note": "thanks ❤\u{fe0f} 👨\u{200d}👩\u{200d}👧 1\u{fe0f}\u{20e3} @jane",
        "text": "\u{202b}שלום\u{202c} \u{200e}5",
    });
    assert_eq!(extra("", &harmless), (harmless, Vec::new()));
}

#[test]
fn names_written_as_one_word_are_dropped_and_those_of_things_stay() {
    let things = json!({
        "ipaddress_type": "v4", "headphone": "X1", "smartphone": "X1", "carttoken": "c1",
        "pickup_address_code": "P7", "tokenized": "a", "addressable": "b", "phone_model": "X2",
    });
    let mut given = things.clone();
    for name in [
        "emailaddress",
        "useremail",
        "customeremail",
        "billingemail",
        "homephone",
        "streetaddress",
        "billingaddress",
        "shippingaddress",
        "homeaddress",
        "authtoken",
        "refreshtoken",
        "idtoken",
        "clientsecret",
        "userpassword",
    ] {
        given[name] = json!("jane");
    }
    given["link"] = json!("https://s.example/?emailaddress=jane&x=1");
    let (mut sent, places) = extra("", &given);
    assert_eq!(sent["link"].take(), "https://s.example/?x=1");
    sent.as_object_mut().unwrap().remove("link");
    assert_eq!(sent, things);
    assert_eq!(places.len(), 15, "{places:?}");
}

#[test]
fn encoded_signs_in_texts_are_read_and_json_in_a_url_is_looked_into() {
    let (sent, _) = extra(
        "",
        &json!({
            "a": "paid 4111%201111%201111%201111", "b": "to jane&#064;shop.example",
            "c": "to jane&commat;shop&period;example", "d": "to \"jane@x\"@shop.example",
            "link": "https://s.example/?a=%7B%22email%22%3A%22jane%22%7D&x=1",
        }),
    );
    assert_eq!(
        sent,
        json!({
            "a": "paid", "b": "to", "c": "to", "d": "to",
            "link": "https://s.example/?x=1",
        })
    );
}

#[test]
fn keys_whose_names_tell_are_dropped_unless_they_say_only_yes_or_no() {
    let (sent, places) = extra(
        "",
        &json!({
            "customerEmail": "abc", "user": {"phone": 5_550_100, "plan": "pro"},
            "password": "hunter2", "address": {"street": "1 Main St"},
            "email": true, "phone": null, "ssn": "",
            "email_opt_in": "yes", "phone_model": "X1", "product_name": "Mug", "city": "Austin",
        }),
    );
    assert_eq!(
        sent,
        json!({
            "user": {"plan": "pro"},
            "email": true, "phone": null, "ssn": "",
            "email_opt_in": "yes", "phone_model": "X1", "product_name": "Mug", "city": "Austin",
        })
    );
    assert_eq!(places.len(), 4, "{places:?}");
}

#[test]
fn a_destination_allows_names_adds_some_or_takes_all() {
    let given = json!({
        "store_phone": "5550100", "phone": "5550101", "loyaltyNo": "L1",
        "shop_phone": "x@shop.example",
    });
    let (kept, places) = extra(
        "scrub_allow = ['Store Phone', 'shop_phone']\nscrub_drop = ['loyalty_no']",
        &given,
    );
    assert_eq!(kept, json!({"store_phone": "5550100"}));
    assert_eq!(places.len(), 3, "values are looked at all the same");
    let (kept, places) = extra("scrub = false", &given);
    assert_eq!((kept, places.len()), (given, 0));
}

#[test]
fn a_search_text_that_was_an_address_is_left_out_and_the_search_is_sent() {
    let destination = way::destination(spec("search"), None).unwrap();
    let search = |query: &str| {
        let mut event = order(&json!({"query": query}), PAGE);
        event["event"] = json!("Products Searched");
        outcome(&destination, &event).unwrap()
    };
    let admitted = search("jane.roe@shop.example");
    assert_eq!(sent(&admitted)["custom_data"].get("search_string"), None);
    assert_eq!(places(&admitted.warnings), ["search_string"]);
    let admitted = search("mug jane.roe@shop.example red");
    assert_eq!(sent(&admitted)["custom_data"]["search_string"], "mug red");
    let admitted = search("5 @ 3.99 @jane");
    assert_eq!(
        sent(&admitted)["custom_data"]["search_string"],
        "5 @ 3.99 @jane"
    );
    assert_eq!(places(&admitted.warnings), [""; 0]);
}

#[test]
fn items_whose_id_goes_are_left_out_and_ids_of_articles_stay() {
    let products = json!([
        {"product_id": "jane@shop.example", "quantity": 1},
        {"product_id": "4111-1111-1111-1111", "quantity": 1},
        {"product_id": "36227206271667", "quantity": 1},
        {"product_id": "4006381333931", "quantity": 1},
    ]);
    let destination = configured("purchase", "");
    let admitted = outcome(&destination, &order(&json!({"products": products}), PAGE)).unwrap();
    let contents = &sent(&admitted)["custom_data"]["contents"];
    assert_eq!(
        contents,
        &json!([
            {"id": "36227206271667", "quantity": 1},
            {"id": "4006381333931", "quantity": 1},
        ])
    );
    assert_eq!(
        places(&admitted.warnings),
        ["contents[0].id", "contents[1].id"]
    );
}

#[test]
fn ids_of_metas_own_are_no_cards() {
    let ids = json!({"store_page_id": "4111111111111111", "ad_id": 4_111_111_111_111_111_u64});
    let (sent, places) = extra("", &ids);
    assert_eq!((sent, places.len()), (ids, 0));
}

#[test]
fn the_pages_url_loses_what_tells_and_nothing_else() {
    let destination = configured("purchase", "");
    let url = |url: &str| {
        let admitted = outcome(&destination, &order(&json!({}), url)).unwrap();
        let sent = sent(&admitted)["event_source_url"].clone();
        (sent.as_str().unwrap().to_owned(), admitted.warnings)
    };
    let page = "https://shop.example/a%20b/?utm_source=mail&fbclid=IwAR0_x&q=%C3%A9+x";
    let (sent, warnings) = url(page);
    assert_eq!((sent.as_str(), places(&warnings).len()), (page, 0));
    let (sent, warnings) = url(
        "https://j:pw@shop.example/u/jane@a.example/?utm_source=mail&email=jane&q=jane%2540a.example#token=t",
    );
    assert_eq!(sent, "https://shop.example/u//?utm_source=mail");
    assert_eq!(places(&warnings), ["event_source_url"]);
    let message = &warnings[0].message;
    assert!(message.contains("(email, q, token)"), "{message}");
    assert!(!message.contains("jane"), "{message}");
}

#[test]
fn an_event_id_stays_with_a_word_of_warning_and_a_name_is_cut() {
    let destination = way::destination(
        spec("custom-event"),
        Some(r#"{"event_name": {"@path": "$.properties.name"}}"#),
    )
    .unwrap();
    let with = |name: &str| {
        let mut event = order(&json!({"name": name}), PAGE);
        event["messageId"] = json!("order-jane@shop.example");
        outcome(&destination, &event)
    };
    let admitted = with("Signed up jane@shop.example").unwrap();
    assert_eq!(admitted.event.event_id(), Some("order-jane@shop.example"));
    assert_eq!(admitted.event.event_name(), "Signed up");
    assert_eq!(places(&admitted.warnings), ["event_id", "event_name"]);
    let rejection = with("jane@shop.example").unwrap_err();
    assert_eq!(rejection.reasons[0].code, Code::MissingField);
    let kept = String::from_utf8(rejection.event.json().to_vec()).unwrap();
    assert!(!kept.replace("order-jane@", "").contains("jane@"), "{kept}");
}

#[test]
fn a_dead_letter_holds_none_of_it() {
    let destination = configured("purchase", "");
    let mut event = order(
        &json!({
            "currency": "x@shop.example",
            "revenue": "4111-1111-1111-1111",
            "order_id": "4111 1111 1111 1111",
            "extra": {"note": "to jane.roe@shop.example", "phone": "5550100"},
        }),
        "app://jane:5550100@shop/?email=jane.roe",
    );
    event["timestamp"] = json!("jane@shop.example");
    let rejection = outcome(&destination, &event).unwrap_err();
    let kept = String::from_utf8(rejection.event.json().to_vec()).unwrap();
    let custom: Value = serde_json::from_str(&kept).unwrap();
    assert_eq!(custom["custom_data"]["note"], "to");
    let agent = "(jane.roe@shop.example)";
    for raw in ["jane", "@shop", "4111", "5550100"] {
        assert!(!kept.replace(agent, "").contains(raw), "{raw} in {kept}");
        let said = format!("{:?}", rejection.reasons);
        assert!(!said.contains(raw), "{raw} in {said}");
    }
}

/// As validation does, scrubbing leaves an item in its place that it empties.
#[test]
fn an_item_of_a_dead_letter_has_the_place_that_its_reason_names() {
    let purchase = spec("purchase");
    let destination = configured("purchase", "");
    let event = order(
        &json!({
            "products": [
                {"product_id": "jane@shop.example"},
                {"product_id": "jane@shop.example", "quantity": 1},
                {"product_id": "p2", "quantity": "two"},
            ],
            "extra": {"destination_ids": ["jane@shop.example", "d2"]},
            "revenue": "lots",
        }),
        PAGE,
    );
    let rejection = outcome(&destination, &event).unwrap_err();
    assert_eq!(rejection.reasons.len(), 1);
    let warnings = &rejection.warnings;
    assert!(
        warnings
            .iter()
            .any(|warning| warning.field == "contents[2].quantity")
    );
    let kept: Value = serde_json::from_slice(rejection.event.json()).unwrap();
    let custom_data = &kept["custom_data"];
    assert_eq!(
        custom_data["contents"],
        json!([{}, {"quantity": 1}, {"id": "p2"}])
    );
    assert_eq!(custom_data["destination_ids"], json!([null, "d2"]));
    let edits: [Edit; 3] = ["value=25", "contents[2].quantity=2", "contents[0].id=p0"]
        .map(|edit| edit.parse().unwrap());
    let stored = rejection.event.json();
    let repaired = repair(stored, &edits, Some(purchase), &destination, now());
    let sent: Value = serde_json::from_slice(repaired.unwrap().unwrap().event.json()).unwrap();
    let custom_data = &sent["custom_data"];
    assert_eq!(
        custom_data["contents"],
        json!([{"id": "p0"}, {"id": "p2", "quantity": 2}])
    );
    assert_eq!(custom_data["destination_ids"], json!(["d2"]));
}

#[test]
fn a_warning_names_no_key_that_may_be_a_customers_and_there_are_few() {
    let destination = configured("purchase", "");
    let mut extra = json!({"Jane's note": "x@shop.example", "5550100": "y@shop.example"});
    for number in 0..100 {
        extra[format!("note{number}")] = json!("x@shop.example");
    }
    let admitted = outcome(&destination, &order(&json!({"extra": extra}), PAGE)).unwrap();
    let places = places(&admitted.warnings);
    assert_eq!(places.len(), 20);
    let last = &admitted.warnings.last().unwrap().message;
    assert!(
        last.ends_with("; and 82 more that are not listed"),
        "{last}"
    );
    for raw in ["Jane", "5550100"] {
        assert!(
            !format!("{:?}", admitted.warnings).contains(raw),
            "{places:?}"
        );
    }
}

#[test]
fn what_a_repair_brings_is_refused_where_it_would_be_cut() {
    let purchase = spec("purchase");
    let destination = configured("purchase", "");
    let rejection = outcome(&destination, &order(&json!({"currency": null}), PAGE)).unwrap_err();
    let repaired = |edit: &str| {
        let edits: Vec<Edit> = ["custom_data.currency=USD", edit]
            .into_iter()
            .map(|edit| edit.parse().unwrap())
            .collect();
        let stored = rejection.event.json();
        repair(stored, &edits, Some(purchase), &destination, now())
    };
    for edit in [
        "custom_data.note=jane@shop.example",
        "custom_data.note=for jane@shop.example",
        "custom_data.my note!=jane@shop.example",
        "custom_data.tags=[\"jane@shop.example\"]",
        "custom_data.email=jane",
        "custom_data={\"note\":\"jane@shop.example\",\"currency\":\"USD\",\"value\":1}",
        "contents[0].id=4111-1111-1111-1111",
        "event_source_url=https://shop.example/?email=jane",
        "event_id=jane@shop.example",
    ] {
        let outcome = repaired(edit);
        assert!(
            matches!(outcome, Err(EditError::Unusable { .. })),
            "{edit}: {outcome:?}"
        );
        assert!(!format!("{outcome:?}").contains("jane"), "{outcome:?}");
    }
    assert!(repaired("custom_data.note=a gift").unwrap().is_ok());
    assert!(
        repaired("user_data.email=jane@shop.example")
            .unwrap()
            .is_ok()
    );
}

#[test]
fn no_key_of_an_action_and_no_example_is_cut() {
    let registry = Registry::linked().unwrap();
    for spec in registry.specs() {
        let destination = way::destination(spec, None)
            .unwrap_or_else(|_| way::destination(spec, Some(r#"{"event_name": "X"}"#)).unwrap());
        let names = &destination.scrubbing.names;
        assert!(destination.scrubbing.on);
        for field in spec.fields {
            let is_custom = matches!(field.place, WirePath::CustomKey | WirePath::Contents);
            for field in field.properties.iter().chain([field]).filter(|_| is_custom) {
                assert!(
                    !names.is_sensitive(field.key),
                    "{} {}",
                    spec.slug,
                    field.key
                );
            }
        }
        let event: Value = serde_json::from_str(spec.example).unwrap();
        let now = event["timestamp"].as_str().unwrap().parse().unwrap();
        if let Some(Ok(admitted)) = way::outcome(&destination, spec.example, now) {
            assert_eq!(places(&admitted.warnings), [""; 0], "{}", spec.slug);
        }
    }
}

#[test]
fn the_configuration_says_what_does_nothing_and_what_is_wrong() {
    let said = |lines: &str| {
        let (_, said) = read("purchase", lines, "{}");
        said.into_iter()
            .map(|said| (said.severity, said.message))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        said("scrub = true\nscrub_allow = ['email']\nscrub_drop = ['x-y-z']"),
        []
    );
    for (lines, severity, words) in [
        ("scrub = 'no'", Severity::Error, "true or false"),
        ("scrub_allow = 'email'", Severity::Error, "a list of texts"),
        ("scrub_drop = [5]", Severity::Error, "a list of texts"),
        (
            "scrub_drop = ['--']",
            Severity::Error,
            "not a name of a key",
        ),
        (
            "scrub_allow = ['colour']",
            Severity::Warning,
            "stays anyway",
        ),
        (
            "scrub = false\nscrub_drop = ['x1y']",
            Severity::Warning,
            "does nothing",
        ),
    ] {
        let said = said(lines);
        assert!(
            matches!(&said[..], [(found, message)] if *found == severity && message.contains(words)),
            "{lines}: {said:?}"
        );
    }
}

#[test]
fn the_referrer_is_cut_and_the_id_of_an_earlier_event_is_warned_of() {
    let mapping = r#"{"original_event_data": {"event_id": "jane.roe@shop.example-1", "order_id": "for jane.roe@shop.example"}}"#;
    let (destination, said) = read("purchase", "", mapping);
    let destination = destination.unwrap_or_else(|| panic!("{said:?}"));
    let mut event = order(&json!({}), PAGE);
    event["context"]["page"]["referrer"] =
        json!("https://mail.example/?email=jane.roe%40shop.example&utm_source=letter");
    let admitted = outcome(&destination, &event).unwrap();
    let sent: Value = serde_json::from_slice(admitted.event.json()).unwrap();
    assert_eq!(
        sent["referrer_url"],
        "https://mail.example/?utm_source=letter"
    );
    assert_eq!(
        sent["original_event_data"],
        json!({"order_id": "for", "event_id": "jane.roe@shop.example-1"})
    );
    let places: Vec<_> = admitted
        .warnings
        .iter()
        .map(|warning| (warning.code, &*warning.field))
        .collect();
    assert_eq!(
        places,
        [
            (Code::PersonalDataRemoved, "referrer_url"),
            (Code::PersonalDataRemoved, "original_event_data.order_id"),
            (Code::PersonalDataRemoved, "original_event_data.event_id"),
        ]
    );
}

/// What is sent of `extra` in free form.
fn sent_of(extra: &Value) -> Value {
    let destination = configured("purchase", "");
    let admitted = outcome(&destination, &order(&json!({"extra": extra}), PAGE)).unwrap();
    let mut sent: Value = serde_json::from_slice(admitted.event.json()).unwrap();
    sent["custom_data"].take()
}

#[test]
fn an_id_may_look_like_a_card_and_a_number_in_groups_may_not() {
    let sent = sent_of(&json!({
        "order_number": "4111111111111111", "transactionId": 4_111_111_111_111_111_u64,
        "order_no": "4111 1111 1111 1111", "paid": "4111111111111111", "note": "4111111111111111",
    }));
    assert_eq!(sent["order_number"], "4111111111111111");
    assert_eq!(sent["transactionId"], 4_111_111_111_111_111_u64);
    for gone in ["order_no", "paid", "note"] {
        assert!(sent.get(gone).is_none(), "{gone}");
    }
}

#[test]
fn names_of_things_stay_and_names_of_people_in_pairs_go() {
    let things = json!({
        "product_full_name": "Shirt, linen", "number_of_emails": 3, "mac_address": "0A-1B",
        "cart_token": "c1", "enamel_pin": "fox", "phone_model": "X1", "vat_rate": 19,
    });
    let sent = sent_of(&things);
    for (key, value) in things.as_object().unwrap() {
        assert_eq!(&sent[key], value, "{key}");
    }
    let sent = sent_of(&json!({
        "contactNo": "5550132", "phoneE164": "5550132", "forename": "Jane", "vat_id": "DE1",
        "buyer_name": "Jane", "sessionId": "s1",
        "note_attributes": [
            {"name": "phone", "value": "5550132"}, {"value": "x", "name": "password"},
            {"name": "gift", "value": "yes"},
            {"name": "phone", "value": "5550132", "type": "text"},
            {"id": 7, "key": "_billing_email", "value": "jane", "display_key": "Mail"},
            {"field": "phone", "value": "5550132"},
            {"name": "Phone", "value": 499, "quantity": 1},
            {"name": "phone", "value": "", "type": "text"},
        ],
    }));
    assert_eq!(
        sent["note_attributes"],
        json!([
            {"name": "gift", "value": "yes"},
            {"name": "Phone", "value": 499, "quantity": 1},
            {"name": "phone", "value": "", "type": "text"},
        ])
    );
    for gone in [
        "contactNo",
        "phoneE164",
        "forename",
        "vat_id",
        "buyer_name",
        "sessionId",
    ] {
        assert!(sent.get(gone).is_none(), "{gone}");
    }
}

#[test]
fn parameters_are_read_wherever_a_url_has_them() {
    for (url, rest) in [
        (
            "https://s.example/cart;jsessionid=S1?x=1",
            "https://s.example/cart?x=1",
        ),
        (
            "https://s.example/#access_token=S2&state=/x?y=1",
            "https://s.example/#state=/x?y=1",
        ),
        (
            "https://s.example/?d=email%3Djane%26a%3D1&x=1",
            "https://s.example/?x=1",
        ),
        (
            "  https://s.example/?token=S3&x=1",
            "  https://s.example/?x=1",
        ),
        ("/account?token=S4&x=1", "/account?x=1"),
        ("?token=S5&x=1", "?x=1"),
        ("ftp://jane:pw@s.example/a", "ftp://s.example/a"),
        (
            "https://s.example/a;v=1/b?x=1#top",
            "https://s.example/a;v=1/b?x=1#top",
        ),
    ] {
        assert_eq!(sent_of(&json!({"link": url}))["link"], rest, "{url}");
    }
}
