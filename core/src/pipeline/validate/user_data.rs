//! The keys of `user_data`: identifiers are set aside for normalization, the
//! others must have the form that Meta takes.
//!
//! Source: Meta, Customer information parameters.

use super::Check;
use crate::address::{self, Address};
use crate::destination::PrivateIpAddresses;
use crate::field::{Field, WirePath};
use crate::json::Json;
use crate::pipeline::click_id;
use crate::rejection::{Code, Diagnostic};
use crate::user_data::Identifier;

impl<'a> Check<'a> {
    pub(super) fn user_data(&mut self, field: &'static Field, members: &'a [(&'a str, Json<'a>)]) {
        for &(key, value) in members {
            let Some(property) = self.property(field, key, value) else {
                continue;
            };
            match property.place {
                WirePath::Identifier(identifier) => {
                    self.identifiers[identifier as usize] = Some(value);
                }
                _ => self.first_usable(field, property, value),
            }
        }
    }

    /// Takes `value` for a key that leaves as it is, or, where it cannot be used, the
    /// first that can of those that the mapping has behind it.
    fn first_usable(&mut self, object: &'static Field, property: &'static Field, value: Json<'a>) {
        if self.is_taken(property, value) {
            return;
        }
        let Some(sources) = self.context.sources else {
            return;
        };
        let candidates = sources.behind(object, property, value, self.arena);
        for (place, candidate) in candidates.enumerate() {
            if self.is_taken(property, candidate) {
                let key = property.place.user_key().unwrap_or(property.key);
                self.passed.push((key, place + 1));
                return;
            }
        }
    }

    fn is_taken(&mut self, property: &'static Field, value: Json<'a>) -> bool {
        let before = self.user_keys.len();
        let read = match property.place {
            WirePath::UserKey("client_ip_address") => self.address(value),
            WirePath::UserKey("fbc" | "fbp") => {
                let read = click_id::read_value(value, self.arena);
                read.map(Json::Str).ok_or(value)
            }
            _ => Err(value),
        };
        // What was read needs no other check.
        if let (WirePath::UserKey(key), Ok(read)) = (property.place, read) {
            self.user_keys.push((key, read));
            return true;
        }
        let (Ok(value) | Err(value)) = read;
        let path = || path_of(property).into();
        if let Some(read) = self.id(property, path, value)
            && let Some(value) = self.value(property, path, read)
        {
            self.assign(property, value);
        }
        self.user_keys.len() > before
    }

    /// The first address of `value` that may be sent, as Meta takes it; or, for the
    /// check behind, an address that may not be sent, or the value as it is.
    fn address(&mut self, value: Json<'a>) -> Result<Json<'a>, Json<'a>> {
        // As it mostly comes.
        let clean = value.as_str().and_then(|text| text.parse().ok());
        if let Some(ip) = clean
            && address::plain(ip) == ip
            && self.may_be_sent(Address { ip, suffix: None })
        {
            return Ok(value);
        }
        let one = [value];
        let items = value.as_list().unwrap_or(&one);
        let mut private = None;
        for text in items.iter().filter_map(|item| item.as_str()) {
            for address in address::read(text) {
                let arena = self.arena;
                let written = || Json::Str(arena.text(&address.to_string()));
                if self.may_be_sent(address) {
                    if private.is_some() {
                        self.findings.warn(private_address());
                    }
                    return Ok(written());
                }
                private = private.or_else(|| Some(written()));
            }
        }
        // One warning for what is not an address at all, however many texts it has.
        let text = items.iter().find(|item| item.as_str().is_some());
        Err(private.or(text.copied()).unwrap_or(value))
    }

    fn may_be_sent(&self, address: Address<'_>) -> bool {
        self.context.destination.private_ip_addresses == PrivateIpAddresses::Send
            || address.is_public()
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
            self.findings.warn(Diagnostic::new(
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
        if self.is_nobodys_key(field, key, value) {
            return;
        }
        let refused = match (key, value) {
            (_, Json::Str(text)) if text.trim().is_empty() => return,
            ("client_ip_address", Json::Str(text)) => match address::one(text) {
                None => Some((
                    Code::InvalidIpAddress,
                    "this is not an IP address and is left out; map the customer's own address",
                )),
                Some(_) => {
                    self.findings.warn(private_address());
                    return;
                }
            },
            ("fbc", Json::Str(_)) => Some((
                Code::InvalidClickId,
                "the click id has not the form fb.1.<milliseconds>.<fbclid> and is left out; send the _fbc cookie unchanged",
            )),
            ("fbp", Json::Str(_)) => Some((
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
                    .warn(Diagnostic::new(code, path_of(field), message));
            }
            None => self.user_keys.push((key, value)),
        }
    }
}

fn path_of(property: &Field) -> String {
    format!("user_data.{}", property.key)
}

fn private_address() -> Diagnostic {
    Diagnostic::new(
        Code::PrivateIpAddress,
        "user_data.client_ip_address",
        "no customer on the internet has this address, which is of a private network or of the machine itself, and it is left out; map the customer's own address, or name the proxies before capi in trusted_proxies",
    )
}
