//! Where conversions go.

use std::time::Duration;

use secrecy::SecretString;

/// One of Meta's datasets with the token that may write to it, and how to send.
///
/// Its [`name`](Self::name) is what queued conversions refer to: a queued
/// conversion goes to the dataset that its destination names when it is sent,
/// so that correcting a mistyped dataset id lets the conversions through that
/// wait for it.
#[derive(Clone, Debug)]
pub struct Destination {
    /// The name in the configuration.
    pub name: String,
    /// Meta's dataset (or pixel) id.
    pub dataset_id: String,
    /// The token. It travels in the `Authorization` header only.
    pub access_token: SecretString,
    /// The Graph API's version, such as `v25.0`.
    pub api_version: String,
    /// Where the Graph API is, without a version. `http://` is allowed, for a
    /// sandbox.
    pub graph_url: String,
    /// How long the oldest waiting conversion waits for company before a batch
    /// that is not full is sent. Zero sends at once.
    pub linger: Duration,
    /// How long a request may take. Meta recommends 1.5 s for callers that
    /// wait for the answer; nobody waits for ours, and a request that is given
    /// up early may have to be sent twice.
    pub timeout: Duration,
    /// How many requests may be under way at once, over all of its lanes.
    pub max_in_flight: usize,
    /// How many events a request carries at most, 1 to 1000.
    ///
    /// Source: Meta, Using the API, "Batch requests".
    pub batch_size: usize,
}

impl Destination {
    /// The version of the Graph API that is spoken unless told otherwise.
    pub const API_VERSION: &str = "v25.0";

    /// Meta's Graph API.
    pub const GRAPH_URL: &str = "https://graph.facebook.com";

    /// As many events as Meta takes in one request.
    ///
    /// Source: Meta, Using the API, "Batch requests".
    pub const MAX_BATCH_SIZE: usize = 1000;

    /// A destination with the defaults: linger 200 ms, timeout 30 s, 8 requests
    /// in flight, batches of 1000.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        dataset_id: impl Into<String>,
        access_token: SecretString,
    ) -> Self {
        Self {
            name: name.into(),
            dataset_id: dataset_id.into(),
            access_token,
            api_version: Self::API_VERSION.to_owned(),
            graph_url: Self::GRAPH_URL.to_owned(),
            linger: Duration::from_millis(200),
            timeout: Duration::from_secs(30),
            max_in_flight: 8,
            batch_size: Self::MAX_BATCH_SIZE,
        }
    }
}
