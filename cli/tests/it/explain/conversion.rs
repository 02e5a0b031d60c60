//! What becomes of an event, step by step, and that it is what really happens.

use super::*;

#[test]
fn an_order_is_explained_from_its_paths_to_what_meta_gets() {
    let (explained, code) = json_of(Some(META), &[], &order());
    assert_eq!(code, Some(0));
    assert_eq!(explained["masked"], true);
    assert_eq!(explained["event"]["event"], "Order Completed");
    assert_eq!(explained["destinations"][0]["destination"], "meta");
    let purchase = conversion(&explained, "purchase");
    assert_eq!(purchase["sent"], true);
    let email = field(purchase, "user_data.email");
    assert_eq!(
        (&email["to"], &email["prebuilt"], &email["value"]),
        (
            &json!("user_data.em"),
            &json!(true),
            &json!("<email, 19 characters>")
        )
    );
    assert_eq!(
        email["sources"].as_array().unwrap()[..2],
        [
            json!({"path": "context.traits.email", "found": true, "used": true}),
            json!({"path": "traits.email", "found": false, "used": false}),
        ]
    );
    let identifier = &purchase["identifiers"][0];
    assert_eq!(identifier["key"], "em");
    assert_eq!(
        identifier["source"],
        "Meta, Customer information parameters"
    );
    assert!(identifier["steps"][0]["text"].is_string());
    let form = &identifier["values"][0]["forms"][0];
    assert_eq!(
        (&form["of"], &form["normalized"]),
        (&json!("page"), &json!("<email, 19 characters>"))
    );
    assert_eq!(
        purchase["event"]["user_data"]["em"],
        json!([form["sha256"]])
    );
    assert_eq!(purchase["event"]["custom_data"]["value"], 121.25);
    let age = check(purchase, "event_too_old");
    assert_eq!(
        (&age["outcome"], &age["confidence"], &age["findings"]),
        (&json!("passed"), &json!("documented"), &json!([]))
    );
}

#[test]
fn what_is_explained_is_what_preview_shows() {
    let configured = Configured::new(META);
    let event = order().to_string();
    let path = configured.path();
    let preview = capi(&["preview", "--config", &path, "--now", NOW], &event);
    let preview: Value = serde_json::from_str(&stdout(&preview)).unwrap();
    let (explained, _) = json_of(Some(META), &["--raw"], &order());
    assert_eq!(
        conversion(&explained, "purchase")["event"],
        preview["event"]
    );
}

