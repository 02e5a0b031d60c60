//! What is left of a damaged main file.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

const PAGE: usize = 4096;

/// What disks lose in one go.
const SECTOR: usize = 512;

fn damaged(main: &[u8], damage: impl FnOnce(&mut Vec<u8>)) -> Folder {
    let mut main = main.to_vec();
    damage(&mut main);
    Folder::with(&main)
}

/// Opening it says what `recover` then saves. Gives what that is.
fn refused_and_recovered(folder: &Folder, what: &str) -> Held {
    let error = SqliteQueue::open(SqliteOptions::new(folder.path())).unwrap_err();
    let QueueError::Damaged { salvageable, .. } = &error else {
        panic!("{what}: {error}")
    };
    let recovered = folder.recover().unwrap();
    let Salvageable {
        queued,
        dead,
        marks,
    } = *salvageable;
    assert_eq!((queued, dead, marks), counts(&recovered), "{what}");
    let said = format!("{queued} queued events, {dead} dead letters and {marks} dedup entries");
    assert!(error.to_string().contains(&said), "{what}: {error}");
    assert!(recovered.unreadable_pages > 0, "{what}");
    let held = Held::by(folder);
    assert_eq!(held.counts(), (queued, dead, marks), "{what}");
    held
}

/// The numbers of those rows of which no byte is on a damaged page. A row's tag
/// is on each of its pages.
fn untouched(
    main: &[u8],
    rows: &BTreeMap<i64, Vec<Value>>,
    is_damaged: impl Fn(usize) -> bool,
) -> BTreeSet<i64> {
    let mut tags = BTreeSet::new();
    for (at, page) in main.chunks(PAGE).enumerate() {
        if is_damaged(at + 1) {
            let starts = (0..page.len()).filter(|start| page[*start] == b'<');
            tags.extend(starts.filter_map(|start| page.get(start..start + 8)));
        }
    }
    let is_whole = |row: &Vec<Value>| {
        let Some(Value::Blob(payload)) = row
            .iter()
            .find(|v| matches!(v, Value::Blob(v) if v.len() > 16))
        else {
            panic!("a payload")
        };
        let start = payload.iter().position(|byte| *byte == b'<').unwrap();
        !tags.contains(&payload[start..start + 8])
    };
    let whole = rows.iter().filter(|(_, row)| is_whole(row));
    whole.map(|(seq, _)| *seq).collect()
}

/// All that was not touched is there as it was. Something else, which was
/// delivered or dead-lettered, can come back only where the dedup entries are lost too.
fn assert_kept(
    what: &str,
    saved: &BTreeMap<i64, Vec<Value>>,
    held: &BTreeMap<i64, Vec<Value>>,
    untouched: &BTreeSet<i64>,
) {
    let is_other = |seq: &&i64| saved.get(seq) != held.get(seq);
    let lost: Vec<_> = untouched.iter().filter(is_other).collect();
    assert!(lost.is_empty(), "{what}: lost or changed: {lost:?}");
    for (seq, row) in saved {
        assert!(row.contains(&payload(*seq)), "{what}: row {seq} is another");
    }
}

/// What was appended with a number.
fn payload(seq: i64) -> Value {
    let number = usize::try_from(seq - 1).unwrap();
    Value::Blob(event(number).payload.to_vec())
}

#[test]
fn without_header_or_first_page_nothing_is_lost() {
    let (main, held) = whole();
    for (what, size, byte) in [("the header", 100, 0xa5), ("the first page", PAGE, 0)] {
        let folder = damaged(main, |main| main[..size].fill(byte));
        assert!(&refused_and_recovered(&folder, what) == held, "{what}");
    }
}

#[tokio::test]
async fn damage_that_is_met_at_work_is_told_with_what_to_do() {
    let (main, held) = whole();
    // All pages of rows but each table's last, which is looked into at the start.
    let last = [&held.queued, &held.dead].map(|rows| rows.keys().last().copied().unwrap());
    let last = last.map(|seq| tag(usize::try_from(seq - 1).unwrap()));
    let has = |page: &[u8], text: &str| {
        let mut places = page.windows(text.len());
        places.any(|bytes| bytes == text.as_bytes())
    };
    let folder = damaged(main, |main| {
        for page in main.chunks_mut(PAGE) {
            let is_last = last.iter().any(|tag| has(page, tag));
            if page[0] == 0x0d && has(page, "custom_data") && !is_last {
                page.fill(0xa5);
            }
        }
    });
    let queue = folder.queue();
    let request = LeaseRequest {
        lane: lane(),
        class: Class::Standard,
        kind: LeaseKind::Fresh,
        max: 1_000,
        max_bytes: usize::MAX,
        now_ms: NOW_MS,
    };
    let error = queue.lease(request).await.unwrap_err();
    assert!(matches!(error, QueueError::Corrupt), "{error}");
    assert!(error.to_string().contains("capi queue recover"), "{error}");
}

