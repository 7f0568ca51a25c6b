// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reports as PDF, readable by everybody and for long: PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1) at once, tagged,
//! with their fonts inside.
//!
//! Words are handed to the layout as values and are never read as markup. A letter that the fonts do not have is written
//! as its number (`[U+4E2D]`), so nothing vanishes and nothing turns the direction of a line.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Array, Bytes, Datetime, Dict, Duration, IntoValue, Value};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};
use underpin_model::Timestamp;

use crate::Language;

const LAYOUT: &str = include_str!("../layouts/report.typ");
const FONTS: [&[u8]; 2] =
    [include_bytes!("../layouts/fonts/Inter-Regular.otf"), include_bytes!("../layouts/fonts/Inter-SemiBold.otf")];

static LETTERS: LazyLock<Vec<Font>> =
    LazyLock::new(|| FONTS.iter().flat_map(|bytes| Font::iter(Bytes::new(*bytes))).collect());

/// A report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Its title.
    pub title: String,
    /// Who says it: the name of the office.
    pub author: String,
    /// How secret it is, on every page; empty when it is not.
    pub marking: String,
    /// What stands at the foot of every page: as of when, and where it comes from.
    pub foot: String,
    /// When it was made.
    pub made: Timestamp,
    /// Its language.
    pub language: Language,
    /// What it says, in order.
    pub parts: Vec<Part>,
}

/// A part of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The sentence that says it all.
    Lead(String),
    /// A heading.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// Points of equal weight.
    List(Vec<String>),
    /// What is what: names of the two columns, then pairs.
    Facts([String; 2], Vec<[String; 2]>),
    /// A table: names of the columns, then rows, each as long as the names.
    Table(Vec<String>, Vec<Vec<String>>),
    /// Small print.
    Note(String),
}

/// A report could not be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PdfError(String);

impl std::fmt::Display for PdfError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "the report could not be written as PDF: {}", self.0)
    }
}

impl std::error::Error for PdfError {}

/// A report as the bytes of a PDF. The same report gives the same bytes.
///
/// # Errors
/// When a row is longer or shorter than its header, or the layout is at fault.
pub fn pdf(report: &Report) -> Result<Vec<u8>, PdfError> {
    let world = Desktop::new(value_of(report)?);
    let document: PagedDocument = typst::compile(&world).output.map_err(|faults| PdfError(told(&faults)))?;
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1]);
    let options = PdfOptions {
        standards: standards.map_err(|fault| PdfError(fault.message().to_string()))?,
        timestamp: moment(report.made),
        creator: typst::foundations::Smart::Custom(Some("Underpin".to_owned())),
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&document, &options).map_err(|faults| PdfError(told(&faults)));
    typst::comemo::evict(2);
    bytes
}

fn moment(at: Timestamp) -> Option<typst_pdf::Timestamp> {
    let at = jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::from_microsecond(at.0).ok()?);
    let part = |part: i8| u8::try_from(part).ok();
    let (month, day) = (part(at.month())?, part(at.day())?);
    let (hour, minute, second) = (part(at.hour())?, part(at.minute())?, part(at.second())?);
    Datetime::from_ymd_hms(at.year().into(), month, day, hour, minute, second).map(typst_pdf::Timestamp::new_utc)
}

fn told(faults: &[SourceDiagnostic]) -> String {
    faults.iter().map(|fault| fault.message.to_string()).collect::<Vec<_>>().join("; ")
}

fn value_of(report: &Report) -> Result<Value, PdfError> {
    let mut parts = Array::new();
    for part in &report.parts {
        parts.push(part_of(part)?);
    }
    let mut value = Dict::new();
    value.insert("title".into(), text(&report.title));
    value.insert("author".into(), text(&report.author));
    value.insert("marking".into(), text(&report.marking));
    let collection = crate::text(report.language, "collection-note", &[]);
    value.insert("foot".into(), text(&format!("{} {collection}", report.foot)));
    value.insert("language".into(), report.language.code().into_value());
    value.insert("parts".into(), parts.into_value());
    Ok(value.into_value())
}

fn part_of(part: &Part) -> Result<Value, PdfError> {
    let (kind, fields): (&str, Vec<(&str, Value)>) = match part {
        Part::Lead(words) => ("lead", vec![("text", text(words))]),
        Part::Heading(words) => ("heading", vec![("text", text(words))]),
        Part::Text(words) => ("text", vec![("text", text(words))]),
        Part::Note(words) => ("note", vec![("text", text(words))]),
        Part::List(items) => ("list", vec![("items", texts(items))]),
        Part::Facts(header, rows) => (
            "facts",
            vec![
                ("header", texts(header)),
                ("rows", rows.iter().map(|row| texts(row)).collect::<Array>().into_value()),
            ],
        ),
        Part::Table(header, rows) => {
            if rows.iter().any(|row| row.len() != header.len()) || header.is_empty() {
                return Err(PdfError("a row of a table is not as long as its header".to_owned()));
            }
            (
                "table",
                vec![
                    ("header", texts(header)),
                    ("rows", rows.iter().map(|row| texts(row)).collect::<Array>().into_value()),
                ],
            )
        }
    };
    let mut value = Dict::new();
    value.insert("kind".into(), kind.into_value());
    for (name, field) in fields {
        value.insert(name.into(), field);
    }
    Ok(value.into_value())
}

