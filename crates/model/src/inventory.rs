// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What one document states, as a reader understood it. Texts borrow from the document where they can.

use std::borrow::Cow;

use crate::Timestamp;
use crate::gap::Gaps;

/// A text of the document: borrowed where it stands there as it is, owned where it had to be decoded.
pub type Text<'a> = Cow<'a, str>;

/// A document, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inventory<'a> {
    /// Version of the format, as stated (`1.6`, `SPDX-2.3`, `lockfileVersion 3`).
    pub spec_version: Text<'a>,
    /// What the document is about.
    pub subject: Subject<'a>,
    /// Serial number or namespace of the document.
    pub serial: Text<'a>,
    /// When it says it was made.
    pub created: Option<Timestamp>,
    /// Tools that made it; the first one counts for superseding and for what it can show.
    pub tools: Vec<Tool<'a>>,
    /// People and organisations that made it, as written (`Organization: Example`).
    pub creators: Vec<Text<'a>>,
    /// Who supplies the artefact.
    pub supplier: Text<'a>,
    /// When in the life of the artefact it was made (`build`, `post-build`, `operations`, …), as stated.
    pub context: Text<'a>,
    /// Licence of the document itself.
    pub data_licence: Text<'a>,
    /// Distribution of the operating system packages, as `debian-11`, from the document's operating system component.
    pub distribution: Text<'a>,
    /// All components, the subject's own among them (then it is also in `roots`).
    pub components: Vec<Component<'a>>,
    /// Indices of the components that stand for the subject.
    pub roots: Vec<u32>,
    /// Dependency edges only: `from` needs `to`. Mere containment is no edge.
    pub edges: Vec<Edge>,
    /// True when the format states for every component whether it is a direct dependency or gives a complete graph
    /// from the roots; then depth and directness follow from the edges. False: unknown unless stated per component.
    pub graph_complete: bool,
    /// Files listed apart from packages.
    pub files: Vec<FileFact<'a>>,
    /// What the producer says about completeness.
    pub compositions: Vec<Composition<'a>>,
    /// Vulnerability statements in the document: claims of the producer.
    pub claims: Vec<Claim<'a>>,
    /// Services (CycloneDX): name, provider, endpoints.
    pub services: Vec<Service<'a>>,
    /// Name and value pairs on the document.
    pub properties: Vec<(Text<'a>, Text<'a>)>,
    /// External references on the document: kind, address.
    pub references: Vec<(Text<'a>, Text<'a>)>,
    /// Signed envelope it came in.
    pub envelope: Option<Envelope<'a>>,
    /// How its signature stands, as a word, with whose it is or why it does not hold. Readers know nothing of it: it takes keys.
    pub signature: Option<(Text<'a>, Text<'a>)>,
    /// Systems that the document itself names for its components (survey files): component index, system name.
    pub stated_systems: Vec<(u32, Text<'a>)>,
    /// What was missing or wrong.
    pub gaps: Gaps,
}

/// The artefact a document describes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject<'a> {
    /// Name as stated (with group or registry path, without version and digest); empty when nameless.
    pub name: Text<'a>,
    /// Version as stated.
    pub version: Text<'a>,
    /// Package URL as stated.
    pub purl: Text<'a>,
    /// Digest as `sha256:…`, where stated.
    pub digest: Text<'a>,
}

/// A tool and its version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tool<'a> {
    /// Name as stated, version taken off (`syft`, `trivy`).
    pub name: Text<'a>,
    /// Version, empty when not stated.
    pub version: Text<'a>,
}

/// A dependency edge between two components, by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Edge {
    /// The component that needs the other.
    pub from: u32,
    /// The component that is needed.
    pub to: u32,
}

