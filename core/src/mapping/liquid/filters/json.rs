//! `default`, and values as JSON text.

use super::super::scope::Made;
use super::super::value::Value;
use super::{Apply, Call};
use crate::event::Json;
use crate::event::json::write_text;
use crate::mapping::text::number_text;

pub(super) const FILTERS: &[(&str, Apply)] = &[
    ("default", default),
    ("json", json),
    ("jsonify", json),
    ("inspect", json),
];

/// What stands for nothing: also an empty text or list, and false unless
/// `allow_false: true` is given.
fn default<'a>(call: &Call<'a, '_>) -> Made<'a> {
    let value = call.value.plain();
    let is_there = match value {
        Value::Json(Json::Str(text)) => !text.is_empty(),
        Value::Json(Json::List(items)) => !items.is_empty(),
        Value::Json(Json::Bool(false)) => call.arguments.iter().skip(1).any(|argument| {
            matches!(argument, Value::Json(Json::List([Json::Str("allow_false"), allowed]))
                if Value::Json(*allowed).is_script_truthy())
        }),
        value => !value.is_nil(),
    };
    Ok(if is_there {
        value
    } else {
        call.argument(0).unwrap_or(Value::Undefined)
    })
}

/// The value as JSON text, with as many spaces a level as the argument says.
fn json<'a>(call: &Call<'a, '_>) -> Made<'a> {
    let mut out = Vec::new();
    match call.value {
        Value::Undefined => return Ok(Value::Undefined),
        // To JavaScript the words are objects without members.
        Value::Nil | Value::Empty | Value::Blank => out.extend_from_slice(b"{}"),
        value => {
            let indent = indent(call.argument(0));
            // Nesting may make the indents many times as long as the values.
            call.scope.spend(size(value.item(), indent.len(), 1))?;
            write(value.item(), &indent, 1, &mut out);
        }
    }
    call.scope
        .text(std::str::from_utf8(&out).unwrap_or_default())
}

/// At most ten characters.
fn indent(argument: Option<Value<'_>>) -> String {
    match argument {
        Some(Value::Json(Json::Number(number))) => {
            let count = number.to_f64();
            (1..=10)
                .take_while(|place| f64::from(*place) <= count)
                .map(|_| ' ')
                .collect()
        }
        Some(Value::Json(Json::Str(text))) => text.chars().take(10).collect(),
        _ => String::new(),
    }
}

/// How many bytes the indents take.
fn size(value: Json<'_>, indent: usize, depth: usize) -> usize {
    let inside = |value: Json<'_>| indent * depth + size(value, indent, depth + 1);
    match value {
        Json::List(items) => items.iter().map(|item| inside(*item)).sum(),
        Json::Object(members) => members.iter().map(|(_, value)| inside(*value)).sum(),
        _ => 0,
    }
}

fn write(value: Json<'_>, indent: &str, depth: usize, out: &mut Vec<u8>) {
    match value {
        Json::Number(number) if !number.to_f64().is_finite() => out.extend_from_slice(b"null"),
        Json::Number(number) => out.extend_from_slice(number_text(number).as_bytes()),
        Json::List([]) => out.extend_from_slice(b"[]"),
        Json::Object([]) => out.extend_from_slice(b"{}"),
        Json::List(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                begin_member(index, indent, depth, out);
                write(*item, indent, depth + 1, out);
            }
            end_line(indent, depth - 1, out);
            out.push(b']');
        }
        Json::Object(members) => {
            out.push(b'{');
            for (index, (key, value)) in members.iter().enumerate() {
                begin_member(index, indent, depth, out);
                write_text(key, out);
                out.extend_from_slice(if indent.is_empty() { b":" } else { b": " });
                write(*value, indent, depth + 1, out);
            }
            end_line(indent, depth - 1, out);
            out.push(b'}');
        }
        plain => plain.write(out),
    }
}

fn begin_member(index: usize, indent: &str, depth: usize, out: &mut Vec<u8>) {
    if index > 0 {
        out.push(b',');
    }
    end_line(indent, depth, out);
}

fn end_line(indent: &str, depth: usize, out: &mut Vec<u8>) {
    if !indent.is_empty() {
        out.push(b'\n');
        out.extend(indent.repeat(depth).bytes());
    }
}
