//! The click that the event is to be credited to, where the page's URL has one.
//!
//! Source: Meta, fbp and fbc parameters: the cookie is written again where the URL has
//! another `fbclid` than the one that is stored.

use jiff::Timestamp;

use super::Check;
use crate::ActionSource;
use crate::event::Event;
use crate::json::Json;
use crate::pipeline::click_id;
use crate::rejection::{Code, Diagnostic};

/// Where a sender writes the click id that it decided on.
const OWN: [&[&str]; 2] = [&["properties", "fbc"], &["context", "fbc"]];

/// Where clients copy the cookie to.
const COOKIES: [&[&str]; 3] = [
    &["properties", "_fbc"],
    &["context", "_fbc"],
    &["context", "cookies", "_fbc"],
];

impl<'a> Check<'a> {
    /// Makes the click id of an `fbclid` of `event`, where none was mapped, or only a
    /// cookie that is older than the page's URL.
    pub(super) fn click(&mut self, event: Event<'a>, event_time: Timestamp) {
        // A conversation has no page that was clicked to.
        if self.action_source == Some(ActionSource::BusinessMessaging) {
            return;
        }
        let mapped = self.user_keys.iter().position(|(key, _)| *key == "fbc");
        let mapped = mapped.and_then(|place| Some((place, self.user_keys.get(place)?.1.as_str()?)));
        // Where no URL is mapped, none is read.
        let url = Some(self.event_source_url.unwrap_or_default());
        let mut fbclids = click_id::fbclids(event, url);
        let Some((place, stored)) = mapped else {
            if let Some((made, from)) = self.first_click(&mut fbclids, event_time) {
                self.user_keys.push(("fbc", Json::Str(made)));
                self.click_from = Some(from);
            }
            return;
        };
        let mut fbclids = fbclids.peekable();
        if fbclids.peek().is_none() || !self.is_cookie(event, stored) {
            return;
        }
        let is_stale = click_id::wrong_time(stored, event_time.as_second()).is_some();
        let same = click_id::click_of(stored);
        let newer = if is_stale {
            self.first_click(&mut fbclids, event_time)
        } else {
            let mut of_page = fbclids.filter(|fbclid| fbclid.is_of_page());
            self.first_click(&mut of_page, event_time)
        };
        if let Some((made, from)) = newer
            && (click_id::click_of(made) != same || is_in_seconds(stored))
            && let Some((_, value)) = self.user_keys.get_mut(place)
        {
            *value = Json::Str(made);
            self.click_from = Some(from);
        }
    }

    /// The click id of the first of `fbclids` that can be used, and its place.
    fn first_click(
        &mut self,
        fbclids: &mut dyn Iterator<Item = click_id::Fbclid<'a>>,
        time: Timestamp,
    ) -> Option<(&'a str, &'static str)> {
        for fbclid in fbclids {
            if let Some(click) = fbclid.read(self.arena) {
                return Some((click_id::made(click, time, self.arena), fbclid.place));
            }
            self.findings.warn(Diagnostic::new(
                Code::InvalidClickId,
                "user_data.fbc",
                format!(
                    "the fbclid of {} is none that Meta makes and is not used; send the URL unchanged",
                    fbclid.place
                ),
            ));
        }
        None
    }

    /// Whether a click id that was mapped is a copy of the cookie, and not what the
    /// sender itself decided on.
    fn is_cookie(&self, event: Event<'a>, stored: &str) -> bool {
        let is_there = |path: &&[&str]| {
            let value = event.root().at(path);
            value.and_then(|value| click_id::read_value(value, self.arena)) == Some(stored)
        };
        COOKIES.iter().any(is_there) && !OWN.iter().any(is_there)
    }
}

fn is_in_seconds(click_id: &str) -> bool {
    click_id::milliseconds(click_id).is_some_and(|clicked| clicked < click_id::FIRST_MILLISECONDS)
}
