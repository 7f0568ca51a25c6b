// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Signing in with an account of another house: the calls to an OpenID Connect provider, through the same guard as everything that
//! calls out, and the verification of what it says.
//!
//! Sources: OpenID Connect Core 1.0 and Discovery 1.0; RFC 7636 (proof key, S256 alone); RFC 9700 (best current practice: no
//! redirects are followed, one provider an answer address); RFC 9207 (the issuer in the answer); RFC 8725 (a list of algorithms).

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use base64::Engine as _;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdToken, CoreJsonWebKeySet, CoreJwsSigningAlgorithm,
    CoreProviderMetadata, CoreTokenResponse,
};
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse,
    IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, SignatureVerificationError,
    TokenResponse as _,
};
use serde_json::{Map, Value};
use underpin_model::Timestamp;
use underpin_model::limits::bounds;

use crate::client::{Client, check_length, too_large, trouble};
use crate::error::{Code, FeedError};
use crate::guard::{shown, shown_text};

/// What one call may take: somebody waits in front of a page.
const CALL: Duration = Duration::from_secs(15);
/// What a provider says about itself is asked anew after that time.
const KNOWN_US: i64 = 60 * 60 * 1_000_000;
/// Keys are asked for again at most that often because of a token whose key is not known: a stranger must not make us call.
const KEYS_AGAIN_US: i64 = 60 * 1_000_000;
/// How far the clock of a provider may run ahead, in seconds.
const AHEAD_SECONDS: i64 = 5 * 60;
/// How old the statement of a provider may be, in seconds.
const AGE_SECONDS: i64 = 15 * 60;

/// Signatures that prove who spoke: with a key of the provider's own. What a shared secret signs anybody could sign who has it, and
/// `none` proves nothing.
const SIGNATURES: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// How this house is known to a provider.
#[derive(Clone)]
pub struct Registration {
    /// The provider, as it names itself (`iss`).
    pub issuer: String,
    /// Our name there.
    pub client: String,
    /// Our secret there, if it gave one.
    pub secret: Option<String>,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// Where people come back to.
    pub redirect: String,
}

impl std::fmt::Debug for Registration {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Registration").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// What belongs to one sign-in and to nothing else. None of it is kept where others read.
#[derive(Clone)]
pub struct Secrets {
    /// Comes back with the person.
    pub state: String,
    /// Comes back inside the statement.
    pub nonce: String,
    /// Proves that who asked also collects.
    pub verifier: String,
}

/// What comes back with the person, from an address that anybody can write.
#[derive(Clone, Debug, Default)]
pub struct Returned {
    /// The code for the statement.
    pub code: String,
    /// Who says it has answered (RFC 9207), when it says so.
    pub issuer: Option<String>,
}

/// Who somebody is, as the provider states and its signature proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The provider.
    pub issuer: String,
    /// The person's number there: it is never given to anybody else.
    pub subject: String,
    /// Everything that was stated.
    pub claims: Map<String, Value>,
}

/// A provider.
pub struct Provider {
    registration: Registration,
    client: Arc<Client>,
    known: Mutex<Option<Arc<Known>>>,
    /// When it could not be asked the last time, and why.
    failed: Mutex<Option<(Timestamp, FeedError)>>,
}

/// What a provider says about itself.
struct Known {
    metadata: CoreProviderMetadata,
    asked: Timestamp,
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Provider").field("registration", &self.registration).finish_non_exhaustive()
    }
}

impl Provider {
    /// A provider, called by a client whose permits say whether it may lie inside.
    pub fn new(registration: Registration, client: Arc<Client>) -> Self {
        Self { registration, client, known: Mutex::default(), failed: Mutex::default() }
    }

    /// The provider's own name.
    pub fn issuer(&self) -> &str {
        &self.registration.issuer
    }

    /// The address that a person is sent to.
    ///
    /// # Errors
    /// What the guard refuses, and a provider that does not say how it is used.
    pub async fn begin(&self, secrets: &Secrets, now: Timestamp) -> Result<String, FeedError> {
        let known = self.known(now, KNOWN_US).await?;
        // The guard judges where people are sent, too: a provider that answers for another house is none.
        self.client.check(known.metadata.authorization_endpoint().as_str())?;
        let client = CoreClient::from_provider_metadata(known.metadata.clone(), self.client_id(), None)
            .set_redirect_uri(self.redirect()?);
        let verifier = PkceCodeVerifier::new(secrets.verifier.clone());
        let (state, nonce) = (secrets.state.clone(), secrets.nonce.clone());
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let request = client.authorize_url(flow, || CsrfToken::new(state), || Nonce::new(nonce));
        let scopes = self.registration.scopes.iter().cloned().map(Scope::new);
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
        Ok(request.add_scopes(scopes).set_pkce_challenge(challenge).url().0.to_string())
    }

