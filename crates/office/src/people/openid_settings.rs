// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the configuration says about providers of sign-in (the tables `[web.openid.NAME]`), and what their statements mean here.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use underpin_feeds::openid::{Provider, Registration};
use underpin_feeds::{Client, Permits, Proxies, SecretPlace, Setup, read_secret};
use underpin_ledger::Rights;
use underpin_model::people::{Grant, Reach, Role};
use underpin_model::registry::{Classification, is_identifier};

use crate::error::{OfficeError, Result};
use crate::watch::fetch::{Network, Outside};
use crate::watch::sync::feed_error;

/// A provider, as configured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenidConfiguration {
    /// The provider, exactly as it names itself (`iss`): the address below which `.well-known/openid-configuration` lies.
    pub issuer: String,
    /// The name of this house there (`client_id`).
    pub client: String,
    /// Where the secret of this house there is; none for a public client.
    pub secret: Option<SecretPlace>,
    /// What people read on the button; the name of the table when empty.
    #[serde(default)]
    pub label: String,
    /// What is asked for beside `openid`.
    #[serde(default = "profile")]
    pub scopes: Vec<String>,
    /// The claim that becomes the login of a new account.
    #[serde(default = "preferred_username")]
    pub login: String,
    /// The claim that becomes the name of a new account.
    #[serde(default = "name")]
    pub name: String,
    /// The claim that lists groups.
    #[serde(default = "groups")]
    pub groups: String,
    /// Values of `amr` or `acr` by which the provider says that it asked for a second factor.
    #[serde(default)]
    pub second_factor: Vec<String>,
    /// What groups give. Without any, only who was invited comes in.
    #[serde(default)]
    pub grants: Vec<GroupGrant>,
}

fn profile() -> Vec<String> {
    vec!["profile".to_owned()]
}

fn preferred_username() -> String {
    "preferred_username".to_owned()
}

fn name() -> String {
    "name".to_owned()
}

fn groups() -> String {
    "groups".to_owned()
}

/// What a group gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupGrant {
    /// The group, as the provider writes it.
    pub group: String,
    /// The role.
    pub role: Role,
    /// Where: this agency with all below it.
    pub agency: Option<String>,
    /// Where: this system.
    pub system: Option<String>,
    /// The highest classification.
    #[serde(default)]
    pub clearance: Classification,
}

impl GroupGrant {
    pub(super) fn grant(&self) -> Grant {
        let reach = match (&self.agency, &self.system) {
            (Some(agency), _) => Reach::Agency(agency.as_str().into()),
            (None, Some(system)) => Reach::System(system.as_str().into()),
            (None, None) => Reach::Government,
        };
        Grant { role: self.role, reach }
    }
}

/// A provider that people can come in by.
pub struct Openid {
    /// Its name in addresses and in the audit chain.
    pub name: String,
    /// What people read.
    pub label: String,
    pub(super) settings: OpenidConfiguration,
    pub(super) provider: Provider,
}

impl std::fmt::Debug for Openid {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Openid").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Openid {
    /// A provider of the configuration. `url` is the address by which people reach this house; `network` says whether the provider may
    /// lie inside (its `permits`), whose certificates are believed, and which proxy is used.
    ///
    /// # Errors
    /// `invalid-configuration`, `bad-credential`, and certificates that cannot be read.
    pub fn new(
        name: &str,
        settings: OpenidConfiguration,
        url: &str,
        network: &Network,
        outside: Outside<'_>,
    ) -> Result<Self> {
        let wrong = |detail: &str| {
            OfficeError::new("invalid-configuration", format!("web.openid.{name}: {detail}"))
                .hint("the manual says what belongs there: `underpin help`, settings")
        };
        if !is_identifier(name) {
            return Err(wrong("the name of a provider is made of lower-case letters, digits and hyphens"));
        }
        if settings.grants.iter().any(|grant| grant.agency.is_some() && grant.system.is_some()) {
            return Err(wrong("a grant is for an agency or for a system, not for both"));
        }
        let secret = settings
            .secret
            .as_ref()
            .map(|place| read_secret(&format!("web.openid.{name}"), place, outside.environment));
        let registration = Registration {
            issuer: settings.issuer.clone(),
            client: settings.client.clone(),
            secret: secret.transpose().map_err(feed_error)?,
            scopes: settings.scopes.clone(),
            redirect: format!("{}/sign-in/openid/{name}/back", url.trim_end_matches('/')),
        };
        let setup = Setup {
            permits: Permits { hosts: network.permits.clone() },
            authorities: network.authorities.clone(),
            proxies: Proxies::read(network.proxy.as_deref(), &network.no_proxy, outside.environment),
            ..Setup::default()
        };
        let client = Client::new(setup, outside.edge).map_err(feed_error)?;
        let label = if settings.label.trim().is_empty() { name } else { settings.label.trim() }.to_owned();
        let provider = Provider::new(registration, Arc::new(client));
        Ok(Self { name: name.to_owned(), label, settings, provider })
    }

