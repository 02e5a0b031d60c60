//! `capi check`.

use super::{Configured, capi, stderr, stdout};

#[test]
fn the_example_is_good() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/capi.toml");
    let output = capi(&["check", example], "");
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert_eq!(stdout(&output), "");
}

#[test]
fn every_error_is_told_with_its_place_and_what_was_meant() {
    let configured = Configured::new(
        r#"[server]
lisen = "127.0.0.1:1"
max_event_bytes = "many"
trusted_proxies = ["10.0.0.0/64"]

[[source]]
name = "shop"

[[destination]]
name = "meta"
dataset_id = "12/../3"
acess_token = "t"
normalization = "none"
sources = ["shopp"]
linger_ms = -1
default_country = "Atlantis"
date_order = "dmy"

[[destination.subscription]]
action = "purchas"

[[destination.subscription]]
action = "purchase"
trigger = 'type == "track"'
[destination.subscription.mapping]
valeu = 5
value = { "@pth" = "$.properties.total" }
user_data = { emial = "x" }

[[destination.subscription]]
action = "custom-event"
"#,
    );
    let output = capi(&["check", &configured.path()], "");
    assert_eq!(output.status.code(), Some(2));
    let found = stdout(&output);
    for (line, words) in [
        (2, "did you mean `listen`?"),
        (3, "`max_event_bytes`"),
        (4, "trusted proxy"),
        (6, "needs `write_key`"),
        (11, "digits only"),
        (12, "did you mean `access_token`?"),
        (13, "\"both\", \"page\", \"pixel\""),
        (14, "did you mean \"shop\"?"),
        (15, "`linger_ms`"),
        (16, "not a known country"),
        (17, "\"day-first\""),
        (20, "did you mean \"purchase\"?"),
        (24, "the trigger is wrong"),
        (26, "did you mean `value`?"),
        (27, "did you mean `@path`?"),
        (28, "did you mean `email`?"),
        (30, "has no trigger of its own"),
    ] {
        let place = format!("capi.toml:{line}:");
        assert!(
            found.lines().any(|reported| reported.contains(&place)
                && reported.contains("error")
                && reported.contains(words)),
            "line {line}: {words}\n{found}"
        );
    }
}

#[test]
fn strict_has_two_values_and_its_place() {
    for (text, line, words) in [
        (
            "strict = \"always\"\n",
            1,
            "`strict` must be one of \"documented\", \"reported\"",
        ),
        (
            "\n[[destination]]\nname = \"meta\"\ndataset_id = \"1\"\nstrict = true\n",
            5,
            "`strict` of [[destination]]",
        ),
        (
            "[server]\nstrict = \"reported\"\n",
            2,
            "[server] has no key `strict`",
        ),
    ] {
        let output = capi(&["check", &Configured::new(text).path()], "");
        assert_eq!(output.status.code(), Some(2), "{text}");
        let found = stdout(&output);
        let place = format!("capi.toml:{line}:");
        assert!(found.contains(&place) && found.contains(words), "{found}");
    }
}

#[test]
fn a_secret_in_the_wrong_place_is_told_without_it() {
    const TOKEN: &str = "EAABsbCS1iHgBO7ZCZAqZB4kLmN";
    const WRITE_KEY: &str = "wk-shop-9f2c";
    let source = "[[source]]\nname = \"shop\"\nwrite_key = \"k\"\n";
    let destination = "[[destination]]\nname = \"meta\"\ndataset_id = \"1\"\n";
    for (line, words) in [
        (
            format!("access_token = {{ env = \"{TOKEN}\" }}"),
            "`env` of `access_token`",
        ),
        (
            format!("access_token = {{ env = \"{WRITE_KEY}\" }}"),
            "`env` of `access_token`",
        ),
        (
            format!("access_token = {{ file = \"{TOKEN}\" }}"),
            "`file` of `access_token`",
        ),
        (format!("{TOKEN} = 1"), "has no key that stands here"),
        (format!("sources = [\"{WRITE_KEY}\"]"), "there are: shop"),
        (
            format!("graph_url = \"http://user:{WRITE_KEY}@127.0.0.1:1\""),
            "without a user and password",
        ),
    ] {
        let configured = Configured::new(&format!("{source}{destination}{line}\n"));
        let output = capi(&["check", &configured.path()], "");
        assert_eq!(output.status.code(), Some(2), "{line}");
        let reported = stdout(&output) + &stderr(&output);
        assert!(
            reported.contains("capi.toml:7:") && reported.contains(words),
            "{reported}"
        );
        assert!(
            !reported.contains(TOKEN) && !reported.contains(WRITE_KEY),
            "{reported}"
        );
    }
}

