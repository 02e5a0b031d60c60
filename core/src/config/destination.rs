//! `[[destination]]`: one dataset of Meta, how it is reached, what it gets.

use std::ops::Range;

use super::diagnostic::ConfigDiagnostics;
use super::secret::Secret;
use super::section::Section;
use super::{ReadFile, defaults, scrubbing, subscription};
use crate::Registry;
use crate::destination::{
    Crawlers, Destination, Normalization, PrivateIpAddresses, Strict, WebsiteRequirements,
};
use crate::suggest::nearest;
use crate::user_data::{DateOrder, Profile, country_code};

/// A destination with what delivery needs to reach it.
#[derive(Clone, Debug)]
pub struct DestinationConfig {
    /// What events meet: dataset, subscriptions, rules.
    pub destination: Destination,
    /// The access token of the dataset; only sending needs it, so that a
    /// configuration is read without one.
    pub access_token: Option<Secret>,
    /// The Graph API's version, such as `v26.0`.
    pub api_version: String,
    /// The line and the column where the version is written, from 1; where it is not,
    /// those of the destination.
    pub api_version_place: (usize, usize),
    /// Where the Graph API is, without a slash at the end.
    pub graph_url: String,
    /// The test code of every event of this destination that brings none of its own.
    pub test_event_code: Option<String>,
    /// How many test codes of events' own may be in use simultaneously.
    pub max_test_codes: usize,
    /// How long a batch waits to grow, in milliseconds.
    pub linger_ms: u64,
    /// How long an answer may take, in milliseconds.
    pub timeout_ms: u64,
    /// How many batches may be in flight. The lanes of test codes share a small
    /// allowance of their own.
    pub max_in_flight: usize,
}

/// `strict`: which rules reject. The root's is the default of every destination.
fn strict(section: &mut Section<'_>, findings: &mut ConfigDiagnostics<'_>) -> Option<Strict> {
    section.choice(
        findings,
        "strict",
        &[
            ("documented", Strict::Documented),
            ("reported", Strict::Reported),
        ],
    )
}

/// Where each subscription of a destination stands.
pub(super) type Places = Vec<Range<usize>>;

pub(super) fn read_all(
    root: &mut Section<'_>,
    findings: &mut ConfigDiagnostics<'_>,
    registry: &Registry,
    sources: &[String],
    read_file: ReadFile<'_>,
) -> Vec<(DestinationConfig, Places)> {
    // A wrong value has its own error.
    let default_strict = strict(root, findings).unwrap_or_default();
    let mut destinations: Vec<(DestinationConfig, Places)> = Vec::new();
    for (table, span) in root.tables(findings, "destination") {
        let mut section = Section::new(
            "[[destination]]",
            table,
            span.clone(),
            defaults::first("destination"),
        );
        let own_strict = strict(&mut section, findings).unwrap_or(default_strict);
        let Some((read, places)) = read_one(
            &mut section,
            findings,
            registry,
            sources,
            own_strict,
            read_file,
        ) else {
            section.finish(findings);
            continue;
        };
        section.finish(findings);
        if destinations
            .iter()
            .any(|(other, _)| other.destination.name == read.destination.name)
        {
            findings.error(
                span,
                format!(
                    "there are two destinations named {:?}; rename one",
                    read.destination.name
                ),
            );
            continue;
        }
        destinations.push((read, places));
    }
    destinations
}

fn normalization(
    section: &mut Section<'_>,
    findings: &mut ConfigDiagnostics<'_>,
) -> Option<Normalization> {
    let profile = section.choice(findings, "normalization", &Profile::NAMES);
    let orders = DateOrder::NAMES.map(|(name, order)| (name, Some(order)));
    let orders: Vec<_> = [("refuse", None)].into_iter().chain(orders).collect();
    let date_order = section.choice(findings, "date_order", &orders);
    let default_country = default_country(section, findings);
    Some(Normalization {
        profile: profile?,
        default_country: default_country?,
        date_order: date_order?,
    })
}

/// The country of phone numbers without a country code; `None` where what is
/// written is wrong.
fn default_country(
    section: &mut Section<'_>,
    findings: &mut ConfigDiagnostics<'_>,
) -> Option<Option<String>> {
    let span = section.span_of("default_country");
    let Some(text) = section.text(findings, "default_country") else {
        return Some(None);
    };
    match country_code(&text) {
        None => findings.error(
            span,
            "`default_country` is not a known country; write its two-letter code, such as \"DE\"",
        ),
        Some(code) => return Some(Some(code)),
    }
    None
}

