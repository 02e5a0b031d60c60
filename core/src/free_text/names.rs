//! Names of keys and parameters that tell what is under them.

mod table;

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use self::table::{GLUED, HARMLESS, NAMES};

/// [`NAMES`] as keys are compared, without what is between the words.
static KNOWN: LazyLock<HashSet<String>> = LazyLock::new(|| all_squashed(NAMES));

/// [`HARMLESS`] in the same form.
static OF_THINGS: LazyLock<HashSet<String>> = LazyLock::new(|| all_squashed(HARMLESS));

/// Names that are written as one word with the one before, such as `useremail`,
/// each with the name that it ends in.
static AS_ONE_WORD: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for (before, names) in GLUED {
        for name in *names {
            let name = squashed(name);
            for word in *before {
                words.insert(format!("{word}{name}"), name.clone());
            }
        }
    }
    words
});

fn all_squashed(names: &[&str]) -> HashSet<String> {
    names.iter().map(|name| squashed(name)).collect()
}

/// How many bytes a name has at least.
const SHORTEST: usize = 3;

/// How many bytes the end of a key has that is looked at.
const MAX_LENGTH: usize = 48;

/// Which names of keys and parameters tell of personal data: those of the table,
/// those that a destination adds, without those that it allows.
///
/// ```
/// use capi_core::destination::SensitiveKeys;
///
/// let names = SensitiveKeys::new(&["email_campaign"], &["badge"]);
/// assert!(names.is_sensitive("customerEmail"));
/// assert!(names.is_sensitive("badge"));
/// assert!(!names.is_sensitive("colour"));
/// ```
#[derive(Clone, Debug)]
pub struct SensitiveKeys {
    allowed: Box<[String]>,
    added: Box<[String]>,
    endings: Endings,
}

impl SensitiveKeys {
    /// The names of the table and `added`, without `allowed`. All are compared
    /// as words: upper and lower case, dashes and dots make no difference.
    #[must_use]
    pub fn new(allowed: &[impl AsRef<str>], added: &[impl AsRef<str>]) -> Self {
        let all = |names: &[String]| -> Box<[String]> {
            let names = names.iter().filter(|name| !name.is_empty());
            names.cloned().collect()
        };
        let squash = |name: &str| squashed(name);
        let allowed: Vec<String> = allowed.iter().map(|name| squash(name.as_ref())).collect();
        let added: Vec<String> = added.iter().map(|name| squash(name.as_ref())).collect();
        let mut endings = Endings::default();
        for name in KNOWN.iter().chain(&added) {
            endings.insert(name);
        }
        Self {
            allowed: all(&allowed),
            added: all(&added),
            endings,
        }
    }

    /// Whether `name` has words that can be compared.
    #[must_use]
    pub(crate) fn is_name(name: &str) -> bool {
        (SHORTEST..=MAX_LENGTH).contains(&squashed(name).len())
    }

    /// Whether `name` tells of personal data.
    ///
    /// Its last words must be a telling name. Digits at its end do not count:
    /// `phone2` is `phone`. Of an allowed and an added name the longer decides.
    #[must_use]
    pub fn is_sensitive(&self, name: &str) -> bool {
        self.endings.may_be_of(name) && self.decide(name)
    }

    fn decide(&self, name: &str) -> bool {
        let mut known = false;
        let mut harmless = false;
        let mut allowed = 0;
        let mut added = 0;
        let mut look = |ending: &str| {
            known |= KNOWN.contains(ending);
            harmless |= OF_THINGS.contains(ending);
            if self.allowed.iter().any(|name| name == ending) {
                allowed = ending.len();
            }
            if self.added.iter().any(|name| name == ending) {
                added = ending.len();
            }
        };
        each_ending(name, |ending| {
            // As if its words stood apart.
            if let Some(name) = AS_ONE_WORD.get(ending) {
                look(name);
            }
            look(ending);
        });
        added > allowed || (known && !harmless && allowed == 0)
    }
}

impl Default for SensitiveKeys {
    fn default() -> Self {
        Self::new(&[""; 0], &[""; 0])
    }
}

/// The last three letters of names, as bits: a key with others is none, and so
/// are most.
#[derive(Clone, Debug)]
struct Endings(Box<[u64; 64]>);

impl Default for Endings {
    fn default() -> Self {
        Self(Box::new([0; 64]))
    }
}

