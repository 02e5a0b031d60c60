//! The eleven identifiers that Meta takes hashed: what each is, how it is
//! normalized, and the types that keep a raw one from leaving.
//!
//! Source of every rule: Meta, Customer information parameters. Where the code
//! that Meta's Pixel runs gives another form, that form is sent beside it.

mod digest;
mod identifier;

pub use digest::Digest;
pub use identifier::Identifier;
