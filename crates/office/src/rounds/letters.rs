// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Letters: who gets which, with links that are made for each of them, by mail or on paper.

use std::collections::BTreeSet;

use serde::Serialize;
use underpin_feeds::mail::{self, Mail, is_address};
use underpin_ledger::{Attempted, Digest, Letter as Kept, LetterAbout, NewLetter, NewMailKey, Which};
use underpin_model::incidents::{RoundId, TaskId};
use underpin_model::limits::bounds::{KEY_ANSWERS, KEY_MAILS, KEY_UPLOADS, LETTER_SYSTEMS};
use underpin_model::registry::AgencyId;
use underpin_model::rounds::{KeyMatter, KeyPurpose, LetterKind, Round, RoundStanding};
use underpin_model::{Timestamp, Viewer};
use underpin_render::Language;
use underpin_render::letter::{Facts, Item, Letter, letter};

use super::agency_at;
use super::asked::{Asked, digest};
use super::progress::{RoundRoom, RoundSystemRow};
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};
use crate::messages::{Outgoing, Sent, retried};
use crate::people::Random;

/// Letters of one round of sending.
const SENDING: i64 = 200;
/// How long links last beyond the day that something is due, and at least.
const KEY_DAYS: i64 = 30;
/// Bytes of the secret of a reference: as many as cannot be guessed, and few enough for a subject.
const REFERENCE_BYTES: usize = 16;

/// A letter that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct LetterRow {
    /// Number.
    pub number: i64,
    /// The agency.
    pub agency: String,
    /// Which letter it is.
    pub kind: LetterKind,
    /// Where it goes.
    pub address: String,
    /// Who had it written.
    pub actor: String,
    /// When.
    pub made: Timestamp,
    /// When it was taken by the mail server, if it was.
    pub sent: Option<Timestamp>,
    /// When it was given up, if it was.
    pub given_up: Option<Timestamp>,
    /// How often it was tried.
    pub attempts: i64,
    /// What went wrong the last time.
    pub fault: String,
}

impl LetterRow {
    pub(super) fn of(kept: &Kept) -> Self {
        Self {
            number: kept.number,
            agency: kept.letter.agency.0.clone(),
            kind: kept.letter.kind,
            address: kept.letter.address.clone(),
            actor: kept.actor.clone(),
            made: kept.made,
            sent: kept.sent,
            given_up: kept.given_up,
            attempts: kept.attempts,
            fault: kept.fault.clone(),
        }
    }
}

/// A letter on paper, with links that are shown this once.
#[derive(Clone, Debug)]
pub struct Printed {
    /// The letter.
    pub letter: Letter,
}

/// Keys made for one letter.
struct Keys {
    answer: String,
    upload: String,
    reference: String,
    digests: Vec<Digest>,
}

/// Where letters to an agency go; `None` when it has no address for mail.
pub(super) fn address<'d>(desk: &'d Desk, agency: &AgencyId) -> Option<&'d str> {
    let contact = desk.agency(agency)?.contact.trim();
    is_address(contact).then_some(contact)
}

impl House {
    /// Letters of a round to agencies that stand in these rows.
    pub(super) async fn letters_of(&self, _: &Desk, round: &Round, rows: &[RoundSystemRow]) -> Result<Vec<LetterRow>> {
        let seen: BTreeSet<&str> = rows.iter().map(|row| row.agency.as_str()).collect();
        let kept = self.ledger.door().letters(LetterAbout::Round(round.id)).await?;
        Ok(kept.iter().filter(|one| seen.contains(one.letter.agency.0.as_str())).map(LetterRow::of).collect())
    }

