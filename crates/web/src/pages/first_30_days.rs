// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/first-30-days`: what has the office done of what comes first, and what is next? Nobody ticks anything: it is worked out.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;

use super::first_days::{self, FirstDays};
use super::{Answer, html};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::Person;

#[derive(Template)]
#[template(path = "first_30_days.html")]
struct Page {
    frame: Frame,
    first: FirstDays,
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let watched = house.watched(&seat).await?;
    let coverage = seat.coverage(&house.house)?.coverage;
    let mut frame = Frame::new(visitor, Place::Overview);
    frame.title = frame.t("first-days");
    frame.answers(seat.desk.overview().as_of, &[]);
    let first = first_days::of((&house, &person, &frame), &seat, watched, coverage).await?;
    html(&Page { frame, first })
}
