//! Meta's click id (`fbc`) and browser id (`fbp`): their form, and the click
//! id that a page's URL carries.
//!
//! Source: Meta, fbp and fbc parameters.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::event::Event;
use crate::json::{Arena, Json};
use crate::user_data::characters::is_blank;
use crate::user_data::{is_nobodys_text, is_suffix, percent};

/// Whether `text` has the form `fb.<index>.<milliseconds>.<value>`, with or
/// without the fifth part that Meta's parameter builder appends.
pub(super) fn is_well_formed(text: &str) -> bool {
    parts(text).is_some_and(|more| more.is_none())
}

/// What is behind the last part of an id that is well-formed up to there, its suffix
/// included: nothing, or suffixes that were written again.
fn parts(text: &str) -> Option<Option<&str>> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = text.splitn(6, '.');
    if parts.next()? != "fb" || !digits(parts.next()?) || !digits(parts.next()?) {
        return None;
    }
    let value = parts.next()?;
    if !is_click(value) {
        return None;
    }
    let suffix = parts.next();
    let rest = parts.next();
    (suffix.is_none_or(is_suffix) && rest.is_none_or(|rest| rest.split('.').all(is_suffix)))
        .then_some(rest)
}

/// The id that `text` holds: itself, or the first that is well-formed of a cookie that
/// came twice (`a; b`), with its name, in quotes, percent-encoded. A suffix that was
/// written twice is written once.
pub(super) fn read<'a>(text: &'a str, arena: &'a Arena) -> Option<&'a str> {
    if is_well_formed(text) {
        return Some(text);
    }
    let is_between =
        |character: char| matches!(character, ',' | ';' | '"' | '\'') || is_blank(character);
    text.split(is_between).find_map(|part| {
        let part = ["_fbc=", "_fbp=", "fbc=", "fbp="]
            .into_iter()
            .find_map(|name| part.strip_prefix(name))
            .unwrap_or(part);
        let part = decoded(part, arena)?;
        let more = parts(part)?;
        // The one dot before what is too much.
        let kept = more.map_or(part.len(), |more| part.len() - more.len() - 1);
        part.get(..kept)
    })
}

/// The same of a value, whatever it is: the first of a list that holds one.
pub(super) fn read_value<'a>(value: Json<'a>, arena: &'a Arena) -> Option<&'a str> {
    match value {
        Json::Str(text) => read(text, arena),
        Json::List(items) => items.iter().find_map(|item| read(item.as_str()?, arena)),
        _ => None,
    }
}

/// The click that a well-formed click id is of: its `fbclid`.
pub(super) fn click_of(click_id: &str) -> Option<&str> {
    click_id.split('.').nth(3)
}

/// Whether `text` can be an `fbclid`: it has its letters, and is not a word that a program
/// writes where it has none.
fn is_click(text: &str) -> bool {
    let is_of_click = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.bytes().all(is_of_click)
        && text.bytes().any(|byte| byte.is_ascii_alphanumeric())
        && !is_nobodys_text(text)
}

/// When the click of a well-formed click id was first seen, in Unix milliseconds.
pub(super) fn milliseconds(click_id: &str) -> Option<i64> {
    // So many digits that they fit nowhere are later than everything.
    click_id
        .split('.')
        .nth(2)
        .map(|part| part.parse().unwrap_or(i64::MAX))
}

/// The places of an `fbclid` from which a click id is made, in order: the event's
/// properties, its context, the query of its URL and that of the page, and, as Meta's
/// own code looks there next, its referrer.
pub(crate) const PLACES: [&str; 5] = [
    "properties.fbclid",
    "context.fbclid",
    "context.page.url?fbclid",
    "context.page.search?fbclid",
    "context.page.referrer?fbclid",
];

/// Before this, milliseconds are seconds: a date of 1973, or of now.
pub(super) const FIRST_MILLISECONDS: i64 = 100_000_000_000;

