//! `capi preview`: what would be sent.

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use capi_core::destination::Destination;
use capi_core::event::{Arena, Arrival, Event, Json};
use capi_core::pipeline::{Pipeline, convert, nearly_taken, pipeline, route};
use capi_core::rejection::{Code, Diagnostic};
use capi_server::load::Loaded;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::exit::Failure;
use crate::lines;

/// One line of output.
#[derive(Serialize)]
#[serde(untagged)]
enum Line<'l> {
    /// What Meta would get.
    Sent {
        destination: &'l str,
        action: &'l str,
        event: &'l RawValue,
        #[serde(skip_serializing_if = "Option::is_none")]
        test_event_code: Option<&'l str>,
        warnings: &'l [Diagnostic],
    },
    /// Why Meta would get nothing. Without a destination the event itself is
    /// unusable.
    Rejected {
        destination: Option<&'l str>,
        action: Option<&'l str>,
        reasons: &'l [Diagnostic],
    },
    /// No subscription takes the event; perhaps a trigger asks for nearly its name.
    Unmatched {
        matched: u8,
        #[serde(skip_serializing_if = "Option::is_none")]
        nearly: Option<&'l str>,
    },
}

pub(crate) fn run(
    config: &Path,
    now: Option<Timestamp>,
    input: Option<&Path>,
) -> Result<ExitCode, Failure> {
    let loaded = Loaded::read(config)?;
    for warning in loaded.warnings() {
        status!("{warning}");
    }
    let config = loaded.into_config()?;
    let (destinations, codes): (Vec<Destination>, Vec<Option<String>>) = config
        .destinations
        .into_iter()
        .map(|of| (of.destination, of.test_event_code))
        .unzip();
    let mut preview = Preview {
        destinations: &destinations,
        codes: &codes,
        now: now.unwrap_or_else(Timestamp::now),
        pipeline: pipeline(),
        out: BufWriter::new(io::stdout().lock()),
    };
    lines::each(lines::open(input)?, |line, arena| {
        preview.event(line, arena)
    })?;
    preview.out.flush()?;
    Ok(ExitCode::SUCCESS)
}

struct Preview<'p, W> {
    destinations: &'p [Destination],
    codes: &'p [Option<String>],
    now: Timestamp,
    pipeline: Pipeline,
    out: W,
}

impl<W: Write> Preview<'_, W> {
    fn event(&mut self, text: &[u8], arena: &Arena) -> io::Result<()> {
        let event = Json::parse(arena, text)
            .map_err(|error| Diagnostic::new(Code::MalformedEvent, "", error.to_string()))
            .and_then(|root| {
                Event::receive(root, &Arrival::at(self.now), arena, &mut || {
                    uuid::Uuid::now_v7().to_string()
                })
            });
        let event = match event {
            Ok(event) => event,
            Err(reason) => {
                let reasons = &[reason];
                return self.line(&Line::Rejected {
                    destination: None,
                    action: None,
                    reasons,
                });
            }
        };
        let mut matched = false;
        for routed in route(self.destinations, event, None, self.now, arena) {
            matched = true;
            let destination = &routed.destination.name;
            let action = routed.subscription.action.slug;
            match convert(&mut self.pipeline, routed) {
                Ok(admitted) => {
                    let event: &RawValue = serde_json::from_slice(admitted.event.json())?;
                    let configured = self
                        .destinations
                        .iter()
                        .zip(self.codes)
                        .find(|(other, _)| other.name == *destination)
                        .and_then(|(_, code)| code.as_deref());
                    let test_event_code = admitted.event.test_event_code().or(configured);
                    self.line(&Line::Sent {
                        destination,
                        action,
                        event,
                        test_event_code,
                        warnings: &admitted.warnings,
                    })?;
                }
                Err(rejection) => self.line(&Line::Rejected {
                    destination: Some(destination),
                    action: Some(action),
                    reasons: &rejection.reasons,
                })?,
            }
        }
        if matched {
            Ok(())
        } else {
            let nearly = nearly_taken(self.destinations, event, None).map(|(_, asked)| asked);
            self.line(&Line::Unmatched { matched: 0, nearly })
        }
    }

    fn line(&mut self, line: &Line<'_>) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, line)?;
        self.out.write_all(b"\n")
    }
}
