//! Events in: the one entry for every door.
//!
//! A door (`ingest` is the one for Segment's HTTP API) knows who sends and how events
//! are written. It asks for [room](Intake::admit) before it reads a body, reads it, and
//! hands it [over](Intake::take) with a function that decodes it. The intake maps the
//! events (`engine`), makes what comes of them safe (`storing`), and says what was
//! rejected. Nothing in here knows of HTTP, and no door knows of the queue.
//!
//! | module | what it is |
//! |---|---|
//! | `budget` | the memory that requests may hold together, in bytes |
//! | `expansion` | what the events of a batch come to with its shared parts |
//! | `worker_pool` | the threads that convert large requests |
//! | `engine` | one request's events through core's pipeline |
//! | `outcome` | what became of a request's events |
//! | `origin` | which subscription made a conversion |
//! | `test_codes` | which test codes of events are in use |
//! | `clocks` | whether many events lie in the future |
//! | `lasting` | conditions that last, in the log and for operators |
//! | `warnings` | what is logged about conversions, within bounds |
//! | `storing` | into the queue, counted, the lanes told |
//! | `counters` | what came in and what became of it |

mod budget;
mod clocks;
mod converted;
mod counters;
mod engine;
mod error;
mod expansion;
mod lasting;
mod origin;
mod storing;
mod take;
mod test_codes;
mod warnings;
mod worker_pool;

pub(crate) use budget::{Budget, Reservation};
pub(crate) use clocks::Clocks;
pub(crate) use converted::RejectionEntry;
pub(crate) use counters::IntakeCounters;
pub(crate) use engine::{Engine, Envelope, Lanes};
pub(crate) use error::{IntakeError, reason};
pub(crate) use expansion::ExpansionLimits;
pub(crate) use storing::Storing;
pub(crate) use take::{Decoded, Intake, Receipt};
pub(crate) use test_codes::TestCodes;
pub(crate) use warnings::Warnings;
pub(crate) use worker_pool::WorkerPool;