#[test]
fn plain_http_goes_to_this_machine_only_unless_it_is_allowed() {
    let checked = |lines: &str| {
        let destination = "[[destination]]\nname = \"meta\"\ndataset_id = \"1\"\n";
        let configured = Configured::new(&format!("{destination}{lines}\n"));
        let output = capi(&["check", &configured.path()], "");
        (output.status.code(), stdout(&output))
    };
    for host in [
        "127.0.0.1:8088",
        "127.8.0.1",
        "localhost",
        "LocalHost:8088/graph",
        "[::1]:8088",
        "[::1]",
        "[::ffff:127.0.0.1]:1",
    ] {
        let (code, out) = checked(&format!("graph_url = \"http://{host}\""));
        assert_eq!(code, Some(0), "{host}: {out}");
    }
    for host in [
        "graph.example",
        "10.0.0.7:8088",
        "localhost.example",
        "127.0.0.1.example",
        "[::2]:8088",
        "graph.example/localhost",
        "0.0.0.0:8088",
    ] {
        let plain = format!("graph_url = \"http://{host}\"");
        let (code, out) = checked(&plain);
        assert_eq!(code, Some(2), "{host}: {out}");
        assert!(
            out.contains("capi.toml:4:") && out.contains("allow_plain_http = true"),
            "{out}"
        );
        assert!(out.contains("https://"), "{out}");
        assert_eq!(
            checked(&format!("{plain}\nallow_plain_http = true")).0,
            Some(0)
        );
        let encrypted = format!("graph_url = \"https://{host}\"");
        assert_eq!(checked(&encrypted).0, Some(0), "{host}");
    }
}

