//! Words that say that the others are the name of a state: `State of California`.

/// Before a name, as keys of a vocabulary.
const BEFORE: [&str; 20] = [
    "commonwealthof",
    "edo",
    "edode",
    "estadoda",
    "estadode",
    "estadodo",
    "estadolibreysoberanode",
    "estde",
    "estdo",
    "provincede",
    "provincedela",
    "provincedu",
    "provinceof",
    "provof",
    "stateof",
    "territoryof",
    "thecommonwealthof",
    "theprovinceof",
    "thestateof",
    "unionterritoryof",
];

/// Behind one.
const BEHIND: [&str; 3] = ["province", "state", "territory"];

/// What `key` may be without such words.
pub(super) fn untitled(key: &str) -> impl Iterator<Item = &str> {
    let before = BEFORE.iter().filter_map(|title| key.strip_prefix(title));
    let behind = BEHIND.iter().filter_map(|title| key.strip_suffix(title));
    before.chain(behind)
}
