// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which documents a simulated system has: how many, of which size, how old, and what they are about.

use underpin_formats::simulated::Seeded;
use underpin_model::Timestamp;

use super::government::system_id;
use super::{CLOCK, numbers};

/// Of a hundred systems, those nobody handed in anything for.
const UNKNOWN_PERCENT: u64 = 3;
/// Of a hundred systems, those whose evidence is old.
const STALE_PERCENT: u64 = 9;
/// Of a hundred documents, those that replaced an older one.
const REPLACED_PERCENT: u64 = 5;
/// Of a hundred documents, those about the production deployment only.
const DEPLOYMENT_PERCENT: u64 = 30;

/// Parts of a system that documents are about.
const PARTS: [&str; 3] = ["web", "worker", "database"];

/// A document to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Number of the system.
    pub system: usize,
    /// Position of the template.
    pub template: usize,
    /// Seed of the document.
    pub seed: u64,
    /// What it is about.
    pub subject: String,
    /// When it says it was made.
    pub created: Timestamp,
    /// Whether it is about the production deployment only.
    pub production_only: bool,
}

/// The documents of one system. `sizes` are the package versions of the templates, ascending.
pub fn documents(seed: u64, system: usize, sizes: &[usize]) -> Vec<Planned> {
    let mut random = numbers(seed, "documents", system);
    if random.chance(UNKNOWN_PERCENT) || sizes.is_empty() {
        return Vec::new();
    }
    let stale = random.chance(STALE_PERCENT);
    let packages = packages(&mut random);
    let count = 1 + random.below(PARTS.len() as u64);
    let mut planned = Vec::new();
    for part in PARTS.into_iter().take(count as usize) {
        let wanted = packages / count * (70 + random.below(61)) / 100;
        let age_days = if stale { 91 + random.below(600) } else { random.below(85) };
        let document = Planned {
            system,
            template: near(&mut random, sizes, wanted as usize),
            seed: random.next_number() >> 11,
            subject: format!("{}/{part}", system_id(system)),
            created: days_before(CLOCK, age_days),
            production_only: random.chance(DEPLOYMENT_PERCENT),
        };
        if random.chance(REPLACED_PERCENT) {
            let created = days_before(document.created, 30 + random.below(200));
            planned.push(Planned { seed: random.next_number() >> 11, created, ..document.clone() });
        }
        planned.push(document);
    }
    planned
}

/// How many package versions the documents of a system hold together: many middling systems, some large ones.
fn packages(random: &mut Seeded) -> u64 {
    match random.below(10) {
        0..6 => 120 + random.below(200),
        6..9 => 250 + random.below(250),
        _ => 20 + random.below(880),
    }
}

/// One of the templates whose size is near the wanted one.
fn near(random: &mut Seeded, sizes: &[usize], wanted: usize) -> usize {
    let width = (sizes.len() / 12).clamp(1, 24);
    let middle = sizes.partition_point(|size| *size < wanted);
    let first = middle.saturating_sub(width / 2).min(sizes.len() - width);
    first + random.below(width as u64) as usize
}

fn days_before(moment: Timestamp, days: u64) -> Timestamp {
    let days = i64::try_from(days).unwrap_or(i64::MAX);
    Timestamp(moment.0.saturating_sub(days.saturating_mul(Timestamp::DAY_US)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nation_of_the_agreed_size_has_the_agreed_number_of_uses() {
        let sizes: Vec<usize> = (10..410).collect();
        let (mut uses, mut documents_of, mut unknown) = (0, [0; 4], 0);
        for system in 0..6_000 {
            let planned = documents(7, system, &sizes);
            unknown += usize::from(planned.is_empty());
            uses += planned.iter().map(|document| sizes[document.template]).sum::<usize>();
            let parts: std::collections::BTreeSet<&str> = planned.iter().map(|document| &*document.subject).collect();
            documents_of[parts.len()] += 1;
        }
        assert!((250..320).contains(&(uses / 6_000)), "{} uses for each system", uses / 6_000);
        assert_eq!(documents_of[0], unknown);
        assert!(documents_of.iter().skip(1).all(|count| (1_700..2_200).contains(count)), "{documents_of:?}");
        assert!((100..300).contains(&unknown), "{unknown}");
    }

    #[test]
    fn few_templates_are_enough() {
        for count in 1..30 {
            let sizes: Vec<usize> = (0..count).map(|index| 5 + 40 * index).collect();
            assert!((0..50).flat_map(|system| documents(1, system, &sizes)).all(|document| document.template < count));
        }
    }
}
