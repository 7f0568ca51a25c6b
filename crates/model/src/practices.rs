// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the files of a repository show about practices: facts, faults with their places, and the three possible results.
//!
//! A fault says where it is and of which kind. It never holds the text that stands there: contacts, maintainers and copyright
//! holders are persons, and are read but not kept.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::build_facts::BuildFacts;
use crate::limits::bounds::PRACTICE_DETAIL_BYTES;
use crate::repository_facts::{ForgeFacts, HistoryFacts, ReleaseFacts, SecretFacts, SignatureFacts};
use crate::words::words;

words!(
    /// A standard, as a pack of practices.
    Pack { #[default] Files "files", Publiccode "publiccode", Reuse "reuse", SecurityTxt "security-txt",
        SecurityInsights "security-insights", CodeJson "code-json",
        OpenCode "opencode", Signatures "signatures", Secrets "secrets", Slsa "slsa",
        Osps "osps", Scorecard "scorecard", }
);
words!(
    /// The result of a practice. There is no fourth one, and no percentage.
    Outcome { Met "met", NotMet "not-met", #[default] NotAssessed "cannot-be-assessed", }
);
words!(
    /// Why a practice cannot be assessed.
    Obstacle {
        // The file that it is about is not there; another practice says so.
        #[default] NoFile "no-file",
        // Only the network could tell, and nobody is called.
        NeedsNetwork "needs-network",
        // More files, or larger ones, than the limits allow.
        BeyondLimits "beyond-limits",
        // The file is there and cannot be read as what it should be.
        NotUnderstood "not-understood",
        // Only the forge knows it (a setting, a review, what lies with a release), and was not asked.
        NeedsForge "needs-forge",
        // The forge was asked and does not tell it, or not to this token.
        ForgeSilent "forge-silent",
        // A folder has no history, and a clone that was cut not enough of it.
        NeedsHistory "needs-history",
        // No keys were given that signatures could be held against.
        NeedsKeys "needs-keys",
        // No folder with the files of a release was given.
        NeedsReleases "needs-releases",
        // No builders were named that count.
        NeedsBuilders "needs-builders",
        // There is nothing that could have been done well or badly.
        NothingThere "nothing-there",
        // The whole history takes time, and is read only where its pack is asked for by name.
        NotAsked "not-asked",
        // Something that counts is dated after the moment that is asked about.
        OddDates "odd-dates",
        // It may be one or not; a person has to look.
        NeedsPerson "needs-person",
    }
);
words!(
    /// A file that speaks about the project itself.
    Topic { #[default] Licence "licence", SecurityPolicy "security-policy", Contributing "contributing",
        CodeOfConduct "code-of-conduct", Changelog "changelog", Readme "readme", Publiccode "publiccode",
        SecurityTxt "security-txt", SecurityInsights "security-insights", CodeJson "code-json", }
);
words!(
    /// What is wrong, or not known, at a place.
    FaultCode {
        #[default] NotThere "not-there", Found "found", Empty "empty", NotUtf8 "not-utf-8", MalformedYaml "malformed-yaml",
        MalformedToml "malformed-toml", MalformedJson "malformed-json", SeveralDocuments "several-documents", BeyondLimits "beyond-limits",
        UnsupportedVersion "unsupported-version", OldVersion "old-version", Missing "missing", WrongType "wrong-type",
        UnknownKey "unknown-key", Twice "twice", NotOneOf "not-one-of", NoAddress "no-address",
        NoWebAddress "no-web-address", NoDate "no-date", TooLong "too-long", TooShort "too-short", EmptyList "empty-list",
        NoLicence "no-licence", NoLanguage "no-language", NoCountry "no-country", NoMailAddress "no-mail-address",
        NoMediaType "no-media-type", NoOrganisation "no-organisation", NoSupport "no-support",
        NotAllowedHere "not-allowed-here", AbsolutePath "absolute-path", OutsideTree "outside-tree",
        FileMissing "file-missing", WrongEnding "wrong-ending", NoImage "no-image", Deprecated "deprecated",
        SmallLetters "small-letters", AddressNotAsked "address-not-asked", VideoProvider "video-provider",
        ItalianOffice "italian-office", NoCopyright "no-copyright", NoLicensing "no-licensing",
        BadExpression "bad-expression", UnknownLicence "unknown-licence", DeprecatedLicence "deprecated-licence",
        LicenceWithoutEnding "licence-without-ending", LicenceTextMissing "licence-text-missing",
        LicenceUnused "licence-unused", NoVersion "no-version", NoField "no-field", NoLineEnd "no-line-end",
        NotEncrypted "not-encrypted", NoMoment "no-moment", Expired "expired", ExpiresLate "expires-late", Unreadable "unreadable", Dep5AndToml "dep5-and-toml",
        CommitsOfHalfYear "commits-of-half-year", TagsOfHalfYear "tags-of-half-year", HalfMadeBy "half-made-by",
        SignedOfHalfYear "signed-of-half-year", ReactionDays "reaction-days", BranchProtected "branch-protected",
        BranchOpen "branch-open", ReviewedOfHalfYear "reviewed-of-half-year", OpenCodePart "opencode-part",
        NotSigned "not-signed", SignedUnknownKey "signed-unknown-key", SignatureBroken "signature-broken",
        SignedVerified "signed-verified",
        // What the forge says.
        ForgePublic "forge-public", ForgeClosed "forge-closed", ForgeTracker "forge-tracker",
        ForgeApproval "forge-approval", ForgeNoApproval "forge-no-approval", ForgeProposals "forge-proposals",
        ForgeDirect "forge-direct", ForgeKept "forge-kept", ForgeDeletable "forge-deletable",
        ForgePrivateReports "forge-private-reports", ForgeSecondFactor "forge-second-factor",
        ForgeArchived "forge-archived",
        AfterMoment "after-moment", WrongName "wrong-name", ByteOrderMark "byte-order-mark",
        NoProvenance "no-provenance", ProvenanceOnly "provenance-only", ProvenanceSigned "provenance-signed",
        ProvenanceHardened "provenance-hardened",
        SecretPrivateKey "secret-private-key", SecretAws "secret-aws", SecretGithub "secret-github", SecretNpm "secret-npm",
        SecretPypi "secret-pypi", SecretGitlab "secret-gitlab", SecretSlack "secret-slack", SecretGoogle "secret-google",
        SecretAzure "secret-azure", SecretStripe "secret-stripe", SecretSendgrid "secret-sendgrid",
        SecretDigitalocean "secret-digitalocean", SecretHuggingface "secret-huggingface", SecretJwt "secret-jwt",
        SecretDatabase "secret-database", SecretAssigned "secret-assigned",
        // What pipelines and build files do in a way that lets others in.
        UntrustedInput "untrusted-input", UntrustedCheckout "untrusted-checkout", CollaboratorInput "collaborator-input",
        // What a file names or computes elsewhere, where nobody looked.
        NotFollowed "not-followed",
        NoPermissions "no-permissions", WritePermission "write-permission", UnpinnedAction "unpinned-action",
        UnpinnedImage "unpinned-image", UnpinnedInstall "unpinned-install", DownloadRun "download-run",
        ProgramFile "program-file", OpaqueFile "opaque-file",
        // What they show that is there or done.
        Pipeline "pipeline", Declared "declared", RunsTests "runs-tests", TestsProposals "tests-proposals",
        RunsAnalysis "runs-analysis", RunsFuzzing "runs-fuzzing", ChecksDependencies "checks-dependencies",
        Publishes "publishes", Bill "bill-of-materials", UpdateTool "update-tool", Manifest "manifest",
        Lockfile "lockfile", FreeLicence "free-licence", NoContact "no-contact", NoTime "no-time",
    }
);

/// A fault and its place.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Fault {
    /// The file, from the root of the repository.
    pub path: String,
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The letter in the line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// The commit that brought it, where it is not the one that was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Which kind.
    pub code: FaultCode,
    /// The key or the licence that it is about; empty where the place says it all. Never a value.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

impl Fault {
    /// A fault of a whole file.
    pub fn of_file(path: &str, code: FaultCode) -> Self {
        Self { path: path.to_owned(), code, ..Self::default() }
    }

    /// The same fault, about a key or a licence; a long name is cut.
    #[must_use]
    pub fn about(mut self, detail: &str) -> Self {
        let end = detail.floor_char_boundary(PRACTICE_DETAIL_BYTES);
        detail.get(..end).unwrap_or_default().clone_into(&mut self.detail);
        self
    }

    /// The same fault, at a line and a letter.
    #[must_use]
    pub fn at(mut self, line: u32, column: u32) -> Self {
        self.line = Some(line);
        self.column = Some(column);
        self
    }
}

words!(
    /// What was done with a key of a file that was written anew.
    ChangeKind { #[default] Changed "changed", Renamed "renamed", Moved "moved", Removed "removed",
        // It stays as it is: only a person knows what to write instead.
        Left "left", }
);

/// A change of a file that was written anew.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    /// The line of the old text, from 1.
    pub line: u32,
    /// The key.
    pub key: String,
    /// What was done with it.
    pub kind: ChangeKind,
}

