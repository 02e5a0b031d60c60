//! `capi`: for hands and scripts. Stdout is data, stderr is for messages; the exit
//! codes are in [`exit`].

#[macro_use]
mod status;

mod actions;
mod args;
mod check;
mod code;
mod conformance;
mod dead;
mod demo;
mod edits;
mod errors;
mod exit;
mod explain;
mod hash;
mod lanes;
mod lines;
mod map;
mod matching;
mod new_action;
mod operator;
mod output;
mod output_file;
mod preview;
mod queue;
mod rules;
mod sandbox;
mod serve;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use capi_core::user_data::{DateOrder, Hints, Identifier, Profile, country_code};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand};

use args::{ConfigArg, JsonArg};
use hash::Hashing;

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

// Without this line the linker leaves every action out.
use capi_actions as _;

/// Takes customer events and delivers them to Meta's Conversions API.
#[derive(Parser)]
#[command(
    name = "capi",
    version,
    about,
    after_help = exit::help()
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs a shop's afternoon through everything, on this machine, and shows what happened.
    Demo {
        /// How many events the shop sends.
        #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
        events: u32,
    },
    /// Runs a local Graph endpoint that refuses what Meta refuses.
    Sandbox {
        /// Where to listen.
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8401")]
        listen: SocketAddr,
        /// The only dataset that exists; may be given several times. Without it, any does.
        #[arg(long, value_name = "ID")]
        dataset: Vec<String>,
        /// The only token that works. Without it, any does.
        #[arg(long, value_name = "TOKEN")]
        token: Option<String>,
        /// Accepts what Meta was seen to accept where its documentation is stricter.
        #[arg(long)]
        lenient: bool,
    },
    /// Runs the server, as `capi-server` does.
    Serve {
        #[command(flatten)]
        config: ConfigArg,
        /// Where to listen, in place of the configuration's `listen`.
        #[arg(long, value_name = "ADDR")]
        listen: Option<SocketAddr>,
    },
    /// Shows every action, or one with its fields.
    Actions {
        /// The action.
        slug: Option<String>,
        #[command(flatten)]
        json: JsonArg,
    },
    /// Writes the crate of a new action into a checkout of capi, and links it in.
    NewAction(new_action::NewAction),
    /// Checks a configuration: all its errors and warnings, with their places.
    Check {
        /// What day it is, for the versions of the Graph API that end. Without it, today.
        #[arg(long, value_name = "RFC3339")]
        now: Option<jiff::Timestamp>,
        /// The configuration file.
        file: PathBuf,
    },
    /// Shows what would be sent of events, and sends nothing.
    Preview {
        /// The configuration file; it needs no [server] and no [[source]].
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        /// What time it is, for the rules on an event's age. Without it, now.
        #[arg(long, value_name = "RFC3339")]
        now: Option<jiff::Timestamp>,
        /// A file of events, one JSON object a line. Without it, stdin.
        input: Option<PathBuf>,
    },
    /// Shows the whole way of one event: which subscriptions take it, from where each value came, what every step and check made of it.
    Explain(explain::Explain),
    /// Shows what each lane does; `lanes resume NAME` ends the wait of a parked one.
    Lanes(lanes::Lanes),
    /// Shows what the queue holds; `queue backup FILE` copies it, `queue recover` saves a damaged one.
    Queue(queue::Queue),
    /// Lists, shows, repairs, sends again, exports and throws away what was given up.
    #[command(subcommand)]
    Dead(dead::Dead),
    /// Shows what Meta's errors mean and what is done about each, or about one.
    Errors {
        /// A code, such as 190, 100/33 or 2804050; also a status of HTTP.
        code: Option<String>,
        #[command(flatten)]
        json: JsonArg,
    },
    /// Shows every check and every normalization, or those of one field, or one of them.
    Rules {
        /// A field, such as email, em or custom_data.currency, or a rule's code.
        #[arg(value_name = "FIELD|CODE")]
        name: Option<String>,
        #[command(flatten)]
        json: JsonArg,
    },
    /// Tells whether a trigger takes the event on stdin: true (exit 0) or false (exit 1).
    Match {
        /// The trigger, a statement of Segment's Filter Query Language.
        #[arg(value_name = "FQL", allow_hyphen_values = true)]
        statement: String,
        /// Shows each clause, what the event has there, and on which the answer hangs.
        #[arg(long)]
        explain: bool,
    },
    /// Shows what a mapping makes of events: a line of JSON for each.
    Map {
        /// The mapping, a file of JSON.
        mapping: PathBuf,
        /// A file of events, one JSON object a line. Without it, stdin.
        input: Option<PathBuf>,
    },
    /// Runs the recorded cases of identifiers, triggers and mappings, and shows where others differ.
    Conformance {
        /// Only this set.
        #[arg(value_parser = PossibleValuesParser::new(capi_conformance::SETS.iter().map(|set| set.name)))]
        set: Option<String>,
    },
    /// Shows what would be sent of an identifier's values, given on stdin as JSON, one a line.
    Hash {
        /// The identifier, by Meta's key.
        #[arg(value_parser = identifiers())]
        field: Identifier,
        /// Which form, where Meta's page and Meta's Pixel disagree.
        #[arg(long, default_value = "both", value_parser = one_of(&Profile::NAMES))]
        profile: Profile,
        /// The person's country, where a rule depends on it: a code or a name.
        #[arg(long, value_name = "COUNTRY", value_parser = country)]
        country: Option<String>,
        /// What a date of birth like 05/03/1995 means; it is refused without.
        #[arg(long, value_name = "ORDER", value_parser = one_of(&DateOrder::NAMES))]
        date_order: Option<DateOrder>,
    },
}

