//! The eleven identifiers that Meta takes hashed: what each is, how it is
//! normalized, and the types that keep a raw one from leaving.
//!
//! Source of every rule: Meta, Customer information parameters. Where the code
//! that Meta's Pixel runs gives another form, that form is sent beside it.
//!
//! A value goes from the mapped event through [`normalize`] to [`Normal`], and
//! from there to a [`Digest`]. Each identifier's rule is in a file of its
//! own and all of them in one table ([`rule()`]).

pub(crate) mod characters;
mod city;
mod country;
mod date_of_birth;
mod digest;
mod distinct;
mod email;
mod entities;
mod external_id;
mod first_name;
mod gender;
mod halves;
mod hints;
mod identifier;
mod last_name;
mod name;
mod normal;
mod normalize;
mod nothing;
pub(crate) mod percent;
mod phone;
mod profile;
mod rule;
pub(crate) mod spreadsheet;
mod state;
mod step;
mod suffix;
mod table;
mod value_error;
mod vocabulary;
mod zip;

pub use country::country_code;
pub use digest::Digest;
pub use hints::{DateOrder, Hints};
pub use identifier::Identifier;
pub use normal::{Normal, Plain};
pub use normalize::normalize;

pub(crate) use nothing::{is_nobodys_agent, is_nobodys_id, is_nobodys_text, is_placeholder};
pub use profile::Profile;
pub use rule::Rule;
pub use step::Step;
pub use table::rule;
pub use value_error::ValueError;
pub(crate) use {distinct::Distinct, suffix::is_suffix};
pub(crate) use {normalize::COMMON, phone::has_code_twice, rule::PAGE, step::source};
