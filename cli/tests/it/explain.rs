//! `capi explain`.

use std::process::Output;

use serde_json::{Value, json};

use super::{Configured, capi, stderr, stdout};

const NOW: &str = "2026-11-24T06:00:00Z";

const META: &str =
    "[[destination]]\nname = \"meta\"\ndataset_id = \"1\"\naccess_token = { env = \"NOT_SET\" }\n";

fn order() -> Value {
    let text = include_str!("../../../actions/purchase/example.json");
    serde_json::from_str(text).unwrap()
}

fn explain(config: Option<&str>, more: &[&str], input: &str) -> Output {
    let configured = config.map(Configured::new);
    let path = configured.as_ref().map(Configured::path);
    let mut arguments = vec!["explain", "--now", NOW];
    if let Some(path) = &path {
        arguments.extend(["--config", path]);
    }
    arguments.extend(more);
    capi(&arguments, input)
}

fn json_of(config: Option<&str>, more: &[&str], event: &Value) -> (Value, Option<i32>) {
    let output = explain(config, &[&["--json"], more].concat(), &event.to_string());
    let value = serde_json::from_str(&stdout(&output)).expect("one JSON value");
    (value, output.status.code())
}

/// What a destination makes of an event with the subscription to `action`.
fn conversion<'v>(explained: &'v Value, action: &str) -> &'v Value {
    let subscriptions = explained["destinations"][0]["subscriptions"]
        .as_array()
        .unwrap();
    let of = subscriptions.iter().find(|of| of["action"] == action);
    &of.unwrap()["conversion"]
}

fn field<'v>(conversion: &'v Value, name: &str) -> &'v Value {
    let fields = conversion["fields"].as_array().unwrap();
    fields.iter().find(|field| field["field"] == name).unwrap()
}

