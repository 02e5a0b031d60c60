//! What each request goes through, from its head to its answer.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use axum::http::request::Parts as Head;
use axum::response::{IntoResponse, Response};

use super::answer::{Accepted, HttpError};
use super::auth::{WriteKeys, basic_user};
use super::batch;
use super::body::PendingBody;
use super::client_address::{ClientAddress, TrustedProxies};
use crate::intake::{Decoded, Envelope, Intake};

/// The door of Segment's HTTP API.
pub(crate) struct Ingest {
    /// Where events go.
    pub(crate) intake: Arc<Intake>,
    /// Who may send.
    pub(crate) write_keys: WriteKeys,
    /// Whose word on the client's address is believed.
    pub(crate) trusted_proxies: TrustedProxies,
    /// The largest event, in bytes.
    pub(crate) max_event_bytes: usize,
    /// The largest body, in bytes after decompression.
    pub(crate) max_batch_bytes: usize,
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
    ) -> Result<Accepted, HttpError> {
        let (head, body) = request.into_parts();
        let limit = if kind.is_some() {
            self.max_event_bytes
        } else {
            self.max_batch_bytes
        };
        // Who may not send, or not now, need not send the body.
        let source = self.source_of_head(&head)?;
        let body = PendingBody::new(&head.headers, body, limit)?;
        let mut hold = self.intake.admit(source.as_ref(), body.announced())?;
        let body = body.read(&mut hold).await?;
        let client_ip = self.client_ip(&head);
        let ingest = Arc::clone(self);
        let taken = self.intake.take(body, hold, move |body| {
            ingest.decode(body, kind, source.as_ref(), client_ip.as_deref())
        });
        Ok(Accepted::new(taken.await?))
    }

    /// The events of a body.
    fn decode<'b>(
        &self,
        body: &'b [u8],
        kind: Option<&'static str>,
        source: Option<&Arc<str>>,
        client_ip: Option<&str>,
    ) -> Result<Decoded<'b>, HttpError> {
        let parts = match kind {
            Some(_) => batch::single(body)?,
            None => batch::batch(body)?,
        };
        let source = match (source, &parts.write_key) {
            (Some(source), _) => source,
            (None, Some(key)) => self.source(key.as_bytes())?,
            (None, None) => return Err(HttpError::Unauthorized),
        };
        let envelope = Envelope {
            kind,
            context: parts.context,
            integrations: parts.integrations,
            sent_at: parts.sent_at,
            client_ip: client_ip.map(str::to_owned),
            source: Some(Arc::clone(source)),
        };
        Ok(Decoded {
            items: parts.items,
            envelope,
        })
    }

    /// The source whose key is in the head, if one is.
    fn source_of_head(&self, head: &Head) -> Result<Option<Arc<str>>, HttpError> {
        basic_user(&head.headers)
            .filter(|key| !key.is_empty())
            .map(|key| self.source(&key).cloned())
            .transpose()
    }

    fn source(&self, key: &[u8]) -> Result<&Arc<str>, HttpError> {
        self.write_keys
            .source_of(key)
            .ok_or(HttpError::Unauthorized)
    }

    /// The client's address, where it is known.
    fn client_ip(&self, head: &Head) -> Option<String> {
        let peer = head
            .extensions
            .get::<ClientAddress>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |address| address.0);
        self.trusted_proxies
            .client(peer, &head.headers)
            .filter(|client| !client.is_unspecified())
            .map(|client| client.to_string())
    }
}
