// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What every picture has around it. None of it can be left out: a picture without its unit, its source, its moment or the rows behind it
//! is not an answer.

use underpin_model::Timestamp;

use super::Picture;
use super::canvas::{Canvas, Width, escaped};
use crate::{Argument, Language, dates, numbers, text};

/// A picture with all that belongs to it.
#[derive(Clone, Debug)]
pub struct Figure {
    /// Name on its page: letters, digits, hyphens.
    pub id: &'static str,
    /// What it shows, as a sentence worked out from the numbers.
    pub headline: String,
    /// What is measured, in which unit.
    pub subtitle: String,
    /// Where the numbers come from.
    pub source: String,
    /// The moment they are about.
    pub as_of: Timestamp,
    /// Address of the rows as CSV.
    pub csv_href: String,
    /// A query over the same tables that gives these numbers.
    pub sql: String,
    /// Language of its words.
    pub language: Language,
    /// The picture.
    pub picture: Picture,
}

/// The rows behind a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Heads of the columns; the first names the rows.
    pub columns: Vec<Column>,
    /// Rows, each with a cell for every column.
    pub rows: Vec<Vec<Cell>>,
}

/// The head of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Words.
    pub text: String,
    /// Whether numbers stand in it.
    pub is_number: bool,
}

/// A cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Words.
    pub text: String,
    /// Where it leads; empty for nowhere.
    pub href: String,
}

impl Table {
    /// An empty table: names of columns, and whether numbers stand in them.
    pub(super) fn of(columns: &[(&str, bool)]) -> Self {
        let column = |(text, is_number): &(&str, bool)| Column { text: (*text).to_owned(), is_number: *is_number };
        Self { columns: columns.iter().map(column).collect(), rows: Vec::new() }
    }
}

impl Cell {
    /// Words that lead nowhere.
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), href: String::new() }
    }

    /// Words that lead somewhere.
    pub(super) fn linked(text: impl Into<String>, href: &str) -> Self {
        Self { text: text.into(), href: href.to_owned() }
    }
}

impl Figure {
    /// The wide picture, as markup that is safe to put into a page.
    pub fn wide(&self) -> String {
        self.drawn(Width::Wide)
    }

    /// The narrow one.
    pub fn narrow(&self) -> String {
        self.drawn(Width::Narrow)
    }

    /// The rows behind it.
    pub fn table(&self) -> Table {
        self.picture.table(self.language)
    }

    /// What the picture shows, for who cannot see it.
    pub fn description(&self) -> String {
        format!("{} {}", self.subtitle, self.picture.describe(self.language))
    }

    /// The moment, as people write it.
    pub fn moment(&self) -> String {
        dates::minute(self.language, self.as_of)
    }

    fn drawn(&self, kind: Width) -> String {
        let mut canvas = Canvas::new(kind);
        self.picture.draw(&mut canvas, self.language);
        canvas.finish(self.id, &self.headline, &self.description())
    }

    /// The wide picture as a file of its own, with the colours of paper: for documents and mails.
    pub fn file(&self) -> String {
        let drawn = self.wide();
        let (head, rest) = drawn.split_once('>').unwrap_or((&drawn, ""));
        format!(
            "{head} xmlns=\"http://www.w3.org/2000/svg\" font-family=\"Inter, sans-serif\" xml:lang=\"{}\"><style>{}</style>{rest}",
            escaped(self.language.code()),
            super::PAPER
        )
    }
}

/// A number in a picture: in full, or with its size as a word where it would be too long.
pub(super) fn short(language: Language, count: u64) -> String {
    const SIZES: [(u64, &str); 3] =
        [(1_000_000_000_000, "chart-trillion"), (1_000_000_000, "chart-billion"), (10_000_000, "chart-million")];
    let Some((from, key)) = SIZES.into_iter().find(|(from, _)| count >= *from) else {
        return numbers::count(language, count);
    };
    let size = from.min(if key == "chart-million" { 1_000_000 } else { from });
    let tenths = count / (size / 10);
    let number =
        if tenths >= 1_000 { numbers::count(language, tenths / 10) } else { numbers::tenths(language, tenths) };
    text(language, key, &[("number", Argument::Text(&number))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_get_short() {
        for (count, english, german) in [
            (0, "0", "0"),
            (9_999_999, "9,999,999", "9\u{202f}999\u{202f}999"),
            (12_345_678, "12.3 m", "12,3 Mio."),
            (123_456_789, "123 m", "123 Mio."),
            (2_500_000_000, "2.5 bn", "2,5 Mrd."),
            (u64::MAX, "18,446,744 tn", "18\u{202f}446\u{202f}744 Bio."),
        ] {
            assert_eq!(short(Language::English, count), english);
            assert_eq!(short(Language::German, count), german);
        }
    }
}
