// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which addresses may be called: the one guard against requests that lead inside (server-side request forgery).
//!
//! Addresses come from outside too: redirects, feeds of a provider, security.txt. Each hop passes [`Permits::check`]; every name is
//! resolved by us, every address it has is judged, and the connection goes to the very address that was judged, so a name that
//! answers differently a moment later gains nothing.
//!
//! Sources: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890 and what it lists), RFC 6052 and RFC 8215 (NAT64), RFC 3056
//! (6to4), RFC 4380 (Teredo), RFC 6598 (carrier-grade NAT).

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use reqwest::Url;
use serde::{Deserialize, Serialize};

use crate::error::{Code, FeedError};

/// What is allowed beyond public hosts over https. Nothing by default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Permits {
    /// By exact host name or address, lower case.
    pub hosts: BTreeMap<String, HostPermit>,
}

/// What one host may do beyond the rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HostPermit {
    /// It may be called without encryption.
    pub plain_http: bool,
    /// It may lie inside: private, loopback and other addresses that are not public.
    pub private_addresses: bool,
    /// Ports beside 443, and 80 for plain http.
    pub ports: BTreeSet<u16>,
}

impl Permits {
    /// Reads an address and judges it before anything is resolved.
    ///
    /// # Errors
    /// An address that is none, or may not be called.
    pub fn check(&self, address: &str) -> Result<Url, FeedError> {
        let url = Url::parse(address).map_err(|error| {
            FeedError::new(Code::BadAddress, shown_text(address), format!("this is no address: {error}"))
        })?;
        let refused = |code: Code, detail: &str| Err(FeedError::new(code, shown(&url), detail));
        if !url.username().is_empty() || url.password().is_some() {
            return refused(Code::AddressRefused, "user and password do not belong into an address");
        }
        let Some(host) = url.host_str().filter(|host| !host.is_empty()) else {
            return Err(FeedError::new(Code::BadAddress, shown_text(address), "the address names no host"));
        };
        let name = host_name(host);
        let permit = self.hosts.get(&name);
        let standard_port = match url.scheme() {
            "https" => 443,
            "http" if permit.is_some_and(|permit| permit.plain_http) => 80,
            "http" => {
                return refused(
                    Code::AddressRefused,
                    "only https is called, unless the configuration allows this host",
                );
            }
            other => return refused(Code::AddressRefused, &format!("{other} is not called")),
        };
        let port = url.port_or_known_default().unwrap_or(standard_port);
        if port != standard_port && !permit.is_some_and(|permit| permit.ports.contains(&port)) {
            return refused(
                Code::AddressRefused,
                &format!("port {port} is not called, unless the configuration allows it"),
            );
        }
        // The reader of addresses has already turned every way of writing an IPv4 address into the usual one.
        let address = name.parse::<IpAddr>().ok();
        if let Some(address) = address {
            self.check_address(&name, address)
                .map_err(|detail| FeedError::new(Code::AddressRefused, shown(&url), detail))?;
        }
        Ok(url)
    }

    /// Judges an address that a name has.
    ///
    /// # Errors
    /// Why it may not be called, in words.
    pub fn check_address(&self, host: &str, address: IpAddr) -> Result<(), String> {
        if self.hosts.get(&host_name(host)).is_some_and(|permit| permit.private_addresses) {
            return Ok(());
        }
        match why_not_public(address) {
            None => Ok(()),
            Some(kind) => {
                Err(format!("{address} is {kind}; it is not called, unless the configuration allows this host"))
            }
        }
    }
}

/// A host as it is compared: lower case, no closing dot, no brackets around an IPv6 address.
pub(crate) fn host_name(host: &str) -> String {
    host.trim_start_matches('[').trim_end_matches([']', '.']).to_ascii_lowercase()
}

/// An address as it is shown: without user, password, query and fragment, which may hold secrets.
pub(crate) fn shown(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path())
}

/// The same for a text that may be no address at all.
pub fn shown_text(address: &str) -> String {
    match Url::parse(address) {
        Ok(url) if url.host().is_some() => shown(&url),
        _ => address
            .split(['?', '#'])
            .next()
            .unwrap_or_default()
            .rsplit('@')
            .next()
            .unwrap_or_default()
            .chars()
            .take(200)
            .collect(),
    }
}

/// The last part of an address, as the file is called.
pub(crate) fn file_name(address: &str) -> &str {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default()
}

