// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! An index as bytes and back: a file that is read in one go. Every number is looked at once when it is read, so that damaged
//! bytes give an error and never an answer.
//!
//! Magic, version, fingerprint of the lists of words, checksum of all that follows; lengths of the columns and of
//! the heap; columns; heap. Numbers are little-endian.

use underpin_model::watch::AffectedStatus;

use super::columns::{Columns, narrow};
use super::hash;
use super::index::Index;
use crate::version::Scheme;

const MAGIC: &[u8; 8] = b"UNDRPNIX";
/// Raise it when columns, ranks, hashes or the meaning of a word change.
const VERSION: u32 = 5;
const HEAD_BYTES: usize = 32;

/// Why bytes are no index. An index is derived: compile it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damaged {
    /// They are something else.
    #[error("this is no index of advisories")]
    OtherFile,
    /// They come from another version of the program.
    #[error("the index was compiled by another version")]
    OtherVersion,
    /// The end is missing, or there is too much.
    #[error("the index is cut off or too long")]
    Length,
    /// The checksum does not fit.
    #[error("the index is damaged: its checksum is wrong")]
    Checksum,
    /// A number leads nowhere.
    #[error("the index is damaged: {0} leads nowhere")]
    Column(&'static str),
    /// The texts are none.
    #[error("the index is damaged: its texts cannot be read")]
    Text,
}

/// Numbers in an index stand for places in these lists.
fn fingerprint() -> u32 {
    let words =
        Scheme::ALL.iter().map(|scheme| scheme.name()).chain(AffectedStatus::ALL.iter().map(|status| status.as_str()));
    let all: Vec<&str> = words.chain(Columns::NAMES.iter().copied()).collect();
    hash::checksum(all.join(" ").as_bytes()) as u32
}

impl Index {
    /// The index as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEAD_BYTES + self.bytes() + 8 * Columns::NAMES.len());
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&fingerprint().to_le_bytes());
        bytes.extend_from_slice(&[0; HEAD_BYTES - 16]);
        for column in self.columns.each() {
            bytes.extend_from_slice(&narrow(column.len()).to_le_bytes());
        }
        bytes.extend_from_slice(&narrow(self.heap.len()).to_le_bytes());
        for column in self.columns.each() {
            bytes.extend(column.iter().flat_map(|number| number.to_le_bytes()));
        }
        bytes.extend_from_slice(self.heap.as_bytes());
        let sum = hash::checksum(&bytes[HEAD_BYTES..]);
        bytes[16..24].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    /// The index that bytes hold.
    ///
    /// # Errors
    /// When they hold none, one of another version, or a damaged one.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Damaged> {
        let (head, body) = bytes.split_at_checked(HEAD_BYTES).ok_or(Damaged::OtherFile)?;
        let (magic, rest) = head.split_at(8);
        let (word, _) = rest.as_chunks::<4>();
        let [version, print, sum_low, sum_high, ..] = *word else { return Err(Damaged::OtherFile) };
        if magic != MAGIC {
            return Err(Damaged::OtherFile);
        }
        if u32::from_le_bytes(version) != VERSION || u32::from_le_bytes(print) != fingerprint() {
            return Err(Damaged::OtherVersion);
        }
        let sum = u64::from(u32::from_le_bytes(sum_low)) | u64::from(u32::from_le_bytes(sum_high)) << 32;
        if rest[16..] != [0; 8] || hash::checksum(body) != sum {
            return Err(Damaged::Checksum);
        }
        let (lengths, mut body) = body.split_at_checked(4 * (Columns::NAMES.len() + 1)).ok_or(Damaged::Length)?;
        let (lengths, _) = lengths.as_chunks::<4>();
        let mut columns = Columns::default();
        for (column, length) in columns.each_mut().into_iter().zip(lengths) {
            let size = u32::from_le_bytes(*length) as usize * 4;
            let (numbers, behind) = body.split_at_checked(size).ok_or(Damaged::Length)?;
            *column = numbers.as_chunks::<4>().0.iter().map(|number| u32::from_le_bytes(*number)).collect();
            body = behind;
        }
        let heap_bytes = lengths.last().map_or(0, |length| u32::from_le_bytes(*length) as usize);
        if body.len() != heap_bytes {
            return Err(Damaged::Length);
        }
        let heap = std::str::from_utf8(body).map_err(|_| Damaged::Text)?.to_owned();
        Self::of(heap, columns)
    }
}

