//! `slugify`.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use super::super::scope::Made;
use super::super::value::{Value, is_space};
use super::{Apply, Call};

pub(super) const FILTERS: &[(&str, Apply)] = &[("slugify", slugify)];

/// Replaces what is no letter or digit by dashes; the modes `raw`, `pretty`,
/// `ascii` and `latin` say what is kept, `none` and unknown ones keep all.
fn slugify<'a>(call: &Call<'a, '_>) -> Made<'a> {
    let text = call.value.shown();
    let mode = call.argument(0).map_or("default".into(), Value::shown);
    let keeps: fn(char) -> bool = match &*mode {
        "raw" => |c| !is_space(c),
        "pretty" => |c| is_letter_or_digit(c) || "._~!$&'()+,;=@".contains(c),
        "ascii" => |c| c.is_ascii_alphanumeric(),
        "default" | "latin" => is_letter_or_digit,
        _ => |_| true,
    };
    let unaccented = (mode == "latin").then(|| without_accents(&text));
    let text = unaccented.as_deref().unwrap_or(&text);
    let mut slug = String::with_capacity(text.len());
    let mut replaced = false;
    for c in text.chars() {
        if keeps(c) {
            slug.push(c);
        } else if !replaced {
            slug.push('-');
        }
        replaced = !keeps(c);
    }
    let mut slug = &*slug;
    if MODES.contains(&&*mode) {
        slug = slug.strip_prefix('-').unwrap_or(slug);
        slug = slug.strip_suffix('-').unwrap_or(slug);
    }
    let keeps_case = call.argument(1).is_some_and(Value::is_script_truthy);
    if keeps_case {
        call.scope.text(slug)
    } else {
        call.scope.text(&slug.to_lowercase())
    }
}

const MODES: &[&str] = &["raw", "default", "pretty", "ascii", "latin"];

fn is_letter_or_digit(c: char) -> bool {
    matches!(
        c.general_category_group(),
        GeneralCategoryGroup::Letter | GeneralCategoryGroup::Mark
    ) || c.general_category() == GeneralCategory::DecimalNumber
}

fn without_accents(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        out.push_str(match c {
            'à'..='å' => "a",
            'æ' => "ae",
            'ç' => "c",
            'è'..='ë' => "e",
            'ì'..='ï' => "i",
            'ð' => "d",
            'ñ' => "n",
            'ò'..='ö' | 'ø' => "o",
            'ù'..='ü' => "u",
            'ý' | 'ÿ' => "y",
            'ß' => "ss",
            'œ' => "oe",
            'þ' => "th",
            'ẞ' => "SS",
            'Œ' => "OE",
            'Þ' => "TH",
            other => {
                out.push(other);
                continue;
            }
        });
    }
    out
}
