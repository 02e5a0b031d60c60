//! What holds of the table of all rules.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::HashSet;

use capi_actions as _;
use capi_core::field::FieldType;
use capi_core::rejection::{Code, Stage};
use capi_core::rules::{Concern, Effect, EntryKind, Rules};
use capi_core::user_data::{Identifier, ValueError, rule};
use capi_core::{Confidence, Registry};

fn rules() -> Rules {
    Rules::of(&Registry::linked().unwrap())
}

#[test]
fn every_code_stands_once_and_has_the_shape_of_its_kind() {
    let mut seen = HashSet::new();
    for entry in rules().entries {
        let code = entry.code;
        assert!(seen.insert(code), "{code} stands twice");
        let is_word = |word: &str| {
            word.starts_with(|first: char| first.is_ascii_lowercase())
                && word
                    .bytes()
                    .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
        };
        assert!(code.split('.').all(is_word), "{code}");
        assert_eq!(
            code.contains('.'),
            entry.kind == EntryKind::Normalization,
            "{code}"
        );
    }
}

#[test]
fn no_check_no_refusal_and_no_step_is_left_out() {
    let rules = rules();
    let count = |kind| {
        rules
            .entries
            .iter()
            .filter(|entry| entry.kind == kind)
            .count()
    };
    assert_eq!(count(EntryKind::Check), Code::ALL.len());
    assert_eq!(count(EntryKind::ValueError), ValueError::ALL.len());
    for identifier in Identifier::ALL {
        let rule = rule(identifier);
        for step in rule.steps.iter().chain(rule.pixel_steps) {
            assert!(step.code.starts_with(&format!("{}.", identifier.key())));
            assert!(rules.ask(step.code).is_ok(), "{}", step.code);
        }
        for step in rule.pixel_steps {
            assert!(step.code.contains(".pixel."), "{}", step.code);
        }
        // Whatever is asked of an identifier tells all its steps.
        let answer = rules.ask(identifier.field()).unwrap();
        for step in rule.steps {
            assert!(answer.entries.iter().any(|entry| entry.code == step.code));
        }
    }
}

#[test]
fn sentences_are_sentences_and_say_where_they_come_from() {
    for entry in rules().entries {
        let (code, sentence) = (entry.code, &entry.sentence);
        assert!(
            sentence.ends_with('.') && !sentence.ends_with(".."),
            "{code}"
        );
        assert!(
            sentence.starts_with(|first: char| first.is_uppercase()),
            "{code}"
        );
        assert!(!entry.source.is_empty() && !entry.source.ends_with('.'));
    }
}

#[test]
fn every_field_that_a_rule_names_is_there() {
    let rules = rules();
    for entry in &rules.entries {
        let named = match entry.concern {
            Concern::Required(paths) => paths.iter().map(|path| (*path).to_owned()).collect(),
            other => other.paths(),
        };
        for path in named {
            assert!(
                rules.subjects.iter().any(|subject| subject.path == path),
                "{} names {path}",
                entry.code
            );
        }
    }
}

#[test]
fn every_field_has_its_rules_under_every_name() {
    let rules = rules();
    for subject in &rules.subjects {
        for name in [&*subject.path, &*subject.mapped, subject.field.key] {
            let answer = rules.ask(name).unwrap();
            assert!(
                answer.subjects.iter().any(|one| one.path == subject.path),
                "{name}"
            );
            let codes: Vec<_> = answer.entries.iter().map(|entry| entry.code).collect();
            assert!(codes.contains(&"invalid_type"), "{name}");
            assert!(
                subject.field.choices.is_empty() || codes.contains(&"invalid_choice"),
                "{name}"
            );
        }
    }
}

#[test]
fn lists_and_times_have_their_rules_and_other_fields_have_not() {
    let rules = rules();
    for subject in &rules.subjects {
        let path = &subject.path;
        let is_told = |code: &str| {
            let entries = rules.entries.iter();
            let mut of_code = entries.filter(|entry| entry.code == code);
            of_code.any(|entry| entry.concern.includes(path, subject.field, false))
        };
        let is_time = subject.field.kind == FieldType::Datetime;
        assert_eq!(is_told("field.list"), subject.field.multiple, "{path}");
        assert_eq!(is_told("event_time.unix"), is_time, "{path}");
        assert_eq!(is_told("invalid_event_time"), is_time, "{path}");
    }
}

#[test]
fn codes_stand_in_the_order_of_the_stages_that_give_them() {
    let first = |code: &Code| code.given_by()[0];
    assert!(Code::ALL.is_sorted_by_key(first));
    for code in Code::ALL {
        assert!(code.given_by().is_sorted(), "{code:?}");
    }
}

/// Only admission asks how well a rule is known.
#[test]
fn strictness_decides_of_what_is_only_reported_and_admission_gives() {
    for code in Code::ALL {
        let is_decided = matches!(
            code.outcome(),
            Effect::RejectsWhenStrict | Effect::LeavesOutWhenStrict
        );
        let is_reported = code.confidence() == Confidence::Reported;
        let is_of_admission = code.given_by() == [Stage::Admit];
        assert_eq!(is_decided, is_reported && is_of_admission, "{code:?}");
    }
}

#[test]
fn what_is_only_reported_rejects_no_event_unless_strict_says_so() {
    for entry in rules().entries {
        if entry.confidence == Confidence::Reported {
            assert!(
                !matches!(
                    entry.outcome,
                    Effect::Rejects | Effect::RejectsWhereRequired | Effect::RejectsWebsite
                ),
                "{}",
                entry.code
            );
        }
    }
}

/// The device's advertising id may be mapped in two objects and is in one.
#[test]
fn a_field_is_told_where_its_value_stands_in_metas_event() {
    let rules = rules();
    for (mapped, path) in [
        ("app_data_field.madId", "user_data.madid"),
        ("user_data.madId", "user_data.madid"),
        ("app_data_field.version", "app_data.version"),
        ("user_data.leadID", "user_data.lead_id"),
        ("contents[].id", "custom_data.contents[].id"),
        ("data_processing_options", "data_processing_options"),
    ] {
        let answer = rules.ask(mapped).unwrap();
        let paths: Vec<_> = answer
            .subjects
            .iter()
            .filter(|subject| subject.mapped == mapped)
            .map(|subject| &*subject.path)
            .collect();
        assert_eq!(paths, [path], "{mapped}");
    }
}
