//! Where conversions go: a destination with its subscriptions, compiled.
//!
//! The configuration makes these once; events only read them.

use crate::Spec;
use crate::mapping::Mapping;
use crate::trigger::Trigger;
use crate::user_data::Profile;

/// What to do with a website event that lacks what Meta requires of one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WebsiteRequirements {
    /// Reject it.
    #[default]
    Reject,
    /// Let it through with a warning.
    Warn,
}

/// One dataset (Pixel) of Meta, and which events it gets.
#[derive(Clone, Debug)]
pub struct Destination {
    /// The name in the configuration, in answers and in `integrations`.
    pub name: String,
    /// The id of the dataset, which is the Pixel's id.
    pub dataset_id: String,
    /// The sources whose events it takes; without a list, all.
    pub sources: Option<Vec<String>>,
    /// What happens to website events without user agent or URL.
    pub website_requirements: WebsiteRequirements,
    /// Which form is sent where Meta's page and Meta's Pixel disagree.
    pub normalization: Profile,
    /// Which events become which conversions.
    pub subscriptions: Vec<Subscription>,
}

impl Destination {
    /// Whether it takes events of `source`.
    #[must_use]
    pub fn takes_source(&self, source: Option<&str>) -> bool {
        match (&self.sources, source) {
            (Some(allowed), Some(source)) => allowed.iter().any(|name| name == source),
            _ => true,
        }
    }
}

/// One action of a destination: which events it takes, and how they are mapped.
#[derive(Clone, Debug)]
pub struct Subscription {
    /// The action.
    pub action: &'static Spec,
    /// The event name that it sends, as JSON text: a name, or the mapping that
    /// gives it. Two subscriptions with the same text send the same name.
    pub event_name: String,
    /// Which events it takes.
    pub trigger: Trigger,
    /// How an event becomes a draft: one object of the action's fields.
    pub mapping: Mapping,
    /// Whether a click id may be made of the `fbclid` of the page's URL where
    /// the event brings none; not where the user mapped the click id himself.
    pub click_id_from_url: bool,
}
