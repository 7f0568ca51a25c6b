// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! To whom a report goes: a rule with its own data. Where the data do not say, the answer is a question, not a guess.

use underpin_model::clocks::Clock;
use underpin_model::law_routing::{Channel, Recipient, RouteQuestion, RouteReason};

/// What is known about who reports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whereabouts {
    /// The state of the main establishment in the Union, as `DE`.
    pub main_establishment: Option<String>,
    /// Whether it is known that there is none in the Union.
    pub outside_union: bool,
    /// The state of the authorised representative for most products; then of the importer and of the distributor of most; then of
    /// most users. The first that is known counts.
    pub fallbacks: [Option<String>; 4],
    /// Whether the reporter is a steward, for whom nobody has settled how to find the coordinator.
    pub is_steward: bool,
    /// Whether it is a public administration; `None` for not known.
    pub is_public: Option<bool>,
    /// Whether it works in national security, public security, defence or law enforcement, which a state may leave out.
    pub is_excluded: Option<bool>,
    /// Whether the office entered the body that receives its reports under the NIS 2 directive.
    pub has_entered_body: bool,
}

/// Where a report goes.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Route {
    /// The state whose body receives it.
    pub country: Option<String>,
    /// Who receives it.
    pub recipients: Vec<Recipient>,
    /// By what.
    pub channel: Channel,
    /// Why there.
    pub reason: RouteReason,
    /// What a person has to find out first; empty for nothing.
    pub questions: Vec<RouteQuestion>,
    /// The keys of the texts.
    pub law: &'static [&'static str],
}

/// A state's body for reports under the NIS 2 directive.
struct NationalBody {
    country: &'static str,
    recipient: Recipient,
    law: &'static [&'static str],
}

/// The states whose body is known. For all others the office has to look, and can enter what it finds.
static NATIONAL_BODIES: &[NationalBody] =
    &[NationalBody { country: "DE", recipient: Recipient::Bsi, law: &["nis2-23-1", "bsig-32"] }];

/// Finds the recipients.
pub fn route(clock: Clock, whereabouts: &Whereabouts) -> Route {
    match clock {
        Clock::CraExploitedVulnerability | Clock::CraSevereIncident => by_platform(whereabouts),
        Clock::Nis2SignificantIncident | Clock::Nis2TrustService => by_state(whereabouts),
        Clock::KevDueDate => Route {
            country: None,
            recipients: Vec::new(),
            channel: Channel::None,
            reason: RouteReason::NothingToHandIn,
            questions: Vec::new(),
            law: &["kev-bod-22-01"],
        },
    }
}

fn by_platform(whereabouts: &Whereabouts) -> Route {
    const ORDER: [RouteReason; 4] =
        [RouteReason::Representative, RouteReason::Importer, RouteReason::Distributor, RouteReason::Users];
    let mut questions = Vec::new();
    let found = match &whereabouts.main_establishment {
        Some(country) => Some((country.clone(), RouteReason::MainEstablishment)),
        None if whereabouts.outside_union => {
            let known = whereabouts.fallbacks.iter().zip(ORDER);
            // A gap above the first known one may hide the state that comes first.
            let skipped = known.clone().take_while(|(country, _)| country.is_none()).count();
            if skipped > 0 {
                questions.push(RouteQuestion::EarlierInOrder);
            }
            known.filter_map(|(country, reason)| Some((country.clone()?, reason))).next()
        }
        None => None,
    };
    if found.is_none() {
        questions = vec![RouteQuestion::MainEstablishment];
    }
    if whereabouts.is_steward {
        questions.push(RouteQuestion::StewardCoordinator);
    }
    let (country, reason) = found.map_or((None, RouteReason::NotKnown), |(country, reason)| (Some(country), reason));
    let law: &[&str] = if whereabouts.is_steward {
        &["cra-14-7", "cra-16", "cra-platform", "orc-csirt"]
    } else {
        &["cra-14-7", "cra-16", "cra-platform"]
    };
    let recipients = vec![Recipient::CoordinatorCsirt, Recipient::Enisa];
    Route { country, recipients, channel: Channel::SinglePlatform, reason, questions, law }
}

