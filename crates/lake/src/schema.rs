// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The tables of the lake: one list names them all, with every column and its meaning. `underpin sql --tables`, the
//! manual and the Parquet schemas come from it.

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use underpin_model::inventory::{EvidenceKind, LicenceKind, Scope};

/// Version of the segment schemas. An older one is still opened; a change of meaning raises it.
pub const SCHEMA_VERSION: u32 = 1;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// A signed 64-bit number.
    Integer,
    /// A number with a fraction.
    Number,
    /// A text.
    Text,
    /// True or false.
    Boolean,
    /// Microseconds since 1970 in UTC.
    Time,
    /// A small number that stands for a word; the views show the word.
    Code(CodeList),
}

/// The words behind a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeList {
    /// `inventory::Scope`.
    Scope,
    /// `inventory::EvidenceKind`.
    Evidence,
    /// `inventory::LicenceKind`.
    Licence,
}

impl CodeList {
    /// The words, by number.
    pub fn words(self) -> Vec<&'static str> {
        match self {
            Self::Scope => Scope::ALL.iter().map(|scope| scope.as_str()).collect(),
            Self::Evidence => EvidenceKind::ALL.iter().map(|kind| kind.as_str()).collect(),
            Self::Licence => LicenceKind::ALL.iter().map(|kind| kind.as_str()).collect(),
        }
    }
}

/// One column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Name.
    pub name: &'static str,
    /// What it holds.
    pub kind: ColumnKind,
    /// Whether the value may be missing (which means unknown, never zero).
    pub nullable: bool,
    /// Meaning, for people.
    pub meaning: &'static str,
}

/// One table: a kind of fact about documents.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Name.
    pub name: &'static str,
    /// What one row is.
    pub grain: &'static str,
    /// Columns.
    pub columns: &'static [Column],
    /// Orders in which each segment is written: name and sort columns. The first is the one scans use by default.
    pub orders: &'static [(&'static str, &'static [&'static str])],
}

const fn column(name: &'static str, kind: ColumnKind, meaning: &'static str) -> Column {
    Column { name, kind, nullable: false, meaning }
}

const fn unknown(name: &'static str, kind: ColumnKind, meaning: &'static str) -> Column {
    Column { name, kind, nullable: true, meaning }
}

use ColumnKind::{Boolean, Code, Integer, Number, Text, Time};

/// Name of the document column that every table of facts has.
pub const DOCUMENT: &str = "document";

const DOCUMENT_COLUMN: Column = column(DOCUMENT, Integer, "the document that says so");
const VERSION_COLUMN: Column = column("package_version", Integer, "the package version");

