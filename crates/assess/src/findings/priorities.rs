// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Priorities of vulnerabilities by class of place, as a table without repetitions.
//!
//! Many vulnerabilities have the same priority in every class, and many classes have the same priority for every
//! vulnerability: only different rows and columns are kept, and priorities become levels, 0 the most urgent.

use std::collections::HashMap;

use super::estate::Estate;
use super::place::{CLASSES, PlaceClass};

/// What is how urgent where.
#[derive(Clone, Debug)]
pub struct Priorities {
    /// Row of a vulnerability.
    rows: Vec<u32>,
    /// Column of a class.
    columns: Vec<u16>,
    width: usize,
    /// Levels, row by row.
    cells: Vec<u16>,
    /// Priority of a level, descending.
    levels: Vec<u16>,
}

impl Priorities {
    /// Evaluates `priority` (vulnerability, class; higher is more urgent) for every class that occurs in the estate.
    pub fn of(estate: &Estate, mut priority: impl FnMut(u32, PlaceClass) -> u16) -> Self {
        let classes: Vec<(u16, PlaceClass)> =
            estate.classes.iter().filter_map(|code| Some((code as u16, PlaceClass::from_code(code as u16)?))).collect();
        let mut rows = Vec::with_capacity(estate.vulnerabilities.len());
        let mut table: Vec<Vec<u16>> = Vec::new();
        let mut known: HashMap<Vec<u16>, u32> = HashMap::new();
        for vulnerability in 0..estate.vulnerabilities.len() as u32 {
            let row: Vec<u16> = classes.iter().map(|(_, class)| priority(vulnerability, *class)).collect();
            let number = *known.entry(row).or_insert_with_key(|row| {
                table.push(row.clone());
                table.len() as u32 - 1
            });
            rows.push(number);
        }
        drop(known);
        let mut levels: Vec<u16> = table.iter().flatten().copied().collect();
        levels.sort_unstable_by(|first, second| second.cmp(first));
        levels.dedup();
        let mut columns = vec![0; CLASSES];
        let mut distinct: HashMap<Vec<u16>, u16> = HashMap::new();
        let mut kept = Vec::new();
        for (at, (code, _)) in classes.iter().enumerate() {
            let column: Vec<u16> = table.iter().map(|row| row[at]).collect();
            columns[usize::from(*code)] = *distinct.entry(column).or_insert_with(|| {
                kept.push(at);
                kept.len() as u16 - 1
            });
        }
        let level = |priority: u16| levels.partition_point(|other| *other > priority) as u16;
        let cells = table.iter().flat_map(|row| kept.iter().map(|at| level(row[*at]))).collect();
        Self { rows, columns, width: kept.len(), cells, levels }
    }

    /// The priority of a vulnerability in a class; 0 where the estate has no such class or vulnerability.
    pub fn get(&self, vulnerability: u32, class: PlaceClass) -> u16 {
        let level = self.row(vulnerability).get(self.column(class.code()));
        level.and_then(|level| self.levels.get(usize::from(*level))).copied().unwrap_or(0)
    }

    /// Priorities that occur, the most urgent first.
    pub fn levels(&self) -> &[u16] {
        &self.levels
    }

    /// Levels of a vulnerability by column.
    #[inline]
    pub(super) fn row(&self, vulnerability: u32) -> &[u16] {
        let start = self.rows.get(vulnerability as usize).map_or(0, |row| *row as usize * self.width);
        self.cells.get(start..start + self.width).unwrap_or_default()
    }

    /// The column of a class.
    #[inline]
    pub(super) fn column(&self, class: u16) -> usize {
        usize::from(self.columns[usize::from(class) & (CLASSES - 1)])
    }

    /// Bytes it takes.
    pub fn bytes(&self) -> usize {
        self.rows.capacity() * 4 + (self.columns.capacity() + self.cells.capacity() + self.levels.capacity()) * 2
    }
}
