//! What happened, for people.

use std::io::{self, Write};
use std::time::Duration;

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table};
use serde_json::Value;

use super::tally::Tally;
use super::visit::{Call, Expect};
use crate::output::plain_table;

/// Faults shown; more would say no more.
const FAULTS_SHOWN: usize = 10;

pub(super) fn print(
    out: &mut impl Write,
    calls: &[Call],
    tally: &Tally,
    retried: u64,
    took: Duration,
) -> io::Result<()> {
    writeln!(out, "{}\n", counts(tally, retried))?;
    if let Some(table) = before_and_after(calls, tally) {
        writeln!(
            out,
            "One order, as the shop sent it and as Meta got it:\n{table}\n"
        )?;
    }
    if tally.faults.is_empty() {
        writeln!(
            out,
            "The numbers add up: every conversion arrived once, every wrong event was rejected for its reason. It took {:.1} s.",
            took.as_secs_f64()
        )?;
    } else {
        writeln!(out, "The numbers do not add up:")?;
        for fault in tally.faults.iter().take(FAULTS_SHOWN) {
            writeln!(out, "  {fault}")?;
        }
        if tally.faults.len() > FAULTS_SHOWN {
            writeln!(out, "  and {} more", tally.faults.len() - FAULTS_SHOWN)?;
        }
    }
    writeln!(
        out,
        "\nWhere to go next:\n  examples/capi.toml           a configuration, every key explained\n  capi check capi.toml         what is wrong with yours\n  capi preview --config FILE   what would be sent of your own events\n  capi serve --config FILE     the real thing\n  docs/setup.md                the Pixel, its token, and how to see events in Events Manager"
    )
}

fn counts(tally: &Tally, retried: u64) -> Table {
    let mut table = plain_table(vec!["What happened", "Events", ""]);
    let mut row = |what: &str, count: u64, meaning: &str| {
        table.add_row([
            Cell::new(what),
            Cell::new(count).set_alignment(CellAlignment::Right),
            Cell::new(meaning),
        ]);
    };
    row(
        "Received",
        tally.received as u64,
        "calls that the shop's clients sent",
    );
    for (action, count) in &tally.converted {
        row(&format!("  converted: {action}"), *count as u64, "");
    }
    for (code, count) in &tally.rejected {
        row(
            &format!("  rejected: {code}"),
            *count as u64,
            "wrong on purpose",
        );
    }
    row(
        "  matched by no trigger",
        tally.unmatched as u64,
        "nobody asked for them",
    );
    row(
        "  duplicates, not sent again",
        tally.duplicates as u64,
        "message ids that had come before",
    );
    row(
        "Delivered",
        tally.delivered as u64,
        "events that Meta's side counts, each once",
    );
    row(
        "Requests",
        tally.graph.requests,
        "batches sent to Meta's side",
    );
    row(
        "Retries",
        retried,
        "events sent again after a 503 and a broken connection",
    );
    table
}

/// What is shown of the one order: its name for people, where it is in the
/// shop's event, and where in Meta's.
const SHOWN: &[(&str, &str, &str)] = &[
    ("event", "/event", "/event_name"),
    ("id", "/messageId", "/event_id"),
    ("time", "/timestamp", "/event_time"),
    ("e-mail", "/context/traits/email", "/user_data/em"),
    ("phone", "/context/traits/phone", "/user_data/ph"),
    ("first name", "/context/traits/firstName", "/user_data/fn"),
    ("last name", "/context/traits/lastName", "/user_data/ln"),
    ("date of birth", "/context/traits/birthday", "/user_data/db"),
    ("gender", "/context/traits/gender", "/user_data/ge"),
    ("city", "/context/traits/address/city", "/user_data/ct"),
    ("state", "/context/traits/address/state", "/user_data/st"),
    (
        "zip code",
        "/context/traits/address/postalCode",
        "/user_data/zp",
    ),
    (
        "country",
        "/context/traits/address/country",
        "/user_data/country",
    ),
    ("customer id", "/userId", "/user_data/external_id"),
    ("IP address", "/context/ip", "/user_data/client_ip_address"),
    ("browser id", "/properties/fbp", "/user_data/fbp"),
    ("value", "/properties/revenue", "/custom_data/value"),
    ("currency", "/properties/currency", "/custom_data/currency"),
    ("products", "/properties/products", "/custom_data/contents"),
];

fn before_and_after(calls: &[Call], tally: &Tally) -> Option<Table> {
    let order = |call: &&Call| {
        matches!(
            call.expect,
            Expect::Delivered {
                action: "purchase",
                ..
            }
        )
    };
    let (before, after) = calls.iter().filter(order).find_map(|call| {
        let before: Value = serde_json::from_str(&call.text).ok()?;
        // One with everything: a customer that the shop does not know by hashes.
        before
            .pointer("/context/traits/email")?
            .as_str()
            .filter(|email| email.contains('@'))?;
        Some((before, tally.at_meta.get(&call.message_id)?))
    })?;
    let mut table = plain_table(vec!["", "The shop sent", "Meta got"]);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    if table.width().is_none() {
        table.set_width(100);
    }
    for (what, from, to) in SHOWN {
        let (Some(before), Some(after)) = (before.pointer(from), after.pointer(to)) else {
            continue;
        };
        table.add_row([(*what).to_owned(), shown(before), shown(after)]);
    }
    Some(table)
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) if text.len() == 64 => format!("sha256 {}…", &text[..24]),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            items.iter().map(shown).collect::<Vec<_>>().join("\n")
        }
        Value::Array(items) => format!("{} of them", items.len()),
        other => other.to_string(),
    }
}
