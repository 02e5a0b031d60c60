//! All rules in one table: every check, every reason for which an identifier is
//! left out, every normalization, each with what it is about, what it does, where it
//! comes from and how well that is known.
//!
//! Checks and reasons are those of the enums that the pipeline gives. What is done to
//! identifiers is described beside the code that does it, in `user_data`; what is done
//! to other values, in `normalization.rs` here.
//!
//! ```standalone_crate
//! # use capi_core::field::commerce;
//! # use capi_core::{Action, Registry, Spec, register_action};
//! # static PURCHASE: Spec = Spec {
//! #     slug: "purchase",
//! #     title: "Purchase",
//! #     description: "An order was completed.",
//! #     event_name: Some("Purchase"),
//! #     default_trigger: Some(r#"type = "track" and event = "Order Completed""#),
//! #     on_by_default: true,
//! #     fields: &[
//! #         commerce::CURRENCY,
//! #         commerce::VALUE.default(r#"{"@path":"$.properties.total"}"#),
//! #     ],
//! #     example: r#"{"type":"track","event":"Order Completed"}"#,
//! # };
//! # struct Purchase;
//! # impl Action for Purchase {
//! #     fn spec(&self) -> &'static Spec {
//! #         &PURCHASE
//! #     }
//! # }
//! # register_action!(Purchase);
//! use capi_core::rules::{EntryKind, Rules};
//!
//! let rules = Rules::of(&Registry::linked()?);
//! // By the code of a rule…
//! let answer = rules.ask("event_too_old")?;
//! assert_eq!(answer.entries[0].kind, EntryKind::Check);
//! assert_eq!(answer.entries[0].outcome.name(), "rejects");
//! // … or by a field, in our words or in Meta's.
//! let answer = rules.ask("user_data.email")?;
//! assert_eq!(answer.subjects[0].path, "user_data.em");
//! assert!(answer.entries.iter().any(|entry| entry.code == "not_an_email"));
//!
//! assert_eq!(rules.ask("curency").unwrap_err().nearest.as_deref(), Some("currency"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod normalization;
mod subject;

use std::borrow::Cow;

pub use crate::code::{Concern, Effect};
pub use subject::Subject;

use self::normalization::NORMALIZATIONS;
use crate::rejection::Code;
use crate::suggest::nearest;
use crate::user_data::{COMMON, Identifier, PAGE, Rule, Step, ValueError, rule, source};
use crate::{Confidence, Registry};

/// What kind of rule it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A check of the event; its code is in rejections and warnings.
    Check,
    /// A reason for which a value of an identifier is left out, under the code
    /// `unusable_identifier`.
    ValueError,
    /// A form in which a value is written.
    Normalization,
}

impl EntryKind {
    /// Its name in tables and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::ValueError => "refusal",
            Self::Normalization => "normalization",
        }
    }
}

/// One rule.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The stable code.
    pub code: &'static str,
    /// What kind of rule it is.
    pub kind: EntryKind,
    /// What it is about.
    pub concern: Concern,
    /// What it says, in a sentence.
    pub sentence: Cow<'static, str>,
    /// Where it comes from.
    pub source: &'static str,
    /// How well it is known.
    pub confidence: Confidence,
    /// What it does.
    pub outcome: Effect,
}

impl From<Code> for Entry {
    fn from(code: Code) -> Self {
        Self {
            code: code.as_str(),
            kind: EntryKind::Check,
            concern: code.concern(),
            sentence: code.about().into(),
            source: code.source(),
            confidence: code.confidence(),
            outcome: code.outcome(),
        }
    }
}

impl From<ValueError> for Entry {
    fn from(refusal: ValueError) -> Self {
        Self {
            code: refusal.code(),
            kind: EntryKind::ValueError,
            concern: Concern::Identifiers(refusal.identifiers()),
            sentence: format!("A value is left out: {}.", refusal.message()).into(),
            source: source(refusal.confidence(), PAGE),
            confidence: refusal.confidence(),
            outcome: Effect::LeavesOut,
        }
    }
}

