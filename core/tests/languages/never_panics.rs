//! Whatever people write, it is parsed or refused.

use capi_core::event::{Arena, Json};
use capi_core::mapping::Mapping;
use capi_core::trigger::Trigger;
use proptest::prelude::*;

/// Pieces of statements, so that chance gets past the first word.
fn statement() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "type",
            "event",
            "properties.a",
            "=",
            "!=",
            "<",
            ">=",
            "in",
            "and",
            "or",
            "!",
            "(",
            ")",
            "[",
            "]",
            ",",
            "'x'",
            "\"*\"",
            "'[a-z]?'",
            "5",
            "-1.5e3",
            "null",
            "true",
            "contains(",
            "match(",
            "length(",
            "snakecase(",
            "number(",
            "&&",
            "\\",
            ".",
            "é",
            "''",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,4}",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.join(" "))
}

/// Any JSON, with the names of directives and their options among its keys.
fn json() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        prop::sample::select(vec![
            "$.a",
            "a[0].b",
            "['a.b']",
            "{{a}}",
            "{{{a.b}}}",
            "lower",
            "left",
            "encode",
            "decode",
            "",
            ".",
            "$&",
            "{\"a\":1}",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,6}",
    ];
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        any::<i64>().prop_map(|value| value.to_string()),
        (-1e30..1e30).prop_map(|value: f64| serde_json::json!(value).to_string()),
        text.prop_map(|text| serde_json::json!(text).to_string()),
    ];
    let key = prop_oneof![
        prop::sample::select(vec![
            "@path",
            "@template",
            "@literal",
            "@if",
            "@case",
            "@replace",
            "@arrayPath",
            "@merge",
            "@transform",
            "@flatten",
            "@json",
            "@excludeWhenNull",
            "@coalesce",
            "exists",
            "blank",
            "then",
            "else",
            "operator",
            "value",
            "pattern",
            "replacement",
            "pattern2",
            "ignorecase",
            "objects",
            "direction",
            "apply",
            "mapping",
            "separator",
            "mode",
            "a",
            "b",
            "_metadata",
            "__segment_internal_directive",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,4}",
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        let member = (key.clone(), inner.clone())
            .prop_map(|(key, value)| format!("{}:{value}", serde_json::json!(key)));
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec(member.clone(), 1..2)
                .prop_map(|members| format!("{{{}}}", members.join(","))),
            prop::collection::vec(member, 0..6)
                .prop_map(|members| format!("{{{}}}", members.join(","))),
        ]
    })
}

proptest! {
    #[test]
    fn statements(text in prop_oneof![statement(), "\\PC{0,40}"], event in json()) {
        if let Ok(trigger) = Trigger::parse(&text) {
            let arena = Arena::new();
            let matches = trigger.matches(Json::parse(&arena, event.as_bytes()).unwrap());
            let negated = Trigger::parse(&format!("!({text})")).unwrap();
            let event = Json::parse(&arena, event.as_bytes()).unwrap();
            prop_assert_eq!(negated.matches(event), !matches);
        }
    }

    #[test]
    fn mappings(mapping in json(), event in json()) {
        let arena = Arena::new();
        let mapping = Json::parse(&arena, mapping.as_bytes()).unwrap();
        let event = Json::parse(&arena, event.as_bytes()).unwrap();
        match Mapping::compile(mapping) {
            Ok(compiled) => {
                if let Ok(Some(value)) = compiled.resolve(event, &arena) {
                    let text = value.to_text();
                    prop_assert!(Json::parse(&arena, text.as_bytes()).is_ok());
                }
            }
            Err(faults) => prop_assert!(!faults.is_empty()),
        }
    }

    /// What holds no directive is its own result.
    #[test]
    fn plain_values_stand_for_themselves(mapping in json()) {
        prop_assume!(!mapping.contains("\"@") && !mapping.contains("__segment"));
        let arena = Arena::new();
        let mapping = Json::parse(&arena, mapping.as_bytes()).unwrap();
        let compiled = Mapping::compile(mapping).unwrap();
        let value = compiled.resolve(Json::Null, &arena).unwrap().unwrap();
        prop_assert_eq!(value.to_text(), mapping.to_text());
    }
}
