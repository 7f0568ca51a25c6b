// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Whether a name is one of an organisation. Owners of copyrights and contractors may be persons, and persons are not kept.

/// Words that stand in names of organisations, small, without dots at their ends.
const WORDS: &[&str] = &[
    "gmbh",
    "ag",
    "kg",
    "ug",
    "mbh",
    "e.v",
    "ltd",
    "limited",
    "inc",
    "llc",
    "llp",
    "plc",
    "corp",
    "corporation",
    "company",
    "s.p.a",
    "spa",
    "s.r.l",
    "srl",
    "s.a",
    "sarl",
    "b.v",
    "n.v",
    "foundation",
    "stiftung",
    "fondazione",
    "fondation",
    "institute",
    "institut",
    "istituto",
    "university",
    "universität",
    "università",
    "université",
    "hochschule",
    "ministry",
    "ministerium",
    "ministero",
    "ministère",
    "department",
    "dipartimento",
    "département",
    "agency",
    "agenzia",
    "agence",
    "agentur",
    "office",
    "bureau",
    "authority",
    "council",
    "city",
    "municipality",
    "comune",
    "commune",
    "gemeinde",
    "stadt",
    "kanton",
    "canton",
    "landkreis",
    "region",
    "regione",
    "région",
    "provincia",
    "province",
    "state",
    "federal",
    "national",
    "government",
    "governo",
    "regierung",
    "service",
    "services",
    "administration",
    "verwaltung",
    "team",
    "group",
    "gruppe",
    "consortium",
    "association",
    "verein",
    "society",
    "software",
    "solutions",
    "systems",
    "technologies",
    "labs",
    "consulting",
    "firm",
    "cooperative",
    "centre",
    "center",
    "zentrum",
    "library",
    "museum",
    "hospital",
    "university",
    "parliament",
    "commission",
    "treasury",
    "contributors",
    "community",
    "republic",
    "confederation",
    "länder",
];
/// Ends of German words for offices.
const ENDS: &[&str] =
    &["ministerium", "amt", "anstalt", "verwaltung", "behörde", "kanzlei", "gesellschaft", "genossenschaft", "werke"];

/// Whether a word of the name says that it is an organisation. What says nothing may be a person.
pub(crate) fn is_organisation(name: &str) -> bool {
    name.split([' ', ',', '(', ')', '/']).any(|word| {
        let word = word.trim_end_matches('.').to_lowercase();
        WORDS.contains(&word.as_str()) || ENDS.iter().any(|end| word.len() > end.len() && word.ends_with(end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_persons_are_none() {
        for (name, expected) in [
            ("Ministry of Z", true),
            ("Bundesverwaltungsamt", true),
            ("Comune di Milano", true),
            ("Firm Q", true),
            ("Beispiel GmbH", true),
            ("Example S.p.A.", true),
            ("Ada Lovelace", false),
            ("Dr. Jane Roe", false),
            ("Zwirbelina", false),
            ("Jane Cityman", false),
            ("", false),
        ] {
            assert_eq!(is_organisation(name), expected, "{name}");
        }
    }
}
