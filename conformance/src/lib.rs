//! What capi makes of identifiers, triggers and mappings, as data with sources,
//! beside what Meta's page says and what other people's code was seen to do.
//!
//! The data is in this folder, one JSON object a line; `README.md` tells
//! its form. It is part of the binary, so that `capi conformance` proves the
//! binary that a person has.

mod case;
mod identifiers;
mod mappings;
mod triggers;

pub use case::Failure;

/// One set of cases.
#[derive(Clone, Copy, Debug)]
pub struct Set {
    /// What its cases are of.
    pub name: &'static str,
    /// The systems beside capi, in the order of a case's answers.
    pub systems: &'static [&'static str],
    run: fn(&mut Report),
}

/// All sets.
pub const SETS: &[Set] = &[
    Set {
        name: "identifiers",
        systems: identifiers::SYSTEMS,
        run: identifiers::run,
    },
    Set {
        name: "triggers",
        systems: triggers::SYSTEMS,
        run: triggers::run,
    },
    Set {
        name: "mappings",
        systems: mappings::SYSTEMS,
        run: mappings::run,
    },
];

impl Set {
    /// Runs every case.
    #[must_use]
    pub fn run(&self) -> Report {
        let mut report = Report::default();
        (self.run)(&mut report);
        report
    }
}

/// What came of a set.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How many cases there were.
    pub cases: usize,
    /// The cases that do not give what they should.
    pub faults: Vec<Failure>,
    /// The cases on which another system differs.
    pub differences: Vec<Difference>,
}

/// What another system makes of a case.
#[derive(Clone, Debug)]
pub struct Answer {
    /// As it is shown.
    pub text: String,
    /// Whether it is what capi makes of it; of several values, the first.
    pub agrees: bool,
}

/// A case on which systems differ.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The case: a value, a statement, a mapping.
    pub case: String,
    /// What capi makes of it.
    pub capi: String,
    /// What the others make of it, in the order of the set's systems; `None`
    /// where it is not known.
    pub others: Vec<Option<Answer>>,
    /// Why capi does what it does, where that needs a word.
    pub why: Option<String>,
}
