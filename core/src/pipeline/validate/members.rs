//! What the mapping gave for each field.

use crate::field::Field;
use crate::json::Json;

/// The members of a draft, looked up by field. The prebuilt mappings have them
/// in the order of the fields, so that the next one asked for is mostly the
/// next one there.
pub(super) struct Members<'a> {
    members: &'a [(&'a str, Json<'a>)],
    next: usize,
    /// Whether those before the next one have all been asked for.
    in_order: bool,
}

impl<'a> Members<'a> {
    pub(super) fn new(draft: Json<'a>) -> Self {
        Self {
            members: draft.as_object().unwrap_or(&[]),
            next: 0,
            in_order: true,
        }
    }

    /// The value of `field`; `null` and empty texts count as none.
    pub(super) fn value_of(&mut self, field: &Field) -> Option<Json<'a>> {
        let is_it = |(key, _): &(&str, Json<'_>)| field.answers_to(key);
        let place = match self.members.get(self.next) {
            Some(member) if is_it(member) => self.next,
            None if self.in_order => return None,
            _ => {
                let place = self.members.iter().position(is_it)?;
                self.in_order = false;
                place
            }
        };
        self.next = place + 1;
        Some(self.members[place].1).filter(|value| !value.is_blank())
    }
}
