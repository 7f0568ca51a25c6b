// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The twenty requirements of CSAF 2.0, section 7.1, as a table: each is held against what leaves the house.

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest as _, Sha256, Sha512};
use underpin_model::Timestamp;

use crate::house::House;
use crate::publishing::{files, publish};

const BASE: &str = "https://cert.example.gov/";
const WHITE: &str = ".well-known/csaf/white/";

/// Files by path, and the house that they are of.
struct Site(BTreeMap<String, Vec<u8>>, House);

impl Site {
    fn text(&self, path: &str) -> String {
        String::from_utf8(self.0.get(path).unwrap_or_else(|| panic!("{path} is missing")).clone()).expect("text")
    }

    fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.text(path)).expect("JSON")
    }

    fn metadata(&self) -> Value {
        self.json(".well-known/csaf/provider-metadata.json")
    }

    /// Paths of the CSAF documents.
    fn documents(&self) -> Vec<&String> {
        let is_document =
            |path: &&String| path.ends_with(".json") && path.starts_with(WHITE) && path[WHITE.len()..].contains('/');
        self.0.keys().filter(is_document).collect()
    }

    /// Every address that any list names.
    fn addresses(&self) -> Vec<String> {
        fn walk(value: &Value, found: &mut Vec<String>) {
            match value {
                Value::String(text) if text.contains("://") => found.push(text.clone()),
                Value::Array(items) => items.iter().for_each(|item| walk(item, found)),
                Value::Object(fields) => fields.values().for_each(|field| walk(field, found)),
                _ => {}
            }
        }
        let mut found = Vec::new();
        let lists = ["provider-metadata.json", "service.json", "white/csaf-feed-tlp-white.json"];
        lists.iter().for_each(|list| walk(&self.json(&format!(".well-known/csaf/{list}")), &mut found));
        found.retain(|address| !address.contains("oasis-open.org"));
        found
    }

    fn feed(&self) -> Value {
        self.json(&format!("{WHITE}csaf-feed-tlp-white.json"))["feed"].clone()
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

type Requirement = (u8, &'static str, fn(&Site));

const REQUIREMENTS: &[Requirement] = &[
    (1, "valid documents", |site| {
        for path in site.documents() {
            // What was published can be drafted again: it passes the mandatory tests, and no optional one says anything.
            let file = site.1.write("again.json", &site.0[path]);
            let again = ["publish", "advisory", file.to_str().expect("a path"), "--id", "AGAIN"];
            assert_eq!(site.1.json(&again)["rows"][0]["remarks"], Value::Array(Vec::new()), "{path}");
        }
        assert_eq!(site.documents().len(), 2);
    }),
    (2, "file names", |site| {
        for path in site.documents() {
            let document = site.json(path);
            let id = document["document"]["tracking"]["id"].as_str().expect("an identifier");
            assert_eq!(path.rsplit('/').next(), Some(format!("{}.json", id.to_lowercase()).as_str()));
        }
    }),
    (3, "TLS", |site| {
        let addresses = site.addresses();
        assert!(
            addresses.len() > 10 && addresses.iter().all(|address| address.starts_with(BASE.trim_end_matches('/'))),
            "{addresses:?}"
        );
    }),
    (4, "what is white is open: every address leads to a file, without signing in", |site| {
        for address in site.addresses().iter().filter(|address| **address != BASE.trim_end_matches('/')) {
            let path = address.strip_prefix(BASE).expect("ours");
            let path = if path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
            assert!(site.0.contains_key(&path), "{path}");
        }
    }),
    (5, "what is not white is protected: it is not here at all", |site| {
        let all: Vec<u8> = site.0.values().flatten().copied().collect();
        let text = String::from_utf8_lossy(&all);
        assert!(!text.contains("NCA-2026-AMBER") && !text.contains("NCA-2026-WAITING"), "{text}");
        for path in site.documents() {
            assert_eq!(site.json(path)["document"]["distribution"]["tlp"]["label"], "WHITE");
        }
    }),
    (6, "no redirects: lists name files, never places that lead elsewhere", |site| {
        assert!(site.addresses().iter().all(|address| !address.contains('?') && !address.contains('#')));
    }),
    (7, "provider-metadata.json", |site| {
        let told = site.metadata();
        assert_eq!(told["canonical_url"], format!("{BASE}.well-known/csaf/provider-metadata.json"));
        assert_eq!(
            (told["role"].as_str(), told["metadata_version"].as_str()),
            (Some("csaf_trusted_provider"), Some("2.0"))
        );
        assert_eq!(told["publisher"]["name"], "Cyber Agency");
        assert!(told["last_updated"].is_string() && told["list_on_CSAF_aggregators"].is_boolean());
    }),
    (8, "security.txt", |site| {
        let text = site.text(".well-known/security.txt");
        assert!(text.contains(&format!("CSAF: {BASE}.well-known/csaf/provider-metadata.json\n")), "{text}");
        assert!(
            text.contains("Contact: mailto:cert@example.gov\n") && text.contains("Expires: 2030-01-01T00:00:00Z\n")
        );
    }),
    (9, "well-known address", |site| assert!(site.0.contains_key(".well-known/csaf/provider-metadata.json"))),
    // One of 8 to 10 is asked for; the name csaf.data.security is for who runs the domain.
    (10, "DNS path", |site| assert!(!site.metadata().to_string().contains("csaf.data.security"))),
    (11, "a folder a year, by the first release", |site| {
        for path in site.documents() {
            let first = site.json(path)["document"]["tracking"]["initial_release_date"].to_string();
            assert_eq!(path[WHITE.len()..].get(..4), first.get(1..5), "{path}");
        }
    }),
    (12, "index.txt", |site| {
        let text = site.text(&format!("{WHITE}index.txt"));
        let listed: Vec<String> = text.lines().map(|line| format!("{WHITE}{line}")).collect();
        assert_eq!(listed.iter().collect::<Vec<_>>(), site.documents());
    }),
    (13, "changes.csv", |site| {
        let text = site.text(&format!("{WHITE}changes.csv"));
        let rows: Vec<(&str, &str)> =
            text.lines().filter_map(|line| line.trim_matches('"').split_once("\",\"")).collect();
        assert_eq!(rows.len(), 2);
        assert!(rows.is_sorted_by(|a, b| a.1 >= b.1), "{rows:?}");
        for (path, at) in rows {
            assert_eq!(site.json(&format!("{WHITE}{path}"))["document"]["tracking"]["current_release_date"], at);
        }
    }),
    (14, "directory listings", |site| {
        let root = site.text(&format!("{WHITE}index.html"));
        for path in site.documents() {
            let (year, name) = path[WHITE.len()..].split_once('/').expect("a folder");
            assert!(root.contains(&format!("href=\"{year}/\"")), "{root}");
            let folder = site.text(&format!("{WHITE}{year}/index.html"));
            assert!(folder.contains(&format!("href=\"{name}\"")), "{folder}");
        }
    }),
    (15, "ROLIE feed", |site| {
        let feed = site.feed();
        let entries = feed["entry"].as_array().expect("entries");
        assert_eq!(entries.len(), 2);
        for entry in entries {
            let of =
                |rel: &str| entry["link"].as_array().into_iter().flatten().filter(|link| link["rel"] == rel).count();
            assert_eq!((of("self"), of("hash"), of("signature")), (1, 2, 1));
            assert_eq!(entry["content"]["type"], "application/json");
            let moment = |value: &Value| value["updated"].as_str().and_then(|text| text.parse::<Timestamp>().ok());
            assert!(moment(entry).is_some() && moment(entry) <= moment(&feed));
        }
        let told = site.metadata();
        assert_eq!(told["distributions"][0]["rolie"]["feeds"][0]["tlp_label"], "WHITE");
    }),
    (16, "ROLIE service document", |site| {
        let service = site.json(".well-known/csaf/service.json");
        let collection = &service["service"]["workspace"][0]["collection"][0];
        assert_eq!(collection["href"], format!("{BASE}{WHITE}csaf-feed-tlp-white.json"));
    }),
    (17, "ROLIE category document", |site| {
        let terms = site.json(&format!("{WHITE}category-white.json"));
        assert_eq!(terms["categories"]["category"][0]["term"], "csaf_security_advisory");
    }),
    (18, "digests", |site| {
        for path in site.documents() {
            let bytes = &site.0[path];
            let name = path.rsplit('/').next().unwrap_or_default();
            assert_eq!(
                site.text(&format!("{path}.sha256")),
                format!("{}  {name}\n", hexadecimal(&Sha256::digest(bytes)))
            );
            assert_eq!(
                site.text(&format!("{path}.sha512")),
                format!("{}  {name}\n", hexadecimal(&Sha512::digest(bytes)))
            );
        }
    }),
    (19, "signatures", |site| {
        for path in site.documents() {
            assert!(site.text(&format!("{path}.asc")).starts_with("-----BEGIN PGP SIGNATURE-----"));
        }
    }),
    (20, "public key", |site| {
        let told = site.metadata();
        let key = &told["public_openpgp_keys"][0];
        let path = key["url"].as_str().and_then(|url| url.strip_prefix(BASE)).expect("an address");
        assert!(site.text(path).starts_with("-----BEGIN PGP PUBLIC KEY BLOCK-----"));
        assert_eq!(key["fingerprint"].as_str().map(str::len), Some(40));
    }),
];

#[test]
fn what_leaves_the_house_keeps_the_requirements_of_a_trusted_provider() {
    let house = House::new();
    let settings = format!(
        "[publish]\naddress = \"{BASE}\"\nname = \"Cyber Agency\"\ncontact = \"cert@example.gov\"\n\
        [publish.security_txt]\ncontact = [\"mailto:cert@example.gov\"]\nexpires = \"2030-01-01T00:00:00Z\"\n"
    );
    house.write("underpin.toml", settings.as_bytes());
    house.write("registry.toml", b"[[agency]]\nid = \"office\"\nname = \"Office\"\n");
    house.json(&["registry", "import", "registry.toml"]);
    house.json(&["publish", "key", "new"]);
    for (id, tlp) in
        [("NCA-2026-1", "clear"), ("NCA-2026-2", "clear"), ("NCA-2026-AMBER", "green"), ("NCA-2026-WAITING", "clear")]
    {
        let add = ["watch", "advisories", "add", "--id", id, "--package", "pkg:npm/pad-left", "--fixed", "1.3.0"];
        let words = ["--summary", id, "--tlp", tlp, "--severity", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"];
        house.json(&[&add[..], &words].concat());
    }
    for id in ["NCA-2026-1", "NCA-2026-2"] {
        publish(&house, &["publish", "advisory", "--from-own", id], id, "csaf");
    }
    publish(
        &house,
        &["publish", "advisory", "--from-own", "NCA-2026-AMBER", "--tlp", "amber"],
        "NCA-2026-AMBER",
        "csaf",
    );
    house.json(&["publish", "advisory", "--from-own", "NCA-2026-WAITING"]);
    house.json(&["publish", "folder", "out"]);
    let site = Site(files(&house.path("out")), house);
    let numbers: Vec<u8> = REQUIREMENTS.iter().map(|one| one.0).collect();
    assert_eq!(numbers, (1..=20).collect::<Vec<u8>>());
    for (number, name, check) in REQUIREMENTS {
        println!("requirement {number}: {name}");
        check(&site);
    }
}
