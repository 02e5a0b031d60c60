//! The fourth step: each identifier in the form that Meta hashes.

use super::refine::Refine;
use super::stages::{Normalized, Validated};
use crate::rejection::{Code, Reason};
use crate::user_data::{self, Identifier, Normal};

/// Normalizes the identifiers. A value that cannot be used is left out with a
/// warning; the event goes on.
#[derive(Clone, Copy, Debug)]
pub struct Normalize;

impl<'a> Refine<Validated<'a>> for Normalize {
    type Out = Normalized<'a>;

    fn refine(&self, validated: Validated<'a>) -> Normalized<'a> {
        let Validated {
            setting,
            draft,
            identifiers: raw,
            mut findings,
        } = validated;
        let profile = setting.destination.normalization.profile;
        let mut hints = setting.destination.normalization.hints().at(setting.now);
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
                setting.arena,
                &mut values,
                &mut |refusal| {
                    findings.warn(Reason::new(
                        Code::UnusableIdentifier,
                        format!("user_data.{}", identifier.field()),
                        refusal.message(),
                    ));
                },
            );
            if let (Identifier::Country, [Normal::Text(country), ..]) = (identifier, &values[..]) {
                hints.country = Some(country.expose());
            }
            if identifier == Identifier::Phone && values.iter().any(user_data::has_code_twice) {
                findings.warn(Reason::new(
                    Code::DoubtfulPhone,
                    "user_data.phone",
                    "the number has its country code twice, or an area code that its country does not have, and is sent as it is; send the country code once",
                ));
            }
            normal[identifier as usize] = setting.arena.list(&values);
        }
        Normalized {
            setting,
            draft,
            identifiers: normal,
            findings,
        }
    }
}
