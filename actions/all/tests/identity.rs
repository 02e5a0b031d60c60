//! Who an event is of, in the ways that shops, tag managers, proxies and other clients
//! write it: the value that is sent, or the warning where none is.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod way;

use capi_actions as _;
use capi_core::Registry;
use capi_core::user_data::Digest;
use serde_json::{Value, json};

const NOW: &str = "2026-03-01T12:00:00Z";
/// The time of the event, in milliseconds.
const THEN: &str = "1772366340000";

/// What is sent of an event under `key` of `user_data`, with the codes of the warnings.
fn sent(key: &str, set: &Value) -> (Value, Vec<&'static str>) {
    sent_with(key, set, None)
}

/// The same where a subscription maps `user_data` in its own way.
fn sent_with(key: &str, set: &Value, mapping: Option<&str>) -> (Value, Vec<&'static str>) {
    let mut event = json!({
        "type": "track",
        "event": "Order Completed",
        "messageId": "m1",
        "timestamp": "2026-03-01T11:59:00Z",
        "context": {
            "ip": "203.0.113.9",
            "userAgent": "Mozilla/5.0",
            "page": {"url": "https://shop.example/thanks"},
        },
        "properties": {"currency": "USD", "revenue": 39.98},
    });
    for (path, value) in set.as_object().unwrap() {
        let mut place = &mut event;
        for part in path.split('.') {
            place = &mut place[part];
        }
        *place = value.clone();
    }
    let registry = Registry::linked().unwrap();
    let purchase = registry.get("purchase").unwrap();
    let destination = way::destination(purchase, mapping).unwrap();
    let outcome = way::outcome(&destination, &event.to_string(), NOW.parse().unwrap());
    let admitted = outcome.unwrap().unwrap();
    let json: Value = serde_json::from_slice(admitted.event.json()).unwrap();
    let warnings = admitted.warnings.iter().map(|it| it.code.as_str());
    (json["user_data"][key].clone(), warnings.collect())
}

fn made(click: &str) -> Value {
    json!(format!("fb.1.{THEN}.{click}"))
}

fn hashed(value: &str) -> Value {
    json!([Digest::of(value).as_str()])
}

#[test]
fn the_click_is_read_wherever_a_page_has_it() {
    for (set, click) in [
        (
            json!({"context.page.url": "https://shop.example/?fbclid=IwAR1%2Dabc"}),
            "IwAR1-abc",
        ),
        (
            json!({"context.page.url": "https://shop.example/?fbclid=IwAR1%5Fabc&x=1"}),
            "IwAR1_abc",
        ),
        (
            json!({"context.page.url": "https://shop.example/?x=1&amp;fbclid=IwAR1abc"}),
            "IwAR1abc",
        ),
        (
            json!({"context.page.url": "https://shop.example/?x=1&#038;fbclid=IwAR1abc"}),
            "IwAR1abc",
        ),
        (
            json!({"context.page.url": "https://shop.example/?fbclid=IwAR1abc.AQQCAQMC"}),
            "IwAR1abc",
        ),
        (
            json!({"context.page.url": "https://shop.example/?x=1&fbclid=IwAR1abc#top"}),
            "IwAR1abc",
        ),
        (
            json!({"context.page.url": "https://shop.example/#/shoes?fbclid=IwAR1abc"}),
            "IwAR1abc",
        ),
        (
            json!({"context.page.url": "https://shop.example/?a=1?fbclid=IwAR1abc"}),
            "IwAR1abc",
        ),
        (
            json!({"context.page.url": "https://shop.example/?fbclid=&fbclid=IwAR1abc"}),
            "IwAR1abc",
        ),
        (
            json!({"context.page.search": "?fbclid=IwAR1%2Dabc"}),
            "IwAR1-abc",
        ),
        (
            json!({"context.page.search": "fbclid=IwAR1abc&x=1"}),
            "IwAR1abc",
        ),
        (
            json!({"context.page.search": "?x=1&amp;fbclid=IwAR1abc"}),
            "IwAR1abc",
        ),
        (
            json!({"context.page.referrer": "https://m.example/?fbclid=IwAR1%2Dabc"}),
            "IwAR1-abc",
        ),
        (json!({"properties.fbclid": "IwAR1%2Dabc"}), "IwAR1-abc"),
        (
            json!({"properties.fbclid": " IwAR1abc.AQQCAQMC "}),
            "IwAR1abc",
        ),
        (json!({"properties.fbclid": "?fbclid=IwAR1abc"}), "IwAR1abc"),
        (
            json!({"properties.fbclid": ["IwAR1abc", "IwAR2"]}),
            "IwAR1abc",
        ),
    ] {
        assert_eq!(sent("fbc", &set), (made(click), vec![]), "{set}");
    }
}

