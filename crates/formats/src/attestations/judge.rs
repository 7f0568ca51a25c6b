// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A signature held against what was pinned and what was asked for, part by part.

use underpin_model::Timestamp;
use underpin_model::practices::Outcome;
use underpin_model::proofs::{BuildLevel, Proof, ProofPart as P, ProofReason as R, ProvenPart};

use super::certificate::{Certificate, FOR_CODE};
use super::entries::is_about;
use super::envelope::{Content, Envelope, read};
use super::log::is_certificate_logged;
use super::moments::moment;
use super::sources::Source;
use super::statement::{KIND, Statement};
use super::subjects::Written;
use super::trust::TrustRoot;
use crate::signatures::{Digest, PublicKey};

/// What GitHub calls its own machines.
const GITHUB_HOSTED: &str = "https://github.com/actions/runner/github-hosted";
const GITHUB_ISSUER: &str = "https://token.actions.githubusercontent.com";

/// A file that something is to be said about, by its digests.
#[derive(Clone, Debug, Default)]
pub struct Artefact {
    /// The last part of its path.
    pub name: String,
    /// SHA-256.
    pub sha256: Vec<u8>,
    /// SHA-384.
    pub sha384: Vec<u8>,
    /// SHA-512.
    pub sha512: Vec<u8>,
}

/// What is pinned and what is asked for.
#[derive(Clone, Debug, Default)]
pub struct Wishes<'a> {
    /// Bare keys that count.
    pub keys: &'a [PublicKey],
    /// Authorities and logs that count.
    pub root: Option<&'a TrustRoot>,
    /// Files that it has to be about: each of them.
    pub artefacts: &'a [Artefact],
    /// It is enough that it is about one of the files, and no file bears the name of another one.
    pub any_artefact: bool,
    /// Who has to have signed.
    pub identity: Option<&'a str>,
    /// Who has to have confirmed that.
    pub issuer: Option<&'a str>,
    /// Builders that count.
    pub builders: &'a [String],
    /// Builders that keep each build apart from all others.
    pub hardened: &'a [String],
    /// The source that a provenance has to be of.
    pub source: Option<&'a Source>,
    /// The moment of judging.
    pub now: Timestamp,
}

/// What each signature of a file shows; `None` where the file is none of the known kinds.
pub fn verify(bytes: &[u8], wishes: &Wishes<'_>) -> Option<Vec<Proof>> {
    Some(signed(bytes, wishes)?.into_iter().map(|(proof, _)| proof).collect())
}

/// The same, each with the text that it signs; none where it signs a file by its digest.
pub fn signed(bytes: &[u8], wishes: &Wishes<'_>) -> Option<Vec<(Proof, Option<Vec<u8>>)>> {
    let all = read(bytes)?;
    // Written once for all statements of the file.
    let files: Vec<Written> = wishes.artefacts.iter().map(Written::of).collect();
    let judged = |envelope: Envelope| {
        let proof = judge(&envelope, &files, wishes);
        let text = match envelope.content {
            Content::Text { payload, .. } => Some(payload),
            Content::File { .. } | Content::Bare { .. } => None,
        };
        (proof, text)
    };
    Some(all.into_iter().map(|envelope| envelope.map_or_else(|| (unreadable(), None), judged)).collect())
}

fn part(part: P, result: Result<(), (Outcome, R)>) -> ProvenPart {
    match result {
        Ok(()) => ProvenPart { part, outcome: Outcome::Met, reason: None },
        Err((outcome, reason)) => ProvenPart { part, outcome, reason: Some(reason) },
    }
}

fn broken(reason: R) -> Result<(), (Outcome, R)> {
    Err((Outcome::NotMet, reason))
}

fn open(reason: R) -> Result<(), (Outcome, R)> {
    Err((Outcome::NotAssessed, reason))
}

fn unreadable() -> Proof {
    Proof { parts: vec![part(P::Signature, broken(R::NotUnderstood))], ..Proof::default() }
}

