//! The explanation as a tree for people: what is good is muted, what is not
//! stands out.

use std::io::{self, Write};

use capi_core::event::Json;
use capi_core::explain::{
    ChangeKind, Check, CheckResult, Conversion, DecidingClause, DestinationReport, Explanation,
    Mapped, SubscriptionReport,
};
use capi_core::match_quality::MatchQuality;
use console::Style;

use super::field::{fields, first_of};
use super::identifier::identifiers;
use super::json::pretty;
use super::style::{bad, doubtful, good, muted, shown, strong, widest};
use super::tree::Tree;
use crate::output::printable;

/// Writes the explanation, and whether it is of no configuration in particular.
pub(super) fn write(
    explanation: &Explanation<'_>,
    is_prebuilt: bool,
    width: Option<usize>,
    out: &mut impl Write,
) -> io::Result<()> {
    root(explanation, is_prebuilt).write(out, width)?;
    let (sent, rejected) = counts(explanation);
    let summary = match (sent, rejected) {
        (0, 0) => bad().apply_to(nothing(explanation)),
        (0, rejected) => bad().apply_to(format!("Nothing would be sent: {rejected} rejected.")),
        (sent, 0) => good().apply_to(format!("{} would be sent.", conversions(sent))),
        (sent, rejected) => doubtful().apply_to(format!(
            "{} would be sent, {rejected} rejected.",
            conversions(sent)
        )),
    };
    writeln!(out, "\n{summary}")?;
    if explanation.masked {
        let note = "Identifiers are masked; --raw shows them.";
        writeln!(out, "{}", muted().apply_to(note))?;
    }
    Ok(())
}

/// Why nothing takes the event.
fn nothing(explanation: &Explanation<'_>) -> String {
    let all = &explanation.destinations;
    let off: Vec<&str> = all
        .iter()
        .filter(|of| !of.switched_on)
        .map(|of| of.destination)
        .collect();
    let of_no_source = |of: &&DestinationReport<'_>| of.sources.is_some_and(<[String]>::is_empty);
    let why = match off.len() {
        _ if all.is_empty() => "no destination is configured".to_owned(),
        _ if all.iter().all(|of| of_no_source(&of)) => {
            "no destination takes events of any source".to_owned()
        }
        0 => "no subscription takes the event".to_owned(),
        off if off == all.len() => {
            "the event's integrations switch every destination off".to_owned()
        }
        _ => format!(
            "the event's integrations switch {} off, and no other subscription takes the event",
            off.join(", ")
        ),
    };
    format!("Nothing would be sent: {why}.")
}

fn conversions(count: usize) -> String {
    if count == 1 {
        "1 conversion".into()
    } else {
        format!("{count} conversions")
    }
}

fn counts(explanation: &Explanation<'_>) -> (usize, usize) {
    let subscriptions = explanation
        .destinations
        .iter()
        .flat_map(|of| &of.subscriptions);
    let rejected = subscriptions
        .filter_map(|of| of.conversion.as_ref())
        .filter(|of| !of.is_sent)
        .count();
    (explanation.sent(), rejected)
}

fn root(explanation: &Explanation<'_>, is_prebuilt: bool) -> Tree {
    let event = explanation.event.json();
    let text = |key: &str| event.get(key).and_then(Json::as_str).map(printable);
    let mut title = strong()
        .apply_to(text("type").unwrap_or_default())
        .to_string();
    if let Some(name) = event.get("event").or_else(|| event.get("name")) {
        title.push_str(&format!(
            " {}",
            strong().apply_to(printable(&name.to_text()))
        ));
    }
    let mut tree = Tree::new(title);
    let said = ["messageId", "timestamp", "userId", "anonymousId"]
        .into_iter()
        .filter_map(|key| Some(format!("{key} {}", printable(&event.get(key)?.to_text()))));
    let said: Vec<String> = said.collect();
    if !said.is_empty() {
        tree.push(Tree::prose(said.join("  "), muted()));
    }
    for change in &explanation.received {
        let (from, to) = (change.from.map(shown), change.to.map(shown));
        let words = match (change.change, from, to) {
            (ChangeKind::Corrected, Some(from), Some(to)) => format!(
                "{} corrected from {from} to {to}: the client's clock was wrong",
                change.field
            ),
            _ if change.field == "timestamp" => {
                "no timestamp: the event is taken as received now".to_owned()
            }
            _ => format!("no {}: one was made", change.field),
        };
        tree.push(Tree::prose(words, doubtful()));
    }
    if is_prebuilt {
        let words = "no --config: one destination with the actions that are on by default";
        tree.push(Tree::prose(words, doubtful()));
    }
    let of = |of| destination(of, explanation.masked);
    tree.with(explanation.destinations.iter().map(of))
}

