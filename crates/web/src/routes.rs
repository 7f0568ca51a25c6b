// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Every route, in one list: method, path, who may ask, which page answers. Tests walk it.

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post, put};

use crate::house::WebHouse;
use crate::{assets, compatible, pages, reports};

/// Who may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Public,
    /// Who is signed in; what is shown depends on what they may see.
    SignedIn,
    /// Programs with a token; what is shown depends on what it may see.
    Program,
}

/// A route.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// `get` or `post`.
    pub method: &'static str,
    /// Path, with its variables in braces.
    pub path: &'static str,
    /// Who may ask.
    pub access: Access,
}

macro_rules! routes {
    ($($method:ident $path:literal $access:ident $handler:path;)*) => {
        /// All routes.
        pub const ROUTES: &[Route] =
            &[$(Route { method: stringify!($method), path: $path, access: Access::$access },)*];

        pub(crate) fn router() -> Router<Arc<WebHouse>> {
            Router::new()$(.route($path, $method($handler)))*
        }
    };
}

routes! {
    get "/" SignedIn pages::overview::page;
    get "/sign-in" Public pages::sign_in::page;
    post "/sign-in" Public pages::sign_in::enter;
    post "/sign-out" SignedIn pages::sign_in::leave;
    get "/account" SignedIn pages::account::page;
    post "/account/password" SignedIn pages::account::change;
    post "/account/sessions" SignedIn pages::account::end_others;
    post "/account/openid/{name}" SignedIn pages::account_connect::begin;
    get "/account/codes" SignedIn pages::account_codes::page;
    post "/account/codes" SignedIn pages::account_codes::propose;
    post "/account/codes/confirm" SignedIn pages::account_codes::confirm;
    post "/account/codes/end" SignedIn pages::account_codes::end;
    get "/account/tokens" SignedIn pages::account_tokens::page;
    post "/account/tokens" SignedIn pages::account_tokens::make;
    post "/account/tokens/{id}/end" SignedIn pages::account_tokens::end;
    get "/people" SignedIn pages::people::page;
    post "/people" SignedIn pages::people::invite;
    get "/people/{login}" SignedIn pages::people::one;
    post "/people/{login}" SignedIn pages::people::change;
    post "/people/{login}/end" SignedIn pages::people::end;
    get "/sign-in/code" Public pages::sign_in_code::page;
    post "/sign-in/code" Public pages::sign_in_code::enter;
    get "/sign-in/openid/{name}" Public pages::sign_in_openid::begin;
    get "/sign-in/openid/{name}/back" Public pages::sign_in_openid::back;
    get "/welcome/{key}/openid/{name}" Public pages::sign_in_openid::begin_invited;
    get "/welcome/{key}" Public pages::welcome::page;
    post "/welcome/{key}" Public pages::welcome::begin;
    post "/language" Public pages::language::choose;
    get "/find" SignedIn pages::find::page;
    get "/findings" SignedIn pages::findings::page;
    get "/vulnerabilities/{name}" SignedIn pages::vulnerability::page;
    get "/agencies" SignedIn pages::agencies::page;
    get "/agencies/{id}" SignedIn pages::agencies::one;
    post "/agencies/{id}/naming" SignedIn pages::naming::note;
    get "/systems/{id}" SignedIn pages::system::page;
    get "/systems/{id}/difference" SignedIn pages::system_difference::page;
    get "/systems/{id}/paths" SignedIn pages::system_paths::page;
    get "/coverage" SignedIn pages::coverage::page;
    get "/packages" SignedIn pages::packages::page;
    get "/projects" SignedIn pages::projects::page;
    get "/projects/map" SignedIn pages::projects_map::page;
    get "/projects/{*project}" SignedIn pages::project::page;
    get "/plan" SignedIn pages::plan::page;
    get "/plan/brief" SignedIn pages::plan_brief::page;
    post "/plan/skills" SignedIn pages::plan::skill;
    get "/commitments" SignedIn pages::commitments::page;
    post "/commitments/{id}/approve" SignedIn pages::commitments::approve;
    get "/funding" SignedIn pages::funding::page;
    get "/engagements" SignedIn pages::engagements::page;
    get "/engagements/new" SignedIn pages::engagement_new::page;
    post "/engagements/new" SignedIn pages::engagement_new::ask;
    get "/engagements/requests/{id}" SignedIn pages::engagement::request;
    get "/engagements/requests/{id}/mail" SignedIn pages::engagement::mail;
    post "/engagements/requests/{id}/approve" SignedIn pages::engagement_acts::approve;
    post "/engagements/requests/{id}/hand-out" SignedIn pages::engagement_acts::hand_out;
    get "/engagements/{id}" SignedIn pages::engagement::page;
    post "/engagements/{id}/answer" SignedIn pages::engagement_acts::answer;
    post "/engagements/{id}/thanks" SignedIn pages::engagement_acts::thank;
    post "/engagements/{id}/outcome" SignedIn pages::engagement_acts::tell;
    post "/engagements/{id}/end" SignedIn pages::engagement_acts::end;
    post "/engagements/{id}/rating" SignedIn pages::engagement_acts::rate;
    post "/engagements/{id}/remind" SignedIn pages::engagement_acts::remind;
    post "/engagements/{id}/reply" SignedIn pages::engagement_acts::reply;
    get "/disclosures" SignedIn pages::disclosures::page;
    post "/disclosures" SignedIn pages::disclosures::open;
    get "/disclosures/{id}" SignedIn pages::disclosure::page;
    post "/disclosures/{id}/events" SignedIn pages::disclosure::note;
    post "/disclosures/{id}/contact" SignedIn pages::disclosure::contact;
    get "/dossiers/{*project}" SignedIn pages::dossier::page;
    get "/upstream" SignedIn pages::upstream::page;
    get "/documents" SignedIn pages::documents::page;
    get "/documents/{id}" SignedIn pages::document::page;
    get "/documents/{id}/original" SignedIn pages::document::original;
    get "/documents/{id}/conformity" SignedIn pages::conformity::page;
    post "/documents/{id}/bind" SignedIn pages::document_acts::bind;
    post "/documents/{id}/unbind" SignedIn pages::document_acts::unbind;
    post "/documents/{id}/retract" SignedIn pages::document_acts::retract;
    post "/documents/{id}/restore" SignedIn pages::document_acts::restore;
    post "/documents/{id}/retry" SignedIn pages::document_acts::retry;
    get "/contracts" SignedIn pages::contracts::page;
    post "/contracts" SignedIn pages::contracts::open;
    get "/contracts/{id}" SignedIn pages::contract::page;
    post "/contracts/{id}" SignedIn pages::contract::change;
    get "/contracts/{id}/protocol/{document}" SignedIn pages::contract::paper;
    get "/contracts/{id}/letter/{document}" SignedIn pages::contract::letter;
    get "/help" Public pages::help::contents;
    get "/help/words" Public pages::words::page;
    get "/help/{*page}" Public pages::help::page;
    get "/_design" Public pages::design::page;
    get "/promises" Public pages::promises::page;
    get "/open-data" Public pages::open_data::page;
    get "/open-data/starter-kit.tar.zst" Public pages::open_data::starter_kit;
    get "/open-data/{edition}/{file}" Public pages::open_data::file;
    get "/catalogue" Public pages::catalogue::page;
    get "/catalogue/repository" Public pages::catalogue_repository::page;
    get "/catalogue/repository/assess" SignedIn pages::catalogue_assess::page;
    post "/catalogue/repository/assess" SignedIn pages::catalogue_assess::answer;
    get "/exemptions" SignedIn pages::exemptions::page;
    get "/rules" SignedIn pages::rules::page;
    get "/rules/waivers" SignedIn pages::waivers::page;
    post "/rules/waivers" SignedIn pages::waivers::change;
    get "/rules/{book}/{rule}" SignedIn pages::rules::rule;
    get "/accessibility" Public pages::accessibility::page;
    get "/incidents" SignedIn pages::incidents::page;
    get "/incidents/new" SignedIn pages::incident_new::page;
    post "/incidents/new" SignedIn pages::incident_new::open;
    post "/incidents/drills" SignedIn pages::incident_drill::start;
    get "/incidents/{id}" SignedIn pages::incident_room::page;
    get "/incidents/{id}/situation" SignedIn pages::situation::page;
    post "/incidents/{id}/tasks" SignedIn pages::incident_acts::assign;
    post "/incidents/{id}/refresh" SignedIn pages::incident_acts::refresh;
    post "/incidents/{id}/step" SignedIn pages::incident_acts::step;
    get "/clocks" SignedIn pages::clocks::page;
    get "/law/roles" SignedIn pages::law_roles::page;
    get "/law/examples" SignedIn pages::law_roles::examples_page;
    get "/law/requests" SignedIn pages::law_requests::page;
    post "/law/requests" SignedIn pages::law_requests::note;
    get "/law/requests/{id}" SignedIn pages::law_request::page;
    post "/law/requests/{id}" SignedIn pages::law_request::note;
    get "/law/steward-pack" SignedIn pages::steward_pack::page;
    get "/law/role" SignedIn pages::law_role::page;
    post "/law/role" SignedIn pages::law_role::answer;
    get "/incidents/{id}/clocks" SignedIn pages::incident_clocks::page;
    post "/incidents/{id}/clocks" SignedIn pages::incident_clocks::tell;
    get "/incidents/{id}/clocks/{clock}/{step}" SignedIn pages::incident_clocks::draft;
    post "/incidents/{id}/close" SignedIn pages::incident_acts::close;
    post "/incidents/{id}/reopen" SignedIn pages::incident_acts::reopen;
    get "/tasks" SignedIn pages::tasks::page;
    get "/tasks/{id}" SignedIn pages::task::page;
    post "/tasks/{id}" SignedIn pages::task::change;
    post "/tasks/{id}/owner" SignedIn pages::task::assign;
    post "/tasks/{id}/evidence" SignedIn pages::task_evidence::take;
    get "/healthz" Public pages::health::alive;
    get "/readyz" Public pages::health::ready;
    get "/assets/{tag}/{name}" Public assets::serve;
    get "/findings/decide" SignedIn pages::triage::page;
    post "/findings/decide" SignedIn pages::triage::decide;
    get "/decisions" SignedIn pages::decisions::page;
    get "/decisions/vex" SignedIn pages::decisions::vex;
    get "/decisions/fold" SignedIn pages::fold::page;
    get "/decisions/{id}" SignedIn pages::decisions::one;
    post "/decisions/{id}/approve" SignedIn pages::decisions::approve;
    post "/decisions/{id}/withdraw" SignedIn pages::decisions::withdraw;
    get "/documents/hand-in" SignedIn pages::hand_in::page;
    post "/documents/hand-in" SignedIn pages::hand_in::take;
    get "/audit" SignedIn pages::audit::page;
    get "/audit/reads" SignedIn pages::reads::page;
    post "/people/invitations/{id}/end" SignedIn pages::people::take_back;
    get "/sources" SignedIn pages::sources::page;
    get "/settings" SignedIn pages::settings::page;
    get "/suggest" SignedIn pages::suggest::page;
    get "/registry" SignedIn pages::registry::page;
    get "/registry/import" SignedIn pages::registry_import::page;
    post "/registry/import" SignedIn pages::registry_import::take;
    get "/registry/mappings" SignedIn pages::registry_mappings::page;
    post "/registry/mappings" SignedIn pages::registry_mappings::change;
    get "/registry/systems/{id}/deployments/{deployment}" SignedIn pages::registry_deployment::page;
    post "/registry/systems/{id}/deployments/{deployment}" SignedIn pages::registry_deployment::change;
    get "/registry/{kind}/{id}" SignedIn pages::registry::one;
    post "/registry/{kind}/{id}" SignedIn pages::registry::change;
    get "/sql" SignedIn pages::sql::page;
    post "/sql" SignedIn pages::sql::run;
    get "/sql/running/{id}" SignedIn pages::sql_running::page;
    get "/sql/running/{id}/state" SignedIn pages::sql_running::state;
    post "/sql/running/{id}/stop" SignedIn pages::sql_running::stop;
    get "/rounds" SignedIn pages::rounds::page;
    get "/rounds/new" SignedIn pages::round_new::page;
    post "/rounds/new" SignedIn pages::round_new::open;
    get "/rounds/{id}" SignedIn pages::round::page;
    post "/rounds/{id}/remind" SignedIn pages::round::remind;
    post "/rounds/{id}/close" SignedIn pages::round::close;
    get "/rounds/{id}/letters/{agency}" SignedIn pages::round_letter::page;
    post "/rounds/{id}/letters/{agency}" SignedIn pages::round_letter::with_links;
    post "/tasks/{id}/letter" SignedIn pages::round_letter::about_task;
    post "/incidents/{id}/letters" SignedIn pages::round_letter::about_incident;
    get "/answer/{key}" Public pages::answer::page;
    post "/answer/{key}" Public pages::answer::take;
    get "/deliver/{key}" Public pages::deliver::page;
    post "/deliver/{key}" Public pages::deliver::take;
    get "/upload/{key}" Public pages::upload::page;
    post "/upload/{key}" Public pages::upload::take;
    get "/collect.sh" Public pages::collect_script::shell;
    get "/collect.ps1" Public pages::collect_script::power_shell;
    get "/account/messages" SignedIn pages::account_messages::page;
    post "/account/messages" SignedIn pages::account_messages::subscribe;
    post "/account/messages/{id}/end" SignedIn pages::account_messages::end;
    get "/api/version" Public compatible::version;
    put "/api/v1/bom" Program compatible::bom::upload;
    post "/api/v1/bom" Program compatible::bom::upload;
    get "/api/v1/bom/token/{uuid}" Program compatible::token;
    get "/api/v1/event/token/{uuid}" Program compatible::token;
    get "/api/v1/bom/cyclonedx/project/{uuid}" Program compatible::bom::export;
    get "/api/v1/project" Program compatible::projects::list;
    get "/api/v1/project/lookup" Program compatible::projects::lookup;
    get "/api/v1/project/{uuid}" Program compatible::projects::one;
    get "/api/reports/findings" Program reports::findings;
    get "/api/v1/project/" Program compatible::projects::list;
    get "/api/v1/project/{uuid}/" Program compatible::projects::one;
    get "/api/v1/finding/project/{uuid}" Program compatible::findings::of_project;
    get "/api/v1/finding/project/{uuid}/export" Program compatible::findings::export;
    get "/api/v1/metrics/project/{uuid}/current" Program compatible::metrics::current;
    get "/api/v1/violation/project/{uuid}" Program compatible::metrics::violations;
    get "/api/v1/analysis" Program compatible::findings::analysis;
    get "/changes" SignedIn pages::changes::page;
    get "/findings/weeks" SignedIn pages::weeks::page;
    get "/.well-known/csaf/{*path}" Public pages::provider::file;
    get "/.well-known/security.txt" Public pages::provider::file;
    get "/mandate" SignedIn pages::mandate::page;
    post "/mandate" SignedIn pages::mandate::change;
    get "/roles" SignedIn pages::roles::page;
    post "/roles" SignedIn pages::roles::switch;
    get "/consultations" Public pages::consultations::page;
    get "/consultations/{id}" Public pages::consultation::page;
    post "/consultations/{id}/comments" Public pages::consultation::comment;
    post "/consultations/{id}/withdraw" Public pages::consultation::withdraw;
    post "/consultations/{id}/act" SignedIn pages::consultation_acts::act;
    get "/reports/annual" SignedIn pages::annual::page;
    get "/first-30-days" SignedIn pages::first_30_days::page;
    get "/publications" Public pages::publications::page;
    get "/publications/drafts" SignedIn pages::publication_drafts::page;
    post "/publications/drafts/approve" SignedIn pages::publication_drafts::approve;
    post "/publications/drafts/withdraw" SignedIn pages::publication_drafts::withdraw;
    get "/publications/{*path}" Public pages::provider::file;
}
