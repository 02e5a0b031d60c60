//! What is written for given names and fields, and every refusal.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::checkout::{Checkout, dependency, link, with_line};
use super::field::{SHARED, money_without_currency};
use super::*;

fn planned(slug: &str, event: &str, fields: &[&str]) -> anyhow::Result<New> {
    let fields: Vec<String> = fields.iter().map(|&field| field.to_owned()).collect();
    New::plan(slug, event, &fields)
}

fn lib(fields: &[&str]) -> String {
    let new = planned("subscribe-renewal", "SubscribeRenewal", fields).unwrap();
    source::lib(&new.name, &new.fields)
}

fn example(fields: &[&str]) -> Value {
    let new = planned("subscribe-renewal", "SubscribeRenewal", fields).unwrap();
    serde_json::from_str(&new.example).unwrap()
}

/// What is said of a plan that fails.
fn refusal(slug: &str, event: &str, fields: &[&str]) -> String {
    match planned(slug, event, fields) {
        Ok(_) => String::new(),
        Err(error) => format!("{error:#}"),
    }
}

/// A folder that looks like a checkout with two actions.
fn checkout() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(
        "actions/all/Cargo.toml",
        "[dependencies]\ncapi-action-lead = { path = \"../lead\" }\ncapi-action-search = { path = \"../search\" }\n\n[lints]\n",
    );
    write(
        "actions/all/src/lib.rs",
        "use capi_action_lead as _;\nuse capi_action_search as _;\n",
    );
    write(
        "actions/fresh/src/lib.rs",
        "static SPEC: Spec = Spec {\n    event_name: Some(\"MadeUpInATest\"),\n};\n",
    );
    folder
}

