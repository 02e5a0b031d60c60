//! What somebody may have meant who wrote something that does not exist.

use strsim::osa_distance;

/// The one of `known` that is nearest to `written`, if it is near enough to be
/// what was meant.
pub(crate) fn nearest<'k>(
    written: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<&'k str> {
    // The time is the product of the lengths.
    let written: String = written.chars().take(60).collect();
    let written = written.to_lowercase();
    let allowed = (written.chars().count() / 3).clamp(1, 3);
    known
        .into_iter()
        .map(|candidate| (osa_distance(&written, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_is_suggested_and_what_is_far_is_not() {
        let known = ["access_token", "dataset_id", "test_event_code"];
        assert_eq!(nearest("acess_token", known), Some("access_token"));
        assert_eq!(nearest("datasetid", known), Some("dataset_id"));
        assert_eq!(nearest("Dataset_Id", known), Some("dataset_id"));
        assert_eq!(nearest("tset_event_code", known), Some("test_event_code"));
        assert_eq!(nearest("colour", known), None);
    }
}
