//! Files that an earlier capi wrote.

use super::super::super::super::conversion::dedup_key;
use super::*;

#[test]
fn rows_of_earlier_versions_are_saved_as_those_of_today() {
    for (file, action) in [
        (include_str!("../../tests/version_1.sql"), Value::Null),
        (
            include_str!("../../tests/version_2.sql"),
            Value::Text("purchase".to_owned()),
        ),
        (
            include_str!("../../tests/version_3.sql"),
            Value::Text("purchase".to_owned()),
        ),
        (
            include_str!("../../tests/version_4.sql"),
            Value::Text("purchase".to_owned()),
        ),
    ] {
        let folder = Folder::new();
        let connection = Connection::open(folder.file()).unwrap();
        connection.execute_batch(file).unwrap();
        for (table, id) in [("queued", "waiting"), ("dead", "buried")] {
            connection
                .execute(
                    &format!("UPDATE {table} SET dedup_key = ?"),
                    [dedup_key("1", "Purchase", id)],
                )
                .unwrap();
        }
        drop(connection);
        let migrated = Folder::with(&fs::read(folder.file()).unwrap());
        drop(migrated.queue());
        let migrated = Held::by(&migrated);
        let recovered = folder.recover().unwrap();
        assert_eq!(counts(&recovered), (1, 1, 0));
        assert_eq!(recovered.unreadable_rows, 0);
        let held = Held::by(&folder);
        assert_eq!(held, migrated);
        // What came later than the action is not known of it.
        for (rows, later) in [(&held.queued, 2), (&held.dead, 3)] {
            let row = rows.values().next().unwrap();
            let (known, unknown) = row.split_at(row.len() - later);
            assert_eq!(known.last(), Some(&action));
            assert!(unknown.iter().all(|value| *value == Value::Null));
        }
    }
}
