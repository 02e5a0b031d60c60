//! What the pages say of the crates and the files.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use super::{all_sources, root};

#[test]
fn each_dependency_has_its_line() {
    let page = fs::read_to_string(root().join("docs/dependencies.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let reported: BTreeSet<&str> = rows
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
        reported, used,
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
        .flat_map(|folder| all_sources(&root().join(folder)))
        .collect();
    let named: BTreeSet<&str> = map
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|name| name.ends_with(".rs") && !name.contains('<'))
        .collect();
    assert!(named.len() > 20, "{named:?}");
    for name in named {
        // In a row of the table a file is under the crate of the row before.
        assert!(
            files.iter().any(|file| file.ends_with(name)),
            "ARCHITECTURE.md names {name}, which is not there"
        );
    }
}
