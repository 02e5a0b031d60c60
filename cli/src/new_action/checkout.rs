//! The checkout of capi that an action is written into.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail, ensure};

use super::shown;

/// What every checkout has.
const MANIFEST: &str = "actions/all/Cargo.toml";
const LINKS: &str = "actions/all/src/lib.rs";

/// What helps where nothing can be written.
const WHAT_TO_DO: &str =
    "Give yourself the right to write there, or name another clone with --root DIR";

/// A checkout of capi.
#[derive(Debug)]
pub(super) struct Checkout {
    pub(super) root: PathBuf,
}

impl Checkout {
    /// # Errors
    ///
    /// `root` is none.
    pub(super) fn at(root: &Path) -> anyhow::Result<Self> {
        ensure!(
            is_root(root),
            "{} is not a checkout of capi: it has no {MANIFEST}; name the folder of a clone",
            root.display()
        );
        Ok(Self {
            root: root.to_owned(),
        })
    }

    /// The checkout that `folder` is in.
    ///
    /// # Errors
    ///
    /// It is in none.
    pub(super) fn around(folder: &Path) -> anyhow::Result<Self> {
        let root = folder.ancestors().find(|above| is_root(above));
        let root = root.ok_or_else(|| {
            anyhow!(
                "this is not a checkout of capi: neither {} nor a folder above it has {MANIFEST}; go into a clone of capi, or name it with --root DIR. An action can also live in a crate of its own: see examples/out-of-tree-action there",
                folder.display()
            )
        })?;
        Self::at(root)
    }

    /// The events of the actions here, which need not be in this binary yet, with
    /// the slugs of their actions.
    pub(super) fn event_names(&self) -> Vec<(String, String)> {
        let folders = fs::read_dir(self.root.join("actions"));
        let read = |folder: fs::DirEntry| {
            let source = fs::read_to_string(folder.path().join("src/lib.rs")).ok()?;
            let (_, name) = source.split_once("event_name: Some(\"")?;
            let (name, _) = name.split_once('"')?;
            Some((folder.file_name().into_string().ok()?, name.to_owned()))
        };
        folders
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(read)
            .collect()
    }

    /// What is to be written for the action `slug`, whose crate has `files`.
    ///
    /// # Errors
    ///
    /// The slug is taken, or one of the two files that link actions in cannot be
    /// read or has no action.
    pub(super) fn plan(
        self,
        slug: &str,
        files: [(&'static str, String); 3],
    ) -> anyhow::Result<Plan> {
        let folder = self.root.join("actions").join(slug);
        if folder.symlink_metadata().is_ok() {
            bail!(
                "{} is there already; choose another slug",
                shown(&self.root, &folder).display()
            );
        }
        let links = [
            (MANIFEST, dependency as fn(&str) -> String, '-'),
            (LINKS, link, '_'),
        ];
        let mut edits = Vec::new();
        for (name, line, between) in links {
            let path = self.root.join(name);
            let before =
                fs::read_to_string(&path).with_context(|| format!("cannot read {name}"))?;
            let after = with_line(&before, &line(slug), between).with_context(|| name)?;
            edits.push(Edit {
                path,
                before,
                after,
            });
        }
        let files = files
            .into_iter()
            .map(|(name, text)| (folder.join(name), text))
            .collect();
        Ok(Plan {
            root: self.root,
            folder,
            files,
            edits,
        })
    }
}

fn is_root(folder: &Path) -> bool {
    folder.join(MANIFEST).is_file()
}

/// The line of `actions/all/Cargo.toml`.
pub(super) fn dependency(slug: &str) -> String {
    format!("capi-action-{slug} = {{ path = \"../{slug}\" }}")
}

/// The line of `actions/all/src/lib.rs`.
pub(super) fn link(slug: &str) -> String {
    format!("use capi_action_{} as _;", slug.replace('-', "_"))
}

/// `text` with `line` at its place among the lines of the other actions, which
/// are in the order of their words; words have `between` between them.
///
/// # Errors
///
/// `text` has no line of an action, or this one's already.
pub(super) fn with_line(text: &str, line: &str, between: char) -> anyhow::Result<String> {
    let words = |line: &str| -> Option<Vec<String>> {
        let named = line.strip_prefix("use ").unwrap_or(line);
        let named = named.strip_prefix(&format!("capi{between}action{between}"))?;
        let name = named.split_whitespace().next()?;
        Some(name.split(between).map(str::to_owned).collect())
    };
    let new = words(line);
    let mut after_last = None;
    let mut place = None;
    let mut at = 0;
    for there in text.split_inclusive('\n') {
        if let Some(words) = words(there) {
            ensure!(
                Some(&words) != new.as_ref(),
                "there is a line of this action already; delete it, or choose another slug"
            );
            after_last = Some(at + there.len());
            if place.is_none() && Some(&words) > new.as_ref() {
                place = Some(at);
            }
        }
        at += there.len();
    }
    let at = place.or(after_last).ok_or_else(|| {
        anyhow!(
            "no line of an action, such as that of purchase, was found to put the new one after"
        )
    })?;
    let (before, behind) = text.split_at(at);
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let break_before = if before.ends_with('\n') || before.is_empty() {
        ""
    } else {
        end
    };
    Ok(format!("{before}{break_before}{line}{end}{behind}"))
}

/// A file that gets a line.
struct Edit {
    path: PathBuf,
    before: String,
    after: String,
}

/// All that is to be written.
pub(super) struct Plan {
    root: PathBuf,
    folder: PathBuf,
    files: Vec<(PathBuf, String)>,
    edits: Vec<Edit>,
}

impl Plan {
    /// Writes it, and gives the paths under the root. What fails leaves nothing.
    ///
    /// # Errors
    ///
    /// A file cannot be written.
    pub(super) fn write(&self) -> anyhow::Result<Vec<PathBuf>> {
        // Not `create_dir_all`: a folder that came meanwhile is not ours to fill.
        if let Err(error) = fs::create_dir(&self.folder) {
            bail!(
                "cannot make {}: {error}; nothing was written. {WHAT_TO_DO}",
                self.folder.display()
            );
        }
        if let Err(error) = self.fill() {
            let left = if self.take_back() {
                "nothing was written"
            } else {
                "not all of what was begun could be undone"
            };
            bail!("{error:#}; {left}. {WHAT_TO_DO}");
        }
        let paths = self.files.iter().map(|(path, _)| path);
        let paths = paths.chain(self.edits.iter().map(|edit| &edit.path));
        Ok(paths
            .map(|path| shown(&self.root, path).to_owned())
            .collect())
    }

    fn fill(&self) -> anyhow::Result<()> {
        let write = |path: &Path, text: &str| -> io::Result<()> {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(path, text)
        };
        let files = self.files.iter().map(|(path, text)| (path, text));
        let edits = self.edits.iter().map(|edit| (&edit.path, &edit.after));
        for (path, text) in files.chain(edits) {
            write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    }

    /// As far as it can: the first error is the one to tell. Whether all is as it was.
    fn take_back(&self) -> bool {
        let mut is_whole = true;
        for edit in &self.edits {
            let is_changed = fs::read_to_string(&edit.path).is_ok_and(|text| text != edit.before);
            if is_changed && let Err(error) = fs::write(&edit.path, &edit.before) {
                status!("cannot put {} back as it was: {error}", edit.path.display());
                is_whole = false;
            }
        }
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            status!("cannot remove {}: {error}", self.folder.display());
            is_whole = false;
        }
        is_whole
    }
}
