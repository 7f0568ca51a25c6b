// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A list of clones to look at, with whose they are: TOML with a table `[[clones]]` each, or CSV with the same names as its head.
//!
//! ```toml
//! [[clones]]
//! agency = "treasury"
//! path = "clones/treasury"         # a clone, or a folder of clones
//! visibility = "public"            # may be left out: then it stays as it is
//! ```

use std::path::PathBuf;

use serde::Deserialize;
use underpin_model::catalogue::Visibility;
use underpin_model::limits::bounds::CRAWL_LIST_BYTES;

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrawlLine {
    /// The agency, by identifier or name.
    pub agency: String,
    /// Where the clone is, or a folder of clones; from the folder of the list.
    pub path: PathBuf,
    /// Who may know of the repositories.
    #[serde(default, deserialize_with = "visibility")]
    pub visibility: Option<Visibility>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    clones: Vec<CrawlLine>,
}

/// Reads a list. What begins with a head of CSV is CSV.
///
/// # Errors
/// What is wrong, in a sentence.
pub fn read(text: &str) -> Result<Vec<CrawlLine>, String> {
    if text.len() as u64 > CRAWL_LIST_BYTES {
        return Err(format!("the list is larger than {CRAWL_LIST_BYTES} bytes"));
    }
    let head = text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
    if head.split(',').any(|name| name.trim().trim_matches('"') == "agency") {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        return reader.deserialize().map(|line| line.map_err(|error| error.to_string())).collect();
    }
    toml::from_str::<File>(text).map(|file| file.clones).map_err(|error| error.to_string())
}

fn visibility<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Visibility>, D::Error> {
    let text = Option::<String>::deserialize(from)?.filter(|text| !text.is_empty());
    text.map(|text| text.parse().map_err(serde::de::Error::custom)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_say_the_same() {
        let toml = "[[clones]]\nagency = \"treasury\"\npath = \"a/b\"\nvisibility = \"public\"\n\
                    [[clones]]\nagency = \"health\"\npath = \"c\"\n";
        let csv = "agency,path,visibility\ntreasury,a/b,public\nhealth,c,\n";
        let expected = vec![
            CrawlLine { agency: "treasury".to_owned(), path: "a/b".into(), visibility: Some(Visibility::Public) },
            CrawlLine { agency: "health".to_owned(), path: "c".into(), visibility: None },
        ];
        assert_eq!(read(toml), Ok(expected.clone()));
        assert_eq!(read(csv), Ok(expected));
        for (text, word) in [
            ("agency,path,visibility\na,b,secret\n", "none of"),
            ("[[clones]]\nagency = \"a\"\n", "path"),
            ("[[clones]]\nagency = \"a\"\npath = \"b\"\nowner = \"ada\"\n", "owner"),
        ] {
            let fault = read(text).expect_err("no list");
            assert!(fault.contains(word), "{fault}");
        }
    }
}
