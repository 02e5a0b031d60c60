//! The explanation as a tree for people: what is good is muted, what is not
//! stands out.

use std::io::{self, Write};

use capi_core::event::Json;
use capi_core::explain::{
    Check, Conversion, Deciding, Destined, Explanation, Form, FormOf, Identified, Kind, Mapped,
    Outcome, Shown, Step, Subscribed, Value,
};
use capi_core::match_quality::MatchQuality;
use console::{Style, measure_text_width};

use super::json::pretty;
use super::tree::Tree;

/// Values beyond this many characters are cut; the event itself shows them whole.
const LONGEST: usize = 60;

fn muted() -> Style {
    Style::new().dim()
}

fn strong() -> Style {
    Style::new().bold()
}

fn good() -> Style {
    Style::new().green()
}

fn bad() -> Style {
    Style::new().red().bold()
}

fn doubtful() -> Style {
    Style::new().yellow()
}

fn value_style() -> Style {
    Style::new().cyan()
}

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
        (0, 0) => bad().apply_to("Nothing would be sent: no subscription takes the event.".into()),
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
    let all = subscriptions
        .filter_map(|of| of.conversion.as_ref())
        .count();
    let sent = explanation.sent();
    (sent, all.saturating_sub(sent))
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
            (Kind::Corrected, Some(from), Some(to)) => format!(
                "{} corrected from {from} to {to}: the client's clock was wrong",
                change.field
            ),
            (Kind::Missing, ..) => format!(
                "no {}: the server would give it the time of its receipt",
                change.field
            ),
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

fn destination(of: &Destined<'_>, is_masked: bool) -> Tree {
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
    tree
}

