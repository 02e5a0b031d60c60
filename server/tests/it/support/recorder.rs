//! A stand-in for Meta that keeps requests as they came, for what the sandbox
//! does not show: the request line, the headers, what is there beside `data`.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

use super::http::split_head;
use super::poll;

/// A request that came whole.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    pub(crate) head: String,
    pub(crate) body: Value,
}

/// Its threads end with the connections, which end with the server under test.
pub(crate) struct Recorder {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<Recorded>>>,
    pause: Arc<Mutex<Option<Duration>>>,
}

impl Recorder {
    pub(crate) fn start() -> Self {
        Self::with(Some(Duration::ZERO))
    }

    /// One that answers nothing until [`Self::answer_after`].
    pub(crate) fn silent() -> Self {
        Self::with(None)
    }

    /// Answers each request after `pause` from now on.
    pub(crate) fn answer_after(&self, pause: Duration) {
        *self.pause.lock().unwrap() = Some(pause);
    }

    /// The id of each event of each request so far.
    pub(crate) fn ids(&self) -> Vec<String> {
        let requests = self.requests.lock().unwrap();
        let events = requests
            .iter()
            .filter_map(|request| request.body["data"].as_array());
        events
            .flatten()
            .filter_map(|event| event["event_id"].as_str().map(str::to_owned))
            .collect()
    }

    fn with(pause: Option<Duration>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let into = Arc::clone(&requests);
        let pause = Arc::new(Mutex::new(pause));
        let answers = Arc::clone(&pause);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (into, answers) = (Arc::clone(&into), Arc::clone(&answers));
                std::thread::spawn(move || record(stream, &into, &answers));
            }
        });
        Self {
            url,
            requests,
            pause,
        }
    }

    /// The requests, as soon as there are `count` of them.
    pub(crate) fn wait_for(&self, count: usize) -> Vec<Recorded> {
        poll::until(&format!("{count} recorded requests"), || {
            let requests = self.requests.lock().unwrap();
            (requests.len() >= count).then(|| requests.clone())
        })
    }
}

/// Takes every event of every request on a connection.
fn record(mut stream: TcpStream, into: &Mutex<Vec<Recorded>>, pause: &Mutex<Option<Duration>>) {
    let mut bytes = Vec::new();
    let mut chunk = [0; 16 * 1024];
    loop {
        if let Some((recorded, length)) = whole(&bytes) {
            let events = recorded.body["data"].as_array().map_or(0, Vec::len);
            let body =
                format!(r#"{{"events_received":{events},"messages":[],"fbtrace_id":"recorder"}}"#);
            into.lock().unwrap().push(recorded);
            std::thread::sleep(poll::until("the word to answer", || *pause.lock().unwrap()));
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
            let answer = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
            if stream.write_all(answer.as_bytes()).is_err() {
                return;
            }
            bytes.drain(..length);
        }
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return,
            Ok(read) => bytes.extend_from_slice(&chunk[..read]),
        }
    }
}

/// The first request in `bytes`, and its length.
fn whole(bytes: &[u8]) -> Option<(Recorded, usize)> {
    let (head, rest) = split_head(bytes)?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>().unwrap())
    })?;
    let body = serde_json::from_slice(rest.get(..length)?).unwrap();
    let whole = bytes.len() - rest.len() + length;
    Some((Recorded { head, body }, whole))
}
