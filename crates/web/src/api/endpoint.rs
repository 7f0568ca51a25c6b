// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What an endpoint is: everything that router, document, manual and tests have to know of it stands here once.

use std::future::Future;
use std::pin::Pin;

use axum::http::{Method, StatusCode};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use underpin_model::people::Act;

use super::call::Call;
use super::problem::Problem;
use super::reply::Reply;

/// What answers.
pub type Answering = Pin<Box<dyn Future<Output = Result<Reply, Problem>> + Send>>;
/// Makes the schema of a type.
pub type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// Endpoints that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// The interface itself.
    Service,
    /// What is used where.
    Inventory,
    /// Agencies, systems, deployments, mapping rules.
    Registry,
    /// What was handed in.
    Documents,
    /// What is vulnerable, and what was decided.
    Findings,
    /// What is done about a danger, by whom.
    Incidents,
    /// What answers rest on.
    Knowledge,
    /// The trail, settings, people and their rights.
    Office,
    /// What is one's own: sessions, tokens, subscriptions.
    Account,
}

impl Group {
    /// All of them, in the order of the manual.
    pub const ALL: [Self; 9] = [
        Self::Service,
        Self::Inventory,
        Self::Registry,
        Self::Documents,
        Self::Findings,
        Self::Incidents,
        Self::Knowledge,
        Self::Office,
        Self::Account,
    ];

    /// Stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Inventory => "inventory",
            Self::Registry => "registry",
            Self::Documents => "documents",
            Self::Findings => "findings",
            Self::Incidents => "incidents",
            Self::Knowledge => "knowledge",
            Self::Office => "office",
            Self::Account => "account",
        }
    }
}

/// What a request brings.
#[derive(Clone, Copy)]
pub enum Sends {
    /// Nothing.
    Nothing,
    /// An object.
    Json(SchemaOf),
    /// The bytes of a file.
    Bytes,
}

/// What an answer holds.
#[derive(Clone, Copy)]
pub enum Gives {
    /// An object.
    Json(SchemaOf),
    /// The bytes of a file.
    Bytes,
    /// Nothing.
    Nothing,
}

/// An endpoint.
pub struct Endpoint {
    /// Method.
    pub method: Method,
    /// Path below [`super::BASE`], with its variables in braces.
    pub path: &'static str,
    /// Stable name (`operationId`).
    pub name: &'static str,
    /// What it belongs to.
    pub group: Group,
    /// What it answers or does, in a line.
    pub summary: &'static str,
    /// What one must be allowed to do somewhere; `None` for everybody, without a token.
    pub act: Option<Act>,
    /// Whether only a session may ask, whatever a token is for.
    pub is_for_sessions: bool,
    /// Whether it can be asked as of another moment.
    pub is_timed: bool,
    /// Whether it gives its rows page by page.
    pub is_paged: bool,
    /// Whether `If-Match` is looked at.
    pub is_matched: bool,
    /// Its own parameters.
    pub asks: Option<SchemaOf>,
    /// What a request brings.
    pub sends: Sends,
    /// What an answer holds.
    pub gives: Gives,
    /// Status of an answer.
    pub status: StatusCode,
    /// What answers.
    pub answer: fn(Call) -> Answering,
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} {}", self.method, self.path)
    }
}

/// An endpoint whose answer an async function gives.
macro_rules! endpoint {
    ($method:ident $path:literal $name:ident $group:ident $summary:literal) => {
        $crate::api::endpoint::Endpoint::new(
            axum::http::Method::$method,
            ($path, stringify!($name)),
            $crate::api::endpoint::Group::$group,
            $summary,
            |call| Box::pin($name(call)),
        )
    };
}
pub(crate) use endpoint;

impl Endpoint {
    /// An endpoint for whoever may read, that takes and gives nothing yet.
    pub fn new(
        method: Method,
        (path, name): (&'static str, &'static str),
        group: Group,
        summary: &'static str,
        answer: fn(Call) -> Answering,
    ) -> Self {
        Self {
            method,
            path,
            name,
            group,
            summary,
            act: Some(Act::Read),
            is_for_sessions: false,
            is_timed: false,
            is_paged: false,
            is_matched: false,
            asks: None,
            sends: Sends::Nothing,
            gives: Gives::Nothing,
            status: StatusCode::OK,
            answer,
        }
    }

    /// For everybody, without a token.
    #[must_use]
    pub fn public(self) -> Self {
        Self { act: None, ..self }
    }

    /// For whoever may do this.
    #[must_use]
    pub fn act(self, act: Act) -> Self {
        Self { act: Some(act), ..self }
    }

    /// For sessions only.
    #[must_use]
    pub fn for_sessions(self) -> Self {
        Self { is_for_sessions: true, ..self }
    }

    /// With `as-of`.
    #[must_use]
    pub fn timed(self) -> Self {
        Self { is_timed: true, ..self }
    }

    /// Page by page, as of any moment.
    #[must_use]
    pub fn paged(self) -> Self {
        Self { is_paged: true, ..self }
    }

    /// With `If-Match`.
    #[must_use]
    pub fn matched(self) -> Self {
        Self { is_matched: true, ..self }
    }

    /// With parameters.
    #[must_use]
    pub fn asks<Q: JsonSchema>(self) -> Self {
        Self { asks: Some(Q::json_schema), ..self }
    }

    /// With an object in the request.
    #[must_use]
    pub fn sends<B: JsonSchema>(self) -> Self {
        Self { sends: Sends::Json(SchemaGenerator::subschema_for::<B>), ..self }
    }

    /// With a file in the request.
    #[must_use]
    pub fn sends_bytes(self) -> Self {
        Self { sends: Sends::Bytes, ..self }
    }

    /// With an object in the answer.
    #[must_use]
    pub fn gives<R: JsonSchema>(self) -> Self {
        Self { gives: Gives::Json(SchemaGenerator::subschema_for::<R>), ..self }
    }

    /// With a file in the answer.
    #[must_use]
    pub fn gives_bytes(self) -> Self {
        Self { gives: Gives::Bytes, ..self }
    }

    /// Makes something: 201.
    #[must_use]
    pub fn makes(self) -> Self {
        Self { status: StatusCode::CREATED, ..self }
    }

    /// Names of the variables in the path.
    pub fn variables(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }

    /// Whether it only reads.
    pub fn is_safe(&self) -> bool {
        self.method == Method::GET
    }
}
