//! Measures what a backlog costs: a destination that takes nothing, a million
//! events that wait for it, and another destination that must not notice.
//!
//! Run with:
//! `cargo build --release && cargo run --release -p capi-bench --bin backlog`

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use capi_bench::{Load, Running, at, memory, received, request, send, start};
use clap::Parser;

/// Lets events pile up behind a dead token, and measures the server meanwhile,
/// after a SIGKILL, and while it catches up.
#[derive(Parser)]
struct Arguments {
    /// How many events wait.
    #[arg(long, default_value_t = 1_000_000)]
    events: usize,
    /// Where the built binaries are.
    #[arg(long, default_value = "target/release")]
    binaries: PathBuf,
}

const TIMEOUT: Duration = Duration::from_secs(600);

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let folder = std::env::temp_dir().join(format!("capi-backlog-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let outcome = measure(&arguments, &folder);
    std::fs::remove_dir_all(&folder).context("the temporary folder stays")?;
    outcome
}

/// Where everything runs.
struct World<'w> {
    arguments: &'w Arguments,
    config: PathBuf,
    stuck: Running,
    healthy: Running,
}

impl World<'_> {
    fn serve(&self) -> Result<Running> {
        start(
            Command::new(self.arguments.binaries.join("capi-server"))
                .arg("--config")
                .arg(&self.config)
                .args(["--listen", "127.0.0.1:0"]),
            "Taking events. address=",
        )
    }

    /// How long single events take to the destination that is well, in order.
    fn passing(&self, server: &Running, prefix: &str) -> Result<Vec<Duration>> {
        let mut times = Vec::new();
        for turn in 0..50 {
            let before = received(&self.healthy)?;
            let prefix = format!("{prefix}-{turn}-");
            let load = Load {
                write_key: "live",
                prefix: &prefix,
                events: 1,
                batch: 1,
                connections: 1,
            };
            let sent = Instant::now();
            send(load, &server.address)?;
            until(|| Ok(received(&self.healthy)? > before))?;
            times.push(sent.elapsed());
        }
        times.sort();
        Ok(times)
    }
}

fn until(mut done: impl FnMut() -> Result<bool>) -> Result<Duration> {
    let begin = Instant::now();
    while !done()? {
        ensure!(begin.elapsed() < TIMEOUT, "waited too long");
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok(begin.elapsed())
}

fn measure(arguments: &Arguments, folder: &Path) -> Result<()> {
    let sandbox = || {
        start(
            Command::new(arguments.binaries.join("capi")).args([
                "sandbox",
                "--listen",
                "127.0.0.1:0",
            ]),
            "http://",
        )
    };
    let world = World {
        arguments,
        config: folder.join("capi.toml"),
        stuck: sandbox()?,
        healthy: sandbox()?,
    };
    let destination = |name: &str, source: &str, sandbox: &Running| {
        format!(
            "[[source]]\nname = \"{source}\"\nwrite_key = \"{source}\"\n[[destination]]\nname = \"{name}\"\n\
             dataset_id = \"1\"\naccess_token = \"token\"\ngraph_url = \"http://{}\"\n\
             sources = [\"{source}\"]\nlinger_ms = 5\n",
            sandbox.address
        )
    };
    std::fs::write(
        &world.config,
        format!(
            "[server]\ndata_dir = \"data\"\n{}{}",
            destination("stuck", "bulk", &world.stuck),
            destination("healthy", "live", &world.healthy),
        ),
    )?;
    let dead = r#"[{"answer":{"status":401,"code":190}}]"#;
    request(&world.stuck.address, "PUT", "/_sandbox/faults", dead)?;

    let server = world.serve()?;
    let passing = world.passing(&server, "empty")?;
    println!("queued                    0");
    println!(
        "  memory                  {} MB",
        memory(server.child.id(), "VmRSS")?
    );
    reported("  an event passes in", &passing);

    let load = Load {
        write_key: "bulk",
        prefix: "bulk-",
        events: arguments.events,
        batch: 200,
        connections: 8,
    };
    let begin = Instant::now();
    let answers = send(load, &server.address)?;
    let rate = arguments.events as f64 / begin.elapsed().as_secs_f64();
    println!("queued                    {}", arguments.events);
    println!("  acknowledged at         {rate:.0} events/s");
    reported("  answer to 200", &answers);
    println!(
        "  memory                  {} MB, at most {} MB",
        memory(server.child.id(), "VmRSS")?,
        memory(server.child.id(), "VmHWM")?
    );
    reported("  an event passes in", &world.passing(&server, "full")?);

    request(&world.stuck.address, "PUT", "/_sandbox/faults", "[]")?;
    drop(server);
    let begin = Instant::now();
    let mut server = world.serve()?;
    println!("after SIGKILL");
    println!("  takes events after      {:?}", begin.elapsed());
    until(|| Ok(received(&world.stuck)? > 0))?;
    println!("  first delivery after    {:?}", begin.elapsed());
    reported("  an event passes in", &world.passing(&server, "drain")?);
    println!(
        "  memory                  at most {} MB",
        memory(server.child.id(), "VmHWM")?
    );

    let left = arguments.events as u64 - received(&world.stuck)?;
    let begin = Instant::now();
    Command::new("kill")
        .args(["-TERM", &server.child.id().to_string()])
        .stdout(Stdio::null())
        .status()?;
    let status = server.child.wait()?;
    ensure!(status.success(), "the stop ended with {status}");
    println!("SIGTERM with {left} waiting");
    println!("  ends after              {:?}", begin.elapsed());

    let server = world.serve()?;
    let before = received(&world.stuck)?;
    let begin = Instant::now();
    until(|| Ok(received(&world.stuck)? >= arguments.events as u64))?;
    let rate = (arguments.events as u64 - before) as f64 / begin.elapsed().as_secs_f64();
    println!("  the rest arrives at     {rate:.0} events/s");
    println!(
        "  memory                  at most {} MB",
        memory(server.child.id(), "VmHWM")?
    );
    let stats = request(&world.stuck.address, "GET", "/_sandbox/stats", "")?;
    println!("sandbox                   {}", stats.trim());
    Ok(())
}

fn reported(what: &str, times: &[Duration]) {
    println!(
        "{what:<26}p50 {:.1} ms, p99 {:.1} ms",
        at(times, 50),
        at(times, 99)
    );
}
