//! What each request goes through, from its body to its answer.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use axum::response::{IntoResponse, Response};
use capi_transport::{Conversion, Queue, RejectedConversion};
use jiff::Timestamp;

use super::answer::{Refused, Taken};
use super::auth::{WriteKeys, basic_user};
use super::batch::{self, Parts};
use super::body;
use super::client_address::{ClientAddress, TrustedProxies};
use crate::counters::{Counters, Counts};
use crate::engine::{Engine, Envelope, Outcome};

/// What ingest needs of the server.
pub(crate) struct Ingest {
    /// From events to conversions.
    pub(crate) engine: Engine,
    /// Where conversions become safe.
    pub(crate) queue: Arc<dyn Queue>,
    /// Told after each append.
    pub(crate) appended: Box<dyn Fn() + Send + Sync>,
    /// Who may send.
    pub(crate) write_keys: WriteKeys,
    /// Whose word on the client's address is believed.
    pub(crate) trusted_proxies: TrustedProxies,
    /// The largest event, in bytes.
    pub(crate) max_event_bytes: usize,
    /// The largest body, in bytes after decompression.
    pub(crate) max_batch_bytes: usize,
    /// What is counted.
    pub(crate) counters: Arc<Counters>,
}

impl Ingest {
    /// Takes a request: one call of this kind, or without one a batch.
    pub(super) async fn take(
        self: &Arc<Self>,
        request: Request<Body>,
        kind: Option<&'static str>,
    ) -> Response {
        match self.taken(request, kind).await {
            Ok(taken) => taken.into_response(),
            Err(refused) => refused.into_response(),
        }
    }

    async fn taken(
        self: &Arc<Self>,
        request: Request<Body>,
        kind: Option<&'static str>,
    ) -> Result<Taken, Refused> {
        let (head, body) = request.into_parts();
        let limit = if kind.is_some() {
            self.max_event_bytes
        } else {
            self.max_batch_bytes
        };
        let body = body::read(&head.headers, body, limit).await?;
        let now = Timestamp::now();
        let peer = head
            .extensions
            .get::<ClientAddress>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |address| address.0);
        let client_ip = self
            .trusted_proxies
            .client(peer, &head.headers)
            .filter(|client| !client.is_unspecified())
            .map(|client| client.to_string());
        let outcome = {
            let parts = if kind.is_some() {
                batch::single(&body)?
            } else {
                batch::batch(&body)?
            };
            self.check_shared(&parts)?;
            let source = self.source(basic_user(&head.headers), &parts)?;
            let envelope = Envelope {
                kind,
                context: parts.context,
                integrations: parts.integrations,
                sent_at: parts.sent_at,
                client_ip: client_ip.as_deref(),
                source: Some(source),
            };
            self.engine.process(&parts.items, &envelope, now)
        };
        // What is queued is a copy, and storing it may take a while.
        drop(body);
        let Outcome {
            conversions,
            actions,
            buried,
            rejected,
            unlisted,
            counts,
        } = outcome;
        if conversions.is_empty() && buried.is_empty() {
            self.counters.add(&counts);
        } else {
            self.store(conversions, actions, buried, counts).await?;
        }
        Ok(Taken::new(rejected, unlisted))
    }

    /// Makes conversions safe and lets delivery know, keeps what was rejected, and
    /// counts all of it. In a task of its own: a client that goes away in between must
    /// not leave them lying, or uncounted.
    async fn store(
        self: &Arc<Self>,
        conversions: Vec<Conversion>,
        actions: Vec<&'static str>,
        rejected: Vec<RejectedConversion>,
        counts: Counts,
    ) -> Result<(), Refused> {
        let ingest = Arc::clone(self);
        let storing = tokio::spawn(async move {
            // Side by side, so that both are in one commit mostly.
            let (appended, buried) = tokio::join!(
                ingest.queue.append(conversions),
                ingest.queue.bury(rejected)
            );
            // Either of them failed: the client sends all of it again, and what is
            // stored already is a repeat. Only that counts now.
            let mut counts = match buried.is_ok() && appended.is_ok() {
                true => counts,
                false => Counts::default(),
            };
            if let Ok(appended) = &appended {
                counts.appended(&actions, appended);
                (ingest.appended)();
            }
            ingest.counters.add(&counts);
            buried.and(appended)
        });
        match storing.await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => {
                tracing::error!(%error, "Events could not be stored and were not taken.");
                Err(Refused::Unavailable)
            }
            Err(error) => {
                tracing::error!(%error, "The task that stores events broke off.");
                Err(Refused::Unavailable)
            }
        }
    }

    /// What lies under every event of a batch must be no larger than an event: a
    /// short event must not cost as much as the whole batch.
    fn check_shared(&self, parts: &Parts<'_>) -> Result<(), Refused> {
        let limit = self.max_event_bytes;
        [
            ("context", parts.context),
            ("integrations", parts.integrations),
        ]
        .into_iter()
        .find(|(_, part)| part.is_some_and(|part| part.len() > limit))
        .map_or(Ok(()), |(name, _)| Err(Refused::PartTooLarge(name, limit)))
    }

    /// The source of a request: by its header, else by its body.
    fn source(&self, header: Option<Vec<u8>>, parts: &Parts<'_>) -> Result<&str, Refused> {
        let by_header = header.filter(|key| !key.is_empty());
        let key = match (&by_header, &parts.write_key) {
            (Some(key), _) => key.as_slice(),
            (None, Some(key)) => key.as_bytes(),
            (None, None) => return Err(Refused::Unauthorized),
        };
        self.write_keys.source_of(key).ok_or(Refused::Unauthorized)
    }
}
