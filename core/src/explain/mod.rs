//! The whole way of one event, told: which subscriptions take it and why, what
//! each field was made from, how each identifier was normalized, how each check
//! ended, what would be sent, and how well it can be matched.
//!
//! It takes the pipeline's own steps (`way.rs`) and shows what stands between
//! them, so that it cannot tell another story than what is sent. Identifiers
//! are masked before they become part of it, unless they were asked for raw.
//!
//! What is masked: the eleven identifiers, raw and normalized; of the keys that
//! are sent as they are, all but the user agent, also in the event that would be
//! sent; the same values wherever else they stand; e-mail addresses and the
//! values of URL queries anywhere. Digests are shown: they are what Meta gets.

mod check;
mod clause;
mod cloak;
mod field;
mod identifier;
mod mask;
mod received;
mod shown;
mod source;
mod way;

use jiff::Timestamp;
use serde::Serialize;

pub use check::{Check, Finding, Outcome};
pub use clause::{Deciding, Read};
pub use field::Mapped;
pub use identifier::{Form, FormOf, Identified, Refused, Step, Value};
pub use received::{Change, Kind};
pub use shown::Shown;
pub use source::Source;

use self::cloak::Cloak;
use self::field::{Fields, member};
use self::mask::Mask;
use self::way::Way;
use crate::destination::{Destination, Subscription};
use crate::event::{Arena, Arrival, Event, Json};
use crate::field::Place;
use crate::field::user_data::USER_DATA;
use crate::match_quality::{MatchQuality, match_quality};
use crate::pipeline::{Routed, integration_switch};
use crate::rejection::Reason;
use crate::user_data::Identifier;

/// What an event is explained by.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// Every destination.
    pub destinations: &'a [Destination],
    /// What time it is, for the rules on an event's age.
    pub now: Timestamp,
    /// Whether identifiers are shown as they are.
    pub raw: bool,
    /// Where the steps allocate.
    pub arena: &'a Arena,
}

/// The whole way of one event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation<'a> {
    /// Whether identifiers are masked.
    pub masked: bool,
    /// The event's own fields, without what it carries.
    pub event: Shown<'a>,
    /// What receiving it changed.
    pub received: Vec<Change<'a>>,
    /// What each destination makes of it.
    pub destinations: Vec<Destined<'a>>,
}

impl Explanation<'_> {
    /// How many conversions would be sent.
    #[must_use]
    pub fn sent(&self) -> usize {
        let subscriptions = self.destinations.iter().flat_map(|of| &of.subscriptions);
        let conversions = subscriptions.filter_map(|of| of.conversion.as_ref());
        conversions.filter(|of| of.is_sent).count()
    }
}

/// What a destination makes of an event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Destined<'a> {
    /// Its name.
    pub destination: &'a str,
    /// The id of its dataset.
    pub dataset_id: &'a str,
    /// The sources whose events it takes; nothing where it takes all. The event
    /// is explained as if it came through one of them.
    pub sources: Option<&'a [String]>,
    /// Whether the event's `integrations` let it have the event.
    pub switched_on: bool,
    /// The key of `integrations` that says so; nothing where none does.
    pub switched_by: Option<&'a str>,
    /// Its subscriptions, in the order of the configuration; none where the
    /// event is switched off.
    pub subscriptions: Vec<Subscribed<'a>>,
}

/// What a subscription makes of an event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Subscribed<'a> {
    /// Its action.
    pub action: &'static str,
    /// Which events it takes.
    pub trigger: &'a str,
    /// Whether it takes this one.
    pub matched: bool,
    /// The clauses of the trigger that decided it: those that hold where it
    /// matched, those that fail where it did not.
    pub clauses: Vec<Deciding<'a>>,
    /// What it makes of it, where it takes it.
    pub conversion: Option<Conversion<'a>>,
}

