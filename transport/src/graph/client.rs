//! The client side: a small tower stack over one HTTP client.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use capi_core::without_personal_data;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Body, Client, Url, redirect};
use secrecy::{ExposeSecret, SecretString};
use tower::limit::ConcurrencyLimit;
use tower::timeout::Timeout;
use tower::util::BoxCloneSyncService;
use tower::{BoxError, Service, ServiceBuilder, ServiceExt};

use super::version_warning::VersionWarning;
use super::{Answer, Departure, Outcome};
use crate::{GraphTarget, install_tls};

/// An answer is some hundred bytes; whatever is longer than this is a page
/// that nobody asked for, and is cut.
const ANSWER_LIMIT: usize = 64 * 1024;

/// What is shorter than this is not a token, but a placeholder.
const SHORTEST_TOKEN: usize = 8;

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
pub(crate) fn http_client() -> Result<Client, GraphError> {
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

/// A body on its way, and who wants to know whether it has left.
type Request = (Bytes, Departure);

/// `POST …/events` of one destination. Clones share the limit of requests in
/// flight.
#[derive(Clone)]
pub(crate) struct Graph {
    stack: BoxCloneSyncService<Request, Answer, BoxError>,
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
    pub(crate) fn new(
        client: Client,
        target: &GraphTarget,
        max_in_flight: usize,
    ) -> Result<Self, GraphError> {
        let post = Post {
            client,
            url: events_url(target)?,
            authorization: authorization(target)?,
            reported: Told {
                destination: target.name.as_str().into(),
                token: target.access_token.clone(),
                version: Arc::default(),
            },
        };
        let service = stack(post, max_in_flight.max(1), target.timeout);
        Ok(Self {
            stack: BoxCloneSyncService::new(service),
            token: target.access_token.clone(),
        })
    }

    /// Sends one batch and says what became of it.
    pub(crate) async fn send(&self, body: Bytes, departure: Departure) -> Outcome {
        let request = (body, departure.clone());
        match self.stack.clone().oneshot(request).await {
            Ok(mut answer) => {
                self.redact(&mut answer);
                Outcome::Answered(answer)
            }
            Err(error) if departure.has_left() => Outcome::Lost(reason(&error)),
            Err(error) => Outcome::NotSent(reason(&error)),
        }
    }

    fn redact(&self, answer: &mut Answer) {
        for text in answer.reply.texts_mut() {
            redact(text, &self.token);
        }
    }
}

/// Takes out of a text of Meta's what is to be in no log and on no disk: a message may
/// quote what was sent, a malformed token among it. A token that is as short as a
/// word is none of Meta's, and would be cut out of the words that say so.
fn redact(text: &mut String, token: &SecretString) {
    let token = token.expose_secret();
    if token.len() >= SHORTEST_TOKEN && text.contains(token) {
        *text = text.replace(token, "[access token]");
    }
    if let Cow::Owned(rest) = without_personal_data(text) {
        *text = rest;
    }
}

/// The whole client stack, outermost layer first.
fn stack(
    post: Post,
    max_in_flight: usize,
    timeout: Duration,
) -> ConcurrencyLimit<
    Timeout<impl Service<Request, Response = Answer, Error = BoxError, Future: Send> + Clone>,
> {
    ServiceBuilder::new()
        // Outside the timeout: waiting for a turn is not Meta's slowness, and a
        // request that never left must not count as one that may have arrived.
        .concurrency_limit(max_in_flight)
        // Around connecting, sending and reading the answer to its end.
        .timeout(timeout)
        .service_fn(move |request| post.clone().send(request))
}

/// One request, without any policy.
#[derive(Clone)]
struct Post {
    client: Client,
    url: Url,
    authorization: HeaderValue,
    reported: Told,
}

/// What an answer's headers tell an operator.
#[derive(Clone)]
struct Told {
    destination: Arc<str>,
    token: SecretString,
    version: Arc<VersionWarning>,
}

impl Told {
    fn look(&self, headers: &HeaderMap) {
        let Some(mut message) = self.version.first(headers) else {
            return;
        };
        redact(&mut message, &self.token);
        tracing::warn!(
            destination = &*self.destination, %message,
            "Meta took a request as one of a later version of the Graph API: raise the \
             destination's `api_version`. This is not reported again."
        );
    }
}

impl Post {
    async fn send(self, (body, departure): Request) -> Result<Answer, BoxError> {
        let mut response = self
            .client
            .post(self.url)
            .header(AUTHORIZATION, self.authorization)
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .body(Body::wrap(departure.watch(body)))
            .send()
            .await?;
        self.reported.look(response.headers());
        let mut text = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            let room = ANSWER_LIMIT.saturating_sub(text.len());
            text.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if text.len() == ANSWER_LIMIT {
                break;
            }
        }
        Ok(Answer::read(
            response.status().as_u16(),
            response.headers(),
            &text,
        ))
    }
}

