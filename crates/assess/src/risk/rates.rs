// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How often a project is believed to harm those who use it, and for how long: before anything is known of it, and after.
//!
//! A rate is a gamma distribution: `events` in `years`. What is known adds to both, as counts do (the conjugate prior of a Poisson
//! process, Gelman and others, Bayesian Data Analysis, section 2.6). Advisories are real counts. Signals are none: what each of them
//! is worth is judgement, stands in one table ([`WORTH`]) and is shown with every answer. What is not known adds nothing, so it leaves
//! the wide belief as it was; it never counts as zero.

use underpin_model::interventions::HarmCause;
use underpin_model::project_class::ClassReason;

use super::gamma::quantile;
use crate::planning::loss::{ByCause, CAUSES};
use crate::planning::numbers::Numbers;
use crate::planning::priors::Prior;

/// Events that each first belief is worth: less than one, so that the first real count moves it.
const FIRST_EVENTS: f64 = 0.75;
/// Years of advisories that are looked back on.
pub const HISTORY_YEARS: u32 = 3;

/// What is believed of a cause before anything is known of a project.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Belief {
    /// The cause of harm.
    pub cause: HarmCause,
    /// Years in which [`FIRST_EVENTS`] are expected.
    pub years: f64,
    /// Days one lasts: expected, low, high.
    pub days: [f64; 3],
}

/// Beliefs in the order of [`HarmCause::ALL`]. Judgement, and wide on purpose: no count of such incidents by project is known.
pub const BELIEFS: [Belief; CAUSES] = [
    Belief { cause: HarmCause::Bug, years: 2.5, days: [30.0, 5.0, 120.0] },
    Belief { cause: HarmCause::Takeover, years: 75.0, days: [10.0, 2.0, 40.0] },
    Belief { cause: HarmCause::Abandonment, years: 25.0, days: [180.0, 60.0, 400.0] },
];

/// What a reason is worth for a cause: events and years that it adds. One event doubles nothing by itself: a first belief holds
/// [`FIRST_EVENTS`] in its years, so the same again doubles the rate, and half of its years more take a third away.
const WORTH: [(ClassReason, HarmCause, f64, f64); 13] = {
    use ClassReason as R;
    use HarmCause::{Abandonment, Takeover};
    [
        (R::FewPeople, Takeover, 0.75, 0.0),
        (R::FewPeople, Abandonment, 0.75, 0.0),
        (R::ManyPeople, Takeover, 0.0, 37.5),
        (R::ManyPeople, Abandonment, 0.0, 12.5),
        (R::Active, Abandonment, 0.0, 12.5),
        (R::Quiet, Abandonment, 0.75, 0.0),
        (R::Silent, Abandonment, 2.25, 0.0),
        (R::ReleaseOverdue, Abandonment, 0.75, 0.0),
        (R::ReleasesInRhythm, Abandonment, 0.0, 6.25),
        (R::SaysEnded, Abandonment, 7.5, 0.0),
        (R::SaysActive, Abandonment, 0.0, 6.25),
        (R::VulnerabilitiesOpen, Abandonment, 0.75, 0.0),
        (R::NothingOpen, Abandonment, 0.0, 6.25),
    ]
};

/// A rate of incidents a year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rate {
    /// So many events in so many years, believed and counted together.
    Gamma {
        /// Events; above 0.
        events: f64,
        /// Years; above 0.
        years: f64,
    },
    /// What the office wrote down, in place of all others.
    Told(Prior),
}

impl Rate {
    /// Expected incidents a year.
    pub fn mean(&self) -> f64 {
        match self {
            Self::Gamma { events, years } => events / years,
            Self::Told(prior) => prior.mean,
        }
    }

    /// The same as mean and 80 % range.
    pub fn prior(&self) -> Prior {
        match self {
            Self::Gamma { events, years } => {
                let [low, high] = [0.1, 0.9].map(|share| quantile(*events, share) / years);
                // The mean of a skew distribution can lie above nine of ten draws; a range that leaves it out helps nobody.
                Prior { mean: self.mean(), low, high: high.max(self.mean()) }
            }
            Self::Told(prior) => *prior,
        }
    }

    /// A draw.
    pub fn draw(&self, numbers: &mut Numbers) -> f64 {
        match self {
            Self::Gamma { events, years } => numbers.gamma(*events) / years,
            Self::Told(prior) => prior.amount(numbers),
        }
    }
}

/// What is known of a project. An empty one is a project of which nothing is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Known {
    /// Why it has its class; kinds that are not known are missing.
    pub reasons: Vec<ClassReason>,
    /// Vulnerabilities published about it within the last [`HISTORY_YEARS`]; `None` where nobody can know.
    pub published: Option<u64>,
    /// What the office wrote down of incidents a year.
    pub incidents: ByCause<Option<Prior>>,
    /// The same of days.
    pub days: ByCause<Option<Prior>>,
}

/// What something that is known added to a rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The cause.
    pub cause: HarmCause,
    /// The reason; `None` for the count of advisories.
    pub reason: Option<ClassReason>,
    /// Events that it added.
    pub events: f64,
    /// Years that it added.
    pub years: f64,
}

/// What is believed of a project, and how that came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Rates {
    /// Incidents a year by cause.
    pub incidents: ByCause<Rate>,
    /// Days one lasts, by cause.
    pub days: ByCause<Prior>,
    /// What moved the first beliefs.
    pub steps: Vec<Step>,
}

