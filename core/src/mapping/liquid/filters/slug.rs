//! `slugify`, by its modes.

use liquid_core::{Result, Value};
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use super::super::plain::{Plain, is_space};
use super::{Call, Table};

pub(super) const FILTERS: Table = &[("slugify", slugify)];

fn slugify(call: &Call<'_>) -> Result<Value> {
    let mode = call.argument(0).map_or("default".into(), |_| call.text(0));
    let keeps_case = call
        .argument(1)
        .is_some_and(|cased| Plain::of(cased).is_script_true());
    let shown = call.shown();
    let slug = match &*mode {
        "default" => dashed(&shown, is_word),
        "raw" => dashed(&shown, |c| !is_space(c)),
        "pretty" => dashed(&shown, |c| is_word(c) || "._~!$&'()+,;=@".contains(c)),
        "ascii" => dashed(&shown, |c| c.is_ascii_alphanumeric()),
        "latin" => dashed(&without_accents(&shown), is_word),
        // `none`, and what is not a mode.
        _ => shown.into_owned(),
    };
    Ok(Value::scalar(if keeps_case {
        slug
    } else {
        slug.to_lowercase()
    }))
}

/// What is kept, with one hyphen for each run of anything else between it.
fn dashed(text: &str, is_kept: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_run = false;
    for c in text.chars() {
        if is_kept(c) {
            out.push(c);
        } else if !is_run {
            out.push('-');
        }
        is_run = !is_kept(c);
    }
    let out = out.strip_prefix('-').unwrap_or(&out);
    out.strip_suffix('-').unwrap_or(out).to_owned()
}

/// Letters, their marks, and digits.
fn is_word(c: char) -> bool {
    matches!(
        c.general_category_group(),
        GeneralCategoryGroup::Letter | GeneralCategoryGroup::Mark
    ) || c.general_category() == GeneralCategory::DecimalNumber
}

/// The letters that liquidjs writes in plain Latin ones, which are small but for a few.
fn without_accents(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'à'..='å' => out.push('a'),
            'æ' => out.push_str("ae"),
            'ç' => out.push('c'),
            'è'..='ë' => out.push('e'),
            'ì'..='ï' => out.push('i'),
            'ð' => out.push('d'),
            'ñ' => out.push('n'),
            'ò'..='ö' | 'ø' => out.push('o'),
            'ù'..='ü' => out.push('u'),
            'ý' | 'ÿ' => out.push('y'),
            'ß' => out.push_str("ss"),
            'œ' => out.push_str("oe"),
            'þ' => out.push_str("th"),
            'ẞ' => out.push_str("SS"),
            'Œ' => out.push_str("OE"),
            'Þ' => out.push_str("TH"),
            other => out.push(other),
        }
    }
    out
}