    /// Letters about a task, which the viewer must have seen.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn letters_about(&self, task: TaskId) -> Result<Vec<LetterRow>> {
        Ok(self.ledger.door().letters(LetterAbout::Task(task)).await?.iter().map(LetterRow::of).collect())
    }

    /// Has a letter about a task sent to the agency of its place.
    ///
    /// # Errors
    /// `not-found`, `not-allowed` for who may not lead there, `no-address` where the agency has none, `not-by-mail` for what is too
    /// secret for it.
    pub async fn write_about_task(&self, author: &Author, task: TaskId, language: &str) -> Result<String> {
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        let agency = self.agency_of_task(&desk, author, task).await?;
        let address = address(&desk, &agency).map(str::to_owned).ok_or_else(|| {
            OfficeError::new("no-address", format!("agency {:?} has no address for mail", agency.0))
                .hint("give it one in the registry, or print the letter")
        })?;
        self.for_agency(author.at, &KeyMatter::Task(task), &agency).await?;
        let nth = self.ledger.door().letters(LetterAbout::Task(task)).await?.len() as i64;
        let letter = NewLetter {
            matter: KeyMatter::Task(task),
            agency,
            kind: if nth == 0 { LetterKind::Letter } else { LetterKind::Again },
            nth,
            address: address.clone(),
            language: language.to_owned(),
        };
        self.ledger.door().write_letters(author.at, &author.actor, &[letter]).await?;
        Ok(address)
    }

    async fn agency_of_task(&self, desk: &Desk, author: &Author, task: TaskId) -> Result<AgencyId> {
        let (row, _) = self.task(desk, None, task).await?;
        self.leads(author, &row.task.place).await?;
        let nobody = || OfficeError::new("no-address", "this task belongs to no agency");
        agency_at(desk, &row.task.place).cloned().ok_or_else(nobody)
    }

    /// What an agency without an account may be told of a matter.
    pub(super) async fn for_agency(&self, at: Timestamp, matter: &KeyMatter, agency: &AgencyId) -> Result<Asked> {
        self.asked_by_mail(&self.mail_desk(agency, at).await?, matter, agency).await
    }

    async fn asked_by_mail(&self, theirs: &Desk, matter: &KeyMatter, agency: &AgencyId) -> Result<Asked> {
        self.asked_in(theirs, matter, agency).await.map_err(|error| match error.code {
            "not-found" => not_by_mail(),
            _ => error,
        })
    }

    /// Tasks of a matter, of all agencies, that the viewer of a desk may see.
    async fn seen_tasks(&self, desk: &Desk, matter: &KeyMatter) -> Result<BTreeSet<TaskId>> {
        let which = match matter {
            KeyMatter::Task(task) => Which::One(*task),
            KeyMatter::Incident(incident, _) => Which::Incident(*incident),
            KeyMatter::Round(round, _) => Which::Round(round.0),
            KeyMatter::Contract(_) => return Ok(BTreeSet::new()),
        };
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        Ok(reader.tasks(which, desk.snapshot.at).await?.iter().map(|task| task.id).collect())
    }

    /// A letter of a round on paper, or (`None`) about a task: its links are made now and shown this once.
    ///
    /// # Errors
    /// `not-found`, `not-allowed` for who may not lead there or may not see all that it asks for, `not-by-mail`.
    pub async fn print_letter(
        &self,
        author: &Author,
        matter: &KeyMatter,
        language: Language,
        url: &str,
        (random, now): ([Random; 3], Timestamp),
    ) -> Result<Printed> {
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        let agency = match matter {
            KeyMatter::Task(task) => self.agency_of_task(&desk, author, *task).await?,
            KeyMatter::Incident(incident, agency) => {
                self.leads_incident(author, &desk, *incident).await?;
                agency.clone()
            }
            KeyMatter::Contract(_) => return Err(super::asked::no_key()),
            KeyMatter::Round(round, agency) => {
                let (round, _) = self.one_round(&desk, *round).await?;
                self.leads(author, &round.place).await?;
                agency.clone()
            }
        };
        let asked = self.for_agency(author.at, matter, &agency).await?;
        // Its links show all of it, so there is no shorter letter for who may see less than the agency.
        let seen = self.seen_tasks(&desk, matter).await?;
        if asked.items.iter().any(|item| !seen.contains(&item.task)) {
            return Err(OfficeError::new("not-allowed", "the letter asks for more than you may see"));
        }
        let by = (now, author.actor.as_str());
        let keys = self.make_keys(by, author.at, (matter, &agency, ""), &asked, &random).await?;
        let facts = facts(&asked, LetterKind::Letter, Some(&keys), url, author.at);
        Ok(Printed { letter: letter(language, &facts) })
    }

    /// A letter of a round as it reads without links, with what the viewer may see of it; `theirs` is the desk of the agency
    /// ([`House::mail_desk`]).
    ///
    /// # Errors
    /// `not-found` for what is not there or out of sight, `not-by-mail`.
    pub async fn letter_text(
        &self,
        (desk, theirs): (&Desk, &Desk),
        round: RoundId,
        agency: &AgencyId,
        (language, url): (Language, &str),
    ) -> Result<Letter> {
        let (_, tasks) = self.one_round(desk, round).await?;
        let own = tasks.iter().filter(|task| agency_at(desk, &task.place) == Some(agency));
        let seen: BTreeSet<TaskId> = own.map(|task| task.id).collect();
        if seen.is_empty() {
            return Err(OfficeError::new("not-found", format!("round {round} asks nothing of {:?}", agency.0)));
        }
        let mut asked = self.asked_by_mail(theirs, &KeyMatter::Round(round, agency.clone()), agency).await?;
        // An agency knows all of its systems; who looks at its letter may know fewer.
        asked.items.retain(|item| seen.contains(&item.task));
        if asked.items.is_empty() {
            return Err(not_by_mail());
        }
        Ok(letter(language, &facts(&asked, LetterKind::Letter, None, url, desk.snapshot.at)))
    }

    async fn make_keys(
        &self,
        (now, actor): (Timestamp, &str),
        content_now: Timestamp,
        (matter, agency, address): (&KeyMatter, &AgencyId, &str),
        asked: &Asked,
        random: &[Random; 3],
    ) -> Result<Keys> {
        let hexadecimal = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let [answer, upload, reference] = random;
        let (answer, upload) = (hexadecimal(answer), hexadecimal(upload));
        let reference = format!("UP-{}", hexadecimal(&reference[..REFERENCE_BYTES]));
        let key = |secret: &str, purpose, uses| NewMailKey { digest: digest(secret), purpose, uses };
        let keys = [
            key(&answer, KeyPurpose::Answer, KEY_ANSWERS),
            key(&upload, KeyPurpose::Upload, KEY_UPLOADS),
            key(&reference, KeyPurpose::Reply, KEY_MAILS),
        ];
        let left = asked.due.map_or(0, |due| due.0.saturating_sub(content_now.0).max(0));
        let ends = Timestamp(now.0.saturating_add(left).saturating_add(KEY_DAYS * Timestamp::DAY_US));
        self.ledger.door().make_mail_keys((now, actor, ends), (matter, agency, address), &keys).await?;
        Ok(Keys { digests: keys.iter().map(|key| key.digest).collect(), answer, upload, reference })
    }

    /// Puts the letters of open rounds into the outbox that are due by now and were not written before; how many that are. Who has
    /// answered gets none.
    pub(crate) async fn write_round_letters(&self, content_now: Timestamp, now: Timestamp) -> Result<u64> {
        // Work of the house itself; each letter is put into words with the eyes of its agency.
        let viewer = Viewer::Operator;
        let reader = self.ledger.reader(viewer.clone(), content_now);
        let rounds = reader.rounds(content_now).await?;
        let open: Vec<Round> = rounds.into_iter().filter(|round| round.closed.is_none()).collect();
        if open.is_empty() {
            return Ok(0);
        }
        let desk = self.desk_as_of(viewer, content_now, content_now).await?;
        let mut count = 0;
        for round in open {
            let room = self.round(&desk, round.id).await?;
            let new = due_letters(&room, content_now);
            count += self.ledger.door().write_letters(now, &round.opened_by, &new).await?;
        }
        Ok(count)
    }

    /// Sends letters that are due.
    pub(crate) async fn send_letters(
        &self,
        out: &Outgoing,
        (content_now, now): (Timestamp, Timestamp),
        sent: &mut Sent,
    ) -> Result<()> {
        for kept in self.ledger.door().due_letters(now, SENDING).await? {
            let outcome = self.try_letter(out, &kept, (content_now, now)).await?;
            match &outcome {
                Attempted::Sent => sent.sent += 1,
                Attempted::Again(..) => sent.failed += 1,
                Attempted::GivenUp(fault) if fault.is_empty() => sent.empty += 1,
                Attempted::GivenUp(_) => sent.given_up += 1,
            }
            self.ledger.door().settle_letter(now, kept.number, &outcome).await?;
        }
        Ok(())
    }

    async fn try_letter(
        &self,
        out: &Outgoing,
        kept: &Kept,
        (content_now, now): (Timestamp, Timestamp),
    ) -> Result<Attempted> {
        let NewLetter { matter, agency, kind, address, language, .. } = &kept.letter;
        let desk = self.mail_desk(agency, content_now).await?;
        let asked = match self.asked_in(&desk, matter, agency).await {
            Ok(asked) => asked,
            // What may not be told any more is not told; neither is what is gone.
            Err(error) if error.code == "not-found" => return Ok(Attempted::GivenUp(String::new())),
            Err(error) => return Err(error),
        };
        if asked.is_closed || asked.items.iter().all(|item| item.is_answered) {
            return Ok(Attempted::GivenUp(String::new()));
        }
        let Some(server) = &out.mail else {
            return Ok(retried(kept.attempts, now, "no mail server is configured".to_owned()));
        };
        let (Some(first), Some(second), Some(third)) = ((out.chance)(), (out.chance)(), (out.chance)()) else {
            return Ok(retried(kept.attempts, now, "there is no randomness to make links with".to_owned()));
        };
        let by = (now, kept.actor.as_str());
        let about = (matter, agency, address.as_str());
        let keys = self.make_keys(by, content_now, about, &asked, &[first, second, third]).await?;
        let facts = facts(&asked, *kind, Some(&keys), &out.url, content_now);
        let written = letter(Language::of_code(language).unwrap_or_default(), &facts);
        let id = format!("underpin-{}", keys.reference.to_ascii_lowercase());
        let mail = Mail { to: address.clone(), subject: written.subject.clone(), text: written.text(), id };
        match mail::send(server, &mail).await {
            Ok(()) => Ok(Attempted::Sent),
            Err(error) => {
                self.ledger.door().end_mail_keys(&keys.digests).await?;
                Ok(retried(kept.attempts, now, format!("{}: {}", error.code.as_str(), error.detail)))
            }
        }
    }
}

