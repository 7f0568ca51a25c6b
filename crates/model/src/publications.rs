// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the government publishes: documents for the world, drafted by one person and approved by another.

use crate::words::words;

words! {
    /// What is published: a CSAF document (a security advisory, or statements) with what is made from it, or the parts list of a release.
    PublicationKind {
        #[default]
        Csaf "csaf",
        Sbom "sbom",
    }
}

words! {
    /// How a draft stands: it waits for another person, counts, was taken back before that, or a later draft of the name took its place.
    PublicationState {
        #[default]
        Draft "draft",
        Approved "approved",
        TakenBack "taken-back",
        Replaced "replaced",
    }
}

words! {
    /// Why a key is revoked: another one took its place, somebody else may have it, or it is used no more (RFC 9580, 5.2.3.31).
    KeyRevocation {
        #[default]
        Superseded "superseded",
        Compromised "compromised",
        Retired "retired",
    }
}
