//! The raw values of customers, the token and the write key stay in memory:
//! not one of them is in the data folder, in the log or in an answer.

use serde_json::{Value, json};

use crate::support::calls::{order, with};
use crate::support::http::Request;
use crate::support::meta::{Meta, TOKEN};
use crate::support::relay::{KEY, Relay, Setup, files};

/// A customer with all eleven identifiers, in the order of [`customer`].
struct Customer {
    /// Two values, as lists are allowed.
    external: [&'static str; 2],
    email: &'static str,
    phone: &'static str,
    gender: &'static str,
    birthday: &'static str,
    last: &'static str,
    first: &'static str,
    city: &'static str,
    state: &'static str,
    zip: &'static str,
    country: &'static str,
}

/// Values that nothing else here could contain.
const CUSTOMERS: [Customer; 3] = [
    Customer {
        external: ["Cust-Zebulon-771", "anon-Quixotic-882"],
        email: "Wilhelmina.Zyxwv+Shop@Unmistakable.Example",
        phone: "+49 (0170) 987-65-43",
        gender: "Female",
        birthday: "1987-03-14",
        last: "Zyxwvutsson-O'Hara",
        first: "Wilhelmina Xanthippe",
        city: "Gräfenhainichen",
        state: "Nordrhein-Westfalen",
        zip: "K1A 0B1-QQ",
        country: "Liechtenstein",
    },
    Customer {
        external: ["клиент-Ж991", "гость-Щ992"],
        email: "юлия.достоевская@почта-магазин.example",
        phone: "+7 921 555-43-21",
        gender: "женский",
        birthday: "14.03.1988",
        last: "Достоевская",
        first: "Юлия",
        city: "Санкт-Петербург",
        state: "Ленинградская область",
        zip: "190031-Ж",
        country: "Россия-матушка",
    },
    Customer {
        external: ["顧客-九九一", "匿名-八八二"],
        email: "tanaka.ふみ@例え-商店.example",
        phone: "０９０−１２３４−５６７８",
        gender: "女性です",
        birthday: "1989年3月14日",
        last: "田中丸",
        first: "ふみゑ",
        city: "横浜市中区",
        state: "神奈川県",
        zip: "２３１−００１７",
        country: "日本国",
    },
];

impl Customer {
    fn raw(&self) -> [&'static str; 12] {
        [
            self.external[0],
            self.external[1],
            self.email,
            self.phone,
            self.gender,
            self.birthday,
            self.last,
            self.first,
            self.city,
            self.state,
            self.zip,
            self.country,
        ]
    }

