//! The tags and filters of a template, and what becomes of a faulty one.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

use liquid_core::{
    BlockReflection, Language, ParseBlock, Renderable, Result, TagBlock, TagTokenIter, Template,
    parser,
};
use liquid_lib::stdlib;

use super::filters::{self, Plugin};
use super::rewrite::rewritten;
use super::{capture, condition};
use crate::suggest::nearest;

/// Segment: mapping kit, `@liquid`.
const TAGS_OFF: &[&str] = &["case", "for", "include", "layout", "render", "tablerow"];

/// How deep `a[b[c]]` may nest: the parser goes through it by recursion.
const MAX_BRACKETS: usize = 64;

static LANGUAGE: LazyLock<Language> = LazyLock::new(|| {
    let mut language = Language::empty();
    let tags = &mut language.tags;
    tags.register("assign".into(), stdlib::AssignTag.into());
    tags.register("break".into(), stdlib::BreakTag.into());
    tags.register("continue".into(), stdlib::ContinueTag.into());
    tags.register("cycle".into(), stdlib::CycleTag.into());
    tags.register("decrement".into(), stdlib::DecrementTag.into());
    tags.register("increment".into(), stdlib::IncrementTag.into());
    let blocks = &mut language.blocks;
    blocks.register("comment".into(), stdlib::CommentBlock.into());
    blocks.register("raw".into(), stdlib::RawBlock.into());
    for block in BLOCKS {
        blocks.register(block.start.into(), (*block).into());
    }
    filters::register(&mut language.filters);
    language
});

/// Parses a template. The error says what is wrong with it in one line.
/// With `is_watched`, it notes the outputs that are empty when it runs.
pub(super) fn parse(template: &str, is_watched: bool) -> Result<Template, String> {
    let template = &*rewritten(template, is_watched)?;
    check(template)?;
    let mut language = &*LANGUAGE;
    let unknown: Vec<&str> = filter_names(template)
        .filter(|name| language.filters.get(name).is_none() && filters::fault(name).is_none())
        .collect();
    // liquidjs passes over filters that do not exist, and so configurations
    // hold some.
    let lenient;
    if !unknown.is_empty() {
        let mut more = language.clone();
        for name in unknown {
            more.filters
                .register(name.into(), Plugin::unknown(name).into());
        }
        lenient = more;
        language = &lenient;
    }
    // The parser panics on some quotes that do not match.
    match catch_unwind(AssertUnwindSafe(|| parser::parse(template, language))) {
        Ok(Ok(parts)) => Ok(Template::new(parts)),
        Ok(Err(error)) => Err(explained(template, &error.to_string())),
        Err(_) => Err("its quotes do not match".into()),
    }
}

/// What the parser would not say, or not survive.
fn check(template: &str) -> Result<(), String> {
    let mut depth = 0_usize;
    for c in template.chars() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_BRACKETS {
            return Err(format!("brackets may nest {MAX_BRACKETS} deep"));
        }
    }
    // Of a `cycle` of nothing the crate would compute the remainder by zero.
    let mut tags = template.split("%}").filter(|tag| tag.contains("{%"));
    if tags.any(|tag| tag.trim_end_matches('-').trim_end().ends_with(':')) {
        return Err("a tag ends with `:`".into());
    }
    if has_too_large_number(template) {
        return Err("a whole number is too large".into());
    }
    if reads_clock(template) {
        return Err(
            "mappings have no clock: a mapping gives the same for the same event \
                    at any time; use `timestamp` or `receivedAt`"
                .into(),
        );
    }
    Ok(())
}

