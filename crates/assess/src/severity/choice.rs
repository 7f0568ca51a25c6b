// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Whose severity counts when several are given: the distribution's own for its packages (it built the package and knows the
//! effect there), else whoever assigned the CVE or keeps the ecosystem's database, then CISA, then NVD; among the statements
//! of one voice the newest system, and a distribution's own scale before a vector it passes on. The rest is kept, not mixed.

use underpin_model::watch::Severity;

use super::cvss::{self, Evaluated, System};
use super::words::{self, Rating};

/// Who speaks, the one closest to the package first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Voice {
    /// The distribution, about its own package.
    Distribution,
    /// Who assigned the CVE, or keeps the database of the ecosystem (GitHub, RustSec, …).
    Assigner,
    /// CISA's additions to CVE records.
    Cisa,
    /// NIST's National Vulnerability Database.
    Nvd,
    /// A distribution, about a package that is not its own.
    OtherDistribution,
}

impl Voice {
    /// All voices, the closest first.
    pub const ALL: [Self; 5] = [Self::Distribution, Self::Assigner, Self::Cisa, Self::Nvd, Self::OtherDistribution];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Distribution => "distribution",
            Self::Assigner => "assigner",
            Self::Cisa => "cisa",
            Self::Nvd => "nvd",
            Self::OtherDistribution => "other-distribution",
        }
    }

    /// The voice of who is named as the source of a severity (`nvd@nist.gov`, `CISA-ADP`, `GitHub_M`, …); empty is the record's
    /// own source, which is a distribution or an assigner.
    pub fn of(source: &str, record_is_of_distribution: bool) -> Self {
        let has = |part: &str| source.to_ascii_lowercase().contains(part);
        match () {
            () if has("nvd") || has("nist.gov") => Self::Nvd,
            () if has("cisa-adp") || has("cisa adp") || has("vulnrichment") => Self::Cisa,
            () if record_is_of_distribution => Self::Distribution,
            () => Self::Assigner,
        }
    }
}

/// A severity as given.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The statement.
    pub severity: &'a Severity<'a>,
    /// The feed of its record (`osv/Ubuntu`, `cve`), for the answer.
    pub feed: &'a str,
    /// Whether the record is a distribution's.
    pub is_of_distribution: bool,
}

/// The severity that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice<'a> {
    /// How bad.
    pub rating: Rating,
    /// Base score in tenths, where a vector was given.
    pub base_tenths: Option<u8>,
    /// The vector, evaluated, where one was given.
    pub evaluated: Option<Evaluated>,
    /// The source's own word or vector.
    pub value: &'a str,
    /// Its system or scale, as stated.
    pub system: &'a str,
    /// Who speaks.
    pub voice: Voice,
    /// Who exactly: the named source, else the feed.
    pub source: &'a str,
}

/// Evaluates a severity: a vector, or a word of a scale. Both unknown when it is neither.
pub fn evaluate(value: &str) -> (Rating, Option<Evaluated>) {
    if value.contains(':') {
        let evaluated = cvss::evaluate(value);
        return (evaluated.as_ref().map(Evaluated::rating).unwrap_or_default(), evaluated);
    }
    // A bare score (`7.5`) is rated by the scale of versions 3 and 4.
    match value.trim().parse::<f32>() {
        Ok(points) if (0.0..=10.0).contains(&points) => {
            (cvss::rating(System::V3_1, (points * 10.0).round() as u8), None)
        }
        _ => (words::rating(value), None),
    }
}

/// The severity that counts for a package; `None` when nothing readable is given.
pub fn choose<'a>(given: &[Given<'a>], package_is_of_distribution: bool) -> Option<Choice<'a>> {
    let choices = given.iter().filter_map(|one| {
        let (rating, evaluated) = evaluate(&one.severity.value);
        if rating == Rating::Unknown {
            return None;
        }
        let voice = match Voice::of(&one.severity.source, one.is_of_distribution) {
            Voice::Distribution if !package_is_of_distribution => Voice::OtherDistribution,
            voice => voice,
        };
        let source = if one.severity.source.is_empty() { one.feed } else { &one.severity.source };
        Some(Choice {
            rating,
            base_tenths: evaluated.as_ref().map(|evaluated| evaluated.base_tenths),
            evaluated,
            value: &one.severity.value,
            system: &one.severity.system,
            voice,
            source,
        })
    });
    // The first of the best stays, so that the order of the sources decides between equals, not chance.
    choices.min_by_key(Choice::rank)
}

impl Choice<'_> {
    /// The smaller, the sooner it counts.
    fn rank(&self) -> (Voice, u8, u8) {
        let system = match (&self.evaluated, self.voice) {
            // A distribution's own scale is its own judgement; a vector in its record is mostly passed on.
            (None, Voice::Distribution | Voice::OtherDistribution) => 0,
            (Some(evaluated), _) => 4 - evaluated.system as u8,
            (None, _) => 5,
        };
        // The worse of two statements of the same voice and system.
        (self.voice, system, u8::MAX - self.base_tenths.unwrap_or(self.rating as u8))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const V3: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
    const V4: &str = "CVSS:4.0/AV:L/AC:L/AT:N/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";

    fn chosen(rows: &[(&str, &str, &str, bool)], of_distribution: bool) -> Option<(Rating, Voice, String)> {
        let severities: Vec<Severity<'_>> = rows
            .iter()
            .map(|(system, value, source, _)| Severity {
                system: (*system).into(),
                value: (*value).into(),
                source: (*source).into(),
            })
            .collect();
        let given: Vec<Given<'_>> = severities
            .iter()
            .zip(rows)
            .map(|(severity, row)| Given { severity, feed: "feed", is_of_distribution: row.3 })
            .collect();
        choose(&given, of_distribution).map(|choice| (choice.rating, choice.voice, choice.source.to_owned()))
    }

    #[test]
    fn the_closest_voice_counts() {
        let all = [
            ("CVSS_V3", V3, "nvd@nist.gov", false),
            ("CVSS_V3", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N", "", false),
            ("CVSS_V4", V4, "", false),
            ("CVSS_V3", V3, "", true),
            ("Ubuntu", "low", "", true),
        ];
        assert_eq!(chosen(&all, true), Some((Rating::Low, Voice::Distribution, "feed".into())));
        assert_eq!(chosen(&all, false), Some((Rating::High, Voice::Assigner, "feed".into())), "the newest system");
        assert_eq!(chosen(&all[..1], false), Some((Rating::Critical, Voice::Nvd, "nvd@nist.gov".into())));
        assert_eq!(chosen(&all[4..], false), Some((Rating::Low, Voice::OtherDistribution, "feed".into())));
        assert_eq!(chosen(&[("Ubuntu", "untriaged", "", true), all[0]], true).map(|it| it.1), Some(Voice::Nvd));
        assert_eq!(chosen(&[("CVSS_V3", "nonsense", "", false)], false), None);
        assert_eq!(chosen(&[], true), None);
    }

    #[test]
    fn bare_scores_are_rated() {
        assert_eq!(evaluate("9.8").0, Rating::Critical);
        assert_eq!(evaluate("11").0, Rating::Unknown);
    }
}