/// An address as it may be kept. A query may hold a secret: of it only a digest stays, which still tells two addresses apart.
pub(crate) fn kept(address: &str) -> String {
    use sha2::{Digest, Sha256};

    match address.split_once('?') {
        None => address.to_owned(),
        Some((_, query)) => {
            let digest = crate::from_path::hexadecimal(&Sha256::digest(query));
            format!("{}#{}", shown_text(address), digest.get(..16).unwrap_or_default())
        }
    }
}

/// What kind of address it is, when it is not one of the public internet.
pub fn why_not_public(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => inside_v4(address),
        IpAddr::V6(address) => inside_v6(address),
    }
}

fn inside_v4(address: Ipv4Addr) -> Option<&'static str> {
    let bits = u32::from(address);
    let ranges: &[(Ipv4Addr, u32, &str)] = &[
        (Ipv4Addr::new(0, 0, 0, 0), 8, "an address of this network"),
        (Ipv4Addr::new(10, 0, 0, 0), 8, "a private address"),
        (Ipv4Addr::new(100, 64, 0, 0), 10, "an address of carrier-grade NAT"),
        (Ipv4Addr::new(127, 0, 0, 0), 8, "a loopback address"),
        (Ipv4Addr::new(169, 254, 0, 0), 16, "a link-local address, where metadata services are"),
        (Ipv4Addr::new(172, 16, 0, 0), 12, "a private address"),
        (Ipv4Addr::new(192, 0, 0, 0), 24, "an address of protocol assignments"),
        (Ipv4Addr::new(192, 0, 2, 0), 24, "a documentation address"),
        (Ipv4Addr::new(192, 31, 196, 0), 24, "a special-purpose address"),
        (Ipv4Addr::new(192, 52, 193, 0), 24, "a special-purpose address"),
        (Ipv4Addr::new(192, 88, 99, 0), 24, "an address of a 6to4 relay"),
        (Ipv4Addr::new(192, 168, 0, 0), 16, "a private address"),
        (Ipv4Addr::new(192, 175, 48, 0), 24, "a special-purpose address"),
        (Ipv4Addr::new(198, 18, 0, 0), 15, "a benchmarking address"),
        (Ipv4Addr::new(198, 51, 100, 0), 24, "a documentation address"),
        (Ipv4Addr::new(203, 0, 113, 0), 24, "a documentation address"),
        (Ipv4Addr::new(224, 0, 0, 0), 4, "a multicast address"),
        (Ipv4Addr::new(240, 0, 0, 0), 4, "a reserved address"),
    ];
    // Azure's platform services answer at one public-looking address on every virtual machine.
    if address == Ipv4Addr::new(168, 63, 129, 16) {
        return Some("a metadata address");
    }
    ranges
        .iter()
        .find(|(start, length, _)| bits >> (32 - length) == u32::from(*start) >> (32 - length))
        .map(|(_, _, kind)| *kind)
}