#[test]
fn both_forms_of_a_zip_code_are_told_apart() {
    let mut event = order();
    event["context"]["traits"]["address"] = json!({"postalCode": "M1 1AE", "country": "GB"});
    let (explained, _) = json_of(Some(META), &["--raw"], &event);
    let identifiers = conversion(&explained, "purchase")["identifiers"]
        .as_array()
        .unwrap();
    let zip = identifiers.iter().find(|of| of["key"] == "zp").unwrap();
    let forms: Vec<_> = zip["values"][0]["forms"]
        .as_array()
        .unwrap()
        .iter()
        .map(|form| {
            (
                form["of"].as_str().unwrap(),
                form["normalized"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(forms, [("page", "m11ae"), ("pixel", "m1 1ae")]);
    assert!(!zip["pixel_steps"].as_array().unwrap().is_empty());
}

#[test]
fn a_rejected_event_shows_what_failed_and_what_was_not_reached() {
    let mut event = order();
    event["properties"]["currency"] = Value::Null;
    let (explained, code) = json_of(Some(META), &[], &event);
    assert_eq!(code, Some(1));
    let purchase = conversion(&explained, "purchase");
    assert_eq!(purchase["sent"], false);
    assert_eq!(check(purchase, "missing_field")["outcome"], "failed");
    assert_eq!(check(purchase, "event_too_old")["outcome"], "skipped");
    assert_eq!(purchase["event"]["custom_data"]["value"], 121.25);
    let text = stdout(&explain(Some(META), &[], &event.to_string()));
    assert!(text.contains("✗ missing_field  currency"), "{text}");
    assert!(text.contains("1 rejected"));
}

#[test]
fn a_warning_of_admission_is_told_also_of_a_rejected_event() {
    let mut event = order();
    event["context"]["userAgent"] = Value::Null;
    event["timestamp"] = json!("2026-01-01T00:00:00Z");
    let config = format!("{META}website_requirements = \"warn\"\n");
    let (explained, _) = json_of(Some(&config), &[], &event);
    let purchase = conversion(&explained, "purchase");
    assert_eq!(check(purchase, "event_too_old")["outcome"], "failed");
    assert_eq!(
        check(purchase, "missing_client_user_agent")["outcome"],
        "warned"
    );
}

#[test]
fn a_mapping_of_ones_own_is_told_from_the_prebuilt_one() {
    let config = format!(
        "{META}[[destination.subscription]]\naction = \"purchase\"\n[destination.subscription.mapping]\nvalue = {{ \"@path\" = \"$.properties.shipping\" }}\nuser_data = {{ fbp = {{ \"@path\" = \"$.properties.browser\" }} }}\ncontents = {{ \"@arrayPath\" = [\"$.properties.products\", {{ id = {{ \"@path\" = \"$.name\" }} }}] }}\n"
    );
    let (explained, _) = json_of(Some(&config), &[], &order());
    let purchase = conversion(&explained, "purchase");
    let value = field(purchase, "value");
    assert_eq!(
        (&value["prebuilt"], &value["value"], &value["sources"]),
        (
            &json!(false),
            &json!(9),
            &json!([{"path": "properties.shipping", "found": true, "used": true}])
        )
    );
    assert_eq!(value["mapping"], json!({"@path": "$.properties.shipping"}));
    assert_eq!(field(purchase, "currency")["prebuilt"], true);
    let paths: Vec<_> = field(purchase, "contents")["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|source| source["path"].as_str().unwrap())
        .collect();
    assert_eq!(paths, ["properties.products", "properties.products[].name"]);
    let text = stdout(&explain(Some(&config), &[], &order().to_string()));
    assert!(text.contains("← properties.shipping (own mapping)"));
}

#[test]
fn what_receiving_changes_is_told() {
    let mut event = order();
    event.as_object_mut().unwrap().remove("messageId");
    event["originalTimestamp"] = json!("2026-11-24T08:00:00Z");
    event["sentAt"] = json!("2026-11-24T08:00:10Z");
    event["receivedAt"] = json!("2026-11-24T05:00:10Z");
    let (explained, _) = json_of(Some(META), &[], &event);
    let reported: Vec<_> = explained["received"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| {
            (
                change["field"].as_str().unwrap(),
                change["change"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        reported,
        [("messageId", "made"), ("timestamp", "corrected")]
    );
    assert_eq!(explained["received"][1]["to"], "2026-11-24T05:59:50.000Z");
}

#[test]
fn the_test_code_of_the_configuration_is_shown() {
    let config = format!("{META}test_event_code = \"TEST7\"\n");
    let (explained, _) = json_of(Some(&config), &[], &order());
    assert_eq!(
        conversion(&explained, "purchase")["test_event_code"],
        "TEST7"
    );
}

#[test]
fn the_click_id_says_which_fbclid_it_was_made_of() {
    let source = |event: &Value| {
        let (explained, _) = json_of(Some(META), &[], event);
        let fbc = field(conversion(&explained, "purchase"), "user_data.fbc").clone();
        let sources = fbc["sources"].as_array().unwrap();
        let used = sources.iter().filter(|source| source["used"] == true);
        let used: Vec<_> = used
            .map(|source| source["path"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(fbc["value"], "<fbc, 22 characters>");
        used.join(" ")
    };
    let base = || order_of_janette(&json!({}));
    for (place, value) in [
        ("referrer", "https://m.example/?fbclid=AbC"),
        ("search", "?fbclid=AbC"),
    ] {
        let mut event = base();
        event["context"]["page"][place] = json!(value);
        assert_eq!(source(&event), format!("context.page.{place}?fbclid"));
    }
    for other in [Value::Null, json!(5)] {
        let mut event = base();
        event["properties"]["fbclid"] = other;
        event["context"]["fbclid"] = json!("AbC");
        assert_eq!(source(&event), "context.fbclid");
    }
    let mut event = base();
    event["context"]["fbc"] = json!("garbage");
    event["context"]["page"]["url"] = json!("https://shop.example/?fbclid=AbC");
    assert_eq!(source(&event), "context.page.url?fbclid");
    let (explained, _) = json_of(Some(META), &[], &base());
    let missing = &conversion(&explained, "purchase")["match_quality"]["missing"];
    let from = missing["from"].as_array().unwrap();
    assert!(from.contains(&json!("context.page.referrer?fbclid")));
}

#[test]
fn a_check_that_waits_is_not_said_to_have_passed() {
    let config = subscribed(
        "custom-event",
        "trigger = 'type = \"track\"'\n[destination.subscription.mapping]\nevent_name = \"Purchase\"\nopt_out = { \"@path\" = \"$.properties.x\" }",
    );
    let (explained, _) = json_of(Some(&config), &[], &order_of_janette(&json!("perhaps")));
    let custom = conversion(&explained, "custom-event");
    assert_eq!(custom["sent"], false);
    assert_eq!(check(custom, "missing_field")["outcome"], "skipped");
    let text = stdout(&explain(
        Some(&config),
        &[],
        &order_of_janette(&json!("perhaps")).to_string(),
    ));
    assert!(
        text.contains("not reached, they wait until the others pass: missing_field"),
        "{text}"
    );
}

#[test]
fn a_list_in_a_list_is_refused_as_it_is() {
    let mut event = order_of_janette(&json!({}));
    event["context"]["traits"]["email"] = json!(["a@b.co", ["c@d.co"]]);
    let (explained, _) = json_of(Some(META), &[], &event);
    let purchase = conversion(&explained, "purchase");
    let identifiers = purchase["identifiers"].as_array().unwrap();
    let email = identifiers.iter().find(|of| of["key"] == "em").unwrap();
    let inner = &email["values"][1];
    assert_eq!(
        (&inner["raw"], &inner["forms"], &inner["refused"]["code"]),
        (
            &json!(["<email, 6 characters>"]),
            &json!([]),
            &json!("nested_list")
        )
    );
    assert_eq!(
        purchase["event"]["user_data"]["em"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn a_repeat_is_told_and_not_counted() {
    let twice = format!(
        "{}[[destination.subscription]]\naction = \"purchase\"\n",
        subscribed("purchase", "")
    );
    let (explained, code) = json_of(Some(&twice), &[], &order());
    assert_eq!(code, Some(0));
    let subscriptions = &explained["destinations"][0]["subscriptions"];
    assert_eq!(subscriptions[0]["conversion"]["duplicate"], false);
    assert_eq!(subscriptions[1]["conversion"]["duplicate"], true);
    let text = stdout(&explain(Some(&twice), &[], &order().to_string()));
    assert!(text.contains("a duplicate of one above"), "{text}");
    assert!(text.contains("\n1 conversion would be sent.\n"), "{text}");
}

#[test]
fn what_a_template_does_not_read_is_no_source_of_a_field() {
    let mapping = "[destination.subscription.mapping]\nevent_id = { \"@template\" = \"o-{{userId}\" }\ncontent_name = { \"@liquid\" = \"{% if properties.gift %}{{ userId }}{% else %}{{ event }}{% endif %}\" }";
    let config = subscribed("purchase", mapping);
    let (explained, _) = json_of(Some(&config), &[], &order());
    let purchase = conversion(&explained, "purchase");
    let id = field(purchase, "event_id");
    assert_eq!(
        (&id["value"], &id["sources"]),
        (&json!("o-{{userId}"), &json!([]))
    );
    let name = field(purchase, "content_name")["sources"].as_array();
    let reported: Vec<Value> = name
        .unwrap()
        .iter()
        .map(|source| json!([source["path"], source["used"]]))
        .collect();
    assert_eq!(
        json!(reported),
        json!([
            ["properties.gift", false],
            ["userId", false],
            ["event", true]
        ])
    );
    let output = explain(Some(&config), &[], &order().to_string());
    assert!(stdout(&output).contains("← its @template (own mapping)"));
}