/// What was signed, as its digests; all of them are taken once.
struct Signed {
    bytes: Option<Vec<u8>>,
    artefact: Artefact,
}

/// The bytes over which a text is signed (DSSE 1.0, PAE).
fn encoded(kind: &str, payload: &[u8]) -> Vec<u8> {
    let mut all = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len()).into_bytes();
    all.extend_from_slice(payload);
    all
}

impl Signed {
    fn of(content: &Content, wishes: &Wishes<'_>) -> Self {
        match content {
            Content::Bare { .. } => Self { bytes: None, artefact: Artefact::default() },
            Content::Text { kind, payload, .. } => {
                let bytes = encoded(kind, payload);
                let [sha256, sha384, sha512] =
                    [Digest::Sha256, Digest::Sha384, Digest::Sha512].map(|digest| digest.of(&bytes));
                let artefact = Artefact { name: String::new(), sha256, sha384, sha512 };
                Self { bytes: Some(bytes), artefact }
            }
            // Without the file its stated digest stands for it; that the file has this digest is another part.
            Content::File { digest, .. } => {
                let stated = digest.clone().unwrap_or_default();
                let given = wishes.artefacts.iter().find(|one| digest.is_none() || one.sha256 == stated);
                let artefact = given.cloned().unwrap_or(Artefact { sha256: stated, ..Artefact::default() });
                Self { bytes: None, artefact }
            }
        }
    }

    /// Whether nobody can say what was signed: it stands in no place that is at hand.
    fn is_blind(&self) -> bool {
        self.bytes.is_none() && self.artefact.sha256.is_empty()
    }

    fn is_signed(&self, key: &PublicKey, signature: &[u8]) -> bool {
        let artefact = &self.artefact;
        let usual = key.usual_digest();
        let hashed = match usual {
            Digest::Sha256 => &artefact.sha256,
            Digest::Sha384 => &artefact.sha384,
            Digest::Sha512 => &artefact.sha512,
        };
        match &self.bytes {
            Some(bytes) if key.signs_bytes() => key.verify(usual, bytes, signature),
            _ => key.verify_digest(usual, hashed, signature),
        }
    }
}

fn judge(envelope: &Envelope, files: &[Written], wishes: &Wishes<'_>) -> Proof {
    let signed = Signed::of(&envelope.content, wishes);
    let statement = match &envelope.content {
        Content::Text { kind, payload, .. } if kind == KIND => Statement::read(payload),
        Content::Bare { payload } => Statement::read(payload),
        _ => None,
    };
    let mut proof = Proof::default();
    let certificate = envelope.certificates.first().map(|der| Certificate::read(der));
    match (&envelope.content, &certificate) {
        (Content::Bare { .. }, _) => {
            let is_read = if statement.is_some() { open(R::Unsigned) } else { broken(R::NotUnderstood) };
            proof.parts.extend([part(P::Signature, is_read), part(P::Signer, open(R::Unsigned))]);
        }
        _ if signed.is_blind() => proof.parts.push(part(P::Signature, open(R::NoSubject))),
        (_, None) => by_key(envelope, &signed, wishes, &mut proof),
        (_, Some(None)) => proof.parts.push(part(P::Signature, broken(R::NotUnderstood))),
        (_, Some(Some(certificate))) => by_certificate(envelope, &signed, certificate, wishes, &mut proof),
    }
    let found = Found::of(envelope, statement.as_ref(), files);
    proof.parts.push(part(P::Subject, found.subject(statement.as_ref(), files, wishes)));
    if !matches!(envelope.content, Content::File { .. }) {
        let certificate = certificate.flatten();
        let is_bare = matches!(envelope.content, Content::Bare { .. });
        proof.parts.push(part(P::Builder, builder(statement.as_ref(), certificate.as_ref(), is_bare, wishes)));
    }
    if let Some(wanted) = wishes.source {
        proof.parts.push(part(P::Source, source(statement.as_ref(), wanted)));
    }
    proof.covers = found.covers;
    if let Some(statement) = statement {
        proof.level = level(&proof, &statement, wishes);
        proof.subjects = statement.subjects.len() as u64;
        (proof.predicate, proof.builder, proof.source) =
            (Some(statement.predicate), statement.builder, statement.sources.shown);
    }
    proof
}