#[test]
fn what_is_no_toml_is_told_with_its_place() {
    let configured = Configured::new("[server]\nlisten = \n");
    let output = capi(&["check", &configured.path()], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stdout(&output).contains("capi.toml:2:"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn two_subscriptions_that_repeat_each_other_are_a_warning() {
    let configured = Configured::new(
        r#"[[destination]]
name = "meta"
dataset_id = "1"
[[destination.subscription]]
action = "purchase"
[[destination.subscription]]
action = "purchase"
"#,
    );
    let output = capi(&["check", &configured.path()], "");
    assert_eq!(output.status.code(), Some(0));
    assert!(
        stdout(&output).contains("capi.toml:6:1: warning: ")
            && stdout(&output).contains("duplicate"),
        "{}",
        stdout(&output)
    );
    assert!(stderr(&output).contains("1 warning"));
}

#[test]
fn a_template_for_the_event_id_that_can_have_a_hole_is_a_warning() {
    let checked = |id: &str| {
        let text = format!(
            "[[destination]]\nname = \"meta\"\ndataset_id = \"1\"\n[[destination.subscription]]\naction = \"purchase\"\n[destination.subscription.mapping]\nevent_id = {id}\n"
        );
        let output = capi(&["check", &Configured::new(&text).path()], "");
        assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
        stdout(&output)
    };
    for id in [
        r#"{ "@template" = "order-{{properties.order_id}}" }"#,
        r#"{ "@liquid" = "order-{{ properties.order_id | upcase }}" }"#,
        r#"{ "@coalesce" = [{ "@path" = "$.properties.event_id" }, { "@template" = "order-{{properties.order_id}}" }] }"#,
    ] {
        let reported = checked(id);
        assert!(
            reported.contains("capi.toml:7:")
                && reported.contains("warning: the template at /event_id/"),
            "{id}: {reported}"
        );
    }
    for id in [
        r#"{ "@path" = "$.properties.event_id" }"#,
        r#"{ "@liquid" = "{% if properties.test %}test-{% endif %}{{ messageId }}" }"#,
        r#"{ "@coalesce" = [{ "@template" = "order-{{properties.order_id}}" }, { "@path" = "$.messageId" }] }"#,
    ] {
        assert_eq!(checked(id), "", "{id}");
    }
}

#[test]
fn a_mapping_file_is_read_beside_the_configuration_and_checked() {
    let text = "[[destination]]\nname = \"meta\"\ndataset_id = \"1\"\n[[destination.subscription]]\naction = \"purchase\"\nmapping_file = \"purchase.json\"\n";
    let good = Configured::new(text).with(
        "purchase.json",
        r#"{"value":{"@path":"$.properties.total"},"retl":1}"#,
    );
    let output = capi(&["check", &good.path()], "");
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert!(
        stdout(&output).contains("warning"),
        "an exported key that no field answers to"
    );
    for wrong in [
        r#"{"value":{"@path":5}}"#,
        "[]",
        "{",
        r#"{"value":{"@nope":1}}"#,
    ] {
        let wrong = Configured::new(text).with("purchase.json", wrong);
        let output = capi(&["check", &wrong.path()], "");
        assert_eq!(output.status.code(), Some(2));
        assert!(
            stdout(&output).contains("capi.toml:6:"),
            "{}",
            stdout(&output)
        );
    }
    let missing = capi(&["check", &Configured::new(text).path()], "");
    assert!(stdout(&missing).contains("cannot be read"));
}

#[test]
fn subscriptions_that_may_send_one_event_twice_under_one_name_are_a_warning() {
    let meta = "[[destination]]\nname = \"meta\"\ndataset_id = \"1\"\n";
    let custom = |trigger: &str, mapping: &str| {
        format!(
            "[[destination.subscription]]\naction = \"custom-event\"\ntrigger = '{trigger}'\n{mapping}\n"
        )
    };
    let purchase = "[[destination.subscription]]\naction = \"purchase\"\n";
    let named = "mapping = { event_name = \"Purchase\" }";
    let test =
        "\n[[destination]]\nname = \"test\"\ndataset_id = \"1\"\ntest_event_code = \"TEST1\"\n";
    for (text, warned) in [
        (
            format!("{meta}{purchase}{}", custom("type = \"track\"", named)),
            true,
        ),
        (
            format!(
                "{meta}{}{}",
                custom("type = \"track\"", ""),
                custom("event = \"Foo\"", "")
            ),
            true,
        ),
        (format!("{meta}{purchase}{test}{purchase}"), true),
        (
            format!("{meta}{purchase}{}", custom("type = \"page\"", named)),
            false,
        ),
        (
            format!("{meta}{purchase}{}", custom("type = \"track\"", "")),
            false,
        ),
    ] {
        let output = capi(&["check", &Configured::new(&text).path()], "");
        assert_eq!(output.status.code(), Some(0), "{text}\n{}", stdout(&output));
        assert_eq!(
            stdout(&output).contains("duplicate"),
            warned,
            "{text}\n{}",
            stdout(&output)
        );
    }
}

#[test]
fn two_sources_with_one_write_key_are_an_error() {
    let source = |name: &str| format!("[[source]]\nname = \"{name}\"\nwrite_key = \"k\"\n");
    let configured = Configured::new(&format!("{}{}", source("a"), source("b")));
    let output = capi(&["check", &configured.path()], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(stdout(&output).contains("one write key"));
}

#[test]
fn an_address_that_is_none_is_an_error_with_its_place() {
    for (key, address) in [
        ("listen", "nonsense"),
        ("listen", ""),
        ("listen", ":8400"),
        ("listen", "127.0.0.1:65536"),
        ("listen", "http://127.0.0.1:8400"),
        ("admin_listen", "127.0.0.1"),
    ] {
        let text = format!(
            "[server]\n{key} = \"{address}\"\n\
             [[source]]\nname = \"shop\"\nwrite_key = \"k\"\n"
        );
        let configured = Configured::new(&text);
        let place = format!("capi.toml:2:{}: error: `{key}`", key.len() + 4);
        let output = capi(&["check", &configured.path()], "");
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(stdout(&output).contains(&place), "{}", stdout(&output));
        let output = capi(&["serve", "--config", &configured.path()], "");
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(stderr(&output).contains(&place), "{}", stderr(&output));
    }
    for address in ["127.0.0.1:0", "[::1]:8400", "localhost:8400", "0.0.0.0:80"] {
        let configured = Configured::new(&format!("[server]\nlisten = \"{address}\"\n"));
        let output = capi(&["check", &configured.path()], "");
        assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    }
}

/// What a preview does without is not an error, but `check` reports it.
#[test]
fn what_a_server_would_lack_is_told() {
    let source = "[[source]]\nname = \"shop\"\nwrite_key = \"k\"\n";
    let destination = "[[destination]]\nname = \"meta\"\ndataset_id = \"1\"\n";
    let token = "access_token = \"t\"\n";
    for (text, lacking) in [
        (format!("{destination}{token}"), "there is no [[source]]"),
        (
            format!("{source}{destination}"),
            "the destination \"meta\" needs `access_token`",
        ),
    ] {
        let configured = Configured::new(&text);
        let output = capi(&["check", &configured.path()], "");
        assert_eq!((output.status.code(), &*stdout(&output)), (Some(0), ""));
        let reported = stderr(&output);
        assert!(
            reported.contains("`capi serve`") && reported.contains(lacking),
            "{reported}"
        );
        let output = capi(&["serve", "--config", &configured.path()], "");
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(lacking), "{}", stderr(&output));
    }
    let whole = Configured::new(&format!("{source}{destination}{token}"));
    let output = capi(&["check", &whole.path()], "");
    assert!(!stderr(&output).contains("serve"), "{}", stderr(&output));
}

/// The day is given, so that the table and not the calendar decides.
#[test]
fn a_version_of_the_graph_api_that_ends_is_warned_of_at_its_place() {
    let configured = Configured::new(
        "[[destination]]\nname = \"meta\"\ndataset_id = \"1\"\napi_version = \"v25.0\"\n\
         [[destination]]\nname = \"other\"\ndataset_id = \"2\"\n",
    );
    let on = |day: &str| {
        let now = format!("{day}T12:00:00Z");
        let output = capi(&["check", "--now", &now, &configured.path()], "");
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        stdout(&output)
    };
    assert_eq!(on("2026-11-24"), "");
    let soon = on("2026-11-25");
    assert!(
        soon.contains("capi.toml:4:15: warning: version v25.0"),
        "{soon}"
    );
    assert!(
        soon.contains("on 2027-02-23, in 90 days; raise `api_version`"),
        "{soon}"
    );
    assert_eq!(soon.lines().count(), 1);
    let ended = on("2027-02-24");
    assert!(
        ended.contains("ended for ads calls on 2027-02-23"),
        "{ended}"
    );
}

#[test]
fn a_name_that_is_nearly_metas_is_warned_of_at_its_place() {
    let with = |name: &str| {
        let configured = Configured::new(&format!(
            "[[destination]]\nname = \"meta\"\ndataset_id = \"1\"\n\
             [[destination.subscription]]\naction = \"custom-event\"\n\
             trigger = 'event = \"Quote Requested\"'\nmapping = {{ event_name = \"{name}\" }}\n",
        ));
        let output = capi(&["check", &configured.path()], "");
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        stdout(&output)
    };
    for name in ["purchase", "Purchase ", "add_to_cart", "View Content"] {
        let said = with(name);
        assert!(
            said.contains("capi.toml:7:26: warning: the name is nearly"),
            "{said}"
        );
    }
    for name in ["Purchase", "QuoteRequested"] {
        assert_eq!(with(name), "");
    }
}
