// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Where a ledger lies: a SQLite file or a PostgreSQL database.
//!
//! Written as a path (`data/ledger.sqlite`, `sqlite:data/ledger.sqlite`) or a URL (`postgres://user@host/database`).
//! Shown without the password: a location ends up in messages and logs.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use crate::LedgerError;

/// Where a ledger lies.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// A SQLite file; it and its folder are made when missing.
    Sqlite(PathBuf),
    /// A PostgreSQL URL.
    Postgres(String),
}

impl FromStr for Location {
    type Err = LedgerError;

    fn from_str(text: &str) -> Result<Self, LedgerError> {
        let text = text.trim();
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        let path = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")).unwrap_or(text);
        if path.is_empty() || path.contains("://") {
            return Err(LedgerError::InvalidLocation(without_password(text)));
        }
        Ok(Self::Sqlite(PathBuf::from(path)))
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "{}", path.display()),
            Self::Postgres(url) => f.write_str(&without_password(url)),
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Takes out what stands between the first colon of the authority and its last `@`, and the whole query (which may
/// hold `password=`). A password with an unescaped `/` makes the end of the authority unsure, so the last `@` counts.
fn without_password(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let rest = rest.split('?').next().unwrap_or_default();
    let shown = match rest.rsplit_once('@') {
        Some((account, host)) => match account.split_once(':') {
            Some((user, _)) => format!("{user}:***@{host}"),
            None => rest.to_owned(),
        },
        None => rest.to_owned(),
    };
    if scheme.is_empty() { shown } else { format!("{scheme}://{shown}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_paths_and_urls() {
        for (text, expected) in [
            ("data/ledger.sqlite", Location::Sqlite("data/ledger.sqlite".into())),
            ("sqlite:/var/ledger", Location::Sqlite("/var/ledger".into())),
            ("sqlite:///var/ledger", Location::Sqlite("/var/ledger".into())),
            ("postgresql://host/db", Location::Postgres("postgresql://host/db".into())),
        ] {
            assert_eq!(text.parse::<Location>().expect(text), expected);
        }
        for text in ["", "  ", "mysql://root:secret@host/db"] {
            let error = text.parse::<Location>().expect_err(text);
            assert_eq!(error.code(), "invalid-location");
            assert!(!format!("{error} {error:?}").contains("secret"));
        }
    }

    #[test]
    fn passwords_are_never_shown() {
        for (url, shown) in [
            ("postgres://u:secret@host:5432/db", "postgres://u:***@host:5432/db"),
            ("postgres://u:se/cr@et@host/db", "postgres://u:***@host/db"),
            ("postgres://u@host/db?password=secret", "postgres://u@host/db"),
            ("postgres://host/db", "postgres://host/db"),
        ] {
            let location = url.parse::<Location>().expect(url);
            assert_eq!(location.to_string(), shown);
            assert_eq!(format!("{location:?}"), shown);
        }
    }
}
