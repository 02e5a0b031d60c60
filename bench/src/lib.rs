//! What the measurements share: real processes, and orders sent to them.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

const ORDER: &str = include_str!("../order.json");

/// A child process that ends with us, and the address that it said.
pub struct Running {
    /// The process.
    pub child: Child,
    /// `host:port`.
    pub address: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        // Ending a process that has ended is not an error.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What is sent, and how.
#[derive(Clone, Copy)]
pub struct Load<'l> {
    /// The source's write key.
    pub write_key: &'l str,
    /// What the ids of the events begin with.
    pub prefix: &'l str,
    /// How many events.
    pub events: usize,
    /// How many events a request carries.
    pub batch: usize,
    /// How many connections send in parallel.
    pub connections: usize,
}

/// A percentile of sorted times, in milliseconds.
#[must_use]
pub fn at(latencies: &[Duration], percent: usize) -> f64 {
    let index = (latencies.len() * percent / 100).min(latencies.len().saturating_sub(1));
    latencies
        .get(index)
        .map_or(0.0, |latency| latency.as_secs_f64() * 1000.0)
}

/// Sends everything; the times that the answers took come back, in order.
///
/// # Errors
///
/// The server is not there, or does not take everything.
pub fn send(load: Load<'_>, address: &str) -> Result<Vec<Duration>> {
    let now = jiff::Timestamp::now();
    let time = format!("{now:.3}");
    let order = ORDER
        .trim()
        .replace("2026-11-24T05:14:51.419Z", &time)
        .replace("2026-11-24T05:14:52.001Z", &time);
    let (head, tail) = order
        .split_once("ajs-next-55066dee896c3690b9a30372d940121b")
        .context("no id")?;
    let next = AtomicUsize::new(0);
    let latencies = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        let sender = || -> Result<()> {
            let mut stream = TcpStream::connect(address)?;
            stream.set_nodelay(true)?;
            let mut reader = BufReader::new(stream.try_clone()?);
            loop {
                let first = next.fetch_add(load.batch, Ordering::Relaxed);
                if first >= load.events {
                    return Ok(());
                }
                let last = (first + load.batch).min(load.events);
                let mut body = String::from("{\"batch\":[");
                for number in first..last {
                    let comma = if number > first { "," } else { "" };
                    body.push_str(&format!("{comma}{head}{}{number}{tail}", load.prefix));
                }
                body.push_str(&format!("],\"writeKey\":\"{}\"}}", load.write_key));
                let sent = Instant::now();
                write!(
                    stream,
                    "POST /v1/batch HTTP/1.1\r\nHost: bench\r\nContent-Length: {}\r\n\r\n{body}",
                    body.len()
                )?;
                let (status, answer) = read_answer(&mut reader)?;
                ensure!(
                    status == 200 && !answer.contains("rejected"),
                    "the server answered {status} {answer}"
                );
                latencies
                    .lock()
                    .map_err(|_| anyhow::anyhow!("a sender panicked"))?
                    .push(sent.elapsed());
            }
        };
        let senders: Vec<_> = (0..load.connections).map(|_| scope.spawn(sender)).collect();
        for sender in senders {
            match sender.join() {
                Ok(outcome) => outcome?,
                Err(_) => bail!("a sender panicked"),
            }
        }
        Ok(())
    })?;
    let mut latencies = latencies
        .into_inner()
        .map_err(|_| anyhow::anyhow!("a sender panicked"))?;
    latencies.sort();
    Ok(latencies)
}

/// Starts a process and waits until it says its address behind `mark`.
///
/// # Errors
///
/// It does not start, or ends immediately.
pub fn start(command: &mut Command, mark: &str) -> Result<Running> {
    let mut child = command
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .with_context(|| {
            format!(
                "{} does not start; build it first",
                command.get_program().display()
            )
        })?;
    let mut lines = BufReader::new(child.stderr.take().context("no stderr")?).lines();
    let address = loop {
        let Some(line) = lines.next() else {
            bail!("the process ended before it said its address")
        };
        let line = line?;
        if let Some((_, rest)) = line.split_once(mark) {
            break rest
                .chars()
                .take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ':'))
                .collect();
        }
    };
    // Its talk must be read on, or it would wait for us.
    std::thread::spawn(move || lines.map_while(std::io::Result::ok).for_each(drop));
    Ok(Running { child, address })
}

/// One request, and the body of its answer, which must be 200.
///
/// # Errors
///
/// Nobody answers, or with another status.
pub fn request(address: &str, method: &str, path: &str, body: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address)?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let (status, answer) = read_answer(&mut BufReader::new(stream))?;
    ensure!(
        status == 200,
        "{method} {path} was answered {status} {answer}"
    );
    Ok(answer)
}

/// Reads an answer with a `Content-Length`.
fn read_answer(reader: &mut impl BufRead) -> Result<(u16, String)> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let status = line
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .context("no status")?;
    let mut length = 0;
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let header = line.trim();
        if header.is_empty() {
            break;
        }
        if let Some((name, value)) = header.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok((status, String::from_utf8(body)?))
}

/// A figure of a process's memory in MB: `VmHWM` is the most it held, `VmRSS`
/// what it holds.
///
/// # Errors
///
/// No such process exists.
pub fn memory(process: u32, figure: &str) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(figure)?.strip_prefix(':'))
        .context("no such figure")?;
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").trim().parse()?;
    Ok(kilobytes / 1024)
}

/// How many events a sandbox took.
///
/// # Errors
///
/// It does not answer.
pub fn received(sandbox: &Running) -> Result<u64> {
    let stats = request(&sandbox.address, "GET", "/_sandbox/stats", "")?;
    let stats: serde_json::Value = serde_json::from_str(&stats)?;
    stats["events_received"].as_u64().context("no count")
}
