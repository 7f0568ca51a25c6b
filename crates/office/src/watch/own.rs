// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The office's own advisories: a small layer over what feeds say, for those who may see them.
//!
//! Each is an OSV record with a mark how far it may be passed on (TLP 2.0). Who may see which is decided in the ledger; here they are
//! compiled for one viewer, so that somebody else's answer cannot know of them. What rests on one carries its mark.

use std::sync::Arc;

use serde::Serialize;
use underpin_assess::matching::{Compiler, Layers, Subject, lookups};
use underpin_formats::advisories::osv;
use underpin_ledger::{NewOwnAdvisory, OwnAdvisory, Reader};
use underpin_model::registry::{AgencyId, Classification};
use underpin_model::watch::Tlp;
use underpin_model::{Limits, Purl, Timestamp};

use super::index::Compiled;
use super::own_marks::Marks;
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};

/// The feed that the office's own advisories are.
pub const OWN_FEED: &str = "own";

/// How many own advisories an answer rests on, and which of those that count cannot be read.
pub(super) type Counted = (u64, Vec<String>);

/// An advisory of the office, for people and programs.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct OwnRow {
    /// Identifier.
    pub id: String,
    /// How far it may be passed on.
    pub tlp: &'static str,
    /// Agencies it is for.
    pub audience: Vec<AgencyId>,
    /// Classification.
    pub classification: &'static str,
    /// Who published this version.
    pub author: String,
    /// When.
    pub recorded: Timestamp,
    /// One line about it.
    pub summary: String,
    /// The packages that it is about, as `ecosystem name`.
    pub packages: Vec<String>,
    /// The record, as OSV.
    pub record: serde_json::Value,
}

/// How an advisory is marked.
#[derive(Clone, Debug, Default)]
pub struct Marking {
    /// How far it may be passed on.
    pub tlp: Tlp,
    /// Agencies it is for.
    pub audience: Vec<AgencyId>,
    /// Classification.
    pub classification: Classification,
}

/// An advisory in few words, for which the record is written.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Identifier.
    pub id: String,
    /// The package, as a purl without version.
    pub package: String,
    /// The first affected version; from the beginning when not given.
    pub introduced: Option<String>,
    /// The first version without it.
    pub fixed: Option<String>,
    /// The last affected version, where no fixed one is known.
    pub last_affected: Option<String>,
    /// One line.
    pub summary: String,
    /// More words.
    pub details: String,
    /// A CVSS vector, or a word: low, medium, high, critical.
    pub severity: Option<String>,
    /// Other names, such as a CVE.
    pub aliases: Vec<String>,
}

impl House {
    /// Advisories as a viewer may see them: what feeds say, with the office's own ones over it.
    /// One that cannot be read, because limits are smaller than when it was published, is left out and named.
    pub(super) async fn layers(
        &self,
        compiled: &Compiled,
        reader: &Reader,
        at: Timestamp,
    ) -> Result<(Layers, Marks, Counted)> {
        let own = reader.own_advisories(at).await?;
        let past = reader.own_advisory_versions().await?;
        let mut indexes = compiled.indexes.clone();
        let counted = counted(&own, self.limits());
        if counted.0 == 0 {
            return Ok((Layers::new(indexes), Marks::of(own, &past), counted));
        }
        let mut compiler = Compiler::new();
        for record in own.iter().filter_map(|advisory| osv::read(advisory.body.as_bytes(), self.limits()).ok()) {
            compiler.add(OWN_FEED, &record);
        }
        let too_large = |_| OfficeError::new("too-large", "there are more own advisories than one index can hold");
        indexes.push(Arc::new(compiler.finish().map_err(too_large)?));
        Ok((Layers::new(indexes), Marks::of(own, &past), counted))
    }

