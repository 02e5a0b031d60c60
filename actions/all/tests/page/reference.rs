//! The pages of codes, of identifiers and of what else holds for rules.

use capi_core::Confidence;
use capi_core::field::data_processing::STATES;
use capi_core::rules::{Effect, Entry, EntryKind, Rules};
use capi_core::user_data::{Identifier, rule};

use super::{NOTICE, code, table};

/// Every code that a rejection or a warning may have, and every reason for which a
/// value of an identifier is left out.
pub(crate) fn codes(rules: &Rules) -> String {
    let checks = of_kind(rules, EntryKind::Check).map(|entry| {
        vec![
            code(entry.code),
            entry.sentence.to_string(),
            about(entry),
            effect(entry),
            entry.confidence.name().to_owned(),
            entry.source.to_owned(),
        ]
    });
    let refusals = of_kind(rules, EntryKind::ValueError).map(|entry| {
        vec![
            code(entry.code),
            entry.sentence.to_string(),
            about(entry),
            entry.confidence.name().to_owned(),
            entry.source.to_owned(),
        ]
    });
    format!(
        "{NOTICE}# Codes\n\n\
         Why an event is not sent, or what was left out of it. A code never changes its\n\
         meaning and is never reused. They stand in the order of the steps that give them.\n\
         What [confidence](rules.md#confidence) is, and what it has to do with `strict`,\n\
         stands in [rules](rules.md).\n\n{}\n\
         ## Values of identifiers\n\n\
         `unusable_identifier` has one of these reasons. `capi rules` knows them by these\n\
         codes.\n\n{}",
        table(
            &[
                "code",
                "what it means",
                "about",
                "what it does",
                "confidence",
                "source"
            ],
            checks
        ),
        table(
            &["code", "what it means", "about", "confidence", "source"],
            refusals
        )
    )
}

/// How every identifier is normalized.
pub(crate) fn identifiers(rules: &Rules) -> String {
    let mut out = format!(
        "{NOTICE}# Identifiers\n\n\
         Eleven keys of `user_data` leave only as SHA-256 of their normalized form. Where\n\
         Meta's page and the code of Meta's Pixel disagree, both forms are sent unless a\n\
         destination's `normalization` says otherwise. Each step has its stable code and its\n\
         [confidence](rules.md#confidence); `capi rules em` shows those of one.\n\n\
         All of them:\n\n{}",
        steps(rules, "user_data.")
    );
    for identifier in Identifier::ALL {
        let rule = rule(identifier);
        out.push_str(&format!(
            "\n## {}\n\n{} Mapped as {}.\n\n",
            identifier.key(),
            rule.about,
            code(identifier.field())
        ));
        out.push_str(&steps(rules, &format!("{}.", identifier.key())));
        if !rule.pixel_steps.is_empty() {
            out.push_str("\nThe Pixel's form:\n\n");
            out.push_str(&steps(rules, &format!("{}.pixel.", identifier.key())));
        }
        out.push_str(&format!("\nSource: {}.\n", rule.source));
    }
    out
}

/// What confidence means, how other fields are normalized, and the states.
pub(crate) fn rules(rules: &Rules) -> String {
    let decided = |outcome: Effect| {
        let decided = rules
            .entries
            .iter()
            .filter(|entry| entry.outcome == outcome);
        let codes: Vec<_> = decided.map(|entry| code(entry.code)).collect();
        assert!(!codes.is_empty(), "the page speaks of {outcome:?}");
        codes.join(", ")
    };
    let others = of_kind(rules, EntryKind::Normalization)
        .filter(|entry| {
            !entry.code.starts_with("user_data.")
                && Identifier::ALL.into_iter().all(|identifier| {
                    entry
                        .code
                        .split_once('.')
                        .is_none_or(|(key, _)| key != identifier.key())
                })
        })
        .map(|entry| {
            vec![
                code(entry.code),
                entry.sentence.to_string(),
                about(entry),
                entry.confidence.name().to_owned(),
                entry.source.to_owned(),
            ]
        });
    let states = STATES.iter().map(|state| {
        vec![
            code(state.code),
            state.name.to_owned(),
            state.since.unwrap_or_default().to_owned(),
        ]
    });
    format!(
        "{NOTICE}# Rules\n\n\
         Every check and every normalization has a stable code. `capi rules` lists them all,\n\
         `capi rules currency` those of a field, `capi rules em.trim` one. The same table is\n\
         here: [the checks](codes.md), [the identifiers](identifiers.md), and the rest below.\n\n\
         ## Confidence\n\n\
         {confidence}\n\
         A rule that Meta is only reported to enforce does not reject an event unless you say\n\
         so: the event is sent, with a warning. `strict` chooses, at the top of the\n\
         configuration for every destination (above the first table, or TOML reads it as a key\n\
         of that table), or in one `[[destination]]` for that one:\n\n\
         ```toml\n\
         strict = \"documented\"  # the default: what is only reported warns\n\
         # strict = \"reported\"  # what is only reported counts as well\n\
         ```\n\n\
         What it decides:\n\n\
         {decisions}\n\
         A value of a wrong form that is only one key of the event, such as a malformed click\n\
         id, is left out either way. A click id out of time has the right form, and is sent\n\
         unless `strict` says otherwise.\n\n\
         ## Normalization of other fields\n\n\
         {others}\n\
         ## States of Limited Data Use\n\n\
         What `data_processing_options_state` may be, with the day from which Meta takes it\n\
         where Meta names one. Source: Meta, Data processing options for US users.\n\n\
         {states}",
        confidence = table(
            &["confidence", "what it means"],
            Confidence::ALL
                .map(|confidence| vec![code(confidence.name()), confidence.about().to_owned()])
        ),
        decisions = table(
            &["code", "`documented`", "`reported`"],
            [
                (Effect::RejectsWhenStrict, "rejects the event"),
                (Effect::LeavesOutWhenStrict, "leaves the value out"),
            ]
            .map(|(outcome, strictly)| {
                vec![decided(outcome), "warns".to_owned(), strictly.to_owned()]
            })
        ),
        others = table(
            &["code", "what is done", "about", "confidence", "source"],
            others
        ),
        states = table(&["code", "state", "since"], states),
    )
}

fn of_kind(rules: &Rules, kind: EntryKind) -> impl Iterator<Item = &Entry> {
    rules.entries.iter().filter(move |entry| entry.kind == kind)
}

/// What `entry` is about, its fields as code.
fn about(entry: &Entry) -> String {
    let fields: Vec<_> = entry
        .concern
        .paths()
        .iter()
        .map(|path| code(path))
        .collect();
    let described = entry.concern.described();
    if described.starts_with("every ") || fields.is_empty() {
        described
    } else {
        fields.join(", ")
    }
}

/// What `entry` does, its keys of the configuration as code.
fn effect(entry: &Entry) -> String {
    let mut described = entry.outcome.described().to_owned();
    for key in [
        "website_requirements = \"warn\"",
        "strict = \"reported\"",
        "custom_data",
    ] {
        described = described.replace(key, &code(key));
    }
    described
}

/// The steps whose codes are `prefix` and one word.
fn steps(rules: &Rules, prefix: &str) -> String {
    let own = of_kind(rules, EntryKind::Normalization).filter(|entry| {
        entry
            .code
            .strip_prefix(prefix)
            .is_some_and(|name| !name.contains('.'))
    });
    own.enumerate()
        .map(|(index, entry)| {
            format!(
                "{}. {} (`{}`, {})\n",
                index + 1,
                entry.sentence,
                entry.code,
                entry.confidence.name()
            )
        })
        .collect()
}
