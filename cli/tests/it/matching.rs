//! `capi match`.

use super::{capi, stderr, stdout};

const EVENT: &str =
    "{\n\"type\":\"track\",\"event\":\"Order Completed\",\"properties\":{\"n\":5}\n}\n";

#[test]
fn the_answer_is_printed_and_is_the_exit_code() {
    for (statement, answer, code) in [
        ("type = 'track' and match(event, 'Order *')", "true\n", 0),
        ("properties.n > 5", "false\n", 1),
        ("-5 < properties.n", "true\n", 0),
    ] {
        let output = capi(&["match", statement], EVENT);
        assert_eq!(
            (stdout(&output).as_str(), output.status.code()),
            (answer, Some(code))
        );
        assert_eq!(stderr(&output), "");
    }
}

#[test]
fn a_wrong_statement_ends_with_2_and_its_position() {
    let output = capi(&["match", "type = 'track'\n  AND event"], EVENT);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(stdout(&output), "");
    let reported = stderr(&output);
    assert!(
        reported.contains("line 2, column 3") && reported.contains("did you mean `and`"),
        "{reported}"
    );
}

#[test]
fn what_is_no_event_ends_with_2() {
    for event in ["", "nope", "{\"type\":"] {
        let output = capi(&["match", "type = 'track'"], event);
        assert_eq!(
            (output.status.code(), stdout(&output).as_str()),
            (Some(2), ""),
            "{event}"
        );
    }
}

#[test]
fn the_clause_that_decided_is_shown() {
    let statement =
        "type = 'track' and (event = 'X' or match(event,'Order *')) and properties.n > 9 and !foo";
    let output = capi(&["match", "--explain", statement], EVENT);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        stdout(&output),
        "\
false
→ ✗ and
    ✓ type = \"track\"    # type is \"track\"
    ✓ or
      ✗ event = \"X\"    # event is \"Order Completed\"
      ✓ match(event, \"Order *\")    # event is \"Order Completed\"
→   ✗ properties.n > 9    # properties.n is 5
    ✓ !
      ✗ foo    # foo is missing
"
    );
}
