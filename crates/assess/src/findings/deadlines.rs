// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Until when findings should be dealt with, for every vulnerability in every class of places, in little room: a vulnerability has a
//! day of its own, and few different numbers of days after it, which many vulnerabilities share.

use std::collections::HashMap;

use super::estate::Estate;
use super::place::{CLASSES, PlaceClass};

/// Days since 1970-01-01; reaches to 2149.
pub type Day = u16;

/// No day.
pub(super) const NEVER: Day = Day::MAX;

/// Deadlines by vulnerability and class.
#[derive(Clone, Debug, Default)]
pub struct Deadlines {
    /// The earliest day of each vulnerability.
    bases: Vec<Day>,
    /// Row of each vulnerability.
    rows: Vec<u32>,
    /// Column of each class.
    columns: Vec<u16>,
    width: usize,
    /// Slots, row by row.
    cells: Vec<u16>,
    /// Slots of a row.
    slots: usize,
    /// Days after the earliest by slot, row by row, ascending; [`NEVER`] for none.
    offsets: Vec<Day>,
}

/// What vulnerabilities share: the slot of each column, and the days of each slot.
type Row = (Vec<u16>, Vec<Day>);

impl Deadlines {
    /// Evaluates `due` for every vulnerability in every class that occurs in the estate.
    pub fn of(estate: &Estate, mut due: impl FnMut(u32, PlaceClass) -> Option<Day>) -> Self {
        let classes: Vec<PlaceClass> =
            estate.classes.iter().filter_map(|code| PlaceClass::from_code(code as u16)).collect();
        let mut known: HashMap<Row, u32> = HashMap::new();
        let mut table: Vec<Row> = Vec::new();
        let mut made = Self { columns: vec![0; CLASSES], ..Self::default() };
        for vulnerability in 0..estate.vulnerabilities.len() as u32 {
            let days: Vec<Day> = classes.iter().map(|class| due(vulnerability, *class).unwrap_or(NEVER)).collect();
            let base = days.iter().copied().min().filter(|day| *day != NEVER).unwrap_or(0);
            let offset = |day: Day| if day == NEVER { NEVER } else { day - base };
            let mut offsets: Vec<Day> = days.iter().map(|day| offset(*day)).collect();
            offsets.sort_unstable();
            offsets.dedup();
            let slot = |day: &Day| offsets.partition_point(|other| *other < offset(*day)) as u16;
            let cells: Vec<u16> = days.iter().map(slot).collect();
            let number = *known.entry((cells, offsets)).or_insert_with_key(|row| {
                table.push(row.clone());
                table.len() as u32 - 1
            });
            made.bases.push(base);
            made.rows.push(number);
        }
        drop(known);
        let mut distinct: HashMap<Vec<u16>, u16> = HashMap::new();
        let mut kept = Vec::new();
        for (at, class) in classes.iter().enumerate() {
            let column: Vec<u16> = table.iter().map(|(cells, _)| cells[at]).collect();
            made.columns[usize::from(class.code())] = *distinct.entry(column).or_insert_with(|| {
                kept.push(at);
                kept.len() as u16 - 1
            });
        }
        made.width = kept.len();
        made.slots = table.iter().map(|(_, offsets)| offsets.len()).max().unwrap_or(0).max(1);
        for (cells, offsets) in &table {
            made.cells.extend(kept.iter().map(|at| cells[*at]));
            made.offsets.extend((0..made.slots).map(|slot| offsets.get(slot).copied().unwrap_or(NEVER)));
        }
        made
    }

    /// The day of a vulnerability in a class; `None` where there is none.
    pub fn get(&self, vulnerability: u32, class: PlaceClass) -> Option<Day> {
        let day = self.day(vulnerability, self.slot(vulnerability, self.column(class.code())));
        (day != NEVER).then_some(day)
    }

    /// How many different days a vulnerability can have.
    pub(super) fn slots(&self) -> usize {
        self.slots.max(1)
    }

    /// Which of them it is in a column.
    #[inline]
    pub(super) fn slot(&self, vulnerability: u32, column: usize) -> usize {
        let row = self.rows.get(vulnerability as usize).map_or(0, |row| *row as usize);
        self.cells.get(row * self.width + column).map_or(0, |slot| usize::from(*slot))
    }

    /// The day of a slot; [`NEVER`] for none.
    #[inline]
    pub(super) fn day(&self, vulnerability: u32, slot: usize) -> Day {
        let Some(row) = self.rows.get(vulnerability as usize) else { return NEVER };
        match self.offsets.get(*row as usize * self.slots + slot) {
            None | Some(&NEVER) => NEVER,
            Some(offset) => self.bases[vulnerability as usize] + offset,
        }
    }

    /// The column of a class.
    #[inline]
    pub(super) fn column(&self, class: u16) -> usize {
        self.columns.get(usize::from(class) & (CLASSES - 1)).map_or(0, |column| usize::from(*column))
    }

    /// Bytes it takes.
    pub fn bytes(&self) -> usize {
        let numbers = self.bases.capacity() + self.columns.capacity() + self.cells.capacity() + self.offsets.capacity();
        numbers * 2 + self.rows.capacity() * 4
    }
}
