//! How well Meta can be expected to match an event to a person, before it is
//! sent: an estimate from the keys of `user_data` that it has.
//!
//! Meta computes a score from 0 to 10 (Event Match Quality) of website events,
//! from which keys come, how good they are and how many people it finds with
//! them. Only the first can be known here. Meta publishes what matters more and
//! what less, twice, and no numbers; the points here are made of both lists:
//!
//! * Meta, Help Center, Event Match Quality: priority high (15 points), medium
//!   (5), low (2).
//! * Meta, Best practices, names e-mail, phone, the client's address, and first
//!   with last name as parameters of high quality: 5 points more, for the names
//!   when both are there.
//! * The user agent is on neither list: it counts with the address, which alone
//!   stands for a household. State and gender, on neither list too, count what a
//!   low one does.
//!
//! All keys together have 100 points, which is a score of 10; another key never
//! makes the score lower.

use serde::{Serialize, Serializer};

use crate::ActionSource;
use crate::field::user_data::known;
use crate::json::{Arena, Json};
use crate::pipeline::FBCLID_PLACES;

/// What the score is, in a sentence that belongs beside it.
pub(crate) const ABOUT: &str = "an estimate by Meta's published priorities; Meta's own score also depends on how many people it finds";

/// What the estimate says of an event that Meta does not score.
pub(crate) const NOT_SCORED: &str = "Meta scores website events only";

/// The score that Meta recommends, in points: 6.0.
///
/// Source: Meta, Help Center, Event Match Quality.
pub(crate) const RECOMMENDED: Points = Points(60);

/// Tenths of a score: from 0 to 100. As JSON it is the score, such as `6.2`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Points(u8);

impl Points {
    /// The score from 0 to 10.
    #[must_use]
    pub fn score(self) -> f64 {
        f64::from(self.0) / 10.0
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.score())
    }
}

/// What Meta says of a key's weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Help Center: high.
    High,
    /// Help Center: medium.
    Medium,
    /// Help Center: low.
    Low,
    /// Not on the Help Center's list.
    Unlisted,
}

/// One key of `user_data` that counts.
#[derive(Clone, Copy, Debug)]
pub struct Weight {
    /// Meta's key.
    pub key: &'static str,
    /// Its place on the Help Center's list.
    pub priority: Priority,
    /// Whether the best practices name it, alone or with its partner.
    pub best_practice: bool,
    /// What it gives alone.
    points: u8,
    /// What it gives more when another key is there too.
    with: Option<(&'static str, u8)>,
}

const fn weight(
    key: &'static str,
    priority: Priority,
    best_practice: bool,
    points: u8,
    with: Option<(&'static str, u8)>,
) -> Weight {
    Weight {
        key,
        priority,
        best_practice,
        points,
        with,
    }
}

/// Every key that counts, those that give most first. What a pair gives stands
/// at its second key.
pub static WEIGHTS: &[Weight] = &[
    weight("em", Priority::High, true, 20, None),
    weight("fbc", Priority::High, false, 15, None),
    weight("ph", Priority::Medium, true, 10, None),
    weight("external_id", Priority::Medium, false, 5, None),
    weight("fbp", Priority::Medium, false, 5, None),
    weight("country", Priority::Medium, false, 5, None),
    weight("db", Priority::Medium, false, 5, None),
    weight("fb_login_id", Priority::Medium, false, 5, None),
    weight("client_ip_address", Priority::Unlisted, true, 5, None),
    weight(
        "client_user_agent",
        Priority::Unlisted,
        false,
        0,
        Some(("client_ip_address", 6)),
    ),
    weight("fn", Priority::Low, true, 2, None),
    weight("ln", Priority::Low, true, 2, Some(("fn", 5))),
    weight("ct", Priority::Low, false, 2, None),
    weight("zp", Priority::Low, false, 2, None),
    weight("lead_id", Priority::Low, false, 2, None),
    weight("st", Priority::Unlisted, false, 2, None),
    weight("ge", Priority::Unlisted, false, 2, None),
];

/// The estimate of one event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MatchQuality {
    /// From 0 to 10; nothing where Meta does not score such events.
    pub score: Option<Points>,
    /// The score that Meta recommends.
    pub recommended: Points,
    /// What the score is, in a sentence that belongs beside it; or why it is missing.
    pub about: &'static str,
    /// The keys of the event that count.
    pub keys: Vec<&'static str>,
    /// The key whose absence costs most; nothing where none is missing or the
    /// event is not scored.
    pub missing: Option<Missing>,
}

/// A key that the event does not have.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Missing {
    /// Meta's key.
    pub key: &'static str,
    /// The field of a mapping that gives it, such as `user_data.email`.
    pub field: String,
    /// How much higher the score would be with it.
    pub gain: Points,
    /// Where in an event the prebuilt mappings look for it. Empty: they do not,
    /// so that it has to be mapped first.
    pub from: Vec<String>,
}

