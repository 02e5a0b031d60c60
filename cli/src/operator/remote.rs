//! A running server, over its admin API.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use capi_server::admin::Lane;
use capi_server::admin::api::{
    self, BackupRequest, DeadRequest, EditRequest, Purged, Refused, ResumeRequest, Resumed,
};
use capi_server::admin::endpoint::Endpoint;
use capi_server::admin::repair::Repaired;
use capi_transport::{DeadFilter, DeadLetter, QueueReport, install_tls};
use reqwest::{Client, Method};
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
        let client = Client::builder().no_proxy().build().unwrap_or_default();
        Self { endpoint, client }
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.endpoint.address
    }

    /// Whether the server is there: its file outlives a crash.
    pub(crate) async fn answers(&self) -> bool {
        tokio::time::timeout(LOOK, self.lanes())
            .await
            .is_ok_and(|lanes| lanes.is_ok())
    }

    pub(crate) async fn lanes(&self) -> Result<Vec<Lane>, Failure> {
        self.ask(Method::GET, api::LANES, &()).await
    }

    pub(crate) async fn resume(&self, destination: &str) -> Result<(), Failure> {
        let request = ResumeRequest {
            destination: destination.to_owned(),
        };
        let _: Resumed = self.ask(Method::POST, api::RESUME, &request).await?;
        Ok(())
    }

    pub(crate) async fn queue(&self) -> Result<QueueReport, Failure> {
        self.ask(Method::GET, api::QUEUE, &()).await
    }

    pub(crate) async fn backup(&self, file: &Path) -> Result<(), Failure> {
        let request = BackupRequest {
            file: file.to_owned(),
        };
        let _: BackupRequest = self.ask(Method::POST, api::BACKUP, &request).await?;
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
        self.ask(Method::POST, api::LIST, &request).await
    }

    pub(crate) async fn retry(&self, filter: &DeadFilter) -> Result<Repaired, Failure> {
        self.ask(Method::POST, api::RETRY, &of(filter)).await
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
        self.ask(Method::POST, api::EDIT, &request).await
    }

    pub(crate) async fn purge(&self, filter: &DeadFilter) -> Result<u64, Failure> {
        let Purged { purged } = self.ask(Method::POST, api::PURGE, &of(filter)).await?;
        Ok(purged)
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        route: &str,
        body: &impl Serialize,
    ) -> Result<T, Failure> {
        let url = format!("http://{}{route}", self.endpoint.address);
        let body = serde_json::to_vec(body).map_err(Failure::machine)?;
        let response = self
            .client
            .request(method, url)
            .bearer_auth(&self.endpoint.token)
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
            |refused: Refused| refused.error,
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
