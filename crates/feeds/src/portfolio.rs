// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reading what a server of Dependency-Track (version 4) keeps, through the one guard: nothing is written there.
//!
//! Lists come in pages; `X-Total-Count` says how many entries there are. A server that gives fewer, or the same page again and again, is
//! told, and what came is kept. Source: the OpenAPI of version 4.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use reqwest::Url;
use underpin_formats::portfolio::{Analysis, Finding, Listed, Project, findings, projects, version};
use underpin_model::limits::bounds;

use crate::client::Client;
use crate::credentials::{CredentialSource, SecretPlace};
use crate::error::{Code, FeedError};
use crate::fetch::escaped;
use crate::guard::{HostPermit, host_name, shown_text};

/// The header that such a server knows its callers by.
const HEADER: &str = "X-Api-Key";

/// A server that is read.
pub struct Portfolio<'c> {
    client: &'c Client,
    base: String,
}

/// Lets the host of an address be called on its port, with the key that a file holds. `is_inside`: also where it lies inside, and without
/// encryption.
///
/// # Errors
/// An address that is none.
pub fn admit(
    address: &str,
    key: &Path,
    is_inside: bool,
    permits: &mut BTreeMap<String, HostPermit>,
    credentials: &mut BTreeMap<String, CredentialSource>,
) -> Result<(), FeedError> {
    let bad = |detail: String| FeedError::new(Code::BadAddress, shown_text(address), detail);
    let url = Url::parse(address).map_err(|error| bad(format!("this is no address: {error}")))?;
    let host = url.host_str().map(host_name).ok_or_else(|| bad("the address names no host".to_owned()))?;
    let permit = permits.entry(host.clone()).or_default();
    permit.ports.extend(url.port());
    permit.plain_http |= is_inside;
    permit.private_addresses |= is_inside;
    let value = SecretPlace::File(key.to_owned());
    credentials.insert(host, CredentialSource::Header { name: HEADER.to_owned(), value });
    Ok(())
}

impl<'c> Portfolio<'c> {
    /// A server at an address; that of its interface (`…/api`) is understood, too.
    pub fn new(client: &'c Client, address: &str) -> Self {
        let base = address.trim().trim_end_matches('/');
        let base = base.strip_suffix("/v1").unwrap_or(base);
        Self { client, base: base.strip_suffix("/api").unwrap_or(base).to_owned() }
    }

    /// The address without what may be secret.
    pub fn shown(&self) -> String {
        shown_text(&self.base)
    }

    /// The version of the server.
    ///
    /// # Errors
    /// What the client says; `bad-answer` when it is another kind of server.
    pub async fn version(&self) -> Result<String, FeedError> {
        let (bytes, address, _) = self.get("/api/version").await?;
        version(&bytes).map_err(|why| FeedError::new(Code::BadAnswer, address, why))
    }

    /// All projects, those not in use too.
    ///
    /// # Errors
    /// What the client says; `bad-answer` for something that is no list.
    pub async fn projects(&self) -> Result<Listed<Project>, FeedError> {
        self.pages("/api/v1/project?excludeInactive=false", projects, |project| project.uuid.clone()).await
    }

    /// The bill of materials of a project, as CycloneDX in JSON; none where the server has none.
    ///
    /// # Errors
    /// What the client says.
    pub async fn bom(&self, project: &str) -> Result<Option<Vec<u8>>, FeedError> {
        let path = format!("/api/v1/bom/cyclonedx/project/{}?format=json&variant=inventory", escaped(project));
        found(self.get(&path).await).map(|found| found.map(|(bytes, _, _)| bytes))
    }

    /// The findings of a project, hidden ones too.
    ///
    /// # Errors
    /// What the client says; `bad-answer` for something that is no list.
    pub async fn findings(&self, project: &str) -> Result<Listed<Finding>, FeedError> {
        let path = format!("/api/v1/finding/project/{}?suppressed=true", escaped(project));
        self.pages(&path, findings, |one| format!("{} {}", one.component, one.vulnerability)).await
    }

