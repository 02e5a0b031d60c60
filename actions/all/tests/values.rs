//! Values as shops, tag managers, spreadsheets and dataframes really send them: what is
//! read where there is one reading, and what is left out where there is none.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

#[path = "way/order.rs"]
mod order;
#[expect(dead_code, reason = "each test takes what it needs of it")]
mod way;

use std::collections::BTreeSet;

use capi_actions as _;
use capi_core::Registry;
use capi_core::rejection::Diagnostic;
use jiff::Timestamp;
use serde_json::{Value, json};

/// What becomes of an event: Meta's event where it is sent, and the codes.
struct Made {
    event: Option<Value>,
    codes: BTreeSet<String>,
}

impl Made {
    /// The event in Meta's form, which was sent.
    fn sent(&self, what: &Value) -> &Value {
        let Some(event) = &self.event else {
            panic!("{what}: {:?}", self.codes);
        };
        event
    }

    fn has(&self, code: &str) -> bool {
        self.codes.contains(code)
    }
}

/// What `action` makes of `event`, with `mapping` over its own.
fn made(action: &str, mapping: &Value, event: &Value) -> Made {
    let registry = Registry::linked().unwrap();
    let spec = registry.get(action).unwrap();
    let destination = way::with_trigger(spec, way::ANY, Some(&mapping.to_string())).unwrap();
    let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
    let codes = |found: &[Diagnostic]| {
        found
            .iter()
            .map(|one| one.code.as_str().to_owned())
            .collect()
    };
    match way::outcome(&destination, &event.to_string(), now).unwrap() {
        Ok(admitted) => Made {
            event: Some(serde_json::from_slice(admitted.event.json()).unwrap()),
            codes: codes(&admitted.warnings),
        },
        Err(rejection) => Made {
            event: None,
            codes: codes(&rejection.reasons),
        },
    }
}

/// A purchase with `change` made to its properties.
fn purchase(change: &Value) -> Made {
    made("purchase", &json!({}), &order::with(change))
}

/// A purchase whose mapping gives `value` to `field`.
fn mapped(field: &str, value: &Value) -> Made {
    let mapping = json!({field: {"@literal": value}});
    made("purchase", &mapping, &order::with(&json!({})))
}

fn same(found: &Value, wanted: &Value, what: &Value) {
    let is_same = match (found.as_f64(), wanted.as_f64()) {
        (Some(found), Some(wanted)) => (found - wanted).abs() < 1e-9,
        _ => found == wanted,
    };
    assert!(is_same, "{what}: {found}, not {wanted}");
}