fn by_state(whereabouts: &Whereabouts) -> Route {
    let country = whereabouts.main_establishment.clone();
    let is_entered = whereabouts.has_entered_body;
    // What the office looked up goes before the table: a state may have more than one body.
    let body = NATIONAL_BODIES.iter().find(|body| Some(body.country) == country.as_deref()).filter(|_| !is_entered);
    let is_known = is_entered || body.is_some();
    let mut questions = Vec::new();
    let mut ask = |holds: bool, question| {
        if holds {
            questions.push(question);
        }
    };
    ask(country.is_none(), RouteQuestion::WhichState);
    ask(!is_known, RouteQuestion::NationalBody);
    // A public body may belong to the government's own team rather than to the national one, and the table does not say.
    ask(!is_known && whereabouts.is_public != Some(false), RouteQuestion::GovernmentTeam);
    ask(whereabouts.is_excluded.is_none() && whereabouts.is_public != Some(false), RouteQuestion::ExcludedArea);
    ask(whereabouts.is_excluded == Some(true), RouteQuestion::StateExempts);
    let (recipients, reason) = match body {
        _ if is_entered => (vec![Recipient::EnteredBody], RouteReason::Entered),
        Some(body) => (vec![body.recipient], RouteReason::NationalLaw),
        None => (vec![Recipient::NationalCsirt, Recipient::CompetentAuthority], RouteReason::NotKnown),
    };
    let law = body.map_or(&["nis2-23-1", "nis2-2-7"][..], |body| body.law);
    Route { country, recipients, channel: Channel::NationalPortal, reason, questions, law }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn germany() -> Whereabouts {
        Whereabouts { main_establishment: Some("DE".to_owned()), ..Whereabouts::default() }
    }

    #[test]
    fn products_go_through_the_one_platform() {
        let found = route(Clock::CraSevereIncident, &germany());
        assert_eq!(found.recipients, [Recipient::CoordinatorCsirt, Recipient::Enisa]);
        assert_eq!((found.channel, found.reason), (Channel::SinglePlatform, RouteReason::MainEstablishment));
        assert_eq!(found.questions, []);
        let steward = route(Clock::CraExploitedVulnerability, &Whereabouts { is_steward: true, ..germany() });
        assert_eq!(steward.questions, [RouteQuestion::StewardCoordinator]);
    }

    #[test]
    fn outside_the_union_the_order_counts_and_gaps_are_asked_for() {
        let unknown = route(Clock::CraSevereIncident, &Whereabouts::default());
        assert_eq!((unknown.country, unknown.questions), (None, vec![RouteQuestion::MainEstablishment]));
        let fallbacks = [None, Some("FR".to_owned()), Some("ES".to_owned()), None];
        let outside = Whereabouts { outside_union: true, fallbacks, ..Whereabouts::default() };
        let found = route(Clock::CraSevereIncident, &outside);
        assert_eq!((found.country.as_deref(), found.reason), (Some("FR"), RouteReason::Importer));
        assert_eq!(found.questions, [RouteQuestion::EarlierInOrder]);
        let none = Whereabouts { outside_union: true, ..Whereabouts::default() };
        assert_eq!(route(Clock::CraSevereIncident, &none).questions, [RouteQuestion::MainEstablishment]);
    }

    #[test]
    fn a_state_without_data_is_asked_about_and_not_guessed() {
        let clock = Clock::Nis2SignificantIncident;
        let known = Whereabouts { is_public: Some(true), is_excluded: Some(false), ..germany() };
        let found = route(clock, &known);
        assert_eq!((found.recipients, found.questions), (vec![Recipient::Bsi], vec![]));
        let elsewhere = Whereabouts { main_establishment: Some("PT".to_owned()), is_public: Some(true), ..germany() };
        let found = route(clock, &elsewhere);
        assert_eq!(found.reason, RouteReason::NotKnown);
        let asked = [RouteQuestion::NationalBody, RouteQuestion::GovernmentTeam, RouteQuestion::ExcludedArea];
        assert_eq!(found.questions, asked);
        let unknown = route(clock, &Whereabouts { is_public: Some(false), ..Whereabouts::default() });
        assert_eq!(unknown.questions, [RouteQuestion::WhichState, RouteQuestion::NationalBody]);
        let police = Whereabouts { is_public: Some(true), is_excluded: Some(true), ..germany() };
        assert_eq!(route(clock, &police).questions, [RouteQuestion::StateExempts]);
        assert_eq!(route(Clock::KevDueDate, &germany()).recipients, []);
    }

    #[test]
    fn the_body_that_the_office_entered_goes_before_the_table() {
        for country in [Some("PT".to_owned()), Some("DE".to_owned()), None] {
            let is_stateless = country.is_none();
            let entered = Whereabouts {
                main_establishment: country,
                is_public: Some(true),
                is_excluded: Some(false),
                has_entered_body: true,
                ..Whereabouts::default()
            };
            let found = route(Clock::Nis2TrustService, &entered);
            assert_eq!((found.recipients, found.reason), (vec![Recipient::EnteredBody], RouteReason::Entered));
            let asked = if is_stateless { vec![RouteQuestion::WhichState] } else { Vec::new() };
            assert_eq!(found.questions, asked, "which national law counts is another question");
            // Products go through the one platform, whatever the office entered.
            let product = route(Clock::CraSevereIncident, &entered);
            assert_eq!(product.recipients, [Recipient::CoordinatorCsirt, Recipient::Enisa]);
        }
    }

    #[test]
    fn every_text_is_in_the_list() {
        for clock in Clock::ALL {
            for whereabouts in [germany(), Whereabouts { is_steward: true, ..Whereabouts::default() }] {
                for key in route(*clock, &whereabouts).law {
                    assert!(crate::law_sources::source(key).is_some(), "{key}");
                }
            }
        }
    }
}
