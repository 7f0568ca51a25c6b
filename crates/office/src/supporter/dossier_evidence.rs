// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The public evidence behind a dossier: the newest look at a clone with the project's own words, how it wants to be approached,
//! public advisories, lists of ends of life, licences in documents within sight, and what the project itself said.

use std::collections::{BTreeMap, BTreeSet};

use underpin_lake::{Wanted, texts};
use underpin_model::Timestamp;
use underpin_model::community::{CommunityCard, Excerpt, Said};
use underpin_model::engagement::{DossierQuestion as Q, DossierSource, ProjectFacts, ProjectReply};
use underpin_model::signals::{Reading, SignalCode, Value};
use underpin_render::{Argument, dates, text};

use super::dossier::{DossierRow, InBoth};
use super::evidence::{ProjectLifecycle, Unfixed};
use super::kept_signals::KeptSignals;
use super::projects::OwnPackage;
use crate::error::Result;
use crate::house::{Desk, House};
use crate::watch::estate::Watched;

/// Licences that are told.
const LICENCES: usize = 5;

/// What is known in public.
pub(super) struct Gathered {
    look: Option<KeptSignals>,
    facts: ProjectFacts,
    replies: Vec<ProjectReply>,
    licences: Vec<String>,
    unfixed: Option<Unfixed>,
    lifecycles: Vec<ProjectLifecycle>,
    /// When feeds were last read.
    fetched: Option<Timestamp>,
    at: Timestamp,
}

/// What is said, with its quotation and where both are from.
type Told = (InBoth, Option<Excerpt>, DossierSource, Option<Timestamp>);

impl House {
    /// Gathers it. What is public about a project is the same whoever asks; licences and advisories are those of what is within sight.
    pub(super) async fn gather_public(
        &self,
        desk: &Desk,
        watched: &Watched,
        (project, packages): (&str, &[OwnPackage]),
    ) -> Result<Gathered> {
        let at = desk.overview().as_of;
        let evidence = self.public_evidence(desk, watched, packages).await?;
        Ok(Gathered {
            look: self.public_look(desk, project).await?,
            facts: self.known_facts(project, at).await?,
            replies: self.replies(project, at).await?,
            licences: licences(desk, packages)?,
            unfixed: evidence.0,
            lifecycles: evidence.1,
            fetched: watched.freshness.feeds.iter().filter_map(|feed| feed.learned).max(),
            at,
        })
    }
}

/// Licences that documents state for packages, the most frequent first.
fn licences(desk: &Desk, packages: &[OwnPackage]) -> Result<Vec<String>> {
    let numbers: BTreeSet<i64> = packages.iter().map(|package| package.number).collect();
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let versions = desk.session.versions_where(|version| numbers.contains(&version.package))?;
    let mut ids: Vec<i64> = versions.iter().map(|version| version.id).collect();
    ids.sort_unstable();
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let columns = ["package_version", "expression"];
    for batch in desk.session.rows("licence", "document", "package_version", Wanted::Integers(&ids), &columns)? {
        let expressions = texts(&batch, 1)?;
        for row in 0..batch.num_rows() {
            *counts.entry(expressions.value(row).to_owned()).or_default() += 1;
        }
    }
    let mut found: Vec<(String, u64)> = counts.into_iter().filter(|(text, _)| !text.is_empty()).collect();
    found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(found.into_iter().take(LICENCES).map(|(text, _)| text).collect())
}

/// Whether nothing but a look at a clone answers a question.
fn rests_on_clone(question: Q) -> bool {
    let own =
        [Q::Maintained, Q::Governance, Q::SecurityPolicy, Q::SignedReleases, Q::Releases, Q::Contributing, Q::Funding];
    own.contains(&question)
}

impl Gathered {
    /// What the project says beside the questions.
    pub(super) fn remarks(&self) -> Vec<(Timestamp, String)> {
        self.said_about(None)
    }

    fn said_about(&self, question: Option<Q>) -> Vec<(Timestamp, String)> {
        let of = |reply: &ProjectReply| {
            let about = reply.statements.iter().filter(|one| one.about == question);
            about.map(|one| (reply.day, one.text.clone())).collect::<Vec<_>>()
        };
        self.replies.iter().flat_map(of).collect()
    }

    /// One question.
    pub(super) fn row(&self, question: Q) -> DossierRow {
        let word = question.as_str();
        let asks = InBoth::new(|language| text(language, &format!("dossier-question-{word}"), &[]));
        let of_project = self.said_about(Some(question));
        let row = DossierRow { question, asks, of_project, ..DossierRow::default() };
        match self.told(question) {
            Some((says, quote, source, looked)) => {
                DossierRow { is_known: true, says, quote, source: Some(source), looked, ..row }
            }
            None => {
                let is_unseen = self.look.is_none() && rests_on_clone(question);
                let why = if is_unseen { "no-look" } else { word };
                let says = InBoth::new(|language| text(language, &format!("dossier-unknown-{why}"), &[]));
                DossierRow { says, ..row }
            }
        }
    }

    fn told(&self, question: Q) -> Option<Told> {
        match question {
            Q::Maintained => self.maintained(),
            Q::Governance => self.quoted("governance", |card| [&card.governance, &card.decisions]),
            Q::Contact => self.contact().or_else(|| self.quoted("contact", |card| [&card.approach, &card.help_wanted])),
            Q::SecurityPolicy => self.flag("security-policy", SignalCode::SecurityPolicy),
            Q::Reports => self.reports(),
            Q::SignedReleases => self.signed(),
            Q::Releases => self.releases(),
            Q::Licence => self.licence(),
            Q::EndOfLife => self.end_of_life(),
            Q::Unfixed => self.unfixed(),
            Q::Contributing => self.quoted("contributing", |card| [&card.contributing, &card.licence_agreement]),
            Q::Funding => self.quoted("funding", |card| [&card.funding, &card.funding]),
            // Nothing in the house tells of these yet; a project can say it itself.
            Q::Sbom | Q::CraRole | Q::Tests | Q::Provenance => None,
        }
    }

