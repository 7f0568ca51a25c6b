// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The settings of a cluster: where it is, and how one shows that one belongs to it. Secrets are read from a file or the environment,
//! and never shown.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use underpin_model::Limits;
use underpin_office::cluster::{ClusterKeys, ClusterSecret, ClusterTls, EngineAddress, EngineSettings};
use underpin_office::{OfficeError, Result};

use crate::origin::Origin;

/// The variable that holds the secret itself.
const SECRET: &str = "UNDERPIN_CLUSTER_SECRET";
/// The variables that name files.
const SECRET_FILE: &str = "UNDERPIN_CLUSTER_SECRET_FILE";
const CERTIFICATE: &str = "UNDERPIN_CLUSTER_CERTIFICATE";
const KEY: &str = "UNDERPIN_CLUSTER_KEY";
const AUTHORITY: &str = "UNDERPIN_CLUSTER_AUTHORITY";
/// The variable that says `true` where the network is trusted.
const TRUSTED_NETWORK: &str = "UNDERPIN_CLUSTER_TRUSTED_NETWORK";

/// The table `[cluster]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClusterSettings {
    /// File with the secret that everybody in the cluster knows.
    pub secret_file: Option<PathBuf>,
    /// File with the own certificate, as PEM.
    pub certificate: Option<PathBuf>,
    /// File with its private key, as PEM.
    pub key: Option<PathBuf>,
    /// File with the certificate of the cluster's authority, as PEM.
    pub authority: Option<PathBuf>,
    /// Whether the network itself encrypts and keeps strangers out, so that connections need no certificates.
    pub trusted_network: bool,
}

type Environment<'e> = &'e dyn Fn(&str) -> Option<String>;

