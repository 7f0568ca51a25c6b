// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The shared parts of the templates with made-up content, for `/_design`. Nothing of it is about anybody.

use underpin_model::registry::AgencyId;
use underpin_model::{Coverage, Timestamp};
use underpin_office::elsewhere::{Elsewhere, SafeTotal};
use underpin_render::book::{self, Section};
use underpin_render::text;

use super::design_pictures::{AGENCIES, MOMENT};
use super::incident_rows::Part;
use super::incident_view::{Notice, TaskView};
use crate::forms::{Faults, Told};
use crate::frame::Frame;
use crate::pager::Pager;

/// A package that is another one than before.
pub struct DifferenceSample {
    pub package: &'static str,
    pub change: &'static str,
    pub from: Vec<&'static str>,
    pub to: Vec<&'static str>,
}

/// An agency with its coverage.
pub struct AgencySample {
    pub agency: AgencyId,
    pub name: &'static str,
    pub with_below: Coverage,
}

/// A finding.
pub struct FindingSample {
    pub priority: &'static str,
    pub severity: &'static str,
    pub severity_score: Option<&'static str>,
    pub status: &'static str,
    pub vulnerability: &'static str,
    pub package: &'static str,
    pub system: &'static str,
    pub tlp: Option<&'static str>,
    pub exploited: Vec<&'static str>,
}

/// A use of a package.
pub struct UseSample {
    pub agency: &'static str,
    pub agency_name: &'static str,
    pub system: &'static str,
    pub system_name: &'static str,
    pub package: &'static str,
    pub version: &'static str,
}

/// An answer with uses that cannot be decided.
pub struct UndecidedSample {
    pub undecided_rows: Vec<UseSample>,
}

/// An incident in a list.
pub struct IncidentSample {
    pub id: &'static str,
    pub title: &'static str,
    pub about: &'static str,
    pub step: &'static str,
    pub opened: Timestamp,
    pub closed: Option<Timestamp>,
    pub target: Option<Timestamp>,
    pub is_late: bool,
    pub is_drill: bool,
}

/// A bar with its parts.
pub struct BarSample {
    pub name: &'static str,
    pub parts: Vec<Part>,
}

/// All samples.
pub struct Samples {
    /// A number of systems.
    pub systems: u64,
    /// What an answer covers; nothing is stale.
    pub covered: Coverage,
    pub uses: Vec<UseSample>,
    pub undecided: UndecidedSample,
    /// Undecided uses that are shown.
    pub shown: usize,
    pub agencies: Vec<(usize, AgencySample)>,
    pub differences: Vec<DifferenceSample>,
    pub findings: Vec<FindingSample>,
    pub contents: Vec<Section>,
    pub current: String,
    pub faults: Faults,
    /// A page in the middle, with both ways.
    pub pager: Pager,
    pub elsewhere: Vec<Elsewhere>,
    pub notices: Vec<Notice>,
    pub tasks: Vec<TaskView>,
    /// Numbers of tasks that are ticked.
    pub chosen: Vec<i64>,
    pub incidents: Vec<IncidentSample>,
    pub bars: Vec<BarSample>,
}

impl Samples {
    /// All of them, in the reader's language.
    pub fn new(frame: &Frame) -> Self {
        let elsewhere = |systems, known| Elsewhere { systems, known };
        Self {
            systems: 7,
            covered: Coverage { known: 24, blind: 16, stale: 0, unknown: 5, declared: 0 },
            uses: vec![a_use("1.4.0"), a_use("")],
            undecided: UndecidedSample { undecided_rows: vec![a_use("latest"), a_use("")] },
            shown: 1,
            agencies: agencies(),
            differences: differences(),
            findings: findings(),
            contents: book::contents().into_iter().take(2).collect(),
            current: "introduction".to_owned(),
            faults: Faults::told(frame, &[("wrong", "design-field-fault")]),
            pager: Pager::new(frame, 2, 120, 50),
            elsewhere: vec![
                elsewhere(SafeTotal::About(120), SafeTotal::Withheld),
                elsewhere(SafeTotal::About(0), SafeTotal::Nothing),
            ],
            notices: notices(frame),
            tasks: tasks(frame),
            chosen: vec![2],
            incidents: incidents(),
            bars: bars(),
        }
    }
}

