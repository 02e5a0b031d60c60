//! One request to Meta's Graph API, its answer, and what the answer means.

mod client;
mod errors;
mod outcome;
mod request;
mod response;
mod usage;

pub use client::{Graph, GraphError, http_client};
pub use errors::{Cause, Decision, RULES, Rule, SUBCODES, Subcode, UNKNOWN, When, classify};
pub use outcome::{Outcome, Verdict};
pub use request::encode;
pub use response::{Answer, ErrorBody, Reply};
pub use usage::Usage;