/// Meta's keys; a mapping's names for them are understood too.
fn identifiers() -> impl TypedValueParser<Value = Identifier> {
    let values = Identifier::ALL
        .map(|identifier| PossibleValue::new(identifier.key()).alias(identifier.field()));
    PossibleValuesParser::new(values).try_map(|name| {
        let named =
            |identifier: &Identifier| [identifier.key(), identifier.field()].contains(&&*name);
        Identifier::ALL
            .into_iter()
            .find(named)
            .ok_or("no such identifier exists")
    })
}

/// One of what has names.
fn one_of<T: Copy + Send + Sync + 'static>(
    named: &'static [(&'static str, T)],
) -> impl TypedValueParser<Value = T> {
    let names = named.iter().map(|(name, _)| *name);
    PossibleValuesParser::new(names).try_map(|chosen| {
        let mut named = named.iter();
        let found = named.find(|(name, _)| *name == chosen);
        found.map(|(_, value)| *value).ok_or("no such name exists")
    })
}

fn country(name: &str) -> Result<String, &'static str> {
    country_code(name).ok_or("it is not a known country; give its two-letter code")
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Demo { events } => demo::run(events),
        Command::Sandbox {
            listen,
            dataset,
            token,
            lenient,
        } => sandbox::run(listen, dataset, token, lenient),
        Command::Serve { config, listen } => serve::run(&config.path, listen),
        Command::Actions { slug, json } => actions::run(slug.as_deref(), json.json),
        Command::NewAction(new) => new.run(),
        Command::Check { now, file } => check::run(&file, now),
        Command::Preview { config, now, input } => preview::run(&config, now, input.as_deref()),
        Command::Explain(explain) => explain.run(),
        Command::Lanes(lanes) => lanes.run(),
        Command::Queue(queue) => queue.run(),
        Command::Dead(dead) => dead.run(),
        Command::Errors { code, json } => errors::run(code.as_deref(), json.json),
        Command::Rules { name, json } => rules::run(name.as_deref(), json.json),
        Command::Match { statement, explain } => matching::run(&statement, explain),
        Command::Conformance { set } => conformance::run(set.as_deref()),
        Command::Map { mapping, input } => map::run(&mapping, input.as_deref()),
        Command::Hash {
            field,
            profile,
            country,
            date_order,
        } => hash::run(Hashing {
            identifier: field,
            profile,
            hints: Hints {
                country: country.as_deref(),
                date_order,
                ..Hints::default()
            }
            .at(jiff::Timestamp::now()),
        }),
    };
    match outcome {
        Ok(code) => code,
        Err(failure) if failure.is_broken_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            status!("{failure}");
            failure.code()
        }
    }
}
