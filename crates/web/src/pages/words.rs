// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/help/words`: what do the words on these pages mean, and what are they called in the other language? It is there for everybody.

use askama::Template;
use serde::Serialize;
use underpin_render::Language;
use underpin_render::glossary::{SECTIONS, Section, meaning, term};

use super::{Answer, html};
use crate::exports::{self, Format, Rows};
use crate::frame::{Frame, Link, Place};
use crate::visitor::Visitor;

/// Words as rows of a file.
const ROWS: Rows = Rows {
    name: "words",
    list: "words",
    fields: &["section", "word", "english", "english_meaning", "german", "german_meaning", "pages"],
};

/// A word for programs.
#[derive(Serialize)]
struct Row {
    section: &'static str,
    word: &'static str,
    english: String,
    english_meaning: String,
    german: String,
    german_meaning: String,
    pages: Vec<&'static str>,
}

/// All words.
#[derive(Serialize)]
struct All {
    words: Vec<Row>,
}

#[derive(Template)]
#[template(path = "words.html")]
struct Page {
    frame: Frame,
    /// English first; who reads German gets it first.
    languages: [Language; 2],
    exports: Vec<Link>,
}

impl Page {
    fn sections(&self) -> &'static [Section] {
        SECTIONS
    }

    fn term(&self, language: &Language, word: &str) -> String {
        term(*language, word)
    }

    fn meaning(&self, language: &Language, word: &str) -> String {
        meaning(*language, word)
    }
}

/// The page.
pub async fn page(visitor: Visitor) -> Answer {
    if let Some(format) = exports::wanted(&visitor)? {
        return exports::give(format, &All { words: rows() }, ROWS);
    }
    let mut frame = Frame::new(&visitor, Place::Help);
    frame.title = frame.t("words-title");
    let above = frame.t("help");
    frame.crumb(above, "/help");
    let languages = match frame.language {
        Language::English => [Language::English, Language::German],
        Language::German => [Language::German, Language::English],
    };
    let link = |format: &Format| Link {
        text: frame.t(&format!("format-{}", format.word())),
        href: exports::address("/help/words", *format),
        is_current: false,
    };
    let exports = exports::BOTH.iter().map(link).collect();
    html(&Page { frame, languages, exports })
}

fn rows() -> Vec<Row> {
    let row = |section: &'static Section, word: &'static str| Row {
        section: section.key,
        word,
        english: term(Language::English, word),
        english_meaning: meaning(Language::English, word),
        german: term(Language::German, word),
        german_meaning: meaning(Language::German, word),
        pages: section.pages.iter().map(|(_, path)| *path).collect(),
    };
    SECTIONS.iter().flat_map(|section| section.words.iter().map(move |word| row(section, word))).collect()
}
