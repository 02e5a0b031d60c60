//! What is written out: exports of letters, copies of the queue, what a damaged one still holds.

use super::*;

/// A script writes over the export of yesterday.
#[test]
fn an_export_that_fails_leaves_the_one_before_it() {
    let world = World::up("good");
    world.track_in("a", "EURO");
    let folder = world.configured.folder.path();
    let file = folder.join("letters.ndjson");
    let file = file.to_str().unwrap();
    let (code, out, talk) = world.run(&["dead", "export", file]);
    assert_eq!((code, out.as_str()), (0, ""), "{talk}");
    let exported = std::fs::read_to_string(file).unwrap();
    let line: Value = serde_json::from_str(exported.trim_end()).unwrap();
    assert_eq!(line["event_id"], "a");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "it holds hashes of persons");
    }

    // The wrong folder: no queue is in it.
    let other = folder.join("other.toml");
    std::fs::write(&other, "[server]\ndata_dir = \"nowhere\"\n").unwrap();
    let command = ["dead", "export", "--config", other.to_str().unwrap(), file];
    assert_eq!(capi(&command, "").status.code(), Some(3));
    assert_eq!(std::fs::read_to_string(file).unwrap(), exported);

    let nowhere = folder.join("no-such-folder/letters.ndjson");
    let (code, _, talk) = world.run(&["dead", "export", nowhere.to_str().unwrap()]);
    assert!(code == 3 && talk.contains("cannot be written"), "{talk}");

    // Written over as a whole, and nothing is left beside it.
    world.track_in("b", "EURO");
    assert_eq!(world.run(&["dead", "export", file]).0, 0);
    let again = std::fs::read_to_string(file).unwrap();
    assert_eq!(again.lines().count(), 2);
    let names = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        ["capi-data", "capi.toml", "letters.ndjson", "other.toml"]
    );
}

/// Whoever can make a link in the folder must not choose what is written over.
#[cfg(unix)]
#[test]
fn an_export_through_a_symbolic_link_is_refused() {
    let world = World::up("good");
    world.track_in("a", "EURO");
    let folder = world.configured.folder.path();
    let target = folder.join("precious");
    std::fs::write(&target, "mine").unwrap();
    let nothing = folder.join("not-there");
    for (name, target) in [("link", &target), ("dangling", &nothing)] {
        let link = folder.join(name);
        std::os::unix::fs::symlink(target, &link).unwrap();
        let (code, _, talk) = world.run(&["dead", "export", link.to_str().unwrap()]);
        assert!(code == 3 && talk.contains("is a symbolic link"), "{talk}");
        assert!(link.is_symlink());
    }
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "mine");
    assert!(!nothing.exists());

    // A folder on the way may be one.
    std::fs::create_dir(folder.join("real")).unwrap();
    std::os::unix::fs::symlink(folder.join("real"), folder.join("folder")).unwrap();
    let through = folder.join("folder/letters.ndjson");
    assert_eq!(
        world.run(&["dead", "export", through.to_str().unwrap()]).0,
        0
    );
    assert!(folder.join("real/letters.ndjson").is_file());
}

/// Nothing takes the place of what is not a file.
#[cfg(target_os = "linux")]
#[test]
fn an_export_into_a_pipe_goes_to_its_reader() {
    let world = World::up("good");
    world.track_in("a", "EURO");
    let pipe = world.configured.folder.path().join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let from = pipe.clone();
    let reader = std::thread::spawn(move || std::fs::read_to_string(from).unwrap());
    let (code, _, talk) = world.run(&["dead", "export", pipe.to_str().unwrap()]);
    assert_eq!(code, 0, "{talk}");
    assert_eq!(reader.join().unwrap().lines().count(), 1);
    assert!(!pipe.is_file(), "it is still there");
    assert!(pipe.exists());
}

#[test]
fn a_queue_is_copied_while_the_server_runs() {
    let world = World::up("dead");
    world.track("a");
    world.until(&["queue", "--json"], |report| report[0]["queued"] == 1);
    let copy = world.configured.path().replace("capi.toml", "copy.sqlite");
    assert_eq!(world.run(&["queue", "backup", &copy]).0, 0);
    let size = std::fs::metadata(&copy).unwrap().len();
    assert!(size > 4096, "{size}");
    let (code, _, talk) = world.run(&["queue", "backup", &copy]);
    assert!(code == 3 && talk.contains("name a new one"), "{talk}");
}

#[test]
fn a_damaged_queue_is_refused_and_what_it_still_holds_is_saved_and_sent() {
    let mut world = World::up("good");
    // Nothing is delivered: the queue has an event and a dead letter.
    world.faults(&json!([{"answer": {"status": 500}}]));
    world.track("a");
    world.track_in("b", "EURO");
    let (code, _, talk) = world.run(&["queue", "recover"]);
    assert!(
        code == 3 && talk.contains("in use by another capi; stop that one"),
        "{talk}"
    );
    world.stop();
    let path = world.configured.path();
    let data = Path::new(&path).with_file_name("capi-data");
    let file = data.join("queue.sqlite");
    // The log goes into the file, which somebody writes over then.
    assert_eq!(world.run(&["queue"]).0, 0);
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[..4096].fill(0xa5);
    std::fs::write(&file, &bytes).unwrap();

    for command in [&["serve"][..], &["queue"], &["dead", "list"]] {
        let (code, out, talk) = world.run(command);
        assert_eq!((code, out.as_str()), (3, ""), "{command:?}: {talk}");
        assert!(
            talk.contains(
                "queue.sqlite is damaged; 1 queued events, 1 dead letters and 0 dedup entries"
            ) && talk.contains("capi queue recover --config"),
            "{talk}"
        );
    }
    assert_eq!(std::fs::read(&file).unwrap(), bytes, "it is only read");

    let saved = &world.lines(&["queue", "recover", "--json"])[0];
    for (key, value) in [
        ("queued", 1),
        ("dead", 1),
        ("marks", 0),
        ("unreadable_rows", 0),
    ] {
        assert_eq!(saved[key], value, "{saved}");
    }
    let kept = saved["kept_as"].as_str().unwrap();
    assert_eq!(std::fs::read(kept).unwrap(), bytes);
    // From a whole one it loses nothing.
    let (code, out, _) = world.run(&["queue", "recover"]);
    assert!(
        code == 0 && out.starts_with("Saved 1 queued events, 1 dead letters and 0 dedup entries"),
        "{out}"
    );

    world.faults(&json!([]));
    world.server = Some(serve(&world.configured));
    world.until(&["queue", "--json"], |report| report[0]["queued"] == 0);
    assert_eq!(arrived(&world), ["a"]);
    assert_eq!(world.lines(&["dead", "list", "--json"]).len(), 1);

    world.stop();
    std::fs::write(&file, [0xa5; 9000]).unwrap();
    for suffix in ["-wal", "-shm"] {
        drop(std::fs::remove_file(
            data.join(format!("queue.sqlite{suffix}")),
        ));
    }
    for command in [&["queue"][..], &["queue", "recover"]] {
        let (code, _, talk) = world.run(command);
        assert!(
            code == 3 && talk.contains("nothing can be read from it"),
            "{command:?}: {talk}"
        );
    }
}
