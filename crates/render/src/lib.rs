// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What people read and see, in German and English: words, numbers, dates, and pictures. Pure: the same for a page, a PDF and a mail.

pub mod acceptance;
pub mod annual;
pub mod authority_report;
pub mod book;

pub mod brief;
pub mod charts;
pub mod dates;
pub mod glossary;
pub mod headlines;
pub mod language;
pub mod letter;
pub mod numbers;
pub mod pdf;
pub mod practices;
pub mod report;
pub mod room;
pub mod spreadsheet;
pub mod standing;
pub mod steward_pack;
pub mod words;

pub use language::Language;
pub use words::{Argument, text};