/// The rates of a project.
pub fn rates(known: &Known) -> Rates {
    let steps = steps(known);
    let incidents = std::array::from_fn(|place| {
        let belief = BELIEFS[place];
        if let Some(told) = known.incidents[place] {
            return Rate::Told(told);
        }
        let own = steps.iter().filter(|step| step.cause == belief.cause);
        let (events, years) =
            own.fold((FIRST_EVENTS, belief.years), |(events, years), step| (events + step.events, years + step.years));
        Rate::Gamma { events, years }
    });
    let days = std::array::from_fn(|place| {
        let [mean, low, high] = BELIEFS[place].days;
        known.days[place].unwrap_or(Prior { mean, low, high })
    });
    Rates { incidents, days, steps }
}

fn steps(known: &Known) -> Vec<Step> {
    // A small project that is finished need not move: that it is quiet says nothing against it.
    let is_finished = known.reasons.contains(&ClassReason::Small);
    let is_rest =
        |reason: ClassReason| matches!(reason, ClassReason::Quiet | ClassReason::Silent | ClassReason::ReleaseOverdue);
    let counts = |reason: &ClassReason| known.reasons.contains(reason) && !(is_finished && is_rest(*reason));
    let worth = WORTH.iter().filter(|(reason, ..)| counts(reason));
    let counted = known.published.map(|published| Step {
        cause: HarmCause::Bug,
        reason: None,
        events: published as f64,
        years: f64::from(HISTORY_YEARS),
    });
    let step = |(reason, cause, events, years): &(ClassReason, HarmCause, f64, f64)| Step {
        cause: *cause,
        reason: Some(*reason),
        events: *events,
        years: *years,
    };
    let told = |step: &Step| {
        HarmCause::ALL.iter().position(|cause| *cause == step.cause).is_some_and(|at| known.incidents[at].is_some())
    };
    counted.into_iter().chain(worth.map(step)).filter(|step| !told(step)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(reasons: &[ClassReason], published: Option<u64>) -> Known {
        Known { reasons: reasons.to_vec(), published, ..Known::default() }
    }

    fn abandonment(reasons: &[ClassReason]) -> Prior {
        rates(&known(reasons, None)).incidents[2].prior()
    }

    #[test]
    fn beliefs_stand_in_the_order_of_causes_and_hold_their_middle() {
        for (place, belief) in BELIEFS.into_iter().enumerate() {
            assert_eq!(HarmCause::ALL[place], belief.cause);
            let [mean, low, high] = belief.days;
            assert!(0.0 < low && low <= mean && mean <= high);
            let rate = rates(&Known::default()).incidents[place].prior();
            assert!(0.0 < rate.low && rate.low < rate.mean && rate.mean < rate.high, "{rate:?}");
            assert!(rate.high > 20.0 * rate.low, "the first belief is wide: {rate:?}");
        }
        let means = rates(&Known::default()).incidents.map(|rate| rate.mean());
        assert_eq!(means, [0.3, 0.01, 0.03]);
    }

    #[test]
    fn what_is_not_known_is_neither_good_nor_bad_and_stays_wide() {
        let nothing = abandonment(&[]);
        let good = abandonment(&[ClassReason::ManyPeople, ClassReason::Active, ClassReason::NothingOpen]);
        let bad = abandonment(&[ClassReason::FewPeople, ClassReason::Silent, ClassReason::SaysEnded]);
        assert!(good.mean < nothing.mean && nothing.mean < bad.mean);
        assert!(nothing.high - nothing.low > good.high - good.low);
        assert!(nothing.high / nothing.low > bad.high / bad.low);
        let none = rates(&known(&[], Some(0))).incidents[0].prior();
        let unknown = rates(&known(&[], None)).incidents[0].prior();
        assert!(0.0 < none.mean && none.mean < unknown.mean && none.high < unknown.high);
    }

    #[test]
    fn counts_and_reasons_add_up_by_hand() {
        let found = rates(&known(&[ClassReason::FewPeople, ClassReason::Quiet], Some(6)));
        assert_eq!(found.incidents[0], Rate::Gamma { events: 6.75, years: 5.5 });
        assert_eq!(found.incidents[1], Rate::Gamma { events: 1.5, years: 75.0 });
        assert_eq!(found.incidents[2], Rate::Gamma { events: 2.25, years: 25.0 });
        assert_eq!(found.steps.len(), 4);
        let finished = abandonment(&[ClassReason::Silent, ClassReason::NothingOpen, ClassReason::Small]);
        assert_eq!(finished, abandonment(&[ClassReason::NothingOpen]), "what is finished may rest");
    }

    #[test]
    fn what_the_office_wrote_down_stands_in_place_of_beliefs() {
        let told = Prior { mean: 2.0, low: 1.0, high: 4.0 };
        let mut own = known(&[ClassReason::SaysEnded], Some(9));
        own.incidents = [Some(told), None, Some(told)];
        own.days[0] = Some(Prior::sure(3.0));
        let found = rates(&own);
        assert_eq!([found.incidents[0], found.incidents[2]], [Rate::Told(told); 2]);
        assert_eq!((found.days[0], found.incidents[1].mean()), (Prior::sure(3.0), 0.01));
        assert!(found.steps.is_empty(), "what moved nothing is not told: {:?}", found.steps);
    }
}
