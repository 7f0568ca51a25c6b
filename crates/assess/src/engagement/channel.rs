// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Through which door: the order of channels.
//!
//! What is about a vulnerability goes where the security policy says, else by private report, else to the maintainers. Everything else
//! goes where the project wants to be approached, else to the maintainers: a security address is for security. Where only a public
//! tracker is known, all that may be said there is the question for a private channel, without the matter.

use underpin_model::engagement::{Channel, ContactAddresses, Topic};

/// A door and the address behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Door<'a> {
    /// Which.
    pub channel: Channel,
    /// Its address, as the project writes it.
    pub address: &'a str,
}

/// The first door that the project has; `None` where it names none.
pub fn door(addresses: &ContactAddresses, topic: Topic) -> Option<Door<'_>> {
    let security =
        [(Channel::SecurityPolicy, &addresses.security_policy), (Channel::PrivateReport, &addresses.private_report)];
    let rest = [
        (Channel::Stated, &addresses.stated),
        (Channel::Maintainers, &addresses.maintainers),
        (Channel::PublicIssue, &addresses.public_issues),
    ];
    let is_open = |channel: Channel| match (topic, channel) {
        (Topic::Vulnerability, Channel::Stated) => false,
        (Topic::Vulnerability, _) => true,
        (_, channel) => !matches!(channel, Channel::SecurityPolicy | Channel::PrivateReport),
    };
    let open = security.into_iter().chain(rest).filter(|(channel, _)| is_open(*channel));
    open.filter_map(|(channel, address)| Some(Door { channel, address: address.as_deref()? })).next()
}

/// The only words for a public tracker.
pub const ASK_FOR_A_CHANNEL: &str = "We would like to send you a message that is not meant for the public. Which private channel do you prefer? \
              There is no need to answer here in detail, and no hurry.";

#[cfg(test)]
mod tests {
    use super::*;

    /// Addresses with these doors only, in the order of [`Channel::ALL`].
    fn addresses(doors: &str) -> ContactAddresses {
        let given = |letter: char| doors.contains(letter).then(|| letter.to_string());
        ContactAddresses {
            security_policy: given('s'),
            private_report: given('r'),
            stated: given('t'),
            maintainers: given('m'),
            public_issues: given('p'),
        }
    }

    #[test]
    fn the_order_of_doors() {
        for (doors, topic, expected) in [
            ("srtmp", Topic::Vulnerability, Some((Channel::SecurityPolicy, "s"))),
            ("rtmp", Topic::Vulnerability, Some((Channel::PrivateReport, "r"))),
            ("tmp", Topic::Vulnerability, Some((Channel::Maintainers, "m"))),
            ("tp", Topic::Vulnerability, Some((Channel::PublicIssue, "p"))),
            ("t", Topic::Vulnerability, None),
            ("", Topic::Vulnerability, None),
            ("srtmp", Topic::Funding, Some((Channel::Stated, "t"))),
            ("srmp", Topic::Funding, Some((Channel::Maintainers, "m"))),
            ("srp", Topic::Other, Some((Channel::PublicIssue, "p"))),
            ("sr", Topic::Community, None),
        ] {
            let addresses = addresses(doors);
            let found = door(&addresses, topic).map(|door| (door.channel, door.address));
            assert_eq!(found, expected, "{doors:?} {topic:?}");
        }
    }
}
