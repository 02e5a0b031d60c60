//! The fourth step: each identifier in the form that Meta hashes.

use super::stage::PipelineStage;
use super::stages::{Context, Normalized, Sources, Validated};
use crate::field::{Field, WirePath};
use crate::json::{Arena, Json};
use crate::rejection::{Code, Diagnostic};
use crate::user_data::{self, Identifier, Normal};

/// Normalizes the identifiers. A value that cannot be used is left out with a
/// warning; the event goes on.
#[derive(Clone, Copy, Debug)]
pub struct Normalize;

impl<'a> PipelineStage<Validated<'a>> for Normalize {
    type Out = Normalized<'a>;

    fn apply(&self, validated: Validated<'a>) -> Normalized<'a> {
        let Validated {
            context,
            draft,
            identifiers: mut raw,
            mut passed,
            mut findings,
        } = validated;
        let profile = context.destination.normalization.profile;
        let mut hints = context.destination.normalization.hints().at(context.now);
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
            let mut normalize = |value, values: &mut Vec<Normal<'a>>| {
                user_data::normalize(
                    identifier,
                    value,
                    hints,
                    profile,
                    context.arena,
                    values,
                    &mut |refusal| {
                        findings.warn(Diagnostic::new(
                            Code::UnusableIdentifier,
                            format!("user_data.{}", identifier.field()),
                            refusal.message(),
                        ));
                    },
                );
            };
            normalize(value, &mut values);
            if values.is_empty()
                && let Some(sources) = context.sources
            {
                let mut tried = vec![value];
                for candidate in behind(sources, context, identifier, value) {
                    let candidate = first_values(candidate, context.most_values);
                    normalize(candidate, &mut values);
                    tried.push(candidate);
                    if !values.is_empty() {
                        passed.push((identifier.key(), tried.len() - 1));
                        raw[identifier as usize] = Some(one_list(&tried, context.arena));
                        break;
                    }
                }
            }
            if let (Identifier::Country, [Normal::Text(country), ..]) = (identifier, &values[..]) {
                hints.country = Some(country.expose());
            }
            if identifier == Identifier::Phone && values.iter().any(user_data::has_code_twice) {
                findings.warn(Diagnostic::new(
                    Code::DoubtfulPhone,
                    "user_data.phone",
                    "the number has its country code twice, or an area code that its country does not have, and is sent as it is; send the country code once",
                ));
            }
            normal[identifier as usize] = context.arena.list(&values);
        }
        Normalized {
            context,
            draft,
            identifiers: normal,
            raw,
            passed,
            findings,
        }
    }
}

/// What is mapped to `identifier` behind `refused`.
fn behind<'a>(
    sources: Sources<'a>,
    context: Context<'a>,
    identifier: Identifier,
    refused: Json<'a>,
) -> impl Iterator<Item = Json<'a>> {
    let of_user_data = |field: &&'static Field| field.place == WirePath::UserData;
    let object = context.action.all_fields().find(of_user_data);
    let place = WirePath::Identifier(identifier);
    let property = object.and_then(|object| {
        let mut properties = object.properties.iter();
        properties.find(|property| property.place == place)
    });
    let candidates = object.zip(property);
    let candidates = candidates
        .map(move |(object, property)| sources.behind(object, property, refused, context.arena));
    candidates.into_iter().flatten()
}

/// As many values of a list as one identifier may have.
fn first_values(value: Json<'_>, most: usize) -> Json<'_> {
    match value {
        Json::List(values) => Json::List(values.get(..most).unwrap_or(values)),
        one => one,
    }
}

/// The values of all of `tried`.
fn one_list<'a>(tried: &[Json<'a>], arena: &'a Arena) -> Json<'a> {
    let mut values = Vec::with_capacity(tried.len());
    for value in tried {
        match value {
            Json::List(several) => values.extend_from_slice(several),
            one => values.push(*one),
        }
    }
    Json::List(arena.list(&values))
}
