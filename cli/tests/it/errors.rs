//! `capi errors`.

use serde_json::Value;

use super::{capi, stderr, stdout};

#[test]
fn a_code_is_explained_with_what_is_done_and_what_to_do() {
    for (code, words) in [
        (
            "190",
            &["access token", "capi: park", "you: Make a new token"][..],
        ),
        ("100/33", &["the dataset does not exist", "capi: park"]),
        (
            "2804050",
            &["too little customer information", "capi: bisect"],
        ),
        (
            "100/2804050",
            &["too little customer information", "capi: bisect"],
        ),
        (
            "80004",
            &["a business use case's rate limit", "capi: throttle"],
        ),
        ("429", &["too many requests", "capi: throttle"]),
        ("424242", &["does not know", "capi: retry, then park"]),
    ] {
        let output = capi(&["errors", code], "");
        assert_eq!(output.status.code(), Some(0), "{code}");
        let reported = stdout(&output);
        assert!(
            words.iter().all(|word| reported.contains(word)),
            "{code}: {reported}"
        );
    }
    assert!(!stdout(&capi(&["errors", "100/33"], "")).contains("an event is invalid"));
}

#[test]
fn the_whole_table_is_for_people_and_for_scripts() {
    let reported = stdout(&capi(&["errors"], ""));
    assert!(
        reported.contains("no answer") && reported.contains("fewer received"),
        "{reported}"
    );
    let rows: Vec<Value> = serde_json::from_str(&stdout(&capi(&["errors", "--json"], ""))).unwrap();
    assert!(rows.len() > 25);
    for row in rows {
        assert!(
            row["meaning"].is_string() && row["source"].is_string(),
            "{row}"
        );
    }
}

#[test]
fn what_is_no_code_ends_with_2() {
    for code in ["x", "100/", "1.5"] {
        assert_eq!(capi(&["errors", code], "").status.code(), Some(2), "{code}");
    }
}

#[test]
fn a_code_of_capis_own_is_told_where_it_is_explained() {
    let output = capi(&["errors", "missing_field"], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("`capi rules missing_field`"));
}
