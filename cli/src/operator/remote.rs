//! A running server, over its admin API.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use capi_server::admin::LaneStatus;
use capi_server::admin::api::{
    self, AdminError, BackupRequest, DeadRequest, EditRequest, Hello, Proof, PurgeQueuedRequest,
    Purged, ReassignRequest, Reassigned, ResumeRequest, Resumed, RetryRequest,
};
use capi_server::admin::endpoint::{Endpoint, random};
use capi_server::admin::repair::Repaired;
use capi_transport::{DeadFilter, DeadLetter, QueueReport, install_tls};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::exit::Failure;

/// How long to look for a server that may be gone.
const LOOK: Duration = Duration::from_secs(2);

pub(crate) struct Remote {
    endpoint: Endpoint,
    client: Client,
}

impl Remote {
    pub(crate) fn new(endpoint: Endpoint) -> Self {
        // The client wants it even for plain HTTP, which is all it speaks here.
        install_tls();
        let client = Client::builder().no_proxy().redirect(Policy::none());
        let client = client.build().unwrap_or_default();
        Self { endpoint, client }
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.endpoint.address
    }

    /// Whether the server that wrote the file is there: the file outlives a crash, and
    /// then anything may listen at its address. Nothing of the file is sent.
    pub(crate) async fn is_there(&self) -> bool {
        let hello = Hello { nonce: random() };
        let asked = self.ask(self.request(Method::POST, api::HELLO), &hello);
        let answer: Result<Result<Proof, _>, _> = tokio::time::timeout(LOOK, asked).await;
        matches!(answer, Ok(Ok(Proof { proof })) if self.endpoint.secret.proves(&hello.nonce, &proof))
    }

    pub(crate) async fn conditions(&self) -> Result<Vec<String>, Failure> {
        self.get(api::CONDITIONS).await
    }

    pub(crate) async fn lanes(&self) -> Result<Vec<LaneStatus>, Failure> {
        self.get(api::LANES).await
    }

    pub(crate) async fn resume(&self, destination: &str) -> Result<(), Failure> {
        let request = ResumeRequest {
            destination: destination.to_owned(),
        };
        let _: Resumed = self.post(api::RESUME, &request).await?;
        Ok(())
    }

    pub(crate) async fn queue(&self) -> Result<QueueReport, Failure> {
        self.get(api::QUEUE).await
    }

    pub(crate) async fn backup(&self, file: &Path) -> Result<(), Failure> {
        let request = BackupRequest {
            file: file.to_owned(),
        };
        let _: BackupRequest = self.post(api::BACKUP, &request).await?;
        Ok(())
    }

    pub(crate) async fn dead(
        &self,
        filter: &DeadFilter,
        after: i64,
        limit: usize,
    ) -> Result<Vec<DeadLetter>, Failure> {
        let request = DeadRequest {
            filter: filter.clone(),
            after,
            limit,
        };
        self.post(api::LIST, &request).await
    }

    pub(crate) async fn retry(
        &self,
        filter: &DeadFilter,
        as_new: bool,
    ) -> Result<Repaired, Failure> {
        let request = RetryRequest {
            filter: filter.clone(),
            as_new,
        };
        self.post(api::RETRY, &request).await
    }

    pub(crate) async fn edit(
        &self,
        filter: &DeadFilter,
        set: &[String],
    ) -> Result<Repaired, Failure> {
        let request = EditRequest {
            filter: filter.clone(),
            set: set.to_vec(),
        };
        self.post(api::EDIT, &request).await
    }

    pub(crate) async fn purge(&self, filter: &DeadFilter) -> Result<u64, Failure> {
        let Purged { purged } = self.post(api::PURGE, &of(filter)).await?;
        Ok(purged)
    }

    pub(crate) async fn reassign(&self, from: &str, to: &str) -> Result<u64, Failure> {
        let request = ReassignRequest {
            from: from.to_owned(),
            to: to.to_owned(),
        };
        let Reassigned { reassigned } = self.post(api::REASSIGN, &request).await?;
        Ok(reassigned)
    }

    pub(crate) async fn purge_queued(&self, destination: &str) -> Result<u64, Failure> {
        let request = PurgeQueuedRequest {
            destination: destination.to_owned(),
        };
        let Purged { purged } = self.post(api::PURGE_QUEUED, &request).await?;
        Ok(purged)
    }

    async fn get<T: DeserializeOwned>(&self, route: &str) -> Result<T, Failure> {
        let request = self.request(Method::GET, route);
        self.ask(request.bearer_auth(&self.endpoint.token), &())
            .await
    }

    async fn post<T: DeserializeOwned>(
        &self,
        route: &str,
        body: &impl Serialize,
    ) -> Result<T, Failure> {
        let request = self.request(Method::POST, route);
        self.ask(request.bearer_auth(&self.endpoint.token), body)
            .await
    }

    fn request(&self, method: Method, route: &str) -> RequestBuilder {
        let url = format!("http://{}{route}", self.endpoint.address);
        self.client.request(method, url)
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
        body: &impl Serialize,
    ) -> Result<T, Failure> {
        let body = serde_json::to_vec(body).map_err(Failure::machine)?;
        let response = request
            .body(body)
            .send()
            .await
            .context("the running server does not answer")
            .map_err(Failure::machine)?;
        let status = response.status();
        let text = response
            .bytes()
            .await
            .context("the running server's answer broke off")
            .map_err(Failure::machine)?;
        if status.is_success() {
            return serde_json::from_slice(&text)
                .context("the running server is another version of capi")
                .map_err(Failure::machine);
        }
        let message = serde_json::from_slice(&text).map_or_else(
            |_| format!("it answered {status}"),
            |refused: AdminError| refused.error,
        );
        let error = anyhow!("the running server refused: {message}");
        Err(if status.is_client_error() {
            Failure::usage(error)
        } else {
            Failure::machine(error)
        })
    }
}

fn of(filter: &DeadFilter) -> DeadRequest {
    DeadRequest {
        filter: filter.clone(),
        ..DeadRequest::default()
    }
}
