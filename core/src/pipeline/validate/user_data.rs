//! The keys of `user_data`: identifiers are set aside for normalization, the
//! others must have the form that Meta takes.
//!
//! Source: Meta, Customer information parameters.

use std::net::IpAddr;

use super::Check;
use crate::field::{Field, Place};
use crate::json::Json;
use crate::pipeline::click_id;
use crate::rejection::{Code, Reason};
use crate::user_data::{Identifier, is_suffix};

impl<'a> Check<'a> {
    pub(super) fn user_data(&mut self, field: &'static Field, members: &'a [(&'a str, Json<'a>)]) {
        for &(key, value) in members {
            let Some(property) = self.property(field, key, value) else {
                continue;
            };
            match property.place {
                Place::Identifier(identifier) => {
                    self.identifiers[identifier as usize] = Some(value);
                }
                _ => {
                    let path = || path_of(property).into();
                    let Some(value) = self.id(property, path, value) else {
                        continue;
                    };
                    if let Some(value) = self.value(property, || path_of(property).into(), value) {
                        self.assign(property, value);
                    }
                }
            }
        }
    }

    /// Cuts the list of each identifier after its first `most` values: a person has a few,
    /// and each costs normalization, hashes and room.
    pub(super) fn bound_identifiers(&mut self, most: usize) {
        for (identifier, value) in Identifier::ALL.into_iter().zip(&mut self.identifiers) {
            let Some((first, rest)) = value
                .and_then(Json::as_list)
                .and_then(|values| values.split_at_checked(most))
                .filter(|(_, rest)| !rest.is_empty())
            else {
                continue;
            };
            *value = Some(Json::List(first));
            self.findings.warn(Reason::new(
                Code::TooManyValues,
                format!("user_data.{}", identifier.field()),
                format!(
                    "the list has {} values; the first {most} are taken and the others are left out: send those of one person",
                    most + rest.len()
                ),
            ));
        }
    }

    /// A key of `user_data` that leaves as it is; one that Meta would refuse
    /// is left out, because the event is worth more than the key.
    pub(super) fn user_key(&mut self, field: &'static Field, key: &'static str, value: Json<'a>) {
        let refused = match (key, value) {
            (_, Json::Str(text)) if text.trim().is_empty() => return,
            ("client_ip_address", Json::Str(text)) if !is_ip_address(text) => Some((
                Code::InvalidIpAddress,
                "this is no IP address and is left out; map the customer's own address",
            )),
            ("fbc", Json::Str(text)) if !click_id::is_well_formed(text) => Some((
                Code::InvalidClickId,
                "the click id has not the form fb.1.<milliseconds>.<fbclid> and is left out; send the _fbc cookie unchanged",
            )),
            ("fbp", Json::Str(text)) if !click_id::is_well_formed(text) => Some((
                Code::InvalidBrowserId,
                "the browser id has not the form fb.1.<milliseconds>.<number> and is left out; send the _fbp cookie unchanged",
            )),
            ("lead_id", Json::Number(number))
                if !number
                    .to_i64()
                    .is_some_and(|id| (15..=17).contains(&id.to_string().len())) =>
            {
                Some((
                    Code::InvalidLeadId,
                    "the lead id has not 15 to 17 digits and is left out; send Meta's leadgen_id",
                ))
            }
            _ => None,
        };
        match refused {
            Some((code, message)) => {
                self.findings
                    .warn(Reason::new(code, path_of(field), message));
            }
            None => self.user_keys.push((key, value)),
        }
    }
}

fn path_of(property: &Field) -> String {
    format!("user_data.{}", property.key)
}

/// Whether `text` is an IP address, alone or with the suffix that Meta's
/// parameter builder appends (`1.2.3.4.AQQCAQIB`).
fn is_ip_address(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
        || text.rsplit_once('.').is_some_and(|(address, suffix)| {
            is_suffix(suffix)
                // A fifth number is no suffix.
                && !suffix.bytes().all(|byte| byte.is_ascii_digit())
                && address.parse::<IpAddr>().is_ok()
        })
}