    /// The office's advisories that the viewer of a desk may see, as of its moment.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn own_advisories(&self, desk: &Desk) -> Result<Vec<OwnRow>> {
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let found = reader.own_advisories(desk.snapshot.at).await?;
        Ok(found.into_iter().map(|advisory| self.own_row(advisory)).collect())
    }

    /// Whether something is the name of an advisory of the office that the viewer of a desk may see.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn is_own_advisory(&self, desk: &Desk, name: &str) -> Result<bool> {
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let found = reader.own_advisories(desk.snapshot.at).await?;
        Ok(found.iter().any(|advisory| advisory.id.eq_ignore_ascii_case(name.trim())))
    }

    fn own_row(&self, advisory: OwnAdvisory) -> OwnRow {
        let read = osv::read(advisory.body.as_bytes(), self.limits()).ok();
        let packages = read.iter().flat_map(|read| &read.affected);
        OwnRow {
            tlp: advisory.tlp.as_str(),
            audience: advisory.audience,
            classification: advisory.classification.as_str(),
            author: advisory.author,
            recorded: advisory.recorded,
            summary: read.as_ref().map(|read| read.summary.to_string()).unwrap_or_default(),
            packages: packages.map(|one| format!("{} {}", one.ecosystem, one.name)).collect(),
            record: serde_json::from_str(&advisory.body).unwrap_or_default(),
            id: advisory.id,
        }
    }

    /// Publishes an advisory, or a new version of one; the old one stays answerable.
    ///
    /// # Errors
    /// `invalid-advisory` when the record says nothing that could be matched, and what the ledger refuses.
    pub async fn publish_advisory(&self, author: &Author, record: &str, marking: Marking) -> Result<String> {
        let invalid = |why: String| {
            OfficeError::new("invalid-advisory", why)
                .hint("an advisory is an OSV record: https://ossf.github.io/osv-schema/; or describe it with --package and --fixed")
        };
        let read = osv::read(record.as_bytes(), self.limits())
            .map_err(|fault| invalid(format!("the record cannot be read: {}", fault.code)))?;
        if read.affected.is_empty() {
            return Err(invalid("the record names no affected package".to_owned()));
        }
        let id = read.id.to_string();
        let body = record.to_owned();
        let Marking { tlp, audience, classification } = marking;
        let new = NewOwnAdvisory { id: id.clone(), body, tlp, audience, classification };
        self.ledger.writer(&author.actor, author.viewer.clone()).publish_own_advisory(author.at, new).await?;
        Ok(id)
    }

    /// Takes an advisory back: from now on it counts no more.
    ///
    /// # Errors
    /// `unknown-advisory`, `empty-reason`, `not-allowed`.
    pub async fn withdraw_advisory(&self, author: &Author, id: &str, reason: &str) -> Result<()> {
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        writer.withdraw_own_advisory(author.at, id, reason).await?;
        Ok(())
    }
}

/// How many of these can be read, and which cannot.
pub(super) fn counted(own: &[OwnAdvisory], limits: &Limits) -> Counted {
    let is_read = |advisory: &&OwnAdvisory| osv::read(advisory.body.as_bytes(), limits).is_ok();
    let (read, unread): (Vec<_>, Vec<_>) = own.iter().partition(is_read);
    (read.len() as u64, unread.into_iter().map(|advisory| advisory.id.clone()).collect())
}

impl Draft {
    /// The OSV record that says so.
    ///
    /// # Errors
    /// `usage` when the package is no purl, or no advisory speaks of its type.
    pub fn record(&self, at: Timestamp) -> Result<String> {
        let usage = |why: String, hint: &str| OfficeError::new("usage", why).hint(hint);
        let (purl, _) = Purl::parse_lenient(&self.package).map_err(|error| {
            usage(format!("{:?} is no package URL: {error}", self.package), "write it as pkg:maven/group/name")
        })?;
        if !purl.version.is_empty() {
            return Err(usage(
                format!("{:?} names one version", self.package),
                "leave the version out; --introduced, --fixed and --last-affected say which are affected",
            ));
        }
        let qualifiers: Vec<String> = purl.qualifiers.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let qualifiers = qualifiers.join("&");
        let subject = Subject {
            kind: &purl.kind,
            namespace: &purl.namespace,
            name: &purl.name,
            version: "0",
            qualifiers: &qualifiers,
            ..Subject::default()
        };
        let keys = lookups(&subject);
        let Some(key) = keys.list.first() else {
            return Err(usage(
                format!("advisories cannot speak of {:?} in this short form", self.package),
                "a package of a distribution needs ?distro=debian-12; else hand in an OSV record as a file",
            ));
        };
        let mut events = vec![serde_json::json!({ "introduced": self.introduced.as_deref().unwrap_or("0") })];
        events.extend(self.fixed.iter().map(|version| serde_json::json!({ "fixed": version })));
        events.extend(self.last_affected.iter().map(|version| serde_json::json!({ "last_affected": version })));
        let mut record = serde_json::json!({
            "schema_version": "1.7.0",
            "id": self.id,
            "modified": at.to_string(),
            "published": at.to_string(),
            "aliases": self.aliases,
            "summary": self.summary,
            "details": self.details,
            "affected": [{
                "package": { "ecosystem": key.ecosystem, "name": key.name },
                "ranges": [{ "type": "ECOSYSTEM", "events": events }],
            }],
        });
        match self.severity.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            None => {}
            Some(vector) if vector.starts_with("CVSS:") => {
                let kind = if vector.starts_with("CVSS:4") { "CVSS_V4" } else { "CVSS_V3" };
                record["severity"] = serde_json::json!([{ "type": kind, "score": vector }]);
            }
            Some(word) => record["database_specific"] = serde_json::json!({ "severity": word.to_uppercase() }),
        }
        Ok(record.to_string())
    }
}
