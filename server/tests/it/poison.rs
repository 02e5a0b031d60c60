//! Events that Meta refuses in a full batch: they are found, and they alone.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::admin::ask_with_its_token;
use crate::support::calls::order;
use crate::support::http::Request;
use crate::support::meta::{Meta, names_and_ids};
use crate::support::poll;
use crate::support::relay::{Relay, Setup};

/// As many as a request to Meta holds.
const EVENTS: usize = 1000;

fn dead(relay: &Relay) -> Vec<Value> {
    let request = Request::new("POST", "/dead/list").body("{}");
    let answer = ask_with_its_token(relay, request);
    assert_eq!(answer.status, 200, "{answer:?}");
    let letters = answer.json();
    letters.as_array().unwrap().clone()
}

/// Sends a full batch in which these places are poison.
fn endure(places: &BTreeSet<usize>) {
    let meta = Meta::up();
    let refuse = json!({
        "status": 400, "code": 100, "subcode": 2_804_019, "message": "no",
    });
    meta.faults(&json!([{"match": {"event_id": "poison-*"}, "answer": refuse}]));
    let setup = Setup {
        server: "max_batch_bytes = 2000000",
        ..Setup::default()
    };
    let relay = Relay::with(&meta, setup);
    let id = |place: usize| {
        let kind = if places.contains(&place) {
            "poison"
        } else {
            "good"
        };
        format!("{kind}-{place:03}")
    };
    let calls: Vec<_> = (0..EVENTS).map(|place| order(&id(place))).collect();
    relay.take(&calls);
    meta.wait_for_count(EVENTS - places.len());
    let letters = poll::until("every poison to be buried", || {
        let letters = dead(&relay);
        (letters.len() >= places.len()).then_some(letters)
    });

    let buried: BTreeSet<_> = letters
        .iter()
        .map(|letter| letter["event_id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(buried, places.iter().map(|place| id(*place)).collect());
    for letter in &letters {
        for (key, value) in [
            ("reason", json!("rejected")),
            ("code", json!(100)),
            ("subcode", json!(2_804_019)),
            ("action", json!("purchase")),
        ] {
            assert_eq!(letter[key], value, "{key} of {letter}");
        }
        assert!(letter["message"].is_string(), "{letter}");
        assert!(letter["fbtrace_id"].is_string(), "{letter}");
    }
    let mut arrived: Vec<_> = names_and_ids(&meta.events())
        .into_iter()
        .map(|(_, id)| id)
        .collect();
    arrived.sort();
    let good = (0..EVENTS).filter(|place| !places.contains(place)).map(id);
    assert_eq!(arrived, good.collect::<Vec<_>>());
    assert_eq!(meta.stats().duplicates, 0);
    // What `docs/delivery.md` states, and a few requests for what came in pieces.
    let (n, k) = (EVENTS as f64, places.len() as f64);
    let bound = 2.0 * k * (n.log2().ceil() - k.log2().ceil()) + 4.0 * k + 20.0;
    assert!(
        (meta.stats().requests as f64) <= bound,
        "{} requests for {k} of {n}",
        meta.stats().requests
    );
}

#[test]
fn one_in_a_thousand() {
    endure(&BTreeSet::from([fastrand::usize(..EVENTS)]));
}

#[test]
fn three_in_a_thousand() {
    endure(&BTreeSet::from([0, 500, EVENTS - 1]));
}

#[test]
fn fifty_in_a_thousand() {
    let mut places = BTreeSet::new();
    while places.len() < 50 {
        places.insert(fastrand::usize(..EVENTS));
    }
    endure(&places);
}
