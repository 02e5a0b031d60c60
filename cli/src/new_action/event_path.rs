//! Where an event has the value of a new field.

use std::fmt;

use anyhow::{bail, ensure};
use serde_json::json;

/// What an event has beside the two objects that hold its data.
const PLAIN: &[&str] = &["event", "messageId", "timestamp", "type"];

/// What says who the customer is. `user_data` of every action takes it, and
/// hashes what must be; as a key of `custom_data` it would leave as it is.
const CUSTOMER: &[&str] = &[
    "anonymousId",
    "context.device",
    "context.ip",
    "context.traits",
    "context.userAgent",
    "traits",
    "userId",
];

/// A path such as `properties.plan`, as its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EventPath {
    pub(super) keys: Vec<String>,
}

impl EventPath {
    /// Reads `properties.plan` or `$.properties.plan`.
    ///
    /// # Errors
    ///
    /// It is not a path of plain keys, leads to nothing that an event has, or to what
    /// says who the customer is.
    pub(super) fn parse(text: &str) -> anyhow::Result<Self> {
        let plain = text.strip_prefix("$.").unwrap_or(text);
        let keys: Vec<String> = plain.split('.').map(str::to_owned).collect();
        let is_key = |key: &String| {
            !key.is_empty()
                && key.trim() == key
                && key
                    .chars()
                    .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' '))
        };
        ensure!(
            keys.iter().all(is_key),
            "{text:?} is not a path: keys of letters, digits, _, - and blanks within, with dots between them, as in properties.plan; write other mappings into the crate's src/lib.rs afterwards"
        );
        let path = Self { keys };
        let within = |outer: &&&str| {
            plain
                .strip_prefix(**outer)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        if let Some(part) = CUSTOMER.iter().find(within) {
            bail!(
                "{part} says who the customer is: user_data takes that in every action, and hashes what must be hashed; leave the field out"
            );
        }
        match path.keys.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["properties", ..] | ["context", _, ..] => Ok(path),
            [one] if PLAIN.contains(&one) => Ok(path),
            _ => bail!(
                "no field can be taken from {plain}: an event's own data is under properties, as in properties.{}, and what surrounds it under context",
                path.last()
            ),
        }
    }

    /// The last key.
    pub(super) fn last(&self) -> &str {
        self.keys.last().map_or("", String::as_str)
    }

    /// The mapping that gives what is there, as JSON text.
    pub(super) fn mapping(&self) -> String {
        json!({"@path": self.rooted()}).to_string()
    }

    /// The path as mappings write it: `$.properties.plan`.
    pub(super) fn rooted(&self) -> String {
        format!("$.{self}")
    }
}

impl fmt::Display for EventPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.keys.join("."))
    }
}
