//! The pure way of one Order Completed of 1.6 KB with three products and full
//! user data: each step, and all of them.
//!
//! Run with: `cargo bench -p capi-bench`

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a measurement may fail loudly"
)]

// The linker leaves out what nobody names.
use capi_actions as _;
use capi_core::Registry;
use capi_core::config::Config;
use capi_core::destination::Destination;
use capi_core::event::{Arena, Arrival, Event, Json};
use capi_core::pipeline::{
    Admit, Hash, Normalize, PipelineStage, Routed, Scrub, Validate, convert, map, pipeline, route,
};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use jiff::Timestamp;

/// The allocator that the binaries ship with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ORDER: &[u8] = include_bytes!("../order.json");

fn main() {
    divan::main();
}

/// A destination with the prebuilt subscriptions, as most have.
fn destinations() -> Vec<Destination> {
    let registry = Registry::linked().expect("the actions are linked in");
    let text = "[[destination]]\nname = \"meta\"\ndataset_id = \"1234567890\"\n";
    let (config, found) = Config::read(text, &registry, &|_| Err("no file".into()));
    let config = config.unwrap_or_else(|| panic!("{found:?}"));
    config
        .destinations
        .into_iter()
        .map(|config| config.destination)
        .collect()
}

/// When the order was received: 2026-11-24T05:14:53Z.
fn now() -> Timestamp {
    Timestamp::from_second(1_795_497_293).expect("a time")
}

fn received<'a>(arena: &'a Arena, root: Json<'a>) -> Event<'a> {
    Event::receive(root, &Arrival::at(now()), arena, &mut || "minted".into()).expect("an event")
}

/// Runs `step` on the routed order, each time in a fresh arena.
fn bench_step<T>(bencher: Bencher<'_, '_>, step: impl for<'a> Fn(Routed<'a>) -> T) {
    let destinations = destinations();
    let arena = Arena::new();
    let root = Json::parse(&arena, ORDER).expect("JSON");
    let event = received(&arena, root);
    bencher.counter(ItemsCount::new(1_u32)).bench_local(|| {
        let arena = Arena::new();
        let routed = route(&destinations, event, None, now(), &arena)
            .next()
            .expect("the order matches");
        black_box(step(routed));
    });
}

#[divan::bench]
fn step_1_parse(bencher: Bencher<'_, '_>) {
    let mut arena = Arena::new();
    bencher
        .counter(ItemsCount::new(1_u32))
        .bench_local(move || {
            black_box(Json::parse(&arena, black_box(ORDER)).is_ok());
            arena.reset();
        });
}

#[divan::bench]
fn step_2_receive(bencher: Bencher<'_, '_>) {
    let arena = Arena::new();
    let root = Json::parse(&arena, ORDER).expect("JSON");
    let mut own = Arena::new();
    bencher.counter(ItemsCount::new(1_u32)).bench_local(|| {
        let arrival = Arrival::at(now());
        black_box(Event::receive(root, &arrival, &own, &mut || "minted".into()).is_ok());
        own.reset();
    });
}

#[divan::bench]
fn step_3_route(bencher: Bencher<'_, '_>) {
    bench_step(bencher, |_| ());
}

/// The order against one subscription, and against fifty of which one takes it.
#[divan::bench(args = [1, 50])]
fn step_3_route_among(bencher: Bencher<'_, '_>, subscriptions: usize) {
    let registry = Registry::linked().expect("the actions are linked in");
    let mut text = "[[destination]]\nname = \"meta\"\ndataset_id = \"1\"\n".to_owned();
    for number in 1..=subscriptions {
        let event = if number == subscriptions {
            "Order Completed".to_owned()
        } else {
            format!("Event {number}")
        };
        text += &format!(
            "[[destination.subscription]]\naction = \"purchase\"\n\
             trigger = \"type = 'track' and event = '{event}'\"\n"
        );
    }
    let (config, found) = Config::read(&text, &registry, &|_| Err("no file".into()));
    let config = config.unwrap_or_else(|| panic!("{found:?}"));
    let destinations: Vec<Destination> = config
        .destinations
        .into_iter()
        .map(|config| config.destination)
        .collect();
    let arena = Arena::new();
    let root = Json::parse(&arena, ORDER).expect("JSON");
    let event = received(&arena, root);
    bencher.counter(ItemsCount::new(1_u32)).bench_local(|| {
        let routed = route(&destinations, black_box(event), None, now(), &arena);
        black_box(routed.count())
    });
}

/// Each of the following includes those before it, from route on. Stages borrow
/// from the arena, so that what shows the work is taken out of them.
#[divan::bench]
fn steps_3_to_4_map(bencher: Bencher<'_, '_>) {
    bench_step(bencher, |routed| drop(black_box(map(routed))));
}

#[divan::bench]
fn steps_3_to_5_validate(bencher: Bencher<'_, '_>) {
    bench_step(bencher, |routed| {
        drop(black_box(Validate.apply(map(routed))));
    });
}

#[divan::bench]
fn steps_3_to_6_normalize(bencher: Bencher<'_, '_>) {
    bench_step(bencher, |routed| {
        drop(black_box(Normalize.apply(Validate.apply(map(routed)))));
    });
}

#[divan::bench]
fn steps_3_to_7_hash(bencher: Bencher<'_, '_>) {
    bench_step(bencher, |routed| {
        let normalized = Normalize.apply(Validate.apply(map(routed)));
        drop(black_box(Hash.apply(normalized)));
    });
}

#[divan::bench]
fn steps_3_to_8_scrub(bencher: Bencher<'_, '_>) {
    bench_step(bencher, |routed| {
        let normalized = Normalize.apply(Validate.apply(map(routed)));
        drop(black_box(Scrub.apply(Hash.apply(normalized))));
    });
}

#[divan::bench]
fn steps_3_to_9_admit(bencher: Bencher<'_, '_>) {
    bench_step(bencher, |routed| {
        let normalized = Normalize.apply(Validate.apply(map(routed)));
        Admit.apply(Scrub.apply(Hash.apply(normalized))).is_ok()
    });
}

/// Everything, through the tower stack, with an arena that is reset for each
/// event, as the server does.
#[divan::bench]
fn whole(bencher: Bencher<'_, '_>) {
    const EVENTS: u32 = 100;
    let destinations = destinations();
    let mut arena = Arena::new();
    bencher
        .counter(ItemsCount::new(EVENTS))
        .bench_local(move || {
            let mut pipeline = pipeline();
            for _ in 0..EVENTS {
                let root = Json::parse(&arena, black_box(ORDER)).expect("JSON");
                let event = received(&arena, root);
                for routed in route(&destinations, event, None, now(), &arena) {
                    black_box(convert(&mut pipeline, routed).expect("admitted"));
                }
                arena.reset();
            }
        });
}