fn texts(words: &[String]) -> Value {
    words.iter().map(|word| text(word)).collect::<Array>().into_value()
}

fn text(words: &str) -> Value {
    written(words).into_value()
}

/// A text in letters that the fonts have.
fn written(words: &str) -> String {
    let mut result = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '\n' | '\t' | '\r' => result.push(' '),
            letter if letter.is_control() => {}
            // A soft hyphen and a break without width are wishes for the layout, not letters.
            '\u{ad}' | '\u{200b}' => result.push(letter),
            letter if LETTERS.iter().all(|font| font.info().coverage.contains(u32::from(letter))) => {
                result.push(letter)
            }
            letter => result.push_str(&format!("[U+{:04X}]", u32::from(letter))),
        }
    }
    result
}

/// What the layout can see: its own text, our fonts, and nothing else. No files, no packages, no clock.
struct Desktop {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    main: Source,
}

impl Desktop {
    fn new(report: Value) -> Self {
        let mut inputs = Dict::new();
        inputs.insert("report".into(), report);
        Self {
            library: LazyHash::new(Library::builder().with_inputs(inputs).build()),
            book: LazyHash::new(FontBook::from_fonts(LETTERS.iter())),
            main: Source::detached(LAYOUT),
        }
    }
}

impl World for Desktop {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        LETTERS.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(parts: Vec<Part>) -> Report {
        Report {
            title: "Log4Shell: 12 of 40 systems are hit".to_owned(),
            author: "Open Source Programme Office".to_owned(),
            marking: "TLP:AMBER".to_owned(),
            foot: "As of 10 December 2021, 08:00".to_owned(),
            made: Timestamp(1_639_123_200_000_000),
            language: Language::English,
            parts,
        }
    }

    fn words(list: &[&str]) -> Vec<String> {
        list.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn a_report_is_a_tagged_archive_that_says_its_language() {
        let parts = vec![
            Part::Lead("Four systems still wait for a fix.".to_owned()),
            Part::Heading("Who is hit".to_owned()),
            Part::Table(
                words(&["System", "State"]),
                vec![words(&["Tax portal", "open"]), words(&["Land register", "fixed"])],
            ),
            Part::Facts(["What".to_owned(), "How many".to_owned()], vec![["Hit".to_owned(), "12".to_owned()]]),
            Part::List(words(&["first", "second"])),
            Part::Text("Plain words.".to_owned()),
            Part::Note("Small print.".to_owned()),
        ];
        let bytes = pdf(&report(parts.clone())).expect("a report");
        assert!(bytes.starts_with(b"%PDF-1.7"), "{:?}", bytes.get(..9));
        let plain = String::from_utf8_lossy(&bytes);
        for mark in ["pdfaid:part>2<", "pdfaid:conformance>A<", "pdfuaid:part>1<", "/Lang", "/StructTreeRoot"] {
            assert!(plain.contains(mark), "{mark}");
        }
        assert_eq!(bytes, pdf(&report(parts)).expect("the same report"), "the same report gives the same bytes");
    }

    #[test]
    fn text_from_outside_is_never_markup() {
        let hostile = [
            "#read(\"/etc/passwd\")",
            "*bold* _it_ $x$ @ref <label>",
            "= heading",
            "中文 \u{202e}gnp.exe 🦀",
            "a\u{0}b",
        ];
        let parts = hostile.iter().map(|text| Part::Text((*text).to_owned())).chain([
            Part::List(words(&hostile)),
            Part::Table(words(&["a", "b"]), vec![words(&[hostile[0], hostile[3]])]),
            Part::Heading(hostile[3].to_owned()),
        ]);
        pdf(&Report { title: hostile[3].to_owned(), marking: hostile[0].to_owned(), ..report(parts.collect()) })
            .expect("a report");
        assert_eq!(written("中 \u{202e}a\u{0}b\nc"), "[U+4E2D] [U+202E]ab c");
        assert_eq!(written("Łódź – Ürümqi „Größe“ → 3 ≤ 4"), "Łódź – Ürümqi „Größe“ → 3 ≤ 4");
    }

    #[test]
    fn a_report_may_be_empty_or_long_but_its_tables_are_even() {
        assert!(pdf(&report(vec![])).is_ok());
        let rows = (0..2_000).map(|row| vec![format!("system {row}"), "open".repeat(row % 40)]).collect();
        assert!(pdf(&report(vec![Part::Table(words(&["System", "State"]), rows)])).is_ok());
        let uneven = Part::Table(words(&["a", "b"]), vec![words(&["1"])]);
        assert!(pdf(&report(vec![uneven])).is_err());
        assert!(pdf(&report(vec![Part::List(vec![]), Part::Facts(["a".to_owned(), "b".to_owned()], vec![])])).is_ok());
    }
}
