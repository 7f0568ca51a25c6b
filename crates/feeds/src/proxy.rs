// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Calling out through a proxy, as many offices must.
//!
//! The guard still judges every address before it is asked for: scheme, port, and addresses written as numbers. What it cannot judge is what
//! the proxy finds under a name, for the proxy resolves it: there the proxy must refuse what lies inside. Hosts that are exempt are
//! called directly, with the whole guard. The proxy itself may lie inside; it is no source and is never asked for a file.

use std::collections::BTreeSet;

use reqwest::{NoProxy, Url};

use crate::error::{Code, FeedError};
use crate::guard::host_name;

/// Which proxies are used. None by default.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Proxies {
    /// The address of the one for https.
    https: Option<String>,
    /// The address of the one for plain http.
    http: Option<String>,
    /// Hosts that are called directly: names with all below them, addresses and ranges of addresses, with commas between.
    except: String,
}

/// Addresses of proxies may hold a password: only whether there is one is shown.
impl std::fmt::Debug for Proxies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Proxies").field("https", &self.https.is_some()).field("http", &self.http.is_some()).finish()
    }
}

impl Proxies {
    /// What the configuration says, and without a word of it the environment: `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in capitals
    /// or small. An empty `configured` means no proxy, whatever the environment says.
    pub fn read(configured: Option<&str>, except: &[String], environment: &dyn Fn(&str) -> Option<String>) -> Self {
        let variable = |name: &str| {
            let found = environment(name).or_else(|| environment(&name.to_ascii_lowercase()));
            found.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        match configured.map(str::trim) {
            Some("") => Self::default(),
            Some(address) => {
                Self { https: Some(address.to_owned()), http: Some(address.to_owned()), except: except.join(",") }
            }
            None => Self {
                https: variable("HTTPS_PROXY"),
                http: variable("HTTP_PROXY"),
                except: variable("NO_PROXY").unwrap_or_default(),
            },
        }
    }

    /// The hosts of the proxies.
    ///
    /// # Errors
    /// An address of a proxy that cannot be used. It is not shown, for it may hold a password.
    pub(crate) fn hosts(&self) -> Result<BTreeSet<String>, FeedError> {
        let hosts = [&self.https, &self.http].into_iter().flatten().map(|address| {
            let url = Url::parse(&with_scheme(address)).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
            url.and_then(|url| url.host_str().map(host_name)).ok_or_else(|| bad("its address is none of http or https"))
        });
        hosts.collect()
    }

    /// The proxies for the library.
    ///
    /// # Errors
    /// An address of a proxy that cannot be used.
    pub(crate) fn build(&self) -> Result<Vec<reqwest::Proxy>, FeedError> {
        let mut built = Vec::new();
        for (address, make) in [
            (&self.https, reqwest::Proxy::https as fn(String) -> reqwest::Result<reqwest::Proxy>),
            (&self.http, reqwest::Proxy::http),
        ] {
            let Some(address) = address else { continue };
            let proxy = make(with_scheme(address)).map_err(|_| bad("its address cannot be read"))?;
            built.push(proxy.no_proxy(NoProxy::from_string(&self.except)));
        }
        Ok(built)
    }
}

fn bad(detail: &str) -> FeedError {
    FeedError::new(Code::BadAddress, "the proxy", detail)
}

/// `proxy.example:3128` is written by many and means http.
fn with_scheme(address: &str) -> String {
    if address.contains("://") { address.to_owned() } else { format!("http://{address}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_goes_before_the_environment() {
        let environment = |name: &str| match name {
            "HTTPS_PROXY" => Some("http://user:secret@a.example:3128".to_owned()),
            "http_proxy" => Some("b.example".to_owned()),
            "no_proxy" => Some("inside.example".to_owned()),
            _ => None,
        };
        for (configured, hosts, except) in [
            (None, vec!["a.example", "b.example"], "inside.example"),
            (Some(""), vec![], ""),
            (Some("https://c.example:8443"), vec!["c.example"], "mirror.example,10.0.0.0/8"),
        ] {
            let exempt = ["mirror.example".to_owned(), "10.0.0.0/8".to_owned()];
            let proxies = Proxies::read(configured, &exempt, &environment);
            assert_eq!(proxies.hosts().unwrap().into_iter().collect::<Vec<_>>(), hosts, "{configured:?}");
            assert_eq!(proxies.except, except);
            assert!(!format!("{proxies:?}").contains("secret"));
        }
        for address in ["socks5://user:secret@a.example", "http://", "::"] {
            let error = Proxies::read(Some(address), &[], &|_| None).hosts().unwrap_err();
            assert_eq!(error.code, Code::BadAddress);
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}
