// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a CVSS vector comes to: versions 2, 3.0, 3.1 and 4.0 (first.org/cvss).
//!
//! Two scores: the base score, and the current one, where the vector says how mature exploitation is and whether there is a
//! fix (the temporal metrics of versions 2 and 3, the threat metric of version 4). Environmental metrics of a published
//! vector describe somebody else's environment and are left out.
//!
//! Vectors are read generously: any order, any case, brackets around, blanks, a slash too many, a metric twice with the same
//! value, metrics that nobody knows, and no prefix where the metrics tell the version. A base metric that is missing or has
//! an impossible value makes the whole vector unreadable: no score is better than an invented one.

use std::fmt::Write as _;

use cvss::{v2, v3, v4};

use super::words::Rating;

/// A version of CVSS, the newest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum System {
    /// Version 2.0.
    V2,
    /// Version 3.0.
    V3_0,
    /// Version 3.1.
    V3_1,
    /// Version 4.0.
    V4,
}

impl System {
    /// All versions, the newest last.
    pub const ALL: [Self; 4] = [Self::V2, Self::V3_0, Self::V3_1, Self::V4];

    /// The name for people: `CVSS 3.1`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V2 => "CVSS 2.0",
            Self::V3_0 => "CVSS 3.0",
            Self::V3_1 => "CVSS 3.1",
            Self::V4 => "CVSS 4.0",
        }
    }

    fn prefix(self) -> &'static str {
        match self {
            Self::V2 => "",
            Self::V3_0 => "CVSS:3.0",
            Self::V3_1 => "CVSS:3.1",
            Self::V4 => "CVSS:4.0",
        }
    }

    /// Metrics by name in the order of the standard: base first, then what makes it current. The rest is not evaluated.
    fn metrics(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::V2 => (&["AV", "AC", "Au", "C", "I", "A"], &["E", "RL", "RC"]),
            Self::V3_0 | Self::V3_1 => (&["AV", "AC", "PR", "UI", "S", "C", "I", "A"], &["E", "RL", "RC"]),
            Self::V4 => (&["AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA"], &["E"]),
        }
    }
}

/// What a vector comes to. Scores are tenths of a point, 0 to 100.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluated {
    /// Version of CVSS.
    pub system: System,
    /// Base score.
    pub base_tenths: u8,
    /// Score with maturity of exploitation and fix counted in, where the vector says anything of them.
    pub current_tenths: Option<u8>,
    /// The evaluated metrics in the standard's spelling and order.
    pub vector: String,
}

impl Evaluated {
    /// The word for the base score: the scale of the standard for versions 3 and 4, NIST's for version 2.
    pub fn rating(&self) -> Rating {
        rating(self.system, self.base_tenths)
    }
}

/// The word for a score in tenths: the scale of the standard for versions 3 and 4; NIST's for version 2, which knows neither
/// "none" nor "critical".
pub fn rating(system: System, tenths: u8) -> Rating {
    match (system, tenths) {
        (System::V2, 70..) => Rating::High,
        (System::V2, ..40) => Rating::Low,
        (_, 0) => Rating::None,
        (_, 1..40) => Rating::Low,
        (_, 40..70) => Rating::Medium,
        (_, 70..90) => Rating::High,
        (_, 90..) => Rating::Critical,
    }
}

/// Evaluates a vector; `None` when its version or a base metric cannot be told.
pub fn evaluate(text: &str) -> Option<Evaluated> {
    let parts = Parts::read(text)?;
    let system = parts.system()?;
    let (base_names, current_names) = system.metrics();
    let base = parts.written(system.prefix(), base_names, true)?;
    let base_tenths = score(system, &base, false)?;
    let current = parts.written(&base, current_names, false).filter(|whole| *whole != base);
    let current_tenths = current.as_deref().and_then(|whole| score(system, whole, true));
    let vector = current.filter(|_| current_tenths.is_some()).unwrap_or(base);
    Some(Evaluated { system, base_tenths, current_tenths, vector })
}

/// Score of a well-spelled vector in tenths.
fn score(system: System, vector: &str, current: bool) -> Option<u8> {
    let points = match system {
        System::V2 => {
            let vector: v2::Vector = vector.parse().ok()?;
            if current { vector.temporal_score().value() } else { vector.score().value() }
        }
        System::V3_0 | System::V3_1 => {
            let vector: v3::Vector = vector.parse().ok()?;
            if current { vector.temporal_score().value() } else { vector.base_score().value() }
        }
        System::V4 => vector.parse::<v4::Vector>().ok()?.score().value(),
    };
    let tenths = (points * 10.0).round().clamp(0.0, 100.0);
    // Between 0 and 100 after clamping; not a number becomes 0, which no readable vector gives.
    Some(tenths as u8)
}

/// Metrics as they stand in a text.
struct Parts<'t> {
    version: Option<&'t str>,
    metrics: Vec<(&'t str, &'t str)>,
}

impl<'t> Parts<'t> {
    /// Parts the text; `None` for text that is no row of metrics. `CVSS2#` is how feeds of NVD marked version 2.
    fn read(text: &'t str) -> Option<Self> {
        if text.len() > underpin_model::limits::bounds::VECTOR_BYTES {
            return None;
        }
        let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '"' | '/'));
        let text = text.strip_prefix("CVSS2#").unwrap_or(text);
        let mut parts = Self { version: None, metrics: Vec::new() };
        for piece in text.split('/').map(str::trim).filter(|piece| !piece.is_empty()) {
            let (name, value) = piece.split_once(':')?;
            let (name, value) = (name.trim(), value.trim());
            if name.eq_ignore_ascii_case("CVSS") {
                parts.version = Some(value);
            } else {
                parts.metrics.push((name, value));
            }
        }
        Some(parts)
    }

    fn has(&self, name: &str) -> bool {
        self.metrics.iter().any(|(own, _)| own.eq_ignore_ascii_case(name))
    }

    /// The version named, else the one that has these metrics. Between 3.0 and 3.1 the newer is taken: base scores of the two
    /// differ in rounding only.
    fn system(&self) -> Option<System> {
        match self.version {
            Some("2.0" | "2") => Some(System::V2),
            Some("3.0" | "3") => Some(System::V3_0),
            Some("3.1") => Some(System::V3_1),
            Some("4.0" | "4") => Some(System::V4),
            Some(_) => None,
            None if self.has("VC") => Some(System::V4),
            None if self.has("PR") => Some(System::V3_1),
            None if self.has("Au") => Some(System::V2),
            None => None,
        }
    }

    /// `start` and behind it the metrics of these names, well spelled. `None` when one is there twice with different values,
    /// or missing though it `must` be there.
    fn written(&self, start: &str, names: &[&str], must: bool) -> Option<String> {
        let mut written = start.to_owned();
        for name in names {
            let mut values =
                self.metrics.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value);
            let Some(value) = values.next() else {
                if must {
                    return None;
                }
                continue;
            };
            if values.any(|other| !other.eq_ignore_ascii_case(value)) {
                return None;
            }
            // "Not defined" says nothing.
            if !must && (value.eq_ignore_ascii_case("X") || value.eq_ignore_ascii_case("ND")) {
                continue;
            }
            let slash = if written.is_empty() { "" } else { "/" };
            write!(written, "{slash}{name}:{}", value.to_ascii_uppercase()).ok()?;
        }
        Some(written)
    }
}
