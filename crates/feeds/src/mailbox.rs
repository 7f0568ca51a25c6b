// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Mails that come in: read as far as an answer needs it (RFC 5322, RFC 2045). What is hostile or cannot be told is refused as a whole, with
//! the reason: whoever sorts mail by hand decides then.

use mail_parser::{HeaderValue, MessageParser, MimeHeaders as _, PartType};
use underpin_model::limits::bounds::{MAIL_BYTES, MAIL_FILES, MAIL_TEXT_BYTES};
use underpin_model::plain_file_name;

/// A mail as far as an answer needs it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceivedMail {
    /// From whom it says it is. Anybody can write anything there.
    pub sender: String,
    /// Its subject.
    pub subject: String,
    /// Numbers of the mails that it answers, as they say.
    pub answers: Vec<String>,
    /// What it says, without what it quotes.
    pub text: String,
    /// Its files.
    pub files: Vec<MailFile>,
    /// Files that say nothing about software: pictures, signatures, cards.
    pub left_out: Vec<String>,
}

/// A file in a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailFile {
    /// What it is called, without folders.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Why a mail is kept aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailFault {
    /// Stable code.
    pub code: &'static str,
    /// What was seen.
    pub detail: String,
    /// From whom it says it is, as far as that can be read.
    pub sender: String,
    /// Its subject, the same.
    pub subject: String,
}

/// Endings of programs: nobody is made to open one.
const PROGRAMS: [&str; 28] = [
    "exe", "dll", "com", "scr", "pif", "bat", "cmd", "ps1", "psm1", "vbs", "vbe", "jse", "wsf", "wsh", "hta", "lnk",
    "msi", "msp", "cpl", "reg", "jar", "app", "dmg", "pkg", "iso", "img", "sh", "elf",
];
/// How programs begin: of Windows, of Linux, of macOS (three kinds), scripts.
const BEGINNINGS: [&[u8]; 6] =
    [b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!"];
/// Kinds of files that say nothing about software.
const OTHERS: [&str; 5] = ["ics", "vcf", "p7s", "asc", "sig"];

/// Reads a mail.
///
/// # Errors
/// `too-large`, `not-a-mail`, `automatic` (nobody wrote it: RFC 3834), `nested-mail`, `bad-encoding`, `program`, `too-many-files`.
pub fn read_mail(bytes: &[u8]) -> Result<ReceivedMail, Box<MailFault>> {
    let bare = |code: &'static str, detail: &str| {
        Box::new(MailFault { code, detail: detail.to_owned(), sender: String::new(), subject: String::new() })
    };
    if bytes.len() > MAIL_BYTES {
        return Err(bare("too-large", &format!("{} bytes; at most {MAIL_BYTES} are read", bytes.len())));
    }
    let parsed = MessageParser::default().parse(bytes);
    let message = parsed.filter(|message| message.from().is_some() && !message.parts.is_empty());
    let message = message.ok_or_else(|| bare("not-a-mail", "it has no sender"))?;
    let sender = message.from().and_then(|from| from.first()).and_then(|one| one.address()).unwrap_or_default();
    let (sender, subject) = (one_line(sender), one_line(message.subject().unwrap_or_default()));
    let fault = |code: &'static str, detail: String| {
        Box::new(MailFault { code, detail, sender: sender.clone(), subject: subject.clone() })
    };
    let automatic = message.header("Auto-Submitted").and_then(HeaderValue::as_text);
    if automatic.is_some_and(|word| !word.trim().eq_ignore_ascii_case("no")) {
        return Err(fault("automatic", "a program wrote it".to_owned()));
    }
    let mut read = ReceivedMail { sender: sender.clone(), subject: subject.clone(), ..ReceivedMail::default() };
    for value in [message.in_reply_to(), message.references()] {
        read.answers.extend(texts(value));
    }
    for part in &message.parts {
        let name = part.attachment_name().map(plain_file_name);
        if matches!(part.body, PartType::Message(_)) {
            return Err(fault("nested-mail", "a mail within a mail: hand in the files themselves".to_owned()));
        }
        let (Some(name), false) = (name.or_else(|| unnamed(part)), matches!(part.body, PartType::Multipart(_))) else {
            if part.is_encoding_problem {
                return Err(fault("bad-encoding", "its text is not encoded as it says".to_owned()));
            }
            continue;
        };
        if part.is_encoding_problem {
            return Err(fault("bad-encoding", format!("{name:?} is not encoded as it says")));
        }
        if is_program(&name, part.contents()) {
            return Err(fault("program", format!("{name:?} is a program")));
        }
        if is_other(part, &name) {
            read.left_out.push(name);
            continue;
        }
        if read.files.len() >= MAIL_FILES {
            return Err(fault("too-many-files", format!("more than {MAIL_FILES} files; send an archive")));
        }
        let name = free(&read.files, &name);
        read.files.push(MailFile { name, bytes: part.contents().to_vec() });
    }
    let body = message.body_text(0).unwrap_or_default();
    read.text = own_words(&body);
    Ok(read)
}

