// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_model::compass::{Agreement, Mandate, OfficePlace};
use underpin_model::{Money, Timestamp};
use underpin_office::compass::mandate::{AgreementRow, MandateAnswer};
use underpin_office::{House, Result};

use super::coverage::snapshot_line;
use crate::context::{Context, usage};
use crate::output::{Answer, columns, dash, print};

/// The office's mandate: law, place, agreements with agencies, posts, budget, skills. What nobody wrote down is unknown
#[derive(Debug, clap::Args)]
pub struct Mandates {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// The card as it stands, or stood (`--as-of`), with what is agreed with each agency
    Show,
    Set(Box<Set>),
}

/// Write down what changed; the rest of the card stays. Earlier cards are kept
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin mandate set --legal-basis 'Cyber Act, section 4' --place standalone --posts 5 --filled 4.5\n  underpin mandate set --agreement tax-office=2026-03-01='Lists each quarter'\n  underpin mandate set --unknown budget"
)]
struct Set {
    /// Law, decree or decision, as it is cited
    #[arg(long, value_name = "TEXT")]
    legal_basis: Option<String>,
    /// Where that can be read
    #[arg(long, value_name = "URL")]
    legal_source: Option<String>,
    /// Where the office stands: standalone or part-of-larger
    #[arg(long, value_name = "PLACE")]
    place: Option<OfficePlace>,
    /// The authority that it belongs to
    #[arg(long, value_name = "TEXT")]
    host: Option<String>,
    /// Posts, as 5 or 4.5
    #[arg(long, value_name = "POSTS", value_parser = tenths)]
    posts: Option<u32>,
    /// Of these, filled
    #[arg(long, value_name = "POSTS", value_parser = tenths)]
    filled: Option<u32>,
    /// Money for a year, in euro
    #[arg(long, value_name = "EURO", requires = "year")]
    budget: Option<Money>,
    /// The year of the money
    #[arg(long, value_name = "YEAR", requires = "budget", value_parser = clap::value_parser!(u16).range(1970..=9999))]
    year: Option<u16>,
    /// What is agreed with an agency, since when
    #[arg(long, value_name = "AGENCY=DAY=TEXT", value_parser = agreement)]
    agreement: Vec<Agreement>,
    /// The agreement with an agency has ended
    #[arg(long, value_name = "AGENCY")]
    no_agreement: Vec<String>,
    /// Nobody knows any more: legal-basis, place, host, posts, filled or budget
    #[arg(long, value_name = "FIELD", value_parser = ["legal-basis", "place", "host", "posts", "filled", "budget"])]
    unknown: Vec<String>,
}

fn tenths(text: &str) -> std::result::Result<u32, String> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| text.parse::<u32>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    match (digits(whole), rest.len(), digits(rest)) {
        (Some(whole), 1, Some(rest)) if whole < 100_000 => Ok(whole * 10 + rest),
        _ => Err("write a number with at most one digit after the point, as 4.5".to_owned()),
    }
}

fn agreement(text: &str) -> std::result::Result<Agreement, String> {
    let mut parts = text.splitn(3, '=');
    let (Some(agency), Some(day), Some(about)) = (parts.next(), parts.next(), parts.next()) else {
        return Err("write AGENCY=DAY=TEXT, as in 'tax-office=2026-03-01=Lists each quarter'".to_owned());
    };
    let since: Timestamp = day.parse().map_err(|error| format!("{day}: {error}"))?;
    Ok(Agreement { agency: agency.into(), since, about: about.to_owned() })
}

impl Mandates {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let answer = match self.what {
            What::Show => answer(&house.mandate(&context.desk(&house).await?).await?),
            What::Set(set) => set.run(context, &house).await?,
        };
        print(&answer, context.printing())?;
        house.close().await;
        Ok(false)
    }
}

impl Set {
    async fn run(self, context: &Context, house: &House) -> Result<Answer> {
        let desk = context.desk_at(house, None).await?;
        let before = house.mandate(&desk).await?.mandate;
        let after = self.after(before.clone())?;
        if after == before {
            return Err(usage("nothing changes by that", "say what is another now, as --posts 5"));
        }
        house.set_mandate(&context.author(house).await?, &after).await?;
        Ok(answer(&house.mandate(&context.desk_at(house, None).await?).await?))
    }

