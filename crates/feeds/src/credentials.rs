// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What proves to a host who we are. The configuration says where a secret is (an environment variable or a file), never the secret.
//!
//! A credential goes to exactly the host it is for, and to no other one after a redirect. It stands in no message: its
//! `Debug` shows nothing, and the header is marked as sensitive.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use base64::Engine;
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use underpin_model::limits::bounds;

use crate::error::{Code, FeedError};
use crate::guard::host_name;

/// Where a secret lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum SecretPlace {
    /// The name of an environment variable.
    Environment(String),
    /// A file; white space at its end is cut off.
    File(PathBuf),
}

/// How a host is told who we are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum CredentialSource {
    /// `Authorization: Bearer …`
    Bearer(SecretPlace),
    /// `Authorization: Basic …`
    Basic {
        /// The user.
        user: String,
        /// Where the password is.
        password: SecretPlace,
    },
    /// A header of its own.
    Header {
        /// The name of the header.
        name: String,
        /// Where its value is.
        value: SecretPlace,
    },
}

/// The credentials by host, read once.
#[derive(Clone, Default)]
pub struct Credentials {
    by_host: BTreeMap<String, (HeaderName, HeaderValue)>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.by_host.keys()).finish()
    }
}

impl Credentials {
    /// Reads the secrets. `environment` gives the value of a variable (`|name| std::env::var(name).ok()`).
    ///
    /// # Errors
    /// A secret that is not where the configuration says, is empty, too long or cannot stand in a header.
    pub fn read(
        sources: &BTreeMap<String, CredentialSource>,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, FeedError> {
        let mut by_host = BTreeMap::new();
        for (host, source) in sources {
            by_host.insert(host_name(host), header(host, source, environment)?);
        }
        Ok(Self { by_host })
    }

    /// The header for a host, if there is one.
    pub(crate) fn of(&self, host: &str) -> Option<(HeaderName, HeaderValue)> {
        self.by_host.get(&host_name(host)).cloned()
    }

    /// True when there is a credential for a host.
    pub fn has(&self, host: &str) -> bool {
        self.by_host.contains_key(&host_name(host))
    }
}

fn header(
    host: &str,
    source: &CredentialSource,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<(HeaderName, HeaderValue), FeedError> {
    let bad = |detail: &str| FeedError::new(Code::BadCredential, host, detail);
    let secret = |place: &SecretPlace| secret(host, place, environment);
    let (name, value) = match source {
        CredentialSource::Bearer(place) => (AUTHORIZATION, format!("Bearer {}", secret(place)?)),
        CredentialSource::Basic { user, password } => {
            if user.contains(':') {
                return Err(bad("a user name holds no colon (RFC 7617)"));
            }
            let pair = format!("{user}:{}", secret(password)?);
            (AUTHORIZATION, format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair)))
        }
        CredentialSource::Header { name, value } => {
            let name = name.parse().map_err(|_| bad("this is no name of a header"))?;
            (name, secret(value)?)
        }
    };
    let mut value =
        HeaderValue::from_str(&value).map_err(|_| bad("the secret holds characters that no header may hold"))?;
    value.set_sensitive(true);
    Ok((name, value))
}

/// Reads a secret from where the configuration says it is. `host` is said when it is not there.
///
/// # Errors
/// `bad-credential` for one that is not there, is empty or too long.
pub fn secret(
    host: &str,
    place: &SecretPlace,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<String, FeedError> {
    let bad = |detail: String| FeedError::new(Code::BadCredential, host, detail);
    let (text, from) = match place {
        SecretPlace::Environment(name) => {
            let text = environment(name).ok_or_else(|| bad(format!("the environment variable {name} is not set")))?;
            (text, format!("the environment variable {name}"))
        }
        SecretPlace::File(path) => {
            let from = path.display().to_string();
            let text = std::fs::read_to_string(path).map_err(|error| bad(format!("{from}: {error}")))?;
            (text, from)
        }
    };
    let text = text.trim_end();
    if text.is_empty() || text.len() > bounds::CREDENTIAL_BYTES {
        return Err(bad(format!("{from} is empty or too long")));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: CredentialSource) -> Result<Credentials, FeedError> {
        let environment = |name: &str| match name {
            "TOKEN" => Some("s3cret\n".to_owned()),
            "BROKEN" => Some("s3cret\u{1}x".to_owned()),
            _ => None,
        };
        Credentials::read(&[("Example.ORG".to_owned(), source)].into(), &environment)
    }

    #[test]
    fn secrets_are_read_and_never_shown() {
        let place = || SecretPlace::Environment("TOKEN".to_owned());
        for (source, name, value) in [
            (CredentialSource::Bearer(place()), "authorization", "Bearer s3cret"),
            (
                CredentialSource::Basic { user: "Aladdin".to_owned(), password: place() },
                "authorization",
                "Basic QWxhZGRpbjpzM2NyZXQ=",
            ),
            (CredentialSource::Header { name: "X-Key".to_owned(), value: place() }, "x-key", "s3cret"),
        ] {
            let credentials = read(source).unwrap();
            let (found, header) = credentials.of("example.org").unwrap();
            assert_eq!((found.as_str(), header.to_str().unwrap()), (name, value));
            assert!(header.is_sensitive());
            assert!(!format!("{credentials:?} {header:?}").contains("s3cret"));
            for other in ["www.example.org", "example.org.evil.example", "org", ""] {
                assert!(credentials.of(other).is_none(), "{other}");
            }
        }
    }

    #[test]
    fn what_is_wrong_with_a_secret_is_said_without_it() {
        let named = |name: &str| SecretPlace::Environment(name.to_owned());
        for source in [
            CredentialSource::Bearer(named("MISSING")),
            CredentialSource::Bearer(named("BROKEN")),
            CredentialSource::Bearer(SecretPlace::File(PathBuf::from("/nowhere/at/all"))),
            CredentialSource::Basic { user: "a:b".to_owned(), password: named("TOKEN") },
            CredentialSource::Header { name: "no header".to_owned(), value: named("TOKEN") },
        ] {
            let error = read(source).unwrap_err();
            assert_eq!(error.code, Code::BadCredential);
            assert!(!error.to_string().contains("s3cret"), "{error}");
        }
    }
}
