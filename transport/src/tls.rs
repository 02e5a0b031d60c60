//! The TLS provider, chosen in one place.

use rustls::crypto::{CryptoProvider, ring};

/// Makes *ring* the process's TLS provider. Binaries call it first thing.
///
/// Two providers may be linked together (features add up over a build), and then
/// no default can be guessed and the first HTTPS client would panic; so it is
/// said explicitly. Calling it again, or after somebody else chose a provider,
/// changes nothing.
pub fn install_tls() {
    if CryptoProvider::get_default().is_none() {
        // Losing a race against another caller is as good as winning it.
        drop(ring::default_provider().install_default());
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn installing_twice_leaves_a_provider() {
        super::install_tls();
        super::install_tls();
        assert!(rustls::crypto::CryptoProvider::get_default().is_some());
    }
}
