//! The lane's decisions, one by one, without a socket or a clock.

mod world;

use std::time::Duration;

use self::world::World;
use super::notice::Notice;
use super::pace::LaneState;
use crate::graph::{Answer, ErrorBody, Outcome, Reply, Usage};
use crate::queue::{BuryReason, Class, Fate, Leased, Settlement};

/// Some time in 2026, in milliseconds.
const START_MS: i64 = 1_790_000_000_000;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

pub(super) fn row(seq: i64) -> Leased {
    Leased {
        seq,
        event_time: 0,
        appended_ms: 0,
        attempts: 0,
        first_attempt_ms: None,
        outcome_unknown: false,
        payload: bytes::Bytes::from_static(b"{}"),
    }
}

fn answer(status: u16, reply: Reply) -> Outcome {
    Outcome::Answered(Answer {
        status,
        reply,
        usage: Usage::default(),
        retry_after: None,
    })
}

fn accepted(events_received: u64) -> Outcome {
    let (messages, fbtrace_id) = (Vec::new(), None);
    answer(
        200,
        Reply::Accepted {
            events_received: Some(events_received),
            messages,
            fbtrace_id,
        },
    )
}

fn error(status: u16, code: i64, subcode: Option<i64>) -> Outcome {
    answer(
        status,
        Reply::Refused(ErrorBody {
            code,
            subcode,
            ..ErrorBody::default()
        }),
    )
}

/// What a live token gets for an event without a name.
fn no_event() -> Outcome {
    error(400, 100, Some(2_804_019))
}

/// Meta refuses a batch and names one of its rows.
fn named(row: usize) -> Outcome {
    answer(
        400,
        Reply::Refused(ErrorBody {
            code: 100,
            subcode: Some(2_804_019),
            message: Some(format!(
                "The parameter $['data'][{row}]['user_data'] is required"
            )),
            ..ErrorBody::default()
        }),
    )
}

/// Meta takes ten events and tells how much of the allowance is used.
fn accepted_at(percent: u32) -> Outcome {
    let Outcome::Answered(mut answer) = accepted(10) else {
        panic!("answered");
    };
    answer.usage.percent = Some(percent);
    Outcome::Answered(answer)
}

fn unavailable() -> Outcome {
    answer(503, Reply::Unreadable)
}

#[test]
fn a_full_batch_leaves_at_once() {
    let mut world = World::new(10, 8, 200);
    world.append(25);
    assert_eq!(world.sizes(), [10, 10]);
    assert_eq!(world.wait, Some(START_MS + 200));
    world.pass(200);
    assert_eq!(world.sizes(), [10, 10, 5]);
}

#[test]
fn a_batch_that_is_not_full_leaves_after_the_linger_of_its_oldest_row() {
    let mut world = World::new(10, 8, 200);
    world.append(1);
    world.pass(150);
    world.append(2);
    assert_eq!(world.sizes(), [0; 0]);
    world.pass(50);
    assert_eq!(world.sizes(), [3]);
}

#[test]
fn without_linger_nothing_waits() {
    let mut world = World::new(10, 8, 0);
    world.append(1);
    world.append(2);
    assert_eq!(world.sizes(), [1, 2]);
}

#[test]
fn rows_leave_in_the_order_they_came() {
    let mut world = World::new(2, 8, 0);
    world.append(4);
    let rows: Vec<_> = world
        .sent
        .iter()
        .flat_map(|(_, rows)| rows.clone())
        .collect();
    assert_eq!(rows, [1, 2, 3, 4]);
}

#[test]
fn no_more_requests_are_in_flight_than_allowed_and_memory_is_bounded() {
    let mut world = World::new(10, 3, 0);
    world.append(1000);
    assert_eq!(world.sizes(), [10, 10, 10]);
    assert!(
        world.leased.len() <= 40,
        "{} rows in memory",
        world.leased.len()
    );
    world.accept();
    assert_eq!(world.sizes(), [10, 10, 10]);
}

#[test]
fn an_accepted_batch_is_delivered() {
    let mut world = World::new(10, 8, 0);
    world.append(3);
    world.accept();
    assert_eq!(world.delivered, [1, 2, 3]);
    assert_eq!(world.notices, []);
}

