//! Versions of the API that calls may not name any more.

use crate::api_error::ApiError;

/// When a version of the Marketing API, which the endpoint counts to, has ended: the
/// first second after its last day. One that is older than all of them has ended too;
/// one that is newer is taken.
///
/// Source: Meta, Graph API changelog, Available Marketing API versions, as of 2026-11-04.
const ENDS: &[(u32, i64)] = &[
    // 2026-02-19, 2026-06-09, 2026-11-10, 2027-02-23
    (22, 1_771_545_600),
    (23, 1_781_049_600),
    (24, 1_794_355_200),
    (25, 1_803_427_200),
];

/// The newest of the table's day.
const NEWEST: u32 = 27;

/// The major number of `v25.0`: `v` and two numbers.
pub(crate) fn major(segment: &str) -> Option<u32> {
    let (major, minor) = segment.strip_prefix('v')?.split_once('.')?;
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // One that no `u32` holds is newer than any.
    (number(major) && number(minor)).then(|| major.parse().unwrap_or(u32::MAX))
}

/// What a version that has ended at `now`, in Unix seconds, is answered.
///
/// Reported: code 2635.
pub(crate) fn check(major: u32, now: i64) -> Result<(), ApiError> {
    let mut later = ENDS.iter().filter(|(version, _)| *version >= major);
    match later.next() {
        Some((version, end)) if *version > major || now >= *end => Err(ApiError::ended(NEWEST)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-12-01.
    const NOW: i64 = 1_796_083_200;

    #[test]
    fn a_version_is_refused_when_its_last_day_is_over() {
        let is_taken = |segment: &str, now| check(major(segment).unwrap(), now).is_ok();
        for (segment, taken) in [
            ("v2.12", false),
            ("v21.0", false),
            ("v24.0", false),
            ("v25.0", true),
            ("v26.0", true),
            ("v27.0", true),
            ("v28.0", true),
            ("v99999999999.0", true),
        ] {
            assert_eq!(is_taken(segment, NOW), taken, "{segment}");
        }
        assert!(is_taken("v25.0", 1_803_427_199) && !is_taken("v25.0", 1_803_427_200));
        assert!(is_taken("v24.0", 1_794_355_199));
    }
}
