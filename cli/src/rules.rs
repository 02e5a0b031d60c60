//! `capi rules`: every check and every normalization, or those of one field.

use std::io::{self, Write};
use std::process::ExitCode;

use capi_core::Registry;
use capi_core::field::FieldType;
use capi_core::rules::{Entry, EntryKind, Rules, Subject};
use console::Term;
use serde::Serialize;

use crate::exit::Failure;
use crate::output::json_pretty;

/// The kinds of rules, with their titles, in the order in which they are shown.
const KINDS: [(EntryKind, &str); 3] = [
    (EntryKind::Check, "Checks of an event"),
    (
        EntryKind::ValueError,
        "Why a value of an identifier is left out",
    ),
    (EntryKind::Normalization, "How values are written"),
];

/// How wide lines are without a terminal.
const WIDTH: u16 = 80;

/// The answer, for scripts.
#[derive(Serialize)]
struct Told<'r> {
    fields: Vec<Described<'r>>,
    rules: Vec<Row<'r>>,
}

/// A field. Without `actions`, every action has it.
#[derive(Serialize)]
struct Described<'r> {
    path: &'r str,
    mapped: &'r str,
    r#type: &'static str,
    multiple: bool,
    required: bool,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    required_by: &'r [&'static str],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    actions: &'r [&'static str],
    description: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    choices: Vec<Choice>,
}

/// A value that a field may have.
#[derive(Serialize)]
struct Choice {
    value: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    meaning: Option<String>,
}

/// A rule. `fields` is empty unless `concerns` is a list of paths.
#[derive(Serialize)]
struct Row<'r> {
    code: &'static str,
    kind: &'static str,
    concerns: String,
    fields: Vec<String>,
    sentence: &'r str,
    outcome: &'static str,
    what_it_does: &'static str,
    confidence: &'static str,
    source: &'static str,
}

impl<'r> From<&'r Subject> for Described<'r> {
    fn from(subject: &'r Subject) -> Self {
        Self {
            path: &subject.path,
            mapped: &subject.mapped,
            r#type: subject.field.kind.name(),
            multiple: subject.field.multiple,
            required: subject.is_required(),
            required_by: &subject.required_by,
            actions: &subject.actions,
            description: subject.field.description,
            choices: choices(subject),
        }
    }
}

impl<'r> From<&'r Entry> for Row<'r> {
    fn from(entry: &'r Entry) -> Self {
        Self {
            code: entry.code,
            kind: entry.kind.name(),
            concerns: entry.concern.described(),
            fields: entry.concern.paths(),
            sentence: &entry.sentence,
            outcome: entry.outcome.name(),
            what_it_does: entry.outcome.described(),
            confidence: entry.confidence.name(),
            source: entry.source,
        }
    }
}

fn choices(subject: &Subject) -> Vec<Choice> {
    let choices = subject.field.choices.iter();
    choices
        .map(|value| Choice {
            value,
            meaning: subject.choice_about(value),
        })
        .collect()
}

/// Prints all rules, or what is known of one field or one code.
pub(crate) fn run(name: Option<&str>, json: bool) -> Result<ExitCode, Failure> {
    let rules = Rules::of(&Registry::linked().map_err(Failure::usage)?);
    let (subjects, entries) = match name {
        Some(name) => {
            let answer = rules.ask(name).map_err(Failure::usage)?;
            (answer.subjects, answer.entries)
        }
        None => (
            rules.subjects.iter().collect(),
            rules.entries.iter().collect(),
        ),
    };
    let mut out = io::stdout().lock();
    if json {
        let reported = Told {
            fields: subjects.into_iter().map(Described::from).collect(),
            rules: entries.into_iter().map(Row::from).collect(),
        };
        json_pretty(&mut out, &reported)?;
    } else if name.is_none() {
        let width = width();
        for (kind, title) in KINDS {
            writeln!(out, "{title}\n")?;
            for entry in entries.iter().filter(|entry| entry.kind == kind) {
                rule(&mut out, entry, width)?;
                writeln!(out)?;
            }
        }
        writeln!(out, "`capi rules FIELD` tells what a field takes.")?;
    } else {
        for subject in subjects {
            field(&mut out, subject)?;
        }
        let width = width();
        for (kind, _) in KINDS {
            for entry in entries.iter().filter(|entry| entry.kind == kind) {
                rule(&mut out, entry, width)?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn field(out: &mut impl Write, subject: &Subject) -> io::Result<()> {
    let field = subject.field;
    writeln!(out, "{}: {}", subject.path, field.description)?;
    if subject.mapped != subject.path {
        writeln!(out, "  in mappings: {}", subject.mapped)?;
    }
    let kind = match (field.kind, field.properties) {
        (FieldType::Object, []) => "free object",
        (kind, _) => kind.name(),
    };
    let list = if field.multiple {
        ", one or a list"
    } else {
        ""
    };
    writeln!(out, "  type: {kind}{list}")?;
    let choices = choices(subject);
    if choices.iter().any(|choice| choice.meaning.is_some()) {
        writeln!(out, "  one of:")?;
        for Choice { value, meaning } in choices {
            writeln!(out, "    {value}: {}", meaning.unwrap_or_default())?;
        }
    } else if !choices.is_empty() {
        writeln!(out, "  one of: {}", field.choices.join(", "))?;
    }
    if !subject.actions.is_empty() {
        writeln!(out, "  in the actions: {}", subject.actions.join(", "))?;
    }
    if !subject.required_by.is_empty() {
        writeln!(out, "  required by: {}", subject.required_by.join(", "))?;
    } else if field.required {
        writeln!(out, "  required by: every action")?;
    }
    writeln!(out)
}

/// The width of the terminal; of what goes elsewhere, that of a narrow one.
fn width() -> usize {
    let (_, columns) = Term::stdout().size_checked().unwrap_or((0, WIDTH));
    columns.into()
}

fn rule(out: &mut impl Write, entry: &Entry, width: usize) -> io::Result<()> {
    let (code, kind) = (entry.code, entry.kind.name());
    wrapped(out, &format!("{code} ({kind}): {}", entry.sentence), width)?;
    let source = format!("{} ({})", entry.source, entry.confidence.name());
    for (name, text) in [
        ("about", &*entry.concern.described()),
        ("what it does", entry.outcome.described()),
        ("source", &source),
    ] {
        wrapped(out, &format!("  {name}: {text}"), width)?;
    }
    Ok(())
}

/// Writes `text` in lines of up to `width` characters, where its words allow it. All
/// but the first stand further to the right.
fn wrapped(out: &mut impl Write, text: &str, width: usize) -> io::Result<()> {
    const INDENT: &str = "    ";
    let mut words = text.trim_start().split(' ');
    let begin = words.next().unwrap_or_default();
    let indent = text.len() - text.trim_start().len();
    write!(out, "{:indent$}{begin}", "")?;
    let mut at = indent + begin.chars().count();
    for word in words {
        let length = word.chars().count();
        if at + 1 + length > width {
            write!(out, "\n{INDENT}{word}")?;
            at = INDENT.len() + length;
        } else {
            write!(out, " {word}")?;
            at += 1 + length;
        }
    }
    writeln!(out)
}
