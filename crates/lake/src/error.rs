// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What can go wrong in the lake.

use std::path::{Path, PathBuf};

use datafusion::arrow::error::ArrowError;
use datafusion::error::DataFusionError;
use parquet::errors::ParquetError;

/// An error of the lake.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// A file or folder could not be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        error: std::io::Error,
    },
    /// A file of the lake is not what the catalogue says it is.
    #[error("{}: {problem}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The store elsewhere did not do what it was asked for, and may do it later.
    #[error("{place}: {problem}")]
    StoreFailed {
        /// The file, by its address in the store.
        place: String,
        /// What happened; never what gives access.
        problem: String,
    },
    /// The store elsewhere does not let us in.
    #[error("{place}: the store refuses what the environment gives as access")]
    StoreRefused {
        /// The file, by its address in the store.
        place: String,
    },
    /// Columnar data could not be made or read.
    #[error("columnar data: {0}")]
    Columns(String),
    /// A query is not allowed or not understood.
    #[error("{0}")]
    Query(String),
    /// A query took longer or more memory than it may.
    #[error("{0}")]
    Limit(String),
}

impl LakeError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::File { error, .. } if error.kind() == std::io::ErrorKind::StorageFull => "disk-full",
            Self::File { .. } => "lake-file",
            Self::Damaged { .. } => "lake-damaged",
            Self::StoreFailed { .. } => "store-failed",
            Self::StoreRefused { .. } => "store-refused",
            Self::Columns(_) => "lake-columns",
            Self::Query(_) => "query-refused",
            Self::Limit(_) => "query-limit",
        }
    }

    pub(crate) fn file(path: impl AsRef<Path>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.as_ref().to_owned();
        move |error| Self::File { path, error }
    }

    pub(crate) fn damaged(path: impl AsRef<Path>, problem: impl Into<String>) -> Self {
        Self::Damaged { path: path.as_ref().to_owned(), problem: problem.into() }
    }
}

impl LakeError {
    /// The same error, naming the file where only the operating system's part of it is known.
    pub(crate) fn at(self, file: &Path) -> Self {
        match self {
            Self::File { path, error } if path.as_os_str().is_empty() => Self::File { path: file.to_owned(), error },
            other => other,
        }
    }
}

impl From<ArrowError> for LakeError {
    fn from(error: ArrowError) -> Self {
        Self::Columns(error.to_string())
    }
}

impl From<ParquetError> for LakeError {
    /// An error of the operating system stays one, so that a full disk is told from broken data.
    fn from(error: ParquetError) -> Self {
        match error {
            ParquetError::External(inner) => match inner.downcast::<std::io::Error>() {
                Ok(error) => Self::File { path: PathBuf::new(), error: *error },
                Err(other) => Self::Columns(other.to_string()),
            },
            other => Self::Columns(other.to_string()),
        }
    }
}

impl From<DataFusionError> for LakeError {
    /// An error about the text of a query keeps its words; it was met before any row was read. Of files and of the
    /// engine's own parts nothing is told.
    fn from(error: DataFusionError) -> Self {
        if let Some(failure) = store_failure(&error) {
            return failure;
        }
        match error.find_root() {
            DataFusionError::ResourcesExhausted(message) => Self::Limit(message.clone()),
            DataFusionError::ObjectStore(_)
            | DataFusionError::ParquetError(_)
            | DataFusionError::IoError(_)
            | DataFusionError::External(_)
            | DataFusionError::Internal(_) => Self::Query(NOT_CARRIED_OUT.to_owned()),
            root => Self::Query(root.strip_backtrace()),
        }
    }
}

/// That the store failed below a query, without the file it failed on.
fn store_failure(error: &DataFusionError) -> Option<LakeError> {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(cause) = next {
        let place = || "the store".to_owned();
        match cause.downcast_ref::<LakeError>() {
            Some(LakeError::StoreFailed { problem, .. }) => {
                return Some(LakeError::StoreFailed { place: place(), problem: problem.clone() });
            }
            Some(LakeError::StoreRefused { .. }) => return Some(LakeError::StoreRefused { place: place() }),
            _ => next = cause.source(),
        }
    }
    None
}

const NOT_CARRIED_OUT: &str = "the query could not be carried out";

impl LakeError {
    /// What may be said of a query that failed while it read rows: the kind of failure, never a value or a file.
    pub(crate) fn while_running(error: &DataFusionError) -> Self {
        if let Some(failure) = store_failure(error) {
            return failure;
        }
        let message = match error.find_root() {
            DataFusionError::ResourcesExhausted(message) => return Self::Limit(message.clone()),
            DataFusionError::ArrowError(error, _) => match error.as_ref() {
                ArrowError::CastError(_) | ArrowError::ParseError(_) => {
                    "a value could not be converted; TRY_CAST gives NULL for such values"
                }
                ArrowError::DivideByZero => "a number was divided by zero",
                ArrowError::ArithmeticOverflow(_) => "a number became too large",
                ArrowError::ComputeError(text) if text.starts_with("Regular expression") => {
                    "a regular expression is not valid"
                }
                _ => NOT_CARRIED_OUT,
            },
            DataFusionError::Execution(_) => "a function was given a value that it cannot take",
            _ => NOT_CARRIED_OUT,
        };
        Self::Query(message.to_owned())
    }
}