#[test]
fn fewer_events_received_are_set_aside_and_told() {
    let mut world = World::new(10, 8, 0);
    world.append(3);
    world.answer(accepted(2));
    let aside: Vec<_> = (1..=3)
        .map(|seq| (seq, BuryReason::PartlyConfirmed))
        .collect();
    assert_eq!(
        (&world.delivered[..], &world.buried[..]),
        (&[][..], &aside[..])
    );
    let told = matches!(world.notices[..], [Notice::PartlyConfirmed { rows: 3, .. }]);
    assert!(told, "{:?}", world.notices);
}

#[test]
fn shops_have_batches_of_their_own() {
    let mut world = World::new(10, 8, 100);
    world.append_as(Class::Standard, 2, START_MS / 1000);
    world.append_as(Class::PhysicalStore, 3, START_MS / 1000);
    world.pass(100);
    assert_eq!(world.sizes(), [2, 3]);
}

#[test]
fn a_failed_batch_is_tried_again_with_growing_waits() {
    let mut world = World::new(10, 8, 0);
    world.append(3);
    for tries in 0..6 {
        let rows = world.answer(unavailable());
        assert_eq!(rows, [1, 2, 3]);
        let waited = world.pass_until_sent();
        assert!(
            waited <= 500 << (tries + 1),
            "waited {waited} ms after {tries} tries"
        );
    }
    assert_eq!(
        world.leased.iter().map(|(_, row)| row.attempts).max(),
        Some(6)
    );
    world.accept();
    assert_eq!(world.delivered, [1, 2, 3]);
}

#[test]
fn only_a_request_that_may_have_arrived_marks_its_rows() {
    for (outcome, unknown) in [
        (Outcome::Lost("cut".into()), true),
        (answer(200, Reply::Unreadable), true),
        (Outcome::NotSent("refused".into()), false),
        (unavailable(), false),
    ] {
        let mut world = World::new(10, 8, 0);
        world.append(1);
        world.answer(outcome);
        world.pass_until_sent();
        let (_, row) = &world.leased[0];
        assert_eq!(
            (row.outcome_unknown, row.first_attempt_ms),
            (unknown, Some(START_MS))
        );
    }
}

#[test]
fn fresh_rows_pass_those_that_wait_for_another_try() {
    let mut world = World::new(10, 8, 0);
    world.append(2);
    world.answer(unavailable());
    world.append(1);
    assert_eq!(world.accept(), [3]);
    world.pass_until_sent();
    assert_eq!(world.accept(), [1, 2]);
}

#[test]
fn retries_and_a_fresh_backlog_take_turns() {
    let mut world = World::new(1, 1, 0);
    world.append(1);
    world.answer(unavailable());
    world.append(10);
    world.now_ms += 60_000;
    let order: Vec<_> = (0..4).map(|_| world.accept()[0]).collect();
    assert!(order.contains(&1), "{order:?}");
}

#[test]
fn one_failure_among_many_does_not_stop_the_lane_but_many_in_a_row_do() {
    let mut world = World::new(1, 4, 0);
    world.append(100);
    world.answer(unavailable());
    assert_eq!(world.sent.len(), 4);
    world.answer(unavailable());
    world.answer(unavailable());
    assert!(matches!(world.state(), LaneState::Throttled { .. }));
    while !world.sent.is_empty() {
        world.answer(unavailable());
    }
    // Meta is asked by one request at a time until one is accepted.
    for _ in 0..5 {
        world.pass_until_sent();
        assert_eq!(world.sent.len(), 1);
        world.answer(unavailable());
    }
    world.pass_until_sent();
    world.accept();
    assert_eq!(world.state(), LaneState::Active);
    assert_eq!(world.sent.len(), 4);
}

#[test]
fn retry_after_is_honoured() {
    let mut world = World::new(10, 8, 0);
    world.append(1);
    let Outcome::Answered(mut answer) = unavailable() else {
        unreachable!()
    };
    answer.retry_after = Some(Duration::from_secs(30));
    world.answer(Outcome::Answered(answer));
    world.append(1);
    assert_eq!(world.sent.len(), 0, "the lane must wait too");
    assert!(world.pass_until_sent() >= 30_000);
}

#[test]
fn a_throttled_lane_waits_as_long_as_it_is_told_and_keeps_its_rows() {
    let mut world = World::new(10, 8, 0);
    world.append(10);
    let Outcome::Answered(mut answer) = error(400, 80_004, None) else {
        unreachable!()
    };
    answer.usage.regain_access = Some(Duration::from_secs(180));
    world.answer(Outcome::Answered(answer));
    world.append(20);
    assert_eq!(world.sizes(), [0; 0]);
    assert_eq!(world.pass_until_sent(), 180_000);
    // One request tries the way, the others follow.
    assert_eq!(world.sizes(), [10]);
    assert_eq!(world.accept(), (1..=10).collect::<Vec<_>>());
    assert_eq!(world.sizes(), [10, 10]);
    assert_eq!(
        world.leased.iter().map(|(_, row)| row.attempts).max(),
        Some(0)
    );
}

