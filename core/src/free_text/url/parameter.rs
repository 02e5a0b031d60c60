//! One parameter of a URL: whether it goes, for its name or for its value.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::free_text::{Cards, Found, SensitiveKeys, find};

/// How often a value is decoded: links in links are encoded twice.
const DECODINGS: usize = 2;

/// Parameters whose values are ids of Meta's own, of as many digits as cards.
const IDS: [&str; 8] = [
    "utm_id",
    "ad_id",
    "adset_id",
    "campaign_id",
    "utm_content",
    "utm_campaign",
    "utm_term",
    "hsa_ad",
];

/// What becomes of a parameter.
pub(super) struct Judged<'u> {
    /// Whether it goes.
    pub(super) goes: bool,
    /// What its value or its name holds.
    pub(super) found: Found,
    /// Its name, where that may be told.
    pub(super) named: Option<&'u str>,
}

/// Judges the parameter `name=value`.
pub(super) fn judge<'u>(pair: &'u str, names: &SensitiveKeys) -> Judged<'u> {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let cards = if IDS.contains(&name) {
        Cards::None
    } else {
        Cards::Long
    };
    let (found, is_sensitive) = in_value(value, cards, names);
    if found.any() || is_sensitive || (!value.is_empty() && name_tells(name, names)) {
        return Judged {
            goes: true,
            found,
            named: Some(name),
        };
    }
    // A parameter may be all name: `?jane@shop.example`.
    let found = in_value(name, Cards::Any, names).0;
    Judged {
        goes: found.any(),
        found,
        named: None,
    }
}

/// Whether the name of a parameter tells, decoded where it is encoded.
pub(super) fn name_tells(name: &str, names: &SensitiveKeys) -> bool {
    if name.contains('%') {
        names.is_sensitive(&percent_decode_str(name).decode_utf8_lossy())
    } else {
        names.is_sensitive(name)
    }
}

/// What a value holds as it is and decoded, and whether it has parameters of its
/// own whose names tell.
pub(super) fn in_value(value: &str, cards: Cards, names: &SensitiveKeys) -> (Found, bool) {
    let mut found = find(value, cards);
    let mut is_sensitive = has_telling(value, names);
    let mut text = Cow::Borrowed(value);
    for _ in 0..DECODINGS {
        if !text.contains('%') {
            break;
        }
        text = percent_decode_str(&text)
            .decode_utf8_lossy()
            .into_owned()
            .into();
        found = found | find(&text, cards);
        is_sensitive |= has_telling(&text, names);
    }
    (found, is_sensitive)
}

/// Whether a value has parameters of its own whose names tell, as a link has, or
/// such keys, as JSON has.
fn has_telling(value: &str, names: &SensitiveKeys) -> bool {
    has_telling_parameter(value, names) || (value.contains('{') && has_telling_key(value, names))
}

/// Whether a text has `"name": value` with a name that tells, as JSON has it.
fn has_telling_key(text: &str, names: &SensitiveKeys) -> bool {
    // A backslash before a quote is of JSON in JSON.
    let mut pieces = text.split('"').map(|piece| piece.trim_end_matches('\\'));
    let mut name = pieces.next().unwrap_or_default();
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        if let Some(value) = piece.trim_start().strip_prefix(':')
            && names.is_sensitive(name)
        {
            let is_nothing = match value.trim_start() {
                "" => pieces.peek().is_none_or(|text| text.trim().is_empty()),
                value => ["null", "true", "false", "{}", "[]"]
                    .iter()
                    .any(|nothing| value.starts_with(nothing)),
            };
            if !is_nothing {
                return true;
            }
        }
        name = piece;
    }
    false
}

fn has_telling_parameter(value: &str, names: &SensitiveKeys) -> bool {
    value.split(['?', '&', ';', '#']).any(|pair| {
        pair.split_once('=')
            .is_some_and(|(name, value)| !value.is_empty() && name_tells(name, names))
    })
}
