// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The objects of a CSAF document and their properties.

/// Whether a property must be there.
#[derive(Clone, Copy, Debug)]
pub enum Need {
    /// In both versions.
    Always,
    /// In 2.1; in 2.0 it may be.
    AlwaysInNew,
    /// It may be there.
    May,
    /// Only 2.0 has it.
    MayInOld,
    /// Only 2.1 has it.
    MayInNew,
}

/// The kind of a property.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A text that is not empty.
    Text,
    /// A text without blanks at its ends.
    Trimmed,
    /// A list of texts, at least so many.
    Texts {
        /// Least number.
        least: usize,
    },
    /// One of these words.
    Words(&'static [&'static str]),
    /// One of these words, by version.
    WordsOf {
        /// Words of 2.0.
        old: &'static [&'static str],
        /// Words of 2.1.
        new: &'static [&'static str],
    },
    /// A time with date.
    Time,
    /// A URI.
    Address,
    /// A version of a document.
    Number,
    /// A CVE.
    Cve,
    /// The name of a language.
    Language,
    /// Hexadecimal digits.
    Digest,
    /// A package URL, roughly: test 6.1.13 looks closer.
    PackageUrl,
    /// A CPE, roughly.
    Cpe,
    /// A number of a weakness.
    Weakness,
    /// An object.
    Object(&'static Shape),
    /// A list of objects that is not empty.
    Objects(&'static Shape),
    /// Anything.
    Anything,
}

/// A property.
#[derive(Debug)]
pub struct Field {
    /// Its name.
    pub key: &'static str,
    /// Whether it must be there.
    pub need: Need,
    /// Its kind.
    pub kind: Kind,
}

/// An object.
#[derive(Debug)]
pub struct Shape {
    /// Least number of properties.
    pub least: usize,
    /// Its properties.
    pub fields: &'static [Field],
}

macro_rules! shapes {
    ($($(#[$doc:meta])* $name:ident at least $least:literal { $($need:ident $key:literal $kind:expr;)* })*) => {
        $($(#[$doc])* pub static $name: Shape = Shape {
            least: $least,
            fields: &[$(Field { key: $key, need: Need::$need, kind: $kind },)*],
        };)*
    };
}

use Kind::{
    Address, Anything, Cpe, Cve, Digest, Language, Number, Object, Objects, PackageUrl, Text, Texts, Time, Trimmed,
    Weakness, Words, WordsOf,
};

const LIST: Kind = Texts { least: 1 };

shapes! {
    /// The whole document.
    DOCUMENT at least 0 {
        AlwaysInNew "$schema" Address;
        Always "document" Object(&ABOUT);
        May "product_tree" Object(&TREE);
        May "vulnerabilities" Objects(&VULNERABILITY);
        MayInNew "extensions" Anything;
    }
    /// What it says about itself.
    ABOUT at least 0 {
        May "acknowledgments" Objects(&ACKNOWLEDGMENT);
        May "aggregate_severity" Object(&SEVERITY);
        Always "category" Trimmed;
        Always "csaf_version" Words(&["2.0", "2.1"]);
        AlwaysInNew "distribution" Object(&DISTRIBUTION);
        May "lang" Language;
        MayInNew "license_expression" Text;
        May "notes" Objects(&NOTE);
        Always "publisher" Object(&PUBLISHER);
        May "references" Objects(&REFERENCE);
        May "source_lang" Language;
        Always "title" Text;
        Always "tracking" Object(&TRACKING);
    }
    /// Who is thanked.
    ACKNOWLEDGMENT at least 1 {
        May "names" LIST;
        May "organization" Text;
        May "summary" Text;
        May "urls" LIST;
    }
    /// A severity for all.
    SEVERITY at least 0 {
        May "namespace" Address;
        Always "text" Text;
    }
    /// How far it may go.
    DISTRIBUTION at least 1 {
        MayInNew "sharing_group" Object(&SHARING_GROUP);
        May "text" Text;
        AlwaysInNew "tlp" Object(&TLP);
    }
    /// Who it is shared with.
    SHARING_GROUP at least 0 {
        Always "id" Text;
        May "name" Text;
    }
    /// Label of the Traffic Light Protocol.
    TLP at least 0 {
        Always "label" WordsOf {
            old: &["AMBER", "GREEN", "RED", "WHITE"],
            new: &["AMBER", "AMBER+STRICT", "CLEAR", "GREEN", "RED"],
        };
        May "url" Address;
    }
    /// A text.
    NOTE at least 0 {
        May "audience" Text;
        Always "category" Words(&["description", "details", "faq", "general", "legal_disclaimer", "other", "summary"]);
        MayInNew "group_ids" LIST;
        MayInNew "product_ids" LIST;
        Always "text" Text;
        May "title" Text;
    }
    /// Who publishes.
    PUBLISHER at least 0 {
        Always "category" WordsOf {
            old: &["coordinator", "discoverer", "other", "translator", "user", "vendor"],
            new: &["coordinator", "discoverer", "multiplier", "other", "translator", "user", "vendor"],
        };
        May "contact_details" Text;
        May "issuing_authority" Text;
        Always "name" Text;
        Always "namespace" Address;
    }
    /// A link.
    REFERENCE at least 0 {
        May "category" Words(&["external", "self"]);
        Always "summary" Text;
        Always "url" Address;
    }
    /// Identity and history.
    TRACKING at least 0 {
        May "aliases" LIST;
        Always "current_release_date" Time;
        May "generator" Object(&GENERATOR);
        Always "id" Trimmed;
        Always "initial_release_date" Time;
        Always "revision_history" Objects(&REVISION);
        Always "status" Words(&["draft", "final", "interim"]);
        Always "version" Number;
    }
    /// What made it.
    GENERATOR at least 0 {
        May "date" Time;
        Always "engine" Object(&ENGINE);
    }
    /// The program.
    ENGINE at least 0 {
        Always "name" Text;
        May "version" Text;
    }
    /// A revision.
    REVISION at least 0 {
        Always "date" Time;
        May "legacy_version" Text;
        Always "number" Number;
        Always "summary" Text;
    }
    /// The products.
    TREE at least 1 {
        May "branches" Objects(&BRANCH);
        May "full_product_names" Objects(&PRODUCT);
        May "product_groups" Objects(&GROUP);
        May "relationships" Objects(&RELATIONSHIP);
    }
    /// A branch: with branches or a product.
    BRANCH at least 3 {
        May "branches" Objects(&BRANCH);
        Always "category" Words(&[
            "architecture", "host_name", "language", "legacy", "patch_level", "platform", "product_family", "product_name",
            "product_version", "product_version_range", "service_pack", "specification", "vendor",
        ]);
        Always "name" Text;
        May "product" Object(&PRODUCT);
    }
    /// A product.
    PRODUCT at least 0 {
        Always "name" Text;
        Always "product_id" Text;
        May "product_identification_helper" Object(&HELPER);
    }
    /// What identifies it.
    HELPER at least 1 {
        May "cpe" Cpe;
        May "hashes" Objects(&FILE);
        May "model_numbers" LIST;
        MayInOld "purl" PackageUrl;
        MayInNew "purls" LIST;
        May "sbom_urls" LIST;
        May "serial_numbers" LIST;
        May "skus" LIST;
        May "x_generic_uris" Objects(&GENERIC);
    }
    /// A file.
    FILE at least 0 {
        Always "file_hashes" Objects(&HASH);
        Always "filename" Text;
    }
    /// A digest.
    HASH at least 0 {
        Always "algorithm" Text;
        Always "value" Digest;
    }
    /// An identifier of another system.
    GENERIC at least 0 {
        Always "namespace" Address;
        Always "uri" Address;
    }
    /// A group of products.
    GROUP at least 0 {
        Always "group_id" Text;
        Always "product_ids" Texts { least: 2 };
        May "summary" Text;
    }
    /// A pair of products.
    RELATIONSHIP at least 0 {
        Always "category" Words(&[
            "default_component_of", "external_component_of", "installed_on", "installed_with", "optional_component_of",
        ]);
        Always "full_product_name" Object(&PRODUCT);
        Always "product_reference" Text;
        Always "relates_to_product_reference" Text;
    }
    /// A vulnerability.
    VULNERABILITY at least 1 {
        May "acknowledgments" Objects(&ACKNOWLEDGMENT);
        May "cve" Cve;
        MayInOld "cwe" Object(&CWE);
        MayInNew "cwes" Objects(&CWE);
        MayInNew "disclosure_date" Time;
        May "discovery_date" Time;
        MayInNew "first_known_exploitation_dates" Objects(&EXPLOITATION);
        May "flags" Objects(&FLAG);
        May "ids" Objects(&ID);
        May "involvements" Objects(&INVOLVEMENT);
        MayInNew "metrics" Objects(&METRIC);
        May "notes" Objects(&NOTE);
        May "product_status" Object(&STATUS);
        May "references" Objects(&REFERENCE);
        MayInOld "release_date" Time;
        May "remediations" Objects(&REMEDIATION);
        MayInOld "scores" Objects(&SCORE);
        May "threats" Objects(&THREAT);
        May "title" Text;
    }
    /// A weakness.
    CWE at least 0 {
        Always "id" Weakness;
        Always "name" Text;
        AlwaysInNew "version" Text;
    }
    /// When it was first exploited.
    EXPLOITATION at least 3 {
        Always "date" Time;
        Always "exploitation_date" Time;
        May "group_ids" LIST;
        May "product_ids" LIST;
    }
    /// A mark on products.
    FLAG at least 0 {
        May "date" Time;
        May "group_ids" LIST;
        Always "label" Words(&[
            "component_not_present", "inline_mitigations_already_exist",
            "vulnerable_code_cannot_be_controlled_by_adversary", "vulnerable_code_not_in_execute_path",
            "vulnerable_code_not_present",
        ]);
        May "product_ids" LIST;
    }
    /// Another name.
    ID at least 0 {
        Always "system_name" Text;
        Always "text" Text;
    }
    /// Who took part.
    INVOLVEMENT at least 0 {
        MayInNew "contact" Text;
        May "date" Time;
        MayInNew "group_ids" LIST;
        Always "party" Words(&["coordinator", "discoverer", "other", "user", "vendor"]);
        MayInNew "product_ids" LIST;
        Always "status" Words(&["completed", "contact_attempted", "disputed", "in_progress", "not_contacted", "open"]);
        May "summary" Text;
    }
    /// Scores of 2.1.
    METRIC at least 0 {
        Always "content" Object(&CONTENT);
        Always "products" LIST;
        May "source" Address;
    }
    /// What is measured.
    CONTENT at least 1 {
        May "cvss_v2" Anything;
        May "cvss_v3" Anything;
        May "cvss_v4" Anything;
        May "epss" Anything;
        May "qualitative_severity_rating" Words(&["critical", "high", "low", "medium", "none"]);
        May "ssvc_v1" Anything;
        May "ssvc_v2" Anything;
    }
    /// Lists of products by status.
    STATUS at least 1 {
        May "first_affected" LIST;
        May "first_fixed" LIST;
        May "fixed" LIST;
        May "known_affected" LIST;
        May "known_not_affected" LIST;
        May "last_affected" LIST;
        May "recommended" LIST;
        May "under_investigation" LIST;
        MayInNew "unknown" LIST;
    }
    /// What to do.
    REMEDIATION at least 0 {
        Always "category" WordsOf {
            old: &["mitigation", "no_fix_planned", "none_available", "vendor_fix", "workaround"],
            new: &["fix_planned", "mitigation", "no_fix_planned", "none_available", "optional_patch", "vendor_fix", "workaround"],
        };
        May "date" Time;
        Always "details" Text;
        May "entitlements" LIST;
        May "group_ids" LIST;
        May "product_ids" LIST;
        May "restart_required" Object(&RESTART);
        May "url" Address;
    }
    /// What must be started anew.
    RESTART at least 0 {
        Always "category" Words(&[
            "connected", "dependencies", "machine", "none", "parent", "service", "system", "vulnerable_component", "zone",
        ]);
        May "details" Text;
    }
    /// Scores of 2.0.
    SCORE at least 2 {
        May "cvss_v2" Anything;
        May "cvss_v3" Anything;
        Always "products" LIST;
    }
    /// What can happen.
    THREAT at least 0 {
        Always "category" Words(&["exploit_status", "impact", "target_set"]);
        May "date" Time;
        Always "details" Text;
        May "group_ids" LIST;
        May "product_ids" LIST;
    }
}