impl ClusterSettings {
    /// The same with what the environment says in place of the file.
    pub fn with(mut self, environment: Environment<'_>) -> Self {
        let named = |name: &str| environment(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        self.secret_file = named(SECRET_FILE).or(self.secret_file);
        self.certificate = named(CERTIFICATE).or(self.certificate);
        self.key = named(KEY).or(self.key);
        self.authority = named(AUTHORITY).or(self.authority);
        if let Some(said) = environment(TRUSTED_NETWORK).filter(|said| !said.is_empty()) {
            self.trusted_network = said == "true";
        }
        self
    }

    /// Whether connections are encrypted by the cluster itself.
    pub fn is_encrypted(&self) -> bool {
        self.certificate.is_some() || self.key.is_some() || self.authority.is_some()
    }

    /// Refuses to hand rows, and what shows who belongs to the cluster, over a network in the clear: `is_here` says of the other side,
    /// or of where one listens, that it is this machine.
    ///
    /// # Errors
    /// `usage` where it would.
    pub fn check_network(&self, is_here: bool) -> Result<()> {
        if is_here || self.trusted_network || self.is_encrypted() {
            return Ok(());
        }
        Err(OfficeError::new("usage", "rows, and what shows who belongs to the cluster, would cross the network in the clear").hint(
            "set certificate, key and authority under [cluster]; or trusted_network = true (--trusted-network) where the network itself encrypts",
        ))
    }

    /// The keys.
    ///
    /// # Errors
    /// `engine-secret` when there is no secret, `invalid-configuration` when a file of a certificate is missing.
    pub fn keys(&self, environment: Environment<'_>) -> Result<ClusterKeys> {
        let secret = match (environment(SECRET).filter(|secret| !secret.trim().is_empty()), &self.secret_file) {
            (Some(secret), _) => secret,
            (None, Some(path)) => text(path)?,
            (None, None) => {
                return Err(OfficeError::new("engine-secret", "a cluster is asked with a secret, and none is set").hint(
                    "name its file under [cluster] as secret_file, or with UNDERPIN_CLUSTER_SECRET_FILE; `openssl rand -hex 32` makes one",
                ));
            }
        };
        Ok(ClusterKeys { secret: ClusterSecret::new(&secret)?, tls: self.tls()? })
    }

    fn tls(&self) -> Result<Option<ClusterTls>> {
        match (&self.certificate, &self.key, &self.authority) {
            (None, None, None) => Ok(None),
            (Some(certificate), Some(key), Some(authority)) => Ok(Some(ClusterTls {
                certificate: bytes(certificate)?,
                key: bytes(key)?,
                authority: bytes(authority)?,
            })),
            _ => Err(OfficeError::new(
                "invalid-configuration",
                "certificate, key and authority of a cluster belong together",
            )
            .hint("set all three under [cluster], or none")),
        }
    }

    /// Name, value and origin of each.
    pub fn shown(&self, environment: Environment<'_>, file: &Self) -> Vec<(String, String, Origin)> {
        let origin_of = |variable: &str, is_in_file: bool| match (
            environment(variable).is_some_and(|value| !value.is_empty()),
            is_in_file,
        ) {
            (true, _) => Origin::Environment,
            (false, true) => Origin::File,
            (false, false) => Origin::Default,
        };
        let values = [
            ("secret_file", SECRET_FILE, &self.secret_file, &file.secret_file),
            ("certificate", CERTIFICATE, &self.certificate, &file.certificate),
            ("key", KEY, &self.key, &file.key),
            ("authority", AUTHORITY, &self.authority, &file.authority),
        ];
        let shown = values.into_iter().map(|(name, variable, value, in_file)| {
            let value = value.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
            (format!("cluster.{name}"), value, origin_of(variable, in_file.is_some()))
        });
        let trusted = origin_of(TRUSTED_NETWORK, file.trusted_network);
        shown.chain([("cluster.trusted_network".to_owned(), self.trusted_network.to_string(), trusted)]).collect()
    }
}

/// The engine that was asked for.
///
/// # Errors
/// `invalid-configuration` for an address that is none; what the keys say.
pub fn engine(
    address: Option<&str>,
    cluster: &ClusterSettings,
    limits: &Limits,
    environment: Environment<'_>,
) -> Result<Option<EngineSettings>> {
    let Some(address) = address else { return Ok(None) };
    let address = address.parse().map_err(|fault: String| {
        OfficeError::new("invalid-configuration", fault).hint(
            "HOST:PORT is where `underpin cluster scheduler` listens; leave the setting away to carry out queries here",
        )
    })?;
    cluster.check_network(is_here(&address))?;
    Ok(Some(EngineSettings {
        address,
        keys: cluster.keys(environment)?,
        small_rows: limits.cluster_small_rows,
        plan_bytes: limits.cluster_plan_bytes,
        partitions: limits.cluster_partitions,
        answer_bytes: limits.query_bytes,
        timeout_ms: limits.query_timeout_ms,
        attempts: limits.cluster_attempts,
    }))
}

/// Whether an address is this machine's own.
pub fn is_here(address: &EngineAddress) -> bool {
    let host = address.host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn bytes(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| OfficeError::file(path, &error))
}

fn text(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|error| OfficeError::file(path, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_wins_over_the_file_and_secrets_are_not_shown() {
        let folder = tempfile::tempdir().expect("a folder");
        let secret = folder.path().join("secret");
        std::fs::write(&secret, "a secret that is long enough, hunter2\n").expect("writes");
        let in_file = ClusterSettings { secret_file: Some("elsewhere".into()), ..ClusterSettings::default() };
        let named = secret.to_string_lossy().into_owned();
        let environment = |name: &str| (name == SECRET_FILE).then(|| named.clone());
        let settings = in_file.clone().with(&environment);
        assert_eq!(settings.secret_file.as_deref(), Some(secret.as_path()));
        let found = engine(Some("df://localhost:50050"), &settings, &Limits::default(), &environment).expect("reads");
        assert_eq!(found.map(|engine| engine.address.port), Some(50050));
        let shown = settings.shown(&environment, &in_file);
        assert_eq!(shown[0].2, Origin::Environment);
        assert!(!format!("{shown:?}{settings:?}").contains("hunter2"));
    }

    #[test]
    fn what_is_missing_or_wrong_is_said() {
        let nothing = |_: &str| None;
        let empty = ClusterSettings::default();
        let asked = |address, cluster: &ClusterSettings| engine(address, cluster, &Limits::default(), &nothing);
        assert_eq!(asked(None, &empty).expect("reads"), None);
        let half = ClusterSettings { certificate: Some("one.pem".into()), ..ClusterSettings::default() };
        let secret = |name: &str| (name == SECRET).then(|| "a secret that is long enough".to_owned());
        for (code, found) in [
            ("engine-secret", asked(Some("df://localhost:50050"), &empty)),
            ("invalid-configuration", asked(Some("localhost:50050"), &empty)),
            ("invalid-configuration", engine(Some("df://a:1"), &half, &Limits::default(), &secret)),
        ] {
            let error = found.expect_err("refused");
            assert_eq!(error.code, code);
            assert!(!error.hint.is_empty());
        }
    }
}