    fn after(self, before: Mandate) -> Result<Mandate> {
        let mut card = Mandate {
            legal_basis: self.legal_basis.or(before.legal_basis),
            legal_source: self.legal_source.or(before.legal_source),
            place: self.place.or(before.place),
            host: self.host.or(before.host),
            posts_tenths: self.posts.or(before.posts_tenths),
            filled_tenths: self.filled.or(before.filled_tenths),
            budget_cents: self.budget.map(|money| money.cents()).or(before.budget_cents),
            budget_year: self.year.or(before.budget_year),
            agreements: before.agreements,
        };
        for field in &self.unknown {
            match field.as_str() {
                "legal-basis" => (card.legal_basis, card.legal_source) = (None, None),
                "place" => card.place = None,
                "host" => card.host = None,
                "posts" => card.posts_tenths = None,
                "filled" => card.filled_tenths = None,
                _ => (card.budget_cents, card.budget_year) = (None, None),
            }
        }
        for gone in &self.no_agreement {
            let known = card.agreements.len();
            card.agreements.retain(|one| one.agency.0 != *gone);
            if card.agreements.len() == known {
                return Err(usage(
                    format!("nothing is agreed with {gone}"),
                    "`underpin mandate show` lists agreements",
                ));
            }
        }
        for new in self.agreement {
            card.agreements.retain(|one| one.agency != new.agency);
            card.agreements.push(new);
        }
        card.agreements.sort_by(|a, b| a.agency.cmp(&b.agency));
        Ok(card)
    }
}

const FIELDS: [&str; 4] = ["agency", "name", "since", "about"];

fn posts(tenths: Option<u32>) -> String {
    tenths.map_or_else(|| "unknown".to_owned(), |tenths| format!("{}.{}", tenths / 10, tenths % 10))
}

fn answer(found: &MandateAnswer) -> Answer {
    let mut answer =
        Answer { json: serde_json::to_value(found).unwrap_or_default(), fields: &FIELDS, ..Answer::default() };
    answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
    let card = &found.mandate;
    let said = |text: &Option<String>| text.clone().unwrap_or_else(|| "unknown".to_owned());
    let source = card.legal_source.as_ref().map(|address| format!(" ({address})")).unwrap_or_default();
    let budget = card.budget_cents.map_or_else(|| "unknown".to_owned(), |cents| Money::from_cents(cents).to_string());
    let year = card.budget_year.map(|year| format!(" in {year}")).unwrap_or_default();
    answer.head = vec![
        format!("Legal basis: {}{source}", said(&card.legal_basis)),
        format!("Place: {}; belongs to: {}", card.place.map_or("unknown", OfficePlace::as_str), said(&card.host)),
        format!("Posts: {}; filled: {}", posts(card.posts_tenths), posts(card.filled_tenths)),
        format!("Budget: {budget}{year}"),
        format!("Agreements: {} of {} agencies", found.agreed(), found.rows.len()),
    ];
    let missing = found.skills.iter().filter(|row| row.own.hours == Some(0)).map(|row| row.own.skill.as_str());
    let unsaid = found.skills.iter().filter(|row| row.own.hours.is_none()).map(|row| row.own.skill.as_str());
    for (words, skills) in [("Skills missing", missing.collect::<Vec<_>>()), ("Skills unknown", unsaid.collect())] {
        if !skills.is_empty() {
            answer.head.push(format!("{words}: {}", skills.join(", ")));
        }
    }
    answer.columns = columns(&["agency", "name", "since", "what is agreed"]);
    let cells = |row: &AgreementRow| {
        let since = row.since.map(|since| since.date()).unwrap_or_default();
        vec![row.agency.0.clone(), row.name.clone(), dash(&since), row.about.clone().unwrap_or_default()]
    };
    answer.cells = found.rows.iter().map(cells).collect();
    if let Some(written) = &found.written {
        answer.notes.push(format!(
            "Written by {} on {}; {} cards before it.",
            written.by,
            written.at.date(),
            found.earlier.len()
        ));
    }
    answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posts_are_read_in_tenths() {
        assert_eq!([tenths("5"), tenths("4.5"), tenths("0.1")], [Ok(50), Ok(45), Ok(1)]);
        for text in ["", "4.55", "4,5", "-1", "4.", "+4", "999999"] {
            assert!(tenths(text).is_err(), "{text}");
        }
    }
}
