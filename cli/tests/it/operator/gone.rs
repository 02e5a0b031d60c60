//! What is queued for a destination that the configuration does not have any more.

use super::*;

/// The configuration of a world with another name for its destination.
fn rename(world: &World, from: &str, to: &str) {
    let path = world.configured.path();
    let text = std::fs::read_to_string(&path).unwrap();
    let name = |name: &str| format!("name = \"{name}\"");
    std::fs::write(&path, text.replace(&name(from), &name(to))).unwrap();
}

const REASSIGN: [&str; 6] = ["queue", "reassign", "--from", "meta", "--to", "new"];
const PURGE: [&str; 5] = ["queue", "purge", "--destination", "meta", "--yes"];

#[test]
fn the_rows_of_a_destination_that_is_there_stay_its_own() {
    let mut world = World::up("dead");
    world.track("a");
    for running in [true, false] {
        if !running {
            world.stop();
        }
        for command in [&REASSIGN[..], &PURGE] {
            let (code, out, talk) = world.run(command);
            assert_eq!((code, out.as_str()), (2, ""), "{command:?}: {talk}");
            assert!(talk.contains("has the destination \"meta\""), "{talk}");
        }
        let nowhere = ["queue", "reassign", "--from", "old", "--to", "mete"];
        let (code, _, talk) = world.run(&nowhere);
        assert!(code == 2 && talk.contains("it has: meta"), "{talk}");
        let report = &world.lines(&["queue", "--json"])[0];
        assert_eq!(report["queued"], 1);
    }
}

#[test]
fn nothing_is_thrown_away_without_a_word() {
    let world = World::up("dead");
    let (code, out, talk) = world.run(&["queue", "purge", "--destination", "old"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(talk.contains("--yes"), "{talk}");
}

#[test]
fn what_waits_for_a_destination_that_is_gone_is_given_to_another_and_sent() {
    let mut world = World::up("good");
    for running in [true, false] {
        world.faults(&json!([{"answer": {"status": 500}}]));
        let id = if running { "a" } else { "b" };
        world.track(id);
        world.stop();
        rename(&world, "meta", "new");
        world.faults(&json!([]));
        if running {
            world.server = Some(serve(&world.configured));
        }
        assert_eq!(world.lines(&REASSIGN), [json!({"reassigned": 1})]);
        let (code, out, talk) = world.run(&REASSIGN);
        assert_eq!((code, out.trim()), (1, r#"{"reassigned":0}"#));
        assert!(talk.contains("Nothing is queued"), "{talk}");
        if !running {
            world.server = Some(serve(&world.configured));
        }
        world.until(&["queue", "--json"], |report| report[0]["queued"] == 0);
        assert!(arrived(&world).contains(&id.to_owned()));
        world.stop();
        rename(&world, "new", "meta");
        world.server = Some(serve(&world.configured));
    }
    assert_eq!(arrived(&world), ["a", "b"]);
}

#[test]
fn what_waits_for_a_destination_that_is_gone_is_thrown_away() {
    let mut world = World::up("good");
    world.faults(&json!([{"answer": {"status": 500}}]));
    for running in [true, false] {
        world.track(if running { "a" } else { "b" });
        world.stop();
        rename(&world, "meta", "new");
        if running {
            world.server = Some(serve(&world.configured));
        }
        assert_eq!(world.lines(&PURGE), [json!({"purged": 1})]);
        assert_eq!(world.run(&PURGE).0, 1);
        let report = &world.lines(&["queue", "--json"])[0];
        assert_eq!((&report["queued"], &report["dead"]), (&json!(0), &json!(0)));
        world.stop();
        rename(&world, "new", "meta");
        world.server = Some(serve(&world.configured));
    }
}
