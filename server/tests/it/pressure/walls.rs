//! Walls of events that Meta refuses, with good ones behind them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::admin::ask_with_its_token;
use crate::support::calls::{order, with};
use crate::support::http::Request;
use crate::support::meta::{Meta, names_and_ids};
use crate::support::poll;
use crate::support::relay::{Relay, Setup};

/// So many bad ones stand before the good ones.
const BAD: usize = 3_000;

/// So many good ones are behind them.
const GOOD: usize = 40;

const SETUP: Setup<'static> = Setup {
    server: "max_batch_bytes = 4000000",
    destination: "",
    tables: "",
    log: None,
    shell: None,
};

fn cart(id: usize) -> Value {
    with(
        order(&format!("cart-{id}")),
        "/event",
        json!("Product Added"),
    )
}

fn good(from: usize) -> Vec<Value> {
    (from..from + GOOD)
        .map(|id| order(&format!("order-{id}")))
        .collect()
}

/// Meta refuses what has such an id.
fn refuse(meta: &Meta, pattern: &str) {
    let answer = json!({"status": 400, "code": 100, "subcode": 2_804_019, "message": "no"});
    meta.faults(&json!([{"match": {"event_id": pattern}, "answer": answer}]));
}

fn lane(relay: &Relay) -> Value {
    let answer = ask_with_its_token(relay, Request::new("GET", "/lanes"));
    answer.json()[0].take()
}

fn orders_at(meta: &Meta) -> BTreeSet<String> {
    let ids = names_and_ids(&meta.events()).into_iter().map(|(_, id)| id);
    ids.filter(|id| id.starts_with("order-")).collect()
}

#[test]
fn a_kind_that_meta_refuses_waits_and_what_is_behind_it_goes() {
    let meta = Meta::up();
    refuse(&meta, "cart-*");
    let relay = Relay::with(&meta, SETUP);
    relay.take(&(0..BAD).map(cart).collect::<Vec<_>>());
    relay.take(&good(0));
    poll::until("every good order at Meta", || {
        (orders_at(&meta).len() == GOOD).then_some(())
    });
    // Nothing is given up, and what waits is reported, and why.
    let aside = poll::until("the carts to be set aside", || {
        let aside = lane(&relay).pointer("/set_aside/0")?.clone();
        (aside["rows"] == BAD).then_some(aside)
    });
    for (member, value) in [
        ("action", json!("add-to-cart")),
        ("event_name", json!("AddToCart")),
        ("source", json!("shop")),
        ("code", json!(100)),
    ] {
        assert_eq!(aside[member], value, "{aside}");
    }
    assert!(aside["since"].is_u64(), "{aside}");
    let requests = meta.stats().requests;
    assert!(requests < 200, "{requests} requests for {BAD} bad events");

    // Mended: a person says so, and all of it goes.
    meta.faults(&json!([]));
    let resume = Request::new("POST", "/lanes/resume").body(r#"{"destination":"meta"}"#);
    assert_eq!(ask_with_its_token(&relay, resume).status, 200);
    meta.wait_for_count(BAD + GOOD);
    poll::until("nothing to be set aside", || {
        (lane(&relay)["set_aside"] == json!([])).then_some(())
    });
    assert_eq!(meta.stats().duplicates, 0);
}

#[test]
fn a_restart_forgets_neither_what_is_set_aside_nor_to_ask() {
    let meta = Meta::up();
    refuse(&meta, "cart-*");
    let mut relay = Relay::with(&meta, SETUP);
    relay.take(&(0..100).map(cart).collect::<Vec<_>>());
    let rows = |relay: &Relay| lane(relay).pointer("/set_aside/0/rows")?.as_u64();
    poll::until("the carts to be set aside", || {
        (rows(&relay) == Some(100)).then_some(())
    });
    relay.kill();
    let relay = relay.again();
    relay.take(&good(0));
    meta.wait_for_count(GOOD);
    assert_eq!(rows(&relay), Some(100));
    // A sample asks by itself, and finds it fixed.
    meta.faults(&json!([]));
    meta.wait_for_count(GOOD + 100);
}

#[test]
fn bad_and_good_ones_in_turn_are_told_apart_by_their_kind() {
    let meta = Meta::up();
    refuse(&meta, "cart-*");
    let relay = Relay::with(&meta, SETUP);
    let mixed = (0..1_000).flat_map(|id| [cart(id), order(&format!("order-{id}"))]);
    relay.take(&mixed.collect::<Vec<_>>());
    poll::until("every good order at Meta", || {
        (orders_at(&meta).len() == 1_000).then_some(())
    });
    let requests = meta.stats().requests;
    assert!(requests < 200, "{requests} requests");
}
