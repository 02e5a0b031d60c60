//! JSON as people read it, in the order in which it is sent.

use capi_core::event::{Arena, Json};

/// `bytes` over several lines; a list without objects stays on one.
pub(crate) fn pretty(bytes: &[u8]) -> String {
    let arena = Arena::new();
    let json = Json::parse(&arena, bytes).expect("what is sent is JSON");
    let mut out = String::new();
    write(json, 0, &mut out);
    out
}

fn write(json: Json<'_>, depth: usize, out: &mut String) {
    match json {
        Json::Object(members) if !members.is_empty() => {
            let items = members.iter().map(|(key, value)| (Some(*key), *value));
            lines('{', items, '}', depth, out);
        }
        Json::List(items) if items.iter().any(|item| item.as_object().is_some()) => {
            let items = items.iter().map(|item| (None, *item));
            lines('[', items, ']', depth, out);
        }
        Json::List(items) => {
            let items: Vec<_> = items.iter().map(|item| item.to_text()).collect();
            out.push_str(&format!("[{}]", items.join(", ")));
        }
        other => out.push_str(&other.to_text()),
    }
}

fn lines<'a>(
    open: char,
    items: impl Iterator<Item = (Option<&'a str>, Json<'a>)>,
    close: char,
    depth: usize,
    out: &mut String,
) {
    out.push(open);
    for (index, (key, value)) in items.enumerate() {
        out.push_str(if index > 0 { ",\n" } else { "\n" });
        out.push_str(&"  ".repeat(depth + 1));
        if let Some(key) = key {
            out.push_str(&Json::Str(key).to_text());
            out.push_str(": ");
        }
        write(value, depth + 1, out);
    }
    out.push('\n');
    out.push_str(&"  ".repeat(depth));
    out.push(close);
}
