//! Published clients themselves, installed by `.ci/test` under
//! `target/clients`: they send, and everything arrives.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::calls::KIM_LEE;
use crate::support::meta::Meta;
use crate::support::relay::{KEY, REGISTRATION, Relay};

/// The root of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// Runs a client's script and returns what Meta got of it.
fn run(command: &mut Command) -> Vec<Value> {
    let meta = Meta::up();
    let mut relay = Relay::with(&meta, REGISTRATION);
    let ended = command
        .env("CAPI_HOST", format!("http://{}", relay.address))
        .env("CAPI_WRITE_KEY", KEY)
        .stdin(Stdio::null())
        .output()
        .expect("the client's interpreter; .ci/test installs it");
    assert!(
        ended.status.success(),
        "{}\n{}\n{}",
        String::from_utf8_lossy(&ended.stdout),
        String::from_utf8_lossy(&ended.stderr),
        relay.log()
    );
    meta.wait_for(7);
    assert!(relay.stop().success());
    assert_eq!((meta.stats().refused, meta.stats().duplicates), (0, 0));
    meta.events()
}

fn assert_all_seven(events: &[Value]) {
    let mut names: Vec<_> = events
        .iter()
        .map(|event| event["event_name"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    let expected = [
        "AddToCart",
        "CompleteRegistration",
        "InitiateCheckout",
        "PageView",
        "Purchase",
        "Search",
        "ViewContent",
    ];
    assert_eq!(names, expected);
    for event in events {
        assert_eq!(event["action_source"], "website", "{event}");
        assert_eq!(
            event["event_source_url"], "https://shop.example/checkout/thanks",
            "{event}"
        );
        assert_eq!(event["user_data"]["em"], json!([KIM_LEE]), "{event}");
        assert_eq!(
            event["user_data"]["client_ip_address"], "203.0.113.44",
            "{event}"
        );
        // The clients mint ids of their own.
        assert!(event["event_id"].as_str().unwrap().len() > 20, "{event}");
    }
    let data = |name: &str| {
        let event = events.iter().find(|event| event["event_name"] == name);
        &event.unwrap()["custom_data"]
    };
    assert_eq!(data("Search")["search_string"], "mug größe");
    assert_eq!(data("ViewContent")["value"], 45.5);
    assert_eq!(data("AddToCart")["contents"][0]["id"], "sku-101");
    assert_eq!(
        data("InitiateCheckout")["contents"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(data("Purchase")["value"], 121.25);
    assert_eq!(data("Purchase")["currency"], "USD");
    assert_eq!(data("Purchase")["contents"].as_array().unwrap().len(), 2);
}

#[test]
#[ignore = "needs npm: run by .ci/test"]
fn segments_node_client_delivers_all_seven() {
    let node = std::env::var_os("CAPI_NODE").unwrap_or_else(|| "node".into());
    let mut command = Command::new(node);
    command.arg(root().join(".ci/clients/run_node.mjs"));
    command.env("CAPI_NODE_CLIENT", root().join("target/clients/node"));
    assert_all_seven(&run(&mut command));
}

#[test]
#[ignore = "needs pip: run by .ci/test"]
fn segments_python_client_delivers_all_seven() {
    for gzip in ["", "1"] {
        let mut command = Command::new("python3");
        command.arg(root().join(".ci/clients/run_python.py"));
        command.env("PYTHONPATH", root().join("target/clients/python"));
        command.env("CAPI_GZIP", gzip);
        assert_all_seven(&run(&mut command));
    }
}
