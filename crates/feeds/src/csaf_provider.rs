// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Finding a CSAF provider and reading what it says about itself.
//!
//! Source: CSAF 2.0, 7.1.7 to 7.1.10 (`provider-metadata.json`, security.txt, well-known address, DNS path) and 7.3.1 (how it is found).

use serde::Deserialize;
use underpin_model::limits::bounds;

use crate::delivery::Refusal;
use crate::error::{Code, FeedError};
use crate::fetch::Fetch;
use crate::guard::shown_text;
use crate::openpgp::Key;

/// What a provider says about itself.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Metadata {
    #[serde(default)]
    pub role: String,
    #[serde(default)]
    pub distributions: Vec<Distribution>,
    #[serde(default)]
    pub public_openpgp_keys: Vec<StatedKey>,
}

/// One way in which documents are offered.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Distribution {
    pub directory_url: Option<String>,
    pub rolie: Option<Rolie>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Rolie {
    #[serde(default)]
    pub feeds: Vec<StatedFeed>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct StatedFeed {
    pub tlp_label: Option<String>,
    pub url: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct StatedKey {
    pub fingerprint: Option<String>,
    pub url: String,
}

/// A provider.
pub(crate) struct Provider {
    pub address: String,
    pub metadata: Metadata,
}

impl Provider {
    /// True when it must sign and hash all it publishes (CSAF 2.0, 7.2.3).
    pub fn is_trusted(&self) -> bool {
        self.metadata.role == "csaf_trusted_provider"
    }

    /// Fetches its keys. What is wrong with one is a refusal: signatures made with it will not be believed.
    pub async fn keys(&self, fetch: &Fetch<'_>, refused: &mut Vec<Refusal>) -> Result<Vec<Key>, FeedError> {
        let mut keys = Vec::new();
        for stated in self.metadata.public_openpgp_keys.iter().take(bounds::CSAF_KEYS) {
            let place = shown_text(&stated.url);
            let Some(fingerprint) = &stated.fingerprint else {
                refused.push(Refusal::new(Code::UnknownKey, place, "the provider states no fingerprint for this key"));
                continue;
            };
            match fetch.client.fresh(&stated.url, bounds::KEY_BYTES).await {
                Ok(answer) => match Key::read(&answer.bytes, fingerprint) {
                    Ok(key) => keys.push(key),
                    Err((code, detail)) => refused.push(Refusal::new(code, place, detail)),
                },
                Err(error) if matches!(error.code, Code::TimedOut | Code::Unreachable | Code::BrokenTransfer) => {
                    return Err(error);
                }
                Err(error) => refused.push(error.into()),
            }
        }
        Ok(keys)
    }
}

/// Finds a provider: by the address of its metadata, or by its domain.
///
/// # Errors
/// Nothing found under any of the addresses that the standard names.
pub(crate) async fn find(fetch: &Fetch<'_>) -> Result<Provider, FeedError> {
    let given = fetch.address.trim();
    if given.ends_with(".json") {
        return read(fetch, given).await;
    }
    let base = if given.contains("://") { given.trim_end_matches('/').to_owned() } else { format!("https://{given}") };
    let mut failed = match read(fetch, &format!("{base}/.well-known/csaf/provider-metadata.json")).await {
        Ok(provider) => return Ok(provider),
        Err(error) => error,
    };
    for place in ["/.well-known/security.txt", "/security.txt"] {
        let Ok(answer) = fetch.client.fresh(&format!("{base}{place}"), bounds::KEY_BYTES).await else { continue };
        for address in security_text(&String::from_utf8_lossy(&answer.bytes)) {
            match read(fetch, &address).await {
                Ok(provider) => return Ok(provider),
                Err(error) => failed = error,
            }
        }
    }
    if let Some((scheme, host)) = base.split_once("://") {
        match read(fetch, &format!("{scheme}://csaf.data.security.{host}")).await {
            Ok(provider) => return Ok(provider),
            // A domain without that name is the usual case and says nothing.
            Err(error) if error.code == Code::UnknownHost => {}
            Err(error) => failed = error,
        }
    }
    Err(FeedError {
        detail: format!("no CSAF provider was found there; last tried: {}: {}", failed.place, failed.detail),
        place: shown_text(&base),
        ..failed
    })
}

/// The addresses in the `CSAF` fields of a security.txt (RFC 9116; CSAF 2.0, 7.1.8). A signature around it is passed over.
fn security_text(text: &str) -> Vec<String> {
    let fields = text.lines().filter_map(|line| line.split_once(':'));
    let csaf = fields.filter(|(name, _)| name.trim().eq_ignore_ascii_case("csaf"));
    csaf.map(|(_, value)| value.trim().to_owned()).take(bounds::CSAF_KEYS).collect()
}

async fn read(fetch: &Fetch<'_>, address: &str) -> Result<Provider, FeedError> {
    let answer = fetch.client.fresh(address, bounds::ANSWER_BYTES).await?;
    let metadata: Metadata = serde_json::from_slice(&answer.bytes).map_err(|error| {
        FeedError::new(Code::BadAnswer, answer.address.clone(), format!("no metadata of a CSAF provider: {error}"))
    })?;
    if metadata.distributions.is_empty() {
        let detail = "the provider offers no documents in a way that we know";
        return Err(FeedError::new(Code::BadAnswer, answer.address, detail));
    }
    Ok(Provider { address: answer.address, metadata })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn security_texts_name_providers() {
        let text = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n# comment\nContact: mailto:a@example.org\ncsaf : https://example.org/a.json\r\nCSAF: https://example.org/b.json\n";
        assert_eq!(security_text(text), ["https://example.org/a.json", "https://example.org/b.json"]);
        assert_eq!(security_text("nothing"), Vec::<String>::new());
    }
}
