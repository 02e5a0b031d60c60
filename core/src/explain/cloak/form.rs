//! The forms of a personal value by which it is known again elsewhere.

use super::mask::{HIDDEN, Mask};
use super::spelling::{Spelled, compared};
use crate::json::{Arena, Json};
use crate::user_data::{self, Hints, Identifier, Normal, Profile};

/// Where a form counts as the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Only where it is the whole of a text.
    Whole,
    /// As a word of a text.
    Word,
    /// Anywhere in a text.
    Anywhere,
}

/// A form of a personal value.
#[derive(Clone, Debug)]
pub(super) struct Form {
    /// As texts are compared.
    pub(super) compared: String,
    /// What stands for it.
    pub(super) mask: String,
    pub(super) reach: Reach,
}

impl Form {
    /// `text` as a form of what `mask` is for; nothing where nothing of it can be
    /// compared.
    fn new(mask: Mask, text: &str, shown: String) -> Option<Self> {
        let compared = compared(text);
        let reach = reach(mask, &compared)?;
        Some(Self {
            compared,
            mask: shown,
            reach,
        })
    }
}

/// Fewer digits of a telephone number are not looked for: it is known without the
/// country's code and without the area's.
const FEWEST_DIGITS: usize = 7;

/// Shorter parts of a name or of an address are not values of their own.
const SHORTEST_PART: usize = 3;

/// How far a value reaches: the shorter it is, and the more people share it, the more
/// often it is in other texts by chance.
fn reach(mask: Mask, compared: &str) -> Option<Reach> {
    let length = compared.len();
    let is_number = compared.bytes().all(|byte| byte.is_ascii_digit());
    Some(match mask {
        _ if length == 0 => return None,
        // What is in traits and is of no known kind.
        Mask::Trait if length < 4 => return None,
        Mask::Identifier(Identifier::Gender) => Reach::Whole,
        Mask::Identifier(Identifier::State | Identifier::Country) => match length {
            ..4 => Reach::Whole,
            4..6 => Reach::Word,
            _ => Reach::Anywhere,
        },
        _ => match length {
            1 => Reach::Whole,
            2..4 if is_number || mask == Mask::Identifier(Identifier::City) => Reach::Whole,
            2..4 => Reach::Word,
            _ => Reach::Anywhere,
        },
    })
}

/// What normalization needs to know beside the value.
#[derive(Clone, Copy)]
pub(super) struct Normalizing<'a> {
    pub(super) hints: Hints<'a>,
    pub(super) arena: &'a Arena,
}

/// The forms of the text `text`, one of what `mask` is for.
pub(super) fn forms<'a>(mask: Mask, text: &'a str, by: &[Normalizing<'a>]) -> Vec<Form> {
    let mut out = Vec::new();
    let mut add = |text: &str, shown: String| out.extend(Form::new(mask, text, shown));
    add(text, mask.of(text));
    // As it would be written elsewhere, where it came encoded.
    let spellings = Spelled::all(text).unwrap_or_default();
    for spelled in spellings.iter().skip(1) {
        let decoded = spelled.text(0..spelled.letters().len());
        add(&decoded, HIDDEN.into());
    }
    match mask {
        Mask::Identifier(identifier) => {
            for normalized in normalized(identifier, text, by) {
                add(normalized, mask.of(normalized));
                if identifier == Identifier::DateOfBirth {
                    turned(normalized)
                        .iter()
                        .flatten()
                        .for_each(|date| add(date, HIDDEN.into()));
                }
            }
            match identifier {
                Identifier::Phone => {
                    let digits = compared(text);
                    let ends =
                        (1..digits.len()).take_while(|at| digits.len() - at >= FEWEST_DIGITS);
                    // What is not a digit may have more than one byte.
                    ends.filter_map(|at| digits.get(at..))
                        .take(FEWEST_DIGITS)
                        .for_each(|end| add(end, HIDDEN.into()));
                }
                Identifier::FirstName | Identifier::LastName => parts(text, &mut add),
                Identifier::Email => {
                    if let Some((local, _)) = text.rsplit_once('@')
                        && compared(local).len() > SHORTEST_PART
                    {
                        add(local, HIDDEN.into());
                    }
                }
                _ => {}
            }
        }
        Mask::UserKey("client_ip_address") => {
            // Meta's parameter builder appends a part.
            if let Some((address, _)) = text.rsplit_once('.')
                && address.parse::<std::net::IpAddr>().is_ok()
            {
                add(address, mask.of(address));
            }
        }
        Mask::UserKey("fbc" | "fbp") => {
            if let Some(value) = text.split('.').nth(3) {
                add(value, HIDDEN.into());
            }
        }
        Mask::Name => parts(text, &mut add),
        _ => {}
    }
    out
}

/// The words of a name.
fn parts(text: &str, add: &mut impl FnMut(&str, String)) {
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    for word in words.filter(|word| word.len() >= SHORTEST_PART && word.len() < text.len()) {
        add(word, Mask::Name.of(word));
    }
}

fn normalized<'a>(identifier: Identifier, text: &'a str, by: &[Normalizing<'a>]) -> Vec<&'a str> {
    let mut out: Vec<&'a str> = Vec::new();
    for Normalizing { hints, arena } in by {
        let mut forms = Vec::new();
        user_data::normalize(
            identifier,
            Json::Str(text),
            *hints,
            Profile::Both,
            arena,
            &mut forms,
            &mut |_| {},
        );
        for form in forms {
            if let Normal::Text(plain) = form
                && !out.contains(&plain.expose())
            {
                out.push(plain.expose());
            }
        }
    }
    out
}

/// The date `YYYYMMDD` with the day or the month first.
fn turned(date: &str) -> Option<[String; 2]> {
    let (year, month, day) = (date.get(..4)?, date.get(4..6)?, date.get(6..)?);
    Some([format!("{day}{month}{year}"), format!("{month}{day}{year}")])
}
