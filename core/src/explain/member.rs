//! What a field is in an object.

use crate::field::Field;
use crate::json::Json;

/// The member of `object`, a mapping or what one gave, that `field` answers to.
pub(super) fn member<'a>(object: Json<'a>, field: &Field) -> Option<Json<'a>> {
    let members = object.as_object()?;
    let found = members.iter().find(|(key, _)| field.answers_to(key));
    found.map(|(_, value)| *value)
}
