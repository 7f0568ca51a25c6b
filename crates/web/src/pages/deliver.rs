// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/deliver/{key}`: how do I deliver a bill of materials without an account, and does it keep what was agreed? The key in the address is the
//! secret. Whoever has it sees how their own files stand, and nothing else of the house.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use underpin_model::Timestamp;
use underpin_model::practices::Outcome;
use underpin_office::regulator::{ClauseRow, DeliveredFile, DeliveryAsked, FaultPlace, Words};
use underpin_render::Language;

use super::answer::moments;
use super::conformity::result;
use super::{Answer, html};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::received::received_by_link;
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "deliver.html")]
struct Page {
    frame: Frame,
    key: String,
    asked: DeliveryAsked,
    fault: &'static str,
    /// What came just now.
    files: Vec<DeliveredFile>,
    megabytes: u64,
}

impl Page {
    /// Until when a link is good, in a sentence.
    fn until(&self, at: &Timestamp) -> String {
        self.frame.say("contract-link-until", "day", &self.frame.minute(at))
    }

    fn of<'w>(&self, words: &'w Words) -> &'w str {
        words.of(self.frame.language == Language::German)
    }

    fn result(&self, file: &DeliveredFile) -> String {
        result(&self.frame, &file.conformity)
    }

    /// Clauses that are not kept or open.
    fn left<'f>(&self, file: &'f DeliveredFile) -> Vec<&'f ClauseRow> {
        file.clauses.iter().filter(|row| row.outcome != Outcome::Met).collect()
    }

    fn fault_of(&self, place: &FaultPlace) -> String {
        let fault = if place.fault.is_empty() { "nothing" } else { &place.fault };
        self.frame.word("conformity-fault", fault)
    }
}

/// The form.
pub async fn page(State(house): State<Arc<WebHouse>>, visitor: Visitor, Path(key): Path<String>) -> Answer {
    let asked = house.house.delivery_asked(&key, moments(&house).await?).await?;
    html(&shown(&house, &visitor, key, asked, ("", Vec::new())))
}

/// Takes files. Whether the link is good is asked before a byte of them is read.
pub async fn take(
    State(house): State<Arc<WebHouse>>,
    visitor: Visitor,
    Path(key): Path<String>,
    request: Request,
) -> Answer {
    let now = moments(&house).await?;
    let asked = house.house.delivery_asked(&key, now).await?;
    if asked.is_over {
        let page = shown(&house, &visitor, key, asked, ("", Vec::new()));
        return Ok((StatusCode::GONE, html(&page)?).into_response());
    }
    let received = received_by_link(request, house.house.limits().form_bytes).await?;
    if received.files.is_empty() {
        let page = shown(&house, &visitor, key, asked, ("hand-in-fault-none", Vec::new()));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response());
    }
    let random = house.random();
    let tag: String = random[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    let files = received.files.into_iter().map(|file| (file.name, file.bytes)).collect();
    let delivered = house.house.deliver_by_key(&key, files, (&tag, now)).await?;
    let asked = DeliveryAsked { uses_left: asked.uses_left.saturating_sub(1), ..asked };
    html(&shown(&house, &visitor, key, asked, ("", delivered)))
}

fn shown(
    house: &WebHouse,
    visitor: &Visitor,
    key: String,
    asked: DeliveryAsked,
    (fault, files): (&'static str, Vec<DeliveredFile>),
) -> Page {
    let mut frame = Frame::new(visitor, Place::Nowhere);
    frame.title = frame.t("deliver-title");
    // The secret of the link stays out of everything but its own form.
    "/sign-in".clone_into(&mut frame.here);
    let megabytes = (house.house.limits().form_bytes >> 20) as u64;
    Page { frame, key, asked, fault, files, megabytes }
}
