// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_office::Result;

use crate::context::Context;
use crate::output::{Answer, columns, dash, print};

/// List the formats that can be read
///
/// A format is found by content, not by file name. Files may be packed: gzip, zstd, xz, bzip2, zip and tar.
#[derive(Debug, clap::Args)]
pub struct Formats {}

impl Formats {
    pub fn run(self, context: &Context) -> Result<bool> {
        print(&answer(), context.printing_all())?;
        Ok(false)
    }
}

fn answer() -> Answer {
    let mut answer = Answer {
        columns: columns(&["format", "name", "read together with"]),
        fields: &["id", "title", "version", "companions"],
        ..Answer::default()
    };
    for reader in underpin_office::readers() {
        answer.rows.push(serde_json::json!({
            "id": reader.id, "title": reader.title, "version": reader.version, "companions": reader.companions,
        }));
        let companions = dash(&reader.companions.join(", "));
        answer.cells.push(vec![reader.id.to_owned(), reader.title.to_owned(), companions]);
    }
    answer.json = answer.rows.clone().into();
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_families_of_sboms_are_listed_with_a_title() {
        let answer = answer();
        for id in ["cyclonedx-json", "spdx-json"] {
            let row = answer.cells.iter().find(|row| row[0] == id).expect(id);
            assert!(row[1].len() > id.len(), "{row:?}");
        }
        assert_eq!(answer.rows.len(), answer.cells.len());
    }
}
