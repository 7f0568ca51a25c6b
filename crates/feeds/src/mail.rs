// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Mail by SMTP (RFC 5321): plain text to one address at a time, over TLS unless the server is on this machine.
//!
//! The library writes headers and refuses addresses and subjects that would break out of them. The password of the server is
//! never shown.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use serde::{Deserialize, Serialize};

use crate::credentials::{SecretPlace, secret};
use crate::error::{Code, FeedError};

/// Until a mail server must have taken a mail.
const MAIL_MS: u64 = 30_000;
/// The port on which TLS begins at the start (RFC 8314).
const IMPLICIT: u16 = 465;

/// What the configuration says about the mail server (the table `[mail]`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailConfiguration {
    /// Its host.
    pub host: String,
    /// Its port: 465 speaks TLS from the start, others switch to it.
    #[serde(default = "submission")]
    pub port: u16,
    /// Who signs in there; empty when nobody has to.
    #[serde(default)]
    pub user: String,
    /// Where the password is.
    pub password: Option<SecretPlace>,
    /// The address that mail comes from.
    pub from: String,
    /// How TLS begins, where the port does not tell.
    #[serde(default)]
    pub tls: Option<Encryption>,
    /// A file of certificates (PEM) that are trusted for this server in place of those of the system: for servers with a certificate
    /// of the government's own authority.
    #[serde(default)]
    pub certificates: Option<PathBuf>,
}

/// How TLS begins. There is no way to say that there is none: only a server on this machine is spoken to in the clear, when nothing
/// is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encryption {
    /// In the clear until both have switched (STARTTLS, RFC 3207); a server that does not switch gets nothing.
    Starttls,
    /// From the start (RFC 8314).
    Implicit,
}

/// The port for handing in mail (RFC 6409).
fn submission() -> u16 {
    587
}

impl MailConfiguration {
    /// The server, with its password read.
    ///
    /// # Errors
    /// `bad-credential` for a password that is not there, `bad-answer` for a sender that is no address.
    pub fn read(&self, environment: &dyn Fn(&str) -> Option<String>) -> Result<MailServer, FeedError> {
        if !is_address(&self.from) {
            return Err(FeedError::new(
                Code::BadAnswer,
                "mail.from",
                format!("{:?} is no address for mail", self.from),
            ));
        }
        let certificates = self.certificates.as_deref().map(certificates_of).transpose()?.unwrap_or_default();
        let password = self.password.as_ref().map(|place| secret(&self.host, place, environment)).transpose()?;
        Ok(MailServer {
            host: self.host.clone(),
            port: self.port,
            user: self.user.clone(),
            password: password.unwrap_or_default(),
            from: self.from.clone(),
            tls: self.tls,
            certificates,
        })
    }
}

/// Certificates of a file, one after the other.
fn certificates_of(path: &Path) -> Result<Vec<Vec<u8>>, FeedError> {
    let untrusted = |detail: String| FeedError::new(Code::NoTrust, path.display().to_string(), detail);
    let read = CertificateDer::pem_file_iter(path).map_err(|error| untrusted(error.to_string()))?;
    let all: Vec<Vec<u8>> = read
        .map(|one| one.map(|one| one.as_ref().to_vec()))
        .collect::<Result<_, _>>()
        .map_err(|error| untrusted(error.to_string()))?;
    if all.is_empty() { Err(untrusted("there is no certificate in it".to_owned())) } else { Ok(all) }
}

/// The server that takes mail, and who writes.
#[derive(Clone)]
pub struct MailServer {
    /// Its host.
    pub host: String,
    /// Its port: 465 speaks TLS from the start, others switch to it.
    pub port: u16,
    /// Who signs in there; empty when nobody has to.
    pub user: String,
    /// With which password.
    pub password: String,
    /// The address that mail comes from.
    pub from: String,
    /// How TLS begins, where the port does not tell.
    pub tls: Option<Encryption>,
    /// Certificates (DER) that are trusted in place of those of the system; none for those.
    pub certificates: Vec<Vec<u8>>,
}

