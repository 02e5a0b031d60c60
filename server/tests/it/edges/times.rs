//! Times that no clock shows, and clocks that are wrong.

use super::doors::{ALL, Case, Expect, check, edge, sent, start};
use crate::support::calls::at;
use crate::support::meta::Meta;

/// An event whose time is this value, with further members.
fn happened(timestamp: &str, more: &str) -> String {
    let event = edge("1");
    let (before, rest) = event.split_once("\"timestamp\":").unwrap();
    let (_, after) = rest.split_once(',').unwrap();
    format!("{before}\"timestamp\":{timestamp},{more}{after}")
}

#[test]
fn every_time_through_every_door() {
    let old = || Expect::Rejected("event_too_old", "");
    let future = || Expect::Rejected("event_in_future", "");
    let wrong = || Expect::Rejected("invalid_event_time", "");
    let now = || sent("1");
    let minute = at(-60);
    let quoted = |text: &str| format!("\"{text}\"");
    let cases = [
        ("year 0", "\"0000-01-01T00:00:00Z\"", old()),
        ("year 0, a date alone", "\"0000-01-01\"", old()),
        ("before year 0", "\"-000001-01-01T00:00:00Z\"", old()),
        ("the first moment", "\"-009999-01-01T00:00:00Z\"", old()),
        ("1970", "\"1970-01-01T00:00:00Z\"", old()),
        ("1970 in seconds", "0", old()),
        ("1970 in milliseconds, a few", "17", old()),
        ("before 1970", "-1", old()),
        ("a negative zero", "-0.0", old()),
        ("a leap second", "\"2016-12-31T23:59:60Z\"", old()),
        ("the year 9999", "\"9999-06-30T12:00:00Z\"", future()),
        (
            "the last moment of 9999",
            "\"9999-12-31T23:59:59.999Z\"",
            future(),
        ),
        (
            "the last day of 9999, a date alone",
            "\"9999-12-31\"",
            future(),
        ),
        (
            "the last moment of 9999, without an offset",
            "\"9999-12-31T23:59:59\"",
            future(),
        ),
        (
            "the last moment of 9999, far in the west",
            "\"9999-12-31T23:59:59-12:00\"",
            future(),
        ),
        (
            "the last moment of 9999 in milliseconds",
            "253402300799999",
            future(),
        ),
        (
            "the first moment of the first year, far in the east",
            "\"-009999-01-01T00:00:00+14:00\"",
            old(),
        ),
        (
            "JavaScript's last moment",
            "\"+275760-09-13T00:00:00.000Z\"",
            wrong(),
        ),
        (
            "JavaScript's last moment in milliseconds",
            "8640000000000000",
            wrong(),
        ),
        ("a number of the size of a double", "1e308", wrong()),
        ("a day that is none", "\"2026-02-30T00:00:00Z\"", wrong()),
        ("no date at all", "\"0000-00-00 00:00:00\"", wrong()),
        ("an hour that is none", "\"2026-02-03T25:00:00Z\"", wrong()),
        ("words", "\"Invalid Date\"", wrong()),
        ("white space", "\"  \"", wrong()),
        ("a boolean", "true", wrong()),
        ("an object", "{}", wrong()),
        ("a list", "[]", wrong()),
        ("an empty text is none", "\"\"", now()),
        ("null is none", "null", now()),
        (
            "white space around a time",
            &quoted(&format!(" {minute} ")),
            now(),
        ),
    ];
    let mut cases: Vec<Case> = cases
        .into_iter()
        .map(|(name, timestamp, expect)| Case::new(name, happened(timestamp, ""), expect))
        .collect();
    let tomorrow = quoted(&at(24 * 60 * 60));
    cases.push(Case::new("tomorrow", happened(&tomorrow, ""), future()));
    // The clock is wrong, but the event and its sending are by the same one.
    for (name, timestamp, sent_at) in [
        (
            "a clock of 1970",
            "\"1970-01-01T00:00:01Z\"",
            "\"1970-01-01T00:00:02Z\"",
        ),
        (
            "a clock of 9999",
            "\"9999-06-30T12:00:00Z\"",
            "\"9999-06-30T12:00:01Z\"",
        ),
        (
            "a clock of year 0",
            "\"0000-01-01T00:00:00Z\"",
            "\"0000-01-01T00:00:01Z\"",
        ),
        ("a clock a day ahead", &tomorrow, &tomorrow),
        ("a clock of 1970 in numbers", "100", "101"),
    ] {
        let sent_at = format!("\"sentAt\":{sent_at},");
        cases.push(Case::new(name, happened(timestamp, &sent_at), now()));
    }
    for (name, sent_at) in [
        ("a time of sending that is none", "\"soon\""),
        (
            "a time of sending of the year 0",
            "\"0000-01-01T00:00:00Z\"",
        ),
        ("a time of sending that is a list", "[9999]"),
    ] {
        let sent_at = format!("\"sentAt\":{sent_at},");
        cases.push(Case::new(name, happened(&quoted(&minute), &sent_at), now()));
    }
    let sent_at = "\"sentAt\":\"9999-06-30T12:00:00Z\",";
    let long_ago = happened(&quoted(&minute), sent_at);
    cases.push(Case::new(
        "sent eight thousand years after",
        long_ago,
        old(),
    ));

    let meta = Meta::up();
    check(start(&meta, ""), &meta, ALL, &cases);
}
