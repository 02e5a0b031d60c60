//! The table of Meta's errors: what each one means for delivery.

use std::time::Duration;

use super::ErrorBody;

/// What delivery does about a request that was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// The same rows again, after a growing wait.
    Retry,
    /// The lane waits: Meta counts calls, not rows.
    Throttle,
    /// The lane stops and keeps everything: no conversion is at fault, a token,
    /// a permission or an id is.
    Park,
    /// A conversion is at fault: halve the batch until it stands alone, then
    /// bury it.
    Bisect,
    /// Nobody knows this one: a few tries, then as [`Self::Park`]. Burying
    /// would lose conversions over something that may be ours to mend.
    RetryThenPark,
}

/// When a rule applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// A code from the first to the last, with any subcode.
    Code(i64, i64),
    /// A code with one subcode.
    Subcode(i64, i64),
    /// Meta says `is_transient`.
    Transient,
    /// An HTTP status from the first to the last.
    Status(u16, u16),
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// When it applies.
    pub when: When,
    /// What then.
    pub decision: Decision,
    /// The least wait before the next request of the lane.
    pub wait: Duration,
    /// What the error is, in a few words.
    pub meaning: &'static str,
    /// Where the rule is from.
    pub source: &'static str,
}

const fn rule(when: When, decision: Decision, meaning: &'static str, source: &'static str) -> Rule {
    Rule {
        when,
        decision,
        wait: Duration::ZERO,
        meaning,
        source,
    }
}

const HANDLING: &str = "Meta, Graph API, Handling errors";
const LIMITS: &str = "Meta, Graph API, Rate limiting";
const SUPPORT: &str = "Meta, Conversions API, Support: retry what is not the client's error";
const EDGE: &str = "Meta, Marketing API reference, Ads pixel events";
const BATCH: &str = "Meta, Using the API: one invalid event refuses the whole request";
const FIELD: &str = "seen in answers of the endpoint; not documented";

/// The table. The first row that applies decides, so the order matters: rate
/// limits before `is_transient` (Meta flags some of them, and they need the
/// longer wait), single subcodes before their code, codes before statuses.
pub static RULES: &[Rule] = {
    use Decision::{Bisect, Park, Retry, Throttle};
    use When::{Code, Status, Subcode, Transient};
    &[
        rule(Code(4, 4), Throttle, "the app's rate limit", LIMITS),
        rule(
            Code(17, 17),
            Throttle,
            "the user's or ad account's rate limit",
            LIMITS,
        ),
        rule(Code(32, 32), Throttle, "the page's rate limit", LIMITS),
        rule(Code(341, 341), Throttle, "the app's limit", HANDLING),
        rule(Code(613, 613), Throttle, "a custom rate limit", LIMITS),
        rule(
            Code(80_000, 80_014),
            Throttle,
            "a business use case's rate limit",
            LIMITS,
        ),
        rule(Transient, Retry, "transient, says Meta", HANDLING),
        rule(
            Code(1, 2),
            Retry,
            "unknown error or service unavailable",
            HANDLING,
        ),
        rule(Code(5000, 5000), Retry, "unknown error", FIELD),
        rule(
            Code(21_009, 21_009),
            Retry,
            "the dataset is not ready for uploads",
            FIELD,
        ),
        rule(
            Code(190, 190),
            Park,
            "the access token is invalid or expired",
            HANDLING,
        ),
        rule(Code(102, 102), Park, "the session is invalid", HANDLING),
        rule(Code(104, 104), Park, "the request must be signed", HANDLING),
        rule(Code(3, 3), Park, "the app lacks the capability", HANDLING),
        rule(Code(10, 10), Park, "the permission is missing", HANDLING),
        rule(Code(200, 299), Park, "a permission is missing", EDGE),
        rule(Code(803, 803), Park, "the dataset does not exist", HANDLING),
        rule(
            Code(2500, 2500),
            Park,
            "unknown path or version, or no token",
            HANDLING,
        ),
        rule(
            Subcode(100, 33),
            Park,
            "the dataset does not exist, or the token may not write to it",
            FIELD,
        ),
        rule(
            Subcode(100, 34),
            Park,
            "the object or path does not exist",
            HANDLING,
        ),
        Rule {
            when: Code(368, 368),
            decision: Park,
            wait: Duration::from_secs(60 * 60),
            meaning: "temporarily blocked for a policy's sake",
            source: HANDLING,
        },
        rule(Code(100, 100), Bisect, "an event is invalid", BATCH),
        rule(
            Status(413, 413),
            Bisect,
            "the request is too large",
            "RFC 9110, 15.5.14",
        ),
        rule(
            Status(429, 429),
            Throttle,
            "too many requests",
            "RFC 6585, 4",
        ),
        rule(
            Status(408, 408),
            Retry,
            "the server gave up waiting",
            SUPPORT,
        ),
        rule(Status(425, 425), Retry, "too early", "RFC 8470, 5.2"),
        rule(Status(500, 599), Retry, "the server failed", SUPPORT),
        // Something between us and Meta answered: no receipt, so not delivered.
        rule(
            Status(200, 299),
            Retry,
            "an answer that is not Meta's",
            SUPPORT,
        ),
    ]
};

