//! What a destination has without saying so: the actions that are on by
//! default, and no event of the others.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::BTreeSet;

use capi_actions as _;
use capi_core::Registry;
use capi_core::config::Config;
use capi_core::destination::Destination;
use capi_core::event::{Arena, Json};

/// Each has an event in Segment's e-commerce or B2B SaaS spec, or is a page call.
const ON: [&str; 10] = [
    "add-payment-info",
    "add-to-cart",
    "add-to-wishlist",
    "complete-registration",
    "initiate-checkout",
    "page-view",
    "purchase",
    "search",
    "start-trial",
    "view-content",
];

/// A destination that says `more` beside its name.
fn destination(more: &str) -> Destination {
    let text = format!("[[destination]]\nname = 'meta'\ndataset_id = '1234567890'\n{more}");
    let registry = Registry::linked().unwrap();
    let read = |_: &str| Ok(String::new());
    let (config, _) = Config::read(&text, &registry, &read);
    config.unwrap().destinations.remove(0).destination
}

fn slugs(more: &str) -> Vec<&'static str> {
    let destination = destination(more);
    let subscriptions = destination.subscriptions.iter();
    let mut slugs: Vec<_> = subscriptions.map(|one| one.action.slug).collect();
    slugs.sort_unstable();
    slugs
}

#[test]
fn a_destination_without_subscriptions_has_what_is_on_by_default() {
    assert_eq!(slugs(""), ON);
}

#[test]
#[ignore = "needs the README's count of the actions, also of those that are still worked on: run by .ci/test"]
fn the_readme_counts_the_actions() {
    let all = Registry::linked().unwrap().specs().count();
    let sentence = format!("{} of the {all} [actions]", ON.len());
    let readme = include_str!("../../../README.md");
    let readme: Vec<&str> = readme.split_whitespace().collect();
    assert!(
        readme.join(" ").contains(&sentence),
        "README.md, A real configuration, has to say: {sentence}"
    );
}

#[test]
fn what_is_off_is_had_by_those_who_name_it() {
    let lead = "[[destination.subscription]]\naction = 'lead'";
    assert_eq!(slugs(lead), ["lead"]);
    let beside = slugs(&format!("prebuilt_subscriptions = true\n{lead}"));
    let expected: BTreeSet<_> = ON.into_iter().chain(["lead"]).collect();
    assert_eq!(beside, expected.into_iter().collect::<Vec<_>>());
}

#[test]
fn what_is_on_by_default_has_a_trigger() {
    for spec in Registry::linked().unwrap().specs() {
        assert!(
            !spec.on_by_default || spec.default_trigger.is_some(),
            "{} has no trigger to be on with",
            spec.slug
        );
    }
}

#[test]
fn of_the_examples_only_those_of_what_is_on_are_sent() {
    let prebuilt = destination("");
    let registry = Registry::linked().unwrap();
    let arena = Arena::new();
    let sent: Vec<_> = registry
        .specs()
        .filter(|spec| {
            let example = Json::parse(&arena, spec.example.as_bytes()).unwrap();
            prebuilt.subscriptions.that_take(example).next().is_some()
        })
        .map(|spec| spec.slug)
        .collect();
    assert_eq!(sent, ON);
}
