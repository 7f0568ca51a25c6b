// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Domains of e-mail addresses as a trace of organisations. Those of free mail providers, of forges and of single machines say
//! nothing about who pays the work, and are left out.

/// Providers at which everybody may have an address. Domains below them are left out, too.
const FREE_MAIL: &[&str] = &[
    "126.com",
    "163.com",
    "aol.com",
    "duck.com",
    "fastmail.com",
    "fastmail.fm",
    "foxmail.com",
    "free.fr",
    "freenet.de",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hey.com",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.fr",
    "icloud.com",
    "laposte.net",
    "libero.it",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "mailbox.org",
    "me.com",
    "msn.com",
    "naver.com",
    "noreply.codeberg.org",
    "noreply.github.com",
    "noreply.gitlab.com",
    "orange.fr",
    "outlook.com",
    "pm.me",
    "posteo.de",
    "posteo.net",
    "proton.me",
    "protonmail.ch",
    "protonmail.com",
    "qq.com",
    "rambler.ru",
    "riseup.net",
    "seznam.cz",
    "sina.com",
    "t-online.de",
    "tutanota.com",
    "users.sf.net",
    "users.sourceforge.net",
    "web.de",
    "wanadoo.fr",
    "wp.pl",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.de",
    "yahoo.fr",
    "yandex.com",
    "yandex.ru",
    "zoho.com",
];

/// Ends of names that no organisation owns: they stand for single machines and made-up addresses.
const NOWHERE: &[&str] = &["localhost", "local", "localdomain", "lan", "internal", "invalid", "example"];

/// The domain of an address in small letters, when it may be that of an organisation.
pub fn organisation(email: &[u8]) -> Option<String> {
    let email = std::str::from_utf8(email).ok()?.trim().to_lowercase();
    let domain = email.rsplit_once('@')?.1.trim_end_matches('.');
    let (_, last) = domain.rsplit_once('.')?;
    let is_plain =
        domain.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.' || !byte.is_ascii());
    let is_free = FREE_MAIL
        .iter()
        .any(|free| domain.strip_suffix(free).is_some_and(|before| before.is_empty() || before.ends_with('.')));
    // An address of a machine, as `10.0.0.1`, is no name.
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit());
    (is_plain && !is_free && !is_number && !NOWHERE.contains(&last)).then(|| domain.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_mail_and_machines_are_no_organisations() {
        for (email, expected) in [
            ("a@Example.ORG", Some("example.org")),
            ("a@lists.example.org", Some("lists.example.org")),
            ("a@gmail.com", None),
            ("1+a@users.noreply.github.com", None),
            ("a@notgmail.com", Some("notgmail.com")),
            ("a@desk.local", None),
            ("a@localhost", None),
            ("a@10.0.0.1", None),
            ("a", None),
            ("", None),
            ("a@b@example.org", Some("example.org")),
            ("a@exa mple.org", None),
        ] {
            assert_eq!(organisation(email.as_bytes()).as_deref(), expected, "{email}");
        }
        assert_eq!(organisation(b"a@\xff.org"), None);
    }
}
