//! `em`: an e-mail address.

use std::borrow::Cow;

use super::Hints;
use super::characters::{
    is_blank, is_mark, is_script_space, is_unseen, lower_ascii_without, lower_without, trim,
};
use super::percent;
use super::rule::{PAGE, Rule};
use super::step::{LOWERCASE, Step, TRIM};
use super::{Identifier, ValueError};

pub(super) const RULE: Rule = Rule {
    identifier: Identifier::Email,
    about: "An e-mail address.",
    source: PAGE,
    steps: &[
        Step::documented("em.trim", TRIM),
        Step::own(
            "em.unseen",
            "Remove what nobody sees: controls, zero-width characters, byte order marks, soft hyphens.",
        ),
        Step::own(
            "em.unwrap",
            "Remove what is around the whole: quotes, a name and angle brackets, mailto: with what follows its question mark, percent-encoding, which is taken off once.",
        ),
        Step::documented(
            "em.lowercase",
            "Lower-case, composed Unicode (NFC); dots and +tags stay.",
        ),
        Step::own(
            "em.half_width",
            "Write the full-width characters of a Japanese or Chinese keyboard as ASCII.",
        ),
        Step::own(
            "em.unquote",
            "Remove quotes around the part before the @ that it does not need.",
        ),
        Step::own(
            "em.address",
            "Refuse what is not one address with a dot in its domain.",
        )
        .refuses(),
    ],
    pixel_steps: &[
        Step::reported("em.pixel.trim", TRIM),
        Step::reported("em.pixel.lowercase", LOWERCASE),
        Step::reported(
            "em.pixel.address",
            "Refuse what is not an address of ASCII characters.",
        )
        .refuses(),
    ],
    opaque: false,
    page,
    pixel: Some(pixel),
    agreed: |text| text.is_ascii() && !text.contains([':', '%']),
};

fn page(text: &str, _: Hints<'_>, out: &mut String) -> Result<(), ValueError> {
    let start = out.len();
    // As nearly all come.
    if text.bytes().all(is_plain) {
        lower_ascii_without(text, |_| false, out);
        return address(&out[start..]);
    }
    let text = unwrap(text);
    let text = text.as_ref();
    if text.is_ascii() {
        lower_without(text, |_| false, out);
    } else {
        let text: String = text.chars().map(half_width).collect();
        lower_without(&text, |_| false, out);
    }
    if out[start..].starts_with('"') {
        return quoted(start, out);
    }
    address(&out[start..])
}

/// Whether there is nothing about an address of such bytes that must be taken off.
const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'@' | b'.' | b'_' | b'-' | b'+')
}

fn address(text: &str) -> Result<(), ValueError> {
    match text.split_once('@') {
        Some((local, domain)) if is_local_part(local) && is_domain(domain) => Ok(()),
        _ => Err(ValueError::NotAnEmail),
    }
}

/// A character of a Japanese or Chinese keyboard as ASCII, if it is one. IDNA
/// reads the other full stops as ours too.
fn half_width(character: char) -> char {
    match character {
        '。' | '｡' => '.',
        '！'..='～' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
        _ => character,
    }
}

/// So many things may be around an address: a link may be in brackets, and brackets in
/// quotes.
const WRAPPINGS: usize = 4;

/// `text` without all that is around the address. What was encoded for a URL is decoded
/// once: `%2540` is a percent sign and no `@`.
fn unwrap(text: &str) -> Cow<'_, str> {
    let mut text = seen(Cow::Borrowed(text));
    let mut is_decoded = false;
    // As it is in a query. Of a link, what says more than the address goes first.
    if !text.contains('@') && link(trim(&text)).is_none() {
        text = decoded(text);
        is_decoded = true;
    }
    for _ in 0..WRAPPINGS {
        let own = without_encoded_blanks(trim(&text));
        let address = link(own).filter(|_| !is_decoded);
        is_decoded |= address.is_some();
        let inner = match address {
            Some(address) => decoded(Cow::Borrowed(address)),
            None => Cow::Borrowed(unwrapped(own)),
        };
        if inner.len() == text.len() {
            break;
        }
        text = Cow::Owned(inner.into_owned());
    }
    text
}

/// `text` without what nobody sees.
fn seen(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains(is_unseen) {
        return Cow::Owned(text.replace(is_unseen, ""));
    }
    text
}

