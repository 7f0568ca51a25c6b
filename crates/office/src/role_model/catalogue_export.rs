// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The catalogue in the formats that the world reads. What nobody declared is never made up: what could not be written is told, with
//! what is missing.

use serde::Serialize;
use underpin_assess::catalogue::address_key;
use underpin_formats::{code_json, listings, publiccode};
use underpin_ledger::RepositoryRecord;
use underpin_model::catalogue::{Converted, ExemptionGround, Listing, OwnRepository, Visibility};
use underpin_model::registry::{AgencyId, Classification};

use super::catalogue::agency_of;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};

/// A format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CatalogueFormat {
    /// code.json 2.0.
    CodeJson,
    /// publiccode.yml 0.7.
    Publiccode,
    /// codemeta.json 3.0.
    Codemeta,
    /// CITATION.cff 1.2.0.
    Citation,
}

impl CatalogueFormat {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::CodeJson, Self::Publiccode, Self::Codemeta, Self::Citation];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CodeJson => "code.json",
            Self::Publiccode => "publiccode",
            Self::Codemeta => "codemeta",
            Self::Citation => "citation",
        }
    }

    /// The name of the file of one repository.
    pub fn file(self) -> &'static str {
        match self {
            Self::CodeJson => "code.json",
            Self::Publiccode => "publiccode.yml",
            Self::Codemeta => "codemeta.json",
            Self::Citation => "CITATION.cff",
        }
    }

    /// The media type of the file.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::CodeJson => "application/json",
            Self::Codemeta => "application/ld+json",
            Self::Publiccode | Self::Citation => "application/yaml",
        }
    }

    /// Whether many repositories have one file in it. Of a citation, a file is about one.
    pub fn has_list(self) -> bool {
        self != Self::Citation
    }

    /// The file of one repository.
    pub fn write(self, listing: &Listing) -> Converted {
        match self {
            Self::CodeJson => code_json::write(listing),
            Self::Publiccode => publiccode::write(listing),
            Self::Codemeta => listings::codemeta(listing),
            Self::Citation => listings::citation(listing),
        }
    }
}

impl std::str::FromStr for CatalogueFormat {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let known = || Self::ALL.iter().map(|format| format.as_str()).collect::<Vec<_>>().join(", ");
        let found = Self::ALL.iter().find(|format| format.as_str() == text);
        found.copied().ok_or_else(|| format!("{text:?} is none of: {}", known()))
    }
}

/// A repository that a list could not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotWritten {
    /// Its address.
    pub address: String,
    /// What the format asks for and nobody declared.
    pub missing: Vec<String>,
}

/// A list in a format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CatalogueExport {
    /// The file.
    pub text: String,
    /// What it does not hold.
    pub left_out: Vec<NotWritten>,
    /// What of those that it holds is declared and the format has no place for, or is about persons.
    pub not_carried: Vec<NotCarried>,
}

/// What of a repository does not arrive in a format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotCarried {
    /// Its address.
    pub address: String,
    /// The keys.
    pub keys: Vec<String>,
}

/// A repository as the world may read it.
pub(super) fn listing(
    agency_name: &str,
    address: &str,
    repository: &OwnRepository,
    exemption: Option<(ExemptionGround, String)>,
) -> Listing {
    let look = repository.look.as_ref();
    let mut declared = repository.declared.clone();
    // A copy may still declare where the first one lies.
    declared.url = declared.url.filter(|url| address_key(url).as_deref() == Some(address));
    Listing {
        address: address.to_owned(),
        agency: agency_name.to_owned(),
        is_public: repository.visibility == Visibility::Public,
        declared,
        written_in: look.map(|look| look.written_in.clone()).unwrap_or_default(),
        begun: look.and_then(|look| look.begun),
        changed: look.and_then(|look| look.committed),
        looked: look.map(|look| look.looked),
        exemption,
    }
}

/// The formats in which it can be written.
pub(super) fn writable(listing: &Listing) -> Vec<CatalogueFormat> {
    CatalogueFormat::ALL.iter().copied().filter(|format| format.write(listing).text.is_some()).collect()
}

/// Listings in a format that has lists; in the other one the list is empty.
pub(super) fn list_of(format: CatalogueFormat, agency: &str, listings: &[Listing]) -> CatalogueExport {
    let list = match format {
        CatalogueFormat::CodeJson => code_json::inventory(agency, listings),
        CatalogueFormat::Publiccode => listings::publiccode_feed(listings),
        CatalogueFormat::Codemeta => listings::codemeta_list(listings),
        CatalogueFormat::Citation => listings::ListFile::default(),
    };
    let left_out = list.without.into_iter().map(|(address, missing)| NotWritten { address, missing }).collect();
    let not_carried = list.left_out.into_iter().map(|(address, keys)| NotCarried { address, keys }).collect();
    CatalogueExport { text: list.text, left_out, not_carried }
}

impl House {
    /// The file of one repository within sight.
    ///
    /// # Errors
    /// `unknown-repository`, `ambiguous-name`; when the ledger cannot be read.
    pub async fn repository_file(
        &self,
        desk: &Desk,
        (text, agency): (&str, Option<&AgencyId>),
        format: CatalogueFormat,
    ) -> Result<Converted> {
        let found = self.repository_called(desk, text, agency).await?;
        Ok(format.write(&self.listings(desk, vec![found]).await?.remove(0)))
    }

    /// The formats in which a repository within sight can be written: the others ask for what nobody declared.
    ///
    /// # Errors
    /// As [`Self::repository_file`].
    pub async fn repository_formats(
        &self,
        desk: &Desk,
        (text, agency): (&str, Option<&AgencyId>),
    ) -> Result<Vec<CatalogueFormat>> {
        let found = self.repository_called(desk, text, agency).await?;
        Ok(writable(&self.listings(desk, vec![found]).await?.remove(0)))
    }

    /// The inventory of an agency, or (`None`) of all within sight.
    ///
    /// # Errors
    /// `no-list` for a format without lists; when the ledger cannot be read.
    pub async fn catalogue_export(
        &self,
        desk: &Desk,
        agency: Option<&AgencyId>,
        format: CatalogueFormat,
    ) -> Result<CatalogueExport> {
        if !format.has_list() {
            return Err(OfficeError::new(
                "no-list",
                format!("a file of the format {} is about one repository", format.as_str()),
            )
            .hint("name the repository, or take publiccode, code.json or codemeta"));
        }
        let mut records = self.repository_records(desk).await?;
        records.retain(|record| agency.is_none_or(|agency| record.agency == *agency));
        let name = agency.map_or("government", |agency| desk.agency_name(agency)).to_owned();
        Ok(list_of(format, &name, &self.listings(desk, records).await?))
    }

    /// Records as listings, with why they are not public, as far as everybody may be told.
    async fn listings(&self, desk: &Desk, records: Vec<RepositoryRecord>) -> Result<Vec<Listing>> {
        let register = self.exemptions(desk).await?.rows;
        let told = |record: &RepositoryRecord| {
            let is_it = |row: &&super::exemptions::ExemptionRow| {
                row.agency == record.agency.0
                    && row.address.as_deref() == Some(&record.address)
                    && row.ended.is_none()
                    && row.classification == Classification::Public
            };
            register.iter().find(is_it).map(|row| (row.ground, row.text.clone()))
        };
        let of = |record: &RepositoryRecord| {
            listing(agency_of(desk, record), &record.address, &record.repository, told(record))
        };
        Ok(records.iter().map(of).collect())
    }
}
