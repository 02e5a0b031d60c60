//! `capi rules`.

use serde_json::{Value, json};

use super::{capi, stderr, stdout};

/// What is printed about `name`, as if lines had no end.
fn reported(name: &str) -> String {
    let output = capi(&["rules", name], "");
    assert_eq!(output.status.code(), Some(0), "{name}: {}", stderr(&output));
    joined(&stdout(&output))
}

/// `text` with its broken lines put together.
fn joined(text: &str) -> String {
    text.replace("\n    ", " ")
}

fn asked(arguments: &[&str]) -> Value {
    let output = capi(&[&["rules", "--json"], arguments].concat(), "");
    assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    serde_json::from_str(&stdout(&output)).unwrap()
}

fn codes(answer: &Value) -> Vec<&str> {
    let rules = answer["rules"].as_array().unwrap();
    rules
        .iter()
        .map(|rule| rule["code"].as_str().unwrap())
        .collect()
}

#[test]
fn a_code_is_told_with_sentence_outcome_source_and_confidence() {
    for (code, words) in [
        (
            "value_without_currency",
            &[
                "without a `currency`",
                "about: custom_data.value, custom_data.currency",
                "warns; rejects the event with strict = \"reported\"",
                "subcodes 2804023 and 2804081 (reported)",
            ][..],
        ),
        (
            "missing_client_user_agent",
            &["website_requirements = \"warn\"", "(documented)"],
        ),
        (
            "md5",
            &[
                "it looks like an MD5 digest",
                "every identifier but external_id",
                "leaves the value out with a warning",
            ],
        ),
        (
            "em.pixel.lowercase",
            &["Lower-case.", "about: user_data.em", "(reported)"],
        ),
        ("em.trim", &["leading and trailing spaces", "(documented)"]),
    ] {
        let reported = reported(code);
        assert!(
            words.iter().all(|word| reported.contains(word)),
            "{reported}"
        );
        assert!(reported.starts_with(code), "{reported}");
        assert_eq!(codes(&asked(&[code])), [code]);
    }
}

#[test]
fn a_field_has_the_same_answer_under_each_of_its_names() {
    for names in [
        &["em", "email", "user_data.em", "user_data.email"][..],
        &["currency", "custom_data.currency"],
        &[
            "contents[].id",
            "contents[0].id",
            "custom_data.contents[3].id",
        ],
    ] {
        let first = asked(&names[..1]);
        for name in &names[1..] {
            assert_eq!(asked(&[name]), first, "{name}");
        }
    }
    let reported = reported("email");
    for words in [
        "user_data.em: E-mail address; hashed.",
        "in mappings: user_data.email",
        "unusable_identifier (check)",
        "not_an_email (refusal)",
        "em.lowercase (normalization)",
    ] {
        assert!(reported.contains(words), "{words}\n{reported}");
    }
    assert!(
        !reported.contains("not_a_gender") && !reported.contains("ph.length"),
        "{reported}"
    );
}

#[test]
fn a_field_is_told_with_type_choices_and_who_requires_it() {
    let currency = reported("currency");
    for words in [
        "type: string",
        "required by: append-attribution, append-value, purchase",
        "invalid_currency (check)",
        "missing_field (check)",
        "currency.iso_code (normalization)",
    ] {
        assert!(currency.contains(words), "{words}\n{currency}");
    }
    let source = reported("action_source");
    assert!(source.contains("one of: website, app, email"), "{source}");
    assert!(source.contains("required by: every action"), "{source}");
    assert!(source.contains("invalid_choice (check)"), "{source}");
    let agent = asked(&["client_user_agent"]);
    assert!(codes(&agent).contains(&"missing_client_user_agent"));
    assert!(!codes(&agent).contains(&"invalid_choice"));
}

#[test]
fn states_are_told_by_name_and_date() {
    let state = reported("data_processing_options_state");
    assert!(state.contains("1013: Rhode Island, since 2025-11-17"));
    let answer = asked(&["data_processing_options_state"]);
    assert_eq!(
        answer["fields"][0]["choices"][1],
        json!({"value": "1000", "meaning": "California"})
    );
}

#[test]
fn all_rules_are_for_people_and_for_scripts() {
    let output = stdout(&capi(&["rules"], ""));
    for line in output.lines() {
        assert!(
            line.chars().count() <= 80 && line.trim_end() == line,
            "{line}"
        );
    }
    let output = joined(&output);
    let answer = asked(&[]);
    for rule in answer["rules"].as_array().unwrap() {
        let text = |key: &str| rule[key].as_str().unwrap();
        let block = format!(
            "\n{} ({}): {}\n  about: {}\n  what it does: {}\n  source: {} ({})\n",
            text("code"),
            text("kind"),
            text("sentence"),
            text("concerns"),
            text("what_it_does"),
            text("source"),
            text("confidence"),
        );
        assert!(output.contains(&block), "{block}");
    }
    for rule in answer["rules"].as_array().unwrap() {
        for key in [
            "kind",
            "concerns",
            "sentence",
            "outcome",
            "what_it_does",
            "confidence",
            "source",
        ] {
            assert!(
                rule[key].as_str().is_some_and(|text| !text.is_empty()),
                "{key}: {rule}"
            );
        }
        assert!(rule["fields"].is_array());
    }
    assert!(answer["fields"].as_array().unwrap().len() > 50);
}

#[test]
fn the_sample_in_the_documentation_is_what_is_printed() {
    let text = include_str!("../../../docs/cli.md");
    let (_, section) = text.split_once("\n## capi rules\n").unwrap();
    let (_, sample) = section.split_once("```json\n").unwrap();
    let (sample, _) = sample.split_once("\n```").unwrap();
    let sample: Value = serde_json::from_str(sample).unwrap();
    assert_eq!(sample, asked(&["value_without_currency"]));
}

#[test]
fn what_is_no_rule_and_no_field_ends_with_2_and_says_what_was_meant() {
    for (name, meant) in [
        ("curency", "\"currency\""),
        ("emial", "\"email\""),
        ("em.lowercse", "\"em.lowercase\""),
        ("user_data.emal", "\"user_data.email\""),
        ("colour of the sky", "`capi rules` lists"),
        ("", "`capi rules` lists"),
        ("contents[", "\"contents\""),
    ] {
        let output = capi(&["rules", name], "");
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert_eq!(stdout(&output), "");
        assert!(stderr(&output).contains(meant), "{}", stderr(&output));
    }
}
