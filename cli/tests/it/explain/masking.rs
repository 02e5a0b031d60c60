//! What is a person's is not shown unless it was asked for.

use super::*;

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
        (&json!("<email, 15 characters>"), &json!([]))
    );
    assert_eq!(value["refused"]["code"], "not_an_email");
    let warned = check(purchase, "unusable_identifier");
    assert_eq!(warned["outcome"], "warned");
    assert_eq!(warned["findings"][0]["field"], "user_data.email");
    let missing = &purchase["match_quality"]["missing"];
    assert_eq!(missing["key"], "em");
}

/// Fails where one of `secrets` is in the text or in the JSON.
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
    assert_eq!(custom["fbclid"], "<personal data, 10 characters>");
}
