//! The arrows between crates.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::{all_sources, code, root, sources};

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

fn is_named(name: &str, pattern: &str) -> bool {
    pattern
        .strip_suffix('*')
        .map_or(name == pattern, |start| name.starts_with(start))
}

fn metadata() -> Value {
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
    serde_json::from_slice(&output.stdout).unwrap()
}

fn name(value: &Value) -> String {
    value["name"].as_str().unwrap().to_owned()
}

/// The crates of the workspace and what each is built of, tests aside.
fn crates() -> BTreeMap<String, Vec<String>> {
    let metadata = metadata();
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

#[test]
fn what_a_crate_depends_on_it_uses() {
    let metadata = metadata();
    for package in metadata["packages"].as_array().unwrap() {
        let manifest = Path::new(package["manifest_path"].as_str().unwrap());
        // The sandbox is in a folder of transport's.
        let stands_apart = |file: &Path| {
            let within = file.strip_prefix(manifest.parent().unwrap()).unwrap();
            within.starts_with("sandbox") && name(package) != "capi-sandbox"
        };
        let files = all_sources(manifest.parent().unwrap());
        let files = files.iter().filter(|file| !stands_apart(file));
        let text: String = files
            .map(|file| fs::read_to_string(file).unwrap())
            .collect();
        let is_of_name = |c: char| c.is_alphanumeric() || c == '_';
        let words: BTreeSet<&str> = text.split(|c| !is_of_name(c)).collect();
        for dependency in package["dependencies"].as_array().unwrap() {
            let dependency = name(dependency).replace('-', "_");
            assert!(
                words.contains(dependency.as_str()),
                "{} depends on {dependency} and does not use it",
                name(package)
            );
        }
    }
}
