//! How much of its allowance a caller has used, as Meta's headers tell.

use std::time::Duration;

use reqwest::header::HeaderMap;
use serde_json::Value;

/// The headers that carry usage; some of Meta's pages call the first one
/// `X-Business-Use-Case`.
///
/// Source: Meta, Graph API, Rate limiting.
const HEADERS: [&str; 4] = [
    "x-business-use-case-usage",
    "x-business-use-case",
    "x-app-usage",
    "x-ad-account-usage",
];

/// The members that are percentages of an allowance.
const PERCENTAGES: [&str; 4] = [
    "call_count",
    "total_cputime",
    "total_time",
    "acc_id_util_pct",
];

/// What the usage headers of one answer say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    /// The fullest of all the allowances named, in percent; more than 100 is
    /// possible. `None` when no header told.
    pub percent: Option<u32>,
    /// How long until calls are let through again (Meta tells minutes, in
    /// `estimated_time_to_regain_access`). `None` unless it is above zero.
    pub regain_access: Option<Duration>,
}

impl Usage {
    /// Reads every usage header there is; what cannot be read counts as not
    /// told, for a header must never stop a delivery.
    #[must_use]
    pub(crate) fn from_headers(headers: &HeaderMap) -> Self {
        let mut usage = Self::default();
        for name in HEADERS {
            for header in headers.get_all(name) {
                if let Ok(value) = serde_json::from_slice(header.as_bytes()) {
                    usage.read(&value, 0);
                }
            }
        }
        usage
    }

    /// The shapes differ by how deep the members lie, so any depth will do.
    fn read(&mut self, value: &Value, depth: u8) {
        match value {
            Value::Object(members) if depth < 4 => {
                for (key, value) in members {
                    self.member(key, value);
                    self.read(value, depth + 1);
                }
            }
            Value::Array(items) if depth < 4 => {
                for item in items {
                    self.read(item, depth + 1);
                }
            }
            _ => {}
        }
    }

    fn member(&mut self, key: &str, value: &Value) {
        let Some(number) = value.as_f64().filter(|number| *number >= 0.0) else {
            return;
        };
        // `as` saturates, which is what an absurd figure deserves.
        let number = number.ceil() as u32;
        if PERCENTAGES.contains(&key) {
            self.percent = self.percent.max(Some(number));
        } else if key == "estimated_time_to_regain_access" && number > 0 {
            let wait = Duration::from_secs(u64::from(number) * 60);
            self.regain_access = self.regain_access.max(Some(wait));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(headers: &[(&'static str, &'static str)]) -> Usage {
        let map = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        Usage::from_headers(&map)
    }

    #[test]
    fn takes_the_fullest_allowance_and_the_longest_wait() {
        let found = usage(&[
            (
                "X-Business-Use-Case-Usage",
                r#"{"17":[{"type":"ads_management","call_count":12,"total_cputime":25,"total_time":9,
                   "estimated_time_to_regain_access":19}],"18":[{"call_count":3}]}"#
                    .trim(),
            ),
            ("X-App-Usage", r#"{"call_count":28.4,"total_time":25,"total_cputime":25}"#),
        ]
        .map(|(name, value)| (name, Box::leak(value.replace('\n', " ").into_boxed_str()) as &str)));
        assert_eq!(found.percent, Some(29));
        assert_eq!(found.regain_access, Some(Duration::from_secs(19 * 60)));
    }

    #[test]
    fn the_ad_account_header_counts_too() {
        let found = usage(&[("x-ad-account-usage", r#"{"acc_id_util_pct":9.67}"#)]);
        assert_eq!(
            found,
            Usage {
                percent: Some(10),
                regain_access: None
            }
        );
    }

    #[test]
    fn nonsense_counts_as_not_told() {
        assert_eq!(
            usage(&[("x-app-usage", "busy"), ("x-fb-rev", "1")]),
            Usage::default()
        );
    }
}
