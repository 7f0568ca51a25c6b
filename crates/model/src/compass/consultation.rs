// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Consultations: a draft that everybody can read, comments without an account, an answer to each of them.
//!
//! A comment is text from outside. Nothing of its author has to be told, and a name is shown only to those who were allowed to see it.

use serde::{Deserialize, Serialize};

use super::roles::{OfficeRole, RoleState, RoleSwitch, SoftwareStage};
use crate::Timestamp;
use crate::numbers::numbers;
use crate::words::words;

numbers! {
    /// Number of a consultation, shown as `U3`.
    ConsultationId "U" "a consultation";
}
numbers! {
    /// Number of a comment, shown as `M12`.
    CommentId "M" "a comment";
}

words!(
    /// How a consultation stands. It is open from the beginning of its period to the end; over: the period is, and answers are owed.
    ConsultationState { #[default] Draft "draft", Planned "planned", Open "open", Over "over", Closed "closed", }
);
words!(
    /// How a comment stands. Withdrawn: by its author; taken out: by two people of the office.
    CommentState { #[default] Waiting "waiting", Shown "shown", NotShown "not-shown", Withdrawn "withdrawn",
        TakenOut "taken-out", }
);
words!(
    /// Why a comment is not shown.
    CommentGround { #[default] Advertising "advertising", PersonalData "personal-data", Insult "insult",
        OffTopic "off-topic", Repeated "repeated", Secret "secret", }
);
words!(
    /// What becomes of what a comment asks for.
    AnswerVerdict { #[default] Accepted "accepted", Partly "partly", NotAccepted "not-accepted", }
);
words!(
    /// Who was heard, by kind: never by name.
    HeardKind { #[default] Agencies "agencies", Maintainers "maintainers", Contributors "contributors",
        Foundations "foundations", Companies "companies", Researchers "researchers", CivilSociety "civil-society",
        Citizens "citizens", Others "others", }
);

/// What is put to everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Consultation {
    /// What it is about, in German …
    pub title_de: String,
    /// … and in English.
    pub title_en: String,
    /// The draft, in German …
    pub text_de: String,
    /// … and in English.
    pub text_en: String,
    /// The question, in German …
    pub question_de: String,
    /// … and in English.
    pub question_en: String,
    /// Which role, measure or stage it is about.
    pub about: RoleSwitch,
    /// How that is to stand afterwards.
    pub proposed: RoleState,
    /// When comments begin to be taken.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// What is put to everybody, as it is handed in: texts in both languages, without an identifier of their own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConsultation {
    /// What it is about.
    pub title: BothLanguages,
    /// The draft.
    pub text: BothLanguages,
    /// The question.
    pub question: BothLanguages,
    /// The role.
    pub role: OfficeRole,
    /// A measure of it; none for the role as a whole.
    #[serde(default)]
    pub measure: Option<String>,
    /// A stage of the measure; none for all.
    #[serde(default)]
    pub stage: Option<SoftwareStage>,
    /// How that is to stand afterwards: active or retired.
    pub proposed: RoleState,
    /// When comments begin to be taken.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BothLanguages {
    /// In German.
    #[schemars(length(min = 1))]
    pub de: String,
    /// In English.
    #[schemars(length(min = 1))]
    pub en: String,
}

impl From<NewConsultation> for Consultation {
    fn from(new: NewConsultation) -> Self {
        Self {
            title_de: new.title.de,
            title_en: new.title.en,
            text_de: new.text.de,
            text_en: new.text.en,
            question_de: new.question.de,
            question_en: new.question.en,
            about: RoleSwitch { role: new.role, measure: new.measure, stage: new.stage },
            proposed: new.proposed,
            from: new.from,
            until: new.until,
        }
    }
}

impl Consultation {
    /// Its texts.
    pub fn texts(&self) -> [&String; 6] {
        [&self.title_de, &self.title_en, &self.text_de, &self.text_en, &self.question_de, &self.question_en]
    }

    /// How it stands, for one that was published or not, and closed or not.
    pub fn state(&self, is_published: bool, is_closed: bool, at: Timestamp) -> ConsultationState {
        match (is_published, is_closed) {
            (_, true) => ConsultationState::Closed,
            (false, false) => ConsultationState::Draft,
            (true, false) if at < self.from => ConsultationState::Planned,
            (true, false) if at < self.until => ConsultationState::Open,
            (true, false) => ConsultationState::Over,
        }
    }
}

/// People of a kind who were heard besides the comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct HeardGroup {
    /// Which kind.
    pub kind: HeardKind,
    /// How many.
    pub count: u32,
}

/// What came of a consultation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ConsultationClosing {
    /// What changed by it, in public words.
    pub changed: String,
    /// Who was heard besides the comments, in talks.
    #[serde(default)]
    pub heard: Vec<HeardGroup>,
}

/// What somebody says, as it comes in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewComment {
    /// The words.
    pub words: String,
    /// A name, where one was given.
    pub name: Option<String>,
    /// Whether everybody may read the name.
    pub shows_name: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_follows_from_dates_and_what_was_done() {
        let one = Consultation { from: Timestamp(10), until: Timestamp(20), ..Consultation::default() };
        for (published, closed, at, expected) in [
            (false, false, 15, ConsultationState::Draft),
            (true, false, 9, ConsultationState::Planned),
            (true, false, 10, ConsultationState::Open),
            (true, false, 19, ConsultationState::Open),
            (true, false, 20, ConsultationState::Over),
            (true, true, 30, ConsultationState::Closed),
        ] {
            assert_eq!(one.state(published, closed, Timestamp(at)), expected, "{published} {closed} {at}");
        }
        assert_eq!("U3".parse(), Ok(ConsultationId(3)));
        assert_eq!(CommentId(12).to_string(), "M12");
    }
}
