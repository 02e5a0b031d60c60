//! Every check that a conversion goes through, and how it ended.

use std::borrow::Cow;

use serde::Serialize;

use super::redactor::Redactor;
use crate::rejection::{Code, Diagnostic, Stage};

/// A check and what it found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Check {
    /// The stable code that it gives.
    pub code: Code,
    /// How it ended.
    pub outcome: CheckResult,
    /// What the code means.
    pub about: &'static str,
    /// Where the rule is written.
    pub source: &'static str,
    /// How well the rule is known: `documented`, `reported` or `own`.
    pub confidence: &'static str,
    /// What it found: nothing where it passed.
    pub findings: Vec<CheckDiagnostic>,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckResult {
    /// The conversion is rejected for it.
    Failed,
    /// Something was left out, or Meta may not like something.
    Warned,
    /// Nothing was found.
    Passed,
    /// It was not made, because the conversion was rejected before.
    Skipped,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckDiagnostic {
    /// The field, as a path of keys.
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// All checks, in the order of the steps.
pub(super) fn checks(
    reasons: &[Diagnostic],
    warnings: &[Diagnostic],
    is_judged: bool,
    redactor: &Redactor<'_>,
) -> Vec<Check> {
    let of = |code: Code| {
        let found = |list: &[Diagnostic]| -> Vec<CheckDiagnostic> {
            let of_code = list.iter().filter(|reason| reason.code == code);
            of_code
                .map(|reason| CheckDiagnostic {
                    // What is not a constant may have a key of the event in it.
                    field: match &reason.field {
                        Cow::Borrowed(field) => (*field).into(),
                        Cow::Owned(field) => redactor.path(field),
                    },
                    message: match &reason.message {
                        Cow::Borrowed(message) => (*message).into(),
                        Cow::Owned(message) => redactor.text(message).into_owned(),
                    },
                })
                .collect()
        };
        let (mut findings, warned) = (found(reasons), found(warnings));
        let outcome = if !findings.is_empty() {
            CheckResult::Failed
        } else if !warned.is_empty() {
            CheckResult::Warned
        } else if !is_judged && code.given_by().contains(&Stage::Admit) {
            // Also what an earlier stage gives: who was not judged has not passed it.
            CheckResult::Skipped
        } else {
            CheckResult::Passed
        };
        findings.extend(warned);
        Check {
            code,
            outcome,
            about: code.about(),
            source: code.source(),
            confidence: code.confidence().name(),
            findings,
        }
    };
    // The server's are of no conversion, or of none that is explained without it.
    let all = Code::ALL.iter().copied();
    all.filter(|code| code.is_of_pipeline()).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Arena;

    fn outcome(checks: &[Check], code: Code) -> CheckResult {
        checks
            .iter()
            .find(|check| check.code == code)
            .unwrap()
            .outcome
    }

    #[test]
    fn what_admission_did_not_judge_is_not_said_to_have_passed() {
        let reasons = [Diagnostic::new(Code::MissingField, "currency", "map it")];
        let warnings = [Diagnostic::new(Code::UnknownKey, "user_data.x", "left out")];
        let arena = Arena::new();
        let redactor = Redactor::of(r#"{"type":"page"}"#, &arena);
        let checks = checks(&reasons, &warnings, false, &redactor);
        assert_eq!(outcome(&checks, Code::MissingField), CheckResult::Failed);
        assert_eq!(outcome(&checks, Code::UnknownKey), CheckResult::Warned);
        assert_eq!(outcome(&checks, Code::InvalidType), CheckResult::Passed);
        assert_eq!(outcome(&checks, Code::InvalidChoice), CheckResult::Skipped);
        assert_eq!(outcome(&checks, Code::EventTooOld), CheckResult::Skipped);
        assert!(checks.iter().all(|check| check.code != Code::UnknownType));
    }
}