#[test]
fn products_are_read_from_json_text() {
    let product = |id: &str| json!({"product_id": id, "quantity": 1, "price": 2});
    let list = json!([product("a"), product("b")]);
    let wanted = json!([
        {"id": "a", "quantity": 1, "item_price": 2},
        {"id": "b", "quantity": 1, "item_price": 2},
    ]);
    for products in [
        json!(list.to_string()),
        json!(format!(" \u{feff}{list:#}\n")),
        json!([product("a").to_string(), product("b").to_string()]),
        json!([product("a"), product("b").to_string()]),
    ] {
        let made = purchase(&json!({"products": products}));
        same(
            &made.sent(&products)["custom_data"]["contents"],
            &wanted,
            &products,
        );
        assert!(made.codes.is_empty(), "{products}: {:?}", made.codes);
    }
    let one = json!(product("a").to_string());
    let made = purchase(&json!({"products": one}));
    same(
        &made.sent(&one)["custom_data"]["contents"],
        &json!([wanted[0]]),
        &one,
    );
    // Meta's own form, mapped as it is.
    for contents in [
        json!(r#"[{"id":"a","quantity":1,"item_price":2},{"id":"b","quantity":1,"item_price":2}]"#),
        json!([r#"{"id":"a","quantity":1,"item_price":2}"#, wanted[1]]),
    ] {
        let made = mapped("contents", &contents);
        same(
            &made.sent(&contents)["custom_data"]["contents"],
            &wanted,
            &contents,
        );
    }
    // What is none is left out, and told; what is empty says nothing.
    for products in [
        json!("[{\"product_id\":"),
        json!("a, b"),
        json!(5),
        json!([5]),
    ] {
        let made = purchase(&json!({"products": products}));
        assert_eq!(made.sent(&products)["custom_data"].get("contents"), None);
        assert!(!made.codes.is_empty(), "{products}");
    }
    for products in [json!([]), json!(""), json!("[]"), json!(null)] {
        let made = purchase(&json!({"products": products}));
        assert_eq!(made.sent(&products)["custom_data"].get("contents"), None);
        assert!(made.codes.is_empty(), "{products}: {:?}", made.codes);
    }
}

#[test]
fn an_item_keeps_its_other_keys() {
    for (change, wanted) in [
        (
            json!({"price": "12,50"}),
            json!({"id": "p1", "quantity": 2, "item_price": 12.5}),
        ),
        (
            json!({"price": "$12.50"}),
            json!({"id": "p1", "quantity": 2, "item_price": 12.5}),
        ),
        (json!({"price": "free"}), json!({"id": "p1", "quantity": 2})),
        (
            json!({"price": {"amount": 5}}),
            json!({"id": "p1", "quantity": 2}),
        ),
        (json!({"price": true}), json!({"id": "p1", "quantity": 2})),
        (
            json!({"price": "1,299"}),
            json!({"id": "p1", "quantity": 2}),
        ),
        (
            json!({"quantity": 1.5}),
            json!({"id": "p1", "item_price": 19.99}),
        ),
        (
            json!({"quantity": "two"}),
            json!({"id": "p1", "item_price": 19.99}),
        ),
        (
            json!({"quantity": [1, 2]}),
            json!({"id": "p1", "item_price": 19.99}),
        ),
        (
            json!({"quantity": "2.0"}),
            json!({"id": "p1", "quantity": 2, "item_price": 19.99}),
        ),
        (
            json!({"quantity": " 2 "}),
            json!({"id": "p1", "quantity": 2, "item_price": 19.99}),
        ),
        (
            json!({"quantity": "2,00"}),
            json!({"id": "p1", "quantity": 2, "item_price": 19.99}),
        ),
        (
            json!({"product_id": 17}),
            json!({"id": "17", "quantity": 2, "item_price": 19.99}),
        ),
        (
            json!({"product_id": " p9 "}),
            json!({"id": "p9", "quantity": 2, "item_price": 19.99}),
        ),
    ] {
        let mut product = json!({"product_id": "p1", "quantity": 2, "price": 19.99});
        for (key, value) in change.as_object().unwrap() {
            product[key] = value.clone();
        }
        let made = purchase(&json!({"products": [product]}));
        let item = &made.sent(&change)["custom_data"]["contents"][0];
        let wanted = wanted.as_object().unwrap();
        assert_eq!(
            item.as_object().unwrap().len(),
            wanted.len(),
            "{change}: {item}"
        );
        for (key, value) in wanted {
            same(&item[key], value, &change);
        }
        let is_left_out = wanted.len() < 3;
        assert_eq!(
            made.has("invalid_type"),
            is_left_out,
            "{change}: {:?}",
            made.codes
        );
    }
}

#[test]
fn amounts_are_read_where_there_is_one_reading() {
    for (amount, wanted) in [
        (json!("$1,299.50"), Some(1299.5)),
        (json!("1.299,50"), Some(1299.5)),
        (json!("1 299,50 €"), Some(1299.5)),
        (json!("EUR 1.299,50"), Some(1299.5)),
        (json!(["1.299,50"]), Some(1299.5)),
        (json!("1.299.000"), Some(1_299_000.0)),
        (json!("1e3"), Some(1000.0)),
        (json!(0), Some(0.0)),
        (json!("1,299"), None),
        (json!("1.299"), None),
        (json!("12 eggs"), None),
        (json!("1,299.50.00"), None),
        (json!(true), None),
        (json!([1, 2]), None),
        (json!("NaN"), None),
    ] {
        let made = purchase(&json!({"revenue": amount}));
        match wanted {
            Some(wanted) => {
                same(
                    &made.sent(&amount)["custom_data"]["value"],
                    &json!(wanted),
                    &amount,
                );
            }
            None => assert!(made.event.is_none() && made.has("invalid_type"), "{amount}"),
        }
        // Where it is optional, it costs itself.
        let made = mapped("net_revenue", &amount);
        let sent = made.sent(&amount)["custom_data"].get("net_revenue");
        match wanted {
            Some(wanted) => same(sent.unwrap(), &json!(wanted), &amount),
            None => assert!(sent.is_none() && made.has("invalid_type"), "{amount}"),
        }
    }
}

#[test]
fn an_amount_that_names_another_currency_warns() {
    for (amount, currency, wanted, warns) in [
        ("12,50 €", "EUR", 12.5, false),
        ("12,50 €", "USD", 12.5, true),
        ("EUR 12.50", "USD", 12.5, true),
        ("US$12.50", "CAD", 12.5, true),
        ("R$ 12,50", "BRL", 12.5, false),
        // These are signs of several.
        ("$12.50", "CAD", 12.5, false),
        ("kr 12,50", "SEK", 12.5, false),
        ("¥1200", "CNY", 1200.0, false),
        // A currency without decimals groups, one with three has them all.
        ("1,000", "JPY", 1000.0, false),
        ("₩12,000", "KRW", 12000.0, false),
        ("1.250", "KWD", 1.25, false),
    ] {
        let made = purchase(&json!({"revenue": amount, "currency": currency}));
        let sent = &made.sent(&json!(amount))["custom_data"];
        same(&sent["value"], &json!(wanted), &json!(amount));
        assert_eq!(sent["currency"], currency, "{amount}");
        assert_eq!(
            made.has("currency_mismatch"),
            warns,
            "{amount}: {:?}",
            made.codes
        );
    }
}

#[test]
fn a_value_goes_with_its_currency() {
    let event = |currency: Value| {
        let mut event = order::with(&json!({"price": 20, "product_id": "p1", "quantity": 1}));
        event["event"] = json!("Product Added");
        event["properties"]["currency"] = currency;
        event
    };
    for currency in [
        json!("doubloons"),
        json!("XXX"),
        json!("EURO"),
        json!(["USD", "EUR"]),
        json!({"code": "USD"}),
        json!(840),
    ] {
        let mapping = json!({"net_revenue": 5});
        let made = made("add-to-cart", &mapping, &event(currency.clone()));
        let custom = &made.sent(&currency)["custom_data"];
        for key in ["currency", "value", "net_revenue"] {
            assert_eq!(custom.get(key), None, "{currency}: {custom}");
        }
        assert_eq!(custom["contents"][0]["id"], "p1");
        assert!(made.has("invalid_currency"), "{currency}: {:?}", made.codes);
        // Meta requires both of a purchase, whichever action makes it.
        let free = json!({
            "event_name": "Purchase",
            "custom_data": {"value": 5, "currency": {"@path": "$.properties.currency"}},
        });
        let made = self::made("custom-event", &free, &event(currency.clone()));
        assert!(
            made.event.is_none() && made.has("missing_field"),
            "{currency}"
        );
    }
    let failing = json!({"currency": {"@path": {"@path": "$.properties"}}});
    let made = made("add-to-cart", &failing, &event(json!("USD")));
    assert_eq!(made.sent(&failing)["custom_data"].get("value"), None);
    for currency in [json!(" usd "), json!("\u{feff}Usd"), json!(["USD"])] {
        let made = self::made("add-to-cart", &json!({}), &event(currency.clone()));
        let custom = &made.sent(&currency)["custom_data"];
        assert_eq!(custom["currency"], "USD");
        same(&custom["value"], &json!(20), &currency);
    }
    // A missing one was not dropped: what the user maps is sent.
    let own = json!({"value": {"@path": "$.properties.price"}});
    let made = self::made("add-to-cart", &own, &event(Value::Null));
    same(
        &made.sent(&own)["custom_data"]["value"],
        &json!(20),
        &json!(null),
    );
    // A price of no currency is the item's alone.
    for currency in [json!(null), json!("")] {
        let made = self::made("add-to-cart", &json!({}), &event(currency.clone()));
        let custom = &made.sent(&currency)["custom_data"];
        assert_eq!(custom.get("value"), None, "{currency}");
        assert_eq!(custom["contents"][0]["item_price"], 20, "{currency}");
        assert!(made.codes.is_empty(), "{currency}: {:?}", made.codes);
    }
}

/// As in `user_data`; what a subscription maps itself is as it says.
#[test]
fn an_amount_that_cannot_be_read_does_not_hide_the_next() {
    for revenue in [
        json!("NaN"),
        json!(true),
        json!({}),
        json!("1,299"),
        json!([1, 2]),
    ] {
        let made = purchase(&json!({"revenue": revenue, "total": "20.50"}));
        same(
            &made.sent(&revenue)["custom_data"]["value"],
            &json!(20.5),
            &revenue,
        );
        assert!(
            made.has("invalid_type") && made.codes.len() == 1,
            "{revenue}: {:?}",
            made.codes
        );
        let made = purchase(&json!({"revenue": revenue, "total": "none"}));
        assert!(made.event.is_none(), "{revenue}");
        let own = json!({"value": {"@coalesce": [
            {"@path": "$.properties.revenue"}, {"@path": "$.properties.sum"}
        ]}});
        let made = self::made(
            "purchase",
            &own,
            &order::with(&json!({"revenue": revenue, "sum": 20})),
        );
        assert!(made.event.is_none(), "{revenue}");
        let event = order::with(&json!({"revenue": revenue, "total": 20}));
        let made = self::made("initiate-checkout", &json!({}), &event);
        same(
            &made.sent(&revenue)["custom_data"]["value"],
            &json!(20),
            &revenue,
        );
        assert!(
            made.has("invalid_type") && made.codes.len() == 1,
            "{revenue}: {:?}",
            made.codes
        );
    }
}

#[test]
fn limited_data_use_is_a_pair_that_meta_takes() {
    for (options, country, state, wanted) in [
        (json!(true), json!(null), json!(1000), Some((1, 1000))),
        (json!(["LDU"]), json!(0), json!("1013"), Some((1, 1013))),
        (json!("LDU"), json!(1), json!(1005), Some((1, 1005))),
        (
            json!(r#"["LDU"]"#),
            json!("1"),
            json!(1001.0),
            Some((1, 1001)),
        ),
        (json!(true), json!(1), json!(null), Some((0, 0))),
        (json!(true), json!(1), json!(0), Some((0, 0))),
        (json!("true"), json!(null), json!(null), Some((0, 0))),
        (json!([]), json!(1), json!(1000), None),
        (json!("[]"), json!(null), json!(null), None),
        (json!(false), json!(null), json!(null), None),
    ] {
        let what = json!([options, country, state]);
        let mapping = json!({
            "data_processing_options": {"@literal": options},
            "data_processing_options_country": country,
            "data_processing_options_state": state,
        });
        let made = made("purchase", &mapping, &order::with(&json!({})));
        let event = made.sent(&what);
        match wanted {
            None => assert_eq!(event.get("data_processing_options"), None, "{what}"),
            Some((country, state)) => {
                assert_eq!(event["data_processing_options"], json!(["LDU"]), "{what}");
                assert_eq!(event["data_processing_options_country"], country, "{what}");
                assert_eq!(event["data_processing_options_state"], state, "{what}");
            }
        }
    }
    for (field, value) in [
        ("data_processing_options", json!("yes")),
        ("data_processing_options", json!(["GDPR"])),
        ("data_processing_options", json!({"LDU": true})),
        ("data_processing_options_country", json!("US")),
        ("data_processing_options_country", json!(2)),
        ("data_processing_options_state", json!("CA")),
        ("data_processing_options_state", json!(1014)),
        ("opt_out", json!("n/a")),
        ("opt_out", json!([])),
    ] {
        assert!(mapped(field, &value).event.is_none(), "{field} = {value}");
    }
}

#[test]
fn content_ids_are_those_of_products() {
    for (ids, wanted, code) in [
        (json!(r#"["a","b"]"#), json!(["a", "b"]), None),
        (json!("['a', 'b']"), json!(["a", "b"]), None),
        (json!(r#" [1, 2] "#), json!(["1", "2"]), None),
        (
            json!([" a ", "", null, "b\u{a0}", 7]),
            json!(["a", "b", "7"]),
            None,
        ),
        (json!(" a\n"), json!(["a"]), None),
        (json!(17), json!(["17"]), None),
        (
            json!("a,b"),
            json!(["a,b"]),
            Some("content_ids_in_one_text"),
        ),
        (
            json!(["a", "b, c"]),
            json!(["a", "b, c"]),
            Some("content_ids_in_one_text"),
        ),
        (
            json!("[a,b]"),
            json!(["[a,b]"]),
            Some("content_ids_in_one_text"),
        ),
        (
            json!([["a"], {"id": "b"}, "c"]),
            json!(["a", "c"]),
            Some("invalid_type"),
        ),
    ] {
        let made = mapped("content_ids", &ids);
        same(
            &made.sent(&ids)["custom_data"]["content_ids"],
            &wanted,
            &ids,
        );
        let wanted: BTreeSet<_> = code.into_iter().map(str::to_owned).collect();
        assert_eq!(made.codes, wanted, "{ids}");
    }
    for ids in [json!([]), json!("[]"), json!([" ", ""]), json!(null)] {
        let made = mapped("content_ids", &ids);
        assert_eq!(
            made.sent(&ids)["custom_data"].get("content_ids"),
            None,
            "{ids}"
        );
        assert!(made.codes.is_empty(), "{ids}: {:?}", made.codes);
    }
    for (kind, is_told) in [
        ("product", false),
        ("product_group", false),
        ("hotel", false),
        ("Product", true),
        ("products", true),
        ("simple", true),
    ] {
        let kind = json!(kind);
        let made = mapped("content_type", &kind);
        assert_eq!(made.sent(&kind)["custom_data"]["content_type"], kind);
        assert_eq!(made.has("unknown_content_type"), is_told, "{kind}");
    }
}

#[test]
fn one_product_has_the_quantity_one() {
    let event = |name: &str, quantity: Value| {
        let mut event = order::with(&json!({"product_id": "p1", "price": 5}));
        event["event"] = json!(name);
        event["properties"]["quantity"] = quantity;
        event
    };
    let one = json!({"contents": {"@arrayPath": ["$.properties", {
        "id": {"@path": "$.product_id"},
        "quantity": {"@path": "$.quantity"},
    }]}});
    for (action, name, mapping) in [
        ("view-content", "Product Viewed", json!({})),
        ("add-to-cart", "Product Added", json!({})),
        ("add-to-cart", "product added", json!({})),
        ("add-to-wishlist", "Product Added to Wishlist", json!({})),
        (
            "custom-event",
            "Product Removed",
            json!({"custom_data": one}),
        ),
    ] {
        for quantity in [Value::Null, json!("")] {
            let made = made(action, &mapping, &event(name, quantity));
            let what = json!(name);
            same(
                &made.sent(&what)["custom_data"]["contents"][0]["quantity"],
                &json!(1),
                &what,
            );
            assert!(!made.has("contents_item_without_quantity"), "{name}");
        }
        let made = made(action, &mapping, &event(name, json!(3)));
        same(
            &made.sent(&json!(name))["custom_data"]["contents"][0]["quantity"],
            &json!(3),
            &json!(name),
        );
        // What is there and cannot be read is not one.
        let made = self::made(action, &mapping, &event(name, json!("some")));
        assert_eq!(
            made.sent(&json!(name))["custom_data"]["contents"][0].get("quantity"),
            None
        );
        assert!(made.has("invalid_type"));
    }
    let made = purchase(&json!({"products": [{"product_id": "p1"}, {"product_id": "p2"}]}));
    let contents = &made.sent(&json!("order"))["custom_data"]["contents"];
    assert_eq!(contents, &json!([{"id": "p1"}, {"id": "p2"}]));
    assert!(made.has("contents_item_without_quantity"));
}

#[test]
fn a_negative_amount_is_told_of() {
    for change in [
        json!({"revenue": -5}),
        json!({"revenue": "-5,00 €"}),
        json!({"revenue": "(5.00)"}),
        json!({"products": [{"product_id": "p1", "quantity": -1, "price": 5}]}),
        json!({"products": [{"product_id": "p1", "quantity": 1, "price": "-5.00"}]}),
    ] {
        let made = purchase(&change);
        made.sent(&change);
        assert!(made.has("negative_amount"), "{change}: {:?}", made.codes);
    }
    assert!(!mapped("net_revenue", &json!(-5)).has("negative_amount"));
}

#[test]
fn a_predicted_value_is_above_nothing() {
    for value in [
        json!(0),
        json!(-1),
        json!("0,00"),
        json!(false),
        json!("(12.50)"),
    ] {
        let made = mapped("custom_data", &json!({"predicted_ltv": value}));
        assert_eq!(
            made.sent(&value)["custom_data"].get("predicted_ltv"),
            None,
            "{value}"
        );
        assert!(
            made.has("out_of_range") || made.has("invalid_type"),
            "{value}"
        );
        let mut event = order::with(&json!({
            "predicted_ltv": value,
            "original_event_name": "Purchase",
            "original_event_time": "2026-03-01T11:00:00Z",
            "original_event_id": "m0",
        }));
        event["event"] = json!("Predicted Value Updated");
        let made = self::made("append-value", &json!({}), &event);
        assert!(made.event.is_none(), "{value}");
    }
}

#[test]
fn urls_are_clean_and_else_byte_for_byte() {
    let with = |url: &Value, referrer: &Value| {
        let mut event = order::with(&json!({}));
        event["context"]["page"] = json!({"url": url, "referrer": referrer});
        made("purchase", &json!({}), &event)
    };
    for (url, wanted) in [
        (" https://shop.example/a ", "https://shop.example/a"),
        (
            "\u{feff}https://shop.example/a\r\n",
            "https://shop.example/a",
        ),
        (
            "https://shop.example/?a=1&amp;b=2",
            "https://shop.example/?a=1&b=2",
        ),
        (
            "https://shop.example/?a=1.AQQCAQMC",
            "https://shop.example/?a=1.AQQCAQMC",
        ),
        (
            "https://shop.example.com.AQQCAQMC",
            "https://shop.example.com.AQQCAQMC",
        ),
        (
            "https://shop.example/a.AQQCAQMC#x",
            "https://shop.example/a.AQQCAQMC#x",
        ),
        (
            "https://shop.example/%7E?q=%20+&&=",
            "https://shop.example/%7E?q=%20+&&=",
        ),
        ("http://localhost:3000/", "http://localhost:3000/"),
        ("http://203.0.113.7/", "http://203.0.113.7/"),
        ("http://[2001:db8::1]/", "http://[2001:db8::1]/"),
    ] {
        let made = with(&json!(url), &json!(url));
        let event = made.sent(&json!(url));
        assert_eq!(event["event_source_url"], wanted);
        assert_eq!(event["referrer_url"], wanted);
        assert!(made.codes.is_empty(), "{url}: {:?}", made.codes);
    }
    for url in [
        "https://<host>/a",
        "https://{{Page Hostname}}/a",
        "https://{{host}}/a",
        "https://intranet/a",
        "https://undefined/",
        "http://${HOST}/",
    ] {
        let made = with(&json!(url), &json!(null));
        assert_eq!(made.sent(&json!(url))["event_source_url"], url);
        assert!(made.has("unusual_url_host"), "{url}");
    }
    for referrer in [
        json!(["https://a.example/", "https://b.example/"]),
        json!({}),
        json!(5),
    ] {
        let made = with(&json!("https://shop.example/"), &referrer);
        assert_eq!(made.sent(&referrer).get("referrer_url"), None, "{referrer}");
        assert!(!made.codes.is_empty(), "{referrer}");
    }
    for url in [
        json!(["https://a.example/", "https://b.example/"]),
        json!({}),
    ] {
        assert!(
            with(&url, &json!(null)).has("missing_event_source_url"),
            "{url}"
        );
    }
}

#[test]
fn a_directive_that_fails_costs_its_field() {
    let failing = json!({"@path": {"@path": "$.context"}});
    for mapping in [
        json!({"content_name": failing}),
        json!({"contents": failing}),
        json!({"order_id": failing}),
        json!({"user_data": {"email": failing}}),
        json!({"user_data": {"client_ip_address": failing}}),
        json!({"original_event_data": {"order_id": failing}}),
        json!({"custom_data": {"plan": failing}}),
        json!({"app_data_field": {"use_app_data": true, "locale": failing}}),
        json!({"event_id": failing}),
    ] {
        let made = made("purchase", &mapping, &order::with(&json!({})));
        same(
            &made.sent(&mapping)["custom_data"]["value"],
            &json!(39.98),
            &mapping,
        );
        assert!(made.has("mapping_failed"), "{mapping}");
    }
    for mapping in [
        json!({"value": failing}),
        json!({"user_data": failing}),
        json!({"event_time": failing}),
        json!({"opt_out": failing}),
        json!({"data_processing_options_state": failing}),
        json!({"app_data_field": {"use_app_data": true, "advertiser_tracking_enabled": failing}}),
    ] {
        let made = made("purchase", &mapping, &order::with(&json!({})));
        assert!(
            made.event.is_none() && made.has("mapping_failed"),
            "{mapping}"
        );
    }
}
