// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What pages ask, in SQL: the same rows from the tables that everybody may ask freely. Tests hold the counts against the pages.

use underpin_model::DocumentId;
use underpin_model::registry::AgencyId;
use underpin_office::Desk;
use underpin_office::coordinator::document_list::DocumentFilter;
use underpin_office::coordinator::query::PackageQuery;
use underpin_office::watch::findings::FindingsQuery;

/// Words of severities, the worst first.
const SEVERITIES: [&str; 7] = ["critical", "high", "medium", "low", "negligible", "none", "unknown"];
/// Words of priorities, the most urgent first.
const LEVELS: [&str; 4] = ["act-now", "soon", "planned", "watch"];

/// A text as SQL writes it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A list of texts.
fn listed<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    texts.map(quoted).collect::<Vec<_>>().join(", ")
}

/// `words` from the first on up to one of them, as a condition on a column; a word that is none of them allows nothing.
fn at_least(column: &str, words: &[&'static str], lowest: &str) -> String {
    let count = words.iter().position(|word| *word == lowest).map_or(0, |place| place + 1);
    match count {
        0 => "false".to_owned(),
        _ => format!("{column} IN ({})", listed(words[..count].iter().copied())),
    }
}

/// Every word in one of the columns.
fn words_in(text: &str, columns: &[&str]) -> Vec<String> {
    let word = |word: &str| {
        let here: Vec<String> =
            columns.iter().map(|column| format!("strpos(lower({column}), {}) > 0", quoted(word))).collect();
        if here.len() == 1 { here.concat() } else { format!("({})", here.join(" OR ")) }
    };
    text.to_lowercase().split_whitespace().map(word).collect()
}

fn select(columns: &str, table: &str, conditions: &[String], order: &str) -> String {
    let conditions =
        if conditions.is_empty() { String::new() } else { format!("\nWHERE {}", conditions.join("\n  AND ")) };
    format!("SELECT {columns}\nFROM {table}{conditions}\nORDER BY {order}")
}

/// Agencies with everything below one of them.
fn below(desk: &Desk, name: &str) -> String {
    if let Some(bare) = name.strip_prefix('=') {
        return quoted(&desk.agency_called(bare).map_or_else(|_| bare.to_owned(), |agency| agency.id.0.clone()));
    }
    let top = desk.agency_called(name).map_or_else(|_| AgencyId(name.to_owned()), |agency| agency.id.clone());
    let ids = desk.with_descendants(&top);
    if ids.is_empty() { quoted(&top.0) } else { listed(ids.iter().map(|id| id.0.as_str())) }
}

const FINDING: &str =
    "level, score, agency, system, package, vulnerability, severity, severity_score, likelihood, exploited, status";

/// Findings. The days on which they are due follow from the rules of the house and are in no table: `None` for what asks for them.
pub fn findings(desk: &Desk, query: &FindingsQuery) -> Option<String> {
    let conditions = conditions(desk, query)?;
    Some(select(FINDING, "finding", &conditions, "score DESC, system, package, vulnerability"))
}

/// The findings that a list of decisions is made from, by package version: undecided ones with a known fix.
pub fn fold(desk: &Desk, query: &FindingsQuery) -> Option<String> {
    let mut conditions = conditions(desk, query)?;
    conditions.extend(["has_fix".to_owned(), "decision IS NULL".to_owned()]);
    Some(format!(
        "SELECT package, count(*) AS findings, count(DISTINCT system) AS systems\nFROM finding\nWHERE {}\n\
         GROUP BY package ORDER BY findings DESC, package",
        conditions.join("\n  AND ")
    ))
}

/// Findings by severity.
pub fn by_severity(desk: &Desk, query: &FindingsQuery) -> Option<String> {
    let conditions = conditions(desk, query)?;
    let filter = if conditions.is_empty() { String::new() } else { format!("WHERE {}\n", conditions.join("\n  AND ")) };
    Some(format!(
        "SELECT severity, count(*) AS findings FROM finding\n{filter}GROUP BY severity ORDER BY findings DESC"
    ))
}

fn conditions(desk: &Desk, query: &FindingsQuery) -> Option<Vec<String>> {
    if query.overdue || query.due_before.is_some() {
        return None;
    }
    let mut conditions = Vec::new();
    match query.statuses.as_slice() {
        [] => conditions.push("status NOT IN ('fixed', 'not-affected')".to_owned()),
        words if words.iter().any(|word| word == "all") => {}
        words => conditions.push(format!("status IN ({})", listed(words.iter().map(String::as_str)))),
    }
    conditions.extend(query.priority.iter().map(|level| at_least("level", &LEVELS, level)));
    let severity = |word: &String| match word.strip_prefix('=') {
        Some(word) => format!("severity = {}", quoted(word)),
        None => at_least("severity", &SEVERITIES, word),
    };
    conditions.extend(query.severity.iter().map(severity));
    if query.exploited {
        conditions.push("exploited".to_owned());
    }
    conditions.extend(query.agency.iter().map(|name| format!("agency IN ({})", below(desk, name))));
    if let Some(name) = &query.system {
        let id = desk.system_called(name).map_or(name.as_str(), |system| system.id.0.as_str());
        conditions.push(format!("system = {}", quoted(id)));
    }
    conditions.extend(words_in(&query.package, &["package"]));
    conditions.extend(query.vulnerability.iter().map(|name| called(name)));
    let words = words_in(&query.text, &["vulnerability", "aliases", "summary"]);
    if !words.is_empty() {
        let inner = words.join(" AND ");
        conditions.push(format!("vulnerability IN (SELECT vulnerability FROM vulnerability WHERE {inner})"));
    }
    conditions.extend(query.purl.iter().map(|purl| of_purl(purl)));
    let from = |base: &String| {
        format!("strpos(concat('&', split_part(package, '?', 2), '&'), {}) > 0", quoted(&format!("&distro={base}&")))
    };
    conditions.extend(query.base.iter().map(from));
    conditions.extend(query.fixable.map(|fixable| if fixable { "has_fix" } else { "NOT has_fix" }.to_owned()));
    Some(conditions)
}

/// One package version; all versions of one package where the purl has none.
fn of_purl(purl: &str) -> String {
    if purl.split_once('?').map_or(purl, |(path, _)| path).contains('@') {
        return format!("package = {}", quoted(purl));
    }
    let starts = |sign| format!("starts_with(package, {})", quoted(&format!("{purl}{sign}")));
    format!("(package = {} OR {} OR {})", quoted(purl), starts('@'), starts('?'))
}

/// A vulnerability by any of its names.
fn called(name: &str) -> String {
    let name = name.trim();
    format!(
        "vulnerability IN (SELECT vulnerability FROM vulnerability WHERE vulnerability = {} OR strpos(concat(' ', aliases, ' '), {}) > 0)",
        quoted(name),
        quoted(&format!(" {name} "))
    )
}

/// Systems hit by a vulnerability, in every state.
pub fn vulnerability(name: &str) -> String {
    select(FINDING, "finding", &[format!("vulnerability = {}", quoted(name))], "agency, system, package")
}

/// Package versions of a system.
pub fn system(id: &str) -> String {
    let columns = "DISTINCT package, type, namespace, name, version";
    select(columns, "use", &[format!("system = {}", quoted(id))], "type, namespace, name, version")
}

/// Agencies, with how many active systems they run and of how many documents tell.
pub fn agencies() -> String {
    "SELECT agency.agency, agency.name, agency.parent, agency.contact, agency.declared_systems,\n  \
     count(DISTINCT system.system) AS systems,\n  \
     count(DISTINCT CASE WHEN binding.current THEN binding.system END) AS with_documents\n\
     FROM agency\n\
     LEFT JOIN system ON system.agency = agency.agency AND system.status = 'active'\n\
     LEFT JOIN binding ON binding.system = system.system\n\
     GROUP BY agency.agency, agency.name, agency.parent, agency.contact, agency.declared_systems\n\
     ORDER BY agency.agency"
        .to_owned()
}

/// Active systems of one agency.
pub fn agency(id: &str) -> String {
    let conditions = [format!("agency = {}", quoted(id)), "status = 'active'".to_owned()];
    select("system, name, purpose, exposure, classification, operator, contact", "system", &conditions, "system")
}

/// Documents. Patterns of tools are for the page only.
pub fn documents(desk: &Desk, filter: &DocumentFilter) -> Option<String> {
    if filter.superseded || filter.agency.is_some() || filter.tool.as_ref().is_some_and(|tool| tool.contains('*')) {
        return None;
    }
    let mut conditions = Vec::new();
    conditions.extend(filter.state.map(|state| format!("state = {}", quoted(state.as_str()))));
    conditions.extend(filter.tool.iter().map(|tool| format!("lower(tool) = {}", quoted(&tool.to_lowercase()))));
    if filter.with_gaps {
        conditions.push("state = 'accepted'".to_owned());
        conditions.push("document IN (SELECT document FROM gap)".to_owned());
    }
    if let Some((from, before)) = filter.made {
        conditions.push(format!("made >= {} AND made < {}", from.0, before.0));
    }
    if filter.unbound {
        conditions.push("state = 'accepted'".to_owned());
        conditions.push("document NOT IN (SELECT document FROM binding)".to_owned());
    }
    if let Some(name) = &filter.system {
        let id = desk.system_called(name).map_or(name.as_str(), |system| system.id.0.as_str());
        conditions.push(format!("document IN (SELECT document FROM binding WHERE system = {})", quoted(id)));
    }
    let columns = "document, state, reason, format, tool, subject, made, learned, size_bytes";
    Some(select(columns, "catalogue", &conditions, "learned DESC, document DESC"))
}

/// Gaps of a document, with their places.
pub fn document(document: DocumentId) -> String {
    select("code, place, detail, count", "gap", &[format!("document = {}", document.0)], "code, place, detail")
}

/// What a document states, package by package.
pub fn occurrences(document: DocumentId) -> String {
    let columns = "package_version.purl, occurrence.scope, occurrence.direct, occurrence.evidence";
    let table = "occurrence\nJOIN package_version ON package_version.package_version = occurrence.package_version";
    select(columns, table, &[format!("occurrence.document = {}", document.0)], "package_version.purl")
}

/// Documents by the month in which they were made, and by how good they are: `past` is what was taken back, removed or replaced.
pub fn documents_by_month() -> String {
    "SELECT substr(cast(to_timestamp_micros(catalogue.made) AS varchar), 1, 7) AS month,\n  \
     CASE WHEN catalogue.state = 'quarantined' THEN 'unread'\n    \
     WHEN catalogue.state <> 'accepted' OR bound.is_current = false THEN 'past'\n    \
     WHEN faulty.document IS NOT NULL THEN 'gaps'\n    \
     ELSE 'whole' END AS quality,\n  \
     count(*) AS documents\n\
     FROM catalogue\n\
     LEFT JOIN (SELECT document, bool_or(current) AS is_current FROM binding GROUP BY document) AS bound\n  \
     ON bound.document = catalogue.document\n\
     LEFT JOIN (SELECT DISTINCT document FROM gap) AS faulty ON faulty.document = catalogue.document\n\
     GROUP BY month, quality\n\
     ORDER BY month DESC, quality"
        .to_owned()
}

/// Uses of a package, where the question is a name or a purl.
pub fn uses(words: &str) -> Option<String> {
    let columns = "DISTINCT agency, system, package, purl, version";
    Some(select(columns, "use", &fitting(words)?, "agency, system, purl"))
}

/// Uses of these packages.
pub fn uses_of(packages: &[String]) -> String {
    let of = |purl: &String| {
        let forms = [
            format!("purl = {}", quoted(purl)),
            format!("starts_with(purl, {})", quoted(&format!("{purl}@"))),
            format!("starts_with(purl, {})", quoted(&format!("{purl}?"))),
        ];
        forms.join(" OR ")
    };
    let conditions: Vec<String> = packages.iter().map(of).collect();
    select(
        "DISTINCT agency, system, purl, scope",
        "use",
        &[format!("({})", conditions.join(" OR "))],
        "agency, system, purl",
    )
}

/// Packages by the number of systems that use them: what the dependence on projects is put together from.
pub fn packages() -> String {
    select("*", "package_systems", &[], "systems DESC, type, namespace, name")
}

/// Projects by expected harm.
pub fn project_risks() -> String {
    select("*", "project_risk", &[], "place")
}

/// How a package got into a system: one row for each document and package version.
pub fn paths(system: &str, words: &str) -> Option<String> {
    let mut conditions = fitting(words)?;
    conditions.push(format!("system = {}", quoted(system)));
    Some(select("DISTINCT document, purl, version, scope, direct, depth, via", "use", &conditions, "document, purl"))
}

/// Uses that a name or a purl fits.
fn fitting(words: &str) -> Option<Vec<String>> {
    match PackageQuery::parse(words).ok()? {
        PackageQuery::Name { namespace, name } => {
            let mut conditions = vec![format!("lower(name) = {}", quoted(&name.to_lowercase()))];
            conditions.extend(namespace.map(|text| format!("lower(namespace) = {}", quoted(&text.to_lowercase()))));
            Some(conditions)
        }
        PackageQuery::Purl(_) => {
            let purl = words.trim();
            let mut forms = vec![format!("purl = {}", quoted(purl))];
            forms.extend(['@', '?'].map(|sign| format!("starts_with(purl, {})", quoted(&format!("{purl}{sign}")))));
            Some(vec![format!("({})", forms.join(" OR "))])
        }
        _ => None,
    }
}

/// Packages whose versions differ between two documents.
pub fn difference(older: &str, newer: &str) -> String {
    let stated = |document: &str| {
        format!(
            "(SELECT concat_ws('/', type, namespace, name) AS package, string_agg(DISTINCT version, ', ' ORDER BY version) AS versions\n   \
             FROM occurrence JOIN package_version ON package_version.package_version = occurrence.package_version\n   \
             WHERE occurrence.document = {}\n   \
             GROUP BY package_version.type, package_version.namespace, package_version.name)",
            document.trim_start_matches('D')
        )
    };
    format!(
        "SELECT coalesce(newer.package, older.package) AS package, older.versions AS \"from\", newer.versions AS \"to\"\n\
         FROM {} AS older\n\
         FULL JOIN {} AS newer ON newer.package = older.package\n\
         WHERE newer.versions IS DISTINCT FROM older.versions\n\
         ORDER BY package",
        stated(older),
        stated(newer)
    )
}

/// Everything about one thing.
pub fn one(table: &str, id: &str) -> String {
    select("*", table, &[format!("{table} = {}", quoted(id))], table)
}

/// Systems that are written down, whatever became of them.
pub fn registry() -> String {
    select("system, name, agency, status, exposure, classification, operator, contact", "system", &[], "system")
}

/// Feeds with their age.
pub fn feeds() -> String {
    select("*", "feed", &[], "feed")
}

/// Decisions.
pub fn decisions() -> String {
    select("*", "decision", &[], "recorded DESC, decision")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_cannot_end_a_text() {
        assert_eq!(quoted("a'b; --"), "'a''b; --'");
        assert_eq!(system("x' OR 'a' = 'a").matches("system = 'x'' OR ''a'' = ''a'").count(), 1);
        assert!(called("CVE-1'").contains("vulnerability = 'CVE-1'''"));
    }

    #[test]
    fn lowest_words_allow_all_above() {
        assert_eq!(at_least("level", &LEVELS, "soon"), "level IN ('act-now', 'soon')");
        assert_eq!(at_least("level", &LEVELS, "never"), "false");
    }

    #[test]
    fn every_word_must_be_there() {
        assert_eq!(
            words_in("Npm  LEFT", &["package"]),
            ["strpos(lower(package), 'npm') > 0", "strpos(lower(package), 'left') > 0"]
        );
        assert_eq!(words_in(" ", &["package"]), Vec::<String>::new());
    }

    #[test]
    fn only_names_and_purls_become_questions_about_uses() {
        assert!(uses("log4j-core").is_some_and(|sql| sql.contains("lower(name) = 'log4j-core'")));
        assert!(uses("pkg:npm/left-pad").is_some_and(|sql| sql.contains("starts_with(purl, 'pkg:npm/left-pad@')")));
        assert_eq!(uses("licence:MIT"), None);
        assert_eq!(uses("log4j-*"), None);
    }
}
