//! From an event and its destinations to what is shown of them.

use super::field::{Fields, Mapped};
use super::off;
use super::received::time;
use super::redactor::{PERSONAL, Redactor};
use super::trace::{self, Trace};
use super::{
    Conversion, DestinationReport, ExplainOptions, Shown, SubscriptionReport, check, clause,
    identifier,
};
use crate::destination::{Destination, Subscription};
use crate::event::Event;
use crate::json::Json;
use crate::match_quality::{MatchQuality, match_quality};
use crate::pipeline::{Routed, Sources, integration_switch};
use crate::user_data::Identifier;

/// The fields of an event that are shown, in order.
const FIELDS: [&str; 7] = [
    "type",
    "event",
    "name",
    "messageId",
    "timestamp",
    "userId",
    "anonymousId",
];

/// Explains one event.
pub(super) struct Explainer<'a> {
    pub(super) event: Event<'a>,
    pub(super) redactor: Redactor<'a>,
    pub(super) setting: ExplainOptions<'a>,
}

impl<'a> Explainer<'a> {
    /// The event's own fields, without what it carries.
    pub(super) fn own_fields(&self) -> Shown<'a> {
        let members = FIELDS.into_iter().filter_map(|key| {
            let value = self.event.get(key).filter(|value| !value.is_blank())?;
            let shown = match key {
                // One of the few that there are.
                "type" => Shown::as_is(value),
                "timestamp" => time(value, &self.redactor),
                "userId" | "anonymousId" => {
                    self.redactor.hidden(Identifier::ExternalId.field(), value)
                }
                _ => self.redactor.any(value),
            };
            Some((key, shown.json()))
        });
        let members: Vec<_> = members.collect();
        Shown::as_is(Json::Object(self.setting.arena.list(&members)))
    }

    /// What `destination` makes of it.
    pub(super) fn destination(&self, destination: &'a Destination) -> DestinationReport<'a> {
        let integrations = self.event.get("integrations");
        let switch = integration_switch(integrations, &destination.name);
        let switched_on = switch.is_none_or(|(_, on)| on);
        let subscriptions = destination.subscriptions.iter();
        DestinationReport {
            destination: &destination.name,
            dataset_id: &destination.dataset_id,
            sources: destination.sources.as_deref(),
            switched_on,
            switched_by: switch.map(|(key, _)| key),
            subscriptions: subscriptions
                .filter(|_| switched_on)
                .map(|subscription| self.subscription(destination, subscription))
                .collect(),
            off: match switched_on {
                true => off::off(self.setting.actions, destination, self.event.root()),
                false => Vec::new(),
            },
        }
    }

    fn subscription(
        &self,
        destination: &'a Destination,
        subscription: &'a Subscription,
    ) -> SubscriptionReport<'a> {
        let whole = subscription.trigger.explain(self.event.root());
        SubscriptionReport {
            action: subscription.action.slug,
            trigger: subscription.trigger.text(),
            matched: whole.holds,
            clauses: clause::deciding(&whole, &self.redactor),
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
        let ExplainOptions { now, arena, .. } = self.setting;
        let way = trace::take(Routed {
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
            sources: Sources {
                mapping: &subscription.mapping,
                event: self.event,
            },
            user_keys: way.user_keys,
            passed: &way.passed,
            click_from: way.click_from,
            redactor: &self.redactor,
            arena,
        };
        let fields = fields.all();
        let identifiers = identifier::identified(
            &way.raw,
            &way.normal,
            &destination.normalization,
            now,
            &self.redactor,
            arena,
        );
        let event = self.encoded(&way);
        let (reasons, warnings) = match &way.outcome {
            Ok(admitted) => (&[][..], &admitted.warnings[..]),
            Err(rejection) => (&rejection.reasons[..], &rejection.warnings[..]),
        };
        Conversion {
            checks: check::checks(reasons, warnings, way.is_judged, &self.redactor),
            match_quality: quality(&way, event, &fields),
            identifiers,
            is_sent: way.outcome.is_ok(),
            is_duplicate: false,
            test_event_code: self.test_event_code(&way, &fields),
            event: self.sent(event, &fields),
            identity: identity(event),
            fields,
        }
    }

    /// Meta's event of a conversion, as it is.
    fn encoded(&self, way: &Trace<'a>) -> Json<'a> {
        let json = match &way.outcome {
            Ok(admitted) => admitted.event.json(),
            Err(rejection) => rejection.event.json(),
        };
        let arena = self.setting.arena;
        Json::parse(arena, arena.list(json)).unwrap_or(Json::Null)
    }

    fn sent(&self, event: Json<'a>, fields: &[Mapped<'a>]) -> Shown<'a> {
        let personal = fields.iter().filter(|field| field.is_personal);
        let places: Vec<&str> = personal.map(|field| field.to.as_str()).collect();
        self.redactor.sent(event, &places)
    }

    fn test_event_code(&self, way: &Trace<'a>, fields: &[Mapped<'a>]) -> Option<Shown<'a>> {
        let code = match &way.outcome {
            Ok(admitted) => admitted.event.test_event_code(),
            Err(rejection) => rejection.event.test_event_code(),
        };
        let code = Json::Str(self.setting.arena.text(code?));
        let is_it = |field: &&Mapped<'a>| field.field == "test_event_code" && field.is_personal;
        Some(match fields.iter().any(|field| is_it(&field)) {
            true => self.redactor.hidden(PERSONAL, code),
            false => self.redactor.any(code),
        })
    }
}

/// The name and the id of Meta's event, by which a duplicate is known.
fn identity(event: Json<'_>) -> Option<[Box<str>; 2]> {
    let text = |key: &str| event.get(key).and_then(Json::as_str).map(Box::from);
    Some([text("event_name")?, text("event_id")?])
}

/// The estimate of a conversion. Where the missing key is mapped, it is its own
/// mapping that says where it could come from.
fn quality(way: &Trace<'_>, event: Json<'_>, fields: &[Mapped<'_>]) -> MatchQuality {
    let source = match &way.outcome {
        Ok(admitted) => Some(admitted.event.action_source()),
        Err(rejection) => rejection.event.action_source(),
    };
    // Admission may have taken keys out.
    let user_data = event.get("user_data").and_then(Json::as_object);
    let keys: Vec<&str> = user_data
        .unwrap_or_default()
        .iter()
        .map(|(key, _)| *key)
        .collect();
    let is_mapped = |key: &str| {
        let is_it = |field: &Mapped<'_>| {
            let to = field.to.strip_prefix("user_data.");
            to == Some(key) && field.mapping.is_some()
        };
        fields.iter().any(is_it)
    };
    let mut quality = match_quality(source, &keys, is_mapped);
    if let Some(missing) = &mut quality.missing {
        // Of a field that is mapped to nothing, the prebuilt mapping says it.
        let is_it = |field: &&Mapped<'_>| {
            field.field == missing.field && !field.prebuilt && field.mapping.is_some()
        };
        if let Some(own) = fields.iter().find(is_it) {
            missing.from = own.reads.iter().map(|read| read.path.clone()).collect();
        }
    }
    quality
}
