//! The header by which Meta says that it took a request as one of a later version of its
//! API, told once.

use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::header::HeaderMap;

/// Source: Meta, Graph API, Platform versioning: calls to a version that has ended may be
/// taken as calls to the next one, and then the answer has it.
const HEADER: &str = "x-ad-api-version-warning";

/// A longer text is cut.
const MAX_LENGTH: usize = 500;

/// Whether the log has the warning of a destination.
#[derive(Debug, Default)]
pub(super) struct VersionWarning(AtomicBool);

impl VersionWarning {
    /// What the header says in an answer, the first time that it is there.
    pub(super) fn first(&self, headers: &HeaderMap) -> Option<String> {
        let value = headers.get(HEADER)?;
        if self.0.swap(true, Ordering::Relaxed) {
            return None;
        }
        let text = String::from_utf8_lossy(value.as_bytes());
        let line = text.chars().filter(|character| !character.is_control());
        Some(line.take(MAX_LENGTH).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_told_once() {
        let warning = VersionWarning::default();
        assert_eq!(warning.first(&HeaderMap::new()), None);
        let text = "The call has been auto-upgraded to v27.0";
        let mut headers = HeaderMap::new();
        headers.insert(HEADER, text.parse().unwrap());
        assert_eq!(warning.first(&headers).as_deref(), Some(text));
        assert_eq!(warning.first(&headers), None);
        let long = VersionWarning::default();
        headers.insert(HEADER, "x".repeat(5000).parse().unwrap());
        assert_eq!(long.first(&headers).unwrap().len(), MAX_LENGTH);
    }
}
