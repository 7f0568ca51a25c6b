// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The registry of a simulated nation: ministries, agencies and units, their systems and where those run.

use underpin_formats::simulated::Seeded;
use underpin_ledger::RegistryChange;
use underpin_model::registry::{
    Agency, AgencyId, Classification, Deployment, DeploymentId, Exposure, ProtectionNeed, System, SystemId,
    SystemStatus,
};

use super::numbers;

/// Systems for each agency, about.
const SYSTEMS_PER_AGENCY: usize = 150;
/// Agencies of the largest nation.
const AGENCIES: usize = 400;
/// The same for a continent.
const SYSTEMS_PER_CONTINENTAL_AGENCY: usize = 250;
const CONTINENTAL_AGENCIES: usize = 4_000;
/// Systems of the last agency: somebody who sees little asks, too.
const SMALL: usize = 3;
/// Of a hundred systems, those that are retired.
const RETIRED_PERCENT: u64 = 1;

const FIELDS: [&str; 16] = [
    "Finance",
    "Health",
    "Justice",
    "Interior",
    "Labour",
    "Education",
    "Transport",
    "Environment",
    "Agriculture",
    "Energy",
    "Culture",
    "Defence",
    "Housing",
    "Research",
    "Trade",
    "Digital Affairs",
];
const SERVICES: [&str; 16] = [
    "Permit",
    "Tax",
    "Benefit",
    "Case",
    "Identity",
    "Payment",
    "Statistics",
    "Procurement",
    "Archive",
    "Mail",
    "Grant",
    "Inspection",
    "Licence",
    "Appointment",
    "Map",
    "Notification",
];
const SHAPES: [&str; 8] = ["Portal", "Register", "Gateway", "Workbench", "Exchange", "Service", "Archive", "Planner"];
const OPERATORS: [&str; 5] =
    ["Federal Data Centre", "Northern Computing Service", "the agency itself", "Cloud Unit", "Southern Data Centre"];

/// The agency with this number and those above it. Numbers 0 to 15 are ministries, then agencies, then units.
#[derive(Clone, Copy, Debug)]
pub struct Tree {
    agencies: usize,
}

impl Tree {
    /// As many agencies as so many systems need.
    pub fn of(systems: usize) -> Self {
        Self { agencies: (systems / SYSTEMS_PER_AGENCY).clamp(8, AGENCIES) }
    }

    /// As many agencies as a continent of so many systems needs.
    pub fn of_continent(systems: usize) -> Self {
        Self { agencies: (systems / SYSTEMS_PER_CONTINENTAL_AGENCY).clamp(8, CONTINENTAL_AGENCIES) }
    }

    /// Number of agencies on all levels.
    pub fn len(self) -> usize {
        self.agencies
    }

    fn ministries(self) -> usize {
        (self.agencies / 25).clamp(2, FIELDS.len())
    }

    /// Where units begin: a quarter of all are agencies of the second level.
    fn units(self) -> usize {
        self.ministries() + (self.agencies / 4).max(2)
    }

    fn parent(self, number: usize) -> Option<usize> {
        let (ministries, units) = (self.ministries(), self.units());
        if number < ministries {
            None
        } else if number < units {
            Some(number % ministries)
        } else {
            Some(ministries + number % (units - ministries))
        }
    }

    fn id(self, number: usize) -> AgencyId {
        let level = match number {
            _ if number < self.ministries() => "ministry",
            _ if number < self.units() => "agency",
            _ => "unit",
        };
        AgencyId(format!("{level}-{number:03}"))
    }

    /// Every agency, those above first.
    pub fn changes(self, seed: u64) -> Vec<RegistryChange> {
        (0..self.agencies).map(|number| RegistryChange::PutAgency(self.agency(seed, number))).collect()
    }

    fn agency(self, seed: u64, number: usize) -> Agency {
        let mut random = numbers(seed, "agency", number);
        let field = FIELDS[self.top(number) % FIELDS.len()];
        let name = match self.parent(number) {
            None => format!("Ministry of {field}"),
            Some(_) if number < self.units() => format!("Agency {number:03} for {field}"),
            Some(_) => format!("Unit {number:03} for {field}"),
        };
        let id = self.id(number);
        Agency {
            contact: format!("{id}@nation.example"),
            name,
            aliases: Vec::new(),
            parent: self.parent(number).map(|parent| self.id(parent)),
            declared_systems: random.chance(20).then(|| 1 + random.below(12)),
            predecessors: Vec::new(),
            id,
        }
    }

