//! `capi demo`: a shop's afternoon through the real thing, counted on both
//! sides.
//!
//! A sandbox of the Graph endpoint, the server and its queue run in this
//! process on free ports of this machine and in a temporary folder. The shop's
//! calls ([`shop`], [`wrong`]) go in over HTTP as Segment's clients send them
//! ([`send`]); what came out is counted ([`tally`]) and shown ([`report`]).

mod customers;
mod progress;
mod report;
mod send;
mod shop;
mod tally;
mod visit;
mod wrong;

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use capi_sandbox::{FaultRule, Options, Sandbox};
use capi_server::{Server, log_to_stderr};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use self::progress::Progress;
use crate::exit::{Failure, NO};

const WRITE_KEY: &str = "demo-write-key";

/// Two troubles on the way to Meta, before any event counts: a server that is
/// busy, and a connection that breaks.
const TROUBLES: &str =
    r#"[{"times":1,"answer":{"status":503}},{"times":1,"answer":{"cut":"before"}}]"#;

/// How long the last events may take to arrive.
const TIMEOUT: Duration = Duration::from_secs(60);

pub(crate) fn run(events: u32) -> Result<ExitCode, Failure> {
    log_to_stderr("off");
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::machine)?;
    runtime.block_on(afternoon(events))
}

async fn afternoon(events: u32) -> Result<ExitCode, Failure> {
    let started = Instant::now();
    let folder = tempfile::tempdir()
        .context("no temporary folder")
        .map_err(Failure::machine)?;

    let graph = loopback().await?;
    let graph_address = graph.local_addr()?;
    let sandbox = Sandbox::new(Options::default());
    let troubles = FaultRule::parse_list(TROUBLES.as_bytes())
        .map_err(|error| Failure::usage(anyhow!("{error}")))?;
    sandbox.set_faults(troubles);
    tokio::spawn(sandbox.clone().serve(graph, std::future::pending()));

    let config = folder.path().join("capi.toml");
    std::fs::write(
        &config,
        configuration(folder.path(), &format!("http://{graph_address}")),
    )?;
    let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let server = Server::open(&config, Some(any_port)).await?;
    let delivery = server.delivery();
    let address = server.address();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(server.serve(async {
        // An end of the demo without the word to stop is one too.
        drop(stopped.await);
    }));

    status!(
        "A shop sends {events} events to http://{address}; Meta is played by http://{graph_address}."
    );
    let calls = shop::afternoon(events, jiff::Timestamp::now());
    let progress = Progress::new(u64::from(events));
    let answers = send::all(address, &calls, &progress)
        .await
        .map_err(Failure::machine)?;
    let expected = calls
        .iter()
        .filter(|call| call.expect.is_delivered())
        .count() as u64;
    let deadline = Instant::now() + TIMEOUT;
    while sandbox.stats().events_received < expected && Instant::now() < deadline {
        progress.delivered(sandbox.stats().events_received, expected);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    progress.end();
    // A while longer than a batch waits, so that what is too much shows too.
    tokio::time::sleep(Duration::from_millis(100)).await;

    let tally = tally::count(&calls, &answers, &sandbox.events_ndjson(), sandbox.stats());
    let retried = delivery
        .stats()
        .iter()
        .map(|destination| destination.retries)
        .sum();
    let mut out = std::io::stdout().lock();
    report::print(&mut out, &calls, &tally, retried, started.elapsed())?;
    out.flush()?;
    drop(stop);
    serving.await.map_err(Failure::machine)?;
    Ok(if tally.faults.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(NO)
    })
}

async fn loopback() -> Result<TcpListener, Failure> {
    TcpListener::bind("127.0.0.1:0")
        .await
        .context("no free port on 127.0.0.1")
        .map_err(Failure::machine)
}

/// The demo's configuration: the prebuilt subscriptions and two of its own.
fn configuration(folder: &Path, graph_url: &str) -> String {
    let data_dir = folder.join("data");
    format!(
        r#"[server]
data_dir = '{}'
shutdown_seconds = 5

[[source]]
name = "shop"
write_key = "{WRITE_KEY}"

[[destination]]
name = "meta"
dataset_id = "1234567890"
access_token = "demo-token"
graph_url = "{graph_url}"
linger_ms = 20
prebuilt_subscriptions = true

[[destination.subscription]]
action = "custom-event"
trigger = 'type = "identify"'
mapping = {{ event_name = "CompleteRegistration" }}

[[destination.subscription]]
action = "custom-event"
trigger = 'type = "track" and event = "Coupon Shown"'
[destination.subscription.mapping]
event_name = {{ "@path" = {{ "@path" = "$.properties.coupon_field" }} }}
"#,
        data_dir.display()
    )
}
