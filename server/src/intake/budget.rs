//! The memory that requests may hold together, in bytes.
//!
//! A request reserves before its body is read, and again as more becomes of it; what it
//! holds is given back when it is answered or given up. Sources share: alone one may use
//! all of it, but not while another waits.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::error::IntakeError;
use super::lasting::Lasting;
use crate::admin::Conditions;

/// A source that was refused waits for so long: it is expected to come again.
const WAITS: Duration = Duration::from_secs(15);

/// So much a source may always hold, in bytes, unless it is over its share: a few small
/// requests get in however much another source holds.
const SMALL: usize = 64 << 10;

/// Reservations grow in steps of so many bytes.
const STEP: usize = 4 << 10;

/// The part of the whole that requests may hold of which it is not known yet whose they
/// are: anybody can send those.
const STRANGERS: usize = 4;

/// A source, or nobody yet: the key of some requests is in the body.
type Account = Option<Arc<str>>;

/// The memory that requests may hold together.
pub(crate) struct Budget {
    max: usize,
    books: Mutex<Books>,
    /// Requests were refused of late.
    refuses: Lasting,
}

#[derive(Debug, Default)]
struct Books {
    /// What all hold, in bytes.
    held: usize,
    accounts: HashMap<Account, Entry>,
    /// When a request was refused last for want of room.
    pressed: Option<Instant>,
}

#[derive(Debug, Default)]
struct Entry {
    held: usize,
    refused: Option<Instant>,
}

/// Memory that one request holds. It is given back when this is dropped.
pub(crate) struct Reservation {
    budget: Arc<Budget>,
    account: Account,
    /// What it holds, in bytes.
    held: usize,
    /// What of that it uses.
    used: usize,
}

fn is_recent(when: Option<Instant>, now: Instant) -> bool {
    when.is_some_and(|when| now.saturating_duration_since(when) < WAITS)
}

impl Budget {
    /// A budget of `max` bytes. While it does not suffice, `conditions` say so.
    #[must_use]
    pub(crate) fn new(max: usize, conditions: &Conditions) -> Self {
        Self {
            max,
            books: Mutex::default(),
            refuses: Lasting::new(
                "memory",
                "There is memory for requests again.",
                WAITS,
                conditions.clone(),
            ),
        }
    }

    /// Looks whether requests are still refused. To be called once a second.
    pub(crate) fn look(&self) {
        self.refuses.look(false);
    }

    /// Reserves for a request of `source`, where it is known.
    ///
    /// # Errors
    ///
    /// No room is left.
    pub(crate) fn reserve(
        self: &Arc<Self>,
        source: Option<&Arc<str>>,
        bytes: usize,
    ) -> Result<Reservation, IntakeError> {
        let mut reservation = Reservation {
            budget: Arc::clone(self),
            account: source.cloned(),
            held: 0,
            used: 0,
        };
        reservation.add(bytes)?;
        Ok(reservation)
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        // Sums are whole at any time.
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn grow(&self, account: &Account, bytes: usize, now: Instant) -> Result<(), IntakeError> {
        let mut books = self.books();
        let mine = books.accounts.get(account).map_or(0, |entry| entry.held);
        let mine = mine.saturating_add(bytes);
        if account.is_none() && mine > self.max / STRANGERS {
            return Err(IntakeError::Busy);
        }
        let has_room = books.held.saturating_add(bytes) <= self.max;
        if !has_room || is_recent(books.pressed, now) {
            let others = books.accounts.iter().filter(|(other, entry)| {
                *other != account && (entry.held > 0 || is_recent(entry.refused, now))
            });
            let share = self.max / (others.count() + 1);
            let over_share = mine > share && share < self.max;
            if over_share || !has_room && mine > SMALL {
                books.pressed = Some(now);
                books.accounts.entry(account.clone()).or_default().refused = Some(now);
                return Err(match over_share {
                    true => IntakeError::OverShare,
                    false => IntakeError::Busy,
                });
            }
        }
        books.held = books.held.saturating_add(bytes);
        match books.accounts.get_mut(account) {
            Some(entry) => entry.held = mine,
            None => {
                let entry = Entry {
                    held: mine,
                    refused: None,
                };
                books.accounts.insert(account.clone(), entry);
            }
        }
        Ok(())
    }

    fn give_back(&self, account: &Account, bytes: usize) {
        let mut books = self.books();
        books.held = books.held.saturating_sub(bytes);
        if let Some(entry) = books.accounts.get_mut(account) {
            entry.held = entry.held.saturating_sub(bytes);
        }
    }
}

impl Reservation {
    /// Reserves `bytes` more.
    ///
    /// # Errors
    ///
    /// No room is left. What it has it keeps.
    pub(crate) fn add(&mut self, bytes: usize) -> Result<(), IntakeError> {
        let used = self.used.saturating_add(bytes);
        if used > self.held {
            let missing = (used - self.held)
                .checked_next_multiple_of(STEP)
                .unwrap_or(usize::MAX);
            let budget = &self.budget;
            if let Err(refusal) = budget.grow(&self.account, missing, Instant::now()) {
                budget.refuses.met(&format!(
                    "Requests are refused: others hold as much memory as `max_memory_bytes` \
                     allows ({} bytes). Clients send too much in parallel, or their bodies come \
                     slowly.",
                    budget.max
                ));
                return Err(refusal);
            }
            self.held += missing;
        }
        self.used = used;
        Ok(())
    }

