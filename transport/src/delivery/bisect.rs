//! Finding the events that make Meta refuse a whole batch.
//!
//! Of n rows with k poisons among them, halving makes at most
//! `2·k·(⌈log₂ n⌉ − ⌈log₂ k⌉) + 4·k − 1` requests: each refused part costs two
//! more, and on each level of halving at most k parts are refused. Where Meta
//! names the row, a poison costs two.

/// What to do with a batch that was refused for one of its rows.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Bisected<T> {
    /// The row is alone: it is the one.
    Found(T),
    /// Both parts are to be sent by themselves.
    Parts(Vec<T>, Vec<T>),
    /// The row that Meta named, and the others.
    Named(T, Vec<T>),
    /// There was nothing in it.
    Empty,
}

/// Splits a refused batch: at the row that Meta `named`, or into halves.
pub(super) fn bisect<T>(mut rows: Vec<T>, named: Option<usize>) -> Bisected<T> {
    let half = rows.len() / 2;
    if half == 0 {
        return rows.pop().map_or(Bisected::Empty, Bisected::Found);
    }
    if let Some(place) = named.filter(|place| *place < rows.len()) {
        let row = rows.remove(place);
        return Bisected::Named(row, rows);
    }
    let rest = rows.split_off(half);
    Bisected::Parts(rows, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sends to a Meta that refuses what holds a poison, and names it if `it
    /// names`; gives the requests made, the delivered and the dead-lettered.
    fn send_all(rows: Vec<u32>, poison: &[u32], names: bool) -> (usize, Vec<u32>, Vec<u32>) {
        let (mut requests, mut delivered, mut dead_lettered) = (0, Vec::new(), Vec::new());
        let mut parts = vec![rows];
        while let Some(part) = parts.pop() {
            requests += 1;
            let Some(first) = part.iter().position(|row| poison.contains(row)) else {
                delivered.extend(part);
                continue;
            };
            match bisect(part, names.then_some(first)) {
                Bisected::Found(row) => dead_lettered.push(row),
                Bisected::Parts(one, other) => parts.extend([one, other]),
                Bisected::Named(row, others) => parts.extend([others, vec![row]]),
                Bisected::Empty => panic!("an empty part was sent"),
            }
        }
        dead_lettered.sort_unstable();
        (requests, delivered, dead_lettered)
    }

    fn ceil_log2(number: usize) -> usize {
        number.next_power_of_two().trailing_zeros() as usize
    }

    proptest::proptest! {
        #[test]
        fn buries_the_poison_and_delivers_the_rest_within_the_bound(
            n in 1_usize..=1000, seed in 0_u64..10_000, wanted in 1_usize..=60,
        ) {
            let mut rng = fastrand::Rng::with_seed(seed);
            let rows: Vec<u32> = (0..n as u32).collect();
            let mut poison = rng.choose_multiple(rows.iter().copied(), wanted.min(n));
            poison.sort_unstable();
            let k = poison.len();
            let (requests, delivered, dead_lettered) = send_all(rows.clone(), &poison, false);
            proptest::prop_assert_eq!(delivered.len(), n - k);
            proptest::prop_assert_eq!(&dead_lettered, &poison);
            let bound = 2 * k * (ceil_log2(n) - ceil_log2(k)) + 4 * k - 1;
            proptest::prop_assert!(requests <= bound, "{} of {}: {} requests, bound {}", k, n, requests, bound);
            let (requests, delivered, dead_lettered) = send_all(rows, &poison, true);
            proptest::prop_assert_eq!(delivered.len(), n - k);
            proptest::prop_assert_eq!(&dead_lettered, &poison);
            proptest::prop_assert!(requests <= 2 * k + 1, "{} named: {} requests", k, requests);
        }
    }

    #[test]
    fn a_name_that_no_row_has_is_ignored() {
        assert_eq!(
            bisect(vec![1, 2], Some(2)),
            Bisected::Parts(vec![1], vec![2])
        );
        assert_eq!(bisect(vec![1], Some(0)), Bisected::Found(1));
    }
}
