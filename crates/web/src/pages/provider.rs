// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/.well-known/csaf/…`, `/.well-known/security.txt` and `/publications/…`: what was approved, as files that everybody may fetch and keep.
//! Nothing depends on who asks. Where the operator has not switched it on, none of them is there.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::IntoResponse;

use super::Answer;
use crate::error::WebError;
use crate::house::WebHouse;

/// How long a copy may be used without asking again.
const KEEP: &str = "public, max-age=300";

/// A file of the site.
pub async fn file(State(house): State<Arc<WebHouse>>, uri: Uri, headers: HeaderMap) -> Answer {
    let site = house.house.site().await?.ok_or_else(WebError::not_found)?;
    let path = underpin_model::purl::decoded(uri.path()).into_owned();
    let file = site.find(&path, house.now().await?).ok_or_else(WebError::not_found)?;
    let tag = format!("\"{}\"", &file.digest[..32.min(file.digest.len())]);
    let kept = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, KEEP.to_owned()),
        (header::VARY, "Accept-Encoding".to_owned()),
        // Programs on pages of others may read what is public anyway (CSAF 2.0, 7.1.4).
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned()),
    ];
    let held = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if held.split(',').any(|one| one.trim().trim_start_matches("W/") == tag || one.trim() == "*") {
        return Ok((StatusCode::NOT_MODIFIED, kept).into_response());
    }
    let media = [(header::CONTENT_TYPE, file.media_type)];
    Ok((kept, media, file.bytes.clone()).into_response())
}