#[test]
fn of_each_lane_there_are_two_copies() {
    let (main, held) = whole();
    // The second page says where others are led to from.
    for page in [2, 3, 4] {
        let folder = damaged(main, |main| main[(page - 1) * PAGE..page * PAGE].fill(0xa5));
        folder.recover().unwrap();
        assert!(&Held::by(&folder) == held, "page {page}");
    }
    // Without any nobody knows where to send: not to a destination guessed.
    let folder = damaged(main, |main| main[2 * PAGE..4 * PAGE].fill(0xa5));
    let recovered = folder.recover().unwrap();
    assert_eq!(recovered.queued, 0);
    assert_eq!(recovered.unreadable_rows, held.queued.len() as u64);
    assert!(Held::by(&folder).dead == held.dead);
}

#[test]
fn the_half_of_a_file_has_what_stood_in_it() {
    let (main, held) = whole();
    for cut in [main.len() / 2, main.len() / 2 + 1000] {
        let folder = damaged(main, |main| main.truncate(cut));
        let saved = refused_and_recovered(&folder, "half");
        let is_lost = |page| page * PAGE > cut;
        let untouched = untouched(main, &held.queued, is_lost);
        assert!(untouched.len() > 300, "{}", untouched.len());
        assert_kept("half", &saved.queued, &held.queued, &untouched);
    }
}

#[test]
fn only_what_stood_in_overwritten_pages_is_lost() {
    let (main, held) = whole();
    for (every, first) in [(2, 0), (2, 1), (3, 2), (5, 4), (7, 1), (50, 4)] {
        let what = format!("{every}, {first}");
        let is_damaged = |page| page % every == first;
        let folder = damaged(main, |main| {
            let mut noise = fastrand::Rng::with_seed(every as u64);
            for (at, page) in main.chunks_mut(PAGE).enumerate() {
                if is_damaged(at + 1) {
                    noise.fill(page);
                }
            }
        });
        let recovered = folder.recover().unwrap();
        let saved = Held::by(&folder);
        assert!(recovered.unreadable_pages > 0, "{what}");
        assert_eq!(counts(&recovered), saved.counts());
        for (table, saved, held) in [
            ("queued", &saved.queued, &held.queued),
            ("dead", &saved.dead, &held.dead),
        ] {
            let what = format!("{what}: {table}");
            let mut untouched = untouched(main, held, is_damaged);
            assert!(!untouched.is_empty(), "{what}");
            if is_damaged(1) {
                // Which pages are free is not known then. A row with a page that a
                // freed row claims as well is left out, and counted.
                let contested = untouched.iter().filter(|seq| !saved.contains_key(seq));
                let contested = contested.count() as u64;
                assert!(
                    contested <= recovered.unreadable_rows.min(5),
                    "{what}: {contested}"
                );
                untouched.retain(|seq| saved.contains_key(seq));
            }
            assert_kept(&what, saved, held, &untouched);
        }
        assert!(saved.marks.is_subset(&held.marks), "{what}");
    }
}

/// Whatever became of the list of free pages: a tree of which only leaves are
/// lost still tells what is in it.
#[test]
fn lost_leaves_and_a_lost_header_bring_nothing_back() {
    let (main, held) = whole();
    let is_damaged = |page: usize| {
        page == 1 || (page > 5 && page.is_multiple_of(3) && main[(page - 1) * PAGE] == 0x0d)
    };
    let folder = damaged(main, |main| {
        for (at, page) in main.chunks_mut(PAGE).enumerate() {
            if is_damaged(at + 1) {
                page.fill(0xa5);
            }
        }
    });
    let saved = refused_and_recovered(&folder, "leaves").queued;
    let untouched = untouched(main, &held.queued, is_damaged);
    assert!(untouched.len() > 300 && untouched.len() < held.queued.len() - 100);
    assert!(saved.keys().all(|seq| held.queued.contains_key(seq)));
    assert_kept("leaves", &saved, &held.queued, &untouched);
}

