//! The admin API: who may ask, and what is left behind.

use std::os::unix::fs::PermissionsExt as _;

use capi_server::admin::endpoint::Secret;
use serde_json::json;

use crate::support::admin::{ask, ask_with_its_token, endpoint};
use crate::support::calls::order;
use crate::support::http::{Request, exchange};
use crate::support::meta::Meta;
use crate::support::relay::{Relay, Setup};

#[test]
fn nothing_is_answered_without_the_token() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let (address, token) = endpoint(&relay);
    assert!(address.ip().is_loopback());
    for path in [
        "/lanes",
        "/conditions",
        "/queue",
        "/queue/purge",
        "/dead/list",
        "/nowhere",
        "/hello/",
    ] {
        let bare = exchange(address, &Request::new("GET", path).bytes()).unwrap();
        assert_eq!(bare.status, 401, "{path}");
        for wrong in ["", "x", &token[1..], &format!("{token}0")] {
            assert_eq!(
                ask(&relay, wrong, Request::new("GET", path)).status,
                401,
                "{path}"
            );
        }
    }
    assert_eq!(
        ask(&relay, &token, Request::new("GET", "/lanes")).status,
        200
    );
    assert_eq!(
        ask(&relay, &token, Request::new("GET", "/nowhere")).status,
        404
    );
    let wrong = ask(
        &relay,
        &token,
        Request::new("POST", "/dead/list").body("{\"filtre\":{}}"),
    );
    assert!(
        wrong.status == 400 && wrong.body.contains("filtre"),
        "{wrong:?}"
    );
    assert!(!relay.log().contains(&token));
    // The ingest listener knows nothing of it.
    assert_eq!(relay.send(&Request::new("GET", "/lanes")).status, 404);
}

/// Who it would send the token to is asked without the token.
#[test]
fn a_server_proves_that_the_file_is_its_own_to_everybody() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let (address, token) = endpoint(&relay);
    let hello = |nonce: &str| {
        let body = json!({"nonce": nonce}).to_string();
        exchange(address, &Request::new("POST", "/hello").body(body).bytes()).unwrap()
    };
    let file = std::fs::read_to_string(relay.data_dir().join("admin.json")).unwrap();
    let secret = serde_json::from_str::<serde_json::Value>(&file).unwrap()["secret"].clone();
    let secret: Secret = serde_json::from_value(secret).unwrap();
    for nonce in ["one", "another"] {
        let answer = hello(nonce);
        assert_eq!(answer.status, 200, "{answer:?}");
        let proof = answer.json()["proof"].as_str().unwrap().to_owned();
        assert!(secret.proves(nonce, &proof));
        assert!(!answer.body.contains(&token));
    }
    // No more than commands need.
    assert_eq!(hello(&"x".repeat(129)).status, 400);
    assert_eq!(hello(&"x".repeat(1000)).status, 413);
    let bare = exchange(address, &Request::new("POST", "/hello").bytes()).unwrap();
    assert_eq!(bare.status, 400);
}

#[test]
fn what_is_wrong_with_the_server_is_a_list_of_sentences() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let conditions = ask_with_its_token(&relay, Request::new("GET", "/conditions"));
    assert_eq!(conditions.json(), json!([]));
    let lanes = ask_with_its_token(&relay, Request::new("GET", "/lanes")).json();
    assert_eq!(lanes[0]["set_aside"], json!([]));
}

#[test]
fn address_and_token_are_for_the_owner_and_for_this_run() {
    let meta = Meta::up();
    let mut relay = Relay::start(&meta);
    let file = relay.data_dir().join("admin.json");
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let (_, token) = endpoint(&relay);
    relay.stop();
    assert!(!file.exists());
    let again = relay.again();
    assert_ne!(endpoint(&again).1, token);
}

#[test]
fn a_configured_token_is_the_token() {
    let meta = Meta::up();
    let setup = Setup {
        server: "admin_token = \"of-my-own\"",
        ..Setup::default()
    };
    let relay = Relay::with(&meta, setup);
    relay.take(&[order("a")]);
    meta.wait_for_id("a");
    let lanes = ask(&relay, "of-my-own", Request::new("GET", "/lanes")).json();
    assert_eq!(
        (&lanes[0]["destination"], &lanes[0]["state"]),
        (&json!("meta"), &json!("active"))
    );
}

#[test]
fn a_list_of_dead_letters_is_bounded_whatever_is_asked_for() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    // Without all that an order has, it is rejected.
    let nothing = |id: usize| json!({"type": "track", "event": "Order Completed", "messageId": id.to_string()});
    for first in [1, 5_001] {
        let calls: Vec<_> = (first..first + 5_000).map(nothing).collect();
        assert_eq!(relay.batch(&calls).status, 200);
    }
    assert_eq!(relay.batch(&[nothing(10_001)]).status, 200);
    let list = |request: serde_json::Value| {
        let body = request.to_string();
        let answer = ask_with_its_token(&relay, Request::new("POST", "/dead/list").body(body));
        answer.json().as_array().unwrap().clone()
    };
    let page = list(json!({"limit": 1_000_000}));
    assert_eq!(page.len(), 10_000);
    let rest = list(json!({"limit": 1_000_000, "after": page[9_999]["id"]}));
    assert_eq!(rest.len(), 1);
}
