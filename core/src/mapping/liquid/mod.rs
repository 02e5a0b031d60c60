//! `@liquid`: a Liquid template over the event.
//!
//! ```json
//! { "@liquid": "{{ properties.name | default: 'none' | upcase }}" }
//! ```
//!
//! The crate `liquid-core` parses and runs the template. What is here makes it
//! give what liquidjs gives, which Segment's mapping kit runs: missing keys are
//! empty, filters and conditions compute and compare as JavaScript does, and
//! what Segment turns off is off.
//!
//! | file | holds |
//! |---|---|
//! | `language.rs` | the tags and filters there are, and those that are off |
//! | `rewrite.rs` | what the crate's grammar has not, in words that it has |
//! | `condition.rs`, `capture.rs` | the tags that the crate has otherwise |
//! | `filters/` | the filters, by subject |
//! | `view.rs`, `plain.rs` | values to the crate, and as JavaScript has them |
//! | `scope.rs` | what a template sees, and how much it may make |
//! | `holes.rs` | which templates may have an empty output |
//! | `reads.rs` | which paths of an event a template reads |

mod capture;
mod condition;
mod filters;
mod holes;
mod language;
mod plain;
mod reads;
mod rewrite;
mod scope;
mod view;

pub(crate) use holes::may_have_hole;
pub(crate) use reads::liquid_reads;

use std::sync::Arc;

use liquid_core::{Renderable, Template};

use super::compile::{Compiled, Compiler};
use super::error::ResolveError;
use super::options::kind;
use super::resolve::Resolved;
use super::run::Run;
use crate::json::Json;
use scope::{Bounded, Scope};

/// How long a template may be, in UTF-16 units. Segment: mapping kit,
/// `@liquid`.
const MAX_LENGTH: usize = 1000;

/// A compiled template.
#[derive(Clone, Debug)]
pub(super) struct Liquid {
    template: Arc<Template>,
    pointer: Box<str>,
    /// Whether holes are noted.
    is_watched: bool,
}

impl Liquid {
    pub(super) fn compile(compiler: &mut Compiler, json: Json<'_>) -> Compiled<Self> {
        let Json::Str(template) = json else {
            return Err(compiler.fault(format!("must be a text, not {}", kind(json))));
        };
        let length = plain::length(template);
        if length > MAX_LENGTH {
            let message =
                format!("a template may have {MAX_LENGTH} characters; this one has {length}");
            return Err(compiler.fault(message));
        }
        let is_watched = compiler.is_watched();
        match language::parse(template, is_watched) {
            Ok(template) => Ok(Self {
                template: Arc::new(template),
                pointer: compiler.pointer().into(),
                is_watched,
            }),
            Err(message) => Err(compiler.fault(message)),
        }
    }

    pub(super) fn resolve<'a>(&'a self, event: Json<'a>, run: &mut Run<'a>) -> Resolved<'a> {
        let scope = Scope::new(run.arena, event);
        let mut out = Bounded::default();
        match self.template.render_to(&mut out, &scope) {
            Ok(()) => {
                let text = run.arena.text(&out.text());
                if self.is_watched && scope.has_hole() {
                    run.holes.note(text);
                }
                Ok(Some(Json::Str(text)))
            }
            Err(error) => Err(Box::new(ResolveError {
                path: self.pointer.to_string(),
                message: out
                    .excess()
                    .unwrap_or_else(|| language::first_line(&error.to_string())),
            })),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::json::{Arena, Json};
    use crate::mapping::Mapping;

    fn fault(template: &str) -> String {
        let arena = Arena::new();
        let json = [("@liquid", Json::Str(template))];
        let faults = Mapping::compile(Json::Object(arena.list(&json))).unwrap_err();
        faults[0].message.clone()
    }

    #[test]
    fn faults_say_what_is_wrong_and_where() {
        for (template, message) in [
            ("a\n{{ userId", "line 2, column"),
            ("{% if a %}", "endif"),
            ("{% frobnicate %}", "no tag is called `frobnicate`"),
            (
                "{% for a in b %}{% endfor %}",
                "the tag `for` is off in mappings",
            ),
            ("{{ a | sort }}", "the filter `sort` is off in mappings"),
            ("{{ \"now\" | date: \"%Y\" }}", "no clock"),
            ("{{ a | date: \"%H\", \"Asia/Nowhere\" }}", "minutes"),
            ("{% # a\n b %}", "`#`"),
            (
                "{% liquid\n echo a\n frobnicate\n%}",
                "no tag is called `frobnicate`",
            ),
            ("{% liquid\n case a\n endcase\n%}", "`case` is off"),
            ("{{ 99999999999999999999 }}", "too large"),
            ("{{ 'a\n{{ ' }}{{ ' }}", "quotes"),
            ("{% cycle 'a': -%}", "`:`"),
        ] {
            let fault = fault(template);
            assert!(fault.contains(message), "{template}: {fault}");
            assert!(!fault.contains('\n'), "{template}: {fault}");
        }
    }

    #[test]
    fn no_nesting_that_fits_a_template_exhausts_the_stack() {
        for (open, inner, close) in [
            ("{%if a%}", "x", ""),
            ("{%if a%}", "x", "{%endif%}"),
            ("{%unless a%}", "x", "{%endunless%}"),
            ("{%capture a%}", "x", "{%endcapture%}"),
            ("{%if a%}{%elsif a%}", "x", ""),
            ("{%liquid if a%}", "x", "{%endif%}"),
        ] {
            let depth = 1000 / (open.len() + close.len());
            let template = open.repeat(depth - 1) + inner + &close.repeat(depth - 1);
            let arena = Arena::new();
            let json = [("@liquid", Json::Str(&template))];
            let mapping = Mapping::compile(Json::Object(arena.list(&json)));
            assert_eq!(mapping.is_err(), close.is_empty(), "{template}");
            if let Ok(mapping) = mapping {
                assert!(mapping.resolve(Json::Bool(true), &arena).is_ok());
            }
        }
        let lines = "if a\n".repeat(99);
        let template = format!("{{% liquid\n{lines}echo a\n{}%}}", "endif\n".repeat(80));
        assert!(fault(&template).contains("endif"));
        let brackets = format!("{{{{ a{}", "[a".repeat(490));
        assert!(fault(&brackets).contains("64"));
    }
}
