//! The arrows among the modules of a crate, at every depth: those in one folder
//! stand in no circle.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{code, root, sources};

/// Folders in which modules need each other, and why.
const RECURSIVE: &[(&str, &[&str], &str)] = &[(
    "core",
    &["mapping"],
    "a mapping is made of directives, and a directive of mappings",
)];

type Module = Vec<String>;

/// An arrow between two modules of one folder.
type Arrow = (Module, Module);

/// The modules of a crate, and what each hands out that another module has.
struct Crate {
    code: BTreeMap<Module, String>,
    handed_out: BTreeMap<Module, Module>,
}

/// The paths of a tree such as `a::{self, b::{c, d}}`.
fn paths(tree: &str) -> Vec<Module> {
    let tree = tree.trim();
    let Some((start, list)) = tree.split_once('{') else {
        let (path, _) = tree.split_once(" as ").unwrap_or((tree, ""));
        let words = path.split("::").map(str::trim);
        return vec![
            words
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect(),
        ];
    };
    let list = list.trim_end().strip_suffix('}').unwrap();
    let mut depth = 0_i32;
    let pieces = list.split(|c| {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0
    });
    let start: Module = paths(start).remove(0);
    let inner = pieces
        .filter(|piece| !piece.trim().is_empty())
        .flat_map(paths);
    inner
        .map(|path| {
            let own = path.into_iter().filter(|word| word != "self");
            start.iter().cloned().chain(own).collect()
        })
        .collect()
}

/// The ways to hand out what another module has.
const HANDS_OUT: [&str; 3] = ["pub use ", "pub(crate) use ", "pub(super) use "];

/// The trees of the lines of `code` that begin with one of `keywords`, and the code
/// without them.
fn trees(code: &str, keywords: &[&str]) -> (Vec<String>, String) {
    let (mut trees, mut rest) = (Vec::new(), String::new());
    let mut left = code;
    while !left.is_empty() {
        let tree = keywords.iter().find_map(|word| left.strip_prefix(word));
        let end = if tree.is_some() { ';' } else { '\n' };
        let (piece, after) = left.split_once(end).unwrap_or((left, ""));
        match tree {
            Some(tree) => trees.push(piece[left.len() - tree.len()..].to_owned()),
            None => rest.extend([piece, "\n"]),
        }
        left = after.trim_start();
    }
    (trees, rest)
}

/// The paths of `code` that begin with a word of its crate.
fn written_out(code: &str) -> Vec<Module> {
    let is_of_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    code.split(|c| !is_of_path(c))
        .map(|path| path.split("::").map(str::to_owned).collect::<Module>())
        .filter(|path| path.len() > 1)
        .collect()
}

impl Crate {
    fn read(src: &Path) -> Self {
        let code = sources(src).into_iter().map(|file| {
            let path = file.strip_prefix(src).unwrap().with_extension("");
            let mut module: Module = path
                .components()
                .map(|part| part.as_os_str().to_str().unwrap().to_owned())
                .collect();
            if ["lib", "main", "mod"].contains(&module.last().unwrap().as_str()) {
                module.pop();
            }
            (module, code(&file))
        });
        Self::of(code.collect())
    }

    fn of(code: BTreeMap<Module, String>) -> Self {
        let mut modules = Self {
            code,
            handed_out: BTreeMap::new(),
        };
        for (module, code) in &modules.code {
            for path in trees(code, &HANDS_OUT)
                .0
                .iter()
                .flat_map(|tree| paths(tree))
            {
                if let Some(path) = modules.absolute(module, &path) {
                    let mut name = module.clone();
                    name.extend(path.last().cloned());
                    if name != path && !modules.code.contains_key(&name) {
                        modules.handed_out.insert(name, path);
                    }
                }
            }
        }
        modules
    }

    /// `path`, as it is in `module`, from the root of the crate; `None` where it
    /// leads out of the crate.
    fn absolute(&self, module: &[String], path: &[String]) -> Option<Module> {
        let mut base = match path.first()?.as_str() {
            "crate" => return Some(path[1..].to_vec()),
            "self" => return Some([module, &path[1..]].concat()),
            "super" => module.to_vec(),
            first => {
                let child = [module, &[first.to_owned()]].concat();
                return self
                    .code
                    .contains_key(&child)
                    .then(|| [module, path].concat());
            }
        };
        let above = path.iter().take_while(|word| *word == "super").count();
        base.truncate(base.len().saturating_sub(above));
        base.extend_from_slice(&path[above..]);
        Some(base)
    }

    /// The module in which stands what `path` names.
    fn owner(&self, mut path: Module) -> Module {
        // What is handed out may be handed on.
        for _ in 0..8 {
            let Some((length, target)) = (1..=path.len())
                .rev()
                .find_map(|length| Some((length, self.handed_out.get(&path[..length])?)))
            else {
                break;
            };
            path = [target, &path[length..]].concat();
        }
        while !self.code.contains_key(&path) && path.pop().is_some() {}
        path
    }

