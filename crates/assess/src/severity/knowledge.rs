// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is known of a vulnerability beyond who has it: exploitation (KEV, EUVD), likelihood (EPSS), SSVC, severities, title.
//!
//! All of it for all vulnerabilities lies in one block of columns ([`super::block`]), sorted by CVE number, made by
//! [`super::compile::KnowledgeCompiler`]. It is derived: it can be deleted and made again. Lookups read it in place.

use underpin_model::Timestamp;
use underpin_model::watch::cve::{Exploitation, Ssvc};

use super::block::{Block, Column, Damaged};
use super::choice::Voice;
use super::cvss::System;
use super::priority::VulnerabilityFacts;
use super::words::Rating;

/// Which list says that a vulnerability is exploited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ExploitedList {
    /// Known Exploited Vulnerabilities of CISA (United States).
    Kev,
    /// The exploited vulnerabilities in ENISA's European Vulnerability Database.
    Euvd,
}

impl ExploitedList {
    /// The stable word, which is the name of the feed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kev => "kev",
            Self::Euvd => "euvd",
        }
    }
}

/// An entry of a list of exploited vulnerabilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listing<'k> {
    /// Which list.
    pub list: ExploitedList,
    /// Since when.
    pub added: Option<Timestamp>,
    /// Until when agencies of the United States must have acted (BOD 22-01). It binds nobody else.
    pub due: Option<Timestamp>,
    /// Whether ransomware uses it; `None` when not known.
    pub ransomware: Option<bool>,
    /// Name, as stated.
    pub name: &'k str,
    /// Vendor and product, as stated.
    pub product: &'k str,
    /// What the list says should be done.
    pub action: &'k str,
}

/// How likely exploitation within 30 days is (EPSS).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Odds {
    /// Probability, 0 to 1.
    pub score: f32,
    /// Share of vulnerabilities with the same or a lower score, 0 to 1.
    pub percentile: f32,
}

/// A severity of a CVE record, evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rated<'k> {
    /// How bad.
    pub rating: Rating,
    /// Version of CVSS, where it is a vector.
    pub system: Option<System>,
    /// Base score in tenths, where it is a vector.
    pub base_tenths: Option<u8>,
    /// Score with exploitation and fix counted in, in tenths.
    pub current_tenths: Option<u8>,
    /// Vector or word, as stated.
    pub value: &'k str,
    /// Who speaks.
    pub voice: Voice,
    /// Who exactly, as stated.
    pub source: &'k str,
}

/// Exploitation, likelihood and facts of vulnerabilities. See the module.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Knowledge {
    pub(super) block: Block,
}

impl Knowledge {
    /// Reads what [`Knowledge::to_bytes`] wrote.
    ///
    /// # Errors
    /// When the bytes are cut, changed or of another format. The block is derived, so the answer is to make it again.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Damaged> {
        Block::from_bytes(bytes).map(|block| Self { block })
    }

    /// The block as bytes, with a check sum.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.block.to_bytes()
    }

    /// Number of vulnerabilities of which something is known.
    pub fn len(&self) -> usize {
        self.block.rows()
    }

    /// True when nothing is known at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes that it takes in memory.
    pub fn memory_bytes(&self) -> usize {
        self.block.memory_bytes()
    }

    /// The day of the likelihoods.
    pub fn likelihood_date(&self) -> Option<Timestamp> {
        moment(self.block.likelihood_date())
    }

    /// Whether any list of exploited vulnerabilities was put in: only then does not being listed mean anything.
    pub fn has_lists(&self) -> bool {
        self.block.has_lists()
    }

    /// What is known under one name, in any case.
    pub fn get(&self, name: &str) -> Option<Known<'_>> {
        let row = match CveNumber::parse(name) {
            Some(number) => self.block.find_number(number.0)?,
            None => self.block.find_name(&name.to_ascii_uppercase())?,
        };
        Some(Known { block: &self.block, row })
    }

    /// What all names of a vulnerability (its own, its aliases, and what it was made from) say together about its use: the
    /// worst that is known under any of them. Severity is left unknown: it is chosen per package ([`super::choose`]).
    pub fn facts<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> VulnerabilityFacts {
        let mut facts =
            VulnerabilityFacts { is_listed: self.has_lists().then_some(false), ..VulnerabilityFacts::default() };
        for known in names.into_iter().filter_map(|name| self.get(name)) {
            for listing in known.listings() {
                // The first entry is taken as it is; an unknown of a later one makes a "no" unknown again.
                let is_first = facts.is_listed != Some(true);
                facts.ransomware =
                    if is_first { listing.ransomware } else { worse(facts.ransomware, listing.ransomware) };
                facts.is_listed = Some(true);
            }
            if let Some(odds) = known.odds() {
                facts.likelihood = Some(facts.likelihood.unwrap_or_default().max(odds.score));
            }
            facts.ssvc = match (facts.ssvc, known.ssvc()) {
                (Some(a), Some(b)) => Some(Ssvc {
                    exploitation: a.exploitation.max(b.exploitation),
                    automatable: worse(a.automatable, b.automatable),
                    total_impact: worse(a.total_impact, b.total_impact),
                    judged: a.judged.max(b.judged),
                }),
                (a, b) => a.or(b),
            };
        }
        facts
    }
}

/// Yes if any says so; else unknown if any is; else no.
fn worse(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

/// What is known of one vulnerability. Reads from the block when asked.
#[derive(Clone, Copy, Debug)]
pub struct Known<'k> {
    block: &'k Block,
    row: usize,
}

impl<'k> Known<'k> {
    fn flags(&self) -> Flags {
        Flags(self.block.value(Column::Flags, self.row).unwrap_or_default())
    }

