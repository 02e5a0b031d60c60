//! `capi map`: what a mapping makes of events.

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use capi_core::event::{Arena, Json};
use capi_core::mapping::{Mapping, json_text};
use serde_json::json;

use crate::exit::{Failure, USAGE};
use crate::lines;

/// Prints a line for each event: the result, `null` where that is nothing, or
/// `{"error": …}`. A mapping that is wrong is the error of every event, and
/// ends with 2.
pub(crate) fn run(mapping: &Path, input: Option<&Path>) -> Result<ExitCode, Failure> {
    let text = std::fs::read(mapping)
        .with_context(|| format!("the mapping {} cannot be read", mapping.display()))
        .map_err(Failure::usage)?;
    let mapping = compile(&text, mapping);
    if let Err(fault) = &mapping {
        status!("{fault}");
    }
    let mut out = BufWriter::new(io::stdout().lock());
    lines::each(lines::open(input)?, |event, arena| {
        let line = mapping
            .as_ref()
            .map_err(Clone::clone)
            .and_then(|mapping| resolve(mapping, event, arena));
        match line {
            Ok(value) => out.write_all(json_text(value.unwrap_or(Json::Null)).as_bytes())?,
            Err(error) => serde_json::to_writer(&mut out, &json!({"error": error}))?,
        }
        out.write_all(b"\n")
    })?;
    out.flush()?;
    Ok(match mapping {
        Ok(_) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(USAGE),
    })
}

/// How many faults of a mapping are listed.
const MOST_TOLD: usize = 10;

/// The mapping, or its faults.
fn compile(text: &[u8], file: &Path) -> Result<Mapping, String> {
    let arena = Arena::new();
    let json = Json::parse(&arena, text)
        .map_err(|error| format!("the mapping {} is not JSON: {error}", file.display()))?;
    Mapping::compile(json).map_err(|faults| {
        let mut reported: Vec<String> = faults.iter().map(ToString::to_string).collect();
        if reported.len() > MOST_TOLD {
            reported.truncate(MOST_TOLD);
            reported.push(format!("and {} more", faults.len() - MOST_TOLD));
        }
        reported.join("; ")
    })
}

fn resolve<'a>(
    mapping: &'a Mapping,
    event: &'a [u8],
    arena: &'a Arena,
) -> Result<Option<Json<'a>>, String> {
    let event =
        Json::parse(arena, event).map_err(|error| format!("the event is not JSON: {error}"))?;
    mapping
        .resolve(event, arena)
        .map_err(|error| error.to_string())
}