impl Endings {
    /// The word and the bit of the letters, last one first.
    fn slot(letters: [u8; 3]) -> (usize, u64) {
        // Upper and lower case of a letter fall together.
        let letters = letters.map(|letter| usize::from(letter & 31));
        let slot = ((letters[0] | (letters[1] << 5) | (letters[2] << 10)) * 0x9e5) >> 3;
        (slot / 64 % 64, 1 << (slot % 64))
    }

    fn insert(&mut self, name: &str) {
        if let [.., first, second, last] = name.as_bytes() {
            let (word, bit) = Self::slot([*last, *second, *first]);
            self.0[word] |= bit;
        }
    }

    fn may_be_of(&self, name: &str) -> bool {
        let mut letters = [0; 3];
        let mut count = 0;
        for byte in name.bytes().rev() {
            if !byte.is_ascii() {
                // In other scripts two cases are two bytes.
                return true;
            }
            let counts = if count == 0 {
                byte.is_ascii_alphabetic()
            } else {
                byte.is_ascii_alphanumeric()
            };
            if counts {
                letters[count] = byte;
                count += 1;
                if count == letters.len() {
                    let (word, bit) = Self::slot(letters);
                    return self.0[word] & bit != 0;
                }
            }
        }
        false
    }
}

/// The letters and digits of `name` in lower case, without digits at its end.
fn squashed(name: &str) -> String {
    let letters = name.chars().filter(|letter| letter.is_alphanumeric());
    let all: String = letters.flat_map(char::to_lowercase).collect();
    all.trim_end_matches(char::is_numeric).to_owned()
}

/// Calls `each` with the last word of `name`, the last two, the last three and so
/// on, squashed, as far as names go.
///
/// Words begin behind what is not a letter or digit, behind digits, and as camelCase
/// has it: `userEMailAddress` has four.
fn each_ending(name: &str, mut each: impl FnMut(&str)) {
    let mut bytes = [0_u8; MAX_LENGTH];
    let mut start = MAX_LENGTH;
    let mut letters = name
        .chars()
        .rev()
        .skip_while(|letter| !letter.is_alphabetic())
        .peekable();
    let mut next: Option<char> = None;
    while let Some(letter) = letters.next() {
        if !letter.is_alphanumeric() {
            next = None;
            continue;
        }
        if letter.is_ascii() {
            let Some(place) = start.checked_sub(1) else {
                return;
            };
            bytes[place] = letter.to_ascii_lowercase() as u8;
            start = place;
        } else {
            // Several characters may come of one: the last is written first.
            let mut lower = letter.to_lowercase();
            while let Some(letter) = lower.next_back() {
                let mut encoded = [0; 4];
                let encoded = letter.encode_utf8(&mut encoded).as_bytes();
                let Some(place) = start.checked_sub(encoded.len()) else {
                    return;
                };
                bytes[place..start].copy_from_slice(encoded);
                start = place;
            }
        }
        let begins_word = letters
            .peek()
            .is_none_or(|before| begins_word(*before, letter, next));
        next = Some(letter);
        if begins_word
            && MAX_LENGTH - start >= SHORTEST
            && let Some(Ok(ending)) = bytes.get(start..).map(str::from_utf8)
        {
            each(ending);
        }
    }
}

