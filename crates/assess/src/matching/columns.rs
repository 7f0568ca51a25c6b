// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The columns of an index: numbers of 32 bits, and nothing that points anywhere else. One list names them all.
//!
//! A column ending in `_starts` has one number more than there are rows: row `n` owns the items from its number to the next.

macro_rules! columns {
    ($($(#[doc = $doc:literal])+ $name:ident,)*) => {
        /// All columns.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub(super) struct Columns { $($(#[doc = $doc])+ pub(super) $name: Vec<u32>,)* }

        impl Columns {
            /// Their names, in the order in which they are stored.
            pub(super) const NAMES: &[&str] = &[$(stringify!($name),)*];

            /// Every column in order.
            pub(super) fn each(&self) -> Vec<&Vec<u32>> {
                vec![$(&self.$name,)*]
            }

            /// Every column in order, to be filled.
            pub(super) fn each_mut(&mut self) -> Vec<&mut Vec<u32>> {
                vec![$(&mut self.$name,)*]
            }
        }
    };
}

columns! {
    /// Where each text ends in the heap; text 0 is empty.
    text_ends,
    /// Names of the orders in use.
    schemes,
    /// Ecosystem of each package, canonical.
    package_ecosystem,
    /// Name of each package, canonical.
    package_name,
    /// Order of its versions, as a number in `schemes`.
    package_scheme,
    /// Versions that its entries name, in `points`.
    package_points_starts,
    /// The same in SemVer order, where a range asks for that and the ecosystem has another order.
    package_semver_starts,
    /// What is said about it.
    package_entries_starts,
    /// Texts of versions, sorted by the order of their package, each version once.
    points,
    /// Texts of versions in SemVer order.
    semver_points,
    /// Advisory of each entry.
    entry_advisory,
    /// Package of each entry.
    entry_package,
    /// Status, as its place in the list of statuses.
    entry_status,
    /// The source's word for the status.
    entry_status_word,
    /// Module stream.
    entry_module,
    /// Flags of an entry.
    entry_flags,
    /// Spans in the order of the package.
    entry_spans_starts,
    /// Spans in SemVer order.
    entry_semver_starts,
    /// Versions by name.
    entry_listed_starts,
    /// Severities for this package.
    entry_severities_starts,
    /// Processor architectures it is limited to.
    entry_architectures_starts,
    /// Operating systems it is limited to.
    entry_platforms_starts,
    /// What kind of remark it is, where it is no flaw.
    entry_informational,
    /// The package below its module that the record names; empty where it names just this.
    entry_part,
    /// CPE name of each entry that is about a product by its name.
    entry_cpe,
    /// What such a product must run on or with.
    entry_beside,
    /// First rank of each span.
    span_first,
    /// Last rank of each span.
    span_last,
    /// How each span ends.
    span_end,
    /// The same three in SemVer order.
    semver_first,
    /// Last rank.
    semver_last,
    /// How it ends.
    semver_end,
    /// Place of each listed version among the points of its package.
    listed_point,
    /// Each listed version as written.
    listed_text,
    /// Identifier of each advisory.
    advisory_id,
    /// What its feed calls the record: its identifier, or that with a number behind where several records of the feed have it.
    advisory_record,
    /// Feed it came from.
    advisory_feed,
    /// One line about it.
    advisory_summary,
    /// Flags of an advisory.
    advisory_flags,
    /// Number of links.
    advisory_references,
    /// When it was changed: lower half.
    modified_low,
    /// Upper half.
    modified_high,
    /// When it was published: lower half.
    published_low,
    /// Upper half.
    published_high,
    /// When it was taken back: lower half.
    withdrawn_low,
    /// Upper half.
    withdrawn_high,
    /// Other names.
    advisory_aliases_starts,
    /// Records it was made from.
    advisory_upstream_starts,
    /// Kinds of weakness.
    advisory_weaknesses_starts,
    /// Severities for all that is affected.
    advisory_severities_starts,
    /// Its entries, in `advisory_entries`.
    advisory_entries_starts,
    /// Vulnerability it belongs to.
    advisory_group,
    /// Entries by advisory.
    advisory_entries,
    /// Texts of aliases.
    aliases,
    /// Texts of upstream names.
    upstream,
    /// Place of each of them in `name_text`.
    upstream_name,
    /// Texts of weaknesses.
    weaknesses,
    /// Texts of architectures.
    architectures,
    /// Texts of operating systems.
    platforms,
    /// System of each severity of an advisory.
    severity_system,
    /// Its value.
    severity_value,
    /// Who says so.
    severity_source,
    /// The same three for entries.
    entry_severity_system,
    /// Its value.
    entry_severity_value,
    /// Who says so.
    entry_severity_source,
    /// Canonical name of each vulnerability.
    group_name,
    /// Its advisories.
    group_members_starts,
    /// Advisories by vulnerability.
    group_members,
    /// Names by which advisories are found, sorted without regard to case.
    name_text,
    /// What each name leads to.
    name_links_starts,
    /// Advisory of a link.
    link_advisory,
    /// Kind of a link.
    link_kind,
    /// Feed of each record that is taken away from the layers below.
    removed_feed,
    /// Its identifier.
    removed_id,
    /// Hash table of packages, two numbers a place: upper half of the hash, and number and one (0 for a free place).
    table,
}

/// The range of the items of row `number`.
pub(super) fn row(starts: &[u32], number: usize) -> std::ops::Range<usize> {
    match (starts.get(number), starts.get(number + 1)) {
        (Some(start), Some(end)) if start <= end => *start as usize..*end as usize,
        _ => 0..0,
    }
}

/// A number of 32 bits from the length of a list; a list that long is refused when the index is finished.
pub(super) fn narrow(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// The two halves of a number of 64 bits.
pub(super) fn halves(number: i64) -> (u32, u32) {
    let [a, b, c, d, e, f, g, h] = number.to_le_bytes();
    (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]))
}

/// The number of two halves.
pub(super) fn whole(low: u32, high: u32) -> i64 {
    let ([a, b, c, d], [e, f, g, h]) = (low.to_le_bytes(), high.to_le_bytes());
    i64::from_le_bytes([a, b, c, d, e, f, g, h])
}