fn inside_v6(address: Ipv6Addr) -> Option<&'static str> {
    let parts = address.segments();
    let last = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        Ipv4Addr::new(a, b, c, d)
    };
    // Addresses that carry one of IPv4 inside are what that one is.
    let carried = match parts {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0, 0, 0, 0, 0xffff, 0, high, low] => Some(last(high, low)),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(last(high, low)),
        [0x2002, high, low, ..] => Some(last(high, low)),
        _ => None,
    };
    if let Some(carried) = carried {
        return inside_v4(carried);
    }
    match parts {
        [0, 0, 0, 0, 0, 0, 0, 1] => Some("a loopback address"),
        [0, 0, 0, 0, 0, 0, _, _] => Some("an unspecified or outdated address"),
        [0x64, 0xff9b, 1, ..] => Some("an address of a local translation to IPv4"),
        [0x100, 0, 0, 0 | 1, ..] => Some("a discard address"),
        [0x2001, 0, ..] => Some("a Teredo address"),
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Some("a documentation address"),
        [0x2001, 0..=0x1ff, ..] => Some("an address of protocol assignments"),
        [0x5f00, ..] => Some("an address of segment routing"),
        [0xfc00..=0xfdff, ..] => Some("a private address"),
        [0xfe80..=0xfebf, ..] => Some("a link-local address"),
        [0xfec0..=0xfeff, ..] => Some("a site-local address"),
        [0xff00..=0xffff, ..] => Some("a multicast address"),
        [0x2000..=0x3fff, ..] => None,
        _ => Some("no address of the public internet"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_public() {
        for (text, is_public) in [
            ("1.1.1.1", true),
            ("100.63.255.255", true),
            ("100.128.0.0", true),
            ("172.15.255.255", true),
            ("172.32.0.0", true),
            ("198.17.255.255", true),
            ("198.20.0.0", true),
            ("223.255.255.255", true),
            ("2606:4700::1", true),
            ("::ffff:8.8.8.8", true),
            ("64:ff9b::808:808", true),
            ("2002:808:808::1", true),
            ("0.0.0.0", false),
            ("10.255.0.1", false),
            ("100.64.0.1", false),
            ("100.127.255.255", false),
            ("127.0.0.1", false),
            ("127.255.255.254", false),
            ("168.63.129.16", false),
            ("169.254.169.254", false),
            ("172.16.0.0", false),
            ("172.31.255.255", false),
            ("192.0.0.192", false),
            ("192.0.2.1", false),
            ("192.88.99.1", false),
            ("192.168.1.1", false),
            ("198.18.0.1", false),
            ("198.51.100.1", false),
            ("203.0.113.9", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("::", false),
            ("::1", false),
            ("::7f00:1", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:0:10.0.0.1", false),
            ("64:ff9b::a9fe:a9fe", false),
            ("64:ff9b:1::808:808", false),
            ("2002:a00:1::1", false),
            ("2001::1", false),
            ("2001:db8::1", false),
            ("3fff::1", false),
            ("100::1", false),
            ("fc00::1", false),
            ("fd00:ec2::254", false),
            ("fe80::1", false),
            ("fec0::1", false),
            ("ff02::1", false),
            ("4000::1", false),
        ] {
            assert_eq!(why_not_public(text.parse().unwrap()).is_none(), is_public, "{text}");
        }
    }

    #[test]
    fn addresses_are_judged_before_they_are_called() {
        let mirror = HostPermit { plain_http: true, private_addresses: true, ports: [8080].into() };
        let permits = Permits { hosts: [("mirror.example".to_owned(), mirror)].into() };
        for (address, expected) in [
            ("https://example.org/a", None),
            ("https://example.org:443/a", None),
            ("https://EXAMPLE.org/a", None),
            ("http://mirror.example/a", None),
            ("http://MIRROR.example.:8080/a", None),
            ("https://mirror.example/a", None),
            ("http://example.org/a", Some("address-refused")),
            ("https://example.org:8080/a", Some("address-refused")),
            ("https://example.org:80/a", Some("address-refused")),
            ("http://mirror.example:22/a", Some("address-refused")),
            ("http://other.mirror.example/a", Some("address-refused")),
            ("https://user@example.org/a", Some("address-refused")),
            ("https://:word@example.org/a", Some("address-refused")),
            ("https://[::ffff:7f00:1]/a", Some("address-refused")),
            ("https://2130706433/a", Some("address-refused")),
            ("https://0x7f.1/a", Some("address-refused")),
            ("https://0177.0.0.1/a", Some("address-refused")),
            ("https://169.254.169.254/latest", Some("address-refused")),
            ("ftp://example.org/a", Some("address-refused")),
            ("file:///etc/passwd", Some("bad-address")),
            ("data:text/plain,a", Some("bad-address")),
            ("a/b", Some("bad-address")),
            ("", Some("bad-address")),
        ] {
            let code = permits.check(address).err().map(|error| error.code.as_str());
            assert_eq!(code, expected, "{address}");
        }
    }

    #[test]
    fn what_is_shown_holds_no_secret() {
        for address in ["https://example.org/a.zip?sig=secret", "example.org/a.zip?sig=secret#secret"] {
            let (shown, kept) = (shown_text(address), kept(address));
            assert!(shown.ends_with("example.org/a.zip"), "{shown}");
            assert!(kept.starts_with(&shown) && !kept.contains("secret"), "{kept}");
            assert_ne!(kept, super::kept("https://example.org/a.zip?sig=other"));
        }
        assert_eq!(kept("https://example.org/a.zip"), "https://example.org/a.zip");
        for address in [
            "https://user:secret@example.org/a?key=secret#secret",
            "https://user:secret@example.org:70000/a?key=secret",
            "user:secret@example.org",
        ] {
            let error = Permits::default().check(address).unwrap_err();
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}
