//! Eight days without Meta: which event goes, and which expires.

use super::*;

const DAY_MS: i64 = 24 * HOUR_MS;
const OUTAGE_MS: i64 = 8 * DAY_MS;

/// What became of the events of each hour of an outage.
struct Outage {
    world: World,
    /// The hour in which each row was appended, and its class.
    rows: Vec<(i64, Class)>,
}

impl Outage {
    /// Every hour brings an event of each class, as it happens; nothing is
    /// delivered until all is well again.
    fn endure(mood: Mood) -> Self {
        let mut world = World::new(7);
        world.stores.truncate(1);
        world.limits = RowLimits {
            batch_size: 10,
            batch_bytes: 1 << 20,
            max_in_flight: 8,
            linger_ms: 200,
        };
        world.start();
        world.meta.moods[0] = mood;
        let mut rows = Vec::new();
        for hour in 0..OUTAGE_MS / HOUR_MS {
            for class in Class::ALL {
                let kin = (class, group("Purchase"));
                world.append_one(0, kin, false, world.now_ms / 1000);
                rows.push((hour, class));
            }
            world.waits.fill(None);
            world.until(START_MS + (hour + 1) * HOUR_MS);
        }
        assert_eq!(world.stores[0].delivered(), 0, "{mood:?}");
        world.comes_to_rest();
        Self { world, rows }
    }

    /// The hours whose events of a class ended so.
    fn hours(&self, class: Class, wanted: impl Fn(&Disposition) -> bool) -> Vec<i64> {
        let mut hours = Vec::new();
        self.world.stores[0].dispositions(|seq, disposition| {
            let (hour, of) = self.rows[usize::try_from(seq - 1).unwrap()];
            if of == class && wanted(disposition) {
                hours.push(hour);
            }
        });
        hours.sort_unstable();
        hours
    }
}

impl World {
    /// What there is to do is done until then.
    fn until(&mut self, end_ms: i64) {
        while self.now_ms < end_ms {
            if self.pending.is_empty() {
                self.run_one();
            } else {
                self.answer(0);
            }
            self.check();
        }
    }
}

fn dead_lettered(disposition: &Disposition, wanted: DeadLetterReason) -> bool {
    matches!(disposition, Disposition::DeadLettered { reason, .. } if *reason == wanted)
}

fn delivered(disposition: &Disposition) -> bool {
    *disposition == Disposition::Delivered
}

#[test]
fn what_is_older_than_seven_days_expires_and_all_else_goes() {
    for mood in [Mood::Away, Mood::Dead, Mood::ReadOnly, Mood::Busy] {
        let outage = Outage::endure(mood);
        let expired = outage.hours(Class::Standard, |disposition| {
            dead_lettered(disposition, DeadLetterReason::Expired)
        });
        let went = outage.hours(Class::Standard, delivered);
        // The first day is too old when Meta is back; the hour in which it comes
        // back depends on when the lane asks.
        assert_eq!(expired, (0..expired.len() as i64).collect::<Vec<_>>());
        assert!((24..=25).contains(&expired.len()), "{mood:?}: {expired:?}");
        assert_eq!(went.len() + expired.len(), 192, "{mood:?}");
        // A shop's events may be 62 days old.
        assert_eq!(outage.hours(Class::PhysicalStore, delivered).len(), 192);
    }
}

#[test]
fn what_may_have_arrived_is_not_sent_again_after_47_hours() {
    let outage = Outage::endure(Mood::Cut);
    for class in Class::ALL {
        let unknown = outage.hours(class, |disposition| {
            dead_lettered(disposition, DeadLetterReason::OutcomeUnknown)
        });
        let went = outage.hours(class, delivered);
        assert_eq!(unknown.len() + went.len(), 192, "{class:?}");
        // Those of the last 47 hours were sent again with their ids, and went.
        assert_eq!(went, (192 - went.len() as i64..192).collect::<Vec<_>>());
        assert!((46..=48).contains(&went.len()), "{class:?}: {}", went.len());
    }
}
