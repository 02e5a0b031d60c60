//! What the system tells the server: to stop, to stop immediately, and what is not for it.

use std::net::TcpStream;

use crate::support::calls::order;
use crate::support::http::Request;
use crate::support::meta::Meta;
use crate::support::poll;
use crate::support::relay::{Relay, Setup};

fn ready(relay: &Relay) -> (u16, String) {
    let answer = relay.send(&Request::new("GET", "/health/ready"));
    (answer.status, answer.body)
}

#[test]
fn a_server_that_stops_is_not_ready_first_and_takes_requests_for_a_while() {
    let meta = Meta::up();
    let setup = Setup {
        server: "drain_seconds = 3",
        ..Setup::default()
    };
    let mut relay = Relay::with(&meta, setup);
    assert_eq!(ready(&relay), (200, "ready\n".into()));
    relay.signal("TERM");
    let why = poll::until("the server not to be ready", || {
        let (status, why) = ready(&relay);
        (status == 503).then_some(why)
    });
    assert_eq!(why, "not ready: capi stops\n");
    relay.take(&[order("meanwhile")]);
    assert_eq!(relay.send(&Request::new("GET", "/health/live")).status, 200);
    assert!(relay.wait().success(), "{}", relay.log());
    meta.wait_for_id("meanwhile");
    assert!(TcpStream::connect(relay.address).is_err());
}

#[test]
fn a_second_signal_ends_the_server_at_once_and_loses_nothing() {
    let meta = Meta::down();
    let setup = Setup {
        server: "drain_seconds = 600",
        ..Setup::default()
    };
    let mut relay = Relay::with(&meta, setup);
    relay.take(&[order("kept")]);
    for (signal, code) in [("TERM", 143), ("INT", 130)] {
        relay.signal("TERM");
        relay.wait_for_log("Told to stop");
        relay.signal(signal);
        assert_eq!(relay.wait().code(), Some(code), "{}", relay.log());
        relay = relay.again();
    }
    let mut meta = meta;
    meta.rise();
    meta.wait_for_id("kept");
}

#[test]
fn signals_that_are_not_for_it_are_logged_and_nothing_else() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    for name in ["HUP", "USR1", "USR2"] {
        relay.signal(name);
        relay.wait_for_log(&format!("SIG{name} is ignored"));
        relay.take(&[order(name)]);
    }
    meta.wait_for(3);
}

#[test]
fn a_data_folder_that_everybody_may_write_in_is_warned_of() {
    let meta = Meta::up();
    let setup = Setup {
        shell: Some(
            "mkdir -p \"$(dirname \"$2\")/data\" && chmod 777 \"$(dirname \"$2\")/data\" && exec",
        ),
        ..Setup::default()
    };
    let relay = Relay::with(&meta, setup);
    assert!(relay.log().contains("Everybody on this machine may write"));
    let relay = Relay::start(&meta);
    assert!(!relay.log().contains("Everybody on this machine may write"));
}
