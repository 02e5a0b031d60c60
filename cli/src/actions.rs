//! `capi actions`: what there is.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::anyhow;
use capi_core::field::Field;
use capi_core::{Registry, Spec};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::exit::Failure;
use crate::output::{Table, json_pretty};

/// An action, for scripts.
#[derive(Serialize)]
struct Action {
    slug: &'static str,
    title: &'static str,
    description: &'static str,
    event_name: Option<&'static str>,
    default_trigger: Option<&'static str>,
    on_by_default: bool,
    fields: Vec<Described>,
}

/// A field, for scripts. `default` is the prebuilt mapping; an object with
/// fields of its own has them under `properties`.
#[derive(Serialize)]
struct Described {
    key: &'static str,
    r#type: &'static str,
    required: bool,
    multiple: bool,
    description: &'static str,
    default: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    choices: &'static [&'static str],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    properties: Vec<Self>,
}

impl From<&'static Spec> for Action {
    fn from(spec: &'static Spec) -> Self {
        Self {
            slug: spec.slug,
            title: spec.title,
            description: spec.description,
            event_name: spec.event_name,
            default_trigger: spec.default_trigger,
            on_by_default: spec.on_by_default,
            fields: spec.all_fields().map(Described::from).collect(),
        }
    }
}

impl From<&'static Field> for Described {
    fn from(field: &'static Field) -> Self {
        Self {
            key: field.key,
            r#type: field.kind.name(),
            required: field.required,
            multiple: field.multiple,
            description: field.description,
            default: field
                .default
                .and_then(|text| RawValue::from_string(text.to_owned()).ok()),
            choices: field.choices,
            properties: field.properties.iter().map(Self::from).collect(),
        }
    }
}

pub(crate) fn run(slug: Option<&str>, json: bool) -> Result<ExitCode, Failure> {
    let registry = Registry::linked().map_err(Failure::usage)?;
    let specs: Vec<&'static Spec> = match slug {
        None => registry.specs().collect(),
        Some(slug) => {
            let spec = registry.get(slug).ok_or_else(|| {
                let known: Vec<_> = registry.specs().map(|spec| spec.slug).collect();
                Failure::usage(anyhow!(
                    "no action is called {slug:?}; there are: {}",
                    known.join(", ")
                ))
            })?;
            vec![spec]
        }
    };
    let mut out = io::stdout().lock();
    if json {
        let actions: Vec<Action> = specs.into_iter().map(Action::from).collect();
        json_pretty(&mut out, &actions)?;
    } else if let (Some(_), [spec]) = (slug, &specs[..]) {
        one(&mut out, spec)?;
    } else {
        all(&mut out, &specs)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn all(out: &mut impl Write, specs: &[&Spec]) -> io::Result<()> {
    let mut table = Table::new([
        "Action",
        "Meta's event",
        "What it tells",
        "Default trigger",
        "On by default",
    ]);
    for spec in specs {
        table.row([
            spec.slug,
            spec.event_name.unwrap_or("(its field event_name)"),
            spec.description,
            spec.default_trigger.unwrap_or("(none: write one)"),
            yes_or_no(spec.on_by_default),
        ]);
    }
    writeln!(
        out,
        "{table}\n\n`capi actions SLUG` shows the fields of one."
    )
}

fn one(out: &mut impl Write, spec: &'static Spec) -> io::Result<()> {
    writeln!(
        out,
        "{} ({})\n{}\n",
        spec.title, spec.slug, spec.description
    )?;
    writeln!(
        out,
        "Meta's event:    {}",
        spec.event_name.unwrap_or("given by event_name")
    )?;
    writeln!(
        out,
        "Default trigger: {}",
        spec.default_trigger.unwrap_or("none; write one")
    )?;
    writeln!(out, "On by default:   {}\n", yes_or_no(spec.on_by_default))?;
    let mut table = Table::new(["Field", "Type", "", "What it is", "Prebuilt mapping"]);
    for field in spec.all_fields() {
        row(&mut table, "", field);
        for property in field.properties {
            row(&mut table, "  ", property);
        }
    }
    writeln!(out, "{table}")
}

const fn yes_or_no(on: bool) -> &'static str {
    if on { "yes" } else { "no" }
}

fn row(table: &mut Table, indent: &str, field: &Field) {
    let list = if field.multiple { ", list" } else { "" };
    table.row([
        format!("{indent}{}", field.key),
        format!("{}{list}", field.kind.name()),
        if field.required {
            "required".to_owned()
        } else {
            String::new()
        },
        field.description.to_owned(),
        field.default.unwrap_or("").to_owned(),
    ]);
}
