// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The government's own repositories: what each declares about itself, what a look at its clone showed, and why something is not public.
//!
//! Nothing here is about a person: contacts and authors of declarations are read and not kept, and of contractors only organisations.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::practices::{FaultCode, Obstacle, Outcome, Pack};
use crate::registry::{Classification, SystemId};
use crate::words::words;

words!(
    /// Who may know of a repository.
    Visibility {
        // Who reads at its agency.
        #[default] Internal "internal",
        // Everybody.
        Public "public",
    }
);
words!(
    /// How far the software is, in the words of publiccode.yml.
    DevelopmentState { #[default] Unknown "unknown", Concept "concept", Development "development", Beta "beta",
        Stable "stable", Obsolete "obsolete", }
);
words!(
    /// Who looks after the software.
    Maintenance { #[default] Unknown "unknown", Internal "internal", Contract "contract", Community "community",
        None "none", }
);
words!(
    /// The file that something was declared in.
    DeclaredIn { #[default] Publiccode "publiccode", CodeJson "code-json", Readme "readme", Files "files",
        Forge "forge", }
);
words!(
    /// How it is known where a repository lies.
    AddressFrom {
        #[default] Unknown "unknown",
        // Its files say so, which a copy says, too.
        Declared "declared",
        // The clone was made from there.
        Origin "origin",
        // Whoever wrote it down says so.
        Said "said",
        // The forge at that place lists it.
        Forge "forge",
    }
);

impl AddressFrom {
    /// Whether a copy that lies elsewhere could not say the same.
    pub fn is_firm(self) -> bool {
        matches!(self, Self::Origin | Self::Said | Self::Forge)
    }
}

words!(
    /// The law, or the reason, for which something is not public. Those of the SHARE IT Act stand in code.json.
    ExemptionGround {
        NationalSecurity "national-security", NationalIntelligence "national-intelligence",
        FreedomOfInformation "freedom-of-information", ExportRegulations "export-regulations",
        ArmsRegulations "arms-regulations", TransportSecurity "transport-security",
        ClassifiedInformation "classified-information", PrivacyRisk "privacy-risk",
        IntellectualProperty "intellectual-property", AgencySystem "agency-system", AgencyMission "agency-mission",
        ChiefInformationOfficer "chief-information-officer", PolicyDate "policy-date",
        // Swiss EMBAG, Article 9: rights of others, or security.
        EmbagThirdParties "embag-third-parties", EmbagSecurity "embag-security",
        #[default] Other "other",
    }
);

impl ExemptionGround {
    /// The `usageType` of code.json that says the same; `None` where that file has no word for it.
    pub fn usage(self) -> Option<&'static str> {
        Some(match self {
            Self::NationalSecurity => "exemptByNationalSecurity",
            Self::NationalIntelligence => "exemptByNationalIntelligence",
            Self::FreedomOfInformation => "exemptByFOIA",
            Self::ExportRegulations => "exemptByEAR",
            Self::ArmsRegulations => "exemptByITAR",
            Self::TransportSecurity => "exemptByTSA",
            Self::ClassifiedInformation => "exemptByClassifiedInformation",
            Self::PrivacyRisk => "exemptByPrivacyRisk",
            Self::IntellectualProperty | Self::EmbagThirdParties => "exemptByIPRestriction",
            Self::AgencySystem | Self::EmbagSecurity => "exemptByAgencySystem",
            Self::AgencyMission => "exemptByAgencyMission",
            Self::ChiefInformationOfficer => "exemptByCIO",
            Self::PolicyDate => "exemptByPolicyDate",
            Self::Other => return None,
        })
    }
}

/// What a repository says in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct DeclaredText {
    /// One or two sentences.
    pub short: String,
    /// A longer text.
    pub long: String,
    /// What it can do.
    pub features: Vec<String>,
}

/// An organisation that looks after software under a contract.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Contractor {
    /// Its name.
    pub name: String,
    /// Its site.
    pub website: Option<String>,
    /// The day on which the contract ends, as `YYYY-MM-DD`.
    pub until: String,
}

