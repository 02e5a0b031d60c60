//! The `data` parameter: 1 to 1000 events, objects or JSON-encoded strings.

use std::borrow::Cow;

use serde_json::Value;
use serde_json::value::RawValue;

use super::{Context, Fields, Path, event};
use crate::api_error::ApiError;
use crate::ledger::Taken;

/// Meta, Using the API: "You can send up to 1,000 events in `data`."
const MAX_EVENTS: usize = 1000;

/// One item of `data`: its text as received, and its fields if it is an object.
pub(crate) struct Item {
    text: Box<str>,
    pub(crate) fields: Option<Fields>,
}

/// Splits the text of `data` into items. Their number is judged by [`check`],
/// so that fault rules see the events of any request.
pub(crate) fn items(data: Option<&str>) -> Result<Vec<Item>, ApiError> {
    let data = data.ok_or_else(|| ApiError::param("The parameter data is required"))?;
    let items: Vec<&RawValue> =
        serde_json::from_str(data).map_err(|_| ApiError::param("Param data must be an array."))?;
    Ok(items.into_iter().map(item).collect())
}

fn item(raw: &RawValue) -> Item {
    // Meta types `data` as a list of JSON-encoded strings; its SDK for Python
    // sends that, everyone else sends objects.
    let text: Cow<'_, str> = match serde_json::from_str::<String>(raw.get()) {
        Ok(encoded) => Cow::Owned(encoded),
        Err(_) => Cow::Borrowed(raw.get()),
    };
    let fields = match serde_json::from_str(&text) {
        Ok(Value::Object(fields)) => Some(fields),
        _ => None,
    };
    Item {
        text: one_line(&text).into(),
        fields,
    }
}

/// Checks every event; the first that is bad refuses them all.
pub(crate) fn check(items: &[Item], context: Context) -> Result<Vec<Taken>, ApiError> {
    match items.len() {
        0 => return Err(ApiError::param("Param data must have at least 1 element.")),
        1..=MAX_EVENTS => {}
        more => {
            let limit = format_args!("Param data must have at most {MAX_EVENTS} elements, not ");
            return Err(ApiError::param(format_args!("{limit}{more}.")));
        }
    }
    let data = Path::Root.key("data");
    items
        .iter()
        .enumerate()
        .map(|(index, item)| check_item(item, &data.index(index), context))
        .collect()
}

fn check_item(item: &Item, path: &Path<'_>, context: Context) -> Result<Taken, ApiError> {
    let fields = item
        .fields
        .as_ref()
        .ok_or_else(|| ApiError::parameter(format!("Param {path} must be a JSON object")))?;
    event::check(fields, path, context)?;
    let text = |key: &str| fields.get(key).and_then(Value::as_str);
    Ok(Taken {
        name: text("event_name").unwrap_or_default().into(),
        id: text("event_id").filter(|id| !id.is_empty()).map(Into::into),
        text: item.text.clone(),
    })
}

/// JSON text without line breaks. Those can only stand between tokens, where
/// any space is as good as none, so a text that has some loses all of it.
fn one_line(text: &str) -> Cow<'_, str> {
    if !text.contains(['\n', '\r']) {
        return Cow::Borrowed(text.trim());
    }
    let mut line = String::with_capacity(text.len());
    let (mut quoted, mut escaped) = (false, false);
    for character in text.chars() {
        if quoted || !character.is_ascii_whitespace() {
            line.push(character);
        }
        if character == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = character == '\\' && !escaped;
    }
    Cow::Owned(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_keeps_strings_as_they_are() {
        let text = "{\n  \"a b\": \"c \\\" d\\\\\",\r\n  \"e\": [1, 2]\n}";
        assert_eq!(one_line(text), "{\"a b\":\"c \\\" d\\\\\",\"e\":[1,2]}");
        assert_eq!(one_line(" {\"a\": 1} "), "{\"a\": 1}");
    }

    #[test]
    fn items_keep_the_order_of_keys_and_the_digits_of_numbers() {
        let items = items(Some(r#"[{"z":1.50,"a":1},"{\"b\":2}"]"#)).unwrap();
        assert_eq!(&*items[0].text, r#"{"z":1.50,"a":1}"#);
        assert_eq!(&*items[1].text, r#"{"b":2}"#);
        assert!(items.iter().all(|item| item.fields.is_some()));
    }
}