/// A component, as stated.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Component<'a> {
    /// Its identifier inside the document.
    pub reference: Text<'a>,
    /// What it is.
    pub kind: ComponentKind,
    /// Namespace or group, where stated apart from the name.
    pub namespace: Text<'a>,
    /// Name.
    pub name: Text<'a>,
    /// Version, empty when not stated.
    pub version: Text<'a>,
    /// Package URL as stated; for formats without purls the reader builds it (canonical) and no gap is due.
    pub purl: Text<'a>,
    /// CPEs as stated.
    pub cpes: Vec<Text<'a>>,
    /// Licences.
    pub licences: Vec<Licence<'a>>,
    /// Digests.
    pub hashes: Vec<Hash<'a>>,
    /// Supplier, as stated (`NOASSERTION` is dropped).
    pub supplier: Text<'a>,
    /// Originator, author or publisher, as stated.
    pub originator: Text<'a>,
    /// File name of the component itself.
    pub file_name: Text<'a>,
    /// SPDX `sourceInfo` or the like, from which origin packages can be read.
    pub source_info: Text<'a>,
    /// Source package and version (`openssl@3.0.2-0ubuntu1`), where a tool states it in properties.
    pub upstream: Text<'a>,
    /// What it is used for.
    pub scope: Scope,
    /// Direct dependency of the subject, where the format says so itself.
    pub direct: Option<bool>,
    /// Paths where it was found in the artefact.
    pub locations: Vec<Text<'a>>,
    /// How the producer knows.
    pub evidence: EvidenceKind,
    /// Confidence the producer states, in percent.
    pub confidence_percent: Option<u8>,
    /// Whether it differs from what upstream published.
    pub modified: Option<bool>,
    /// Ancestors, patches and notes.
    pub pedigree: Option<Box<Pedigree<'a>>>,
    /// Upstream project: repository, else home page.
    pub project: Text<'a>,
    /// Name and value pairs.
    pub properties: Vec<(Text<'a>, Text<'a>)>,
    /// External references: kind, address.
    pub references: Vec<(Text<'a>, Text<'a>)>,
    /// What else the document says of it that later checks need and that no other field holds: word and value.
    pub facts: Vec<(FactKind, Text<'a>)>,
    /// Index of the component it is nested in or contained by, where the document says so.
    pub parent: Option<u32>,
}

/// A further statement about a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FactKind {
    /// The scope in the document's own word, where ours says less.
    StatedScope,
    /// It is expected around the artefact, not part of it (`true`).
    External,
    /// Range of versions that an external component may have.
    VersionRange,
    /// Tag of ISO/IEC 19770-2 (SWID).
    Swid,
    /// Identifier of Software Heritage (SWHID).
    Swhid,
    /// Verification code over its files (SPDX).
    VerificationCode,
    /// What it is for, in the document's own word (SPDX).
    Purpose,
    /// When it was built.
    Built,
    /// When it was released.
    Released,
    /// Until when it is supported.
    ValidUntil,
}

impl FactKind {
    /// All kinds.
    pub const ALL: [Self; 10] = [
        Self::StatedScope,
        Self::External,
        Self::VersionRange,
        Self::Swid,
        Self::Swhid,
        Self::VerificationCode,
        Self::Purpose,
        Self::Built,
        Self::Released,
        Self::ValidUntil,
    ];

    /// The kind that a stored word means.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The stable word used in storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StatedScope => "stated-scope",
            Self::External => "external",
            Self::VersionRange => "version-range",
            Self::Swid => "swid",
            Self::Swhid => "swhid",
            Self::VerificationCode => "verification-code",
            Self::Purpose => "purpose",
            Self::Built => "built",
            Self::Released => "released",
            Self::ValidUntil => "valid-until",
        }
    }
}

/// What a component is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the words of CycloneDX and SPDX, which both define")]
pub enum ComponentKind {
    #[default]
    Library,
    Application,
    Framework,
    Container,
    Platform,
    OperatingSystem,
    Device,
    DeviceDriver,
    Firmware,
    File,
    MachineLearningModel,
    Data,
    CryptographicAsset,
    Source,
    Archive,
    Install,
    /// Stands for a group of packages (a lockfile, a layer), not for a package itself.
    Grouping,
    Other,
}

/// What a component is used for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Not stated.
    #[default]
    Unknown,
    /// Needed when the artefact runs.
    Runtime,
    /// Needed to develop it.
    Development,
    /// Needed to test it.
    Test,
    /// Needed to build it.
    Build,
    /// May be left out.
    Optional,
}

impl Scope {
    /// All scopes, by their stored number.
    pub const ALL: [Self; 6] =
        [Self::Unknown, Self::Runtime, Self::Development, Self::Test, Self::Build, Self::Optional];

    /// The stable word used in output and storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Runtime => "runtime",
            Self::Development => "development",
            Self::Test => "test",
            Self::Build => "build",
            Self::Optional => "optional",
        }
    }
}

/// How a producer knows that a component is there. From weak to strong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EvidenceKind {
    /// Somebody said so (survey).
    Stated,
    /// A manifest asks for it; what was really taken is open.
    Manifest,
    /// An SBOM says so, without saying how it knows.
    #[default]
    Inventory,
    /// A lockfile fixed it.
    Lockfile,
    /// An SBOM tool found it in a file of the artefact.
    Scan,
    /// A package manager's database of installed packages.
    Installed,
}

