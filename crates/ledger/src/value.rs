// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The few kinds of values that both databases know, going in ([`Value`]) and coming out ([`Row`]).
//!
//! Booleans are integers 0 and 1, moments are microseconds. Columns are read by position: names would be looked up
//! for each of many thousand rows.

use sqlx::Row as _;
use sqlx::encode::{Encode, IsNull};
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgRow, PgTypeInfo, Postgres};
use sqlx::sqlite::SqliteRow;

use underpin_model::{EvidenceId, Timestamp};

use crate::LedgerError;

/// A value to bind.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// Nothing, of any type.
    Null,
    /// A number, moment or truth value.
    Integer(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

macro_rules! into_value {
    ($($kind:ty, $value:ident => $result:expr;)*) => {
        $(impl From<$kind> for Value {
            fn from($value: $kind) -> Self { $result }
        })*
    };
}
into_value! {
    i64, value => Self::Integer(value);
    u32, value => Self::Integer(value.into());
    // A size beyond 2^63 cannot occur in a file; the end of the range is an honest stand-in.
    u64, value => Self::Integer(i64::try_from(value).unwrap_or(i64::MAX));
    bool, value => Self::Integer(value.into());
    &str, value => Self::Text(without_nul(value.to_owned()));
    String, value => Self::Text(without_nul(value));
    &String, value => Self::Text(without_nul(value.clone()));
    Timestamp, value => Self::Integer(value.0);
    EvidenceId, value => Self::Bytes(value.0.to_vec());
    [u8; 32], value => Self::Bytes(value.to_vec());
    Vec<u8>, value => Self::Bytes(value);
    &[u8; 32], value => Self::Bytes(value.to_vec());
}

/// PostgreSQL refuses the character NUL in texts; hostile documents contain it. Both databases get the same stand-in.
pub(crate) fn without_nul(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{FFFD}") } else { text }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Builds a `Vec<Value>`.
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::value::Value::from($value)),*] };
}
pub(crate) use values;

/// NULL for PostgreSQL without a type of its own (object identifier 0), so that the server takes the column's.
pub(crate) struct UntypedNull;

impl sqlx::Type<Postgres> for UntypedNull {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(0))
    }
}

impl Encode<'_, Postgres> for UntypedNull {
    fn encode_by_ref(&self, _: &mut PgArgumentBuffer) -> Result<IsNull, sqlx::error::BoxDynError> {
        Ok(IsNull::Yes)
    }
}

/// A row of an answer.
pub(crate) enum Row {
    /// From SQLite.
    Sqlite(SqliteRow),
    /// From PostgreSQL.
    Postgres(PgRow),
}

macro_rules! getters {
    ($($(#[doc = $doc:literal])* $name:ident: $kind:ty;)*) => {
        impl Row {
            $($(#[doc = $doc])* pub(crate) fn $name(&self, column: usize) -> Result<$kind, LedgerError> {
                Ok(match self {
                    Self::Sqlite(row) => row.try_get_unchecked(column)?,
                    Self::Postgres(row) => row.try_get(column)?,
                })
            })*
        }
    };
}
getters! {
    /// The number in a column.
    integer: i64;
    /// The number in a column, if any.
    optional_integer: Option<i64>;
    /// The text in a column.
    text: String;
    /// The text in a column, if any.
    optional_text: Option<String>;
}

impl Row {
    /// The text in a column, borrowed from the row.
    pub(crate) fn text_ref(&self, column: usize) -> Result<&str, LedgerError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get_unchecked(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    /// The bytes in a column, borrowed from the row.
    fn bytes_ref(&self, column: usize) -> Result<&[u8], LedgerError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get_unchecked(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    /// Bytes, if any.
    pub(crate) fn optional_bytes(&self, column: usize) -> Result<Option<Vec<u8>>, LedgerError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get_unchecked(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    /// A moment.
    pub(crate) fn timestamp(&self, column: usize) -> Result<Timestamp, LedgerError> {
        self.integer(column).map(Timestamp)
    }

    /// A moment, if any.
    pub(crate) fn optional_timestamp(&self, column: usize) -> Result<Option<Timestamp>, LedgerError> {
        Ok(self.optional_integer(column)?.map(Timestamp))
    }

    /// A count or size, which is never negative.
    pub(crate) fn count(&self, column: usize) -> Result<u64, LedgerError> {
        let number = self.integer(column)?;
        u64::try_from(number).map_err(|_| damaged(column, format!("a negative count, {number}")))
    }

    /// A SHA-256.
    pub(crate) fn sha256(&self, column: usize) -> Result<[u8; 32], LedgerError> {
        let bytes = self.bytes_ref(column)?;
        bytes.try_into().map_err(|_| damaged(column, format!("{} bytes for a SHA-256", bytes.len())))
    }

    /// A word that stands for a value.
    pub(crate) fn word<T: std::str::FromStr<Err = String>>(&self, column: usize) -> Result<T, LedgerError> {
        self.text_ref(column)?.parse().map_err(|detail| damaged(column, detail))
    }
}

fn damaged(column: usize, detail: String) -> LedgerError {
    LedgerError::Damaged { place: format!("column {column} of a row"), detail }
}
