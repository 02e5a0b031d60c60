//! What somebody may have meant who wrote something that does not exist.

/// The one of `known` that is nearest to `written`, if it is near enough to be
/// what was meant.
pub(crate) fn nearest<'k>(
    written: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<&'k str> {
    let written: Vec<char> = written
        .chars()
        .take(60)
        .flat_map(char::to_lowercase)
        .collect();
    let allowed = (written.len() / 3).clamp(1, 3);
    known
        .into_iter()
        .map(|candidate| (distance(&written, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many letters must be changed, added, dropped or swapped with their
/// neighbour to make `to` of `from` (optimal string alignment).
fn distance(from: &[char], to: &str) -> usize {
    let to: Vec<char> = to.chars().flat_map(char::to_lowercase).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for (row, letter) in from.iter().enumerate() {
        let mut line = vec![row + 1];
        for (column, other) in to.iter().enumerate() {
            let changed = last[column] + usize::from(letter != other);
            let mut best = changed.min(last[column + 1] + 1).min(line[column] + 1);
            if row > 0 && column > 0 && from[row - 1] == *other && *letter == to[column - 1] {
                best = best.min(before[column - 1] + 1);
            }
            line.push(best);
        }
        before = std::mem::replace(&mut last, line);
    }
    last[to.len()]
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