#[test]
fn an_fbclid_that_is_none_is_told_and_hides_no_other() {
    for url in [
        "https://shop.example/?fbclid=undefined",
        "https://shop.example/?fbclid={{fbclid}}",
        "https://shop.example/?fbclid=IwAR1%20abc",
        "HTTPS://SHOP.EXAMPLE/?FBCLID=IWAR1ABC",
    ] {
        let set = json!({"context.page.url": url});
        let reported = (Value::Null, vec!["invalid_click_id"]);
        assert_eq!(sent("fbc", &set), reported, "{url}");
        let set = json!({"context.page.url": url, "context.page.referrer": "https://m.example/?fbclid=IwAR2"});
        let reported = (made("IwAR2"), vec!["invalid_click_id"]);
        assert_eq!(sent("fbc", &set), reported, "{url}");
    }
    let set = json!({"context.page.url": "https://shop.example/?fbclid="});
    assert_eq!(sent("fbc", &set), (Value::Null, vec![]));
}

#[test]
fn the_click_of_the_page_is_newer_than_the_cookie() {
    let old = "fb.1.1772000000000.IwAR0old";
    let url = "https://shop.example/?fbclid=IwAR1new";
    for cookie in ["context.cookies._fbc", "properties._fbc", "context._fbc"] {
        for page in [
            json!({"context.page.url": url, cookie: old}),
            json!({"context.page.search": "?fbclid=IwAR1new", cookie: old}),
        ] {
            assert_eq!(sent("fbc", &page), (made("IwAR1new"), vec![]), "{page}");
        }
        // The same click keeps the time at which it was first seen.
        for stored in [
            "fb.1.1772000000000.IwAR1new",
            "fb.2.1772000000000.IwAR1new.AQQCAQMC",
        ] {
            let set = json!({"context.page.url": url, cookie: stored});
            assert_eq!(sent("fbc", &set), (json!(stored), vec![]), "{set}");
        }
        // A referrer is older than the page, and a word is not a click.
        let set = json!({"context.page.referrer": url, cookie: old});
        assert_eq!(sent("fbc", &set), (json!(old), vec![]), "{set}");
        let set = json!({"context.page.url": "https://shop.example/?fbclid=null", cookie: old});
        assert_eq!(
            sent("fbc", &set),
            (json!(old), vec!["invalid_click_id"]),
            "{set}"
        );
        // A cookie that credits nothing gives way to any good click.
        let set = json!({"context.page.referrer": url, cookie: "fb.1.1554763741205.IwAR0old"});
        assert_eq!(sent("fbc", &set), (made("IwAR1new"), vec![]), "{set}");
        let set = json!({"properties.fbclid": "IwAR1new", cookie: "fb.1.1772000000.IwAR0old"});
        assert_eq!(sent("fbc", &set), (made("IwAR1new"), vec![]), "{set}");
    }
    // What the sender decided on stays.
    for own in ["properties.fbc", "context.fbc"] {
        let set = json!({"context.page.url": url, own: old});
        assert_eq!(sent("fbc", &set), (json!(old), vec![]), "{set}");
        let set = json!({"context.page.url": url, own: old, "context.cookies._fbc": old});
        assert_eq!(sent("fbc", &set), (json!(old), vec![]), "{set}");
        // But not where it is none.
        let set = json!({"context.page.url": url, own: "null", "context.cookies._fbc": old});
        assert_eq!(
            sent("fbc", &set),
            (made("IwAR1new"), vec!["invalid_click_id"]),
            "{set}"
        );
    }
}

