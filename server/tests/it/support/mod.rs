//! What the tests are built from.

pub(crate) mod admin;
pub(crate) mod calls;
pub(crate) mod http;
pub(crate) mod meta;
pub(crate) mod poll;
pub(crate) mod recorder;
pub(crate) mod relay;
