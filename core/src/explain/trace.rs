//! The steps of the pipeline, taken one by one, with what is between them.

use crate::json::Json;
use crate::pipeline::{
    Admit, Admitted, Hash, Normalize, Passed, PipelineStage, Routed, Scrub, Validate, map,
};
use crate::rejection::Rejection;
use crate::user_data::Normal;

/// What the steps made of one routed event.
pub(super) struct Trace<'a> {
    /// What the mapping gave.
    pub(super) draft: Json<'a>,
    /// The identifiers as they were mapped, by `Identifier`, with those that could not be
    /// used before the one that could.
    pub(super) raw: [Option<Json<'a>>; 11],
    /// The identifiers as they are hashed, by `Identifier`.
    pub(super) normal: [&'a [Normal<'a>]; 11],
    /// The keys of `user_data` that leave as they are.
    pub(super) user_keys: &'a [(&'static str, Json<'a>)],
    /// How many values of a field were passed over, as [`Passed`] names it.
    pub(super) passed: Passed,
    /// The place of the `fbclid` that the click id was made of.
    pub(super) click_from: Option<&'static str>,
    /// Whether nothing was found wrong before admission, which judges only then.
    pub(super) is_judged: bool,
    /// What came of it.
    pub(super) outcome: Result<Admitted, Rejection>,
}

/// Takes `routed` all the way, as [`pipeline`](crate::pipeline::pipeline) does.
pub(super) fn take(routed: Routed<'_>) -> Trace<'_> {
    let mapped = map(routed);
    let draft = mapped.draft;
    let validated = Validate.apply(mapped);
    let click_from = validated.draft.click_from;
    let mut normalized = Normalize.apply(validated);
    let (raw, normal) = (normalized.raw, normalized.identifiers);
    let passed = std::mem::take(&mut normalized.passed);
    let scrubbed = Scrub.apply(Hash.apply(normalized));
    Trace {
        draft,
        raw,
        normal,
        user_keys: scrubbed.draft.user_keys,
        passed,
        click_from,
        is_judged: scrubbed.findings.reasons.is_empty(),
        outcome: Admit.apply(scrubbed),
    }
}
