//! The branch of the identifiers: their rules, their forms and their digests.

use capi_core::explain::{Form, FormOf, IdentifierReport, Step, Value};

use super::style::{bad, doubtful, good, muted, shown, strong, value_style};
use super::tree::Tree;

/// The branch of all identifiers.
pub(super) fn identifiers(all: &[IdentifierReport<'_>]) -> Tree {
    let mut tree = Tree::new(strong().apply_to("identifiers").to_string());
    if all.is_empty() {
        tree.push(Tree::prose("none", doubtful()));
    }
    tree.with(all.iter().map(identifier))
}

fn identifier(of: &IdentifierReport<'_>) -> Tree {
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

/// Whether nothing is sent of a value.
const fn is_refused(value: &Value<'_>) -> bool {
    value.refused.is_some()
}

fn steps(steps: &[Step]) -> impl Iterator<Item = Tree> {
    let steps = steps.iter().enumerate();
    steps.map(|(index, step)| {
        let words = format!("{}. {} ({})", index + 1, step.text, step.code);
        Tree::prose(words, muted())
    })
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
