//! A disk that is full, and has room again: a small one of its own, in memory.

use std::collections::HashSet;
use std::path::PathBuf;

use serde_json::json;

use crate::support::calls::order;
use crate::support::http::{Request, Response};
use crate::support::meta::{Meta, names_and_ids};
use crate::support::relay::{KEY, Relay, Setup};

/// Puts the data folder on a file system of 6 MB, half of it taken by a file.
/// Nobody else sees it.
const SMALL_DISK: &str = r#"
    folder="$(dirname "$2")/data"
    mkdir -p "$folder"
    [ "$(id -u)" = 0 ] && as=-m || as=-rm
    exec unshare "$as" sh -c '
        mount -t tmpfs -o size=6m tmpfs "$0"
        head -c 3000000 /dev/zero >"$0/ballast"
        exec "$@"' "$folder"
"#;

fn send(relay: &Relay, from: usize) -> (Vec<String>, Response) {
    let ids: Vec<String> = (from..from + 100).map(|id| format!("id-{id}")).collect();
    let calls: Vec<_> = ids.iter().map(|id| order(id)).collect();
    let body = json!({ "batch": calls }).to_string();
    let response = relay.send(&Request::post("/v1/batch", body).key(KEY));
    (ids, response)
}

#[test]
#[ignore = "needs namespaces of Linux: run by .ci/test"]
fn a_full_disk_refuses_and_loses_nothing_and_goes_on_once_there_is_room() {
    let meta = Meta::up();
    meta.faults(&json!([{"answer": {"status": 503}}]));
    let setup = Setup {
        shell: Some(SMALL_DISK),
        ..Setup::default()
    };
    let mut relay = Relay::with(&meta, setup);
    let mut taken = Vec::new();
    let refused = loop {
        let (ids, response) = send(&relay, taken.len());
        if response.status != 200 {
            break response;
        }
        taken.extend(ids);
        assert!(taken.len() < 20_000, "the disk does not fill");
    };
    assert_eq!(refused.status, 503, "{refused:?}");
    assert!(refused.header("retry-after").is_some(), "{refused:?}");
    let log = relay.log();
    assert!(
        log.contains("the disk that holds the queue is full"),
        "{log}"
    );
    assert!(taken.len() >= 100, "{}", taken.len());

    // Meta is back, but what it takes cannot be acknowledged, or barely.
    meta.faults(&json!([]));
    meta.wait_for_count(1);
    let inside = PathBuf::from(format!("/proc/{}/root", relay.pid()));
    let data = relay.data_dir();
    std::fs::remove_file(inside.join(data.strip_prefix("/").unwrap()).join("ballast")).unwrap();

    // No hand is laid on the server: it goes on by itself.
    meta.wait_for_count(taken.len());
    let arrived: HashSet<String> = names_and_ids(&meta.events())
        .into_iter()
        .map(|(_, id)| id)
        .collect();
    assert_eq!(arrived, taken.iter().cloned().collect());
    relay.take(&[order("afterwards")]);
    meta.wait_for_id("afterwards");
    assert!(relay.stop().success(), "{}", relay.log());
    assert_eq!(
        meta.stats().duplicates,
        0,
        "known outcomes are not sent again"
    );
}
