// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Passwords: Argon2id (RFC 9106) with the parameters that OWASP's cheat sheet on password storage gives first (19 MiB, two passes).
//!
//! At most two are worked on at once: whoever sends many must not take the memory of the house.

use std::sync::LazyLock;

use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use super::Random;
use crate::error::{OfficeError, Result};

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

static TURNS: Semaphore = Semaphore::const_new(2);

/// A hash that no password fits: it is worked on when there is no account, so that this takes as long.
static NOBODY: LazyLock<String> = LazyLock::new(|| hashed("", [0; 32]).unwrap_or_default());

fn argon2() -> Argon2<'static> {
    let parameters = Params::new(MEMORY_KIB, PASSES, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters)
}

/// The PHC string of a password, with a random salt.
pub(super) async fn hash(password: &str, random: Random) -> Result<String> {
    let password = password.to_owned();
    aside(move || hashed(&password, random)).await?
}

/// Whether a password fits what is stored. Takes as long when nothing is.
pub(super) async fn fits(password: &str, stored: Option<String>) -> Result<bool> {
    let password = password.to_owned();
    aside(move || {
        let known = stored.filter(|stored| !stored.is_empty());
        let is_known = known.is_some();
        let stored = known.unwrap_or_else(|| NOBODY.clone());
        let fits =
            PasswordHash::new(&stored).is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok());
        fits && is_known
    })
    .await
}

fn hashed(password: &str, random: Random) -> Result<String> {
    let broken = |error| OfficeError::new("password", format!("the password cannot be hashed: {error}"));
    let salt = SaltString::encode_b64(&random[..16]).map_err(broken)?;
    Ok(argon2().hash_password(password.as_bytes(), &salt).map_err(broken)?.to_string())
}

async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let stopped = || OfficeError::new("busy", "the house is closing");
    let _turn = TURNS.acquire().await.map_err(|_| stopped())?;
    tokio::task::spawn_blocking(work).await.map_err(|_| stopped())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_itself_fits() {
        let stored = hash("correct horse battery", [7; 32]).await.expect("hashed");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(fits("correct horse battery", Some(stored.clone())).await.expect("looked at"));
        for (password, stored) in [
            ("correct horse batterY", Some(stored)),
            ("", None),
            ("", Some(String::new())),
            ("anything", Some("not a hash".to_owned())),
        ] {
            assert!(!fits(password, stored).await.expect("looked at"), "{password:?}");
        }
    }
}