/// A name for a file that has none: what is neither text nor a container must not be lost.
fn unnamed(part: &mail_parser::MessagePart<'_>) -> Option<String> {
    matches!(part.body, PartType::Binary(_) | PartType::InlineBinary(_)).then(|| "file".to_owned())
}

fn is_other(part: &mail_parser::MessagePart<'_>, name: &str) -> bool {
    let is_picture = part.content_type().is_some_and(|kind| kind.ctype().eq_ignore_ascii_case("image"));
    is_picture || OTHERS.contains(&ending(name).as_str())
}

fn is_program(name: &str, bytes: &[u8]) -> bool {
    PROGRAMS.contains(&ending(name).as_str()) || BEGINNINGS.iter().any(|beginning| bytes.starts_with(beginning))
}

fn ending(name: &str) -> String {
    name.trim_end_matches(['.', ' '])
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase())
        .unwrap_or_default()
}

fn texts(value: &HeaderValue<'_>) -> Vec<String> {
    match value {
        HeaderValue::Text(text) => vec![text.to_string()],
        HeaderValue::TextList(list) => list.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}

fn free(files: &[MailFile], name: &str) -> String {
    let is_free = |name: &str| files.iter().all(|file| file.name != name);
    let mut names = std::iter::once(name.to_owned()).chain((2..).map(|number| format!("{number}-{name}")));
    names.find(|name| is_free(name)).unwrap_or_default()
}

/// What somebody wrote, without what they quote, as far as it is kept.
fn own_words(body: &str) -> String {
    let mut kept = String::new();
    for line in body.lines().take_while(|line| *line != "-- ").filter(|line| !line.trim_start().starts_with('>')) {
        let line: String = line.chars().filter(|letter| !letter.is_control() || *letter == '\t').collect();
        if kept.len() + line.len() + 1 > MAIL_TEXT_BYTES {
            kept.push('…');
            break;
        }
        kept.push_str(line.trim_end());
        kept.push('\n');
    }
    kept.trim().to_owned()
}

fn one_line(text: &str) -> String {
    text.chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .take(500)
        .collect::<String>()
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A mail of these parts, each with its headers and text.
    fn mail(parts: &[&str]) -> Vec<u8> {
        let mut text = "From: Desk <desk@agency.example>\r\nTo: office@house.example\r\nSubject: =?utf-8?q?Antwort_f=C3=BCr_Sie?=\r\n \
             [UP-1]\r\nIn-Reply-To: <underpin-up-1@house.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; \
             boundary=b\r\n\r\n"
            .to_owned();
        for part in parts {
            text.push_str("--b\r\n");
            text.push_str(&part.replace('\n', "\r\n"));
            text.push_str("\r\n");
        }
        text.push_str("--b--\r\n");
        text.into_bytes()
    }

    const WORDS: &str = "Content-Type: text/plain; charset=utf-8\n\nHere it is.\n> you asked\n-- \nDesk";
    const BOM: &str = "Content-Type: application/json; name=\"../lab.json\"\nContent-Disposition: attachment; filename=\"../lab.json\"\n\
         Content-Transfer-Encoding: base64\n\neyJhIjoxfQ==";

    fn fault(bytes: &[u8]) -> &'static str {
        read_mail(bytes).map_or_else(|fault| fault.code, |read| panic!("{read:?} was read"))
    }

    #[test]
    fn words_and_files_are_read() {
        let picture = "Content-Type: image/png; name=logo.png\nContent-Disposition: inline; filename=logo.png\n\
                       Content-Transfer-Encoding: base64\n\niVBORw0KGgo=";
        let read = read_mail(&mail(&[WORDS, BOM, BOM, picture])).expect("a mail");
        assert_eq!(read.sender, "desk@agency.example");
        assert_eq!(read.subject, "Antwort für Sie [UP-1]");
        assert_eq!(read.answers, ["underpin-up-1@house.example"]);
        assert_eq!(read.text, "Here it is.");
        let file = |name: &str| MailFile { name: name.to_owned(), bytes: b"{\"a\":1}".to_vec() };
        assert_eq!(read.files, [file("lab.json"), file("2-lab.json")]);
        assert_eq!(read.left_out, ["logo.png"]);
    }

    #[test]
    fn what_is_hostile_is_kept_aside_as_a_whole() {
        let attached = |name: &str, bytes: &str| {
            format!(
                "Content-Type: application/octet-stream\nContent-Disposition: attachment; filename=\"{name}\"\n\n{bytes}"
            )
        };
        let nested = "Content-Type: message/rfc822\n\nFrom: a@b.example\nSubject: inner\n\nHello";
        let broken = "Content-Type: application/json\nContent-Disposition: attachment; filename=a.json\n\
                      Content-Transfer-Encoding: base64\n\n!!!!";
        for (parts, expected) in [
            (vec![WORDS, &attached("setup.EXE", "x")], "program"),
            (vec![WORDS, &attached("list.txt.", "MZ\u{1}\u{2}")], "program"),
            (vec![WORDS, &attached("notes.json", "#!/bin/sh\nrm -r /")], "program"),
            (vec![WORDS, &attached("list.scr ", "x")], "program"),
            (vec![WORDS, nested], "nested-mail"),
            (vec![WORDS, broken], "bad-encoding"),
        ] {
            assert_eq!(fault(&mail(&parts)), expected, "{parts:?}");
        }
        let many: Vec<&str> = std::iter::repeat_n(BOM, MAIL_FILES + 1).collect();
        assert_eq!(fault(&mail(&many)), "too-many-files");
        assert_eq!(fault(&vec![b'a'; MAIL_BYTES + 1]), "too-large");
        for text in ["", "\0\0\0", "{\"a\": 1}", "Subject: nobody wrote this\r\n\r\nHello"] {
            assert_eq!(fault(text.as_bytes()), "not-a-mail", "{text:?}");
        }
        let automatic = "From: a@b.example\r\nAuto-Submitted: auto-replied\r\nSubject: I am away\r\n\r\nBack on Monday";
        assert_eq!(fault(automatic.as_bytes()), "automatic");
        let by_hand = "From: a@b.example\r\nAuto-Submitted: no\r\n\r\nHello";
        assert_eq!(read_mail(by_hand.as_bytes()).expect("a mail").text, "Hello");
    }

    #[test]
    fn deep_and_cut_mails_end() {
        let mut deep = String::from("From: a@b.example\r\n");
        for level in 0..2_000 {
            deep.push_str(&format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n"));
        }
        // Whatever it is, it is read to its end.
        let _ = read_mail(deep.as_bytes());
        let whole = mail(&[WORDS, BOM]);
        for length in 0..whole.len() {
            let _ = read_mail(&whole[..length]);
        }
    }
}