impl EvidenceKind {
    /// All kinds, by their stored number.
    pub const ALL: [Self; 6] =
        [Self::Stated, Self::Manifest, Self::Inventory, Self::Lockfile, Self::Scan, Self::Installed];

    /// The stable word used in output and storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Manifest => "manifest",
            Self::Inventory => "inventory",
            Self::Lockfile => "lockfile",
            Self::Scan => "scan",
            Self::Installed => "installed",
        }
    }
}

/// A licence of a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Licence<'a> {
    /// Who says it.
    pub kind: LicenceKind,
    /// SPDX expression, or the text as stated.
    pub expression: Text<'a>,
}

/// Who says what a licence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LicenceKind {
    /// The author of the component.
    Declared,
    /// The author of the document, after looking.
    Concluded,
    /// A scanner found it in files.
    Observed,
}

impl LicenceKind {
    /// All kinds, by their stored number.
    pub const ALL: [Self; 3] = [Self::Declared, Self::Concluded, Self::Observed];

    /// The stable word used in output and storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Concluded => "concluded",
            Self::Observed => "observed",
        }
    }
}

/// A digest: algorithm in lower case without hyphens around the number (`sha-256` is written `sha256`), value in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hash<'a> {
    /// Algorithm: `md5`, `sha1`, `sha256`, `sha384`, `sha512`, `sha3-256`, `blake3`, …
    pub algorithm: Text<'a>,
    /// Lower-case hexadecimal.
    pub value: Text<'a>,
}

/// A file listed by the document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileFact<'a> {
    /// Path in the artefact.
    pub name: Text<'a>,
    /// Digests.
    pub hashes: Vec<Hash<'a>>,
    /// Component that contains it, by index.
    pub owner: Option<u32>,
}

/// How complete a part of the document is, as the producer says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Composition<'a> {
    /// `complete`, `incomplete`, `unknown`, …, as stated.
    pub aggregate: Text<'a>,
    /// Identifiers of the elements it speaks about; empty for the whole.
    pub references: Vec<Text<'a>>,
}

/// A vulnerability statement in a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claim<'a> {
    /// Identifier (`CVE-2021-44228`).
    pub id: Text<'a>,
    /// State as stated (`not_affected`, `exploitable`, …), empty when none.
    pub state: Text<'a>,
    /// Justification as stated.
    pub justification: Text<'a>,
    /// Who describes the vulnerability: name, else address.
    pub source: Text<'a>,
    /// What is done about it, words as stated (`update`, `will_not_fix`, …).
    pub responses: Vec<Text<'a>>,
    /// Why the producer says so, in its own words.
    pub detail: Text<'a>,
    /// Ratings: method, score, severity and vector, as far as stated.
    pub ratings: Vec<Text<'a>>,
    /// Identifiers of the components it speaks about.
    pub affects: Vec<Text<'a>>,
}

/// A service a document lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Service<'a> {
    /// Its identifier inside the document.
    pub reference: Text<'a>,
    /// Name.
    pub name: Text<'a>,
    /// Version.
    pub version: Text<'a>,
    /// Provider.
    pub provider: Text<'a>,
    /// Endpoints.
    pub endpoints: Vec<Text<'a>>,
}

/// Where a modified component comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pedigree<'a> {
    /// Package URLs or names of what it was made from.
    pub ancestors: Vec<Text<'a>>,
    /// Patches.
    pub patches: Vec<PedigreePatch<'a>>,
    /// Commits it was made from.
    pub commits: Vec<Text<'a>>,
    /// Notes as stated.
    pub notes: Text<'a>,
}

/// A patch in a pedigree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PedigreePatch<'a> {
    /// Its kind: `backport`, `cherry-pick`, …
    pub kind: Text<'a>,
    /// What it resolves.
    pub resolves: Vec<Text<'a>>,
    /// Its text, where it is given as text.
    pub diff: Text<'a>,
    /// The address of its text.
    pub address: Text<'a>,
}

/// A signed envelope around a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// Payload type of the envelope.
    pub payload_type: Text<'a>,
    /// Predicate type of the statement.
    pub predicate_type: Text<'a>,
    /// Subjects of the statement: name and digest.
    pub subjects: Vec<(Text<'a>, Text<'a>)>,
    /// Key identifiers of the signatures. None was checked.
    pub signatures: Vec<Text<'a>>,
}
