// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What was missing, wrong or unreadable in a document, and what was done about it.
//!
//! A producer's small fault never becomes lost inventory: it becomes a gap with a stable code. The list below names
//! all of them; the manual's page of gaps is generated from it.

use std::borrow::Cow;

macro_rules! gap_codes {
    ($($variant:ident $code:literal $meaning:literal;)*) => {
        /// The kinds of gaps. Codes are stable: scripts may rely on them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum GapCode {
            $(#[doc = $meaning] $variant,)*
        }

        impl GapCode {
            /// Every code, in the order of the list.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The stable kebab-case code.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// What it means and what is done about it.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }
        }
    };
}

gap_codes! {
    NoComponents "no-components" "The document states no component at all. It is kept; its system counts as unknown.";
    NoSubject "no-subject" "The document does not say which artefact it describes. It is kept and never supersedes another.";
    NoCreationTime "no-creation-time" "The document does not say when it was made. The time we learned it is used instead.";
    InvalidTime "invalid-time" "A time could not be read and is treated as missing.";
    NoTool "no-tool" "The document does not say which tool made it.";
    NoName "no-name" "A component has no name. Its identifier in the document is used instead.";
    NoVersion "no-version" "A component has no version. It is kept as unversioned.";
    NoPurl "no-purl" "A component has no package URL. The best supported identity was built from what it states.";
    InvalidPurl "invalid-purl" "A package URL could not be read. The identity was built from name and version; the text is kept.";
    MendedPurl "mended-purl" "A package URL broke the specification in a way that leaves no doubt and was read as meant.";
    PurlMismatch "purl-mismatch" "Package URL and stated name or version disagree. The package URL was used.";
    InvalidCpe "invalid-cpe" "A CPE could not be read. The text is kept.";
    InvalidHash "invalid-hash" "A digest has the wrong length or characters for its algorithm. The text is kept.";
    InvalidLicence "invalid-licence" "A licence is no valid SPDX expression. The text is kept as it is.";
    DuplicateId "duplicate-id" "Two elements share one identifier. Both are kept; edges go to the first.";
    MissingId "missing-id" "An element has no identifier. It is kept; no edge can point to it.";
    DanglingEdge "dangling-edge" "A relationship points to an element that the document does not contain. It was left out.";
    CyclicEdges "cyclic-edges" "The dependency graph has a cycle. Paths stop where they would repeat.";
    NoEdges "no-edges" "The format or the document has no dependency relationships: direct or transitive is unknown.";
    UnknownField "unknown-field" "A field is not part of the stated version of the format. It was passed over; the original keeps it.";
    UnknownElement "unknown-element" "An element of a kind that is not part of the format as we know it. It was passed over; the original keeps it.";
    MissingField "missing-field" "A field that the format requires is missing.";
    WrongType "wrong-type" "A value has another type than the format says. It was read where possible, else treated as missing.";
    InvalidValue "invalid-value" "A value is not among those the format allows. It was read where possible, else treated as missing.";
    UnknownVersion "unknown-version" "The document states a format version we do not know. It was read as the nearest one we know.";
    WrongEncoding "wrong-encoding" "The text is not valid UTF-8. It was read in another encoding or with replacement characters.";
    TextTooLong "text-too-long" "A text is longer than the limit and was cut in the inventory. The original keeps it.";
    TooManyElements "too-many-elements" "More elements than the limit. Those beyond it were not read; the original keeps them.";
    TooDeep "too-deep" "Elements are nested deeper than the limit. Those below it were not read.";
    TruncatedDocument "truncated-document" "The document ends in the middle. What came before was read.";
    MalformedLine "malformed-line" "A line could not be read and was passed over.";
    UnresolvedVersion "unresolved-version" "The file gives a range or a variable, not the version in use.";
    UnresolvedParent "unresolved-parent" "The file inherits from a parent or imports a list that is not there; what that adds is unknown.";
    MissingCompanion "missing-companion" "A file that belongs to this one (such as go.sum) was not there.";
    NoDistribution "no-distribution" "The distribution of these operating system packages is not stated.";
    SignatureUnchecked "signature-unchecked" "The document came with a signature. It was not checked: no key is named whose signatures count (`[signatures]`).";
    SignatureUnknown "signature-unknown" "The document came with a signature of nobody whose signatures count. It is kept and marked.";
    SignatureWrong "signature-wrong" "The document came with a signature that does not hold. It is kept and marked; ask for it anew.";
    ExternalDocument "external-document" "The document refers to another document that is not part of it.";
    Redacted "redacted" "The producer says that something was left out on purpose.";
    Incomplete "incomplete" "The producer says that the list is not complete, or that it is not known whether it is.";
    EmbeddedVulnerabilities "embedded-vulnerabilities" "The document carries vulnerability statements. They are kept as the producer's claims.";
    IdentityCollision "identity-collision" "Two different packages would share one number. The second got another one.";
}