/// Which files a signature is about, by their places; each is looked up once.
struct Found {
    covers: Vec<usize>,
}

impl Found {
    fn of(envelope: &Envelope, statement: Option<&Statement>, files: &[Written]) -> Self {
        let is_in = |file: &Written| match (&envelope.content, statement) {
            // Without its own digest it is about the file that it was verified with: of several nobody knows which.
            (Content::File { digest, .. }, _) => {
                digest.as_ref().map_or(files.len() == 1, |digest| file.has_sha256(digest))
            }
            (_, None) => false,
            (_, Some(statement)) => statement.subjects.holds(file),
        };
        Self { covers: (0..).zip(files).filter_map(|(place, file)| is_in(file).then_some(place)).collect() }
    }

    fn subject(
        &self,
        statement: Option<&Statement>,
        files: &[Written],
        wishes: &Wishes<'_>,
    ) -> Result<(), (Outcome, R)> {
        if files.is_empty() {
            return open(R::NoSubject);
        }
        if !wishes.any_artefact {
            return if self.covers.len() == files.len() { Ok(()) } else { broken(R::OtherSubject) };
        }
        let is_named = |file: &Written| statement.is_some_and(|statement| statement.subjects.has_name(&file.name));
        let mut left = self.covers.iter().copied().peekable();
        for (place, file) in (0..).zip(files) {
            if left.next_if_eq(&place).is_none() && is_named(file) {
                return broken(R::OtherSubject);
            }
        }
        if self.covers.is_empty() { open(R::NoSubject) } else { Ok(()) }
    }
}

/// Whether a provenance is of the source that was asked for, and of no other one.
fn source(statement: Option<&Statement>, wanted: &Source) -> Result<(), (Outcome, R)> {
    match statement.filter(|one| one.is_provenance()).map(|one| &one.sources) {
        None => broken(R::NoStatement),
        Some(stated) if stated.is_only(wanted) => Ok(()),
        Some(stated) if stated.shown.is_none() => broken(R::NoSource),
        Some(_) => broken(R::OtherSource),
    }
}

fn signatures(content: &Content) -> Vec<&[u8]> {
    match content {
        Content::Text { signatures, .. } => signatures.iter().map(Vec::as_slice).collect(),
        Content::File { signature, .. } => vec![signature],
        Content::Bare { .. } => Vec::new(),
    }
}

/// A signature without a certificate: one of the pinned keys has to have made it.
fn by_key(envelope: &Envelope, signed: &Signed, wishes: &Wishes<'_>, proof: &mut Proof) {
    if wishes.keys.is_empty() {
        proof.parts.extend([part(P::Signature, open(R::NoKeys)), part(P::Signer, open(R::NoKeys))]);
        return;
    }
    let all = signatures(&envelope.content);
    let found =
        wishes.keys.iter().find_map(|key| all.iter().find(|one| signed.is_signed(key, one)).map(|one| (key, *one)));
    let Some((key, signature)) = found else {
        proof.parts.push(part(P::Signature, broken(R::UnknownSigner)));
        return;
    };
    proof.parts.extend([part(P::Signature, Ok(())), part(P::Signer, Ok(()))]);
    proof.key = Some(key.fingerprint());
    if wishes.identity.is_some() || wishes.issuer.is_some() {
        // A key is nobody's identity.
        proof.parts.push(part(P::Identity, broken(R::OtherIdentity)));
    }
    if envelope.is_bundle {
        proof.parts.push(part(P::Log, logged(envelope, signed, signature, &key.spki(), wishes)));
    }
}

