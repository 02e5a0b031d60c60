//! Finding the event that makes Meta refuse a whole batch.

/// What to do with a batch that was refused for one of its rows.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Bisected<T> {
    /// The row stands alone: it is the one.
    Found(T),
    /// Both halves are to be sent by themselves.
    Halves(Vec<T>, Vec<T>),
    /// There was nothing in it.
    Empty,
}

/// Halves a refused batch. A poison among n rows is found with about
/// 2·log2(n) requests, and all the others are delivered on the way.
pub(super) fn bisect<T>(mut rows: Vec<T>) -> Bisected<T> {
    let half = rows.len() / 2;
    if half == 0 {
        return rows.pop().map_or(Bisected::Empty, Bisected::Found);
    }
    let rest = rows.split_off(half);
    Bisected::Halves(rows, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sends to a Meta that refuses what holds a poison; gives the requests
    /// made, the delivered and the buried.
    fn send_all(rows: Vec<u32>, poison: &[u32]) -> (usize, Vec<u32>, Vec<u32>) {
        let (mut requests, mut delivered, mut buried) = (0, Vec::new(), Vec::new());
        let mut parts = vec![rows];
        while let Some(part) = parts.pop() {
            requests += 1;
            if !part.iter().any(|row| poison.contains(row)) {
                delivered.extend(part);
                continue;
            }
            match bisect(part) {
                Bisected::Found(row) => buried.push(row),
                Bisected::Halves(one, other) => parts.extend([one, other]),
                Bisected::Empty => panic!("an empty part was sent"),
            }
        }
        (requests, delivered, buried)
    }

    #[test]
    fn buries_the_poison_and_delivers_the_rest() {
        for poison in [0, 499, 999] {
            let (requests, delivered, buried) = send_all((0..1000).collect(), &[poison]);
            assert_eq!(buried, [poison]);
            assert_eq!(delivered.len(), 999);
            assert!(requests <= 21, "{requests}");
        }
        let (_, delivered, mut buried) = send_all((0..7).collect(), &[2, 3, 6]);
        buried.sort_unstable();
        assert_eq!((delivered.len(), buried), (4, vec![2, 3, 6]));
    }
}
