//! Which templates may have a hole, by their words.

use super::super::hole::ALWAYS;
use super::rewrite::{self, OUTPUT};

/// Whether an output of `template` may be empty: one of a path that has no
/// default of its own and for which no condition asks, neither in the template nor
/// before it, in `asked`.
pub(crate) fn may_have_hole(template: &str, asked: &[&str]) -> bool {
    let Ok(template) = rewrite::rewritten(template, true) else {
        return false;
    };
    // What the conditions ask for, of the branches that are open.
    let mut open: Vec<&str> = Vec::new();
    let mut rest = &*template;
    while let Some(at) = rest.find("{{").into_iter().chain(rest.find("{%")).min() {
        let is_output = rest[at..].starts_with("{{");
        let close = if is_output { "}}" } else { "%}" };
        let behind = &rest[at + 2..];
        let Some(end) = behind.find(close) else {
            break;
        };
        let inner = behind[..end].trim_matches('-').trim();
        rest = &behind[end + 2..];
        if is_output {
            let Some((output, _)) = inner.split_once(OUTPUT) else {
                continue;
            };
            let output = output.trim_end().trim_end_matches('|').trim();
            let head = output.split('|').next().unwrap_or(output).trim();
            let is_asked = head == ALWAYS
                || asked.contains(&head)
                || open.iter().any(|asks| names(asks, head));
            if !is_literal(head) && !has_default(output) && !is_asked {
                return true;
            }
            continue;
        }
        let (tag, condition) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
        match tag {
            "if" => open.push(condition),
            // Of these what is asked for is not there.
            "unless" => open.push(""),
            "elsif" | "else" => {
                open.pop();
                open.push(condition);
            }
            "endif" | "endunless" => drop(open.pop()),
            _ => {}
        }
    }
    false
}

fn names(condition: &str, path: &str) -> bool {
    let is_of_path = |c: char| c.is_alphanumeric() || "_.-[]'\"".contains(c);
    condition.split(|c| !is_of_path(c)).any(|word| word == path)
}

fn is_literal(value: &str) -> bool {
    let text = value.strip_prefix(['"', '\'']);
    text.is_some_and(|text| text.len() > 1) || value.parse::<f64>().is_ok()
}

/// Whether the last filter but those that leave no text empty is a default with a
/// text of its own.
fn has_default(output: &str) -> bool {
    output.split('|').skip(1).any(|filter| {
        let default = filter.trim().strip_prefix("default");
        let value = default.and_then(|rest| rest.trim_start().strip_prefix(':'));
        value.is_some_and(|value| is_literal(value.trim()))
    })
}
