//! Any value without what tells of a person in it: in texts, in keys, in numbers, and
//! under sensitive names of one.

use std::borrow::Cow;

use super::Cloak;
use super::address::addresses;
use super::mask::HIDDEN;
use super::query::{query, without_values};
use super::secrets::Cut;
use super::spelling::Spelled;
use crate::free_text::{self, Cards};
use crate::json::{Json, Number};
use crate::mapping::number_text;
use crate::user_data::Digest;

/// So many digits in a key are a value rather than a name.
const MOST_DIGITS_OF_A_KEY: usize = 6;

impl<'a> Cloak<'a> {
    pub(super) fn covered(&self, value: Json<'a>) -> Json<'a> {
        match value {
            Json::Null | Json::Bool(_) => value,
            Json::Number(number) => self.number(number),
            Json::Str(text) => Json::Str(self.kept(text)),
            Json::List(items) => {
                let items: Vec<_> = items.iter().map(|item| self.covered(*item)).collect();
                Json::List(self.arena.list(&items))
            }
            Json::Object(members) => {
                let members: Vec<_> = members
                    .iter()
                    .map(|(key, value)| (self.key(key), self.member(key, *value)))
                    .collect();
                Json::Object(self.arena.list(&members))
            }
        }
    }

    fn number(&self, number: Number) -> Json<'a> {
        let text = number_text(number);
        let whole = || u64::try_from(number.to_i64()?).ok();
        let is_card = || whole().is_some_and(|whole| free_text::is_card(whole, Cards::Any));
        let is_known =
            || text.bytes().all(|byte| byte.is_ascii_digit()) && self.secrets.holds_number(&text);
        if self.secrets.is_too_many() || is_card() || is_known() {
            return Json::Str(HIDDEN);
        }
        Json::Number(number)
    }

    /// The value of a member, hidden where its key tells of a person.
    pub(super) fn member(&self, key: &str, value: Json<'a>) -> Json<'a> {
        if self.is_sensitive(key) {
            self.keys_only(value)
        } else {
            self.covered(value)
        }
    }

    /// A key that the event gave.
    pub(in crate::explain) fn key(&self, key: &'a str) -> &'a str {
        let digits = key.bytes().filter(u8::is_ascii_digit).count();
        if !self.raw && digits > MOST_DIGITS_OF_A_KEY {
            return HIDDEN;
        }
        self.kept(key)
    }

    /// A path of keys that the event gave.
    pub(in crate::explain) fn path(&self, path: &str) -> String {
        if self.raw {
            return path.to_owned();
        }
        match self.text(path) {
            Cow::Borrowed(_) => {
                let keys = path.split('.').map(|key| self.key(self.arena.text(key)));
                keys.collect::<Vec<_>>().join(".")
            }
            Cow::Owned(masked) => masked,
        }
    }

    /// A sentence with something of the event in it.
    pub(in crate::explain) fn sentence(&self, text: &str) -> String {
        if self.raw {
            return text.to_owned();
        }
        self.text(text).into_owned()
    }

    fn kept(&self, text: &'a str) -> &'a str {
        if self.raw {
            return text;
        }
        match self.text(text) {
            Cow::Borrowed(_) => text,
            Cow::Owned(masked) => self.arena.text(&masked),
        }
    }

    /// `text` without what tells of a person in it; borrowed where there is nothing.
    fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.secrets.is_too_many() {
            return Cow::Owned(HIDDEN.into());
        }
        // A digest is what Meta gets.
        if text.is_empty() || Digest::accept(text).is_some() {
            return Cow::Borrowed(text);
        }
        let cut = Spelled::all(text).and_then(|spellings| self.cut(text, &spellings));
        let cut = match cut {
            None => return Cow::Owned(HIDDEN.into()),
            Some(cut) => cut,
        };
        if free_text::find(&cut, Cards::Any).any() {
            return Cow::Owned(match free_text::cut(&cut, Cards::Any) {
                Some((_, rest)) if !rest.is_empty() => format!("{rest} {HIDDEN}"),
                _ => HIDDEN.into(),
            });
        }
        if cut == text {
            Cow::Borrowed(text)
        } else {
            Cow::Owned(cut)
        }
    }

    fn cut(&self, text: &str, spellings: &[Spelled]) -> Option<String> {
        let mut cuts = Vec::new();
        let mut queries = Vec::new();
        for spelled in spellings {
            cuts.extend(self.secrets.cuts(spelled)?);
            cuts.extend(addresses(spelled));
            queries.extend(self.query(spelled));
        }
        // The first begins where the others are within.
        if let Some(query) = queries.into_iter().min_by_key(|query| query.place.start) {
            let start = query.place.start;
            // Of what crosses its begin, the part before it.
            cuts.retain(|cut| cut.place.start < start);
            for cut in &mut cuts {
                cut.place.end = cut.place.end.min(start);
            }
            cuts.push(query);
        }
        joined(text, cuts)
    }

    /// The query of a URL, to the end of the text, without its values.
    fn query(&self, spelled: &Spelled) -> Option<Cut> {
        let letters = query(spelled)?;
        // A name may be a value as well.
        let is_told = |name: &str| {
            let cuts = self.secrets.cuts(&Spelled::of(name));
            cuts.is_some_and(|cuts| cuts.is_empty())
        };
        Some(Cut {
            mask: without_values(&spelled.text(letters.clone()), is_told),
            place: spelled.place(letters)?,
        })
    }
}

/// `text` with the masks of `cuts`; of cuts that overlap, that of the longest.
fn joined(text: &str, mut cuts: Vec<Cut>) -> Option<String> {
    cuts.sort_by_key(|cut| (cut.place.start, usize::MAX - cut.place.end));
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    let mut cuts = cuts.into_iter().peekable();
    while let Some(cut) = cuts.next() {
        let (start, mut end) = (cut.place.start, cut.place.end);
        let mut longest = cut;
        while let Some(next) = cuts.next_if(|next| next.place.start < end) {
            end = end.max(next.place.end);
            if next.place.len() > longest.place.len() {
                longest = next;
            }
        }
        out.push_str(text.get(from..start)?);
        out.push_str(&longest.mask);
        from = end;
    }
    out.push_str(text.get(from..)?);
    Some(out)
}
