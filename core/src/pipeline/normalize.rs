//! The fourth step: each identifier in the form that Meta hashes.

use super::draft::{Normalized, Validated};
use super::refine::Refine;
use crate::rejection::{Code, Reason, Rejection};
use crate::user_data::{self, Identifier, Normal};

/// Normalizes the identifiers. A value that cannot be used is left out with a
/// warning; the event goes on.
#[derive(Clone, Copy, Debug)]
pub struct Normalize;

impl<'a> Refine<Validated<'a>> for Normalize {
    type Out = Normalized<'a>;

    fn refine(&self, validated: Validated<'a>) -> Result<Normalized<'a>, Rejection> {
        let Validated {
            routed,
            draft,
            identifiers: raw,
            mut warnings,
        } = validated;
        let profile = routed.destination.normalization.profile;
        let mut hints = routed.destination.normalization.hints();
        let mut normal: [&'a [Normal<'a>]; 11] = [&[]; 11];
        let mut values = Vec::with_capacity(4);
        // The country first: how a state or a zip code is written depends on it.
        let country_first = [Identifier::Country].into_iter().chain(
            Identifier::ALL
                .into_iter()
                .filter(|identifier| *identifier != Identifier::Country),
        );
        for identifier in country_first {
            let Some(value) = raw[identifier as usize] else {
                continue;
            };
            values.clear();
            user_data::normalize(
                identifier,
                value,
                hints,
                profile,
                routed.arena,
                &mut values,
                &mut |refusal| {
                    warnings.push(Reason::new(
                        Code::UnusableIdentifier,
                        format!("user_data.{}", identifier.field()),
                        refusal.message(),
                    ));
                },
            );
            if let (Identifier::Country, [Normal::Text(country), ..]) = (identifier, &values[..]) {
                hints.country = Some(country.expose());
            }
            normal[identifier as usize] = routed.arena.list(&values);
        }
        Ok(Normalized {
            routed,
            draft,
            identifiers: normal,
            warnings,
        })
    }
}
