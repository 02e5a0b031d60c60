//! Answers questions for `differential/run`: a JSON object a line in, one a line out.
//!
//! | question | answer |
//! |---|---|
//! | `trigger`, `event` | `true`, `false` or `"error"` |
//! | `mapping`, `event` | what it gives, or `{"nothing": true}`, or `{"error": …}` |
//! | `identifier`, `value`, `country` | the digests that are sent |

use std::io::{self, BufRead, BufWriter, Write};

use capi_core::event::{Arena, Json};
use capi_core::mapping::Mapping;
use capi_core::trigger::Trigger;
use capi_core::user_data::{Hints, Identifier, Profile, normalize};

fn main() -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let arena = Arena::new();
        let line = line?;
        let question = Json::parse(&arena, line.as_bytes()).map_err(io::Error::other)?;
        writeln!(out, "{}", answer(question, &arena))?;
    }
    out.flush()
}

fn answer(question: Json<'_>, arena: &Arena) -> String {
    let get = |key: &str| question.get(key).unwrap_or(Json::Null);
    if let Some(statement) = get("trigger").as_str() {
        let trigger = Trigger::parse(statement);
        return trigger.map_or_else(
            |_| "\"error\"".to_owned(),
            |trigger| trigger.matches(get("event")).to_string(),
        );
    }
    if let Some(identifier) = get("identifier").as_str().and_then(Identifier::from_key) {
        return digests(identifier, get("value"), get("country").as_str());
    }
    let error = |message: &str| {
        let members = [("error", Json::Str(message))];
        Json::Object(&members).to_text()
    };
    match Mapping::compile(get("mapping")) {
        Err(faults) => error(faults.first().map_or("", |fault| &fault.message)),
        Ok(mapping) => match mapping.resolve(get("event"), arena) {
            Err(fault) => error(&fault.message),
            Ok(None) => r#"{"nothing":true}"#.to_owned(),
            Ok(Some(value)) => format!(r#"{{"gives":{}}}"#, value.to_text()),
        },
    }
}

fn digests(identifier: Identifier, value: Json<'_>, country: Option<&str>) -> String {
    let arena = Arena::new();
    let hints = Hints {
        country,
        default_country: None,
        date_order: None,
        today: None,
    };
    let mut normal = Vec::new();
    normalize(
        identifier,
        value,
        hints,
        Profile::default(),
        &arena,
        &mut normal,
        &mut |_| {},
    );
    let digests: Vec<_> = normal.iter().map(|value| value.digest()).collect();
    let texts: Vec<Json<'_>> = digests
        .iter()
        .map(|digest| Json::Str(digest.as_str()))
        .collect();
    Json::List(&texts).to_text()
}