/// `text` without percent-encoding, and without what nobody sees then; as it is where
/// that is not text.
fn decoded(text: Cow<'_, str>) -> Cow<'_, str> {
    match percent::decoded_once(&text) {
        Some(plain) => Cow::Owned(seen(plain).into_owned()),
        None => text,
    }
}

/// `text` without the blanks of a query around it: no address begins with `%20`.
fn without_encoded_blanks(mut text: &str) -> &str {
    const BLANKS: [&str; 4] = ["%20", "%09", "%0a", "%0d"];
    let is_one = |text: Option<&str>| {
        text.is_some_and(|text| BLANKS.iter().any(|blank| blank.eq_ignore_ascii_case(text)))
    };
    while is_one(text.get(..3)) {
        text = &text[3..];
    }
    while is_one(text.len().checked_sub(3).and_then(|end| text.get(end..))) {
        text = &text[..text.len() - 3];
    }
    text
}

/// The address of a link. Header fields follow it (RFC 6068), and the text of the link in
/// what chats export. Exchange writes `smtp:`.
fn link(text: &str) -> Option<&str> {
    let link = ["mailto:", "smtp:"].into_iter().find_map(|scheme| {
        let (head, link) = text.split_at_checked(scheme.len())?;
        head.eq_ignore_ascii_case(scheme).then_some(link)
    })?;
    let end = link.find(['?', '|']).unwrap_or(link.len());
    Some(trim(link[..end].trim_start_matches('/')))
}

/// `text` without one thing around the whole of it, as exports, address books and links
/// write it: a pair of signs, a name, `mailto:`, a comma of a list.
fn unwrapped(text: &str) -> &str {
    let text = trim(text.trim_end_matches([',', ';']));
    for (open, close) in [
        ('"', '"'),
        ('\'', '\''),
        ('<', '>'),
        ('“', '”'),
        ('„', '“'),
        ('‘', '’'),
        ('«', '»'),
        ('‹', '›'),
        ('[', ']'),
        ('(', ')'),
    ] {
        let inner = text
            .strip_prefix(open)
            .and_then(|text| text.strip_suffix(close))
            .filter(|inner| !inner.contains(open));
        if let Some(inner) = inner {
            return trim(inner);
        }
    }
    // RFC 5322, 3.4: the address of a mailbox with a name is in angle brackets.
    if let Some((name, address)) = text
        .strip_suffix('>')
        .and_then(|text| text.rsplit_once('<'))
        // Else there are several of them.
        && !name.contains('>')
        && !(name.contains('@') && name.contains([',', ';']))
    {
        return trim(address);
    }
    // Outlook writes a link into square ones.
    if let Some((_, link)) = text
        .strip_suffix(']')
        .and_then(|text| text.rsplit_once(" ["))
    {
        return trim(link);
    }
    // And a comment is in round ones.
    if let Some((address, _)) = text
        .strip_suffix(')')
        .and_then(|text| text.split_once(" ("))
    {
        return trim(address);
    }
    link(text).unwrap_or(text)
}

/// A local part in quotes, as in `"john smith"@example.com`: the quotes are
/// part of the address only where it could not do without (RFC 5321, 4.1.2).
fn quoted(start: usize, out: &mut String) -> Result<(), ValueError> {
    let fits = out[start..]
        .strip_prefix('"')
        .and_then(|rest| rest.rsplit_once("\"@"))
        .filter(|(local, domain)| !local.is_empty() && is_domain(domain));
    let Some((local, domain)) = fits else {
        return Err(ValueError::NotAnEmail);
    };
    if is_local_part(local) {
        let bare = format!("{local}@{domain}");
        out.truncate(start);
        out.push_str(&bare);
        return Ok(());
    }
    // What quotes are for, and a quote in it only behind a backslash.
    let mut is_escaped = false;
    let closes = local.chars().any(|character| {
        let closes = character == '"' && !is_escaped;
        is_escaped = character == '\\' && !is_escaped;
        closes || (character != ' ' && is_blank(character))
    });
    if closes || is_escaped {
        return Err(ValueError::NotAnEmail);
    }
    Ok(())
}

/// Whether mail can have this before the `@`. Laxer than RFC 5322 on dots:
/// Japanese carriers gave out addresses like `a..b@` and `a.@`.
fn is_local_part(local: &str) -> bool {
    !local.is_empty()
        && !local.chars().any(|character| {
            is_blank(character)
                || matches!(
                    character,
                    '"' | '(' | ')' | ',' | ':' | ';' | '<' | '>' | '@' | '[' | '\\' | ']'
                )
        })
}

/// Whether a domain of any script can be written so, with at least one dot.
fn is_domain(domain: &str) -> bool {
    domain.contains('.')
        && domain.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|character| {
                    character.is_alphanumeric() || character == '-' || is_mark(character)
                })
        })
}

