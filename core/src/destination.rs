//! Where conversions go: a destination with its subscriptions, compiled.
//!
//! The configuration makes these once; events only read them.

use std::ops::Deref;
use std::sync::Arc;

pub use crate::free_text::SensitiveKeys;
use crate::json::Json;
use crate::mapping::Mapping;
use crate::rejection::Code;
use crate::trigger::{Trigger, TriggerIndex};
use crate::user_data::{DateOrder, Hints, Profile};
use crate::{Confidence, Spec};

/// What to do with a website event that lacks what Meta requires of one: the
/// browser's user agent and the page's URL.
///
/// Source: Meta, Conversions API parameters, website events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WebsiteRequirements {
    /// Reject it.
    #[default]
    Reject,
    /// Let it through with a warning.
    Warn,
}

/// What to do with an address of a customer that is of a private network, of the machine
/// itself or of a carrier's translation: a proxy's or the server's own, most of the time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PrivateIpAddresses {
    /// Leave it out with a warning.
    #[default]
    Drop,
    /// Send it.
    Send,
}

/// What to do with a website event whose user agent is that of a crawler, or of a
/// library or tool for HTTP requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Crawlers {
    /// Let it through with a warning.
    #[default]
    Warn,
    /// Reject it.
    Drop,
    /// Let it through.
    Send,
}

/// Which rules may reject an event: those that are written, or those too that
/// Meta is only reported to enforce.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strict {
    /// A rule that is only reported warns where it would reject.
    #[default]
    Documented,
    /// A rule that is only reported rejects as well.
    Reported,
}

impl Strict {
    /// Whether what a check found under `code` rejects the event, where the check
    /// would have it rejected.
    #[must_use]
    pub(crate) const fn enforces(self, code: Code) -> bool {
        matches!(self, Self::Reported) || !matches!(code.confidence(), Confidence::Reported)
    }
}

/// What a destination says of the normalization of identifiers.
#[derive(Clone, Debug, Default)]
pub struct Normalization {
    /// Which form is sent where Meta's page and Meta's Pixel disagree.
    pub profile: Profile,
    /// The country of telephone numbers that come without a country code, of
    /// people whose country is not known: lower-case ISO 3166-1 alpha-2.
    pub default_country: Option<String>,
    /// What a date of birth like `05/03/1995` means; without it such a date is
    /// refused.
    pub date_order: Option<DateOrder>,
}

impl Normalization {
    /// What it lets the rules know of an event of which nothing is known yet.
    #[must_use]
    pub fn hints(&self) -> Hints<'_> {
        Hints {
            country: None,
            default_country: self.default_country.as_deref(),
            date_order: self.date_order,
            today: None,
        }
    }
}

/// What a destination says of personal data that hides in free text.
#[derive(Clone, Debug)]
pub struct Scrubbing {
    /// Whether it is cut out.
    pub on: bool,
    /// Which keys of `custom_data` and which parameters of URLs are cut for
    /// their names.
    pub names: SensitiveKeys,
}

impl Default for Scrubbing {
    fn default() -> Self {
        Self {
            on: true,
            names: SensitiveKeys::default(),
        }
    }
}

