//! Dead letters checked again, by the configuration as it is now, on their way
//! back into the queue.

use capi_core::config::Config;
use capi_core::destination::Destination;
use capi_core::pipeline::{Edit, EditError, repair};
use capi_core::rejection::{Code, Rejection};
use capi_core::{Registry, RegistryError};
use capi_transport::{
    Conversion, DeadFilter, DeadLetter, LaneKey, QueueError, Replaced, SqliteQueue,
    StoredDiagnostic,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How many letters are read, checked and queued together.
const CHUNK_SIZE: usize = 500;

/// So many letters that cannot be sent are named.
const MOST_TOLD: usize = 100;

/// What letters are checked with.
pub struct Checks {
    destinations: Vec<Destination>,
    registry: Registry,
}

/// What is changed of letters that are sent again.
#[derive(Clone, Copy, Debug)]
pub enum Change<'a> {
    /// These keys of each.
    Edits(&'a [Edit]),
    /// The event id of each: it becomes the id of the letter's message.
    AsNew,
}

/// What became of letters that were to be sent again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repaired {
    /// Queued again.
    pub queued: u64,
    /// Their id was queued or delivered meanwhile: they stay dead letters.
    pub duplicates: u64,
    /// They do not pass the checks: they stay dead letters, as they were.
    pub rejected: u64,
    /// They were no dead letters any more when they were to be queued.
    #[serde(default, skip_serializing_if = "is_none")]
    pub gone: u64,
    /// The first of those, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unrepaired: Vec<Unrepaired>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
const fn is_none(count: &u64) -> bool {
    *count == 0
}

/// A letter that cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unrepaired {
    /// The letter's number.
    pub id: i64,
    /// Its event id.
    pub event_id: Option<String>,
    /// Why not.
    pub reasons: Vec<StoredDiagnostic>,
}

impl Checks {
    /// What a configuration says.
    ///
    /// # Errors
    ///
    /// No action is linked in.
    pub fn of(config: &Config) -> Result<Self, RegistryError> {
        let destinations = config.destinations.iter();
        Ok(Self {
            destinations: destinations.map(|of| of.destination.clone()).collect(),
            registry: Registry::linked()?,
        })
    }

    /// Gives what waits in a queue, and its dead letters, the datasets that the
    /// destinations have now. A row whose event a dataset has already goes: so
    /// only who sends it, or queues more, may ask for that.
    ///
    /// # Errors
    ///
    /// The queue cannot be written.
    pub async fn rebind_dataset(&self, queue: &SqliteQueue) -> Result<(), QueueError> {
        let destinations = self.destinations.iter();
        let datasets = destinations.map(|one| (one.name.clone(), one.dataset_id.clone()));
        queue.rebind_dataset(datasets.collect()).await
    }

    /// The names of the destinations that there are.
    pub(super) fn destinations(&self) -> Vec<String> {
        let names = self.destinations.iter();
        names.map(|destination| destination.name.clone()).collect()
    }

    /// The dataset of a destination that there is.
    pub(super) fn dataset_of(&self, destination: &str) -> Option<String> {
        let mut known = self.destinations.iter();
        known
            .find(|known| known.name == destination)
            .map(|known| known.dataset_id.clone())
    }

    pub(super) fn knows(&self, destination: &str) -> bool {
        self.destinations
            .iter()
            .any(|known| known.name == destination)
    }

    /// Changes the letters of a filter, checks them, and queues those that pass.
    ///
    /// # Errors
    ///
    /// The queue failed: those before are queued.
    pub async fn send_again(
        &self,
        queue: &SqliteQueue,
        filter: &DeadFilter,
        change: Change<'_>,
    ) -> Result<Repaired, QueueError> {
        // One that is refused again immediately becomes a letter with a new number.
        let last = queue.last_dead().await?;
        let mut done = Repaired::default();
        let mut after = 0;
        loop {
            let mut letters = queue.dead(filter.clone(), after, CHUNK_SIZE).await?;
            letters.retain(|letter| letter.id <= last);
            let Some(newest) = letters.last() else {
                return Ok(done);
            };
            after = newest.id;
            let now = Timestamp::now();
            let mut repaired = Vec::new();
            for letter in &letters {
                match self.changed(letter, change, now) {
                    Ok(conversion) => repaired.push((letter.id, conversion)),
                    Err(reasons) => done.report(letter, reasons),
                }
            }
            for replaced in queue.replace_dead(repaired).await? {
                match replaced {
                    Replaced::Queued => done.queued += 1,
                    Replaced::Duplicate => done.duplicates += 1,
                    Replaced::Gone => done.gone += 1,
                }
            }
        }
    }