/// How long a click is remembered, in seconds.
///
/// Source: Meta, fbp and fbc parameters: the cookie lives 90 days.
const NINETY_DAYS: i64 = 90 * 86_400;

/// What is wrong with the time of a well-formed click id, whose event happened at
/// `event_time`, in Unix seconds. Both are compared in whole seconds, as Meta knows the
/// event's time.
pub(super) fn wrong_time(click_id: &str, event_time: i64) -> Option<&'static str> {
    let clicked = milliseconds(click_id)?;
    let before = event_time.saturating_sub(clicked / 1000);
    if before < 0 {
        Some("the click is later than the event")
    } else if clicked < FIRST_MILLISECONDS {
        Some("the time of the click is in seconds and reads as one of 1970; send milliseconds")
    } else if before > NINETY_DAYS {
        Some("the click is more than 90 days older than the event")
    } else {
        None
    }
}

/// An `fbclid` of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fbclid<'a> {
    /// Its place, one of [`PLACES`].
    pub(crate) place: &'static str,
    /// As it came, case and all.
    pub(crate) text: &'a str,
    /// Whether its URL was put into capitals, and so is another click's.
    is_shouted: bool,
}

impl<'a> Fbclid<'a> {
    /// The `fbclid` itself, or the whole click id where that came in its place: without
    /// percent-encoding, and without the suffix that Meta's parameter builder appends to
    /// a URL that ends in it.
    pub(crate) fn read(self, arena: &'a Arena) -> Option<&'a str> {
        if self.is_shouted {
            return None;
        }
        let text = decoded(self.text.trim_matches(is_blank), arena)?.trim_matches(is_blank);
        if is_well_formed(text) {
            return Some(text);
        }
        let (click, suffixes) = match text.split_once('.') {
            Some((click, suffixes)) => (click, Some(suffixes)),
            None => (text, None),
        };
        let is_whole = suffixes.is_none_or(|them| them.split('.').all(is_suffix));
        (is_whole && is_click(click)).then_some(click)
    }

    /// Whether it is in the URL of the page itself.
    pub(super) fn is_of_page(self) -> bool {
        self.place == PLACES[2] || self.place == PLACES[3]
    }
}

/// Each `fbclid` of `event`, in the order in which they count. `url` is what was
/// mapped to the event's URL; without it, that of the page.
pub(crate) fn fbclids<'a>(
    event: Event<'a>,
    url: Option<&'a str>,
) -> impl Iterator<Item = Fbclid<'a>> {
    let at = move |path: &[&str]| event.root().at(path);
    let page = move |key: &str| at(&["context", "page", key]).and_then(Json::as_str);
    PLACES
        .into_iter()
        .enumerate()
        .flat_map(move |(index, place)| {
            let own = match index {
                0 => at(&["properties", "fbclid"]),
                1 => at(&["context", "fbclid"]),
                _ => None,
            };
            let url = match index {
                2 => url.or_else(|| page("url")),
                3 => page("search"),
                4 => page("referrer"),
                _ => None,
            };
            let own = texts(own).flat_map(move |text| {
                // Somebody's whole query.
                let is_query = contains_parameter(text);
                let alone = (!is_query).then_some((text, false));
                let of_query = in_query(if is_query { text } else { "" });
                alone.into_iter().chain(of_query)
            });
            own.chain(in_query(url.unwrap_or_default()))
                .map(move |(text, is_shouted)| Fbclid {
                    place,
                    text,
                    is_shouted,
                })
        })
        .filter(|fbclid| !fbclid.text.trim().is_empty())
}

/// The text that a value is, or the texts of a list.
fn texts<'a>(value: Option<Json<'a>>) -> impl Iterator<Item = &'a str> {
    let (one, list) = match value {
        Some(Json::List(items)) => (None, items),
        other => (other.and_then(Json::as_str), &[][..]),
    };
    one.into_iter()
        .chain(list.iter().filter_map(|item| item.as_str()))
}

