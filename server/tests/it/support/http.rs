//! As little of HTTP/1.1 as shows what is on the wire, and lets a test send
//! what no proper client would.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

/// Longer than the server waits for anything.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A request to be sent as it is.
#[derive(Clone)]
pub(crate) struct Request {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// An answer that came whole.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn new(method: &str, path: &str) -> Self {
        Self {
            method: method.into(),
            path: path.into(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// A `POST` of JSON with no key.
    pub(crate) fn post(path: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::new("POST", path)
            .header("Content-Type", "application/json")
            .body(body)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Basic authentication as Segment's clients do it.
    pub(crate) fn key(self, key: &str) -> Self {
        self.header("Authorization", &basic(key.as_bytes()))
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Compresses the body.
    pub(crate) fn gzipped(mut self) -> Self {
        self.body = gzip(&self.body);
        self.header("Content-Encoding", "gzip")
    }

    /// The request's bytes; `Content-Length` is right unless it is given.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.path);
        let given = |name: &str| {
            self.headers
                .iter()
                .any(|(n, _)| n.eq_ignore_ascii_case(name))
        };
        if !given("host") {
            head.push_str("Host: relay\r\n");
        }
        if !given("content-length") && !given("transfer-encoding") {
            head.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

impl Response {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    /// The first answer in `bytes`, and its length.
    fn parse(bytes: &[u8]) -> Option<(Self, usize)> {
        let (head, rest) = split_head(bytes)?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let mut response = Self {
            status,
            head,
            body: String::new(),
        };
        let length = response.header("content-length")?.parse().ok()?;
        response.body = String::from_utf8(rest.get(..length)?.to_vec()).ok()?;
        Some((response, bytes.len() - rest.len() + length))
    }
}

/// The head as text, and what follows it.
pub(crate) fn split_head(bytes: &[u8]) -> Option<(String, &[u8])> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    Some((
        String::from_utf8_lossy(&bytes[..end]).into_owned(),
        &bytes[end + 4..],
    ))
}

/// The value of an `Authorization` header for a user name without a password.
pub(crate) fn basic(user: &[u8]) -> String {
    format!("Basic {}", STANDARD.encode([user, b":"].concat()))
}

pub(crate) fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// Sends bytes on a connection of their own and waits for one whole answer;
/// `None` if the connection ended without one.
pub(crate) fn exchange(address: SocketAddr, bytes: &[u8]) -> Option<Response> {
    let mut stream = connect(address)?;
    // A server that refuses early closes while the rest is being sent; its
    // answer is there all the same.
    stream.write_all(bytes).ok();
    answer(&mut stream)
}

/// A connection with an end to all waiting.
pub(crate) fn connect(address: SocketAddr) -> Option<TcpStream> {
    let stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(TIMEOUT)).unwrap();
    stream.set_write_timeout(Some(TIMEOUT)).unwrap();
    Some(stream)
}

/// The next whole answer on a connection.
pub(crate) fn answer(stream: &mut TcpStream) -> Option<Response> {
    answers(stream, 1).pop()
}

/// The next whole answers on a connection, up to `count` of them.
pub(crate) fn answers(stream: &mut TcpStream, count: usize) -> Vec<Response> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 16 * 1024];
    let mut all = Vec::new();
    loop {
        while let Some((response, length)) = Response::parse(&bytes) {
            all.push(response);
            bytes.drain(..length);
        }
        if all.len() >= count {
            return all;
        }
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return all,
            Ok(read) => bytes.extend_from_slice(&chunk[..read]),
        }
    }
}
