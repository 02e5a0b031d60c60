//! What may happen to a queue, and how it is drawn.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::super::{Class, DeadLetterReason, HOUR_MS, LaneKey, LeaseKind};

/// One thing that happens. Numbers choose among what there is by then, modulo
/// how much that is: so every sequence is a valid one, shrunk ones too.
#[derive(Clone, Debug)]
pub(super) enum Operation {
    Append(Vec<Draft>),
    Lease {
        place: Place,
        kind: LeaseKind,
        max: usize,
    },
    /// Settles leased rows. Once more what ends a row, as after a lost answer.
    Settle(Vec<(u8, End)>),
    TakeBack(Vec<u8>),
    BuryAtTheDoor(Vec<Draft>),
    RetryDead(Option<u8>),
    PurgeDead(Option<u8>),
    /// Letters by choice, each with the id to send instead of its own.
    ReplaceDead(Vec<(u8, Option<u8>)>),
    Release(Place),
    Free(Place),
    /// Settles a row of a group, from about where the number says.
    Sample {
        place: Place,
        at: u16,
        end: End,
    },
    /// The lane sends up to a leased row, by choice, or nothing.
    KeepWindow(Place, Option<u8>),
    EndLane(Place),
    Page {
        ms: i64,
    },
    Restart,
    Crash,
    FillDisk,
    EmptyDisk,
}

/// A conversion to be made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draft {
    pub(super) id: Option<u8>,
    /// Which of the events of its id it is.
    pub(super) says: u8,
    pub(super) place: Place,
}

/// What becomes of a leased row.
#[derive(Clone, Copy, Debug)]
pub(super) enum End {
    Delivered,
    RetryIn { ms: i64, outcome_unknown: bool },
    Buried(DeadLetterReason),
    SetAside,
}

/// A lane and a class: rows of one share a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) coded: bool,
    pub(super) class: Class,
}

impl Place {
    pub(super) const ALL: [Self; 4] = [
        Self::new(false, Class::Standard),
        Self::new(false, Class::PhysicalStore),
        Self::new(true, Class::Standard),
        Self::new(true, Class::PhysicalStore),
    ];

    const fn new(coded: bool, class: Class) -> Self {
        Self { coded, class }
    }

    /// The number of its group.
    pub(super) const fn group(self) -> i64 {
        match self.class {
            Class::Standard => 1,
            Class::PhysicalStore => 2,
        }
    }

    pub(super) fn lane(self) -> LaneKey {
        LaneKey::new("shop", self.coded.then_some("TEST1"))
    }
}

/// Most in one place, so that turns have something to order.
fn place() -> impl Strategy<Value = Place> {
    (prop::bool::weighted(0.1), prop::bool::weighted(0.1)).prop_map(|(coded, store)| {
        let classes = [Class::Standard, Class::PhysicalStore];
        Place::new(coded, classes[usize::from(store)])
    })
}

/// Few, so that duplicates are frequent.
fn id() -> impl Strategy<Value = u8> {
    0..3_u8
}

fn drafts() -> impl Strategy<Value = Vec<Draft>> {
    let draft = (option::weighted(0.9, id()), 0..2_u8, place());
    let draft = draft.prop_map(|(id, says, place)| Draft { id, says, place });
    vec(draft, 1..=5)
}

fn end() -> impl Strategy<Value = End> {
    let reason = prop::sample::select(vec![
        DeadLetterReason::Rejected,
        DeadLetterReason::Expired,
        DeadLetterReason::OutcomeUnknown,
        DeadLetterReason::PartlyConfirmed,
        DeadLetterReason::PartlyConfirmed,
    ]);
    let minutes = -30..90_i64;
    prop_oneof![
        3 => Just(End::Delivered),
        2 => (minutes, any::<bool>()).prop_map(|(minutes, outcome_unknown)| End::RetryIn {
            ms: minutes * HOUR_MS / 60,
            outcome_unknown,
        }),
        3 => reason.prop_map(End::Buried),
        2 => Just(End::SetAside),
    ]
}

fn time() -> impl Strategy<Value = i64> {
    prop_oneof![
        3 => (1..60_i64).prop_map(|minutes| minutes * HOUR_MS / 60),
        3 => (1..30_i64).prop_map(|hours| hours * HOUR_MS),
        2 => (1..5_i64).prop_map(|days| days * 24 * HOUR_MS),
        2 => Just(-HOUR_MS),
    ]
}

fn operation() -> impl Strategy<Value = Operation> {
    let lease = |kind| {
        (place(), 1..=4_usize).prop_map(move |(place, max)| Operation::Lease { place, kind, max })
    };
    let letters = || option::weighted(0.6, id());
    prop_oneof![
        6 => drafts().prop_map(Operation::Append),
        7 => lease(LeaseKind::Fresh),
        6 => lease(LeaseKind::Retry),
        8 => vec((any::<u8>(), end()), 1..=4).prop_map(Operation::Settle),
        4 => vec(any::<u8>(), 1..=3).prop_map(Operation::TakeBack),
        1 => drafts().prop_map(Operation::BuryAtTheDoor),
        3 => letters().prop_map(Operation::RetryDead),
        1 => letters().prop_map(Operation::PurgeDead),
        2 => vec((any::<u8>(), option::weighted(0.3, id())), 1..=3)
            .prop_map(Operation::ReplaceDead),
        3 => place().prop_map(Operation::Release),
        1 => place().prop_map(Operation::Free),
        3 => (place(), any::<u16>(), end())
            .prop_map(|(place, at, end)| Operation::Sample { place, at, end }),
        4 => (place(), option::weighted(0.7, any::<u8>()))
            .prop_map(|(place, up_to)| Operation::KeepWindow(place, up_to)),
        1 => place().prop_map(Operation::EndLane),
        5 => time().prop_map(|ms| Operation::Page { ms }),
        1 => Just(Operation::Restart),
        2 => Just(Operation::Crash),
        1 => Just(Operation::FillDisk),
        1 => Just(Operation::EmptyDisk),
    ]
}

pub(super) fn operations() -> impl Strategy<Value = Vec<Operation>> {
    vec(operation(), 1..=80)
}
