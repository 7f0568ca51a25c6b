// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Mail over TLS, against a mail server of ours with certificates that `openssl` makes for the test.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tempfile::TempDir;
use underpin_feeds::mail::{Encryption, Mail, MailConfiguration, MailServer, send};

const PASSWORD: &str = "seven geese over the mint";

/// What a server heard: before TLS, and inside it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Heard {
    plain: String,
    inside: String,
}

/// How a server behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// Switches to TLS when asked.
    Switches,
    /// Speaks TLS from the start.
    Implicit,
    /// Does not offer to switch, and would take everything in the clear: what somebody in between makes of a server.
    Stripped,
}

fn openssl(folder: &Path, arguments: &[&str]) -> bool {
    let command = Command::new("openssl")
        .args(arguments)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    command.is_ok_and(|status| status.success())
}

/// An authority `ca.pem`, another one `other.pem`, and of the first one a certificate for `localhost` and one for another name.
fn certificates() -> Option<TempDir> {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let authority = |name: &str| {
        let (key, out, subject) = (format!("{name}.key"), format!("{name}.pem"), format!("/CN={name}"));
        let new = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
        openssl(at, &[&new[..], &["-keyout", &key, "-out", &out, "-subj", &subject]].concat())
    };
    let signed = |name: &str, host: &str| {
        let (key, request, out) = (format!("{name}.key"), format!("{name}.csr"), format!("{name}.pem"));
        let extension = format!("{name}.ext");
        std::fs::write(at.join(&extension), format!("subjectAltName=DNS:{host}\n")).expect("a file");
        let new = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=mail"];
        let sign = ["x509", "-req", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2"];
        openssl(at, &[&new[..], &["-keyout", &key, "-out", &request]].concat())
            && openssl(at, &[&sign[..], &["-in", &request, "-extfile", &extension, "-out", &out]].concat())
    };
    if authority("ca") && authority("other") && signed("here", "localhost") && signed("there", "mail.elsewhere.example")
    {
        return Some(folder);
    }
    underpin_testkit::skip("openssl");
    None
}

/// A server for one conversation: its port, and what it heard in the end.
fn serve(folder: &Path, certificate: &str, manner: Manner) -> (u16, JoinHandle<Heard>) {
    let chain = CertificateDer::pem_file_iter(folder.join(format!("{certificate}.pem"))).expect("a file");
    let chain = chain.collect::<Result<Vec<_>, _>>().expect("certificates");
    let key = PrivateKeyDer::from_pem_file(folder.join(format!("{certificate}.key"))).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("versions");
    let config = config.with_no_client_auth().with_single_cert(chain, key).expect("a certificate with its key");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let thread = std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a caller");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time");
        let encrypted = |stream: TcpStream| {
            StreamOwned::new(ServerConnection::new(Arc::new(config)).expect("a connection"), stream)
        };
        let mut heard = Heard::default();
        if manner == Manner::Implicit {
            converse(&mut encrypted(stream), true, false, &mut heard.inside);
        } else {
            let mut stream = stream;
            if converse(&mut stream, true, manner == Manner::Switches, &mut heard.plain) {
                converse(&mut encrypted(stream), false, false, &mut heard.inside);
            }
        }
        heard
    });
    (port, thread)
}

/// Answers until the caller goes, a mail is taken, or both switch to TLS: then it is true.
fn converse(stream: &mut (impl Read + Write), greets: bool, offers: bool, heard: &mut String) -> bool {
    let mut is_mail = false;
    if greets && stream.write_all(b"220 mail.test\r\n").is_err() {
        return false;
    }
    loop {
        let mut line = String::new();
        // One byte at a time, so that nothing behind the line is taken from what comes next.
        if BufReader::with_capacity(1, &mut *stream).read_line(&mut line).unwrap_or(0) == 0 {
            return false;
        }
        heard.push_str(&line);
        let word = line.split_whitespace().next().unwrap_or_default().to_uppercase();
        let answer: &str = match word.as_str() {
            _ if is_mail && line == ".\r\n" => {
                is_mail = false;
                "250 taken\r\n"
            }
            _ if is_mail => continue,
            "EHLO" if offers => "250-mail.test\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n",
            "EHLO" => "250-mail.test\r\n250 AUTH PLAIN\r\n",
            "STARTTLS" => {
                return offers && stream.write_all(b"220 go\r\n").is_ok();
            }
            "AUTH" => "235 in\r\n",
            "DATA" => {
                is_mail = true;
                "354 go on\r\n"
            }
            "QUIT" => "221 bye\r\n",
            _ => "250 ok\r\n",
        };
        if stream.write_all(answer.as_bytes()).and_then(|()| stream.flush()).is_err() {
            return false;
        }
    }
}