#[test]
fn a_throttled_lane_that_is_told_nothing_waits_longer_each_time() {
    let mut world = World::new(10, 8, 0);
    world.append(1);
    let mut waits = Vec::new();
    for _ in 0..6 {
        world.answer(error(400, 4, None));
        waits.push(world.pass_until_sent() / 1000);
    }
    assert_eq!(waits, [1, 2, 4, 8, 10, 10]);
}

#[test]
fn a_configuration_fault_parks_the_lane_and_loses_nothing() {
    for (status, code, subcode) in [
        (401, 190, None),
        (403, 10, None),
        (400, 100, Some(33)),
        (403, 250, None),
        (400, 803, None),
    ] {
        let mut world = World::new(10, 8, 0);
        world.append(30);
        while !world.sent.is_empty() {
            world.answer(error(status, code, subcode));
        }
        assert!(matches!(world.state(), LaneState::Parked { .. }), "{code}");
        assert_eq!(world.notices.len(), 1, "parking is told once");
        let mut waits = Vec::new();
        for _ in 0..8 {
            waits.push(world.pass_until_probed() / 1000);
            assert_eq!(world.sizes(), [0; 0], "no event asks");
            world.probed(error(status, code, subcode));
        }
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 300, 300]);
        world.pass_until_probed();
        world.probed(no_event());
        assert_eq!(world.sizes(), [1], "one event tries");
        world.accept();
        assert_eq!(world.state(), LaneState::Active);
        assert!(world.notices.contains(&Notice::Reopened));
        while !world.sent.is_empty() {
            world.accept();
        }
        world.delivered.sort_unstable();
        assert_eq!(world.delivered, (1..=30).collect::<Vec<_>>());
        assert_eq!(world.buried, []);
    }
}

#[test]
fn an_answer_from_before_does_not_reopen_a_parked_lane() {
    let mut world = World::new(10, 8, 0);
    world.append(20);
    world.answer(error(401, 190, None));
    world.accept();
    assert!(matches!(world.state(), LaneState::Parked { .. }));
    assert_eq!(world.delivered.len(), 10);
}

#[test]
fn a_refused_event_reopens_a_parked_lane() {
    let mut world = World::new(10, 8, 0);
    world.append(10);
    world.answer(error(401, 190, None));
    world.pass_until_probed();
    world.probed(no_event());
    world.answer(error(400, 100, Some(2_804_050)));
    assert_eq!(world.state(), LaneState::Active);
    assert_eq!(world.buried, [(1, BuryReason::Rejected)]);
    assert_eq!(world.sizes(), [9]);
}

#[test]
fn a_poison_is_buried_alone_and_the_rest_is_delivered() {
    let mut world = World::new(100, 2, 0);
    world.append(100);
    let poison = 37;
    let mut requests = 0;
    while let Some((_, rows)) = world.sent.front() {
        requests += 1;
        if rows.contains(&poison) {
            world.answer(error(400, 100, Some(2_804_019)));
        } else {
            world.accept();
        }
    }
    assert_eq!(world.buried, [(poison, BuryReason::Rejected)]);
    assert_eq!(world.delivered.len(), 99);
    assert!(requests <= 15, "{requests}");
}

#[test]
fn a_token_that_may_ask_and_not_send_does_not_flap() {
    let mut world = World::new(10, 8, 0);
    world.append(3);
    world.answer(error(403, 200, None));
    let mut waits = Vec::new();
    for _ in 0..5 {
        waits.push(world.pass_until_probed() / 1000);
        world.probed(no_event());
        assert_eq!(world.sizes(), [1]);
        world.answer(error(403, 200, None));
        assert!(matches!(world.state(), LaneState::Parked { .. }));
    }
    assert_eq!(waits, [5, 10, 20, 40, 80]);
    assert_eq!(world.buried, []);
}

#[test]
fn a_person_ends_the_wait_of_a_parked_lane() {
    let mut world = World::new(10, 8, 0);
    world.append(3);
    world.answer(error(401, 190, None));
    for _ in 0..6 {
        world.pass_until_probed();
        world.probed(error(401, 190, None));
    }
    world.lane.resume(world.now_ms);
    world.run();
    world.probed(no_event());
    world.accept();
    assert_eq!(world.state(), LaneState::Active);
}