    /// From which module of a folder to which other of it there is an arrow.
    fn arrows(&self) -> BTreeSet<Arrow> {
        let mut arrows = BTreeSet::new();
        for (module, code) in &self.code {
            let (_, code) = trees(code, &HANDS_OUT);
            let (used, rest) = trees(&code, &["use "]);
            let used = used.iter().flat_map(|tree| paths(tree));
            for path in used.chain(written_out(&rest)) {
                let Some(path) = self.absolute(module, &path) else {
                    continue;
                };
                let owner = self.owner(path);
                let both = module.iter().zip(&owner);
                let shared = both.take_while(|(one, other)| one == other).count();
                if shared < module.len() && shared < owner.len() {
                    arrows.insert((module[..=shared].to_vec(), owner[..=shared].to_vec()));
                }
            }
        }
        arrows
    }
}

/// A way from a module back to itself, if there is one.
fn circle(arrows: &BTreeSet<Arrow>) -> Option<Vec<String>> {
    fn go<'m>(
        module: &'m Module,
        way: &mut Vec<&'m Module>,
        done: &mut BTreeSet<&'m Module>,
        arrows: &'m BTreeSet<Arrow>,
    ) -> bool {
        let met = way.contains(&module);
        way.push(module);
        if met {
            return true;
        }
        if done.insert(module) {
            let mut next = arrows.iter().filter(|(from, _)| from == module);
            if next.any(|(_, to)| go(to, way, done, arrows)) {
                return true;
            }
        }
        way.pop();
        false
    }
    let mut done = BTreeSet::new();
    arrows.iter().find_map(|(module, _)| {
        let mut way = Vec::new();
        go(module, &mut way, &mut done, arrows)
            .then(|| way.into_iter().map(|module| module.join("::")).collect())
    })
}

#[test]
fn no_modules_stand_in_a_circle() {
    for (folder, least) in [
        ("core", 100),
        ("transport", 50),
        ("transport/sandbox", 20),
        ("server", 10),
        ("cli", 20),
        ("conformance", 2),
    ] {
        let mut arrows = Crate::read(&root().join(folder).join("src")).arrows();
        assert!(arrows.len() > least, "{folder}: {}", arrows.len());
        for (_, module, why) in RECURSIVE.iter().filter(|(of, ..)| *of == folder) {
            let stands_there = |arrow: &Arrow| {
                arrow.0.len() == module.len() + 1 && arrow.0.starts_with(&owned(module))
            };
            let there: BTreeSet<Arrow> = arrows
                .iter()
                .filter(|arrow| stands_there(arrow))
                .cloned()
                .collect();
            assert!(
                circle(&there).is_some(),
                "{module:?} needs no exception any more: {why}"
            );
            arrows.retain(|arrow| !stands_there(arrow));
        }
        assert_eq!(circle(&arrows), None, "{folder}");
    }
}

fn owned(module: &[&str]) -> Module {
    module.iter().map(|&word| word.to_owned()).collect()
}

#[test]
fn a_circle_is_found_however_it_is_written() {
    let circle_of = |files: &[(&str, &str)]| {
        let modules = files.iter().map(|(module, code)| {
            let module = module.split("::").filter(|word| !word.is_empty());
            (module.map(str::to_owned).collect(), (*code).to_owned())
        });
        circle(&Crate::of(modules.collect()).arrows())
    };
    let way = Some(vec!["a".to_owned(), "b".to_owned(), "a".to_owned()]);
    assert_eq!(
        circle_of(&[
            ("a", "use crate::b;"),
            ("b", "use std::fs;"),
            ("", "mod a; mod b;")
        ]),
        None
    );
    for (of_a, of_b) in [
        ("use crate::b::B;", "use crate::a::{c::C, A};"),
        ("fn f() { crate::b::f(); }", "use super::a::A;"),
        ("use crate::{b::{self, B}, x};", "use super::{x, a};"),
        ("use crate::B;", "use crate::a;"),
        ("use super::B as Other;", "pub fn f() -> super::a::A"),
    ] {
        let root = "mod a;\nmod b;\nmod x;\npub(crate) use b::B;";
        let files = [("", root), ("a", of_a), ("b", of_b), ("x", "")];
        assert_eq!(circle_of(&files), way, "{of_a} {of_b}");
    }
    // Two files of one folder, by way of what their parent hands out.
    let files = [
        ("m", "mod a;\nmod b;\npub use a::A;"),
        ("m::a", "use super::b::B;"),
        ("m::b", "use crate::m::A;"),
    ];
    let way = ["m::a", "m::b", "m::a"].map(str::to_owned);
    assert_eq!(circle_of(&files), Some(way.to_vec()));
}