    /// Whether a CVE record says that the number names no flaw.
    pub fn is_rejected(&self) -> bool {
        self.flags().has(Flags::REJECTED)
    }

    /// Whether a CVE record was put in.
    pub fn has_record(&self) -> bool {
        self.flags().has(Flags::RECORD)
    }

    /// Title of the CVE record, cut where it was long: hostile text.
    pub fn title(&self) -> &'k str {
        self.block.text(self.block.value(Column::Title, self.row))
    }

    /// How likely exploitation is.
    pub fn odds(&self) -> Option<Odds> {
        let value = |column| self.block.value(column, self.row).map(f32::from_bits).filter(|number| number.is_finite());
        Some(Odds { score: value(Column::Score)?, percentile: value(Column::Percentile)? })
    }

    /// What CISA's categorisation says.
    pub fn ssvc(&self) -> Option<Ssvc> {
        let judged = moment(self.block.value(Column::Judged, self.row));
        self.flags().ssvc(judged)
    }

    /// The lists that have it.
    pub fn listings(&self) -> impl Iterator<Item = Listing<'k>> + use<'k> {
        let block = self.block;
        block.listings(self.row).filter_map(move |words| {
            let &[kind, added, due, name, product, action] = words else { return None };
            Some(Listing {
                list: if kind & 1 == 0 { ExploitedList::Kev } else { ExploitedList::Euvd },
                added: moment(Some(added)),
                due: moment(Some(due)),
                ransomware: three(kind >> 1),
                name: block.text(Some(name)),
                product: block.text(Some(product)),
                action: block.text(Some(action)),
            })
        })
    }

    /// Severities of the CVE record, one a voice, the closest voice first.
    pub fn ratings(&self) -> impl Iterator<Item = Rated<'k>> + use<'k> {
        let block = self.block;
        block.ratings(self.row).filter_map(move |words| {
            let &[packed, value, source] = words else { return None };
            let byte = |shift: u32| (packed >> shift) & 0xff;
            let tenths = |shift: u32| u8::try_from(byte(shift)).ok().filter(|tenths| *tenths != u8::MAX);
            Some(Rated {
                rating: Rating::of_number(packed & 0xf),
                voice: usize::try_from((packed >> 4) & 0xf).ok().and_then(|at| Voice::ALL.get(at)).copied()?,
                system: usize::try_from(byte(8)).ok().and_then(|at| System::ALL.get(at)).copied(),
                base_tenths: tenths(16),
                current_tenths: tenths(24),
                value: block.text(Some(value)),
                source: block.text(Some(source)),
            })
        })
    }
}

/// A CVE number as one number that sorts like it: seven bits of year from 1990, 25 bits of number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct CveNumber(pub(super) u32);

impl CveNumber {
    const FIRST_YEAR: u32 = 1990;
    const NUMBER_BITS: u32 = 25;

    /// `CVE-2021-44228` in any case; `None` for other names, for spellings that no CVE number has, and beyond what fits.
    pub(super) fn parse(name: &str) -> Option<Self> {
        let name = name.trim().as_bytes();
        let (prefix, rest) = name.split_at_checked(4)?;
        let (year, rest) = rest.split_at_checked(4)?;
        let (dash, digits) = rest.split_first()?;
        let is_spelled = prefix.eq_ignore_ascii_case(b"CVE-")
            && *dash == b'-'
            && (4..=8).contains(&digits.len())
            && (digits.len() == 4 || digits.first() != Some(&b'0'));
        let number = |digits: &[u8]| {
            digits.iter().try_fold(0_u32, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
        };
        let (year, number) = (number(year)?.checked_sub(Self::FIRST_YEAR)?, number(digits)?);
        (is_spelled && year < 128 && number < 1 << Self::NUMBER_BITS)
            .then_some(Self(year << Self::NUMBER_BITS | number))
    }
}

/// What fits into bits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Flags(pub(super) u32);

impl Flags {
    pub(super) const REJECTED: u32 = 1;
    pub(super) const RECORD: u32 = 2;
    const SSVC: u32 = 4;

    pub(super) fn has(self, bit: u32) -> bool {
        self.0 & bit != 0
    }

    pub(super) fn set_ssvc(&mut self, ssvc: &Ssvc) {
        let exploitation =
            Exploitation::ALL.iter().position(|word| *word == ssvc.exploitation).unwrap_or_default() as u32;
        self.0 |= Self::SSVC | exploitation << 4 | bits(ssvc.automatable) << 8 | bits(ssvc.total_impact) << 10;
    }

    fn ssvc(self, judged: Option<Timestamp>) -> Option<Ssvc> {
        self.has(Self::SSVC).then(|| Ssvc {
            exploitation: Exploitation::ALL.get((self.0 >> 4 & 0xf) as usize).copied().unwrap_or_default(),
            automatable: three(self.0 >> 8),
            total_impact: three(self.0 >> 10),
            judged,
        })
    }
}

/// Two bits for three values.
pub(super) fn bits(value: Option<bool>) -> u32 {
    value.map_or(0, |value| 1 + u32::from(value))
}

/// Three values from the lowest two bits.
fn three(word: u32) -> Option<bool> {
    match word & 3 {
        1 => Some(false),
        2 => Some(true),
        _ => None,
    }
}

/// A moment as whole seconds; the largest word where not known, before 1970 or after 2106.
pub(super) fn seconds(moment: Option<Timestamp>) -> u32 {
    moment.and_then(|moment| u32::try_from(moment.0.div_euclid(1_000_000)).ok()).unwrap_or(u32::MAX)
}

fn moment(word: Option<u32>) -> Option<Timestamp> {
    word.filter(|word| *word != u32::MAX).map(|word| Timestamp::from_seconds(i64::from(word)))
}