    /// What was said about a finding; none where nothing was.
    ///
    /// # Errors
    /// What the client says; `bad-answer` for something that is no analysis.
    pub async fn analysis(&self, project: &str, finding: &Finding) -> Result<Option<Analysis>, FeedError> {
        let path = format!(
            "/api/v1/analysis?project={}&component={}&vulnerability={}",
            escaped(project),
            escaped(&finding.component),
            escaped(&finding.vulnerability)
        );
        let Some((bytes, address, _)) = found(self.get(&path).await)? else { return Ok(None) };
        Analysis::read(&bytes).map(Some).map_err(|why| FeedError::new(Code::BadAnswer, address, why))
    }

    async fn get(&self, path: &str) -> Result<(Vec<u8>, String, Option<usize>), FeedError> {
        let answer = self.client.fresh(&format!("{}{path}", self.base), bounds::PORTFOLIO_BYTES).await?;
        Ok((answer.bytes, answer.address, answer.total))
    }

    /// All pages of a list. Entries that come again are taken once.
    async fn pages<T>(
        &self,
        path: &str,
        read: impl Fn(&[u8]) -> Result<Listed<T>, String>,
        key: impl Fn(&T) -> String,
    ) -> Result<Listed<T>, FeedError> {
        let mut all = Listed { items: Vec::new(), faults: Vec::new(), entries: 0 };
        let mut known = BTreeSet::new();
        let mut total = None;
        for page in 1..=bounds::PORTFOLIO_PAGES {
            let size = bounds::PORTFOLIO_PAGE;
            let (bytes, address, stated) = self.get(&format!("{path}&pageSize={size}&pageNumber={page}")).await?;
            let listed = read(&bytes).map_err(|why| FeedError::new(Code::BadAnswer, address, why))?;
            total = stated.or(total);
            let before = known.len();
            for item in listed.items {
                if known.insert(key(&item)) {
                    all.items.push(item);
                }
            }
            // A server that knows no pages gives everything each time.
            let is_again = page > 1 && known.len() == before;
            if !is_again {
                all.entries += listed.entries;
                all.faults.extend(listed.faults.into_iter().map(|fault| format!("page {page}, {fault}")));
            }
            let is_last = total.map_or(listed.entries < size, |total| all.entries >= total);
            if is_again || is_last || listed.entries == 0 {
                break;
            }
        }
        if let Some(total) = total.filter(|total| all.entries < *total) {
            all.faults.push(format!("the server says there are {total} and gives {}", all.entries));
        }
        Ok(all)
    }
}

/// What is not there is none.
fn found<T>(answer: Result<T, FeedError>) -> Result<Option<T>, FeedError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.code == Code::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;
    use crate::guard::Permits;

    #[test]
    fn only_the_named_host_is_let_in_and_inside_only_when_asked() {
        let (inside, other) = (Ipv4Addr::new(10, 0, 0, 1), Ipv4Addr::new(10, 0, 0, 2));
        for (is_inside, address, is_allowed) in [
            (false, "https://track.example:8443/".to_owned(), true),
            (false, "http://track.example/".to_owned(), false),
            (false, format!("https://{inside}/"), false),
            (true, format!("https://{inside}:8080/"), true),
            (true, format!("http://{inside}/"), true),
        ] {
            let (mut permits, mut credentials) = (BTreeMap::new(), BTreeMap::new());
            admit(&address, Path::new("key"), is_inside, &mut permits, &mut credentials).unwrap();
            let permits = Permits { hosts: permits };
            assert_eq!(permits.check(&address).is_ok(), is_allowed, "{address}");
            for else_where in [format!("https://{other}/"), "https://a.example:8443/".to_owned()] {
                assert!(permits.check(&else_where).is_err(), "{else_where}");
            }
            assert_eq!(credentials.len(), 1);
        }
        assert!(admit("nowhere", Path::new("key"), true, &mut BTreeMap::new(), &mut BTreeMap::new()).is_err());
    }
}
