//! Arrows one way: between the crates, as their manifests have it, and among the
//! modules of each, as their `use` lines have it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Which of ours each crate may depend on; an action, on the core only.
const ARROWS: &[(&str, &[&str])] = &[
    ("capi-core", &[]),
    ("capi-sandbox", &[]),
    ("capi-conformance", &["capi-core"]),
    ("capi-transport", &["capi-core"]),
    ("capi-actions", &["capi-core", "capi-action-*"]),
    (
        "capi-server",
        &["capi-core", "capi-actions", "capi-transport"],
    ),
    (
        "capi-cli",
        &[
            "capi-core",
            "capi-actions",
            "capi-conformance",
            "capi-sandbox",
            "capi-server",
            "capi-transport",
        ],
    ),
    ("capi-action-*", &["capi-core"]),
];

/// What opens sockets and files, or runs tasks: not for the core, the actions and the
/// cases.
const OF_THE_WORLD: &[&str] = &["tokio", "axum", "hyper", "reqwest", "rusqlite", "rustls"];

const PURE: &[&str] = &[
    "capi-core",
    "capi-conformance",
    "capi-actions",
    "capi-action-*",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn is_named(name: &str, pattern: &str) -> bool {
    pattern
        .strip_suffix('*')
        .map_or(name == pattern, |start| name.starts_with(start))
}

/// The crates of the workspace and what each is built of, tests aside.
fn crates() -> BTreeMap<String, Vec<String>> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let name = |value: &Value| value["name"].as_str().unwrap().to_owned();
    let packages = metadata["packages"].as_array().unwrap();
    let of = |package: &Value| {
        let dependencies = package["dependencies"].as_array().unwrap();
        let built = dependencies.iter().filter(|one| one["kind"].is_null());
        built.map(name).collect()
    };
    packages
        .iter()
        .map(|package| (name(package), of(package)))
        .collect()
}

#[test]
fn a_crate_depends_only_on_what_is_left_of_it() {
    let crates = crates();
    assert!(crates.len() > 20, "{crates:?}");
    for (name, dependencies) in &crates {
        // A measurement may look at anything.
        if name == "capi-bench" {
            continue;
        }
        let (_, allowed) = ARROWS
            .iter()
            .find(|(pattern, _)| is_named(name, pattern))
            .unwrap_or_else(|| panic!("{name} has no place in the architecture"));
        for dependency in dependencies.iter().filter(|one| one.starts_with("capi-")) {
            assert!(
                allowed.iter().any(|pattern| is_named(dependency, pattern)),
                "{name} depends on {dependency}"
            );
        }
    }
}

#[test]
fn what_is_pure_opens_no_socket_and_no_file() {
    for (name, dependencies) in crates() {
        if PURE.iter().any(|pattern| is_named(&name, pattern)) {
            for dependency in dependencies {
                assert!(
                    !OF_THE_WORLD.contains(&dependency.as_str()),
                    "{name} depends on {dependency}"
                );
            }
        }
    }
    // Addresses are text; what opens something is not for the core.
    let doors = [
        "std::fs",
        "TcpStream",
        "TcpListener",
        "UdpSocket",
        "std::env",
        "SystemTime",
        "Instant::now",
        "Timestamp::now",
        "std::process",
    ];
    for file in sources(&root().join("core/src")) {
        let text = code(&file);
        for door in doors {
            assert!(!text.contains(door), "{} uses {door}", file.display());
        }
    }
}

/// The source files below `folder`, those of unit tests aside.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        if matches!(stem, Some("tests")) {
            continue;
        }
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files
}

/// The code of a file, without comments and unit tests.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    let (text, _) = text
        .split_once("#[cfg(test)]\nmod tests")
        .unwrap_or((&text, ""));
    let lines = text.lines().map(str::trim_start);
    let lines: Vec<_> = lines.filter(|line| !line.starts_with("//")).collect();
    lines.join("\n")
}

/// The names behind each `crate::`: one, or those in braces.
fn named(code: &str) -> BTreeSet<&str> {
    let word = |text: &str| {
        let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
        end.unwrap_or(text.len())
    };
    let mut names = BTreeSet::new();
    for (place, _) in code.match_indices("crate::") {
        let rest = &code[place + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(list) => {
                let mut depth = 0_i32;
                let mut start = 0;
                for (at, c) in list.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => {
                            names.insert(list[start..at].trim());
                            break;
                        }
                        '}' => depth -= 1,
                        ',' if depth == 0 => {
                            names.insert(list[start..at].trim());
                            start = at + 1;
                        }
                        _ => {}
                    }
                }
            }
            None => {
                names.insert(&rest[..word(rest)]);
            }
        }
    }
    names.into_iter().map(|name| &name[..word(name)]).collect()
}

