//! Asking a running server what an operator asks.

use serde_json::Value;

use super::http::{Request, Response, exchange};
use super::relay::Relay;

/// Where the running server is asked, and with which token.
pub(crate) fn endpoint(relay: &Relay) -> (std::net::SocketAddr, String) {
    let text = std::fs::read_to_string(relay.data_dir().join("admin.json")).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    let text = |key: &str| file[key].as_str().unwrap().to_owned();
    (text("address").parse().unwrap(), text("token"))
}

pub(crate) fn ask(relay: &Relay, token: &str, request: Request) -> Response {
    let (address, _) = endpoint(relay);
    let request = request.header("Authorization", &format!("Bearer {token}"));
    exchange(address, &request.bytes()).unwrap()
}

pub(crate) fn ask_with_its_token(relay: &Relay, request: Request) -> Response {
    let (_, token) = endpoint(relay);
    ask(relay, &token, request)
}
