//! Which versions of the Graph API there are, and until when calls to ads endpoints,
//! such as the Conversions API's, may name each.
//!
//! Sources: Meta, Graph API changelog, Available Marketing API versions and Available
//! Graph API versions (as of 2026-11-04). The Conversions API's own page promises two
//! years, which only the later of the two dates keeps; what an ended version answers is
//! reported, code 2635. So it is warned of by the earlier one.
//!
//! ```
//! use capi_core::graph_version::{DEFAULT, Standing, standing};
//!
//! let now: jiff::Timestamp = "2026-12-01T00:00:00Z".parse()?;
//! assert_eq!(standing(DEFAULT, now), Standing::Good);
//! let Standing::EndsSoon { days, .. } = standing("v25.0", now) else {
//!     return Err("it ends in February".into());
//! };
//! assert_eq!(days, 84);
//! assert!(matches!(standing("v24.0", now), Standing::Ended { .. }));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit};

/// The version that a destination has that names none.
pub const DEFAULT: &str = "v26.0";

/// So many days before its end a version is warned of.
pub const WARNED_DAYS: i32 = 90;

/// One version.
#[derive(Clone, Copy, Debug)]
pub struct GraphVersion {
    /// Its name in URLs, such as `v26.0`.
    pub name: &'static str,
    /// The last day of its Marketing API, where Meta has said it.
    pub marketing_end: Option<Date>,
    /// The last day of its Graph API, where Meta has said it.
    pub graph_end: Option<Date>,
}

impl GraphVersion {
    /// The earlier of its ends.
    #[must_use]
    pub fn end(&self) -> Option<Date> {
        let ends = self.marketing_end.into_iter().chain(self.graph_end);
        ends.min()
    }
}

const fn version(
    name: &'static str,
    marketing_end: Option<Date>,
    graph_end: Option<Date>,
) -> GraphVersion {
    GraphVersion {
        name,
        marketing_end,
        graph_end,
    }
}

/// The versions, from the oldest that Meta's pages still list. A new one is a line here.
pub const VERSIONS: &[GraphVersion] = &[
    version("v20.0", None, Some(date(2026, 9, 24))),
    version("v21.0", None, Some(date(2027, 1, 21))),
    version("v22.0", Some(date(2026, 2, 19)), Some(date(2027, 5, 20))),
    version("v23.0", Some(date(2026, 6, 9)), Some(date(2027, 10, 8))),
    version("v24.0", Some(date(2026, 11, 10)), Some(date(2028, 2, 18))),
    version("v25.0", Some(date(2027, 2, 23)), Some(date(2028, 7, 29))),
    version("v26.0", None, None),
    version("v27.0", None, None),
];

/// How long a version may still be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// For longer than it is worth a word, or for as long as is not known.
    Good,
    /// For so many days, until and with this one.
    EndsSoon {
        /// The last day.
        on: Date,
        /// How many days are left.
        days: i32,
    },
    /// Not any more.
    Ended {
        /// The last day; not known of versions that Meta's pages do not list any more.
        on: Option<Date>,
    },
}

/// How the version `name` is at the time `now`, whose day is that of UTC. Of one that
/// is newer than the table there is nothing to say.
#[must_use]
pub fn standing(name: &str, now: Timestamp) -> Standing {
    let Some(number) = number(name) else {
        return Standing::Good;
    };
    // An older version does not outlive a newer one: where the table says less of it than
    // of those behind it, these decide.
    let is_before = |known: &&GraphVersion| self::number(known.name) >= Some(number);
    let end = VERSIONS
        .iter()
        .filter(is_before)
        .filter_map(GraphVersion::end)
        .min();
    let Some(on) = end else {
        return Standing::Good;
    };
    let own = VERSIONS.iter().find(|known| known.name == name);
    let today = TimeZone::UTC.to_datetime(now).date();
    let Ok(left) = today.until((Unit::Day, on)) else {
        return Standing::Good;
    };
    match left.get_days() {
        days if days < 0 || own.is_none() => Standing::Ended {
            on: own.and_then(GraphVersion::end).filter(|own| *own < today),
        },
        days if days <= WARNED_DAYS => Standing::EndsSoon { on, days },
        _ => Standing::Good,
    }
}

/// What to say of the version `name` of a destination, where there is something: what is
/// wrong and what to do.
///
/// ```
/// use capi_core::graph_version::warning;
///
/// let now: jiff::Timestamp = "2026-12-01T00:00:00Z".parse()?;
/// assert_eq!(warning("v26.0", now), None);
/// assert_eq!(
///     warning("v25.0", now).as_deref(),
///     Some(
///         "version v25.0 of the Graph API ends for ads calls on 2027-02-23, in 84 days; \
///          raise `api_version` to v26.0"
///     ),
/// );
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn warning(name: &str, now: Timestamp) -> Option<String> {
    let said = match standing(name, now) {
        Standing::Good => return None,
        Standing::EndsSoon { on, days: 0 } => format!("ends for ads calls today, {on}"),
        Standing::EndsSoon { on, days: 1 } => format!("ends for ads calls tomorrow, {on}"),
        Standing::EndsSoon { on, days } => format!("ends for ads calls on {on}, in {days} days"),
        Standing::Ended { on: Some(on) } => {
            format!("ended for ads calls on {on}, and Meta may refuse them (code 2635)")
        }
        Standing::Ended { on: None } => "has ended, and Meta refuses it (code 2635)".to_owned(),
    };
    Some(format!(
        "version {name} of the Graph API {said}; raise `api_version` to {DEFAULT}"
    ))
}

/// The numbers of a version: 25 and 0 of `v25.0`.
fn number(name: &str) -> Option<(u32, u32)> {
    let (major, minor) = name.strip_prefix('v')?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(name: &str, now: &str) -> Standing {
        standing(name, now.parse().unwrap())
    }

    #[test]
    fn a_version_is_warned_of_from_ninety_days_before_its_end() {
        let on = date(2027, 2, 23);
        let soon = |days| Standing::EndsSoon { on, days };
        for (now, expected) in [
            ("2026-11-24T23:59:59Z", Standing::Good),
            ("2026-11-25T00:00:00Z", soon(90)),
            ("2027-02-22T12:00:00Z", soon(1)),
            ("2027-02-23T23:59:59Z", soon(0)),
            ("2027-02-24T00:00:00Z", Standing::Ended { on: Some(on) }),
        ] {
            assert_eq!(at("v25.0", now), expected, "{now}");
        }
    }

    #[test]
    fn old_versions_have_ended_and_new_ones_are_good() {
        let now = "2026-12-01T00:00:00Z";
        for name in ["v20.0", "v22.0", "v23.0", "v24.0"] {
            let found = at(name, now);
            assert!(matches!(found, Standing::Ended { on: Some(_) }), "{name}");
        }
        for name in ["v2.12", "v13.0", "v19.0", "v21.0"] {
            assert_eq!(at(name, now), Standing::Ended { on: None }, "{name}");
        }
        for name in ["v26.0", "v27.0", "v28.0", "v31.0", "latest"] {
            assert_eq!(at(name, now), Standing::Good, "{name}");
        }
    }

    #[test]
    fn the_default_is_listed_and_what_the_example_says() {
        assert!(VERSIONS.iter().any(|version| version.name == DEFAULT));
        let line = format!("api_version = \"{DEFAULT}\"");
        assert!(include_str!("../../examples/capi.toml").contains(&line));
        assert!(VERSIONS.is_sorted_by_key(|version| number(version.name)));
    }
}
