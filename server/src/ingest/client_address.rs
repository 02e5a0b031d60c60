//! The client's address, through proxies that are trusted.

use std::net::IpAddr;

use axum::http::HeaderMap;
use capi_core::address;
use ipnet::IpNet;

/// The address that a connection comes from, as the listener sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClientAddress(pub IpAddr);

/// The networks whose word on the client's address is believed.
#[derive(Clone, Debug, Default)]
pub(crate) struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// The networks, as addresses or CIDR; what is neither is left out (the
    /// configuration was checked).
    pub(crate) fn new<'t>(networks: impl IntoIterator<Item = &'t str>) -> Self {
        let network = |text: &str| {
            text.parse()
                .ok()
                .or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
        };
        Self(networks.into_iter().filter_map(network).collect())
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The client's address: the peer, or, where the peer is a trusted proxy,
    /// the last address of `X-Forwarded-For` that no trusted proxy has. What
    /// stands further left may be the client's own invention. A proxy that does
    /// not say for whom it speaks leaves the client unknown: its own address
    /// would make one customer of all.
    #[must_use]
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        // An IPv4 address that came through an IPv6 socket is an IPv4 address.
        let peer = peer.to_canonical();
        if !self.trusts(peer) {
            return Some(peer);
        }
        let forwarded = headers.get_all("x-forwarded-for").iter();
        let named: Vec<&str> = forwarded
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        for name in named.into_iter().rev() {
            let client = address::one(name)?.ip;
            if !self.trusts(client) {
                return Some(client);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&str]) -> String {
        let proxies = TrustedProxies::new(["10.0.0.0/8", "192.0.2.1"]);
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        proxies
            .client(peer.parse().unwrap(), &headers)
            .map_or("nobody".to_owned(), |client| client.to_string())
    }

    #[test]
    fn a_stranger_is_not_believed() {
        assert_eq!(client("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
    }

    #[test]
    fn a_trusted_proxy_is_believed_up_to_the_first_stranger_from_the_right() {
        assert_eq!(client("10.1.1.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(
            client("10.1.1.1", &["6.6.6.6, 198.51.100.1, 10.2.2.2"]),
            "198.51.100.1"
        );
        assert_eq!(
            client("10.1.1.1", &["6.6.6.6", "198.51.100.1"]),
            "198.51.100.1"
        );
        assert_eq!(client("192.0.2.1", &["[2001:db8::7]:4711"]), "2001:db8::7");
        assert_eq!(client("10.1.1.1", &["203.0.113.7:4711"]), "203.0.113.7");
        assert_eq!(
            client("10.1.1.1", &["::ffff:203.0.113.7, [::ffff:10.2.2.2]:80"]),
            "203.0.113.7"
        );
        assert_eq!(client("10.1.1.1", &["2001:db8::7%eth0"]), "2001:db8::7");
        assert_eq!(client("10.1.1.1", &[]), "nobody");
        assert_eq!(client("10.1.1.1", &["unknown"]), "nobody");
        assert_eq!(client("10.1.1.1", &["unknown, 10.0.0.1"]), "nobody");
        assert_eq!(client("::ffff:10.1.1.1", &["198.51.100.1"]), "198.51.100.1");
    }
}