/// What a repository declares about itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Declared {
    /// The files that said so.
    pub sources: Vec<DeclaredIn>,
    /// Its name.
    pub name: String,
    /// Its address, as declared.
    pub url: Option<String>,
    /// Where it is shown to people.
    pub landing: Option<String>,
    /// Descriptions by language (BCP 47).
    pub texts: BTreeMap<String, DeclaredText>,
    /// Kind of software, in the words of publiccode.yml.
    pub software_type: String,
    /// How far it is.
    pub state: DevelopmentState,
    /// Who looks after it.
    pub maintenance: Maintenance,
    /// Organisations that do so under a contract; none where one of them may be a person.
    pub contractors: Vec<Contractor>,
    /// Its licence as an SPDX expression.
    pub licence: Option<String>,
    /// Where it runs.
    pub platforms: Vec<String>,
    /// Categories of publiccode.yml, tags of code.json.
    pub categories: Vec<String>,
    /// Languages that its users can read.
    pub languages: Vec<String>,
    /// Whether it can be translated.
    pub can_be_localised: Option<bool>,
    /// Name of the organisation that publishes it.
    pub organisation: Option<String>,
    /// The address or URN that says who that is.
    pub organisation_uri: Option<String>,
    /// Organisations that use it.
    pub used_by: Vec<String>,
    /// Open software that it needs.
    pub depends_on: Vec<String>,
    /// Repositories that it was made from.
    pub based_on: Vec<String>,
    /// Version of the newest release.
    pub version: Option<String>,
    /// Its day, as `YYYY-MM-DD`.
    pub released: Option<String>,
    /// Hours that went into it.
    pub labor_hours: Option<f64>,
    /// Where its inventory (SBOM) is.
    pub sbom: Option<String>,
    /// Where people can say what they think of it.
    pub feedback: Option<String>,
    /// The files themselves, with all keys of their standards, and without persons.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<DeclaredFile>,
}

impl Declared {
    /// The file of a standard, where it was kept.
    pub fn file(&self, source: DeclaredIn) -> Option<&DeclaredFile> {
        self.files.iter().find(|file| file.source == source)
    }
}

/// A file that declares something, as it is kept: values as they stand there, comments and persons cut out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct DeclaredFile {
    /// Which file.
    pub source: DeclaredIn,
    /// Its text; YAML or JSON, as the file was.
    pub text: String,
    /// Keys that are cut out, because persons may stand there or because the standard does not know them.
    pub cut: Vec<String>,
}

/// A place that shows a practice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct KeptPlace {
    /// File, line and letter, as `publiccode.yml:3:1`.
    pub place: String,
    /// What is wrong there.
    pub code: FaultCode,
    /// The key or the licence that it is about. Never a value.
    #[serde(default)]
    pub detail: String,
}

/// The result of a practice, as it was on the day of the look.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct KeptPractice {
    /// The standard.
    pub pack: Pack,
    /// The practice.
    pub practice: String,
    /// Version of the judgement.
    pub version: u16,
    /// Name and version of the standard.
    pub standard: String,
    /// The rule, as the standard calls it.
    pub rule: String,
    /// One of three.
    pub outcome: Outcome,
    /// Why it cannot be assessed.
    pub obstacle: Option<Obstacle>,
    /// The first places that show it.
    pub places: Vec<KeptPlace>,
    /// Places beyond those.
    pub more_places: u64,
}

/// Practices outside the pack about secrets of which learning how they stand would help an attacker: that they are not met, or that nobody
/// can say.
const NOT_TOLD: [&str; 6] = [
    "osps-no-secrets",
    "osps-untrusted-input",
    "osps-untrusted-code",
    "osps-collaborator-input",
    "osps-second-factor",
    "scorecard-dangerous-workflow",
];

/// Whether only those who belong to the agency may learn how a practice stands.
pub fn helps_attackers(pack: Pack, practice: &str) -> bool {
    // A name that begins so speaks of secrets, whichever pack a later version puts it into.
    pack == Pack::Secrets || practice.starts_with("secret") || NOT_TOLD.contains(&practice)
}

impl KeptPractice {
    /// The result as those may read it who do not belong to the agency: without places, and not at all where that would help an attacker.
    pub fn for_others(self) -> Option<Self> {
        let is_kept = helps_attackers(self.pack, &self.practice);
        (!is_kept).then_some(Self { places: Vec::new(), more_places: 0, ..self })
    }
}

impl RepositoryLook {
    /// The look as those may read it who do not belong to the agency, which has published its results or not.
    #[must_use]
    pub fn for_others(self, publishes_scorecard: bool) -> Self {
        let practices = if publishes_scorecard { self.practices } else { Vec::new() };
        let practices = practices.into_iter().filter_map(KeptPractice::for_others).collect();
        Self { practices, ..self }
    }
}

