// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the office does in a consultation: publishes it, looks at comments, answers them, closes it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use underpin_model::compass::{ConsultationClosing, ConsultationId, HeardGroup, HeardKind};
use underpin_office::compass::ConsultationChange;

use super::consultation::{Told, written};
use super::incident_view::author;
use super::{Answer, number};
use crate::error::WebError;
use crate::forms::Sent;
use crate::house::WebHouse;
use crate::visitor::Person;

/// Does it.
pub async fn act(State(house): State<Arc<WebHouse>>, person: Person, Path(id): Path<String>, sent: Sent) -> Answer {
    let id: ConsultationId = number(&id)?;
    person.check(sent.one("form_token"))?;
    let what = wanted(&sent).ok_or_else(|| WebError::new(StatusCode::UNPROCESSABLE_ENTITY, "usage"))?;
    match house.house.change_consultation(&author(&house, &person).await?, id, &what).await {
        Ok(()) => written(&house, &person.visitor, id, Told { done: "consult-done", ..Told::default() }).await,
        Err(error) => match error.code {
            "unknown-consultation" | "unknown-comment" => Err(WebError::not_found()),
            "invalid-consultation" | "empty-reason" | "too-long" => {
                let told = Told { fault: "fault-consultation", sent, ..Told::default() };
                let page = written(&house, &person.visitor, id, told).await?;
                Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
            }
            _ => Err(error.into()),
        },
    }
}

/// What the form wants; nothing where it cannot be read.
fn wanted(sent: &Sent) -> Option<ConsultationChange> {
    let comment = sent.one("comment").parse();
    match sent.one("act") {
        "publish" => Some(ConsultationChange::Publish),
        "show" => Some(ConsultationChange::Show { comment: comment.ok()? }),
        "hide" => Some(ConsultationChange::Hide { comment: comment.ok()?, ground: sent.one("ground").parse().ok()? }),
        "take-out" => {
            Some(ConsultationChange::TakeOut { comment: comment.ok()?, ground: sent.one("ground").parse().ok()? })
        }
        "answer" => Some(ConsultationChange::Answer {
            comment: comment.ok()?,
            verdict: sent.one("verdict").parse().ok()?,
            reason: sent.one("reason").to_owned(),
        }),
        "close" => {
            let heard = HeardKind::ALL.iter().filter_map(|kind| {
                let entered = sent.some(&format!("heard_{}", kind.as_str()))?;
                // What is no number is refused by what follows, never left out.
                Some(entered.parse().map(|count| HeardGroup { kind: *kind, count }))
            });
            let heard: Vec<HeardGroup> = heard.collect::<Result<_, _>>().ok()?;
            let heard = heard.into_iter().filter(|group| group.count > 0).collect();
            Some(ConsultationChange::Close {
                closing: ConsultationClosing { changed: sent.one("changed").to_owned(), heard },
            })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_that_cannot_be_read_does_nothing() {
        let sent = |pairs: &[(&str, &str)]| {
            Sent(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
        };
        let close =
            [("act", "close"), ("changed", "It begins later"), ("heard_maintainers", "4"), ("heard_others", "0")];
        let closing = ConsultationClosing {
            changed: "It begins later".to_owned(),
            heard: vec![HeardGroup { kind: HeardKind::Maintainers, count: 4 }],
        };
        assert_eq!(wanted(&sent(&close)), Some(ConsultationChange::Close { closing }));
        for form in [
            &[("act", "close"), ("changed", "x"), ("heard_others", "many")][..],
            &[("act", "hide"), ("comment", "M1")],
            &[("act", "show"), ("comment", "first")],
            &[("act", "take-out"), ("comment", "M1")],
            &[("act", "answer"), ("comment", "M1"), ("verdict", "perhaps")],
            &[("act", "burn")],
            &[],
        ] {
            assert_eq!(wanted(&sent(form)), None, "{form:?}");
        }
    }
}
