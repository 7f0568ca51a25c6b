// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is wrong with a record, or with a file of records: one list of codes.

use std::borrow::Cow;
use std::fmt;

use crate::reader::Unreadable;

macro_rules! fault_codes {
    ($($variant:ident $code:literal $meaning:literal;)*) => {
        /// The kinds of faults. Codes are stable: scripts may rely on them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum FaultCode {
            $(#[doc = $meaning] $variant,)*
        }

        impl FaultCode {
            /// Every code, in the order of the list.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The stable kebab-case code.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// What it means and what is done about it.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }
        }
    };
}

fault_codes! {
    UnreadableRecord "unreadable-record" "The record is not what its source says it is, or it breaks off. It was passed over; what was known of it before stays.";
    DuplicateRecord "duplicate-record" "Two records of one file have the same identifier and different content. Both were taken, since each may name packages that the other does not; the further one is kept with a number behind its identifier.";
    NoId "no-id" "The record has no identifier. It was passed over.";
    TooLarge "too-large" "The record is larger than the limit. It was passed over.";
    TooDeep "too-deep" "The record is nested deeper than the limit. It was passed over.";
    TooManyRecords "too-many-records" "The file has more records than the limit. Those beyond it were passed over.";
    FutureDate "future-date" "The record says that it was changed in the future. It was taken; its time cannot be trusted.";
}

impl fmt::Display for FaultCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What is wrong, and where. Faults are listed; they never stop the reading of what comes after.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {detail} (at {place})")]
pub struct Fault {
    /// The stable code.
    pub code: FaultCode,
    /// Where: `line 7`, `byte 12`, a JSON pointer, or the identifier of the record.
    pub place: Cow<'static, str>,
    /// What was seen.
    pub detail: Cow<'static, str>,
}

impl Fault {
    /// A fault at a place.
    pub fn new(code: FaultCode, place: impl Into<Cow<'static, str>>, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { code, place: place.into(), detail: detail.into() }
    }
}

impl From<Fault> for Unreadable {
    fn from(fault: Fault) -> Self {
        Self::new(fault.code.as_str(), fault.place, fault.detail)
    }
}

impl From<Unreadable> for Fault {
    fn from(unreadable: Unreadable) -> Self {
        let code = FaultCode::ALL.iter().copied().find(|code| code.as_str() == unreadable.code);
        Self::new(code.unwrap_or(FaultCode::UnreadableRecord), unreadable.place, unreadable.detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_kebab_case() {
        let mut codes: Vec<_> = FaultCode::ALL.iter().map(|code| code.as_str()).collect();
        assert!(codes.iter().all(|code| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')));
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), FaultCode::ALL.len());
    }

    #[test]
    fn a_fault_survives_being_an_error() {
        for &code in FaultCode::ALL {
            let fault = Fault::new(code, "line 7", "a detail");
            assert_eq!(Fault::from(Unreadable::from(fault.clone())), fault);
        }
        assert_eq!(Fault::from(Unreadable::new("other", "", "")).code, FaultCode::UnreadableRecord);
    }
}
