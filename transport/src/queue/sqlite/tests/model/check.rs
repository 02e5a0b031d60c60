//! Everything that can be seen of the queue, against the model.

use proptest::prelude::*;

use super::super::*;
use super::Checked;
use super::expected::{DeadLetterRow, Row, index};
use super::making::{event_id, tag_of};
use super::operation::{End, Operation, Place};
use super::run::{Run, number_of};

impl Run {
    /// Everything that can be seen, against the model.
    pub(super) async fn compare(&mut self) -> Checked {
        let letters = self.letters().await?;
        let tag = |letter: &DeadLetter| tag_of(letter.event.get().as_bytes());
        let found: Vec<_> = letters.iter().map(tag).collect();
        let expected: Vec<_> = self.model.dead.iter().map(|l| l.row.tag).collect();
        prop_assert_eq!(found, expected, "the dead letters");
        for (letter, expected) in letters.iter().zip(&mut self.model.dead) {
            expected.row.seq.get_or_insert(letter.id);
            prop_assert_eq!(seen(letter), wanted(expected), "the letter {}", letter.id);
        }
        let numbers = self.model.numbers();
        prop_assert!(numbers.is_sorted_by(|a, b| a < b), "numbers: {:?}", numbers);

        let depth = |coded| {
            let of_lane = |row: &&Row| row.place.coded == coded;
            self.model.queued.iter().filter(of_lane).count() as u64
        };
        let depths = [Place::ALL[0], Place::ALL[2]].map(|place| LaneDepth {
            lane: place.lane(),
            queued: depth(place.coded),
        });
        let depths = Vec::from_iter(depths.into_iter().filter(|depth| depth.queued > 0));
        prop_assert_eq!(self.queue().lanes(), depths);
        let stats = QueueStats {
            queued: self.model.queued.len() as u64,
            dead: self.model.dead.len() as u64,
        };
        prop_assert_eq!(self.queue().stats(), stats);
        for place in Place::ALL {
            let waiting = self.queue().waiting(&place.lane()).of(place.class);
            prop_assert_eq!(waiting, self.model.waiting(place), "waiting: {:?}", place);
            let groups = self.queue().set_aside(&place.lane());
            let group = groups.iter().find(|group| group.id == place.group());
            let has_group = self.model.known[index(place)].has_group;
            let rows = has_group.then(|| self.model.aside(place));
            prop_assert_eq!(group.map(|group| group.rows), rows, "aside: {:?}", place);
        }
        Ok(())
    }

    /// Delivers all that is left, and holds what was acknowledged against what
    /// became of it: each went one way, and one way only.
    pub(super) async fn drain(&mut self) -> Checked {
        self.step(Operation::EmptyDisk).await?;
        self.step(Operation::Restart).await?;
        let ms = self.model.latest_ms - self.model.now_ms + 2 * HOUR_MS;
        self.step(Operation::Page { ms }).await?;
        for place in Place::ALL {
            self.free(place).await?;
            self.lease(place, LeaseKind::Fresh, 10_000).await?;
            self.lease(place, LeaseKind::Retry, 10_000).await?;
        }
        let ends = vec![(0, End::Delivered); self.held.len()];
        self.acknowledge(&ends).await?;
        self.compare().await?;
        prop_assert_eq!(self.queue().stats().queued, 0);
        let mut went = self.delivered.clone();
        went.extend(self.dead_tags().await?);
        went.extend(&self.thrown_away);
        went.sort_unstable();
        let acknowledged = Vec::from_iter(self.acknowledged.iter().copied());
        prop_assert_eq!(went, acknowledged);
        Ok(())
    }
}

type DedupIndex<'a> = (i64, Option<String>, &'a str, i64, i64, u32, bool);

fn seen(letter: &DeadLetter) -> DedupIndex<'_> {
    (
        letter.id,
        letter.event_id.clone(),
        &letter.reason,
        letter.buried_at,
        letter.appended_at,
        letter.attempts,
        letter.outcome_unknown,
    )
}

fn wanted(letter: &DeadLetterRow) -> DedupIndex<'_> {
    let row = &letter.row;
    (
        number_of(row),
        event_id(row.id),
        letter.reason.name(),
        letter.buried_ms,
        row.appended_ms,
        row.attempts,
        row.outcome_unknown,
    )
}
