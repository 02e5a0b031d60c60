//! IP addresses of customers, as headers, logs and clients write them: with a port, in
//! brackets, in a list of the proxies on the way.
//!
//! ```
//! use capi_core::address::{Address, read};
//!
//! let mut read = read("for=\"[2001:db8::7]:4711\", 10.0.0.1");
//! let client = read.next().ok_or("no address")?;
//! assert_eq!(client.to_string(), "2001:db8::7");
//! assert!(client.is_public());
//! assert!(read.next().is_some_and(|proxy| !proxy.is_public()));
//! # Ok::<(), &str>(())
//! ```

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::user_data::is_suffix;

/// An address, with the suffix that Meta's parameter builder appends to one, if it has
/// it. Its text is that of both: `203.0.113.7.AQQCAQIB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address<'a> {
    /// The address; an IPv4 address that came in the form of an IPv6 one is an IPv4
    /// address.
    pub ip: IpAddr,
    /// The suffix, without its dot.
    pub suffix: Option<&'a str>,
}

impl fmt::Display for Address<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ip.fmt(formatter)?;
        match self.suffix {
            Some(suffix) => write!(formatter, ".{suffix}"),
            None => Ok(()),
        }
    }
}

impl Address<'_> {
    /// Whether it can be that of a customer on the internet: it is not of a network of
    /// one's own, of the machine itself, or of a group of machines.
    ///
    /// The ranges for documentation count as public: an address of an example is to be
    /// taken as the one that it stands for.
    ///
    /// Sources: IANA, IPv4 and IPv6 Special-Purpose Address Registries.
    #[must_use]
    pub fn is_public(&self) -> bool {
        match self.ip {
            IpAddr::V4(ip) => is_public_v4(ip),
            IpAddr::V6(ip) => is_public_v6(ip),
        }
    }
}

/// The addresses that `text` holds, in order: one, or those of a copied header
/// (`X-Forwarded-For`, `Forwarded`). What is between them and is none is passed over.
pub fn read(text: &str) -> impl Iterator<Item = Address<'_>> {
    text.split([',', ';']).filter_map(one)
}

/// The one address that `text` is, in whatever form.
///
/// ```
/// use capi_core::address::one;
///
/// for text in ["203.0.113.7:443", "::ffff:203.0.113.7", " [203.0.113.7] "] {
///     assert!(one(text).is_some_and(|address| address.to_string() == "203.0.113.7"));
/// }
/// assert_eq!(one("unknown"), None);
/// ```
#[must_use]
pub fn one(text: &str) -> Option<Address<'_>> {
    // As they mostly come.
    if let Ok(ip) = text.parse() {
        return Some(Address {
            ip: plain(ip),
            suffix: None,
        });
    }
    let text = trim(text);
    // `for=` of a Forwarded header; `X-Forwarded-For: ` copied with the value.
    let text = without_names(text);
    // `/203.0.113.7` as Java writes it, `203.0.113.7/32` as databases do.
    let text = text.strip_prefix('/').unwrap_or(text);
    let text = ["/32", "/128"]
        .into_iter()
        .find_map(|mask| text.strip_suffix(mask))
        .unwrap_or(text);
    bare(text)
        .map(|ip| Address { ip, suffix: None })
        .or_else(|| suffixed(text))
}

/// Blanks, what nobody sees, and quotes.
fn trim(text: &str) -> &str {
    let is_around = |character: char| {
        matches!(character, '"' | '\'') || crate::user_data::characters::is_blank(character)
    };
    text.trim_matches(is_around)
}

/// `text` without the name of a header, and of a parameter behind it.
fn without_names(text: &str) -> &str {
    const NAMES: [&str; 6] = [
        "for=",
        "x-forwarded-for:",
        "x-real-ip:",
        "cf-connecting-ip:",
        "true-client-ip:",
        "forwarded:",
    ];
    let behind = |text: &str, name: &str| {
        let (start, _) = text.split_at_checked(name.len())?;
        start.eq_ignore_ascii_case(name).then_some(name.len())
    };
    let mut text = text;
    // `Forwarded: for=` has two.
    for _ in 0..2 {
        let Some(length) = NAMES.into_iter().find_map(|name| behind(text, name)) else {
            break;
        };
        text = trim(&text[length..]);
    }
    text
}

