//! `capi new-action`: writes the crate of an action and links it in.
//!
//! Everything is checked and made in memory before the first file is written.

mod checkout;
mod event_path;
mod example;
mod field;
mod name;
mod source;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use capi_core::Registry;
use capi_core::event::{Arena, Json};
use capi_core::trigger::Trigger;
use clap::Args;

use self::checkout::Checkout;
use self::field::NewField;
use self::name::Name;
use crate::exit::Failure;

#[derive(Args)]
pub(crate) struct NewAction {
    /// The action's name in configurations and of its folder, in kebab-case.
    #[arg(allow_hyphen_values = true)]
    slug: String,
    /// The event's name at Meta: letters, digits, spaces, _ and -, 50 characters at most.
    #[arg(long, value_name = "NAME")]
    event: String,
    /// A key of custom_data, its type and where an event has it; may be given several times.
    #[arg(long = "field", value_name = "KEY:TYPE:PATH")]
    fields: Vec<String>,
    /// The checkout of capi. Without it, the one that this folder is in.
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
}

impl NewAction {
    pub(crate) fn run(&self) -> Result<ExitCode, Failure> {
        let checkout = match &self.root {
            Some(root) => Checkout::at(root),
            None => Checkout::around(&std::env::current_dir()?),
        }
        .map_err(Failure::usage)?;
        let new = New::plan(&self.slug, &self.event, &self.fields).map_err(Failure::usage)?;
        new.check_against_what_there_is(&checkout)
            .map_err(Failure::usage)?;
        let files = new.files();
        let files = files.map(|(name, text)| (name, source::formatted(name, text, &checkout.root)));
        let written = checkout
            .plan(&new.name.slug, files)
            .map_err(Failure::usage)?
            .write()
            .map_err(Failure::machine)?;
        new.say(&written)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// An action that is to be written.
struct New {
    name: Name,
    fields: Vec<NewField>,
    example: String,
}

impl New {
    /// # Errors
    ///
    /// What is wrong with the names or with a field, in a sentence.
    fn plan(slug: &str, event: &str, fields: &[String]) -> anyhow::Result<Self> {
        let name = Name::new(slug, event)?;
        let mut taken: Vec<NewField> = Vec::with_capacity(fields.len());
        for text in fields {
            let field = NewField::parse(text)?;
            // Meta tells `plan` and `Plan` apart; nobody who reads a report does.
            let is_same = |other: &&NewField| other.key.eq_ignore_ascii_case(&field.key);
            if let Some(other) = taken.iter().find(is_same) {
                anyhow::bail!(
                    "--field {text}: there is a field {:?} already; give each a key of its own",
                    other.key
                );
            }
            taken.push(field);
        }
        let example = example::write(&name, &taken)?;
        Ok(Self {
            name,
            fields: taken,
            example,
        })
    }

    /// # Errors
    ///
    /// The event's name is an action's already, or its track call is.
    fn check_against_what_there_is(&self, checkout: &Checkout) -> anyhow::Result<()> {
        let registry = Registry::linked()?;
        for spec in registry.specs() {
            if let Some(event) = spec.event_name {
                self.name.check_is_not(event, spec.slug)?;
            }
        }
        for (slug, event) in checkout.event_names() {
            self.name.check_is_not(&event, &slug)?;
        }
        let arena = Arena::new();
        let example = Json::parse(&arena, self.example.as_bytes())?;
        for spec in registry.specs() {
            let trigger = spec.default_trigger.map(Trigger::parse).transpose()?;
            if trigger.is_some_and(|trigger| trigger.matches(example)) {
                anyhow::bail!(
                    "the action {:?} takes track calls {:?} already, so that one would become two conversions; choose another event name",
                    spec.slug,
                    self.name.title
                );
            }
        }
        Ok(())
    }

    /// The crate's files, by their paths in its folder.
    fn files(&self) -> [(&'static str, String); 3] {
        [
            ("Cargo.toml", source::manifest(&self.name)),
            ("src/lib.rs", source::lib(&self.name, &self.fields)),
            ("example.json", self.example.clone()),
        ]
    }

    /// The files for scripts, what to do next for people.
    fn say(&self, written: &[PathBuf]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        for path in written {
            writeln!(out, "{}", path.display())?;
        }
        let slug = &self.name.slug;
        if let Some(note) = field::money_without_currency(&self.fields) {
            status!("Note: {note}");
        }
        status!(
            "Read actions/{slug}/src/lib.rs and say there what the event and its values mean:\n\
             `capi actions` and the page show the descriptions. Where an event is worth nothing\n\
             without a field, add .required() to that. Then\n\
             \n  cargo test -p capi-actions                                   its tests: the laws of every action\
             \n  CAPI_WRITE_DOCS=1 cargo test -p capi-actions --test docs     writes its page under docs/actions\n\
             \nIt is off by default. A destination has it with:\n\
             \n  [[destination.subscription]]\
             \n  action = \"{slug}\""
        );
        Ok(())
    }
}

/// `path` for people, under `root`.
fn shown<'p>(root: &Path, path: &'p Path) -> &'p Path {
    path.strip_prefix(root).unwrap_or(path)
}

#[cfg(test)]
mod tests;
