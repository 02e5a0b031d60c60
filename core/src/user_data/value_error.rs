//! Why a value of an identifier is not sent.

use super::Identifier;
use crate::Confidence;

/// What is wrong with a value. It is data for warnings and never holds the
/// value itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ValueError {
    /// Nothing is left of the text.
    Empty,
    /// A boolean or an object.
    NotText,
    /// A list in a list.
    NestedList,
    /// A number below zero or with a fraction.
    NotWhole,
    /// A number that a spreadsheet or a double rounded.
    DigitsLost,
    /// A word for no value or for nobody: `null`, `undefined`, `n/a`, `guest` and the like.
    Placeholder,
    /// A placeholder of a template: `{{user.id}}`, `${id}`, `%ID%`.
    Unfilled,
    /// An id of one digit only, such as zeros.
    RepeatedDigit,
    /// A SHA-256 that is known to be that of nothing.
    HashOfNothing,
    /// 32 hexadecimal digits.
    Md5,
    /// 40 hexadecimal digits.
    Sha1,
    /// No e-mail address.
    NotAnEmail,
    /// Fewer characters than such a value has.
    TooShort,
    /// More characters than such a value has.
    TooLong,
    /// No word for female or male.
    NotAGender,
    /// No date that can be read.
    NotADate,
    /// Day and month may be either way round.
    AmbiguousDate,
    /// A day that the calendar does not have, or a year not from 1900 to 2100.
    ImpossibleDate,
    /// A day after today.
    FutureDate,
    /// No letter in what must be a name.
    NoLetter,
    /// No known country.
    NotACountry,
    /// Only the Pixel's form is wanted and the Pixel has none.
    NoPixelForm,
}

impl ValueError {
    /// All of them.
    pub const ALL: [Self; 22] = [
        Self::Empty,
        Self::NotText,
        Self::NestedList,
        Self::NotWhole,
        Self::DigitsLost,
        Self::Placeholder,
        Self::Unfilled,
        Self::RepeatedDigit,
        Self::HashOfNothing,
        Self::Md5,
        Self::Sha1,
        Self::NotAnEmail,
        Self::TooShort,
        Self::TooLong,
        Self::NotAGender,
        Self::NotADate,
        Self::AmbiguousDate,
        Self::ImpossibleDate,
        Self::FutureDate,
        Self::NoLetter,
        Self::NotACountry,
        Self::NoPixelForm,
    ];

    /// Whether a value of which this is said is refused in every form, the Pixel's too.
    #[must_use]
    pub(super) const fn is_of_every_form(self) -> bool {
        matches!(self, Self::DigitsLost | Self::FutureDate)
    }

