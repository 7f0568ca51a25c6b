// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Whether an agency may be named or counted towards a project: what holds of all that it ever said.
//!
//! Its newest word about the project and its newest word about all projects are looked at. A no about the project holds until a later
//! yes about the project; a yes about it ends by a later no about all. Where it said nothing about the project, its word about all
//! holds. Who said nothing did not agree.

/// A word of an agency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said<'a> {
    /// Its place in the order in which all was said.
    pub number: i64,
    /// The key of the project; empty for all.
    pub project: &'a str,
    /// Whether it agreed.
    pub agrees: bool,
}

/// Whether an agency that said all this agrees to be named towards a project.
pub fn agrees<'a>(said: impl IntoIterator<Item = Said<'a>>, project: &str) -> bool {
    let (mut own, mut all): (Option<Said<'_>>, Option<Said<'_>>) = (None, None);
    for word in said {
        let newest = if word.project.is_empty() { &mut all } else { &mut own };
        let is_about = word.project.is_empty() || word.project == project;
        if is_about && newest.is_none_or(|known| known.number < word.number) {
            *newest = Some(word);
        }
    }
    match (own, all) {
        (None, all) => all.is_some_and(|all| all.agrees),
        (Some(own), Some(all)) if !all.agrees && all.number > own.number => false,
        (Some(own), _) => own.agrees,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `p` about the project, `a` about all, `o` about another one; capital for yes.
    fn agreed(story: &str) -> bool {
        let word = |(number, letter): (usize, char)| {
            let project = match letter.to_ascii_lowercase() {
                'p' => "p",
                'o' => "other",
                _ => "",
            };
            Said { number: number as i64, project, agrees: letter.is_ascii_uppercase() }
        };
        agrees(story.chars().enumerate().map(word), "p")
    }

    #[test]
    fn a_no_is_stronger_than_a_yes() {
        for (story, expected) in [
            ("", false),
            ("O", false),
            ("P", true),
            ("A", true),
            ("Pp", false),
            ("Aa", false),
            ("aA", true),
            // A no about the project holds against a yes about all, also a later one.
            ("pA", false),
            ("Ap", false),
            ("pAP", true),
            // A no about all ends a yes about the project that was said before it.
            ("Pa", false),
            ("aP", true),
            ("PaA", true),
            ("APo", true),
        ] {
            assert_eq!(agreed(story), expected, "{story}");
        }
    }
}
