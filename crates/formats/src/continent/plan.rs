// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which documents a system of a continent has: how many, of which size, how old, and what they are about. The documents of a
//! system are the same however many systems there are.

use underpin_model::Timestamp;

use super::corpus;
use super::world::{About, Kind, stream, weighted, within};
use crate::simulated::Seeded;

/// The moment at which the clock of a continent stands: 2026-06-01T00:00:00Z.
pub const CLOCK: Timestamp = Timestamp(1_780_272_000_000_000);

/// Of a hundred systems, those nobody handed in anything for.
const UNKNOWN_PERCENT: u64 = 3;
/// Of a hundred systems, those whose evidence is old.
const STALE_PERCENT: u64 = 9;
/// Of a hundred documents, those that replaced an older one.
const REPLACED_PERCENT: u64 = 5;
/// Of a hundred documents, those about the production deployment only.
const DEPLOYMENT_PERCENT: u64 = 30;
/// Artefacts of a system: as many as make a thousand uses, for a document of the corpus has 168 of them.
const ARTEFACTS: u64 = 11;
/// Images of each operating system that artefacts are made from; the first ones more often.
const IMAGES: u64 = 512;

/// A document to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Seed of the continent.
    pub seed: u64,
    /// Number of the system.
    pub system: u64,
    /// Number of the artefact in its system.
    pub part: u8,
    /// 0 for the one that was replaced, else 1.
    pub edition: u8,
    /// Distinct package versions, the artefact's own among them.
    pub uses: u32,
    /// Operating system of the image it is made from, with the number of the image.
    pub image: Option<(Kind, u64)>,
    /// Package versions that come with the image.
    pub image_uses: u32,
    /// When it says it was made.
    pub created: Timestamp,
    /// Whether it is about the production deployment only.
    pub production_only: bool,
    /// Whether a newer one of the same tool about the same artefact is there.
    pub is_replaced: bool,
}

/// The documents of one system, each artefact's older one first.
pub fn documents(seed: u64, system: u64) -> Vec<Planned> {
    let mut random = stream(About::System, [seed, system, 0]);
    if random.chance(UNKNOWN_PERCENT) {
        return Vec::new();
    }
    let is_stale = random.chance(STALE_PERCENT);
    let mut planned = Vec::new();
    for part in 0..=random.below(ARTEFACTS) as u8 {
        let (image, uses) = image_and_size(&mut random);
        let image_uses = image_uses(&mut random, image, uses);
        let age_days = if is_stale { 91 + random.below(600) } else { random.below(85) };
        let document = Planned {
            seed,
            system,
            part,
            edition: 1,
            uses,
            image,
            image_uses,
            created: days_before(CLOCK, age_days),
            production_only: random.chance(DEPLOYMENT_PERCENT),
            is_replaced: false,
        };
        if random.chance(REPLACED_PERCENT) {
            let created = days_before(document.created, 30 + random.below(200));
            planned.push(Planned { edition: 0, created, is_replaced: true, ..document.clone() });
        }
        planned.push(document);
    }
    planned
}

fn image_and_size(random: &mut Seeded) -> (Option<(Kind, u64)>, u32) {
    let place = weighted(random, corpus::DOCUMENTS_BY_SYSTEM.iter().copied());
    let kind = place.checked_sub(1).and_then(|place| Kind::SYSTEMS.get(place).copied());
    let sizes = match kind {
        None => &corpus::SIZES_WITHOUT_SYSTEM,
        Some(Kind::Alpine) => &corpus::SIZES_WITH_APK,
        Some(Kind::RedHat) => &corpus::SIZES_WITH_RPM,
        Some(_) => &corpus::SIZES_WITH_DEB,
    };
    let uses = within(random, sizes) as u32;
    let widest = 1 + random.below(IMAGES);
    (kind.map(|kind| (kind, random.below(widest))), uses)
}

fn image_uses(random: &mut Seeded, image: Option<(Kind, u64)>, uses: u32) -> u32 {
    let share = within(random, &corpus::SYSTEM_SHARES);
    let Some((kind, _)) = image else { return 0 };
    let wanted = (u64::from(uses.saturating_sub(1)) * share).div_ceil(1_000);
    (wanted as u32).min(drawable(kind))
}

/// Packages of an ecosystem that one document can have: drawing the last ones takes too long.
pub(super) fn drawable(kind: Kind) -> u32 {
    kind.popularity().packages / 4 * 3
}

fn days_before(moment: Timestamp, days: u64) -> Timestamp {
    let days = i64::try_from(days).unwrap_or(i64::MAX);
    Timestamp(moment.0.saturating_sub(days.saturating_mul(Timestamp::DAY_US)))
}

impl Planned {
    /// What the document is about.
    pub fn subject(&self) -> String {
        format!("system-{:06}/part-{:02}", self.system, self.part)
    }

    /// The tool that made it.
    pub fn tool(&self) -> &'static str {
        const TOOLS: [&str; 4] = ["sim-scanner", "sim-builder", "sim-lister", "sim-packer"];
        TOOLS[usize::from(self.part) % TOOLS.len()]
    }

    /// The release of the operating system of its image; empty where it has none.
    pub fn distribution(&self) -> &'static str {
        let Some((kind, _)) = self.image else { return "" };
        kind.releases().get(usize::from(self.release())).copied().unwrap_or_default()
    }

    pub(super) fn release(&self) -> u8 {
        self.image.map_or(0, |(kind, image)| (image % kind.releases().len() as u64) as u8)
    }
}
