//! What is only in the log yet.

use rusqlite::params;

use super::*;

/// Gives the files with the last rows in the log only, as a crash leaves them.
fn with_log(rows: usize) -> (Folder, Held) {
    let folder = Folder::with(&whole().0);
    let connection = Connection::open(folder.file()).unwrap();
    for (name, value) in [("journal_mode", "WAL"), ("wal_autocheckpoint", "0")] {
        connection.pragma_update(None, name, value).unwrap();
    }
    connection
        .execute("INSERT INTO lane VALUES (9, 'other', '')", [])
        .unwrap();
    for number in 0..rows {
        let event = event(500_000 + number);
        connection
            .execute(
                "INSERT INTO queued (lane, physical_store, due_at, appended_at, dataset_id,
                     event_name, event_id, event_time, dedup_key, payload_version, payload)
                 VALUES (1, 0, 0, 7, '1', 'Purchase', ?, ?, ?, 1, ?)",
                params![event.event_id, event.event_time, event.key, &*event.payload],
            )
            .unwrap();
    }
    let crashed = Folder::new();
    for suffix in ["", "-wal"] {
        let name = format!("{FILE}{suffix}");
        fs::copy(folder.path().join(&name), crashed.path().join(&name)).unwrap();
    }
    (crashed, Held::by(&folder))
}

#[test]
fn what_is_only_in_the_log_is_saved_too_up_to_where_it_is_damaged() {
    let before = whole().1.queued.len();
    let log = |folder: &Folder| folder.path().join("queue.sqlite-wal");
    let (folder, held) = with_log(60);
    assert_eq!(held.queued.len(), before + 60);
    let written = fs::read(log(&folder)).unwrap();
    let recovered = folder.recover().unwrap();
    assert!(Held::by(&folder) == held);
    // It is kept beside the file.
    let kept = side_file(&recovered.kept_as, "-wal");
    assert!(fs::read(kept).unwrap() == written);
    assert!(!folder.names().contains("queue.sqlite-wal"));

    // To open a damaged file, or to refuse it, takes nothing from its log.
    let (folder, held) = with_log(60);
    let mut main = fs::read(folder.file()).unwrap();
    main[3 * 4096..4 * 4096].fill(0xa5);
    main[..4096].fill(0xa5);
    fs::write(folder.file(), main).unwrap();
    drop(SqliteQueue::open(SqliteOptions::new(folder.path())));
    folder.recover().unwrap();
    let saved = Held::by(&folder).queued;
    assert!(
        held.queued
            .iter()
            .all(|(seq, row)| saved.get(seq) == Some(row))
    );

    // The main file is gone, and its log has the newest of it.
    for gone in [true, false] {
        let (folder, _) = with_log(60);
        let written = fs::read(log(&folder)).unwrap();
        if gone {
            fs::remove_file(folder.file()).unwrap();
        } else {
            fs::write(folder.file(), "").unwrap();
        }
        let error = SqliteQueue::open(SqliteOptions::new(folder.path())).unwrap_err();
        assert!(matches!(error, QueueError::Damaged { .. }), "{error}");
        assert!(fs::read(log(&folder)).unwrap() == written);
        folder.recover().unwrap();
        let saved = Held::by(&folder).queued;
        assert!(saved.len() >= 60);
        assert!(saved.iter().all(|(seq, row)| &held.queued[seq] == row));
    }

    let mut saved = Vec::new();
    for (what, at) in [("its header", 20), ("its middle", written.len() / 2)] {
        let (folder, _) = with_log(60);
        let mut damaged = written.clone();
        damaged[at] ^= 1;
        fs::write(log(&folder), damaged).unwrap();
        let recovered = folder.recover().unwrap();
        assert_eq!(recovered.unreadable_rows, 0, "{what}");
        saved.push(Held::by(&folder).queued.len());
    }
    assert_eq!(saved[0], before);
    assert!(saved[1] > before && saved[1] < before + 60, "{saved:?}");
}
