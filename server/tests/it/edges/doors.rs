//! A case, the doors that it is carried through, and what must come of it.

use std::collections::HashMap;

use crate::support::calls::{at, context};
use crate::support::http::{Request, Response};
use crate::support::meta::Meta;
use crate::support::relay::{KEY, Relay, Setup};

/// A way in, as some client of Segment's uses it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Door {
    path: &'static str,
    content_type: &'static str,
    /// Whether the write key is in the body, as browsers send it.
    key_in_body: bool,
    gzip: bool,
}

const fn json(path: &'static str) -> Door {
    Door {
        path,
        content_type: "application/json",
        key_in_body: false,
        gzip: false,
    }
}

const fn packed(path: &'static str) -> Door {
    Door {
        gzip: true,
        ..json(path)
    }
}

const fn browser(path: &'static str) -> Door {
    Door {
        content_type: "text/plain",
        key_in_body: true,
        ..json(path)
    }
}

/// Every door: the calls with their short forms, the batches.
pub(super) const ALL: &[Door] = &[
    json("/v1/track"),
    packed("/v1/track"),
    browser("/v1/t"),
    json("/v1/page"),
    browser("/v1/p"),
    json("/v1/screen"),
    browser("/v1/s"),
    json("/v1/identify"),
    browser("/v1/i"),
    json("/v1/group"),
    browser("/v1/g"),
    json("/v1/alias"),
    browser("/v1/a"),
    json("/v1/batch"),
    packed("/v1/batch"),
    browser("/v1/b"),
    packed("/v1/import"),
];

/// One of each kind.
pub(super) const FEW: &[Door] = &[
    json("/v1/track"),
    browser("/v1/t"),
    json("/v1/batch"),
    packed("/v1/import"),
];

/// For what is large: alone from a browser, and among others.
pub(super) const TWO: &[Door] = &[browser("/v1/t"), json("/v1/batch")];

impl Door {
    fn takes_batches(self) -> bool {
        matches!(self.path, "/v1/batch" | "/v1/b" | "/v1/import")
    }

    fn request(self, body: Vec<u8>) -> Request {
        let request = Request::new("POST", self.path)
            .header("Content-Type", self.content_type)
            .body(body);
        let request = if self.key_in_body {
            request
        } else {
            request.key(KEY)
        };
        if self.gzip {
            request.gzipped()
        } else {
            request
        }
    }
}

/// From so many bytes on a case is large.
const LARGE: usize = 100_000;

/// What must come of an event.
#[derive(Clone, Debug)]
pub(super) enum Expect {
    /// Meta gets it, with this text as its `custom_data`; without any where it
    /// is empty.
    Sent(String),
    /// Nothing takes it, and nothing is reported.
    Unmatched,
    /// The answer names it with this code and these words.
    Rejected(&'static str, &'static str),
    /// The whole request is answered with this status, code and words.
    Refused(u16, &'static str, &'static str),
}

pub(super) struct Case {
    name: &'static str,
    /// The event's text: `%ID%` is its id, `%KEY%` what says the write key.
    event: Vec<u8>,
    /// What comes of it alone, and between two good ones.
    alone: Expect,
    among: Expect,
}

impl Case {
    pub(super) fn new(name: &'static str, event: impl Into<Vec<u8>>, expect: Expect) -> Self {
        Self {
            name,
            event: event.into(),
            alone: expect.clone(),
            among: expect,
        }
    }

    /// The same, but alone another thing comes of it.
    pub(super) fn alone(self, alone: Expect) -> Self {
        Self { alone, ..self }
    }

    fn event(&self, id: &str, door: Door) -> Vec<u8> {
        let key = match door.key_in_body && !door.takes_batches() {
            true => format!("\"writeKey\":\"{KEY}\","),
            false => String::new(),
        };
        let event = replace(&self.event, b"%ID%", id.as_bytes());
        replace(&event, b"%KEY%", key.as_bytes())
    }

    /// Whether the door can carry it: alone, an event without a place for the
    /// write key cannot come where the key is in the body.
    fn fits(&self, door: Door) -> bool {
        !door.key_in_body || door.takes_batches() || place(&self.event, b"%KEY%").is_some()
    }
}

/// `text` with something else in place of a mark in its beginning.
fn replace(text: &[u8], mark: &[u8], with: &[u8]) -> Vec<u8> {
    match place(text, mark) {
        Some(place) => [&text[..place], with, &text[place + mark.len()..]].concat(),
        None => text.to_vec(),
    }
}

/// Where a mark stands. What is large comes behind all of them.
fn place(text: &[u8], mark: &[u8]) -> Option<usize> {
    let beginning = &text[..text.len().min(200)];
    beginning
        .windows(mark.len())
        .position(|window| window == mark)
}

/// An event with these members beside what makes it a good one; `edge` of its
/// properties is what Meta gets in `custom_data`.
pub(super) fn event(members: &str) -> String {
    format!(
        r#"{{%KEY%"type":"track","event":"Edge","messageId":"%ID%","userId":"cust_48213","timestamp":"{}","context":{},{members}}}"#,
        at(-60),
        context(),
    )
}

/// An event with this value as `edge`.
pub(super) fn edge(value: &str) -> String {
    event(&format!("\"properties\":{{\"edge\":{value}}}"))
}

/// Meta gets the value as it came.
pub(super) fn kept(value: &str) -> Expect {
    sent(value)
}

/// Meta gets this value.
pub(super) fn sent(value: &str) -> Expect {
    Expect::Sent(format!("{{\"edge\":{value}}}"))
}

