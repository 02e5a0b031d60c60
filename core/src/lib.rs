//! The pure part of capi.
