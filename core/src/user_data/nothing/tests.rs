//! Each field's words, and that no other value is taken for one.

use super::*;
use crate::user_data::Digest;

/// What is nobody's in `identifier` in each of these texts.
fn all_refused(identifier: Identifier, country: Option<&str>, texts: &[&str]) {
    for text in texts {
        assert!(
            refusal(identifier, text, country).is_some(),
            "{}: {text}",
            identifier.key()
        );
    }
}

fn none_refused(identifier: Identifier, country: Option<&str>, texts: &[&str]) {
    for text in texts {
        assert_eq!(
            refusal(identifier, text, country),
            None,
            "{}: {text}",
            identifier.key()
        );
    }
}

const NOBODY: [&str; 60] = [
    "null",
    "NULL",
    "Null",
    "undefined",
    "Undefined",
    "None",
    "none",
    "NONE",
    "NaN",
    "nan",
    "nil",
    "Nil",
    "<nil>",
    "<null>",
    "<NA>",
    "(null)",
    "[null]",
    "{null}",
    "\"null\"",
    "'None'",
    "\\\"null\\\"",
    "false",
    "False",
    "TRUE",
    "0",
    "00",
    "0.0",
    "-0",
    "-1",
    "-",
    "--",
    "—",
    "–",
    ".",
    "...",
    "?",
    "unknown",
    "Unknown",
    "ANONYMOUS",
    "anonymous",
    "guest",
    "Guest User",
    "guest_user",
    "n/a",
    "N.A.",
    "#N/A",
    "#REF!",
    "NA/",
    "(not set)",
    "not_set",
    "Not Provided",
    "none provided",
    "[object Object]",
    "[OBJECT OBJECT]",
    "\\N",
    "undefined undefined",
    "--None--",
    "ｎｕｌｌ",
    "None 😀",
    "０",
];

const UNFILLED: [&str; 37] = [
    "{{user.id}}",
    "{{ user.id }}",
    "{{{id}}}",
    "${id}",
    "${ user.id }",
    "%%ID%%",
    "%ID%",
    "%user.id%",
    "<user_id>",
    "<USER ID>",
    "[USER_ID]",
    "[id]",
    "{id}",
    "{user_id}",
    "{0}",
    "__ID__",
    "__USER_ID__",
    "*|UNIQID|*",
    "<%= user.id %>",
    "<?= $id ?>",
    "#{user.id}",
    "$user_id",
    "$(user.id)",
    "[[user_id]]",
    "{$id}",
    "{!Contact.Id}",
    "%(id)s",
    "%s",
    "\"{{user.id}}\"",
    "%7B%7Buser.id%7D%7D",
    "%%=v(@id)=%%",
    ":user_id",
    "@user.id@",
    "(user_id)",
    "&lt;user_id&gt;",
    "<<user_id>>",
    "[object HTMLInputElement]",
];

#[test]
fn what_says_nobody_is_nobody_in_every_field_but_names() {
    for identifier in Identifier::ALL {
        if matches!(identifier, Identifier::FirstName | Identifier::LastName) {
            continue;
        }
        all_refused(identifier, None, &NOBODY);
        all_refused(identifier, None, &UNFILLED);
    }
}

#[test]
fn ids_of_one_digit_are_nobodys() {
    all_refused(
        Identifier::ExternalId,
        None,
        &[
            "00000000-0000-0000-0000-000000000000",
            "{00000000-0000-0000-0000-000000000000}",
            "00000000000000000000000000000000",
            "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
            "ffffffffffffffff",
            "11111111-1111-1111-1111-111111111111",
            "0000-0000",
            "0000000000",
        ],
    );
    none_refused(
        Identifier::ExternalId,
        None,
        &[
            "1",
            "11111111",
            "fff",
            "00000000-0000-0000-0000-000000000001",
            "{3F2504E0-4F89-11D3-9A0C-0305E82C3301}",
            "3F2504E0-4F89-11D3-9A0C-0305E82C3301",
        ],
    );
}

#[test]
fn an_id_of_somebody_stays() {
    none_refused(
        Identifier::ExternalId,
        None,
        &[
            "u-1",
            "test",
            "x",
            "nancy",
            "guest_123",
            "anonymous-7a1c9d3e",
            "null-island",
            "nilsson",
            "true_blue",
            "0123",
            "10",
            "user",
            "<4155550132>",
            "%4155550132%",
            "[4155550132]",
            "[\"a\"]",
            "{\"id\":1}",
            "<kim@example.com>",
            "100%",
            "50%-off-50%",
            "a{b}c",
            "$kim",
            "__kim__",
            "用户-1",
            "😀",
            "$RCAnonymousID:87c0a",
            "kim@example.com",
        ],
    );
}

#[test]
fn names_stay() {
    for identifier in [Identifier::FirstName, Identifier::LastName] {
        none_refused(
            identifier,
            None,
            &[
                "None",
                "True",
                "Nan",
                "Nil",
                "Na",
                "False",
                "Guest",
                "Unknown",
                "Anonymous",
                "Nul",
                "J. R.",
                "<Kim>",
                "[David]",
                "(Kim)",
                "$ign",
                "A$AP",
                "O'Connor",
                "0",
                "X",
                "Test",
            ],
        );
        all_refused(
            identifier,
            None,
            &[
                "null",
                "NULL",
                "\"null\"",
                "undefined",
                "(null)",
                "n/a",
                "N.A.",
                "#N/A",
                "#REF!",
                "[object Object]",
                "<null>",
                "null null",
                "undefined undefined",
                "(not set)",
                "—",
                "{{first_name}}",
                "{{ user.firstName }}",
                "${name}",
                "%%FIRST_NAME%%",
                "%FNAME%",
                "<first_name>",
                "[FIRST NAME]",
                "[FNAME]",
                "{name}",
                "*|FNAME|*",
                "__NAME__",
                "$first_name",
                "Dear {{name}}",
                "[object Promise]",
            ],
        );
    }
}

