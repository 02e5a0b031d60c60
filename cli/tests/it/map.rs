//! `capi map`.

use serde_json::{Value, json};

use super::{Configured, capi, stderr, stdout};

/// The exit code and what came out, a value a line.
fn map(mapping: &str, events: &str) -> (Option<i32>, Vec<Value>) {
    let folder = Configured::new("").with("mapping.json", mapping);
    let path = folder.path().replace("capi.toml", "mapping.json");
    let output = capi(&["map", &path], events);
    let lines = stdout(&output);
    let lines = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    (output.status.code(), lines.collect())
}

#[test]
fn each_event_gives_a_line_and_nothing_is_null() {
    let (code, lines) = map(
        r#"{"@path": "$.properties.total"}"#,
        "{\"properties\":{\"total\":12345678901234567}}\n{\"properties\":{}}\n\nnope\n{\"properties\":{\"total\":\"x\"}}",
    );
    assert_eq!(code, Some(0));
    assert_eq!(lines[..2], [json!(12_345_678_901_234_567_u64), Value::Null]);
    assert!(lines[2]["error"].as_str().unwrap().contains("not JSON"));
    assert_eq!(lines[3], "x");
    let (_, numbers) = map(r#"{"@path": "$.n"}"#, "{\"n\":[2.0,1e2,-0,0.1]}");
    assert_eq!(numbers[0].to_string(), "[2,100,0,0.1]");
    assert_eq!(lines.len(), 4);
}

#[test]
fn what_fails_for_one_event_says_where() {
    let (code, lines) = map(
        r#"{"a": {"@path": {"@path": "$.which"}}}"#,
        "{\"which\":5}\n{\"which\":\"b\",\"b\":1}\n",
    );
    assert_eq!(code, Some(0));
    assert!(
        lines[0]["error"]
            .as_str()
            .unwrap()
            .starts_with("/a/@path: ")
    );
    assert_eq!(lines[1], json!({"a": 1}));
}

#[test]
fn a_wrong_mapping_is_the_error_of_each_event_and_ends_with_2() {
    for mapping in [
        r#"{"a": {"@paht": "$.x"}, "b": {"@path": 5}}"#,
        "{",
        "\u{feff}",
    ] {
        let (code, lines) = map(mapping, "{}\n{}\n");
        assert_eq!((code, lines.len()), (Some(2), 2), "{mapping}");
        assert!(lines[0]["error"].is_string(), "{mapping}");
    }
    let (_, lines) = map(r#"{"a": {"@paht": "$.x"}, "b": {"@path": 5}}"#, "{}");
    let error = lines[0]["error"].as_str().unwrap();
    assert!(
        error.contains("/a/@paht") && error.contains("/b/@path"),
        "{error}"
    );
}

#[test]
fn a_mapping_that_is_not_there_ends_with_2_and_says_so() {
    let output = capi(&["map", "/nonexistent/mapping.json"], "{}");
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(stderr(&output).contains("/nonexistent/mapping.json"));
}
