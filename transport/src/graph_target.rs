//! Where a destination's conversions go.

use std::time::Duration;

use secrecy::SecretString;

/// Where a destination's conversions go: one of Meta's datasets with the token that may
/// write to it, and how to send. What events meet before they are queued is
/// [`capi_core::destination::Destination`].
///
/// Its [`name`](Self::name) is what queued conversions refer to: a queued
/// conversion goes to the dataset that its destination names when it is sent,
/// so that correcting a mistyped dataset id lets the conversions through that
/// wait for it.
#[derive(Clone, Debug)]
pub struct GraphTarget {
    /// The destination's name in the configuration.
    pub name: String,
    /// Meta's dataset (or pixel) id.
    pub dataset_id: String,
    /// The token. It travels in the `Authorization` header only.
    pub access_token: SecretString,
    /// The Graph API's version, such as `v26.0`.
    pub api_version: String,
    /// Where the Graph API is, without a version. `http://` is allowed, for a
    /// sandbox.
    pub graph_url: String,
    /// How long the oldest waiting conversion waits for company before a batch
    /// that is not full is sent. Zero sends immediately.
    pub linger: Duration,
    /// How long a request may take. Meta recommends 1.5 s for callers that
    /// wait for the answer; nobody waits for ours, and a request that is given
    /// up early may have to be sent twice.
    pub timeout: Duration,
    /// How many requests may be in flight, over all of its lanes.
    pub max_in_flight: usize,
    /// How many events a request carries at most, 1 to 1000.
    ///
    /// Source: Meta, Using the API, "Batch requests".
    pub batch_size: usize,
}

impl GraphTarget {
    /// As many events as Meta takes in one request.
    ///
    /// Source: Meta, Using the API, "Batch requests".
    pub const MAX_BATCH_SIZE: usize = 1000;

    /// A target without a linger and with the usual limits, for tests.
    #[cfg(test)]
    pub(crate) fn of_test(name: &str, dataset_id: &str, token: &str, graph_url: &str) -> Self {
        Self {
            name: name.to_owned(),
            dataset_id: dataset_id.to_owned(),
            access_token: token.to_owned().into(),
            api_version: "v26.0".to_owned(),
            graph_url: graph_url.to_owned(),
            linger: Duration::ZERO,
            timeout: Duration::from_secs(30),
            max_in_flight: 8,
            batch_size: Self::MAX_BATCH_SIZE,
        }
    }
}
