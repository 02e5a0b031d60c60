//! Reading cases, and telling which of them does not hold.

use std::fmt;

use capi_core::event::{Arena, Json};

/// A case that does not hold, or cannot be read.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The file of data.
    pub file: &'static str,
    /// The line in it, from 1.
    pub line: usize,
    /// What should be, and what is.
    pub message: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.file, self.line, self.message)
    }
}

/// A case with what was before it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case<'c> {
    pub(crate) json: Json<'c>,
    /// The event that it is about, where its set has events.
    pub(crate) event: Json<'c>,
}

impl<'c> Case<'c> {
    pub(crate) fn get(&self, key: &str) -> Option<Json<'c>> {
        self.json.get(key)
    }

    pub(crate) fn text(&self, key: &str) -> Option<&'c str> {
        self.get(key).and_then(Json::as_str)
    }
}

/// Calls `check` with each case of a file; what it does not like is a fault. A
/// line with an `event` or a `source` and nothing else sets it for the lines
/// behind it, and every case has a source. Gives the number of cases.
pub(crate) fn each(
    file: &'static str,
    text: &str,
    faults: &mut Vec<Failure>,
    mut check: impl FnMut(Case<'_>) -> Result<(), String>,
) -> usize {
    let arena = Arena::new();
    let mut event = Json::Null;
    let mut has_source = false;
    let mut cases = 0;
    for (index, line) in text.lines().enumerate() {
        let outcome = match Json::parse(&arena, line.as_bytes()) {
            Err(error) => Err(format!("no JSON: {error}")),
            Ok(json) => match json.as_object() {
                Some([("event", own)]) => {
                    event = *own;
                    continue;
                }
                Some([("source", _)]) => {
                    has_source = true;
                    continue;
                }
                _ if !has_source => Err("no source stands before it".to_owned()),
                _ => {
                    cases += 1;
                    check(Case { json, event })
                }
            },
        };
        if let Err(message) = outcome {
            faults.push(Failure {
                file,
                line: index + 1,
                message,
            });
        }
    }
    cases
}
