//! Which paths of an event a template reads.

use liquid_core::Renderable;

use super::language;
use super::scope::{Bounded, Scope};
use crate::json::{Arena, Json};

/// A path that a template names, or that it comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LiquidRead {
    /// The path, its keys with dots between them.
    pub(crate) path: String,
    /// Whether there is something, read as the template does: `items.first` too.
    pub(crate) found: bool,
    /// Whether the template came to it and found something.
    pub(crate) used: bool,
}

/// The paths that `template` reads of `event`, and those in the branches that it does
/// not take.
pub(crate) fn liquid_reads<'a>(
    template: &str,
    event: Json<'a>,
    arena: &'a Arena,
) -> Vec<LiquidRead> {
    let asked = asked(template, event, arena);
    let mut reads: Vec<LiquidRead> = Vec::new();
    for path in named(template) {
        // A word of the language and a variable of the template are none.
        let root = path.split('.').next().unwrap_or(path);
        let is_path = path.contains('.') || event.get(root).is_some();
        if !is_path || reads.iter().any(|known| known.path == path) {
            continue;
        }
        let of_path = |(asked, found): &&(String, bool)| *found && is_within(asked, path);
        let used = asked.iter().any(|asked| of_path(&asked));
        let keys: Vec<&str> = path.split('.').collect();
        reads.push(LiquidRead {
            path: path.to_owned(),
            found: used || event.at(&keys).is_some_and(|value| !value.is_blank()),
            used,
        });
    }
    // What is not seen by its words, such as all behind an apostrophe in a text.
    for (path, _) in asked.into_iter().filter(|(_, found)| *found) {
        // A key that the template computes is a value of the event.
        let keys = path.split('.').take_while(|key| template.contains(key));
        let path = keys.collect::<Vec<_>>().join(".");
        let is_known = reads.iter().any(|known| is_within(&path, &known.path));
        if !path.is_empty() && !is_known {
            reads.push(LiquidRead {
                path,
                found: true,
                used: true,
            });
        }
    }
    reads
}

/// The paths that the template asks for as it runs, as far as it comes.
fn asked<'a>(template: &str, event: Json<'a>, arena: &'a Arena) -> Vec<(String, bool)> {
    let Ok(template) = language::parse(template, false) else {
        return Vec::new();
    };
    let scope = Scope::remembering(arena, event);
    // One that fails gives nothing, and has read all the same.
    drop(template.render_to(&mut Bounded::default(), &scope));
    scope.into_asked()
}

fn is_within(path: &str, above: &str) -> bool {
    let rest = path.strip_prefix(above);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// What may be a path in a template: words with dots in its tags, to the first index.
fn named(template: &str) -> impl Iterator<Item = &str> {
    let tags = template.split('{').filter(|part| part.contains('}'));
    tags.flat_map(|tag| {
        let tag = tag.split('}').next().unwrap_or_default();
        let is_path = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.' | '-');
        // Every other part of a tag is a text in quotes.
        let code = tag.split(['"', '\'']).step_by(2);
        code.flat_map(move |code| code.split(move |letter| !is_path(letter)))
            .map(|path| path.trim_matches(['.', '-']))
            .filter(|path| path.starts_with(char::is_alphabetic))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_used_where_the_template_comes_to_it() {
        let arena = Arena::new();
        let event =
            br#"{"a":"x","b":"y","z":null,"l":[{"p":1}],"k":"b","n":"x y","o":{"x y":"v"}}"#;
        let event = Json::parse(&arena, event).unwrap();
        for (template, expected) in [
            ("{{ a | append: b }}", &["+a", "+b"][..]),
            (
                "{% if z %}{{ a }}{% else %}{{ b }}{% endif %}",
                &["z", "-a", "+b"],
            ),
            ("{% raw %}{{ a }}{% endraw %}{{ b }}", &["-a", "+b"]),
            ("{% comment %}{{ a }}{% endcomment %}", &["-a"]),
            ("{% assign a = 'q' %}{{ a }}", &["-a"]),
            ("{% assign v = a %}{{ v }}", &["+a"]),
            ("{{ \"it's\" | append: b }}", &["+b"]),
            ("{{ l.first.p }}{{ l[0].p }}", &["+l.first.p", "+l"]),
            ("{{ o['x y'] }}{{ m.n[k] }}", &["+o", "m.n", "+k"]),
            // No key is shown that is a value of the event.
            ("{{ \"it's\" }}{{ o[n] }}{{ q[n] }}", &["+o", "+n"]),
        ] {
            let reads = liquid_reads(template, event, &arena).into_iter();
            let reported: Vec<String> = reads
                .map(|read| match (read.used, read.found) {
                    (true, _) => format!("+{}", read.path),
                    (false, true) => format!("-{}", read.path),
                    (false, false) => read.path,
                })
                .collect();
            assert_eq!(reported, expected, "{template}");
        }
    }
}
