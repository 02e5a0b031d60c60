//! Which subscriptions take an event, and why the others do not.

use super::*;

#[test]
fn an_event_that_nothing_takes_tells_the_clauses_that_failed() {
    let config = format!(
        "{META}[[destination.subscription]]\naction = \"purchase\"\ntrigger = 'type = \"track\" and !(properties.revenue < 200) and (properties.vip or event = \"Sale\")'\n"
    );
    let (explained, code) = json_of(Some(&config), &[], &order());
    assert_eq!(code, Some(1));
    let subscription = &explained["destinations"][0]["subscriptions"][0];
    assert_eq!(
        (&subscription["matched"], &subscription["conversion"]),
        (&json!(false), &Value::Null)
    );
    assert_eq!(
        subscription["clauses"],
        json!([
            {"clause": "!(properties.revenue < 200)", "holds": false,
             "reads": [{"field": "properties.revenue", "found": true, "value": 121.25}]},
            {"clause": "properties.vip", "holds": false,
             "reads": [{"field": "properties.vip", "found": false, "value": null}]},
            {"clause": "event = \"Sale\"", "holds": false,
             "reads": [{"field": "event", "found": true, "value": "Order Completed"}]},
        ])
    );
    let text = stdout(&explain(Some(&config), &[], &order().to_string()));
    assert!(text.contains("!(properties.revenue < 200) (properties.revenue is 121.25)"));
    assert!(text.contains("properties.vip (properties.vip is missing)"));
    assert!(text.contains("Nothing would be sent"));
}

#[test]
fn a_destination_that_the_event_switches_off_says_so() {
    let mut event = order();
    event["integrations"] = json!({"All": true, "meta": false});
    let (explained, code) = json_of(Some(META), &[], &event);
    assert_eq!(code, Some(1));
    let destination = &explained["destinations"][0];
    assert_eq!(
        (&destination["switched_on"], &destination["switched_by"]),
        (&json!(false), &json!("meta"))
    );
    assert_eq!(destination["subscriptions"], json!([]));
}

#[test]
fn without_a_configuration_the_prebuilt_subscriptions_explain_it() {
    let (explained, code) = json_of(None, &[], &order());
    assert_eq!((code, &explained["config"]), (Some(0), &Value::Null));
    assert_eq!(conversion(&explained, "purchase")["sent"], true);
    let text = stdout(&explain(None, &[], &order().to_string()));
    assert!(text.contains("no --config"));
    assert!(text.starts_with("track \"Order Completed\"\n"));
    assert!(!text.contains('\u{1b}'), "no colours in a pipe");
}

#[test]
fn an_action_that_is_off_is_named() {
    let mut event = order_of_janette(&json!({}));
    event["event"] = json!("Lead Submitted");
    let lead: Value =
        serde_json::from_str(include_str!("../../../../actions/lead/example.json")).unwrap();
    event["event"] = lead["event"].clone();
    for config in [None, Some(META)] {
        let (explained, code) = json_of(config, &[], &event);
        assert_eq!(code, Some(1));
        let off = explained["destinations"][0]["off"].as_array().unwrap();
        assert!(
            off.contains(&json!({"action": "lead", "prebuilt": false})),
            "{off:?}"
        );
        let text = stdout(&explain(config, &[], &event.to_string()));
        assert!(
            text.contains(
                "the action lead takes this event and is off by default; name it in a subscription"
            ),
            "{text}"
        );
    }
    let own = subscribed("lead", "");
    let (explained, _) = json_of(Some(&own), &[], &order());
    let off = &explained["destinations"][0]["off"];
    assert_eq!(off[0], json!({"action": "purchase", "prebuilt": true}));
    let text = stdout(&explain(Some(&own), &[], &order().to_string()));
    assert!(text.contains("prebuilt_subscriptions = true"), "{text}");
}

#[test]
fn the_last_line_says_why_nothing_is_sent() {
    let last = |config: &str, event: &Value| {
        let text = stdout(&explain(Some(config), &[], &event.to_string()));
        let line = text.lines().find(|line| line.starts_with("Nothing would"));
        line.unwrap().to_owned()
    };
    let mut event = order();
    event["integrations"] = json!({"All": false});
    assert!(last(META, &event).contains("integrations switch every destination off"));
    event["integrations"] = json!({"meta": false});
    let second = META.replace("\"meta\"", "\"other\"");
    let second = format!("{META}{second}[[destination.subscription]]\naction = \"lead\"\n");
    assert!(last(&second, &event).contains("switch meta off, and no other subscription"));
    assert!(last(&subscribed("lead", ""), &order()).contains("no subscription takes the event"));
}
