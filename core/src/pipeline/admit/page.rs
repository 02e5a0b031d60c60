//! The page of a website event, and its browser.
//!
//! Source: Meta, Conversions API parameters, website events; Meta, Server event
//! parameters, `event_source_url`, `referrer_url`.

use crate::ActionSource;
use crate::destination::WebsiteRequirements;
use crate::json::Json;
use crate::pipeline::stages::Scrubbed;
use crate::rejection::{Code, Diagnostic};

/// A website event needs the user agent and the URL. Of other events a URL that is
/// none is left out, and so is a referrer, of all.
pub(super) fn check(
    action_source: ActionSource,
    scrubbed: &mut Scrubbed<'_>,
    reasons: &mut Vec<Diagnostic>,
) {
    let website = action_source == ActionSource::Website;
    let mut found = Vec::new();
    if website && scrubbed.draft.user_key("client_user_agent").is_none() {
        found.push(Diagnostic::new(
            Code::MissingUserAgent,
            "user_data.client_user_agent",
            "a website event needs the browser's user agent; map it, or set action_source to where the event took place",
        ));
    }
    match scrubbed.draft.event_source_url.map(web_host) {
        Some(Some(host)) => warn_of_host("event_source_url", host, scrubbed),
        Some(None) => {
            scrubbed.draft.event_source_url = None;
            found.push(Diagnostic::new(
                Code::InvalidUrl,
                "event_source_url",
                "the URL does not begin with http:// or https:// and cannot be sent; map the page's full URL",
            ));
        }
        None if website => found.push(Diagnostic::new(
            Code::MissingUrl,
            "event_source_url",
            "a website event needs the URL of its page; map it, or set action_source to where the event took place",
        )),
        None => {}
    }
    let strict = scrubbed.context.destination.website_requirements == WebsiteRequirements::Reject;
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
    if let Some(host) = referrer.and_then(web_host) {
        warn_of_host("referrer_url", host, scrubbed);
    } else if referrer.is_some() {
        scrubbed.drop_event_key("referrer_url");
        scrubbed.findings.warn(Diagnostic::new(
            Code::InvalidReferrer,
            "referrer_url",
            "the referrer does not begin with http:// or https:// and is left out; map the full URL",
        ));
    }
}

/// The host of a URL that has a scheme of the web and a host that can be one.
fn web_host(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return None;
    }
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_blank = |character: char| character.is_whitespace() || character.is_control();
    // A placeholder gets a warning; it is not a reason to lose the event.
    (!host.is_empty() && (!host.contains(is_blank) || is_placeholder(host))).then_some(host)
}

/// Warns of a host that no page on the web has: one that a template left unfilled, or a
/// name of an inner network.
fn warn_of_host(field: &'static str, host: &str, scrubbed: &mut Scrubbed<'_>) {
    if is_unusual(host) {
        scrubbed.findings.warn(Diagnostic::new(
            Code::UnusualUrlHost,
            field,
            "the URL's host is none of the web, such as a placeholder or a name without a dot; map the URL that the browser shows",
        ));
    }
}

/// Whether a template left it unfilled.
fn is_placeholder(host: &str) -> bool {
    host.contains("{{") || (host.contains('<') && host.contains('>'))
}

fn is_unusual(authority: &str) -> bool {
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    if host.starts_with('[') {
        return false;
    }
    let host = host.split(':').next().unwrap_or_default();
    let name = host.trim_matches('.');
    host.bytes()
        .any(|byte| matches!(byte, b'<' | b'>' | b'{' | b'}' | b'$' | b'%'))
        || !(name.contains('.') || name.eq_ignore_ascii_case("localhost"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_the_web_are_usual_and_others_are_not() {
        for host in [
            "shop.example",
            "shop.example.com.AQQCAQMC",
            "shop.example:8443",
            "localhost",
            "LOCALHOST:3000",
            "203.0.113.7",
            "[2001:db8::1]:8080",
            "kim@shop.example",
            "bücher.example",
            "shop.example.",
        ] {
            assert!(!is_unusual(host), "{host}");
        }
        for host in [
            "<host>",
            "{{Page Hostname}}",
            "${host}",
            "%7B%7Bhost%7D%7D",
            "shop.{{tld}}",
            "intranet",
            "intranet:8080",
            "undefined",
            "shop.",
        ] {
            assert!(is_unusual(host), "{host}");
        }
    }
}