/// All tables.
pub const TABLES: &[Table] = &[
    Table {
        name: "document",
        grain: "a document that was read",
        columns: &[
            DOCUMENT_COLUMN,
            column("format", Text, "reader that took it"),
            column("spec_version", Text, "version of the format, as stated"),
            column("subject", Text, "name of the artefact it describes"),
            column("subject_version", Text, "version of the artefact"),
            column("subject_digest", Text, "digest of the artefact"),
            column("serial", Text, "serial number or namespace of the document"),
            column("tool", Text, "tool that made it"),
            column("tool_version", Text, "version of the tool"),
            column("supplier", Text, "supplier of the artefact, as stated"),
            column("context", Text, "when in the life of the artefact it was made, as stated"),
            column("data_licence", Text, "licence of the document"),
            column("distribution", Text, "distribution of its operating system packages"),
            unknown("created", Time, "when it says it was made"),
            column("components", Integer, "components stated, repetitions counted"),
            column("edges", Integer, "dependency edges stated"),
            column("graph_complete", Boolean, "whether direct and transitive can be told apart"),
        ],
        orders: &[("document", &["document"])],
    },
    Table {
        name: "package_version",
        grain: "a package version (purl with epoch, distro, upstream and repository_url only)",
        columns: &[
            column("package_version", Integer, "number of the package version, made from its purl"),
            column("package", Integer, "number of the package: the same without version"),
            column("purl", Text, "canonical purl"),
            column("type", Text, "purl type"),
            column("namespace", Text, "purl namespace"),
            column("name", Text, "purl name"),
            column("version", Text, "purl version; empty when none was stated"),
            column("qualifiers", Text, "purl qualifiers that belong to the identity"),
            column("search_name", Text, "the name in lower case, by which it is looked up"),
        ],
        orders: &[("name", &["search_name", "package_version"]), ("id", &["package_version"])],
    },
    Table {
        name: "occurrence",
        grain: "a package version in a document",
        columns: &[
            column("package", Integer, "the package"),
            VERSION_COLUMN,
            DOCUMENT_COLUMN,
            column("scope", Code(CodeList::Scope), "what it is used for"),
            unknown("depth", Integer, "steps from the artefact itself (0); unknown where the document has no graph"),
            unknown("direct", Boolean, "direct dependency of the artefact; unknown where the document does not say"),
            unknown("via", Integer, "the direct dependency that brings it in, on a shortest path"),
            column("evidence", Code(CodeList::Evidence), "how the producer knows"),
            column("confidence", Integer, "how sure, in percent"),
            unknown("modified", Boolean, "whether it differs from what upstream published"),
            unknown("location", Text, "where in the artefact"),
        ],
        orders: &[
            ("package", &["package", "package_version", "document"]),
            ("document", &["document", "package", "package_version"]),
        ],
    },
    Table {
        name: "dependency",
        grain: "a dependency between two package versions in a document",
        columns: &[
            DOCUMENT_COLUMN,
            column("from_version", Integer, "the package version that needs the other"),
            column("to_version", Integer, "the package version that is needed"),
        ],
        orders: &[("document", &["document", "from_version", "to_version"])],
    },
    Table {
        name: "licence",
        grain: "a licence statement about a package version in a document",
        columns: &[
            DOCUMENT_COLUMN,
            VERSION_COLUMN,
            column("kind", Code(CodeList::Licence), "who says it"),
            column("expression", Text, "SPDX expression, or the text as stated"),
        ],
        orders: &[("expression", &["expression", "document"]), ("document", &["document", "package_version"])],
    },
    Table {
        name: "hash",
        grain: "a digest of a package or file in a document",
        columns: &[
            DOCUMENT_COLUMN,
            unknown("package_version", Integer, "the package version, where the digest belongs to one"),
            column("algorithm", Text, "algorithm, such as sha256"),
            column("value", Text, "digest in lower-case hexadecimal"),
            column("file", Text, "path of the file, where the digest is of a file"),
        ],
        orders: &[("value", &["value", "document"])],
    },
    Table {
        name: "identifier",
        grain: "a further identifier of a package version in a document",
        columns: &[
            DOCUMENT_COLUMN,
            VERSION_COLUMN,
            column(
                "kind",
                Text,
                "cpe; stated-purl (a purl that could not be taken as stated); source (address it was taken from); rpmmod \
                 (module label of rpm)",
            ),
            column("value", Text, "the identifier as stated"),
        ],
        orders: &[("value", &["value", "document"])],
    },
    Table {
        name: "component",
        grain: "what a document says about a package version beyond its use",
        columns: &[
            DOCUMENT_COLUMN,
            VERSION_COLUMN,
            column("kind", Text, "library, application, container, …"),
            column("supplier", Text, "supplier, as stated"),
            column("originator", Text, "originator, author or publisher, as stated"),
            column("file_name", Text, "file name of the component"),
            column("project", Text, "upstream project: repository, else home page"),
        ],
        orders: &[("document", &["document", "package_version"])],
    },
    Table {
        name: "component_fact",
        grain: "what a document says about a package version for later checks, beyond the other tables",
        columns: &[
            DOCUMENT_COLUMN,
            VERSION_COLUMN,
            column(
                "kind",
                Text,
                "reference (its identifier in the document), property, external-reference, ancestor, commit, patch, \
                 pedigree-notes, stated-scope, external, version-range, swid, swhid, verification-code, purpose, built, \
                 released or valid-until",
            ),
            column("name", Text, "name of a property, type of a reference or patch; else empty"),
            column(
                "value",
                Text,
                "the value as stated; several stand one a line; of a patch what it resolves, then `change` with the number of its \
                 change, `forwarding` and `upstream` as its headers say, and `address`",
            ),
        ],
        orders: &[("document", &["document", "package_version", "kind"])],
    },
    Table {
        name: "claim",
        grain: "a vulnerability statement inside a document: a claim of its producer",
        columns: &[
            DOCUMENT_COLUMN,
            column("claim", Integer, "number of the claim in its document"),
            column("vulnerability", Text, "identifier of the vulnerability"),
            column("source", Text, "who describes the vulnerability, as stated"),
            column("state", Text, "state as stated"),
            column("justification", Text, "justification as stated"),
            column("response", Text, "what is done about it, as stated, one word a line"),
            column("detail", Text, "why, in the producer's words"),
            column("ratings", Text, "ratings as stated, one a line: method, score, severity, vector"),
        ],
        orders: &[("document", &["document", "claim"])],
    },
    Table {
        name: "claim_target",
        grain: "something that a claim speaks about",
        columns: &[
            DOCUMENT_COLUMN,
            column("claim", Integer, "number of the claim in its document"),
            unknown(
                "package_version",
                Integer,
                "the package version; unknown where the document holds no such component",
            ),
            column("reference", Text, "identifier of the component, as stated"),
        ],
        orders: &[("document", &["document", "claim"])],
    },
    Table {
        name: "document_fact",
        grain: "a further statement of a document about itself",
        columns: &[
            DOCUMENT_COLUMN,
            column(
                "kind",
                Text,
                "creator, tool, composition, property, reference, service, service-version, service-endpoint, envelope, \
                 envelope-payload, envelope-subject or signature (verified, unknown-signer, wrong or unchecked)",
            ),
            column("name", Text, "name of the fact"),
            column("value", Text, "its value"),
        ],
        orders: &[("document", &["document", "kind"])],
    },
    Table {
        name: "gap",
        grain: "something missing, wrong or unreadable in a document",
        columns: &[
            DOCUMENT_COLUMN,
            column("code", Text, "stable code"),
            column("place", Text, "where in the document"),
            column("detail", Text, "what was seen or done"),
            column("count", Integer, "how many times, where several were put together"),
        ],
        orders: &[("document", &["document", "code"])],
    },
];