/// The Pixel's pattern: a local part of ASCII atoms between dots (a colon may
/// stand before a dot), a domain of at least two ASCII labels.
fn pixel(text: &str, out: &mut String) -> Result<(), ValueError> {
    let text = text.trim_matches(is_script_space);
    if text.is_ascii() {
        lower_ascii_without(text, |_| false, out);
    } else {
        out.push_str(&text.to_lowercase());
    }
    let is_atom = |atom: &str| {
        let fits = |byte: u8| {
            byte.is_ascii_alphanumeric()
                || (byte.is_ascii_punctuation()
                    && !matches!(
                        byte,
                        b'"' | b'('
                            | b')'
                            | b','
                            | b'.'
                            | b':'
                            | b';'
                            | b'<'
                            | b'>'
                            | b'@'
                            | b'['
                            | b'\\'
                            | b']'
                    ))
        };
        !atom.is_empty() && atom.bytes().all(fits)
    };
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let fits = out.split_once('@').is_some_and(|(local, domain)| {
        let (first, last) = local.rsplit_once('.').unwrap_or(("", local));
        is_atom(last)
            && (last.len() == local.len()
                || first
                    .split('.')
                    .all(|atom| is_atom(atom.strip_suffix(':').unwrap_or(atom))))
            && domain.contains('.')
            && domain.split('.').all(is_label)
    });
    if fits {
        Ok(())
    } else {
        Err(ValueError::NoPixelForm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page_of(text: &str) -> Result<String, ValueError> {
        let mut out = String::new();
        page(text, Hints::default(), &mut out).map(|()| out)
    }

    fn pixel_of(text: &str) -> Option<String> {
        let mut out = String::new();
        pixel(text, &mut out).ok().map(|()| out)
    }

    #[test]
    fn an_address_is_trimmed_and_lower_cased() {
        for (text, expected) in [
            ("John_Smith@gmail.com", "john_smith@gmail.com"),
            (
                " John.Doe+tag@Gmail.com\u{200b}\n",
                "john.doe+tag@gmail.com",
            ),
            ("ki..m@docomo.ne.jp", "ki..m@docomo.ne.jp"),
            ("JOSE\u{301}@EXAMPLE.COM", "josé@example.com"),
            ("用户@例え.jp", "用户@例え.jp"),
            ("kim＠EXAMPLE．com", "kim@example.com"),
            ("kim@例え。jp", "kim@例え.jp"),
            ("ｋｉｍ＠ｅｘａｍｐｌｅ．ｃｏｍ", "kim@example.com"),
            ("“kim@example.com”", "kim@example.com"),
            ("KIM@MÜNCHEN.DE", "kim@münchen.de"),
            ("kim@xn--mnchen-3ya.de", "kim@xn--mnchen-3ya.de"),
            ("\"kim@example.com\"", "kim@example.com"),
            ("<Kim@example.com>", "kim@example.com"),
            ("' kim@example.com '", "kim@example.com"),
            ("\"Kim.Lee\"@example.com", "kim.lee@example.com"),
            ("\"Kim Lee\"@example.com", "\"kim lee\"@example.com"),
            ("\"a@b\"@example.com", "\"a@b\"@example.com"),
            ("\"a\\\"b\"@example.com", "\"a\\\"b\"@example.com"),
            ("o'brien+tag@example.com", "o'brien+tag@example.com"),
        ] {
            assert_eq!(page_of(text).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn what_is_around_an_address_or_unseen_in_it_goes() {
        for text in [
            "k\u{200b}im@exam\u{ad}ple.com",
            "\u{feff}kim@example.com\u{200e}",
            "\u{202a}kim@example.com\u{202c}",
            "kim\u{200d}@example\u{2060}.com",
            "kim\0@example.com",
            "mailto:Kim@Example.com?subject=x",
            "MAILTO:kim@example.com",
            "mailto://kim@example.com",
            "mailto:kim%40example.com",
            "kim%40example.com",
            "Kim <kim@example.com>",
            "\"Kim, Lee\" <kim@example.com>",
            "\"Kim\" <Kim@example.com>",
            "Kim<kim@example.com>",
            "kim@example.com <kim@example.com>",
            "kim@example.com<mailto:kim@example.com>",
            "<mailto:kim@example.com>",
            "<mailto:kim@example.com|kim@example.com>",
            "'Kim <kim@example.com>'",
            "kim@example.com (Kim Lee)",
            "Kim [mailto:kim@example.com]",
            "[kim@example.com]",
            "(kim@example.com)",
            "SMTP:kim@example.com",
            "kim@example.com;",
            "kim@example.com,",
        ] {
            assert_eq!(page_of(text).as_deref(), Ok("kim@example.com"), "{text}");
        }
        assert_eq!(
            page_of("mailto:kim+tag@example.com").as_deref(),
            Ok("kim+tag@example.com")
        );
        assert_eq!(
            page_of("kim%2Btag%40example.com").as_deref(),
            Ok("kim+tag@example.com")
        );
    }

    #[test]
    fn a_link_is_decoded_once_and_its_address_alone_counts() {
        for (text, expected) in [
            ("mailto:kim%40example.com?subject=Hi", "kim@example.com"),
            (
                "mailto:kim%40example.com?cc=lee@example.com",
                "kim@example.com",
            ),
            (
                "mailto:kim@example.com?subject=Re%3A%20a%2Cb%3F",
                "kim@example.com",
            ),
            (
                "mailto:Kim%20Lee%20%3Ckim@example.com%3E",
                "kim@example.com",
            ),
            (
                "mailto:Kim%20Lee%20%3Ckim%40example.com%3E?subject=Hi",
                "kim@example.com",
            ),
            (
                "mailto:%22Lee,%20Kim%22%20%3Ckim@example.com%3E",
                "kim@example.com",
            ),
            ("Mailto: Kim <kim@example.com>", "kim@example.com"),
            ("<MAILTO:Kim%40Example.com>", "kim@example.com"),
            (
                "mailto%3Akim%40example.com%3Fsubject%3DHi",
                "kim@example.com",
            ),
            ("mailto:a@b.example?cc=c@d.example,", "a@b.example"),
            (
                "mailto:kim%3Flee%40example.com?subject=%40",
                "kim?lee@example.com",
            ),
            ("mailto:kim+tag%40example.com", "kim+tag@example.com"),
            ("mailto:kim%E2%80%8B@example.com", "kim@example.com"),
            ("mailto:kim%25tag@example.com", "kim%tag@example.com"),
            ("kim%tag@example.com", "kim%tag@example.com"),
            ("%20kim@example.com%0D%0A", "kim@example.com"),
            ("mailto:%20kim@example.com%20", "kim@example.com"),
        ] {
            assert_eq!(page_of(text).as_deref(), Ok(expected), "{text}");
        }
        for text in [
            "mailto:kim%2540example.com",
            "kim%2540example.com",
            "mailto:kim%252540example.com",
            "mailto:a@b.example,c@d.example",
            "mailto:a%40b.example%2Cc%40d.example",
            "MAILTO:",
            "mailto:?subject=kim@example.com",
            "mailto:kim%00@example.com%20lee",
        ] {
            assert_eq!(page_of(text), Err(ValueError::NotAnEmail), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "kim",
            "@example.com",
            "kim@",
            "kim@localhost",
            "kim@@example.com",
            "a@b@c.de",
            "kim@example..com",
            "kim@example.com.",
            "kim@.com",
            "kim x@example.com",
            "kim\tx@example.com",
            "Kim <kim>",
            "Kim <kim@example.com> Lee",
            "<kim@example.com>, <lee@example.com>",
            "kim@example.com, Lee <lee@example.com>",
            "'kim@example.com','lee@example.com'",
            "mailto:",
            "kim@[192.0.2.1]",
            "mailto:kim@example.com,lee@example.com",
            "a@b.co,c@d.co",
            "kim@-a.com",
            "kim@a b.com",
            "\"\"@example.com",
            "\"kim@example.com",
            "\"a\"b\"@example.com",
            "\"a\\\"@example.com",
            "\"kim\"@localhost",
        ] {
            assert_eq!(page_of(text), Err(ValueError::NotAnEmail), "{text}");
        }
    }

    #[test]
    fn the_pixel_takes_ascii_addresses_only() {
        for (text, expected) in [
            ("Kim@Example.com", Some("kim@example.com")),
            ("kim@192.0.2.1", Some("kim@192.0.2.1")),
            ("a:.b@example.com", Some("a:.b@example.com")),
            ("\u{212a}im@example.com", Some("kim@example.com")),
            ("a:b@example.com", None),
            (".kim@example.com", None),
            ("kim.@example.com", None),
            ("ki..m@example.com", None),
            ("josé@example.com", None),
            ("kim@example", None),
            ("kim@exa_mple.com", None),
            ("\u{200b}kim@example.com", None),
        ] {
            assert_eq!(pixel_of(text).as_deref(), expected, "{text}");
        }
    }
}