    fn order(&self, id: &str) -> Value {
        let traits = json!({
            "email": self.email, "phone": self.phone, "gender": self.gender,
            "birthday": self.birthday, "lastName": self.last, "firstName": self.first,
            "address": {
                "city": self.city, "state": self.state,
                "postalCode": self.zip, "country": self.country,
            },
        });
        let call = with(order(id), "/userId", json!(self.external[0]));
        let call = with(call, "/anonymousId", json!(self.external[1]));
        with(call, "/context/traits", traits)
    }
}

/// Forms in which a raw value could be written: as it is, in other letters,
/// without what separates, as JSON or a form escapes it.
fn forms(raw: &str) -> Vec<Vec<u8>> {
    let plain: String = raw.chars().filter(|c| c.is_alphanumeric()).collect();
    let escaped: String = raw
        .encode_utf16()
        .map(|unit| match u8::try_from(unit).ok().filter(u8::is_ascii) {
            Some(ascii) => char::from(ascii).to_string(),
            None => format!("\\u{unit:04x}"),
        })
        .collect();
    let percent: String = raw
        .bytes()
        .map(|byte| match char::from(byte) {
            c if c.is_ascii_alphanumeric() || "-._~".contains(c) => c.to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    let mut forms = vec![
        raw.to_owned(),
        raw.to_lowercase(),
        raw.to_uppercase(),
        raw.replace(' ', ""),
        raw.replace(' ', "").to_lowercase(),
        plain.to_lowercase(),
        plain,
        escaped.to_uppercase(),
        escaped,
        percent,
        format!("{:?}", raw.as_bytes())
            .trim_matches(['[', ']'])
            .to_owned(),
        raw.escape_unicode().to_string(),
    ];
    forms.sort();
    forms.dedup();
    forms.into_iter().map(String::into_bytes).collect()
}

/// What could betray somebody, with the value that it comes from.
fn secrets() -> Vec<(&'static str, Vec<u8>)> {
    let raw = CUSTOMERS.iter().flat_map(Customer::raw);
    // What normalization makes of them on the way to the hash.
    let normalized = [
        "491709876543",
        "01709876543",
        "19870314",
        "19880314",
        "19890314",
        "79215554321",
        "09012345678",
        "zyxwvutssonohara",
        "grafenhainichen",
    ];
    let values = raw.chain(normalized).chain([WRONG_EMAIL, WRONG_PLACE]);
    let customers = values.flat_map(|raw| forms(raw).into_iter().map(move |form| (raw, form)));
    customers
        .chain([TOKEN, KEY].map(|secret| (secret, secret.as_bytes().to_vec())))
        .collect()
}

const WRONG_EMAIL: &str = "no-address-of-Balthazar";
const WRONG_PLACE: &str = "Balthazar.Misplaced@Unmistakable.Example";

/// Calls that are wrong in ways that an answer or a warning will speak of.
fn wrong_calls() -> Vec<Value> {
    let place = || json!(WRONG_PLACE);
    vec![
        with(
            order("wrong-email"),
            "/context/traits/email",
            json!(WRONG_EMAIL),
        ),
        with(order("wrong-phone"), "/context/traits/phone", place()),
        with(order("currency"), "/properties/currency", place()),
        with(order("revenue"), "/properties/revenue", place()),
        with(order("source"), "/properties/action_source", place()),
        with(order("time"), "/timestamp", place()),
        with(order("type"), "/type", place()),
        with(order("ip"), "/context/ip", place()),
        with(order("products"), "/properties/products", place()),
        with(order("click-id"), "/properties/fbc", place()),
        with(order("context"), "/context", place()),
        place(),
    ]
}

fn assert_clean(what: &str, bytes: &[u8], secrets: &[(&str, Vec<u8>)]) {
    // Room that is kept back on the disk: large, and nothing but zeros.
    if bytes.iter().all(|byte| *byte == 0) {
        return;
    }
    // A form of few bytes turns up by chance in bytes that are not text.
    for (raw, form) in secrets.iter().filter(|(_, form)| form.len() >= 6) {
        let found = bytes
            .windows(form.len())
            .position(|window| window == form.as_slice());
        if let Some(place) = found {
            let around = &bytes[place.saturating_sub(200)..bytes.len().min(place + 200)];
            panic!("{raw:?} is in {what}: {}", String::from_utf8_lossy(around));
        }
    }
}

#[test]
fn no_raw_value_reaches_the_disk_the_log_or_an_answer() {
    let meta = Meta::up();
    let setup = Setup {
        log: Some("trace"),
        server: "shutdown_seconds = 1",
        ..Setup::default()
    };
    let mut relay = Relay::with(&meta, setup);
    let secrets = secrets();
    let mut answers = String::new();
    let mut report = |relay: &Relay, request: &Request| {
        let response = relay.send(request);
        answers.push_str(&response.head);
        answers.push_str(&response.body);
        response.status
    };
    let batch = |calls: &[Value]| {
        Request::post("/v1/batch", json!({ "batch": calls }).to_string()).key(KEY)
    };
    let customers = |prefix: &str| -> Vec<Value> {
        let numbered = CUSTOMERS.iter().enumerate();
        numbered
            .map(|(place, customer)| customer.order(&format!("{prefix}-{place}")))
            .collect()
    };

    // Delivered.
    assert_eq!(report(&relay, &batch(&customers("delivered"))), 200);
    meta.wait_for(3);
    // Refused for good, and kept for somebody to look at.
    let refuse = json!({"status": 400, "code": 100, "subcode": 2_804_019});
    meta.faults(&json!([
        {"match": {"event_id": "poison-*"}, "answer": refuse},
        {"match": {"event_id": "waiting-*"}, "answer": {"status": 503}},
    ]));
    assert_eq!(report(&relay, &batch(&customers("poison"))), 200);
    // Waiting for Meta to be well.
    assert_eq!(report(&relay, &batch(&customers("waiting"))), 200);
    // Wrong, each in its own way, and not even JSON.
    for call in wrong_calls() {
        assert_eq!(report(&relay, &batch(&[call])), 200);
    }
    let broken = customers("broken")[0]
        .to_string()
        .replace("\"currency\"", "currency");
    assert_eq!(
        report(&relay, &Request::post("/v1/track", broken).key(KEY)),
        400
    );
    let unknown = Request::post("/v1/track", customers("unknown")[0].to_string());
    assert_eq!(report(&relay, &unknown.key("Balthazar-unknown-key")), 401);
    crate::support::poll::until("Meta to have refused both kinds", || {
        (meta.stats().refused >= 2).then_some(())
    });

    // On disk while it runs, and after it has stopped.
    let look = |relay: &Relay| {
        let mut all = Vec::new();
        for file in files(&relay.data_dir()) {
            let bytes = std::fs::read(&file).unwrap();
            assert_clean(&file.display().to_string(), &bytes, &secrets);
            all.extend(bytes);
        }
        all
    };
    // The events themselves are there, so there was something to look at.
    let disk = look(&relay);
    assert!(
        disk.windows(9).any(|window| window == b"waiting-0"),
        "nothing is on disk"
    );
    assert!(relay.stop().success());
    look(&relay);

    let log = relay.log();
    assert!(
        log.contains("TRACE"),
        "the log is not as talkative as was asked"
    );
    assert_clean("the log", log.as_bytes(), &secrets);
    assert!(
        !log.contains("Balthazar-unknown-key"),
        "the log has a key that a client sent"
    );
    assert!(answers.contains("rejected"));
    assert_clean("an answer", answers.as_bytes(), &secrets);
}

/// Takes calls with everything in their custom data.
const ALL_OF_IT: Setup<'static> = Setup {
    server: "shutdown_seconds = 1",
    destination: "prebuilt_subscriptions = true",
    tables: "[[destination.subscription]]
action = \"custom-event\"
trigger = 'type = \"track\" and event = \"Note Taken\"'
mapping = { event_name = \"Note\", custom_data = { \"@path\" = \"$.properties\" } }",
    log: Some("trace"),
    shell: None,
};

const CARD: &str = "4929 4213 9082 0171";
const SECRET: &str = "Quixotic-hunter-55";

/// Calls that bring `email`, a card and a secret along where nobody meant them.
fn hiding(prefix: &str, email: &str) -> Vec<Value> {
    let percent: String = email.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let url = format!(
        "https://shop.example/u/{email}/?utm_source=mail&q={percent}&token={SECRET}#{email}"
    );
    let properties = json!({
        "note": format!("a gift for {email}, please"),
        "tags": [email, CARD, "red"],
        "deep": {"customerEmail": email, "paid_with": CARD, "password": SECRET},
        "card": CARD.replace(' ', "").parse::<u64>().unwrap(),
        email: 1,
        "link": url,
    });
    let note = with(
        order(&format!("{prefix}-note")),
        "/event",
        json!("Note Taken"),
    );
    let search = with(
        order(&format!("{prefix}-search")),
        "/event",
        json!("Products Searched"),
    );
    vec![
        with(note, "/properties", properties),
        with(
            search,
            "/properties",
            json!({"query": format!("{email} {CARD}")}),
        ),
        with(
            order(&format!("{prefix}-url")),
            "/context/page",
            json!({"url": url, "referrer": url}),
        ),
        with(
            order(&format!("{prefix}-product")),
            "/properties/products/0/product_id",
            json!(email),
        ),
        // Rejected, and kept for somebody to look at.
        with(
            with(
                order(&format!("{prefix}-rejected")),
                "/properties/currency",
                json!(null),
            ),
            "/context/page/url",
            json!(url),
        ),
    ]
}

#[test]
fn what_hides_in_free_text_reaches_neither_disk_nor_log_nor_meta() {
    let meta = Meta::up();
    let mut relay = Relay::with(&meta, ALL_OF_IT);
    let mut secrets: Vec<(&str, Vec<u8>)> = Vec::new();
    for raw in CUSTOMERS
        .iter()
        .map(|customer| customer.email)
        .chain([CARD, SECRET])
    {
        secrets.extend(forms(raw).into_iter().map(|form| (raw, form)));
    }
    meta.faults(&json!([
        {"match": {"event_id": "waiting-*"}, "answer": {"status": 503}},
    ]));
    let mut answers = String::new();
    for prefix in ["delivered", "waiting"] {
        for (number, customer) in CUSTOMERS.iter().enumerate() {
            let calls = hiding(&format!("{prefix}-{number}"), customer.email);
            let batch = json!({ "batch": calls }).to_string();
            let response = relay.send(&Request::post("/v1/batch", batch).key(KEY));
            assert_eq!(response.status, 200);
            answers.push_str(&response.body);
        }
        if prefix == "delivered" {
            meta.wait_for(12);
        }
    }
    assert!(answers.contains("rejected"), "{answers}");
    assert_clean("an answer", answers.as_bytes(), &secrets);

    let sent = meta.texts().concat();
    assert!(sent.contains("a gift for, please"), "{sent}");
    assert!(
        sent.contains("https://shop.example/u//?utm_source=mail"),
        "{sent}"
    );
    assert_clean("what Meta got", sent.as_bytes(), &secrets);

    assert!(relay.stop().success());
    let mut disk = Vec::new();
    for file in files(&relay.data_dir()) {
        let bytes = std::fs::read(&file).unwrap();
        assert_clean(&file.display().to_string(), &bytes, &secrets);
        disk.extend(bytes);
    }
    for id in ["waiting-0-note", "delivered-0-rejected"] {
        let is_there = disk.windows(id.len()).any(|window| window == id.as_bytes());
        assert!(is_there, "{id} is not on disk");
    }
    let log = relay.log();
    assert!(log.contains("TRACE") && log.contains("personal_data_removed"));
    assert_clean("the log", log.as_bytes(), &secrets);
}
