//! The action beside capi's own: in the registry, on the way of its example, and in
//! the server.

use std::net::TcpListener;
use std::process::Command;

use capi_action_subscription_renewed as _;
use capi_actions as _;
use capi_core::Registry;
use capi_core::config::Config;
use capi_core::event::{Arena, Arrival, Event, Json};
use capi_core::pipeline::{convert, pipeline, route};
use serde_json::{Value, json};

const SLUG: &str = "subscription-renewed";

#[test]
fn the_registry_has_it_beside_those_of_capi() {
    let registry = Registry::linked().unwrap();
    for slug in [SLUG, "purchase", "subscribe"] {
        assert!(registry.get(slug).is_some(), "{slug}");
    }
}

#[test]
fn its_example_becomes_metas_event() {
    let registry = Registry::linked().unwrap();
    let text = format!(
        "[[destination]]
         name = 'meta'
         dataset_id = '1234567890'
         [[destination.subscription]]
         action = '{SLUG}'"
    );
    let (config, _) = Config::read(&text, &registry, &|_| Ok(String::new()));
    let destinations = [config.unwrap().destinations.remove(0).destination];

    let arena = Arena::new();
    let example = registry.get(SLUG).unwrap().example;
    let root = Json::parse(&arena, example.as_bytes()).unwrap();
    let mut generate = || "minted".to_owned();
    let now = "2026-11-24T06:00:00Z".parse().unwrap();
    let event = Event::receive(root, &Arrival::at(now), &arena, &mut generate).unwrap();
    let routed = route(&destinations, event, None, now, &arena)
        .next()
        .unwrap();
    let admitted = convert(&mut pipeline(), routed).unwrap();

    assert_eq!(admitted.event.event_name(), "SubscriptionRenewed");
    let sent: Value = serde_json::from_slice(admitted.event.json()).unwrap();
    assert_eq!(
        sent["custom_data"],
        json!({"currency": "USD", "value": 29, "plan": "Business", "term": 2})
    );
    assert!(sent["user_data"]["em"][0].is_string());
}

/// With a port that is taken, a server gets as far as its configuration is right.
#[test]
fn the_server_takes_a_configuration_that_names_it() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let end_with = |action: &str| {
        let config = folder.path().join("capi.toml");
        let text = format!(
            "[server]
             data_dir = 'data'
             [[source]]
             name = 'shop'
             write_key = 'key'
             [[destination]]
             name = 'meta'
             dataset_id = '1234567890'
             access_token = 'token'
             prebuilt_subscriptions = true
             [[destination.subscription]]
             action = '{action}'"
        );
        std::fs::write(&config, text).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_shop-capi-server"))
            .arg("--config")
            .arg(&config)
            .args(["--listen", &taken.local_addr().unwrap().to_string()])
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (code, said) = end_with(SLUG);
    assert_eq!(code, Some(3), "the port is taken: {said}");
    let (code, said) = end_with("subscription-returned");
    assert_eq!(code, Some(2), "no such action exists: {said}");
    assert!(said.contains(SLUG), "it says which there are: {said}");
}
