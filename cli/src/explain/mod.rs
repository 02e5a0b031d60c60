//! `capi explain`: the whole way of one event, for a person or a machine.

mod field;
mod identifier;
mod json;
mod style;
mod text;
mod tree;

use std::io::{self, BufWriter, Read as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::anyhow;
use capi_core::config::Config;
use capi_core::destination::Destination;
use capi_core::event::{Arena, Json};
use capi_core::explain::{ExplainOptions, Explanation, explain};
use capi_core::{Registry, Spec};
use capi_server::load::Loaded;
use console::Term;
use jiff::Timestamp;
use serde::Serialize;

use crate::args::JsonArg;
use crate::exit::{Failure, NO};
use crate::lines;
use crate::output::json_pretty;

/// How `capi explain` is called.
#[derive(clap::Args)]
pub(crate) struct Explain {
    /// The configuration file; it needs no [server] and no [[source]]. Without it, one destination with the actions that are on by default.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// What time it is, for the rules on an event's age. Without it, now.
    #[arg(long, value_name = "RFC3339")]
    now: Option<Timestamp>,
    /// Which line of the input holds the event, where it has several.
    #[arg(long, value_name = "N")]
    line: Option<usize>,
    /// Shows identifiers as they are. They are a person's data: do not keep the output.
    #[arg(long)]
    raw: bool,
    #[command(flatten)]
    json: JsonArg,
    /// A file with one event as JSON. Without it, stdin.
    input: Option<PathBuf>,
}

/// The destination of a person who has no configuration yet.
const NO_CONFIG: &str = "[[destination]]\nname = \"meta\"\ndataset_id = \"0\"\n";

/// What `--json` prints.
#[derive(Serialize)]
struct Output<'o> {
    /// The configuration; `null` where none was given.
    config: Option<&'o Path>,
    #[serde(flatten)]
    explanation: &'o Explanation<'o>,
}

impl Explain {
    pub(crate) fn run(&self) -> Result<ExitCode, Failure> {
        let config = self.read_config()?;
        let (destinations, codes): (Vec<Destination>, Vec<Option<String>>) = config
            .destinations
            .into_iter()
            .map(|of| (of.destination, of.test_event_code))
            .unzip();
        let text = self.read_event()?;
        let arena = Arena::new();
        let root = parsed(&arena, &text)?;
        let actions: Vec<&'static Spec> = Registry::linked()
            .map_err(Failure::usage)?
            .specs()
            .collect();
        let setting = ExplainOptions {
            destinations: &destinations,
            actions: &actions,
            now: self.now.unwrap_or_else(Timestamp::now),
            raw: self.raw,
            arena: &arena,
        };
        let generate = &mut || uuid::Uuid::now_v7().to_string();
        let mut explanation = explain(root, setting, generate).map_err(|reason| {
            let hint = match root.get("batch") {
                Some(_) => "; this is a batch: take one event out of it",
                None => "",
            };
            Failure::usage(anyhow!("the event is none: {}{hint}", reason.message))
        })?;
        for (of, code) in explanation.destinations.iter_mut().zip(&codes) {
            let subscriptions = of.subscriptions.iter_mut();
            for conversion in subscriptions.filter_map(|of| of.conversion.as_mut()) {
                conversion.default_test_event_code(code.as_deref());
            }
        }
        self.write(&explanation)?;
        Ok(if explanation.sent() > 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(NO)
        })
    }

    fn read_config(&self) -> Result<Config, Failure> {
        let Some(path) = &self.config else {
            let registry = Registry::linked().map_err(Failure::usage)?;
            let (config, _) = Config::read(NO_CONFIG, &registry, &|_| Err(String::new()));
            return config.ok_or_else(|| {
                Failure::usage(anyhow!("no prebuilt destination exists; give --config"))
            });
        };
        let loaded = Loaded::read(path)?;
        for warning in loaded.warnings() {
            status!("{warning}");
        }
        Ok(loaded.into_config()?)
    }

    /// The text of the event: the whole input, or the line that was asked for.
    fn read_event(&self) -> Result<Vec<u8>, Failure> {
        let mut text = Vec::new();
        lines::open(self.input.as_deref())?.read_to_end(&mut text)?;
        let Some(number) = self.line else {
            return Ok(text);
        };
        let line = number.checked_sub(1).and_then(|index| {
            let mut lines = text.split(|byte| *byte == b'\n');
            lines
                .nth(index)
                .filter(|line| !line.trim_ascii().is_empty())
        });
        line.map(<[u8]>::to_vec).ok_or_else(|| {
            Failure::usage(anyhow!(
                "the input has nothing in line {number}; lines count from 1"
            ))
        })
    }

    fn write(&self, explanation: &Explanation<'_>) -> io::Result<()> {
        let mut out = BufWriter::new(io::stdout().lock());
        if self.json.json {
            let output = Output {
                config: self.config.as_deref(),
                explanation,
            };
            json_pretty(&mut out, &output)?;
        } else {
            let width = Term::stdout().size_checked().map(|(_, width)| width.into());
            text::write(explanation, self.config.is_none(), width, &mut out)?;
        }
        out.flush()
    }
}

/// The one JSON value of `text`. Of several, one a line, it says which to ask for.
fn parsed<'a>(arena: &'a Arena, text: &'a [u8]) -> Result<Json<'a>, Failure> {
    Json::parse(arena, text).map_err(|error| {
        let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        let filled = lines.clone().filter(|line| !line.is_empty()).count();
        let first = lines.find(|line| !line.is_empty());
        let is_one_a_line =
            filled > 1 && first.is_some_and(|first| Json::parse(arena, first).is_ok());
        Failure::usage(if text.trim_ascii().is_empty() {
            anyhow!("no event was given; give one as JSON, in a file or on stdin")
        } else if is_one_a_line {
            anyhow!("the input has {filled} lines of JSON and one event is explained; name its line: --line 1")
        } else {
            anyhow!("the event is not JSON: {error}")
        })
    })
}