    /// Lets it count to `source`, now that it is known.
    pub(crate) fn belongs_to(&mut self, source: &Arc<str>) {
        if self.account.as_ref() == Some(source) {
            return;
        }
        let mut books = self.budget.books();
        if let Some(before) = books.accounts.get_mut(&self.account) {
            before.held = before.held.saturating_sub(self.held);
        }
        self.account = Some(Arc::clone(source));
        let entry = books.accounts.entry(self.account.clone()).or_default();
        entry.held = entry.held.saturating_add(self.held);
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.budget.give_back(&self.account, self.held);
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    const MIB: usize = 1 << 20;

    fn budget() -> Arc<Budget> {
        Arc::new(Budget::new(8 * MIB, &Conditions::default()))
    }

    fn source(name: &str) -> Arc<str> {
        name.into()
    }

    fn refusal(
        budget: &Arc<Budget>,
        source: Option<&Arc<str>>,
        bytes: usize,
    ) -> Option<IntakeError> {
        budget.reserve(source, bytes).err()
    }

    #[tokio::test(start_paused = true)]
    async fn alone_a_source_may_use_all_of_it_and_gives_it_back() {
        let (budget, shop) = (budget(), source("shop"));
        for _ in 0..3 {
            let whole = budget.reserve(Some(&shop), 8 * MIB).unwrap();
            assert_eq!(refusal(&budget, Some(&shop), 1), Some(IntakeError::Busy));
            drop(whole);
        }
        assert_eq!(budget.books().held, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_refused_holds_nothing() {
        let (budget, shop) = (budget(), source("shop"));
        let mut part = budget.reserve(Some(&shop), MIB).unwrap();
        assert!(part.add(8 * MIB).is_err());
        assert!(part.add(usize::MAX).is_err());
        assert_eq!(budget.books().held, MIB);
        drop(part);
        assert!(budget.reserve(Some(&shop), 8 * MIB).is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn while_another_waits_nobody_gets_more_than_its_share() {
        let (budget, shop, app) = (budget(), source("shop"), source("app"));
        let most = budget.reserve(Some(&shop), 7 * MIB).unwrap();
        assert_eq!(
            refusal(&budget, Some(&app), 2 * MIB),
            Some(IntakeError::Busy)
        );
        assert_eq!(
            refusal(&budget, Some(&shop), MIB),
            Some(IntakeError::OverShare),
            "there is room, but not for this one"
        );
        // A little is always let in.
        let little = budget.reserve(Some(&app), 10_000).unwrap();
        drop((most, little));
        let half = budget.reserve(Some(&app), 4 * MIB).unwrap();
        assert_eq!(
            refusal(&budget, Some(&app), MIB),
            Some(IntakeError::OverShare)
        );
        drop(half);
        // Nobody waits any longer.
        advance(WAITS).await;
        assert_eq!(refusal(&budget, Some(&shop), 8 * MIB), None);
    }

    #[tokio::test(start_paused = true)]
    async fn strangers_have_a_part_of_it_until_they_are_known() {
        let (budget, shop) = (budget(), source("shop"));
        let mut unknown = budget.reserve(None, 2 * MIB).unwrap();
        assert_eq!(refusal(&budget, None, 1), Some(IntakeError::Busy));
        assert_eq!(refusal(&budget, Some(&shop), 6 * MIB), None);
        unknown.belongs_to(&shop);
        let others = budget.reserve(None, 2 * MIB).unwrap();
        drop((unknown, others));
        assert_eq!(budget.books().held, 0);
        assert!(budget.books().accounts.values().all(|of| of.held == 0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_little_stays_a_little() {
        let (budget, shop, app) = (budget(), source("shop"), source("app"));
        let whole = budget.reserve(Some(&shop), 8 * MIB).unwrap();
        let small: Vec<_> = (0..1000)
            .map_while(|_| budget.reserve(Some(&app), STEP).ok())
            .collect();
        assert_eq!(small.len(), SMALL / STEP);
        drop((whole, small));
    }
}