/// One conversion.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Conversion<'a> {
    /// Whether it would be sent.
    #[serde(rename = "sent")]
    pub is_sent: bool,
    /// What each field was made from.
    pub fields: Vec<Mapped<'a>>,
    /// How the identifiers were normalized and hashed.
    pub identifiers: Vec<Identified<'a>>,
    /// How each check ended.
    pub checks: Vec<Check>,
    /// Meta's event: as it would be sent, or as far as it could be made.
    pub event: Shown<'a>,
    /// The test code that it would be sent with.
    pub test_event_code: Option<String>,
    /// How well it can be expected to be matched.
    pub match_quality: MatchQuality,
}

/// Explains the event that came as `root`. `mint` makes the id of one that has
/// none.
///
/// # Errors
///
/// It is no event.
pub fn explain<'a>(
    root: Json<'a>,
    setting: Setting<'a>,
    mint: &mut dyn FnMut() -> String,
) -> Result<Explanation<'a>, Reason> {
    let event = Event::receive(root, &Arrival::default(), setting.arena, mint)?;
    let explainer = Explainer {
        event,
        cloak: cloak(event, setting),
        setting,
    };
    Ok(Explanation {
        masked: !setting.raw,
        event: explainer.event(),
        received: received::changes(root, event, &explainer.cloak),
        destinations: setting
            .destinations
            .iter()
            .map(|destination| explainer.destination(destination))
            .collect(),
    })
}

/// A cloak that knows every identifier of the event: those that the mappings of
/// all subscriptions find, and those where the prebuilt ones would look.
fn cloak<'a>(event: Event<'a>, setting: Setting<'a>) -> Cloak<'a> {
    let arena = setting.arena;
    let root = event.root();
    let mut cloak = Cloak::new(arena, setting.raw);
    let mask = |place| match place {
        Place::Identifier(identifier) => Some(Mask::Identifier(identifier)),
        Place::UserKey(key) => Some(Mask::UserKey(key)),
        _ => None,
    };
    let subscriptions = setting
        .destinations
        .iter()
        .flat_map(|of| &*of.subscriptions);
    for subscription in subscriptions {
        let draft = subscription.mapping.resolve_each(root, arena, &mut |_| {});
        let user_data = draft.get("user_data").unwrap_or(Json::Null);
        for field in USER_DATA {
            if let (Some(mask), Some(value)) = (mask(field.place), member(user_data, field)) {
                cloak.learn(mask, value);
            }
        }
    }
    for field in USER_DATA {
        let (Some(mask), Some(default)) = (mask(field.place), field.default) else {
            continue;
        };
        let Ok(mapping) = Json::parse(arena, default.as_bytes()) else {
            continue;
        };
        for source in source::sources(mapping, root, arena) {
            let keys: Vec<&str> = source.path.split('.').collect();
            if let Some(value) = root.at(&keys) {
                cloak.learn(mask, value);
            }
        }
    }
    for object in ["properties", "context"] {
        if let Some(value) = root.at(&[object, "fbclid"]) {
            cloak.learn(Mask::UserKey("fbc"), value);
        }
    }
    cloak
}

struct Explainer<'a> {
    event: Event<'a>,
    cloak: Cloak<'a>,
    setting: Setting<'a>,
}

