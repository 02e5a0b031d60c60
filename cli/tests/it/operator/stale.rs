//! What a crash leaves behind: an address at which anything may listen.

use std::fs::File;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use super::*;

/// Something that took the address of a server that crashed. It gives the answer that it was given,
/// and keeps all that it is sent.
struct Impostor(Arc<Mutex<Vec<u8>>>);

impl Impostor {
    fn at(address: &str, body: &'static str) -> Self {
        let listener = TcpListener::bind(address).expect("the address is free");
        let got = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&got);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut part = [0; 4096];
                let read = stream.read(&mut part).unwrap();
                kept.lock().unwrap().extend_from_slice(&part[..read]);
                let length = body.len();
                drop(write!(
                    stream,
                    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
                ));
            }
        });
        Self(got)
    }

    fn got(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

fn in_data_folder(world: &World, name: &str) -> PathBuf {
    let folder = world.configured.folder.path().join("capi-data");
    folder.join(name)
}

/// The file of a server that was killed.
fn left_behind(world: &World) -> Value {
    let text = std::fs::read(in_data_folder(world, "admin.json")).unwrap();
    serde_json::from_slice(&text).unwrap()
}

#[test]
fn what_listens_where_a_server_crashed_never_sees_the_token() {
    let mut world = World::up("dead");
    world.track("a");
    world.stop();
    let left = left_behind(&world);
    let token = left["token"].as_str().unwrap();
    let secret = left["secret"].as_str().unwrap();
    let address = left["address"].as_str().unwrap();
    let impostor = Impostor::at(address, r#"{"proof":"d3Jvbmc="}"#);

    // Nobody has the folder: nobody is asked.
    let (code, _, talk) = world.run(&["lanes"]);
    assert!(code == 0 && talk.contains("No server runs"), "{talk}");
    assert_eq!(impostor.got(), "");

    // Another command has it, which looks like a server.
    let lock = File::open(in_data_folder(&world, "lock")).unwrap();
    lock.lock().unwrap();
    for _ in 0..2 {
        let (code, out, talk) = world.run(&["lanes", "--json"]);
        assert_eq!((code, out.as_str()), (3, ""), "{talk}");
        assert!(talk.contains("in use by another capi"), "{talk}");
    }
    let got = impostor.got();
    assert_eq!(got.matches("POST /hello").count(), 2, "{got}");
    for hidden in [token, secret, "uthorization", "Bearer"] {
        assert!(!got.contains(hidden), "{got}");
    }
    // Each is asked for anew: an answer that was overheard is worth nothing.
    let mut nonces = got.split("\"nonce\":\"").skip(1);
    let [one, other] = [nonces.next().unwrap(), nonces.next().unwrap()];
    assert_ne!(one.split('"').next(), other.split('"').next());
}

#[test]
fn the_file_of_another_version_is_none() {
    let mut world = World::up("dead");
    world.track("a");
    world.stop();
    let mut left = left_behind(&world);
    left.as_object_mut().unwrap().remove("secret");
    let file = in_data_folder(&world, "admin.json");
    std::fs::write(file, left.to_string()).unwrap();
    let impostor = Impostor::at(left["address"].as_str().unwrap(), "[]");
    let lock = File::open(in_data_folder(&world, "lock")).unwrap();
    lock.lock().unwrap();
    let (code, _, talk) = world.run(&["lanes"]);
    assert!(
        code == 3 && talk.contains("in use by another capi"),
        "{talk}"
    );
    drop(lock);
    let (code, _, talk) = world.run(&["lanes"]);
    assert!(code == 0 && talk.contains("No server runs"), "{talk}");
    assert_eq!(impostor.got(), "");
}
