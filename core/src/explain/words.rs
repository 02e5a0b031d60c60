//! Texts without what tells who somebody is. Each gives nothing where there was
//! nothing to take out.

use super::mask::{HIDDEN, email};

/// `text` with `mask` wherever `known` stands as a word of its own, whatever the
/// case of its ASCII letters; nothing where it does not.
pub(super) fn without(text: &str, known: &str, mask: &str) -> Option<String> {
    let (lower, wanted) = (text.to_ascii_lowercase(), known.to_ascii_lowercase());
    let mut out = String::new();
    let mut kept = 0;
    for (start, found) in lower.match_indices(&wanted) {
        let end = start + found.len();
        let is_word = |side: Option<char>| side.is_none_or(|side| !side.is_alphanumeric());
        let (before, after) = (text.get(..start)?, text.get(end..)?);
        if is_word(before.chars().next_back()) && is_word(after.chars().next()) {
            out.push_str(text.get(kept..start)?);
            out.push_str(mask);
            kept = end;
        }
    }
    if kept == 0 {
        return None;
    }
    out.push_str(text.get(kept..)?);
    Some(out)
}

/// `text` with everything that looks like an e-mail address masked.
pub(super) fn without_emails(text: &str) -> Option<String> {
    if !text.contains('@') && !text.contains("%40") {
        return None;
    }
    let is_part =
        |part: char| part.is_alphanumeric() || matches!(part, '.' | '_' | '+' | '-' | '%' | '@');
    let mut out = String::with_capacity(text.len());
    for word in text.split_inclusive(|part| !is_part(part)) {
        let end = word.trim_end_matches(|part| !is_part(part)).len();
        let (word, rest) = word.split_at_checked(end)?;
        let plain = word.replace("%40", "@");
        let is_address = plain
            .rsplit_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'));
        if is_address && !word.contains(HIDDEN) {
            out.push_str(&email(&plain));
        } else {
            out.push_str(word);
        }
        out.push_str(rest);
    }
    (out != text).then_some(out)
}

/// A URL with the values of its query masked: its names tell what came.
pub(super) fn without_query(text: &str) -> Option<String> {
    let (page, query) = text.split_once('?')?;
    if !page.contains("://") {
        return None;
    }
    let mut out = format!("{page}?");
    for (index, pair) in query.split('&').enumerate() {
        if index > 0 {
            out.push('&');
        }
        match pair.split_once('=') {
            Some((name, _)) => out.extend([name, "=", HIDDEN]),
            None => out.push_str(HIDDEN),
        }
    }
    Some(out)
}
