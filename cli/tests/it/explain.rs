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
