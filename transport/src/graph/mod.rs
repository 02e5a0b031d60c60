//! One request to Meta's Graph API, its answer, and what the answer means.

mod client;
mod departure;
mod errors;
mod outcome;
mod request;
mod response;
mod usage;
mod version_warning;

pub use client::GraphError;
pub(crate) use client::{Graph, http_client};
pub(crate) use departure::Departure;
pub use errors::{
    Decision, Evidence, RULES, Rule, SUBCODES, Subcode, UNKNOWN, When, remedy_of, rules_of,
    subcode_of,
};
pub(crate) use outcome::{Outcome, Verdict};
pub(crate) use request::encode;
pub(crate) use response::{Answer, ErrorBody, Reply};
pub(crate) use usage::Usage;