#[tokio::test]
async fn what_was_delivered_does_not_come_back_from_free_pages() {
    let folder = Folder::new();
    let queue = folder.queue();
    let events = (0..600).map(|number| {
        let mut event = event(number);
        event.lane = lane();
        event
    });
    queue.append(events.collect()).await.unwrap();
    let rows = lease(&queue, 1_000).await;
    assert_eq!(rows.len(), 600);
    acknowledge(&queue, &rows, Disposition::Delivered).await;
    drop(queue);
    let main = fs::read(folder.file()).unwrap();
    let stale = tag(598);
    let is_there = main.windows(8).any(|window| window == stale.as_bytes());
    assert!(is_there, "free pages keep what was in them");
    let marks = Held::by(&folder).marks.len() as u64;
    for (what, size) in [("as it is", 0), ("no header", 100), ("no first page", PAGE)] {
        let folder = damaged(&main, |main| main[..size].fill(0xa5));
        let recovered = folder.recover().unwrap();
        assert_eq!(counts(&recovered), (0, 0, marks), "{what}");
    }
    // Where neither the list of free pages nor the tree is left, the dedup entries say
    // what was delivered; what has no id has no dedup entry, and may count twice.
    let folder = damaged(&main, |main| {
        main[..PAGE].fill(0xa5);
        main[4 * PAGE..5 * PAGE].fill(0xa5);
    });
    folder.recover().unwrap();
    let event_id = 10;
    for row in Held::by(&folder).queued.values() {
        assert_eq!(row[event_id], Value::Null);
    }
}

#[test]
fn a_file_of_noise_holds_nothing_and_stays_where_it_is() {
    let mut noise = fastrand::Rng::with_seed(1);
    for size in [1, 99, 4096, 100_000] {
        let mut bytes = vec![0; size];
        noise.fill(&mut bytes);
        let folder = Folder::with(&bytes);
        let error = folder.recover().unwrap_err();
        assert!(
            error.to_string().contains("nothing can be read from it"),
            "{error}"
        );
        assert!(fs::read(folder.file()).unwrap() == bytes);
        assert_eq!(
            folder.names(),
            BTreeSet::from([FILE.to_owned(), "lock".to_owned()])
        );
    }
}

/// Damage as disks do it: whole sectors.
#[derive(Clone, Debug)]
struct Noise {
    /// Where, in thousandths of the file.
    at: usize,
    sectors: usize,
    seed: u64,
}

fn noise() -> impl Strategy<Value = Noise> {
    (0..1000_usize, 1..40_usize, any::<u64>()).prop_map(|(at, sectors, seed)| Noise {
        at,
        sectors,
        seed,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_damage_makes_a_panic_or_another_row(
        noises in vec(noise(), 1..8),
        cut in proptest::option::of(0..1000_usize),
    ) {
        static SMALL: OnceLock<Vec<u8>> = OnceLock::new();
        let main = SMALL.get_or_init(|| made(300).0);
        let folder = damaged(main, |main| {
            for noise in &noises {
                let start = main.len() * noise.at / 1000 / SECTOR * SECTOR;
                let end = main.len().min(start + noise.sectors * SECTOR);
                fastrand::Rng::with_seed(noise.seed).fill(&mut main[start..end]);
            }
            if let Some(cut) = cut {
                main.truncate(main.len() * cut / 1000);
            }
        });
        if folder.recover().is_ok() {
            // Half a dedup entry may pass for a whole one: it is a key that no event has.
            for (seq, row) in &Held::by(&folder).queued {
                // It may have been delivered, where its dedup entry is lost.
                prop_assert!(row.contains(&payload(*seq)), "row {}", seq);
            }
        }
    }

    #[test]
    fn no_bytes_make_a_panic(bytes in vec(any::<u8>(), 0..20_000), magic in any::<bool>()) {
        let mut bytes = bytes;
        if magic && let Some(start) = bytes.get_mut(..18) {
            start.copy_from_slice(b"SQLite format 3\0\x02\x00");
            // Pages of 512 bytes that seem to be leaves.
            bytes.chunks_mut(512).skip(1).for_each(|page| page[0] = 0x0d);
        }
        let folder = Folder::with(&bytes);
        prop_assert!(folder.recover().is_err());
    }
}
