// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Answers as they are compared: without what tells only that something was written, and without the secrets of a session.

/// Fields that say how often something was written, whatever it was: numbers of the ledger's changes, of entries in its chain, and where
/// the next page of the trail begins. Whoever reads them learns that somebody did something, and nothing else.
pub const MASKED: [&str; 6] = ["snapshot", "revision", "sequence", "hash", "next", "entries"];

/// An answer without what says only that something was written, and without the secrets of a session.
pub fn plain(kind: &str, body: &str, form_token: &str) -> String {
    let body = if form_token.is_empty() { body.to_owned() } else { body.replace(form_token, "") };
    match serde_json::from_str::<serde_json::Value>(&body) {
        Ok(mut json) => {
            mask(&mut json);
            json.to_string()
        }
        Err(_) if kind.starts_with("text/csv") => rows(&body),
        Err(_) if kind.starts_with("text/html") => page(&body),
        Err(_) => body,
    }
}

fn mask(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(fields) => {
            MASKED.iter().for_each(|name| _ = fields.remove(*name));
            fields.values_mut().for_each(mask);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(mask),
        _ => {}
    }
}

/// A file of rows without the columns that are masked.
fn rows(text: &str) -> String {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut kept: Vec<Vec<String>> = Vec::new();
    let mut masked: Vec<bool> = Vec::new();
    for record in reader.records() {
        let record = record.expect("rows");
        if masked.is_empty() {
            masked = record.iter().map(|name| MASKED.contains(&name)).collect();
        }
        let cells = record.iter().zip(&masked).filter(|(_, is_masked)| !**is_masked);
        kept.push(cells.map(|(cell, _)| cell.to_owned()).collect());
    }
    format!("{kept:?}")
}

/// A page without the numbers of entries, and of changes of the ledger.
fn page(text: &str) -> String {
    ["<th scope=\"row\" class=\"number\">", "<dt>Changes of the ledger</dt><dd>", "before="].iter().fold(
        text.to_owned(),
        |text, before| {
            let mut parts = text.split(before);
            let first = parts.next().unwrap_or_default().to_owned();
            parts.fold(first, |kept, part| {
                kept + before + part.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == ',')
            })
        },
    )
}

/// Where two answers part.
pub fn parting(one: &str, other: &str) -> String {
    let place = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let near = |text: &str| {
        String::from_utf8_lossy(&text.as_bytes()[place.saturating_sub(80).min(text.len())..])
            .chars()
            .take(220)
            .collect::<String>()
    };
    format!("{:?}\n  {:?}", near(one), near(other))
}