fn events_url(target: &GraphTarget) -> Result<Url, GraphError> {
    let wrong = |reason: String| GraphError::Url {
        destination: target.name.clone(),
        reason,
    };
    let mut url = Url::parse(&target.graph_url).map_err(|error| wrong(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong(format!("its scheme is {}", url.scheme())));
    }
    url.path_segments_mut()
        .map_err(|()| wrong("it cannot have a path".to_owned()))?
        .pop_if_empty()
        .extend([&*target.api_version, &*target.dataset_id, "events"]);
    Ok(url)
}

fn authorization(target: &GraphTarget) -> Result<HeaderValue, GraphError> {
    let bearer = format!("Bearer {}", target.access_token.expose_secret());
    let mut header = HeaderValue::try_from(bearer).map_err(|_| GraphError::Token {
        destination: target.name.clone(),
    })?;
    // Keeps it out of debug output and of HTTP/2's header tables.
    header.set_sensitive(true);
    Ok(header)
}

/// Why no answer came.
fn reason(error: &BoxError) -> String {
    if error.is::<tower::timeout::error::Elapsed>() {
        return "no answer in time".to_owned();
    }
    match error.downcast_ref::<reqwest::Error>() {
        Some(error) => causes(error),
        None => error.to_string(),
    }
}