/// Every file under `folder`, with its text.
fn tree(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                files.push((path, text));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn an_action_has_its_names_and_a_trigger_of_words_and_is_off() {
    let text = lib(&[]);
    for line in [
        "    slug: \"subscribe-renewal\",",
        "    title: \"Subscribe Renewal\",",
        "    event_name: Some(\"SubscribeRenewal\"),",
        "    default_trigger: Some(r#\"type = \"track\" and event = \"Subscribe Renewal\"\"#),",
        "    on_by_default: false,",
        "    fields: &[],",
        "struct SubscribeRenewal;",
        "register_action!(SubscribeRenewal);",
    ] {
        assert!(text.lines().any(|there| there == line), "{line}\n{text}");
    }
    let event = example(&[]);
    assert_eq!(event["event"], "Subscribe Renewal");
    assert!(event["context"]["traits"]["address"]["city"].is_string());
}

#[test]
fn what_is_written_tells_of_the_event_and_asks_nobody_for_anything() {
    let text = lib(&["plan:string:properties.plan"]);
    let comments: Vec<_> = text
        .lines()
        .filter(|line| line.starts_with("//!"))
        .collect();
    assert!(comments[0].contains("Subscribe Renewal, an event of the shop's own"));
    assert!(comments.iter().any(|line| line.contains("Off by default")));
    for word in ["let them", "your", "TODO", "say "] {
        assert!(!text.contains(word), "{word}\n{text}");
    }
}

#[test]
fn a_title_has_the_words_of_every_way_to_write_a_name() {
    for (event, title) in [
        ("SubscribeRenewal", "Subscribe Renewal"),
        ("subscribe_renewal", "Subscribe Renewal"),
        ("Subscribe Renewal", "Subscribe Renewal"),
        ("VIPSignup", "VIP Signup"),
        ("Level10Reached", "Level10 Reached"),
        ("quote-requested", "Quote Requested"),
    ] {
        assert_eq!(Name::new("slug", event).unwrap().title, title, "{event}");
    }
}

#[test]
fn a_type_has_no_name_that_the_source_uses() {
    for (slug, expected) in [
        ("level-2-reached", "Level2Reached"),
        ("self", "SelfEvent"),
        ("field-type", "FieldTypeEvent"),
    ] {
        assert_eq!(Name::new(slug, "X").unwrap().type_name(), expected);
    }
}

#[test]
fn a_key_of_ones_own_becomes_a_field_of_custom_data() {
    let text = lib(&["plan_level:integer:$.properties.plan.level"]);
    assert!(text.contains("use capi_core::field::{Field, FieldType, WirePath};\n"));
    let field = "    fields: &[
        Field::new(\"plan_level\", \"Plan Level\", FieldType::Integer, WirePath::CustomKey)
            .description(\"What the event has in properties.plan.level.\")
            .default(r#\"{\"@path\":\"$.properties.plan.level\"}\"#),
    ],
";
    assert!(text.contains(field), "{text}");
}

#[test]
fn a_key_that_metas_events_share_is_taken_from_where_they_have_it() {
    for (field, expected) in [
        ("currency:string:properties.currency", "commerce::CURRENCY,"),
        (
            "currency:text:properties.money",
            "commerce::CURRENCY.default(r#\"{\"@path\":\"$.properties.money\"}\"#),",
        ),
        (
            "order_id:string:properties.order_id",
            "commerce::ORDER_ID.default(r#\"{\"@path\":\"$.properties.order_id\"}\"#),",
        ),
        (
            "contents:object:properties.products",
            "commerce::CONTENTS_OF_PRODUCTS,",
        ),
        (
            "contents:object:properties",
            "commerce::CONTENTS_OF_PRODUCT,",
        ),
        (
            "contents:object:properties.items",
            "r#\"{\"@arrayPath\":[\"$.properties.items\",{\"id\":{\"@coalesce\":[{\"@path\":\"$.product_id\"},",
        ),
    ] {
        let text = lib(&[field]);
        assert!(text.contains(expected), "{field}: {text}");
        assert!(text.contains("use capi_core::field::commerce;\n"), "{text}");
    }
}

#[test]
fn every_shared_field_of_the_core_is_known_here() {
    let source = include_str!("../../../core/src/field/commerce.rs");
    let keys: Vec<_> = source
        .lines()
        .filter_map(|line| line.strip_prefix("pub const "))
        .filter_map(|line| line.split_once(": Field ="))
        .map(|(name, _)| name.to_lowercase())
        // Every action has it.
        .filter(|name| name != "customer_segmentation")
        .filter(|name| !name.contains("_of_"))
        .collect();
    let mut expected: Vec<_> = SHARED.iter().map(|field| field.key).collect();
    let mut keys: Vec<_> = keys.iter().map(String::as_str).collect();
    keys.sort_unstable();
    expected.sort_unstable();
    assert_eq!(keys, expected);
}

#[test]
fn the_example_has_a_value_of_its_type_at_every_path() {
    let event = example(&[
        "a:string:properties.a",
        "b:text:context.page.title",
        "c:number:properties.deep.c",
        "d:integer:properties.deep.d",
        "e:boolean:properties.e",
        "f:object:properties.f",
        "g:datetime:properties.g",
        "h:object:properties.deep",
        "i:datetime:timestamp",
        "j:string:event",
        "k:string:properties.product_id",
        "contents:object:properties",
    ]);
    let at = |pointer: &str| event.pointer(pointer).unwrap();
    assert!(at("/properties/a").is_string() && at("/context/page/title").is_string());
    assert!(at("/properties/deep/c").is_f64() && at("/properties/deep/d").is_i64());
    assert!(at("/properties/e").is_boolean() && at("/properties/f").is_object());
    assert!(at("/properties/g").is_string() && at("/properties/quantity").is_i64());
    assert_eq!(at("/properties/product_id"), "K 1");
}

#[test]
fn the_customer_of_the_example_has_no_name_that_the_action_has() {
    let text = |event: &str| planned("some-event", event, &[]).unwrap().example;
    assert!(text("Subscribed").contains("Kim.Lee@"));
    assert!(text("SleeveOrdered").contains("Ottoline.Quackenbush@"));
}

#[test]
fn money_without_a_currency_is_remarked_on() {
    let note = |fields: &[&str]| {
        let new = planned("a", "A", fields).unwrap();
        money_without_currency(&new.fields).is_some()
    };
    let (value, currency) = (
        "value:number:properties.value",
        "currency:string:properties.currency",
    );
    assert!(note(&[value]));
    assert!(!note(&[value, currency]) && !note(&["seats:integer:properties.seats"]));
}

#[test]
fn a_line_goes_to_its_place_and_no_other_byte_changes() {
    let manifest = "[dependencies]\ncapi-core.workspace = true\ncapi-action-add-to-cart = { path = \"../add-to-cart\" }\ncapi-action-lead = { path = \"../lead\" }\n\n[lints]\n";
    for (slug, before) in [
        ("a", "capi-action-add-to-cart"),
        ("add", "capi-action-add-to-cart"),
        ("add-to-cart-again", "capi-action-lead"),
        ("lead-lost", "\n[lints]"),
        ("z", "\n[lints]"),
    ] {
        let line = format!("{}\n", dependency(slug));
        let text = with_line(manifest, &dependency(slug), '-').unwrap();
        let (above, below) = text.split_once(&line).unwrap();
        assert_eq!(format!("{above}{below}"), manifest, "{slug}");
        assert!(below.starts_with(before), "{slug}: {text}");
    }
    let links = "//! All.\r\n\r\nuse capi_action_add_to_cart as _;\r\nuse capi_action_lead as _;";
    let text = with_line(links, &link("pay-off"), '_').unwrap();
    assert_eq!(
        text,
        format!("{links}\r\nuse capi_action_pay_off as _;\r\n")
    );
    let text = with_line(links, &link("contact"), '_').unwrap();
    assert!(text.contains("cart as _;\r\nuse capi_action_contact as _;\r\nuse capi_action_lead"));
}

#[test]
fn a_line_that_has_no_place_or_is_there_is_refused() {
    assert!(with_line("[dependencies]\n", &dependency("a"), '-').is_err());
    assert!(with_line("use capi_action_a as _;\n", &link("a"), '_').is_err());
}

#[test]
fn names_that_cannot_be_are_refused_with_what_to_do() {
    for (slug, event, said) in [
        ("SubscribeRenewal", "A", "try subscribe-renewal"),
        ("subscribe_renewal", "A", "try subscribe-renewal"),
        ("subscribe--renewal", "A", "try subscribe-renewal"),
        ("2nd-order", "A", "a small letter first"),
        ("", "A", "a small letter first"),
        ("../lead", "A", "try lead"),
        (&"a".repeat(51), "A", "50 are the most"),
        ("-bad", "A", "try bad"),
        ("con", "A", "choose a slug of two words"),
        ("com1", "A", "choose a slug of two words"),
        ("readme", "A", "choose a slug of two words"),
        ("a", "", "letters, digits, spaces"),
        ("a", "Say \"hi\"", "letters, digits, spaces"),
        ("a", "Ends ", "letters, digits, spaces"),
        ("a", "9Lives", "a letter first"),
        ("a", &"A".repeat(51), "50 of a custom event"),
    ] {
        let found = refusal(slug, event, &[]);
        assert!(found.contains(said), "{slug} {event}: {found}");
    }
}

#[test]
fn fields_that_cannot_be_are_refused_with_what_to_do() {
    for (field, said) in [
        ("plan", "KEY:TYPE:PATH"),
        ("plan:string", "KEY:TYPE:PATH"),
        (
            "plan:varchar:properties.plan",
            "there are string, text, number",
        ),
        ("my plan:string:properties.plan", "letters, digits and _"),
        ("plan:string:", "is not a path"),
        ("plan:string:properties..plan", "is not a path"),
        ("plan:string:properties.plans[0]", "is not a path"),
        ("plan:string:properties.plan/level", "is not a path"),
        ("plan:string:properties. plan", "is not a path"),
        ("plan:string:plan", "as in properties.plan"),
        ("plan:string:properties", "properties.plan"),
        ("plan:object:context", "as in properties.context"),
        ("plan:string:context.traits.plan", "user_data"),
        ("who:string:userId", "user_data"),
        ("address:string:context.ip", "user_data"),
        ("mail:string:properties.email", "user_data"),
        ("phone_number:string:properties.p", "user_data"),
        ("em:string:properties.p", "user_data"),
        ("event_id:string:properties.id", "every action has event_id"),
        (
            "App_Data:object:properties.app",
            "every action has App_Data",
        ),
        ("event_name:string:properties.name", "Meta's event itself"),
        (
            "attribution_data:object:properties.a",
            "Meta's event itself",
        ),
        ("password:string:properties.p", "tells of personal data"),
        (
            "customer_email:string:properties.p",
            "tells of personal data",
        ),
        ("userEmail:text:properties.p", "tells of personal data"),
        (
            "plan:number:properties.card_number",
            "tells of personal data",
        ),
        (
            "user_data:object:properties.user",
            "every action has user_data",
        ),
        (
            "currency:number:properties.currency",
            "currency:string:properties.currency",
        ),
        ("contents:string:properties.products", "contents:object:"),
        (
            "level:integer:properties.level",
            "level:string:properties.level",
        ),
        (
            "plan:string:context.page.url.plan",
            "context.page.url is not an object",
        ),
        ("plan:integer:event", "is not an integer"),
    ] {
        let found = refusal("a", "A", &[field]);
        assert!(
            found.contains(said) && found.contains(field.split(':').next().unwrap()),
            "{field}: {found}"
        );
    }
    let twice = ["plan:string:properties.a", "plan:string:properties.b"];
    assert!(refusal("a", "A", &twice).contains("already"));
    let twice = ["plan:string:properties.a", "Plan:string:properties.b"];
    assert!(refusal("a", "A", &twice).contains("\"plan\" already"));
    let at_odds = ["a:string:properties.p", "b:integer:properties.p"];
    assert!(refusal("a", "A", &at_odds).contains("is not an integer"));
    let below = ["a:string:properties.p", "b:string:properties.p.q"];
    assert!(refusal("a", "A", &below).contains("properties.p is not an object"));
    let things = [
        "country:string:properties.country",
        "state:string:properties.state",
    ];
    assert!(planned("a", "A", &things).is_ok());
    // A mere yes or no is not scrubbed; blanks may be within a key of the event.
    let sent = [
        "has_phone:boolean:properties.has_phone",
        "plan:string:properties.Plan Name",
    ];
    assert!(planned("a", "A", &sent).is_ok());
}

#[test]
fn an_event_that_has_an_action_is_refused_by_the_name_of_that() {
    let folder = checkout();
    let checkout = Checkout::at(folder.path()).unwrap();
    for (event, said) in [
        ("Subscribe", "\"subscribe\""),
        ("add_to_cart", "\"add-to-cart\""),
        ("purchase", "\"purchase\""),
        ("Made Up In A Test", "\"fresh\""),
        (
            "OrderCompleted",
            "\"purchase\" takes track calls \"Order Completed\"",
        ),
        ("LeadCaptured", "\"lead\" takes track calls"),
    ] {
        let new = planned("some-event", event, &[]).unwrap();
        let found = new
            .check_against_what_there_is(&checkout)
            .unwrap_err()
            .to_string();
        assert!(found.contains(said), "{event}: {found}");
    }
    let new = planned("some-event", "AlsoMadeUpInATest", &[]).unwrap();
    new.check_against_what_there_is(&checkout).unwrap();
}

#[test]
fn a_checkout_is_found_from_within_and_only_there() {
    let folder = checkout();
    let within = folder.path().join("actions/all/src");
    assert_eq!(Checkout::around(&within).unwrap().root, folder.path());
    let elsewhere = tempfile::tempdir().unwrap();
    let error = Checkout::around(elsewhere.path()).unwrap_err().to_string();
    assert!(
        error.contains("not a checkout of capi") && error.contains("--root"),
        "{error}"
    );
    assert!(Checkout::at(&within).is_err());
}

#[test]
fn what_is_there_is_never_overwritten() {
    let folder = checkout();
    let before = tree(folder.path());
    let files = || planned("fresh", "A", &[]).unwrap().files();
    for slug in ["fresh", "all", "lead"] {
        let checkout = Checkout::at(folder.path()).unwrap();
        let said = checkout.plan(slug, files()).err().unwrap();
        assert!(format!("{said:#}").contains("already"), "{slug}: {said:#}");
    }
    assert_eq!(tree(folder.path()), before);
}

#[test]
fn a_file_that_cannot_be_written_leaves_everything_as_it_was() {
    let folder = checkout();
    let before = tree(folder.path());
    let plan = |slug: &str| {
        let checkout = Checkout::at(folder.path()).unwrap();
        let files = planned(slug, "A", &[]).unwrap().files();
        checkout.plan(slug, files).unwrap()
    };
    // The last file to be written becomes a folder behind the plan's back.
    let links = folder.path().join("actions/all/src/lib.rs");
    let blocked = plan("some-event");
    let text = fs::read_to_string(&links).unwrap();
    fs::remove_file(&links).unwrap();
    fs::create_dir(&links).unwrap();
    let said = format!("{:#}", blocked.write().unwrap_err());
    assert!(
        said.contains("cannot write")
            && said.contains("lib.rs")
            && said.contains("nothing was written")
            && said.contains("--root DIR"),
        "{said}"
    );
    fs::remove_dir(&links).unwrap();
    fs::write(&links, text).unwrap();
    assert_eq!(tree(folder.path()), before);
    let written = plan("some-event").write().unwrap();
    assert_eq!(written.len(), 5);
    assert!(written.iter().all(|path| path.starts_with("actions")));
}