/// The records of feeds: what the world says. Not a fact of a document, so no rebuild replaces it and SQL does not show it.
pub static FEED_RECORD: Table = Table {
    name: "feed_record",
    grain: "a version of a record of a feed, as it was learned with an edition",
    columns: &[
        column("feed", Text, "the feed"),
        column("record", Text, "identifier of the record in the feed"),
        column("edition", Integer, "the edition that brought it"),
        column("removed", Boolean, "whether the edition took it away"),
        column("evidence", Text, "SHA-256 of the evidence that holds its bytes; empty when it was taken away"),
        column("offset", Integer, "where its bytes begin in the evidence"),
        column("bytes", Integer, "how many bytes"),
        column("digest", Integer, "first 64 bits of the SHA-256 of its bytes"),
    ],
    orders: &[("record", &["feed", "record", "edition"])],
};

impl Table {
    /// The table called `name`.
    pub fn named(name: &str) -> Option<&'static Self> {
        TABLES.iter().chain(std::iter::once(&FEED_RECORD)).find(|table| table.name == name)
    }

    /// Position of a column.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// Whether rows belong to documents (all but the dictionary of package versions).
    pub fn has_document(&self) -> bool {
        self.position(DOCUMENT).is_some()
    }

    /// The Arrow schema of its segments.
    pub fn schema(&self) -> SchemaRef {
        Arc::new(Schema::new(
            self.columns
                .iter()
                .map(|column| Field::new(column.name, data_type(column.kind), column.nullable))
                .collect::<Vec<_>>(),
        ))
    }
}

fn data_type(kind: ColumnKind) -> DataType {
    match kind {
        Integer | Time => DataType::Int64,
        Number => DataType::Float64,
        Text => DataType::Utf8,
        Boolean => DataType::Boolean,
        Code(_) => DataType::UInt8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_name_columns_that_exist() {
        for table in TABLES {
            assert!(!table.orders.is_empty(), "{}", table.name);
            for (order, columns) in table.orders {
                for column in *columns {
                    assert!(table.position(column).is_some(), "{} order {order}: {column}", table.name);
                }
            }
            assert_eq!(table.has_document(), table.name != "package_version");
        }
    }

    /// The stored shape is a contract: a change here needs a new schema version and a reader for the old one.
    #[test]
    fn the_stored_shape_changes_only_on_purpose() {
        let shape: Vec<String> = TABLES
            .iter()
            .map(|table| {
                let columns: Vec<_> = table.columns.iter().map(|column| column.name).collect();
                format!("{}({})", table.name, columns.join(", "))
            })
            .collect();
        insta::assert_snapshot!(shape.join("\n"));
    }
}
