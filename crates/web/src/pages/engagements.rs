// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/engagements`: what do we say to projects, what did we ask of them, and what did we give?

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use underpin_office::supporter::contact::ContactRow;
use underpin_office::supporter::conversations::{BurdenRow, ConversationRow, ConversationsAnswer};
use underpin_render::charts::{Bar, Bars, Figure, Picture};
use underpin_render::text;

use super::engagement_view::{self, frame};
use super::{Answer, html};
use crate::exports::{self, Format, Rows};
use crate::frame::Frame;
use crate::house::WebHouse;
use crate::visitor::Person;

/// Conversations as rows of a file.
const ROWS: Rows = Rows {
    name: "engagements",
    list: "rows",
    fields: &[
        "conversation",
        "project",
        "topic",
        "case",
        "state",
        "ended",
        "next",
        "next_from",
        "owed",
        "requests",
        "agencies",
        "opened",
        "is_whole",
    ],
};

#[derive(Template)]
#[template(path = "engagements.html")]
struct Page {
    frame: Frame,
    headline: String,
    /// Asked against given; absent while neither is known.
    figure: Option<Figure>,
    /// How long projects are silent, in a sentence.
    silence: Option<String>,
    answer: ConversationsAnswer,
    may_ask: bool,
}

impl Page {
    fn state(&self, row: &ConversationRow) -> String {
        engagement_view::state(&self.frame, row)
    }

    fn next(&self, row: &ConversationRow) -> String {
        engagement_view::next(&self.frame, row)
    }

    fn why(&self, row: &ContactRow) -> String {
        row.says.reason.map_or_else(|| "–".to_owned(), |reason| self.frame.word("refusal", reason.as_str()))
    }

    /// How many conversations were rated.
    fn rated(&self) -> String {
        let ratings = self.answer.ratings;
        let words = [("rated", u64::from(ratings.rated).into()), ("ended", u64::from(ratings.ended).into())];
        text(self.frame.language, "ratings-lede", &words)
    }

    fn minutes(&self, row: &BurdenRow) -> String {
        let known = self.frame.number(&row.asked_minutes);
        match row.asked_unknown {
            0 => known,
            unknown => format!("{known} ({})", self.frame.n("engagements-minutes-unknown", &u64::from(unknown))),
        }
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let answer = house.house.conversations(&seat.desk).await?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &answer, ROWS);
    }
    let mut frame = frame(visitor, "/engagements".to_owned(), String::new());
    frame.crumbs.pop();
    frame.title = frame.t("engagements");
    frame.answers(answer.overview.as_of, exports::BOTH);
    let open = answer.rows.iter().filter(|row| row.ended.is_none()).count() as u64;
    let headline = match answer.rows.is_empty() && answer.apart.is_empty() {
        true => frame.t("engagements-headline-none"),
        false => text(frame.language, "engagements-headline", &[("open", open.into())]),
    };
    let silence = match (answer.silence_days, answer.silence_days_least) {
        (Some(days), _) => Some(frame.days("engagements-silence", &days)),
        (None, Some(days)) => Some(frame.days("engagements-silence-least", &days)),
        (None, None) => None,
    };
    let may_ask = frame.decides(visitor);
    html(&Page { headline, figure: figure(&frame, &answer), silence, may_ask, answer, frame })
}

/// Times that something was asked of projects, and given to them.
fn figure(frame: &Frame, answer: &ConversationsAnswer) -> Option<Figure> {
    let sum = |of: fn(&BurdenRow) -> u32| answer.burden.iter().map(|row| u64::from(of(row))).sum::<u64>();
    let counts = [
        ("engagements-asked-opened", sum(|row| row.requests)),
        ("engagements-asked-reminded", sum(|row| row.reminders)),
        ("engagements-replied", sum(|row| row.replies)),
        ("engagements-merged", sum(|row| row.merged)),
        ("engagements-given-patches", sum(|row| row.patches)),
        ("engagements-given-thanks", sum(|row| row.thanks)),
    ];
    let [opened, reminded, _, _, patches, thanks] = counts.map(|(_, count)| count);
    let bar = |(key, count): (&str, u64)| Bar { name: frame.t(key), count, href: "/engagements#burden".to_owned() };
    let words = [("asked", (opened + reminded).into()), ("given", (patches + thanks).into())];
    (!answer.burden.is_empty()).then(|| Figure {
        id: "asked-given",
        headline: text(frame.language, "engagements-figure", &words),
        subtitle: frame.t("engagements-measure"),
        source: frame.t("engagements-source"),
        as_of: answer.overview.as_of,
        csv_href: exports::address(&frame.here, Format::Csv),
        sql: String::new(),
        language: frame.language,
        picture: Picture::Bars(Bars {
            of: frame.t("engagements-what"),
            counted: frame.t("engagements-times"),
            bars: counts.into_iter().map(bar).collect(),
        }),
    })
}
