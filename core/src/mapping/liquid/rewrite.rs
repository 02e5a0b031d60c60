//! What liquidjs reads and the crate's grammar does not, in words that it does:
//! comments `{% # … %}`, the tag `liquid`, and ranges `(1..3)`.

use std::borrow::Cow;

/// The filter that makes a range of the value before it and its argument.
pub(super) const RANGE: &str = "__range";

/// The filter that notes an output that is empty.
pub(super) const OUTPUT: &str = "__output";

/// What is where nothing is shown. The braces keep their hyphens.
const NOTHING: &str = " comment %}{% endcomment ";

/// `template` in the crate's words. With `is_watched`, outputs go through
/// [`OUTPUT`].
pub(super) fn rewritten(template: &str, is_watched: bool) -> Result<Cow<'_, str>, String> {
    let has_more = template.contains("{%")
        && (template.contains('#') || template.contains("liquid") || template.contains("echo"));
    if !is_watched && !has_more && !template.contains("..") {
        return Ok(Cow::Borrowed(template));
    }
    let mut rewriter = Rewriter {
        out: String::with_capacity(template.len() + 64),
        ranges: 0,
        is_watched,
    };
    rewriter.template(template)?;
    Ok(Cow::Owned(rewriter.out))
}

struct Rewriter {
    out: String,
    /// How many ranges have a name.
    ranges: usize,
    is_watched: bool,
}

impl Rewriter {
    fn template(&mut self, template: &str) -> Result<(), String> {
        let mut rest = template;
        while let Some(at) = rest.find("{{").into_iter().chain(rest.find("{%")).min() {
            self.out.push_str(&rest[..at]);
            let (open, behind) = rest[at..].split_at(2);
            let is_output = open == "{{";
            let length = if is_output {
                unquoted(behind, "}}")
            } else {
                behind.find("%}")
            };
            let Some(length) = length else {
                // The parser says what is wrong with it.
                self.out.push_str(&rest[at..]);
                return Ok(());
            };
            let inner = &behind[..length];
            let close = &behind[length..length + 2];
            rest = &behind[length + 2..];
            let (left, inner) = hyphen(inner, str::strip_prefix);
            let (right, inner) = hyphen(inner, str::strip_suffix);
            let (open, close) = ([open, left].concat(), [right, close].concat());
            if is_output {
                self.output(&open, inner, &close);
                continue;
            }
            let (name, arguments) = word(inner.trim_start());
            match name {
                "raw" => {
                    // What is in it is not a template.
                    let end = end_of_raw(rest).unwrap_or(rest.len());
                    self.out.extend([&open, inner, &close, &rest[..end]]);
                    rest = &rest[end..];
                }
                "liquid" => self.lines(&open, arguments, &close),
                "" if inner.trim_start().starts_with('#') => {
                    is_comment(inner)?;
                    self.out.extend([&open, NOTHING, &close]);
                }
                _ => self.tag(&open, inner, &close),
            }
        }
        self.out.push_str(rest);
        Ok(())
    }

    fn output(&mut self, open: &str, inner: &str, close: &str) {
        let inner = self.named_ranges(open, inner);
        self.out.extend([open, &inner]);
        if self.is_watched && !inner.trim().is_empty() {
            self.out.extend([" | ", OUTPUT, " "]);
        }
        self.out.push_str(close);
    }

    fn tag(&mut self, open: &str, inner: &str, close: &str) {
        match word(inner.trim_start()) {
            // What is before a branch belongs to the one above it.
            ("elsif", _) => self.out.extend([open, inner, close]),
            ("echo", value) if value.trim().is_empty() => {
                self.out.extend([open, NOTHING, close]);
            }
            // The value's own line breaks are kept, so that faults tell the line.
            ("echo", _) => {
                let value = inner.replacen("echo", " ", 1);
                let open = open.replace('%', "{");
                let close = close.replace('%', "}");
                self.output(&open, &value, &close);
            }
            _ => {
                let inner = self.named_ranges(open, inner);
                self.out.extend([open, &inner, close]);
            }
        }
    }

