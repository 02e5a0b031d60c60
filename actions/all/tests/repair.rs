//! What a rejected conversion is kept as, and what becomes of it once somebody
//! repairs it.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "way/order.rs"]
mod order;
mod way;

use capi_actions as _;
use capi_core::pipeline::{Edit, EditError, repair};
use capi_core::rejection::{Diagnostic, Rejection};
use capi_core::user_data::Digest;
use capi_core::{Registry, Spec};
use jiff::Timestamp;
use serde_json::{Value, json};

fn now() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn purchase() -> &'static Spec {
    Registry::linked().unwrap().get("purchase").unwrap()
}

/// An order with every identifier, and `change` made to its properties.
fn order(change: &Value) -> Value {
    let mut event = order::with(change);
    event["context"]["traits"] = json!({
        "email": "Jane.Roe@shop.example",
        "phone": "+1 415 555 0132",
        "gender": "female",
        "birthday": "1990-05-16",
        "firstName": "Janelle",
        "lastName": "Roebuck",
        "address": {
            "city": "Springfield",
            "state": "Illinois",
            "postalCode": "62704",
            "country": "United States",
        },
    });
    event
}

fn rejected(mapping: Option<&str>, event: &Value) -> Rejection {
    let destination = way::destination(purchase(), mapping).unwrap();
    way::outcome(&destination, &event.to_string(), now())
        .unwrap()
        .unwrap_err()
}

/// The warnings of an event that is sent.
fn warnings(mapping: Option<&str>, event: &Value) -> Vec<Diagnostic> {
    let destination = way::destination(purchase(), mapping).unwrap();
    let outcome = way::outcome(&destination, &event.to_string(), now()).unwrap();
    outcome.unwrap().warnings
}

fn kept(rejection: &Rejection) -> Value {
    serde_json::from_slice(rejection.event.json()).unwrap()
}

fn codes(rejection: &Rejection) -> Vec<&str> {
    let reasons = rejection.reasons.iter();
    reasons.map(|reason| reason.code.as_str()).collect()
}

fn repaired(rejection: &Rejection, edits: &[&str]) -> Result<Result<Value, Rejection>, EditError> {
    let edits: Vec<Edit> = edits.iter().map(|edit| edit.parse().unwrap()).collect();
    let destination = way::destination(purchase(), None).unwrap();
    let stored = rejection.event.json();
    repair(stored, &edits, Some(purchase()), &destination, now()).map(|outcome| {
        outcome.map(|admitted| serde_json::from_slice(admitted.event.json()).unwrap())
    })
}

#[test]
fn a_rejected_conversion_is_kept_as_meta_would_have_it_and_hashed() {
    let rejection = rejected(None, &order(&json!({"currency": null})));
    assert_eq!(codes(&rejection), ["missing_field"]);
    let kept = kept(&rejection);
    assert_eq!(kept["event_name"], "Purchase");
    assert_eq!(kept["event_time"], 1_772_366_340);
    assert_eq!(kept["event_id"], "m1");
    assert_eq!(kept["custom_data"]["value"], 39.98);
    assert_eq!(kept["custom_data"]["contents"][0]["quantity"], 2);
    let digest = Digest::of("jane.roe@shop.example");
    assert_eq!(kept["user_data"]["em"], json!([digest.as_str()]));
    assert_eq!(rejection.event.event_id(), Some("m1"));
    assert_eq!(rejection.event.event_time(), Some(1_772_366_340));
}

