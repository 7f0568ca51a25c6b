// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Classes of places that make no difference to a question, taken together.

use std::collections::HashMap;

use super::count::Engine;
use super::estate::Use;
use super::place::CLASSES;
use super::plan::Plan;

/// The column of each class: one for each pair of columns of priorities and deadlines that occurs, or, where deadlines do not
/// matter, one for each column of priorities.
#[derive(Debug)]
pub(super) struct Columns {
    /// By class, for systems that are not taken and then for those that are. What is not taken has the spare column beyond all others.
    of_class: Vec<u16>,
    /// Column of priorities and column of deadlines.
    pairs: Vec<(u16, u16)>,
}

impl Columns {
    pub fn of(engine: &Engine<'_>, plan: &Plan, with_deadlines: bool) -> Self {
        let mut pairs: Vec<(u16, u16)> = Vec::new();
        let mut known: HashMap<(u16, u16), u16> = HashMap::new();
        let mut column = |class: u32| {
            let due = if with_deadlines { engine.deadlines.column(class as u16) } else { 0 };
            let pair = (engine.priorities.column(class as u16) as u16, due as u16);
            *known.entry(pair).or_insert_with(|| {
                pairs.push(pair);
                pairs.len() as u16 - 1
            })
        };
        let taken = engine.estate.classes.iter().filter(|class| plan.takes_class(*class as u16));
        let taken: Vec<(u32, u16)> = taken.map(|class| (class, column(class))).collect();
        let mut of_class = vec![pairs.len() as u16; 2 * CLASSES];
        taken.into_iter().for_each(|(class, column)| of_class[CLASSES + class as usize] = column);
        Self { of_class, pairs }
    }

    /// How many there are, which is the number of the spare one.
    pub fn width(&self) -> usize {
        self.pairs.len()
    }

    /// The column of a use. No branches: which uses are taken cannot be guessed.
    #[inline]
    pub fn of_use(&self, plan: &Plan, used: Use) -> usize {
        let half = usize::from(plan.takes_system(used.end())) * CLASSES;
        usize::from(self.of_class[half + usize::from(used.class())])
    }
}

/// What a vulnerability is worth in each column.
pub(super) struct Cells<'a> {
    engine: &'a Engine<'a>,
    plan: &'a Plan,
    columns: &'a Columns,
    vulnerability: u32,
    levels: &'a [u16],
}

impl<'a> Cells<'a> {
    #[inline]
    pub fn of(engine: &'a Engine<'a>, plan: &'a Plan, columns: &'a Columns, vulnerability: u32) -> Self {
        Self { engine, plan, columns, vulnerability, levels: engine.priorities.row(vulnerability) }
    }

    /// Level of priority.
    #[inline]
    pub fn level(&self, column: u16) -> usize {
        usize::from(self.levels[usize::from(self.columns.pairs[usize::from(column)].0)])
    }

    /// Number among vulnerabilities × slots of deadlines.
    #[inline]
    pub fn due(&self, column: u16) -> usize {
        let deadlines = self.engine.deadlines;
        let due = usize::from(self.columns.pairs[usize::from(column)].1);
        self.vulnerability as usize * deadlines.slots() + deadlines.slot(self.vulnerability, due)
    }

    /// Whether its priority and its deadline are asked for.
    #[inline]
    pub fn takes(&self, column: u16) -> bool {
        if !self.plan.is_selective() {
            return true;
        }
        self.plan.takes_level(self.level(column) as u16) && (!self.plan.asks_for_dues() || self.takes_due(column))
    }

    fn takes_due(&self, column: u16) -> bool {
        let due = usize::from(self.columns.pairs[usize::from(column)].1);
        let slot = self.engine.deadlines.slot(self.vulnerability, due);
        self.plan.takes_due(self.engine.deadlines.day(self.vulnerability, slot))
    }
}
