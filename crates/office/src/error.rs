// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a use case can answer instead of a result: a stable code, a sentence, and a hint what to do.
//!
//! Three layers: domain errors (ledger, lake, formats) know nothing of commands or pages; this error gives them a code and a
//! hint; the command line and the web render it.

use underpin_lake::LakeError;
use underpin_ledger::LedgerError;

const DISK_FULL: &str = "free some space and run the same command again; nothing half written is visible";

const STORE_FAILED: &str = "look whether the store can be reached from here, and run the same command again; nothing half written is \
                            visible, and `store_patience_seconds` in underpin.toml under [limits] says how long it is asked";
const STORE_REFUSED: &str = "give access in the environment, as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or what the provider calls it; \
                             reading, writing, listing and removing must be allowed";

/// An error of a use case.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct OfficeError {
    /// Stable kebab-case code.
    pub code: &'static str,
    /// What, where, why.
    pub message: String,
    /// What to do about it; may be empty.
    pub hint: String,
}

/// A result of a use case.
pub type Result<T> = std::result::Result<T, OfficeError>;

impl OfficeError {
    /// An error with a code and a sentence.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: String::new() }
    }

    /// The same with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// A file that cannot be read or written.
    pub fn file(path: &std::path::Path, error: &std::io::Error) -> Self {
        let code = match error.kind() {
            std::io::ErrorKind::StorageFull => "disk-full",
            std::io::ErrorKind::NotFound => "not-found",
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => "not-writable",
            _ => "file",
        };
        let hint = match code {
            "not-found" => "name a file or folder that is there",
            "not-writable" => "ask for the right to read and write it, or name another one",
            _ => "",
        };
        Self::new(code, format!("{}: {error}", path.display())).hint(hint)
    }
}

impl From<LedgerError> for OfficeError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Full => Self::new("disk-full", error.to_string()).hint(DISK_FULL),
            LedgerError::ReadOnly => Self::new("not-writable", error.to_string())
                .hint("make the ledger and its folder writable, or name another data directory with --data"),
            LedgerError::NotAllowed { .. } => Self::new(error.code(), error.to_string())
                .hint("ask somebody who may; on the command line --viewer says who asks"),
            LedgerError::InvalidExemption(_) => Self::new(error.code(), error.to_string())
                .hint("what is not public, the law and the text are one line each, and the name is like audit-rules"),
            LedgerError::UnknownWaiver(_) => Self::new(error.code(), error.to_string())
                .hint("`underpin rules waivers` lists those that you may see, by number"),
            LedgerError::SameGranter { .. } => Self::new(error.code(), error.to_string())
                .hint("nobody grants their own: ask somebody who approves there or for the whole government"),
            LedgerError::UnknownDecision(_) => Self::new(error.code(), error.to_string())
                .hint("`underpin decisions list` lists those that you may see, by number"),
            _ => Self::new(error.code(), error.to_string()),
        }
    }
}

impl From<LakeError> for OfficeError {
    fn from(error: LakeError) -> Self {
        let hint = match error.code() {
            "disk-full" => DISK_FULL,
            "lake-damaged" => {
                "restore the file from a backup, or run `underpin rebuild` to make the facts again from the originals"
            }
            "store-failed" => STORE_FAILED,
            "store-refused" => STORE_REFUSED,
            "query-refused" => "`underpin sql --tables` lists the tables; only reading is possible",
            "query-limit" => "ask for less, or raise the limit in underpin.toml under [limits]",
            _ => "",
        };
        Self::new(error.code(), error.to_string()).hint(hint)
    }
}