#[test]
fn no_identifier_is_kept_raw_whatever_is_wrong() {
    let wrong = [
        (None, order(&json!({"currency": null}))),
        (None, order(&json!({"currency": "Jane.Roe@shop.example"}))),
        (None, order(&json!({"revenue": "+1 415 555 0132"}))),
        (None, order(&json!({"revenue": {"firstName": "Janelle"}}))),
        (
            None,
            order(
                &json!({"revenue": "lots", "products": [{"product_id": "p1", "quantity": {"email": "Jane.Roe@shop.example"}}]}),
            ),
        ),
        (
            Some(r#"{"event_time": {"@path": "$.context.traits.email"}}"#),
            order(&json!({})),
        ),
        (
            Some(r#"{"user_data": {"client_ip_address": {"@path": "$.context.traits"}}}"#),
            order(&json!({"revenue": "lots"})),
        ),
        (
            Some(r#"{"user_data": {"@path": "$.context.traits.email"}}"#),
            order(&json!({})),
        ),
        (
            Some(r#"{"value": {"@path": {"@path": "$.context"}}}"#),
            order(&json!({})),
        ),
    ];
    for (mapping, event) in wrong {
        let rejection = rejected(mapping, &event);
        let kept = String::from_utf8(rejection.event.json().to_vec()).unwrap();
        let lower = kept.to_lowercase();
        for raw in [
            "jane",
            "roebuck",
            "415",
            "5550132",
            "springfield",
            "illinois",
            "62704",
            "1990",
            "97480",
            "female",
        ] {
            assert!(!lower.contains(raw), "{raw} in {kept}");
        }
        assert!(
            !format!("{:?}", rejection.reasons)
                .to_lowercase()
                .contains("jane")
        );
    }
}

#[test]
fn what_is_wrong_is_kept_where_it_stood() {
    let rejection = rejected(
        None,
        &order(&json!({"currency": "EURO", "revenue": "lots"})),
    );
    assert_eq!(codes(&rejection), ["invalid_currency", "invalid_type"]);
    let custom_data = &kept(&rejection)["custom_data"];
    assert_eq!(
        (&custom_data["currency"], &custom_data["value"]),
        (&json!("EURO"), &json!("lots"))
    );

    let mapping = r#"{"event_time": {"@path": "$.properties.at"}}"#;
    let rejection = rejected(Some(mapping), &order(&json!({"at": "soon"})));
    assert_eq!(codes(&rejection), ["invalid_event_time"]);
    assert_eq!(kept(&rejection)["event_time"], "soon");
    assert_eq!(rejection.event.event_time(), None);
}

#[test]
fn a_field_that_cannot_be_mapped_takes_no_other_with_it() {
    let mapping = r#"{"value": {"@path": {"@path": "$.context"}}}"#;
    let rejection = rejected(Some(mapping), &order(&json!({})));
    assert_eq!(codes(&rejection), ["mapping_failed"]);
    assert_eq!(kept(&rejection)["custom_data"]["currency"], "USD");
    let sent = repaired(&rejection, &["custom_data.value=12.5"])
        .unwrap()
        .unwrap();
    assert_eq!(sent["custom_data"]["value"], 12.5);
}

#[test]
fn one_edit_and_it_may_be_sent() {
    let rejection = rejected(None, &order(&json!({"currency": "EURO"})));
    for edit in [
        "custom_data.currency=EUR",
        "currency=eur",
        "custom_data.currency=\"EUR\"",
    ] {
        let sent = repaired(&rejection, &[edit]).unwrap().unwrap();
        assert_eq!(sent["custom_data"]["currency"], "EUR", "{edit}");
        assert_eq!(sent["user_data"], kept(&rejection)["user_data"]);
        assert_eq!(sent["event_time"], 1_772_366_340);
    }
}

#[test]
fn what_is_still_wrong_is_rejected_again() {
    let rejection = rejected(
        None,
        &order(&json!({"currency": "EURO", "revenue": "lots"})),
    );
    let again = repaired(&rejection, &["custom_data.currency=EUR"])
        .unwrap()
        .unwrap_err();
    assert_eq!(codes(&again), ["invalid_type"]);
    let again = repaired(&rejection, &[]).unwrap().unwrap_err();
    assert_eq!(again.reasons, rejection.reasons);
    assert_eq!(kept(&again), kept(&rejection));
}

#[test]
fn an_identifier_is_edited_raw_and_leaves_hashed() {
    let rejection = rejected(None, &order(&json!({"currency": null})));
    let email = Digest::of("joe@shop.example");
    for key in ["user_data.em", "user_data.email"] {
        let edits = [
            "custom_data.currency=USD",
            &format!("{key}= Joe@shop.example"),
        ];
        let sent = repaired(&rejection, &edits).unwrap().unwrap();
        assert_eq!(sent["user_data"]["em"], json!([email.as_str()]), "{key}");
    }
    let edits = ["currency=USD", "user_data.zp=02139", "user_data.ph=null"];
    let sent = repaired(&rejection, &edits).unwrap().unwrap();
    assert_eq!(
        sent["user_data"]["zp"],
        json!([Digest::of("02139").as_str()])
    );
    assert_eq!(sent["user_data"].get("ph"), None);
}

#[test]
fn lists_objects_and_long_numbers_are_edited_too() {
    let rejection = rejected(None, &order(&json!({"currency": null})));
    let edits = [
        "currency=USD",
        "contents[0].quantity=3",
        "custom_data.contents.0.id=p9",
        "custom_data.note=a=b",
        "custom_data.order_id=12345678901234567890123",
        "custom_data.content_ids=[\"a\",\"b\"]",
        "contents[1].id=p2",
    ];
    let sent = repaired(&rejection, &edits).unwrap().unwrap();
    let custom_data = &sent["custom_data"];
    assert_eq!(
        custom_data["contents"],
        json!([{"id": "p9", "quantity": 3, "item_price": 19.99}, {"id": "p2"}])
    );
    assert_eq!(custom_data["note"], "a=b");
    assert_eq!(custom_data["order_id"], "12345678901234567890123");
    assert_eq!(custom_data["content_ids"], json!(["a", "b"]));
}

#[test]
fn app_data_is_edited_by_its_fields() {
    let rejection = rejected(None, &order(&json!({"currency": null})));
    let edits = [
        "currency=USD",
        "action_source=app",
        "app_data.version=i2",
        "app_data.osVersion=18.1",
        "app_data.advertiser_tracking_enabled=true",
    ];
    let sent = repaired(&rejection, &edits).unwrap().unwrap();
    assert_eq!(sent["app_data"]["advertiser_tracking_enabled"], 1);
    assert_eq!(sent["app_data"]["extinfo"][0], "i2");
    assert_eq!(sent["app_data"]["extinfo"][4], "18.1");
}

#[test]
fn a_key_that_is_none_is_refused_with_what_was_meant() {
    let rejection = rejected(None, &order(&json!({"currency": null})));
    for (edit, meant) in [
        ("custom_dta.currency=USD", Some("custom_data")),
        ("curency=USD", Some("currency")),
        ("user_data.emial=x", Some("email")),
        ("event_name=Lead", None),
        ("xyz=1", None),
    ] {
        let error = repaired(&rejection, &[edit]).unwrap_err();
        let EditError::UnknownKey { suggestion, .. } = error else {
            panic!("{edit}: {error}");
        };
        assert!(
            meant.is_none_or(|meant| suggestion.as_deref() == Some(meant)),
            "{edit}: {suggestion:?}"
        );
    }
    for text in ["", "currency", "=USD", "a..b=1"] {
        assert_eq!(text.parse::<Edit>(), Err(EditError::Form), "{text}");
    }
}

#[test]
fn an_event_of_an_unknown_action_keeps_its_name_and_what_holds_for_all() {
    let rejection = rejected(None, &order(&json!({"currency": null})));
    let destination = way::destination(purchase(), None).unwrap();
    let check =
        |edits: &[Edit]| repair(rejection.event.json(), edits, None, &destination, now()).unwrap();
    assert_eq!(codes(&check(&[]).unwrap_err()), ["missing_field"]);
    let sent = check(&["custom_data.currency=USD".parse().unwrap()]).unwrap();
    assert_eq!(sent.event.event_name(), "Purchase");
}

#[test]
fn what_is_no_event_is_not_repaired() {
    let destination = way::destination(purchase(), None).unwrap();
    for stored in [&b""[..], b"{", b"[]", b"null", b"\xff"] {
        let outcome = repair(stored, &[], Some(purchase()), &destination, now());
        assert_eq!(outcome.unwrap_err(), EditError::Stored);
    }
}

#[test]
fn an_edit_that_would_do_nothing_or_harm_is_refused() {
    let rejection = rejected(None, &order(&json!({"currency": null})));
    let deep = format!("custom_data{}=1", ".a".repeat(60));
    let deeper = format!("custom_data.a={}1{}", "[".repeat(63), "]".repeat(63));
    for edit in [
        "user_data.em[0]=lee@shop.example",
        "user_data.em=not an email",
        "user_data.ph={\"a\":1}",
        "user_data.client_ip_address=nowhere",
        "contents[5].quantity=2",
        "custom_data.0=x",
        "test_event_code=TEST1",
        &deeper,
    ] {
        let outcome = repaired(&rejection, &["currency=USD", edit]);
        assert!(outcome.is_err(), "{edit}: {outcome:?}");
    }
    assert!(repaired(&rejection, &["currency=USD", &deep]).is_ok());
    let deepest = format!("custom_data{}=1", ".a".repeat(4000));
    assert_eq!(deepest.parse::<Edit>(), Err(EditError::TooDeep));
}

#[test]
fn custom_data_is_set_as_a_whole_too() {
    let rejection = rejected(None, &order(&json!({"currency": "EURO", "note": "x"})));
    let edit = r#"custom_data={"currency":"USD","value":5,"own":true}"#;
    let sent = repaired(&rejection, &[edit]).unwrap().unwrap();
    assert_eq!(
        sent["custom_data"],
        json!({"own": true, "currency": "USD", "value": 5})
    );
}

#[test]
fn an_edit_concerns_what_a_reason_names_and_what_that_is_part_of() {
    for (edit, field, concerns) in [
        ("custom_data.currency=USD", "currency", true),
        ("currency=USD", "currency", true),
        ("contents=[]", "contents[0].quantity", true),
        ("contents[0].quantity=1", "contents[0].quantity", true),
        ("contents[1].quantity=1", "contents[0].quantity", false),
        ("contents[0].quantity=1", "contents", true),
        ("custom_data={}", "value", true),
        ("custom_data.a=1", "custom_data", true),
        ("user_data.madid=x", "user_data.madid", true),
        ("custom_data.value=1", "currency", false),
    ] {
        let edit: Edit = edit.parse().unwrap();
        assert_eq!(edit.concerns(field), concerns, "{edit:?} {field}");
    }
}

#[test]
fn an_item_has_the_place_that_its_reason_names() {
    let products = json!({"revenue": "lots", "products": [
        {"name": "gift wrap", "quantity": 1},
        {"product_id": "a", "quantity": 1},
        "b",
        {"product_id": "c", "quantity": "two"},
    ]});
    let rejection = rejected(None, &order(&products));
    assert_eq!(codes(&rejection), ["invalid_type"]);
    let fields: Vec<_> = rejection
        .warnings
        .iter()
        .map(|warning| &*warning.field)
        .collect();
    assert!(fields.contains(&"contents[3].quantity"), "{fields:?}");
    let sent = repaired(
        &rejection,
        &[
            "value=25",
            r#"contents[2]={"id":"b"}"#,
            "contents[3].quantity=2",
        ],
    );
    assert_eq!(
        sent.unwrap().unwrap()["custom_data"]["contents"],
        json!([{"id": "a", "quantity": 1}, {"id": "b"}, {"id": "c", "quantity": 2}])
    );
    // The first item has no id and is not sent, and what is set in it would not be.
    let lost = repaired(&rejection, &["value=25", "contents[0].quantity=3"]);
    assert!(matches!(lost, Err(EditError::Unusable { path, .. }) if path == "contents.0.quantity"));
}

#[test]
fn a_name_that_was_mapped_to_the_wrong_place_is_not_kept() {
    let mapping = r#"{"currency": {"@path": "$.context.traits.firstName"}, "action_source": {"@path": "$.userId"}}"#;
    let kept = String::from_utf8(
        rejected(Some(mapping), &order(&json!({})))
            .event
            .json()
            .into(),
    );
    let kept = kept.unwrap();
    assert!(
        !kept.contains("Janelle") && !kept.contains("user-97480"),
        "{kept}"
    );
    let kept = self::kept(&rejected(None, &order(&json!({"currency": "doubloons"}))));
    assert_eq!(kept["custom_data"]["currency"], "doubloons");
}

#[test]
fn of_a_thousand_faults_the_first_are_told_and_the_others_counted() {
    let products: Vec<_> = (0..1000)
        .map(|_| json!({"product_id": "a", "quantity": {}}))
        .collect();
    let reported = warnings(None, &order(&json!({"products": products})));
    assert_eq!(reported.len(), 20);
    let last = &reported[19].message;
    assert!(
        last.ends_with("; and 980 more that are not listed"),
        "{last}"
    );
}

/// A value that is left out counts beside one that came in free form, and a key that many
/// items have gives one warning.
#[test]
fn warnings_of_one_code_are_counted_too() {
    let mut item = json!({"id": "a", "quantity": {}});
    for number in 0..30 {
        item[format!("own{number}")] = json!(number);
    }
    let mapping = r#"{"custom_data": {"@path": "$.properties.extra"}, "contents": {"@path": "$.properties.products"}}"#;
    let wrong = json!({"destination_ids": vec![json!({}); 25]});
    let properties = json!({"products": [item, item], "extra": wrong});
    let reported = warnings(Some(mapping), &order(&properties));
    let last_of = |code: &str| {
        let of_code = |warning: &&Diagnostic| warning.code.as_str() == code;
        let warnings: Vec<_> = reported.iter().filter(of_code).collect();
        assert_eq!(warnings.len(), 20, "{code}");
        warnings[19].message.to_string()
    };
    for (code, end) in [
        ("unknown_key", "; and 10 more that are not listed"),
        (
            "invalid_type",
            "; it is left out; and 7 more that are not listed",
        ),
    ] {
        let last = last_of(code);
        assert!(last.ends_with(end), "{last}");
    }
}

/// A field of the action's own is named by its key, in whichever step it is found wrong.
#[test]
fn a_reason_of_admission_names_a_field_as_validation_does() {
    let registry = Registry::linked().unwrap();
    let warned = |slug: &str, mapping: &str| {
        let action = registry.get(slug).unwrap();
        let destination = way::with_trigger(action, way::ANY, Some(mapping)).unwrap();
        let event = order(&json!({"currency": null})).to_string();
        let admitted = way::outcome(&destination, &event, now()).unwrap().unwrap();
        let of_money = |warning: &&Diagnostic| warning.code.as_str() == "value_without_currency";
        let found = admitted.warnings.iter().find(of_money);
        found.unwrap().field.to_string()
    };
    assert_eq!(warned("add-to-cart", r#"{"value": 5}"#), "currency");
    assert_eq!(
        warned(
            "custom-event",
            r#"{"event_name": "Own", "custom_data": {"value": 5}}"#
        ),
        "custom_data.currency"
    );
}

#[test]
fn a_time_far_ahead_is_still_ahead_after_an_edit() {
    let mut event = order(&json!({}));
    event["timestamp"] = json!("9999-12-30T00:00:00Z");
    let rejection = rejected(None, &event);
    assert_eq!(codes(&rejection), ["event_in_future"]);
    let again = repaired(&rejection, &["custom_data.note=x"]).unwrap();
    assert_eq!(codes(&again.unwrap_err()), ["event_in_future"]);
}

#[test]
fn an_id_with_an_exponent_stays_as_it_was_typed() {
    let rejection = rejected(None, &order(&json!({"currency": null})));
    let sent = repaired(&rejection, &["currency=USD", "order_id=1e5", "value=1e2"]);
    let custom_data = &sent.unwrap().unwrap()["custom_data"];
    assert_eq!(custom_data["order_id"], "1e5");
    assert_eq!(custom_data["value"].as_f64(), Some(100.0));
}

#[test]
fn both_hashes_of_20_values_stay_when_an_event_is_repaired() {
    let mut event = order(&json!({"currency": null}));
    // With a blank, the page's form and the Pixel's differ.
    let code = |index| json!(format!("M{index} 1AE"));
    event["context"]["traits"]["address"]["postalCode"] = (0..20).map(code).collect();
    event["context"]["traits"]["address"]["country"] = json!("GB");
    let rejection = rejected(None, &event);
    let hashes = kept(&rejection)["user_data"]["zp"].clone();
    assert_eq!(hashes.as_array().unwrap().len(), 40);
    let sent = repaired(&rejection, &["currency=USD"]).unwrap().unwrap();
    assert_eq!(sent["user_data"]["zp"], hashes);
}

#[test]
fn an_identifier_beyond_the_20th_is_kept_raw_nowhere() {
    let mut event = order(&json!({"currency": "Janelle"}));
    let name = |index| json!(format!("name{index}"));
    let mut names: Vec<Value> = (0..20).map(name).collect();
    names.push(json!("Janelle"));
    event["context"]["traits"]["firstName"] = json!(names);
    let rejection = rejected(None, &event);
    assert_eq!(codes(&rejection), ["invalid_currency"]);
    assert!(!kept(&rejection).to_string().contains("Janelle"));
}
