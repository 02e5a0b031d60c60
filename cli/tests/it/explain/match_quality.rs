//! The estimate of the match quality.

use super::*;

#[test]
fn the_match_quality_is_an_estimate_and_names_the_key_that_would_help_most() {
    let (explained, _) = json_of(Some(META), &[], &order());
    let quality = &conversion(&explained, "purchase")["match_quality"];
    let before = quality["score"].as_f64().unwrap();
    assert!(quality["about"].as_str().unwrap().contains("estimate"));
    assert_eq!(quality["missing"]["key"], "fbc");
    let from = quality["missing"]["from"].as_array().unwrap();
    assert!(from.contains(&json!("context.page.url?fbclid")));
    let mut event = order();
    event["context"]["page"]["url"] = json!("https://shop.example/?fbclid=AbC");
    let (explained, _) = json_of(Some(META), &[], &event);
    let purchase = conversion(&explained, "purchase");
    let after = purchase["match_quality"]["score"].as_f64().unwrap();
    let gain = quality["missing"]["gain"].as_f64().unwrap();
    assert!(
        (after - before - gain).abs() < 1e-9,
        "{before} {after} {gain}"
    );
    let made = field(purchase, "user_data.fbc");
    assert_eq!(made["value"], "<fbc, 22 characters>");
    let mut event = order();
    event["properties"]["action_source"] = json!("physical_store");
    let (explained, _) = json_of(Some(META), &[], &event);
    let quality = &conversion(&explained, "purchase")["match_quality"];
    assert_eq!(
        (&quality["score"], &quality["missing"]),
        (&Value::Null, &Value::Null)
    );
}

#[test]
fn why_the_missing_key_is_missing_is_told() {
    let helps = |config: &str, event: &Value| {
        let text = stdout(&explain(Some(config), &[], &event.to_string()));
        let line = text.lines().find(|line| line.contains("would help most"));
        line.unwrap().to_owned()
    };
    let mut event = order();
    event["properties"]["fbc"] = json!("AbC");
    assert!(helps(META, &event).contains("could not be used"));
    let own = |more: &str| {
        format!(
            "{META}[[destination.subscription]]\naction = \"purchase\"\nprebuilt_mapping = false\n[destination.subscription.mapping]\nvalue = 1\ncurrency = \"EUR\"\naction_source = \"website\"\nevent_time = {{ \"@path\" = \"$.timestamp\" }}\nuser_data = {{ phone = {{ \"@path\" = \"$.context.traits.phone\" }}{more} }}\n"
        )
    };
    assert!(helps(&own(""), &order()).contains("user_data.email is not mapped"));
    let mail = ", em = { \"@path\" = \"$.properties.mail\" }";
    assert!(helps(&own(mail), &order()).contains("it could come from properties.mail"));
}

#[test]
fn the_points_that_the_documentation_gives_are_those_that_count() {
    let text = include_str!("../../../../docs/cli.md");
    let rows = text
        .lines()
        .skip_while(|line| *line != "| key | points |")
        .skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    let mut points: i64 = 0;
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let keys = cells[1].matches('`').count() / 2;
        let is_pair = cells[1].contains(" and ") || cells[1].contains("beside");
        let each: i64 = cells[2].trim_end_matches(" more").parse().unwrap();
        points += each
            * if is_pair {
                1
            } else {
                i64::try_from(keys).unwrap()
            };
    }
    assert_eq!(points, 100);
}

#[test]
fn the_match_quality_counts_what_is_sent_and_proposes_what_is_mapped() {
    let mut event = order_of_janette(&json!({}));
    event["context"]["fbc"] = json!("fb.1.1554763741205.AbC");
    let strict = format!("{META}strict = \"reported\"\n");
    let (explained, _) = json_of(Some(&strict), &[], &event);
    let quality = &conversion(&explained, "purchase")["match_quality"];
    assert!(!quality["keys"].as_array().unwrap().contains(&json!("fbc")));
    let mut event = order_of_janette(&json!({}));
    event["context"]["fbc"] = json!("fb.1.1795000000000.AbC");
    let traits = &mut event["context"]["traits"];
    traits["gender"] = json!("female");
    traits["address"]["state"] = json!("TX");
    let (explained, _) = json_of(Some(META), &[], &event);
    let quality = &conversion(&explained, "purchase")["match_quality"];
    assert_eq!(quality["missing"], Value::Null);
    let blank = subscribed(
        "purchase",
        "[destination.subscription.mapping]\nuser_data = { email = \"\" }",
    );
    let text = stdout(&explain(Some(&blank), &[], &event.to_string()));
    assert!(
        text.contains(
            "the mapping leaves user_data.email empty; the prebuilt one reads context.traits.email"
        ),
        "{text}"
    );
}
