//! What the operations are carried out with. A payload is nothing but a number,
//! its tag, so that no two conversions are alike.

use capi_core::Fingerprint;

use super::super::*;
use super::operation::{Draft, End, Place};

pub(super) fn event_id(id: Option<u8>) -> Option<String> {
    id.map(|id| format!("id{id}"))
}

pub(super) fn made(tag: u64, draft: Draft) -> Conversion {
    let source = match draft.place.class {
        Class::Standard => ActionSource::Website,
        Class::PhysicalStore => ActionSource::PhysicalStore,
    };
    let id = event_id(draft.id);
    let mut conversion = conversion_in(draft.place.lane(), source, id.as_deref(), 7);
    conversion.fingerprint = Some(Fingerprint::stored([1, 0, 0, draft.says, 0]));
    conversion.payload = tag.to_string().into();
    conversion
}

pub(super) fn rejected(tag: u64, draft: Draft) -> RejectedConversion {
    let conversion = made(tag, draft);
    RejectedConversion {
        lane: conversion.lane,
        class: conversion.class,
        dataset_id: conversion.dataset_id,
        action: "purchase".into(),
        source: None,
        event_name: Some(conversion.event_name),
        event_id: conversion.event_id,
        event_time: None,
        key: conversion.key,
        reasons: Vec::new(),
        payload: conversion.payload,
    }
}

pub(super) fn tag_of(payload: &[u8]) -> u64 {
    str::from_utf8(payload).unwrap().parse().unwrap()
}

pub(super) fn filter(id: Option<u8>) -> DeadFilter {
    DeadFilter {
        event_id: event_id(id),
        ..DeadFilter::default()
    }
}

pub(super) fn group(place: Place) -> SetAside {
    SetAside {
        id: place.group(),
        class: place.class,
        group: Arc::new(Group {
            action: None,
            event_name: "Purchase".into(),
            source: None,
        }),
        refusal: ApiError::default(),
        since_ms: 7,
        rows: 0,
    }
}

pub(super) fn disposition(end: End, place: Place, now_ms: i64) -> Disposition {
    match end {
        End::Delivered => Disposition::Delivered,
        End::RetryIn {
            ms,
            outcome_unknown,
        } => Disposition::RetryAt {
            due_ms: now_ms + ms,
            attempted_ms: now_ms,
            outcome_unknown,
        },
        End::SetAside => Disposition::SetAside(place.group()),
        End::Buried(reason) => Disposition::DeadLettered {
            reason,
            refusal: None,
        },
    }
}