impl fmt::Debug for MailServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("MailServer").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

/// A mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Whom it goes to.
    pub to: String,
    /// What it is about, on one line.
    pub subject: String,
    /// What it says, in plain text.
    pub text: String,
    /// Its number, which stays the same when it is sent again: receivers can tell by it.
    pub id: String,
}

/// True for an address that mail can go to.
pub fn is_address(text: &str) -> bool {
    text.parse::<Mailbox>().is_ok_and(|mailbox| mailbox.name.is_none())
}

/// Hands a mail to the server.
///
/// # Errors
/// `unreachable` and `timed-out` (which may pass), `http-status` when the server refuses it, `bad-answer` for an address that is none.
pub async fn send(server: &MailServer, mail: &Mail) -> Result<(), FeedError> {
    let place = format!("smtp://{}:{}", server.host, server.port);
    let bad = |what: &str| FeedError::new(Code::BadAnswer, place.clone(), format!("{what} is no address for mail"));
    let from: Mailbox = server.from.parse().map_err(|_| bad("the address of the office"))?;
    let to: Mailbox = mail.to.parse().map_err(|_| bad("what the mail goes to"))?;
    let domain = from.email.domain().to_owned();
    let message = Message::builder()
        .from(from)
        .to(to)
        .subject(one_line(&mail.subject))
        .message_id(Some(format!("<{}@{domain}>", mail.id)))
        .header(ContentType::TEXT_PLAIN)
        .body(mail.text.clone())
        .map_err(|error| FeedError::new(Code::BadAnswer, place.clone(), error.to_string()))?;
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
        .port(server.port)
        .timeout(Some(Duration::from_millis(MAIL_MS)))
        .tls(tls(server).map_err(|error| FeedError::new(Code::NoTrust, place.clone(), error.to_string()))?);
    if !server.user.is_empty() {
        builder = builder.credentials(Credentials::new(server.user.clone(), server.password.clone()));
    }
    let sent = builder.build().send(message).await;
    sent.map(|_| ()).map_err(|error| {
        let code = match () {
            () if error.is_timeout() => Code::TimedOut,
            () if error.is_permanent() || error.is_transient() => Code::HttpStatus,
            () => Code::Unreachable,
        };
        FeedError::new(code, place.clone(), error.to_string())
    })
}

fn tls(server: &MailServer) -> Result<Tls, lettre::transport::smtp::Error> {
    let is_here = matches!(server.host.as_str(), "localhost" | "127.0.0.1" | "::1");
    let begins = match server.tls {
        Some(begins) => begins,
        None if server.port == IMPLICIT => Encryption::Implicit,
        None if is_here => return Ok(Tls::None),
        None => Encryption::Starttls,
    };
    let mut builder = TlsParameters::builder(server.host.clone());
    if !server.certificates.is_empty() {
        builder = builder.certificate_store(CertificateStore::None);
        for certificate in &server.certificates {
            builder = builder.add_root_certificate(Certificate::from_der(certificate.clone())?);
        }
    }
    let parameters = builder.build_rustls()?;
    Ok(match begins {
        Encryption::Implicit => Tls::Wrapper(parameters),
        Encryption::Starttls => Tls::Required(parameters),
    })
}

/// A subject on one line.
fn one_line(text: &str) -> String {
    text.split(|letter: char| letter.is_control()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_are_addresses_and_lines_stay_one() {
        for (text, expected) in [
            ("desk@agency.example", true),
            ("desk@agency.example\r\nBcc: all@agency.example", false),
            ("Desk <desk@agency.example>", false),
            ("a@b.example, c@d.example", false),
            ("desk", false),
            ("", false),
        ] {
            assert_eq!(is_address(text), expected, "{text:?}");
        }
        assert_eq!(one_line("New risk\r\nBcc: all@agency.example"), "New risk Bcc: all@agency.example");
    }
}
