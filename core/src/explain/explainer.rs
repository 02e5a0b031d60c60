//! From an event and its destinations to what is told of them.

use super::cloak::Cloak;
use super::field::{Fields, Mapped};
use super::shown::Shown;
use super::way::{self, Way};
use super::{Conversion, Destined, Setting, Subscribed, check, clause, identifier};
use crate::destination::{Destination, Subscription};
use crate::event::{Event, Json};
use crate::match_quality::{MatchQuality, match_quality};
use crate::pipeline::{Routed, integration_switch};
use crate::user_data::Identifier;

/// Explains one event.
pub(super) struct Explainer<'a> {
    pub(super) event: Event<'a>,
    pub(super) cloak: Cloak<'a>,
    pub(super) setting: Setting<'a>,
}

impl<'a> Explainer<'a> {
    /// The event's own fields.
    pub(super) fn event(&self) -> Shown<'a> {
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

    /// What `destination` makes of it.
    pub(super) fn destination(&self, destination: &'a Destination) -> Destined<'a> {
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
