//! Meta's click id (`fbc`) and browser id (`fbp`): their form, and the click
//! id that a page's URL carries.
//!
//! Source: Meta, fbp and fbc parameters.

use jiff::Timestamp;

use crate::event::Event;
use crate::json::{Arena, Json};
use crate::user_data::is_suffix;

/// Whether `text` has the form `fb.<index>.<milliseconds>.<value>`, with or
/// without the fifth part that Meta's parameter builder appends.
pub(super) fn is_well_formed(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: [&str; 5] = {
        let mut parts = [""; 5];
        let mut count = 0;
        for part in text.split('.') {
            if count == 5 {
                return false;
            }
            parts[count] = part;
            count += 1;
        }
        if count < 4 || (count == 5 && !is_suffix(parts[4])) {
            return false;
        }
        parts
    };
    parts[0] == "fb"
        && digits(parts[1])
        && digits(parts[2])
        && !parts[3].is_empty()
        && parts.iter().all(|part| {
            part.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        })
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

/// An `fbclid` of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fbclid<'a> {
    /// Its place, one of [`PLACES`].
    pub(crate) place: &'static str,
    /// As it came, case and all.
    pub(crate) text: &'a str,
}

/// Each `fbclid` of `event`, in the order in which they count. `url` is what was
/// mapped to the event's URL; without it, that of the page.
pub(crate) fn fbclids<'a>(
    event: Event<'a>,
    url: Option<&'a str>,
) -> impl Iterator<Item = Fbclid<'a>> {
    let text = move |path: &[&str]| event.root().at(path).and_then(Json::as_str);
    let page = move |key: &str| text(&["context", "page", key]);
    PLACES
        .into_iter()
        .enumerate()
        .filter_map(move |(index, place)| {
            let text = match index {
                0 => text(&["properties", "fbclid"]),
                1 => text(&["context", "fbclid"]),
                2 => in_query(url.or_else(|| page("url"))?),
                3 => in_query(page("search")?),
                _ => in_query(page("referrer")?),
            };
            text.map(|text| Fbclid { place, text })
        })
}

/// The click id of an event that brings only the `fbclid`, the first of [`fbclids`].
/// It is dated with the event, the first time that we know the click from, and never
/// made without a real `fbclid`.
pub(super) fn from_event<'a>(
    event: Event<'a>,
    url: Option<&'a str>,
    time: Timestamp,
    arena: &'a Arena,
) -> Option<&'a str> {
    // Where no URL is mapped, none is read.
    let fbclid = fbclids(event, Some(url.unwrap_or_default())).next()?.text;
    let made = format!("fb.1.{}.{fbclid}", time.as_millisecond());
    is_well_formed(&made).then(|| arena.text(&made))
}

fn in_query(url: &str) -> Option<&str> {
    let query = url.split('#').next()?.split_once('?')?.1;
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix("fbclid="))
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
    fn the_click_is_read_from_the_urls_query_only() {
        assert_eq!(
            in_query("https://a.example/?x=1&fbclid=AbC-_9#top"),
            Some("AbC-_9")
        );
        assert_eq!(in_query("https://a.example/fbclid=1"), None);
        assert_eq!(in_query("https://a.example/?xfbclid=1"), None);
        assert_eq!(in_query("https://a.example/#?fbclid=1"), None);
    }
}