/// Looks at every number once.
pub(super) fn check(heap: &str, c: &Columns) -> Result<(), Damaged> {
    let (texts, packages, entries) = (c.text_ends.len(), c.package_name.len(), c.entry_advisory.len());
    let (advisories, groups) = (c.advisory_id.len(), c.group_name.len());
    let mut last = 0;
    for end in &c.text_ends {
        if *end < last || !heap.is_char_boundary(*end as usize) {
            return Err(Damaged::Text);
        }
        last = *end;
    }
    if last as usize != heap.len() || texts == 0 {
        return Err(Damaged::Text);
    }
    lengths(c, [packages, entries, advisories])?;
    starts_lead(c, [packages, entries, advisories, groups])?;
    numbers_lead(c, [texts, packages, entries, advisories, groups])?;
    let (table, rest) = c.table.as_chunks::<2>();
    let is_sound =
        table.iter().all(|[_, number]| *number as usize <= packages) && table.iter().any(|[_, number]| *number == 0);
    if !table.len().is_power_of_two() || !rest.is_empty() || !is_sound {
        return Err(Damaged::Column("table"));
    }
    places_lead(c)
}

/// Columns that belong together are equally long.
fn lengths(c: &Columns, [packages, entries, advisories]: [usize; 3]) -> Result<(), Damaged> {
    let same: &[(&'static str, usize, &[&Vec<u32>])] = &[
        ("packages", packages, &[&c.package_ecosystem, &c.package_scheme]),
        (
            "entries",
            entries,
            &[
                &c.entry_package,
                &c.entry_status,
                &c.entry_status_word,
                &c.entry_module,
                &c.entry_flags,
                &c.entry_informational,
                &c.entry_part,
                &c.entry_cpe,
                &c.entry_beside,
                &c.advisory_entries,
            ],
        ),
        ("upstream", c.upstream.len(), &[&c.upstream_name]),
        ("spans", c.span_first.len(), &[&c.span_last, &c.span_end]),
        ("semver_spans", c.semver_first.len(), &[&c.semver_last, &c.semver_end]),
        ("listed", c.listed_point.len(), &[&c.listed_text]),
        (
            "advisories",
            advisories,
            &[
                &c.advisory_record,
                &c.advisory_feed,
                &c.advisory_summary,
                &c.advisory_flags,
                &c.advisory_references,
                &c.modified_low,
                &c.modified_high,
                &c.published_low,
                &c.published_high,
                &c.withdrawn_low,
                &c.withdrawn_high,
                &c.advisory_group,
                &c.group_members,
            ],
        ),
        ("severities", c.severity_system.len(), &[&c.severity_value, &c.severity_source]),
        ("entry_severities", c.entry_severity_system.len(), &[&c.entry_severity_value, &c.entry_severity_source]),
        ("links", c.link_advisory.len(), &[&c.link_kind]),
        ("removed", c.removed_feed.len(), &[&c.removed_id]),
    ];
    let wrong = same.iter().find(|(_, length, columns)| columns.iter().any(|column| column.len() != *length));
    wrong.map_or(Ok(()), |(name, ..)| Err(Damaged::Column(name)))
}

/// Columns of starts rise from 0 to the number of items.
fn starts_lead(c: &Columns, [packages, entries, advisories, groups]: [usize; 4]) -> Result<(), Damaged> {
    let all: &[(&'static str, &[u32], usize, usize)] = &[
        ("package_points_starts", &c.package_points_starts, packages, c.points.len()),
        ("package_semver_starts", &c.package_semver_starts, packages, c.semver_points.len()),
        ("package_entries_starts", &c.package_entries_starts, packages, entries),
        ("entry_spans_starts", &c.entry_spans_starts, entries, c.span_first.len()),
        ("entry_semver_starts", &c.entry_semver_starts, entries, c.semver_first.len()),
        ("entry_listed_starts", &c.entry_listed_starts, entries, c.listed_point.len()),
        ("entry_severities_starts", &c.entry_severities_starts, entries, c.entry_severity_system.len()),
        ("entry_architectures_starts", &c.entry_architectures_starts, entries, c.architectures.len()),
        ("entry_platforms_starts", &c.entry_platforms_starts, entries, c.platforms.len()),
        ("advisory_aliases_starts", &c.advisory_aliases_starts, advisories, c.aliases.len()),
        ("advisory_upstream_starts", &c.advisory_upstream_starts, advisories, c.upstream.len()),
        ("advisory_weaknesses_starts", &c.advisory_weaknesses_starts, advisories, c.weaknesses.len()),
        ("advisory_severities_starts", &c.advisory_severities_starts, advisories, c.severity_system.len()),
        ("advisory_entries_starts", &c.advisory_entries_starts, advisories, entries),
        ("group_members_starts", &c.group_members_starts, groups, advisories),
        ("name_links_starts", &c.name_links_starts, c.name_text.len(), c.link_advisory.len()),
    ];
    let is_sound = |starts: &[u32], rows: usize, items: usize| {
        starts.len() == rows + 1
            && starts.first() == Some(&0)
            && starts.last().is_some_and(|last| *last as usize == items)
            && starts.is_sorted()
    };
    let wrong = all.iter().find(|(_, starts, rows, items)| !is_sound(starts, *rows, *items));
    wrong.map_or(Ok(()), |(name, ..)| Err(Damaged::Column(name)))
}

/// Numbers of texts, packages, entries, advisories and vulnerabilities exist.
fn numbers_lead(c: &Columns, [texts, packages, entries, advisories, groups]: [usize; 5]) -> Result<(), Damaged> {
    let all: &[(&'static str, usize, &[&Vec<u32>])] = &[
        (
            "text",
            texts,
            &[
                &c.schemes,
                &c.package_ecosystem,
                &c.package_name,
                &c.points,
                &c.semver_points,
                &c.entry_status_word,
                &c.entry_module,
                &c.listed_text,
                &c.advisory_id,
                &c.advisory_record,
                &c.advisory_feed,
                &c.advisory_summary,
                &c.aliases,
                &c.upstream,
                &c.weaknesses,
                &c.architectures,
                &c.platforms,
                &c.entry_informational,
                &c.entry_part,
                &c.entry_cpe,
                &c.entry_beside,
                &c.severity_system,
                &c.severity_value,
                &c.severity_source,
                &c.entry_severity_system,
                &c.entry_severity_value,
                &c.entry_severity_source,
                &c.group_name,
                &c.name_text,
                &c.removed_feed,
                &c.removed_id,
            ],
        ),
        ("package", packages, &[&c.entry_package]),
        ("entry", entries, &[&c.advisory_entries]),
        ("advisory", advisories, &[&c.entry_advisory, &c.group_members, &c.link_advisory]),
        ("group", groups, &[&c.advisory_group]),
        ("name", c.name_text.len(), &[&c.upstream_name]),
        ("status", AffectedStatus::ALL.len(), &[&c.entry_status]),
        ("end", 4, &[&c.span_end, &c.semver_end]),
        ("link", 3, &[&c.link_kind]),
    ];
    let leads = |columns: &[&Vec<u32>], count: usize| {
        // The largest number of each column tells for all of them, and finding it has no branches.
        columns.iter().all(|column| column.iter().max().is_none_or(|largest| (*largest as usize) < count))
    };
    let wrong = all.iter().find(|(_, count, columns)| !leads(columns, *count));
    wrong.map_or(Ok(()), |(name, ..)| Err(Damaged::Column(name)))
}

/// Entries belong to the package whose row they stand in, and ranks and places lie among that package's versions.
fn places_lead(c: &Columns) -> Result<(), Damaged> {
    use super::columns::row;
    use super::pack::LAST_RANK;
    let within = |starts: &[u32], entry: usize, column: &[u32], points: usize, factor: usize| {
        let numbers = column.get(row(starts, entry)).unwrap_or_default();
        numbers.iter().all(|number| *number == LAST_RANK && factor == 2 || (*number as usize) <= points * factor)
    };
    for package in 0..c.package_name.len() {
        let points = row(&c.package_points_starts, package).len();
        let semver = row(&c.package_semver_starts, package).len();
        for entry in row(&c.package_entries_starts, package) {
            let sound = c.entry_package.get(entry).is_some_and(|number| *number as usize == package)
                && within(&c.entry_spans_starts, entry, &c.span_first, points, 2)
                && within(&c.entry_spans_starts, entry, &c.span_last, points, 2)
                && within(&c.entry_semver_starts, entry, &c.semver_first, semver, 2)
                && within(&c.entry_semver_starts, entry, &c.semver_last, semver, 2)
                && within(&c.entry_listed_starts, entry, &c.listed_point, points, 1);
            if !sound {
                return Err(Damaged::Column("ranks"));
            }
        }
    }
    Ok(())
}
