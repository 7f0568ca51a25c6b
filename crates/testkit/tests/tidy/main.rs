// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Hygiene as tests: the rules of the house that no compiler checks. One module a rule; each reads the repository.

mod arrows;
mod exceptions;
mod headers;
mod places;
mod purity;
mod repository;
mod rust_text;
mod sizes;
mod versions;