    /// Its stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.texts().0
    }

    /// What is wrong and what to send instead, as a fragment of a sentence.
    #[must_use]
    pub const fn message(self) -> &'static str {
        self.texts().1
    }

    /// The identifiers of whose values it may be said.
    #[must_use]
    pub const fn identifiers(self) -> &'static [Identifier] {
        match self {
            Self::Empty
            | Self::NotText
            | Self::NestedList
            | Self::NotWhole
            | Self::DigitsLost
            | Self::Placeholder
            | Self::Unfilled
            | Self::HashOfNothing => &Identifier::ALL,
            Self::RepeatedDigit => &[Identifier::ExternalId],
            // An id of the advertiser's own may look like a digest.
            Self::Md5 | Self::Sha1 => Identifier::ALL.split_at(10).0,
            Self::NotAnEmail => &[Identifier::Email],
            Self::TooShort => &[Identifier::Phone, Identifier::Zip],
            Self::TooLong => &[Identifier::Phone],
            Self::NotAGender => &[Identifier::Gender],
            Self::NotADate | Self::AmbiguousDate | Self::ImpossibleDate | Self::FutureDate => {
                &[Identifier::DateOfBirth]
            }
            Self::NoLetter => &[Identifier::City],
            Self::NotACountry => &[Identifier::Country],
            Self::NoPixelForm => &[
                Identifier::Email,
                Identifier::DateOfBirth,
                Identifier::City,
                Identifier::Zip,
            ],
        }
    }

    /// How well it is known that Meta has no use for such a value.
    #[must_use]
    pub const fn confidence(self) -> Confidence {
        match self {
            Self::Md5
            | Self::Sha1
            | Self::NotAGender
            | Self::ImpossibleDate
            | Self::NotACountry => Confidence::Documented,
            Self::NoPixelForm => Confidence::Reported,
            _ => Confidence::Own,
        }
    }

    const fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::Empty => (
                "empty",
                "nothing is left after normalization; leave the field out when the value is missing",
            ),
            Self::NotText => (
                "not_text",
                "it is a boolean or an object; send a string, a number or a list of those",
            ),
            Self::NestedList => ("nested_list", "it is a list in a list; send one flat list"),
            Self::NotWhole => (
                "not_a_whole_number",
                "it is negative or has a fraction; send it as a string",
            ),
            Self::DigitsLost => (
                "rounded_number",
                "it was kept as a number that has not all of its digits any more, as spreadsheets do; make its column text and export it again",
            ),
            Self::Placeholder => (
                "placeholder",
                "it is a word for a missing value or for nobody, such as null, undefined, n/a, 0 or guest; leave the field out when the value is missing",
            ),
            Self::Unfilled => (
                "unfilled",
                "it is a placeholder that nothing was filled into; fix the template that should fill it, or leave the field out",
            ),
            Self::RepeatedDigit => (
                "repeated_digit",
                "it is an id of one digit only, such as zeros, which devices and libraries give where there is none; leave the field out instead",
            ),
            Self::HashOfNothing => (
                "hash_of_nothing",
                "it is the hash of an empty or missing value; leave the field out instead",
            ),
            Self::Md5 => (
                "md5",
                "it looks like an MD5 digest; send the plain value or its SHA-256",
            ),
            Self::Sha1 => (
                "sha1",
                "it looks like a SHA-1 digest; send the plain value or its SHA-256",
            ),
            Self::NotAnEmail => (
                "not_an_email",
                "it is not one e-mail address; send it as name@domain.tld",
            ),
            Self::TooShort => (
                "too_short",
                "it is too short; send the whole value, and a phone number with its country code",
            ),
            Self::TooLong => (
                "too_long",
                "it is too long; send one value, more than one as a list",
            ),
            Self::NotAGender => (
                "not_a_gender",
                "it is not a known word for one of the two genders that Meta takes; send f or m, or leave it out",
            ),
            Self::NotADate => ("not_a_date", "it is not a whole date; send it as YYYYMMDD"),
            Self::AmbiguousDate => (
                "ambiguous_date",
                "day and month may be either way round; send it as YYYYMMDD, or set date_order",
            ),
            Self::ImpossibleDate => (
                "impossible_date",
                "no such day exists from 1900 to 2100; send it as YYYYMMDD",
            ),
            Self::FutureDate => (
                "future_date",
                "it is after today, so it is nobody's birth; send the date of birth, or leave it out",
            ),
            Self::NoLetter => (
                "no_letter",
                "it has no letter, so it is not a name; send the name of the place",
            ),
            Self::NotACountry => (
                "not_a_country",
                "it is not a known country; send its two-letter code (ISO 3166-1 alpha-2)",
            ),
            Self::NoPixelForm => (
                "no_pixel_form",
                "Meta's Pixel sends nothing for it; use the profile both or page",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_messages_are_fragments() {
        for (index, refusal) in ValueError::ALL.into_iter().enumerate() {
            let code = refusal.code();
            assert!(
                code.bytes()
                    .all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
            );
            assert!(
                ValueError::ALL[index + 1..]
                    .iter()
                    .all(|other| other.code() != code && *other != refusal)
            );
            assert!(refusal.message().contains("; "), "{code} says no remedy");
            assert!(!refusal.message().ends_with('.'));
        }
    }
}