/// A step of a normalization that comes from `source`.
fn normalization(step: &Step, source: &'static str, concern: Concern) -> Entry {
    Entry {
        code: step.code,
        kind: EntryKind::Normalization,
        concern,
        sentence: step.text.into(),
        source,
        confidence: step.confidence,
        outcome: if step.refuses {
            Effect::LeavesFormOut
        } else {
            Effect::Changes
        },
    }
}

/// The steps of `rule`, those of the Pixel's form last.
fn steps_of(rule: &'static Rule) -> impl Iterator<Item = Entry> {
    let concern = Concern::Identifiers(std::slice::from_ref(&rule.identifier));
    let steps = rule.steps.iter().chain(rule.pixel_steps);
    steps.map(move |step| normalization(step, step.source(rule.source), concern))
}

/// All rules, and the fields that they are about.
#[derive(Debug)]
pub struct Rules {
    /// The rules: checks in the order of the steps that make them, reasons for which
    /// identifiers are left out, normalizations.
    pub entries: Vec<Entry>,
    /// The fields of every event, then those of the actions.
    pub subjects: Vec<Subject>,
}

/// What there is to say of a name.
#[derive(Debug)]
pub struct Answer<'r> {
    /// The fields of that name.
    pub subjects: Vec<&'r Subject>,
    /// The rule with that code, or the rules about those fields: what names the
    /// fields first, what holds for many last.
    pub entries: Vec<&'r Entry>,
}

/// Neither a rule nor a field has the name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("neither a rule nor a field is called {name:?}{}", hint(nearest.as_deref()))]
pub struct UnknownName {
    /// The name.
    pub name: String,
    /// What may have been meant.
    pub nearest: Option<String>,
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map_or_else(
        || "; `capi rules` lists all rules".to_owned(),
        |nearest| format!("; did you mean {nearest:?}?"),
    )
}

impl Rules {
    /// All rules, with the fields of the actions in `registry`.
    #[must_use]
    pub fn of(registry: &Registry) -> Self {
        let checks = Code::ALL.iter().copied().map(Entry::from);
        let refusals = ValueError::ALL.into_iter().map(Entry::from);
        let common = COMMON.iter().map(|step| {
            normalization(
                step,
                step.source(PAGE),
                Concern::Identifiers(&Identifier::ALL),
            )
        });
        let identifiers = Identifier::ALL.into_iter().map(rule).flat_map(steps_of);
        let others = NORMALIZATIONS
            .iter()
            .map(|other| normalization(&other.step, other.source, other.concern));
        Self {
            entries: checks
                .chain(refusals)
                .chain(others)
                .chain(common)
                .chain(identifiers)
                .collect(),
            subjects: subject::all(registry),
        }
    }

    /// What is known of `name`: a rule's code, a field's key (ours or Meta's), or a
    /// field's path.
    ///
    /// # Errors
    ///
    /// There is neither such a rule nor such a field.
    pub fn ask(&self, name: &str) -> Result<Answer<'_>, UnknownName> {
        let subjects: Vec<_> = self
            .subjects
            .iter()
            .filter(|subject| subject.answers_to(name))
            .collect();
        let is_about = |entry: &Entry| {
            subjects.iter().any(|subject| {
                entry
                    .concern
                    .includes(&subject.path, subject.field, subject.is_required())
            })
        };
        let is_asked = |entry: &&Entry| {
            entry.code == name
                || (name == Code::UnusableIdentifier.as_str()
                    && entry.kind == EntryKind::ValueError)
                || is_about(entry)
        };
        let mut entries: Vec<_> = self.entries.iter().filter(is_asked).collect();
        if entries.is_empty() {
            let codes = self.entries.iter().map(|entry| entry.code);
            let names = self.subjects.iter().flat_map(Subject::names).chain(codes);
            return Err(UnknownName {
                name: name.chars().take(60).collect(),
                nearest: nearest(name, names).map(str::to_owned),
            });
        }
        if !subjects.is_empty() {
            entries.sort_by_key(|entry| !entry.concern.is_of_few());
        }
        Ok(Answer { subjects, entries })
    }
}
