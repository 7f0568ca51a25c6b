// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Signatures and the keys that somebody pinned: of OpenPGP, of SSH, and bare ones. Nobody is asked who a key belongs to; a key counts
//! because it was given.

mod der;
mod keys;
pub mod openpgp;
mod ring;
mod ssh;

#[cfg(test)]
mod tests;

pub use der::{Der, Reader};
pub use keys::{Digest, PublicKey, pem_blocks};
pub use ring::{KeyFault, Keyring};