/// One deviation, where it is, and what was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The stable code.
    pub code: GapCode,
    /// The place in the document: a JSON pointer such as `/packages/12/versionInfo`, `line 7`, or an element identifier.
    pub place: Cow<'static, str>,
    /// What was seen or done, beyond the meaning of the code; may be empty.
    pub detail: Cow<'static, str>,
    /// How many times it occurred, when several of one kind were put together.
    pub count: u32,
}

impl Gap {
    /// One gap at one place.
    pub fn new(code: GapCode, place: impl Into<Cow<'static, str>>, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { code, place: place.into(), detail: detail.into(), count: 1 }
    }
}

/// Collects gaps; beyond [`Gaps::KEPT_PER_CODE`] of one code only the count of the last kept one grows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gaps {
    list: Vec<Gap>,
    counts: std::collections::BTreeMap<GapCode, Seen>,
}

/// How often a code was seen, and where its last kept gap lies in the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Seen {
    count: usize,
    last: usize,
}

impl Gaps {
    /// Places kept for each code in one document; the count goes on.
    pub const KEPT_PER_CODE: usize = 100;

    /// Adds one gap. `place` and `detail` are only made when the gap is kept with its place.
    pub fn add_with<P, D>(&mut self, code: GapCode, text: impl FnOnce() -> (P, D))
    where
        P: Into<Cow<'static, str>>,
        D: Into<Cow<'static, str>>,
    {
        let seen = self.counts.entry(code).or_default();
        seen.count += 1;
        if seen.count <= Self::KEPT_PER_CODE {
            seen.last = self.list.len();
            let (place, detail) = text();
            self.list.push(Gap::new(code, place, detail));
        } else if let Some(last) = self.list.get_mut(seen.last) {
            last.count += 1;
        }
    }

    /// Adds one gap.
    pub fn add(&mut self, code: GapCode, place: impl Into<Cow<'static, str>>, detail: impl Into<Cow<'static, str>>) {
        self.add_with(code, || (place, detail));
    }

    /// Takes all gaps of one code out again.
    pub fn remove(&mut self, code: GapCode) {
        self.counts.remove(&code);
        self.list.retain(|gap| gap.code != code);
        for (place, gap) in self.list.iter().enumerate() {
            if let Some(seen) = self.counts.get_mut(&gap.code) {
                seen.last = place;
            }
        }
    }

    /// All gaps kept, in the order they were found.
    pub fn list(&self) -> &[Gap] {
        &self.list
    }

    /// How many gaps were found, kept with their place or not.
    pub fn total(&self) -> u64 {
        self.counts.values().map(|seen| seen.count as u64).sum()
    }

    /// How many of one code.
    pub fn count(&self, code: GapCode) -> usize {
        self.counts.get(&code).map_or(0, |seen| seen.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_kebab_case() {
        let mut codes: Vec<_> = GapCode::ALL.iter().map(|code| code.as_str()).collect();
        assert!(codes.iter().all(|code| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')));
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), GapCode::ALL.len());
    }

    #[test]
    fn what_is_taken_out_leaves_the_others_whole() {
        let mut gaps = Gaps::default();
        gaps.add(GapCode::NoTool, "/", "");
        gaps.add(GapCode::SignatureUnchecked, "/", "");
        for _ in 0..=Gaps::KEPT_PER_CODE {
            gaps.add(GapCode::NoPurl, "/", "");
        }
        gaps.remove(GapCode::SignatureUnchecked);
        gaps.remove(GapCode::NoSubject);
        gaps.add(GapCode::NoPurl, "/", "");
        assert_eq!(
            (gaps.count(GapCode::SignatureUnchecked), gaps.count(GapCode::NoPurl)),
            (0, Gaps::KEPT_PER_CODE + 2)
        );
        assert_eq!(gaps.total(), gaps.list().iter().map(|gap| u64::from(gap.count)).sum::<u64>());
    }

    #[test]
    fn counts_go_on_when_places_are_no_longer_kept() {
        let mut gaps = Gaps::default();
        for index in 0..250 {
            gaps.add(GapCode::NoVersion, format!("/packages/{index}"), "");
        }
        gaps.add(GapCode::NoTool, "/", "");
        assert_eq!(gaps.total(), 251);
        assert_eq!(gaps.count(GapCode::NoVersion), 250);
        assert_eq!(gaps.list().len(), Gaps::KEPT_PER_CODE + 1);
        assert_eq!(gaps.list().iter().map(|gap| u64::from(gap.count)).sum::<u64>(), 251);
    }
}
