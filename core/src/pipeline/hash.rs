//! The fifth step: SHA-256. Behind it no identifier is left raw.

use super::draft::{Hashed, Normalized};
use super::refine::Refine;
use crate::user_data::{Digest, Normal};

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
        let hashed = identifiers.map(|values| {
            digests.clear();
            for value in values {
                let digest = match value {
                    Normal::Text(plain) => Digest::of(plain.expose()),
                    Normal::Hashed(digest) => *digest,
                };
                if !digests.contains(&digest) {
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
