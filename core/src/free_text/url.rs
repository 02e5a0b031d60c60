//! Personal data in a URL: parameters are cut whole, of the path the piece, and
//! what is left stays as it was, byte for byte.

mod parameter;

use std::ops::Range;

use super::{Cards, Found, ROUNDS, SensitiveKeys, spans};

/// What was cut out of a URL.
pub(crate) struct Cut<'u> {
    /// What is left.
    pub(crate) rest: String,
    /// What was found in values and in the path.
    pub(crate) found: Found,
    /// Whether there was a user name, with or without a password.
    pub(crate) user: bool,
    /// The names of the parameters that were cut, as they are in the URL.
    pub(crate) parameters: Vec<&'u str>,
}

/// Whether a text is a URL, or the end of one that has parameters: `/account?id=1`.
pub(crate) fn is_url(text: &str) -> bool {
    let text = trimmed(text);
    let is_end = || {
        text.starts_with(['/', '?'])
            && text.contains('=')
            && text.contains('?')
            && !text.contains(char::is_whitespace)
    };
    ["https://", "http://", "ftp://"].iter().any(|scheme| {
        text.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    }) || is_end()
}

/// `text` without the blanks and the mark of a file's beginning before it.
fn trimmed(text: &str) -> &str {
    text.trim_start_matches(|sign: char| sign.is_whitespace() || sign == '\u{feff}')
}

/// Cuts out of `url` parameters of the query and of the fragment whose names tell
/// or whose values hold something, what the path holds, and the user before the
/// host. `None` where there is nothing to cut.
pub(crate) fn cut<'u>(url: &'u str, names: &SensitiveKeys) -> Option<Cut<'u>> {
    let mut look = Look::new(url, names);
    look.all();
    if look.cuts.is_empty() {
        return None;
    }
    let mut cut = Cut {
        rest: look.rest(),
        found: look.found,
        user: look.user,
        parameters: look.parameters,
    };
    // What was around a cut may have come together.
    for _ in 1..ROUNDS {
        let mut look = Look::new(&cut.rest, names);
        look.all();
        if look.cuts.is_empty() {
            return Some(cut);
        }
        cut.found = cut.found | look.found;
        cut.rest = look.rest();
    }
    // It was made for that.
    cut.rest.clear();
    Some(cut)
}

/// A look at a URL: what of it goes.
struct Look<'u, 'n> {
    url: &'u str,
    names: &'n SensitiveKeys,
    /// In the end in order and apart from each other.
    cuts: Vec<Range<usize>>,
    found: Found,
    user: bool,
    parameters: Vec<&'u str>,
}

impl<'u, 'n> Look<'u, 'n> {
    const fn new(url: &'u str, names: &'n SensitiveKeys) -> Self {
        Self {
            url,
            names,
            cuts: Vec::new(),
            found: Found {
                email: false,
                card: false,
            },
            user: false,
            parameters: Vec::new(),
        }
    }

