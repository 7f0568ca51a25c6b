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
        // Other spellings of a server would be taken for a file whose name holds a password.
        if is_connection_string(text) {
            return Err(LedgerError::InvalidLocation("key=value …".to_owned()));
        }
        let lower = text.to_ascii_lowercase();
        let path = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")).unwrap_or(text);
        if path.is_empty() || path.contains("://") || lower.starts_with("postgres") && text.contains('@') {
            return Err(LedgerError::InvalidLocation(scheme_alone(text)));
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

/// The scheme and `…` for a text that is no location: who knows what stands in it.
fn scheme_alone(text: &str) -> String {
    match text.split_once(':') {
        Some((scheme, _)) if scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)) => {
            format!("{scheme}:…")
        }
        _ if text.is_empty() => String::new(),
        _ => "…".to_owned(),
    }
}

/// True for what PostgreSQL's own tools take: `host=… password=…`.
fn is_connection_string(text: &str) -> bool {
    let words = ["host", "hostaddr", "port", "dbname", "user", "password", "passfile", "service", "sslmode"];
    let mut before_equals = text.split('=').filter_map(|part| part.split_whitespace().last());
    !std::path::Path::new(text).exists()
        && before_equals.any(|word| words.contains(&word.to_ascii_lowercase().as_str()))
        && text.contains('=')
}

/// Takes out the password and the whole query (which may hold `password=`). Where it is not sure what is the password
/// (it holds a `/`, `?`, `#` or `@` that is not escaped), only scheme and host are shown, or the scheme alone.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return scheme_alone(url) };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let before_query = rest.split(['?', '#']).next().unwrap_or_default();
    if rest.matches('@').count() > authority.matches('@').count() {
        return format!("{scheme}://…");
    }
    match authority.rsplit_once('@') {
        Some((account, host)) if account.contains(':') => {
            let user = account.split(':').next().unwrap_or_default();
            let path = before_query.strip_prefix(authority).unwrap_or_default();
            format!("{scheme}://{user}:***@{host}{path}")
        }
        _ => format!("{scheme}://{before_query}"),
    }
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
        for text in [
            "",
            "  ",
            "mysql://root:secret@host/db",
            "host=db password=secret",
            "password = 'secret' host = db",
            "PASSWORD=secret",
            "Postgres://u:secret@host/db",
            "postgres:u:secret@host/db",
            "postgresq://u:secret@host/db",
            "u:secret@host://",
        ] {
            let error = text.parse::<Location>().expect_err(text);
            assert_eq!(error.code(), "invalid-location");
            assert!(!format!("{error} {error:?}").contains("secret"));
        }
    }

    #[test]
    fn passwords_are_never_shown() {
        for (url, shown) in [
            ("postgres://u:secret@host:5432/db", "postgres://u:***@host:5432/db"),
            ("postgres://u:se/cr@et@host/db", "postgres://…"),
            ("postgres://u:se?cr@host/db", "postgres://…"),
            ("postgres://u:se#cr@host/db", "postgres://…"),
            ("postgres://u:se@cret@host/db", "postgres://u:***@host/db"),
            ("postgres://u:secret@/db?host=a@b", "postgres://…"),
            ("postgres://u@host/db?password=secret", "postgres://u@host/db"),
            ("postgres://host/db", "postgres://host/db"),
        ] {
            let location = url.parse::<Location>().expect(url);
            assert_eq!(location.to_string(), shown);
            assert_eq!(format!("{location:?}"), shown);
        }
    }
}