fn check<'v>(conversion: &'v Value, code: &str) -> &'v Value {
    let checks = conversion["checks"].as_array().unwrap();
    checks.iter().find(|check| check["code"] == code).unwrap()
}

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
            &json!("K***@E***.com")
        )
    );
    assert_eq!(
        email["sources"],
        json!([
            {"path": "context.traits.email", "found": true, "used": true},
            {"path": "traits.email", "found": false, "used": false},
        ])
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
        (&json!("page"), &json!("k***@e***.com"))
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
fn no_identifier_is_shown_unless_it_was_asked_for() {
    let mut event = order();
    event["context"]["ip"] = json!("203.0.113.44");
    event["context"]["page"]["url"] =
        json!("https://shop.example/thanks?fbclid=IwAR2F4abc&mail=kim.lee%40example.com");
    event["context"]["fbp"] = json!("fb.1.1795000000000.1116446470");
    event["context"]["traits"]["address"] = json!({
        "city": "Kreuzlingen", "state": "Thurgau", "postalCode": "8280", "country": "Switzerland",
    });
    // The same identifiers where nobody expects them.
    event["properties"]["note"] = json!("call Kim on +1 (512) 555-0132");
    event["properties"]["customer"] = json!("CUST_48213");
    let config = format!(
        "{META}[[destination.subscription]]\naction = \"purchase\"\n[destination.subscription.mapping]\ncustom_data = {{ \"@path\" = \"$.properties\" }}\n[[destination.subscription]]\naction = \"lead\"\ntrigger = 'context.traits.email = \"x\" or userId = \"y\" or context.ip = \"z\" or context.fbp = \"\" or typeof(context.traits) = \"list\"'\n"
    );
    let secrets = [
        "Kim",
        "kim.lee",
        "Example.com",
        "example.com",
        "555",
        "5125550132",
        "1990",
        "Kreuzlingen",
        "Thurgau",
        "8280",
        "Switzerland",
        "48213",
        "7a1c9d3e",
        "113.44",
        "IwAR2F4abc",
        "1116446470",
    ];
    // A digest may hold any four digits by chance.
    let without_digests = |text: &str| -> String {
        let word = |c: char| c.is_ascii_alphanumeric();
        text.split(|c| !word(c))
            .filter(|word| word.len() != 64)
            .collect::<Vec<_>>()
            .join(" ")
    };
    let plain = |text: &str| text.replace(['.', ' ', '-', '(', ')', '_', '+'], "");
    for more in [&[][..], &["--json"]] {
        let output = explain(Some(&config), more, &event.to_string());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let shown = without_digests(&stdout(&output));
        for secret in secrets {
            assert!(!plain(&shown).contains(&plain(secret)), "{secret}: {shown}");
        }
        assert!(stderr(&output).is_empty());
        let raw = explain(
            Some(&config),
            &[more, &["--raw"]].concat(),
            &event.to_string(),
        );
        let raw = stdout(&raw);
        for secret in [
            "Kim.Lee@Example.com",
            "Kreuzlingen",
            "203.0.113.44",
            "cust_48213",
        ] {
            assert!(raw.contains(secret), "{secret}");
        }
    }
}

#[test]
fn a_value_that_was_refused_is_masked_too_and_says_why() {
    let mut event = order();
    event["context"]["traits"]["email"] = json!("Kim of the shop");
    let (explained, _) = json_of(Some(META), &[], &event);
    assert!(!explained.to_string().contains("of the shop"));
    let purchase = conversion(&explained, "purchase");
    let value = &purchase["identifiers"][0]["values"][0];
    assert_eq!(
        (&value["raw"], &value["forms"]),
        (&json!("***"), &json!([]))
    );
    assert_eq!(value["refused"]["code"], "not_an_email");
    let warned = check(purchase, "unusable_identifier");
    assert_eq!(warned["outcome"], "warned");
    assert_eq!(warned["findings"][0]["field"], "user_data.email");
    let missing = &purchase["match_quality"]["missing"];
    assert_eq!(missing["key"], "em");
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
fn an_event_that_nothing_takes_tells_the_clauses_that_failed() {
    let config = format!(
        "{META}[[destination.subscription]]\naction = \"purchase\"\ntrigger = 'type = \"track\" and !(properties.revenue < 200) and (properties.vip or event = \"Sale\")'\n"
    );
    let (explained, code) = json_of(Some(&config), &[], &order());
    assert_eq!(code, Some(1));
    let subscription = &explained["destinations"][0]["subscriptions"][0];
    assert_eq!(
        (&subscription["matched"], &subscription["conversion"]),
        (&json!(false), &Value::Null)
    );
    assert_eq!(
        subscription["clauses"],
        json!([
            {"clause": "!(properties.revenue < 200)", "holds": false,
             "reads": [{"field": "properties.revenue", "found": true, "value": 121.25}]},
            {"clause": "properties.vip", "holds": false,
             "reads": [{"field": "properties.vip", "found": false, "value": null}]},
            {"clause": "event = \"Sale\"", "holds": false,
             "reads": [{"field": "event", "found": true, "value": "Order Completed"}]},
        ])
    );
    let text = stdout(&explain(Some(&config), &[], &order().to_string()));
    assert!(text.contains("!(properties.revenue < 200) (properties.revenue is 121.25)"));
    assert!(text.contains("properties.vip (properties.vip is missing)"));
    assert!(text.contains("Nothing would be sent"));
}

#[test]
fn a_destination_that_the_event_switches_off_says_so() {
    let mut event = order();
    event["integrations"] = json!({"All": true, "meta": false});
    let (explained, code) = json_of(Some(META), &[], &event);
    assert_eq!(code, Some(1));
    let destination = &explained["destinations"][0];
    assert_eq!(
        (&destination["switched_on"], &destination["switched_by"]),
        (&json!(false), &json!("meta"))
    );
    assert_eq!(destination["subscriptions"], json!([]));
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
fn the_match_quality_is_an_estimate_and_names_the_key_that_would_help_most() {
    let (explained, _) = json_of(Some(META), &[], &order());
    let quality = &conversion(&explained, "purchase")["match_quality"];
    let before = quality["score"].as_f64().unwrap();
    assert!(quality["about"].as_str().unwrap().contains("estimate"));
    assert_eq!(quality["missing"]["key"], "fbc");
    let from = quality["missing"]["from"].as_array().unwrap();
    assert!(from.contains(&json!("context.page.url?fbclid")));
    let mut event = order();
    event["context"]["page"]["url"] = json!("https://shop.example/?fbclid=AbC");
    let (explained, _) = json_of(Some(META), &[], &event);
    let purchase = conversion(&explained, "purchase");
    let after = purchase["match_quality"]["score"].as_f64().unwrap();
    let gain = quality["missing"]["gain"].as_f64().unwrap();
    assert!(
        (after - before - gain).abs() < 1e-9,
        "{before} {after} {gain}"
    );
    let made = field(purchase, "user_data.fbc");
    assert_eq!(made["value"], "fb.1.1795497291419.***");
    let mut event = order();
    event["properties"]["action_source"] = json!("physical_store");
    let (explained, _) = json_of(Some(META), &[], &event);
    let quality = &conversion(&explained, "purchase")["match_quality"];
    assert_eq!(
        (&quality["score"], &quality["missing"]),
        (&Value::Null, &Value::Null)
    );
}

#[test]
fn why_the_missing_key_is_missing_is_told() {
    let helps = |config: &str, event: &Value| {
        let text = stdout(&explain(Some(config), &[], &event.to_string()));
        let line = text.lines().find(|line| line.contains("would help most"));
        line.unwrap().to_owned()
    };
    let mut event = order();
    event["properties"]["fbc"] = json!("AbC");
    assert!(helps(META, &event).contains("could not be used"));
    let own = |more: &str| {
        format!(
            "{META}[[destination.subscription]]\naction = \"purchase\"\nprebuilt_mapping = false\n[destination.subscription.mapping]\nvalue = 1\ncurrency = \"EUR\"\naction_source = \"website\"\nevent_time = {{ \"@path\" = \"$.timestamp\" }}\nuser_data = {{ phone = {{ \"@path\" = \"$.context.traits.phone\" }}{more} }}\n"
        )
    };
    assert!(helps(&own(""), &order()).contains("user_data.email is not mapped"));
    let mail = ", em = { \"@path\" = \"$.properties.mail\" }";
    assert!(helps(&own(mail), &order()).contains("it could come from properties.mail"));
}

#[test]
fn what_receiving_changes_is_told() {
    let mut event = order();
    event.as_object_mut().unwrap().remove("messageId");
    event["originalTimestamp"] = json!("2026-11-24T08:00:00Z");
    event["sentAt"] = json!("2026-11-24T08:00:10Z");
    event["receivedAt"] = json!("2026-11-24T05:00:10Z");
    let (explained, _) = json_of(Some(META), &[], &event);
    let told: Vec<_> = explained["received"]
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
    assert_eq!(told, [("messageId", "made"), ("timestamp", "corrected")]);
    assert_eq!(explained["received"][1]["to"], "2026-11-24T05:00:00.000Z");
}

#[test]
fn without_a_configuration_the_prebuilt_subscriptions_explain_it() {
    let (explained, code) = json_of(None, &[], &order());
    assert_eq!((code, &explained["config"]), (Some(0), &Value::Null));
    assert_eq!(conversion(&explained, "purchase")["sent"], true);
    let text = stdout(&explain(None, &[], &order().to_string()));
    assert!(text.contains("no --config"));
    assert!(text.starts_with("track \"Order Completed\"\n"));
    assert!(!text.contains('\u{1b}'), "no colours in a pipe");
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
fn one_event_may_be_laid_out_and_of_several_a_line_is_named() {
    let pretty = serde_json::to_string_pretty(&order()).unwrap();
    assert_eq!(explain(None, &[], &pretty).status.code(), Some(0));
    let two = format!("{{\"type\":\"page\"}}\n{}\n", order());
    let output = explain(None, &[], &two);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--line"), "{}", stderr(&output));
    let output = explain(None, &["--line", "2"], &two);
    assert!(stdout(&output).starts_with("track"), "{}", stderr(&output));
    assert_eq!(explain(None, &["--line", "3"], &two).status.code(), Some(2));
}

#[test]
fn what_is_no_event_ends_with_2_and_says_what_to_do() {
    for (input, word) in [
        ("", "there is no event"),
        ("{", "no JSON"),
        ("[]", "must be an object"),
        ("{}", "no type"),
        (r#"{"batch":[{"type":"page"}]}"#, "batch"),
    ] {
        let output = explain(None, &[], input);
        assert_eq!(output.status.code(), Some(2), "{input}");
        assert!(
            stderr(&output).contains(word),
            "{input}: {}",
            stderr(&output)
        );
        assert!(output.stdout.is_empty());
    }
    for arguments in [
        &["explain", "--config", "/nonexistent/capi.toml"][..],
        &["explain", "/nonexistent/event.json"],
    ] {
        assert_eq!(
            capi(arguments, "{}").status.code(),
            Some(2),
            "{arguments:?}"
        );
    }
}

#[test]
fn colours_can_be_asked_for_in_a_pipe() {
    let run = |variable: &str| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_capi"))
            .args(["explain", "--now", NOW])
            .arg(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../actions/purchase/example.json"
            ))
            .env(variable, "1")
            .output()
            .unwrap();
        stdout(&output).contains("\u{1b}[")
    };
    assert!(run("CLICOLOR_FORCE"));
    assert!(!run("NO_COLOR"));
}

#[test]
fn the_sample_of_the_documentation_is_what_is_printed() {
    let event = json!({
        "type": "track", "event": "Order Completed", "messageId": "order-1",
        "timestamp": "2026-11-24T05:14:51Z",
        "properties": {"revenue": 30, "currency": "EUR"},
        "context": {
            "userAgent": "Mozilla/5.0", "page": {"url": "https://shop.example/thanks"},
            "traits": {"email": "Jane@gmail.com"},
        },
    });
    let config = "[[destination]]\nname = \"meta\"\ndataset_id = \"1234567890\"\n";
    let printed = stdout(&explain(Some(config), &[], &event.to_string()));
    let mut printed = printed.lines();
    let text = include_str!("../../../docs/cli.md");
    let (_, sample) = text.split_once("```text\ntrack").unwrap();
    let (sample, _) = sample.split_once("\n```").unwrap();
    // A number of subscriptions would have to be changed with every action.
    let sample = format!("track{sample}");
    let lines = sample
        .lines()
        .filter(|line| *line != "…" && !line.contains("do not match"));
    for line in lines {
        assert!(printed.any(|other| other == line), "{line}");
    }
}

#[test]
fn the_points_that_the_documentation_gives_are_those_that_count() {
    let text = include_str!("../../../docs/cli.md");
    let rows = text
        .lines()
        .skip_while(|line| *line != "| key | points |")
        .skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    let mut points: i64 = 0;
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let keys = cells[1].matches('`').count() / 2;
        let is_pair = cells[1].contains(" and ") || cells[1].contains("beside");
        let each: i64 = cells[2].trim_end_matches(" more").parse().unwrap();
        points += each
            * if is_pair {
                1
            } else {
                i64::try_from(keys).unwrap()
            };
    }
    assert_eq!(points, 100);
}

#[test]
fn a_hostile_text_cannot_steer_the_terminal() {
    let mut event = order();
    event["properties"]["currency"] = json!("USD\u{1b}[31m\u{9b}2J");
    for more in [&[][..], &["--raw"]] {
        let text = stdout(&explain(Some(META), more, &event.to_string()));
        assert!(!text.contains(['\u{1b}', '\u{9b}']));
    }
}

/// The order of a person whose values are long enough to be looked for, with `x` among
/// its properties.
fn order_of_janette(x: &Value) -> Value {
    json!({
        "type": "track", "event": "Order Completed", "messageId": "m1",
        "timestamp": "2026-11-24T05:14:51Z", "userId": "cust_48213",
        "context": {
            "ip": "203.0.113.44.AQQCAQIB", "userAgent": "Mozilla/5.0",
            "fbp": "fb.1.1795000000000.998877665544",
            "page": {"url": "https://shop.example/p"},
            "traits": {
                "email": "jane.roe@mail.example", "phone": "+1 512 555 0132",
                "firstName": "Janette", "lastName": "Roeblock", "birthday": "1990-02-03",
                "address": {"street": "12 Secret Lane", "city": "Austinville",
                            "postalCode": "78701", "country": "US"},
            },
        },
        "properties": {"currency": "EUR", "revenue": 30, "order_id": "o1", "x": x},
    })
}

/// [`META`] with one subscription to `action`, and lines for it.
fn subscribed(action: &str, more: &str) -> String {
    format!("{META}[[destination.subscription]]\naction = \"{action}\"\n{more}\n")
}

/// Fails where one of `secrets` stands in the text or in the JSON.
fn assert_hidden(config: Option<&str>, event: &Value, secrets: &[&str]) {
    for more in [&[][..], &["--json"]] {
        let shown = stdout(&explain(config, more, &event.to_string()));
        assert!(!shown.is_empty());
        for secret in secrets {
            assert!(!shown.contains(secret), "{secret}: {shown}");
        }
    }
}

const FREE_FORM: &str =
    "[destination.subscription.mapping]\ncustom_data = { \"@path\" = \"$.properties.x\" }";

#[test]
fn a_device_s_advertising_id_is_masked() {
    let mut event = order_of_janette(&json!("{}"));
    let id = "38400000-8cf0-11bd-b23e-10b96e40000d";
    event["context"]["device"] = json!({"advertisingId": id, "type": "android"});
    let mapping = "[destination.subscription.mapping]\naction_source = \"app\"\napp_data_field = { use_app_data = true, version = \"a2\", osVersion = \"14\", advertiser_tracking_enabled = true, madId = { \"@path\" = \"$.context.device.advertisingId\" } }";
    assert_hidden(Some(&subscribed("purchase", mapping)), &event, &[id]);
    event["event"] = json!("Application Installed");
    assert_hidden(Some(&subscribed("app-install", "")), &event, &[id]);
}

#[test]
fn keys_are_masked_in_names_and_findings_too() {
    let x =
        json!({"jane@shop.example": 1, "cust_48213": {"phone": "+15125550132"}, "Janette": "1"});
    let config = subscribed("purchase", FREE_FORM);
    assert_hidden(
        Some(&config),
        &order_of_janette(&x),
        &["jane@shop", "cust_48213", "Janette", "5550132"],
    );
}

#[test]
fn what_stands_under_a_telling_name_or_in_traits_is_hidden() {
    let x = json!({"street": "14 Hidden Lane", "password": "hunter2", "ssn": "078-05-1120"});
    let config = subscribed("purchase", FREE_FORM);
    assert_hidden(
        Some(&config),
        &order_of_janette(&x),
        &["Hidden Lane", "hunter2", "078-05"],
    );
    let mut event = order_of_janette(&json!({}));
    event["traits"] = json!({"name": "Rosa Huber", "mobile": "5550132999", "age": 41});
    let trigger = "trigger = 'type = \"track\" and context.traits.address != \"x\" and traits != \"y\" and traits.name != null and traits.age > 100'";
    assert_hidden(
        Some(&subscribed("purchase", trigger)),
        &event,
        &[
            "Secret Lane",
            "78701",
            "Rosa",
            "Huber",
            "5550132999",
            "age is 41",
        ],
    );
    let whole =
        "[destination.subscription.mapping]\ncustom_data = { \"@path\" = \"$.context.traits\" }";
    assert_hidden(
        Some(&subscribed("purchase", whole)),
        &event,
        &[
            "Austinville",
            "78701",
            "1990-02-03",
            "555 0132",
            "Janette",
            "Secret Lane",
        ],
    );
}

#[test]
fn values_that_only_a_template_or_another_mapping_reads_are_hidden() {
    let mapping = "[destination.subscription.mapping]\nevent_id = { \"@template\" = \"ord{{userId}}x{{context.traits.firstName}}y\" }\ncontent_name = { \"@template\" = \"U{{userId}}\" }\ntest_event_code = { \"@path\" = \"$.context.traits.phone\" }\ncustom_data = { age = { \"@path\" = \"$.context.traits.age\" } }";
    let mut event = order_of_janette(&json!({}));
    event["context"]["traits"]["age"] = json!(4711);
    assert_hidden(
        Some(&subscribed("purchase", mapping)),
        &event,
        &["cust_48213", "Janette", "555 0132", "4711"],
    );
    let liquid = "trigger = 'type = \"track\" and properties.x.tel != null and properties.x.line != null'\n[destination.subscription.mapping]\nuser_data = { phone = { \"@liquid\" = \"{{ properties.x.line | remove: '-' }}\" } }";
    let event = order_of_janette(&json!({"tel": "512-555-0199", "line": "44-20-7946-0958"}));
    assert_hidden(
        Some(&subscribed("purchase", liquid)),
        &event,
        &["512-555-0199", "7946"],
    );
    let agent = "[destination.subscription.mapping]\nuser_data = { client_user_agent = { \"@path\" = \"$.context.traits.email\" } }";
    assert_hidden(
        Some(&subscribed("purchase", agent)),
        &event,
        &["jane.roe", "mail.example"],
    );
    let ids = json!({"page_scoped_user_id": "psid998877", "ctwa_clid": "ARAsecret", "lead_id": "1234567890123456"});
    let mut event = order_of_janette(&ids);
    for (key, value) in ids.as_object().unwrap() {
        event["properties"][key] = value.clone();
    }
    assert_hidden(
        Some(&subscribed("purchase", FREE_FORM)),
        &event,
        &["psid998877", "ARAsecret", "1234567890123456"],
    );
}

#[test]
fn an_identifier_of_an_object_is_known_everywhere() {
    let mut event = order_of_janette(&json!({"note": "+4930123456"}));
    event["context"]["traits"]["phone"] = json!({"home": "+49 30 123456"});
    let config = subscribed("purchase", FREE_FORM);
    assert_hidden(Some(&config), &event, &["4930123456", "30 123456"]);
}

/// Percent-encoded, every byte of it.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[test]
fn however_and_wherever_an_identifier_is_written_it_is_not_shown() {
    let secrets = [
        "jane.roe@mail.example",
        "+1 512 555 0132",
        "15125550132",
        "512-555-0132",
        "Janette",
        "Roeblock",
        "1990-02-03",
        "19900203",
        "Austinville",
        "78701",
        "cust_48213",
        "203.0.113.44",
        "998877665544",
        "12 Secret Lane",
    ];
    type Spelling = fn(&str) -> String;
    let spellings: [Spelling; 9] = [
        str::to_owned,
        str::to_uppercase,
        str::to_lowercase,
        encoded,
        |text| encoded(&encoded(text)),
        |text| format!("https://s.example/u/{}/x", text.replace(' ', "%20")),
        |text| format!("https://s.example/u?who={text}#{text}"),
        |text| format!("ord{text}xY"),
        |text| format!("dear {text}, hello"),
    ];
    let config = subscribed(
        "purchase",
        &format!(
            "trigger = 'type = \"track\" and properties.x != \"\"'\n{FREE_FORM}\nevent_id = {{ \"@path\" = \"$.properties.x.id\" }}"
        ),
    );
    // Each spelling of each value, at a place that goes round with both.
    for (turn, spelling) in spellings.into_iter().enumerate() {
        let mut x = json!({});
        for (index, secret) in secrets.iter().enumerate() {
            let text = spelling(secret);
            let name = format!("k{}", char::from(b'a' + u8::try_from(index).unwrap()));
            x[name] = match (turn + index) % 4 {
                0 => json!(text),
                1 => json!([{"deep": [text]}]),
                2 => json!({text: true}),
                _ => json!({"more": {"note": text}}),
            };
        }
        x["id"] = json!(spelling(secrets[turn]));
        let mut event = order_of_janette(&x);
        event["context"]["page"]["url"] = json!(spelling(secrets[(turn + 3) % secrets.len()]));
        event["event"] = json!(format!(
            "Order {}",
            spelling(secrets[(turn + 5) % secrets.len()])
        ));
        for more in [&[][..], &["--json"]] {
            let output = explain(Some(&config), more, &event.to_string());
            let shown = stdout(&output);
            assert!(shown.contains("custom_data"), "{}", stderr(&output));
            let lower = shown.to_lowercase();
            for secret in secrets {
                for spelled in [
                    secret.to_lowercase(),
                    spelling(secret).to_lowercase(),
                    secret.replace(' ', "%20").to_lowercase(),
                ] {
                    assert!(!lower.contains(&spelled), "{spelled}: {shown}");
                }
            }
        }
    }
}

#[test]
fn what_a_person_must_recognize_is_shown() {
    let mut event = order_of_janette(&json!({"note": "Blue shoe", "size": 42, "gift": true}));
    event["properties"]["products"] =
        json!([{"product_id": "SKU-7781", "name": "Trail Runner 2", "quantity": 2, "price": 15}]);
    let (explained, _) = json_of(Some(&subscribed("purchase", FREE_FORM)), &[], &event);
    let purchase = conversion(&explained, "purchase");
    let sent = &purchase["event"];
    assert_eq!(sent["event_id"], "m1");
    assert_eq!(sent["event_source_url"], "https://shop.example/p");
    assert_eq!(sent["custom_data"]["note"], "Blue shoe");
    assert_eq!(sent["custom_data"]["size"], 42);
    assert_eq!(sent["custom_data"]["contents"][0]["id"], "SKU-7781");
    assert_eq!(sent["custom_data"]["currency"], "EUR");
    assert_eq!(field(purchase, "action_source")["value"], "website");
    // Beside what is a person's, the rest is still told.
    event["properties"]["fbclid"] = json!("IwARsecret");
    event["properties"]["note"] = json!("Red shoe");
    let all = "[destination.subscription.mapping]\ncustom_data = { \"@path\" = \"$.properties\" }";
    let (explained, _) = json_of(Some(&subscribed("purchase", all)), &[], &event);
    let custom = &conversion(&explained, "purchase")["event"]["custom_data"];
    assert_eq!(custom["note"], "Red shoe");
    assert_eq!(custom["fbclid"], "***");
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
        assert_eq!(fbc["value"], "fb.1.1795497291000.***");
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
fn the_match_quality_counts_what_is_sent_and_proposes_what_is_mapped() {
    let mut event = order_of_janette(&json!({}));
    event["context"]["fbc"] = json!("fb.1.1554763741205.AbC");
    let strict = format!("{META}strict = \"reported\"\n");
    let (explained, _) = json_of(Some(&strict), &[], &event);
    let quality = &conversion(&explained, "purchase")["match_quality"];
    assert!(!quality["keys"].as_array().unwrap().contains(&json!("fbc")));
    let mut event = order_of_janette(&json!({}));
    event["context"]["fbc"] = json!("fb.1.1795000000000.AbC");
    let traits = &mut event["context"]["traits"];
    traits["gender"] = json!("female");
    traits["address"]["state"] = json!("TX");
    let (explained, _) = json_of(Some(META), &[], &event);
    let quality = &conversion(&explained, "purchase")["match_quality"];
    assert_eq!(quality["missing"], Value::Null);
    let blank = subscribed(
        "purchase",
        "[destination.subscription.mapping]\nuser_data = { email = \"\" }",
    );
    let text = stdout(&explain(Some(&blank), &[], &event.to_string()));
    assert!(
        text.contains(
            "the mapping leaves user_data.email empty; the prebuilt one reads context.traits.email"
        ),
        "{text}"
    );
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
        (&json!(["c***@d***.co"]), &json!([]), &json!("nested_list"))
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
    assert_eq!(subscriptions[0]["conversion"]["repeat"], false);
    assert_eq!(subscriptions[1]["conversion"]["repeat"], true);
    let text = stdout(&explain(Some(&twice), &[], &order().to_string()));
    assert!(text.contains("a repeat of one above"), "{text}");
    assert!(text.contains("\n1 conversion would be sent.\n"), "{text}");
}

#[test]
fn an_action_that_is_off_is_named() {
    let mut event = order_of_janette(&json!({}));
    event["event"] = json!("Lead Submitted");
    let lead: Value =
        serde_json::from_str(include_str!("../../../actions/lead/example.json")).unwrap();
    event["event"] = lead["event"].clone();
    for config in [None, Some(META)] {
        let (explained, code) = json_of(config, &[], &event);
        assert_eq!(code, Some(1));
        let off = explained["destinations"][0]["off"].as_array().unwrap();
        assert!(
            off.contains(&json!({"action": "lead", "prebuilt": false})),
            "{off:?}"
        );
        let text = stdout(&explain(config, &[], &event.to_string()));
        assert!(
            text.contains(
                "the action lead takes this event and is off by default; name it in a subscription"
            ),
            "{text}"
        );
    }
    let own = subscribed("lead", "");
    let (explained, _) = json_of(Some(&own), &[], &order());
    let off = &explained["destinations"][0]["off"];
    assert_eq!(off[0], json!({"action": "purchase", "prebuilt": true}));
    let text = stdout(&explain(Some(&own), &[], &order().to_string()));
    assert!(text.contains("prebuilt_subscriptions = true"), "{text}");
}

#[test]
fn the_last_line_says_why_nothing_is_sent() {
    let last = |config: &str, event: &Value| {
        let text = stdout(&explain(Some(config), &[], &event.to_string()));
        let line = text.lines().find(|line| line.starts_with("Nothing would"));
        line.unwrap().to_owned()
    };
    let mut event = order();
    event["integrations"] = json!({"All": false});
    assert!(last(META, &event).contains("integrations switch every destination off"));
    event["integrations"] = json!({"meta": false});
    let second = META.replace("\"meta\"", "\"other\"");
    let second = format!("{META}{second}[[destination.subscription]]\naction = \"lead\"\n");
    assert!(last(&second, &event).contains("switch meta off, and no other subscription"));
    assert!(last(&subscribed("lead", ""), &order()).contains("no subscription takes the event"));
}