impl<'a> Explainer<'a> {
    fn event(&self) -> Shown<'a> {
        let keys = [
            "type",
            "event",
            "name",
            "messageId",
            "timestamp",
            "userId",
            "anonymousId",
        ];
        let members: Vec<_> = keys
            .into_iter()
            .filter_map(|key| {
                let value = self.event.get(key).filter(|value| !value.is_blank())?;
                let shown = match key {
                    "userId" | "anonymousId" => {
                        self.cloak.identifier(Identifier::ExternalId, value)
                    }
                    _ => self.cloak.any(value),
                };
                Some((key, shown.json()))
            })
            .collect();
        Shown(Json::Object(self.setting.arena.list(&members)))
    }

    fn destination(&self, destination: &'a Destination) -> Destined<'a> {
        let integrations = self.event.get("integrations");
        let switch = integration_switch(integrations, &destination.name);
        let switched_on = switch.is_none_or(|(_, on)| on);
        let subscriptions = destination.subscriptions.iter();
        Destined {
            destination: &destination.name,
            dataset_id: &destination.dataset_id,
            sources: destination.sources.as_deref(),
            switched_on,
            switched_by: switch.map(|(key, _)| key),
            subscriptions: subscriptions
                .filter(|_| switched_on)
                .map(|subscription| self.subscription(destination, subscription))
                .collect(),
        }
    }

    fn subscription(
        &self,
        destination: &'a Destination,
        subscription: &'a Subscription,
    ) -> Subscribed<'a> {
        let whole = subscription.trigger.explain(self.event.root());
        Subscribed {
            action: subscription.action.slug,
            trigger: subscription.trigger.text(),
            matched: whole.holds,
            clauses: clause::deciding(&whole, &self.cloak),
            conversion: whole
                .holds
                .then(|| self.conversion(destination, subscription)),
        }
    }

    fn conversion(
        &self,
        destination: &'a Destination,
        subscription: &'a Subscription,
    ) -> Conversion<'a> {
        let Setting { now, arena, .. } = self.setting;
        let way = way::take(Routed {
            event: self.event,
            destination,
            subscription,
            now,
            arena,
        });
        let mapping = match &subscription.mapping {
            whole if whole.is_one_directive() => Json::Null,
            mapping => Json::parse(arena, mapping.text().as_bytes()).unwrap_or(Json::Null),
        };
        let fields = Fields {
            action: subscription.action,
            event: self.event,
            mapping,
            draft: way.draft,
            user_keys: way.user_keys,
            cloak: &self.cloak,
            arena,
        };
        let fields = fields.all();
        let identifiers = identifier::identified(
            &way.raw,
            &way.normal,
            &destination.normalization,
            &self.cloak,
            arena,
        );
        let (reasons, warnings) = match &way.outcome {
            Ok(admitted) => (&[][..], &admitted.warnings[..]),
            Err(rejection) => (&rejection.reasons[..], &rejection.warnings[..]),
        };
        Conversion {
            checks: check::checks(reasons, warnings, way.is_judged),
            match_quality: quality(&way, &fields),
            fields,
            identifiers,
            is_sent: way.outcome.is_ok(),
            event: self.sent(&way),
            test_event_code: test_event_code(&way).map(str::to_owned),
        }
    }

    fn sent(&self, way: &Way<'a>) -> Shown<'a> {
        let json = match &way.outcome {
            Ok(admitted) => admitted.event.json(),
            Err(rejection) => rejection.event.json(),
        };
        let arena = self.setting.arena;
        let event = Json::parse(arena, arena.list(json)).unwrap_or(Json::Null);
        self.cloak.sent(event)
    }
}

fn test_event_code<'w>(way: &'w Way<'_>) -> Option<&'w str> {
    match &way.outcome {
        Ok(admitted) => admitted.event.test_event_code(),
        Err(rejection) => rejection.event.test_event_code(),
    }
}

/// The estimate of a conversion. Where the missing key is mapped, it is its own
/// mapping that says where it could come from.
fn quality(way: &Way<'_>, fields: &[Mapped<'_>]) -> MatchQuality {
    let source = match &way.outcome {
        Ok(admitted) => Some(admitted.event.action_source()),
        Err(rejection) => rejection.event.action_source(),
    };
    let hashed = Identifier::ALL
        .into_iter()
        .filter(|identifier| !way.normal[*identifier as usize].is_empty())
        .map(Identifier::key);
    let keys: Vec<&str> = hashed
        .chain(way.user_keys.iter().map(|(key, _)| *key))
        .collect();
    let mut quality = match_quality(source, &keys);
    if let Some(missing) = &mut quality.missing {
        let is_it = |field: &&Mapped<'_>| field.field == missing.field && !field.prebuilt;
        if let Some(own) = fields.iter().find(is_it) {
            missing.from = own
                .sources
                .iter()
                .map(|source| source.path.clone())
                .collect();
        }
    }
    quality
}
