//! The example of a new action: an event that it takes, with invented data at
//! every field's path.

use anyhow::{Context as _, bail, ensure};
use capi_core::field::FieldType;
use capi_core::field::custom_data::known;
use capi_core::trigger::words;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::event_path::EventPath;
use super::field::NewField;
use super::name::{Name, capitalized};

/// An event, in the order in which people write one.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Example<'v> {
    r#type: &'v Value,
    event: &'v Value,
    properties: &'v Value,
    context: &'v Value,
    timestamp: &'v Value,
    message_id: &'v Value,
    user_id: &'static str,
    anonymous_id: &'static str,
}

/// An invented customer.
struct Person {
    email: &'static str,
    phone: &'static str,
    first_name: &'static str,
    last_name: &'static str,
    city: &'static str,
    state: &'static str,
    postal_code: &'static str,
}

/// The customers. The second is in where the first has a name that the action
/// has too: what is sent may hold no text that the customer gave.
const PEOPLE: [Person; 2] = [
    Person {
        email: "Kim.Lee@Example.com",
        phone: "+1 (512) 555-0132",
        first_name: "Kim",
        last_name: "Lee",
        city: "Austin",
        state: "Texas",
        postal_code: "78701",
    },
    Person {
        email: "Ottoline.Quackenbush@Example.com",
        phone: "+1 (505) 555-0187",
        first_name: "Ottoline",
        last_name: "Quackenbush",
        city: "Albuquerque",
        state: "New Mexico",
        postal_code: "87102",
    },
];

impl Person {
    fn names(&self) -> [&'static str; 5] {
        [
            self.first_name,
            self.last_name,
            self.city,
            self.state,
            self.postal_code,
        ]
    }

    fn traits(&self) -> Value {
        json!({
            "email": self.email,
            "phone": self.phone,
            "firstName": self.first_name,
            "lastName": self.last_name,
            "birthday": "1990-02-03",
            "gender": "f",
            "address": {
                "city": self.city,
                "state": self.state,
                "postalCode": self.postal_code,
                "country": "US",
            },
        })
    }
}

/// The example, as the text of its file.
///
/// # Errors
///
/// No event can have all the fields: two of them want different values at one
/// place.
pub(super) fn write(name: &Name, fields: &[NewField]) -> anyhow::Result<String> {
    let mut event = json!({
        "type": "track",
        "event": name.title,
        "properties": {},
        "context": {
            "ip": "203.0.113.44",
            "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0",
            "page": {"url": format!("https://shop.example/{}", name.slug)},
            "traits": customer(name, fields).traits(),
        },
        "timestamp": "2026-11-24T05:14:51.419Z",
        "messageId": "msg-1",
    });
    for field in fields {
        place(&mut event, field)
            .with_context(|| format!("the field {} from {}", field.key, field.path))?;
    }
    let example = Example {
        r#type: &event["type"],
        event: &event["event"],
        properties: &event["properties"],
        context: &event["context"],
        timestamp: &event["timestamp"],
        message_id: &event["messageId"],
        user_id: "cust_48213",
        anonymous_id: "7a1c9d3e-0b4f-4c11-9a55-2f6de1c0a7b9",
    };
    Ok(serde_json::to_string_pretty(&example)? + "\n")
}

fn customer(name: &Name, fields: &[NewField]) -> &'static Person {
    let [first, second] = &PEOPLE;
    let mut said = format!("{} {} {}", name.slug, name.event, name.title);
    for field in fields {
        said.push_str(&format!(" {} {}", field.key, field.path));
    }
    let said = said.to_lowercase();
    let is_free = |text: &str| !said.contains(&text.to_lowercase());
    if first.names().into_iter().all(is_free) {
        first
    } else {
        second
    }
}

/// Gives `event` what `field` reads.
fn place(event: &mut Value, field: &NewField) -> anyhow::Result<()> {
    let mut value = event;
    for (depth, key) in field.path.keys.iter().enumerate() {
        if value.is_null() {
            *value = json!({});
        }
        let Value::Object(members) = value else {
            let above = EventPath {
                keys: field.path.keys[..depth].to_vec(),
            };
            bail!("{above} is not an object, so that nothing is below it; choose another path");
        };
        value = members.entry(key.as_str()).or_insert(Value::Null);
    }
    match value {
        Value::Null => *value = invented(field),
        // The event itself as its one product, or as an object of any form.
        Value::Object(members) if field.kind == FieldType::Object => fill(members, field),
        there => ensure!(
            fits(field, there),
            "what is there already is not {}; choose another path, or the type that the other field has",
            field.kind.described()
        ),
    }
    Ok(())
}

fn fill(members: &mut Map<String, Value>, field: &NewField) {
    if field.is_contents() {
        for (key, value) in product() {
            members.entry(key).or_insert(value);
        }
    } else if members.is_empty() {
        members.insert("note".to_owned(), json!("Any keys and values"));
    }
}

fn fits(field: &NewField, there: &Value) -> bool {
    match (there, field.kind) {
        (Value::Array(items), _) if field.is_multiple() => {
            items.iter().all(|item| fits(field, item))
        }
        (Value::String(_), FieldType::String | FieldType::Text) => true,
        (Value::String(text), FieldType::Datetime) => text.parse::<jiff::Timestamp>().is_ok(),
        (Value::Number(_), FieldType::Number) => true,
        (Value::Number(number), FieldType::Integer) => number.is_i64(),
        (Value::Bool(_), FieldType::Boolean) | (Value::Object(_), FieldType::Object) => true,
        _ => false,
    }
}

fn product() -> [(String, Value); 3] {
    let members = [
        ("product_id", json!("SKU-1")),
        ("quantity", json!(2)),
        ("price", json!(14.75)),
    ];
    members.map(|(key, value)| (key.to_owned(), value))
}

/// A value for `field`.
fn invented(field: &NewField) -> Value {
    let title = capitalized(&words(&field.key));
    if let Some(choice) = known(&field.key).and_then(|field| field.choices.first()) {
        return json!(choice);
    }
    match (field.key.as_str(), field.kind) {
        ("contents", _) => json!([Map::from_iter(product())]),
        ("content_ids", _) => json!(["SKU-1", "SKU-2"]),
        ("content_type", _) => json!("product"),
        ("currency", _) => json!("USD"),
        (_, FieldType::String) => json!(format!("{title} 1")),
        (_, FieldType::Text) => json!(format!("A few words on {title}.")),
        (_, FieldType::Number) => json!(29.5),
        (_, FieldType::Integer) => json!(2),
        (_, FieldType::Boolean) => json!(true),
        (_, FieldType::Object) => json!({"note": "Any keys and values"}),
        (_, FieldType::Datetime) => json!("2026-12-24T18:00:00Z"),
    }
}
