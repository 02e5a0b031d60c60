//! What no proper client does with its connection. Whatever happens to it, the
//! next client is served.

mod codings;
mod keys;
mod lengths;
mod versions;

use std::io::Write;
use std::net::Shutdown;

use Told::{AtMost, Each, Ended, Once};

use crate::support::calls::order;
use crate::support::http::{Request, Response, answer, answers, connect};
use crate::support::meta::{Meta, names_and_ids};
use crate::support::relay::{KEY, Relay, Setup};

/// The answer to a client.
enum Told {
    /// This status, one answer.
    Once(u16),
    /// These, in this order.
    Each(&'static [u16]),
    /// These, once the client has said all.
    Ended(&'static [u16]),
    /// One of these, if it is heard: the server may have hung up on what was still
    /// coming.
    AtMost(&'static [u16]),
}

/// What a client sends, and whether it has said all then.
struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    reported: Told,
    /// The ids of what is taken.
    taken: &'static [&'static str],
}

fn case(name: &'static str, request: &Request, status: u16) -> Case {
    raw(name, request.bytes(), Once(status))
}

fn raw(name: &'static str, bytes: impl Into<Vec<u8>>, reported: Told) -> Case {
    Case {
        name,
        bytes: bytes.into(),
        reported,
        taken: &[],
    }
}

impl Case {
    fn takes(self, taken: &'static [&'static str]) -> Self {
        Self { taken, ..self }
    }
}

/// A call with this id and the key.
fn call(id: &str) -> Request {
    Request::post("/v1/track", order(id).to_string()).key(KEY)
}

/// A call without the key.
fn anonymous(id: &str) -> Request {
    Request::post("/v1/track", order(id).to_string())
}

/// Sends what the case says; gives the answer.
fn reported(relay: &Relay, case: &Case) -> Vec<Response> {
    let mut stream = connect(relay.address).unwrap();
    // A server that refuses early closes while the rest is being sent.
    stream.write_all(&case.bytes).ok();
    match case.reported {
        Once(_) => answers(&mut stream, 1),
        Each(all) => answers(&mut stream, all.len()),
        Ended(_) | AtMost(_) => {
            // What may be waited for does not come.
            stream.shutdown(Shutdown::Write).ok();
            answers(&mut stream, usize::MAX)
        }
    }
}

#[test]
fn every_kind_of_request() {
    let meta = Meta::up();
    let source = format!(
        "[[source]]
name = \"ключ\"
write_key = \"{}\"",
        keys::FAR
    );
    let mut relay = Relay::with(
        &meta,
        Setup {
            tables: &source,
            ..Setup::default()
        },
    );
    let cases = [
        versions::cases(),
        lengths::cases(),
        codings::cases(),
        keys::cases(),
    ];
    let mut failures = Vec::new();
    let mut taken = Vec::new();
    for case in cases.into_iter().flatten() {
        let reported = reported(&relay, &case);
        let statuses: Vec<u16> = reported.iter().map(|answer| answer.status).collect();
        let good = match &case.reported {
            // What follows a body that is refused is not a request, and may be answered so.
            Once(status) => statuses.first() == Some(status),
            Each(all) | Ended(all) => statuses == *all,
            AtMost(some) => statuses.iter().all(|status| some.contains(status)),
        };
        if !good {
            failures.push(format!("{}: {reported:?}", case.name));
        }
        // Each refusal of ours says why; what is not HTTP at all hyper answers.
        let ours = |answer: &&Response| answer.status != 200 && !answer.body.is_empty();
        for answer in reported.iter().filter(ours) {
            if answer.json()["message"].as_str().is_none_or(str::is_empty) {
                failures.push(format!("{}: no word of why: {answer:?}", case.name));
            }
        }
        taken.extend(case.taken.iter().map(|id| (*id).to_owned()));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    relay.take(&[order("afterwards")]);
    taken.push("afterwards".to_owned());
    meta.wait_for_count(taken.len());
    relay.stop();
    let found: Vec<_> = names_and_ids(&meta.events())
        .into_iter()
        .map(|(_, id)| id)
        .collect();
    taken.sort();
    assert_eq!(found, taken);
    assert!(!relay.log().contains("panicked"), "{}", relay.log());
}

#[test]
fn clients_that_leave_in_the_middle_harm_nobody() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let whole = call("half").bytes();
    for length in [0, 1, 20, whole.len() - 300, whole.len() - 1] {
        let mut stream = connect(relay.address).unwrap();
        stream.write_all(&whole[..length]).unwrap();
        drop(stream);
    }
    relay.take(&[order("afterwards")]);
    meta.wait_for_id("afterwards");
    assert_eq!(meta.stats().events_received, 1);
    assert!(!relay.log().contains("panicked"), "{}", relay.log());
}

#[test]
fn a_client_may_send_many_requests_on_one_connection() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let mut stream = connect(relay.address).unwrap();
    let nope = Request::post("/v1/track", "nope").key(KEY);
    // A refusal does not end it either.
    for (request, status) in [
        (call("one"), 200),
        (call("two"), 200),
        (nope, 400),
        (call("three"), 200),
    ] {
        stream.write_all(&request.bytes()).unwrap();
        assert_eq!(answer(&mut stream).unwrap().status, status);
    }
    meta.wait_for(3);
}
