// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Tests of scores: CVSS versions 2, 3.0 and 3.1; version 4 (CSAF 2.1) only as far as its vector goes.

use cvss::{v2, v3, v4};
use hashbrown::HashSet;
use serde_json::Value;

use super::json::{step, text, texts};
use super::judge::Finding;
use super::metrics::{self, Metric};
use super::view::{View, in_status, scores};

type Findings = Option<Vec<Finding>>;

/// A score in a document.
struct Rating<'v> {
    place: String,
    key: &'static str,
    value: &'v Value,
    products: &'v Value,
}

/// A vector that can be read.
enum Vector {
    V2(v2::Vector),
    V3(v3::Vector),
    V4,
}

/// The whole scores of a document, each with its vulnerability's position.
fn ratings<'v>(view: &View<'v>) -> Vec<(usize, Rating<'v>)> {
    let mut ratings = Vec::new();
    for (position, vulnerability) in view.vulnerabilities.iter().enumerate() {
        for (place, score, content) in scores(vulnerability) {
            for key in ["cvss_v2", "cvss_v3", "cvss_v4"] {
                if let Some(value) = content.get(key) {
                    ratings.push((position, Rating { place: step(&place, key), key, value, products: score }));
                }
            }
        }
    }
    ratings
}

impl Rating<'_> {
    /// Version as stated; version 2 where the property says so.
    fn version(&self) -> &str {
        match (text(self.value, "version"), self.key) {
            ("", "cvss_v2") => "2.0",
            (stated, _) => stated,
        }
    }

    fn metrics(&self) -> &'static [Metric] {
        match self.key {
            "cvss_v2" => metrics::VERSION_2,
            "cvss_v3" => metrics::VERSION_3,
            _ => &[],
        }
    }

    /// The vector, if it is one of the stated version.
    fn vector(&self) -> Option<Vector> {
        let stated = text(self.value, "vectorString");
        match (self.key, self.version()) {
            ("cvss_v2", "2.0") => stated.parse().ok().map(Vector::V2),
            ("cvss_v3", version @ ("3.0" | "3.1")) => {
                let is_of_version = stated.strip_prefix("CVSS:")?.starts_with(version);
                stated.parse().ok().filter(|_| is_of_version).map(Vector::V3)
            }
            ("cvss_v4", "4.0") => stated.parse::<v4::Vector>().ok().map(|_| Vector::V4),
            _ => None,
        }
    }

    fn number(&self, key: &str) -> Option<f64> {
        self.value.get(key).and_then(Value::as_f64)
    }

    /// What a metric is: from the vector, else from its property.
    fn metric(&self, name: &str) -> Option<&str> {
        if let Some(value) = metrics::in_vector(text(self.value, "vectorString"), name) {
            return Some(value);
        }
        let (property, _, values) = self.metrics().iter().find(|(_, metric, _)| *metric == name)?;
        let word = text(self.value, property);
        values.iter().find(|(known, _)| *known == word).map(|(_, letter)| *letter)
    }

    /// What its version requires and does not find: property and reason.
    fn faults(&self) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        let required: &[&'static str] = match self.key {
            "cvss_v2" => &["version", "vectorString", "baseScore"],
            _ => &["version", "vectorString", "baseScore", "baseSeverity"],
        };
        let missing = required.iter().filter(|key| self.value.get(**key).is_none());
        faults.extend(missing.map(|key| (*key, "missing".to_owned())));
        if self.vector().is_none() && self.value.get("version").is_some() {
            faults.push(("vectorString", "no vector of this version".to_owned()));
        }
        for key in ["baseScore", "temporalScore", "environmentalScore", "threatScore"] {
            let is_wrong = |score: &Value| score.as_f64().is_none_or(|score| !(0.0..=10.0).contains(&score));
            if self.value.get(key).is_some_and(is_wrong) {
                faults.push((key, "no number from 0 to 10".to_owned()));
            }
        }
        for key in ["baseSeverity", "temporalSeverity", "environmentalSeverity", "threatSeverity"] {
            let word = self.value.get(key).map(|word| word.as_str().unwrap_or_default());
            if word.is_some_and(|word| !["NONE", "LOW", "MEDIUM", "HIGH", "CRITICAL"].contains(&word)) {
                faults.push((key, "no word of the scale".to_owned()));
            }
        }
        for (property, _, values) in self.metrics() {
            let word = self.value.get(*property).map(|word| word.as_str().unwrap_or_default());
            if word.is_some_and(|word| !values.iter().any(|(known, _)| *known == word)) {
                faults.push((property, "no value of the metric".to_owned()));
            }
        }
        faults
    }
}

/// 6.1.7
pub fn several_scores(view: &View<'_>) -> Findings {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for (position, rating) in ratings(view) {
        let source = text(rating.products, "source");
        for id in texts(rating.products, "products") {
            if !seen.insert((position, rating.version().to_owned(), source, id)) {
                found.push(Finding::new(&rating.place, id));
            }
        }
    }
    Some(found)
}

/// 6.1.8
pub fn invalid(view: &View<'_>) -> Findings {
    let mut found = Vec::new();
    for (_, rating) in ratings(view) {
        let faults = rating.faults().into_iter();
        found.extend(faults.map(|(key, reason)| Finding::new(step(&rating.place, key), reason)));
    }
    Some(found)
}

