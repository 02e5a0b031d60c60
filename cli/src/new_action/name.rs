//! The names of a new action: its slug, its event at Meta, and what is made of them.

use anyhow::{bail, ensure};
use capi_core::trigger::words;

/// The longest name of a custom event.
///
/// Source: Meta, Pixel, Conversion tracking, Track custom events.
const LONGEST_EVENT: usize = 50;

/// The longest slug, so that the name of its crate stays within what registries take.
const LONGEST_SLUG: usize = 50;

/// What the source of an action names, so that its own type cannot.
const TAKEN_TYPES: &[&str] = &[
    "Action",
    "Field",
    "FieldType",
    "None",
    "WirePath",
    "Self",
    "Some",
    "Spec",
];

/// Slugs that cannot be names of files everywhere: those of devices on Windows, with
/// any ending, and that of the page beside an action's own.
const TAKEN_FILES: &[&str] = &[
    "aux", "com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "con",
    "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "nul", "prn",
    "readme",
];

/// The names of an action.
#[derive(Debug)]
pub(super) struct Name {
    /// In configurations, and of its folder.
    pub(super) slug: String,
    /// Meta's name of the event.
    pub(super) event: String,
    /// The name for people, and of the track call: the words of the event.
    pub(super) title: String,
}

impl Name {
    /// # Errors
    ///
    /// The slug is not in kebab-case; the event's name is not one that Meta's
    /// Pixel takes too.
    pub(super) fn new(slug: &str, event: &str) -> anyhow::Result<Self> {
        check_slug(slug)?;
        check_event(event)?;
        Ok(Self {
            slug: slug.to_owned(),
            event: event.to_owned(),
            title: capitalized(&words(event)),
        })
    }

    /// The type in the crate's source.
    pub(super) fn type_name(&self) -> String {
        let name: String = self.slug.split('-').map(capital).collect();
        if TAKEN_TYPES.contains(&name.as_str()) {
            format!("{name}Event")
        } else {
            name
        }
    }

    /// # Errors
    ///
    /// `event`, which the action `slug` sends, is this one, however it is written:
    /// Meta tells two spellings apart, and a report has them as two events.
    pub(super) fn check_is_not(&self, event: &str, slug: &str) -> anyhow::Result<()> {
        ensure!(
            squeezed(event) != squeezed(&self.event),
            "the event {event} has an action already: {slug:?}. Name that in a subscription, with a trigger and a mapping of your own, or choose another event name"
        );
        Ok(())
    }
}

fn check_slug(slug: &str) -> anyhow::Result<()> {
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let begins_well = slug.starts_with(|first: char| first.is_ascii_lowercase());
    if begins_well && slug.split('-').all(is_word) {
        ensure!(
            slug.len() <= LONGEST_SLUG,
            "the slug has {} characters; {LONGEST_SLUG} are the most",
            slug.len()
        );
        ensure!(
            !TAKEN_FILES.contains(&slug),
            "no folder and no page can be called {slug:?} on every system; choose a slug of two words, as in {slug}-event"
        );
        return Ok(());
    }
    let proposed = words(slug).join("-").to_lowercase();
    if proposed.split('-').all(is_word) && proposed.starts_with(|c: char| c.is_ascii_lowercase()) {
        bail!(
            "the slug {slug:?} is not in kebab-case: small letters and digits, with - between the words; try {proposed}"
        );
    }
    bail!(
        "the slug {slug:?} is not in kebab-case: a small letter first, then small letters and digits, with - between the words, as in subscribe-renewal"
    )
}

fn check_event(event: &str) -> anyhow::Result<()> {
    let takes = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '_' | '-');
    ensure!(
        event.starts_with(|first: char| first.is_ascii_alphabetic())
            && event.chars().all(takes)
            && !event.ends_with(' '),
        "the event name {event:?} is not one that everything of Meta's takes: a letter first, then letters, digits, spaces, _ and -, as in SubscribeRenewal"
    );
    ensure!(
        event.len() <= LONGEST_EVENT,
        "the event name has {} characters; Meta's Pixel takes {LONGEST_EVENT} of a custom event",
        event.len()
    );
    Ok(())
}

/// The words with a capital each, for people.
pub(super) fn capitalized(words: &[String]) -> String {
    let words: Vec<_> = words.iter().map(|word| capital(word)).collect();
    words.join(" ")
}

fn capital(word: &str) -> String {
    let mut characters = word.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters).collect()
}

/// The letters and digits of a name, all small.
pub(super) fn squeezed(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