    fn top(self, number: usize) -> usize {
        self.parent(number).map_or(number, |parent| self.top(parent))
    }
}

/// Identifier of the system with this number.
pub fn system_id(number: usize) -> SystemId {
    SystemId(format!("system-{number:06}"))
}

/// A system and its deployments.
pub fn system(tree: Tree, seed: u64, number: usize) -> (System, Vec<Deployment>) {
    let mut random = numbers(seed, "system", number);
    let last = tree.len() - 1;
    let agency = if number < SMALL { last } else { random.below(last as u64) as usize };
    let (service, shape) = (pick(&mut random, &SERVICES), pick(&mut random, &SHAPES));
    let id = system_id(number);
    let operator = pick(&mut random, &OPERATORS);
    let needs = [(); 3].map(|()| pick(&mut random, ProtectionNeed::ALL));
    let depends_on = (number > 0 && random.chance(10)).then(|| system_id(random.below(number as u64) as usize));
    let system = System {
        name: format!("{service} {shape} {number}"),
        aliases: Vec::new(),
        agency: tree.id(agency),
        purpose: format!("{service} matters of {}", FIELDS[tree.top(agency) % FIELDS.len()]),
        operator: operator.to_owned(),
        supplier: format!("Supplier {:02}", random.below(60)),
        support: if random.chance(70) { format!("{operator}, patches within 14 days") } else { String::new() },
        contact: if random.chance(80) { format!("{id}@nation.example") } else { String::new() },
        confidentiality: needs[0],
        integrity: needs[1],
        availability: needs[2],
        exposure: pick(&mut random, Exposure::ALL),
        classification: classification(&mut random),
        status: if random.chance(RETIRED_PERCENT) && number >= SMALL {
            SystemStatus::Retired
        } else {
            SystemStatus::Active
        },
        depends_on: depends_on.into_iter().collect(),
        compartments: Vec::new(),
        id: id.clone(),
    };
    let mut deployments = vec![deployment(&id, "production", system.exposure)];
    if random.chance(25) {
        deployments.push(deployment(&id, "test", Exposure::Internal));
    }
    (system, deployments)
}

/// Most is internal, little is secret.
fn classification(random: &mut Seeded) -> Classification {
    match random.below(100) {
        0..15 => Classification::Public,
        15..85 => Classification::Internal,
        85..95 => Classification::Restricted,
        95..99 => Classification::Confidential,
        _ => Classification::Secret,
    }
}

fn deployment(system: &SystemId, name: &str, exposure: Exposure) -> Deployment {
    Deployment {
        id: DeploymentId(name.to_owned()),
        system: system.clone(),
        name: name.to_owned(),
        environment: name.to_owned(),
        location: String::new(),
        exposure,
    }
}

fn pick<T: Copy>(random: &mut Seeded, list: &[T]) -> T {
    list[random.below(list.len() as u64) as usize % list.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_has_three_levels_and_every_parent_comes_first() {
        for systems in [1, 200, 60_000, 1_000_000] {
            let tree = Tree::of(systems);
            let mut levels = std::collections::BTreeSet::new();
            for number in 0..tree.len() {
                let mut depth = 1;
                let mut above = number;
                while let Some(parent) = tree.parent(above) {
                    assert!(parent < above, "{systems}: {parent} is above {above}");
                    above = parent;
                    depth += 1;
                }
                levels.insert(depth);
            }
            assert_eq!(levels.into_iter().collect::<Vec<_>>(), [1, 2, 3], "{systems}");
        }
        assert_eq!(Tree::of(60_000).len(), 400);
    }

    #[test]
    fn a_seed_always_makes_the_same_system_and_another_seed_another() {
        let tree = Tree::of(60_000);
        assert_eq!(system(tree, 7, 123), system(tree, 7, 123));
        assert_ne!(system(tree, 7, 123).0, system(tree, 8, 123).0);
    }
}