/// 6.1.9
pub fn wrongly_computed(view: &View<'_>) -> Findings {
    let mut found = Vec::new();
    for (_, rating) in ratings(view) {
        let Some(vector) = rating.vector() else { continue };
        let (scores, has_words) = match vector {
            Vector::V2(vector) => {
                let [base, temporal] = [vector.score(), vector.temporal_score()].map(v2::Score::value);
                ([base, temporal, vector.environmental_score().value()], false)
            }
            Vector::V3(vector) => {
                let [base, temporal] = [vector.base_score(), vector.temporal_score()].map(v3::Score::value);
                ([base, temporal, vector.environmental_score().value()], true)
            }
            Vector::V4 => continue,
        };
        for (kind, score) in ["base", "temporal", "environmental"].into_iter().zip(scores) {
            let is_other = |stated: f64| (stated - score).abs() > 0.01;
            let key = format!("{kind}Score");
            if rating.number(&key).is_some_and(is_other) {
                found.push(Finding::new(step(&rating.place, &key), format!("{score:.1} by the vector")));
            }
            let key = format!("{kind}Severity");
            let stated = text(rating.value, &key);
            if has_words && !stated.is_empty() && stated != word(score) {
                found.push(Finding::new(step(&rating.place, &key), format!("{} by the vector", word(score))));
            }
        }
    }
    Some(found)
}

/// The word of version 3 for a score.
fn word(score: f64) -> &'static str {
    match score {
        score if score < 0.05 => "NONE",
        score if score < 3.95 => "LOW",
        score if score < 6.95 => "MEDIUM",
        score if score < 8.95 => "HIGH",
        _ => "CRITICAL",
    }
}

/// 6.1.10: a metric that the vector does not give contradicts nothing.
pub fn inconsistent(view: &View<'_>) -> Findings {
    let mut found = Vec::new();
    for (_, rating) in ratings(view) {
        let vector = text(rating.value, "vectorString");
        for (property, name, values) in rating.metrics() {
            let word = text(rating.value, property);
            let letter = values.iter().find(|(known, _)| *known == word).map(|(_, letter)| *letter);
            let in_vector = metrics::in_vector(vector, name);
            if letter.zip(in_vector).is_some_and(|(letter, in_vector)| letter != in_vector) {
                found.push(Finding::new(step(&rating.place, property), format!("the vector says {name}")));
            }
        }
    }
    Some(found)
}

/// 6.2.3
pub fn missing(view: &View<'_>) -> Findings {
    let mut found = Vec::new();
    for vulnerability in &view.vulnerabilities {
        let scores = scores(vulnerability);
        let scored: HashSet<_> = scores.iter().flat_map(|(_, score, _)| texts(score, "products")).collect();
        let affected = in_status(vulnerability, &["first_affected", "known_affected", "last_affected"]);
        let without = affected.into_iter().filter(|(id, _)| !scored.contains(id));
        found.extend(without.map(|(id, place)| Finding::new(place, id)));
    }
    Some(found)
}

/// 6.2.19
pub fn fixed_products(view: &View<'_>) -> Findings {
    let mut found = Vec::new();
    for (position, rating) in ratings(view) {
        let Some(vulnerability) = view.vulnerabilities.get(position) else { continue };
        let fixed: HashSet<_> =
            in_status(vulnerability, &["first_fixed", "fixed"]).into_iter().map(|(id, _)| id).collect();
        let is_fixed = texts(rating.products, "products").any(|id| fixed.contains(id));
        if is_fixed && !has_no_effect(&rating) {
            found.push(Finding::new(&rating.place, "the environmental score is not 0"));
        }
    }
    Some(found)
}

/// Whether the environmental score is 0: no target, or no impact.
fn has_no_effect(rating: &Rating<'_>) -> bool {
    if rating.number("environmentalScore") == Some(0.0) {
        return true;
    }
    let is_none = |name: &str| rating.metric(name) == Some("N");
    if rating.key == "cvss_v2" {
        return is_none("TD");
    }
    [("MC", "C"), ("MI", "I"), ("MA", "A")].into_iter().all(|(modified, base)| match rating.metric(modified) {
        None | Some("X") => is_none(base),
        Some(value) => value == "N",
    })
}

/// 6.3.1
pub fn only_version_2(view: &View<'_>) -> Findings {
    let mut found = Vec::new();
    for vulnerability in &view.vulnerabilities {
        let scores = scores(vulnerability).into_iter();
        let old = scores.filter(|(_, _, content)| {
            content.get("cvss_v2").is_some() && content.get("cvss_v3").is_none() && content.get("cvss_v4").is_none()
        });
        found.extend(old.map(|(place, _, _)| Finding::new(place, "only version 2")));
    }
    Some(found)
}

/// 6.3.2
pub fn version_3_0(view: &View<'_>) -> Findings {
    let ratings = ratings(view).into_iter();
    let old = ratings.filter(|(_, rating)| rating.key == "cvss_v3" && rating.version() == "3.0");
    Some(old.map(|(_, rating)| Finding::new(rating.place, "version 3.0")).collect())
}
