//! `capi demo`.

use super::{capi, stderr, stdout};

#[test]
fn the_numbers_of_a_small_afternoon_add_up() {
    let output = capi(&["demo", "--events", "600"], "");
    let shown = stdout(&output);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{shown}\n{}",
        stderr(&output)
    );
    for words in [
        "The numbers add up",
        "rejected: mapping_failed",
        "duplicates, not sent again",
        "sha256 ",
        "Where to go next",
    ] {
        assert!(shown.contains(words), "{words}\n{shown}");
    }
    assert!(
        !shown.contains('\u{1b}') && !stderr(&output).contains('\u{1b}'),
        "no escape codes in a pipe"
    );
}

#[test]
fn an_afternoon_of_one_event_works_too() {
    assert_eq!(capi(&["demo", "--events", "1"], "").status.code(), Some(0));
}
