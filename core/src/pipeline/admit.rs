//! The last step: what would really be sent is judged by Meta's rules, and
//! what passes becomes a [`ServerEvent`]. What does not, or was found wrong by
//! a step before, becomes a [`RejectedEvent`], which is hashed as well.
//!
//! It stands behind hashing so that an identifier which could not be used does
//! not make an event look identified.

use super::draft::Hashed;
use super::encode::encode;
use super::refine::Refine;
use crate::destination::WebsiteRequirements;
use crate::event::Json;
use crate::rejection::{Code, Reason, Rejection};
use crate::user_data::Identifier;
use crate::{ActionSource, RejectedEvent, ServerEvent};

/// How far ahead of now an event may lie: clocks differ.
const SECONDS_AHEAD: i64 = 60;

const SECONDS_A_DAY: i64 = 86_400;

/// Combinations of keys, and subsets of them, that fit too many people.
///
/// Source: Meta, Best practices, invalid combinations of customer information
/// parameters (Graph v13.0 and later).
const TOO_BROAD: &[&[&str]] = &[
    &["ct", "country", "st", "zp", "ge", "client_user_agent"],
    &["db", "client_user_agent"],
    &["fn", "ge"],
    &["ln", "ge"],
];

/// A conversion that may be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// What is sent.
    pub event: ServerEvent,
    /// What was left out, and what Meta may not like.
    pub warnings: Vec<Reason>,
}

/// Judges a conversion by Meta's rules.
#[derive(Clone, Copy, Debug)]
pub struct Admit;

impl<'a> Refine<Hashed<'a>> for Admit {
    type Out = Result<Admitted, Rejection>;

    fn refine(&self, mut hashed: Hashed<'a>) -> Result<Admitted, Rejection> {
        let draft = hashed.draft;
        // What lacks one of them has a reason to say so.
        if let (Some(event_name), Some(event_time), Some(action_source), []) = (
            draft.event_name,
            draft.event_time,
            draft.action_source,
            &*hashed.findings.reasons,
        ) {
            let mut reasons = Vec::new();
            age(event_time, action_source, &hashed, &mut reasons);
            identity(&hashed, &mut reasons);
            purchase(&hashed, &mut reasons);
            page(action_source, &mut hashed, &mut reasons);
            reported(&mut hashed);
            if reasons.is_empty() {
                let event = ServerEvent {
                    event_name: event_name.into(),
                    event_id: draft.event_id.map(Into::into),
                    event_time,
                    action_source,
                    test_event_code: draft.test_event_code.map(Into::into),
                    json: encode(&hashed),
                };
                return Ok(Admitted {
                    event,
                    warnings: hashed.findings.warnings,
                });
            }
            hashed.findings.reasons = reasons;
        }
        Err(Rejection {
            event: Box::new(RejectedEvent {
                event_name: draft.event_name.map(Into::into),
                event_id: draft.event_id.map(Into::into),
                event_time: draft.event_time,
                action_source: draft.action_source,
                test_event_code: draft.test_event_code.map(Into::into),
                json: encode(&hashed),
            }),
            reasons: hashed.findings.reasons,
            warnings: hashed.findings.warnings,
        })
    }
}

fn age(
    event_time: i64,
    action_source: ActionSource,
    hashed: &Hashed<'_>,
    reasons: &mut Vec<Reason>,
) {
    let now = hashed.setting.now.as_second();
    let days = action_source.days_allowed();
    if event_time < now - days * SECONDS_A_DAY {
        reasons.push(Reason::new(
            Code::EventTooOld,
            "event_time",
            format!("the event is more than {days} days old and Meta would refuse it; it cannot be sent any more"),
        ));
    } else if event_time > now + SECONDS_AHEAD {
        reasons.push(Reason::new(
            Code::EventInFuture,
            "event_time",
            "the event lies in the future; set the client's clock, or let the client send sentAt so that it can be corrected",
        ));
    }
}