    fn reading(&self, code: SignalCode) -> Option<Value> {
        self.look.as_ref()?.signals.reading(code).and_then(Reading::value)
    }

    fn looked(&self) -> Option<Timestamp> {
        self.look.as_ref().map(|look| look.signals.as_of)
    }

    fn of_clone(&self, says: InBoth) -> Told {
        (says, None, DossierSource::Clone, self.looked())
    }

    fn maintained(&self) -> Option<Told> {
        let Some(Value::Moment(last)) = self.reading(SignalCode::LastHumanCommit) else { return None };
        let commits = match self.reading(SignalCode::HumanCommits12Months) {
            Some(Value::Number(commits)) => commits,
            _ => 0,
        };
        let says = InBoth::new(|language| {
            let day = dates::day(language, last);
            text(language, "dossier-say-maintained", &[("day", (&day).into()), ("commits", commits.into())])
        });
        Some(self.of_clone(says))
    }

    /// The first of some questions to which the project says something.
    fn quoted(&self, word: &str, of: impl Fn(&CommunityCard) -> [&Said; 2]) -> Option<Told> {
        let card = &self.look.as_ref()?.signals.community;
        let quote = of(card).into_iter().find_map(|said| match said {
            Said::Words(excerpt) => Some(excerpt.clone()),
            Said::Unknown(_) => None,
        })?;
        let says = InBoth::new(|language| text(language, &format!("dossier-say-{word}"), &[]));
        Some((says, Some(quote), DossierSource::Card, self.looked()))
    }

    fn contact(&self) -> Option<Told> {
        let addresses = &self.facts.addresses;
        let address =
            addresses.stated.as_ref().or(addresses.maintainers.as_ref()).or(addresses.public_issues.as_ref())?;
        let key = if self.facts.is_opted_out { "dossier-say-contact-none" } else { "dossier-say-contact-at" };
        let says = InBoth::new(|language| text(language, key, &[("address", address.into())]));
        Some((says, None, DossierSource::Contact, None))
    }

    fn flag(&self, word: &str, code: SignalCode) -> Option<Told> {
        let Some(Value::Flag(is_there)) = self.reading(code) else { return None };
        let end = if is_there { "yes" } else { "no" };
        Some(self.of_clone(InBoth::new(|language| text(language, &format!("dossier-say-{word}-{end}"), &[]))))
    }

    fn reports(&self) -> Option<Told> {
        if self.facts.accepts_reports == Some(false) {
            let says = InBoth::new(|language| text(language, "dossier-say-reports-none", &[]));
            return Some((says, None, DossierSource::Contact, None));
        }
        let addresses = &self.facts.addresses;
        if let Some(address) = addresses.security_policy.as_ref().or(addresses.private_report.as_ref()) {
            let says = InBoth::new(|language| text(language, "dossier-say-reports-at", &[("address", address.into())]));
            return Some((says, None, DossierSource::Contact, None));
        }
        self.quoted("reports", |card| [&card.security_reports, &card.security_reports])
    }

    fn signed(&self) -> Option<Told> {
        let Some(Value::Fraction { part, whole }) = self.reading(SignalCode::SignedTags) else { return None };
        let counts: [(&str, Argument<'_>); 2] = [("signed", part.into()), ("tags", whole.into())];
        Some(self.of_clone(InBoth::new(|language| text(language, "dossier-say-signed", &counts))))
    }

    fn releases(&self) -> Option<Told> {
        let Some(Value::Moment(last)) = self.reading(SignalCode::LastRelease) else { return None };
        let median = match self.reading(SignalCode::ReleaseGapMedian) {
            Some(Value::Number(days)) => Some(days),
            _ => None,
        };
        let says = InBoth::new(|language| {
            let day = dates::day(language, last);
            let last = text(language, "dossier-say-last-release", &[("day", (&day).into())]);
            let rhythm = median.map(|days| text(language, "dossier-say-rhythm", &[("days", days.into())]));
            rhythm.map_or_else(|| last.clone(), |rhythm| format!("{last} {rhythm}"))
        });
        Some(self.of_clone(says))
    }

    fn licence(&self) -> Option<Told> {
        if self.licences.is_empty() {
            return self.flag("licence", SignalCode::LicenceFile);
        }
        let list = self.licences.join(", ");
        let says = InBoth::new(|language| text(language, "dossier-say-licence", &[("licences", (&list).into())]));
        Some((says, None, DossierSource::Documents, Some(self.at)))
    }

    fn end_of_life(&self) -> Option<Told> {
        let one = self.lifecycles.first()?;
        let says = InBoth::new(|language| {
            let state = text(language, &format!("fragility-state-{}", one.newest_state), &[]);
            let words =
                [("product", (&one.product).into()), ("cycle", (&one.newest_cycle).into()), ("state", (&state).into())];
            text(language, "dossier-say-end-of-life", &words)
        });
        Some((says, None, DossierSource::Lifecycle, self.fetched))
    }

    fn unfixed(&self) -> Option<Told> {
        let unfixed = self.unfixed.as_ref()?;
        let names = unfixed.names.join(", ");
        let key = if unfixed.vulnerabilities == 0 { "dossier-say-unfixed-none" } else { "dossier-say-unfixed" };
        let words: [(&str, Argument<'_>); 2] = [("count", unfixed.vulnerabilities.into()), ("names", (&names).into())];
        Some((InBoth::new(|language| text(language, key, &words)), None, DossierSource::Advisories, self.fetched))
    }
}
