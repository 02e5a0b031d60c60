//! Which identifiers there are and what they are called.

/// One of the eleven keys of `user_data` that leave only as SHA-256.
///
/// Source: Meta, Customer information parameters.
///
/// ```
/// use capi_core::user_data::Identifier;
///
/// let phone = Identifier::from_key("ph");
/// assert_eq!(phone, Some(Identifier::Phone));
/// assert_eq!(phone.map(Identifier::field), Some("phone"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(usize)]
pub enum Identifier {
    /// `em`
    Email,
    /// `ph`
    Phone,
    /// `ge`
    Gender,
    /// `db`
    DateOfBirth,
    /// `ln`
    LastName,
    /// `fn`
    FirstName,
    /// `ct`
    City,
    /// `st`
    State,
    /// `zp`
    Zip,
    /// `country`
    Country,
    /// `external_id`
    ExternalId,
}

impl Identifier {
    /// All of them, in the order in which they are sent.
    pub const ALL: [Self; 11] = [
        Self::Email,
        Self::Phone,
        Self::Gender,
        Self::DateOfBirth,
        Self::LastName,
        Self::FirstName,
        Self::City,
        Self::State,
        Self::Zip,
        Self::Country,
        Self::ExternalId,
    ];

    /// Meta's key.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Email => "em",
            Self::Phone => "ph",
            Self::Gender => "ge",
            Self::DateOfBirth => "db",
            Self::LastName => "ln",
            Self::FirstName => "fn",
            Self::City => "ct",
            Self::State => "st",
            Self::Zip => "zp",
            Self::Country => "country",
            Self::ExternalId => "external_id",
        }
    }

    /// The key of the mapping field that holds it (Segment's name).
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Gender => "gender",
            Self::DateOfBirth => "dateOfBirth",
            Self::LastName => "lastName",
            Self::FirstName => "firstName",
            Self::City => "city",
            Self::State => "state",
            Self::Zip => "zip",
            Self::Country => "country",
            Self::ExternalId => "externalId",
        }
    }

    /// The identifier with Meta's key `key`.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|identifier| identifier.key() == key)
    }
}