/// An address alone, or with a port, in brackets, or with a zone.
fn bare(text: &str) -> Option<IpAddr> {
    let ip = || text.parse::<IpAddr>().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    let unusual = || {
        let inner = match text.strip_prefix('[') {
            Some(rest) => rest.split_once(']')?.0,
            None => text,
        };
        // A zone is a network card of the machine that wrote it.
        let inner = inner.split_once('%').map_or(inner, |(address, _)| address);
        inner.parse::<IpAddr>().ok()
    };
    ip().or_else(with_port).or_else(unusual).map(plain)
}

/// An address with a suffix, which is taken once if it is there twice.
fn suffixed(text: &str) -> Option<Address<'_>> {
    let mut rest = text;
    // Nobody writes it more often; an address has dots of its own.
    for _ in 0..3 {
        let (before, last) = rest.rsplit_once('.')?;
        // A fifth number is not a suffix.
        if !is_suffix(last) || last.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        if let Some(ip) = bare(before) {
            let suffix = Some(last);
            return Some(Address { ip, suffix });
        }
        rest = before;
    }
    None
}

/// An IPv4 address in the form of an IPv6 one (`::ffff:203.0.113.7`, and the older
/// `::203.0.113.7`) is an IPv4 address.
pub(crate) fn plain(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(ip) => match ip.octets() {
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, a, b, c, d] if a > 0 => {
                IpAddr::V4(Ipv4Addr::new(a, b, c, d))
            }
            _ => IpAddr::V6(ip),
        },
        ip => ip,
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [first, second, ..] = ip.octets();
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        // Unspecified, and the rest of "this network".
        || first == 0
        // Carrier-grade translation.
        || (first == 100 && second & 0xc0 == 64)
        // Multicast, what was never given to anybody, and broadcast.
        || first >= 224)
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [first, ..] = ip.segments();
    let is_own = ip.is_loopback()
        || ip.is_unspecified()
        || ip.is_multicast()
        || ip.is_unique_local()
        || ip.is_unicast_link_local()
        // Site-local, the older form of unique-local.
        || first & 0xffc0 == 0xfec0;
    !is_own && embedded(ip).is_none_or(is_public_v4)
}

