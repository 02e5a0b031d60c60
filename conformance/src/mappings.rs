//! Mappings: what one makes of an event, and which is wrong.

use capi_core::event::{Arena, Json};
use capi_core::mapping::{Mapping, MappingError};

use crate::case::{Case, each};
use crate::{Difference, Report};

pub(crate) const SYSTEMS: &[&str] = &["Segment"];

pub(crate) fn run(report: &mut Report) {
    let Report {
        cases,
        faults,
        differences,
    } = report;
    let text = include_str!("../mappings.ndjson");
    *cases = each("mappings.ndjson", text, faults, |case| {
        let mapping = case.get("mapping").ok_or("no mapping")?;
        let arena = Arena::new();
        let compiled = Mapping::compile(mapping);
        let answer = Answer::of(&compiled, case.event, &arena);
        if let Some(segment) = case.get("segment") {
            let fails = segment.get("fails").is_some();
            let same = match &answer {
                Answer::Gives(value) => segment.get("gives").is_some_and(|own| same(*value, own)),
                Answer::Nothing => segment.get("nothing").is_some(),
                Answer::Fails(_) | Answer::Breaks(_) => fails,
            };
            if !same {
                differences.push(Difference {
                    case: mapping.to_text(),
                    capi: answer.to_text(),
                    others: vec![Some(crate::Answer {
                        text: match segment.get("gives") {
                            Some(value) => value.to_text(),
                            None if fails => "error".to_owned(),
                            None => "nothing".to_owned(),
                        },
                        agrees: false,
                    })],
                    why: case.text("why").map(str::to_owned),
                });
            }
        }
        check(case, &answer)
    });
}

/// What a mapping makes of an event.
enum Answer<'a> {
    Gives(Json<'a>),
    Nothing,
    /// The paths of its faults.
    Fails(Vec<String>),
    /// The path of what cannot be resolved.
    Breaks(String),
}

impl<'a> Answer<'a> {
    fn of(
        mapping: &'a Result<Mapping, Vec<MappingError>>,
        event: Json<'a>,
        arena: &'a Arena,
    ) -> Self {
        match mapping {
            Err(faults) => Self::Fails(faults.iter().map(|fault| fault.path.clone()).collect()),
            Ok(mapping) => match mapping.resolve(event, arena) {
                Err(error) => Self::Breaks(error.path),
                Ok(None) => Self::Nothing,
                Ok(Some(value)) => Self::Gives(value),
            },
        }
    }

    fn to_text(&self) -> String {
        match self {
            Self::Gives(value) => value.to_text(),
            Self::Nothing => "nothing".to_owned(),
            Self::Fails(paths) => format!("wrong at {}", paths.join(", ")),
            Self::Breaks(path) => format!("error at {path}"),
        }
    }
}

fn check(case: Case<'_>, answer: &Answer<'_>) -> Result<(), String> {
    let holds = match answer {
        Answer::Gives(value) => case.get("gives").is_some_and(|wanted| same(*value, wanted)),
        Answer::Nothing => case.get("nothing") == Some(Json::Bool(true)),
        Answer::Fails(paths) => case.get("fails").is_some_and(|wanted| {
            let found: Vec<Json<'_>> = paths.iter().map(|path| Json::Str(path)).collect();
            wanted == Json::List(&found)
        }),
        Answer::Breaks(path) => case.text("breaks") == Some(path),
    };
    if holds {
        Ok(())
    } else {
        Err(format!(
            "{}: gives {}",
            case.json.to_text(),
            answer.to_text()
        ))
    }
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