fn destination(of: &DestinationReport<'_>, is_masked: bool) -> Tree {
    let dataset = muted().apply_to(format!("dataset {}", of.dataset_id));
    let mut tree = Tree::new(format!("{}  {dataset}", strong().apply_to(of.destination)));
    if let Some(sources) = of.sources {
        let words = format!("only events that came through: {}", sources.join(", "));
        tree.push(Tree::prose(words, muted()));
    }
    if !of.switched_on {
        let key = printable(of.switched_by.unwrap_or_default());
        let words = format!("✗ the event's integrations switch it off: \"{key}\" is false");
        tree.push(Tree::prose(words, bad()));
    }
    let (taken, others): (Vec<_>, Vec<_>) = of.subscriptions.iter().partition(|of| of.matched);
    for subscription in taken {
        if let Some(conversion) = &subscription.conversion {
            tree.push(matched(subscription, conversion, is_masked));
        }
    }
    if !others.is_empty() {
        let width = widest(others.iter().map(|of| of.action));
        let title = match others.len() {
            1 => "1 subscription does not match".to_owned(),
            count => format!("{count} subscriptions do not match"),
        };
        let branches = others.iter().map(|of| {
            let why: Vec<String> = of.clauses.iter().map(failed).collect();
            Tree::pair(
                format!("✗ {:<width$}", of.action),
                muted().apply_to(why.join("; ")).to_string(),
            )
        });
        tree.push(Tree::new(muted().apply_to(title).to_string()).with(branches));
    }
    let is_taken = of.subscriptions.iter().any(|of| of.matched);
    let style = || if is_taken { muted() } else { doubtful() };
    for off in &of.off {
        let how = if off.prebuilt {
            "is not among the destination's own subscriptions; name it in one, or set prebuilt_subscriptions = true"
        } else {
            "is off by default; name it in a subscription"
        };
        let words = format!("the action {} takes this event and {how}", off.action);
        tree.push(Tree::prose(words, style()));
    }
    tree
}

/// A clause that fails, with what the event has there.
fn failed(clause: &DecidingClause<'_>) -> String {
    let reads: Vec<String> = clause
        .reads
        .iter()
        .map(|read| match read.value {
            Some(value) => format!("{} is {}", read.field, shown(value)),
            None => format!("{} is missing", read.field),
        })
        .collect();
    match &reads[..] {
        [] => clause.clause.clone(),
        reads => format!("{} ({})", clause.clause, reads.join(", ")),
    }
}

fn matched(
    subscription: &SubscriptionReport<'_>,
    conversion: &Conversion<'_>,
    is_masked: bool,
) -> Tree {
    let name = conversion.event.json().get("event_name");
    let name = name
        .map(|name| printable(&name.to_text()))
        .unwrap_or_default();
    let (sign, word) = if conversion.is_duplicate {
        let word = "a duplicate of one above, by name, id and dataset: would be dropped";
        (doubtful().apply_to("!"), doubtful().apply_to(word))
    } else if conversion.is_sent {
        (good().apply_to("✓"), good().apply_to("would be sent"))
    } else {
        (bad().apply_to("✗"), bad().apply_to("rejected"))
    };
    let title = strong().apply_to(subscription.action);
    let mut tree = Tree::new(format!("{sign} {title} → {name}  {word}"));
    tree.push(
        Tree::new(strong().apply_to("trigger").to_string())
            .and_prose(subscription.trigger.trim(), muted()),
    );
    tree.push(fields(&conversion.fields));
    tree.push(identifiers(&conversion.identifiers));
    tree.push(checks(&conversion.checks));
    tree.push(event(conversion, is_masked));
    tree.push(quality(&conversion.match_quality, &conversion.fields));
    tree
}