/// The click id of `fbclid`, made of what was read of it. It is dated with the event, the
/// first time that we know the click from, and never made without a real `fbclid`.
pub(super) fn made<'a>(fbclid: &'a str, time: Timestamp, arena: &'a Arena) -> &'a str {
    if is_well_formed(fbclid) {
        return fbclid;
    }
    arena.text(&format!("fb.1.{}.{fbclid}", time.as_millisecond()))
}

const PARAMETER: &str = "fbclid";

fn contains_parameter(text: &str) -> bool {
    in_query(text).next().is_some()
}

/// The values of the parameter `fbclid` of a URL or of its query, and whether the URL
/// seems to have been put into capitals. As Meta's Pixel reads it: behind any `?`, `#`
/// or `&`, which HTML may have escaped.
fn in_query(url: &str) -> impl Iterator<Item = (&str, bool)> {
    url.match_indices('=').filter_map(|(equals, _)| {
        let start = equals.checked_sub(PARAMETER.len())?;
        let name = url.get(start..equals)?;
        if !name.eq_ignore_ascii_case(PARAMETER) || !begins_parameter(url.get(..start)?) {
            return None;
        }
        let value = url.get(equals + 1..)?;
        let value = value.split(['&', '#', '?']).next()?;
        let is_shouted = name != PARAMETER && !value.bytes().any(|byte| byte.is_ascii_lowercase());
        Some((value, is_shouted))
    })
}

/// Whether a parameter may begin behind `before`.
fn begins_parameter(before: &str) -> bool {
    const ESCAPED: [&str; 4] = ["amp;", "#38;", "#038;", "#x26;"];
    before.is_empty()
        || before.ends_with(['?', '#', '&'])
        || ESCAPED.into_iter().any(|ampersand| {
            let start = before.len().checked_sub(ampersand.len());
            let end = start.and_then(|start| before.get(start..));
            end.is_some_and(|end| end.eq_ignore_ascii_case(ampersand))
        })
}