#[test]
fn a_row_that_meta_names_is_tried_alone_first() {
    let mut world = World::new(100, 1, 0);
    world.append(100);
    world.answer(named(37));
    assert_eq!(world.sent[0].1, [38]);
    world.answer(error(400, 100, Some(2_804_019)));
    assert_eq!(world.sizes(), [99]);
    world.accept();
    assert_eq!(world.buried, [(38, BuryReason::Rejected)]);
    assert_eq!(world.delivered.len(), 99);
}

#[test]
fn a_name_that_proved_wrong_is_not_believed_again() {
    let mut world = World::new(100, 1, 0);
    world.append(100);
    world.answer(named(0));
    assert_eq!(world.accept(), [1]);
    world.answer(named(0));
    assert_eq!(world.sizes(), [49]);
}

#[test]
fn twenty_burials_with_nothing_accepted_park_the_lane_and_are_taken_back() {
    let mut world = World::new(64, 1, 0);
    world.append(64);
    while !world.sent.is_empty() {
        world.answer(error(400, 100, None));
    }
    assert!(matches!(world.state(), LaneState::Parked { .. }));
    assert_eq!(world.buried, []);
    let broke = |notice: &Notice| matches!(notice, Notice::Broke { rows: 19, .. });
    assert!(world.notices.iter().any(broke), "{:?}", world.notices);
    // The probe passes, as an event without a name gets that code too; the
    // event does not.
    for _ in 0..3 {
        world.pass_until_probed();
        world.probed(no_event());
        assert_eq!(world.sizes(), [1]);
        world.answer(error(400, 100, None));
    }
    assert_eq!(world.buried, []);
    // Mended.
    world.pass_until_probed();
    world.probed(no_event());
    world.accept();
    for _ in 0..100 {
        while !world.sent.is_empty() {
            world.accept();
        }
        if world.delivered.len() < 64 {
            world.pass_until_sent();
        }
    }
    world.delivered.sort_unstable();
    assert_eq!(world.delivered, (1..=64).collect::<Vec<_>>());
}

#[test]
fn fifty_poisons_in_a_row_are_buried_though_the_breaker_trips() {
    let mut world = World::new(1000, 1, 0);
    world.append(1000);
    let is_poison = |seq: &i64| (100..150).contains(seq);
    let mut stops = 0;
    for _ in 0..10_000 {
        if let Some((_, rows)) = world.sent.front() {
            if rows.iter().any(is_poison) {
                world.answer(error(400, 100, Some(2_804_050)));
            } else {
                world.accept();
            }
        } else if world.delivered.len() + world.buried.len() == 1000 {
            break;
        } else if matches!(world.state(), LaneState::Parked { .. }) {
            stops += 1;
            world.pass_until_probed();
            world.probed(no_event());
        } else {
            world.pass_until_sent();
        }
    }
    world.buried.sort_unstable_by_key(|(seq, _)| *seq);
    let poisons: Vec<_> = (100..150).map(|seq| (seq, BuryReason::Rejected)).collect();
    assert_eq!(world.buried, poisons);
    assert_eq!(world.delivered.len(), 950);
    assert!((1..=2).contains(&stops), "{stops}");
}

#[test]
fn the_pace_slows_before_the_allowance_is_used_up() {
    let mut world = World::new(10, 8, 0);
    world.append(80);
    assert_eq!(world.sizes().len(), 8);
    world.append(80);
    for _ in 0..8 {
        world.answer(accepted_at(90));
    }
    assert_eq!(world.pass_until_sent(), 550);
    assert_eq!(world.sizes(), [10], "one request at a time");
    assert_eq!(world.state(), LaneState::Active);
    world.answer(accepted_at(100));
    assert!(matches!(world.state(), LaneState::Throttled { .. }));
    assert_eq!(world.pass_until_sent(), 1000);
    world.answer(accepted_at(10));
    assert_eq!(world.sizes().len(), 6);
}

#[test]
fn an_unknown_answer_is_tried_a_few_times_and_then_parks() {
    let mut world = World::new(10, 8, 0);
    world.append(2);
    for _ in 0..3 {
        world.answer(error(400, 424_242, None));
        assert!(!matches!(world.state(), LaneState::Parked { .. }));
        world.pass_until_sent();
    }
    world.answer(error(400, 424_242, None));
    assert!(matches!(world.state(), LaneState::Parked { .. }));
    assert_eq!(world.buried, []);
}

