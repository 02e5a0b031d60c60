//! What the events of a batch come to once its shared parts are counted for each.
//!
//! A short event under a long `context` is a long event: it is mapped, stored and sent as
//! one. What one request can cost has to be bounded by that, not by what was on the wire.

use super::engine::Envelope;
use super::error::IntakeError;

/// How large a request's events may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ExpansionLimits {
    /// One event, and what lies under every event of a batch, in bytes.
    pub(crate) event: usize,
    /// All events with their shared parts, in bytes.
    pub(crate) expanded: usize,
}

impl ExpansionLimits {
    /// What the events come to, in bytes.
    ///
    /// # Errors
    ///
    /// It is more than they may.
    pub(crate) fn check(
        self,
        items: &[&[u8]],
        envelope: &Envelope<'_>,
    ) -> Result<usize, IntakeError> {
        let length = |part: Option<&[u8]>| part.map_or(0, <[u8]>::len);
        let parts = [
            ("context", length(envelope.context)),
            ("integrations", length(envelope.integrations)),
        ];
        if let Some((part, _)) = parts.iter().find(|(_, length)| *length > self.event) {
            return Err(IntakeError::SharedTooLarge {
                part,
                limit: self.event,
            });
        }
        let shared: usize = parts.iter().map(|(_, length)| length).sum();
        let own: usize = items.iter().map(|item| item.len()).sum();
        let bytes = own.saturating_add(shared.saturating_mul(items.len()));
        if bytes > self.expanded {
            let largest = parts.iter().max_by_key(|(_, length)| *length);
            return Err(IntakeError::ExpandedTooLarge {
                part: largest.filter(|_| shared > 0).map(|(part, _)| *part),
                bytes,
                limit: self.expanded,
            });
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: ExpansionLimits = ExpansionLimits {
        event: 10,
        expanded: 100,
    };

    fn envelope(context: &'static [u8], integrations: &'static [u8]) -> Envelope<'static> {
        Envelope {
            context: Some(context),
            integrations: Some(integrations),
            ..Envelope::default()
        }
    }

    #[test]
    fn shared_parts_count_once_for_each_event() {
        let envelope = envelope(b"12345678", b"{}");
        let items: [&[u8]; 9] = [b"x"; 9];
        assert_eq!(LIMITS.check(&items, &envelope), Ok(99));
        let items: [&[u8]; 10] = [b"x"; 10];
        let refusal = LIMITS.check(&items, &envelope).unwrap_err();
        let context = Some("context");
        assert!(
            matches!(refusal, IntakeError::ExpandedTooLarge { part, bytes: 110, limit: 100 } if part == context),
            "{refusal:?}"
        );
    }

    #[test]
    fn a_batch_may_be_too_large_without_shared_parts() {
        let items: [&[u8]; 2] = [&[b'x'; 60]; 2];
        let refusal = LIMITS.check(&items, &Envelope::default()).unwrap_err();
        assert!(
            matches!(refusal, IntakeError::ExpandedTooLarge { part: None, .. }),
            "{refusal:?}"
        );
    }

    #[test]
    fn what_is_shared_is_no_larger_than_an_event() {
        let envelope = envelope(b"{}", b"12345678901");
        let refusal = LIMITS.check(&[], &envelope).unwrap_err();
        assert_eq!(
            refusal,
            IntakeError::SharedTooLarge {
                part: "integrations",
                limit: 10
            }
        );
    }
}
