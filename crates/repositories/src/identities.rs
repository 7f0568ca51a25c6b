// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Who made a commit, as a number that means nothing outside this computation.
//!
//! A person is an e-mail address after the project's own file `.mailmap`, in small letters. What is kept of it is a digest with a
//! salt of this installation, and only until the counting is done. Neither names nor addresses nor digests leave this crate.

use std::collections::HashSet;

use gix::actor::SignatureRef;
use hashbrown::HashMap;
use sha2::{Digest, Sha256};

use crate::bots;
use crate::domains;

/// Letters of the shortest name of one word that is taken out of quoted texts.
const SHORTEST_NAME: usize = 4;

/// Numbers of people and of domains of addresses, in the order of their first appearance.
pub(crate) struct Identities {
    salt: [u8; 32],
    mailmap: gix::mailmap::Snapshot,
    people: HashMap<[u8; 16], u32>,
    domains: HashMap<[u8; 16], u32>,
    names: HashSet<[u8; 16]>,
}

/// Who made a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Author {
    /// Number of the person or program.
    pub(crate) number: u32,
    /// Number of the domain of the address, when it may be that of an organisation.
    pub(crate) domain: Option<u32>,
    /// Whether it is a program.
    pub(crate) is_bot: bool,
}

impl Identities {
    pub(crate) fn new(salt: &[u8; 32], mailmap: &[u8]) -> Self {
        let mailmap = gix::mailmap::Snapshot::from_bytes(mailmap);
        let (people, domains, names) = (HashMap::new(), HashMap::new(), HashSet::new());
        Self { salt: *salt, mailmap, people, domains, names }
    }

    /// The author behind the signature of a commit.
    pub(crate) fn author(&mut self, signature: SignatureRef<'_>) -> Author {
        let signature = signature.trim();
        let mapped = self.mailmap.try_resolve_ref(signature);
        let email: &[u8] = mapped.as_ref().and_then(|mapped| mapped.email).unwrap_or(signature.email);
        let name: &[u8] = mapped.as_ref().and_then(|mapped| mapped.name).unwrap_or(signature.name);
        let is_bot = bots::is_bot(signature.name, signature.email) || bots::is_bot(name, email);
        let domain =
            domains::organisation(email).map(|domain| number(&mut self.domains, digest(&self.salt, domain.as_bytes())));
        let person = digest(&self.salt, email.to_ascii_lowercase().as_slice());
        let (name, own_name) = (name.to_vec(), signature.name.to_vec());
        if !is_bot {
            self.note_name(&name);
            self.note_name(&own_name);
        }
        Author { number: number(&mut self.people, person), domain, is_bot }
    }

    /// Whether the words are the name of somebody who made a commit.
    pub(crate) fn is_name(&self, words: &[&str]) -> bool {
        self.names.contains(&digest(&self.salt, joined(words).as_bytes()))
    }

    /// Whether the domain is that of the address of somebody who made a commit.
    pub(crate) fn is_domain(&self, domain: &str) -> bool {
        domain.contains('.') && self.domains.contains_key(&digest(&self.salt, domain.to_lowercase().as_bytes()))
    }

    fn note_name(&mut self, name: &[u8]) {
        let name = String::from_utf8_lossy(name);
        let words: Vec<&str> = words(&name).collect();
        if words.len() > 1 || words.iter().any(|word| word.chars().count() >= SHORTEST_NAME) {
            self.names.insert(digest(&self.salt, joined(&words).as_bytes()));
        }
    }
}

/// Words of a text: letters and digits, with what stands inside names.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    let inside = |letter: char| letter.is_alphanumeric() || matches!(letter, '\'' | '’' | '-' | '_');
    text.split(move |letter: char| !inside(letter)).filter(|word| word.chars().any(char::is_alphanumeric))
}

fn joined(words: &[&str]) -> String {
    words.join(" ").to_lowercase()
}

fn number(numbers: &mut HashMap<[u8; 16], u32>, digest: [u8; 16]) -> u32 {
    let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
    *numbers.entry(digest).or_insert(next)
}

fn digest(salt: &[u8; 32], bytes: &[u8]) -> [u8; 16] {
    let whole = Sha256::new().chain_update(salt).chain_update(bytes).finalize();
    let mut short = [0; 16];
    short.copy_from_slice(&whole[..16]);
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn author(identities: &mut Identities, text: &str) -> Author {
        let signature = format!("{text} 1700000000 +0000");
        identities.author(SignatureRef::from_bytes(signature.as_bytes()).expect("a signature"))
    }

    #[test]
    fn people_are_joined_by_address_and_mailmap() {
        let mailmap =
            b"Ada Example <ada@example.org> <ada@old.example.org>\n<ben@example.net> Ben <shared@example.net>\n";
        let mut identities = Identities::new(&[7; 32], mailmap);
        let numbers: Vec<u32> = [
            "Ada <ada@example.org>",
            "A. Example <ADA@OLD.example.org>",
            "Ben <shared@example.net>",
            "ben <ben@example.net>",
            "Cleo <shared@example.net>",
            "Ada <Ada@Example.org>",
        ]
        .iter()
        .map(|text| author(&mut identities, text).number)
        .collect();
        assert_eq!(numbers, [0, 0, 1, 1, 2, 0]);
        assert!(identities.is_name(&["ada", "EXAMPLE"]) && identities.is_name(&["Cleo"]));
        assert!(!identities.is_name(&["Ben"]), "too short to be told from a word");
        assert!(!identities.is_name(&["Example"]));
    }

    #[test]
    fn a_program_has_no_name_and_free_mail_no_domain() {
        let mut identities = Identities::new(&[7; 32], b"");
        let bot = author(&mut identities, "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>");
        assert_eq!(bot, Author { number: 0, domain: None, is_bot: true });
        assert!(!identities.is_name(&["dependabot", "bot"]));
        let person = author(&mut identities, "Ada Example <ada@example.org>");
        assert_eq!(person, Author { number: 1, domain: Some(0), is_bot: false });
    }
}
