//! The next source of a field whose first value cannot be read: a revenue of `NaN` does
//! not hide the total.

use super::{Check, coerce, money};
use crate::field::{Field, WirePath};
use crate::json::Json;

impl<'a> Check<'a> {
    /// The first value that is of the type of `field`, of those that its prebuilt mapping
    /// has behind `refused`. That the first cannot be used is a warning then. What a
    /// subscription maps with a choice of its own is that choice.
    pub(super) fn behind(&mut self, field: &'static Field, refused: Json<'a>) -> Option<Json<'a>> {
        let sources = self.context.sources?;
        let has_sources = field.place == WirePath::CustomKey && field.choices.is_empty();
        if !has_sources || !sources.is_prebuilt(field, self.arena) {
            return None;
        }
        let (draft, arena) = (self.draft, self.arena);
        let mut candidates = sources.behind_field(field, refused, arena).enumerate();
        let (place, found) = candidates.find(|(_, candidate)| {
            coerce(field, *candidate, || money::currency_of(draft), arena).is_ok()
        })?;
        if self.rejects(field) {
            self.findings.forgive();
        }
        self.passed.push((field.key, place + 1));
        self.value(field, || field.key.into(), found)
    }
}
