//! Every rule about events and the subcode of breaking it.

use capi_sandbox::Options;
use serde_json::{Value, json};

use crate::client::Server;
use crate::samples::*;

/// A good event, the place that is changed (null removes), and the subcode.
type Case = (fn() -> Value, &'static str, Value, u64);

/// A good event, and a change that leaves it good.
type Variant = (fn() -> Value, &'static str, Value);

async fn refuses<const N: usize>(cases: [Case; N]) {
    let server = Server::strict().await;
    for (sample, pointer, value, subcode) in cases {
        let reply = server.post_event(&with(sample(), pointer, &value)).await;
        let case = format!("{pointer} = {value}: {}", reply.body);
        assert_eq!(reply.status, 400, "{case}");
        assert_eq!(reply.error(), (400, 100, subcode), "{case}");
    }
    assert_eq!(server.sandbox.stats().events_received, 0);
}

async fn accepts<const N: usize>(cases: [Variant; N]) {
    let server = Server::strict().await;
    for (sample, pointer, value) in cases {
        let reply = server.post_event(&with(sample(), pointer, &value)).await;
        assert_eq!(reply.status, 200, "{pointer} = {value}: {}", reply.body);
    }
}

#[tokio::test]
async fn good_events_of_every_kind_pass() {
    let server = Server::strict().await;
    for sample in [website, in_store, app, crm, messenger, whatsapp, instagram] {
        let reply = server.post_event(&sample()).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
    }
}

#[tokio::test]
async fn required_keys() {
    refuses([
        (website, "/event_name", Value::Null, 2_804_019),
        (website, "/event_name", json!(""), 2_804_019),
        (website, "/event_time", Value::Null, 2_804_019),
        (website, "/action_source", Value::Null, 2_804_019),
        (website, "/user_data", Value::Null, 2_804_019),
        (website, "/event_source_url", Value::Null, 2_804_019),
        (website, "/event_source_url", json!(""), 2_804_019),
        (
            website,
            "/user_data/client_user_agent",
            Value::Null,
            2_804_019,
        ),
        (
            website,
            "/user_data/client_user_agent",
            json!(" "),
            2_804_019,
        ),
    ])
    .await;
}

#[tokio::test]
async fn types_and_unknown_keys() {
    refuses([
        (website, "/event_name", json!(1), 2_804_019),
        (website, "/event_time", json!("1795478400"), 2_804_019),
        (website, "/event_time", json!(1.5), 2_804_019),
        (website, "/action_source", json!("web"), 2_804_019),
        (website, "/action_source", json!("Website"), 2_804_019),
        (website, "/user_data", json!([1]), 2_804_019),
        (website, "/custom_data", json!("x"), 2_804_019),
        (website, "/event_id", json!(1), 2_804_019),
        (website, "/opt_out", json!("true"), 2_804_019),
        (website, "/customer_segmentation", json!("new"), 2_804_019),
        (
            website,
            "/original_event_data",
            json!({"event_time": "1"}),
            2_804_019,
        ),
        (
            website,
            "/event_source_url",
            json!("shop.example"),
            2_804_019,
        ),
        (
            website,
            "/event_source_url",
            json!("android-app://x"),
            2_804_019,
        ),
        (website, "/advertiser_tracking_enabled", json!(1), 2_804_019),
        (website, "/extinfo", json!([]), 2_804_019),
        (website, "/user_data/email", json!(EMAIL), 2_804_019),
        (website, "/user_data/em", json!([1]), 2_804_019),
        (website, "/user_data/em", json!({}), 2_804_019),
        (website, "/user_data/external_id", json!(5), 2_804_019),
        (
            website,
            "/user_data/client_user_agent",
            json!(["x"]),
            2_804_019,
        ),
        (
            website,
            "/user_data/client_ip_address",
            json!("unknown"),
            2_804_019,
        ),
        (website, "/user_data/fbp", json!(["fb.1.1.1"]), 2_804_019),
        (app, "/app_data/os", json!("iOS"), 2_804_019),
        (app, "/app_data/vendor_id", json!(1), 2_804_019),
        (
            website,
            "/custom_data/contents/0/item_name",
            json!("x"),
            2_804_019,
        ),
        (
            website,
            "/custom_data/contents/0/quantity",
            json!("x"),
            2_804_019,
        ),
        (
            website,
            "/custom_data/contents/0/delivery_category",
            json!("mail"),
            2_804_019,
        ),
        (website, "/custom_data/content_type", json!(7), 2_804_019),
        (
            website,
            "/custom_data/delivery_category",
            json!("mail"),
            2_804_019,
        ),
        (
            website,
            "/custom_data/content_ids",
            json!("sku1"),
            2_804_019,
        ),
        (website, "/custom_data/num_items", json!("many"), 2_804_019),
        (website, "/custom_data/value", json!("much"), 2_804_019),
    ])
    .await;
    accepts([
        (website, "/event_name", json!("MyOwnEvent")),
        (
            website,
            "/customer_segmentation",
            json!("new_customer_to_business"),
        ),
        (website, "/custom_data/content_type", json!("product_group")),
        (website, "/custom_data/content_type", json!("Product")),
        (website, "/event_source_url", json!("https://<shop>/thanks")),
        (website, "/custom_data/value", json!("142.52")),
        (website, "/custom_data/value", json!(0)),
        (website, "/custom_data/own_key", json!({"deep": [null]})),
        (website, "/user_data/external_id", json!(["cust_48213"])),
        (
            website,
            "/user_data/client_ip_address",
            json!("1.2.3.4.AQQCAQIB"),
        ),
        (website, "/event_id", Value::Null),
        (app, "/app_data/advertiser_tracking_enabled", json!(false)),
    ])
    .await;
}

#[tokio::test]
async fn times() {
    refuses([
        (
            website,
            "/event_time",
            json!(now() - 7 * DAY - 60),
            2_804_003,
        ),
        (crm, "/event_time", json!(now() - 8 * DAY), 2_804_003),
        (in_store, "/event_time", json!(now() - 63 * DAY), 2_804_003),
        (website, "/event_time", json!(0), 2_804_003),
        (website, "/event_time", json!(now() + 600), 2_804_004),
        (in_store, "/event_time", json!(now() + 600), 2_804_004),
        (website, "/event_time", json!(now() * 1000), 2_804_004),
        (website, "/event_time", json!(u64::MAX), 2_804_004),
    ])
    .await;
    accepts([
        (website, "/event_time", json!(now() - 7 * DAY + 600)),
        (in_store, "/event_time", json!(now() - 62 * DAY + 600)),
        (website, "/event_time", json!(now() + 30)),
    ])
    .await;
}

#[tokio::test]
async fn customer_information() {
    let upper = EMAIL.to_uppercase();
    refuses([
        (
            website,
            "/user_data/em",
            json!("john_smith@gmail.com"),
            2_804_016,
        ),
        (website, "/user_data/ct", json!(["newyork"]), 2_804_016),
        (
            website,
            "/user_data/ph",
            json!([EMAIL, "16505551212"]),
            2_804_016,
        ),
        (website, "/user_data/em", json!(upper), 2_804_016),
        (website, "/user_data/em", json!(&EMAIL[..32]), 2_804_016),
        (website, "/user_data/em", json!(""), 2_804_016),
        (website, "/user_data/dobd", json!("16"), 2_804_016),
        (website, "/user_data/fbc", json!("IwAR2F4"), 2_804_001),
        (
            website,
            "/user_data/fbp",
            json!("fb.1.x.1116446470"),
            2_804_001,
        ),
        (crm, "/user_data/lead_id", json!(123), 2_804_036),
        (
            crm,
            "/user_data/lead_id",
            json!("l:1234567890123456"),
            2_804_036,
        ),
        (crm, "/user_data/lead_id", json!(1.23e16), 2_804_036),
        (website, "/user_data", json!({}), 2_804_050),
        (
            website,
            "/user_data",
            json!({"client_user_agent": "Mozilla/5.0"}),
            2_804_050,
        ),
        (
            website,
            "/user_data",
            json!({"ge": EMAIL, "fn": EMAIL}),
            2_804_050,
        ),
        (
            website,
            "/user_data",
            json!({"ge": EMAIL, "ct": EMAIL, "st": EMAIL}),
            2_804_050,
        ),
        (
            website,
            "/user_data",
            json!({"db": EMAIL, "em": []}),
            2_804_050,
        ),
    ])
    .await;
    accepts([
        (website, "/user_data/em", json!(EMAIL)),
        (website, "/user_data/em", json!(format!("{EMAIL}.AQQCAQIB"))),
        (
            website,
            "/user_data/em",
            json!([format!("{EMAIL}.Ag"), EMAIL]),
        ),
        (website, "/user_data/fbc", json!("fb.1.1554763741205.AbCd")),
        (
            website,
            "/user_data/fbc",
            json!("fb.1.1554763741205.AbCd.AQQCAQIB"),
        ),
        (crm, "/user_data/lead_id", json!("123456789012345")),
    ])
    .await;
}

#[tokio::test]
async fn the_unhashed_key_is_named_and_its_value_is_not() {
    let server = Server::strict().await;
    let event = with(website(), "/user_data/ct", &json!("newyork"));
    let error = server.post_event(&event).await.json()["error"].clone();
    assert!(
        error["error_user_msg"]
            .as_str()
            .unwrap()
            .starts_with("The ct parameter isn't hashed")
    );
    assert!(!error.to_string().contains("newyork"));
}

#[tokio::test]
async fn money_and_contents() {
    refuses([
        (website, "/custom_data", Value::Null, 2_804_009),
        (website, "/custom_data/value", Value::Null, 2_804_009),
        (website, "/custom_data/value", json!(""), 2_804_009),
        (website, "/custom_data/currency", Value::Null, 2_804_010),
        (website, "/custom_data/currency", json!(""), 2_804_010),
        (
            website,
            "/custom_data/currency",
            json!("dollars"),
            2_804_011,
        ),
        (website, "/custom_data/currency", json!("XYZ"), 2_804_011),
        (website, "/custom_data/currency", json!("MRU"), 2_804_011),
        (website, "/custom_data/currency", json!(840), 2_804_011),
        (in_store, "/custom_data", json!({"value": 1}), 2_804_023),
        (
            in_store,
            "/custom_data",
            json!({"value": 1, "currency": "US"}),
            2_804_011,
        ),
        (
            website,
            "/custom_data/contents",
            json!({"id": "sku1"}),
            2_804_008,
        ),
        (website, "/custom_data/contents", json!(["sku1"]), 2_804_008),
        (
            website,
            "/custom_data/contents",
            json!([{"quantity": 1}]),
            2_804_008,
        ),
        (website, "/custom_data/contents/0/id", json!(""), 2_804_008),
    ])
    .await;
    accepts([
        (website, "/custom_data/currency", json!("eur")),
        (website, "/custom_data/contents", json!([])),
        (in_store, "/custom_data", json!({"currency": "USD"})),
    ])
    .await;
}

#[tokio::test]
async fn apps() {
    refuses([
        (app, "/app_data", Value::Null, 2_804_019),
        (
            app,
            "/app_data/advertiser_tracking_enabled",
            Value::Null,
            2_804_019,
        ),
        (
            app,
            "/app_data/advertiser_tracking_enabled",
            json!(2),
            2_804_019,
        ),
        (app, "/app_data/extinfo", Value::Null, 2_804_019),
        (app, "/app_data/extinfo", json!("i2"), 2_804_043),
        (
            app,
            "/app_data/extinfo",
            json!(["i2", "", "", "", "13.4.1"]),
            2_804_043,
        ),
        (app, "/app_data/extinfo/0", json!("i3"), 2_804_043),
        (app, "/app_data/extinfo/4", json!(""), 2_804_043),
        (app, "/app_data/extinfo/7", json!(null), 2_804_043),
        (app, "/app_data/extinfo/9", json!([]), 2_804_043),
    ])
    .await;
}

#[tokio::test]
async fn messaging() {
    let url = || json!("https://shop.example/");
    refuses([
        (messenger, "/messaging_channel", Value::Null, 2_804_063),
        (
            messenger,
            "/messaging_channel",
            json!("telegram"),
            2_804_063,
        ),
        (messenger, "/event_source_url", url(), 2_804_064),
        (
            messenger,
            "/user_data/fbc",
            json!("fb.1.1554763741205.AbCd"),
            2_804_064,
        ),
        (
            messenger,
            "/user_data/client_ip_address",
            json!("1.2.3.4"),
            2_804_064,
        ),
        (
            messenger,
            "/user_data/client_user_agent",
            json!("Mozilla"),
            2_804_064,
        ),
        (messenger, "/event_name", json!("Lead"), 2_804_066),
        (messenger, "/user_data/page_id", Value::Null, 2_804_069),
        (messenger, "/user_data", json!({}), 2_804_069),
        (
            messenger,
            "/user_data/page_scoped_user_id",
            Value::Null,
            2_804_071,
        ),
        (whatsapp, "/user_data/ctwa_clid", Value::Null, 2_804_071),
        (
            whatsapp,
            "/user_data/whatsapp_business_account_id",
            Value::Null,
            2_804_116,
        ),
        (whatsapp, "/custom_data/currency", Value::Null, 2_804_010),
        (
            instagram,
            "/user_data/ig_account_id",
            Value::Null,
            2_804_079,
        ),
        (
            instagram,
            "/user_data",
            json!({"instagram_business_account_id": "123", "ig_sid": "456"}),
            2_804_079,
        ),
        (instagram, "/user_data/ig_sid", Value::Null, 2_804_075),
        (messenger, "/event_name", json!("OrderCreated"), 2_804_081),
    ])
    .await;
    accepts([
        (
            whatsapp,
            "/user_data",
            json!({"page_id": 5, "ctwa_clid": "AR"}),
        ),
        (messenger, "/user_data/em", json!([EMAIL])),
    ])
    .await;
}

#[tokio::test]
async fn limited_data_use() {
    let server = Server::strict().await;
    let ask = async |options: Value, country: Value, state: Value, has_ip: bool| {
        let mut event = with(website(), "/data_processing_options", &options);
        event = with(event, "/data_processing_options_country", &country);
        event = with(event, "/data_processing_options_state", &state);
        if !has_ip {
            event = with(event, "/user_data/client_ip_address", &Value::Null);
        }
        server.post_event(&event).await.error()
    };
    let (none, ldu, bad) = (Value::Null, json!(["LDU"]), (400, 100, 2_804_019));
    assert_eq!(
        ask(json!([]), none.clone(), none.clone(), true).await.0,
        200
    );
    assert_eq!(ask(ldu.clone(), json!(0), json!(0), true).await.0, 200);
    for state in 1000..=1013 {
        assert_eq!(ask(ldu.clone(), json!(1), json!(state), false).await.0, 200);
    }
    // A country needs its state, and a state is in a country.
    for has_ip in [true, false] {
        for state in [none.clone(), json!(0)] {
            assert_eq!(ask(ldu.clone(), json!(1), state, has_ip).await, bad);
        }
        assert_eq!(ask(ldu.clone(), json!(0), json!(1000), has_ip).await, bad);
    }
    assert_eq!(ask(ldu.clone(), json!(0), none.clone(), true).await.0, 200);
    assert_eq!(
        ask(ldu.clone(), none.clone(), none.clone(), true).await,
        bad
    );
    assert_eq!(ask(ldu.clone(), json!(2), json!(0), true).await, bad);
    assert_eq!(ask(ldu.clone(), json!(1), json!(1014), true).await, bad);
    assert_eq!(ask(ldu, json!("1"), json!(1000), true).await, bad);
    assert_eq!(ask(json!(["GDPR"]), json!(0), json!(0), true).await, bad);
    assert_eq!(ask(json!("LDU"), json!(0), json!(0), true).await, bad);
}

#[tokio::test]
async fn append_attribution_needs_its_data() {
    fn append() -> Value {
        let data = json!({
            "ad_id": "1", "touchpoint_ts": 1, "attribution_share": 0.5, "attribution_value": 50,
        });
        let event = with(website(), "/event_name", &json!("AppendAttribution"));
        let original = json!({"event_name": "Purchase", "event_time": now() - 60});
        let event = with(event, "/original_event_data", &original);
        with(event, "/attribution_data", &data)
    }
    accepts([(append, "/attribution_data/adset_id", json!("2"))]).await;
    refuses([
        (append, "/original_event_data", Value::Null, 2_804_019),
        (
            append,
            "/original_event_data/event_name",
            Value::Null,
            2_804_019,
        ),
        (
            append,
            "/original_event_data/event_time",
            Value::Null,
            2_804_019,
        ),
        (append, "/custom_data/currency", Value::Null, 2_804_023),
        (append, "/attribution_data", Value::Null, 2_804_019),
        (append, "/attribution_data/ad_id", Value::Null, 2_804_019),
        (
            append,
            "/attribution_data/attribution_share",
            json!(1.5),
            2_804_019,
        ),
    ])
    .await;
}

#[tokio::test]
async fn append_value_names_what_it_adds_to() {
    fn append() -> Value {
        let event = with(website(), "/event_name", &json!("AppendValue"));
        let event = with(
            event,
            "/original_event_data",
            &json!({"event_name": "Purchase", "event_id": "1", "order_id": "2"}),
        );
        with(event, "/custom_data/predicted_ltv", &json!(240))
    }
    accepts([
        (append, "/original_event_data/event_id", Value::Null),
        (append, "/original_event_data/order_id", Value::Null),
        (append, "/original_event_data/event_time", json!(now() - 60)),
    ])
    .await;
    refuses([
        (append, "/original_event_data", Value::Null, 2_804_019),
        (
            append,
            "/original_event_data",
            json!({"event_name": "Purchase"}),
            2_804_019,
        ),
        (
            append,
            "/original_event_data/event_name",
            Value::Null,
            2_804_019,
        ),
        (append, "/custom_data/predicted_ltv", Value::Null, 2_804_019),
        (append, "/custom_data/predicted_ltv", json!(0), 2_804_019),
        (append, "/custom_data/predicted_ltv", json!(-5), 2_804_019),
        (
            append,
            "/original_event_data/event_time",
            json!(now() + 30),
            2_804_019,
        ),
    ])
    .await;
}

#[tokio::test]
async fn one_bad_event_refuses_the_batch_and_its_place_is_named() {
    let server = Server::strict().await;
    let places = [
        ("/user_data", Value::Null, "$['data'][2]['user_data']"),
        (
            "/user_data/email",
            json!("x"),
            "\"email\" on param \"$['data'][2]['user_data']\"",
        ),
        (
            "/extra",
            json!(1),
            "Unexpected key \"extra\" on param \"$['data'][2]\"",
        ),
        (
            "/custom_data/contents/0/index",
            json!(0),
            "\"index\" on param \"$['data'][2]['custom_data']['contents'][0]\"",
        ),
    ];
    for (pointer, value, place) in places {
        let bad = with(website(), pointer, &value);
        let reply = server
            .post(&json!({ "data": [website(), in_store(), bad, app()] }))
            .await;
        assert_eq!(reply.error(), (400, 100, 2_804_019));
        assert!(reply.message().contains(place), "{}", reply.body);
    }
    assert_eq!(server.sandbox.stats().events_received, 0);
}

#[tokio::test]
async fn leniency_is_what_was_observed_live() {
    let lenient = Server::start(Options {
        lenient: true,
        ..Options::default()
    })
    .await;
    let strict = Server::strict().await;
    let mut nulled = website();
    nulled["custom_data"]["order_id"] = Value::Null;
    nulled["referrer_url"] = Value::Null;
    for event in [
        with(website(), "/user_data/client_user_agent", &Value::Null),
        with(website(), "/user_data/unknown", &json!("x")),
        with(
            with(in_store(), "/event_time", &json!(now())),
            "/action_source",
            &Value::Null,
        ),
        with(website(), "/data_processing_options", &json!(["LDU"])),
        nulled,
    ] {
        assert_eq!(lenient.post_event(&event).await.status, 200, "{event}");
        assert_eq!(
            strict.post_event(&event).await.error(),
            (400, 100, 2_804_019),
            "{event}"
        );
    }
    let unhashed = with(website(), "/user_data/em", &json!("a@b.example"));
    assert_eq!(
        lenient.post_event(&unhashed).await.error(),
        (400, 100, 2_804_016)
    );
}
