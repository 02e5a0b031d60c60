//! Measures the whole way: a generator, `capi-server` and `capi sandbox`, each
//! a process of this machine.
//!
//! Run with:
//! `cargo build --release && cargo run --release -p capi-bench --bin whole-way`

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use clap::Parser;
use serde_json::Value;

const ORDER: &str = include_str!("../order.json");
const WRITE_KEY: &str = "bench-write-key";

/// Sends orders through a real server to a real sandbox and measures.
#[derive(Parser)]
struct Arguments {
    /// How many events.
    #[arg(long, default_value_t = 200_000)]
    events: usize,
    /// How many events a request carries.
    #[arg(long, default_value_t = 100)]
    batch: usize,
    /// How many connections send at once.
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// How long each answer of the Graph endpoint takes, in milliseconds.
    #[arg(long, default_value_t = 0)]
    delay_ms: u64,
    /// Where the built binaries are.
    #[arg(long, default_value = "target/release")]
    binaries: PathBuf,
    /// Leaves the temporary folder with the queue.
    #[arg(long)]
    keep: bool,
}

/// A child process that ends with us, and the address that it said.
struct Running {
    child: Child,
    address: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        // Ending a process that has ended is no news.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let folder = std::env::temp_dir().join(format!("capi-whole-way-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let outcome = measure(&arguments, &folder);
    if !arguments.keep {
        std::fs::remove_dir_all(&folder).context("the temporary folder stays")?;
    }
    outcome
}

fn measure(arguments: &Arguments, folder: &Path) -> Result<()> {
    let sandbox = start(
        Command::new(arguments.binaries.join("capi")).args(["sandbox", "--listen", "127.0.0.1:0"]),
        "http://",
    )?;
    if arguments.delay_ms > 0 {
        let fault = format!(r#"[{{"answer":{{"delay_ms":{}}}}}]"#, arguments.delay_ms);
        request(&sandbox.address, "PUT", "/_sandbox/faults", &fault)?;
    }
    let config = folder.join("capi.toml");
    std::fs::write(
        &config,
        format!(
            "[server]\ndata_dir = '{}'\n[[source]]\nname = \"bench\"\nwrite_key = \"{WRITE_KEY}\"\n[[destination]]\nname = \"meta\"\ndataset_id = \"1234567890\"\naccess_token = \"token\"\ngraph_url = \"http://{}\"\n",
            folder.join("data").display(),
            sandbox.address
        ),
    )?;
    let server = start(
        Command::new(arguments.binaries.join("capi-server"))
            .arg("--config")
            .arg(&config)
            .args(["--listen", "127.0.0.1:0"]),
        "address=",
    )?;

    let started = Instant::now();
    let latencies = send(arguments, &server.address)?;
    let acknowledged = started.elapsed();
    let mut delivered = 0;
    while delivered < arguments.events as u64 {
        ensure!(
            started.elapsed() < Duration::from_secs(600),
            "{delivered} events arrived in ten minutes"
        );
        std::thread::sleep(Duration::from_millis(20));
        let stats: Value =
            serde_json::from_str(&request(&sandbox.address, "GET", "/_sandbox/stats", "")?)?;
        delivered = stats["events_received"].as_u64().context("no count")?;
    }
    let arrived = started.elapsed();
    let stats = request(&sandbox.address, "GET", "/_sandbox/stats", "")?;
    let rate = |elapsed: Duration| arguments.events as f64 / elapsed.as_secs_f64();
    println!("events                    {}", arguments.events);
    println!(
        "acknowledged              {:.0} events/s",
        rate(acknowledged)
    );
    println!("delivered                 {:.0} events/s", rate(arrived));
    println!(
        "answer to a batch of {:<4} p50 {:.1} ms, p99 {:.1} ms",
        arguments.batch,
        at(&latencies, 50),
        at(&latencies, 99)
    );
    println!(
        "server memory, highest    {} MB",
        peak_memory(server.child.id())?
    );
    println!("sandbox                   {}", stats.trim());
    Ok(())
}

fn at(latencies: &[Duration], percent: usize) -> f64 {
    let index = (latencies.len() * percent / 100).min(latencies.len().saturating_sub(1));
    latencies
        .get(index)
        .map_or(0.0, |latency| latency.as_secs_f64() * 1000.0)
}

/// Sends everything; the times that the answers took come back, in order.
fn send(arguments: &Arguments, address: &str) -> Result<Vec<Duration>> {
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
                let first = next.fetch_add(arguments.batch, Ordering::Relaxed);
                if first >= arguments.events {
                    return Ok(());
                }
                let last = (first + arguments.batch).min(arguments.events);
                let mut body = String::from("{\"batch\":[");
                for number in first..last {
                    let comma = if number > first { "," } else { "" };
                    body.push_str(&format!("{comma}{head}bench-{number}{tail}"));
                }
                body.push_str(&format!("],\"writeKey\":\"{WRITE_KEY}\"}}"));
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
        let senders: Vec<_> = (0..arguments.connections)
            .map(|_| scope.spawn(sender))
            .collect();
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
fn start(command: &mut Command, mark: &str) -> Result<Running> {
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

fn request(address: &str, method: &str, path: &str, body: &str) -> Result<String> {
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

/// The most memory that a process held, in MB.
fn peak_memory(process: u32) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .context("no VmHWM")?;
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").trim().parse()?;
    Ok(kilobytes / 1024)
}