/// A clause that fails, with what the event has there.
fn failed(clause: &Deciding<'_>) -> String {
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

fn matched(subscription: &Subscribed<'_>, conversion: &Conversion<'_>, is_masked: bool) -> Tree {
    let name = conversion.event.json().get("event_name");
    let name = name
        .map(|name| printable(&name.to_text()))
        .unwrap_or_default();
    let (sign, word) = if conversion.is_sent {
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
    tree.push(quality(&conversion.match_quality, &conversion.identifiers));
    tree
}

fn fields(fields: &[Mapped<'_>]) -> Tree {
    let (there, absent): (Vec<_>, Vec<_>) = fields.iter().partition(|of| of.value.is_some());
    let object_of = |of: &Mapped<'_>| {
        of.field
            .split_once('.')
            .map(|(object, _)| object.to_owned())
    };
    let (plain, parts): (Vec<_>, Vec<_>) =
        there.into_iter().partition(|of| object_of(of).is_none());
    let mut tree = Tree::new(strong().apply_to("fields").to_string()).with(lines(&plain));
    for parts in parts.chunk_by(|one, other| object_of(one) == object_of(other)) {
        let object = parts
            .first()
            .and_then(|of| object_of(of))
            .unwrap_or_default();
        tree.push(Tree::new(object).with(lines(parts)));
    }
    if !absent.is_empty() {
        let names: Vec<&str> = absent.iter().map(|of| of.field.as_str()).collect();
        let words = format!("nothing in the event for: {}", names.join(", "));
        tree.push(Tree::prose(words, muted()));
    }
    tree
}

/// Values up to this width stand in a column.
const COLUMN: usize = 20;

fn lines(fields: &[&Mapped<'_>]) -> Vec<Tree> {
    let name = |of: &Mapped<'_>| match of.field.split_once('.') {
        Some((_, part)) => printable(part),
        None => printable(&of.field),
    };
    let names: Vec<String> = fields.iter().map(|of| name(of)).collect();
    let values: Vec<String> = fields.iter().filter_map(|of| of.value.map(shown)).collect();
    let width = widest(names.iter().map(String::as_str));
    let column = widest(values.iter().map(String::as_str)).min(COLUMN);
    let each = fields.iter().zip(names).zip(&values);
    each.map(|((of, name), value)| {
        let pad = " ".repeat(column.saturating_sub(measure_text_width(value)));
        Tree::pair(
            format!("{name:<width$}  {}{pad}", value_style().apply_to(value)),
            muted().apply_to(format!("← {}", origin(of))).to_string(),
        )
    })
    .collect()
}

/// Where a field's value came from: the paths that gave it.
fn origin(of: &Mapped<'_>) -> String {
    let paths = |used: bool| {
        let those = of.sources.iter().filter(move |source| source.used == used);
        those.map(|source| source.path.as_str()).collect::<Vec<_>>()
    };
    let used = paths(true);
    let from = match (&used[..], of.mapping.map(Shown::json)) {
        ([], None) => "the mapping as a whole".to_owned(),
        ([], Some(Json::Object([(directive, _)]))) if of.sources.is_empty() => {
            format!("its {directive}")
        }
        ([], _) if of.sources.is_empty() => "a constant".to_owned(),
        ([], _) => format!("a constant (nothing at {})", paths(false).join(", ")),
        // What is read of each item of a list, beside the list.
        ([list, items @ ..], _) if !items.is_empty() => {
            let start = format!("{list}[].");
            let inner: Option<Vec<_>> = items.iter().map(|it| it.strip_prefix(&start)).collect();
            inner.map_or(used.join(", "), |inner| {
                format!("{list}[] ({})", inner.join(", "))
            })
        }
        (paths, _) => paths.join(", "),
    };
    if of.prebuilt || of.mapping.is_none() {
        from
    } else {
        format!("{from} (own mapping)")
    }
}

fn identifiers(all: &[Identified<'_>]) -> Tree {
    let mut tree = Tree::new(strong().apply_to("identifiers").to_string());
    if all.is_empty() {
        tree.push(Tree::prose("none", doubtful()));
    }
    tree.with(all.iter().map(identifier))
}

fn identifier(of: &Identified<'_>) -> Tree {
    let raw: Vec<String> = of.values.iter().map(|value| shown(value.raw)).collect();
    let title = strong().apply_to(of.key);
    let forms = || of.values.iter().flat_map(|value| &value.forms);
    let mut tree = Tree::new(format!(
        "{title}  {}",
        value_style().apply_to(raw.join(", "))
    ));
    if forms().any(|form| form.of != FormOf::Hashed) || of.values.iter().any(is_refused) {
        let rule = format!("rule: {}", of.source);
        tree.push(Tree::prose(rule, muted()).with(steps(&of.steps)));
    }
    if forms().any(|form| form.of == FormOf::Pixel) {
        let rule = "rule of Meta's Pixel".to_owned();
        tree.push(Tree::prose(rule, muted()).with(steps(&of.pixel_steps)));
    }
    for value in &of.values {
        if let Some(refused) = value.refused {
            let words = format!("✗ {} is left out: {}", shown(value.raw), refused.message);
            tree.push(Tree::prose(words, bad()));
        }
        for form in &value.forms {
            tree.push(hashed(form));
        }
    }
    tree
}

const fn is_refused(value: &Value<'_>) -> bool {
    value.refused.is_some()
}

fn steps(steps: &[Step]) -> impl Iterator<Item = Tree> {
    let steps = steps.iter().enumerate();
    steps.map(|(index, step)| Tree::prose(format!("{}. {}", index + 1, step.text), muted()))
}

fn hashed(form: &Form<'_>) -> Tree {
    let what = match form.of {
        FormOf::Page => "normalized",
        FormOf::Pixel => "as Meta's Pixel",
        FormOf::Hashed => "came hashed",
    };
    let normalized = form.normalized.map(shown).unwrap_or_default();
    Tree::new(format!("{what} {}", value_style().apply_to(normalized)))
        .and_whole(good().apply_to(&form.sha256).to_string())
}

fn checks(checks: &[Check]) -> Tree {
    let of = |outcome: Outcome| checks.iter().filter(move |check| check.outcome == outcome);
    let counted = [
        (Outcome::Failed, "failed", bad()),
        (Outcome::Warned, "with a warning", doubtful()),
        (Outcome::Passed, "passed", good()),
        (Outcome::Skipped, "not reached", muted()),
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
        (Outcome::Failed, "✗", bad()),
        (Outcome::Warned, "!", doubtful()),
    ] {
        for check in of(outcome) {
            for finding in &check.findings {
                let title = format!("{sign} {}  {}", check.code.as_str(), finding.field);
                let source = format!("{} ({})", check.source, check.confidence);
                tree.push(
                    Tree::new(style.apply_to(title).to_string())
                        .and_prose(printable(&finding.message), Style::new())
                        .and_prose(source, muted()),
                );
            }
        }
    }
    for (outcome, title) in [(Outcome::Passed, "✓"), (Outcome::Skipped, "not reached:")] {
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
    if let Some(code) = &conversion.test_event_code {
        let words = format!("with the test code {}", printable(code));
        tree = tree.and_prose(words, doubtful());
    }
    tree
}

fn quality(of: &MatchQuality, identifiers: &[Identified<'_>]) -> Tree {
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
        let refused = identifiers
            .iter()
            .filter(|of| of.key == missing.key)
            .flat_map(|of| &of.values)
            .any(is_refused);
        let from = match (&missing.from[..], refused) {
            (_, true) => "it came and could not be used, see above".to_owned(),
            ([], _) => format!("nothing is mapped to {}", missing.field),
            (paths, _) => format!("it could come from {}", paths.join(", ")),
        };
        let (key, gain) = (missing.key, missing.gain.score());
        let words = format!("{key} would help most: {gain:.1} more; {from}");
        tree.push(Tree::prose(words, doubtful()));
    }
    tree
}

/// A value as JSON, of a long one the beginning.
fn shown(value: Shown<'_>) -> String {
    let text = printable(&value.json().to_text());
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// `text` without what would steer a terminal.
fn printable(text: &str) -> String {
    text.replace(char::is_control, "\u{fffd}")
}

fn widest<'t>(texts: impl Iterator<Item = &'t str>) -> usize {
    texts.map(measure_text_width).max().unwrap_or_default()
}
