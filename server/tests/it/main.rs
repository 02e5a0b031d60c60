//! The server as its users meet it: the real binary, in a folder of its own,
//! between raw sockets and a sandbox of Meta's endpoint.

// Clippy's exemption for tests does not reach the functions they share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

// What the server promises.
mod admin;
mod auth;
mod bodies;
mod clients;
mod clock;
mod completed;
mod crash;
mod delivery;
mod disk;
mod early;
mod edges;
mod examples;
mod faults;
mod full;
mod poison;
mod pressure;
mod privacy;
mod rejected;
mod routes;
mod signals;
mod start;
mod test_code;
mod versions;
mod wire;