/// What a look at a clone showed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct RepositoryLook {
    /// When somebody looked.
    pub looked: Timestamp,
    /// The commit; absent for a plain folder.
    pub commit: Option<String>,
    /// When that commit was made.
    pub committed: Option<Timestamp>,
    /// When the first commit was made; absent for a cut history.
    pub begun: Option<Timestamp>,
    /// First commits of its history.
    pub roots: Vec<String>,
    /// How many files there are.
    pub files: u64,
    /// Languages it is written in, by the endings of its files, the most frequent first.
    pub written_in: Vec<String>,
    /// Marks of its files' contents: the smallest ones, ascending.
    pub marks: Vec<u64>,
    /// Practices with their results.
    pub practices: Vec<KeptPractice>,
}

/// A pair that looks alike and is not the same, by the word of an agency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PutAside {
    /// Address of the other repository.
    pub address: String,
    /// Why.
    pub reason: String,
}

/// A repository of the government, as it stands in the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct OwnRepository {
    /// Who may know of it.
    pub visibility: Visibility,
    /// Whether everybody may read how practices stand.
    pub publishes_scorecard: bool,
    /// Whether it was taken out of the catalogue.
    pub is_gone: bool,
    /// What it declares.
    pub declared: Declared,
    /// What the last look at a clone showed.
    pub look: Option<RepositoryLook>,
    /// Systems in which it runs, by the word of agencies.
    pub systems: Vec<SystemId>,
    /// Look-alikes that are not the same.
    pub put_aside: Vec<PutAside>,
    /// How it is known where it lies.
    pub address_from: AddressFrom,
}

/// Why something is not public.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Exemption {
    /// What is not public, in one line.
    pub title: String,
    /// Its address in the catalogue.
    #[serde(default)]
    pub address: Option<String>,
    /// The legal ground.
    pub ground: ExemptionGround,
    /// Law and section, in words.
    pub law: String,
    /// One or two sentences for the public.
    pub text: String,
    /// The day by which somebody looks again.
    pub review: Timestamp,
    /// Up to whom this entry may be seen.
    #[serde(default)]
    pub classification: Classification,
    /// Why it ended; present for one that did.
    #[serde(default)]
    pub ended: Option<String>,
}

/// A repository for files that the world reads, with what the government adds to what it declares.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// Its address in one form, without a scheme.
    pub address: String,
    /// Name of its agency.
    pub agency: String,
    /// Whether everybody may read it.
    pub is_public: bool,
    /// What it declares.
    pub declared: Declared,
    /// Languages it is written in.
    pub written_in: Vec<String>,
    /// When it was begun and last changed.
    pub begun: Option<Timestamp>,
    /// See there.
    pub changed: Option<Timestamp>,
    /// When somebody looked at it; absent where nobody did.
    pub looked: Option<Timestamp>,
    /// Why it is not public: ground and text, as far as that may be told.
    pub exemption: Option<(ExemptionGround, String)>,
}

impl Listing {
    /// Its address, with a scheme.
    pub fn url(&self) -> String {
        self.declared.url.clone().unwrap_or_else(|| format!("https://{}", self.address))
    }

    /// The file of a standard that the repository has, unless it says that it lies elsewhere, as a copy does.
    pub fn kept_file(&self, source: DeclaredIn) -> Option<&DeclaredFile> {
        self.declared.file(source).filter(|file| !file.text.is_empty() && self.declared.url.is_some())
    }

    /// Its name; the last part of the address where it declares none.
    pub fn name(&self) -> &str {
        match self.declared.name.as_str() {
            "" => self.address.rsplit('/').next().unwrap_or(&self.address),
            name => name,
        }
    }

    /// The description in English, or else the first one.
    pub fn text(&self) -> Option<&DeclaredText> {
        let texts = &self.declared.texts;
        let english = texts.iter().find(|(language, _)| language.split('-').next() == Some("en"));
        english.or_else(|| texts.iter().next()).map(|(_, text)| text)
    }
}

/// A listing in a format of the world.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Converted {
    /// The file; absent where the format asks for what nobody declared.
    pub text: Option<String>,
    /// What the format asks for and nobody declared.
    pub missing: Vec<String>,
    /// What is known and the format has no place for.
    pub left_out: Vec<String>,
}
