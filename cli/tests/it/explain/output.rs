//! Input, output and exit codes.

use super::*;

#[test]
fn one_event_may_be_laid_out_and_of_several_a_line_is_named() {
    let pretty = serde_json::to_string_pretty(&order()).unwrap();
    assert_eq!(explain(None, &[], &pretty).status.code(), Some(0));
    let two = format!("{{\"type\":\"page\"}}\n{}\n", order());
    let output = explain(None, &[], &two);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--line"), "{}", stderr(&output));
    let output = explain(None, &["--line", "2"], &two);
    assert!(stdout(&output).starts_with("track"), "{}", stderr(&output));
    assert_eq!(explain(None, &["--line", "3"], &two).status.code(), Some(2));
}

#[test]
fn what_is_no_event_ends_with_2_and_says_what_to_do() {
    for (input, word) in [
        ("", "no event was given"),
        ("{", "not JSON"),
        ("[]", "must be an object"),
        ("{}", "no type"),
        (r#"{"batch":[{"type":"page"}]}"#, "batch"),
    ] {
        let output = explain(None, &[], input);
        assert_eq!(output.status.code(), Some(2), "{input}");
        assert!(
            stderr(&output).contains(word),
            "{input}: {}",
            stderr(&output)
        );
        assert!(output.stdout.is_empty());
    }
    for arguments in [
        &["explain", "--config", "/nonexistent/capi.toml"][..],
        &["explain", "/nonexistent/event.json"],
    ] {
        assert_eq!(
            capi(arguments, "{}").status.code(),
            Some(2),
            "{arguments:?}"
        );
    }
}

#[test]
fn colours_can_be_asked_for_in_a_pipe() {
    let run = |variable: &str| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_capi"))
            .args(["explain", "--now", NOW])
            .arg(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../actions/purchase/example.json"
            ))
            .env(variable, "1")
            .output()
            .unwrap();
        stdout(&output).contains("\u{1b}[")
    };
    assert!(run("CLICOLOR_FORCE"));
    assert!(!run("NO_COLOR"));
}

#[test]
fn the_sample_of_the_documentation_is_what_is_printed() {
    let event = json!({
        "type": "track", "event": "Order Completed", "messageId": "order-1",
        "timestamp": "2026-11-24T05:14:51Z",
        "properties": {"revenue": 30, "currency": "EUR"},
        "context": {
            "userAgent": "Mozilla/5.0", "page": {"url": "https://shop.example/thanks"},
            "traits": {"email": "Jane@gmail.com"},
        },
    });
    let config = "[[destination]]\nname = \"meta\"\ndataset_id = \"1234567890\"\n";
    let printed = stdout(&explain(Some(config), &[], &event.to_string()));
    let mut printed = printed.lines();
    let text = include_str!("../../../../docs/cli.md");
    let (_, sample) = text.split_once("```text\ntrack").unwrap();
    let (sample, _) = sample.split_once("\n```").unwrap();
    // A number of subscriptions would have to be changed with every action.
    let sample = format!("track{sample}");
    let lines = sample
        .lines()
        .filter(|line| *line != "…" && !line.contains("do not match"));
    for line in lines {
        assert!(printed.any(|other| other == line), "{line}");
    }
}

#[test]
fn a_hostile_text_cannot_steer_the_terminal() {
    let mut event = order();
    event["properties"]["currency"] = json!("USD\u{1b}[31m\u{9b}2J");
    for more in [&[][..], &["--raw"]] {
        let text = stdout(&explain(Some(META), more, &event.to_string()));
        assert!(!text.contains(['\u{1b}', '\u{9b}']));
    }
}