fn identity(hashed: &Hashed<'_>, reasons: &mut Vec<Reason>) {
    let hashed_keys = Identifier::ALL
        .into_iter()
        .filter(|identifier| !hashed.identifiers[*identifier as usize].is_empty())
        .map(Identifier::key);
    let keys = || {
        hashed_keys
            .clone()
            .chain(hashed.draft.user_keys.iter().map(|(key, _)| *key))
    };
    if TOO_BROAD
        .iter()
        .any(|set| keys().all(|key| set.contains(&key)))
    {
        let message = if keys().next().is_none() {
            "nothing identifies the customer; map at least one identifier such as email, phone, external id, fbp or the client's address"
        } else {
            "what identifies the customer fits too many people; add an identifier such as email, phone, external id, fbp or the client's address"
        };
        reasons.push(Reason::new(
            Code::InsufficientUserData,
            "user_data",
            message,
        ));
    }
}

/// Meta requires a value and a currency of every Purchase, whichever action
/// made it. An action that has the fields reports their absence itself.
fn purchase(hashed: &Hashed<'_>, reasons: &mut Vec<Reason>) {
    if hashed.draft.event_name != Some("Purchase") {
        return;
    }
    for key in ["value", "currency"] {
        if hashed.draft.custom(key).is_none_or(|value| value.is_null()) {
            reasons.push(Reason::new(
                Code::MissingField,
                format!("custom_data.{key}"),
                format!("Meta requires the {key} of a Purchase; map it"),
            ));
        }
    }
}

/// A website event's user agent and URL.
fn page(action_source: ActionSource, hashed: &mut Hashed<'_>, reasons: &mut Vec<Reason>) {
    let website = action_source == ActionSource::Website;
    let mut found = Vec::new();
    if website && hashed.draft.user_key("client_user_agent").is_none() {
        found.push(Reason::new(
            Code::MissingUserAgent,
            "user_data.client_user_agent",
            "a website event needs the browser's user agent; map it, or set action_source to where the event took place",
        ));
    }
    match hashed.draft.event_source_url {
        Some(url) if is_web_url(url) => {}
        Some(_) => {
            hashed.draft.event_source_url = None;
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
    let strict = hashed.setting.destination.website_requirements == WebsiteRequirements::Reject;
    if website && strict {
        reasons.append(&mut found);
    } else {
        hashed.findings.warnings.append(&mut found);
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

/// What Meta is reported to refuse, or requires on paper only: a warning.
fn reported(hashed: &mut Hashed<'_>) {
    let draft = &hashed.draft;
    if draft.event_name != Some("Purchase")
        && draft.custom("value").is_some_and(|value| !value.is_null())
        && draft
            .custom("currency")
            .is_none_or(|currency| currency.is_null())
    {
        hashed.findings.warnings.push(Reason::new(
            Code::ValueWithoutCurrency,
            "custom_data.currency",
            "there is a value but no currency; Meta is reported to refuse such events; map the currency",
        ));
    }
    if draft.action_source == Some(ActionSource::App) && !draft.app_data.is_some_and(is_complete) {
        hashed.findings.warnings.push(Reason::new(
            Code::MissingAppData,
            "app_data_field",
            "Meta requires app data of an app event: advertiser_tracking_enabled, version and osVersion; map them and set use_app_data",
        ));
    }
}

/// Whether app data has what Meta requires of an app event.
///
/// Source: Meta, App data parameters: the flag, and slots 0 and 4 of `extinfo`.
fn is_complete(app_data: &[(&str, Json<'_>)]) -> bool {
    let app_data = Json::Object(app_data);
    let slot = |index: usize| {
        let slots = app_data.get("extinfo").and_then(Json::as_list)?;
        slots.get(index)?.as_str().filter(|text| !text.is_empty())
    };
    app_data.get("advertiser_tracking_enabled").is_some() && slot(0).is_some() && slot(4).is_some()
}