/// Whether a word begins with `letter`, which is behind `before` and in front
/// of `next`.
fn begins_word(before: char, letter: char, next: Option<char>) -> bool {
    !before.is_alphanumeric()
        || (before.is_numeric() && !letter.is_numeric())
        || (letter.is_uppercase()
            && (!before.is_uppercase() || next.is_some_and(char::is_lowercase)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_tell_however_they_are_written() {
        let names = SensitiveKeys::default();
        for name in [
            "email",
            "EMAIL",
            "E-Mail",
            "e_mail",
            "eMail",
            "emails",
            "customer_email",
            "billingEmail",
            "user.phone",
            "user[phone]",
            "user[email][]",
            "phoneNumber",
            "phonenumber",
            "PhoneNumber",
            "phone_2",
            "phone2",
            "userSSN",
            "SSN",
            "ssn",
            "socialSecurityNumber",
            "first-name",
            "FirstName",
            "firstname",
            "password",
            "new_password",
            "csrf_token",
            "accessToken",
            "oauth2token",
            "api-key",
            "APIKey",
            "card_number",
            "CreditCardNumber",
            "cvv2",
            "iban",
            "shipping address",
            "address1",
            "addressLine2",
            "date_of_birth",
            "dateOfBirth",
            "DOB",
            "email ",
            "$email",
        ] {
            assert!(names.is_sensitive(name), "{name}");
        }
    }

    #[test]
    fn names_written_as_one_word_tell_as_their_words_do() {
        let names = SensitiveKeys::default();
        for (before, known) in GLUED {
            for name in *known {
                assert!(KNOWN.contains(&squashed(name)), "{name}");
                for word in *before {
                    let key = format!("{word}{}", squashed(name));
                    assert!(names.is_sensitive(&key), "{key}");
                    assert!(SensitiveKeys::is_name(&key), "{key}");
                }
            }
        }
        for name in [
            "emailaddress",
            "EMAILADDRESS",
            "useremail",
            "customeremail2",
            "billingemail",
            "homephone",
            "streetaddress1",
            "billingaddress",
            "shippingaddress",
            "shippingphonenumber",
            "homeaddress",
            "authtoken",
            "refreshtoken",
            "idtoken",
            "clientsecret",
            "userpassword",
            "our_useremail",
        ] {
            assert!(names.is_sensitive(name), "{name}");
        }
        let names = SensitiveKeys::new(&["phone"], &["loyalty_no"]);
        assert!(!names.is_sensitive("homephone"), "allowed as home_phone is");
        assert!(names.is_sensitive("homeaddress"));
    }

    #[test]
    fn names_that_only_have_such_a_word_in_them_do_not() {
        let names = SensitiveKeys::default();
        for name in [
            "",
            "1",
            "name",
            "product_name",
            "email_opt_in",
            "emailOptIn",
            "phone_model",
            "mailing_list",
            "password_length",
            "shipping",
            "spin",
            "opinion",
            "hotel",
            "phone_case_color",
            "city",
            "region",
            "country",
            "postal_code",
            "neighborhood",
            "card_type",
            "gift_card",
            "coupon_code",
            "token_count",
            "key",
            "headphone",
            "xphone",
            "smartphone",
            "microphone",
            "ipaddress",
            "macaddress",
            "webaddress",
            "carttoken",
            "checkouttoken",
            "tokenized",
            "addressable",
            "useremailed",
            "billingaddresscode",
            "pickup_address_code",
            "homephone_model",
            "emailoptin",
            "emailed",
            "漢字",
            "é",
            "__",
        ] {
            assert!(!names.is_sensitive(name), "{name}");
        }
    }

    #[test]
    fn a_destination_allows_names_and_adds_some() {
        let names = SensitiveKeys::new(&["Store-Address", "token"], &["loyalty_no", "имя"]);
        for name in ["storeAddress", "our_store_address", "token", "csrf_token"] {
            assert!(!names.is_sensitive(name), "{name}");
        }
        for name in ["address", "loyaltyNo", "my_loyalty_no", "ИМЯ", "email"] {
            assert!(names.is_sensitive(name), "{name}");
        }
    }

    #[test]
    fn of_an_allowed_and_an_added_name_the_longer_decides() {
        let names = SensitiveKeys::new(&["phone"], &["secret phone"]);
        assert!(!names.is_sensitive("phone"));
        assert!(!names.is_sensitive("work_phone"));
        assert!(names.is_sensitive("secret_phone"));
        let names = SensitiveKeys::new(&["shop phone"], &["phone"]);
        assert!(names.is_sensitive("phone"));
        assert!(!names.is_sensitive("shop_phone"));
    }

    #[test]
    fn every_name_of_the_table_is_its_own() {
        let names = SensitiveKeys::default();
        for name in NAMES {
            assert!(names.is_sensitive(name), "{name}");
            assert!(
                names.is_sensitive(&format!("their_{}", name.replace(' ', "_"))),
                "{name}"
            );
            assert!(SensitiveKeys::is_name(name), "{name}");
        }
        for name in HARMLESS {
            assert!(!names.is_sensitive(name), "{name}");
        }
        assert_eq!(KNOWN.len(), NAMES.len(), "a name stands twice");
    }

    proptest! {
        #[test]
        fn a_glance_never_hides_a_name(name in "\\PC{0,12}(email|Phone|userEmail|hometel|_pin|имя)?\\PC{0,2}") {
            let names = SensitiveKeys::new(&[""; 0], &["имя", "ß1ß"]);
            prop_assert_eq!(names.is_sensitive(&name), names.decide(&name));
        }
    }
}
