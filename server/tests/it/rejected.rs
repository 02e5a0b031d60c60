//! What an answer says of events that cannot be used, and what it does not.

use serde_json::{Value, json};

use crate::support::calls::{at, order, track, with, without};
use crate::support::http::{Request, Response};
use crate::support::meta::{Meta, names_and_ids};
use crate::support::relay::{KEY, Relay, Setup};

fn post(relay: &Relay, items: &[String]) -> Response {
    let body = format!("{{\"batch\":[{}]}}", items.join(","));
    let response = relay.send(&Request::post("/v1/batch", body).key(KEY));
    assert_eq!(response.status, 200, "{response:?}");
    response
}

fn codes(response: &Response) -> Vec<(u64, String)> {
    let rejected = response.json()["rejected"].take();
    let rejected = rejected.as_array().expect("something rejected");
    rejected
        .iter()
        .map(|one| {
            (
                one["index"].as_u64().unwrap(),
                one["code"].as_str().unwrap().to_owned(),
            )
        })
        .collect()
}

#[test]
fn an_entry_has_these_keys_in_this_order() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let response = relay.batch(&[order("good"), without(order("bad"), "/properties/currency")]);
    let start = concat!(
        r#"{"success":true,"rejected":[{"index":1,"destination":"meta","action":"purchase","#,
        r#""code":"missing_field","field":"currency","message":""#
    );
    assert!(response.body.starts_with(start), "{}", response.body);
    assert!(response.body.ends_with("\"}]}"), "{}", response.body);
    assert_eq!(response.json()["rejected"][0].as_object().unwrap().len(), 6);
    assert_eq!(
        names_and_ids(&meta.wait_for(1)),
        [("Purchase".to_owned(), "good".to_owned())]
    );
}

/// Clients' libraries do not tell what the answer says, so the log does.
#[test]
fn the_log_tells_each_kind_of_rejection_once() {
    let meta = Meta::up();
    let mut relay = Relay::start(&meta);
    let bad = |id: &str| without(order(id), "/properties/currency");
    relay.batch(&[bad("a"), bad("b")]);
    relay.batch(&[bad("c"), without(order("d"), "/context/userAgent")]);
    relay.stop();
    let log = relay.log();
    let reported: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("A conversion is rejected"))
        .collect();
    assert_eq!(reported.len(), 2, "{log}");
    assert!(reported[0].contains("missing_field") && reported[0].contains("capi dead list"));
    assert!(reported[1].contains("missing_client_user_agent"), "{log}");
}