/// A signature with a certificate, which has to lead to a pinned authority at a moment that somebody believed shows.
fn by_certificate(
    envelope: &Envelope,
    signed: &Signed,
    certificate: &Certificate,
    wishes: &Wishes<'_>,
    proof: &mut Proof,
) {
    let all = signatures(&envelope.content);
    let Some(signature) = all.into_iter().find(|one| signed.is_signed(&certificate.key, one)) else {
        proof.parts.push(part(P::Signature, broken(R::WrongSignature)));
        return;
    };
    proof.parts.push(part(P::Signature, Ok(())));
    let Some(root) = wishes.root.filter(|root| !root.authorities.is_empty()) else {
        proof.parts.push(part(P::Signer, open(R::NoKeys)));
        return;
    };
    let brought: Option<Vec<Certificate>> =
        envelope.certificates[1..].iter().map(|der| Certificate::read(der)).collect();
    let Some(brought) = brought else {
        proof.parts.push(part(P::Signer, broken(R::NotUnderstood)));
        return;
    };
    // A root has no place in a bundle: it is pinned or it is nothing.
    if brought.iter().any(Certificate::is_root) {
        proof.parts.push(part(P::Signer, broken(R::BringsRoot)));
        return;
    }
    let entry = logged(envelope, signed, signature, &certificate.der, wishes);
    let moments = moments(envelope, signature, root, entry.is_ok(), wishes);
    let Some(moments) = moments else {
        proof.parts.extend([part(P::Time, broken(R::NoTime)), part(P::Log, entry)]);
        return;
    };
    if moments.is_empty() {
        proof.parts.extend([part(P::Time, open(R::NoTime)), part(P::Signer, open(R::NoTime)), part(P::Log, entry)]);
        return;
    }
    let issuers: Option<Vec<&Certificate>> = moments
        .iter()
        .map(|at| root.authorities.iter().find_map(|own| own.issuer_of(certificate, &brought, *at, FOR_CODE)))
        .collect();
    let Some(issuer) = issuers.and_then(|all| all.first().copied()) else {
        proof.parts.extend([part(P::Time, Ok(())), part(P::Signer, broken(R::UnknownSigner)), part(P::Log, entry)]);
        return;
    };
    proof.parts.extend([part(P::Time, Ok(())), part(P::Signer, Ok(())), part(P::Log, entry)]);
    let is_logged = if root.certificate_logs.is_empty() {
        open(R::NoLogKey)
    } else if is_certificate_logged(certificate, issuer, &root.certificate_logs) {
        Ok(())
    } else {
        broken(R::NotLogged)
    };
    proof.parts.push(part(P::CertificateLog, is_logged));
    proof.parts.push(part(P::Identity, identity(certificate, wishes)));
    proof.identity = certificate.identity().map(|identity| match identity.split_once('@') {
        Some((_, host)) if certificate.is_of_person() => format!("@{host}"),
        _ => identity,
    });
    proof.issuer = certificate.issuer();
}

/// Whether a believed log has the signature. A promise is enough where the log keeps none but promises.
fn logged(
    envelope: &Envelope,
    signed: &Signed,
    signature: &[u8],
    signer: &[u8],
    wishes: &Wishes<'_>,
) -> Result<(), (Outcome, R)> {
    let Some(root) = wishes.root.filter(|root| !root.logs.is_empty()) else { return open(R::NoLogKey) };
    if envelope.entries.is_empty() {
        return if envelope.is_bundle { broken(R::NoEntry) } else { open(R::NoEntry) };
    }
    let is_good = envelope.entries.iter().all(|logged| {
        let entry = &logged.entry;
        let is_shown = (entry.promise.is_none() || entry.is_promised(&root.logs))
            && (entry.proof.is_none() || entry.is_proven(&root.logs))
            && (entry.promise.is_some() || entry.proof.is_some());
        is_shown && is_about(logged, &envelope.content, signature, &signed.artefact.sha256, signer)
    });
    if is_good { Ok(()) } else { broken(R::WrongEntry) }
}

