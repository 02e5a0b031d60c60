//! `docs/faults.md`.

use std::fmt::Write as _;
use std::path::Path;

use super::{Ends, Fault};

const HEAD: &str = "\
<!-- Written by the tests: CAPI_WRITE_DOCS=1 cargo test -p capi-server --test it faults -->

# What may go wrong, and where the events end up

Each row is a test: the real server, three events, and a sandbox of Meta's endpoint
that answers so. `capi errors` explains the codes; [delivery](delivery.md) says how
the lanes wait and probe.

| what comes back | where the events end up |
|---|---|
";

const fn words(ends: Ends) -> &'static str {
    match ends {
        Ends::Arrived => "sent again after a wait; they arrive once",
        Ends::ArrivedTwice => {
            "sent again with the same ids, for nobody could know; Meta has them twice"
        }
        Ends::Parked => "the lane parks and keeps them; they arrive once when the fault is fixed",
        Ends::SetAside => "dead letters, `partly_confirmed`; not sent again by themselves",
    }
}

pub(super) fn check(faults: &[Fault]) {
    let mut page = HEAD.to_owned();
    for fault in faults {
        writeln!(page, "| {} | {} |", fault.name, words(fault.ends)).unwrap();
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/faults.md");
    if std::env::var_os("CAPI_WRITE_DOCS").is_some() {
        std::fs::write(&file, &page).unwrap();
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(
        found, page,
        "docs/faults.md is not up to date: run this test with CAPI_WRITE_DOCS=1"
    );
}
