// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Patches that the government carries: what is kept of one, each time that somebody looks at it.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::words::words;

words!(
    /// Where a carried patch was seen: in a folder of patches, as a commit of a fork, or in the pedigree of a document.
    CarriedSource { #[default] Folder "folder", Fork "fork", Document "document", }
);
words!(
    /// Whether the project knows of a patch, as its headers say. Unknown: they say nothing.
    PatchForwarding { #[default] Unknown "unknown", No "no", NotNeeded "not-needed", Yes "yes", Denied "denied", }
);
words!(
    /// How a carried patch stands towards its project. Young: not forwarded, but for a short time only. Debt: not forwarded for too long.
    CarriedStanding { #[default] Unknown "unknown", Upstream "upstream", Forwarded "forwarded", Denied "denied",
        NotNeeded "not-needed", Young "young", Debt "debt", }
);

/// A patch as somebody looked at it. Nobody who wrote, sent or reviewed it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CarriedPatch {
    /// What it is called where it lies: its file, or the number of its commit.
    pub name: String,
    /// Its place in the order in which patches are applied, from 1.
    pub position: u32,
    /// Its first line of description.
    pub title: Option<String>,
    /// Whether it still lay there.
    pub is_carried: bool,
    /// Whether the project had it.
    pub is_upstream: bool,
    /// Whether the project knew of it.
    pub forwarding: PatchForwarding,
    /// Addresses of reports, changes and commits of the project that it names.
    pub places: Vec<String>,
    /// The day of its headers, or of its commit.
    pub dated: Option<Timestamp>,
    /// The number of its change as `git patch-id --stable` gives it.
    pub patch_id: Option<String>,
}

/// What came of taking stock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct TakenPatches {
    /// Patches that were found.
    pub found: usize,
    /// Of these, those that were not known to be carried here.
    pub new: usize,
    /// Of these, those that were known and are another than before.
    pub changed: usize,
    /// Patches that are no longer there.
    pub gone: usize,
}
