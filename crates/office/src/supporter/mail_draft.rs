// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Approved words as a mail that a person opens in their own mail program, looks at, and sends or not (RFC 5322, RFC 2045).
//!
//! It has no sender, and a recipient only where the project itself names an address for mail.

use std::fmt::Write;

use underpin_feeds::mail::is_address;

use super::contact::HandedOut;

/// Letters of a line in quoted-printable, the soft break left out.
const LINE_LETTERS: usize = 75;

impl HandedOut {
    /// The words as the bytes of an `.eml` file.
    pub fn mail(&self) -> String {
        let mut mail = String::from("X-Unsent: 1\r\n");
        if let Some(address) = self.draft.address.as_deref().and_then(mail_address) {
            let _ = write!(mail, "To: {address}\r\n");
        }
        // Nothing of the matter: subjects are read by whoever passes a mail on.
        let key: String = self.project.chars().filter(char::is_ascii_graphic).collect();
        let _ = write!(mail, "Subject: To the project {key}\r\nMIME-Version: 1.0\r\n");
        mail.push_str("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n");
        self.draft.text.lines().for_each(|line| push_line(&mut mail, line));
        mail
    }
}

/// The address behind a door, where it is one for mail.
fn mail_address(address: &str) -> Option<&str> {
    let plain = address.trim().strip_prefix("mailto:").unwrap_or(address.trim());
    (is_address(plain) && plain.chars().all(|letter| letter.is_ascii_graphic())).then_some(plain)
}

/// A line in quoted-printable.
fn push_line(mail: &mut String, line: &str) {
    let mut used = 0;
    let bytes = line.as_bytes();
    for (place, byte) in bytes.iter().enumerate() {
        let is_last = place + 1 == bytes.len();
        let is_plain = matches!(byte, b'!'..=b'<' | b'>'..=b'~') || (matches!(byte, b' ' | b'\t') && !is_last);
        let needed = if is_plain { 1 } else { 3 };
        if used + needed > LINE_LETTERS {
            mail.push_str("=\r\n");
            used = 0;
        }
        if is_plain {
            mail.push(char::from(*byte));
        } else {
            let _ = write!(mail, "={byte:02X}");
        }
        used += needed;
    }
    mail.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use underpin_feeds::mailbox::read_mail;
    use underpin_model::engagement::{Channel, TextDigest};

    use super::super::contact::DraftRow;
    use super::*;

    fn handed(address: Option<&str>, text: &str) -> HandedOut {
        let draft = DraftRow {
            channel: Channel::Stated,
            address: address.map(str::to_owned),
            text: text.to_owned(),
            digest: TextDigest::of(text),
            advice: Vec::new(),
            approved_by: vec!["bert".to_owned()],
            handed_out: None,
        };
        HandedOut { request: "Q1".to_owned(), conversation: None, project: "github.com/log/log".to_owned(), draft }
    }

    #[test]
    fn a_mail_says_what_was_approved_and_invents_no_recipient() {
        let text = format!("Grüße = {}\n\nends with a space \n.\nFrom here\n", "x = 1; ".repeat(40));
        for (address, expected) in [
            (Some("team@log.example"), Some("team@log.example")),
            (Some("mailto:team@log.example"), Some("team@log.example")),
            (Some("https://log.example/contact"), None),
            (Some("team@log.example\r\nBcc: all@gov.example"), None),
            (Some("Grace <grace@log.example>"), None),
            (None, None),
        ] {
            let mail = handed(address, &text).mail();
            let to = mail.lines().find_map(|line| line.strip_prefix("To: "));
            assert_eq!(to, expected, "{address:?}");
            assert!(!mail.contains("Bcc") && !mail.contains("\nFrom:"), "{mail}");
            assert!(mail.is_ascii() && mail.split("\r\n").all(|line| line.len() <= LINE_LETTERS + 1), "{mail}");
            // Without a sender it is none yet: the mail program of the person adds one.
            let sent = format!("From: ada@gov.example\r\n{mail}");
            let read = read_mail(sent.as_bytes()).map_err(|fault| fault.detail).expect("a mail");
            assert_eq!(read.subject, "To the project github.com/log/log");
            let lines = |text: &str| text.trim_end().lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
            assert_eq!(lines(&read.text), lines(&text));
        }
    }
}