fn server(folder: &Path, port: u16, tls: Option<Encryption>, authority: &str) -> MailServer {
    let configuration = MailConfiguration {
        host: "localhost".to_owned(),
        port,
        user: "office".to_owned(),
        password: None,
        from: "office@house.example".to_owned(),
        tls,
        certificates: Some(folder.join(authority)),
    };
    let read = configuration.read(&|_| None).expect("a server");
    MailServer { password: PASSWORD.to_owned(), ..read }
}

fn mail() -> Mail {
    let text = |text: &str| text.to_owned();
    Mail {
        to: text("desk@agency.example"),
        subject: text("New risk"),
        text: text("Look at the portal."),
        id: text("1"),
    }
}

#[tokio::test]
async fn mail_and_password_go_through_tls_alone() {
    let Some(folder) = certificates() else { return };
    for (manner, tls) in [(Manner::Switches, Encryption::Starttls), (Manner::Implicit, Encryption::Implicit)] {
        let (port, thread) = serve(folder.path(), "here", manner);
        send(&server(folder.path(), port, Some(tls), "ca.pem"), &mail()).await.expect("sent");
        let heard = thread.join().expect("a conversation");
        // `AUTH PLAIN` shows name and password in base64.
        for part in ["AUTH PLAIN AG9mZmljZQ", "MAIL FROM:<office@house.example>", "Look at the portal."] {
            assert!(heard.inside.contains(part), "{manner:?} {part}: {heard:?}");
        }
        let plain: Vec<&str> = heard.plain.lines().filter_map(|line| line.split_whitespace().next()).collect();
        assert_eq!(plain, if manner == Manner::Switches { &["EHLO", "STARTTLS"][..] } else { &[] }, "{heard:?}");
    }
}

#[tokio::test]
async fn who_is_not_trusted_gets_neither_mail_nor_password() {
    let Some(folder) = certificates() else { return };
    for (manner, certificate, authority) in [
        // Signed by somebody else.
        (Manner::Switches, "here", "other.pem"),
        (Manner::Implicit, "here", "other.pem"),
        // For another host.
        (Manner::Switches, "there", "ca.pem"),
        (Manner::Implicit, "there", "ca.pem"),
        // By itself.
        (Manner::Switches, "other", "ca.pem"),
        // Somebody in between took the offer of TLS away.
        (Manner::Stripped, "here", "ca.pem"),
    ] {
        let (port, thread) = serve(folder.path(), certificate, manner);
        let tls = if manner == Manner::Implicit { Encryption::Implicit } else { Encryption::Starttls };
        let error = send(&server(folder.path(), port, Some(tls), authority), &mail()).await.expect_err("refused");
        assert!(!error.to_string().contains(PASSWORD), "{error}");
        let heard = thread.join().expect("a conversation");
        let all = format!("{}{}", heard.plain, heard.inside);
        for part in ["AUTH", "MAIL", "DATA", "portal"] {
            assert!(!all.contains(part), "{manner:?} {certificate} {authority}: {heard:?}");
        }
    }
}

#[test]
fn a_file_without_certificates_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("empty.pem");
    std::fs::write(&file, "nothing\n").expect("a file");
    for path in [file, folder.path().join("none.pem")] {
        let configuration = MailConfiguration {
            host: "mail.agency.example".to_owned(),
            port: 587,
            user: String::new(),
            password: None,
            from: "office@house.example".to_owned(),
            tls: None,
            certificates: Some(path),
        };
        assert!(configuration.read(&|_| None).is_err());
    }
}
