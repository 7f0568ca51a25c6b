// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Why a file did not become a document, or a name no system: one list of codes. Why a document is in quarantine is in the list
//! beside it; what was left out of an archive has its own (`IssueCode`).

macro_rules! outcome_codes {
    ($($variant:ident $code:literal $meaning:literal;)*) => {
        /// What became of a file, a name or a row. Codes are stable: scripts may rely on them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum OutcomeCode {
            $(#[doc = $meaning] $variant,)*
        }

        impl OutcomeCode {
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

outcome_codes! {
    NoEvidence "no-evidence" "No reader recognises the content: it is no SBOM, lockfile, package list or survey. It was not kept.";
    Companion "companion" "The file is read together with another one (go.sum with go.mod) and is no document by itself.";
    Duplicate "duplicate" "The same bytes are there already. Nothing is stored twice; a new system is added to the known document.";
    TooLarge "too-large" "The file is larger than the limit. It was not read.";
    TooDeep "too-deep" "Folders are nested deeper than the limit. What lies further down was not read.";
    NotAFile "not-a-file" "Links and devices inside folders are not followed. Name what they lead to, to add it.";
    UnreadableFile "unreadable-file" "The file could not be opened or read. Everything else was taken.";
    UnreadableFolder "unreadable-folder" "The folder could not be listed. Everything else was taken.";
    Purged "purged" "These bytes were removed by two persons and must not come back.";
    SystemNeeded "system-needed" "These bytes need a system that you may see: say which one they are about.";
    Retracted "retracted" "The same bytes are a document that was taken back. It does not count until it is restored.";
    Quarantined "quarantined" "The same bytes are a document that could not be read. It does not count until it can be read.";
    UnknownSystem "unknown-system" "A document names a system that is not registered. It came in without one.";
    AmbiguousSystem "ambiguous-system" "A document gives a name that several systems have. It came in without one.";
    UnusedRow "unused-row" "A row of the manifest names a file that was not among those handed in. Everything else was taken.";
}

/// Why a document is kept and cannot be read: code and meaning. Limits have the codes of gaps and archives.
pub const QUARANTINE: [(&str, &str); 15] = [
    (
        "signature-not-verified",
        "Its signature is wrong or of nobody who counts, and the house sets such documents apart (`[signatures] quarantine`).",
    ),
    ("malformed-json", "The text is no JSON, or none of the shape that its format has."),
    ("malformed-xml", "The text is no well-formed XML, or none of the shape that its format has."),
    ("malformed-yaml", "The text is no YAML, or none of the shape that its format has."),
    ("malformed-toml", "The text is no TOML, or none of the shape that its format has."),
    ("malformed-tag-value", "No line has a tag that the format knows."),
    ("malformed-term", "The text is no Erlang or Elixir term."),
    ("malformed-spreadsheet", "The spreadsheet is damaged."),
    ("malformed-rpm-database", "The database of rpm is damaged, or of none of the forms that rpm has had."),
    (
        "entities-refused",
        "The XML declares a document type or uses entities of its own. These are an attack or needless, and are refused.",
    ),
    ("no-headings", "No row of the table names the columns of a survey."),
    ("no-such-place", "The simulated continent has no document at the place that is named."),
    ("template-missing", "The template of a simulated document is not there."),
    ("template-mismatch", "The template of a simulated document is another one than the document names."),
    ("template-unreadable", "No reader takes the template of a simulated document."),
];
