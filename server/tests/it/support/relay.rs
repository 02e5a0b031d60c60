//! The real binary in a folder of its own.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use serde_json::Value;
use tempfile::TempDir;

use super::http::{Request, Response, exchange};
use super::meta::{DATASET, Meta, TOKEN};
use super::poll;

/// The write key of every test's source.
pub(crate) const KEY: &str = "wk_shop-4be1d2";

/// What a test's configuration says beside the usual.
#[derive(Clone, Copy, Default)]
pub(crate) struct Setup<'s> {
    /// Further lines of `[server]`.
    pub(crate) server: &'s str,
    /// Further lines of the destination.
    pub(crate) destination: &'s str,
    /// Further tables at the end.
    pub(crate) tables: &'s str,
    /// `RUST_LOG`.
    pub(crate) log: Option<&'s str>,
    /// What a shell says before the server's own command line: `ulimit -n 64 && exec`.
    pub(crate) shell: Option<&'s str>,
}

/// The subscription that makes an identify call a conversion.
pub(crate) const REGISTRATION: Setup<'static> = Setup {
    server: "",
    destination: "prebuilt_subscriptions = true",
    tables: "[[destination.subscription]]
action = \"custom-event\"
trigger = 'type = \"identify\"'
mapping = { event_name = \"CompleteRegistration\" }",
    log: None,
    shell: None,
};

/// A server under test; it is killed when dropped.
pub(crate) struct Relay {
    pub(crate) address: SocketAddr,
    folder: Arc<TempDir>,
    log_level: String,
    shell: Option<String>,
    child: Child,
    stderr: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

impl Relay {
    /// A server that sends to `meta`, with the prebuilt subscriptions.
    pub(crate) fn start(meta: &Meta) -> Self {
        Self::with(meta, Setup::default())
    }

    pub(crate) fn with(meta: &Meta, setup: Setup<'_>) -> Self {
        Self::sending_to(&meta.url(), setup)
    }

    /// A server that sends to `graph_url`.
    pub(crate) fn sending_to(graph_url: &str, setup: Setup<'_>) -> Self {
        let folder = TempDir::new().unwrap();
        let config = format!(
            "[server]
data_dir = {data:?}
{server}

[[source]]
name = \"shop\"
write_key = \"{KEY}\"

[[destination]]
name = \"meta\"
dataset_id = \"{DATASET}\"
access_token = \"{TOKEN}\"
graph_url = \"{graph_url}\"
linger_ms = 5
{destination}

{tables}
",
            data = folder.path().join("data"),
            server = setup.server,
            destination = setup.destination,
            tables = setup.tables,
        );
        std::fs::write(folder.path().join("capi.toml"), config).unwrap();
        Self::run(
            Arc::new(folder),
            setup.log.unwrap_or("info").to_owned(),
            setup.shell.map(str::to_owned),
        )
    }

    fn run(folder: Arc<TempDir>, log_level: String, shell: Option<String>) -> Self {
        let binary = env!("CARGO_BIN_EXE_capi-server");
        let mut command = match &shell {
            None => Command::new(binary),
            Some(before) => {
                let mut command = Command::new("sh");
                command.args(["-c", &format!("{} \"$0\" \"$@\"", before.trim()), binary]);
                command
            }
        };
        let mut child = command
            .arg("--config")
            .arg(folder.path().join("capi.toml"))
            .args(["--listen", "127.0.0.1:0"])
            .env("RUST_LOG", &log_level)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = Arc::new(Mutex::new(String::new()));
        let reader = collect(child.stderr.take().unwrap(), Arc::clone(&stderr));
        let mut relay = Self {
            address: "127.0.0.1:0".parse().unwrap(),
            folder,
            log_level,
            shell,
            child,
            stderr,
            reader: Some(reader),
        };
        relay.address = poll::until("the server's address in its log", || {
            if let Some(status) = relay.child.try_wait().unwrap() {
                panic!("the server ended with {status}: {}", relay.log());
            }
            address_in(&relay.log())
        });
        let ready = Request::new("GET", "/health/ready").bytes();
        poll::until("the server to be ready", || {
            exchange(relay.address, &ready).filter(|answer| answer.status == 200)
        });
        relay
    }

    /// Starts another server on this one's folder, after it has ended.
    pub(crate) fn again(&self) -> Self {
        Self::run(
            Arc::clone(&self.folder),
            self.log_level.clone(),
            self.shell.clone(),
        )
    }

    /// Sends a request.
    pub(crate) fn send(&self, request: &Request) -> Response {
        exchange(self.address, &request.bytes())
            .unwrap_or_else(|| panic!("no answer; the server says: {}", self.log()))
    }

    /// Posts calls as a server's client does, and expects them to be taken.
    pub(crate) fn batch(&self, calls: &[Value]) -> Response {
        let body = serde_json::json!({ "batch": calls }).to_string();
        let response = self.send(&Request::post("/v1/batch", body).key(KEY));
        assert_eq!(response.status, 200, "{response:?}");
        response
    }

    /// Posts calls of which none may be rejected.
    pub(crate) fn take(&self, calls: &[Value]) {
        assert_eq!(self.batch(calls).body, r#"{"success":true}"#);
    }

    /// What the server has said so far.
    pub(crate) fn log(&self) -> String {
        self.stderr.lock().unwrap().clone()
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The configuration's file.
    pub(crate) fn config(&self) -> PathBuf {
        self.folder.path().join("capi.toml")
    }

    /// Changes what the configuration says, for the next start.
    pub(crate) fn reconfigure(&self, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.config()).unwrap();
        assert!(text.contains(from), "{text}");
        std::fs::write(self.config(), text.replacen(from, to, 1)).unwrap();
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The most memory that it had, in KiB.
    pub(crate) fn peak_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let mut lines = status.lines();
        let line = lines.find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.split_whitespace().next());
        kib.unwrap().parse().unwrap()
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, name: &str) {
        // The shell's own `kill`: the program is not on every machine.
        let command = format!("kill -{name} {}", self.child.id());
        assert!(
            Command::new("sh")
                .args(["-c", &command])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Waits until its log has these words.
    pub(crate) fn wait_for_log(&self, words: &str) {
        poll::until(&format!("the log to say {words:?}"), || {
            self.log().contains(words).then_some(())
        });
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) fn stop(&mut self) -> ExitStatus {
        self.signal("TERM");
        self.wait()
    }

    /// Waits until it has ended.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        let status = poll::until("the server to stop", || self.child.try_wait().unwrap());
        self.read_to_the_end();
        status
    }

    /// SIGKILL.
    pub(crate) fn kill(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
        self.read_to_the_end();
    }

    fn read_to_the_end(&mut self) {
        self.reader.take().map(JoinHandle::join);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Every file under `folder`.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found
}

fn collect(stderr: ChildStderr, into: Arc<Mutex<String>>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let mut lines = BufReader::new(stderr);
        let mut line = Vec::new();
        while lines
            .read_until(b'\n', &mut line)
            .is_ok_and(|read| read > 0)
        {
            into.lock()
                .unwrap()
                .push_str(&String::from_utf8_lossy(&line));
            line.clear();
        }
    })
}

fn address_in(log: &str) -> Option<SocketAddr> {
    let line = log.lines().find(|line| line.contains("Taking events."))?;
    let (_, rest) = line.split_once("address=")?;
    rest.split_whitespace().next()?.parse().ok()
}