#[test]
fn a_cookie_that_came_twice_is_its_first_good_one() {
    let good = "fb.1.1772000000000.IwAR0old";
    for cookie in [
        json!([good, "fb.1.1772000000001.IwAR9"]),
        json!(["undefined", good]),
        json!(format!("{good}; fb.1.1772000000001.IwAR9")),
        json!(format!("{good},fb.1.1772000000001.IwAR9")),
        json!(format!(" {good} ")),
        json!(format!("_fbc={good}; _fbp=fb.1.1772000000001.77")),
    ] {
        for place in ["context.cookies._fbc", "properties.fbc"] {
            let set = json!({place: cookie});
            assert_eq!(sent("fbc", &set), (json!(good), vec![]), "{set}");
        }
    }
    let browser = "fb.1.1596403881668.1116446470";
    for (cookie, expected) in [
        (json!([browser, browser]), browser.to_owned()),
        (json!(format!("{browser}; {browser}")), browser.to_owned()),
        (
            json!(format!("{browser}.AQQCAQIB.AQQCAQIB")),
            format!("{browser}.AQQCAQIB"),
        ),
        (
            json!(format!("{browser}.AQQCAQIB")),
            format!("{browser}.AQQCAQIB"),
        ),
    ] {
        let set = json!({"context.fbp": cookie});
        assert_eq!(sent("fbp", &set), (json!(expected), vec![]), "{set}");
    }
}

#[test]
fn the_address_is_read_in_every_form() {
    for (ip, expected) in [
        (json!("203.0.113.7"), "203.0.113.7"),
        (json!("::ffff:203.0.113.7"), "203.0.113.7"),
        (json!(" 203.0.113.7 "), "203.0.113.7"),
        (json!("203.0.113.7:4711"), "203.0.113.7"),
        (json!("[2001:db8::7]:4711"), "2001:db8::7"),
        (json!("2001:db8::7%eth0"), "2001:db8::7"),
        (json!("203.0.113.7, 10.0.0.1"), "203.0.113.7"),
        (json!("for=203.0.113.7;proto=https"), "203.0.113.7"),
        (json!("unknown, 203.0.113.7"), "203.0.113.7"),
        (json!(["203.0.113.7", "198.51.100.1"]), "203.0.113.7"),
        (json!("203.0.113.7.AQQCAQIB"), "203.0.113.7.AQQCAQIB"),
        (
            json!("203.0.113.7.AQQCAQIB.AQQCAQIB"),
            "203.0.113.7.AQQCAQIB",
        ),
        (json!("2001:DB8::7"), "2001:DB8::7"),
        (json!("192.0.2.1"), "192.0.2.1"),
        (json!("198.51.100.1"), "198.51.100.1"),
    ] {
        let set = json!({"context.ip": ip});
        assert_eq!(
            sent("client_ip_address", &set),
            (json!(expected), vec![]),
            "{set}"
        );
    }
    for (ip, reported, expected) in [
        (
            json!("10.0.0.1, 203.0.113.7"),
            "private_ip_address",
            json!("203.0.113.7"),
        ),
        (
            json!(["192.168.1.5", "203.0.113.7"]),
            "private_ip_address",
            json!("203.0.113.7"),
        ),
        (json!("127.0.0.1"), "private_ip_address", Value::Null),
        (json!("::1"), "private_ip_address", Value::Null),
        (
            json!("::ffff:172.17.0.1"),
            "private_ip_address",
            Value::Null,
        ),
        (json!("100.64.7.7"), "private_ip_address", Value::Null),
        (json!("[fe80::1%en0]:80"), "private_ip_address", Value::Null),
        (
            json!("10.0.0.1.AQQCAQIB"),
            "private_ip_address",
            Value::Null,
        ),
        (
            json!(["10.0.0.1", "::1"]),
            "private_ip_address",
            Value::Null,
        ),
        (json!("unknown"), "invalid_ip_address", Value::Null),
        (
            json!(["n/a", "localhost"]),
            "invalid_ip_address",
            Value::Null,
        ),
    ] {
        // So that there is somebody.
        let set = json!({"context.ip": ip, "userId": "u-1"});
        assert_eq!(
            sent("client_ip_address", &set),
            (expected, vec![reported]),
            "{set}"
        );
    }
}

