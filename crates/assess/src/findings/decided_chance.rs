// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Decisions and statements by chance.

use underpin_model::Timestamp;
use underpin_model::registry::{AgencyId, SystemId};
use underpin_model::watch::{Decision, DecisionId, Justification, Place, Status};

use super::Artefacts;
use super::chance::{Chance, PACKAGES};
use super::decided::{Ignored, Said, Within};
use super::effects::World;

const STATUSES: [Status; 5] =
    [Status::NotAffected, Status::NotAffected, Status::Fixed, Status::Affected, Status::UnderInvestigation];
/// Digests and names of the artefacts: two are builds of one name, one has no name at all.
pub const ARTEFACTS: [&[&str]; 5] = [&["sha256:01", "web"], &["sha256:02", "web"], &["batch"], &["sha256:03"], &[]];
const CALLED: [&str; 5] = ["web", "batch", "sha256:01", "sha256:03", "elsewhere"];
const VERSIONS: [&str; 7] = ["", "", "", "1.1", "1.2", "vers:npm/>=1.1|<1.3", "before 3"];
const NAMES: [&str; 9] = [
    "CVE-2024-0000",
    "cve-2024-0001",
    "GHSA-0",
    "GHSA-1",
    "ghsa-2",
    "CVE-2024-0003",
    "GHSA-4",
    "CVE-2024-0005",
    "CVE-1999-1",
];

fn package(chance: &mut Chance, world: &World) -> String {
    match chance.below(5) {
        0 => chance.pick(&PACKAGES).to_owned(),
        1 => "pkg:deb/debian/gamma?distro=debian-12".to_owned(),
        2 | 3 if !world.parts.versions.is_empty() => {
            let text = world.parts.version_texts.get(chance.below(world.parts.versions.len()) as u32);
            let bare = text.split('?').next().unwrap_or_default();
            if chance.once_in(2) { text } else { bare }.to_owned()
        }
        _ => String::new(),
    }
}

fn justification(chance: &mut Chance) -> Option<Justification> {
    chance.maybe(2, |chance| chance.pick(Justification::ALL))
}

fn moment(chance: &mut Chance) -> Timestamp {
    Timestamp(chance.below(12) as i64)
}

fn decision(chance: &mut Chance, world: &World, id: i64) -> Decision {
    let system = SystemId(format!("s{}", chance.below(world.parts.systems.len() + 1)));
    let place = match chance.below(6) {
        0 => Place::Government,
        1 | 2 => Place::Agency(AgencyId(format!("a{}", chance.below(world.parts.agencies.len() + 1)))),
        3 => Place::Artefact { system, artefact: chance.pick(&CALLED).to_owned() },
        _ => Place::System(system),
    };
    Decision {
        id: DecisionId(id),
        vulnerability: chance.pick(&NAMES).to_owned(),
        package: package(chance, world),
        place,
        status: chance.pick(&STATUSES),
        justification: justification(chance),
        reason: String::new(),
        action: String::new(),
        author: String::new(),
        agency: None,
        origin: String::new(),
        valid_from: Timestamp(chance.below(6) as i64),
        review: None,
        expires: chance.maybe(4, moment),
        recorded: Timestamp(chance.below(5) as i64),
        needs_approval: chance.once_in(6),
        approved: chance.maybe(2, |chance| (String::new(), moment(chance))),
        withdrawn: chance.maybe(5, |chance| (String::new(), moment(chance), String::new())),
    }
}

pub fn decisions(chance: &mut Chance, world: &World) -> Vec<Decision> {
    (0..chance.below(50) as i64).map(|id| decision(chance, world, id)).collect()
}

/// Texts that statements borrow.
pub fn packages(chance: &mut Chance, world: &World) -> Vec<String> {
    let mut packages: Vec<String> = (0..chance.below(16)).map(|_| package(chance, world)).collect();
    packages.push("pkg:deb/debian/gamma?arch=amd64".to_owned());
    packages
}

pub fn statements<'a>(chance: &mut Chance, packages: &'a [String]) -> Vec<Said<'a>> {
    let said = |package: &'a String| Said {
        author: chance.below(3) as u32,
        vulnerabilities: vec![chance.pick(&NAMES)],
        package,
        versions: chance.pick(&VERSIONS),
        within: match chance.below(6) {
            0 => Within::Nowhere(Ignored::ProductNotHere),
            1..4 => Within::Artefacts(chance.some(ARTEFACTS.len(), 2).into_iter().rev().collect()),
            _ => Within::Anywhere,
        },
        status: chance.pick(&STATUSES),
        justification: justification(chance),
        said: moment(chance),
    };
    packages.iter().map(said).collect()
}

pub fn artefacts(chance: &mut Chance, world: &World) -> Artefacts {
    let mut artefacts = Artefacts::default();
    for names in ARTEFACTS {
        artefacts.add(names.iter().map(|name| (*name).to_owned()).collect());
    }
    for (system, uses) in world.uses.iter().enumerate() {
        for (version, _, _) in uses {
            for _ in 0..chance.below(4) {
                artefacts.note_use(system as u32, *version, chance.below(ARTEFACTS.len()) as u32);
            }
        }
    }
    artefacts
}
