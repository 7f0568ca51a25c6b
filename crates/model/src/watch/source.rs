// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Where knowledge comes from: one list names all kinds of sources.

macro_rules! sources {
    ($($id:literal $records:ident $stale_days:literal $licence:literal $address:literal $meaning:literal;)*) => {
        /// Every kind of source, in the order in which they are fetched.
        pub const SOURCES: &[Source] = &[$(Source {
            id: $id, records: Records::$records, stale_days: $stale_days, licence: $licence, address: $address, meaning: $meaning,
        },)*];
    };
}

/// What the records of a source are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Records {
    /// OSV records.
    Osv,
    /// Entries of a list of exploited vulnerabilities of CISA.
    Kev,
    /// Entries of the list of exploited vulnerabilities of ENISA.
    Euvd,
    /// Likelihoods of exploitation.
    Epss,
    /// CVE records of version 5, with or without what CISA adds.
    Cve,
    /// CSAF documents.
    Csaf,
    /// OpenVEX documents.
    OpenVex,
    /// CycloneDX documents with statements about vulnerabilities.
    CycloneDx,
    /// Release cycles.
    EndOfLife,
}

/// A kind of source. A *feed* is a part of one that is fetched by itself: `osv/PyPI`, `csaf/example.org`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// Identifier, first part of the names of its feeds.
    pub id: &'static str,
    /// What its records are.
    pub records: Records,
    /// Age from which what it said counts as stale, in days.
    pub stale_days: u64,
    /// Under which terms its data stands.
    pub licence: &'static str,
    /// Where it is fetched from, unless the configuration says otherwise; empty when there is no one place.
    pub address: &'static str,
    /// What it is.
    pub meaning: &'static str,
}

impl Source {
    /// The source of a feed (`osv/PyPI`) or of that name.
    pub fn of_feed(feed: &str) -> Option<&'static Self> {
        let id = feed.split('/').next().unwrap_or_default();
        SOURCES.iter().find(|source| source.id == id)
    }
}

sources! {
    "osv" Osv 2 "CC-BY-4.0 and others, by ecosystem" "https://osv-vulnerabilities.storage.googleapis.com/"
        "Advisories of the open source ecosystems and distributions, malicious packages among them (osv.dev).";
    "kev" Kev 3 "CC0-1.0" "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json"
        "Vulnerabilities known to be exploited, as the United States' CISA lists them.";
    "euvd" Euvd 3 "CC-BY-4.0" "https://euvdservices.enisa.europa.eu/api/kev/dump"
        "Vulnerabilities known to be exploited, as the European Union's ENISA lists them.";
    "epss" Epss 3 "free use with attribution (first.org/epss)" "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz"
        "How likely exploitation is within 30 days, for every CVE.";
    "cve" Cve 3 "CVE terms of use; additions of CISA CC0-1.0" "https://github.com/cisagov/vulnrichment/archive/refs/heads/develop.zip"
        "CVE records with severity, SSVC and product names (CVE Program, CISA Vulnrichment).";
    "csaf" Csaf 7 "by publisher" ""
        "Advisories and VEX statements of suppliers in CSAF.";
    "openvex" OpenVex 7 "by publisher" ""
        "VEX statements in OpenVEX.";
    "cyclonedx" CycloneDx 7 "by publisher" ""
        "VEX statements in CycloneDX, taken from files.";
    "endoflife" EndOfLife 30 "MIT" "https://github.com/endoflife-date/endoflife.date/archive/refs/heads/master.zip"
        "Until when products and their releases are supported (endoflife.date).";
}