/// Estimates an event that took place at `source` and has `keys`, Meta's, in its
/// `user_data`. Keys that do not count are ignored. `is_mapped` says whether a mapping
/// has Meta's key: what the prebuilt mappings do not have is said to be missing only
/// where one has it.
///
/// ```
/// use capi_core::ActionSource;
/// use capi_core::match_quality::match_quality;
///
/// let keys = ["client_ip_address", "client_user_agent", "fbp"];
/// let quality = match_quality(Some(ActionSource::Website), &keys, |_| true);
/// assert_eq!(quality.score.map(|points| points.score()), Some(1.6));
/// let missing = quality.missing.ok_or("complete")?;
/// assert_eq!((missing.key, missing.field.as_str()), ("em", "user_data.email"));
/// assert_eq!(missing.gain.score(), 2.0);
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn match_quality(
    source: Option<ActionSource>,
    keys: &[&str],
    is_mapped: impl Fn(&str) -> bool,
) -> MatchQuality {
    let known = WEIGHTS.iter().map(|weight| weight.key);
    let keys: Vec<&'static str> = known.filter(|key| keys.contains(key)).collect();
    let is_scored = source == Some(ActionSource::Website);
    let points = points(&keys);
    let missing = || {
        let mut most: Option<(&'static str, u8)> = None;
        for weight in WEIGHTS {
            let gain = points_with(&keys, weight.key).saturating_sub(points);
            let is_prebuilt = || !prebuilt_paths(weight.key).is_empty();
            if gain > most.map_or(0, |(_, gain)| gain) && (is_mapped(weight.key) || is_prebuilt()) {
                most = Some((weight.key, gain));
            }
        }
        most.map(|(key, gain)| Missing {
            key,
            field: field_of(key),
            gain: Points(gain),
            from: prebuilt_paths(key),
        })
    };
    MatchQuality {
        score: is_scored.then_some(Points(points)),
        recommended: RECOMMENDED,
        about: if is_scored { ABOUT } else { NOT_SCORED },
        missing: if is_scored { missing() } else { None },
        keys,
    }
}

fn points(keys: &[&str]) -> u8 {
    let has = |key: &str| keys.contains(&key);
    let of = |weight: &Weight| {
        let more = weight.with.filter(|(partner, _)| has(partner));
        weight.points + more.map_or(0, |(_, points)| points)
    };
    let there = WEIGHTS.iter().filter(|weight| has(weight.key));
    there.map(of).sum()
}

fn points_with(keys: &[&'static str], key: &'static str) -> u8 {
    let with: Vec<&str> = keys.iter().copied().chain([key]).collect();
    points(&with)
}

/// The field of a mapping that gives Meta's `key` of `user_data`.
fn field_of(key: &str) -> String {
    format!("user_data.{}", known(key).map_or(key, |field| field.key))
}

/// The paths that the prebuilt mapping of Meta's `key` reads.
fn prebuilt_paths(key: &str) -> Vec<String> {
    let arena = Arena::new();
    let mut found = Vec::new();
    if let Some(default) = known(key).and_then(|field| field.default)
        && let Ok(mapping) = Json::parse(&arena, default.as_bytes())
    {
        paths(mapping, &mut found);
    }
    if key == "fbc" {
        found.extend(FBCLID_PLACES.map(str::to_owned));
    }
    found
}

fn paths(mapping: Json<'_>, found: &mut Vec<String>) {
    match mapping {
        Json::Object([("@path", Json::Str(path))]) => {
            found.push(path.trim_start_matches("$.").to_owned());
        }
        Json::Object(members) => members.iter().for_each(|(_, value)| paths(*value, found)),
        Json::List(items) => items.iter().for_each(|item| paths(*item, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WEBSITE: Option<ActionSource> = Some(ActionSource::Website);

    fn score(keys: &[&str]) -> f64 {
        match_quality(WEBSITE, keys, |_| true)
            .score
            .unwrap()
            .score()
    }

    #[test]
    fn nothing_is_0_and_everything_is_10() {
        let all: Vec<&str> = WEIGHTS.iter().map(|weight| weight.key).collect();
        assert_eq!(score(&[]), 0.0);
        assert_eq!(score(&all), 10.0);
        assert_eq!(match_quality(WEBSITE, &all, |_| true).missing, None);
    }

    #[test]
    fn every_key_is_one_that_mappings_know() {
        for weight in WEIGHTS {
            assert!(known(weight.key).is_some(), "{}", weight.key);
        }
    }

    #[test]
    fn what_meta_puts_higher_gives_more() {
        let alone = |wanted: Priority| {
            WEIGHTS
                .iter()
                .filter(move |weight| weight.priority == wanted)
                .map(|weight| weight.points)
        };
        assert!(alone(Priority::High).min() > alone(Priority::Medium).max());
        assert!(alone(Priority::Medium).min() > alone(Priority::Low).max());
    }

    #[test]
    fn the_names_and_the_browser_count_more_in_pairs() {
        assert!(score(&["fn", "ln"]) > score(&["fn"]) + score(&["ln"]));
        assert_eq!(score(&["client_user_agent"]), 0.0);
        assert!(score(&["client_ip_address", "client_user_agent"]) > score(&["client_ip_address"]));
    }

    #[test]
    fn the_key_that_would_help_most_is_named_with_its_places() {
        let missing = match_quality(WEBSITE, &["fbp"], |_| true).missing.unwrap();
        assert_eq!(
            (missing.key, missing.field.as_str()),
            ("em", "user_data.email")
        );
        assert_eq!(missing.from[..2], ["context.traits.email", "traits.email"]);
        let missing = match_quality(WEBSITE, &["em"], |_| true).missing.unwrap();
        assert_eq!(missing.key, "fbc");
        assert!(missing.from.iter().any(|path| path.ends_with("?fbclid")));
    }

    #[test]
    fn what_no_mapping_has_is_not_proposed() {
        let rest = ["lead_id", "fb_login_id"];
        let keys: Vec<&str> = WEIGHTS.iter().map(|weight| weight.key).collect();
        let keys: Vec<&str> = keys.into_iter().filter(|key| !rest.contains(key)).collect();
        assert_eq!(match_quality(WEBSITE, &keys, |_| false).missing, None);
        let missing = match_quality(WEBSITE, &keys, |key| key == "lead_id").missing;
        assert_eq!(missing.unwrap().key, "lead_id");
    }

    #[test]
    fn only_website_events_are_scored() {
        for source in ActionSource::ALL.map(Some).into_iter().chain([None]) {
            let quality = match_quality(source, &["em"], |_| true);
            assert_eq!(quality.score.is_some(), source == WEBSITE);
            assert_eq!(quality.missing.is_some(), source == WEBSITE);
        }
    }

    proptest! {
        #[test]
        fn another_key_never_lowers_the_score_and_the_missing_one_gains_what_it_says(
            there in prop::collection::vec(any::<bool>(), WEIGHTS.len()),
        ) {
            let keys: Vec<&str> = WEIGHTS
                .iter()
                .zip(&there)
                .filter(|(_, there)| **there)
                .map(|(weight, _)| weight.key)
                .collect();
            let quality = match_quality(WEBSITE, &keys, |_| true);
            let before = quality.score.unwrap();
            prop_assert!((0.0..=10.0).contains(&before.score()));
            for weight in WEIGHTS {
                let more: Vec<&str> = keys.iter().copied().chain([weight.key]).collect();
                let after = match_quality(WEBSITE, &more, |_| true).score.unwrap();
                prop_assert!(after >= before);
                let gain = after.0 - before.0;
                let most = quality.missing.as_ref().map_or(0, |missing| missing.gain.0);
                prop_assert!(gain <= most);
                if quality.missing.as_ref().is_some_and(|missing| missing.key == weight.key) {
                    prop_assert_eq!(gain, most);
                }
            }
        }
    }
}
