//! What tells whether two events with one id are one event.
//!
//! An id that a mapping gives to several orders has all but the first taken for
//! duplicates. So the queue keeps a few bytes of each event beside its id, and an event
//! that comes with the same id and says something else is reported instead of dropped
//! without a word.

use crate::json::{Json, Number};
use crate::user_data::{Digest, Identifier};

/// A few bytes of what an event is worth, of its order, and of whom it is of.
///
/// Two of them differ where both have a value, a currency or an order id and disagree, or
/// both have e-mail addresses, phones or external ids and share none. What only one of
/// them has is not a difference: a browser knows less of an order than a server.
///
/// It keeps two bytes of each, which are enough to tell a difference in all but one of
/// 65,536 cases and too few to name anybody by.
///
/// ```
/// # mod shop { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/shop.rs")); }
/// // `shop` has a destination that takes completed orders, and such an order.
/// # use capi_core::event::Arena;
/// use capi_core::{Fingerprint, pipeline::{convert, pipeline, route}};
///
/// # let now: jiff::Timestamp = "2026-11-28T12:00:05Z".parse()?;
/// # let destinations = [shop::destination()?];
/// let of_order = |revenue| -> Result<Fingerprint, Box<dyn std::error::Error>> {
/// #   let arena = Arena::new();
///     let event = shop::order(&arena, revenue)?;
///     let routed = route(&destinations, event, None, now, &arena).next().ok_or("not taken")?;
///     let event = convert(&mut pipeline(), routed)?.event;
///     Ok(event.into_parts().fingerprint.ok_or("has none")?)
/// };
/// assert!(!of_order("25.5")?.differs(&of_order("25.50")?));
/// assert!(of_order("25.5")?.differs(&of_order("99")?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint(Box<[u8]>);

/// The keys of `custom_data` that two copies of an event have alike.
const ALIKE: [&str; 3] = ["value", "currency", "order_id"];

/// The identifiers of which two copies of an event share one.
const SHARED: [Identifier; 3] = [Identifier::Email, Identifier::Phone, Identifier::ExternalId];

/// An event with more values of an identifier is not told by that identifier: how many
/// there are has four bits.
const MAX_VALUES: usize = 15;

impl Fingerprint {
    /// That of an event with this `custom_data` and these digests, by [`Identifier`].
    /// `None` where it has nothing that tells it from others.
    ///
    /// To be taken of what the event itself brought, before anything is added to it from
    /// what was known before: that would differ between two copies.
    pub(crate) fn of(
        custom_data: &[(&str, Json<'_>)],
        identifiers: &[&[Digest]; 11],
    ) -> Option<Self> {
        // How many there are of each, four bits each, and then all of them: on the stack,
        // for every event has one.
        let mut header = 0_u32;
        let mut bytes = [0; 3 + 2 * (ALIKE.len() + SHARED.len() * MAX_VALUES)];
        let mut end = 3;
        let mut push = |word: u16| {
            if let Some(place) = bytes.get_mut(end..end + 2) {
                place.copy_from_slice(&word.to_le_bytes());
                end += 2;
            }
        };
        for (at, key) in ALIKE.into_iter().enumerate() {
            let value = custom_data.iter().find(|(name, _)| *name == key);
            if let Some(word) = value.and_then(|(_, value)| of_value(*value)) {
                header |= 1 << (4 * at);
                push(word);
            }
        }
        for (at, identifier) in (ALIKE.len()..).zip(SHARED) {
            let digests = identifiers[identifier as usize];
            if digests.len() <= MAX_VALUES {
                header |= (digests.len() as u32) << (4 * at);
                digests.iter().map(of_digest).for_each(&mut push);
            }
        }
        if header == 0 {
            return None;
        }
        bytes[..3].copy_from_slice(&header.to_le_bytes()[..3]);
        Some(Self(bytes[..end].into()))
    }

    /// One that was stored: `bytes` are those of [`Self::as_bytes`]. Others are read as
    /// far as they can be.
    #[must_use]
    pub fn stored(bytes: impl Into<Box<[u8]>>) -> Self {
        Self(bytes.into())
    }

    /// Its bytes, for whoever stores it: 5 at least, and 15 of an ordinary order.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether an event with this one and an event with `other` cannot be copies of one
    /// event.
    #[must_use]
    pub fn differs(&self, other: &Self) -> bool {
        let pairs = self.parts().zip(other.parts());
        pairs
            .filter(|(one, other)| !one.is_empty() && !other.is_empty())
            .any(|(one, other)| !one.iter().any(|word| other.contains(word)))
    }

    /// The words of each of its parts.
    fn parts(&self) -> impl Iterator<Item = &[[u8; 2]]> {
        let (header, words) = self.0.split_at_checked(3).unwrap_or_default();
        let mut words = words.as_chunks::<2>().0;
        let counts = header.iter().flat_map(|byte| [byte & 15, byte >> 4]);
        counts.map(move |count| {
            let (part, rest) = words.split_at_checked(count.into()).unwrap_or_default();
            words = rest;
            part
        })
    }
}

/// The first 16 bits of a digest, which are as good as any; its suffix says nothing of
/// whom it is of.
fn of_digest(digest: &Digest) -> u16 {
    let first = digest.as_str().get(..4).unwrap_or_default();
    u16::from_str_radix(first, 16).unwrap_or_default()
}

/// The word of a value; of one that is neither a text nor a number, none.
fn of_value(value: Json<'_>) -> Option<u16> {
    match value {
        Json::Str(text) => Some(of_bytes(text.as_bytes())),
        Json::Number(number) => Some(of_number(number)),
        _ => None,
    }
}

/// 25 and 25.0 are one number, and so are 0 and -0.
fn of_number(number: Number) -> u16 {
    let number = number.to_f64() + 0.0;
    of_bytes(&number.to_be_bytes())
}

/// FNV-1a with 32 bits, folded to 16. It is stored: it stays as it is.
///
/// Source: draft-eastlake-fnv, "xor-folding".
fn of_bytes(bytes: &[u8]) -> u16 {
    let hash = bytes.iter().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    });
    (hash >> 16) as u16 ^ hash as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Arena;

