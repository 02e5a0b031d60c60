//! The table of what may come back for a request, and what each of it means
//! for delivery.

mod subcodes;
mod table;

use std::fmt;
use std::time::Duration;

use super::ErrorBody;

pub use subcodes::{Evidence, SUBCODES, Subcode};
pub use table::RULES;

/// What delivery does about a request that was not accepted whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// The same rows again, after a growing wait.
    Retry,
    /// The lane waits: Meta counts calls, not rows.
    Throttle,
    /// The lane stops and keeps everything: no conversion is at fault, a token,
    /// a permission or an id is.
    Park,
    /// A conversion is at fault: halve the batch until it is alone, then
    /// dead-letter it.
    Bisect,
    /// Nobody knows this one: a few tries, then as [`Self::Park`]. Dead-lettering
    /// would lose conversions over something that may be ours to fix.
    RetryThenPark,
    /// Meta has the rows as far as anybody can tell: they are kept where people
    /// can see them and are not sent again by themselves.
    SetAside,
}

impl Decision {
    /// Its name in tables and logs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::Throttle => "throttle",
            Self::Park => "park",
            Self::Bisect => "bisect",
            Self::RetryThenPark => "retry, then park",
            Self::SetAside => "set aside",
        }
    }
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
    /// An HTTP status from the first to the last, where the body is not an error of
    /// Meta's that the table knows.
    Status(u16, u16),
    /// No connection could be made, so that nothing left.
    NotSent,
    /// The request left and no whole answer came.
    NoAnswer,
    /// A receipt for fewer events than were sent.
    FewerReceived,
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(first, last) if first == last => write!(f, "{first}"),
            Self::Code(first, last) => write!(f, "{first} to {last}"),
            Self::Subcode(code, subcode) => write!(f, "{code}/{subcode}"),
            Self::Transient => f.write_str("is_transient"),
            Self::Status(first, last) if first == last => write!(f, "HTTP {first}"),
            Self::Status(first, last) => write!(f, "HTTP {first} to {last}"),
            Self::NotSent => f.write_str("no connection"),
            Self::NoAnswer => f.write_str("no answer"),
            Self::FewerReceived => f.write_str("fewer received"),
        }
    }
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
    /// Whether Meta may have taken the rows all the same.
    pub may_have_arrived: bool,
    /// What it is, in a few words.
    pub meaning: &'static str,
    /// What a person should do, as a sentence; empty where there is nothing.
    pub remedy: &'static str,
    /// Where the rule is from.
    pub source: &'static str,
}

/// What came back, or did not.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cause<'c> {
    /// An answer that was no receipt, and its error envelope, if it had one.
    Answer {
        /// The HTTP status.
        status: u16,
        /// Meta's error.
        error: Option<&'c ErrorBody>,
    },
    /// No connection could be made.
    NotSent,
    /// The request left, and no whole answer came.
    NoAnswer,
    /// A receipt for fewer events than were sent.
    FewerReceived,
}

/// The code of an event that is invalid: its subcodes are listed.
const INVALID: i64 = 100;

/// What nobody knows.
pub static UNKNOWN: Rule = table::UNKNOWN;

/// Finds the rule for what came back.
#[must_use]
pub(crate) fn classify(cause: Cause<'_>) -> &'static Rule {
    RULES
        .iter()
        .find(|rule| rule.when.holds(cause))
        .unwrap_or(&UNKNOWN)
}

/// What of the table is about a code as people write it: `code` alone may be a code, a
/// subcode or a status of HTTP; with a subcode it is the one row that decides.
/// [`UNKNOWN`] where nothing is about it.
#[must_use]
pub fn rules_of(code: i64, subcode: Option<i64>) -> Vec<&'static Rule> {
    if let Some(row) = subcode_of(code, subcode) {
        return vec![of_error(INVALID, Some(row.subcode))];
    }
    if subcode.is_some() {
        return vec![of_error(code, subcode)];
    }
    let is_of = |rule: &&Rule| match rule.when {
        When::Code(first, last) => (first..=last).contains(&code),
        When::Subcode(own, sub) => own == code || sub == code,
        When::Status(first, last) => {
            u16::try_from(code).is_ok_and(|code| (first..=last).contains(&code))
        }
        When::Transient | When::NotSent | When::NoAnswer | When::FewerReceived => false,
    };
    let rules: Vec<_> = RULES.iter().filter(is_of).collect();
    if rules.is_empty() {
        return vec![&UNKNOWN];
    }
    rules
}

/// What a person should do about an error of Meta's, as a sentence, where the table has
/// its code and there is something to do.
///
/// ```
/// use capi_transport::remedy_of;
///
/// let remedy = remedy_of(2635, None).ok_or("the table has it")?;
/// assert!(remedy.starts_with("Raise `api_version`"));
/// assert_eq!(remedy_of(424_242, None), None);
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn remedy_of(code: i64, subcode: Option<i64>) -> Option<&'static str> {
    let rule = of_error(code, subcode);
    let is_known = !std::ptr::eq(rule, &raw const UNKNOWN);
    (is_known && !rule.remedy.is_empty()).then_some(rule.remedy)
}

