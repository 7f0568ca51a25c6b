// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! VEX out: decisions that hold, as a document in CSAF, OpenVEX or CycloneDX.
//!
//! A decision never leaks beyond its place: one that holds for a system or an agency is written as the package *inside* that product, so
//! that nobody who reads it takes it for a word about the package everywhere. What the format cannot say, and decisions that name no
//! package, are left out and counted.

use underpin_formats::{csaf, cyclonedx, openvex};
use underpin_model::watch::{Decision, Place, Statement, StatementDocument, Target, Thing, Tlp};
use underpin_model::{COLLECTION_NOTE, Timestamp};

use super::estate::Watched;
use crate::error::{OfficeError, Result};

/// The formats, by the name they are asked for.
pub const FORMATS: [&str; 4] = ["csaf-2.0", "csaf-2.1", "openvex", "cyclonedx-1.6"];

/// What goes into the head of the document.
#[derive(Clone, Debug)]
pub struct Head {
    /// Identifier of the document.
    pub id: String,
    /// Title.
    pub title: String,
    /// Address of the publisher (its namespace), such as `https://ospo.example.gov`.
    pub author: String,
    /// How far it may be passed on.
    pub tlp: Tlp,
}

/// A document, and what is not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The document.
    pub text: String,
    /// Decisions in it.
    pub decisions: usize,
    /// Decisions that hold and are not in it: they name no package, or the format cannot say them.
    pub left_out: usize,
}

impl Watched {
    /// The decisions that the viewer may see and that hold, as a document.
    ///
    /// # Errors
    /// `usage` for a format that is not known, `marked-stricter` when what a decision rests on may not go that far, `nothing-to-say` when no decision can be written.
    pub fn decisions_as(&self, format: &str, head: &Head) -> Result<Given> {
        let holding: Vec<&Decision> = self.decisions.iter().filter(|decision| decision.holds_at(self.at)).collect();
        let strictest = holding.iter().filter_map(|decision| self.mark_of_decision(decision)).max();
        if let Some(mark) = strictest.filter(|mark| *mark > head.tlp) {
            let message = format!("a decision rests on an advisory of the office marked {}", mark.as_str());
            return Err(OfficeError::new("marked-stricter", message)
                .hint(format!("mark the document: --tlp {}", mark.as_str())));
        }
        let statements: Vec<Statement<'_>> = holding.iter().filter_map(|decision| statement(decision)).collect();
        let nameless = holding.len() - statements.len();
        let decisions = statements.len();
        let document = document(head, statements, self.at);
        let written = match format {
            "csaf-2.0" => csaf::write(&document, csaf::Edition::V2_0),
            "csaf-2.1" => csaf::write(&document, csaf::Edition::V2_1),
            "openvex" => Some(openvex::write(&document)),
            "cyclonedx-1.6" => Some(cyclonedx::vex::write(&document)),
            _ => {
                return Err(OfficeError::new("usage", format!("{format:?} is no format of statements"))
                    .hint(format!("one of: {}", FORMATS.join(", "))));
            }
        };
        let written = written.filter(|_| decisions > 0).ok_or_else(|| {
            OfficeError::new("nothing-to-say", "no decision that holds names a package").hint(
                "`underpin decisions list` lists them; a decision made with --purl, or for findings, names its package",
            )
        })?;
        let lost = written.left_out.min(decisions);
        Ok(Given { text: written.text, decisions: decisions - lost, left_out: nameless + lost })
    }
}

fn document<'d>(head: &'d Head, statements: Vec<Statement<'d>>, at: Timestamp) -> StatementDocument<'d> {
    StatementDocument {
        id: head.id.as_str().into(),
        version: "1".into(),
        title: head.title.as_str().into(),
        category: "csaf_vex".into(),
        state: "final".into(),
        author: head.author.as_str().into(),
        author_role: "coordinator".into(),
        tlp: Some(head.tlp),
        published: Some(at),
        modified: Some(at),
        note: COLLECTION_NOTE,
        statements,
        ..StatementDocument::default()
    }
}

/// A decision as a statement; none when it names no package.
pub(super) fn statement(decision: &Decision) -> Option<Statement<'_>> {
    if decision.package.is_empty() {
        return None;
    }
    let thing = Thing { purls: vec![decision.package.as_str().into()], ..Thing::default() };
    Some(Statement {
        vulnerability: decision.vulnerability.as_str().into(),
        targets: vec![Target { thing, within: within(&decision.place) }],
        status: decision.status,
        justification: decision.justification,
        impact: decision.reason.as_str().into(),
        action: decision.action.as_str().into(),
        said: Some(decision.recorded),
        ..Statement::default()
    })
}

/// The product that a place is.
fn within(place: &Place) -> Vec<Thing<'_>> {
    let product = |kind: &str, name: &str| {
        vec![Thing {
            name: name.to_owned().into(),
            references: vec![format!("urn:underpin:{kind}:{name}").into()],
            ..Thing::default()
        }]
    };
    match place {
        Place::Government => Vec::new(),
        Place::Agency(agency) => product("agency", &agency.0),
        Place::System(system) => product("system", &system.0),
        Place::Artefact { system, artefact } => product("artefact", &format!("{system}:{artefact}")),
    }
}
