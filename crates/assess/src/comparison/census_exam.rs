// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The results of the Census of 2015 as an outside exam: 428 packages, each with every part of its index.

use underpin_testkit::exam;

use super::census::{CensusInputs, CensusPoints, census_points};
use crate::exam_rows::Books;

/// Fields of a file with quoted texts, which may hold commas, quotes and line ends.
fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    let mut letters = text.chars().filter(|letter| *letter != '\r').peekable();
    let mut is_quoted = false;
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => field.extend(letters.next()),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => row.push(std::mem::take(&mut field)),
            '\n' if !is_quoted => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            letter => field.push(letter),
        }
    }
    rows
}

/// The parts as the file writes them: `Website points: 0, CVE: 3, …`.
fn stated(text: &str) -> CensusPoints {
    let part = |name: &str| {
        let found = text.split(',').filter_map(|part| part.split_once(':')).find(|(own, _)| own.trim() == name);
        found.and_then(|(_, points)| points.trim().trim_start_matches('-').parse().ok()).expect(name)
    };
    CensusPoints {
        website: part("Website points"),
        cves: part("CVE"),
        contributors: part("12-month contributor"),
        popularity: part("Popularity"),
        language: part("Language"),
        exposure: part("Exposure"),
        data_only: part("Data only"),
    }
}

#[test]
fn all_packages_of_the_census_have_their_points() {
    let Some(folder) = exam("census") else { return };
    let text = std::fs::read_to_string(folder.join("results.csv")).expect("the results");
    let mut rows = rows(&text).into_iter();
    let names = rows.next().expect("a head");
    let mut books = Books::new("census 2015", &[]);
    for row in rows {
        let field = |name: &str| {
            let place = names.iter().position(|own| own == name).expect(name);
            row[place].as_str()
        };
        let language =
            if field("implemented_in").is_empty() { field("main_language_name") } else { field("implemented_in") };
        let known = CensusInputs {
            has_home_page: !(field("debian_home").is_empty() && field("openhub_home").is_empty()),
            is_in_c: matches!(language, "C" | "C++"),
            cves: field("CVE_since_2010").parse().unwrap_or(0),
            contributors: field("twelve_month_contributor_count").parse().ok(),
            popularity: field("package_popularity").parse().ok(),
            listens: field("direct_network_exposure") == "1",
            processes_network_data: field("process_network_data") == "1",
            raises_rights: field("potential_privilege_escalation") == "1",
            is_data_only: false,
        };
        let (found, stated) = (census_points(&known), stated(field("risk_index_components")));
        let index: u32 = field("risk_index").parse().expect("an index");
        let fault =
            (found != stated || found.index() != index).then(|| format!("{found:?} is not {stated:?} ({index})"));
        books.enter(field("project_name").to_owned(), fault);
    }
    books.close(428);
}
