// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What was asked for: manifests that name dependencies, and surveys in which people say what they use.
//!
//! A manifest is weaker evidence than a lockfile: where it gives a range or a variable there is no version, and the gap
//! `unresolved-version` says so. A survey is the weakest: it says what somebody believes, and how sure they are.

mod go_mod;
mod maven_pom;
mod maven_project;
mod python_lines;
mod requirements_txt;
mod survey;
mod survey_columns;
mod survey_table;
mod xml_tree;

pub(crate) use python_lines::{Line, logical_lines, parse_line, plain_text};
pub(crate) use requirements_txt::component as python_component;

use crate::reader::Reader;

/// The readers of this family.
pub const READERS: &[Reader] = &[go_mod::READER, maven_pom::READER, requirements_txt::READER, survey::READER];
