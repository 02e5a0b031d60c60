//! `capi lanes`: what each lane does, and ending the wait of one.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use capi_server::admin::{Lane, State};
use capi_transport::LaneKey;
use clap::{Args, Subcommand};

use crate::args::ConfigArg;
use crate::code;
use crate::exit::Failure;
use crate::operator;
use crate::output::{Table, json_line, time};

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Lanes {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    config: Option<ConfigArg>,
    /// As JSON, for scripts: one object a line.
    #[arg(long)]
    json: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Has a parked or throttled destination ask Meta at once, instead of when its wait is
    /// over. It asks with the token that the server began with.
    Resume {
        /// The destination.
        name: String,
        #[command(flatten)]
        config: ConfigArg,
    },
}

impl Lanes {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        match (self.command, self.config) {
            (Some(Command::Resume { name, config }), _) => resume(&name, &config.path),
            (None, config) => show(&config.unwrap_or_default().path, self.json),
        }
    }
}

fn resume(name: &str, config: &Path) -> Result<ExitCode, Failure> {
    let lanes = operator::with(config, async |operator| {
        let before = operator.lanes().await?;
        operator.resume(name).await?;
        Ok(before)
    })?;
    let waits = |lane: &Lane| matches!(lane.state, State::Parked | State::Throttled);
    if lanes
        .iter()
        .any(|lane| lane.destination == name && waits(lane))
    {
        talk!(
            "{name:?} asks Meta now, with the token that the server has had since it started; \
             for another one start it again. `capi lanes` shows how it went."
        );
    } else {
        talk!("No lane of {name:?} is parked or throttled, so there is nothing to resume.");
    }
    Ok(ExitCode::SUCCESS)
}

fn show(config: &Path, json: bool) -> Result<ExitCode, Failure> {
    let lanes = operator::with(config, async |operator| operator.lanes().await)?;
    let mut out = io::stdout().lock();
    if json {
        for lane in &lanes {
            json_line(&mut out, lane)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let mut table = Table::new(["Lane", "State", "Queued", "Waits until", "Used", "Why"]);
    for lane in &lanes {
        table.row(row(lane));
    }
    writeln!(out, "{table}")?;
    Ok(ExitCode::SUCCESS)
}

fn row(lane: &Lane) -> [String; 6] {
    let name = LaneKey::new(&lane.destination, lane.test_event_code.as_deref()).to_string();
    [
        name,
        lane.state.name().to_owned(),
        lane.queued.to_string(),
        lane.until_ms.map(time).unwrap_or_default(),
        lane.used_percent
            .map(|percent| format!("{percent} %"))
            .unwrap_or_default(),
        code::with_words(lane.code, lane.subcode, lane.message.as_deref()),
    ]
}
