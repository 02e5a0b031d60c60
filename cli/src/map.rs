//! `capi map`: what a mapping makes of events.

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use capi_core::event::{Arena, Json};
use capi_core::mapping::Mapping;
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
    let mapping = compile(&text);
    if let Err(fault) = &mapping {
        eprintln!("{fault}");
    }
    let mut out = BufWriter::new(io::stdout().lock());
    lines::each(lines::open(input)?, |event, arena| {
        let line = mapping
            .as_ref()
            .map_err(Clone::clone)
            .and_then(|mapping| resolve(mapping, event, arena));
        match line {
            Ok(value) => out.write_all(value.unwrap_or(Json::Null).to_text().as_bytes())?,
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

/// The mapping, or all of its faults.
fn compile(text: &[u8]) -> Result<Mapping, String> {
    let arena = Arena::new();
    let json =
        Json::parse(&arena, text).map_err(|error| format!("the mapping is no JSON: {error}"))?;
    Mapping::compile(json).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        faults.join("; ")
    })
}

fn resolve<'a>(
    mapping: &'a Mapping,
    event: &'a [u8],
    arena: &'a Arena,
) -> Result<Option<Json<'a>>, String> {
    let event =
        Json::parse(arena, event).map_err(|error| format!("the event is no JSON: {error}"))?;
    mapping
        .resolve(event, arena)
        .map_err(|error| error.to_string())
}
