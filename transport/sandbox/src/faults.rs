//! Faults: answers that Meta gives on a bad day, on demand.

mod active;
mod envelope;
mod glob;
mod parse;
mod reply;
mod rule;

pub(crate) use active::ActiveFaults;
pub use parse::FaultError;
pub use rule::FaultRule;
pub(crate) use rule::{Act, Answer};