/// What each module at the top of `src` names of its crate.
fn modules(src: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let lib = code(&src.join("lib.rs"));
    // What is handed out at the top stands in some module.
    let owner = |name: &str| {
        lib.split("pub use ").skip(1).find_map(|line| {
            let (line, _) = line.split_once(';')?;
            let (module, names) = line.split_once("::")?;
            let mut words = names.split(|c: char| !c.is_alphanumeric() && c != '_');
            words.any(|word| word == name).then(|| module.to_owned())
        })
    };
    let mut modules: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in sources(src) {
        let path = file.strip_prefix(src).unwrap();
        let first = path.components().next().unwrap().as_os_str();
        let module = first.to_str().unwrap().trim_end_matches(".rs").to_owned();
        if module == "lib" || module == "main" {
            continue;
        }
        let code = code(&file);
        let names = named(&code).into_iter();
        let owners = names.map(|name| owner(name).unwrap_or_else(|| name.to_owned()));
        modules.entry(module).or_default().extend(owners);
    }
    modules
}

/// A way from a module back to itself, if there is one.
fn circle(modules: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    fn go<'m>(
        module: &'m str,
        way: &mut Vec<&'m str>,
        done: &mut BTreeSet<&'m str>,
        modules: &'m BTreeMap<String, BTreeSet<String>>,
    ) -> bool {
        if way.contains(&module) {
            way.push(module);
            return true;
        }
        if !done.insert(module) {
            return false;
        }
        way.push(module);
        let next = modules.get(module).into_iter().flatten();
        let found = next
            .filter(|next| *next != module)
            .any(|next| go(next, way, done, modules));
        if !found {
            way.pop();
        }
        found
    }
    let mut done = BTreeSet::new();
    modules.keys().find_map(|module| {
        let mut way = Vec::new();
        go(module, &mut way, &mut done, modules)
            .then(|| way.into_iter().map(str::to_owned).collect())
    })
}

#[test]
fn no_modules_of_a_crate_stand_in_a_circle() {
    for folder in [
        "core",
        "transport",
        "transport/sandbox",
        "server",
        "conformance",
    ] {
        let modules = modules(&root().join(folder).join("src"));
        let arrows: usize = modules.values().map(BTreeSet::len).sum();
        assert!(arrows > 2, "{folder}: {modules:?}");
        assert_eq!(circle(&modules), None, "{folder}");
    }
}

#[test]
fn a_circle_is_found() {
    let modules = |arrows: &[(&str, &str)]| {
        let mut modules: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (from, to) in arrows {
            modules
                .entry((*from).into())
                .or_default()
                .insert((*to).into());
        }
        modules
    };
    assert_eq!(
        circle(&modules(&[("a", "b"), ("b", "c"), ("a", "c")])),
        None
    );
    let found = circle(&modules(&[("a", "b"), ("b", "c"), ("c", "b")])).unwrap();
    assert_eq!(found, ["a", "b", "c", "b"]);
    let code = "use crate::{a, b::{c, d}, e};\ncrate::f::g();";
    assert_eq!(
        named(code).into_iter().collect::<Vec<_>>(),
        ["a", "b", "e", "f"]
    );
}

#[test]
fn each_dependency_has_its_line() {
    let page = fs::read_to_string(root().join("docs/dependencies.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let told: BTreeSet<&str> = rows
        .filter_map(|row| row.split('|').nth(1))
        .flat_map(|cell| cell.split(','))
        .map(|name| name.trim().trim_matches('`'))
        .collect();
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let (_, rest) = manifest.split_once("[workspace.dependencies]\n").unwrap();
    let (table, _) = rest.split_once("\n[").unwrap();
    let used: BTreeSet<&str> = table
        .lines()
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, _)| name)
        .filter(|name| !name.starts_with("capi-"))
        .collect();
    assert_eq!(
        told, used,
        "docs/dependencies.md (left) and Cargo.toml (right)"
    );
}

#[test]
fn each_file_that_the_map_names_is_there() {
    let map = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let folders = [
        "core",
        "transport",
        "server",
        "cli",
        "actions",
        "conformance",
    ];
    let files: Vec<PathBuf> = folders
        .into_iter()
        .flat_map(|folder| sources(&root().join(folder)))
        .collect();
    let named: BTreeSet<&str> = map
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|name| name.ends_with(".rs") && !name.contains('<'))
        .collect();
    assert!(named.len() > 20, "{named:?}");
    for name in named {
        // In a row of the table a file stands under the crate of the row before.
        assert!(
            files.iter().any(|file| file.ends_with(name)),
            "ARCHITECTURE.md names {name}, which is not there"
        );
    }
}
