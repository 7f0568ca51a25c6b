// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! No name, address or digest of a person leaves the computation, and the salt changes nothing that does.

use underpin_formats::project_money::About;
use underpin_model::Timestamp;
use underpin_repositories::{Elsewhere, GitClone, classify, published, signals};

use crate::git::{ADA, AS_OF, BEN, BOT, CLEO, Made, ago};

const PEOPLE: &[&str] = &[ADA, BEN, CLEO, "Dörte Überall-Schmidt <doerte@klein.test.org>"];

/// A project whose files are full of its people.
fn talkative() -> Option<Made> {
    let made = Made::new()?;
    made.write(".mailmap", &format!("{ADA} <old@alt.test.org>\n"));
    let people = "Ada Quellmann (ada.quellmann@firma.test.org), Ben Zwirbel, @cleo-farnbach and Cleo  Farnbach";
    let paragraph =
        format!("Decisions are made by consensus of {people}; DÖRTE ÜBERALL-SCHMIDT signs the CLA and the DCO.\n");
    for (path, head) in [
        ("README.md", "# Talk\n\nHelp wanted: write to the mailing list. "),
        ("CONTRIBUTING.md", "# Contributing\n\n"),
        ("GOVERNANCE.md", "# Governance\n\n"),
        ("SECURITY.md", "# Security\n\nSee https://example.org/ben.zwirbel or ssh://ben.zwirbel@gmail.com/x. "),
        ("CODE_OF_CONDUCT.md", "# Conduct\n\n"),
        (".github/FUNDING.yml", "github: ben.zwirbel@gmail.com\npatreon: quirlig77\ncustom: Cleo Farnbach\n# "),
        (".github/CODEOWNERS", "* @cleo-farnbach\n"),
    ] {
        made.write(path, &format!("{head}{paragraph}"));
    }
    made.write("funding.json", r#"{"version": "v1.0.0", "entity": {"type": "individual", "name": "Ben Zwirbel"}, "funding": {"channels": [
        {"type": "payment-provider", "address": "https://liberapay.com/quirlig77"}, {"type": "bank", "address": "Cleo Farnbach"}]}}"#);
    made.write("SECURITY-INSIGHTS.yml", "repository:\n  status: active\n  core-team:\n    - name: Ben Zwirbel\n");
    for (number, who) in PEOPLE.iter().chain([&BOT]).enumerate() {
        made.write(&format!("file{number}.txt"), who);
        let message = format!("Work\n\nSigned-off-by: {who}\nReviewed-by: {ADA}\n");
        made.commit(who, ago(10 + i64::try_from(number).expect("small")), &message);
    }
    made.dated(ADA, ago(5), &["tag", "--annotate", "--message", &format!("By {ADA}"), "v1.0"]);
    Some(made)
}

#[test]
fn no_person_leaves() {
    let Some(made) = talkative() else { return };
    let clone = GitClone::open(&made.path).expect("a clone");
    let found = signals(&clone, Timestamp::from_seconds(AS_OF), &[3; 32]);
    let card = serde_json::to_string(&found.community).expect("JSON");
    assert!(
        card.contains("Decisions are made by consensus of [name] [address] [name], [name] and [name]; [name] signs"),
        "{card}"
    );
    assert!(!card.contains("unknown"), "every question is answered here: {card}");
    let judged = classify(&found, Elsewhere::default());
    let text =
        format!("{}{}", serde_json::to_string(&found).expect("JSON"), serde_json::to_string(&judged).expect("JSON"));
    let files = published(&clone, &About { project: "example.org/talk", payers: &[] });
    assert_eq!(files.funding.len(), 2, "FUNDING.yml and funding.json: {files:?}");
    let text = format!("{text}{}", serde_json::to_string(&files).expect("JSON"));
    let text = text.to_lowercase();
    let mut secrets: Vec<String> = ["alt.test.org", "cleo-farnbach", "quirlig77"].map(str::to_owned).to_vec();
    for who in PEOPLE {
        let (name, email) = who.split_once(" <").expect("a name and an address");
        let email = email.trim_end_matches('>');
        let (local, domain) = email.split_once('@').expect("an address");
        secrets.extend([name, email, local, domain].map(str::to_lowercase));
        secrets.extend(name.split(' ').filter(|word| word.chars().count() > 4).map(str::to_lowercase));
    }
    for secret in secrets {
        assert!(!text.contains(&secret), "{secret} is in {text}");
    }
    // Digests are long; the only long hexadecimal text is the tip.
    let tip = found.tip.clone().expect("a tip");
    let rest = text.replace(&tip, "");
    let longest = rest.split(|letter: char| !letter.is_ascii_hexdigit()).map(str::len).max();
    assert!(longest < Some(16), "{longest:?}");
}

#[test]
fn the_salt_changes_nothing() {
    let Some(made) = talkative() else { return };
    let clone = GitClone::open(&made.path).expect("a clone");
    let of = |salt: u8| signals(&clone, Timestamp::from_seconds(AS_OF), &[salt; 32]);
    assert_eq!(of(1), of(2));
}
