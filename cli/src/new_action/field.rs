//! A field of a new action, as it is asked for: `plan:string:properties.plan`.

use anyhow::{Context as _, bail, ensure};
use capi_core::destination::SensitiveKeys;
use capi_core::field::custom_data::known;
use capi_core::field::{Field, FieldType, append, commerce, event, user_data};

use super::event_path::EventPath;
use super::name::squeezed;

const TYPES: [FieldType; 7] = [
    FieldType::String,
    FieldType::Text,
    FieldType::Number,
    FieldType::Integer,
    FieldType::Boolean,
    FieldType::Object,
    FieldType::Datetime,
];

/// The fields that events of a shop share; each is the constant of
/// [`commerce`] whose name is its key in capitals.
pub(super) const SHARED: &[Field] = &[
    commerce::CONTENT_CATEGORY,
    commerce::CONTENT_IDS,
    commerce::CONTENT_NAME,
    commerce::CONTENT_TYPE,
    commerce::CONTENTS,
    commerce::CURRENCY,
    commerce::DELIVERY_CATEGORY,
    commerce::ITEM_NUMBER,
    commerce::NET_REVENUE,
    commerce::NUM_ITEMS,
    commerce::ORDER_ID,
    commerce::PREDICTED_LTV,
    commerce::PRODUCT_CATALOG_ID,
    commerce::SEARCH_STRING,
    commerce::STATUS,
    commerce::VALUE,
];

/// Keys of Meta's event itself that not every action has. A dead letter is read back
/// with all of an event's keys side by side, and there they would be taken for one.
const OF_THE_EVENT: &[Field] = &[event::EVENT_NAME, append::ATTRIBUTION_DATA];

/// Names of identifiers beside those that mappings have for them.
const IDENTIFIERS: &[&str] = &["birthday", "emailaddress", "fullname", "phonenumber", "ssn"];

/// Names of identifiers that are as often of a thing: the country of a shop, the
/// state of an order.
const OF_THINGS: &[&str] = &["city", "country", "state", "zip"];

/// A key of `custom_data` that the action is to have.
#[derive(Debug)]
pub(super) struct NewField {
    pub(super) key: String,
    pub(super) kind: FieldType,
    pub(super) path: EventPath,
    /// The field that events of a shop share, where the key is one of those.
    pub(super) shared: Option<&'static Field>,
}

impl NewField {
    /// Reads `key:type:path`.
    ///
    /// # Errors
    ///
    /// What of the three cannot be, with the text that it is in.
    pub(super) fn parse(text: &str) -> anyhow::Result<Self> {
        Self::read(text).with_context(|| format!("--field {text}"))
    }

    fn read(text: &str) -> anyhow::Result<Self> {
        let parts: Vec<&str> = text.splitn(3, ':').collect();
        let [key, kind, path] = parts[..] else {
            bail!("a field is KEY:TYPE:PATH, as in plan:string:properties.plan");
        };
        check_key(key)?;
        let kind = TYPES
            .into_iter()
            .find(|one| one.name() == kind)
            .with_context(|| {
                let names = TYPES.map(FieldType::name).join(", ");
                format!("no type is called {kind:?}; there are {names}")
            })?;
        let path = EventPath::parse(path)?;
        check_is_no_identifier(path.last())?;
        // A yes or no under such a name says nothing of whose it is, and is sent.
        if kind != FieldType::Boolean {
            check_is_not_scrubbed(key)?;
            check_is_not_scrubbed(path.last())?;
        }
        let shared = SHARED.iter().find(|field| field.key == key);
        if let Some(wanted) = known(key).map(|field| field.kind) {
            ensure!(
                is_as(kind, wanted),
                "Meta knows the key {key} and takes {}; write {key}:{}:{path}",
                wanted.described(),
                wanted.name(),
            );
        }
        ensure!(
            kind == FieldType::Object || path.keys.len() > 1 || path.last() != "properties",
            "properties is an object; name one of its keys, as in properties.{key}"
        );
        Ok(Self {
            key: key.to_owned(),
            kind,
            path,
            shared,
        })
    }

    /// Whether it is the list of products, whose items have a form of their own.
    pub(super) fn is_contents(&self) -> bool {
        self.key == commerce::CONTENTS.key
    }

    /// Whether it takes a list.
    pub(super) fn is_multiple(&self) -> bool {
        self.shared.is_some_and(|field| field.multiple)
    }
}

/// Whether a field of type `kind` is one of `wanted`: a long text is a string too.
fn is_as(kind: FieldType, wanted: FieldType) -> bool {
    kind == wanted || wanted == FieldType::String && kind == FieldType::Text
}

fn check_key(key: &str) -> anyhow::Result<()> {
    let is_key_of = |field: &Field| {
        [Some(field.key), field.alias]
            .into_iter()
            .flatten()
            .any(|name| name.eq_ignore_ascii_case(key))
    };
    ensure!(
        key.starts_with(|first: char| first.is_ascii_alphabetic())
            && key
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && key.len() <= 40,
        "the key {key:?} is none for custom_data: a letter first, then letters, digits and _, 40 characters at most"
    );
    ensure!(
        !OF_THE_EVENT.iter().any(is_key_of),
        "{key} is a key of Meta's event itself, so that custom_data cannot have it; take another"
    );
    ensure!(
        !event::EVENT.iter().any(is_key_of),
        "every action has {key}; leave it out here and map it in the subscription if its prebuilt mapping does not fit"
    );
    check_is_no_identifier(key)
}

/// # Errors
///
/// `name` tells of personal data: what is under such a key is left out of every
/// event, unless a destination allows it.
fn check_is_not_scrubbed(name: &str) -> anyhow::Result<()> {
    ensure!(
        !SensitiveKeys::default().is_sensitive(name),
        "{name} tells of personal data, which is cut out of custom_data; map an identifier in user_data of the subscription, where it is hashed, and leave the rest at home"
    );
    Ok(())
}

/// # Errors
///
/// `name` is one of an identifier: raw, it must not leave.
fn check_is_no_identifier(name: &str) -> anyhow::Result<()> {
    let name = squeezed(name);
    let of_user_data = user_data::USER_DATA
        .iter()
        .flat_map(|field| [Some(field.key), field.alias])
        .flatten()
        .filter(|key| !OF_THINGS.contains(key))
        .any(|key| squeezed(key) == name);
    ensure!(
        !of_user_data && !IDENTIFIERS.contains(&name.as_str()),
        "{name} says who the customer is, and custom_data leaves as it is; map it in user_data of the subscription, which hashes what must be hashed"
    );
    Ok(())
}

/// What is to be said of fields with a value of money but no currency.
pub(super) fn money_without_currency(fields: &[NewField]) -> Option<&'static str> {
    let has = |key: &str| fields.iter().any(|field| field.key == key);
    let money = ["value", "predicted_ltv", "net_revenue"]
        .into_iter()
        .any(has);
    (money && !has("currency")).then_some(
        "a value wants a currency: Meta is reported to refuse one alone. A field for it would be \
         currency:string:properties.currency",
    )
}
