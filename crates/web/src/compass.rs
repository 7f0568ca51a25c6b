// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which pages belong to which role of the office. A page of a role that is not active says so, whoever asks: that is told apart from
//! having no right to it, and from there being no such page. Data are kept, and programs and the command line still reach them.

use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Response};
use underpin_model::compass::{OfficeRole, RoleState, RoleStep, RoleSwitch};
use underpin_model::{Timestamp, Viewer};
use underpin_office::compass::roles::{inactive_by, state_by};

use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::{Visitor, is_page};

/// Beginnings of the paths of each role, where `*` is any one part; the first that fits counts, so what lies below a page of another role
/// stands before it. What was published stays public, and who comes with a link of a letter gets in: neither is here.
const AREAS: [(OfficeRole, &[&str]); 4] = [
    (
        OfficeRole::Regulator,
        &["/rules", "/documents/*/conformity", "/contracts", "/clocks", "/incidents/*/clocks", "/law"],
    ),
    (
        OfficeRole::Coordinator,
        &[
            "/find",
            "/findings",
            "/vulnerabilities",
            "/systems",
            "/coverage",
            "/packages",
            "/incidents",
            "/tasks",
            "/decisions",
            "/rounds",
            "/changes",
        ],
    ),
    (OfficeRole::RoleModel, &["/catalogue", "/exemptions", "/publications/drafts", "/open-data", "/upstream"]),
    (
        OfficeRole::Supporter,
        &["/projects", "/plan", "/commitments", "/funding", "/engagements", "/disclosures", "/dossiers", "/promises"],
    ),
];

/// The role that a page belongs to; none for what every office has.
pub fn role_of(path: &str) -> Option<OfficeRole> {
    AREAS.iter().find(|(_, starts)| starts.iter().any(|start| is_below(path, start))).map(|(role, _)| *role)
}

/// Whether a path is that of an area or lies below it, by whole parts.
fn is_below(path: &str, start: &str) -> bool {
    let mut parts = path.split('/');
    start
        .split('/')
        .all(|wanted| parts.next().is_some_and(|part| wanted == part || (wanted == "*" && !part.is_empty())))
}

/// Steps of roles, kept with the ledger's revision.
#[derive(Debug, Default)]
pub struct KnownSteps(Mutex<Option<(i64, Arc<Vec<RoleStep>>)>>);

impl WebHouse {
    /// All steps of roles; read again after each change.
    async fn role_steps(&self) -> underpin_office::Result<Arc<Vec<RoleStep>>> {
        let now = self.now().await?;
        let revision = self.house.revision(Viewer::Operator, now).await?;
        let lock = || self.known_steps.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, steps)) = lock().as_ref().filter(|(known, _)| *known == revision) {
            return Ok(Arc::clone(steps));
        }
        let steps = Arc::new(self.house.role_steps(now).await?);
        *lock() = Some((revision, Arc::clone(&steps)));
        Ok(steps)
    }

    /// Roles that are not active, for a page; none for other requests. What cannot be read hides nothing. A page about an earlier
    /// moment shows what was active then, so that evidence of a report can still be looked at.
    pub async fn inactive_roles(&self, path: &str, earlier: Option<Timestamp>) -> Vec<OfficeRole> {
        if !is_page(path) {
            return Vec::new();
        }
        match (self.role_steps().await, self.now().await) {
            (Ok(steps), Ok(now)) => inactive_by(&steps, earlier.map_or(now, |moment| moment.min(now))),
            _ => Vec::new(),
        }
    }

    async fn role_state(&self, role: OfficeRole) -> RoleState {
        match (self.role_steps().await, self.now().await) {
            (Ok(steps), Ok(now)) => state_by(&steps, &RoleSwitch::of(role), now),
            _ => RoleState::Active,
        }
    }
}

#[derive(Template)]
#[template(path = "role_not_active.html")]
struct Page {
    frame: Frame,
    why: String,
}

/// Says of pages of a role that is not active that this is so. Strangers are sent to the door first, as everywhere, but for pages that
/// are for everybody.
pub async fn hold(State(house): State<Arc<WebHouse>>, visitor: Visitor, request: Request, next: Next) -> Response {
    let role = role_of(request.uri().path()).filter(|role| visitor.inactive.contains(role));
    let Some(role) = role else { return next.run(request).await };
    if visitor.signed.is_none() && !is_for_everybody(request.uri().path()) {
        return next.run(request).await;
    }
    let state = house.role_state(role).await;
    let mut frame = Frame::new(&visitor, Place::Nowhere);
    frame.title = frame.t("roles-not-active");
    let words =
        [("role", frame.word("office-role", role.as_str())), ("state", frame.word("roles-state", state.as_str()))];
    let words: Vec<_> = words.iter().map(|(name, word)| (*name, word.into())).collect();
    let why = underpin_render::text(frame.language, "roles-not-active-why", &words);
    match (Page { frame, why }).render() {
        Ok(html) => (StatusCode::CONFLICT, Html(html)).into_response(),
        Err(_) => StatusCode::CONFLICT.into_response(),
    }
}

fn is_for_everybody(path: &str) -> bool {
    ["/promises", "/open-data", "/catalogue"].iter().any(|start| path.starts_with(start)) && !path.contains("/assess")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes::ROUTES;

    #[test]
    fn a_page_belongs_to_one_role_by_whole_parts_of_its_path() {
        for (path, role) in [
            ("/plan", Some(OfficeRole::Supporter)),
            ("/plan/brief", Some(OfficeRole::Supporter)),
            ("/planet", None),
            ("/find", Some(OfficeRole::Coordinator)),
            ("/findings/weeks", Some(OfficeRole::Coordinator)),
            ("/publications", None),
            ("/publications/drafts", Some(OfficeRole::RoleModel)),
            ("/publications/csaf/index.txt", None),
            ("/roles", None),
            ("/lawn", None),
            ("/law/role", Some(OfficeRole::Regulator)),
            ("/contracts/C1/letter/D1", Some(OfficeRole::Regulator)),
            ("/deliver/0000", None),
            ("/documents/D1", None),
            ("/documents/D1/conformity", Some(OfficeRole::Regulator)),
            ("/incidents/I1", Some(OfficeRole::Coordinator)),
            ("/incidents/I1/clocks/cra-14/early", Some(OfficeRole::Regulator)),
            ("/", None),
            ("/upload/0000", None),
        ] {
            assert_eq!(role_of(path), role, "{path}");
        }
    }

    #[test]
    fn every_area_has_a_page_and_every_page_of_the_law_an_area() {
        for (role, starts) in &AREAS {
            for start in *starts {
                let is_there =
                    ROUTES.iter().any(|route| is_below(route.path, start) && role_of(route.path) == Some(*role));
                assert!(is_there, "{role:?}: {start}");
            }
        }
        let is_of_the_law = |path: &str| {
            path.split('/').any(|part| ["rules", "conformity", "contracts", "clocks", "law"].contains(&part))
        };
        for route in ROUTES.iter().filter(|route| is_of_the_law(route.path)) {
            assert_eq!(role_of(route.path), Some(OfficeRole::Regulator), "{}", route.path);
        }
    }

    #[test]
    fn what_keeps_the_house_running_belongs_to_no_role() {
        for path in
            ["/sign-in", "/account", "/people", "/settings", "/audit", "/registry", "/documents", "/help", "/mandate"]
        {
            assert_eq!(role_of(path), None, "{path}");
        }
    }
}
