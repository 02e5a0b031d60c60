//! The sandbox as its users meet it: over sockets on the loopback interface.

// Clippy's exemption for tests does not reach the functions they share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bodies;
mod client;
mod counts;
mod fault_answers;
mod fault_rules;
mod graph;
mod rules;
mod samples;
mod serving;
