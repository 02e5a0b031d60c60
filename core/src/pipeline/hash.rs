//! The fifth step: SHA-256. Behind it no identifier is left raw.

use super::stage::PipelineStage;
use super::stages::{Hashed, Normalized};
use crate::user_data::{Digest, Distinct, Normal};

/// Hashes the identifiers; those that came hashed stay as they are.
#[derive(Clone, Copy, Debug)]
pub struct Hash;

impl<'a> PipelineStage<Normalized<'a>> for Hash {
    type Out = Hashed<'a>;

    fn apply(&self, normalized: Normalized<'a>) -> Hashed<'a> {
        let Normalized {
            context,
            draft,
            identifiers,
            findings,
            ..
        } = normalized;
        let mut digests: Vec<Digest> = Vec::with_capacity(4);
        let hashed = identifiers.map(|values| {
            digests.clear();
            let mut distinct = Distinct::new();
            for value in values {
                let digest = match value {
                    Normal::Text(plain) => Digest::of(plain.expose()),
                    Normal::Hashed(digest) => *digest,
                };
                if distinct.is_new(&digest, &digests, Digest::eq, |digest| *digest) {
                    digests.push(digest);
                }
            }
            context.arena.list(&digests)
        });
        Hashed {
            context,
            draft,
            identifiers: hashed,
            findings,
        }
    }
}
