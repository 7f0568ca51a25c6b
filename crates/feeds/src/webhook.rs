// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Messages to other programs: one POST of JSON, signed, through the same guard as everything that calls out.
//!
//! `X-Underpin-Signature: t=<seconds>,v1=<hex>` is HMAC-SHA-256 (RFC 2104) with the shared secret over `<seconds>.<body>`. Whoever
//! receives it compares in constant time and refuses what is old. Redirects are not followed: nothing goes where it was not meant for.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use underpin_model::Timestamp;

use crate::client::Client;
use crate::error::{Code, FeedError};
use crate::guard::shown;

/// A message for a program.
#[derive(Clone, PartialEq, Eq)]
pub struct Hook {
    /// Where it goes.
    pub address: String,
    /// The shared secret.
    pub secret: Vec<u8>,
    /// JSON.
    pub body: String,
    /// Its number, which stays the same when it is sent again.
    pub id: String,
}

impl std::fmt::Debug for Hook {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Hook").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Client {
    /// Hands a message to a program, once. Any answer of 200 to 299 counts as taken.
    ///
    /// # Errors
    /// What the guard refuses, what does not answer, and any other answer, a redirect too.
    pub async fn post(&self, hook: &Hook, now: Timestamp) -> Result<(), FeedError> {
        let url = self.check(&hook.address)?;
        let place = shown(&url);
        let request = self
            .http
            .post(url.clone())
            .header("content-type", "application/json")
            .header("x-underpin-delivery", &hook.id)
            .header("x-underpin-signature", signature(&hook.secret, now.0.div_euclid(1_000_000), &hook.body))
            .body(hook.body.clone());
        let response = request.send().await.map_err(|error| crate::client::trouble(&url, error).error)?;
        if response.status().is_success() {
            return Ok(());
        }
        Err(FeedError::new(Code::HttpStatus, place, format!("status {}", response.status().as_u16())))
    }
}

/// The header that proves where a message comes from.
pub fn signature(secret: &[u8], seconds: i64, body: &str) -> String {
    let mut signed = format!("{seconds}.").into_bytes();
    signed.extend_from_slice(body.as_bytes());
    let mut header = format!("t={seconds},v1=");
    for byte in hmac_sha256(secret, &signed) {
        // Writing into a text cannot fail.
        let _ = write!(header, "{byte:02x}");
    }
    header
}

/// HMAC-SHA-256 (RFC 2104, with the vectors of RFC 4231 below).
fn hmac_sha256(secret: &[u8], message: &[u8]) -> [u8; 32] {
    const BLOCK: usize = 64;
    let mut key = [0_u8; BLOCK];
    if secret.len() > BLOCK {
        key[..32].copy_from_slice(&Sha256::digest(secret));
    } else {
        key[..secret.len()].copy_from_slice(secret);
    }
    let padded = |with: u8| key.map(|byte| byte ^ with);
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: [u8; 32]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn vectors_of_rfc_4231() {
        for (key, message, expected) in [
            (vec![0x0b; 20], &b"Hi There"[..], "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
            (
                b"Jefe".to_vec(),
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                vec![0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ] {
            assert_eq!(hex(hmac_sha256(&key, message)), expected);
        }
    }

    #[test]
    fn a_signature_is_of_moment_and_body() {
        let one = signature(b"secret", 1_700_000_000, "{}");
        assert!(one.starts_with("t=1700000000,v1=") && one.len() == "t=1700000000,v1=".len() + 64, "{one}");
        assert_ne!(one, signature(b"secret", 1_700_000_000, "{ }"));
        assert_ne!(one, signature(b"other", 1_700_000_000, "{}"));
    }
}
