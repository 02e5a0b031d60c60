//! A start that fails: it may come again and again, and sends nothing.

use std::net::TcpListener;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use crate::support::calls::order;
use crate::support::meta::Meta;
use crate::support::poll;
use crate::support::relay::{Relay, Setup};

/// A server that stopped with one event in its queue, which was never tried.
fn stopped_with_an_event(meta: &Meta) -> Relay {
    let server = "shutdown_seconds = 0\nadmin_listen = \"127.0.0.1:0\"";
    let mut relay = Relay::with(
        meta,
        Setup {
            server,
            ..Setup::default()
        },
    );
    assert!(relay.stop().success());
    relay.reconfigure("linger_ms = 5\n", "linger_ms = 60000\n");
    let mut relay = relay.again();
    relay.take(&[order("one")]);
    assert!(relay.stop().success());
    relay.reconfigure("linger_ms = 60000\n", "linger_ms = 0\n");
    assert_eq!(meta.stats().requests, 0);
    relay
}

fn start(relay: &Relay, listen: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_capi-server"))
        .arg("--config")
        .arg(relay.config())
        .args(["--listen", listen])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn end(mut child: Child) -> ExitStatus {
    poll::until("the server to end", || child.try_wait().unwrap())
}

/// The event that waited could have been sent all the time.
fn is_sent_by_a_start_that_works(meta: &Meta, relay: &Relay) {
    let mut relay = relay.again();
    meta.wait_for_id("one");
    assert!(relay.stop().success());
    assert_eq!(meta.stats().duplicates, 0);
}

#[test]
fn a_server_that_finds_a_port_taken_has_sent_nothing() {
    let meta = Meta::up();
    let relay = stopped_with_an_event(&meta);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    for _ in 0..5 {
        assert_eq!(end(start(&relay, &taken)).code(), Some(3));
    }
    let any = "admin_listen = \"127.0.0.1:0\"";
    let admin = format!("admin_listen = \"{taken}\"");
    relay.reconfigure(any, &admin);
    for _ in 0..5 {
        assert_eq!(end(start(&relay, "127.0.0.1:0")).code(), Some(3));
    }
    assert_eq!(meta.stats().requests, 0);
    relay.reconfigure(&admin, any);
    is_sent_by_a_start_that_works(&meta, &relay);
}

/// The secret comes from a pipe, so that the server is held where it reads it.
#[cfg(target_os = "linux")]
#[test]
fn a_server_that_cannot_read_a_secret_has_sent_nothing() {
    let meta = Meta::up();
    let relay = stopped_with_an_event(&meta);
    let pipe = relay.config().with_file_name("token");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let token = "admin_token = { file = \"token\" }\nadmin_listen";
    relay.reconfigure("admin_listen", token);

    // Both ends, so that nobody waits for the other to open it.
    let ends = std::fs::File::options().read(true).write(true).open(&pipe);
    let ends = ends.unwrap();
    let child = start(&relay, "127.0.0.1:0");
    poll::until("the server to read the secret", || {
        let files = std::fs::read_dir(format!("/proc/{}/fd", child.id())).ok()?;
        let mut files = files.flatten();
        files
            .any(|file| std::fs::read_link(file.path()).is_ok_and(|to| to.ends_with("token")))
            .then_some(())
    });
    let sent = poll::within(Duration::from_secs(1), || {
        (meta.stats().requests > 0).then_some(())
    });
    assert_eq!(sent, None);
    drop(ends);
    assert_eq!(end(child).code(), Some(2));
    assert_eq!(meta.stats().requests, 0);
    relay.reconfigure(token, "admin_listen");
    is_sent_by_a_start_that_works(&meta, &relay);
}
