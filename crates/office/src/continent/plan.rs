// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a continent will hold, counted before anything is made.

use serde::Serialize;
use underpin_formats::continent::documents;

use super::{ContinentOptions, space};
use crate::simulator::government::Tree;

/// Uses of a province, as many times as are held in memory at once.
const CHUNKS_OF_A_PROVINCE: u64 = 8;

/// Systems that become durable together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Province {
    /// Number of the first system.
    pub(super) first: u64,
    /// Number after the last one.
    pub(super) end: u64,
    /// Documents.
    pub(super) documents: u64,
}

/// What a continent will hold.
#[derive(Clone, Debug, Serialize)]
pub struct ContinentPlan {
    /// Seed.
    pub seed: u64,
    /// Agencies on all levels.
    pub agencies: u64,
    /// Systems.
    pub systems: u64,
    /// Systems without any document.
    pub unknown_systems: u64,
    /// Documents.
    pub documents: u64,
    /// Documents that a newer one replaces.
    pub replaced_documents: u64,
    /// Uses: package versions in documents.
    pub occurrences: u64,
    /// Uses in documents that none replaces.
    pub current_occurrences: u64,
    /// Bytes on disk that are expected in the end.
    pub bytes_expected: u64,
    /// Bytes needed beside them while it is built.
    pub bytes_beside: u64,
    /// Bytes free where the facts go; `None` when the file system does not tell.
    pub bytes_free: Option<u64>,
    #[serde(skip)]
    pub(super) provinces: Vec<Province>,
}

/// Counts what the options say.
pub(super) fn plan(options: &ContinentOptions) -> ContinentPlan {
    let mut plan = ContinentPlan {
        seed: options.seed,
        agencies: Tree::of_continent(options.systems as usize).len() as u64,
        systems: options.systems,
        unknown_systems: 0,
        documents: 0,
        replaced_documents: 0,
        occurrences: 0,
        current_occurrences: 0,
        bytes_expected: 0,
        bytes_beside: 0,
        bytes_free: None,
        provinces: Vec::new(),
    };
    let size = options.uses_at_once.saturating_mul(CHUNKS_OF_A_PROVINCE);
    let (mut first, mut held, mut uses) = (0, 0, 0_u64);
    for system in 0..options.systems {
        let planned = documents(options.seed, system);
        plan.unknown_systems += u64::from(planned.is_empty());
        for document in &planned {
            uses += u64::from(document.uses);
            plan.occurrences += u64::from(document.uses);
            match document.is_replaced {
                true => plan.replaced_documents += 1,
                false => plan.current_occurrences += u64::from(document.uses),
            }
        }
        held += planned.len() as u64;
        if uses >= size || system + 1 == options.systems {
            plan.documents += held;
            plan.provinces.push(Province { first, end: system + 1, documents: held });
            (first, held, uses) = (system + 1, 0, 0);
        }
    }
    (plan.bytes_expected, plan.bytes_beside) = space::expected(&plan, size);
    plan
}
