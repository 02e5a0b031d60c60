//! `capi preview`.

use serde_json::{Value, json};

use super::{Configured, META, NOW, capi, order, stderr, stdout};

fn preview(config: &str, events: &[Value]) -> Vec<Value> {
    let configured = Configured::new(config);
    let input: String = events.iter().map(|event| format!("{event}\n")).collect();
    let output = capi(
        &["preview", "--config", &configured.path(), "--now", NOW],
        &input,
    );
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    stdout(&output)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn an_order_becomes_a_purchase_as_meta_would_get_it() {
    let lines = preview(META, &[order()]);
    assert_eq!(lines.len(), 1);
    assert_eq!(
        (&lines[0]["destination"], &lines[0]["action"]),
        (&json!("meta"), &json!("purchase"))
    );
    assert_eq!(lines[0]["warnings"], json!([]));
    let event = &lines[0]["event"];
    assert_eq!(event["event_name"], "Purchase");
    assert_eq!(event["event_time"], 1_795_497_291);
    assert_eq!(event["event_id"], "msg-1");
    assert_eq!(event["action_source"], "website");
    assert_eq!(
        event["event_source_url"],
        "https://shop.example/checkout/thanks"
    );
    assert_eq!(event["custom_data"]["value"], 121.25);
    assert_eq!(
        event["custom_data"]["contents"][1],
        json!({"id":"sku-202","quantity":3,"item_price":12.25})
    );
    assert_eq!(
        event["user_data"]["ge"],
        json!(["252f10c83610ebca1a059c0bae8255eba2f95be4d1d7bcfa89d7248a82d9f111"])
    );
    assert_eq!(
        event["user_data"]["country"],
        json!(["79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621"])
    );
    assert_eq!(event["user_data"]["client_ip_address"], "203.0.113.44");
}

#[test]
fn a_rejection_names_every_reason() {
    let mut event = order();
    event["properties"]["currency"] = Value::Null;
    event["properties"]["revenue"] = json!("much");
    let lines = preview(META, &[event]);
    assert_eq!(lines[0]["action"], "purchase");
    let reasons: Vec<_> = lines[0]["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reason| {
            (
                reason["code"].as_str().unwrap(),
                reason["field"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        reasons,
        [("missing_field", "currency"), ("invalid_type", "value")]
    );
    assert!(
        !lines[0].to_string().contains("much"),
        "the value is not repeated"
    );
}

#[test]
fn what_nothing_takes_is_one_line_that_says_so() {
    let mut off = order();
    off["integrations"] = json!({"All": false});
    let mut named = order();
    named["integrations"] = json!({"meta": false});
    let mut other = order();
    other["event"] = json!("Something Else");
    for event in [off, named, other] {
        assert_eq!(preview(META, &[event]), [json!({"matched":0})]);
    }
}

#[test]
fn an_event_that_is_called_nearly_as_a_trigger_asks_is_told() {
    for (name, nearly) in [
        ("order completed", json!("Order Completed")),
        ("OrderCompleted", json!("Order Completed")),
        ("Completed Order", json!("Order Completed")),
        ("product_added", json!("Product Added")),
        ("Offer Requested", Value::Null),
    ] {
        let mut event = order();
        event["event"] = json!(name);
        let line = &preview(META, &[event])[0];
        assert_eq!(
            (&line["matched"], &line["nearly"]),
            (&json!(0), &nearly),
            "{name}"
        );
    }
}

#[test]
fn a_destination_says_what_becomes_of_crawlers() {
    let mut event = order();
    event["context"]["userAgent"] = json!("Mozilla/5.0 (compatible; bingbot/2.0)");
    let mut of_app = event.clone();
    of_app["properties"]["action_source"] = json!("app");
    let code = |crawlers: &str, event: &Value, list: &str| {
        let config = format!("{META}{crawlers}");
        let line = preview(&config, std::slice::from_ref(event)).remove(0);
        line[list].to_string().contains("\"crawler_user_agent\"")
    };
    for (crawlers, warns, rejects) in [
        ("", true, false),
        ("crawlers = \"warn\"\n", true, false),
        ("crawlers = \"drop\"\n", false, true),
        ("crawlers = \"send\"\n", false, false),
    ] {
        assert_eq!(code(crawlers, &event, "warnings"), warns, "{crawlers}");
        assert_eq!(code(crawlers, &event, "reasons"), rejects, "{crawlers}");
        assert!(!code(crawlers, &of_app, "warnings") && !code(crawlers, &of_app, "reasons"));
    }
}

#[test]
fn lines_come_in_order_and_bad_ones_spoil_no_other() {
    let configured = Configured::new(META);
    let input = format!("{}\n\nnot json\n[]\n{}", order(), order());
    let output = capi(
        &["preview", "--config", &configured.path(), "--now", NOW],
        &input,
    );
    assert_eq!(output.status.code(), Some(0));
    let lines: Vec<Value> = stdout(&output)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[1]["reasons"][0]["code"], "malformed_event");
    assert_eq!(lines[2]["reasons"][0]["code"], "malformed_event");
    assert_eq!(lines[0], lines[3]);
}

#[test]
fn a_mapping_changes_key_by_key_and_inside_user_data_and_custom_data() {
    let config = format!(
        "{META}[[destination.subscription]]\naction = \"purchase\"\n[destination.subscription.mapping]\nvalue = {{ \"@path\" = \"$.properties.shipping\" }}\nuser_data = {{ em = \"other@example.com\", city = \"\" }}\ncustom_data = {{ coupon = \"SPRING\" }}\n"
    );
    let prebuilt = preview(META, &[order()]);
    let changed = preview(&config, &[order()]);
    let (before, after) = (&prebuilt[0]["event"], &changed[0]["event"]);
    assert_eq!(after["custom_data"]["value"], 9);
    assert_eq!(after["custom_data"]["coupon"], "SPRING");
    assert_eq!(
        after["custom_data"]["currency"],
        before["custom_data"]["currency"]
    );
    assert_ne!(after["user_data"]["em"], before["user_data"]["em"]);
    assert_eq!(after["user_data"]["ph"], before["user_data"]["ph"]);
    assert_eq!(after["user_data"].get("ct"), None);
}

#[test]
fn a_mapping_can_be_replaced_whole_and_a_subscription_switched_off() {
    let config = format!(
        "{META}prebuilt_subscriptions = true\n[[destination.subscription]]\naction = \"page-view\"\nenabled = false\n[[destination.subscription]]\naction = \"purchase\"\nprebuilt_mapping = false\n[destination.subscription.mapping]\nvalue = 1\ncurrency = \"EUR\"\naction_source = \"other\"\nevent_time = {{ \"@path\" = \"$.timestamp\" }}\nuser_data = {{ email = {{ \"@path\" = \"$.context.traits.email\" }} }}\n"
    );
    let lines = preview(&config, &[order(), json!({"type":"page"})]);
    let event = &lines[0]["event"];
    assert_eq!(event["custom_data"], json!({"value":1,"currency":"EUR"}));
    assert_eq!(event["user_data"].as_object().unwrap().len(), 1);
    assert_eq!(event.get("event_id"), None);
    assert_eq!(lines[1], json!({"matched":0}));
}

#[test]
fn one_event_goes_to_every_destination_and_subscription_that_takes_it() {
    let config = format!(
        "{META}\n[[destination]]\nname = \"second\"\ndataset_id = \"2\"\n[[destination.subscription]]\naction = \"custom-event\"\ntrigger = 'type = \"track\"'\n[[destination.subscription]]\naction = \"purchase\"\n"
    );
    let lines = preview(&config, &[order()]);
    let shown: Vec<_> = lines
        .iter()
        .map(|line| {
            format!(
                "{} {}",
                line["destination"].as_str().unwrap(),
                line["event"]["event_name"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        shown,
        ["meta Purchase", "second Order Completed", "second Purchase"]
    );
}

#[test]
fn website_events_without_user_agent_are_rejected_or_warned_of() {
    let mut event = order();
    event["context"]["userAgent"] = Value::Null;
    let rejected = preview(META, std::slice::from_ref(&event));
    assert_eq!(
        rejected[0]["reasons"][0]["code"],
        "missing_client_user_agent"
    );
    let warned = preview(
        &format!("{META}website_requirements = \"warn\"\n"),
        &[event],
    );
    assert_eq!(
        warned[0]["warnings"][0]["code"],
        "missing_client_user_agent"
    );
    assert_eq!(warned[0]["event"]["event_name"], "Purchase");
}

/// What Meta is reported to refuse: at the top for all, in a destination for it.
#[test]
fn strict_chooses_whether_what_is_only_reported_rejects() {
    let text = include_str!("../../../actions/initiate-checkout/example.json");
    let mut event: Value = serde_json::from_str(text).unwrap();
    event["properties"]["currency"] = Value::Null;
    let other = META.replace("\"meta\"", "\"other\"");
    let strict = |strict: &str| match strict {
        "" => String::new(),
        strict => format!("strict = \"{strict}\"\n"),
    };
    for (root, own, expected) in [
        ("", "", [false, false]),
        ("documented", "", [false, false]),
        ("reported", "", [true, true]),
        ("", "reported", [true, false]),
        ("documented", "reported", [true, false]),
        ("reported", "documented", [false, true]),
    ] {
        let config = format!("{}{META}{}{other}", strict(root), strict(own));
        let lines = preview(&config, std::slice::from_ref(&event));
        let rejected: Vec<_> = lines
            .iter()
            .map(|line| {
                let list = line.get("reasons").unwrap_or(&line["warnings"]);
                assert_eq!(list[0]["code"], "value_without_currency", "{line}");
                assert_eq!(list[0]["field"], "currency");
                line.get("reasons").is_some()
            })
            .collect();
        assert_eq!(rejected, expected, "{root:?}, {own:?}");
    }
}

#[test]
fn strict_changes_nothing_for_what_is_documented_or_a_single_key() {
    let mut event = order();
    event["properties"]["fbc"] = json!("fb.1.nonsense");
    for strict in ["documented", "reported"] {
        let config = format!("strict = \"{strict}\"\n{META}");
        let line = &preview(&config, std::slice::from_ref(&event))[0];
        assert_eq!(line["warnings"][0]["code"], "invalid_click_id", "{line}");
        assert!(line["event"]["user_data"].get("fbc").is_none());
        let mut old = event.clone();
        old["timestamp"] = json!("2026-10-01T00:00:00Z");
        let line = &preview(&config, &[old])[0];
        assert_eq!(line["reasons"][0]["code"], "event_too_old", "{line}");
    }
}

#[test]
fn strict_leaves_out_a_click_that_is_too_old_or_later_than_the_event() {
    // The order is of 2026-11-24.
    for click in [
        "fb.1.1700000000000.AbC",
        "fb.1.1900000000000.AbC-_9.AQQCAQIB",
    ] {
        let mut event = order();
        event["properties"]["fbc"] = json!(click);
        for (strict, sent) in [("documented", json!(click)), ("reported", Value::Null)] {
            let config = format!("strict = \"{strict}\"\n{META}");
            let line = &preview(&config, std::slice::from_ref(&event))[0];
            assert_eq!(
                line["warnings"][0]["code"], "click_id_out_of_time",
                "{line}"
            );
            assert_eq!(line["event"]["user_data"]["fbc"], sent, "{line}");
        }
    }
}

#[test]
fn strict_rejects_an_app_event_without_what_meta_requires() {
    let mut event = order();
    event["properties"]["action_source"] = json!("app");
    let line = &preview(&format!("strict = \"reported\"\n{META}"), &[event])[0];
    assert_eq!(line["reasons"][0]["code"], "missing_app_data", "{line}");
}

#[test]
fn a_destination_says_what_numbers_and_dates_of_its_people_mean() {
    let mut event = order();
    event["context"]["traits"] = json!({
        "email": "kim@example.com", "phone": "(650) 555-1212", "birthday": "05/03/1995",
    });
    let identifiers = |config: &str| {
        let line = &preview(
            &format!("{META}normalization = \"page\"\n{config}"),
            &[event.clone()],
        )[0];
        let user = &line["event"]["user_data"];
        (
            user["ph"].clone(),
            user["db"].clone(),
            line["warnings"].clone(),
        )
    };
    let hash = |field: &str, value: &str| {
        let reported = stdout(&capi(
            &["hash", field, "--profile", "page"],
            &json!(value).to_string(),
        ));
        serde_json::from_str::<Value>(&reported).unwrap()["sha256"].clone()
    };
    let (phone, birth, warnings) = identifiers("");
    assert_eq!((phone, birth), (hash("ph", "6505551212"), Value::Null));
    assert_eq!(warnings[0]["code"], "unusable_identifier");
    let (phone, birth, warnings) =
        identifiers("default_country = \"United States\"\ndate_order = \"day-first\"\n");
    assert_eq!(
        (phone, birth),
        (hash("ph", "16505551212"), hash("db", "19950305"))
    );
    assert_eq!(warnings, json!([]));
}

#[test]
fn the_age_of_an_event_is_judged_by_now_and_its_place() {
    let at = |time: &str, source: &str| {
        let mut event = order();
        event["timestamp"] = json!(time);
        event["properties"]["action_source"] = json!(source);
        preview(META, &[event])[0]["reasons"][0]["code"].clone()
    };
    assert_eq!(at("2026-11-17T06:00:00Z", "website"), Value::Null);
    assert_eq!(at("2026-11-17T05:59:59Z", "website"), "event_too_old");
    assert_eq!(at("2026-09-23T06:00:00Z", "physical_store"), Value::Null);
    assert_eq!(
        at("2026-09-23T05:59:59Z", "physical_store"),
        "event_too_old"
    );
    assert_eq!(at("2026-11-24T06:10:00Z", "website"), Value::Null);
    assert_eq!(at("2026-11-24T06:10:01Z", "website"), "event_in_future");
}

#[test]
fn an_event_a_little_ahead_is_one_of_now_with_a_warning() {
    let at = |time: &str| {
        let mut event = order();
        event["timestamp"] = json!(time);
        let line = preview(META, &[event]).remove(0);
        (
            line["event"]["event_time"].clone(),
            line["warnings"][0]["code"].clone(),
        )
    };
    // 60 seconds are within what clocks differ by.
    let minute_ahead = (json!(1_795_500_060), Value::Null);
    assert_eq!(at("2026-11-24T06:01:00Z"), minute_ahead);
    let now = (json!(1_795_500_000), json!("event_time_clamped"));
    assert_eq!(at("2026-11-24T06:01:01Z"), now);
    assert_eq!(at("2026-11-24T06:10:00Z"), now);
}

#[test]
fn the_first_20_values_of_an_identifier_are_sent() {
    let of = |count: usize| {
        let address = |index| json!(format!("kim{index}@example.com"));
        let mut event = order();
        event["context"]["traits"]["email"] = (0..count).map(address).collect();
        preview(META, &[event]).remove(0)
    };
    let twenty = of(20);
    assert_eq!(twenty["warnings"], json!([]));
    let sent = &twenty["event"]["user_data"]["em"];
    assert_eq!(sent.as_array().unwrap().len(), 20);
    for count in [21, 2_400] {
        let line = of(count);
        assert_eq!(&line["event"]["user_data"]["em"], sent, "{count}");
        let warnings = line["warnings"].as_array().unwrap();
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert_eq!(warnings[0]["code"], "too_many_values");
        assert_eq!(warnings[0]["field"], "user_data.email");
    }
}

#[test]
fn a_local_time_with_a_zone_in_brackets_is_refused_with_a_remedy() {
    let mut event = order();
    event["timestamp"] = json!("2026-11-24T06:14:51[Europe/Berlin]");
    let line = preview(META, &[event]).remove(0);
    assert_eq!(line["reasons"][0]["code"], "invalid_event_time");
    let message = line["reasons"][0]["message"].as_str().unwrap();
    assert!(message.contains("offset"), "{message}");
}

/// As a server whose clock is at `--now` would take it.
#[test]
fn an_event_is_one_that_comes_now() {
    let mut event = order();
    event["originalTimestamp"] = json!("2026-11-24T08:00:00Z");
    event["sentAt"] = json!("2026-11-24T08:00:10Z");
    event["receivedAt"] = json!("2026-11-24T05:00:10Z");
    // Ten seconds before it came.
    assert_eq!(
        preview(META, &[event])[0]["event"]["event_time"],
        1_795_499_990
    );
}

#[test]
fn too_little_to_know_anybody_by_is_rejected_on_what_would_really_be_sent() {
    let mut event = order();
    event["userId"] = Value::Null;
    event["anonymousId"] = Value::Null;
    event["context"]["ip"] = Value::Null;
    event["context"]["traits"] =
        json!({"email": "not an address", "gender": "f", "address": {"city": "Austin"}});
    let lines = preview(META, &[event]);
    assert_eq!(lines[0]["reasons"][0]["code"], "insufficient_user_data");
}

#[test]
fn what_comes_in_free_form_is_sent_as_meta_takes_it_or_left_out_with_a_warning() {
    let config = format!(
        "{META}[[destination.subscription]]\naction = \"custom-event\"\ntrigger = 'type = \"track\"'\n[destination.subscription.mapping]\ncustom_data = {{ \"@path\" = \"$.properties\" }}\n"
    );
    let mut event = order();
    event["event"] = json!("Signed Up");
    event["properties"] = json!({
        "order_id": 5, "value": "12.5", "currency": "eur", "num_items": 2.5, "plan": "pro",
        "contents": [{"id": "a", "name": "n"}, {"name": "no id"}], "content_ids": null,
    });
    let lines = preview(&config, &[event]);
    assert_eq!(
        lines[0]["event"]["custom_data"],
        json!({"order_id":"5","value":12.5,"currency":"EUR","plan":"pro","contents":[{"id":"a"}]})
    );
    let warned: Vec<_> = lines[0]["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["field"].as_str().unwrap())
        .collect();
    assert!(warned.contains(&"custom_data.num_items"), "{warned:?}");
}

#[test]
fn an_app_event_without_what_meta_requires_is_warned_of() {
    let app = |more: &str| {
        let config = format!(
            "{META}[[destination.subscription]]\naction = \"purchase\"\n[destination.subscription.mapping]\naction_source = \"app\"\napp_data_field = {{ use_app_data = true, version = \"i2\"{more} }}\n"
        );
        preview(&config, &[order()])[0]["warnings"]
            .to_string()
            .contains("missing_app_data")
    };
    assert!(app(""));
    assert!(app(", osVersion = \"17.1\""));
    assert!(!app(
        ", osVersion = \"17.1\", advertiser_tracking_enabled = false"
    ));
}
