//! The defaults: they are what the example configuration says, so that the
//! example cannot say anything else.

use std::sync::LazyLock;

use toml::de::{DeTable, DeValue};

/// The commented example, which documents every key with its default.
pub(super) const EXAMPLE: &str = include_str!("../../../examples/capi.toml");

static TABLE: LazyLock<DeTable<'static>> = LazyLock::new(|| {
    // It parses: a test reads it. Without it every key would need a value.
    DeTable::parse(EXAMPLE)
        .map(toml::Spanned::into_inner)
        .unwrap_or_default()
});

/// The example's keys before its first table.
pub(super) fn root() -> &'static DeTable<'static> {
    &TABLE
}

/// The example's `[name]`.
pub(super) fn section(name: &str) -> Option<&'static DeTable<'static>> {
    TABLE.get(name)?.get_ref().as_table()
}

/// The first of the example's `[[name]]`.
pub(super) fn first(name: &str) -> Option<&'static DeTable<'static>> {
    match TABLE.get(name)?.get_ref() {
        DeValue::Array(items) => items.iter().next()?.get_ref().as_table(),
        _ => None,
    }
}
