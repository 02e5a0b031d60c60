//! What the steps find wrong with a conversion, and how much of it is reported.

use crate::rejection::{Code, Diagnostic};

/// How many findings of one code a conversion tells of.
const MOST_OF_A_CODE: usize = 20;

/// What was found of a conversion so far.
#[derive(Default)]
pub(crate) struct Diagnostics {
    /// Why it cannot be sent.
    pub(crate) reasons: Found,
    /// What was left out, and why.
    pub(crate) warnings: Found,
}

impl Diagnostics {
    /// Notes why the conversion cannot be sent.
    pub(crate) fn reject(&mut self, reason: Diagnostic) {
        self.reasons.add(reason);
    }

    /// Takes the last rejection for a warning: something else stands in for what is wrong.
    pub(crate) fn forgive(&mut self) {
        if let Some(reason) = self.reasons.pop() {
            self.warn(Diagnostic {
                message: format!("{}; it is left out", reason.message).into(),
                ..reason
            });
        }
    }

    /// Adds what was found elsewhere.
    pub(crate) fn append(&mut self, other: Self) {
        self.reasons.append(other.reasons);
        self.warnings.append(other.warnings);
    }

    /// Notes what was left out, or what Meta may not like.
    pub(crate) fn warn(&mut self, warning: Diagnostic) {
        self.warnings.add(warning);
    }
}

/// The first findings of each code, and how many there are: a hostile list may have a
/// hundred thousand wrong items, and what is rejected is kept.
#[derive(Default)]
pub(crate) struct Found {
    listed: Vec<Diagnostic>,
    counts: Vec<(Code, usize)>,
}

impl Found {
    fn add(&mut self, reason: Diagnostic) {
        let count = self.count(reason.code);
        *count += 1;
        if *count <= MOST_OF_A_CODE {
            self.listed.push(reason);
        }
    }

    /// The last of them, where it is listed.
    fn pop(&mut self) -> Option<Diagnostic> {
        let reason = self.listed.pop()?;
        let count = self.count(reason.code);
        *count = count.saturating_sub(1);
        Some(reason)
    }

    fn count(&mut self, code: Code) -> &mut usize {
        let known = self.counts.iter().position(|(known, _)| *known == code);
        let place = known.unwrap_or(self.counts.len());
        if known.is_none() {
            self.counts.push((code, 0));
        }
        &mut self.counts[place].1
    }

    /// Adds what was found elsewhere, listed or only counted.
    pub(crate) fn append(&mut self, other: Self) {
        for reason in other.listed {
            self.add(reason);
        }
        for (code, count) in other.counts {
            *self.count(code) += count.saturating_sub(MOST_OF_A_CODE);
        }
    }

    /// The same findings in other words.
    pub(crate) fn map(self, other_words: impl FnMut(Diagnostic) -> Diagnostic) -> Self {
        Self {
            listed: self.listed.into_iter().map(other_words).collect(),
            counts: self.counts,
        }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// Those that are listed.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.listed.iter()
    }

    /// Those that are listed; the last of a code says how many more there are.
    pub(crate) fn report(self) -> Vec<Diagnostic> {
        let mut listed = self.listed;
        for (code, count) in self.counts {
            let more = count.saturating_sub(MOST_OF_A_CODE);
            let last = listed.iter_mut().rfind(|reason| reason.code == code);
            if let (1.., Some(last)) = (more, last) {
                last.message =
                    format!("{}; and {more} more that are not listed", last.message).into();
            }
        }
        listed
    }
}

/// Whether a message may name a key. The key is the mapping's, not the
/// customer's; a free-form one may still be anything, so that only a short plain
/// one is named.
pub(super) fn is_plain_key(key: &str) -> bool {
    key.len() <= 40
        && key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        && !key.bytes().all(|byte| byte.is_ascii_digit())
}
