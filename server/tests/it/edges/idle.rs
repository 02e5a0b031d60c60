//! Clients that keep a connection and say nothing, or nearly nothing.

use std::io::{Read, Write};
use std::net::TcpStream;

use super::doors::MOST_KIB;
use crate::support::calls::order;
use crate::support::http::{Request, answer, connect};
use crate::support::meta::Meta;
use crate::support::poll;
use crate::support::relay::{KEY, Relay, Setup};

fn call(id: &str) -> Vec<u8> {
    let call = Request::post("/v1/track", order(id).to_string());
    call.key(KEY).bytes()
}

/// Connections of clients that say this much and then nothing.
fn silent(relay: &Relay, count: usize, said: &[u8]) -> Vec<TcpStream> {
    let one = |_| {
        let mut stream = connect(relay.address).unwrap();
        stream.write_all(said).unwrap();
        stream
    };
    (0..count).map(one).collect()
}

/// The same, not so fast that the kernel's own queue runs over: whom it turns away
/// tries again seconds later.
fn many_silent(relay: &Relay, count: usize, said: &[u8]) -> Vec<TcpStream> {
    let mut all = Vec::with_capacity(count);
    while all.len() < count {
        all.extend(silent(relay, 100, said));
        assert_eq!(relay.send(&Request::new("GET", "/health/live")).status, 200);
    }
    all
}

#[test]
fn ten_thousand_idle_connections() {
    let files = rlimit::increase_nofile_limit(u64::MAX).unwrap();
    assert!(
        files > 11_000,
        "this test opens 10,000 connections: ulimit -Hn"
    );
    let meta = Meta::up();
    // The soft limit of most systems, which is the server's to raise.
    let relay = Relay::with(
        &meta,
        Setup {
            shell: Some("ulimit -Sn 1024 && exec"),
            ..Setup::default()
        },
    );
    let mut held = many_silent(&relay, 4000, b"");
    held.extend(many_silent(
        &relay,
        3000,
        b"POST /v1/track HTTP/1.1\r\nHost:",
    ));
    // Bodies of which half is there, and requests that were answered.
    let whole = call("half");
    held.extend(many_silent(&relay, 1500, &whole[..whole.len() - 100]));
    let mut answered = many_silent(&relay, 1500, &Request::new("GET", "/health/live").bytes());
    for stream in &mut answered {
        assert_eq!(answer(stream).unwrap().status, 200);
    }
    relay.take(&[order("meanwhile")]);
    meta.wait_for_id("meanwhile");
    let peak = relay.peak_kib();
    assert!(peak < MOST_KIB, "the server took {peak} KiB");
    assert!(!relay.log().contains("WARN"), "{}", relay.log());
    drop((held, answered));
    relay.take(&[order("afterwards")]);
    meta.wait_for_id("afterwards");
    assert_eq!(meta.stats().events_received, 2);
}

#[test]
fn more_connections_than_files_may_be_open() {
    let meta = Meta::up();
    let relay = Relay::with(
        &meta,
        Setup {
            shell: Some("ulimit -n 400 && exec"),
            ..Setup::default()
        },
    );
    // One that has come in time is served all along.
    let mut early = connect(relay.address).unwrap();
    let mut send = |id: &str| {
        early.write_all(&call(id)).unwrap();
        assert_eq!(answer(&mut early).unwrap().status, 200, "{id}");
        meta.wait_for_id(id);
    };
    send("before");
    // As many as have a place, and some before the door.
    let held = silent(&relay, 300, b"");
    poll::until("the server to say that it is full", || {
        relay.log().contains("others wait").then_some(())
    });
    // There are files left to store it in, and to send it with.
    send("meanwhile");
    // Who has come late is not turned away.
    let mut late = connect(relay.address).unwrap();
    late.write_all(&call("late")).unwrap();
    drop(held);
    assert_eq!(answer(&mut late).unwrap().status, 200);
    meta.wait_for_id("late");
    send("after");
    // Said once, however many wait.
    assert_eq!(
        relay.log().matches("others wait").count(),
        1,
        "{}",
        relay.log()
    );
}

#[test]
fn a_client_that_dribbles_holds_nobody_up() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let mut slow = connect(relay.address).unwrap();
    let whole = call("slow");
    // Every byte for itself, in the head and in the body.
    for (place, byte) in whole.iter().enumerate() {
        slow.write_all(&[*byte]).unwrap();
        slow.flush().unwrap();
        if place % 300 == 0 {
            relay.take(&[order(&format!("quick-{place}"))]);
        }
    }
    assert_eq!(answer(&mut slow).unwrap().status, 200);
    meta.wait_for_id("slow");
}

#[test]
fn a_client_that_reads_no_answers_holds_nobody_up() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let mut deaf = connect(relay.address).unwrap();
    deaf.set_nonblocking(true).unwrap();
    // Sent until nothing more is taken off the wire: the answers are in the way.
    let requests = Request::new("GET", "/health/live").bytes().repeat(1000);
    let mut refusals = 0;
    let mut place = 0;
    while refusals < 20 {
        match deaf.write(&requests[place..]) {
            Ok(written) => {
                place = (place + written) % requests.len();
                refusals = 0;
            }
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                refusals += 1;
                relay.take(&[order(&format!("meanwhile-{place}-{refusals}"))]);
            }
            Err(error) => panic!("the server hung up: {error}"),
        }
    }
    let peak = relay.peak_kib();
    assert!(peak < MOST_KIB, "the server took {peak} KiB");
    // Now it listens.
    deaf.set_nonblocking(false).unwrap();
    let mut first = [0; 15];
    deaf.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200 OK");
}
