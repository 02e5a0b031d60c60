//! The client side: a small tower stack over one HTTP client.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, Url, redirect};
use secrecy::{ExposeSecret, SecretString};
use tower::limit::ConcurrencyLimit;
use tower::timeout::Timeout;
use tower::util::BoxCloneSyncService;
use tower::{BoxError, Service, ServiceBuilder, ServiceExt};

use super::{Answer, Outcome};
use crate::{Destination, install_tls};

/// An answer is some hundred bytes; whatever is longer than this is a page
/// that nobody asked for, and is cut.
const ANSWER_LIMIT: usize = 64 * 1024;

/// Why a destination cannot be spoken to at all.
#[derive(Debug, thiserror::Error)]
pub enum GraphError {
    /// The URL cannot be used.
    #[error("graph url of destination {destination} is not an http or https url: {reason}")]
    Url {
        /// The destination's name.
        destination: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The token cannot be put into a header.
    #[error(
        "access token of destination {destination} holds characters that no token has; \
         paste it again without line breaks"
    )]
    Token {
        /// The destination's name.
        destination: String,
    },
    /// The HTTP client cannot be built, for want of root certificates usually.
    #[error("http client cannot be set up (are the system's root certificates installed?): {0}")]
    Client(#[source] reqwest::Error),
}

/// The HTTP client that all destinations share, so that they share
/// connections.
///
/// # Errors
///
/// When the system's certificates cannot be loaded.
pub fn http_client() -> Result<Client, GraphError> {
    install_tls();
    Client::builder()
        // The token must not follow a redirect anywhere.
        .redirect(redirect::Policy::none())
        .connect_timeout(Duration::from_secs(5))
        .pool_idle_timeout(Duration::from_secs(60))
        .tcp_nodelay(true)
        .user_agent(concat!("capi/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(GraphError::Client)
}

/// `POST …/events` of one destination. Clones share the limit of requests in
/// flight.
#[derive(Clone)]
pub struct Graph {
    stack: BoxCloneSyncService<Bytes, Answer, BoxError>,
    token: SecretString,
}

impl fmt::Debug for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Graph").finish_non_exhaustive()
    }
}

impl Graph {
    /// Prepares everything that does not change between requests.
    ///
    /// # Errors
    ///
    /// When the destination's URL or token cannot be used.
    pub fn new(client: Client, destination: &Destination) -> Result<Self, GraphError> {
        let post = Post {
            client,
            url: events_url(destination)?,
            authorization: authorization(destination)?,
        };
        let service = stack(post, destination.max_in_flight.max(1), destination.timeout);
        Ok(Self {
            stack: BoxCloneSyncService::new(service),
            token: destination.access_token.clone(),
        })
    }

    /// Sends one batch and says what became of it.
    pub async fn send(&self, body: Bytes) -> Outcome {
        match self.stack.clone().oneshot(body).await {
            Ok(mut answer) => {
                self.redact(&mut answer);
                Outcome::Answered(answer)
            }
            Err(error) => without_answer(&error),
        }
    }

    /// Meta repeats a malformed token in its message.
    fn redact(&self, answer: &mut Answer) {
        let token = self.token.expose_secret();
        if token.is_empty() {
            return;
        }
        for text in answer.reply.texts_mut() {
            if text.contains(token) {
                *text = text.replace(token, "[access token]");
            }
        }
    }
}

/// The whole client stack, outermost layer first.
fn stack(
    post: Post,
    max_in_flight: usize,
    timeout: Duration,
) -> ConcurrencyLimit<Timeout<impl Service<Bytes, Response = Answer, Error = BoxError, Future: Send> + Clone>>
{
    ServiceBuilder::new()
        // Outside the timeout: waiting for a turn is not Meta's slowness, and a
        // request that never left must not count as one that may have arrived.
        .concurrency_limit(max_in_flight)
        // Around connecting, sending and reading the answer to its end.
        .timeout(timeout)
        .service_fn(move |body| post.clone().send(body))
}

/// One request, without any policy.
#[derive(Clone)]
struct Post {
    client: Client,
    url: Url,
    authorization: HeaderValue,
}

impl Post {
    async fn send(self, body: Bytes) -> Result<Answer, BoxError> {
        let mut response = self
            .client
            .post(self.url)
            .header(AUTHORIZATION, self.authorization)
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .body(body)
            .send()
            .await?;
        let mut text = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            let room = ANSWER_LIMIT.saturating_sub(text.len());
            text.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if text.len() == ANSWER_LIMIT {
                break;
            }
        }
        Ok(Answer::read(response.status().as_u16(), response.headers(), &text))
    }
}

fn events_url(destination: &Destination) -> Result<Url, GraphError> {
    let wrong = |reason: String| GraphError::Url { destination: destination.name.clone(), reason };
    let mut url = Url::parse(&destination.graph_url).map_err(|error| wrong(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong(format!("its scheme is {}", url.scheme())));
    }
    url.path_segments_mut()
        .map_err(|()| wrong("it cannot have a path".to_owned()))?
        .pop_if_empty()
        .extend([&*destination.api_version, &*destination.dataset_id, "events"]);
    Ok(url)
}

fn authorization(destination: &Destination) -> Result<HeaderValue, GraphError> {
    let bearer = format!("Bearer {}", destination.access_token.expose_secret());
    let mut header = HeaderValue::try_from(bearer)
        .map_err(|_| GraphError::Token { destination: destination.name.clone() })?;
    // Keeps it out of debug output and of HTTP/2's header tables.
    header.set_sensitive(true);
    Ok(header)
}

fn without_answer(error: &BoxError) -> Outcome {
    if error.is::<tower::timeout::error::Elapsed>() {
        return Outcome::Lost("no answer in time".to_owned());
    }
    let Some(error) = error.downcast_ref::<reqwest::Error>() else {
        return Outcome::Lost(error.to_string());
    };
    let text = causes(error);
    if error.is_connect() || error.is_builder() {
        Outcome::NotSent(text)
    } else {
        Outcome::Lost(text)
    }
}

/// The causes without the first line, which only repeats the URL.
fn causes(error: &reqwest::Error) -> String {
    let mut text = String::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&error.to_string());
        cause = error.source();
    }
    if text.is_empty() { "the request failed".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn destination(graph_url: &str, token: &str) -> Destination {
        let mut destination = Destination::new("shop", "12/3", token.to_owned().into());
        destination.graph_url = graph_url.to_owned();
        destination
    }

    #[test]
    fn the_url_holds_version_and_dataset_and_nothing_else() {
        let url = |base| events_url(&destination(base, "t")).map(String::from);
        assert_eq!(url("http://[::1]:90/").unwrap(), "http://[::1]:90/v25.0/12%2F3/events");
        assert_eq!(url("https://a.test/graph").unwrap(), "https://a.test/graph/v25.0/12%2F3/events");
        assert!(url("ftp://a.test").is_err());
        assert!(url("graph.facebook.com").is_err());
    }

    #[test]
    fn a_token_shows_nowhere() {
        let destination = destination("https://a.test", "EAAB-secret");
        let shown = format!("{destination:?} {:?}", authorization(&destination).unwrap());
        assert!(!shown.contains("EAAB"), "{shown}");
        let broken = tests::destination("https://a.test", "EAAB\nsecret");
        let error = authorization(&broken).unwrap_err().to_string();
        assert!(!error.contains("EAAB") && error.contains("shop"), "{error}");
    }
}
