//! What became of one request, and what follows from it.

use std::time::Duration;

use super::errors::{Cause, classify};
use super::{Answer, Decision, Reply, Rule};
use crate::ApiError;

/// What became of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// An answer came.
    Answered(Answer),
    /// It never left: no connection could be made. Holds what went wrong.
    NotSent(String),
    /// It left, and no answer came: Meta may have taken it. Holds what went
    /// wrong.
    Lost(String),
}

/// What follows from an outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The rows are delivered.
    Accepted {
        /// How many events Meta counted, where it told.
        events_received: Option<u64>,
        /// What else Meta said.
        messages: Vec<String>,
        /// Meta's name for the request.
        fbtrace_id: Option<String>,
    },
    /// The rows are not delivered, as far as anybody knows.
    Refused {
        /// What to do.
        decision: Decision,
        /// The least wait that Meta or the table asks for.
        wait: Duration,
        /// Whether Meta may have taken the rows all the same.
        outcome_unknown: bool,
        /// Why.
        refusal: ApiError,
    },
}

impl Outcome {
    /// Judges by the table of errors what became of a request of `sent` events.
    #[must_use]
    pub(crate) fn verdict(self, sent: u64) -> Verdict {
        match self {
            Self::Answered(answer) => verdict_of_answer(answer, sent),
            Self::NotSent(message) => no_answer(classify(Cause::NotSent), message),
            Self::Lost(message) => no_answer(classify(Cause::NoAnswer), message),
        }
    }
}

fn no_answer(rule: &Rule, message: String) -> Verdict {
    Verdict::Refused {
        decision: rule.decision,
        wait: rule.wait,
        outcome_unknown: rule.may_have_arrived,
        refusal: ApiError {
            message,
            ..ApiError::default()
        },
    }
}

fn verdict_of_answer(answer: Answer, sent: u64) -> Verdict {
    let status = answer.status;
    let error = match answer.reply {
        Reply::Accepted {
            events_received: Some(received),
            fbtrace_id,
            ..
        } if received < sent => {
            let rule = classify(Cause::FewerReceived);
            return Verdict::Refused {
                decision: rule.decision,
                wait: rule.wait,
                outcome_unknown: rule.may_have_arrived,
                refusal: ApiError {
                    status: Some(status),
                    message: format!("{}: {received} of {sent}", rule.meaning),
                    fbtrace_id,
                    ..ApiError::default()
                },
            };
        }
        Reply::Accepted {
            events_received,
            messages,
            fbtrace_id,
        } => {
            return Verdict::Accepted {
                events_received,
                messages,
                fbtrace_id,
            };
        }
        Reply::Refused(error) => Some(error),
        Reply::Unreadable => None,
    };
    let rule = classify(Cause::Answer {
        status,
        error: error.as_ref(),
    });
    let asked = [
        answer.retry_after,
        answer
            .usage
            .regain_access
            .filter(|_| throttles(rule.decision)),
    ];
    let wait = asked.into_iter().flatten().fold(rule.wait, Duration::max);
    Verdict::Refused {
        decision: rule.decision,
        wait,
        // With Meta's own word, whatever the status, nothing is unknown.
        outcome_unknown: error.is_none() && rule.may_have_arrived,
        refusal: match error {
            Some(error) => ApiError {
                status: Some(status),
                code: Some(error.code),
                subcode: error.subcode,
                message: [error.message, error.error_user_msg]
                    .into_iter()
                    .flatten()
                    .reduce(|message, more| format!("{message} ({more})"))
                    .unwrap_or_else(|| rule.meaning.to_owned()),
                fbtrace_id: error.fbtrace_id,
            },
            None => ApiError {
                status: Some(status),
                message: rule.meaning.to_owned(),
                ..ApiError::default()
            },
        },
    }
}

/// The time to regain access comes with every answer once an allowance runs
/// low; it binds those who were turned away for it.
fn throttles(decision: Decision) -> bool {
    decision == Decision::Throttle
}

#[cfg(test)]
mod tests {
    use super::super::{ErrorBody, Usage};
    use super::*;

    fn answer(status: u16, reply: Reply) -> Answer {
        Answer {
            status,
            reply,
            usage: Usage::default(),
            retry_after: None,
        }
    }

    fn refused(outcome: Outcome) -> (Decision, Duration, bool, ApiError) {
        match outcome.verdict(2) {
            Verdict::Refused {
                decision,
                wait,
                outcome_unknown,
                refusal,
            } => (decision, wait, outcome_unknown, refusal),
            Verdict::Accepted { .. } => panic!("was accepted"),
        }
    }

    #[test]
    fn only_what_may_have_arrived_is_unknown() {
        let unknown = |outcome| refused(outcome).2;
        assert!(!unknown(Outcome::NotSent("refused".into())));
        assert!(unknown(Outcome::Lost("cut".into())));
        assert!(unknown(Outcome::Answered(answer(200, Reply::Unreadable))));
        assert!(unknown(Outcome::Answered(answer(504, Reply::Unreadable))));
        assert!(!unknown(Outcome::Answered(answer(503, Reply::Unreadable))));
    }

    #[test]
    fn a_receipt_for_fewer_events_is_set_aside() {
        let receipt = |events_received| {
            Outcome::Answered(answer(
                200,
                Reply::Accepted {
                    events_received,
                    messages: Vec::new(),
                    fbtrace_id: Some("A1".into()),
                },
            ))
        };
        let (decision, _, unknown, refusal) = refused(receipt(Some(1)));
        assert_eq!((decision, unknown), (Decision::SetAside, false));
        assert_eq!(refusal.fbtrace_id.as_deref(), Some("A1"));
        for whole in [Some(2), Some(3), None] {
            assert!(matches!(
                receipt(whole).verdict(2),
                Verdict::Accepted { .. }
            ));
        }
    }

    #[test]
    fn the_longest_wait_asked_for_counts() {
        let error = ErrorBody {
            code: 4,
            ..ErrorBody::default()
        };
        let mut limited = answer(400, Reply::Refused(error));
        limited.retry_after = Some(Duration::from_secs(9));
        limited.usage.regain_access = Some(Duration::from_secs(120));
        let (decision, wait, ..) = refused(Outcome::Answered(limited));
        assert_eq!(
            (decision, wait),
            (Decision::Throttle, Duration::from_secs(120))
        );
    }

    #[test]
    fn a_retry_does_not_wait_for_an_allowance_it_did_not_exceed() {
        let mut failed = answer(503, Reply::Unreadable);
        failed.retry_after = Some(Duration::from_secs(3));
        failed.usage.regain_access = Some(Duration::from_secs(120));
        assert_eq!(refused(Outcome::Answered(failed)).1, Duration::from_secs(3));
    }

    #[test]
    fn a_refusal_tells_all_that_meta_said() {
        let error = ErrorBody {
            code: 100,
            subcode: Some(2_804_016),
            message: Some("Invalid parameter".into()),
            error_user_msg: Some("The ct parameter isn't hashed".into()),
            fbtrace_id: Some("A9".into()),
            ..ErrorBody::default()
        };
        let (_, _, _, refusal) = refused(Outcome::Answered(answer(400, Reply::Refused(error))));
        assert_eq!(
            refusal.message,
            "Invalid parameter (The ct parameter isn't hashed)"
        );
        assert_eq!(
            (refusal.code, refusal.subcode),
            (Some(100), Some(2_804_016))
        );
        assert_eq!(refusal.fbtrace_id.as_deref(), Some("A9"));
    }
}
