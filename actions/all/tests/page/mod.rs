//! The generated pages and the Markdown that they share.

pub(crate) mod action;
mod json;
pub(crate) mod overview;
pub(crate) mod reference;

use capi_core::field::{Field, FieldType};

/// Opens every generated page.
const NOTICE: &str =
    "<!-- Written from the code by `cargo test -p capi-actions --test docs`; do not edit. -->\n\n";

/// A table; a bar inside a cell is escaped, or it would end the cell.
fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut out = line(head.iter().copied().map(str::to_owned).collect());
    out.push_str(&format!("|{}\n", "---|".repeat(head.len())));
    for row in rows {
        assert_eq!(row.len(), head.len(), "{row:?}");
        let cells = row.into_iter().map(|cell| cell.replace('|', "\\|"));
        out.push_str(&line(cells.collect()));
    }
    out
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

fn fence(language: &str, text: &str) -> String {
    format!("```{language}\n{}\n```\n", text.trim_end())
}

/// The table of `fields`, with those of the items of a list beneath it.
fn fields(fields: &[Field]) -> String {
    let mut rows = Vec::new();
    for field in fields {
        rows.push(row("", field));
        if field.multiple {
            let path = format!("{}[].", field.key);
            rows.extend(field.properties.iter().map(|property| row(&path, property)));
        }
    }
    let head = ["key", "type", "required", "what it is", "prebuilt mapping"];
    table(&head, rows)
}

fn row(path: &str, field: &Field) -> Vec<String> {
    let mut key = code(&format!("{path}{}", field.key));
    if let Some(alias) = field.alias.filter(|alias| *alias != field.key) {
        key.push_str(&format!(" or {}", code(alias)));
    }
    let mut about = field.description.to_owned();
    if !field.choices.is_empty() {
        let choices: Vec<_> = field.choices.iter().copied().map(code).collect();
        about.push_str(&format!(" One of {}.", choices.join(", ")));
    }
    let required = if field.required { "yes" } else { "" };
    vec![
        key,
        kind(field),
        required.to_owned(),
        about,
        field.default.map(code).unwrap_or_default(),
    ]
}

fn kind(field: &Field) -> String {
    let name = match (field.kind, field.properties) {
        (FieldType::Object, []) => "free object",
        (kind, _) => kind.name(),
    };
    if field.multiple {
        format!("{name}, one or a list")
    } else {
        name.to_owned()
    }
}