#[test]
fn a_refused_value_hides_none_behind_it() {
    for (key, set, expected) in [
        (
            "external_id",
            json!({"userId": "undefined", "anonymousId": "an-1"}),
            hashed("an-1"),
        ),
        (
            "external_id",
            json!({"userId": " ", "anonymousId": "an-1"}),
            hashed("an-1"),
        ),
        (
            "external_id",
            json!({"userId": {}, "anonymousId": "an-1"}),
            hashed("an-1"),
        ),
        (
            "em",
            json!({"context.traits.email": "n/a", "traits.email": "kim@example.com"}),
            hashed("kim@example.com"),
        ),
        (
            "ph",
            json!({"context.traits.phone": "null", "traits.phone": "+14155550132"}),
            hashed("14155550132"),
        ),
        (
            "country",
            json!({"context.traits": {"address": {"country": "Atlantis"}}, "traits": {"address": {"country": "DE"}}}),
            hashed("de"),
        ),
        (
            "fbp",
            json!({"properties.fbp": "GA1.2.3.4", "context.cookies._fbp": "fb.1.1596403881668.1116446470"}),
            json!("fb.1.1596403881668.1116446470"),
        ),
        (
            "fbc",
            json!({"properties.fbc": "IwAR1", "context.cookies._fbc": "fb.1.1772000000000.IwAR0"}),
            json!("fb.1.1772000000000.IwAR0"),
        ),
    ] {
        let (value, reported) = sent(key, &set);
        assert_eq!((value, reported.len()), (expected, 1), "{set}");
    }
    // An empty list is nothing and gives no warning.
    let set = json!({"userId": [], "anonymousId": "an-1"});
    assert_eq!(sent("external_id", &set), (hashed("an-1"), vec![]));
    // The country that was found in the end is the one that the others depend on.
    let set = json!({
        "context.traits": {"phone": "(415) 555-0132", "address": {"country": "n/a"}},
        "traits": {"address": {"country": "US"}},
    });
    assert_eq!(sent("ph", &set).0[0], hashed("14155550132")[0]);
}

