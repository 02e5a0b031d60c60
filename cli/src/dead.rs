//! `capi dead`: what was given up, why, and what becomes of it.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::anyhow;
use capi_core::rejection::Code;
use capi_server::admin::api::{MAX_LETTERS, PAGE_SIZE};
use capi_server::admin::repair::{Repaired, Unrepaired};
use capi_server::admin::{LaneStatus, State};
use capi_transport::{DeadCode, DeadFilter, DeadLetter, DeadLetterReason, StoredDiagnostic};
use clap::{Args, Subcommand};
use jiff::Timestamp;

use crate::args::ConfigArg;
use crate::code;
use crate::edits::{edit, with_stdin};
use crate::exit::{Failure, NO};
use crate::operator::{self, Operator};
use crate::output::{Table, json_line, json_pretty, printable, time};
use crate::output_file::OutputFile;

#[derive(Subcommand)]
pub(crate) enum Dead {
    /// Lists dead letters, oldest first.
    List {
        #[command(flatten)]
        filter: Filter,
        #[command(flatten)]
        config: ConfigArg,
        /// Only those behind this one: the last id of the page before.
        #[arg(long, value_name = "ID", default_value_t = 0)]
        after: i64,
        /// How many at most, up to 10000.
        #[arg(long, value_name = "N", default_value_t = PAGE_SIZE)]
        limit: usize,
        /// As JSON, for scripts: one object a line, with the hashed event.
        #[arg(long)]
        json: bool,
    },
    /// Shows one dead letter whole, as JSON.
    Show {
        /// Its id, as in the list.
        id: i64,
        #[command(flatten)]
        config: ConfigArg,
    },
    /// Queues dead letters again. Those that capi's own checks rejected are checked again.
    Retry {
        #[command(flatten)]
        which: Which,
        /// Sends each under the id of its message: for those that were taken for duplicates and differ from what was sent under their ids (differing_duplicate). Others are passed over.
        #[arg(long)]
        as_new: bool,
        #[command(flatten)]
        config: ConfigArg,
    },
    /// Changes dead letters, checks them again and sends them. What does not pass stays as it was.
    Edit {
        #[command(flatten)]
        which: Which,
        /// What to set, such as custom_data.currency=USD; null takes a key away, and - as the value is read from stdin. May be repeated.
        #[arg(long, value_name = "KEY=VALUE", required = true, value_parser = edit)]
        set: Vec<String>,
        #[command(flatten)]
        config: ConfigArg,
    },
    /// Writes dead letters out, one JSON object a line.
    Export {
        #[command(flatten)]
        filter: Filter,
        #[command(flatten)]
        config: ConfigArg,
        /// The file to write. Without it, stdout.
        output: Option<PathBuf>,
    },
    /// Throws dead letters away.
    Purge {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        config: ConfigArg,
    },
}

/// Which letters.
#[derive(Args)]
pub(crate) struct Filter {
    /// Only of this destination.
    #[arg(long, value_name = "NAME")]
    destination: Option<String>,
    /// Only those that this action made.
    #[arg(long, value_name = "SLUG")]
    action: Option<String>,
    /// Only those dead-lettered for this reason.
    #[arg(long, value_parser = DeadLetterReason::ALL.map(DeadLetterReason::name))]
    reason: Option<String>,
    /// Only those with this code: Meta's, such as 100 or 100/2804050, or one of capi's own, such as missing_field.
    #[arg(long, value_parser = dead_code)]
    code: Option<(DeadCode, Option<i64>)>,
    /// Only the one with this event id.
    #[arg(long, value_name = "ID")]
    event_id: Option<String>,
    /// Only those with this order id.
    #[arg(long, value_name = "ID")]
    order_id: Option<String>,
    /// Only those dead-lettered then or later.
    #[arg(long, value_name = "RFC3339")]
    since: Option<Timestamp>,
    /// Only those dead-lettered before then.
    #[arg(long, value_name = "RFC3339")]
    before: Option<Timestamp>,
}

/// Which letters something is done with: at least one way to say so.
#[derive(Args)]
pub(crate) struct Which {
    /// This one, by its id in the list.
    id: Option<i64>,
    #[command(flatten)]
    filter: Filter,
    /// All of them.
    #[arg(long)]
    all: bool,
}