/// What makes every event called `Edge` a conversion.
const SUBSCRIPTION: &str = r#"[[destination.subscription]]
action = "custom-event"
trigger = 'event = "Edge"'
[destination.subscription.mapping.custom_data]
edge = { "@path" = "$.properties.edge" }
"#;

/// A server for the cases, with further lines of `[server]`.
pub(super) fn start(meta: &Meta, server: &str) -> Relay {
    Relay::with(
        meta,
        Setup {
            server,
            tables: SUBSCRIPTION,
            ..Setup::default()
        },
    )
}

/// The most memory that a server may take for any of this.
pub(super) const MOST_KIB: u64 = 200 * 1024;

/// Stops the server, and looks whether all was well with it.
pub(super) fn finish(mut relay: Relay) {
    let peak = relay.peak_kib();
    assert!(peak < MOST_KIB, "the server took {peak} KiB");
    relay.stop();
    assert!(!relay.log().contains("panicked"), "{}", relay.log());
}

/// Carries every case through every door, and checks what is answered and what
/// Meta gets. Every failure is listed, with the name of its case.
pub(super) fn check(relay: Relay, meta: &Meta, doors: &[Door], cases: &[Case]) {
    let mut failures = Vec::new();
    let mut expected: HashMap<String, (String, Option<String>)> = HashMap::new();
    for (number, case) in cases.iter().enumerate() {
        for (place, door) in doors
            .iter()
            .enumerate()
            .filter(|(_, door)| case.fits(**door))
        {
            let id = format!("{number}-{place}");
            let whose = format!("{} ({door:?})", case.name);
            let (wanted, index) = match door.takes_batches() {
                true => (&case.among, 1),
                false => (&case.alone, 0),
            };
            let event = case.event(&id, *door);
            let neighbours = [format!("{id}-before"), format!("{id}-after")];
            let body = match door.takes_batches() {
                true => among(&event, &neighbours, door.key_in_body),
                false => event,
            };
            let response = relay.send(&door.request(body));
            if let Err(wrong) = answer_to(wanted, index, &response) {
                failures.push(format!("{whose}: {wrong}: {response:?}"));
            }
            if let Expect::Sent(data) = wanted {
                expected.insert(id, (whose.clone(), Some(data.clone())));
            }
            if door.takes_batches() && !matches!(wanted, Expect::Refused(..)) {
                for id in neighbours {
                    expected.insert(id, (format!("a neighbour of {whose}"), None));
                }
            }
            // Large ones come one after the other: how much is in flight together
            // is delivery's matter.
            if case.event.len() > LARGE && failures.is_empty() {
                meta.wait_for_count(expected.len());
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    meta.wait_for_count(expected.len());
    finish(relay);
    let mut found = HashMap::new();
    for text in meta.texts() {
        let (_, id) = text.split_once("\"event_id\":\"").unwrap();
        let id = id.split('"').next().unwrap_or_default().to_owned();
        found.insert(id, text);
    }
    for (id, (whose, data)) in &expected {
        let Some(text) = found.remove(id) else {
            failures.push(format!("{whose}: Meta did not get it"));
            continue;
        };
        let Some(data) = data else { continue };
        let member = format!("\"custom_data\":{data}");
        let good = match data.is_empty() {
            true => !text.contains("custom_data"),
            false => text.contains(&member),
        };
        if !good {
            let rest = text.find("\"custom_data\"").unwrap_or_default();
            let start = |text: &str| text.chars().take(200).collect::<String>();
            let (data, text) = (start(data), start(&text[rest..]));
            failures.push(format!("{whose}: not {data} but {text}"));
        }
    }
    failures.extend(
        found
            .keys()
            .map(|id| format!("Meta got {id}, of which nobody knows")),
    );
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// A batch of the event between two good ones.
fn among(event: &[u8], neighbours: &[String; 2], key_in_body: bool) -> Vec<u8> {
    let [before, after] = neighbours
        .each_ref()
        .map(|id| edge("true").replace("%ID%", id).replace("%KEY%", ""));
    let key = match key_in_body {
        true => format!(",\"writeKey\":\"{KEY}\""),
        false => String::new(),
    };
    [
        b"{\"batch\":[",
        before.as_bytes(),
        b",",
        event,
        b",",
        after.as_bytes(),
        b"]",
        key.as_bytes(),
        b"}",
    ]
    .concat()
}

/// Whether the answer is the one wanted, for the event at `index`; else what is
/// wrong with it.
fn answer_to(wanted: &Expect, index: u64, response: &Response) -> Result<(), &'static str> {
    let check = |good: bool, wrong| if good { Ok(()) } else { Err(wrong) };
    match wanted {
        Expect::Sent(_) | Expect::Unmatched => {
            check(response.status == 200, "another status")?;
            check(response.body == r#"{"success":true}"#, "not all taken")
        }
        Expect::Rejected(code, words) => {
            check(response.status == 200, "another status")?;
            let answer = response.json();
            let rejected = answer["rejected"].as_array().ok_or("nothing is rejected")?;
            let [one] = rejected.as_slice() else {
                return Err("not one is rejected");
            };
            check(one["index"] == index, "another index")?;
            check(one["code"] == *code, "another code")?;
            let message = one["message"].as_str().unwrap_or_default();
            check(message.contains(words), "other words")
        }
        Expect::Refused(status, code, words) => {
            check(response.status == *status, "another status")?;
            let answer = response.json();
            check(answer["code"] == *code, "another code")?;
            let message = answer["message"].as_str().unwrap_or_default();
            check(message.contains(words), "other words")
        }
    }
}
