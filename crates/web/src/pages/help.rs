// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/help`: the book, inside the house. It is there for everybody, so that one can read how to sign in.

use askama::Template;
use axum::extract::Path;
use underpin_render::book::{self, Section};

use super::{Answer, html};
use crate::error::WebError;
use crate::frame::{Frame, Place};
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "help.html")]
struct Page {
    frame: Frame,
    contents: Vec<Section>,
    /// Path of the page in the book; empty for the contents.
    current: String,
    /// Body made from the book's Markdown, in which raw HTML counts as text.
    body: String,
}

/// The contents.
pub async fn contents(visitor: Visitor) -> Answer {
    let mut frame = Frame::new(&visitor, Place::Help);
    frame.title = frame.t("help-title");
    html(&Page { frame, contents: book::contents(), current: String::new(), body: String::new() })
}

/// A page of the book.
pub async fn page(visitor: Visitor, Path(path): Path<String>) -> Answer {
    let found = book::page(&path).ok_or_else(WebError::not_found)?;
    let mut frame = Frame::new(&visitor, Place::Help);
    frame.title = found.title.to_owned();
    let all = frame.t("help");
    frame.crumb(all, "/help");
    html(&Page { frame, contents: book::contents(), current: path, body: found.html })
}
