//! `capi errors`: what Meta's errors mean, and what is done about each.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::anyhow;
use capi_core::rejection::Code;
use capi_transport::{RULES, Rule, UNKNOWN, rules_of, subcode_of};
use serde::Serialize;

use crate::code;
use crate::exit::Failure;
use crate::output::{Table, json_pretty, printable};

/// A row for scripts.
#[derive(Serialize)]
struct Row {
    when: String,
    decision: &'static str,
    wait_seconds: u64,
    may_have_arrived: bool,
    meaning: &'static str,
    remedy: &'static str,
    source: &'static str,
}

impl From<&Rule> for Row {
    fn from(rule: &Rule) -> Self {
        Self {
            when: rule.when.to_string(),
            decision: rule.decision.name(),
            wait_seconds: rule.wait.as_secs(),
            may_have_arrived: rule.may_have_arrived,
            meaning: rule.meaning,
            remedy: rule.remedy,
            source: rule.source,
        }
    }
}

/// A code as people write it: `190`, `100/33` or `2804050`.
#[derive(Clone, Copy)]
struct Asked {
    code: i64,
    subcode: Option<i64>,
}

impl Asked {
    fn parse(text: &str) -> Result<Self, Failure> {
        let (code, subcode) = code::parse(text).ok_or_else(|| {
            if Code::ALL.iter().any(|code| code.as_str() == text) {
                return Failure::usage(anyhow!(
                    "{text} is a code of capi's own and none of Meta's; `capi rules {text}` says what it means"
                ));
            }
            Failure::usage(anyhow!(
                "{text:?} is not a code; write one such as 190, 100/33 or 2804050"
            ))
        })?;
        Ok(Self { code, subcode })
    }
}

/// Prints the table, or what is known of one code.
pub(crate) fn run(code: Option<&str>, json: bool) -> Result<ExitCode, Failure> {
    let mut out = io::stdout().lock();
    let Some(code) = code else {
        if json {
            let rows: Vec<Row> = RULES.iter().chain([&UNKNOWN]).map(Row::from).collect();
            json_pretty(&mut out, &rows)?;
        } else {
            writeln!(out, "{}", table())?;
        }
        return Ok(ExitCode::SUCCESS);
    };
    let asked = Asked::parse(code)?;
    let subcode = subcode_of(asked.code, asked.subcode);
    let rules = rules_of(asked.code, asked.subcode);
    if json {
        let rows: Vec<Row> = rules.into_iter().map(Row::from).collect();
        json_pretty(&mut out, &rows)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(row) = subcode {
        writeln!(
            out,
            "100/{}: {} ({}). {}",
            row.subcode,
            row.meaning,
            row.evidence.name(),
            row.remedy
        )?;
    }
    for rule in rules {
        let Row {
            when,
            decision,
            meaning,
            remedy,
            source,
            ..
        } = Row::from(rule);
        let when = if rule.decision == UNKNOWN.decision {
            printable(code)
        } else {
            when
        };
        writeln!(
            out,
            "{when}: {meaning}.\n  capi: {decision}\n  you: {remedy}\n  source: {source}"
        )?;
    }
    Ok(ExitCode::SUCCESS)
}

fn table() -> Table {
    let mut table = Table::new(["When", "What capi does", "What it is", "What you do"]);
    for rule in RULES {
        let row = Row::from(rule);
        table.row([&row.when, row.decision, row.meaning, row.remedy]);
    }
    table.row([
        "any other",
        UNKNOWN.decision.name(),
        UNKNOWN.meaning,
        UNKNOWN.remedy,
    ]);
    table
}
