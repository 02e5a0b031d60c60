//! What scripts rely on: output, exit codes, and that stdout is data.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

mod actions;
mod architecture;
mod check;
mod conformance;
mod demo;
mod errors;
mod explain;
mod hash;
mod map;
mod matching;
mod new_action;
mod operator;
mod preview;
mod rules;

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// When the examples happen, a little later.
const NOW: &str = "2026-11-24T06:00:00Z";

/// A destination, for what sends nothing.
const META: &str =
    "[[destination]]\nname = \"meta\"\ndataset_id = \"1\"\naccess_token = { env = \"NOT_SET\" }\n";

/// The example of a purchase.
fn order() -> Value {
    let text = include_str!("../../../actions/purchase/example.json");
    serde_json::from_str(text).unwrap()
}

/// Runs `capi` with `arguments`, its stdin being `input`.
fn capi(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_capi"))
        .args(arguments)
        .env_remove("RUST_LOG")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("capi starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_owned();
    // In a thread: a large input and a large output would wait for each other.
    let writer = std::thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
    let output = child.wait_with_output().expect("capi ends");
    writer.join().expect("the input is written");
    output
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

/// A configuration in a folder of its own.
struct Configured {
    folder: tempfile::TempDir,
}

impl Configured {
    fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("capi.toml"), text).expect("written");
        Self { folder }
    }

    fn with(self, name: &str, text: &str) -> Self {
        std::fs::write(self.folder.path().join(name), text).expect("written");
        self
    }

    fn path(&self) -> String {
        self.folder.path().join("capi.toml").display().to_string()
    }
}

#[test]
fn a_wrong_call_ends_with_2() {
    for arguments in [
        &["nonsense"][..],
        &[],
        &["preview"],
        &["demo", "--events", "0"],
    ] {
        let output = capi(arguments, "");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
    }
}

/// A disk that is full, and a reader that went away.
#[cfg(target_os = "linux")]
#[test]
fn where_stderr_cannot_be_written_the_exit_code_still_tells() {
    let capi = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_capi"));
        command.args(["rules", "zzz"]);
        command
    };
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .expect("it is always there");
    let status = capi().stderr(full).status().expect("capi ran");
    assert_eq!(status.code(), Some(2));

    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let status = capi().stderr(writer).status().expect("capi ran");
    assert_eq!(status.code(), Some(2));
}

#[test]
fn a_configuration_that_is_not_there_ends_with_2_and_says_so() {
    for arguments in [
        &["check", "/nonexistent/capi.toml"][..],
        &["serve", "--config", "/nonexistent/capi.toml"],
    ] {
        let output = capi(arguments, "");
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains("/nonexistent/capi.toml"));
    }
}

/// The words of a failure must not send anybody the wrong way, and hold no secret.
#[cfg(target_os = "linux")]
#[test]
fn a_secret_that_is_set_and_no_text_is_not_called_missing() {
    use std::os::unix::ffi::OsStrExt as _;
    let configured =
        Configured::new("[[source]]\nname = \"shop\"\nwrite_key = { env = \"CAPI_TEST_KEY\" }\n");
    let serve = |value: Option<&[u8]>| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_capi"));
        command.args(["serve", "--config", &configured.path()]);
        if let Some(value) = value {
            command.env("CAPI_TEST_KEY", std::ffi::OsStr::from_bytes(value));
        }
        let output = command.output().expect("capi ran");
        assert_eq!(output.status.code(), Some(2));
        stderr(&output)
    };
    assert!(serve(None).contains("CAPI_TEST_KEY is not set"));
    let reported = serve(Some(b"wk-\xff"));
    assert!(
        reported.contains("CAPI_TEST_KEY is not UTF-8"),
        "{reported}"
    );
    assert!(!reported.contains("wk-"), "{reported}");
}
