//! Requests to the Graph side: path, method, body, token, verdict, answer.

use std::time::{SystemTime, UNIX_EPOCH};

use axum::body::{Body, Bytes};
use axum::extract::connect_info::ConnectInfo;
use axum::extract::{self, FromRequest, Request};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use crate::answer;
use crate::api_error::ApiError;
use crate::body::{self, Params};
use crate::faults::{Act, Answer};
use crate::ledger::Taken;
use crate::rules::{self, Context, Item};
use crate::sandbox::{Options, Sandbox, State};
use crate::serve::Scissors;
use crate::token;
use crate::version;

/// Everything outside `/_sandbox`.
pub(crate) async fn handle(
    extract::State(sandbox): extract::State<Sandbox>,
    request: Request,
) -> Response {
    let scissors = request.extensions().get::<ConnectInfo<Scissors>>().cloned();
    let dataset = match endpoint(request.method(), request.uri(), now()) {
        Ok(dataset) => dataset.to_owned(),
        Err(refusal) => return refuse(&sandbox, &refusal),
    };
    let (parts, body) = request.into_parts();
    let (headers, uri) = (parts.headers.clone(), parts.uri.clone());
    // The extractor keeps to the router's size limit, which rides in `parts`.
    let body = match Bytes::from_request(Request::from_parts(parts, body), &()).await {
        Ok(body) => body,
        Err(rejection) => {
            let message = format!("(#100) {}", rejection.body_text());
            let refusal = ApiError::graph(rejection.status(), 100, message);
            return match refusal.status {
                StatusCode::PAYLOAD_TOO_LARGE => refuse(&sandbox, &refusal),
                // The client broke off: nothing arrived, nobody is listening.
                _ => answer::refusal(&refusal),
            };
        }
    };
    let arrival = Arrival::read(&sandbox, dataset, &headers, &uri, &body).await;
    match arrival.settle(sandbox).await {
        Outcome::Answer(response) => response,
        Outcome::Cut => cut(scissors.as_ref()),
    }
}

/// Drops the connection without a byte. Without a connection of ours, as
/// under a bare router, a body that fails is the nearest thing.
fn cut(scissors: Option<&ConnectInfo<Scissors>>) -> Response {
    if let Some(ConnectInfo(scissors)) = scissors {
        scissors.cut();
    }
    let failure = std::io::Error::other("cut by a fault rule");
    Body::from_stream(stream::once(async { Err::<Bytes, _>(failure) })).into_response()
}

/// The dataset of `POST /{version}/{dataset}/events`, at `now`.
fn endpoint<'a>(method: &Method, uri: &'a Uri, now: i64) -> Result<&'a str, ApiError> {
    let segments: Vec<&str> = uri.path().trim_matches('/').split('/').collect();
    let version = segments.first().and_then(|first| version::major(first));
    match (version, segments.as_slice()) {
        (Some(version), [_, dataset, "events"]) if !dataset.is_empty() => {
            version::check(version, now)?;
            if method == Method::POST {
                return Ok(dataset);
            }
            Err(ApiError::unsupported(
                &method.as_str().to_ascii_lowercase(),
                dataset,
            ))
        }
        _ => Err(ApiError::unknown_path(uri.path())),
    }
}

fn refuse(sandbox: &Sandbox, refusal: &ApiError) -> Response {
    let mut state = sandbox.state();
    state.ledger.arrive();
    state.ledger.refuse();
    answer::refusal(refusal)
}

/// A request read to its end and judged, not yet counted.
struct Arrival {
    dataset: String,
    /// The events as far as they could be read, for fault rules to match.
    items: Vec<Item>,
    verdict: Result<Vec<Taken>, ApiError>,
}

enum Outcome {
    Answer(Response),
    Cut,
}

impl Arrival {
    async fn read(
        sandbox: &Sandbox,
        dataset: String,
        headers: &HeaderMap,
        uri: &Uri,
        body: &Bytes,
    ) -> Self {
        let (params, unreadable) = match body::read(headers, body).await {
            Ok(params) => (params, None),
            Err(refusal) => (Params::default(), Some(refusal)),
        };
        let (items, no_items) = match rules::items(params.json("data")) {
            Ok(items) => (items, None),
            Err(refusal) => (Vec::new(), Some(refusal)),
        };
        let token = token::find(headers, uri.query(), &params);
        let judge = || {
            // The token may be in the part that could not be read.
            if let (None, Some(refusal)) = (&token, &unreadable) {
                return Err(refusal.clone());
            }
            check_caller(sandbox.options(), &dataset, token.as_deref())?;
            if let Some(refusal) = unreadable.or(no_items) {
                return Err(refusal);
            }
            rules::check_params(&params)?;
            rules::check(
                &items,
                Context {
                    now: now(),
                    lenient: sandbox.options().lenient,
                },
            )
        };
        let verdict = judge();
        Self {
            dataset,
            items,
            verdict,
        }
    }

    /// Counts the request and makes its answer.
    async fn settle(self, sandbox: Sandbox) -> Outcome {
        let Self {
            dataset,
            items,
            verdict,
        } = self;
        let (request, fault) = {
            let mut state = sandbox.state();
            let request = state.ledger.arrive();
            match state.faults.pick(&dataset, &items) {
                Some(fault) => (request, fault),
                // Under the same lock, so that the ledger is in the order of
                // the requests' numbers.
                None => return Outcome::Answer(state.settle(request, &dataset, verdict)),
            }
        };
        let received = items.len();
        drop(items);
        let Answer { delay, act } = fault;
        let act = move || match act {
            Act::Usual => Outcome::Answer(sandbox.state().settle(request, &dataset, verdict)),
            Act::CutBefore => Outcome::Cut,
            Act::CutAfter => {
                drop(sandbox.state().settle(request, &dataset, verdict));
                Outcome::Cut
            }
            Act::Reply(reply) => {
                sandbox.state().ledger.refuse();
                Outcome::Answer(reply.response(received))
            }
        };
        if delay.is_zero() {
            return act();
        }
        // A task of its own: the events count whether or not the client, whose
        // leaving drops this future, is still there.
        let task = tokio::spawn(async move {
            tokio::time::sleep(delay).await;
            act()
        });
        task.await.unwrap_or(Outcome::Cut)
    }
}

impl State {
    /// Counts a judged request and makes the answer Meta would.
    fn settle(
        &mut self,
        request: u64,
        dataset: &str,
        verdict: Result<Vec<Taken>, ApiError>,
    ) -> Response {
        match verdict {
            Ok(events) => {
                let received = events.len();
                self.ledger.accept(request, dataset, events);
                answer::success(StatusCode::OK, received)
            }
            Err(refusal) => {
                self.ledger.refuse();
                answer::refusal(&refusal)
            }
        }
    }
}

fn check_caller(options: &Options, dataset: &str, token: Option<&str>) -> Result<(), ApiError> {
    let unauthorized = |message| Err(ApiError::graph(StatusCode::UNAUTHORIZED, 190, message));
    match (token, &options.token) {
        (None, _) => return unauthorized("An access token is required to request this resource."),
        (Some(token), Some(live)) if token != live => {
            return unauthorized("Invalid OAuth access token - Cannot parse access token");
        }
        _ => {}
    }
    match &options.datasets {
        Some(datasets) if !datasets.iter().any(|known| known == dataset) => {
            Err(ApiError::unsupported("post", dataset))
        }
        _ => Ok(()),
    }
}

/// Unix seconds. A clock before 1970 makes every event one of the future.
fn now() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