/// What nobody knows.
const UNKNOWN: Rule = rule(
    When::Status(0, u16::MAX),
    Decision::RetryThenPark,
    "an error that capi does not know",
    FIELD,
);

/// Finds the rule for an answer that was not a receipt. `error` is its error
/// envelope, if it had one.
#[must_use]
pub fn classify(status: u16, error: Option<&ErrorBody>) -> &'static Rule {
    RULES
        .iter()
        .find(|rule| rule.when.holds(status, error))
        .unwrap_or(&UNKNOWN)
}

impl When {
    fn holds(self, status: u16, error: Option<&ErrorBody>) -> bool {
        match self {
            Self::Code(first, last) => error.is_some_and(|e| (first..=last).contains(&e.code)),
            Self::Subcode(code, subcode) => {
                error.is_some_and(|e| e.code == code && e.subcode == Some(subcode))
            }
            Self::Transient => error.is_some_and(|e| e.is_transient),
            Self::Status(first, last) => (first..=last).contains(&status),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Decision::{Bisect, Park, Retry, RetryThenPark, Throttle};

    #[test]
    fn every_documented_answer_has_its_decision() {
        let cases = [
            (500, 1, None, false, Retry),
            (503, 2, None, false, Retry),
            (400, 1, None, true, Retry),
            (400, 4, Some(1_504_022), false, Throttle),
            (400, 4, None, true, Throttle),
            (400, 17, Some(2_446_079), false, Throttle),
            (400, 80_004, None, false, Throttle),
            (400, 613, None, false, Throttle),
            (401, 190, Some(463), false, Park),
            (403, 10, None, false, Park),
            (403, 294, None, false, Park),
            (400, 100, Some(33), false, Park),
            (400, 100, Some(34), false, Park),
            (400, 368, None, false, Park),
            (400, 100, Some(2_804_050), false, Bisect),
            (400, 100, None, false, Bisect),
            (400, 100, Some(2_804_003), true, Retry),
            (400, 424_242, None, false, RetryThenPark),
            (500, 424_242, None, false, Retry),
        ];
        for (status, code, subcode, is_transient, expected) in cases {
            let error = ErrorBody {
                code,
                subcode,
                is_transient,
                ..ErrorBody::default()
            };
            let found = classify(status, Some(&error)).decision;
            assert_eq!(
                found, expected,
                "{status} {code}/{subcode:?} transient {is_transient}"
            );
        }
    }

    #[test]
    fn without_an_envelope_the_status_decides() {
        let cases = [
            (200, Retry),
            (302, RetryThenPark),
            (403, RetryThenPark),
            (408, Retry),
            (413, Bisect),
            (429, Throttle),
            (502, Retry),
        ];
        for (status, expected) in cases {
            assert_eq!(classify(status, None).decision, expected, "{status}");
        }
    }

    #[test]
    fn every_row_can_be_reached() {
        for (index, rule) in RULES.iter().enumerate() {
            let (status, error) = match rule.when {
                When::Code(first, _) => (400, Some(error(first, None, false))),
                When::Subcode(code, subcode) => (400, Some(error(code, Some(subcode), false))),
                When::Transient => (400, Some(error(424_242, None, true))),
                When::Status(first, _) => (first, None),
            };
            let found = classify(status, error.as_ref());
            assert!(
                std::ptr::eq(found, rule),
                "row {index} is hidden: {}",
                rule.meaning
            );
        }
    }

    fn error(code: i64, subcode: Option<i64>, is_transient: bool) -> ErrorBody {
        ErrorBody {
            code,
            subcode,
            is_transient,
            ..ErrorBody::default()
        }
    }
}