#[test]
fn nor_does_one_of_a_mapping_of_ones_own() {
    let own = |field: &str, mapping: &str| format!(r#"{{"user_data":{{"{field}":{mapping}}}}}"#);
    let choice = r#"{"@coalesce":[{"@path":"$.properties.a"},{"@path":"$.properties.b"},{"@path":"$.properties.c"}]}"#;
    let segments = r#"{"@if":{"exists":{"@path":"$.properties.a"},"then":{"@path":"$.properties.a"},"else":{"@path":"$.properties.b"}}}"#;
    for (key, field, mapping, a, b, expected) in [
        (
            "em",
            "email",
            choice,
            "n/a",
            "kim@example.com",
            hashed("kim@example.com"),
        ),
        (
            "em",
            "em",
            choice,
            "nobody",
            "kim@example.com",
            hashed("kim@example.com"),
        ),
        (
            "external_id",
            "externalId",
            segments,
            "null",
            "c-1",
            hashed("c-1"),
        ),
        (
            "client_ip_address",
            "client_ip_address",
            choice,
            "10.0.0.1",
            "203.0.113.7",
            json!("203.0.113.7"),
        ),
        (
            "client_ip_address",
            "client_ip_address",
            segments,
            "-",
            "203.0.113.7",
            json!("203.0.113.7"),
        ),
        (
            "fbp",
            "fbp",
            choice,
            "-",
            "fb.1.1596403881668.17",
            json!("fb.1.1596403881668.17"),
        ),
    ] {
        let set = json!({"properties.a": a, "properties.b": b, "userId": "u-1"});
        let (value, reported) = sent_with(key, &set, Some(&own(field, mapping)));
        assert_eq!((value, reported.len()), (expected, 1), "{field} {mapping}");
    }
    let all =
        json!({"properties.a": "n/a", "properties.b": "null", "properties.c": "c@example.com"});
    let (value, reported) = sent_with("em", &all, Some(&own("email", choice)));
    assert_eq!((value, reported.len()), (hashed("c@example.com"), 2));
}

#[test]
fn other_names_of_a_person_are_read_behind_segments_own() {
    for traits in ["context.traits", "traits"] {
        for (key, said, expected) in [
            ("em", json!({"Email": "kim@example.com"}), "kim@example.com"),
            (
                "em",
                json!({"E-mail": "kim@example.com"}),
                "kim@example.com",
            ),
            (
                "em",
                json!({"email_address": "kim@example.com"}),
                "kim@example.com",
            ),
            (
                "em",
                json!({"billing_email": "kim@example.com"}),
                "kim@example.com",
            ),
            (
                "em",
                json!({"billing": {"email": "kim@example.com"}}),
                "kim@example.com",
            ),
            ("ph", json!({"phone_number": "+14155550132"}), "14155550132"),
            ("ph", json!({"phoneNumber": "+14155550132"}), "14155550132"),
            (
                "ph",
                json!({"default_address": {"phone": "+14155550132"}}),
                "14155550132",
            ),
            (
                "fn",
                json!({"first_name": "Kim", "last_name": "Lee"}),
                "kim",
            ),
            (
                "ln",
                json!({"first_name": "Kim", "last_name": "Lee"}),
                "lee",
            ),
            ("fn", json!({"firstname": "Kim"}), "kim"),
            ("ln", json!({"billing_last_name": "Lee"}), "lee"),
            ("fn", json!({"name": "Ann van der Berg"}), "ann"),
            ("ln", json!({"name": "Mary Lee"}), "lee"),
            ("db", json!({"date_of_birth": "1990-02-03"}), "19900203"),
            ("db", json!({"dateOfBirth": "1990-02-03"}), "19900203"),
            ("db", json!({"dob": "1990-02-03"}), "19900203"),
            ("ct", json!({"city": "Austin"}), "austin"),
            (
                "ct",
                json!({"billing_address": {"city": "Austin"}}),
                "austin",
            ),
            (
                "st",
                json!({"city": "Austin", "country": "US", "state": "TX"}),
                "tx",
            ),
            (
                "st",
                json!({"address": {"province": "Texas", "country": "US"}}),
                "tx",
            ),
            (
                "st",
                json!({"address": {"provinceCode": "TX", "country": "US"}}),
                "tx",
            ),
            ("zp", json!({"zip_code": "78701"}), "78701"),
            ("zp", json!({"postal_code": "78701"}), "78701"),
            ("zp", json!({"country": "US", "zip": "78701"}), "78701"),
            ("zp", json!({"address": {"zip": "78701"}}), "78701"),
            ("zp", json!({"address": {"postal_code": "78701"}}), "78701"),
            ("zp", json!({"address": {"postcode": "78701"}}), "78701"),
            ("zp", json!({"billing": {"postcode": "78701"}}), "78701"),
            ("country", json!({"address": {"country_code": "DE"}}), "de"),
            ("country", json!({"country": "DE"}), "de"),
            ("country", json!({"billing_country": "DE"}), "de"),
            // Segment's own come first.
            (
                "em",
                json!({"Email": "a@example.com", "email": "kim@example.com"}),
                "kim@example.com",
            ),
            (
                "fn",
                json!({"first_name": "A", "firstName": "Kim", "name": "B C"}),
                "kim",
            ),
            (
                "zp",
                json!({"address": {"zip": "1", "postalCode": "78701"}}),
                "78701",
            ),
        ] {
            let set = json!({traits: said});
            assert_eq!(sent(key, &set), (hashed(expected), vec![]), "{set}");
        }
        // A state, and a zip, of nobody knows what; a name of which a part is there.
        for (key, said) in [
            ("st", json!({"state": "active"})),
            ("zp", json!({"zip": "archive"})),
            ("fn", json!({"last_name": "Lee", "name": "Kim Lee"})),
            ("ln", json!({"firstName": "Kim", "name": "Kim Lee"})),
        ] {
            let set = json!({traits: said, "userId": "u-1"});
            assert_eq!(sent(key, &set), (Value::Null, vec![]), "{set}");
        }
    }
}

#[test]
fn an_address_is_of_one_place() {
    let trait_address = json!({"country": "US", "state": "TX"});
    let of_order = json!({"city": "Paris", "postalCode": "75001", "country": "FR"});
    let of_shop = json!({"city": "Berlin", "zip": "10115", "country": "DE"});
    let all = json!({
        "context.traits.address": trait_address,
        "properties.address": of_order,
        "context.traits.default_address": of_shop,
    });
    let later = json!({
        "properties.address": {"city": "Paris", "country": "FR"},
        "context.traits.default_address": of_shop,
    });
    let shop = json!({
        "context.traits.default_address": {"city": "Berlin", "country": "DE"},
        "context.traits.billing": {"city": "Munich", "postcode": "80331"},
    });
    let none = Value::Null;
    for (set, city, state, zip, country) in [
        (&all, &none, hashed("tx"), &none, "us"),
        (&later, &hashed("paris"), none.clone(), &none, "fr"),
        (&shop, &hashed("berlin"), none.clone(), &none, "de"),
    ] {
        assert_eq!(&sent("ct", set).0, city, "{set}");
        assert_eq!(sent("st", set).0, state, "{set}");
        assert_eq!(&sent("zp", set).0, zip, "{set}");
        assert_eq!(sent("country", set).0, hashed(country), "{set}");
    }
}

#[test]
fn what_segments_older_destinations_resolve_is_read() {
    for (key, set, expected) in [
        (
            "em",
            json!({"properties.email": "kim@example.com"}),
            "kim@example.com",
        ),
        (
            "em",
            json!({"userId": "Kim@Example.com"}),
            "kim@example.com",
        ),
        (
            "external_id",
            json!({"userId": "kim@example.com"}),
            "kim@example.com",
        ),
        (
            "ct",
            json!({"properties.address": {"city": "Austin"}}),
            "austin",
        ),
        (
            "zp",
            json!({"properties.address": {"zip": "78701"}}),
            "78701",
        ),
        (
            "zp",
            json!({"properties.address": {"postalCode": "78701"}}),
            "78701",
        ),
        (
            "country",
            json!({"properties.address": {"country": "DE"}}),
            "de",
        ),
        (
            "external_id",
            json!({"context.traits": {"id": "u-7"}}),
            "u-7",
        ),
    ] {
        assert_eq!(sent(key, &set), (hashed(expected), vec![]), "{set}");
    }
    for id in ["u-1", "@kim", "kim@", "kim@tenant"] {
        let set = json!({"userId": id});
        assert_eq!(sent("em", &set), (Value::Null, vec![]), "{set}");
    }
}

#[test]
fn what_an_order_is_worth_and_has_is_read_under_older_names() {
    let gives = |properties: Value| {
        let mut event = json!({
            "type": "track", "event": "Order Completed", "messageId": "m1", "userId": "u-1",
            "timestamp": "2026-03-01T11:59:00Z",
            "context": {"userAgent": "Mozilla/5.0", "page": {"url": "https://shop.example/thanks"}},
        });
        event["properties"] = properties;
        let registry = Registry::linked().unwrap();
        let destination = way::destination(registry.get("purchase").unwrap(), None).unwrap();
        let outcome = way::outcome(&destination, &event.to_string(), NOW.parse().unwrap());
        let json = outcome.unwrap().unwrap().event.json().to_vec();
        let mut json: Value = serde_json::from_slice(&json).unwrap();
        json["custom_data"].take()
    };
    assert_eq!(gives(json!({"currency": "EUR", "total": 30}))["value"], 30);
    let both = json!({"currency": "EUR", "revenue": 25, "total": 30});
    assert_eq!(gives(both)["value"], 25);
    assert_eq!(
        gives(json!({"currency": "EUR", "revenue": 0, "total": 30}))["value"],
        0
    );
    let old = json!({"currency": "EUR", "total": 30, "products": [{"productId": "p1"}, {"product_id": "p2", "productId": "x"}]});
    assert_eq!(gives(old)["contents"][0]["id"], "p1");
}
