//! `capi queue`: what the queue holds, copies of it, and saving a damaged one.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::anyhow;
use capi_server::load::Loaded;
use capi_transport::{LaneKey, SqliteQueue};
use clap::{Args, Subcommand};

use crate::args::{ConfigArg, JsonArg};
use crate::exit::{Failure, NO};
use crate::operator;
use crate::output::{Table, json_line, time};

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Queue {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    config: Option<ConfigArg>,
    #[command(flatten)]
    json: JsonArg,
}

#[derive(Subcommand)]
enum Command {
    /// Copies the queue into a new file, also while the server runs.
    Backup {
        /// The new file.
        file: PathBuf,
        #[command(flatten)]
        config: ConfigArg,
    },
    /// Gives what is queued for a destination that the configuration does not have any more to one that it has.
    Reassign {
        /// The destination that is gone.
        #[arg(long, value_name = "OLD")]
        from: String,
        /// The one that gets its events.
        #[arg(long, value_name = "NEW")]
        to: String,
        #[command(flatten)]
        config: ConfigArg,
    },
    /// Throws away what is queued for a destination that the configuration does not have any more.
    Purge {
        /// The destination that is gone.
        #[arg(long, value_name = "OLD")]
        destination: String,
        /// Does not ask whether you mean it.
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        config: ConfigArg,
    },
    /// Saves what a damaged queue still holds into a new one; no server may run.
    Recover {
        #[command(flatten)]
        config: ConfigArg,
        #[command(flatten)]
        json: JsonArg,
    },
}

impl Queue {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        match (self.command, self.config) {
            (Some(Command::Backup { file, config }), _) => backup(&file, &config.path),
            (Some(Command::Reassign { from, to, config }), _) => reassign(&from, &to, &config.path),
            (
                Some(Command::Purge {
                    destination,
                    yes,
                    config,
                }),
                _,
            ) => purge(&destination, yes, &config.path),
            (Some(Command::Recover { config, json }), _) => recover(&config.path, json.json),
            (None, config) => show(&config.unwrap_or_default().path, self.json.json),
        }
    }
}

fn backup(file: &Path, config: &Path) -> Result<ExitCode, Failure> {
    operator::with(config, async |operator| operator.backup(file).await)?;
    status!(
        "The queue as it was at this moment is in {}.",
        file.display()
    );
    Ok(ExitCode::SUCCESS)
}

fn reassign(from: &str, to: &str, config: &Path) -> Result<ExitCode, Failure> {
    let reassigned = operator::with(config, async |operator| operator.reassign(from, to).await)?;
    let reported = serde_json::json!({"reassigned": reassigned});
    writeln!(io::stdout(), "{reported}")?;
    Ok(moved(reassigned, from))
}

fn purge(destination: &str, yes: bool, config: &Path) -> Result<ExitCode, Failure> {
    if !yes && !is_meant(destination)? {
        status!("Nothing was thrown away.");
        return Ok(ExitCode::from(NO));
    }
    let purged = operator::with(config, async |operator| {
        operator.purge_queued(destination).await
    })?;
    writeln!(io::stdout(), "{}", serde_json::json!({"purged": purged}))?;
    Ok(moved(purged, destination))
}

/// Asks who sits at the terminal.
fn is_meant(destination: &str) -> Result<bool, Failure> {
    let stdin = io::stdin();
    if !stdin.is_terminal() {
        return Err(Failure::usage(anyhow!(
            "what is thrown away is lost, and no terminal is there to ask on; say --yes if you mean it"
        )));
    }
    status!(
        "All that is queued for {destination:?} is thrown away and never sent. Type yes to go on:"
    );
    let mut answer = String::new();
    stdin.read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "yes" | "y"))
}

/// 1 where nothing was queued for the destination.
fn moved(rows: u64, of: &str) -> ExitCode {
    if rows > 0 {
        return ExitCode::SUCCESS;
    }
    status!(
        "Nothing is queued for {of:?}; `capi lanes` shows for which destinations something is."
    );
    ExitCode::from(NO)
}

/// Works on the folder and not through the queue, which a damaged file does not
/// let anybody open.
fn recover(config: &Path, json: bool) -> Result<ExitCode, Failure> {
    let usable = Loaded::read(config)?.into_usable()?;
    let recovered = SqliteQueue::recover(&usable.data_dir()).map_err(Failure::machine)?;
    let mut out = io::stdout().lock();
    if json {
        json_line(&mut out, &recovered)?;
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(
        out,
        "Saved {} queued events, {} dead letters and {} dedup entries.",
        recovered.queued, recovered.dead, recovered.marks
    )?;
    if recovered.unreadable_pages + recovered.unreadable_rows > 0 {
        writeln!(
            out,
            "{} pages and {} single rows could not be read.",
            recovered.unreadable_pages, recovered.unreadable_rows
        )?;
    }
    writeln!(
        out,
        "The file as it was is kept as {}.",
        recovered.kept_as.display()
    )?;
    Ok(ExitCode::SUCCESS)
}

fn show(config: &Path, json: bool) -> Result<ExitCode, Failure> {
    let report = operator::with(config, async |operator| operator.queue().await)?;
    let mut out = io::stdout().lock();
    if json {
        json_line(&mut out, &report)?;
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(
        out,
        "{} queued, {} dead letters, {} bytes on disk; the oldest waits since {}.",
        report.queued,
        report.dead,
        report.bytes,
        report.oldest_ms.map_or_else(|| "–".to_owned(), time)
    )?;
    if !report.lanes.is_empty() {
        let mut table = Table::new(["Lane", "Queued", "Tried before", "Oldest since"]);
        for lane in &report.lanes {
            let name = LaneKey::new(&lane.destination, lane.test_event_code.as_deref()).to_string();
            table.row([
                name,
                lane.queued.to_string(),
                lane.tried.to_string(),
                lane.oldest_ms.map(time).unwrap_or_default(),
            ]);
        }
        writeln!(out, "{table}")?;
    }
    Ok(ExitCode::SUCCESS)
}
