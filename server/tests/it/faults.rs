//! What may go wrong between the server and Meta, and where the events end up.
//! `docs/faults.md` is written from the same list; with `CAPI_WRITE_DOCS=1` the
//! test writes it, else it compares.

mod page;

use serde_json::{Value, json};

use crate::support::admin::ask_with_its_token;
use crate::support::calls::order;
use crate::support::http::Request;
use crate::support::meta::{Meta, names_and_ids};
use crate::support::poll;
use crate::support::relay::{Relay, Setup};

const EVENTS: usize = 3;

/// A fault and what becomes of the events.
struct Fault {
    /// As in the page.
    name: &'static str,
    /// The sandbox's answer, as in its fault rules.
    answer: fn() -> Value,
    ends: Ends,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    /// They arrive at the next attempt, once.
    Arrived,
    /// Meta had them and gets them again with the same ids: nobody could know.
    ArrivedTwice,
    /// The lane parks and keeps them; once the fault is gone they arrive.
    Parked,
    /// They are dead letters, and are not sent again by themselves.
    SetAside,
}

const FAULTS: &[Fault] = &[
    Fault {
        name: "status 500",
        answer: || json!({"status": 500, "body": ""}),
        ends: Ends::Arrived,
    },
    Fault {
        name: "status 503",
        answer: || json!({"status": 503}),
        ends: Ends::Arrived,
    },
    Fault {
        name: "status 429 with `Retry-After`",
        answer: || json!({"status": 429, "body": "", "headers": {"Retry-After": "1"}}),
        ends: Ends::Arrived,
    },
    Fault {
        name: "status 429 without `Retry-After`",
        answer: || json!({"status": 429, "body": ""}),
        ends: Ends::Arrived,
    },
    Fault {
        name: "code 4 with `X-App-Usage` at 100 %",
        answer: || {
            let usage = json!({"call_count": 100, "total_time": 20, "total_cputime": 20});
            json!({"status": 400, "code": 4, "headers": {"X-App-Usage": usage.to_string()}})
        },
        ends: Ends::Arrived,
    },
    Fault {
        name: "code 80004 with `X-Business-Use-Case-Usage` at 100 %",
        answer: || {
            let usage = json!({"1": [{
                "type": "ads_management", "call_count": 100, "total_cputime": 20,
                "total_time": 20, "estimated_time_to_regain_access": 0,
            }]});
            let headers = json!({"X-Business-Use-Case-Usage": usage.to_string()});
            json!({"status": 400, "code": 80_004, "headers": headers})
        },
        ends: Ends::Arrived,
    },
    Fault {
        name: "code 190: the token is dead",
        answer: || json!({"status": 400, "code": 190}),
        ends: Ends::Parked,
    },
    Fault {
        name: "code 100, subcode 33: the dataset is not there for this token",
        answer: || json!({"status": 400, "code": 100, "subcode": 33}),
        ends: Ends::Parked,
    },
    Fault {
        name: "code 200: a permission is missing",
        answer: || json!({"status": 403, "code": 200}),
        ends: Ends::Parked,
    },
    Fault {
        name: "status 200 with a page of a proxy",
        answer: || {
            let headers = json!({"Content-Type": "text/html"});
            json!({"status": 200, "body": "<html><p>Sign in</p></html>", "headers": headers})
        },
        ends: Ends::Arrived,
    },
    Fault {
        name: "the connection is cut before Meta takes the events",
        answer: || json!({"cut": "before"}),
        ends: Ends::Arrived,
    },
    Fault {
        name: "the connection is cut after Meta took the events",
        answer: || json!({"cut": "after"}),
        ends: Ends::ArrivedTwice,
    },
    Fault {
        name: "an answer later than `timeout_ms`",
        answer: || json!({"status": 500, "delay_ms": 5_000}),
        ends: Ends::Arrived,
    },
    Fault {
        name: "fewer events received than sent",
        answer: || {
            let body = json!({"events_received": 1, "messages": [], "fbtrace_id": "A"});
            json!({"status": 200, "body": body.to_string()})
        },
        ends: Ends::SetAside,
    },
];

#[test]
fn each_fault_ends_where_the_page_says() {
    std::thread::scope(|scope| {
        for fault in FAULTS {
            scope.spawn(|| check(fault));
        }
    });
}

#[test]
fn the_page_is_what_the_list_says() {
    page::check(FAULTS);
}

fn check(fault: &Fault) {
    let meta = Meta::up();
    let setup = Setup {
        destination: "timeout_ms = 2000",
        ..Setup::default()
    };
    let mut relay = Relay::with(&meta, setup);
    let answer = (fault.answer)();
    meta.faults(&match fault.ends {
        Ends::Parked => json!([{ "answer": answer }]),
        _ => json!([{ "times": 1, "answer": answer }]),
    });
    let calls: Vec<_> = (0..EVENTS).map(|n| order(&format!("o{n}"))).collect();
    relay.take(&calls);
    let arriving = match fault.ends {
        Ends::Arrived => EVENTS,
        Ends::ArrivedTwice => 2 * EVENTS,
        Ends::Parked => {
            let lane = until_parked(&relay);
            assert_eq!(lane["queued"], EVENTS, "{}: {lane}", fault.name);
            assert_eq!(meta.stats().events_received, 0, "{}", fault.name);
            meta.faults(&json!([]));
            EVENTS
        }
        Ends::SetAside => {
            set_aside(&relay, fault.name);
            0
        }
    };
    let mut arrived = names_and_ids(&meta.wait_for(arriving));
    assert!(relay.stop().success());
    arrived.dedup();
    let expected: Vec<_> = (0..arriving.min(EVENTS))
        .map(|n| ("Purchase".to_owned(), format!("o{n}")))
        .collect();
    assert_eq!(arrived, expected, "{}", fault.name);
    let stats = meta.stats();
    assert_eq!(
        (stats.events_received, stats.duplicates),
        (arriving as u64, arriving.saturating_sub(EVENTS) as u64),
        "{}",
        fault.name
    );
}

fn until_parked(relay: &Relay) -> Value {
    poll::until("the lane to park", || {
        let lanes = ask_with_its_token(relay, Request::new("GET", "/lanes")).json();
        (lanes[0]["state"] == "parked").then(|| lanes[0].clone())
    })
}

fn set_aside(relay: &Relay, name: &str) {
    let letters = poll::until("the dead letters", || {
        let request = Request::new("POST", "/dead/list").body("{}");
        let letters = ask_with_its_token(relay, request).json();
        (letters.as_array().map(Vec::len) == Some(EVENTS)).then_some(letters)
    });
    for letter in letters.as_array().unwrap() {
        assert_eq!(letter["reason"], "partly_confirmed", "{name}");
    }
}