fn checks(checks: &[Check]) -> Tree {
    let of = |outcome: CheckResult| checks.iter().filter(move |check| check.outcome == outcome);
    let counted = [
        (CheckResult::Failed, "failed", bad()),
        (CheckResult::Warned, "with a warning", doubtful()),
        (CheckResult::Passed, "passed", good()),
        (CheckResult::Skipped, "not reached", muted()),
    ]
    .map(|(outcome, word, style)| (of(outcome).count(), word, style));
    let counts: Vec<String> = counted
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, word, style)| style.apply_to(format!("{count} {word}")).to_string())
        .collect();
    let mut tree = Tree::new(format!(
        "{}  {}",
        strong().apply_to("checks"),
        counts.join(", ")
    ));
    for (outcome, sign, style) in [
        (CheckResult::Failed, "✗", bad()),
        (CheckResult::Warned, "!", doubtful()),
    ] {
        for check in of(outcome) {
            for finding in &check.findings {
                let field = printable(&finding.field);
                let title = format!("{sign} {}  {field}", check.code.as_str());
                let source = format!("{} ({})", check.source, check.confidence);
                tree.push(
                    Tree::new(style.apply_to(title).to_string())
                        .and_prose(printable(&finding.message), Style::new())
                        .and_prose(source, muted()),
                );
            }
        }
    }
    let waiting = "not reached, they wait until the others pass:";
    for (outcome, title) in [(CheckResult::Passed, "✓"), (CheckResult::Skipped, waiting)] {
        let codes: Vec<&str> = of(outcome).map(|check| check.code.as_str()).collect();
        if !codes.is_empty() {
            tree.push(Tree::prose(
                format!("{title} {}", codes.join(", ")),
                muted(),
            ));
        }
    }
    tree
}

fn event(conversion: &Conversion<'_>, is_masked: bool) -> Tree {
    let title = if conversion.is_sent {
        strong().apply_to("would be sent")
    } else {
        bad().apply_to("would not be sent, as far as it could be made")
    };
    let note = if is_masked {
        muted().apply_to("  (masked)")
    } else {
        muted().apply_to("")
    };
    let mut tree = Tree::new(format!("{title}{note}"));
    for line in pretty(conversion.event.json()) {
        tree = tree.and_whole(format!("  {}", printable(&line)));
    }
    if let Some(code) = conversion.test_event_code {
        let code = code.json();
        let code = code.as_str().map_or_else(|| code.to_text(), str::to_owned);
        let words = format!("with the test code {}", printable(&code));
        tree = tree.and_prose(words, doubtful());
    }
    tree
}

fn quality(of: &MatchQuality, fields: &[Mapped<'_>]) -> Tree {
    let title = strong().apply_to("match quality");
    let Some(score) = of.score else {
        return Tree::new(format!("{title}  no score")).and_prose(of.about, muted());
    };
    let style = if score >= of.recommended {
        good()
    } else {
        doubtful()
    };
    let recommended = format!("(Meta recommends {:.1})", of.recommended.score());
    let mut tree = Tree::new(format!(
        "{title}  {}  {}",
        style.apply_to(format!("about {:.1} of 10", score.score())),
        muted().apply_to(recommended)
    ))
    .and_prose(of.about, muted());
    if let Some(missing) = &of.missing {
        let field = fields.iter().find(|of| of.field == missing.field);
        let paths = first_of(&missing.from);
        let from = match field {
            Some(field) if field.value.is_some() => {
                "it came and could not be used, see above".to_owned()
            }
            Some(field) if field.mapping.is_none() && !paths.is_empty() => format!(
                "the mapping leaves {} empty; the prebuilt one reads {paths}",
                missing.field
            ),
            Some(_) if !paths.is_empty() => format!("it could come from {paths}"),
            None if !paths.is_empty() => format!(
                "{} is not mapped; the prebuilt mapping reads {paths}",
                missing.field
            ),
            _ => format!("nothing is mapped to {}", missing.field),
        };
        let (key, gain) = (missing.key, missing.gain.score());
        let words = format!("{key} would help most: {gain:.1} more; {from}");
        tree.push(Tree::prose(words, doubtful()));
    }
    tree
}
