//! The eleven identifiers: what is sent of a value, beside what Meta's page
//! says and what Meta's and Segment's code was seen to send.

use capi_core::event::{Arena, Json};
use capi_core::user_data::{
    DateOrder, Digest, Hints, Identifier, Normal, Profile, ValueError, normalize, rule,
};

use jiff::civil::Date;

use crate::case::{Case, each};
use crate::{Answer, Difference, Report};

pub(crate) const SYSTEMS: &[&str] = &["Meta's page", "Pixel", "Node SDK", "Python SDK", "Segment"];

/// Their keys in a case.
const KEYS: [&str; 5] = ["page", "pixel", "node_sdk", "python_sdk", "segment"];

pub(crate) fn run(report: &mut Report) {
    for (file, text) in [
        (
            "identifiers/published.ndjson",
            include_str!("../identifiers/published.ndjson"),
        ),
        (
            "identifiers/compared.ndjson",
            include_str!("../identifiers/compared.ndjson"),
        ),
        (
            "identifiers/nobody.ndjson",
            include_str!("../identifiers/nobody.ndjson"),
        ),
        (
            "identifiers/exported.ndjson",
            include_str!("../identifiers/exported.ndjson"),
        ),
        (
            "identifiers/places.ndjson",
            include_str!("../identifiers/places.ndjson"),
        ),
        (
            "identifiers/plans.ndjson",
            include_str!("../identifiers/plans.ndjson"),
        ),
    ] {
        let Report {
            cases,
            faults,
            differences,
        } = report;
        *cases += each(file, text, faults, |case| {
            let identifier = case
                .text("identifier")
                .and_then(Identifier::from_key)
                .ok_or("no identifier")?;
            let profile = named(case, "profile", &Profile::NAMES)?.unwrap_or_default();
            let sent = Sent::of(identifier, case, profile)?;
            differences.extend(difference(identifier, case, &sent));
            check(identifier, case, &sent)
        });
    }
}

/// What is under `key` by its name; `None` if nothing is.
fn named<T: Copy>(case: Case<'_>, key: &str, names: &[(&str, T)]) -> Result<Option<T>, String> {
    let Some(text) = case.text(key) else {
        return Ok(None);
    };
    let found = names.iter().find(|(name, _)| *name == text);
    found
        .map(|(_, value)| Some(*value))
        .ok_or_else(|| format!("no {key} is called {text}"))
}

/// The day that is under `today`.
fn day(case: Case<'_>) -> Result<Option<Date>, String> {
    let day = case.text("today").map(str::parse).transpose();
    day.map_err(|_| "today is not a day".to_owned())
}

/// What becomes of a value.
struct Sent {
    /// The texts, or the digests that came as such.
    texts: Vec<String>,
    digests: Vec<String>,
    refused: Vec<ValueError>,
}

impl Sent {
    fn of(identifier: Identifier, case: Case<'_>, profile: Profile) -> Result<Self, String> {
        let hints = Hints {
            country: case.text("country"),
            default_country: None,
            date_order: named(case, "date_order", &DateOrder::NAMES)?,
            today: day(case)?,
        };
        let value = case.get("value").ok_or("no value")?;
        let arena = Arena::new();
        let (mut normal, mut refused) = (Vec::new(), Vec::new());
        normalize(
            identifier,
            value,
            hints,
            profile,
            &arena,
            &mut normal,
            &mut |refusal| refused.push(refusal),
        );
        let digests: Vec<Digest> = normal.iter().map(|value| value.digest()).collect();
        Ok(Self {
            texts: normal
                .iter()
                .zip(&digests)
                .map(|(value, digest)| match value {
                    Normal::Text(plain) => plain.expose(),
                    Normal::Hashed(_) => digest.as_str(),
                })
                .map(str::to_owned)
                .collect(),
            digests: digests
                .iter()
                .map(|digest| digest.as_str().to_owned())
                .collect(),
            refused,
        })
    }
}

/// The digest of what a system sends: of a text, or as it is.
fn digest(sent: &str) -> String {
    Digest::accept(sent)
        .unwrap_or_else(|| Digest::of(sent))
        .as_str()
        .to_owned()
}

fn check(identifier: Identifier, case: Case<'_>, sent: &Sent) -> Result<(), String> {
    if let Some(code) = case.text("refused") {
        let found = sent
            .refused
            .first()
            .map_or("no_value", |refusal| refusal.code());
        return if sent.texts.is_empty() && found == code {
            Ok(())
        } else {
            Err(format!(
                "should be refused as {code}; sent: {:?}, refused: {found}",
                sent.texts
            ))
        };
    }
    if let Some(Json::List(texts)) = case.get("sends") {
        let wanted: Vec<&str> = texts.iter().filter_map(|text| text.as_str()).collect();
        if sent.texts != wanted {
            return Err(format!("should send {wanted:?}, sends {:?}", sent.texts));
        }
    }
    if let Some(page) = case.text("page") {
        for sent in [sent, &Sent::of(identifier, case, Profile::Page)?] {
            if sent.texts.first().map(String::as_str) != Some(page) {
                return Err(format!(
                    "should send {page:?} first, sends {:?}",
                    sent.texts
                ));
            }
        }
        if let Some(published) = case.text("sha256")
            && sent.digests.first().map(String::as_str) != Some(published)
        {
            return Err(format!("should send {published}, sends {:?}", sent.digests));
        }
    }
    // Where the Pixel's form is sent at all, it is among those sent, and alone
    // with its own profile.
    if let Some(pixel) = case.text("pixel")
        && !rule(identifier).pixel_steps.is_empty()
    {
        let pixel = digest(pixel);
        let alone = Sent::of(identifier, case, Profile::Pixel)?;
        if !sent.digests.contains(&pixel) || alone.digests != [pixel] {
            return Err(format!(
                "should send what the Pixel sends; sends {:?}, with its profile {:?}",
                sent.texts, alone.texts
            ));
        }
    }
    Ok(())
}

/// The case as a row, if another system sends something else than our first.
fn difference(identifier: Identifier, case: Case<'_>, sent: &Sent) -> Option<Difference> {
    let ours = sent.digests.first().map(String::as_str);
    let differs = |json: Json<'_>| match json {
        Json::Str(text) => ours != Some(digest(text).as_str()),
        _ => ours.is_some(),
    };
    let answers = KEYS.map(|key| case.get(key));
    if !answers.iter().flatten().any(|answer| differs(*answer)) {
        return None;
    }
    let capi = match sent.refused.first() {
        _ if !sent.texts.is_empty() => sent.texts.join(", "),
        Some(refusal) => format!("refused: {}", refusal.code()),
        None => "nothing".to_owned(),
    };
    let shown = |answer: Json<'_>| Answer {
        text: answer.as_str().unwrap_or("refused").to_owned(),
        agrees: !differs(answer),
    };
    Some(Difference {
        case: format!(
            "{} {}",
            identifier.key(),
            case.get("value").map(Json::to_text).unwrap_or_default()
        ),
        capi,
        others: answers
            .into_iter()
            .map(|answer| answer.map(shown))
            .collect(),
        why: case.text("why").map(str::to_owned),
    })
}