    /// The lines of a tag `liquid`, each a tag of its own.
    fn lines(&mut self, open: &str, lines: &str, close: &str) {
        let mut lines: Vec<&str> = lines.split('\n').collect();
        let mut breaks = String::new();
        let mut is_first = true;
        let mut skipped_to: Option<&str> = None;
        let mut comments = 0_usize;
        lines.reverse();
        // Behind the last tag the right brace stands, with its hyphen.
        let mut pending: Option<(String, String)> = None;
        while let Some(line) = lines.pop() {
            let mut line = line.trim();
            while let ("liquid", inner) = word(line) {
                line = inner.trim();
            }
            let (name, _) = word(line);
            match (name, skipped_to) {
                ("comment", _) => comments += 1,
                ("endcomment", _) => comments = comments.saturating_sub(1),
                ("raw", None) if comments == 0 => skipped_to = Some("endraw"),
                ("endraw", Some(_)) => skipped_to = None,
                (_, Some(_)) => {
                    // Text, as it is.
                    self.close(&mut pending, "%}");
                    self.out.extend([line, "\n"]);
                    continue;
                }
                _ if comments > 0 || line.is_empty() || line.starts_with('#') => {}
                _ => {
                    self.close(&mut pending, "%}");
                    let open = if is_first { open } else { "{%" };
                    is_first = false;
                    let inner = [&breaks, " ", line, " "].concat();
                    breaks.clear();
                    pending = Some((open.to_owned(), inner));
                }
            }
            if matches!(name, "raw" | "endraw") && comments == 0 {
                self.close(&mut pending, "%}");
                let open = if is_first { open } else { "{%" };
                is_first = false;
                let inner = [&breaks, " ", line, " "].concat();
                breaks.clear();
                // The text begins behind the brace.
                match name {
                    "raw" => self.out.extend([open, &inner, "%}"]),
                    _ => pending = Some((open.to_owned(), inner)),
                }
                continue;
            }
            if !lines.is_empty() {
                breaks.push('\n');
            }
        }
        match pending {
            Some((open, inner)) => self.tag(&open, &inner, close),
            None if is_first => self.out.extend([open, &breaks, NOTHING, close]),
            None => self.out.extend(["{%", NOTHING, close]),
        }
    }

    fn close(&mut self, pending: &mut Option<(String, String)>, close: &str) {
        if let Some((open, inner)) = pending.take() {
            self.tag(&open, &inner, close);
        }
    }

    /// Names each range of a tag or output, before it, and puts the name there. What
    /// `open` cuts of the text before it, is cut before the name.
    fn named_ranges<'t>(&mut self, open: &str, code: &'t str) -> Cow<'t, str> {
        if !code.contains("..") {
            return Cow::Borrowed(code);
        }
        let mut out = String::with_capacity(code.len());
        let mut rest = code;
        while let Some(at) = unquoted(rest, "(") {
            let behind = &rest[at + 1..];
            let bounds = unquoted(behind, ")")
                .map(|end| behind.split_at(end))
                .and_then(|(range, behind)| {
                    let dots = unquoted(range, "..")?;
                    Some((range[..dots].trim(), range[dots + 2..].trim(), behind))
                });
            let Some((first, last, behind)) = bounds else {
                out.push_str(&rest[..=at]);
                rest = behind;
                continue;
            };
            self.ranges += 1;
            let name = format!("{RANGE}{}", self.ranges);
            let cut = if open.ends_with('-') { "-" } else { "" };
            self.out.extend([
                "{%", cut, " assign ", &name, " = ", first, " | ", RANGE, ": ", last, " %}",
            ]);
            out.extend([&rest[..at], &name]);
            rest = &behind[1..];
        }
        out.push_str(rest);
        Cow::Owned(out)
    }
}

/// Where `wanted` is first outside of quotes.
fn unquoted(text: &str, wanted: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match quote {
            _ if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if text[at..].starts_with(wanted) => return Some(at),
            None if c == '"' || c == '\'' => quote = Some(c),
            None => {}
        }
    }
    None
}

type Strip = for<'s> fn(&'s str, char) -> Option<&'s str>;

fn hyphen(inner: &str, strip: Strip) -> (&'static str, &str) {
    match strip(inner, '-') {
        Some(inner) => ("-", inner),
        None => ("", inner),
    }
}

/// The word that `text` begins with, and what is behind it.
fn word(text: &str) -> (&str, &str) {
    let is_of_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let end = text.find(|c| !is_of_word(c)).unwrap_or(text.len());
    text.split_at(end)
}

fn end_of_raw(text: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + text.get(from..)?.find("{%")?;
        let inner = text[at + 2..].trim_start_matches('-').trim_start();
        if word(inner).0 == "endraw" {
            return Some(at);
        }
        from = at + 2;
    }
}

/// Refuses a comment of which a line does not begin with `#`, as liquidjs does.
fn is_comment(inner: &str) -> Result<(), String> {
    let mut lines = inner.lines().skip(1).map(str::trim_start);
    if lines.any(|line| !line.is_empty() && !line.starts_with('#')) {
        return Err("every line of a comment `{% # … %}` must begin with `#`".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_crate_reads_stays_as_it_is() {
        for template in [
            "plain # liquid (1..3)",
            "{{ a | b: '(1..2)' }}",
            "{% raw %}{% # a %}{{ (1..2) }}{% endraw %}",
            "{{ 'a }} (1..2)' }}",
            "{% if a %}..{% endif %}",
            "{{ (a) }}..",
        ] {
            assert_eq!(rewritten(template, false).as_deref(), Ok(template));
        }
    }

    #[test]
    fn lines_of_the_tag_are_tags_on_their_lines() {
        let template = "{%- liquid\n # note\n\n echo a | upcase\n if b\n -%} x";
        let lines = rewritten(template, false).unwrap();
        assert_eq!(lines, "{{-\n\n\n   a | upcase }}{%\n if b -%} x");
    }

    #[test]
    fn only_outputs_are_watched() {
        let template = "{% assign a = b %}{% if a %}{{ a }}{% endif %}{% echo c %}";
        let watched = rewritten(template, true).unwrap();
        assert_eq!(watched.matches(OUTPUT).count(), 2, "{watched}");
    }
}
