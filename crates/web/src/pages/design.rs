// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/_design`: every part of the pages in every state, to look at and to test. It shows nothing of the house.

use askama::Template;

use underpin_render::charts::Figure;

use super::design_parts::Samples;
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
    reaches: [&'static str; 7],
    standings: [&'static str; 6],
    samples: Samples,
    figures: Vec<Figure>,
}

/// The page.
pub async fn page(visitor: Visitor) -> Answer {
    let mut frame = Frame::new(&visitor, Place::Nowhere);
    frame.title = frame.t("design-title");
    let help = frame.t("help");
    frame.crumb(help, "/help");
    html(&Page {
        levels: ["act-now", "soon", "planned", "watch", "critical", "high", "medium", "low", "none", "unknown"],
        known: ["known", "stale", "blind", "unknown"],
        statuses: ["open", "under-investigation", "fixed", "not-affected", "unknown"],
        handling: ["clear", "green", "amber", "amber+strict", "red"],
        alerts: ["info", "warning", "danger", "success"],
        reaches: ["hit", "fixed", "accepted", "not-hit", "blind", "stale", "unknown"],
        standings: ["evidence", "said", "cannot", "promised", "waiting", "late"],
        samples: Samples::new(&frame),
        figures: design_pictures::all(frame.language),
        frame,
    })
}
