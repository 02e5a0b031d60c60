//! What validation left in its place in a list and cannot be sent: an item of
//! `contents` without an id, and what was no value at all.

use crate::event::Json;
use crate::field::custom_data::known;
use crate::pipeline::draft::Scrubbed;

/// Takes such items out of the lists that Meta knows. A list that was empty from the
/// start is what the event says; one that lost all its items says nothing.
pub(super) fn close(scrubbed: &mut Scrubbed<'_>) {
    let members = scrubbed.draft.custom_data;
    let has_gap = |(key, value): &(&str, Json<'_>)| {
        let stands = stands(key);
        let items = value.as_list().unwrap_or(&[]);
        items.iter().any(|item| !stands(*item)) && is_ours(key)
    };
    if !members.iter().any(has_gap) {
        return;
    }
    let arena = scrubbed.setting.arena;
    let mut kept = Vec::with_capacity(members.len());
    for member in members {
        let (key, value) = *member;
        if !has_gap(member) {
            kept.push((key, value));
            continue;
        }
        let stands = stands(key);
        let items = value.as_list().unwrap_or(&[]).iter().copied();
        let left: Vec<_> = items.filter(|item| stands(*item)).collect();
        if !left.is_empty() {
            kept.push((key, Json::List(arena.list(&left))));
        }
    }
    scrubbed.draft.custom_data = arena.list(&kept);
}

/// Whether the list under `key` is one whose items were checked.
fn is_ours(key: &str) -> bool {
    known(key).is_some_and(|field| field.multiple)
}

/// Tells whether an item of the list under `key` can be sent.
fn stands(key: &str) -> impl Fn(Json<'_>) -> bool {
    let needs_id = key == "contents" || key == "fb_contents";
    move |item| {
        if !needs_id {
            return !item.is_null();
        }
        let id = item.get("id").and_then(|id| id.as_str().map(str::trim));
        id.is_some_and(|id| !id.is_empty())
    }
}