#[test]
fn an_event_that_cannot_be_held_spoils_no_other() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let properties = |value: &str| {
        format!(r#"{{"type":"track","event":"Order Completed","properties":{{"note":{value}}}}}"#)
    };
    let deep = ["[".repeat(10_000), "]".repeat(10_000)].concat();
    let items = [
        order("first").to_string(),
        properties(r#""\ud800""#),
        properties("1e400"),
        order("middle").to_string(),
        properties(&deep),
        "17".to_owned(),
        "null".to_owned(),
        "[]".to_owned(),
        r#"{"type":"purchase"}"#.to_owned(),
        order("last").to_string(),
    ];
    let response = post(&relay, &items);
    let expected = [1, 2, 4, 5, 6, 7].map(|index| (index, "malformed_event".to_owned()));
    let mut found = codes(&response);
    assert_eq!(found.pop(), Some((8, "unknown_type".to_owned())));
    assert_eq!(found, expected);
    // Not a conversion is rejected but the event itself.
    for one in response.json()["rejected"].as_array().unwrap() {
        assert_eq!(
            (&one["destination"], &one["action"]),
            (&Value::Null, &Value::Null)
        );
    }
    let ids: Vec<_> = names_and_ids(&meta.wait_for(3))
        .into_iter()
        .map(|(_, id)| id)
        .collect();
    assert_eq!(ids, ["first", "last", "middle"]);
}

/// Without its context an event loses its person, without its integrations it goes
/// where it must not, and neither would be told to anybody.
#[test]
fn what_a_batch_says_of_all_and_cannot_be_held_rejects_its_events_and_is_named() {
    let meta = Meta::up();
    let mut relay = Relay::start(&meta);
    let deep = ["[".repeat(200), "]".repeat(200)].concat();
    for (part, spoiled) in [
        ("context", r#"{"userAgent":"x","page":{"title":"\ud800"}}"#),
        ("context", r#"{"app":{"build":1e400}}"#),
        ("context", &deep),
        ("integrations", r#"{"All":false,"x":"\udc00"}"#),
    ] {
        let (one, other) = (order("one"), order("other"));
        let body = format!(r#"{{"batch":[{one},17,{other}],"{part}":{spoiled}}}"#);
        let response = relay.send(&Request::post("/v1/batch", body).key(KEY));
        assert_eq!(response.status, 200, "{response:?}");
        let expected = [0, 1, 2].map(|index| (index, "malformed_event".to_owned()));
        assert_eq!(codes(&response), expected, "{spoiled}");
        for one in response.json()["rejected"].as_array().unwrap() {
            assert_eq!(one["destination"], Value::Null);
            assert_eq!(one["field"], part);
            let message = one["message"].as_str().unwrap();
            let named = format!("`{part}` of the batch cannot be read: ");
            assert!(message.starts_with(&named), "{message}");
        }
    }
    // A time that is none says nothing, and there is nothing to lose.
    let body = format!(r#"{{"batch":[{}],"sentAt":"\ud800"}}"#, order("taken"));
    let response = relay.send(&Request::post("/v1/batch", body).key(KEY));
    assert_eq!(response.body, r#"{"success":true}"#);
    meta.wait_for(1);
    assert!(relay.stop().success());
    assert_eq!(
        names_and_ids(&meta.events()),
        [("Purchase".to_owned(), "taken".to_owned())]
    );
}

#[test]
fn every_reason_of_a_conversion_is_named() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let bare = without(
        without(order("1"), "/properties/currency"),
        "/properties/revenue",
    );
    let response = relay.batch(&[bare]);
    let fields: Vec<_> = response.json()["rejected"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["field"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(fields, ["currency", "value"]);
}

#[test]
fn each_kind_of_wrong_event_has_its_code() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let nobody = without(without(order("nobody"), "/userId"), "/context/traits");
    let nobody = with(nobody, "/context/ip", json!("unknown"));
    let days = 24 * 60 * 60;
    let cases = [
        (
            with(order("1"), "/properties/currency", json!("DOLLARS")),
            "invalid_currency",
        ),
        (
            with(order("2"), "/properties/revenue", json!("much")),
            "invalid_type",
        ),
        (
            with(order("3"), "/properties/action_source", json!("tv")),
            "invalid_choice",
        ),
        (
            with(order("4"), "/timestamp", json!(at(-8 * days))),
            "event_too_old",
        ),
        (
            with(order("5"), "/timestamp", json!(at(days))),
            "event_in_future",
        ),
        (
            with(order("6"), "/timestamp", json!("yesterday")),
            "invalid_event_time",
        ),
        (
            without(order("7"), "/context/userAgent"),
            "missing_client_user_agent",
        ),
        (
            without(order("8"), "/context/page"),
            "missing_event_source_url",
        ),
    ];
    for (call, code) in cases {
        let response = relay.batch(std::slice::from_ref(&call));
        assert_eq!(codes(&response), [(0, code.to_owned())], "{call}");
    }
    // An address that is none is left out, and a user agent alone is too broad.
    assert_eq!(
        codes(&relay.batch(&[nobody])),
        [(0, "insufficient_user_data".to_owned())]
    );
}

#[test]
fn an_event_that_nothing_matches_is_not_rejected() {
    let meta = Meta::up();
    let mut relay = Relay::start(&meta);
    relay.take(&[
        track("Coupon Applied", "1", &json!({})),
        json!({"type": "identify", "userId": "u"}),
        json!({"type": "alias", "userId": "u", "previousId": "v"}),
    ]);
    relay.take(&[]);
    relay.stop();
    assert_eq!(meta.stats().requests, 0);
}

#[test]
fn integrations_switch_destinations_off() {
    let meta = Meta::up();
    let mut relay = Relay::start(&meta);
    let off = |id: &str, integrations: Value| with(order(id), "/integrations", integrations);
    relay.take(&[
        off("off-all", json!({"All": false})),
        off("off-name", json!({"meta": false})),
        off(
            "off-segment",
            json!({"Facebook Conversions API (Actions)": false}),
        ),
        off("on-name", json!({"All": false, "meta": true})),
        off(
            "on-options",
            json!({"All": false, "meta": {"some": "option"}}),
        ),
        off("on-others", json!({"Segment.io": false})),
        // Off where it would be rejected, so nobody needs to hear of it.
        without(
            off("off-wrong", json!({"All": false})),
            "/properties/currency",
        ),
    ]);
    meta.wait_for(3);
    relay.stop();
    let ids: Vec<_> = names_and_ids(&meta.events())
        .into_iter()
        .map(|(_, id)| id)
        .collect();
    assert_eq!(ids, ["on-name", "on-options", "on-others"]);
}

#[test]
fn each_destination_of_an_event_is_named() {
    let meta = Meta::up();
    let setup = Setup {
        tables: &format!(
            "[[destination]]\nname = \"other\"\ndataset_id = \"1234567890\"\naccess_token = \"{}\"
graph_url = \"{}\"\nwebsite_requirements = \"warn\"",
            crate::support::meta::TOKEN,
            meta.url()
        ),
        ..Setup::default()
    };
    let relay = Relay::with(&meta, setup);
    let response = relay.batch(&[without(order("1"), "/context/page")]);
    let rejected = response.json()["rejected"].take();
    assert_eq!(rejected.as_array().unwrap().len(), 1, "{rejected}");
    assert_eq!(rejected[0]["destination"], "meta");
}

#[test]
fn a_warning_is_logged_once_for_a_subscription_and_field() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let odd = |id: &str, word: &str| with(order(id), "/context/traits/gender", json!(word));
    relay.take(&[odd("a", "yes"), odd("b", "no")]);
    relay.take(&[odd("c", "robot")]);
    meta.wait_for(3);
    let log = relay.log();
    let reported = log.matches("user_data.gender").count();
    assert_eq!(reported, 1, "{log}");
    assert!(log.contains("code=\"unusable_identifier\""), "{log}");
}

#[test]
fn an_event_that_is_called_nearly_as_a_trigger_asks_is_told_once_and_counted() {
    let meta = Meta::up();
    let mut relay = Relay::start(&meta);
    let called = |id: &str, name: &str| with(order(id), "/event", json!(name));
    relay.take(&[
        called("a", "order completed"),
        called("b", "OrderCompleted"),
        called("c", "Completed Order"),
        called("d", "Something Else"),
        order("e"),
    ]);
    meta.wait_for(1);
    relay.stop();
    let log = relay.log();
    let reported = "one asks for \"Order Completed\"";
    assert_eq!(log.matches(reported).count(), 1, "{log}");
    assert!(log.contains("called \"order completed\""), "{log}");
    assert!(log.contains("unmatched=4 nearly=3"), "{log}");
}

#[test]
fn crawlers_are_counted_whether_they_are_sent_or_not() {
    let of = |id: &str| {
        let agent = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
        with(order(id), "/context/userAgent", json!(agent))
    };
    for (destination, sent, counted) in [
        ("", 2, "warned={\"crawler_user_agent\": 1}"),
        (
            "crawlers = \"drop\"",
            1,
            "rejected={\"crawler_user_agent\": 1}",
        ),
    ] {
        let meta = Meta::up();
        let setup = Setup {
            destination,
            ..Setup::default()
        };
        let mut relay = Relay::with(&meta, setup);
        relay.batch(&[of("a"), order("b")]);
        meta.wait_for(sent);
        relay.stop();
        let log = relay.log();
        assert!(log.contains(counted), "{log}");
        assert_eq!(meta.events().len(), sent);
    }
}
