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

/// Pieces of Liquid templates. Numbers and texts are such as filters may trip
/// over: large, negative, not ASCII.
#[cfg(feature = "liquid")]
fn template() -> impl Strategy<Value = String> {
    let value = || {
        prop::sample::select(vec![
            "a",
            "b",
            "a.b",
            "a[0]",
            "a[-1]",
            "a[b]",
            "missing",
            "nil",
            "empty",
            "true",
            "v",
            "0",
            "-1",
            "1e400",
            "99999999999999999999",
            "-0.5",
            "''",
            "'x'",
            "'é😀'",
            "'%'",
            "'%-99d%5N%^a'",
            "'2024-03-10'",
            "'10 Mar 24 5:07 PM +9999:'",
            "'-271821'",
            "'Asia/Tokyo'",
            "'\\n'",
            "-90",
            "'a.b'",
            "'['",
            "(1..3)",
            "(a..99999999999)",
            "\"\\ud83d\"",
        ])
    };
    let filter = prop::sample::select(vec![
        "append",
        "capitalize",
        "strip",
        "split",
        "truncate",
        "replace",
        "replace_last",
        "remove_first",
        "truncatewords",
        "number_of_words",
        "escape_once",
        "strip_html",
        "round",
        "divided_by",
        "modulo",
        "at_least",
        "join",
        "first",
        "last",
        "sum",
        "push",
        "shift",
        "slice",
        "where",
        "default",
        "json",
        "url_encode",
        "url_decode",
        "uri_escape",
        "slugify",
        "base64_encode",
        "base64_decode",
        "hmac_sha256",
        "date",
        "date_to_string",
        "unknown",
    ]);
    let arguments = prop::collection::vec(value(), 0..3);
    let step = (filter, arguments).prop_map(|(name, arguments)| match &*arguments {
        [] => format!(" | {name}"),
        _ => format!(" | {name}: {}", arguments.join(", ")),
    });
    let operator = prop::sample::select(vec!["", " == a", " < 'b'", " contains 1", " and not v"]);
    let steps = prop::collection::vec(step, 0..4);
    let expression = (value(), operator, steps)
        .prop_map(|(value, operator, steps)| format!("{value}{operator}{}", steps.concat()))
        .boxed();
    let tag = prop::sample::select(vec![
        "if ",
        "elsif ",
        "unless ",
        "assign v = ",
        "echo ",
        "cycle ",
        "break ",
    ]);
    let whole = prop::sample::select(vec![
        "{% else %}",
        "{% endif %}",
        "{% endunless %}",
        "{% capture v %}",
        "{% endcapture %}",
        "{% raw %}",
        "{% endraw %}",
        "{% comment %}",
        "{% endcomment %}",
        "{% increment v %}",
        "{% cycle 'a': ",
        "{% cycle v, ",
        "{%",
        "%}",
        "{{",
        "}}",
        "{%-",
        "-%}",
        "'",
        "[",
        "|",
        "\n",
        "é",
    ]);
    let piece = prop_oneof![
        expression
            .clone()
            .prop_map(|inner| format!("{{{{ {inner} }}}}")),
        (tag, expression).prop_map(|(tag, inner)| format!("{{%- {tag}{inner} -%}}")),
        whole.prop_map(str::to_owned),
        "\\PC{0,4}",
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
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
            "@liquid",
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

    /// A template gives a text, or an error that tells nothing of the event.
    #[test]
    #[cfg(feature = "liquid")]
    fn templates(template in template(), event in json()) {
        let arena = Arena::new();
        let mapping = serde_json::json!({ "@liquid": template }).to_string();
        let mapping = Json::parse(&arena, mapping.as_bytes()).unwrap();
        let event = format!("{{\"a\":{event},\"b\":\"é😀\"}}");
        let event = Json::parse(&arena, event.as_bytes()).unwrap();
        match Mapping::compile(mapping) {
            Ok(compiled) => match compiled.resolve(event, &arena) {
                Ok(value) => prop_assert!(value.and_then(Json::as_str).is_some()),
                Err(error) => prop_assert_eq!(error.path, "/@liquid"),
            },
            Err(faults) => prop_assert!(!faults[0].message.contains('\n')),
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
