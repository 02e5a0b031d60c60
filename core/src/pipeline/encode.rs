//! Meta's JSON of a conversion: of one that may be sent, and of a rejected one
//! as far as it goes.
//!
//! Source: Meta, Server event parameters.

use super::stages::Scrubbed;
use crate::json::Json;
use crate::json::write_text;
use crate::user_data::Identifier;

/// The event as one item of `data`, written straight into its bytes.
pub(super) fn encode(scrubbed: &Scrubbed<'_>) -> Vec<u8> {
    let draft = &scrubbed.draft;
    let mut out = Vec::with_capacity(2048);
    out.push(b'{');
    if let Some(name) = draft.event_name {
        text("event_name", name, &mut out);
    }
    if let Some(time) = draft.event_time {
        key("event_time", &mut out);
        out.extend_from_slice(time.to_string().as_bytes());
    }
    if let Some(id) = draft.event_id {
        text("event_id", id, &mut out);
    }
    if let Some(url) = draft.event_source_url {
        text("event_source_url", url, &mut out);
    }
    if let Some(source) = draft.action_source {
        text("action_source", source.name(), &mut out);
    }
    for (name, value) in draft.event_keys.iter().chain(draft.wrong) {
        key(name, &mut out);
        value.write(&mut out);
    }
    key("user_data", &mut out);
    user_data(scrubbed, &mut out);
    if !draft.custom_data.is_empty() {
        key("custom_data", &mut out);
        Json::Object(draft.custom_data).write(&mut out);
    }
    if let Some(app_data) = draft.app_data {
        key("app_data", &mut out);
        Json::Object(app_data).write(&mut out);
    }
    if let Some(processing) = draft.data_processing {
        let written = format!(
            r#","data_processing_options":["LDU"],"data_processing_options_country":{},"data_processing_options_state":{}"#,
            processing.country, processing.state
        );
        out.extend_from_slice(written.as_bytes());
    }
    out.push(b'}');
    out
}

/// Every identifier as a list, even of one value: Meta's samples do, and every
/// reader of the outcome finds one shape.
fn user_data(scrubbed: &Scrubbed<'_>, out: &mut Vec<u8>) {
    out.push(b'{');
    for identifier in Identifier::ALL {
        let digests = scrubbed.identifiers[identifier as usize];
        if digests.is_empty() {
            continue;
        }
        key(identifier.key(), out);
        out.push(b'[');
        for (index, digest) in digests.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            out.push(b'"');
            out.extend_from_slice(digest.as_str().as_bytes());
            out.push(b'"');
        }
        out.push(b']');
    }
    for (name, value) in scrubbed.draft.user_keys {
        key(name, out);
        value.write(out);
    }
    out.push(b'}');
}

fn text(name: &str, value: &str, out: &mut Vec<u8>) {
    key(name, out);
    write_text(value, out);
}

/// A key of ours, which needs no escaping, with the comma before it where one
/// is due.
fn key(name: &str, out: &mut Vec<u8>) {
    if out.last() != Some(&b'{') {
        out.push(b',');
    }
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}
