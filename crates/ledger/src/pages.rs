// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reading very many rows: a page of them as one long text.
//!
//! The drivers copy every value of every row on its own; with a nation's sixty thousand systems that is most of the
//! time of a snapshot. So the database is asked to write each row as a line and to join a thousand lines into one
//! value, which is then taken apart here. Numbers and hashes end with a blank; texts come after their length in bytes
//! and a colon, so that they may hold anything.

use crate::LedgerError;
use crate::database::Session;
use crate::value::{Value, values};

/// Keys of one page.
const PAGE: i64 = 1_000;

/// A column and how it is written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Field {
    /// A number, possibly none.
    Number(&'static str),
    /// A text; none is read as empty.
    Text(&'static str),
    /// A SHA-256, possibly none.
    Hash(&'static str),
}

/// The expression that writes a row as a line.
pub(crate) fn line(session: &Session, fields: &[Field]) -> String {
    let write = |field: &Field| match field {
        Field::Number(column) => format!("COALESCE(CAST({column} AS TEXT), '') || ' '"),
        Field::Text(column) => {
            format!("CAST(octet_length(COALESCE({column}, '')) AS TEXT) || ':' || COALESCE({column}, '')")
        }
        Field::Hash(column) if session.is_postgres() => format!("COALESCE(encode({column}, 'hex'), '') || ' '"),
        Field::Hash(column) => format!("COALESCE(hex({column}), '') || ' '"),
    };
    fields.iter().map(write).collect::<Vec<_>>().join(" || ")
}

/// Which rows to read.
#[derive(Debug)]
pub(crate) struct Rows<'s> {
    /// The table.
    pub(crate) table: &'s str,
    /// A column of positive numbers, with an index.
    pub(crate) key: &'s str,
    /// What to read of each row.
    pub(crate) fields: &'s [Field],
    /// Which rows; may mention `$1…` of the values.
    pub(crate) condition: &'s str,
}

/// Hands over all rows of a table that fulfil the condition, page by page of the key, in no order within a page.
pub(crate) async fn read(
    session: &mut Session,
    rows: Rows<'_>,
    values: Vec<Value>,
    mut take: impl FnMut(&mut Line<'_>) -> Result<(), LedgerError>,
) -> Result<(), LedgerError> {
    let Rows { table, key, fields, condition } = rows;
    let last = session.row(&format!("SELECT MAX({key}) FROM {table}"), vec![]).await?;
    let last = last.map(|row| row.optional_integer(0)).transpose()?.flatten().unwrap_or(0);
    let (from, to) = (values.len() + 1, values.len() + 2);
    let sql = format!(
        "SELECT string_agg(line, '') FROM (SELECT {} AS line FROM {table} \
         WHERE {key} >= ${from} AND {key} < ${to} AND ({condition})) AS page",
        line(session, fields)
    );
    let mut start = 0;
    while start <= last {
        let end = start.saturating_add(PAGE);
        let page: Vec<Value> = values.iter().cloned().chain(values![start, end]).collect();
        if let Some(text) = session.row(&sql, page).await?.map(|row| row.optional_text(0)).transpose()?.flatten() {
            let mut line = Line { rest: &text };
            while !line.rest.is_empty() {
                take(&mut line)?;
            }
        }
        start = end;
    }
    Ok(())
}

/// A line, read from the left.
#[derive(Debug)]
pub(crate) struct Line<'t> {
    rest: &'t str,
}

impl<'t> Line<'t> {
    /// Reads a row that was written as a line.
    pub(crate) fn new(text: &'t str) -> Self {
        Self { rest: text }
    }

    fn until(&mut self, end: char) -> Result<&'t str, LedgerError> {
        let (word, rest) = self.rest.split_once(end).ok_or_else(broken)?;
        self.rest = rest;
        Ok(word)
    }

    /// The next number, if any.
    pub(crate) fn optional_integer(&mut self) -> Result<Option<i64>, LedgerError> {
        match self.until(' ')? {
            "" => Ok(None),
            word => word.parse().map(Some).map_err(|_| broken()),
        }
    }

    /// The next number.
    pub(crate) fn integer(&mut self) -> Result<i64, LedgerError> {
        self.optional_integer()?.ok_or_else(broken)
    }

    /// The next number, which is a count or size.
    pub(crate) fn count(&mut self) -> Result<u64, LedgerError> {
        u64::try_from(self.integer()?).map_err(|_| broken())
    }

    /// The next text.
    pub(crate) fn text(&mut self) -> Result<&'t str, LedgerError> {
        let length = self.until(':')?.parse::<usize>().map_err(|_| broken())?;
        let (text, rest) = self.rest.split_at_checked(length).ok_or_else(broken)?;
        self.rest = rest;
        Ok(text)
    }

    /// The next text, which stands for a value.
    pub(crate) fn word<T: std::str::FromStr<Err = String>>(&mut self) -> Result<T, LedgerError> {
        self.text()?.parse().map_err(|detail| LedgerError::Damaged { place: "a stored word".to_owned(), detail })
    }

    /// The next hash, if any.
    pub(crate) fn optional_hash(&mut self) -> Result<Option<[u8; 32]>, LedgerError> {
        let word = self.until(' ')?;
        if word.is_empty() {
            return Ok(None);
        }
        let mut hash = [0; 32];
        let digits = word.as_bytes();
        if digits.len() != 64 {
            return Err(broken());
        }
        for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
            let [high, low] = [pair.first(), pair.last()].map(|digit| digit.and_then(|digit| nibble(*digit)));
            *byte = high.zip(low).map(|(high, low)| high << 4 | low).ok_or_else(broken)?;
        }
        Ok(Some(hash))
    }

    /// The next hash.
    pub(crate) fn hash(&mut self) -> Result<[u8; 32], LedgerError> {
        self.optional_hash()?.ok_or_else(broken)
    }
}

fn nibble(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

fn broken() -> LedgerError {
    LedgerError::Damaged { place: "a page of rows".to_owned(), detail: "a value is not what it should be".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_hold_anything_and_broken_ones_are_errors() {
        let hash = "0a".repeat(32);
        let text = format!("7  5:1 2:31:ü{hash}  0:-1 ").replace("31:ü", "2:ü");
        let mut line = Line::new(&text);
        assert_eq!(line.integer().ok(), Some(7));
        assert_eq!(line.optional_integer().ok(), Some(None));
        assert_eq!(line.text().ok(), Some("1 2:2"));
        let mut line = Line::new("4:a: b2:ü");
        assert_eq!((line.text().ok(), line.text().ok()), (Some("a: b"), Some("ü")));
        let both = format!("{hash}  ");
        let mut line = Line::new(&both);
        assert_eq!(line.hash().ok(), Some([10; 32]));
        assert_eq!(line.optional_hash().ok(), Some(None));
        for broken in ["", "x ", "9223372036854775808 ", "3:ab", "1:ü", "-1:a", ":a", "99999999999999999999:a", "zz "]
        {
            assert!(Line::new(broken).integer().is_err(), "{broken}");
            assert!(Line::new(broken).text().is_err(), "{broken}");
            assert!(Line::new(broken).hash().is_err(), "{broken}");
        }
        assert!(Line::new("-1 ").count().is_err());
        assert!(Line::new(&"zz".repeat(32)).hash().is_err());
    }
}
