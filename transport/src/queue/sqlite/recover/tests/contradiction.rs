//! Rows that say one thing twice, and differently.

use super::*;

#[test]
fn a_row_that_contradicts_itself_is_left_out() {
    let (main, held) = whole();
    // One that has an id.
    let seq = held.queued.keys().find(|seq| (*seq - 1) % 7 != 0).unwrap();
    for damage in [
        "dataset_id = '2'",
        "event_name = 'Lead'",
        "event_id = 'other'",
        "dedup_key = zeroblob(16)",
        "dedup_key = NULL",
        "dedup_key = zeroblob(15)",
        "event_time = event_time + 1",
        "lane = 77",
        "physical_store = 2",
        "due_at = 1 << 60",
        "attempts = -1",
        "outcome_unknown = 7",
        "payload_version = 2",
        "action = 'half' || char(0)",
        "payload = CAST('[]' AS BLOB)",
        "payload = substr(payload, 1, length(payload) - 1)",
        "payload = CAST(replace(CAST(payload AS TEXT), '\"event_id\":\"', '\"event_id\":\"x') AS BLOB)",
        "payload = CAST('{\"action_source\":\"physical_store\"}' AS BLOB)",
        "payload = CAST('{\"a\":\"' || x'ff' || '\"}' AS BLOB)",
    ] {
        let folder = Folder::with(main);
        let connection = Connection::open(folder.file()).unwrap();
        connection
            .pragma_update(None, "foreign_keys", false)
            .unwrap();
        let changed = connection
            .execute(&format!("UPDATE queued SET {damage} WHERE seq = {seq}"), [])
            .unwrap();
        assert_eq!(changed, 1);
        drop(connection);
        let recovered = folder.recover().unwrap();
        assert_eq!(recovered.unreadable_rows, 1, "{damage}");
        let mut rest = held.queued.clone();
        rest.remove(seq);
        assert!(Held::by(&folder).queued == rest, "{damage}");
    }
}
