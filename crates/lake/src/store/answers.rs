// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What an object store answers, and what may be told of it: never an address with a key, a header or a body.

use std::error::Error as _;
use std::time::Duration;

use object_store::Error;
use object_store::client::{HttpError, HttpErrorKind};

use crate::error::LakeError;

/// How a request ended that did not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// There is no such file, or no such bucket.
    Missing,
    /// There is a file of that name already.
    Taken,
    /// Who asks may not do that.
    Refused,
    /// The store does not know how to do that.
    Unknown,
    /// The network or the store failed; it may be well again in a moment.
    Passing(&'static str),
    /// Anything else, with the status where there is one.
    Other(Option<u16>),
}

/// Statuses that pass: too many requests, time-outs, and all that the server is to blame for but not knowing how.
const PASSING: [u16; 7] = [408, 425, 429, 500, 502, 503, 504];
const NOT_IMPLEMENTED: u16 = 501;
/// The range that was asked for is not there.
const CUT_OFF: u16 = 416;
const STATUS: &str = "status code: ";

impl Answer {
    pub(super) fn of(error: &Error) -> Self {
        match error {
            Error::NotFound { .. } => Self::Missing,
            Error::AlreadyExists { .. } | Error::Precondition { .. } | Error::NotModified { .. } => Self::Taken,
            Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => Self::Refused,
            Error::NotImplemented { .. } | Error::NotSupported { .. } => Self::Unknown,
            other => Self::of_chain(other),
        }
    }

    /// The driver keeps its own kinds of failure to itself; what it builds on does not.
    fn of_chain(error: &Error) -> Self {
        let mut next = error.source();
        let mut status = status_in(&error.to_string());
        while let Some(cause) = next {
            if let Some(http) = cause.downcast_ref::<HttpError>() {
                return match http.kind() {
                    HttpErrorKind::Connect => Self::Passing("no connection could be made"),
                    HttpErrorKind::Timeout => Self::Passing("it did not answer in time"),
                    HttpErrorKind::Request | HttpErrorKind::Interrupted => Self::Passing("the connection broke"),
                    _ => Self::Passing("the answer broke off"),
                };
            }
            status = status.or_else(|| status_in(&cause.to_string()));
            next = cause.source();
        }
        match status {
            Some(NOT_IMPLEMENTED) => Self::Unknown,
            Some(status) if PASSING.contains(&status) => Self::Passing("it answers that it cannot serve now"),
            other => Self::Other(other),
        }
    }

    /// Whether it is worth to ask again.
    pub(super) fn is_passing(self) -> bool {
        matches!(self, Self::Passing(_))
    }

    /// What is told of it.
    pub(super) fn told(self, place: &str, patience: Duration) -> LakeError {
        let place = place.to_owned();
        let seconds = patience.as_secs();
        match self {
            Self::Missing => LakeError::damaged(place, "is not in the store"),
            Self::Taken => LakeError::damaged(place, "is another file than the one to be written"),
            Self::Refused => LakeError::StoreRefused { place },
            Self::Unknown => {
                LakeError::StoreFailed { place, problem: "the store does not know this kind of request".into() }
            }
            Self::Passing(what) => {
                LakeError::StoreFailed { place, problem: format!("{what}; asked again for {seconds} seconds") }
            }
            Self::Other(Some(CUT_OFF)) => LakeError::damaged(place, "is shorter than it was written"),
            Self::Other(Some(status)) => {
                LakeError::StoreFailed { place, problem: format!("it answered with status {status}") }
            }
            Self::Other(None) => LakeError::StoreFailed { place, problem: "it gave an answer that is none".into() },
        }
    }
}

fn status_in(text: &str) -> Option<u16> {
    let (_, rest) = text.split_once(STATUS)?;
    rest.get(..3)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generic(text: &str) -> Error {
        Error::Generic { store: "S3", source: text.to_owned().into() }
    }

    #[test]
    fn answers_are_told_apart_and_tell_no_secret() {
        let text = |status: &str| {
            generic(&format!(
                "Error performing GET https://h/b?sig=hunter2 - Server returned non-2xx status code: {status}"
            ))
        };
        for (error, expected) in [
            (text("503 Service Unavailable: hunter2"), Answer::Passing("it answers that it cannot serve now")),
            (text("501 Not Implemented: "), Answer::Unknown),
            (text("400 Bad Request: hunter2"), Answer::Other(Some(400))),
            (generic("hunter2"), Answer::Other(None)),
            (Error::NotFound { path: "x".into(), source: "hunter2".into() }, Answer::Missing),
            (Error::PermissionDenied { path: "x".into(), source: "hunter2".into() }, Answer::Refused),
            (Error::Precondition { path: "x".into(), source: "hunter2".into() }, Answer::Taken),
        ] {
            let answer = Answer::of(&error);
            assert_eq!(answer, expected);
            let told = answer.told("s3://bucket/x", Duration::from_secs(60)).to_string();
            assert!(told.starts_with("s3://bucket/x: ") && !told.contains("hunter2"), "{told}");
        }
    }
}
