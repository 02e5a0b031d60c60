//! The pages that are written from the specs, so that they cannot say anything
//! else: `docs/actions/`, `docs/codes.md`, `docs/identifiers.md` and
//! `docs/rules.md`. The test compares them with what is there; with
//! `CAPI_WRITE_DOCS=1` it writes them.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may fail loudly"
)]

mod page;
mod way;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use capi_actions as _;
use capi_core::Registry;
use capi_core::rules::Rules;

const REFRESH: &str = "CAPI_WRITE_DOCS=1 cargo test -p capi-actions --test docs";

/// The page that lists all actions.
const OVERVIEW: &str = "actions/README.md";

/// Every page, by its path under `docs`.
fn pages() -> BTreeMap<String, String> {
    let registry = Registry::linked().unwrap();
    let rules = Rules::of(&registry);
    let specs: Vec<_> = registry.specs().collect();
    let mut pages = BTreeMap::from([
        (OVERVIEW.to_owned(), page::overview::write(&specs)),
        ("codes.md".to_owned(), page::reference::codes(&rules)),
        (
            "identifiers.md".to_owned(),
            page::reference::identifiers(&rules),
        ),
        ("rules.md".to_owned(), page::reference::rules(&rules)),
    ]);
    for spec in specs {
        pages.insert(
            format!("actions/{}.md", spec.slug),
            page::action::write(spec),
        );
    }
    pages
}

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

/// Those whose text is another than the specs say.
fn stale() -> Vec<String> {
    let docs = docs();
    pages()
        .into_iter()
        .filter(|(path, text)| fs::read_to_string(docs.join(path)).ok().as_ref() != Some(text))
        .map(|(path, _)| path)
        .collect()
}

/// A new action has no page yet while it is worked on, and the overview not its
/// row: those are asked for below.
#[test]
fn pages_are_what_the_specs_say() {
    let docs = docs();
    if env::var_os("CAPI_WRITE_DOCS").is_some() {
        fs::create_dir_all(docs.join("actions")).unwrap();
        for (path, text) in pages() {
            fs::write(docs.join(path), text).unwrap();
        }
    }
    let is_there = |path: &str| docs.join(path).exists();
    let every_page_is_there = pages().keys().all(|path| is_there(path));
    let mut stale = stale();
    stale.retain(|path| is_there(path) && (path != OVERVIEW || every_page_is_there));
    assert!(
        stale.is_empty(),
        "{stale:?} under docs/ are not up to date; run: {REFRESH}"
    );
}

#[test]
#[ignore = "needs the pages of actions that are still worked on: run by .ci/test"]
fn every_action_has_its_page_and_its_row() {
    let stale = stale();
    assert!(
        stale.is_empty(),
        "{stale:?} under docs/ are missing or not up to date; run: {REFRESH}"
    );
}

#[test]
fn there_is_no_page_of_an_action_that_is_gone() {
    let pages = pages();
    for entry in fs::read_dir(docs().join("actions")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            pages.contains_key(&format!("actions/{name}")),
            "docs/actions/{name} is of no action; delete it"
        );
    }
}
