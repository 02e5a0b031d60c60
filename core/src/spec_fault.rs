//! What is wrong with the description of an action, before an event meets it.
//!
//! A field in a place that is not for it would lose its value, or send it raw: only
//! what is in `user_data` is hashed.

use crate::Spec;
use crate::field::{Field, FieldType, WirePath};
use crate::trigger::Trigger;

/// What an author must fix, in a sentence without a stop; nothing where all is well.
pub(crate) fn fault(spec: &Spec) -> Option<String> {
    let names_event = |field: &Field| field.place == WirePath::EventName;
    if spec.event_name.is_none() && !spec.fields.iter().any(names_event) {
        return Some("it has no `event_name`, and its fields lack `event::EVENT_NAME`".to_owned());
    }
    let trigger = spec.default_trigger.map(Trigger::parse);
    if let Some(Err(error)) = trigger {
        return Some(format!("its default trigger is wrong: {error}"));
    }
    spec.fields
        .iter()
        .find_map(|field| misplaced(None, field).or_else(|| mistyped(field)))
}

/// A field, or a property of one, that is in a place of another level.
fn misplaced(object: Option<&Field>, field: &Field) -> Option<String> {
    let fits = match (object.map(|object| object.place), field.place) {
        (Some(WirePath::UserData), WirePath::Identifier(_) | WirePath::UserKey(_))
        | (Some(WirePath::AppData), WirePath::AppKey | WirePath::UserKey(_)) => true,
        (Some(WirePath::UserData | WirePath::AppData), _) => false,
        (Some(_), place) => matches!(place, WirePath::Property | WirePath::CustomKey),
        (None, WirePath::Identifier(_) | WirePath::AppKey | WirePath::Property) => false,
        (None, _) => true,
    };
    if !fits {
        let of = object.map_or_else(String::new, |object| format!(" of `{}`", object.key));
        return Some(format!(
            "the field `{}`{of} is in the place {:?}, which is not for that level",
            field.key, field.place
        ));
    }
    let mut properties = field.properties.iter();
    properties.find_map(|property| misplaced(Some(field), property))
}

/// A field of a type that its place does not take.
fn mistyped(field: &Field) -> Option<String> {
    let fits = match field.place {
        WirePath::EventName
        | WirePath::EventId
        | WirePath::EventSourceUrl
        | WirePath::ActionSource
        | WirePath::TestEventCode => matches!(field.kind, FieldType::String | FieldType::Text),
        WirePath::EventTime => field.kind == FieldType::Datetime,
        WirePath::UserData | WirePath::AppData | WirePath::CustomData | WirePath::Contents => {
            field.kind == FieldType::Object
        }
        WirePath::DataProcessingOptions => field.kind == FieldType::Boolean,
        WirePath::DataProcessingCountry | WirePath::DataProcessingState => {
            field.kind == FieldType::Integer
        }
        _ => true,
    };
    (!fits).then(|| {
        format!(
            "the field `{}` is {}, which its place {:?} does not take",
            field.key,
            field.kind.described(),
            field.place
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::ONE as SPEC;
    use crate::field::event;
    use crate::user_data::Identifier;

    const PHONE: Field = Field::new(
        "phone",
        "Phone",
        FieldType::String,
        WirePath::Identifier(Identifier::Phone),
    );

    #[test]
    fn what_would_leave_raw_or_get_lost_is_told() {
        const GUEST: Field = Field::new(
            "guest",
            "Guest",
            FieldType::Object,
            WirePath::EventKey("guest"),
        )
        .properties(&[PHONE]);
        const URL: Field = Field::new("url", "URL", FieldType::Integer, WirePath::EventSourceUrl);
        for (spec, words) in [
            (
                Spec {
                    event_name: None,
                    ..SPEC
                },
                "`event::EVENT_NAME`",
            ),
            (
                Spec {
                    default_trigger: Some("type ="),
                    ..SPEC
                },
                "its default trigger is wrong: ",
            ),
            (
                Spec {
                    fields: &[PHONE],
                    ..SPEC
                },
                "the field `phone` is in the place",
            ),
            (
                Spec {
                    fields: &[GUEST],
                    ..SPEC
                },
                "the field `phone` of `guest`",
            ),
            (
                Spec {
                    fields: &[URL],
                    ..SPEC
                },
                "the field `url` is an integer",
            ),
        ] {
            let fault = fault(&spec).unwrap_or_default();
            assert!(fault.contains(words), "{words}: {fault}");
        }
    }

    #[test]
    fn what_works_has_no_fault() {
        const FIELDS: &[Field] = &[
            event::EVENT_NAME,
            event::USER_DATA.properties(&[PHONE]).replaces(),
        ];
        let spec = Spec {
            event_name: None,
            fields: FIELDS,
            ..SPEC
        };
        assert_eq!(fault(&spec), None);
    }
}
