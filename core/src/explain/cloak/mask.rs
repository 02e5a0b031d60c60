//! What is left of a personal value when it is masked: enough to recognize
//! one's own test value, too little to learn another's.

use crate::user_data::{Digest, Identifier};

/// What stands for everything that is not shown.
pub(super) const HIDDEN: &str = "***";

/// How a value is masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mask {
    /// One of the eleven identifiers.
    Identifier(Identifier),
    /// A key of `user_data` that is sent as it is, by Meta's name.
    UserKey(&'static str),
    /// A name of a person, which part of it nobody knows.
    Name,
    /// What else the event says of the person.
    Trait,
}

impl Mask {
    /// Whether its values are shown as they are: they say what somebody uses
    /// and not who it is.
    pub(super) fn is_open(self) -> bool {
        matches!(self, Self::UserKey("client_user_agent" | "partner_name"))
    }

    /// `text`, masked.
    pub(super) fn of(self, text: &str) -> String {
        if text.trim().is_empty() || self.is_open() || Digest::accept(text.trim()).is_some() {
            return text.to_owned();
        }
        match self {
            Self::Identifier(Identifier::Email) => email(text),
            Self::Identifier(Identifier::Phone) => phone(text),
            Self::Identifier(Identifier::FirstName | Identifier::LastName) | Self::Name => {
                first_of(text)
            }
            Self::UserKey("client_ip_address") => ip_address(text),
            Self::UserKey("fbc" | "fbp") => cookie(text),
            _ => HIDDEN.into(),
        }
    }
}

/// `j***@g***.com`
pub(super) fn email(text: &str) -> String {
    let Some((local, domain)) = text.trim().rsplit_once('@') else {
        return HIDDEN.into();
    };
    let top = domain
        .rsplit_once('.')
        .map(|(_, top)| top)
        .filter(|top| (2..=10).contains(&top.len()) && top.bytes().all(|b| b.is_ascii_alphabetic()))
        .map(|top| format!(".{top}"))
        .unwrap_or_default();
    format!("{}@{}{top}", first_of(local), first_of(domain))
}

/// `+1***32`: the first digit, which tells whether there is a country code, and
/// the last two.
fn phone(text: &str) -> String {
    let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
    let plus = if text.trim_start().starts_with('+') {
        "+"
    } else {
        ""
    };
    match digits[..] {
        [first, .., last_but_one, last] if digits.len() >= 7 => {
            format!("{plus}{first}{HIDDEN}{last_but_one}{last}")
        }
        _ => HIDDEN.into(),
    }
}

/// `K***`
fn first_of(text: &str) -> String {
    let first = text.trim().chars().next();
    first.into_iter().chain(HIDDEN.chars()).collect()
}

/// `203.***`, `2001:***`
fn ip_address(text: &str) -> String {
    let text = text.trim();
    let end = text.find(['.', ':']).filter(|end| (1..=4).contains(end));
    match end.and_then(|end| text.get(..=end)) {
        Some(first) => format!("{first}{HIDDEN}"),
        None => HIDDEN.into(),
    }
}

/// `fb.1.1554763741205.***`: its form and its time, which are what goes wrong.
fn cookie(text: &str) -> String {
    let parts: Vec<&str> = text.splitn(4, '.').collect();
    match parts[..] {
        ["fb", index, time, _] if is_digits(index) && is_digits(time) => {
            format!("fb.{index}.{time}.{HIDDEN}")
        }
        _ => HIDDEN.into(),
    }
}

/// Digits, no more of them than milliseconds have.
fn is_digits(text: &str) -> bool {
    (1..=13).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enough_is_left_to_recognize_a_value_and_no_more() {
        let identifier = |identifier, text: &str| Mask::Identifier(identifier).of(text);
        for (text, masked) in [
            ("jane@gmail.com", "j***@g***.com"),
            (" \"a b\"@x.example ", "\"***@x***.example"),
            ("a@b@c.co", "a***@c***.co"),
            ("jane@gmail", "j***@g***"),
            ("jane@1.2.3.4", "j***@1***"),
            ("jane", "***"),
            ("", ""),
        ] {
            assert_eq!(identifier(Identifier::Email, text), masked);
        }
        for (text, masked) in [
            ("+1 (512) 555-0132", "+1***32"),
            ("15125550132", "1***32"),
            ("0132", "***"),
        ] {
            assert_eq!(identifier(Identifier::Phone, text), masked);
        }
        assert_eq!(identifier(Identifier::FirstName, "Élodie"), "É***");
        assert_eq!(identifier(Identifier::DateOfBirth, "1990-02-03"), "***");
        for (key, text, masked) in [
            ("client_ip_address", "203.0.113.44", "203.***"),
            ("client_ip_address", "2001:db8::1", "2001:***"),
            ("client_ip_address", "localhost", "***"),
            ("fbc", "fb.1.1554763741205.AbC", "fb.1.1554763741205.***"),
            ("fbp", "AbC", "***"),
            ("lead_id", "1234567890123456", "***"),
            ("client_user_agent", "curl/8", "curl/8"),
        ] {
            assert_eq!(Mask::UserKey(key).of(text), masked);
        }
    }

    #[test]
    fn a_digest_is_shown_as_it_came() {
        let digest = Digest::of("mary");
        let mask = Mask::Identifier(Identifier::FirstName);
        assert_eq!(mask.of(digest.as_str()), digest.as_str());
    }
}