/// The IPv4 address that an IPv6 address is made of: of 6to4 (2002::/16) and of
/// NAT64 (`64:ff9b::/96`, `64:ff9b:1::/48`).
const fn embedded(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    match ip.octets() {
        [0x20, 0x02, a, b, c, d, ..] => Some(Ipv4Addr::new(a, b, c, d)),
        [0, 0x64, 0xff, 0x9b, 0, 0 | 1, 0, 0, 0, 0, 0, 0, a, b, c, d] => {
            Some(Ipv4Addr::new(a, b, c, d))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(text: &str) -> Vec<String> {
        read(text).map(|address| address.to_string()).collect()
    }

    #[test]
    fn names_before_an_address_are_taken_off_twice_and_not_without_end() {
        assert_eq!(one(&format!("{}203.0.113.7", "for=".repeat(8_000))), None);
    }

    #[test]
    fn one_address_is_read_in_every_form_that_it_comes_in() {
        for (text, expected) in [
            ("203.0.113.7", "203.0.113.7"),
            (" 203.0.113.7\r\n", "203.0.113.7"),
            ("\u{feff}203.0.113.7\u{200b}", "203.0.113.7"),
            ("\"203.0.113.7\"", "203.0.113.7"),
            ("203.0.113.7:4711", "203.0.113.7"),
            ("[203.0.113.7]", "203.0.113.7"),
            ("[203.0.113.7]:443", "203.0.113.7"),
            ("/203.0.113.7:52344", "203.0.113.7"),
            ("203.0.113.7/32", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("::FFFF:cb00:7107", "203.0.113.7"),
            ("[::ffff:203.0.113.7]:443", "203.0.113.7"),
            ("::203.0.113.7", "203.0.113.7"),
            ("for=203.0.113.7", "203.0.113.7"),
            ("X-Forwarded-For: 203.0.113.7", "203.0.113.7"),
            ("Forwarded: for=203.0.113.7", "203.0.113.7"),
            ("2001:db8::7", "2001:db8::7"),
            ("2001:0DB8:0:0:0:0:0:7", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("[2001:db8::7]:4711", "2001:db8::7"),
            ("2001:db8::7%eth0", "2001:db8::7"),
            ("[2001:db8::7%25en0]:443", "2001:db8::7"),
            ("2001:db8::7/128", "2001:db8::7"),
            ("203.0.113.7.AQQCAQIB", "203.0.113.7.AQQCAQIB"),
            ("203.0.113.7.AQQCAQIB.AQQCAQIB", "203.0.113.7.AQQCAQIB"),
            ("203.0.113.7.Ag", "203.0.113.7.Ag"),
            ("2001:db8::7.AQQCAQIB", "2001:db8::7.AQQCAQIB"),
            ("::ffff:203.0.113.7.AQQCAQIB", "203.0.113.7.AQQCAQIB"),
        ] {
            assert_eq!(texts(text), [expected], "{text}");
        }
    }

    #[test]
    fn a_copied_header_is_a_list_and_what_is_no_address_is_passed_over() {
        for (text, expected) in [
            ("203.0.113.7, 10.0.0.1", &["203.0.113.7", "10.0.0.1"][..]),
            ("unknown, 203.0.113.7", &["203.0.113.7"]),
            (
                "for=10.0.0.1;proto=http, For=\"[2001:db8::7]:4711\";by=10.0.0.9",
                &["10.0.0.1", "2001:db8::7"],
            ),
            ("203.0.113.7,", &["203.0.113.7"]),
            ("", &[]),
            ("unknown", &[]),
            ("_hidden", &[]),
            ("localhost", &[]),
            ("203.0.113", &[]),
            ("203.0.113.7.9", &[]),
            ("203.0.113.256", &[]),
            ("203.0.113.7.AQQCAQIB.x", &[]),
            ("1.2.3.4.12345678", &[]),
            ("203.0.113.0/24", &[]),
        ] {
            assert_eq!(texts(text), expected, "{text}");
        }
    }

    #[test]
    fn addresses_of_no_customer_are_not_public_in_any_form() {
        for text in [
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.254",
            "192.168.1.10",
            "127.0.0.1",
            "127.8.8.8",
            "169.254.1.1",
            "0.0.0.0",
            "100.64.0.1",
            "100.127.255.254",
            "224.0.0.1",
            "239.255.255.250",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1%eth0",
            "fc00::1",
            "fd12:3456::1",
            "fec0::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "::ffff:7f00:1",
            "::10.0.0.1",
            "2002:0a00:0001::1",
            "64:ff9b::10.0.0.1",
            "10.0.0.1.AQQCAQIB",
            "[::1]:8080",
        ] {
            assert!(one(text).is_some_and(|it| !it.is_public()), "{text}");
        }
    }

    #[test]
    fn those_of_customers_and_of_documentation_are() {
        for text in [
            "192.0.2.1",
            "198.51.100.1",
            "203.0.113.1",
            "2001:db8::1",
            "::ffff:192.0.2.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.0.1",
            "172.32.0.1",
            "192.167.1.1",
            "223.255.255.255",
            "2606:4700::1111",
            "64:ff9b::203.0.113.7",
            "2002:cb00:7107::1",
        ] {
            assert!(one(text).is_some_and(|it| it.is_public()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_read_again_as_the_same(text in "[0-9a-fA-F.:%/\\[\\], =forA-Q]{0,40}") {
            for address in read(&text) {
                let written = address.to_string();
                prop_assert_eq!(one(&written), Some(address));
            }
        }
    }
}
