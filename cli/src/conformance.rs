//! `capi conformance`: what this binary makes of recorded cases, beside what
//! others make of them.

use std::io::{self, Write};
use std::process::ExitCode;

use capi_conformance::{Difference, Report, SETS, Set};

use crate::exit::{Failure, NO};
use crate::output::{Table, beginning, printable};

/// Runs the cases of `only`, or of all sets, and prints where others differ.
/// Ends with 1 if a case does not hold.
pub(crate) fn run(only: Option<&str>) -> Result<ExitCode, Failure> {
    let mut out = io::stdout().lock();
    let mut holds = true;
    let mut lines = Vec::new();
    for set in SETS {
        if only.is_some_and(|only| only != set.name) {
            continue;
        }
        let report = set.run();
        if !report.differences.is_empty() {
            writeln!(out, "{}, where others differ:\n", set.name)?;
            writeln!(out, "{}\n", table(set, &report))?;
        }
        for fault in &report.faults {
            status!("{fault}");
        }
        holds &= report.faults.is_empty();
        lines.push(summary(set, &report));
    }
    for line in lines {
        writeln!(out, "{line}")?;
    }
    Ok(if holds {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(NO)
    })
}

fn table(set: &Set, report: &Report) -> Table {
    let mut header = vec!["case", "capi"];
    header.extend(set.systems);
    header.push("why");
    let mut table = Table::with_header(header);
    for difference in &report.differences {
        let Difference {
            case,
            capi,
            others,
            why,
        } = difference;
        let mut row = vec![cell(case), cell(capi)];
        row.extend(others.iter().map(|answer| match answer {
            Some(answer) => cell(&answer.text),
            None => "–".to_owned(),
        }));
        row.push(why.clone().unwrap_or_default());
        table.row(row);
    }
    table
}

/// How many cases hold, and how often each other system differs.
fn summary(set: &Set, report: &Report) -> String {
    let held = report.cases - report.faults.len();
    let mut line = format!("{}: {held} of {} cases hold", set.name, report.cases);
    let differing = |place: usize| {
        let answers = report
            .differences
            .iter()
            .filter_map(|difference| difference.others.get(place)?.as_ref());
        answers.filter(|answer| !answer.agrees).count()
    };
    for (place, system) in set.systems.iter().enumerate() {
        line += &format!("; {system} differs in {}", differing(place));
    }
    line
}

/// A text for a cell: on one line, of a long one the beginning.
fn cell(text: &str) -> String {
    beginning(printable(text), 32)
}
