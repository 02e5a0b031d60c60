//! The text of a new crate's files.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use capi_core::field::{FieldType, commerce};
use capi_core::trigger::words;

use super::field::NewField;
use super::name::{Name, capitalized};

/// How far the items of the list of fields stand to the right.
const INDENT: &str = "        ";

/// The width of a line, as in the workspace's `rustfmt.toml`.
const WIDTH: usize = 100;

/// The crate's `Cargo.toml`.
pub(super) fn manifest(name: &Name) -> String {
    let Name { slug, title, .. } = name;
    format!(
        r#"[package]
name = "capi-action-{slug}"
description = "capi action: {title}"
version.workspace = true
edition.workspace = true
rust-version.workspace = true
license.workspace = true
publish.workspace = true

# Its tests are the laws in actions/all, so that the workspace's tests need not
# link one empty test binary per action.
[lib]
test = false
doctest = false

[dependencies]
capi-core.workspace = true

[lints]
workspace = true
"#
    )
}

/// The crate's `src/lib.rs`, near to how it is formatted.
pub(super) fn lib(name: &Name, fields: &[NewField]) -> String {
    let Name { slug, event, title } = name;
    let type_name = name.type_name();
    let imports = imports(fields);
    let mut fields: String = fields.iter().map(field).collect();
    if !fields.is_empty() {
        fields.push_str("\n    ");
    }
    format!(
        r##"//! {title}, an event of the shop's own, which Meta gets as {event}.
//!
//! Off by default, as every event of one's own is: a destination has it where a
//! subscription names it, with the track call of this name unless that has a trigger.

{imports}use capi_core::{{Action, Spec, register_action}};

static SPEC: Spec = Spec {{
    slug: "{slug}",
    title: "{title}",
    description: "{title}, an event of the shop's own.",
    event_name: Some("{event}"),
    default_trigger: Some(r#"type = "track" and event = "{title}""#),
    on_by_default: false,
    fields: &[{fields}],
    example: include_str!("../example.json"),
}};

struct {type_name};

impl Action for {type_name} {{
    fn spec(&self) -> &'static Spec {{
        &SPEC
    }}
}}

register_action!({type_name});
"##
    )
}

fn imports(fields: &[NewField]) -> &'static str {
    let shared = |field: &NewField| field.shared.is_some() || field.key == "delivery_category";
    let own = |field: &NewField| field.shared.is_none();
    match (fields.iter().any(own), fields.iter().any(shared)) {
        (false, false) => "",
        (false, true) => "use capi_core::field::commerce;\n",
        (true, false) => "use capi_core::field::{Field, FieldType, WirePath};\n",
        (true, true) => "use capi_core::field::{Field, FieldType, WirePath, commerce};\n",
    }
}

/// The expression of one field, on lines of its own.
fn field(field: &NewField) -> String {
    match field.shared {
        Some(_) if field.is_contents() => contents(field),
        Some(shared) => {
            let mapping = field.path.mapping();
            let constant = format!("commerce::{}", shared.key.to_uppercase());
            if shared.default == Some(mapping.as_str()) {
                format!("\n{INDENT}{constant},")
            } else {
                format!("\n{INDENT}{constant}.default(r#\"{mapping}\"#),")
            }
        }
        None => own(field),
    }
}

/// The products: each item of the list there, or what is there as the one.
fn contents(field: &NewField) -> String {
    let keys: Vec<&str> = field.path.keys.iter().map(String::as_str).collect();
    match keys[..] {
        ["properties"] => format!("\n{INDENT}commerce::CONTENTS_OF_PRODUCT,"),
        ["properties", "products"] => format!("\n{INDENT}commerce::CONTENTS_OF_PRODUCTS,"),
        _ => {
            let mapping = commerce::CONTENTS_OF_PRODUCTS
                .default
                .unwrap_or_default()
                .replace("$.properties.products", &field.path.rooted());
            format!(
                "\n{INDENT}commerce::CONTENTS.default(\n{INDENT}    r#\"{mapping}\"#,\n{INDENT}),"
            )
        }
    }
}

fn own(field: &NewField) -> String {
    let NewField { key, path, .. } = field;
    let (kind, title, mapping) = (field.kind, capitalized(&words(key)), path.mapping());
    let about = match kind {
        FieldType::Object => format!("The object in {path}, sent as it is."),
        FieldType::Datetime => format!("The time in {path}, sent as the event writes it."),
        _ => format!("What the event has in {path}."),
    };
    let new =
        format!("Field::new(\"{key}\", \"{title}\", FieldType::{kind:?}, WirePath::CustomKey)");
    // Too long for a line, each argument has one of its own.
    let (new, indent) = if INDENT.len() + new.len() > WIDTH {
        let lines = [
            format!("\"{key}\""),
            format!("\"{title}\""),
            format!("FieldType::{kind:?}"),
            "WirePath::CustomKey".to_owned(),
        ];
        let lines = lines.map(|line| format!("\n{INDENT}    {line},")).concat();
        (format!("Field::new({lines}\n{INDENT})"), INDENT.to_owned())
    } else {
        (new, format!("{INDENT}    "))
    };
    format!(
        "\n{INDENT}{new}\n{indent}.description(\"{about}\")\n{indent}.default(r#\"{mapping}\"#),"
    )
}

/// `text` of the file `name` as `cargo fmt` has it. Where rustfmt is not
/// installed, or does not take it, `cargo fmt` has to come later.
pub(super) fn formatted(name: &str, text: String, root: &Path) -> String {
    if !name.ends_with(".rs") {
        return text;
    }
    rustfmt(&text, root).unwrap_or(text)
}

fn rustfmt(text: &str, root: &Path) -> Option<String> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    // The text is smaller than a pipe holds.
    let written = child.stdin.take()?.write_all(text.as_bytes());
    let output = child.wait_with_output().ok()?;
    written.ok()?;
    let formatted = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !formatted.is_empty()).then_some(formatted)
}
