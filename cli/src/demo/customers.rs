//! The shop's customers: of several countries and scripts, some of whom the
//! shop knows by hashes only.

use capi_core::user_data::Digest;
use serde_json::{Value, json};

/// What a shop knows of a customer.
pub(super) struct Customer {
    pub(super) user_id: Option<&'static str>,
    pub(super) anonymous_id: &'static str,
    pub(super) ip: &'static str,
    pub(super) currency: &'static str,
    email: &'static str,
    phone: &'static str,
    name: (&'static str, &'static str),
    birthday: &'static str,
    gender: &'static str,
    address: (&'static str, &'static str, &'static str, &'static str),
    /// Whether the shop sends hashes in place of e-mail and phone.
    hashed: bool,
}

#[rustfmt::skip]
pub(super) const CUSTOMERS: &[Customer] = &[
    Customer { user_id: Some("cust_48213"), anonymous_id: "7a1c9d3e-0b4f", ip: "203.0.113.44", currency: "USD", email: "Kim.Lee@Example.com", phone: "+1 (512) 555-0132", name: ("Kim", "Lee"), birthday: "1990-02-03", gender: "female", address: ("Austin", "Texas", "78701-1234", "US"), hashed: false },
    Customer { user_id: Some("cust_10077"), anonymous_id: "d3e0b4f4-c119", ip: "198.51.100.7", currency: "EUR", email: "juergen.mueller@example.de", phone: "+49 89 1234567", name: ("Jürgen", "Müller"), birthday: "1978-11-30", gender: "m", address: ("München", "Bayern", "80331", "Germany"), hashed: false },
    Customer { user_id: Some("cust_5521"), anonymous_id: "a552f6de-1c0a", ip: "2001:db8::1f", currency: "JPY", email: "misaki.sato@example.jp", phone: "+81 3-1234-5678", name: ("美咲", "佐藤"), birthday: "19880423", gender: "f", address: ("東京", "東京都", "100-0001", "Japan"), hashed: false },
    Customer { user_id: Some("cust_777"), anonymous_id: "b9c01e77-42aa", ip: "192.0.2.130", currency: "UAH", email: "olena.k@example.com.ua", phone: "+380 44 123 4567", name: ("Олена", "Коваль"), birthday: "1995-07-14", gender: "F", address: ("Київ", "Київська область", "01001", "Ukraine"), hashed: false },
    Customer { user_id: Some("cust_31415"), anonymous_id: "0f0e0d0c-9a8b", ip: "198.51.100.201", currency: "GBP", email: "siobhan.oconnor@example.co.uk", phone: "+44 20 7946 0018", name: ("Siobhán", "O’Connor"), birthday: "1969-12-01", gender: "woman", address: ("Manchester", "England", "M1 1AE", "United Kingdom"), hashed: false },
    Customer { user_id: Some("cust_90210"), anonymous_id: "5a5b5c5d-1111", ip: "203.0.113.9", currency: "CAD", email: "zoe.tremblay@example.ca", phone: "+1 514 555 0199", name: ("Zoé", "Tremblay"), birthday: "2001-01-15", gender: "f", address: ("Montréal", "Québec", "H2X 1Y4", "Canada"), hashed: true },
    Customer { user_id: Some("cust_404"), anonymous_id: "c0ffee00-2222", ip: "203.0.113.77", currency: "USD", email: "carlos.pena@example.mx", phone: "+52 55 1234 5678", name: ("Carlos", "Peña-Ruiz"), birthday: "1983-03-09", gender: "male", address: ("Ciudad de México", "CDMX", "06000", "Mexico"), hashed: true },
    Customer { user_id: None, anonymous_id: "9e8d7c6b-3333", ip: "2001:db8:7::9", currency: "KRW", email: "jiwoo@example.kr", phone: "+82 2-312-3456", name: ("지우", "김"), birthday: "1999-09-09", gender: "f", address: ("서울", "서울특별시", "04524", "South Korea"), hashed: false },
];

impl Customer {
    /// What a client knows of the customer, as traits.
    pub(super) fn traits(&self) -> Value {
        let (city, state, postal_code, country) = self.address;
        let mut traits = json!({
            "email": self.email,
            "phone": self.phone,
            "firstName": self.name.0,
            "lastName": self.name.1,
            "birthday": self.birthday,
            "gender": self.gender,
            "address": { "city": city, "state": state, "postalCode": postal_code, "country": country },
        });
        if self.hashed {
            let digits: String = self.phone.chars().filter(char::is_ascii_digit).collect();
            traits["email"] = json!(Digest::of(&self.email.to_lowercase()).as_str());
            traits["phone"] = json!(Digest::of(&digits).as_str());
        }
        traits
    }
}
