//! Cases of `mappings.ndjson`: `mapping` with `gives`, what it makes of the
//! event; with `nothing`, where that is nothing at all; with `fails`, the JSON
//! paths of its faults; or with `breaks`, that of the error when it is resolved.

use capi_core::event::{Arena, Json};
use capi_core::mapping::Mapping;

use crate::cases;

#[test]
fn mappings_give_what_they_should() {
    cases(include_str!("mappings.ndjson"), |line, case, event| {
        let json = case.get("mapping").unwrap();
        let text = json.to_text();
        let mapping = Mapping::compile(json);
        if let Some(paths) = case.get("fails") {
            let faults = mapping.expect_err(&format!("line {line}: {text} is taken for a mapping"));
            let found: Vec<Json<'_>> = faults.iter().map(|fault| Json::Str(&fault.path)).collect();
            assert_eq!(paths, Json::List(&found), "line {line}: {faults:?}");
            return;
        }
        let mapping = mapping.unwrap_or_else(|faults| panic!("line {line}: {faults:?}"));
        let arena = Arena::new();
        let resolved = mapping.resolve(event, &arena);
        if let Some(path) = case.get("breaks") {
            let error = resolved.expect_err(&format!("line {line}: {text} can be resolved"));
            assert_eq!(path, Json::Str(&error.path), "line {line}");
            return;
        }
        match resolved.unwrap_or_else(|error| panic!("line {line}: {error}")) {
            None => {
                assert_eq!(
                    case.get("nothing"),
                    Some(Json::Bool(true)),
                    "line {line}: {text}"
                );
            }
            Some(value) => {
                let wanted = case
                    .get("gives")
                    .unwrap_or_else(|| panic!("line {line}: {text}"));
                let value_text = value.to_text();
                assert!(
                    same(value, wanted),
                    "line {line}: {text}\n gives {value_text}"
                );
            }
        }
    });
}

/// The order of keys does not count.
fn same(left: Json<'_>, right: Json<'_>) -> bool {
    match (left, right) {
        (Json::List(a), Json::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(*a, *b))
        }
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| right.get(key).is_some_and(|b| same(*a, b)))
        }
        _ => left == right,
    }
}