fn not_by_mail() -> OfficeError {
    OfficeError::new("not-by-mail", "what this is about may not leave the house by mail")
        .hint("let somebody of the agency sign in, or carry it over by hand")
}

/// Letters that are due in a round: one each to agencies that have not answered everything.
fn due_letters(room: &RoundRoom, now: Timestamp) -> Vec<NewLetter> {
    let round = &room.round;
    let mut letters = Vec::new();
    let written = |agency: &str, kind: LetterKind| {
        room.letters.iter().any(|letter| letter.agency == agency && letter.kind == kind)
    };
    for agency in room.agencies.iter().filter(|agency| !agency.address.is_empty()) {
        let is_open = room.rows.iter().any(|row| {
            let waits = [RoundStanding::Waiting, RoundStanding::Promised, RoundStanding::Late];
            row.agency == agency.agency && waits.contains(&row.standing)
        });
        if !is_open {
            continue;
        }
        let mut write = |kind: LetterKind, nth: i64| {
            let id = AgencyId(agency.agency.clone());
            letters.push(NewLetter {
                matter: KeyMatter::Round(round.id, id.clone()),
                agency: id,
                kind,
                nth,
                address: agency.address.clone(),
                language: round.language.clone(),
            });
        };
        let is_first = !written(&agency.agency, LetterKind::Letter);
        // Who gets the first letter late gets no reminder in the same minute.
        if is_first {
            write(LetterKind::Letter, 0);
            continue;
        }
        if now > round.due {
            write(LetterKind::Late, 0);
        } else if round.reminder().is_some_and(|at| now >= at) {
            write(LetterKind::Reminder, 0);
        }
        let first = room.letters.iter().filter(|letter| letter.agency == agency.agency).map(|letter| letter.made).min();
        for (nth, at) in (1..).zip(&round.reminded) {
            if first.is_some_and(|first| *at >= first || nth == round.reminded.len() as i64) {
                write(LetterKind::Again, nth);
            }
        }
    }
    letters
}

