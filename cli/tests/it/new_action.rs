//! `capi new-action`: what it writes, in a copy of this checkout, and that cargo's
//! tests hold there.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::{capi, stderr, stdout};

/// A name that nobody gives to an action of his own.
const NEW: &[&str] = &[
    "new-action",
    "written-by-a-test",
    "--event",
    "WrittenByATest",
    "--field",
    "plan:string:properties.plan",
    "--field",
    "seats:integer:$.properties.seats",
    "--field",
    "automatic:boolean:properties.auto_renew",
    "--field",
    "renews_at:datetime:properties.renews_at",
    "--field",
    "terms:object:properties.terms",
    "--field",
    "landing:text:context.page.title",
    "--field",
    "value:number:properties.amount",
    "--field",
    "currency:string:properties.currency",
    "--field",
    "contents:object:properties.items",
];

/// Its name is within that of the first invented customer's, and it has no fields.
const BARE: &[&str] = &[
    "new-action",
    "sleeve-of-a-test",
    "--event",
    "Sleeve Of A Test",
];

/// The files of this checkout, by their paths in it, without what cargo and git
/// keep there.
fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let is_ours = !path.ends_with("target")
                && !path.ends_with(".git")
                && !path.join("CACHEDIR.TAG").exists();
            if path.is_dir() && is_ours {
                folders.push(path);
            } else if path.is_file() && is_ours {
                let name = path.strip_prefix(root).unwrap().to_owned();
                files.insert(name, fs::read(path).unwrap());
            }
        }
    }
    files
}

/// A copy of this checkout. Its files are as old as they are here: cargo builds
/// again what is newer than what it built.
fn copy() -> tempfile::TempDir {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let copy = tempfile::tempdir().unwrap();
    for (name, text) in files(&here) {
        let to = copy.path().join(&name);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(&to, text).unwrap();
        let changed = fs::metadata(here.join(&name)).unwrap().modified().unwrap();
        let file = File::options().write(true).open(&to).unwrap();
        file.set_modified(changed).unwrap();
    }
    copy
}

/// `cargo` in `checkout`, with a target folder beside this build's own, so that what
/// the actions need is built once.
fn cargo(checkout: &Path, arguments: &[&str]) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../new-action");
    let mut command = Command::new(cargo);
    command
        .args(arguments)
        .current_dir(checkout)
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_TERM_COLOR", "never")
        .env_remove("CAPI_WRITE_DOCS");
    command
}

fn passes(mut command: Command) -> String {
    let output = command.output().unwrap();
    let said = format!("{}\n{}", stdout(&output), stderr(&output));
    assert!(output.status.success(), "{command:?}\n{said}");
    said
}

/// `capi` with `arguments` in `folder`.
fn capi_in(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_capi"));
    command.args(arguments).current_dir(folder);
    command.output().unwrap()
}

#[test]
fn what_it_writes_passes_the_tests_of_actions_and_nothing_else_is_touched() {
    let checkout = copy();
    let checkout = checkout.path();
    let before = files(checkout);
    for arguments in [NEW, BARE] {
        let output = capi_in(&checkout.join("actions"), arguments);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let slug = arguments[1];
        assert_eq!(
            stdout(&output),
            format!(
                "actions/{slug}/Cargo.toml\nactions/{slug}/src/lib.rs\nactions/{slug}/example.json\n\
                 actions/all/Cargo.toml\nactions/all/src/lib.rs\n"
            )
        );
        assert!(stderr(&output).contains("cargo test -p capi-actions"));
    }
    let after = files(checkout);
    let touched: Vec<_> = after
        .iter()
        .filter(|(path, text)| before.get(*path) != Some(text))
        .map(|(path, _)| path.to_str().unwrap())
        .collect();
    assert_eq!(
        touched,
        [
            "actions/all/Cargo.toml",
            "actions/all/src/lib.rs",
            "actions/sleeve-of-a-test/Cargo.toml",
            "actions/sleeve-of-a-test/example.json",
            "actions/sleeve-of-a-test/src/lib.rs",
            "actions/written-by-a-test/Cargo.toml",
            "actions/written-by-a-test/example.json",
            "actions/written-by-a-test/src/lib.rs",
        ]
    );

    let said = passes(cargo(
        checkout,
        &["test", "--offline", "-p", "capi-actions"],
    ));
    for law in [
        "every_folder_is_an_action_that_is_linked_in",
        "the_example_is_taken_and_converted",
        "nothing_that_the_customer_said_of_himself_leaves_raw",
        "pages_are_what_the_specs_say",
    ] {
        assert!(said.contains(&format!("test {law} ... ok")), "{said}");
    }

    // The page has the event that the example becomes.
    let mut write = cargo(
        checkout,
        &["test", "--offline", "-p", "capi-actions", "--test", "docs"],
    );
    write.env("CAPI_WRITE_DOCS", "1");
    passes(write);
    let page = checkout.join("docs/actions/written-by-a-test.md");
    let page = fs::read_to_string(page).unwrap();
    let (_, sent) = page
        .split_once("becomes, with the prebuilt mapping")
        .unwrap();
    for member in [
        r#""event_name": "WrittenByATest""#,
        r#""plan": "Plan 1""#,
        r#""seats": 2"#,
        r#""automatic": true"#,
        r#""renews_at": "2026-12-24T18:00:00Z""#,
        r#""landing": "#,
        r#""value": 29.5"#,
        r#""currency": "USD""#,
        r#""item_price": 14.75"#,
    ] {
        assert!(sent.contains(member), "{member} is not in {sent}");
    }

    // Without rustfmt no form is kept.
    let version = Command::new("rustfmt").arg("--version").output();
    if version.is_ok_and(|output| output.status.success()) {
        let mut format = Command::new("rustfmt");
        format.args(["--check", "--edition", "2024", "--config-path"]);
        format.arg(checkout);
        for slug in [NEW[1], BARE[1]] {
            format.arg(checkout.join(format!("actions/{slug}/src/lib.rs")));
        }
        passes(format);
    }
}

#[test]
fn where_there_is_no_checkout_it_ends_with_2_and_says_what_to_do() {
    let elsewhere = tempfile::tempdir().unwrap();
    let output = capi_in(elsewhere.path(), NEW);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(stderr(&output).contains("--root DIR"));
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

#[test]
fn what_cannot_be_ends_with_2_and_changes_nothing() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let root = here.to_str().unwrap();
    for (slug, event, field, said) in [
        (
            "lead",
            "LeadOfATest",
            "plan:string:properties.plan",
            "actions/lead is there already",
        ),
        (
            "lead-of-a-test",
            "Lead",
            "plan:string:properties.plan",
            "\"lead\"",
        ),
        (
            "lead-of-a-test",
            "LeadOfATest",
            "plan:strange:properties.plan",
            "no type is called \"strange\"",
        ),
    ] {
        let arguments = [
            "new-action",
            slug,
            "--event",
            event,
            "--field",
            field,
            "--root",
            root,
        ];
        let output = capi(&arguments, "");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
        assert!(!here.join("actions/lead-of-a-test").exists());
    }
}
