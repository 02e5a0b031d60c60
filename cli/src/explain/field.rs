//! The branch of the fields: what each became, and from where.

use capi_core::event::Json;
use capi_core::explain::{Mapped, Shown};
use console::measure_text_width;

use super::style::{muted, shown, strong, value_style, widest};
use super::tree::Tree;
use crate::output::printable;

/// The branch of all fields.
pub(super) fn fields(fields: &[Mapped<'_>]) -> Tree {
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
            muted()
                .apply_to(format!("← {}", printable(&origin(of))))
                .to_string(),
        )
    })
    .collect()
}

/// The first of the paths that a mapping reads: a prebuilt one knows many names.
pub(super) fn first_of(paths: &[impl AsRef<str>]) -> String {
    const MAX_SHOWN: usize = 10;
    let (first, more) = paths.split_at_checked(MAX_SHOWN).unwrap_or((paths, &[]));
    let mut words: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
    let places = format!("{} other places", more.len());
    if !more.is_empty() {
        words.push(&places);
    }
    words.join(", ")
}

/// Where a field's value came from: the paths that gave it.
fn origin(of: &Mapped<'_>) -> String {
    let paths = |used: bool| {
        let those = of.reads.iter().filter(move |read| read.used == used);
        those.map(|read| read.path.as_str()).collect::<Vec<_>>()
    };
    let used = paths(true);
    let from = match (&used[..], of.mapping.map(Shown::json)) {
        ([], None) => "the mapping as a whole".to_owned(),
        ([], Some(Json::Object([(directive, _)]))) if of.reads.is_empty() => {
            format!("its {directive}")
        }
        ([], _) if of.reads.is_empty() => "a constant".to_owned(),
        ([], _) => format!("a constant (nothing at {})", first_of(&paths(false))),
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
