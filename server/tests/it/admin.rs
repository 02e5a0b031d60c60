//! The admin API: who may ask, and what is left behind.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use crate::support::admin::{ask, endpoint};
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
    for path in ["/lanes", "/queue", "/dead/list", "/nowhere"] {
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