fn dead_code(text: &str) -> Result<(DeadCode, Option<i64>), String> {
    if Code::ALL.iter().any(|code| code.as_str() == text) {
        return Ok((DeadCode::Own(text.to_owned()), None));
    }
    match code::parse(text) {
        Some((code, subcode)) => Ok((DeadCode::Meta(code), subcode)),
        None => Err(format!(
            "{text:?} is not a code; write one such as 100, 100/2804050 or missing_field"
        )),
    }
}

impl From<Filter> for DeadFilter {
    fn from(filter: Filter) -> Self {
        Self {
            id: None,
            destination: filter.destination,
            action: filter.action,
            reason: filter.reason,
            subcode: filter.code.as_ref().and_then(|(_, subcode)| *subcode),
            code: filter.code.map(|(code, _)| code),
            event_id: filter.event_id,
            order_id: filter.order_id,
            since_ms: filter.since.map(Timestamp::as_millisecond),
            before_ms: filter.before.map(Timestamp::as_millisecond),
        }
    }
}

impl Which {
    fn filter(self) -> Result<DeadFilter, Failure> {
        let filter = DeadFilter {
            id: self.id,
            ..DeadFilter::from(self.filter)
        };
        if filter == DeadFilter::default() && !self.all {
            return Err(Failure::usage(anyhow!(
                "which dead letters? Give an id, a filter such as --code 100, or --all"
            )));
        }
        Ok(filter)
    }
}

impl Dead {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        match self {
            Self::List {
                filter,
                config,
                after,
                limit,
                json,
            } => list(&filter.into(), &config.path, after, limit, json),
            Self::Show { id, config } => show(id, &config.path),
            Self::Retry {
                mut which,
                as_new,
                config,
            } => {
                if as_new {
                    let differing = DeadLetterReason::DifferingDuplicate.name();
                    let reason = which.filter.reason.get_or_insert(differing.into());
                    if reason != differing {
                        return Err(Failure::usage(anyhow!(
                            "--as-new is for dead letters of the reason {differing}; leave --reason out, or give that one"
                        )));
                    }
                }
                let filter = which.filter()?;
                sent_again(&config.path, async |operator| {
                    operator.retry(&filter, as_new).await
                })
            }
            Self::Edit { which, set, config } => {
                let filter = which.filter()?;
                let set = with_stdin(set)?;
                sent_again(&config.path, async |operator| {
                    operator.edit(&filter, &set).await
                })
            }
            Self::Export {
                filter,
                config,
                output,
            } => export(&filter.into(), &config.path, output.as_deref()),
            Self::Purge { which, config } => purge(&which.filter()?, &config.path),
        }
    }
}

fn list(
    filter: &DeadFilter,
    config: &Path,
    after: i64,
    limit: usize,
    json: bool,
) -> Result<ExitCode, Failure> {
    let letters = operator::with(config, async |operator| {
        operator.dead(filter, after, limit).await
    })?;
    let mut out = BufWriter::new(io::stdout().lock());
    if json {
        for letter in &letters {
            json_line(&mut out, letter)?;
        }
    } else {
        let mut table = Table::new([
            "Id",
            "Buried",
            "Destination",
            "Event",
            "Event id",
            "Reason",
            "What is wrong",
        ]);
        for letter in &letters {
            table.row(row(letter));
        }
        writeln!(out, "{table}")?;
        if letters.is_empty() {
            status!("No dead letter matches.");
        }
    }
    out.flush()?;
    if letters.len() == limit.min(MAX_LETTERS)
        && let Some(last) = letters.last()
    {
        status!("There may be more: --after {}.", last.id);
    }
    Ok(ExitCode::SUCCESS)
}

fn row(letter: &DeadLetter) -> [String; 7] {
    [
        letter.id.to_string(),
        time(letter.buried_at),
        letter.destination.clone(),
        letter.event_name.clone().unwrap_or_default(),
        letter.event_id.clone().unwrap_or_default(),
        letter.reason.clone(),
        code::with_words(
            letter.code.as_ref(),
            letter.subcode,
            letter.message.as_deref(),
        ),
    ]
}

