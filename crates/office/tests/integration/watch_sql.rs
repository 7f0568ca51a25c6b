// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is watched, asked in SQL: the same as every other answer, for everybody, and the priority as text.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;
use underpin_assess::severity::priority::level_and_score;
use underpin_assess::severity::{PlaceFacts, Standing, sql as texts};
use underpin_lake::{SqlAnswer, Value, WATCH_VIEWS};
use underpin_model::inventory::Scope;
use underpin_model::registry::{Classification, Exposure, ProtectionNeed};
use underpin_model::watch::Place as DecisionPlace;
use underpin_model::{Timestamp, Viewer};
use underpin_office::intake::Silent;
use underpin_office::watch::estate::Watched;
use underpin_office::watch::findings::{FindingRow, FindingsQuery};
use underpin_office::{Desk, House};

use crate::documents::{Place, author, day};
use crate::watch::{lines, options, place, record, ruling, sync};

async fn answer(house: &House, desk: &Arc<Desk>, text: &str) -> SqlAnswer {
    house.sql(desk, text).await.expect(text).answer
}

async fn rows(house: &House, desk: &Arc<Desk>, text: &str) -> Vec<Vec<Value>> {
    answer(house, desk, text).await.rows().expect(text)
}

async fn number(house: &House, desk: &Arc<Desk>, text: &str) -> i64 {
    match rows(house, desk, text).await.first().and_then(|row| row.first()) {
        Some(Value::Integer(number)) => *number,
        other => panic!("{text}: {other:?}"),
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn truth(value: Option<bool>) -> Value {
    value.map_or(Value::Null, Value::Boolean)
}

const COLUMNS: &str = "agency, system, package, vulnerability, level, score, severity, severity_score, likelihood, \
    ransomware, us_due, status, reason, has_fix, direct, scope, exposure, need, decision, statement, reopened, reopened_because";

/// A finding of `underpin findings` in these columns.
fn expected(row: &FindingRow<'_>) -> Vec<Value> {
    let float = |number: Option<f64>| number.map_or(Value::Null, Value::Float);
    vec![
        text(row.agency),
        text(row.system),
        text(row.package),
        text(row.vulnerability),
        text(row.priority),
        Value::Integer(row.score.into()),
        text(row.severity),
        float(row.severity_score.map(|score| score.parse().expect("a score"))),
        float(row.likelihood.map(f64::from)),
        truth(row.ransomware),
        row.us_due.map_or(Value::Null, |due| Value::Integer(due.0)),
        text(row.status),
        text(row.reason),
        Value::Boolean(row.has_fix),
        truth(row.direct),
        text(row.scope),
        text(row.exposure),
        text(row.need),
        row.decision.as_deref().map_or(Value::Null, text),
        row.statement.map_or(Value::Null, text),
        row.reopened.as_ref().map_or(Value::Null, |(by, _)| text(by)),
        row.reopened.as_ref().map_or(Value::Null, |(_, why)| text(why)),
    ]
}

fn sorted(mut rows: Vec<Vec<Value>>) -> Vec<Vec<Value>> {
    rows.sort_by_cached_key(|row| format!("{row:?}"));
    rows
}

/// SQL and `findings` give the same rows and the same numbers, whatever is asked. Gives how many findings there are.
async fn agree(house: &House, viewer: Viewer, at: Timestamp) -> usize {
    let desk = Arc::new(house.desk(viewer.clone(), at).await.expect("a desk"));
    let watched: Watched = house.watch(&desk).await.expect("watches");
    let every = FindingsQuery { statuses: vec!["all".to_owned()], rows: usize::MAX, ..FindingsQuery::default() };
    let whole = watched.findings(&desk, &every).expect("answers");
    let of_findings: Vec<Vec<Value>> = whole.rows.iter().map(expected).collect();
    let of_sql = rows(house, &desk, &format!("SELECT {COLUMNS} FROM finding")).await;
    assert!(sorted(of_sql) == sorted(of_findings), "{viewer:?}: the rows differ");

    let count = |condition: String| format!("SELECT count(*) FROM finding WHERE {condition}");
    let spread = |take: fn(&FindingRow<'_>) -> String| -> BTreeSet<String> {
        let all: BTreeSet<String> = whole.rows.iter().map(take).collect();
        let step = all.len() / 4 + 1;
        all.into_iter().step_by(step).collect()
    };
    for name in spread(|row| row.system.to_owned()) {
        let asked = FindingsQuery { system: Some(name.clone()), rows: 0, ..every.clone() };
        let total = watched.findings(&desk, &asked).expect("answers").total as i64;
        assert_eq!(number(house, &desk, &count(format!("system = '{name}'"))).await, total, "{name}");
    }
    for name in spread(|row| row.vulnerability.to_owned()) {
        let total = whole.rows.iter().filter(|row| row.vulnerability == name).count() as i64;
        assert_eq!(number(house, &desk, &count(format!("vulnerability = '{name}'"))).await, total, "{name}");
    }
    for (status, total) in &whole.by_status {
        let found = number(house, &desk, &count(format!("status = '{status}'"))).await;
        assert_eq!(found, *total as i64, "{status}");
    }
    for condition in ["status = 'nonsense'", "system = 'nonsense'", "agency = 'x' AND agency = 'y'", "package = 'x'"] {
        assert_eq!(number(house, &desk, &count(condition.to_owned())).await, 0, "{condition}");
    }
    tables_fit_together(house, &desk).await;
    whole.rows.len()
}

/// What one table names is in the others.
async fn tables_fit_together(house: &House, desk: &Arc<Desk>) {
    for nothing in [
        "SELECT count(*) FROM match LEFT JOIN package_version USING (package_version) WHERE purl IS NULL",
        "SELECT count(*) FROM match LEFT JOIN vulnerability USING (vulnerability) WHERE severity IS NULL",
        "SELECT count(*) FROM vulnerability LEFT JOIN match USING (vulnerability) WHERE verdict IS NULL",
        "SELECT count(*) FROM finding f WHERE NOT EXISTS (SELECT 1 FROM match m WHERE m.vulnerability = f.vulnerability \
         AND m.package = f.package AND m.package_version = f.package_version AND m.reason = f.reason)",
        "SELECT count(*) FROM finding f JOIN vulnerability v USING (vulnerability) WHERE f.urgency_rank <> v.urgency_rank",
        "SELECT count(*) FROM exploited LEFT JOIN vulnerability USING (vulnerability) WHERE NOT coalesce(exploited, FALSE)",
        "SELECT count(*) FROM finding WHERE level IS NULL OR score IS NULL",
    ] {
        assert_eq!(number(house, desk, nothing).await, 0, "{nothing}");
    }
}

#[tokio::test]
async fn findings_are_the_same_in_sql_before_and_after_decisions() {
    let place = place().await;
    let feeds = [
        record("GHSA-aaaa-bbbb-cccc", &["CVE-2026-0001"], "pad-left", "1.3.0"),
        record("GHSA-dddd-eeee-ffff", &["CVE-2026-0002"], "pad-left", "1.9.0"),
    ];
    sync(&place, &lines(&feeds), "2026-02-02").await;
    let at = |text| day(text);
    assert_eq!(agree(&place.house, Viewer::Operator, at("2026-02-03")).await, 3);
    let desk = place.desk("2026-02-03").await;
    let watched = place.house.watch(&desk).await.expect("watches");
    let clerk = author("clerk", "2026-02-04");
    let system = ruling(DecisionPlace::System("portal".into()), "2026-02-04");
    place.house.decide(&watched, &clerk, "CVE-2026-0002", "", &system).await.expect("decides");
    assert_eq!(agree(&place.house, Viewer::Operator, at("2026-02-05")).await, 3);

    let desk = Arc::new(place.desk("2026-02-05").await);
    let told = "SELECT system, status, verdict, level FROM finding WHERE vulnerability = 'CVE-2026-0002' ORDER BY 1";
    let row = |system, status| [text(system), text(status), text("affected"), text("planned")].to_vec();
    assert_eq!(rows(&place.house, &desk, told).await, [row("mail", "open"), row("portal", "not-affected")]);
    let told = "SELECT decision, state, vulnerability, place, system, status, justification FROM decision";
    let words = ["V1", "in force", "CVE-2026-0002", "system", "portal", "not-affected", "vulnerable-code-not-present"];
    assert_eq!(rows(&place.house, &desk, told).await, [words.map(text).to_vec()]);
    let told = "SELECT package, verdict, reason, has_fix, upgrade FROM match WHERE vulnerability = 'CVE-2026-0001'";
    let row = [text("pkg:npm/pad-left@1.2.0"), text("affected"), text("in-range"), truth(Some(true)), text("1.9.0")];
    assert_eq!(rows(&place.house, &desk, told).await, [row.to_vec()]);
    let told =
        "SELECT aliases, advisories, severity_score, exploited, kev, summary FROM vulnerability ORDER BY vulnerability";
    let row = [
        text("GHSA-aaaa-bbbb-cccc"),
        text("osv/npm GHSA-aaaa-bbbb-cccc"),
        Value::Float(9.8),
        Value::Null,
        Value::Null,
        text("pad-left pads too far"),
    ];
    assert_eq!(rows(&place.house, &desk, told).await[0], row);
    // What withdrew its effect is told, too.
    let number = underpin_model::watch::DecisionId(1);
    let chief = author("chief", "2026-02-06");
    place.house.withdraw_decision(&chief, number, "it is built in after all").await.expect("withdraws");
    assert_eq!(agree(&place.house, Viewer::Operator, at("2026-02-07")).await, 3);
    let later = Arc::new(place.desk("2026-02-07").await);
    let told = "SELECT status, decision, reopened, reopened_because FROM finding WHERE reopened IS NOT NULL";
    let row = [text("open"), Value::Null, text("V1"), text("withdrawn")];
    assert_eq!(rows(&place.house, &later, told).await, [row]);
    let told = "SELECT feed, stale, age_days FROM feed";
    assert_eq!(rows(&place.house, &desk, told).await, [[text("osv/npm"), truth(Some(true)), Value::Integer(3)]]);
}

#[tokio::test]
async fn a_list_that_is_not_held_says_nothing() {
    let place = place().await;
    sync(&place, &lines(&[record("GHSA-aaaa-bbbb-cccc", &["CVE-2026-0001"], "pad-left", "1.9.0")]), "2026-02-02").await;
    let list = json!({
        "title": "list", "catalogVersion": "1", "dateReleased": "2026-02-01T10:00:00Z", "count": 1,
        "vulnerabilities": [{
            "cveID": "CVE-2026-0001", "vendorProject": "Pads", "product": "pad-left", "vulnerabilityName": "too far",
            "dateAdded": "2026-02-01", "shortDescription": "It pads too far.", "requiredAction": "Update.",
            "dueDate": "2026-02-22", "knownRansomwareCampaignUse": "Known", "notes": "",
        }],
    });
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("kev.json");
    std::fs::write(&path, list.to_string()).expect("writes");
    let options = options(vec![path], "2026-02-03");
    place.house.sync_from_paths(&options, day("2026-02-03"), &Silent).await.expect("syncs");
    assert_eq!(agree(&place.house, Viewer::Operator, day("2026-02-04")).await, 2);
    let desk = Arc::new(place.desk("2026-02-04").await);
    let told = "SELECT exploited, kev, euvd, ransomware, us_due FROM vulnerability";
    let due = Value::Integer(day("2026-02-22").0);
    let yes = || truth(Some(true));
    assert_eq!(rows(&place.house, &desk, told).await, [[yes(), yes(), Value::Null, yes(), due.clone()]]);
    let told = "SELECT vulnerability, listed_as, list, added, us_due, ransomware, action FROM exploited";
    let name = || text("CVE-2026-0001");
    let added = Value::Integer(day("2026-02-01").0);
    let row = [name(), name(), text("kev"), added, due, yes(), text("Update.")];
    assert_eq!(rows(&place.house, &desk, told).await, [row]);
    assert_eq!(rows(&place.house, &desk, "SELECT DISTINCT level FROM finding").await, [[text("act-now")]]);
}

#[tokio::test]
async fn freshness_comes_with_what_comes_from_feeds_and_nothing_is_made_in_vain() {
    let place = place().await;
    sync(&place, &lines(&[record("GHSA-aaaa-bbbb-cccc", &[], "pad-left", "1.3.0")]), "2026-02-02").await;
    let desk = Arc::new(place.desk("2026-02-03").await);
    for (sql, of_feeds) in [
        ("SELECT count(*) FROM use", false),
        ("SELECT count(*) FROM standing", false),
        ("SELECT count(*) FROM information_schema.columns", false),
        ("SELECT count(*) FROM finding", true),
        ("SELECT count(*) FROM \"finding_stored\"", true),
        ("SELECT count(*) FROM MATCH", true),
        ("WITH a AS (SELECT * FROM vulnerability) SELECT count(*) FROM a", true),
        ("SELECT count(*) FROM exploited, decision", true),
        ("SELECT count(*) FROM feed", true),
        ("SELECT count(*) FROM end_of_life", true),
    ] {
        let found = place.house.sql(&desk, sql).await.expect(sql);
        assert_eq!(found.freshness.is_some(), of_feeds, "{sql}");
    }
}

#[tokio::test]
async fn in_norvania_everybody_finds_the_same_in_sql() {
    let folder = tempfile::tempdir().expect("a folder");
    let house = House::open(crate::documents::settings_in_force(&folder.path().join("data"))).await.expect("opens");
    underpin_office::demo::build(&house, "test", &Silent).await.expect("builds");
    let now = day(underpin_office::demo::CLOCK);
    let all = agree(&house, Viewer::Operator, now).await;
    let desk = house.desk(Viewer::Operator, now).await.expect("a desk");
    let mut few = 0;
    for agency in desk.snapshot.agencies.iter().take(6) {
        let of_one = Viewer::Agency { agencies: vec![agency.id.clone()], clearance: Classification::Internal };
        let seen = agree(&house, of_one, now).await;
        few += usize::from(seen > 0 && seen < all);
    }
    assert!(all > 1 && few > 0, "{all} {few}");
    assert_eq!(agree(&house, Viewer::Stranger, now).await, 0);

    // The same with real advisories, where they lie beside the clone.
    let Some(osv) = underpin_testkit::osv() else { return };
    let files: Vec<PathBuf> = ["Maven", "PyPI", "Debian_DSA_DLA"].map(|name| osv.join(format!("{name}.jsonl"))).into();
    house.sync_from_paths(&options(files, "now"), now, &Silent).await.expect("syncs");
    let real = agree(&house, Viewer::Operator, now).await;
    assert!(real > 10 * all, "{real} of real advisories, {all} before");
}

#[tokio::test]
async fn the_priority_as_text_is_the_priority() {
    let place = Place::new().await;
    let desk = Arc::new(place.desk("2026-02-03").await);
    let standing = texts::standing_rank("exposure", "need", "direct", "scope");
    let (level, score) = (texts::level("urgency_rank", "standing_rank"), texts::score("urgency_rank", "standing_rank"));
    let of_places =
        rows(&place.house, &desk, &format!("SELECT place, exposure, need, direct, scope, {standing} FROM place")).await;
    let of_view =
        rows(&place.house, &desk, "SELECT place, exposure, need, direct, scope, standing_rank FROM standing").await;
    assert!(sorted(of_places.clone()) == sorted(of_view), "the view differs from its text");
    let mut ranks = BTreeSet::new();
    let mut expected = Vec::new();
    for (exposure, need) in
        Exposure::ALL.iter().flat_map(|exposure| ProtectionNeed::ALL.iter().map(move |need| (exposure, need)))
    {
        for (direct, scope) in
            [None, Some(true), Some(false)].iter().flat_map(|direct| Scope::ALL.map(move |scope| (direct, scope)))
        {
            let facts = PlaceFacts { exposure: *exposure, need: *need, direct: *direct, scope };
            let rank = Standing::of(&facts).rank;
            ranks.insert(rank);
            let words = [text(exposure.as_str()), text(need.as_str()), truth(*direct), text(scope.as_str())];
            expected.push([words.to_vec(), vec![Value::Integer(rank.into())]].concat());
        }
    }
    assert_eq!(expected.len(), 360);
    let found = of_places.into_iter().map(|row| row[1..].to_vec()).collect();
    assert!(sorted(found) == sorted(expected), "ranks of places differ");

    // Every standing with every urgency, at the least and the most points.
    let urgencies: Vec<u16> = (0..6).flat_map(|tier| [tier * 2_000, tier * 2_000 + 1_270]).collect();
    let listed: Vec<String> = urgencies.iter().map(|rank| format!("({rank})")).collect();
    let asked = format!(
        "SELECT urgency_rank, standing_rank, {level}, {score} FROM (SELECT DISTINCT standing_rank FROM standing) \
         CROSS JOIN (VALUES {}) AS urgencies (urgency_rank)",
        listed.join(", ")
    );
    let mut expected = Vec::new();
    for (urgency, standing) in urgencies.iter().flat_map(|urgency| ranks.iter().map(move |rank| (urgency, rank))) {
        let (level, score) = level_and_score(*urgency, *standing);
        let numbers = [Value::Integer((*urgency).into()), Value::Integer((*standing).into())];
        expected.push([numbers.to_vec(), vec![text(level.as_str()), Value::Integer(score.into())]].concat());
    }
    assert!(sorted(rows(&place.house, &desk, &asked).await) == sorted(expected), "levels or scores differ");

    // What people read in the views is that text.
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let view = |name: &str| {
        let view = WATCH_VIEWS.iter().find(|view| view.name == name).expect("a view");
        let lines: Vec<&str> = view.sql.lines().filter(|line| !line.starts_with("--")).collect();
        words(&lines.join("\n"))
    };
    assert!(view("standing").contains(&format!("{} AS standing_rank", words(&standing))), "it should be {standing}");
    assert!(view("finding").contains(&format!("{} AS level", words(&level))), "it should be {level}");
    assert!(view("finding").contains(&format!("{} AS score", words(&score))), "it should be {score}");
}