/// Whether the parser, which panics on a whole number beyond 64 bits, would meet one:
/// outside of texts, in what is between braces.
fn has_too_large_number(template: &str) -> bool {
    let mut inner = template
        .split("{{")
        .skip(1)
        .chain(template.split("{%").skip(1));
    inner.any(|rest| {
        let end = rest.find("}}").or_else(|| rest.find("%}"));
        let unquoted = rest[..end.unwrap_or(rest.len())]
            .split(['"', '\''])
            .step_by(2);
        let is_of_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
        let mut words = unquoted.flat_map(move |text| text.split(move |c| !is_of_word(c)));
        words.any(|word| {
            let digits = word.trim_start_matches('-');
            digits.len() > 18
                && digits.bytes().all(|byte| byte.is_ascii_digit())
                && word.parse::<i64>().is_err()
        })
    })
}

/// Whether a word for the time of now goes into a filter for dates.
fn reads_clock(template: &str) -> bool {
    let values = template.split('|').map(str::trim_end);
    let filters = template.split('|').skip(1).map(str::trim_start);
    values.zip(filters).any(|(value, filter)| {
        let mut words = ["\"now\"", "'now'", "\"today\"", "'today'"].iter();
        filter.starts_with("date") && words.any(|word| value.ends_with(word))
    })
}

/// What is behind each `|`. In plain text these are not filters, which does
/// no harm.
fn filter_names(template: &str) -> impl Iterator<Item = &str> {
    template.split('|').skip(1).map(|behind| {
        let behind = behind.trim_start();
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        behind.split(|c| !is_name(c)).next().unwrap_or_default()
    })
}

/// An error of the parser in one line, with its place if it says that.
fn explained(template: &str, error: &str) -> String {
    // Inside tags the parser loses what a filter says.
    if let Some(fault) = filter_names(template).find_map(filters::fault) {
        return fault;
    }
    let lines = || error.trim_start_matches("liquid:").lines().map(str::trim);
    let requested = lines().find_map(|line| line.strip_prefix("requested="));
    if let Some(tag) = requested {
        if TAGS_OFF.contains(&tag) {
            return format!("the tag `{tag}` is off in mappings");
        }
        let tags = LANGUAGE.tags.plugin_names();
        let near = nearest(tag, tags.chain(LANGUAGE.blocks.plugin_names()));
        let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        return format!("no tag is called `{tag}`{near}");
    }
    let place = lines().find_map(|line| line.strip_prefix("--> ")?.split_once(':'));
    let reason = lines().find_map(|line| line.strip_prefix("= "));
    match (place, reason) {
        (Some((line, column)), Some(reason)) => format!("line {line}, column {column}: {reason}"),
        _ => match lines().find_map(|line| line.strip_prefix("filter=")) {
            Some(filter) => format!("`{filter}`: {}", first_line(error)),
            None => first_line(error),
        },
    }
}

/// What an error of the crate says, without the values it met.
pub(super) fn first_line(error: &str) -> String {
    let line = error.lines().next().unwrap_or_default();
    line.strip_prefix("liquid: ").unwrap_or(line).into()
}

/// A block of our own.
#[derive(Clone, Copy)]
struct Block {
    start: &'static str,
    end: &'static str,
    parse: fn(TagTokenIter<'_>, TagBlock<'_, '_>, &Language) -> Result<Box<dyn Renderable>>,
}

const BLOCKS: &[Block] = &[
    Block {
        start: "capture",
        end: "endcapture",
        parse: capture::parse,
    },
    Block {
        start: "if",
        end: "endif",
        parse: |arguments, block, language| condition::parse(arguments, block, language, false),
    },
    Block {
        start: "unless",
        end: "endunless",
        parse: |arguments, block, language| condition::parse(arguments, block, language, true),
    },
];

impl BlockReflection for Block {
    fn start_tag(&self) -> &str {
        self.start
    }

    fn end_tag(&self) -> &str {
        self.end
    }

    fn description(&self) -> &str {
        ""
    }
}

impl ParseBlock for Block {
    fn parse(
        &self,
        arguments: TagTokenIter<'_>,
        block: TagBlock<'_, '_>,
        language: &Language,
    ) -> Result<Box<dyn Renderable>> {
        (self.parse)(arguments, block, language)
    }

    fn reflection(&self) -> &dyn BlockReflection {
        self
    }
}