/// One dataset (Pixel) of Meta, and which events it gets.
///
/// A [configuration](crate::config::Config::read) makes them. By hand:
///
/// ```
/// use capi_core::Spec;
/// use capi_core::destination::{
///     Crawlers, Destination, Normalization, PrivateIpAddresses, Scrubbing, Strict, Subscription,
///     WebsiteRequirements,
/// };
/// use capi_core::event::{Arena, Json};
/// use capi_core::mapping::Mapping;
/// use capi_core::trigger::Trigger;
///
/// # static LEAD: Spec = Spec {
/// #     slug: "lead",
/// #     title: "Lead",
/// #     description: "Somebody asked for an offer.",
/// #     event_name: Some("Lead"),
/// #     default_trigger: None,
/// #     on_by_default: false,
/// #     fields: &[],
/// #     example: "{}",
/// # };
/// let arena = Arena::new();
/// let mapping = Json::parse(
///     &arena,
///     br#"{
///         "action_source": "website",
///         "event_time": { "@path": "$.timestamp" },
///         "user_data": { "email": { "@path": "$.properties.email" } }
///     }"#,
/// )?;
/// let lead = Subscription {
///     action: &LEAD,
///     event_name: r#""Lead""#.into(),
///     trigger: Trigger::parse(r#"event = "Offer Requested""#)?,
///     mapping: Mapping::compile(mapping).unwrap(),
///     click_id_from_url: true,
/// };
/// let destination = Destination {
///     name: "meta".into(),
///     dataset_id: "1234567890".into(),
///     sources: Some(vec!["shop".into()]),
///     website_requirements: WebsiteRequirements::Reject,
///     private_ip_addresses: PrivateIpAddresses::Drop,
///     crawlers: Crawlers::Warn,
///     strict: Strict::Documented,
///     normalization: Normalization::default(),
///     scrubbing: Scrubbing::default(),
///     subscriptions: vec![lead].into(),
/// };
///
/// let event = Json::parse(&arena, br#"{"event":"Offer Requested"}"#)?;
/// assert_eq!(destination.subscriptions.that_take(event).count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Destination {
    /// The name in the configuration, in answers and in `integrations`.
    pub name: String,
    /// The id of the dataset, which is the Pixel's id.
    pub dataset_id: String,
    /// The sources whose events it takes; without a list, all. An event whose source is
    /// not known is taken in any case.
    pub sources: Option<Vec<String>>,
    /// What happens to website events without user agent or URL.
    pub website_requirements: WebsiteRequirements,
    /// What to do with addresses that no customer has.
    pub private_ip_addresses: PrivateIpAddresses,
    /// What happens to website events of crawlers.
    pub crawlers: Crawlers,
    /// Which rules reject, and which only warn.
    pub strict: Strict,
    /// How its identifiers are normalized.
    pub normalization: Normalization,
    /// How personal data is cut out of free text.
    pub scrubbing: Scrubbing,
    /// Which events become which conversions.
    pub subscriptions: Subscriptions,
}

impl Destination {
    /// Whether it takes events of `source`; where the source is not known, it does.
    #[must_use]
    pub(crate) fn takes_source(&self, source: Option<&str>) -> bool {
        match (&self.sources, source) {
            (Some(allowed), Some(source)) => allowed.iter().any(|name| name == source),
            _ => true,
        }
    }
}

/// The subscriptions of a destination in the order of the configuration, and
/// the index that finds those of an event.
#[derive(Clone, Debug, Default)]
pub struct Subscriptions {
    list: Box<[Subscription]>,
    index: TriggerIndex,
}

impl Subscriptions {
    /// Those that take `event`, in order: fifty of them cost about what one
    /// does, as only those that ask for its `type` and `event` are asked.
    pub fn that_take<'s>(&'s self, event: Json<'s>) -> impl Iterator<Item = &'s Subscription> {
        self.index
            .candidates(event)
            .filter_map(|place| self.list.get(place))
            .filter(move |subscription| subscription.trigger.matches(event))
    }
}

impl Subscriptions {
    /// The event's name that the trigger of one of them asks for, and that of `event`
    /// nearly is: see [`TriggerIndex::nearly`].
    #[must_use]
    pub(crate) fn nearly(&self, event: Json<'_>) -> Option<&str> {
        self.index.nearly(event)
    }
}

impl From<Vec<Subscription>> for Subscriptions {
    fn from(list: Vec<Subscription>) -> Self {
        let index = TriggerIndex::new(list.iter().map(|subscription| &subscription.trigger));
        Self {
            list: list.into(),
            index,
        }
    }
}

impl Deref for Subscriptions {
    type Target = [Subscription];

    fn deref(&self) -> &[Subscription] {
        &self.list
    }
}

/// One action of a destination: which events it takes, and how they are mapped.
#[derive(Clone, Debug)]
pub struct Subscription {
    /// The action.
    pub action: &'static Spec,
    /// The event name that it sends, as JSON text: a name, or the mapping that
    /// gives it: `"Purchase"`, in quotes. Two subscriptions with the same text send the
    /// same name. It is compared and shown only; what is sent is the action's name, or
    /// what the mapping gives where the action has none.
    pub event_name: Arc<str>,
    /// Which events it takes.
    pub trigger: Trigger,
    /// How an event becomes a draft: one object of the action's fields.
    pub mapping: Mapping,
    /// Whether a click id may be made of the `fbclid` of the page's URL where
    /// the event brings none; not where the user mapped the click id himself.
    pub click_id_from_url: bool,
}
