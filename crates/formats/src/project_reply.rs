// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A reply of a project to what is stored of it: TOML or JSON with a `day`, tables `[[statement]]` with `about` (a question of a dossier;
//! left out for anything else) and `text`, and `[contact]` with fields of how it wants to be approached.

use underpin_model::engagement::ProjectReply;

/// Reads a reply.
///
/// # Errors
/// What is wrong with the text.
pub fn read(text: &str, is_json: bool) -> Result<ProjectReply, String> {
    match is_json {
        true => serde_json::from_str(text).map_err(|error| error.to_string()),
        false => toml::from_str(text).map_err(|error| error.message().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use underpin_model::engagement::DossierQuestion;

    use super::*;

    #[test]
    fn toml_and_json_say_the_same() {
        let toml = "day = \"2026-03-01\"\n[[statement]]\nabout = \"sbom\"\ntext = \"With each release.\"\n[[statement]]\n\
            text = \"Thank you.\"\n[contact]\nis_opted_out = false\nstated = \"https://p.example\"\n";
        let json = r#"{"day": "2026-03-01", "statement": [{"about": "sbom", "text": "With each release."}, {"text": "Thank you."}],
            "contact": {"is_opted_out": false, "stated": "https://p.example"}}"#;
        let read_toml = read(toml, false).expect("a reply");
        assert_eq!(Ok(read_toml.clone()), read(json, true));
        let about: Vec<_> = read_toml.statements.iter().map(|one| one.about).collect();
        assert_eq!((about, read_toml.day.date()), (vec![Some(DossierQuestion::Sbom), None], "2026-03-01".to_owned()));
        for wrong in [
            "",
            "day = 1\n",
            "day = \"2026-03-01\"\nother = 1\n",
            "day = \"2026-03-01\"\n[[statement]]\nabout = \"x\"\ntext = \"y\"\n",
        ] {
            assert!(read(wrong, false).is_err(), "{wrong}");
        }
    }
}
