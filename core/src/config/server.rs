//! `[server]`: where events come in and where they rest.

use super::defaults;
use super::diagnostic::ConfigDiagnostics;
use super::secret::Secret;
use super::section::Section;

/// How the server listens, what it accepts and where it keeps its queue.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// The address of the ingest listener, `host:port`.
    pub listen: String,
    /// The address of the admin listener, `host:port`.
    pub admin_listen: String,
    /// What commands of administration must know; without one, it is made at
    /// the start.
    pub admin_token: Option<Secret>,
    /// The folder of the queue, relative to the configuration's own folder.
    pub data_dir: String,
    /// The most that the queue's file may hold, in bytes.
    pub max_queue_bytes: u64,
    /// The most text that dead letters may hold, in bytes.
    pub max_dead_bytes: u64,
    /// How long dead letters are kept, in days; 0 is for ever.
    pub dead_days: u32,
    /// How long a delivered event is known, in days: a duplicate is not queued.
    pub dedup_days: u32,
    /// The largest event, in bytes of JSON.
    pub max_event_bytes: usize,
    /// The largest request body, in bytes after decompression.
    pub max_batch_bytes: usize,
    /// The most that a request may come to with its shared parts counted for each of
    /// its events, in bytes.
    pub max_expanded_bytes: usize,
    /// The most memory that requests may take together, in bytes.
    pub max_memory_bytes: usize,
    /// Networks whose `X-Forwarded-For` is believed, as addresses or CIDR.
    pub trusted_proxies: Vec<String>,
    /// How long a connection without a request is kept, in seconds.
    pub keep_alive_seconds: u64,
    /// How long requests are still taken once a stop was asked for, in seconds.
    pub drain_seconds: u64,
    /// How long a stop then waits for requests and deliveries, in seconds.
    pub shutdown_seconds: u64,
}

impl ServerConfig {
    pub(super) fn read(root: &mut Section<'_>, findings: &mut ConfigDiagnostics<'_>) -> Self {
        let empty = toml::de::DeTable::new();
        let (table, span) = match root.value("server") {
            Some(value) => match value.get_ref().as_table() {
                Some(table) => (table, value.span()),
                None => {
                    findings.error(value.span(), "`server` must be a table; write [server]");
                    (&empty, value.span())
                }
            },
            None => (&empty, 0..0),
        };
        let mut section = Section::new("[server]", table, span, defaults::section("server"));
        let bytes =
            |number: Option<u64>| usize::try_from(number.unwrap_or(0)).unwrap_or(usize::MAX);
        let server = Self {
            listen: address(&mut section, findings, "listen"),
            admin_listen: address(&mut section, findings, "admin_listen"),
            admin_token: section.secret(findings, "admin_token"),
            data_dir: section.text(findings, "data_dir").unwrap_or_default(),
            max_queue_bytes: section
                .number(findings, "max_queue_bytes", 1 << 20..u64::MAX)
                .unwrap_or(u64::MAX),
            max_dead_bytes: section
                .number(findings, "max_dead_bytes", 1 << 20..u64::MAX)
                .unwrap_or(u64::MAX),
            dead_days: section
                .number(findings, "dead_days", 0..36_501)
                .and_then(|days| u32::try_from(days).ok())
                .unwrap_or(0),
            dedup_days: section
                .number(findings, "dedup_days", 2..31)
                .and_then(|days| u32::try_from(days).ok())
                .unwrap_or(0),
            max_event_bytes: bytes(section.number(findings, "max_event_bytes", 1..u64::MAX)),
            max_batch_bytes: bytes(section.number(findings, "max_batch_bytes", 1..u64::MAX)),
            max_expanded_bytes: bytes(section.number(findings, "max_expanded_bytes", 1..u64::MAX)),
            max_memory_bytes: bytes(section.number(
                findings,
                "max_memory_bytes",
                1 << 20..u64::MAX,
            )),
            trusted_proxies: section
                .texts(findings, "trusted_proxies")
                .unwrap_or_default()
                .into_iter()
                .filter_map(|(network, span)| {
                    let good = is_network(&network);
                    if !good {
                        findings.error(
                            span,
                            "a trusted proxy must be an IP address or a network such as 10.0.0.0/8",
                        );
                    }
                    good.then_some(network)
                })
                .collect(),
            keep_alive_seconds: section
                .number(findings, "keep_alive_seconds", 1..86_401)
                .unwrap_or(0),
            drain_seconds: section
                .number(findings, "drain_seconds", 0..3601)
                .unwrap_or(0),
            shutdown_seconds: section
                .number(findings, "shutdown_seconds", 0..3601)
                .unwrap_or(0),
        };
        section.finish(findings);
        server
    }
}

/// The address under `key`. Whether the name of a host leads anywhere is found out
/// where it is listened on.
fn address(
    section: &mut Section<'_>,
    findings: &mut ConfigDiagnostics<'_>,
    key: &'static str,
) -> String {
    let text = section.text(findings, key);
    if text.as_deref().is_some_and(|text| !is_address(text)) {
        findings.error(
            section.span_of(key),
            format!("`{key}` of [server] must be a host and a port, such as 127.0.0.1:8400"),
        );
    }
    text.unwrap_or_default()
}

fn is_address(text: &str) -> bool {
    text.rsplit_once(':').is_some_and(|(host, port)| {
        let is_odd = |letter: char| letter.is_whitespace() || letter == '/';
        !host.is_empty() && !host.contains(is_odd) && port.parse::<u16>().is_ok()
    })
}

fn is_network(text: &str) -> bool {
    let (address, bits) = text
        .split_once('/')
        .map_or((text, None), |(a, b)| (a, Some(b)));
    let Ok(address) = address.parse::<std::net::IpAddr>() else {
        return false;
    };
    let most = if address.is_ipv4() { 32 } else { 128 };
    bits.is_none_or(|bits| bits.parse::<u8>().is_ok_and(|bits| bits <= most))
}
