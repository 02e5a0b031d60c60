//! The page of a website event, and its browser.
//!
//! Source: Meta, Conversions API parameters, website events; Meta, Server event
//! parameters, `event_source_url`, `referrer_url`.

use crate::ActionSource;
use crate::destination::WebsiteRequirements;
use crate::json::Json;
use crate::pipeline::stages::Scrubbed;
use crate::rejection::{Code, Reason};

/// A website event needs the user agent and the URL. Of other events a URL that is
/// none is left out, and so is a referrer, of all.
pub(super) fn check(
    action_source: ActionSource,
    scrubbed: &mut Scrubbed<'_>,
    reasons: &mut Vec<Reason>,
) {
    let website = action_source == ActionSource::Website;
    let mut found = Vec::new();
    if website && scrubbed.draft.user_key("client_user_agent").is_none() {
        found.push(Reason::new(
            Code::MissingUserAgent,
            "user_data.client_user_agent",
            "a website event needs the browser's user agent; map it, or set action_source to where the event took place",
        ));
    }
    match scrubbed.draft.event_source_url {
        Some(url) if is_web_url(url) => {}
        Some(_) => {
            scrubbed.draft.event_source_url = None;
            found.push(Reason::new(
                Code::InvalidUrl,
                "event_source_url",
                "the URL does not begin with http:// or https:// and cannot be sent; map the page's full URL",
            ));
        }
        None if website => found.push(Reason::new(
            Code::MissingUrl,
            "event_source_url",
            "a website event needs the URL of its page; map it, or set action_source to where the event took place",
        )),
        None => {}
    }
    let strict = scrubbed.setting.destination.website_requirements == WebsiteRequirements::Reject;
    if website && strict {
        reasons.append(&mut found);
    } else {
        for warning in found {
            scrubbed.findings.warn(warning);
        }
    }
    let referrer = scrubbed
        .draft
        .event_key("referrer_url")
        .and_then(Json::as_str);
    if referrer.is_some_and(|url| !is_web_url(url)) {
        scrubbed.drop_event_key("referrer_url");
        scrubbed.findings.warn(Reason::new(
            Code::InvalidReferrer,
            "referrer_url",
            "the referrer does not begin with http:// or https:// and is left out; map the full URL",
        ));
    }
}

/// Whether a URL has a scheme of the web and a host that can be one.
fn is_web_url(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    (scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"))
        && !host.is_empty()
        && !host.contains(|character: char| character.is_whitespace() || character.is_control())
}
