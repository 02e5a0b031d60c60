//! The queue against a model of what it promises: random operations, restarts,
//! crashes and full disks, and after each of them everything that can be seen.
//!
//! `CAPI_QUEUE_CASES` says how many sequences, where the default is too few. A
//! failure prints the shortest sequence that was found to fail, and the step.
//!
//! - [`operation`]: what may happen, and how it is drawn.
//! - [`expected`]: the model.
//! - [`run`]: each operation on the queue and on the model.
//! - [`check`]: the comparison.

mod check;
mod expected;
mod making;
mod operation;
mod run;

use proptest::prelude::TestCaseError;
use proptest::test_runner::{Config, TestError, TestRunner};

use self::operation::operations;
use self::run::Run;

/// A few seconds on a slow disk: each is some forty commits.
const DEFAULT_CASES: u32 = 60;
const THREADS: usize = 4;

type Checked<T = ()> = Result<T, TestCaseError>;

/// Side by side, since a case spends most of its time waiting for the disk.
#[test]
fn the_queue_keeps_its_promises_whatever_happens() {
    let cases = std::env::var("CAPI_QUEUE_CASES").map_or(DEFAULT_CASES, |cases| {
        cases.parse().expect("CAPI_QUEUE_CASES is a number")
    });
    let failures = std::thread::scope(|scope| {
        let runs = [(); THREADS].map(|()| scope.spawn(|| fails(cases.div_ceil(THREADS as u32))));
        runs.map(|run| run.join().expect("the runner catches panics"))
    });
    let failures = Vec::from_iter(failures.into_iter().flatten());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Gives the shortest sequence that fails, and why.
fn fails(cases: u32) -> Option<String> {
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 2_000,
        ..Config::default()
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let case = |operations| runtime.block_on(Run::go_through(operations));
    let outcome = TestRunner::new(config).run(&operations(), case);
    match outcome {
        Ok(()) => None,
        Err(TestError::Fail(why, operations)) => {
            let lines = operations
                .iter()
                .map(|operation| format!("{operation:?}\n"));
            Some(format!(
                "{why}\nof the sequence:\n{}",
                lines.collect::<String>()
            ))
        }
        Err(error) => Some(error.to_string()),
    }
}
