//! The hard edges of what may come: each a named case with its answer.

mod doors;
mod idle;
mod requests;
mod times;
mod values;
mod volumes;
