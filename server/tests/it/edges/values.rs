//! Values: what Meta gets of each, to the byte, or why it gets nothing.

use super::doors::{ALL, Case, Expect, check, edge, event, kept, sent, start};
use crate::support::meta::Meta;

/// Rejected alone or among others: it is JSON, but cannot be held.
fn unheld(words: &'static str) -> Expect {
    Expect::Rejected("malformed_event", words)
}

/// A body that is not JSON.
fn no_json(words: &'static str) -> Expect {
    Expect::Refused(400, "malformed_body", words)
}

fn numbers() -> Vec<Case> {
    let cases: &[(&str, &str, Expect)] = &[
        (
            "a 17-digit id is exact",
            "12345678901234567",
            kept("12345678901234567"),
        ),
        (
            "an integer that no double is, 2^53 + 1",
            "9007199254740993",
            kept("9007199254740993"),
        ),
        (
            "the largest integer",
            "18446744073709551615",
            kept("18446744073709551615"),
        ),
        (
            "the smallest integer",
            "-9223372036854775808",
            kept("-9223372036854775808"),
        ),
        ("a float comes back as it came", "0.1", kept("0.1")),
        (
            "a float of 17 digits",
            "0.30000000000000004",
            kept("0.30000000000000004"),
        ),
        (
            "a float that careless readers round",
            "500000004.1000722",
            kept("500000004.1000722"),
        ),
        ("the smallest float", "5e-324", kept("5e-324")),
        (
            "the largest float",
            "1.7976931348623157e308",
            sent("1.7976931348623157e+308"),
        ),
        ("a zero behind the point has no value", "1.10", sent("1.1")),
        ("a whole float stays one", "1.0", kept("1.0")),
        ("a large exponent", "1e21", sent("1e+21")),
        ("a capital exponent", "1E2", sent("100.0")),
        ("a negative zero", "-0", sent("-0.0")),
        ("a float below the smallest is zero", "1e-400", sent("0.0")),
        (
            "an integer beyond 64 bits is the nearest double",
            "123456789012345678901234567890",
            sent("1.2345678901234568e+29"),
        ),
        (
            "a number beyond a double",
            "1e400",
            unheld("larger than a double"),
        ),
        (
            "a negative number beyond a double",
            "-1e400",
            unheld("larger than a double"),
        ),
    ];
    let mut cases: Vec<Case> = cases
        .iter()
        .map(|(name, value, expect)| Case::new(name, edge(value), expect.clone()))
        .collect();
    let long = "9".repeat(400);
    cases.push(Case::new(
        "an integer of 400 digits",
        edge(&long),
        unheld("larger than a double"),
    ));
    // Python's json writes these.
    for (name, value) in [
        ("NaN", "NaN"),
        ("Infinity", "Infinity"),
        ("negative Infinity", "-Infinity"),
        ("NaN in a list", "[1,NaN]"),
    ] {
        let case = Case::new(name, edge(value), unheld("NaN and Infinity"));
        cases.push(case.alone(no_json("NaN and Infinity")));
    }
    let words = "NaN and Infinity";
    cases.push(Case::new(
        "NaN in a text is text",
        edge("\"NaN \\\" NaN\""),
        kept("\"NaN \\\" NaN\""),
    ));
    cases.push(Case::new("an event that is NaN", "NaN", unheld(words)).alone(no_json(words)));
    for (name, value) in [
        ("a number with a leading zero", "01"),
        ("a number with a plus", "+1"),
        ("a number without a first digit", ".5"),
        ("a number without a last digit", "1."),
        ("a hexadecimal number", "0x10"),
        ("undefined", "undefined"),
        ("nothing for a value", ""),
        ("a text in single quotes", "'x'"),
        ("a comma before the end", "[1,]"),
        ("a bracket too few", "[1"),
        ("a bracket too many", "[1]]"),
        ("a line break in a text", "\"a\nb\""),
        ("a NUL in a text", "\"a\0b\""),
        ("an escape that is none", r#""\x41""#),
        ("a comment", "/* */ 1"),
    ] {
        // Where such an event ends, and another begins, nobody can tell.
        cases.push(Case::new(name, edge(value), no_json("not JSON")));
    }
    cases
}

fn texts() -> Vec<Case> {
    let half = || unheld("half a character");
    let mut cases = vec![
        Case::new("a lone leading surrogate", edge(r#""\ud800""#), half()),
        Case::new(
            "a lone leading surrogate before a letter",
            edge(r#""\ud800x""#),
            half(),
        ),
        Case::new("a lone trailing surrogate", edge(r#""\udc00""#), half()),
        Case::new("two leading surrogates", edge(r#""\ud800\ud800""#), half()),
        Case::new("a lone surrogate in a key", edge(r#"{"\ud800":1}"#), half()),
        Case::new(
            "a whole pair of surrogates",
            edge(r#""\ud83d\ude00""#),
            kept("\"\u{1f600}\""),
        ),
        Case::new(
            "an escaped NUL",
            edge(r#""a\u0000b""#),
            kept(r#""a\u0000b""#),
        ),
        Case::new(
            "escapes that need not be",
            edge(r#""\/\u0041""#),
            kept("\"/A\""),
        ),
        Case::new(
            "backslashes and quotes",
            edge(r#""\\\"\\\\""#),
            kept(r#""\\\"\\\\""#),
        ),
        Case::new(
            "a byte order mark inside of a text",
            edge("\"\u{feff}x\""),
            kept("\"\u{feff}x\""),
        ),
        Case::new(
            "characters of four bytes",
            edge("\"漢😀\u{10ffff}\""),
            kept("\"漢😀\u{10ffff}\""),
        ),
    ];
    for (name, bytes) in [
        ("a byte that is not UTF-8", &b"\xff"[..]),
        ("a character cut short", b"\xe6\xbc"),
        ("a surrogate as UTF-8", b"\xed\xa0\x80"),
        ("an overlong slash", b"\xc0\xaf"),
        ("a byte that is not UTF-8 behind a backslash", b"\\\xff"),
        ("a byte that is not UTF-8 in an escape", b"\\u00\xff0"),
    ] {
        let text = edge("\"x%BAD%\"");
        let (before, after) = text.split_once("%BAD%").unwrap();
        let text = [before.as_bytes(), bytes, after.as_bytes()].concat();
        let case = Case::new(name, text, unheld("not UTF-8"));
        cases.push(case.alone(no_json("not UTF-8")));
    }
    cases
}

fn keys() -> Vec<Case> {
    let mut cases: Vec<Case> = [
        (
            "__proto__",
            r#"{"__proto__":{"polluted":true},"constructor":{"prototype":1}}"#,
        ),
        ("keys with dots", r#"{"a.b":1,".":2,"..":3,"a":{"b":4}}"#),
        ("keys with brackets", r#"{"a[0]":1,"[]":2,"a]":3,"[":4}"#),
        ("keys with backslashes", r#"{"a\\b":1,"\\":2,"\\\"":3}"#),
        (
            "keys of directives and paths",
            r#"{"@path":"$.userId","$":1,"{{x}}":2}"#,
        ),
        ("an empty key", r#"{"":1," ":2}"#),
        (
            "keys that differ by case or by accent",
            "{\"a\":1,\"A\":2,\"\u{e9}\":3,\"e\u{301}\":4}",
        ),
        ("a key with a NUL", r#"{"\u0000":1}"#),
    ]
    .into_iter()
    .map(|(name, value)| Case::new(name, edge(value), kept(value)))
    .collect();
    cases.extend([
        Case::new(
            "the last of two equal keys, once",
            edge(r#"{"a":1,"b":2,"a":3}"#),
            sent(r#"{"a":3,"b":2}"#),
        ),
        Case::new(
            "two keys that are equal once read",
            edge(r#"{"a":1,"\u0061":2}"#),
            sent(r#"{"a":2}"#),
        ),
        Case::new(
            "two properties",
            event(r#""properties":{"edge":1},"properties":{"edge":2}"#),
            sent("2"),
        ),
        Case::new(
            "two names of the event, the last good",
            event(r#""properties":{"edge":1}"#).replacen(
                "\"event\":",
                "\"event\":\"Other\",\"event\":",
                1,
            ),
            sent("1"),
        ),
        Case::new(
            "two names of the event, the first good",
            event(r#""properties":{"edge":1},"event":"Other""#),
            Expect::Unmatched,
        ),
        Case::new(
            "two types, the last none",
            event(r#""type":7"#),
            Expect::Rejected("unknown_type", "a number"),
        ),
        Case::new(
            "__proto__ in place of the event's members",
            event(r#""__proto__":{"event":"Other"}"#),
            Expect::Sent(String::new()),
        ),
    ]);
    cases
}

fn nothings() -> Vec<Case> {
    let nothing = || Expect::Sent(String::new());
    let without = |member: &str, with: &str| edge("1").replacen(member, with, 1);
    vec![
        Case::new("nothing at all", "", no_json("not JSON")),
        Case::new("white space only", " \t\r\n ", no_json("not JSON")),
        Case::new(
            "an empty object",
            "{}",
            Expect::Rejected("unknown_type", "no type"),
        )
        .alone(Expect::Unmatched),
        Case::new("an empty list", "[]", unheld("an array")),
        Case::new("an empty text", "\"\"", unheld("a string")),
        Case::new("a text of white space", "\" \"", unheld("a string")),
        Case::new("null", "null", unheld("null")),
        Case::new("a number", "17", unheld("a number")),
        Case::new(
            "properties that are null",
            event(r#""properties":null"#),
            kept("null"),
        ),
        Case::new(
            "properties that are an empty text",
            event(r#""properties":"""#),
            nothing(),
        ),
        Case::new(
            "properties that are a list",
            event(r#""properties":[]"#),
            nothing(),
        ),
        Case::new(
            "properties without members",
            event(r#""properties":{}"#),
            nothing(),
        ),
        Case::new("a value that is null", edge("null"), kept("null")),
        Case::new("a value that is an empty text", edge("\"\""), kept("\"\"")),
        Case::new(
            "a value of white space",
            edge("\" \\t \""),
            kept("\" \\t \""),
        ),
        Case::new("a value that is an empty object", edge("{}"), kept("{}")),
        Case::new("a value that is an empty list", edge("[]"), kept("[]")),
        Case::new(
            "an empty name of the event",
            without("\"Edge\"", "\"\""),
            Expect::Unmatched,
        ),
        Case::new(
            "a name of the event of white space",
            without("\"Edge\"", "\"  \""),
            Expect::Unmatched,
        ),
        Case::new(
            "a type of white space",
            without("\"track\"", "\"  \""),
            Expect::Rejected("unknown_type", "not one of the Segment spec"),
        ),
        Case::new(
            "white space around everything",
            format!(" \n{}\t\r\n", edge(" \n 1 \t ")),
            kept("1"),
        ),
        Case::new(
            "a user and traits that are empty or white space",
            event(r#""userId":" ","anonymousId":"","traits":{"email":" ","phone":""}"#),
            nothing(),
        ),
    ]
}

#[test]
fn every_value_through_every_door() {
    let meta = Meta::up();
    let relay = start(&meta, "");
    let cases = [numbers(), texts(), keys(), nothings()]
        .into_iter()
        .flatten();
    check(relay, &meta, ALL, &cases.collect::<Vec<_>>());
}