    fn part(&self, range: Range<usize>) -> &'u str {
        self.url.get(range).unwrap_or_default()
    }

    fn all(&mut self) {
        let end = self.url.len();
        let hash = self.url.find('#').unwrap_or(end);
        let query = self.part(0..hash).find('?').unwrap_or(hash);
        let path = self.authority(query);
        self.pieces(path..query);
        self.path_parameters(path..query);
        if query < hash {
            self.pairs(query..hash);
        }
        if hash < end {
            self.fragment(hash..end);
        }
        // A piece may be in what goes whole.
        self.cuts.sort_unstable_by_key(|cut| cut.start);
        self.cuts.dedup_by(|later, earlier| {
            let overlaps = later.start <= earlier.end;
            if overlaps {
                earlier.end = earlier.end.max(later.end);
            }
            overlaps
        });
    }

    /// Parameters of a segment of the path: `/cart;jsessionid=1`.
    fn path_parameters(&mut self, range: Range<usize>) {
        let mut start = range.start;
        for segment in self.part(range).split_inclusive(['/', ';']) {
            let end = start + segment.trim_end_matches(['/', ';']).len();
            let is_parameter = start > 0 && self.part(start - 1..start) == ";";
            if is_parameter
                && let Some((name, value)) = self.part(start..end).split_once('=')
                && !value.is_empty()
                && parameter::name_tells(name, self.names)
            {
                self.parameters.push(name);
                self.cuts.push(start - 1..end);
            }
            start += segment.len();
        }
    }

    /// The user before the host; where the path begins.
    fn authority(&mut self, end: usize) -> usize {
        let is_scheme = |text: &str| {
            let mut bytes = text.bytes();
            bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        };
        let start = match self.part(0..end).split_once("//") {
            Some(("", _)) => 2,
            Some((before, _)) if trimmed(before).strip_suffix(':').is_some_and(is_scheme) => {
                before.len() + 2
            }
            _ => return 0,
        };
        let length = self.part(start..end).find('/').unwrap_or(end - start);
        let path = start + length;
        let host = match self.part(start..path).rfind('@') {
            Some(at) => {
                self.user = true;
                self.cuts.push(start..start + at + 1);
                start + at + 1
            }
            None => start,
        };
        self.pieces(host..path);
        path
    }

    /// What the path holds; of what holds it only in its decoded form, the segment.
    fn pieces(&mut self, range: Range<usize>) {
        let text = self.part(range.clone());
        let (found, pieces) = spans(text, Cards::Long);
        if found.any() {
            self.found = self.found | found;
            let moved = pieces
                .into_iter()
                .map(|piece| range.start + piece.start..range.start + piece.end);
            self.cuts.extend(moved);
            return;
        }
        if !text.contains('%') {
            return;
        }
        let mut start = range.start;
        for segment in text.split('/') {
            let found = parameter::in_value(segment, Cards::Long, self.names).0;
            if found.any() {
                self.found = self.found | found;
                self.cuts.push(start..start + segment.len());
            }
            start += segment.len() + 1;
        }
    }

    /// What is behind `#`: the name of a section, parameters, or the route of
    /// a page with parameters of its own.
    fn fragment(&mut self, range: Range<usize>) {
        let text = self.part(range.clone());
        match text.find('?') {
            Some(query) => {
                let before = range.start..range.start + query;
                if text.get(..query).is_some_and(|text| text.contains('=')) {
                    self.pairs(before);
                } else {
                    self.pieces(before);
                }
                self.pairs(range.start + query..range.end);
            }
            None if text.contains('=') => self.pairs(range),
            None => self.pieces(range),
        }
    }

    /// The parameters behind the sign with which `range` begins.
    fn pairs(&mut self, range: Range<usize>) {
        let mut start = range.start + 1;
        let mut kept = false;
        let cuts = self.cuts.len();
        for pair in self.part(start..range.end).split(['&', ';']) {
            let end = start + pair.len();
            if !self.is_telling(pair) {
                kept = true;
            } else if kept {
                // With the sign before it.
                self.cuts.push(start - 1..end);
            } else {
                // With the sign behind it.
                self.cuts.push(start..range.end.min(end + 1));
            }
            start = end + 1;
        }
        if !kept && let Some(first) = self.cuts.get_mut(cuts) {
            // Nothing is left behind the sign.
            first.start = range.start;
        }
    }

    /// Whether a parameter goes; what was found is noted.
    fn is_telling(&mut self, pair: &'u str) -> bool {
        let judged = parameter::judge(pair, self.names);
        self.parameters.extend(judged.named);
        self.found = self.found | judged.found;
        judged.goes
    }

    fn rest(&self) -> String {
        let mut rest = String::with_capacity(self.url.len());
        let mut from = 0;
        for cut in &self.cuts {
            rest.push_str(self.part(from..cut.start));
            from = cut.end;
        }
        rest.push_str(self.part(from..self.url.len()));
        rest
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn left(url: &str) -> Option<String> {
        cut(url, &SensitiveKeys::default()).map(|cut| cut.rest)
    }

    #[test]
    fn parameters_go_whole_and_the_rest_stays_byte_for_byte() {
        for (url, rest) in [
            ("https://s.example/?email=jane", "https://s.example/"),
            (
                "https://s.example/a?email=jane&b=%20X+y",
                "https://s.example/a?b=%20X+y",
            ),
            (
                "https://s.example/a?b=1&email=jane",
                "https://s.example/a?b=1",
            ),
            (
                "https://s.example/a?b=1&email=jane&c=2",
                "https://s.example/a?b=1&c=2",
            ),
            (
                "https://s.example/?email=j&phone=5&c=2",
                "https://s.example/?c=2",
            ),
            (
                "https://s.example/?a=1&email=j&phone=5",
                "https://s.example/?a=1",
            ),
            (
                "https://s.example/?email=j&phone=5#top",
                "https://s.example/#top",
            ),
            (
                "https://s.example/?user%5Bemail%5D=j&x",
                "https://s.example/?x",
            ),
            ("https://s.example/?user[email]=j&x", "https://s.example/?x"),
            ("https://s.example/?e%6Dail=j", "https://s.example/"),
            (
                "https://s.example/?q=jane%40a.example",
                "https://s.example/",
            ),
            (
                "https://s.example/?q=jane%2540a%252Eexample",
                "https://s.example/",
            ),
            (
                "https://s.example/?q=4111+1111%201111-1111",
                "https://s.example/",
            ),
            ("https://s.example/?jane@a.example", "https://s.example/"),
            (
                "https://s.example/?jane@a.example=1&a=2",
                "https://s.example/?a=2",
            ),
            (
                "https://s.example/?x=1;email=jane;y=2",
                "https://s.example/?x=1;y=2",
            ),
            (
                "https://s.example/?x=1&amp;email=jane",
                "https://s.example/?x=1&amp",
            ),
            (
                "https://s.example/?a=%7B%22email%22%3A%22jane%22%7D&x=1",
                "https://s.example/?x=1",
            ),
            (
                "https://s.example/?a=%257B%2522user%2522%253A%257B%2522phone%2522%253A5%257D%257D&x=1",
                "https://s.example/?x=1",
            ),
            (
                "https://s.example/?x=1&emailaddress=jane",
                "https://s.example/?x=1",
            ),
            (
                "https://s.example/?to=https%3A%2F%2Fa.example%2F%3Fphone%3D5550100&x=1",
                "https://s.example/?x=1",
            ),
        ] {
            assert_eq!(left(url).as_deref(), Some(rest), "{url}");
        }
    }

    #[test]
    fn path_fragment_and_user_are_looked_at_too() {
        for (url, rest) in [
            (
                "https://s.example/u/jane@a.example/x",
                "https://s.example/u//x",
            ),
            (
                "https://s.example/u/jane%40a.example",
                "https://s.example/u/",
            ),
            (
                "https://s.example/u/jane%40a%2eexample/x",
                "https://s.example/u//x",
            ),
            (
                "https://s.example/pay/4111111111111111?a=1",
                "https://s.example/pay/?a=1",
            ),
            ("https://jane:pw@s.example/x", "https://s.example/x"),
            ("https://jane@s.example", "https://s.example"),
            ("https://s.example/#email=j", "https://s.example/"),
            ("https://s.example/#a=1&token=x", "https://s.example/#a=1"),
            (
                "https://s.example/#/route?token=x&a=1",
                "https://s.example/#/route?a=1",
            ),
            ("https://s.example/#jane@a.example", "https://s.example/"),
            ("/jane@a.example/https://b.example/", "//https://b.example/"),
            ("//jane@s.example/x", "//s.example/x"),
            (" https://jane@s.example/x", " https://s.example/x"),
            ("/relative?email=jane", "/relative"),
            ("app://cart/jane@a.example", "app://cart/"),
        ] {
            assert_eq!(left(url).as_deref(), Some(rest), "{url}");
        }
    }

    #[test]
    fn other_urls_are_not_touched() {
        for url in [
            "",
            "https://s.example",
            "https://s.example/?",
            "https://s.example/?&&a&=;#",
            "https://s.example/?email=&phone&q=a%20b",
            "https://s.example/p/36227206271667?fbclid=IwAR0_x-Y&utm_source=mail&utm_id=4111111111111111",
            "https://s.example/p?variant=36227206271667",
            "https://s.example/@jane/reel",
            "https://maps.example/@52.5200,13.4050,12z",
            "https://s.example/email/phone?page=email#password",
            "https://s.example/img/logo@2x.png",
            "https://s.example/?a=%7B%22color%22%3A%22red%22%2C%22email%22%3Atrue%2C%22phone%22%3A%22%22%7D",
            "https://s.example/?q=50%25+off&x=%zz%",
        ] {
            assert_eq!(left(url), None, "{url}");
        }
    }

    #[test]
    fn what_was_cut_is_told() {
        let names = SensitiveKeys::default();
        let cut = cut(
            "https://a:b@s.example/?x=jane@a.example&phone=5#4111111111111111",
            &names,
        );
        let cut = cut.unwrap();
        assert_eq!(cut.parameters, ["x", "phone"]);
        assert!(cut.user && cut.found.email && cut.found.card);
    }

    #[test]
    fn urls_of_the_web_are_told_from_other_texts() {
        assert!(is_url("HTTPS://s.example"));
        assert!(is_url("http://"));
        assert!(!is_url("see https://s.example"));
        assert!(!is_url("http:/é"));
    }

    /// Pieces of URLs.
    fn url() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            prop::sample::select(vec![
                "https://",
                "s.example",
                "/",
                "?",
                "&",
                ";",
                "#",
                "=",
                "email",
                "token",
                "a",
                "1",
                "@",
                "%40",
                "%2540",
                "%",
                "jane@a.example",
                "4111111111111111",
                "//",
                ":",
                "é",
            ])
            .prop_map(str::to_owned),
            "\\PC{0,2}",
        ];
        prop::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn a_second_cut_finds_nothing(url in url()) {
            if let Some(cut) = cut(&url, &SensitiveKeys::default()) {
                prop_assert!(cut.rest.len() < url.len());
                prop_assert_eq!(left(&cut.rest), None);
            }
        }

        #[test]
        fn no_address_is_left(url in url(), local in "[a-z]{1,5}", place in 0..4_usize) {
            let address = format!("{local}@mail.example");
            let url = match place {
                0 => format!("https://s.example/{address}?{url}"),
                1 => format!("https://s.example/?q={address}&{url}"),
                2 => format!("https://s.example/?{address}"),
                _ => format!("https://s.example/{url}#{address}"),
            };
            let rest = left(&url);
            prop_assert!(rest.as_ref().is_some_and(|rest| !rest.contains(&address)), "{:?}", rest);
        }
    }
}
