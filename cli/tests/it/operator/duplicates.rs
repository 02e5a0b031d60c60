//! Events that have the id of another one and say something else.

use super::*;

/// Orders have the ids that the shop gives them, which are not always other ones.
const SHARED_IDS: &str = r#"
[[destination.subscription]]
action = "purchase"
mapping = { event_id = { "@path" = "$.properties.order_id" } }
"#;

fn order(world: &World, message: &str, id: &str, revenue: f64) {
    let order = json!({"revenue": revenue, "currency": "EUR", "order_id": id});
    world.track_with(message, &order);
}

fn sent(world: &World, count: usize) -> Vec<String> {
    world.until(&["queue", "--json"], |report| report[0]["queued"] == 0);
    let ids = arrived(world);
    assert_eq!(ids.len(), count, "{ids:?}");
    ids
}

#[test]
fn orders_under_one_id_are_kept_and_sent_under_their_messages() {
    let mut world = World::with_both("good", "", SHARED_IDS);
    order(&world, "m1", "cart", 5.0);
    // The same once more, as a client sends it again, and with less.
    order(&world, "m1", "cart", 5.0);
    order(&world, "m2", "cart", 7.0);
    order(&world, "m2", "cart", 7.0);
    order(&world, "m3", "cart", 9.0);
    order(&world, "cart", "cart", 11.0);
    assert_eq!(sent(&world, 1), ["cart"]);
    let filter = ["dead", "list", "--json", "--code", "differing_duplicate"];
    let letters = world.lines(&filter);
    let reported: Vec<_> = letters
        .iter()
        .map(|letter| {
            (
                &letter["message_id"],
                &letter["event"]["custom_data"]["value"],
            )
        })
        .collect();
    assert_eq!(
        reported,
        [
            (&json!("m2"), &json!(7.0)),
            (&json!("m3"), &json!(9.0)),
            (&Value::Null, &json!(11.0)),
        ]
    );
    for letter in &letters {
        assert_eq!(letter["reason"], "differing_duplicate");
        assert_eq!(letter["code"], "differing_duplicate");
        assert_eq!(letter["event_id"], "cart");
    }
    // Under their id they cannot be sent.
    assert_eq!(
        world.lines(&["dead", "retry", "--all"]),
        [json!({"queued": 0, "duplicates": 3, "rejected": 0})]
    );
    assert_eq!(
        world
            .run(&["dead", "retry", "--as-new", "--reason", "invalid"])
            .0,
        2
    );
    // By an edit, one by one.
    let id = letters[1]["id"].to_string();
    let (code, out, talk) = world.run(&["dead", "edit", &id, "--set", "event_id=third"]);
    assert_eq!(code, 0, "{out} {talk}");
    assert_eq!(sent(&world, 2), ["cart", "third"]);
    // And by what the messages are called, without a server too.
    world.stop();
    let (code, out, talk) = world.run(&[
        "dead",
        "retry",
        "--reason",
        "differing_duplicate",
        "--as-new",
    ]);
    assert_eq!(
        (code, out.trim_end()),
        (0, r#"{"duplicates":0,"queued":1,"rejected":1}"#),
        "{talk}"
    );
    assert!(talk.contains("no_other_id event_id: "), "{talk}");
    world.server = Some(serve(&world.configured));
    assert_eq!(sent(&world, 3), ["cart", "m2", "third"]);
    assert_eq!(world.lines(&filter).len(), 1);
    // What came late is a duplicate of what was sent as new.
    order(&world, "m2", "m2", 7.0);
    assert_eq!(sent(&world, 3), ["cart", "m2", "third"]);
    // Sent by the running server, and without a reason to filter by.
    order(&world, "m4", "cart", 1.0);
    assert_eq!(
        world.lines(&["dead", "retry", "--as-new"]),
        [json!({"queued": 1, "duplicates": 0, "rejected": 1})]
    );
    assert_eq!(sent(&world, 4), ["cart", "m2", "m4", "third"]);
}

#[test]
fn a_copy_that_knows_less_is_a_plain_duplicate() {
    let world = World::with_both("good", "", SHARED_IDS);
    order(&world, "m1", "o1", 5.0);
    world.track_with(
        "m2",
        &json!({"revenue": 5.00, "currency": "eur", "order_id": "o1"}),
    );
    world.track_with(
        "m3",
        &json!({"revenue": "5.0", "currency": "EUR", "order_id": "o1"}),
    );
    assert_eq!(sent(&world, 1), ["o1"]);
    assert_eq!(world.lines(&["dead", "list", "--json"]), [Value::Null; 0]);
}