/// What a reader found out about one file or one standard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    /// What breaks the rules.
    pub faults: Vec<Fault>,
    /// What is allowed and will not stay so.
    pub warnings: Vec<Fault>,
    /// What only the network or a register could tell.
    pub undecided: Vec<Fault>,
}

impl Inspection {
    /// Sorted by place.
    pub fn sort(&mut self) {
        for list in [&mut self.faults, &mut self.warnings, &mut self.undecided] {
            list.sort();
            list.dedup();
        }
    }
}

/// What the newest commits and the tags of a clone show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HistoryMarks {
    /// The newest commits that were looked at: no merges, and none of programs.
    pub commits: u32,
    /// Those whose message is signed off.
    pub signed_off: u32,
    /// Whether a tag has the name of a release.
    pub has_release_tag: bool,
}

/// What the files of one tree show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TreeFacts {
    /// The commit that was read; `None` for a plain folder.
    pub commit: Option<String>,
    /// How many files there are.
    pub files: u64,
    /// Files about the project itself, with whether something stands in them.
    pub named: Vec<(Topic, String, bool)>,
    /// The moment as of which dates are judged.
    pub as_of: Timestamp,
    /// What security.txt says.
    pub security_txt: Option<Inspection>,
    /// What code.json says.
    pub code_json: Option<Inspection>,
    /// What SECURITY-INSIGHTS says.
    pub security_insights: Option<Inspection>,
    /// What publiccode.yml says.
    pub publiccode: Option<Inspection>,
    /// What the licences of all files look like; or why nobody knows.
    pub reuse: Option<Result<Inspection, Obstacle>>,
    /// What the history says; `None` for a plain folder, and where nobody asked.
    pub history: Option<HistoryFacts>,
    /// What signatures of tags and commits say; `None` as above.
    pub signatures: Option<SignatureFacts>,
    /// What the forge says; `None` where it was not asked.
    pub forge: Option<ForgeFacts>,
    /// What the attestations of releases show; `None` where no folder of them was given.
    pub releases: Option<ReleaseFacts>,
    /// Secrets in the files of all commits, or of the folder; `None` where nobody asked.
    pub secrets: Option<SecretFacts>,
    /// What pipelines, build files and documents show; `None` where nobody looked.
    pub builds: Option<BuildFacts>,
    /// What the newest commits and the tags show; `None` for a folder.
    pub marks: Option<HistoryMarks>,
}

impl TreeFacts {
    /// The file about a topic, and whether something stands in it.
    pub fn find(&self, topic: Topic) -> Option<(&str, bool)> {
        let found = self.named.iter().find(|(own, ..)| *own == topic);
        found.map(|(_, path, has_text)| (path.as_str(), *has_text))
    }
}
