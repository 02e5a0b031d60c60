//! What an operator does: `capi lanes`, `capi queue`, `capi dead`, against a
//! running server and against the queue that it left.

mod copies;
mod duplicates;
mod gone;
mod letters;
mod looking;
mod stale;
mod times;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Configured, capi, stderr, stdout};

/// A process of `capi` that says on stderr where it listens.
struct Running(Child, String);

impl Running {
    /// Starts it and waits for the line that has an address behind `mark`.
    fn start(arguments: &[&str], mark: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_capi"))
            .args(arguments)
            .env("RUST_LOG", "info")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("capi starts");
        let mut log = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut line = String::new();
        let address = loop {
            line.clear();
            assert!(log.read_line(&mut line).expect("text") > 0, "it ended");
            if let Some((_, rest)) = line.split_once(mark) {
                let end = |c: char| !(c.is_ascii_digit() || matches!(c, '.' | ':'));
                break rest.split(end).next().unwrap_or_default().to_owned();
            }
        };
        // It goes on talking, and must not wait for a reader.
        std::thread::spawn(move || drop(log.read_to_end(&mut Vec::new())));
        Self(child, address)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A sandbox, a configuration that sends to it, and a server that runs with it.
struct World {
    sandbox: Running,
    configured: Configured,
    server: Option<Running>,
}

impl World {
    fn up(token: &str) -> Self {
        Self::with(token, "")
    }

    /// With the keys `root` before the first table of the configuration.
    fn with(token: &str, root: &str) -> Self {
        Self::with_both(token, root, "")
    }

    /// With subscriptions of the destination, too.
    fn with_both(token: &str, root: &str, subscriptions: &str) -> Self {
        let arguments = ["sandbox", "--listen", "127.0.0.1:0", "--token", "good"];
        let sandbox = Running::start(&arguments, "http://");
        let configured = Configured::new(&format!(
            "{root}[server]\nlisten = \"127.0.0.1:0\"\nshutdown_seconds = 0\ndedup_days = 30\n\
             [[source]]\nname = \"shop\"\nwrite_key = \"key\"\n\
             [[destination]]\nname = \"meta\"\ndataset_id = \"1\"\naccess_token = \"{token}\"\n\
             graph_url = \"http://{}\"\nlinger_ms = 0\n{subscriptions}",
            sandbox.1
        ));
        let server = Some(serve(&configured));
        Self {
            sandbox,
            configured,
            server,
        }
    }

    fn stop(&mut self) {
        self.server = None;
    }

    /// Runs `capi` with these arguments and the configuration.
    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        self.run_with(arguments, "")
    }

    /// The same with `input` on stdin.
    fn run_with(&self, arguments: &[&str], input: &str) -> (i32, String, String) {
        let path = self.configured.path();
        let output = capi(&[arguments, &["--config", &path]].concat(), input);
        (
            output.status.code().unwrap(),
            stdout(&output),
            stderr(&output),
        )
    }

    /// The lines of JSON that a command prints.
    fn lines(&self, arguments: &[&str]) -> Vec<Value> {
        let (code, out, talk) = self.run(arguments);
        assert!(code <= 1, "{arguments:?}: {talk}");
        out.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Asks until `found` says so.
    fn until(&self, arguments: &[&str], found: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let lines = self.lines(arguments);
            if found(&lines) {
                return lines;
            }
            assert!(Instant::now() < deadline, "{arguments:?}: {lines:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn track(&self, id: &str) {
        self.track_in(id, "EUR");
    }

    fn track_in(&self, id: &str, currency: &str) {
        let order = json!({"revenue": 5, "currency": currency, "order_id": format!("o-{id}")});
        self.track_with(id, &order);
    }

    fn track_with(&self, id: &str, properties: &Value) {
        let address = &self.server.as_ref().unwrap().1;
        let event = json!({
            "type": "track", "event": "Order Completed", "messageId": id, "userId": "u-1",
            "properties": properties,
            "context": {
                "ip": "203.0.113.9", "userAgent": "UA/1", "traits": {"email": "kim@example.com"},
                "page": {"url": "https://shop.example/thanks"},
            },
        });
        send(address, "POST", "/v1/track", &event.to_string(), "a2V5Og==");
    }

    /// Tells the sandbox how to fail.
    fn faults(&self, rules: &Value) {
        send(
            &self.sandbox.1,
            "PUT",
            "/_sandbox/faults",
            &rules.to_string(),
            "",
        );
    }
}

fn serve(configured: &Configured) -> Running {
    Running::start(
        &["serve", "--config", &configured.path()],
        "Taking events. address=",
    )
}

fn send(address: &str, method: &str, path: &str, body: &str, basic: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Basic {basic}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 20"), "{answer}");
    answer
}

/// The ids of what the sandbox got.
fn arrived(world: &World) -> Vec<String> {
    let events = send(&world.sandbox.1, "GET", "/_sandbox/events", "", "");
    let mut ids: Vec<String> = events
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|line| line["event"]["event_id"].as_str().map(str::to_owned))
        .collect();
    ids.sort();
    ids
}
