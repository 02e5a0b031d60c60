//! What tells who somebody is by its form alone: e-mail addresses, and the user of a
//! URL.
//!
//! This reader takes more for an address than that of free text does, which must leave
//! what is sent and is none. Where both are in doubt, nothing is shown: what is left
//! here is read by that one as well (`cover.rs`).

use super::mask::{HIDDEN, email};
use super::secrets::Cut;
use super::spelling::Spelled;

/// Where e-mail addresses stand, and the user of a URL.
pub(super) fn addresses(spelled: &Spelled) -> Vec<Cut> {
    let letters = spelled.letters();
    let letter = |at: usize| letters.get(at).map(|letter| letter.letter);
    let mut cuts = Vec::new();
    // Nothing is looked at twice: an address ends where the one before began.
    let mut from = 0;
    let ats = (0..letters.len()).filter(|at| letter(*at) == Some('@'));
    for at in ats {
        let mut start = at;
        if at > from && letter(at - 1) == Some('"') {
            start = (from..at - 1)
                .rev()
                .find(|at| letter(*at) == Some('"'))
                .unwrap_or(at - 1);
        } else {
            while start > from && letter(start - 1).is_some_and(is_local) {
                start -= 1;
            }
        }
        let mut end = at + 1;
        while letter(end)
            .is_some_and(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '-'))
        {
            end += 1;
        }
        while end > at + 1 && letter(end - 1) == Some('.') {
            end -= 1;
        }
        let domain = spelled.text(at + 1..end);
        let is_user = is_after_scheme(spelled, start);
        if start < at && (domain.contains('.') || is_user) {
            let text = spelled.text(start..end);
            let (range, mask) = match is_user {
                true => (start..at, HIDDEN.to_owned()),
                false => (start..end, email(&text)),
            };
            cuts.extend(spelled.place(range).map(|place| Cut { place, mask }));
        }
        from = at + 1;
    }
    cuts
}

fn is_local(letter: char) -> bool {
    letter.is_alphanumeric() || "._+-%'!#$&*={}|~^:`".contains(letter)
}

/// Whether what starts at `start` is behind the `://` of a URL.
fn is_after_scheme(spelled: &Spelled, start: usize) -> bool {
    let before = start.checked_sub(2).map(|from| spelled.text(from..start));
    before.as_deref() == Some("//")
}