    /// Collects the statement for a code, and verifies it.
    ///
    /// # Errors
    /// What the guard refuses, `http-status` for a code that is not good (any more), `wrong-signature` for a statement that is not
    /// the provider's, not for us, not about this sign-in, or not of now.
    pub async fn finish(&self, back: &Returned, secrets: &Secrets, now: Timestamp) -> Result<Identity, FeedError> {
        if back.issuer.as_deref().is_some_and(|issuer| issuer != self.registration.issuer) {
            return Err(self.refused("another provider has answered"));
        }
        let known = self.known(now, KNOWN_US).await?;
        let token = self.collect(&known.metadata, back, secrets).await?;
        let judged = self.judge(&token, known.metadata.jwks(), secrets, now);
        let Err(ClaimsVerificationError::SignatureVerification(
            SignatureVerificationError::NoMatchingKey | SignatureVerificationError::CryptoError(_),
        )) = judged
        else {
            return judged.map_err(|error| self.unproved(&error));
        };
        // The provider may have taken a new key since.
        let known = self.known(now, KEYS_AGAIN_US).await?;
        self.judge(&token, known.metadata.jwks(), secrets, now).map_err(|error| self.unproved(&error))
    }

    async fn collect(
        &self,
        metadata: &CoreProviderMetadata,
        back: &Returned,
        secrets: &Secrets,
    ) -> Result<CoreIdToken, FeedError> {
        let secret = self.registration.secret.clone().map(ClientSecret::new);
        let only_in_body = metadata.token_endpoint_auth_methods_supported().is_some_and(|ways| {
            !ways.contains(&CoreClientAuthMethod::ClientSecretBasic)
                && ways.contains(&CoreClientAuthMethod::ClientSecretPost)
        });
        let client = CoreClient::from_provider_metadata(metadata.clone(), self.client_id(), secret)
            .set_auth_type(if only_in_body { AuthType::RequestBody } else { AuthType::BasicAuth })
            .set_redirect_uri(self.redirect()?);
        let call = self.caller();
        let asked = client.exchange_code(AuthorizationCode::new(back.code.clone()));
        let asked = asked.map_err(|_| self.refused("the provider has no address for codes"))?;
        let verifier = PkceCodeVerifier::new(secrets.verifier.clone());
        let answer: CoreTokenResponse =
            asked.set_pkce_verifier(verifier).request_async(&call).await.map_err(|error| match error {
                openidconnect::RequestTokenError::Request(error) => error,
                openidconnect::RequestTokenError::ServerResponse(told) => {
                    let detail = format!("the code was refused: {}", cut(told.error().as_ref()));
                    FeedError::new(Code::HttpStatus, self.place(), detail)
                }
                _ => self.refused("the answer to the code cannot be read"),
            })?;
        answer.id_token().cloned().ok_or_else(|| self.refused("the answer states nobody"))
    }

    /// Verifies a statement: signature, issuer, audience, time, and that it is about this very sign-in.
    fn judge(
        &self,
        token: &CoreIdToken,
        keys: &CoreJsonWebKeySet,
        secrets: &Secrets,
        now: Timestamp,
    ) -> Result<Identity, ClaimsVerificationError> {
        let moment = UNIX_EPOCH + Duration::from_micros(now.0.unsigned_abs());
        let now_seconds = now.0.div_euclid(1_000_000);
        let issuer = IssuerUrl::new(self.registration.issuer.clone())
            .map_err(|error| ClaimsVerificationError::InvalidIssuer(error.to_string()))?;
        // As one without a secret: then no signature made with it counts, whatever the list says.
        let verifier =
            openidconnect::core::CoreIdTokenVerifier::new_public_client(self.client_id(), issuer, keys.clone())
                .set_allowed_algs(SIGNATURES)
                .set_time_fn(move || moment.into())
                .set_issue_time_verifier_fn(move |issued| {
                    let age = now_seconds.saturating_sub(issued.timestamp());
                    match (-AHEAD_SECONDS..=AGE_SECONDS).contains(&age) {
                        true => Ok(()),
                        false => Err("it was not stated now".to_owned()),
                    }
                });
        let claims = token.claims(&verifier, &Nonce::new(secrets.nonce.clone()))?;
        let subject = claims.subject().to_string();
        let stated = stated(&token.to_string()).unwrap_or_default();
        // Sources: OpenID Connect Core, 3.1.3.7, steps 4 and 5. The library leaves these to its user.
        let party = stated.get("azp").map(|party| party.as_str().unwrap_or_default());
        if party.is_some_and(|party| party != self.registration.client) {
            return Err(ClaimsVerificationError::InvalidAudience("it is for another party".to_owned()));
        }
        Ok(Identity { issuer: self.registration.issuer.clone(), subject, claims: stated })
    }