/// What a subcode of an invalid event says, written with its code or alone.
#[must_use]
pub fn subcode_of(code: i64, subcode: Option<i64>) -> Option<&'static Subcode> {
    let wanted = match (code, subcode) {
        (INVALID, Some(subcode)) => subcode,
        (subcode, None) => subcode,
        _ => return None,
    };
    SUBCODES.iter().find(|row| row.subcode == wanted)
}

/// The rule for an error of Meta's, whatever status it comes with.
fn of_error(code: i64, subcode: Option<i64>) -> &'static Rule {
    let error = ErrorBody {
        code,
        subcode,
        ..ErrorBody::default()
    };
    // No row is for this status.
    let status = 0;
    classify(Cause::Answer {
        status,
        error: Some(&error),
    })
}

impl When {
    fn holds(self, cause: Cause<'_>) -> bool {
        match (self, cause) {
            (
                Self::Code(first, last),
                Cause::Answer {
                    error: Some(error), ..
                },
            ) => (first..=last).contains(&error.code),
            (
                Self::Subcode(code, subcode),
                Cause::Answer {
                    error: Some(error), ..
                },
            ) => error.code == code && error.subcode == Some(subcode),
            (
                Self::Transient,
                Cause::Answer {
                    error: Some(error), ..
                },
            ) => error.is_transient,
            (Self::Status(first, last), Cause::Answer { status, .. }) => {
                (first..=last).contains(&status)
            }
            (Self::NotSent, Cause::NotSent)
            | (Self::NoAnswer, Cause::NoAnswer)
            | (Self::FewerReceived, Cause::FewerReceived) => true,
            _ => false,
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
            (400, 2635, None, false, Park),
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
            let found = classify(answer(status, Some(&error))).decision;
            assert_eq!(
                found, expected,
                "{status} {code}/{subcode:?} transient {is_transient}"
            );
        }
    }

    #[test]
    fn a_code_that_is_asked_for_has_the_rules_that_delivery_goes_by() {
        let meanings = |code, subcode| -> Vec<String> {
            let rules = rules_of(code, subcode).into_iter();
            rules.map(|rule| rule.when.to_string()).collect()
        };
        assert_eq!(meanings(190, None), ["190"]);
        assert_eq!(meanings(190, Some(463)), ["190"]);
        assert_eq!(meanings(100, None), ["100/33", "100/34", "100"]);
        assert_eq!(meanings(100, Some(33)), ["100/33"]);
        assert_eq!(meanings(33, None), ["100/33"]);
        assert_eq!(meanings(503, None), ["HTTP 500 to 599"]);
        for (code, subcode) in [(2_804_050, None), (100, Some(2_804_050))] {
            assert_eq!(meanings(code, subcode), ["100"]);
            assert_eq!(subcode_of(code, subcode).unwrap().subcode, 2_804_050);
        }
        for (code, subcode) in [(424_242, None), (503, Some(7))] {
            assert!(std::ptr::eq(rules_of(code, subcode)[0], &raw const UNKNOWN));
            assert!(subcode_of(code, subcode).is_none());
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
            assert_eq!(
                classify(answer(status, None)).decision,
                expected,
                "{status}"
            );
        }
    }

    #[test]
    fn every_row_can_be_reached() {
        for (index, rule) in RULES.iter().enumerate() {
            let error = match rule.when {
                When::Code(first, _) => Some(error(first, None, false)),
                When::Subcode(code, subcode) => Some(error(code, Some(subcode), false)),
                When::Transient => Some(error(424_242, None, true)),
                _ => None,
            };
            let cause = match rule.when {
                When::Status(first, _) => answer(first, None),
                When::NotSent => Cause::NotSent,
                When::NoAnswer => Cause::NoAnswer,
                When::FewerReceived => Cause::FewerReceived,
                _ => answer(400, error.as_ref()),
            };
            assert!(
                std::ptr::eq(classify(cause), rule),
                "row {index} is hidden: {}",
                rule.meaning
            );
        }
    }

    #[test]
    fn what_left_and_was_not_answered_by_meta_may_have_arrived() {
        for (cause, expected) in [
            (Cause::NotSent, false),
            (Cause::NoAnswer, true),
            (answer(200, None), true),
            (answer(500, None), false),
            (answer(502, None), true),
            (answer(503, None), false),
            (answer(504, None), true),
        ] {
            assert_eq!(classify(cause).may_have_arrived, expected, "{cause:?}");
        }
    }

    #[test]
    fn subcodes_stand_once_and_in_order() {
        assert!(SUBCODES.is_sorted_by(|one, other| one.subcode < other.subcode));
    }

    const fn answer(status: u16, error: Option<&ErrorBody>) -> Cause<'_> {
        Cause::Answer { status, error }
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
