// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A file of a source, cut into its records: JSON lines, one JSON document or several, a JSON list, or an object that
//! holds a list. What is broken becomes a [`Fault`] and harms no other record.
//!
//! Where records end is told by counting brackets outside texts, not by parsing: so a record that is wrong inside ends
//! where it should. Each is then read once, to find its identifier and to be sure that it is whole.

use std::borrow::Cow;

use hashbrown::HashMap;
use underpin_model::limits::bounds;
use underpin_model::watch::source::Records;

use super::brackets::{self, Element};
use super::fault::{Fault, FaultCode};
use super::identifier;

/// A record as its source wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawRecord<'a> {
    /// Its identifier in the source. A further record of the same identifier and different content gets `#2`, `#3`, …
    /// behind it.
    pub id: Cow<'a, str>,
    /// Its bytes.
    pub bytes: Cow<'a, [u8]>,
}

/// Cuts a file into records, in the order of the file.
///
/// Records of one identifier: a repeated one of the same bytes is dropped silently. One of other bytes is kept too, for
/// in real files each of them names packages that the others do not; it is told as [`FaultCode::DuplicateRecord`].
/// Lists of exploited vulnerabilities and of likelihoods are one record each, named as their source.
pub fn split<'a>(records: Records, file_name: &str, bytes: &'a [u8]) -> Vec<Result<RawRecord<'a>, Fault>> {
    let whole = |id: &str| vec![Ok(RawRecord { id: Cow::Owned(id.to_owned()), bytes: Cow::Borrowed(bytes) })];
    // A document without a number is known by its place: `vex.json` can lie in many folders.
    let stem = if records == Records::CycloneDx { file_name } else { stem(file_name) };
    match records {
        Records::Kev => return whole("kev"),
        Records::Euvd => return whole("euvd"),
        Records::Epss => return whole("epss"),
        Records::EndOfLife if is_markdown(bytes) => return whole(stem),
        Records::EndOfLife | Records::Osv | Records::Cve | Records::Csaf | Records::OpenVex | Records::CycloneDx => {}
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut taken = Taken::default();
    for element in elements(records, file_name, bytes) {
        match element {
            Ok(element) => taken.add(records, stem, element),
            Err(fault) => taken.results.push(Err(fault)),
        }
        if taken.results.len() >= bounds::FEED_RECORDS {
            let detail = format!("more than {} records", bounds::FEED_RECORDS);
            taken.results.push(Err(Fault::new(FaultCode::TooManyRecords, "", detail)));
            break;
        }
    }
    taken.results
}

/// The name of a file without folders and endings.
fn stem(file_name: &str) -> &str {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    name.split_once('.').map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem })
}

/// True for a page with a head in YAML, as endoflife.date keeps its products.
fn is_markdown(bytes: &[u8]) -> bool {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start().starts_with(b"---")
}

/// The records of a file, as far as brackets tell.
fn elements<'a>(records: Records, file_name: &str, bytes: &'a [u8]) -> Vec<Result<Element<'a>, Fault>> {
    let trimmed = bytes.trim_ascii_start();
    // The older interface of endoflife.date gives the releases of one product as a list.
    if records == Records::EndOfLife && trimmed.first() == Some(&b'[') {
        return vec![Ok(Element { place: "/".into(), bytes: trimmed.trim_ascii_end() })];
    }
    if trimmed.first() == Some(&b'[') {
        return brackets::list(trimmed, "");
    }
    if is_lines(file_name, trimmed) {
        return brackets::lines(bytes);
    }
    let documents = brackets::documents(bytes);
    if records != Records::CycloneDx
        && let [Ok(one)] = documents.as_slice()
        && let Some((key, list)) = brackets::held_list(one.bytes)
        && matches!(identifier::of(records, one.bytes), Ok(None))
    {
        return brackets::list(list, &format!("/{key}"));
    }
    documents
}

/// True when every line is a record: the name says so, or one of the first two lines is a whole record and not the only
/// line.
fn is_lines(file_name: &str, bytes: &[u8]) -> bool {
    let name = file_name.to_ascii_lowercase();
    if [".jsonl", ".ndjson", ".jsonlines"].iter().any(|ending| name.ends_with(ending)) {
        return true;
    }
    let mut lines = bytes.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let (first, second) = (lines.next(), lines.next());
    second.is_some() && [first, second].into_iter().flatten().any(|line| brackets::end(line) == Some(line.len()))
}

/// What was taken so far.
#[derive(Default)]
struct Taken<'a> {
    results: Vec<Result<RawRecord<'a>, Fault>>,
    /// Where records of each identifier lie in `results`.
    by_id: HashMap<Cow<'a, str>, Vec<usize>>,
}

impl<'a> Taken<'a> {
    fn add(&mut self, records: Records, stem: &str, element: Element<'a>) {
        let Element { place, bytes } = element;
        let id = match identifier::of(records, bytes) {
            Ok(Some(id)) => id,
            Ok(None) if matches!(records, Records::EndOfLife | Records::CycloneDx) && !stem.is_empty() => {
                Cow::Owned(stem.to_owned())
            }
            Ok(None) => return self.refuse(FaultCode::NoId, place, ""),
            Err(error) => return self.refuse(FaultCode::UnreadableRecord, place, error.to_string()),
        };
        if id.len() > bounds::ADVISORY_ID_BYTES {
            return self.refuse(FaultCode::TooLarge, place, format!("an identifier of {} bytes", id.len()));
        }
        let others = self.by_id.entry(id.clone()).or_default();
        let is_same = |&index: &usize| matches!(&self.results[index], Ok(other) if other.bytes.as_ref() == bytes);
        if others.iter().any(is_same) {
            return;
        }
        let number = others.len() + 1;
        if number > bounds::DUPLICATE_RECORDS {
            let detail = format!("{id}: more than {} records of this identifier", bounds::DUPLICATE_RECORDS);
            return self.refuse(FaultCode::TooManyRecords, place, detail);
        }
        let kept = if number == 1 { id } else { Cow::Owned(format!("{id}#{number}")) };
        if number > 1 {
            let detail = format!("kept as {kept}");
            self.results.push(Err(Fault::new(FaultCode::DuplicateRecord, place, detail)));
        }
        others.push(self.results.len());
        self.results.push(Ok(RawRecord { id: kept, bytes: Cow::Borrowed(bytes) }));
    }

    fn refuse(&mut self, code: FaultCode, place: String, detail: impl Into<Cow<'static, str>>) {
        self.results.push(Err(Fault::new(code, place, detail)));
    }
}
