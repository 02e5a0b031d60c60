//! The two languages of a configuration, triggers and mappings, as data: what
//! each statement says of an event, and what each mapping makes of one.
//!
//! A line of a data file that holds only an `event` sets the event of the
//! cases after it. `why` explains a case on which implementations disagree.

#![expect(clippy::panic, clippy::expect_used, reason = "a test may fail loudly")]

mod mappings;
mod never_panics;
mod triggers;

use capi_core::event::{Arena, Json};

/// Calls `check` with each case of a file, its line number and its event.
fn cases(file: &str, mut check: impl FnMut(usize, Json<'_>, Json<'_>)) {
    let arena = Arena::new();
    let mut event = None;
    let mut count = 0;
    for (index, line) in file.lines().enumerate() {
        let line_number = index + 1;
        let case = Json::parse(&arena, line.as_bytes())
            .unwrap_or_else(|error| panic!("line {line_number} is no JSON: {error}"));
        if let Some([("event", own)]) = case.as_object() {
            event = Some(*own);
            continue;
        }
        check(
            line_number,
            case,
            event.expect("the first line sets the event"),
        );
        count += 1;
    }
    assert!(count > 100, "the file lost its cases: {count}");
}
