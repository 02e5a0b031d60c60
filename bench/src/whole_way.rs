//! Measures the whole way: a generator, `capi-server` and `capi sandbox`, each
//! a process of this machine.
//!
//! Run with:
//! `cargo build --release && cargo run --release -p capi-bench --bin whole-way`

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use capi_bench::{Load, at, memory, received, request, send, start};
use clap::Parser;

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
    /// How many connections send in parallel.
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
    let load = Load {
        write_key: WRITE_KEY,
        prefix: "bench-",
        events: arguments.events,
        batch: arguments.batch,
        connections: arguments.connections,
    };
    let latencies = send(load, &server.address)?;
    let acknowledged = started.elapsed();
    let mut delivered = 0;
    while delivered < arguments.events as u64 {
        ensure!(
            started.elapsed() < Duration::from_secs(600),
            "{delivered} events arrived in ten minutes"
        );
        std::thread::sleep(Duration::from_millis(20));
        delivered = received(&sandbox)?;
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
        memory(server.child.id(), "VmHWM")?
    );
    println!("sandbox                   {}", stats.trim());
    Ok(())
}