fn facts(asked: &Asked, kind: LetterKind, keys: Option<&Keys>, url: &str, at: Timestamp) -> Facts {
    let open: Vec<Item> = asked
        .items
        .iter()
        .filter(|item| !item.is_answered)
        .map(|item| {
            let id = if item.system.is_empty() { asked.agency.0.clone() } else { item.system.clone() };
            Item { name: item.name.clone(), id, kind: item.kind }
        })
        .collect();
    let more = open.len().saturating_sub(LETTER_SYSTEMS) as u64;
    let link = |path: &str, secret: Option<&String>| match secret {
        Some(secret) if !url.is_empty() => format!("{url}/{path}/{secret}"),
        _ => String::new(),
    };
    Facts {
        kind,
        title: asked.title.clone(),
        why: asked.why.clone(),
        is_round: asked.is_round,
        is_drill: asked.is_drill,
        agency: asked.agency_name.clone(),
        items: open.into_iter().take(LETTER_SYSTEMS).collect(),
        more,
        due: asked.due,
        answer_link: link("answer", keys.map(|keys| &keys.answer)),
        upload_link: link("upload", keys.map(|keys| &keys.upload)),
        reference: keys.map(|keys| keys.reference.clone()).unwrap_or_default(),
        collect_link: if url.is_empty() { String::new() } else { format!("{url}/collect.sh") },
        house_link: url.to_owned(),
        at,
    }
}
