// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The office's compass: what it may do, which of its roles are switched on, and whom it heard before.

mod annual;
mod consultation;
mod mandate;
mod measures;
mod roles;
mod switched;

pub use annual::{AnnualLine, AnnualReport, AnnualSection, Guideline};
pub use consultation::{
    AnswerVerdict, BothLanguages, CommentGround, CommentId, CommentState, Consultation, ConsultationClosing,
    ConsultationId, ConsultationState, HeardGroup, HeardKind, NewComment, NewConsultation,
};
pub use mandate::{Agreement, Mandate, OfficePlace};
pub use measures::{MEASURES, Measure, measure, measures_of};
pub use roles::{OfficeRole, RoleState, RoleStep, RoleSwitch, SoftwareStage};
pub use switched::{Switched, active_after, inactive, switched};
