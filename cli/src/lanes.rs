//! `capi lanes`: what each lane does, and ending the wait of one.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use capi_server::admin::{LaneStatus, SetAside, State};
use capi_transport::{LaneKey, remedy_of};
use clap::{Args, Subcommand};

use crate::args::ConfigArg;
use crate::code;
use crate::exit::Failure;
use crate::operator;
use crate::output::{Table, json_line, printable, time};

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
    /// Has a parked or throttled destination ask Meta immediately, instead of when its wait is
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
    let waits = |lane: &LaneStatus| matches!(lane.state, State::Parked | State::Throttled);
    if lanes
        .iter()
        .any(|lane| lane.destination == name && waits(lane))
    {
        status!(
            "{name:?} asks Meta now, with the token that the server has had since it started; \
             for another one start it again. `capi lanes` shows how it went."
        );
    } else if lanes
        .iter()
        .any(|lane| lane.destination == name && !lane.set_aside.is_empty())
    {
        status!("What was set aside of {name:?} is sent again. `capi lanes` shows how it went.");
    } else {
        status!(
            "No lane of {name:?} is parked or throttled and nothing is set aside, so there is nothing to resume."
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn show(config: &Path, json: bool) -> Result<ExitCode, Failure> {
    let (lanes, conditions) = operator::with(config, async |operator| {
        Ok((operator.lanes().await?, operator.conditions().await?))
    })?;
    for condition in &conditions {
        status!("{}", printable(condition));
    }
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
    for lane in lanes.iter().filter(|lane| lane.state == State::Parked) {
        let remedy = lane.code.and_then(|code| remedy_of(code, lane.subcode));
        if let Some(remedy) = remedy {
            status!("{} is parked. {remedy}", printable(&lane.destination));
        }
    }
    for lane in &lanes {
        for group in &lane.set_aside {
            writeln!(out, "{}", set_aside(lane, group))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A group that waits, in a sentence.
fn set_aside(lane: &LaneStatus, group: &SetAside) -> String {
    let name = LaneKey::new(&lane.destination, lane.test_event_code.as_deref()).to_string();
    let SetAside {
        action,
        event_name,
        source,
        code,
        rows,
        since,
    } = group;
    let of = |what: &str, value: &Option<String>| {
        let value = value.as_deref().map(printable);
        value.map_or_else(String::new, |value| format!(" {what} {value}"))
    };
    format!(
        "{} has set aside {rows} {}{}{} since {}: Meta refuses them{}. The others pass; once \
         it is fixed, `capi lanes resume {}` sends these again.",
        printable(&name),
        printable(event_name),
        of("of the action", action),
        of("from", source),
        time(*since),
        code.map_or_else(String::new, |code| format!(" with code {code}")),
        printable(&lane.destination),
    )
}

fn row(lane: &LaneStatus) -> [String; 6] {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_aside_is_told_with_what_helps() {
        let group = SetAside {
            action: Some("add-to-cart".into()),
            event_name: "AddToCart".into(),
            source: Some("website".into()),
            code: Some(100),
            rows: 12_000,
            since: 1_795_500_000_000,
        };
        let json = serde_json::json!({
            "destination": "meta", "queued": 12_400, "state": "active", "set_aside": [group],
        });
        let lane: LaneStatus = serde_json::from_value(json).unwrap();
        assert_eq!(
            set_aside(&lane, &group),
            "meta has set aside 12000 AddToCart of the action add-to-cart from website since \
             2026-11-24T06:00:00Z: Meta refuses them with code 100. The others pass; once it is \
             fixed, `capi lanes resume meta` sends these again."
        );
        let unknown = SetAside {
            action: None,
            source: None,
            code: None,
            event_name: "a\u{1b}[31m".into(),
            ..group
        };
        assert!(set_aside(&lane, &unknown).starts_with(
            "meta has set aside 12000 a\\u001b[31m since 2026-11-24T06:00:00Z: Meta refuses them. "
        ));
    }
}