fn read_one(
    section: &mut Section<'_>,
    findings: &mut ConfigDiagnostics<'_>,
    registry: &Registry,
    sources: &[String],
    strict: Strict,
    read_file: ReadFile<'_>,
) -> Option<(DestinationConfig, Places)> {
    let name = section.required_text(findings, "name");
    let dataset_id = dataset_id(section, findings);
    let access_token = section.secret(findings, "access_token");
    let api_version = api_version(section, findings);
    let api_version_place = findings.place(&section.span_of("api_version"));
    let graph_url = graph_url(section, findings);
    let test_event_code = section
        .text(findings, "test_event_code")
        .filter(|code| !code.trim().is_empty());
    let max_test_codes = section.number(findings, "max_test_codes", 0..10_001);
    let allowed = allowed_sources(section, findings, sources);
    let website_requirements = section.choice(
        findings,
        "website_requirements",
        &[
            ("reject", WebsiteRequirements::Reject),
            ("warn", WebsiteRequirements::Warn),
        ],
    );
    let private_ip_addresses = section.choice(
        findings,
        "private_ip_addresses",
        &[
            ("drop", PrivateIpAddresses::Drop),
            ("send", PrivateIpAddresses::Send),
        ],
    );
    let crawlers = section.choice(
        findings,
        "crawlers",
        &[
            ("warn", Crawlers::Warn),
            ("drop", Crawlers::Drop),
            ("send", Crawlers::Send),
        ],
    );
    let normalization = normalization(section, findings);
    let scrubbing = scrubbing::read(section, findings);
    let linger_ms = section.number(findings, "linger_ms", 0..u64::MAX);
    let timeout_ms = section.number(findings, "timeout_ms", 1..u64::MAX);
    let max_in_flight = section.number(findings, "max_in_flight", 1..1001);
    let (subscriptions, places): (Vec<_>, _) =
        subscription::read_all(section, findings, registry, read_file)
            .into_iter()
            .unzip();
    let config = DestinationConfig {
        destination: Destination {
            name: name?,
            dataset_id: dataset_id?,
            sources: allowed,
            website_requirements: website_requirements?,
            private_ip_addresses: private_ip_addresses?,
            crawlers: crawlers?,
            strict,
            normalization: normalization?,
            scrubbing: scrubbing?,
            subscriptions: subscriptions.into(),
        },
        access_token,
        api_version: api_version?,
        api_version_place,
        graph_url: graph_url?,
        test_event_code,
        max_test_codes: usize::try_from(max_test_codes?).ok()?,
        linger_ms: linger_ms?,
        timeout_ms: timeout_ms?,
        max_in_flight: usize::try_from(max_in_flight?).ok()?,
    };
    Some((config, places))
}

/// Meta's ids are digits; anything else would change the request's path.
fn dataset_id(section: &mut Section<'_>, findings: &mut ConfigDiagnostics<'_>) -> Option<String> {
    let id = section.required_text(findings, "dataset_id")?;
    if id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(id);
    }
    let span = section.span_of("dataset_id");
    findings.error(
        span,
        "`dataset_id` must be digits only: the id of the Pixel or dataset in Events Manager",
    );
    None
}

fn api_version(section: &mut Section<'_>, findings: &mut ConfigDiagnostics<'_>) -> Option<String> {
    let version = section.text(findings, "api_version")?;
    let fits = version
        .strip_prefix('v')
        .and_then(|rest| rest.split_once('.'))
        .is_some_and(|(major, minor)| {
            let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            digits(major) && digits(minor)
        });
    if fits {
        return Some(version);
    }
    let span = section.span_of("api_version");
    findings.error(span, "`api_version` must look like \"v26.0\"");
    None
}

fn graph_url(section: &mut Section<'_>, findings: &mut ConfigDiagnostics<'_>) -> Option<String> {
    let allow_plain_http = section.boolean(findings, "allow_plain_http")?;
    let url = section.text(findings, "graph_url")?;
    let span = section.span_of("graph_url");
    let rest = ["http://", "https://"]
        .iter()
        .find_map(|scheme| url.strip_prefix(scheme));
    if rest.is_none_or(str::is_empty) || url.contains(['?', '#', ' ', '@']) {
        findings.error(
            span,
            "`graph_url` must be a URL that begins with http:// or https://, without a query and without a user and password: the token is the only authorization",
        );
        return None;
    }
    let is_plain_to_others = url
        .strip_prefix("http://")
        .is_some_and(|rest| !is_this_machine(rest));
    if is_plain_to_others && !allow_plain_http {
        findings.error(
            span,
            "`graph_url` begins with http:// and names another machine, so that the token and the events would travel unencrypted; write https://, or `allow_plain_http = true` where the way there is safe",
        );
        return None;
    }
    Some(url.trim_end_matches('/').to_owned())
}

/// Whether a URL's host, and what is behind it, is the machine that capi runs on.
fn is_this_machine(host_and_rest: &str) -> bool {
    let authority = host_and_rest.split('/').next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.to_canonical().is_loopback())
}

fn allowed_sources(
    section: &mut Section<'_>,
    findings: &mut ConfigDiagnostics<'_>,
    sources: &[String],
) -> Option<Vec<String>> {
    let names = section.texts(findings, "sources")?;
    if names.is_empty()
        && let Some(value) = section.value("sources")
    {
        findings.warning(value.span(), "`sources` is empty, so the destination gets no event; leave it out to take those of all sources");
    }
    for (name, span) in &names {
        // Without any source, such as for a preview, there is nothing to check against.
        if !sources.is_empty() && !sources.contains(name) {
            let hint = match nearest(name, sources.iter().map(String::as_str)) {
                Some(known) => format!("did you mean {known:?}?"),
                None => format!("there are: {}", sources.join(", ")),
            };
            // Not the name: somebody may have written the write key.
            let message = format!("`sources` names a [[source]] that is not there; {hint}");
            findings.error(span.clone(), message);
        }
    }
    Some(names.into_iter().map(|(name, _)| name).collect())
}
