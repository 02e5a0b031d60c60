//! Values that stand for nobody, in every spelling: words, zeros, placeholders that
//! nothing was filled into, and the digests of all these.
//!
//! A client that has no value often sends one all the same, for everybody who has none:
//! one "person" to Meta.

mod digests;
mod other_digest;
mod placeholder;
mod places;
mod spelling;
mod words;
mod zeros;

pub(super) use digests::is_digest;
pub(super) use other_digest::other_digest;

use self::spelling::Spelling;
use super::{Identifier, ValueError, country, state};

/// No word is longer, with quotes and signs around it.
const MAX_LENGTH: usize = 40;

/// Why `text`, a value of `identifier` without blanks around it, is nobody's; nothing
/// where it may be somebody's. `country` is that of the event, where it is known.
///
/// People are called None and True, and so are places; Namibia's code is NA.
pub(super) fn refusal(
    identifier: Identifier,
    text: &str,
    country: Option<&str>,
) -> Option<ValueError> {
    if let Some(refusal) = word(identifier, text, country) {
        return Some(refusal);
    }
    let is_unfilled = match identifier {
        Identifier::FirstName | Identifier::LastName => placeholder::is_in_name(text),
        Identifier::Phone => placeholder::is_in(text) && !has_digits(text),
        Identifier::State | Identifier::Country => {
            placeholder::is_in(text) && !is_place_in_brackets(identifier, text, country)
        }
        _ => placeholder::is_in(text),
    };
    if is_unfilled {
        return Some(ValueError::Unfilled);
    }
    match identifier {
        Identifier::Email if words::is_address(text) => Some(ValueError::Placeholder),
        Identifier::ExternalId if zeros::is_repeated(text) => Some(ValueError::RepeatedDigit),
        _ => None,
    }
}

/// Whether `text` is a word for nobody, as what is left of a value may be that is none
/// itself: the Pixel cuts `null-1`.
pub(super) fn word(
    identifier: Identifier,
    text: &str,
    country: Option<&str>,
) -> Option<ValueError> {
    if !words::may_be(text) {
        return None;
    }
    let spelling = Spelling::of(text)?;
    if spelling.is_signs() {
        return Some(match identifier {
            Identifier::ExternalId => ValueError::Placeholder,
            _ => ValueError::Empty,
        });
    }
    let is_word = match identifier {
        Identifier::FirstName | Identifier::LastName => words::is_in_name(&spelling, text),
        Identifier::State if words::is_of_account(&spelling) => true,
        Identifier::City | Identifier::State => {
            words::is_word(&spelling, text) && !places::is_place(&spelling, country)
        }
        Identifier::Country => {
            let is_word = words::is_word(&spelling, text) && !spelling.is_bare("na");
            is_word || words::is_of_account(&spelling)
        }
        _ => words::is_word(&spelling, text),
    };
    is_word.then_some(ValueError::Placeholder)
}

/// Whether `text` is, or has, a placeholder that nobody filled in.
pub(crate) fn is_placeholder(text: &str) -> bool {
    placeholder::is_in(text)
}

/// Whether `text` is nobody's id: of those that leave as they are, and of orders.
pub(crate) fn is_nobodys_id(text: &str) -> bool {
    let text = super::characters::trim(text);
    placeholder::is_in(text) || zeros::is_repeated(text) || is_nobodys_text(text)
}

/// Whether `text` is not a user agent but a word for none, or a placeholder.
pub(crate) fn is_nobodys_agent(text: &str) -> bool {
    let text = super::characters::trim(text);
    placeholder::is_whole(text) || is_nobodys_text(text)
}

/// Whether `text` is signs alone, or a word for nobody.
pub(crate) fn is_nobodys_text(text: &str) -> bool {
    words::may_be(text)
        && Spelling::of(text)
            .is_some_and(|spelling| spelling.is_signs() || words::is_word(&spelling, text))
}

/// Whether `text` is a known state or country in brackets: `[TX]`. `[id]` is a variable,
/// and nobody's Indonesia.
fn is_place_in_brackets(identifier: Identifier, text: &str, country: Option<&str>) -> bool {
    let Some(place) = placeholder::in_brackets(text) else {
        return false;
    };
    match identifier {
        Identifier::State => state::countries_of(place, country).next().is_some(),
        _ => country::name(place, &mut String::new()).is_some(),
    }
}

/// Whether `text` has as many digits as a telephone number: `<tel:+14155550132>`.
fn has_digits(text: &str) -> bool {
    text.bytes().filter(u8::is_ascii_digit).count() >= 7
}

#[cfg(test)]
mod tests;