/// Moments at which the signature was there already, in seconds, as pinned logs and authorities show; none where nothing shows one.
/// `None` where one of those shown is of nobody who is believed, or lies ahead.
fn moments(
    envelope: &Envelope,
    signature: &[u8],
    root: &TrustRoot,
    is_logged: bool,
    wishes: &Wishes<'_>,
) -> Option<Vec<i64>> {
    let now = wishes.now.0.div_euclid(1_000_000);
    let mut all = Vec::new();
    for stamp in &envelope.timestamps {
        // Without a pinned authority a stamp says nothing, for good or bad.
        if !root.time_authorities.is_empty() {
            all.push(moment(stamp, signature, &root.time_authorities)?);
        }
    }
    if is_logged {
        let promised = envelope.entries.iter().filter(|logged| logged.entry.promise.is_some());
        all.extend(promised.filter_map(|logged| logged.entry.taken));
    }
    // An authority that was pinned alone, without any log, certifies for long: then today counts.
    if all.is_empty() && root.logs.is_empty() && root.time_authorities.is_empty() {
        all.push(now);
    }
    all.iter().all(|at| *at <= now).then_some(all)
}

fn identity(certificate: &Certificate, wishes: &Wishes<'_>) -> Result<(), (Outcome, R)> {
    if wishes.identity.is_none() && wishes.issuer.is_none() {
        return open(R::NobodyAsked);
    }
    let is_same =
        |wanted: Option<&str>, own: Option<String>| wanted.is_none_or(|wanted| own.as_deref() == Some(wanted));
    let is_right = is_same(wishes.identity, certificate.identity()) && is_same(wishes.issuer, certificate.issuer());
    if is_right { Ok(()) } else { broken(R::OtherIdentity) }
}

/// Whether a builder is in a list: as it stands there, or whichever version of it where the list names none.
fn is_listed(list: &[String], id: &str) -> bool {
    list.iter().any(|one| one == id || (!one.contains('@') && id.split_once('@').is_some_and(|(name, _)| name == one)))
}

/// Whether the builder is allowed, and the signature its own: of its certificate, or of a pinned key.
fn builder(
    statement: Option<&Statement>,
    certificate: Option<&Certificate>,
    is_bare: bool,
    wishes: &Wishes<'_>,
) -> Result<(), (Outcome, R)> {
    let Some(id) = statement.filter(|one| one.is_provenance()).and_then(|one| one.builder.as_deref()) else {
        return open(R::NoStatement);
    };
    if wishes.builders.is_empty() && wishes.hardened.is_empty() {
        return open(R::NobodyAsked);
    }
    if !is_listed(wishes.builders, id) && !is_listed(wishes.hardened, id) {
        return broken(R::UnknownBuilder);
    }
    if is_bare {
        return open(R::Unsigned);
    }
    let is_own = certificate.is_none_or(|certificate| {
        let (identity, issuer) = (certificate.identity(), certificate.issuer());
        let is_github = id == GITHUB_HOSTED
            && issuer.as_deref() == Some(GITHUB_ISSUER)
            && certificate.runner().as_deref() == Some("github-hosted");
        identity.as_deref() == Some(id)
            || (is_github && wishes.identity.is_some())
            || (wishes.identity.is_some() && identity.as_deref() == wishes.identity)
    });
    if is_own { Ok(()) } else { broken(R::OtherBuilder) }
}

/// The level that is shown: a provenance about the file, authentic and of an allowed builder, of one that keeps builds apart.
fn level(proof: &Proof, statement: &Statement, wishes: &Wishes<'_>) -> BuildLevel {
    let holds = |part| proof.outcome(part) == Some(Outcome::Met);
    if !statement.is_provenance() || !holds(P::Subject) || proof.outcome(P::Signature) == Some(Outcome::NotMet) {
        return BuildLevel::None;
    }
    if !proof.is_authentic() || !holds(P::Builder) {
        return BuildLevel::One;
    }
    let is_hardened = statement.builder.as_deref().is_some_and(|id| is_listed(wishes.hardened, id));
    if is_hardened { BuildLevel::Three } else { BuildLevel::Two }
}
