//! `capi hash`.

use serde_json::{Value, json};

use super::{capi, stderr, stdout};

fn hash(arguments: &[&str], input: &str) -> Vec<Value> {
    let output = capi(&[&["hash"], arguments].concat(), input);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    stdout(&output)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

const MARY: &str = "6915771be1c5aa0c886870b6951b03d7eafc121fea0e80a5ea83beb7c449f4ec";

#[test]
fn a_value_a_line_gives_a_line_each() {
    let lines = hash(
        &["fn"],
        &format!("\"Mary\"\n{{}}\n[\"Mary\",\" MARY \"]\n\"{MARY}\"\n"),
    );
    let mary = json!({"sha256": [MARY], "normalized": ["mary"]});
    assert_eq!(lines[0], mary);
    assert_eq!(lines[1]["sha256"], json!([]));
    assert!(lines[1]["reason"].as_str().unwrap().contains("an object"));
    assert_eq!(lines[2], mary);
    assert_eq!(lines[3], json!({"sha256": [MARY], "normalized": [MARY]}));
    assert_eq!(lines.len(), 4);
}

#[test]
fn the_form_of_the_page_comes_first_and_a_profile_gives_one() {
    let normalized = |arguments: &[&str]| hash(arguments, "\"M1 1AE\"")[0]["normalized"].clone();
    assert_eq!(normalized(&["zp"]), json!(["m11ae", "m1 1ae"]));
    assert_eq!(
        normalized(&["zp", "--profile", "both"]),
        json!(["m11ae", "m1 1ae"])
    );
    assert_eq!(normalized(&["zp", "--profile", "page"]), json!(["m11ae"]));
    assert_eq!(normalized(&["--profile", "pixel", "zp"]), json!(["m1 1ae"]));
}

#[test]
fn what_the_rules_may_know_can_be_said() {
    let ours = |arguments: &[&str], value: &str| hash(arguments, value)[0]["normalized"][0].clone();
    assert_eq!(
        ours(&["zp", "--country", "Deutschland"], "\"D-10115\""),
        "10115"
    );
    assert_eq!(
        ours(&["ph", "--country", "us"], "\"(650) 555-1212\""),
        "16505551212"
    );
    let page = ["db", "--profile", "page", "--date-order", "day-first"];
    assert_eq!(ours(&page, "\"05/03/1995\""), "19950305");
}

#[test]
fn a_line_that_is_no_json_has_its_reason_and_the_others_go_on() {
    let lines = hash(&["em"], "kim@example.com\n\n\"kim@example.com\"\nnull\n");
    assert_eq!(lines.len(), 3);
    assert!(lines[0]["reason"].as_str().unwrap().contains("not JSON"));
    assert_eq!(lines[1]["normalized"], json!(["kim@example.com"]));
    assert_eq!(lines[2]["sha256"], json!([]));
    assert!(lines[2]["reason"].is_string());
}

#[test]
fn an_identifier_that_there_is_not_ends_with_2() {
    for arguments in [
        &["hash", "phone2"][..],
        &["hash"],
        &["hash", "em", "--profile", "x"],
    ] {
        let output = capi(arguments, "\"x\"");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
    }
}
