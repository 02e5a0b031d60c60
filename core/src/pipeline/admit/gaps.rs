//! Items that the steps before left in their place in a list and that cannot be sent:
//! one of `contents` without an id, one that was no value at all, and one that was cut
//! out.

use crate::json::Json;
use crate::pipeline::lists::CheckedList;
use crate::pipeline::stages::Scrubbed;

/// Takes such items out of the lists that were checked. A list that was empty from the
/// start is what the event says; one that lost all its items says nothing.
pub(super) fn close(scrubbed: &mut Scrubbed<'_>) {
    let (members, action) = (scrubbed.draft.custom_data, scrubbed.context.action);
    let list_with_gap = |(key, value): &(&str, Json<'_>)| {
        let items = value.as_list().filter(|items| !items.is_empty())?;
        let list = CheckedList::of(action, key)?;
        items.iter().any(|item| list.is_gap(*item)).then_some(list)
    };
    if !members.iter().any(|member| list_with_gap(member).is_some()) {
        return;
    }
    let arena = scrubbed.context.arena;
    let mut kept = Vec::with_capacity(members.len());
    for &(key, value) in members {
        let Some(list) = list_with_gap(&(key, value)) else {
            kept.push((key, value));
            continue;
        };
        let items = value.as_list().unwrap_or(&[]).iter().copied();
        let left: Vec<_> = items.filter(|item| !list.is_gap(*item)).collect();
        if !left.is_empty() {
            kept.push((key, Json::List(arena.list(&left))));
        }
    }
    scrubbed.draft.custom_data = arena.list(&kept);
}
