//! `capi conformance`.

use super::{capi, stderr, stdout};

#[test]
fn every_case_holds_and_differences_stand_beside_ours() {
    let output = capi(&["conformance"], "");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(stderr(&output), "");
    let reported = stdout(&output);
    for part in [
        "Meta's page",
        "Pixel",
        "Node SDK",
        "Python SDK",
        "Segment",
        "identifiers: ",
        "triggers: ",
        "mappings: ",
    ] {
        assert!(reported.contains(part), "{part}: {reported}");
    }
    // A row: capi's forms, and those of others.
    let row = reported
        .lines()
        .find(|line| line.contains("zp \"SW1A 1AA\""));
    let row = row.expect("the zip of Downing Street");
    assert!(row.contains("sw1a1aa, sw1a 1aa"), "{row}");
}

#[test]
fn one_set_can_be_asked_for() {
    let reported = stdout(&capi(&["conformance", "triggers"], ""));
    assert!(reported.contains("triggers: ") && !reported.contains("mappings: "));
    assert_eq!(
        capi(&["conformance", "nonsense"], "").status.code(),
        Some(2)
    );
}
