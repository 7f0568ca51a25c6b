// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `dossier`: what agencies and vendors ask a project again and again, answered from public evidence that is in the house, so that
//! nobody has to ask the project.
//!
//! Each answer says where it is from and when that was looked at; what is not known is said to be so. Nothing that is for few is in it: no
//! ranking, no class, no dependence, no fact that the office wrote down for itself, none of its own advisories. Who gives software away
//! is no supplier, and is not called one.

use serde::Serialize;
use underpin_assess::engagement::dossier_topics::{questions, topics};
use underpin_model::Timestamp;
use underpin_model::community::Excerpt;
use underpin_model::engagement::{DossierQuestion, DossierSource};
use underpin_model::people::Act;
use underpin_render::{Language, text};

use crate::error::{OfficeError, Result};
use crate::house::{Desk, House, Overview};
use crate::watch::estate::Watched;

/// Words in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct InBoth {
    /// In English.
    pub english: String,
    /// In German.
    pub german: String,
}

impl InBoth {
    /// The words in one of them.
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::English => &self.english,
            Language::German => &self.german,
        }
    }

    /// Words that differ by language alone.
    pub fn new(words: impl Fn(Language) -> String) -> Self {
        Self { english: words(Language::English), german: words(Language::German) }
    }
}

/// A question with what is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct DossierRow {
    /// Which question.
    pub question: DossierQuestion,
    /// The question in words.
    pub asks: InBoth,
    /// Whether anything is known.
    pub is_known: bool,
    /// What is known; else that nothing is, and why.
    #[serde(flatten)]
    pub says: InBoth,
    /// Words of the project, where that is what is known.
    pub quote: Option<Excerpt>,
    /// Where it is from.
    pub source: Option<DossierSource>,
    /// When that was looked at.
    pub looked: Option<Timestamp>,
    /// What the project itself says, the newest last: the day, and its words.
    pub of_project: Vec<(Timestamp, String)>,
}

/// The answer of `dossier`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct DossierAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// The project.
    pub project: String,
    /// Each question, in order.
    pub rows: Vec<DossierRow>,
    /// What the project says beside these questions: the day, and its words.
    pub remarks: Vec<(Timestamp, String)>,
}

/// A question of somebody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnsweredQuestion {
    /// As it was asked.
    pub asked: String,
    /// The questions of the dossier that it is about; none where it is about none.
    pub about: Vec<DossierQuestion>,
    /// Whether anything is known to any of them.
    pub is_known: bool,
}

impl House {
    /// The dossier of a project, for everybody who may ask anything. `text` names the project as everywhere.
    ///
    /// # Errors
    /// `not-allowed`; `not-found`, `ambiguous-name`; when the ledger cannot be read, or a segment or evidence is damaged.
    pub async fn dossier(&self, desk: &Desk, watched: &Watched, text: &str) -> Result<DossierAnswer> {
        // What is public is told to who works here, and to nobody who merely reaches the door.
        if !desk.viewer.may(Act::Read) {
            return Err(OfficeError::new("not-allowed", "a dossier is for those who may read anything here")
                .hint("ask for the role of a reader"));
        }
        let mut projects = desk.projects_of(&desk.session.package_uses()?.packages())?;
        let project = desk.key_among(text, &projects)?;
        let packages = projects.0.remove(&project).unwrap_or_default();
        let gathered = self.gather_public(desk, watched, (&project, &packages)).await?;
        let rows = DossierQuestion::ALL.iter().map(|question| gathered.row(*question)).collect();
        Ok(DossierAnswer { overview: desk.overview(), project, rows, remarks: gathered.remarks() })
    }
}

impl DossierAnswer {
    /// Questions of a text with what the dossier says to each.
    pub fn answers(&self, text: &str) -> Vec<AnsweredQuestion> {
        let one = |asked: String| {
            let about = topics(&asked);
            let is_known = self.about(&about).any(DossierRow::is_answered);
            AnsweredQuestion { asked, about, is_known }
        };
        questions(text).into_iter().map(one).collect()
    }

    /// The rows about some questions.
    pub fn about(&self, about: &[DossierQuestion]) -> impl Iterator<Item = &DossierRow> {
        self.rows.iter().filter(move |row| about.contains(&row.question))
    }

    /// How many questions have an answer.
    pub fn known(&self) -> usize {
        self.rows.iter().filter(|row| row.is_answered()).count()
    }

    /// As Markdown, to be handed on.
    pub fn markdown(&self, language: Language) -> String {
        let mut out = format!("# {}\n\n{}\n", self.title(language), text(language, "dossier-lede", &[]));
        for row in &self.rows {
            out.push_str(&format!("\n## {}\n\n{}", plain(row.asks.of(language)), row.markdown(language)));
        }
        out
    }

    /// Questions of a text with their answers, as Markdown.
    pub fn answers_markdown(&self, answered: &[AnsweredQuestion], language: Language) -> String {
        let mut out = format!("# {}\n\n{}\n", self.title(language), text(language, "dossier-lede", &[]));
        for one in answered {
            out.push_str(&format!("\n## {}\n\n", plain(&one.asked)));
            if one.about.is_empty() {
                out.push_str(&format!("{}\n", text(language, "dossier-not-asked", &[])));
            }
            for row in self.about(&one.about) {
                out.push_str(&row.markdown(language));
            }
        }
        out
    }

    fn title(&self, language: Language) -> String {
        text(language, "dossier-title", &[("project", (&plain(&self.project)).into())])
    }
}

impl DossierRow {
    /// Whether the house or the project itself says anything.
    pub fn is_answered(&self) -> bool {
        self.is_known || !self.of_project.is_empty()
    }

    /// Where it is from and when that was looked at, in words.
    pub fn origin(&self, language: Language) -> Option<String> {
        let source = text(language, &format!("dossier-source-{}", self.source?.as_str()), &[]);
        let day = self.looked.map(|at| format!(", {}", underpin_render::dates::day(language, at)));
        Some(format!("{source}{}", day.unwrap_or_default()))
    }

    fn markdown(&self, language: Language) -> String {
        let mut out = format!("{}\n", plain(self.says.of(language)));
        if let Some(quote) = &self.quote {
            out.push_str(&format!("\n> {} ({}:{})\n", plain(&quote.text), plain(&quote.path), quote.line));
        }
        if let Some(origin) = self.origin(language) {
            out.push_str(&format!("\n{}: {origin}\n", text(language, "dossier-source", &[])));
        }
        for (day, words) in &self.of_project {
            let day = underpin_render::dates::day(language, *day);
            let says = text(language, "dossier-project-says", &[("day", (&day).into())]);
            out.push_str(&format!("\n{says} {}\n", plain(words)));
        }
        out
    }
}

/// Words from outside as one line that is no markup.
pub(super) fn plain(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for letter in words.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if matches!(letter, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '!') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_from_outside_are_no_markup() {
        assert_eq!(plain("a\n# b <script> [x](y) *z*"), "a \\# b \\<script\\> \\[x\\](y) \\*z\\*");
    }

    #[test]
    fn every_question_stands_in_both_languages() {
        for question in DossierQuestion::ALL {
            let asks = InBoth::new(|language| text(language, &format!("dossier-question-{}", question.as_str()), &[]));
            assert!(
                asks.english.ends_with('?') && asks.german.ends_with('?') && asks.english != asks.german,
                "{asks:?}"
            );
        }
    }
}
