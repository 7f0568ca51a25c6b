// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Whom the client believes: certificates of the system and of the configuration, and names resolved by ourselves.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use futures::FutureExt;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::edge::Edge;
use crate::error::{Code, FeedError};
use crate::guard::{Permits, host_name};

/// TLS with the provider named, so that nothing depends on which one another part of the program installed.
pub(crate) fn configuration(authorities: &[PathBuf]) -> Result<rustls::ClientConfig, FeedError> {
    let mut roots = rustls::RootCertStore::empty();
    // A system without certificates is no failure yet: mirrors may have their own, or the call fails and says so.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    for path in authorities {
        let bad = |detail: String| FeedError::new(Code::NoTrust, path.display().to_string(), detail);
        let certificates = CertificateDer::pem_file_iter(path).map_err(|error| bad(error.to_string()))?;
        for certificate in certificates {
            let certificate = certificate.map_err(|error| bad(error.to_string()))?;
            roots.add(certificate).map_err(|error| bad(error.to_string()))?;
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| FeedError::new(Code::NoTrust, "the client", error.to_string()))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// Resolves names for each new connection and hands out only addresses that were judged.
pub(crate) struct Guarded {
    pub permits: Arc<Permits>,
    pub edge: Arc<dyn Edge>,
    /// Hosts of proxies: named by the office itself, they may lie inside.
    pub proxies: BTreeSet<String>,
}

/// A refusal on its way through the library.
#[derive(Debug)]
pub(crate) struct Refused(pub FeedError);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Refused {}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        let permits = Arc::clone(&self.permits);
        let is_proxy = self.proxies.contains(&host_name(&host));
        let found = self.edge.resolve(&host);
        let judged = async move {
            let refused = |code: Code, detail: String| Box::new(Refused(FeedError::new(code, host.clone(), detail)));
            let addresses = found.await.map_err(|error| refused(Code::UnknownHost, error.to_string()))?;
            if addresses.is_empty() {
                return Err(refused(Code::UnknownHost, "the name has no address".to_owned()));
            }
            // One address that leads inside spoils the name: an honest host has none.
            for address in addresses.iter().filter(|_| !is_proxy) {
                permits.check_address(&host, *address).map_err(|detail| refused(Code::AddressRefused, detail))?;
            }
            Ok(addresses.into_iter().map(|address| SocketAddr::new(address, 0)).collect::<Vec<_>>())
        };
        judged
            .map(|judged| match judged {
                Ok(addresses) => Ok(Box::new(addresses.into_iter()) as Addrs),
                Err(refused) => Err(refused as Box<dyn std::error::Error + Send + Sync>),
            })
            .boxed()
    }
}
