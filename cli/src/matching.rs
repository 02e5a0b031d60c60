//! `capi match`: whether a trigger takes an event, and why.

use std::io::{self, Read as _, Write};
use std::process::ExitCode;

use anyhow::anyhow;
use capi_core::event::{Arena, Json};
use capi_core::trigger::{Clause, Trigger};

use crate::exit::{Failure, NO};
use crate::output::{beginning, printable};

/// Reads one event from stdin and prints `true` or `false`.
pub(crate) fn run(statement: &str, explain: bool) -> Result<ExitCode, Failure> {
    let trigger = Trigger::parse(statement)
        .map_err(|error| Failure::usage(anyhow!("the trigger is wrong: {error}")))?;
    let mut text = Vec::new();
    io::stdin().lock().read_to_end(&mut text)?;
    let arena = Arena::new();
    let event = Json::parse(&arena, &text)
        .map_err(|error| Failure::usage(anyhow!("the event on stdin is not JSON: {error}")))?;
    let takes = trigger.matches(event);
    let mut out = io::stdout().lock();
    writeln!(out, "{takes}")?;
    if explain {
        explained(&trigger.explain(event), 0, &mut out)?;
    }
    Ok(if takes {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(NO)
    })
}

/// A clause a line: whether the answer hangs on it, whether it holds, and what
/// the event has in the fields that it reads.
fn explained(clause: &Clause<'_>, depth: usize, out: &mut impl Write) -> io::Result<()> {
    let arrow = if clause.decides { "→" } else { " " };
    let sign = if clause.holds { "✓" } else { "✗" };
    write!(
        out,
        "{arrow} {:indent$}{sign} {}",
        "",
        clause.text,
        indent = depth * 2
    )?;
    for (index, (path, value)) in clause.reads.iter().enumerate() {
        let before = if index == 0 { "    # " } else { ", " };
        match value {
            Some(value) => write!(out, "{before}{path} is {}", shortened(*value))?,
            None => write!(out, "{before}{path} is missing")?,
        }
    }
    writeln!(out)?;
    for part in &clause.clauses {
        explained(part, depth + 1, out)?;
    }
    Ok(())
}

/// A value as JSON, of a long one the beginning.
fn shortened(value: Json<'_>) -> String {
    beginning(printable(&value.to_text()), 60)
}
