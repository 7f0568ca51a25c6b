// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/api/v1/project`: systems, as projects.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::HeaderName;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use underpin_model::DocumentRecord;
use underpin_model::people::Act;
use underpin_office::Desk;
use underpin_office::coordinator::keys::{is_uuid, system_key};

use super::{Json, label};
use crate::api::problem::Problem;
use crate::caller::Caller;
use crate::house::WebHouse;

/// Projects of a page where nobody says how many.
const PAGE: usize = 100;
/// Projects of a page at most.
const LONGEST_PAGE: usize = 1_000;

/// Which projects are asked for; clients name the page in two ways.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Listed {
    name: String,
    search_text: String,
    page_number: Option<usize>,
    page: Option<usize>,
    page_size: Option<usize>,
    limit: Option<usize>,
    offset: Option<usize>,
}

/// Which project is looked up.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct LookedUp {
    name: String,
    version: String,
}

impl Listed {
    /// Projects to pass over, and to show.
    fn window(&self) -> (usize, usize) {
        let size = self.page_size.or(self.limit).unwrap_or(PAGE).clamp(1, LONGEST_PAGE);
        let page = self.page_number.or(self.page).unwrap_or(1).max(1);
        (self.offset.unwrap_or((page - 1).saturating_mul(size)), size)
    }

    fn wants(&self, name: &str) -> bool {
        let lower = name.to_lowercase();
        let (exactly, part) = (self.name.trim().to_lowercase(), self.search_text.trim().to_lowercase());
        (exactly.is_empty() || lower == exactly) && lower.contains(&part)
    }
}

/// `GET /api/v1/project`: those that are in sight, with their number in `X-Total-Count`.
pub async fn list(
    State(house): State<Arc<WebHouse>>,
    caller: Caller,
    Query(listed): Query<Listed>,
) -> Result<Response, Problem> {
    caller.check(Act::Read)?;
    let seat = house.seat(&caller.viewer, None).await?;
    let desk = &seat.desk;
    let wanted: Vec<u32> = desk.active_systems().filter(|system| listed.wants(&desk.system(*system).name)).collect();
    let (passed, shown) = listed.window();
    let rows: Vec<Value> = wanted.iter().skip(passed).take(shown).map(|system| project(desk, *system, None)).collect();
    let total = [(HeaderName::from_static("x-total-count"), wanted.len().to_string())];
    Ok((total, Json(rows)).into_response())
}

/// `GET /api/v1/project/{uuid}`.
pub async fn one(
    State(house): State<Arc<WebHouse>>,
    caller: Caller,
    Path(key): Path<String>,
) -> Result<Json<Value>, Problem> {
    caller.check(Act::Read)?;
    let seat = house.seat(&caller.viewer, None).await?;
    let system = called(&seat.desk, &key)?;
    Ok(Json(project(&seat.desk, system, None)))
}

/// `GET /api/v1/project/lookup`: by name, and a version that one of its documents or deployments has.
pub async fn lookup(
    State(house): State<Arc<WebHouse>>,
    caller: Caller,
    Query(asked): Query<LookedUp>,
) -> Result<Json<Value>, Problem> {
    caller.check(Act::Read)?;
    let seat = house.seat(&caller.viewer, None).await?;
    let desk = &seat.desk;
    let missing = || Problem::not_found().detail("the project could not be found");
    let id = desk.system_called(&asked.name).map(|system| system.id.clone()).map_err(|_| missing())?;
    let system = desk.system_position(&id.0).ok_or_else(missing)?;
    let version = asked.version.trim();
    let wanted = label::part(version);
    let is_known = version.is_empty()
        || documents(desk, system).any(|record| label::version(record) == wanted)
        || desk.has_deployment(&id, version);
    if is_known { Ok(Json(project(desk, system, Some(version)))) } else { Err(missing()) }
}

/// The active system that has a key.
///
/// # Errors
/// `usage` for what is no key, `not-found` for one that nothing in sight has.
pub fn called(desk: &Desk, key: &str) -> Result<u32, Problem> {
    if !is_uuid(key) {
        return Err(Problem::usage("this is no key of a project"));
    }
    let wanted = key.to_ascii_lowercase();
    let found = desk.active_systems().find(|system| system_key(&desk.system(*system).id) == wanted);
    found.ok_or_else(|| Problem::not_found().detail("the project could not be found"))
}

/// All documents about a system, replaced ones too.
fn documents(desk: &Desk, system: u32) -> impl Iterator<Item = &DocumentRecord> {
    desk.bound_documents(system)
}

/// A system as a project; with the version that was asked for, else that of its newest document.
pub fn project(desk: &Desk, position: u32, asked: Option<&str>) -> Value {
    let system = desk.system(position);
    let newest = desk.current_documents(position).max_by_key(|record| (record.learned, record.id));
    let version = asked.filter(|text| !text.is_empty()).or_else(|| newest.map(label::version)).unwrap_or_default();
    let mut project = json!({
        "uuid": system_key(&system.id),
        "name": system.name,
        "version": version,
        "description": system.purpose,
        "publisher": desk.agency_name(&system.agency),
        "classifier": "APPLICATION",
        "active": true,
        "isLatest": true,
        "tags": [],
        "properties": [],
    });
    if let Some(record) = newest {
        project["lastBomImport"] = json!(record.learned.0 / 1_000);
        project["lastBomImportFormat"] = json!(record.format);
    }
    project
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_named_in_two_ways() {
        let page = |number, size| Listed { page_number: number, page_size: size, ..Listed::default() };
        let other = |page, limit, offset| Listed { page, limit, offset, ..Listed::default() };
        for (listed, window) in [
            (Listed::default(), (0, PAGE)),
            (page(Some(3), Some(10)), (20, 10)),
            (page(Some(0), Some(0)), (0, 1)),
            (page(Some(usize::MAX), Some(usize::MAX)), (usize::MAX, LONGEST_PAGE)),
            (other(Some(2), Some(500), None), (500, 500)),
            (other(None, Some(5), Some(7)), (7, 5)),
        ] {
            assert_eq!(listed.window(), window, "{listed:?}");
        }
    }
}