    /// What the provider says about itself, not older than that. One that could not be asked a moment ago is not asked again: each click
    /// would wait for it.
    async fn known(&self, now: Timestamp, age_us: i64) -> Result<Arc<Known>, FeedError> {
        let kept = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(kept) = kept.filter(|kept| now.0.saturating_sub(kept.asked.0).abs() < age_us) {
            return Ok(kept);
        }
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let is_new = |at: Timestamp| now.0.abs_diff(at.0) < bounds::OPENID_DOWN_SECONDS.unsigned_abs() * 1_000_000;
        if let Some((_, error)) = failed.filter(|(at, _)| is_new(*at)) {
            return Err(error);
        }
        let asked = self.ask(now).await;
        let failed = asked.as_ref().err().map(|error| (now, error.clone()));
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = failed;
        asked
    }

    /// Asks the provider what it says about itself.
    async fn ask(&self, now: Timestamp) -> Result<Arc<Known>, FeedError> {
        let issuer = IssuerUrl::new(self.registration.issuer.clone());
        let issuer = issuer.map_err(|error| {
            FeedError::new(Code::BadAddress, self.place(), format!("the issuer is no address: {error}"))
        })?;
        let call = self.caller();
        let metadata = CoreProviderMetadata::discover_async(issuer, &call).await.map_err(|error| match error {
            openidconnect::DiscoveryError::Request(error) => error,
            openidconnect::DiscoveryError::Response(status, ..) => {
                FeedError::new(Code::HttpStatus, self.place(), format!("status {}", status.as_u16()))
            }
            openidconnect::DiscoveryError::Validation(detail) => self.refused(&cut(&detail)),
            _ => self.refused("what it says about itself cannot be read"),
        })?;
        let known = Arc::new(Known { metadata, asked: now });
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&known));
        Ok(known)
    }

    /// What makes the calls.
    fn caller(&self) -> impl Fn(HttpRequest) -> BoxFuture<'static, Result<HttpResponse, FeedError>> + Send + Sync {
        let client = Arc::clone(&self.client);
        move |request| {
            let client = Arc::clone(&client);
            async move { call(&client, request).await }.boxed()
        }
    }

    fn client_id(&self) -> ClientId {
        ClientId::new(self.registration.client.clone())
    }

    fn redirect(&self) -> Result<RedirectUrl, FeedError> {
        let bad = |error| FeedError::new(Code::BadAddress, "the address of this house", format!("{error}"));
        RedirectUrl::new(self.registration.redirect.clone()).map_err(bad)
    }

    fn place(&self) -> String {
        shown_text(&self.registration.issuer)
    }

    fn refused(&self, detail: &str) -> FeedError {
        FeedError::new(Code::BadAnswer, self.place(), detail)
    }

    fn unproved(&self, error: &ClaimsVerificationError) -> FeedError {
        FeedError::new(Code::WrongSignature, self.place(), cut(&error.to_string()))
    }
}

/// One call through the guard. Redirects are not followed, and long answers are not read.
async fn call(client: &Client, request: HttpRequest) -> Result<HttpResponse, FeedError> {
    let (parts, body) = request.into_parts();
    let url = client.check(&parts.uri.to_string())?;
    let request = client.http.request(parts.method, url.clone()).headers(parts.headers).body(body).timeout(CALL);
    let mut response = request.send().await.map_err(|error| trouble(&url, error).error)?;
    check_length(&response, &url, bounds::OPENID_BYTES)?;
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| trouble(&url, error).error)? {
        if (bytes.len() + chunk.len()) as u64 > bounds::OPENID_BYTES {
            return Err(too_large(&url, bounds::OPENID_BYTES));
        }
        bytes.extend_from_slice(&chunk);
    }
    if response.status().is_redirection() {
        return Err(FeedError::new(Code::BadAnswer, shown(&url), "it leads elsewhere, where nobody follows"));
    }
    let mut answer = HttpResponse::new(bytes);
    *answer.status_mut() = response.status();
    *answer.headers_mut() = response.headers().clone();
    Ok(answer)
}

/// What a verified statement holds, all of it.
fn stated(token: &str) -> Option<Map<String, Value>> {
    let payload = token.split('.').nth(1)?;
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Words of another house, short and on one line.
fn cut(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_signatures_with_keys_of_the_provider_count() {
        use openidconnect::JwsSigningAlgorithm as _;
        assert!(SIGNATURES.iter().all(|way| !way.uses_shared_secret() && *way != CoreJwsSigningAlgorithm::None));
    }

    #[test]
    fn words_from_outside_stay_short_and_on_one_line() {
        assert_eq!(cut("a\r\nb\u{1b}[1m"), "a  b [1m");
        assert_eq!(cut(&"x".repeat(1000)).len(), 200);
    }
}
