//! Arrows one way: between the crates, as their manifests have it, and among the
//! modules of each, as their paths have it. What the pages say of both is so.

mod crates;
mod modules;
mod pages;

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The source files below `folder`.
fn all_sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(all_sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files
}

/// The source files below `folder`, those of unit tests aside.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let is_test = |file: &Path| {
        let within = file.strip_prefix(folder).unwrap().with_extension("");
        within.iter().any(|part| part == "tests")
    };
    let mut files = all_sources(folder);
    files.retain(|file| !is_test(file));
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
