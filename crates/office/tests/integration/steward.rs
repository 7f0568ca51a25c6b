// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The pack of a steward goes to others: what is under embargo is neither told nor counted in it.

use underpin_model::Viewer;
use underpin_model::clocks::{Clock, Happened, Obliged, StatedClockEvent};
use underpin_model::steward_pack::{PackElement, PackFact};
use underpin_model::watch::Tlp;
use underpin_office::House;
use underpin_office::incidents::NewIncident;

use crate::documents::{author, day};
use crate::incidents::{about, advised, vulnerability};
use crate::watch::place;

async fn reports(house: &House) -> Vec<PackFact> {
    let desk = house.desk(Viewer::Operator, day("2026-12-22")).await.expect("a desk");
    let pack = house.steward_facts(&desk, None).await.expect("facts");
    let part = pack.parts.into_iter().find(|part| part.element == PackElement::Reporting);
    part.expect("the element").facts
}

#[tokio::test]
async fn a_case_under_embargo_is_not_counted() {
    let place = place().await;
    advised(&place).await;
    let house = &place.house;
    for (tlp, expected) in [(Tlp::Red, 0), (Tlp::Amber, 0), (Tlp::Green, 1)] {
        let new = NewIncident { tlp, ..about(vulnerability()) };
        let id = house.open_incident(&author("clerk", "2026-11-20"), new).await.expect("opened");
        let plain = |happened| StatedClockEvent {
            at: day("2026-11-20"),
            amends: None,
            happened,
            whom: Some("product tax forms".parse().expect("whom")),
            note: String::new(),
            source: String::new(),
            evidence: Vec::new(),
        };
        let told = vec![plain(Happened::RoleConfirmed(Obliged::StewardInDevelopment)), plain(Happened::BecameAware)];
        let clock = (id, Clock::CraExploitedVulnerability);
        let numbers = house.tell_clocks(&author("clerk", "2026-11-21"), clock, told).await.expect("told");
        assert_eq!(numbers.len(), 2);
        assert_eq!(reports(house).await.len(), expected, "{tlp:?}");
    }
    // Only the steps of the green one: early warning and notification.
    assert_eq!(reports(house).await, [PackFact::Reports { handed_in: 0, late: 2 }]);
}
