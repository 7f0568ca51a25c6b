// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/_design`: every part of the pages in every state, to look at and to test. It shows nothing of the house.

use askama::Template;

use super::{Answer, html};
use crate::bars::Bar;
use underpin_render::charts::Figure;

use super::{Answer, design_pictures, html};
use crate::frame::{Frame, Place};
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "design.html")]
struct Page {
    frame: Frame,
    levels: [&'static str; 10],
    known: [&'static str; 4],
    statuses: [&'static str; 5],
    handling: [&'static str; 5],
    alerts: [&'static str; 4],
    bars: Vec<Bar>,
    most: u64,
    figures: Vec<Figure>,
}

/// The page.
pub async fn page(visitor: Visitor) -> Answer {
    let mut frame = Frame::new(&visitor, Place::Nowhere);
    frame.title = frame.t("design-title");
    let bar = |name: &str, count| Bar { id: name.to_owned(), name: name.to_owned(), count };
    html(&Page {
        levels: ["act-now", "soon", "planned", "watch", "critical", "high", "medium", "low", "none", "unknown"],
        known: ["known", "stale", "blind", "unknown"],
        statuses: ["open", "under-investigation", "fixed", "not-affected", "unknown"],
        handling: ["clear", "green", "amber", "amber+strict", "red"],
        alerts: ["info", "warning", "danger", "success"],
        most: 12_345,
        figures: design_pictures::all(frame.language),
        // The longest, the shortest and none; a name that does not fit on one line.
        bars: vec![
            bar("treasury", 12_345),
            bar("agency-with-a-name-that-is-much-longer-than-others", 17),
            bar("archive", 1),
            bar("nobody", 0),
        ],
        frame,
    })
}
