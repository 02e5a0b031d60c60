//! Why Meta did not take a request: what the client makes of an answer, delivery goes
//! by and the queue keeps.

use serde::{Deserialize, Serialize};

/// Why a request was not accepted: what logs and dead letters say.
///
/// It is stored too, as JSON in `lane_halt`: a member keeps its name, and a new one is
/// one that may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiError {
    /// The HTTP status; `None` when no answer came.
    pub status: Option<u16>,
    /// Meta's error code.
    pub code: Option<i64>,
    /// Meta's subcode.
    pub subcode: Option<i64>,
    /// What Meta said, or what went wrong on the way.
    pub message: String,
    /// Meta's name for the request, for support cases.
    pub fbtrace_id: Option<String>,
}

impl ApiError {
    /// What kind of error it is: the texts are in the language of the token's
    /// owner, the numbers are not.
    #[must_use]
    pub const fn error(&self) -> (Option<i64>, Option<i64>) {
        (self.code, self.subcode)
    }

    /// The place in the batch of the event that Meta's text names, as in
    /// `The parameter $['data'][3]['user_data'] is required`.
    #[must_use]
    pub fn named_row(&self) -> Option<usize> {
        let (_, rest) = self.message.split_once("$['data'][")?;
        rest.split_once(']')?.0.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_that_metas_text_names() {
        for (message, row) in [
            (
                "(#100) The parameter $['data'][17]['user_data'] is required",
                Some(17),
            ),
            ("Unexpected key \"x\" on param \"$['data'][0]\"", Some(0)),
            ("The parameter $['data'] is required", None),
            ("$['data'][x]", None),
            ("", None),
        ] {
            let refusal = ApiError {
                message: message.into(),
                ..ApiError::default()
            };
            assert_eq!(refusal.named_row(), row, "{message}");
        }
    }

    #[test]
    fn what_an_earlier_capi_stored_is_read() {
        let stored =
            r#"{"status":400,"code":190,"subcode":463,"message":"expired","fbtrace_id":null}"#;
        let refusal: ApiError = serde_json::from_str(stored).unwrap();
        assert_eq!(refusal.error(), (Some(190), Some(463)));
        assert_eq!(serde_json::to_string(&refusal).unwrap(), stored);
    }
}