    fn changed(
        &self,
        letter: &DeadLetter,
        change: Change<'_>,
        now: Timestamp,
    ) -> Result<Conversion, Vec<StoredDiagnostic>> {
        match (change, &letter.message_id) {
            (Change::Edits(edits), _) => self.check(letter, edits, now),
            (Change::AsNew, Some(message_id)) => {
                self.check(letter, &[Edit::of_event_id(message_id)], now)
            }
            (Change::AsNew, None) => Err(vec![StoredDiagnostic {
                code: "no_other_id".into(),
                field: "event_id".into(),
                message: "the event's id is that of its message already, or the message is not known; give it another: `capi dead edit ID --set event_id=NEW`".into(),
            }]),
        }
    }

    fn check(
        &self,
        letter: &DeadLetter,
        edits: &[Edit],
        now: Timestamp,
    ) -> Result<Conversion, Vec<StoredDiagnostic>> {
        let name = &letter.destination;
        let Some(destination) = self.destinations.iter().find(|known| known.name == *name) else {
            return Err(vec![no_such(name)]);
        };
        let slug = letter.action.as_deref().unwrap_or_default();
        // What was wrong is not in the event any more, or is there still: a
        // check of the rest would let it through without.
        let is_open = |found: &&StoredDiagnostic| {
            Code::ALL
                .iter()
                .any(|code| code.as_str() == found.code && code.is_of_a_value())
                && !edits.iter().any(|edit| edit.concerns(&found.field))
        };
        let open: Vec<StoredDiagnostic> = letter.reasons.iter().filter(is_open).cloned().collect();
        let stored = letter.event.get().as_bytes();
        let action = self.registry.get(slug);
        match repair(stored, edits, action, destination, now) {
            Ok(_) if !open.is_empty() => Err(open),
            Ok(Ok(admitted)) => Ok(Conversion::new(
                LaneKey::new(name, letter.test_event_code.as_deref()),
                &*destination.dataset_id,
                slug.to_owned(),
                admitted.event,
            )),
            Ok(Err(rejection)) => Err(found(rejection)),
            Err(error) => Err(vec![StoredDiagnostic {
                code: match error {
                    EditError::UnknownKey { .. } => "no_such_key".into(),
                    EditError::Unusable { .. } => "unusable_value".into(),
                    EditError::Form | EditError::TooDeep | EditError::Stored => {
                        "not_editable".into()
                    }
                },
                field: String::new(),
                message: error.to_string(),
            }]),
        }
    }
}

impl Repaired {
    /// Counts letters of destinations that no longer exist.
    pub(super) fn without_destination(&mut self, letters: Vec<(i64, Option<String>, String)>) {
        for (id, event_id, destination) in letters {
            self.rejected += 1;
            if self.unrepaired.len() < MOST_TOLD {
                self.unrepaired.push(Unrepaired {
                    id,
                    event_id,
                    reasons: vec![no_such(&destination)],
                });
            }
        }
    }

    fn report(&mut self, letter: &DeadLetter, reasons: Vec<StoredDiagnostic>) {
        self.rejected += 1;
        if self.unrepaired.len() < MOST_TOLD {
            self.unrepaired.push(Unrepaired {
                id: letter.id,
                event_id: letter.event_id.clone(),
                reasons,
            });
        }
    }
}

fn found(rejection: Rejection) -> Vec<StoredDiagnostic> {
    let reasons = rejection.reasons.into_iter();
    reasons
        .map(|reason| StoredDiagnostic {
            code: reason.code.as_str().into(),
            field: reason.field.into(),
            message: reason.message.into(),
        })
        .collect()
}

fn no_such(destination: &str) -> StoredDiagnostic {
    StoredDiagnostic {
        code: "no_such_destination".into(),
        field: "destination".into(),
        message: format!(
            "the configuration has no destination {destination:?} any more; give one that name, or purge the letter"
        ),
    }
}
