//! The personal values of an event, looked for in every text in one pass.

use std::collections::HashMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::form::{Form, Reach};
use super::mask::HIDDEN;
use super::spelling::Spelled;

/// So many forms, and so many bytes of them, are looked for; of an event with
/// more, every text is hidden. A person has about fifty forms.
const MOST: usize = 1000;
const MOST_BYTES: usize = 64 * 1024;

/// So many times as many places as a text has letters may be found in it before
/// the whole of it is hidden: it was made for that.
const MOST_PLACES: usize = 8;

/// Digits of a number as JSON are part of a longer one by chance where they are
/// fewer.
const FEWEST_DIGITS: usize = 7;

/// A part of a text and what stands for it.
#[derive(Clone, Debug)]
pub(super) struct Cut {
    pub(super) place: Range<usize>,
    pub(super) mask: String,
}

/// What is known of a person.
#[derive(Default)]
pub(super) struct Secrets {
    /// What stands for each form, and how far it reaches.
    forms: HashMap<String, (String, Reach)>,
    bytes: usize,
    too_many: bool,
    /// Those that are looked for anywhere, and what stands for each.
    anywhere: Option<(AhoCorasick, Vec<(usize, String)>)>,
}

impl Secrets {
    /// Remembers `form`; of two with the same letters the one that reaches further.
    pub(super) fn add(&mut self, form: Form) {
        let Form {
            compared,
            mask,
            reach,
        } = form;
        if self.too_many {
            return;
        }
        match self.forms.get_mut(&compared) {
            Some((_, known)) if *known == Reach::Anywhere || *known == reach => {}
            Some(known) if reach != Reach::Whole => *known = (mask, reach),
            Some(_) => {}
            None => {
                self.bytes += compared.len();
                self.forms.insert(compared, (mask, reach));
            }
        }
        self.too_many = self.forms.len() > MOST || self.bytes > MOST_BYTES;
    }

    /// Gets ready to look for what was remembered.
    pub(super) fn seal(&mut self) {
        let anywhere = self
            .forms
            .iter()
            .filter(|(_, (_, reach))| *reach == Reach::Anywhere);
        let (patterns, masks): (Vec<&str>, Vec<(usize, String)>) = anywhere
            .map(|(form, (mask, _))| (form.as_str(), (form.len(), mask.clone())))
            .unzip();
        if self.too_many || patterns.is_empty() {
            return;
        }
        // Any other kind takes the square of a form's length to build.
        let kind = Some(AhoCorasickKind::ContiguousNFA);
        match AhoCorasick::builder().kind(kind).build(patterns) {
            Ok(finder) => self.anywhere = Some((finder, masks)),
            Err(_) => self.too_many = true,
        }
    }

    /// Whether more is known than can be looked for.
    pub(super) const fn is_too_many(&self) -> bool {
        self.too_many
    }

    /// What stands for a text that is a personal value as a whole.
    pub(super) fn whole(&self, compared: &str) -> Option<&str> {
        self.forms.get(compared).map(|(mask, _)| mask.as_str())
    }

    /// Whether a whole number, as text, is a personal value or holds a long one.
    pub(super) fn holds_number(&self, digits: &str) -> bool {
        let is_known = self
            .forms
            .get(digits)
            .is_some_and(|(_, reach)| *reach != Reach::Whole);
        let holds = |(finder, masks): &(AhoCorasick, Vec<(usize, String)>)| {
            let long = |found: &aho_corasick::Match| {
                masks
                    .get(found.pattern().as_usize())
                    .is_some_and(|(length, _)| *length >= FEWEST_DIGITS)
            };
            finder
                .find_overlapping_iter(digits)
                .any(|found| long(&found))
        };
        is_known || self.anywhere.as_ref().is_some_and(holds)
    }

    /// Where personal values are in `spelled`, in no order; nothing where they
    /// stand in too many places.
    pub(super) fn cuts(&self, spelled: &Spelled) -> Option<Vec<Cut>> {
        let (compared, letter_of) = spelled.compared();
        let mut cuts = Vec::new();
        if let Some(mask) = self.whole(&compared)
            && let Some(place) = spelled.place(0..spelled.letters().len())
        {
            let mask = mask.to_owned();
            return Some(vec![Cut { place, mask }]);
        }
        let mut cut = |range: Range<usize>, mask: &str| {
            let before = range.start.checked_sub(1);
            let before = before.and_then(|before| spelled.letters().get(before));
            // The plus sign of a number is before its mask already.
            let plus =
                usize::from(mask.starts_with('+') && before.is_some_and(|it| it.letter == '+'));
            if let Some(place) = spelled.place(range.start - plus..range.end) {
                cuts.push(Cut {
                    place,
                    mask: mask.to_owned(),
                });
            }
        };
        if let Some((finder, masks)) = &self.anywhere {
            let most = MOST_PLACES * (compared.len() + MOST_PLACES);
            for (count, found) in finder.find_overlapping_iter(&compared).enumerate() {
                if count > most {
                    return None;
                }
                let (first, last) = (
                    letter_of.get(found.start())?,
                    letter_of.get(found.end() - 1)?,
                );
                let mask = masks
                    .get(found.pattern().as_usize())
                    .map_or(HIDDEN, |(_, mask)| mask);
                cut(*first..last + 1, mask);
            }
        }
        for word in words(spelled) {
            let text = super::spelling::compared(&spelled.text(word.clone()));
            if let Some((mask, Reach::Word)) = self.forms.get(&text) {
                cut(word, mask);
            }
        }
        Some(cuts)
    }
}

/// The words of a text: letters and digits with nothing between them.
fn words(spelled: &Spelled) -> impl Iterator<Item = Range<usize>> + '_ {
    let letters = spelled.letters();
    let mut from = 0;
    letters
        .chunk_by(|one, other| is_word(one.letter) == is_word(other.letter))
        .filter_map(move |chunk| {
            let start = from;
            from += chunk.len();
            chunk.first().filter(|first| is_word(first.letter))?;
            Some(start..from)
        })
}

/// Whether a letter is part of a word; so are marks on letters.
fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || unicode_normalization::char::is_combining_mark(letter)
}