    /// That of an order: its `custom_data`, and e-mail addresses, phones, external ids.
    fn of(custom_data: &str, people: [&[&str]; 3]) -> Option<Fingerprint> {
        let arena = Arena::new();
        let custom_data = Json::parse(&arena, custom_data.as_bytes()).unwrap();
        let digests = people.map(|values| Vec::from_iter(values.iter().copied().map(Digest::of)));
        let mut identifiers: [&[Digest]; 11] = [&[]; 11];
        for (identifier, digests) in SHARED.into_iter().zip(&digests) {
            identifiers[identifier as usize] = digests;
        }
        Fingerprint::of(custom_data.as_object().unwrap(), &identifiers)
    }

    const ORDER: &str = r#"{"value":25.5,"currency":"EUR","order_id":"17","content_name":"x"}"#;
    const KIM: [&[&str]; 3] = [
        &["kim@example.com"],
        &["4155550132", "14155550132"],
        &["u1"],
    ];

    #[test]
    fn copies_of_one_event_do_not_differ() {
        let order = of(ORDER, KIM).unwrap();
        let nobody: [&[&str]; 3] = [&[]; 3];
        for (custom_data, people) in [
            (ORDER, KIM),
            (ORDER, nobody),
            ("{}", KIM),
            (
                r#"{"value":25.50,"currency":"EUR","content_name":"y"}"#,
                KIM,
            ),
            (r#"{"order_id":"17"}"#, [&["kim@example.com"][..], &[], &[]]),
            (
                ORDER,
                [&["lee@example.com", "kim@example.com"][..], &[], &["u1"]],
            ),
            (ORDER, [&[][..], &["14155550132"], &[]]),
        ] {
            let copy = of(custom_data, people).unwrap();
            assert!(!order.differs(&copy), "{custom_data} {people:?}");
            assert!(!copy.differs(&order), "{custom_data} {people:?}");
        }
        let zero = of(r#"{"value":0}"#, nobody).unwrap();
        assert!(!zero.differs(&of(r#"{"value":-0.0}"#, nobody).unwrap()));
        assert_eq!(of(r#"{"content_name":"x"}"#, nobody), None);
    }

    #[test]
    fn other_events_differ() {
        let order = of(ORDER, KIM).unwrap();
        let alike = r#""currency":"EUR","order_id":"17""#;
        for (custom_data, people) in [
            (format!(r#"{{"value":25.51,{alike}}}"#), KIM),
            (r#"{"currency":"USD"}"#.to_owned(), KIM),
            (r#"{"order_id":"18"}"#.to_owned(), KIM),
            (ORDER.to_owned(), [&["lee@example.com"][..], KIM[1], KIM[2]]),
            (ORDER.to_owned(), [KIM[0], &["14155550133"], KIM[2]]),
            (ORDER.to_owned(), [&[][..], &[], &["u2", "u3"]]),
        ] {
            let other = of(&custom_data, people).unwrap();
            assert!(order.differs(&other), "{custom_data} {people:?}");
            assert!(other.differs(&order), "{custom_data} {people:?}");
        }
    }

    #[test]
    fn more_values_than_can_be_counted_say_nothing() {
        let many: Vec<String> = (0..=MAX_VALUES).map(|at| format!("u{at}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let order = of(ORDER, [&[], &[], &many]).unwrap();
        assert!(!order.differs(&of(ORDER, [&[], &[], &["other"]]).unwrap()));
        let most = of(ORDER, [&[], &[], &many[1..]]).unwrap();
        assert!(most.differs(&of(ORDER, [&[], &[], &["other"]]).unwrap()));
    }

    #[test]
    fn what_is_stored_keeps_its_form_and_damage_is_no_difference() {
        let order = of(ORDER, KIM).unwrap();
        assert_eq!(order.as_bytes().len(), 3 + 2 * 7);
        let small = of(r#"{"currency":"EUR"}"#, [&[]; 3]).unwrap();
        assert_eq!(small.as_bytes(), [0x10, 0, 0, EUR[0], EUR[1]]);
        for length in 0..order.as_bytes().len() {
            let cut = Fingerprint::stored(&order.as_bytes()[..length]);
            assert!(!cut.differs(&order), "{length}");
        }
    }

    /// Reckoned apart: FNV-1a of "EUR", folded.
    const EUR: [u8; 2] = [0xf3, 0x39];
}