#[test]
fn a_place_of_the_country_stays() {
    for identifier in [Identifier::City, Identifier::State] {
        none_refused(
            identifier,
            Some("it"),
            &["None", "NONE", "\"None\"", "NA", "na"],
        );
        none_refused(identifier, Some("th"), &["Nan"]);
        none_refused(identifier, Some("es"), &["NA"]);
        none_refused(
            identifier,
            Some("us"),
            &["True", "Nome", "Unionville", "Guestville"],
        );
        all_refused(
            identifier,
            Some("it"),
            &["N/A", "<NA>", "Nan", "null", "{{city}}", "--None--"],
        );
        all_refused(identifier, Some("th"), &["None", "NaN."]);
        all_refused(identifier, None, &["None", "Nan", "NA", "True"]);
    }
    none_refused(
        Identifier::Country,
        None,
        &["NA", "na", "\"NA\"", "NO", "no", "ID", "Niger"],
    );
    all_refused(
        Identifier::Country,
        None,
        &["N/A", "<NA>", "n.a.", "{id}", "%ID%", "${id}", "[id]"],
    );
}

#[test]
fn phones_and_addresses_in_brackets_stay() {
    none_refused(
        Identifier::Phone,
        Some("us"),
        &[
            "<4155550132>",
            "%4155550132%",
            "<tel:+14155550132>",
            "(415) 555-0132",
        ],
    );
    none_refused(
        Identifier::Email,
        None,
        &[
            "<kim@example.com>",
            "Nan@example.com",
            "none@example.com",
            "100%kim@example.com",
        ],
    );
    all_refused(
        Identifier::Email,
        None,
        &[
            "null@null.com",
            "none@none.com",
            "NA@na.na",
            "{{email}}",
            "{{user}}@example.com",
        ],
    );
}

#[test]
fn ids_and_agents_that_leave_as_they_are() {
    for text in NOBODY.iter().chain(&UNFILLED) {
        assert!(is_nobodys_id(text), "{text}");
        assert!(is_nobodys_agent(text), "{text}");
    }
    for agent in [
        "Mozilla/5.0 (X11; Linux x86_64)",
        "okhttp/4.12.0",
        "-Mozilla",
        "UA/1",
        "NativeHost",
        "Mozilla/5.0 {{x}}",
        "none of your business",
    ] {
        assert!(!is_nobodys_agent(agent), "{agent}");
    }
    assert!(is_nobodys_id("sub-{{id}}"));
}

#[test]
fn what_an_account_is_is_no_state_and_no_country() {
    let texts = ["enabled", "Disabled", "INVITED", "declined", "\"active\""];
    for identifier in [Identifier::State, Identifier::Country] {
        for country in [None, Some("us"), Some("de")] {
            all_refused(identifier, country, &texts);
        }
    }
    for identifier in [
        Identifier::City,
        Identifier::LastName,
        Identifier::ExternalId,
    ] {
        none_refused(identifier, None, &texts);
    }
}

#[test]
fn the_digests_of_what_is_refused_are_refused() {
    let is_refused = |identifier, text: &str, country| {
        let digest = Digest::of(text);
        let suffixed = format!("{}.AQQCAQIB", digest.as_str().to_uppercase());
        let suffixed = Digest::accept(&suffixed).unwrap();
        let answers = [digest, suffixed].map(|digest| is_digest(identifier, &digest, country));
        assert_eq!(answers[0], answers[1], "{text}");
        answers[0]
    };
    for identifier in Identifier::ALL {
        for text in [
            "",
            " ",
            "\n",
            "\"\"",
            "''",
            "{}",
            "[]",
            "null",
            "NULL",
            "undefined",
            "\"null\"",
            "null\n",
            "[object Object]",
            "{{user.id}}",
            "—",
            "#N/A",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ] {
            assert!(
                is_refused(identifier, text, None),
                "{}: {text:?}",
                identifier.key()
            );
        }
        assert!(!is_refused(identifier, "mary", None));
        for zeros in ["0".repeat(64), "F".repeat(64)] {
            assert!(is_digest(
                identifier,
                &Digest::accept(&zeros).unwrap(),
                None
            ));
        }
    }
    for text in [
        "None",
        "none",
        "NONE",
        "NaN",
        "nan",
        "unknown",
        "Guest",
        "anonymous",
        "true",
        "0",
        "nil",
    ] {
        assert!(!is_refused(Identifier::FirstName, text, None), "{text}");
        assert!(is_refused(Identifier::ExternalId, text, None), "{text}");
        assert!(is_refused(Identifier::Gender, text, None), "{text}");
        assert!(is_refused(Identifier::City, text, None), "{text}");
    }
    assert!(!is_refused(Identifier::City, "none", Some("it")));
    assert!(is_refused(Identifier::City, "none", Some("fr")));
    assert!(!is_refused(Identifier::Country, "na", None));
    assert!(is_refused(Identifier::Country, "N/A", None));
}

#[test]
fn the_words_are_in_order_and_pass_the_gate() {
    assert!(words::WORDS.is_sorted() && words::OF_ACCOUNTS.is_sorted());
    for word in words::WORDS
        .iter()
        .chain(&words::OF_ACCOUNTS)
        .chain(&words::ERRORS)
        .chain(&words::MARKS)
    {
        assert!(words::may_be(word), "{word}");
        assert!(Spelling::of(word).is_some(), "{word}");
    }
}