/// `text` without percent-encoding.
fn decoded<'a>(text: &'a str, arena: &'a Arena) -> Option<&'a str> {
    Some(match percent::decoded(text)? {
        Cow::Borrowed(text) => text,
        Cow::Owned(text) => arena.text(&text),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_of_four_and_five_parts_are_well_formed() {
        for text in [
            "fb.1.1554763741205.IwAR2F4-dbP0l7Mn1IawQQGCINEz7PYXQvwjNwB_qa2ofrHyiLjcbCRxTDMgk",
            "fb.1.1596403881668.1116446470",
            "fb.2.1596403881668.1116446470.AQQCAQIB",
            "fb.1.1596403881668.1116446470.Ag",
        ] {
            assert!(is_well_formed(text), "{text}");
        }
    }

    #[test]
    fn other_texts_are_not() {
        for text in [
            "",
            "fb",
            "fb.1.2",
            "fb.1..x",
            "fb.a.1.x",
            "xx.1.2.x",
            "fb.1.2.",
            "fb.1.2.x.y.z",
            "fb.1.1.fb.1.2.x",
            "fb.1.2.a b",
            "fb.1.2.x.abc",
        ] {
            assert!(!is_well_formed(text), "{text}");
        }
    }

    #[test]
    fn the_first_good_one_of_a_cookie_that_came_twice_is_read() {
        let arena = Arena::new();
        let one = "fb.1.1554763741205.IwAR2F4-db";
        for text in [
            " fb.1.1554763741205.IwAR2F4-db\n",
            "fb.1.1554763741205.IwAR2F4-db; fb.1.1554763741999.IwAR9",
            "fb.1.1554763741205.IwAR2F4-db,fb.1.1554763741999.IwAR9",
            "undefined, fb.1.1554763741205.IwAR2F4-db",
            "_fbc=fb.1.1554763741205.IwAR2F4-db; _fbp=fb.1.1554763741205.17",
            "\"fb.1.1554763741205.IwAR2F4-db\"",
            "fb.1.1554763741205.IwAR2F4%2Ddb",
            "\u{feff}fb.1.1554763741205.IwAR2F4-db",
        ] {
            assert_eq!(read(text, &arena), Some(one), "{text}");
        }
        assert_eq!(
            read("fb.1.1.x.AQQCAQIB.AQQCAQIB", &arena),
            Some("fb.1.1.x.AQQCAQIB")
        );
        for text in ["undefined", "fb.1.1.undefined", "fb.1.1.x.y.z", "fb.1.1.%"] {
            assert_eq!(read(text, &arena), None, "{text}");
        }
    }

    fn of_query(url: &str) -> Vec<Option<String>> {
        let arena = Arena::new();
        let each = in_query(url).map(|(text, is_shouted)| Fbclid {
            place: PLACES[2],
            text,
            is_shouted,
        });
        each.map(|fbclid| fbclid.read(&arena).map(str::to_owned))
            .collect()
    }

    #[test]
    fn the_click_is_read_from_a_url_however_it_was_escaped() {
        for (url, expected) in [
            ("https://a.example/?x=1&fbclid=AbC-_9#top", "AbC-_9"),
            ("https://a.example/?fbclid=IwAR1%2Dabc", "IwAR1-abc"),
            ("https://a.example/?fbclid=IwAR1%5fabc&x=1", "IwAR1_abc"),
            ("https://a.example/?fbclid=IwAR1%252Dabc", "IwAR1-abc"),
            ("https://a.example/?x=1&amp;fbclid=IwAR1", "IwAR1"),
            (
                "https://a.example/?x=1&amp;amp;fbclid=IwAR1&amp;y=2",
                "IwAR1",
            ),
            ("https://a.example/?x=1&#038;fbclid=IwAR1", "IwAR1"),
            ("https://a.example/?x=1&AMP;fbclid=IwAR1", "IwAR1"),
            ("https://a.example/?fbclid=IwAR1.AQQCAQMC", "IwAR1"),
            ("https://a.example/?fbclid=IwAR1.Ag&x=1", "IwAR1"),
            ("https://a.example/?fbclid=IwAR1.AQQCAQMC.AQQCAQMC", "IwAR1"),
            ("https://a.example/?x=1?fbclid=IwAR1", "IwAR1"),
            ("https://a.example/#/shoes?fbclid=IwAR1", "IwAR1"),
            ("https://a.example/?FbClid=IwAR1", "IwAR1"),
            ("https://a.example/?FBCLID=IwAR1", "IwAR1"),
            ("https://a.example/?fbclid=IwAR1%20", "IwAR1"),
            ("?fbclid=IwAR1", "IwAR1"),
            ("fbclid=IwAR1&x=1", "IwAR1"),
            (
                "?fbclid=fb.1.1554763741205.IwAR1",
                "fb.1.1554763741205.IwAR1",
            ),
        ] {
            assert_eq!(of_query(url), [Some(expected.to_owned())], "{url}");
        }
    }

    #[test]
    fn what_is_no_click_is_told_and_what_is_no_parameter_is_not_read() {
        for url in [
            "https://a.example/?fbclid=undefined",
            "https://a.example/?fbclid=[object%20Object]",
            "https://a.example/?fbclid={{fbclid}}",
            "https://a.example/?fbclid=IwAR1%20abc",
            "https://a.example/?fbclid=IwAR1.x",
            "https://a.example/?fbclid=%ff",
            "HTTPS://A.EXAMPLE/?FBCLID=IWAR1ABC",
        ] {
            assert_eq!(of_query(url), [None], "{url}");
        }
        for url in [
            "https://a.example/fbclid=1",
            "https://a.example/?xfbclid=1",
            "https://a.example/?x=fbclid",
            "",
        ] {
            assert_eq!(of_query(url), [], "{url}");
        }
    }
}