fn show(id: i64, config: &Path) -> Result<ExitCode, Failure> {
    let filter = DeadFilter {
        id: Some(id),
        ..DeadFilter::default()
    };
    let letters = operator::with(config, async |operator| operator.dead(&filter, 0, 1).await)?;
    let Some(letter) = letters.first() else {
        status!("No dead letter has the number {id}.");
        return Ok(ExitCode::from(NO));
    };
    let mut out = io::stdout().lock();
    json_pretty(&mut out, letter)?;
    Ok(ExitCode::SUCCESS)
}

/// Says what became of letters that were to be sent again.
fn sent_again(
    config: &Path,
    send: impl AsyncFnOnce(&Operator) -> Result<Repaired, Failure>,
) -> Result<ExitCode, Failure> {
    let (done, lanes) = operator::with(config, async |operator| {
        let done = send(operator).await?;
        Ok((done, operator.lanes().await?))
    })?;
    writeln!(
        io::stdout(),
        "{}",
        serde_json::json!({"queued": done.queued, "duplicates": done.duplicates, "rejected": done.rejected})
    )?;
    if done.queued + done.duplicates + done.rejected + done.gone == 0 {
        status!("No dead letter matches: it may have been sent again, or thrown away.");
    }
    let waits = |lane: &&LaneStatus| !matches!(lane.state, State::Active);
    if done.queued > 0
        && let Some(lane) = lanes.iter().find(waits)
    {
        status!(
            "They are queued. The lane {} is {} and sends nothing now; `capi lanes` says why.",
            printable(&lane.destination),
            lane.state.name()
        );
    }
    if done.duplicates > 0 {
        status!(
            "{} stay dead letters: their event ids are queued or delivered.",
            done.duplicates
        );
    }
    if done.gone > 0 {
        status!(
            "{} were no dead letters any more: each was queued again or thrown away meanwhile.",
            done.gone
        );
    }
    if done.rejected > 0 {
        status!(
            "{} stay dead letters as they were, since they do not pass capi's checks:",
            done.rejected
        );
    }
    for Unrepaired { id, reasons, .. } in &done.unrepaired {
        for StoredDiagnostic {
            code,
            field,
            message,
        } in reasons
        {
            let (field, message) = (printable(field), printable(message));
            status!("  {id}: {code} {field}: {message}");
        }
    }
    if done.rejected > done.unrepaired.len() as u64 {
        status!("  …");
    }
    Ok(answer(done.queued))
}

fn purge(filter: &DeadFilter, config: &Path) -> Result<ExitCode, Failure> {
    let purged = operator::with(config, async |operator| operator.purge(filter).await)?;
    writeln!(io::stdout(), "{}", serde_json::json!({"purged": purged}))?;
    Ok(answer(purged))
}

/// 1 where nothing was found to do something with.
fn answer(count: u64) -> ExitCode {
    ExitCode::from(if count == 0 { NO } else { 0 })
}

fn export(filter: &DeadFilter, config: &Path, output: Option<&Path>) -> Result<ExitCode, Failure> {
    let name = output.map_or("on stdout".to_owned(), |path| path.display().to_string());
    let unwritable = |error: io::Error| {
        let context = format!("the output {name} cannot be written");
        Failure::machine(anyhow::Error::from(error).context(context))
    };
    // The queue first: where it cannot be read, an earlier file stays as it is.
    let count = operator::with(config, async |operator| match output {
        Some(path) => {
            let mut file = OutputFile::create(path).map_err(unwritable)?;
            let count = pages(operator, filter, &mut file, unwritable).await?;
            file.finish().map_err(unwritable)?;
            Ok(count)
        }
        None => {
            let mut out = BufWriter::new(io::stdout().lock());
            let count = pages(operator, filter, &mut out, unwritable).await?;
            out.flush().map_err(unwritable)?;
            Ok(count)
        }
    })?;
    status!("{count} dead letters.");
    Ok(ExitCode::SUCCESS)
}

async fn pages(
    operator: &Operator,
    filter: &DeadFilter,
    out: &mut impl Write,
    unwritable: impl Fn(io::Error) -> Failure,
) -> Result<u64, Failure> {
    let (mut count, mut after) = (0, 0);
    loop {
        let letters = operator.dead(filter, after, PAGE_SIZE).await?;
        for letter in &letters {
            json_line(out, letter).map_err(&unwritable)?;
            count += 1;
        }
        match letters.last() {
            Some(last) => after = last.id,
            None => return Ok(count),
        }
    }
}
