// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/upload/{key}`: how do I hand in files without an account? A link takes files for exactly the systems that it is about, so often, until its
//! day.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Deserialize;
use underpin_model::incidents::TaskId;
use underpin_model::rounds::KeyPurpose;
use underpin_office::rounds::{Asked, AskedItem, HandedFile};

use super::answer::moments;
use super::{Answer, html};
use crate::error::WebError;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::received::received_by_link;
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "upload.html")]
struct Page {
    frame: Frame,
    key: String,
    asked: Asked,
    items: Vec<AskedItem>,
    chosen: String,
    fault: &'static str,
    /// What became of files that came just now.
    files: Vec<HandedFile>,
    megabytes: u64,
}

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Chosen {
    task: String,
}

/// The form.
pub async fn page(
    State(house): State<Arc<WebHouse>>,
    visitor: Visitor,
    Path(key): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Answer {
    let asked = house.house.asked(&key, KeyPurpose::Upload, moments(&house).await?).await?;
    html(&shown(&house, &visitor, key, asked, (chosen.task, "", Vec::new())))
}

/// Takes files. Whether the link is good is asked before a byte of them is read.
pub async fn take(
    State(house): State<Arc<WebHouse>>,
    visitor: Visitor,
    Path(key): Path<String>,
    request: Request,
) -> Answer {
    let now = moments(&house).await?;
    let asked = house.house.asked(&key, KeyPurpose::Upload, now).await?;
    let received = received_by_link(request, house.house.limits().form_bytes).await?;
    let bad = StatusCode::UNPROCESSABLE_ENTITY;
    let chosen = received.sent.one("task").to_owned();
    let task: TaskId = chosen.parse().map_err(|_| WebError::new(bad, "usage"))?;
    if received.files.is_empty() {
        let page = shown(&house, &visitor, key, asked, (chosen, "hand-in-fault-none", Vec::new()));
        return Ok((bad, html(&page)?).into_response());
    }
    let random = house.random();
    let tag: String = random[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    let files = received.files.into_iter().map(|file| (file.name, file.bytes)).collect();
    let handed = house.house.upload_by_key(&key, task, files, (&tag, now)).await?;
    html(&shown(&house, &visitor, key, asked, (chosen, "", handed.files)))
}

fn shown(
    house: &WebHouse,
    visitor: &Visitor,
    key: String,
    asked: Asked,
    (chosen, fault, files): (String, &'static str, Vec<HandedFile>),
) -> Page {
    let mut frame = Frame::new(visitor, Place::Nowhere);
    frame.title.clone_from(&asked.title);
    "/sign-in".clone_into(&mut frame.here);
    let items = asked.items.iter().filter(|item| !item.system.is_empty()).cloned().collect();
    let megabytes = (house.house.limits().form_bytes >> 20) as u64;
    Page { frame, key, asked, items, chosen, fault, files, megabytes }
}
