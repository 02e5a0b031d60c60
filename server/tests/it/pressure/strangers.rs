//! Clients without the right key that send large bodies slowly.

use std::io::Write;
use std::net::TcpStream;

use super::head;
use crate::support::calls::order;
use crate::support::http::{answer, connect};
use crate::support::meta::Meta;
use crate::support::relay::{Relay, Setup};

const STRANGERS: usize = 300;
const BODY: usize = 512_000;

/// Clients that send all of a body but its last two bytes.
fn strangers(relay: &Relay, key: &str) -> Vec<TcpStream> {
    let body = vec![b' '; BODY - 2];
    let one = |_| {
        let mut stream = connect(relay.address).unwrap();
        stream.write_all(&head(key, BODY).bytes()).unwrap();
        // Whoever is refused may be let go before it has sent all.
        stream.write_all(&body).ok();
        stream
    };
    (0..STRANGERS).map(one).collect()
}

#[test]
fn strangers_are_told_at_once_and_take_little_memory() {
    let meta = Meta::up();
    for (key, statuses) in [("wrong", &[401][..]), ("", &[429, 503])] {
        let setup = Setup {
            server: "max_memory_bytes = 16777216",
            ..Setup::default()
        };
        let relay = Relay::with(&meta, setup);
        let before = relay.peak_kib();
        let mut strangers = strangers(&relay, key);
        // Of those without a key a few are let in, and wait: mostly those who came first,
        // but the server need not take them in this order.
        let few = if key.is_empty() { 10 } else { 0 };
        let mut too_slow = 0;
        for stream in strangers.iter_mut().rev().take(STRANGERS - few) {
            let answer = answer(stream).unwrap();
            if answer.status == 408 {
                too_slow += 1;
            } else {
                assert!(statuses.contains(&answer.status), "{key:?}: {answer:?}");
            }
        }
        assert!(too_slow <= few, "{key:?}: {too_slow} were let in");
        let sent_kib = (STRANGERS * BODY / 1024) as u64;
        let grown = relay.peak_kib() - before;
        assert!(grown < sent_kib / 3, "{key:?}: {grown} KiB of {sent_kib}");
        // Who has the key is served.
        let id = format!("beside-{key}");
        relay.take(&[order(&id)]);
        meta.wait_for_id(&id);
        drop(strangers);
    }
}
