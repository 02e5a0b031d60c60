//! A sandbox on a port of its own, and a client that shows what is on the wire.

use std::net::SocketAddr;

use capi_sandbox::{Options, Sandbox};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A running sandbox; it ends with the test's runtime.
pub(crate) struct Server {
    pub(crate) sandbox: Sandbox,
    pub(crate) address: SocketAddr,
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Server {
    pub(crate) async fn start(options: Options) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let sandbox = Sandbox::new(options);
        tokio::spawn(sandbox.clone().serve(listener, std::future::pending()));
        Self { sandbox, address }
    }

    pub(crate) async fn strict() -> Self {
        Self::start(Options::default()).await
    }

    /// Sends a request and reads to the end; `None` if not one byte came back.
    pub(crate) async fn send(&self, head: &str, body: &[u8]) -> Option<Reply> {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        // A server that refuses early closes while the rest is being sent.
        stream.write_all(&request(head, body)).await.ok();
        let mut answer = Vec::new();
        // A cut connection may end in a reset as well as in silence.
        stream.read_to_end(&mut answer).await.ok();
        (!answer.is_empty()).then(|| Reply::parse(&answer))
    }

    /// Sends a request and leaves before the answer.
    pub(crate) async fn send_and_leave(&self, head: &str, body: &[u8]) {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(&request(head, body)).await.unwrap();
    }

    /// Posts JSON to dataset 1 with a token in the header.
    pub(crate) async fn post(&self, body: &Value) -> Reply {
        self.try_post(body).await.expect("an answer")
    }

    pub(crate) async fn try_post(&self, body: &Value) -> Option<Reply> {
        self.send(POST_JSON, body.to_string().as_bytes()).await
    }

    /// Posts one event alone.
    pub(crate) async fn post_event(&self, event: &Value) -> Reply {
        self.post(&json!({ "data": [event] })).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(&format!("GET {path} HTTP/1.1"), b"")
            .await
            .expect("an answer")
    }

    pub(crate) async fn put_faults(&self, rules: &Value) -> Reply {
        let head = "PUT /_sandbox/faults HTTP/1.1";
        self.send(head, rules.to_string().as_bytes())
            .await
            .expect("an answer")
    }

    /// Sets fault rules that must be good.
    pub(crate) async fn fault(&self, rules: Value) {
        let reply = self.put_faults(&rules).await;
        assert_eq!(reply.status, 200, "{reply:?}");
    }
}

pub(crate) const POST_JSON: &str = "POST /v26.0/1/events HTTP/1.1\r\n\
                                    Authorization: Bearer TOKEN\r\n\
                                    Content-Type: application/json";

fn request(head: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut request = format!(
        "{head}\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
    )
    .into_bytes();
    request.extend_from_slice(body);
    request
}

impl Reply {
    fn parse(answer: &[u8]) -> Self {
        let answer = String::from_utf8(answer.to_vec()).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let head = head.to_ascii_lowercase();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let chunked = head.contains("transfer-encoding: chunked");
        let body = if chunked {
            dechunk(body)
        } else {
            body.to_owned()
        };
        Self { status, head, body }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// `(status, code, subcode)` of an error; the subcode is 0 where there is none.
    pub(crate) fn error(&self) -> (u16, u64, u64) {
        let error = &self.json()["error"];
        let number = |key: &str| error[key].as_u64().unwrap_or_default();
        (self.status, number("code"), number("error_subcode"))
    }

    pub(crate) fn message(&self) -> String {
        self.json()["error"]["message"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }
}

fn dechunk(mut body: &str) -> String {
    let mut text = String::new();
    loop {
        let (size, rest) = body.split_once("\r\n").expect("a chunk size");
        let size = usize::from_str_radix(size, 16).unwrap();
        if size == 0 {
            return text;
        }
        text.push_str(&rest[..size]);
        body = rest[size..].strip_prefix("\r\n").unwrap();
    }
}
