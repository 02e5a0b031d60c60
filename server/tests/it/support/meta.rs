//! The sandbox of Meta's endpoint on a port of its own, up or down.

use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread::JoinHandle;

use capi_sandbox::{FaultRule, Options, Sandbox, Stats};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::oneshot;

use super::http::{Request, exchange};
use super::poll;

/// The dataset that every test's destination sends to.
pub(crate) const DATASET: &str = "1234567890";

/// The only token that the sandbox takes.
pub(crate) const TOKEN: &str = "EAAB-token-9f3c1b7d";

pub(crate) struct Meta {
    sandbox: Sandbox,
    address: SocketAddr,
    state: State,
}

enum State {
    /// The port is taken but nobody listens: connections are refused.
    Down(Option<TcpSocket>),
    Up {
        stop: Option<oneshot::Sender<()>>,
        thread: Option<JoinHandle<()>>,
    },
}

impl Meta {
    /// A sandbox that takes events for [`DATASET`] with [`TOKEN`].
    pub(crate) fn up() -> Self {
        let mut meta = Self::down();
        meta.rise();
        meta
    }

    /// One that refuses connections until [`Self::rise`].
    pub(crate) fn down() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = socket.local_addr().unwrap();
        let sandbox = Sandbox::new(Options {
            datasets: Some(vec![DATASET.into()]),
            token: Some(TOKEN.into()),
            lenient: false,
        });
        Self {
            sandbox,
            address,
            state: State::Down(Some(socket)),
        }
    }

    /// Takes connections from now on.
    pub(crate) fn rise(&mut self) {
        let State::Down(socket) = &mut self.state else {
            return;
        };
        let socket = socket.take().expect("a socket that is down");
        let sandbox = self.sandbox.clone();
        let (stop, stopped) = oneshot::channel();
        let (listening, is_listening) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.unwrap().block_on(async move {
                let listener: TcpListener = socket.listen(128).unwrap();
                listening.send(()).unwrap();
                sandbox
                    .serve(listener, async { drop(stopped.await) })
                    .await
                    .unwrap();
            });
        });
        is_listening.recv().unwrap();
        self.state = State::Up {
            stop: Some(stop),
            thread: Some(thread),
        };
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Replaces the fault rules, written as for `PUT /_sandbox/faults`.
    pub(crate) fn faults(&self, rules: &Value) {
        self.sandbox
            .set_faults(FaultRule::parse_list(rules.to_string().as_bytes()).unwrap());
    }

    /// The status with which Meta answers a request of this one event.
    pub(crate) fn answer(&self, event: &Value) -> u16 {
        let body = json!({"data": [event], "access_token": TOKEN});
        let request = Request::post(&format!("/v26.0/{DATASET}/events"), body.to_string());
        exchange(self.address, &request.bytes()).unwrap().status
    }

    pub(crate) fn stats(&self) -> Stats {
        self.sandbox.stats()
    }

    /// The events that were accepted so far.
    pub(crate) fn events(&self) -> Vec<Value> {
        self.sandbox
            .events_ndjson()
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["event"].take())
            .collect()
    }

    /// The text of each event that was accepted so far, as it came.
    pub(crate) fn texts(&self) -> Vec<String> {
        let line = |line: &str| -> Option<String> {
            let (_, event) = line.split_once("\"event\":")?;
            Some(event.strip_suffix('}')?.to_owned())
        };
        let lines = self.sandbox.events_ndjson();
        lines.lines().map(|text| line(text).unwrap()).collect()
    }

    /// Waits until it has `count` events.
    pub(crate) fn wait_for_count(&self, count: usize) {
        poll::until(&format!("{count} events at the sandbox"), || {
            (self.stats().events_received >= count as u64).then_some(())
        });
    }

    /// The events, as soon as there are `count` of them.
    pub(crate) fn wait_for(&self, count: usize) -> Vec<Value> {
        self.wait_for_count(count);
        self.events()
    }

    /// The one event with `id`, as soon as it is there.
    pub(crate) fn wait_for_id(&self, id: &str) -> Value {
        poll::until(&format!("the event {id} at the sandbox"), || {
            self.events()
                .into_iter()
                .find(|event| event["event_id"] == id)
        })
    }
}

impl Drop for Meta {
    fn drop(&mut self) {
        if let State::Up { stop, thread } = &mut self.state {
            stop.take().map(|stop| stop.send(()));
            thread.take().map(JoinHandle::join);
        }
    }
}

/// `(event_name, event_id)` of each event, sorted.
pub(crate) fn names_and_ids(events: &[Value]) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut all: Vec<_> = events
        .iter()
        .map(|event| (text(&event["event_name"]), text(&event["event_id"])))
        .collect();
    all.sort();
    all
}
