//! The fifth step: SHA-256. Behind it no identifier is left raw.

use std::collections::HashSet;

use super::refine::Refine;
use super::stages::{Hashed, Normalized};
use crate::user_data::{Digest, Normal};

/// Digests up to this number are compared with each other; more of them are looked
/// up, so that a hostile list costs no quadratic time.
const FEW: usize = 16;

/// Hashes the identifiers; those that came hashed stay as they are.
#[derive(Clone, Copy, Debug)]
pub struct Hash;

impl<'a> Refine<Normalized<'a>> for Hash {
    type Out = Hashed<'a>;

    fn refine(&self, normalized: Normalized<'a>) -> Hashed<'a> {
        let Normalized {
            setting,
            draft,
            identifiers,
            findings,
        } = normalized;
        let mut digests: Vec<Digest> = Vec::with_capacity(4);
        let mut seen: HashSet<Digest> = HashSet::new();
        let hashed = identifiers.map(|values| {
            digests.clear();
            seen.clear();
            let are_many = values.len() > FEW;
            for value in values {
                let digest = match value {
                    Normal::Text(plain) => Digest::of(plain.expose()),
                    Normal::Hashed(digest) => *digest,
                };
                let is_new = if are_many {
                    seen.insert(digest)
                } else {
                    !digests.contains(&digest)
                };
                if is_new {
                    digests.push(digest);
                }
            }
            setting.arena.list(&digests)
        });
        Hashed {
            setting,
            draft,
            identifiers: hashed,
            findings,
        }
    }
}
