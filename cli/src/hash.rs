//! `capi hash`: what would be sent of a value of an identifier.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use capi_core::event::{Arena, Json};
use capi_core::user_data::{Digest, Hints, Identifier, Normal, Profile, normalize};
use serde::Serialize;

use crate::exit::Failure;
use crate::lines;

/// One line of output.
#[derive(Serialize)]
#[serde(untagged)]
enum Line<'l> {
    /// What is sent, the form of Meta's page first, and what it is the hash of;
    /// a digest that came as such stands for itself.
    Sent {
        sha256: Vec<&'l str>,
        normalized: Vec<&'l str>,
    },
    /// Why nothing is sent.
    Refused {
        sha256: [&'l str; 0],
        reason: &'l str,
    },
}

/// How the values of one call are normalized.
#[derive(Clone, Copy)]
pub(crate) struct Hashing<'h> {
    pub(crate) identifier: Identifier,
    pub(crate) profile: Profile,
    pub(crate) hints: Hints<'h>,
}

/// Reads a JSON value a line from stdin, a text, a number or a list of those,
/// and prints a line for each. Nothing of it is kept.
pub(crate) fn run(hashing: Hashing<'_>) -> Result<ExitCode, Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    lines::each(lines::open(None)?, |text, arena| {
        hashing.line(text, arena, &mut out)?;
        out.write_all(b"\n")
    })?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

impl Hashing<'_> {
    fn line(self, text: &[u8], arena: &Arena, out: &mut impl Write) -> io::Result<()> {
        let mut normal = Vec::new();
        let mut reasons = Vec::new();
        match Json::parse(arena, text) {
            Ok(value) => normalize(
                self.identifier,
                value,
                self.hints,
                self.profile,
                arena,
                &mut normal,
                &mut |refusal| reasons.push(refusal.message().to_owned()),
            ),
            Err(error) => reasons.push(format!("the line is not JSON: {error}")),
        }
        let digests: Vec<Digest> = normal.iter().map(|value| value.digest()).collect();
        let line = if normal.is_empty() {
            let reason = reasons.first().map(String::as_str);
            Line::Refused {
                sha256: [],
                reason: reason.unwrap_or("the value is missing; leave the field out"),
            }
        } else {
            // A list of which some values are good: the messages go to stderr.
            for reason in reasons {
                status!("a value of a list is left out: {reason}");
            }
            let normalized = normal
                .iter()
                .zip(&digests)
                .map(|(value, digest)| match value {
                    Normal::Text(plain) => plain.expose(),
                    Normal::Hashed(_) => digest.as_str(),
                });
            Line::Sent {
                sha256: digests.iter().map(Digest::as_str).collect(),
                normalized: normalized.collect(),
            }
        };
        serde_json::to_writer(out, &line).map_err(io::Error::from)
    }
}