/// The causes without the first line, which only names the URL.
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
    if text.is_empty() {
        "the request failed".to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::super::Reply;
    use super::*;

    /// Takes one request with the given body, answers with `answer` and hangs
    /// up. Gives the outcome and the request as it came over the wire.
    async fn send(token: &str, body: &'static [u8], answer: Option<String>) -> (Outcome, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(body) {
                assert!(stream.read_buf(&mut request).await.unwrap() > 0);
            }
            if let Some(answer) = answer {
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
            String::from_utf8(request).unwrap()
        });
        let graph = Graph::new(http_client().unwrap(), &target(&url, token), 1).unwrap();
        let outcome = graph
            .send(Bytes::from_static(body), Departure::default())
            .await;
        (outcome, server.await.unwrap())
    }

    fn http(status: &str, headers: &str, body: &str) -> Option<String> {
        let length = body.len();
        Some(format!(
            "HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\n\r\n{body}"
        ))
    }

    #[tokio::test]
    async fn the_token_is_in_one_header_and_nowhere_else() {
        let body = br#"{"data":[{}]}"#;
        let answer = http("200 OK", "", r#"{"events_received":1}"#);
        let (outcome, request) = send("EAAB-secret", body, answer).await;
        assert!(
            matches!(outcome, Outcome::Answered(Answer { status: 200, .. })),
            "{outcome:?}"
        );
        assert!(
            request.starts_with("POST /v26.0/12%2F3/events HTTP/1.1\r\n"),
            "{request}"
        );
        assert!(
            request.contains("authorization: Bearer EAAB-secret\r\n"),
            "{request}"
        );
        assert!(
            request.contains("content-type: application/json\r\n"),
            "{request}"
        );
        assert_eq!(request.matches("EAAB").count(), 1);
    }

    #[tokio::test]
    async fn a_token_and_an_address_that_meta_repeats_are_taken_out() {
        let error = r#"{"error":{"message":"Malformed access token EAAB-secret",
            "error_user_msg":"of kim@example.com for 1234567890123456","code":190}}"#;
        let answer = http("401 Unauthorized", "retry-after: 3\r\n", error);
        let (outcome, _) = send("EAAB-secret", b"{}", answer).await;
        let Outcome::Answered(answer) = outcome else {
            panic!("{outcome:?}")
        };
        assert_eq!(answer.retry_after, Some(Duration::from_secs(3)));
        let Reply::Refused(error) = answer.reply else {
            panic!()
        };
        assert_eq!(
            error.message.as_deref(),
            Some("Malformed access token [access token]")
        );
        assert_eq!(
            error.error_user_msg.as_deref(),
            Some("of for 1234567890123456")
        );
    }

    #[tokio::test]
    async fn a_placeholder_for_a_token_leaves_metas_words_as_they_are() {
        let error = r#"{"error":{"message":"Invalid parameter","code":100}}"#;
        let (outcome, _) = send("t", b"{}", http("400 Bad Request", "", error)).await;
        let Outcome::Answered(Answer {
            reply: Reply::Refused(error),
            ..
        }) = outcome
        else {
            panic!("{outcome:?}")
        };
        assert_eq!(error.message.as_deref(), Some("Invalid parameter"));
    }

    #[tokio::test]
    async fn a_request_that_left_and_got_no_whole_answer_is_lost() {
        let (outcome, _) = send("t", b"{}", None).await;
        assert!(matches!(outcome, Outcome::Lost(_)), "{outcome:?}");
        let half = http("200 OK", "", r#"{"events_received":1}"#).map(|mut answer| {
            answer.pop();
            answer
        });
        let (outcome, _) = send("t", b"{}", half).await;
        assert!(matches!(outcome, Outcome::Lost(_)), "{outcome:?}");
    }

    #[tokio::test]
    async fn a_request_without_a_connection_was_not_sent() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        let graph = Graph::new(http_client().unwrap(), &target(&url, "t"), 1).unwrap();
        let body = Bytes::from_static(b"{}");
        let outcome = graph.send(body, Departure::default()).await;
        assert!(matches!(outcome, Outcome::NotSent(_)), "{outcome:?}");
    }

    /// A server that takes connections and reads nothing: a handshake that no one answers
    /// goes on until the request's own time is over, which is shorter than the time for
    /// connecting.
    #[tokio::test]
    async fn a_connection_that_never_stood_did_not_lose_a_request() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let mut target = target(&url, "t");
        target.timeout = Duration::from_millis(50);
        let graph = Graph::new(http_client().unwrap(), &target, 1).unwrap();
        let departure = Departure::default();
        let outcome = graph
            .send(Bytes::from_static(b"{}"), departure.clone())
            .await;
        assert_eq!(outcome, Outcome::NotSent("no answer in time".into()));
        assert!(!departure.has_left());
    }

    #[tokio::test]
    async fn a_redirect_is_not_followed() {
        let answer = http(
            "307 Temporary Redirect",
            "location: http://127.0.0.1:1/\r\n",
            "",
        );
        let (outcome, _) = send("t", b"{}", answer).await;
        assert!(
            matches!(outcome, Outcome::Answered(Answer { status: 307, .. })),
            "{outcome:?}"
        );
    }

    fn target(graph_url: &str, token: &str) -> GraphTarget {
        GraphTarget::of_test("shop", "12/3", token, graph_url)
    }

    #[test]
    fn the_url_holds_version_and_dataset_and_nothing_else() {
        let url = |base| events_url(&target(base, "t")).map(String::from);
        assert_eq!(
            url("http://[::1]:90/").unwrap(),
            "http://[::1]:90/v26.0/12%2F3/events"
        );
        assert_eq!(
            url("https://a.test/graph").unwrap(),
            "https://a.test/graph/v26.0/12%2F3/events"
        );
        assert!(url("ftp://a.test").is_err());
        assert!(url("graph.facebook.com").is_err());
    }

    #[test]
    fn a_token_shows_nowhere() {
        let target = target("https://a.test", "EAAB-secret");
        let shown = format!("{target:?} {:?}", authorization(&target).unwrap());
        assert!(!shown.contains("EAAB"), "{shown}");
        let broken = tests::target("https://a.test", "EAAB\nsecret");
        let error = authorization(&broken).unwrap_err().to_string();
        assert!(!error.contains("EAAB") && error.contains("shop"), "{error}");
    }
}
