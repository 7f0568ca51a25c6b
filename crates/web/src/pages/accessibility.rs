// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The accessibility statement: how the pages are built, what is known to be wrong, whom to tell.

use askama::Template;

use super::{Answer, html};
use crate::frame::{Frame, Place};
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "accessibility.html")]
struct Page {
    frame: Frame,
}

/// The statement.
pub async fn page(visitor: Visitor) -> Answer {
    let mut frame = Frame::new(&visitor, Place::Nowhere);
    frame.title = frame.t("accessibility");
    html(&Page { frame })
}
