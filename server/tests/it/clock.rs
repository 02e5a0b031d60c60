//! A clock that is put back under a running server.

use std::path::PathBuf;

use serde_json::{Value, json};
use tempfile::NamedTempFile;

use crate::support::calls::{at, order, with};
use crate::support::meta::Meta;
use crate::support::poll;
use crate::support::relay::{Relay, Setup};

const HOUR: i64 = 60 * 60;

/// Debian's package faketime has it.
fn library() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib").unwrap();
    let mut found = folders.filter_map(|folder| {
        let library = folder.unwrap().path().join("faketime/libfaketime.so.1");
        library.exists().then_some(library)
    });
    found.next().expect("libfaketime; .ci/test installs it")
}

/// An order of three hours ago: no clock of this test finds it in the future.
fn old_order(id: &str) -> Value {
    with(order(id), "/timestamp", json!(at(-3 * HOUR)))
}

#[test]
#[ignore = "needs libfaketime: run by .ci/test"]
fn a_clock_that_goes_back_an_hour_delays_nothing_and_repeats_nothing() {
    let meta = Meta::up();
    let offset = NamedTempFile::new().unwrap();
    std::fs::write(&offset, "+0").unwrap();
    let faked = format!(
        "export LD_PRELOAD={:?} FAKETIME_TIMESTAMP_FILE={:?} FAKETIME_NO_CACHE=1 \
         FAKETIME_DONT_FAKE_MONOTONIC=1; exec",
        library(),
        offset.path()
    );
    let setup = Setup {
        shell: Some(&faked),
        ..Setup::default()
    };
    let mut relay = Relay::with(&meta, setup);
    relay.take(&[old_order("delivered")]);
    meta.wait_for_id("delivered");
    // Tried, and to be tried again at a time that the clock will have before it.
    meta.faults(&json!([{"answer": {"status": 503}}]));
    relay.take(&[old_order("waiting")]);
    let tried = meta.stats().refused;
    poll::until("the event to be tried", || {
        (meta.stats().refused > tried).then_some(())
    });

    std::fs::write(&offset, "-1h").unwrap();
    meta.faults(&json!([]));
    meta.wait_for_id("waiting");
    relay.take(&[old_order("delivered"), old_order("afterwards")]);
    meta.wait_for_id("afterwards");

    // And forward again.
    std::fs::write(&offset, "+0").unwrap();
    relay.take(&[
        old_order("waiting"),
        old_order("afterwards"),
        old_order("last"),
    ]);
    meta.wait_for_id("last");
    assert!(relay.stop().success(), "{}", relay.log());
    assert_eq!(meta.stats().duplicates, 0);
    assert_eq!(meta.events().len(), 4);
}
