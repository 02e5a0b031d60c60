//! Sending the calls as Segment's clients do.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use anyhow::{Context, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::try_join_all;
use reqwest::Client;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use serde::Deserialize;

use super::WRITE_KEY;
use super::progress::Progress;
use super::visit::Call;

/// How many events a request carries.
const BATCH: usize = 50;

/// How many requests are in flight together.
const SENDERS: usize = 4;

/// One reason of the server's answer, with the place of its call.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Rejected {
    pub(super) index: usize,
    pub(super) code: String,
}

#[derive(Deserialize)]
struct Answer {
    success: bool,
    #[serde(default)]
    rejected: Vec<Rejected>,
}

/// Sends everything; what was rejected comes back, each with the place of its
/// call in `calls`.
pub(super) async fn all(
    address: SocketAddr,
    calls: &[Call],
    progress: &Progress,
) -> anyhow::Result<Vec<Rejected>> {
    capi_transport::install_tls();
    let client = Client::builder()
        .no_proxy()
        .build()
        .context("no HTTP client")?;
    let batches: Vec<(usize, &[Call])> = calls
        .chunks(BATCH)
        .enumerate()
        .map(|(number, batch)| (number * BATCH, batch))
        .collect();
    let next = AtomicUsize::new(0);
    let sent = AtomicU64::new(0);
    let sender = || async {
        let mut rejected = Vec::new();
        while let Some((first, batch)) = batches.get(next.fetch_add(1, Ordering::Relaxed)) {
            for one in send(&client, address, batch).await? {
                rejected.push(Rejected {
                    index: first + one.index,
                    ..one
                });
            }
            let before = sent.fetch_add(batch.len() as u64, Ordering::Relaxed);
            progress.sent(before, before + batch.len() as u64);
        }
        anyhow::Ok(rejected)
    };
    let rejected = try_join_all((0..SENDERS).map(|_| sender())).await?;
    Ok(rejected.into_iter().flatten().collect())
}

async fn send(
    client: &Client,
    address: SocketAddr,
    batch: &[Call],
) -> anyhow::Result<Vec<Rejected>> {
    let events: Vec<&str> = batch.iter().map(|call| call.text.as_str()).collect();
    let body = format!("{{\"batch\":[{}]}}", events.join(","));
    let response = client
        .post(format!("http://{address}/v1/batch"))
        .header(
            AUTHORIZATION,
            format!("Basic {}", STANDARD.encode(format!("{WRITE_KEY}:"))),
        )
        .header(CONTENT_TYPE, "application/json")
        .body(body)
        .send()
        .await
        .context("the server did not answer")?;
    let status = response.status();
    let text = response
        .bytes()
        .await
        .context("the server's answer broke off")?;
    ensure!(
        status.is_success(),
        "the server answered {status}: {}",
        String::from_utf8_lossy(&text)
    );
    let answer: Answer =
        serde_json::from_slice(&text).context("the server's answer is not its JSON")?;
    ensure!(answer.success, "the server did not take the events");
    Ok(answer.rejected)
}