#[test]
fn what_is_too_old_is_buried_unsent() {
    let mut world = World::new(10, 8, 100);
    let eight_days_ago = (START_MS - 8 * DAY_MS) / 1000;
    world.append_as(Class::Standard, 1, eight_days_ago);
    world.append_as(Class::Standard, 1, START_MS / 1000);
    world.append_as(Class::PhysicalStore, 1, eight_days_ago);
    world.pass(100);
    assert_eq!(world.buried, [(1, BuryReason::Expired)]);
    assert_eq!(
        world
            .sent
            .iter()
            .map(|(_, rows)| rows[0])
            .collect::<Vec<_>>(),
        [2, 3]
    );
}

#[test]
fn rows_expire_while_their_lane_is_parked() {
    let mut world = World::new(10, 8, 0);
    world.append(3);
    world.answer(error(401, 190, None));
    world.pass(7 * DAY_MS);
    world.probed(no_event());
    assert_eq!(world.buried.len(), 3);
    assert_eq!(world.sizes(), [0; 0]);
}

#[test]
fn a_clock_that_goes_back_does_not_stretch_a_wait() {
    let mut world = World::new(10, 8, 200);
    world.append(1);
    world.pass(-DAY_MS);
    assert!(world.pass_until_sent() <= 200);
    world.answer(error(401, 190, None));
    world.pass(-DAY_MS);
    assert!(world.pass_until_probed() <= 5_000);
}

#[test]
fn a_restart_forgets_neither_a_named_wait_nor_why_the_lane_is_parked() {
    let mut world = World::new(10, 8, 0);
    world.append(1);
    world.answer(error(401, 190, None));
    let parked = world.halt.clone().expect("kept");
    world.restart();
    assert_eq!(world.pass_until_probed(), 0, "it asks at once");
    assert_eq!(world.sent.len(), 0, "and not with an event");
    world.probed(no_event());
    world.answer(accepted(1));
    assert_eq!(world.halt, None, "{parked:?} is over");

    world.append(1);
    let mut asked = unavailable();
    if let Outcome::Answered(answer) = &mut asked {
        answer.retry_after = Some(Duration::from_secs(600));
    }
    world.answer(asked);
    assert!(world.halt.is_some());
    world.pass(60_000);
    world.restart();
    assert!((539_000..=540_000).contains(&world.pass_until_sent()));
    world.answer(accepted(1));
    assert_eq!(world.halt, None);

    // What nobody named is tried again by the next run.
    world.append(4);
    for _ in 0..4 {
        world.answer(unavailable());
        world.pass_until_sent();
    }
    assert_eq!(world.halt, None);
}

#[test]
fn a_clock_that_goes_back_keeps_no_row_waiting_in_the_queue() {
    let mut world = World::new(10, 8, 0);
    world.append(1);
    world.answer(unavailable());
    world.pass(-DAY_MS);
    assert!(world.pass_until_sent() <= 60_000);
}

#[test]
fn draining_does_not_linger() {
    let mut world = World::new(10, 8, 60_000);
    world.append(1);
    world.lane.drain();
    world.run();
    assert_eq!(world.sizes(), [1]);
}

#[test]
fn a_lane_that_closes_waits_for_answers_and_sends_nothing_more() {
    let mut world = World::new(10, 1, 0);
    world.append(20);
    assert_eq!(world.sizes(), [10]);
    world.lane.drain();
    world.lane.close();
    world.answer(accepted(10));
    assert_eq!((world.delivered.len(), world.sent.len()), (10, 0));
    assert_eq!(world.wait, None);
}

#[test]
fn draining_does_not_wait_for_a_parked_lane() {
    let mut world = World::new(10, 8, 0);
    world.append(1);
    world.answer(error(401, 190, None));
    assert!(world.wait.is_some());
    world.lane.drain();
    world.run();
    assert_eq!(world.wait, None);
}

#[test]
fn what_is_cut_off_goes_back_as_perhaps_delivered() {
    let mut world = World::new(10, 8, 0);
    world.append(2);
    let cut = world.lane.cut(world.now_ms + 5);
    let fate = Fate::RetryAt {
        due_ms: START_MS + 5,
        attempted_ms: START_MS,
        outcome_unknown: true,
    };
    assert_eq!(
        cut,
        [1, 2].map(|seq| Settlement {
            seq,
            fate: fate.clone()
        })
    );
    assert!(world.lane.idle());
}