fn agencies() -> Vec<(usize, AgencySample)> {
    let sample = |(depth, (name, count)): (usize, &(&'static str, u64))| {
        let with_below =
            Coverage { known: *count, blind: count / 2, stale: count / 3, unknown: count / 4, declared: 0 };
        (depth, AgencySample { agency: AgencyId(format!("a{depth}")), name, with_below })
    };
    AGENCIES.iter().enumerate().map(sample).collect()
}

fn a_use(version: &'static str) -> UseSample {
    UseSample {
        agency: "treasury",
        agency_name: "Treasury",
        system: "portal",
        system_name: "Portal",
        package: "pkg:npm/%40example/a-very-long-name-of-a-package-that-must-break",
        version,
    }
}

fn differences() -> Vec<DifferenceSample> {
    let sample = |change, from: &[&'static str], to: &[&'static str]| DifferenceSample {
        package: "pkg:npm/%40example/a-very-long-name-of-a-package-that-must-break",
        change,
        from: from.to_vec(),
        to: to.to_vec(),
    };
    vec![
        sample("added", &[], &["1.0.0"]),
        sample("removed", &["1.0.0", "1.0.1"], &[]),
        sample("changed", &["1.0.0"], &["2.0.0-rc.1"]),
    ]
}

fn findings() -> Vec<FindingSample> {
    let sample = |(priority, severity, severity_score), status, tlp, exploited: &[&'static str]| FindingSample {
        priority,
        severity,
        severity_score,
        status,
        vulnerability: "CVE-2099-0001",
        package: "pkg:npm/%40example/a-very-long-name-of-a-package-that-must-break@1.0.0",
        system: "portal",
        tlp,
        exploited: exploited.to_vec(),
    };
    vec![
        sample(("act-now", "critical", Some("9.8")), "open", Some("amber"), &["kev"]),
        sample(("soon", "high", Some("7.5")), "under-investigation", None, &[]),
        sample(("planned", "medium", None), "fixed", None, &[]),
        sample(("watch", "unknown", None), "not-affected", None, &[]),
    ]
}

/// What is told above a page: something done, something wrong (ours and the office's words), something changed by somebody else.
fn notices(frame: &Frame) -> Vec<Notice> {
    let english = Told { words: "the reason is longer than 4000 letters".to_owned(), language: "en" };
    let mut conflict = Notice::default();
    conflict.differs(frame.t("task-due"), "2099-03-05".to_owned(), "2099-03-06".to_owned());
    vec![
        Notice::done("task"),
        Notice::fault("wrong", frame.t("incident-fault-title")),
        Notice::fault("", english),
        conflict,
    ]
}

fn tasks(frame: &Frame) -> Vec<TaskView> {
    let sample = |(number, state, owner): (i64, &'static str, &str)| TaskView {
        id: format!("T{number}"),
        number,
        title: format!("{}: portal", frame.t("task-kind-fix")),
        place: "portal".to_owned(),
        place_href: if number % 2 == 0 { String::new() } else { "/_design".to_owned() },
        owner: Some(owner.to_owned()).filter(|owner| !owner.is_empty()),
        due: (number != 3).then_some(MOMENT),
        is_late: number == 1,
        is_open: !matches!(state, "done" | "verified"),
        state,
        incident: (number < 4).then(|| ("I1".to_owned(), text(frame.language, "incident", &[]))),
        round: (number == 4).then(|| "R1".to_owned()),
        is_drill: number == 2,
    };
    let states = [
        (1, "open", ""),
        (2, "acknowledged", "ada"),
        (3, "in-progress", "ada"),
        (4, "done", "ada"),
        (5, "verified", "ada"),
        (6, "cannot-because", "ada"),
    ];
    states.into_iter().map(sample).collect()
}

fn incidents() -> Vec<IncidentSample> {
    let sample = |id, title, (is_late, is_drill): (bool, bool), closed| IncidentSample {
        id,
        title,
        about: "pkg:npm/example",
        step: "fix",
        opened: MOMENT,
        closed,
        target: (!is_drill).then_some(MOMENT),
        is_late,
        is_drill,
    };
    vec![
        sample("I1", "An old library", (true, false), None),
        sample("I2", "A practice", (false, true), None),
        sample("I3", "Over", (false, false), Some(MOMENT)),
    ]
}

fn bars() -> Vec<BarSample> {
    let bar = |name, lengths: [u64; 4]| {
        let mut from = 0;
        let words = ["hit", "fixed", "accepted", "blind"];
        let part = |(word, width): (&'static str, u64)| {
            let part = Part { word, from, width };
            from += width;
            part
        };
        BarSample { name, parts: words.into_iter().zip(lengths).map(part).collect() }
    };
    vec![bar("Treasury", [40, 30, 20, 10]), bar("Archive", [0, 100, 0, 0]), bar("Nobody", [0, 0, 0, 0])]
}
