// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reads the daily file of EPSS (first.org/epss): a comment with model and date, then CVE, score and percentile a line.

use std::borrow::Cow;

use underpin_model::Limits;
use underpin_model::gap::GapCode;
use underpin_model::inventory::Text;
use underpin_model::limits::bounds;
use underpin_model::watch::Likelihood;

use super::fault::{Fault, FaultCode};
use super::listing::Listing;
use super::wire::{Notes, Place, time};
use crate::reader::Unreadable;

/// Reads the file, unpacked.
///
/// # Errors
/// When it has no columns `cve` and `epss`, or no line that can be read.
pub fn read<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Listing<'a, Likelihood<'a>>, Unreadable> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match str::from_utf8(bytes) {
        Ok(text) => parse(text, limits),
        Err(_) => {
            parse(&String::from_utf8_lossy(bytes), limits).map(|listing| listing.into_owned(Likelihood::into_owned))
        }
    }
}

fn parse<'a>(text: &'a str, limits: &Limits) -> Result<Listing<'a, Likelihood<'a>>, Unreadable> {
    let notes = Notes::new(limits);
    let mut listing = Listing::default();
    let mut columns = None;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        let at = &Place::Index(&Place::Root, index + 1);
        if let Some(comment) = line.strip_prefix('#') {
            remark(&mut listing, comment, at, &notes);
        } else if line.is_empty() {
        } else if let Some(columns) = &columns {
            match entry(line, columns) {
                Some(_) if listing.entries.len() >= bounds::FEED_RECORDS => {
                    notes.add(GapCode::TooManyElements, at, "");
                    break;
                }
                Some(entry) => listing.entries.push(entry),
                None => notes.add(GapCode::MalformedLine, at, ""),
            }
        } else {
            columns = Some(Columns::of_head(line).ok_or_else(|| {
                Fault::new(FaultCode::UnreadableRecord, format!("line {}", index + 1), "no columns cve and epss")
            })?);
        }
    }
    if listing.entries.is_empty() {
        return Err(Fault::new(FaultCode::UnreadableRecord, "", "no line with a likelihood").into());
    }
    listing.gaps = notes.into_gaps();
    Ok(listing)
}

/// `model_version:v2026.01.01,score_date:2026-01-02T00:00:00+0000`.
fn remark<'a>(listing: &mut Listing<'a, Likelihood<'a>>, comment: &'a str, at: &Place<'_>, notes: &Notes<'_>) {
    for part in comment.split(',') {
        match part.split_once(':') {
            Some((key, value)) if key.trim() == "model_version" => listing.version = Cow::Borrowed(value.trim()),
            Some((key, value)) if key.trim() == "score_date" => listing.released = time(value.trim(), at, notes),
            _ => {}
        }
    }
}

struct Columns {
    vulnerability: usize,
    score: usize,
    percentile: Option<usize>,
}

impl Columns {
    fn of_head(line: &str) -> Option<Self> {
        let column = |name| line.split(',').position(|cell| unquoted(cell).eq_ignore_ascii_case(name));
        Some(Self { vulnerability: column("cve")?, score: column("epss")?, percentile: column("percentile") })
    }
}

fn unquoted(cell: &str) -> &str {
    cell.trim().trim_matches('"')
}

/// A line; `None` when it has no CVE or a share that is none.
fn entry<'a>(line: &'a str, columns: &Columns) -> Option<Likelihood<'a>> {
    let cell = |column: usize| line.split(',').nth(column).map(unquoted);
    let share = |column| cell(column)?.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    let vulnerability =
        cell(columns.vulnerability).filter(|id| !id.is_empty() && id.len() <= bounds::ADVISORY_ID_BYTES)?;
    Some(Likelihood {
        vulnerability: Text::Borrowed(vulnerability),
        score: share(columns.score)?,
        percentile: columns.percentile.map_or(Some(0.0), share)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_and_broken_lines_are_told() {
        let text = "#model_version:v2026.01.01,score_date:2026-01-02T00:00:00+0000\r\ncve,epss,percentile\r\n\
            CVE-2026-1,0.00043,0.1\r\n\r\nCVE-2026-2,1.5,0.2\nCVE-2026-3,NaN,0.2\nCVE-2026-4\n,0.1,0.1\nCVE-2026-5,0.97,1.0";
        let listing = read(text.as_bytes(), &Limits::default()).unwrap();
        let likelihood =
            |id: &'static str, score, percentile| Likelihood { vulnerability: id.into(), score, percentile };
        assert_eq!(listing.entries, [likelihood("CVE-2026-1", 0.00043, 0.1), likelihood("CVE-2026-5", 0.97, 1.0)]);
        assert_eq!(listing.version, "v2026.01.01");
        assert_eq!(listing.released, "2026-01-02".parse().ok());
        assert_eq!((listing.gaps.count(GapCode::MalformedLine), listing.gaps.total()), (4, 4));
    }

    #[test]
    fn what_is_no_such_file_is_refused() {
        for text in ["", "<html>", "cve,epss\n", "cve,score\nCVE-2026-1,0.5\n", "{}"] {
            assert!(read(text.as_bytes(), &Limits::default()).is_err(), "{text}");
        }
    }
}