    /// What the groups of a statement give.
    pub(super) fn given(&self, claims: &Map<String, Value>) -> Vec<&GroupGrant> {
        let groups = words(claims.get(&self.settings.groups));
        self.settings.grants.iter().filter(|grant| groups.contains(grant.group.as_str())).collect()
    }

    /// The rights that this stands for; `None` when it is nothing.
    pub(super) fn rights(given: &[&GroupGrant]) -> Option<Rights> {
        let mut grants: Vec<Grant> = given.iter().map(|grant| grant.grant()).collect();
        grants.sort_unstable();
        grants.dedup();
        let place = |level: Classification| Classification::ALL.iter().position(|one| *one == level);
        let clearance = given.iter().map(|grant| grant.clearance).max_by_key(|level| place(*level))?;
        Some(Rights { grants, clearance, compartments: Vec::new() })
    }

    /// Whether a statement says that a second factor was asked for.
    pub(super) fn is_strong(&self, claims: &Map<String, Value>) -> bool {
        let told: BTreeSet<&str> = words(claims.get("amr")).union(&words(claims.get("acr"))).copied().collect();
        self.settings.second_factor.iter().any(|word| told.contains(word.as_str()))
    }
}

/// A word, or a list of words.
fn words(value: Option<&Value>) -> BTreeSet<&str> {
    match value {
        Some(Value::String(word)) => [word.as_str()].into(),
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => BTreeSet::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn openid(second_factor: &[&str]) -> Openid {
        let settings: OpenidConfiguration = serde_json::from_value(serde_json::json!({
            "issuer": "https://id.example", "client": "underpin", "second_factor": second_factor,
            "grants": [
                { "group": "readers", "role": "reader" },
                { "group": "tax", "role": "owner", "agency": "tax", "clearance": "restricted" },
                { "group": "desk", "role": "owner", "system": "desk" },
                { "group": "again", "role": "reader" },
            ],
        }))
        .expect("a configuration");
        let edge = Arc::new(underpin_feeds::System { now: || underpin_model::Timestamp(0) });
        let outside = Outside { edge, environment: &|_| None };
        Openid::new("staff", settings, "https://office.example/", &Network::default(), outside).expect("a provider")
    }

    #[test]
    fn groups_stand_for_rights_and_nothing_else_does() {
        let openid = openid(&[]);
        let owner = |reach| Grant { role: Role::Owner, reach };
        let reader = Grant { role: Role::Reader, reach: Reach::Government };
        for (claims, expected) in [
            (serde_json::json!({}), None),
            (serde_json::json!({ "groups": [] }), None),
            (serde_json::json!({ "groups": ["Readers", "read", 7, null] }), None),
            (serde_json::json!({ "group": ["readers"] }), None),
            (serde_json::json!({ "groups": "readers" }), Some((vec![reader.clone()], Classification::default()))),
            (
                serde_json::json!({ "groups": ["again", "readers", "desk"] }),
                Some((vec![reader.clone(), owner(Reach::System("desk".into()))], Classification::default())),
            ),
            (
                serde_json::json!({ "groups": ["tax", "readers"] }),
                Some((vec![reader, owner(Reach::Agency("tax".into()))], Classification::Restricted)),
            ),
        ] {
            let found = Openid::rights(&openid.given(claims.as_object().expect("an object")));
            assert_eq!(found.map(|rights| (rights.grants, rights.clearance)), expected, "{claims}");
        }
    }

    #[test]
    fn a_second_factor_counts_only_as_configured() {
        for (configured, claims, is_strong) in [
            (&[][..], serde_json::json!({ "amr": ["mfa", "otp"] }), false),
            (&["mfa"], serde_json::json!({ "amr": ["pwd", "mfa"] }), true),
            (&["mfa"], serde_json::json!({ "amr": "mfa" }), true),
            (&["mfa"], serde_json::json!({ "amr": ["pwd"] }), false),
            (&["mfa", "loa3"], serde_json::json!({ "acr": "loa3" }), true),
            (&["mfa"], serde_json::json!({ "acr": { "mfa": true } }), false),
            (&["mfa"], serde_json::json!({}), false),
        ] {
            let found = openid(configured).is_strong(claims.as_object().expect("an object"));
            assert_eq!(found, is_strong, "{configured:?} {claims}");
        }
    }
}
