//! What is asked for all the time is found by an index, however much there is.

use super::*;

/// How SQLite goes about a statement.
fn plan(connection: &Connection, statement: &str) -> String {
    let mut plan = connection
        .prepare(&format!("EXPLAIN QUERY PLAN {statement}"))
        .unwrap();
    let mut steps = plan.raw_query();
    let mut said = Vec::<String>::new();
    while let Some(step) = steps.next().unwrap() {
        said.push(step.get(3).unwrap());
    }
    said.join("; ")
}

#[test]
fn statements_of_the_hot_path_scan_and_sort_nothing() {
    let world = World::new();
    let file = world.open().file().to_owned();
    let connection = Connection::open(file).unwrap();
    let statements = [
        lease::fresh_rows(),
        lease::retried_rows(lease::DUE),
        lease::retried_rows(lease::FAR),
        lease::NEXT_DUE.to_owned(),
        report::FIRST.to_owned(),
        gone::PAGE.to_owned(),
        limits::OLD_LETTERS.to_owned(),
        groups::FREE.to_owned(),
        groups::AGED.to_owned(),
        groups::sampled_row(),
        groups::end("min"),
        groups::end("max"),
        queued::FIND.to_owned(),
        acknowledge::REMOVE.to_owned(),
        acknowledge::RETRY.to_owned(),
        acknowledge::SET_ASIDE.to_owned(),
        acknowledge::DOUBT.to_owned(),
        dead_letter_row::REMOVE_REJECTED.to_owned(),
        duplicate::IS_KEPT.to_owned(),
        windows::open_rows("due_at = 0"),
        windows::open_rows("due_at < 0"),
        windows::open_rows("due_at > 0"),
    ];
    for statement in &statements {
        let plan = plan(&connection, statement);
        assert!(plan.contains("SEARCH"), "{statement}: {plan}");
        assert!(!plan.contains("SCAN"), "{statement}: {plan}");
        assert!(!plan.contains("B-TREE"), "{statement}: {plan}");
    }
    // Each end of its range is sought, not only the lane.
    for (range, ends) in [
        (lease::DUE, "due_at>? AND due_at<?"),
        (lease::FAR, "due_at>? AND due_at<?"),
    ] {
        let plan = plan(&connection, &lease::retried_rows(range));
        assert!(plan.contains(ends), "{plan}");
    }
    // Nor does a conflict of an append, or a look for a dedup entry.
    let marks: String = connection
        .query_row(
            "SELECT name FROM sqlite_schema WHERE name LIKE 'seen%'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    let look = plan(
        &connection,
        &format!("SELECT fingerprint FROM \"{marks}\" WHERE dedup_key = ?"),
    );
    assert!(look.contains("SEARCH"), "{look}");
}
