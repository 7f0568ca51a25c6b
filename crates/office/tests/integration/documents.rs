// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Documents: listed, shown, given back, bound, taken back, and read again.

use std::path::{Path, PathBuf};

use underpin_ledger::{DocumentFacts, Ledger, Location};
use underpin_model::registry::{Agency, System};
use underpin_model::{DocumentState, Limits, Timestamp, Viewer};
use underpin_office::cluster::{ClusterKeys, ClusterSecret, EngineSettings};
use underpin_office::coordinator::Author;
use underpin_office::coordinator::document_list::DocumentFilter;
use underpin_office::coordinator::registry_fields::Fields;
use underpin_office::intake::{AddOptions, Silent, Target};
use underpin_office::keeping::restore::restore;
use underpin_office::{Desk, House, Settings, StoreLocation};
use underpin_testkit::s3::{self, S3};
use underpin_testkit::{cluster, postgres};

/// A house with the agency `tax` and its systems `portal` and `mail`, since January 2026.
pub struct Place {
    pub house: House,
    pub settings: Settings,
    pub folder: tempfile::TempDir,
}

/// A house below a folder; its ledger is on PostgreSQL, its evidence in a bucket and its analysis on a cluster where the suite runs that
/// way.
pub fn settings_in_force(data: &Path) -> Settings {
    let store = s3::in_force().map(|server| in_bucket(server, &s3::prefix_of(data)));
    let ledger = postgres::in_force(data).map(Location::Postgres);
    let settings = Settings { store, ledger, ..Settings::embedded(data) };
    Settings { engine: engine_in_force(data, &settings.limits), ..settings }
}

/// The cluster of a house, which is asked however small a question is.
fn engine_in_force(data: &Path, limits: &Limits) -> Option<EngineSettings> {
    let mut store = Vec::new();
    if let Some(server) = s3::in_force() {
        store.extend(server.environment());
        store.push(("UNDERPIN_STORE", server.url(&s3::prefix_of(data))));
    }
    let address = cluster::in_force(data, &store)?;
    Some(EngineSettings {
        address: address.parse().expect("an address"),
        keys: ClusterKeys { secret: ClusterSecret::new(cluster::SECRET).expect("a secret"), tls: None },
        small_rows: 0,
        plan_bytes: limits.cluster_plan_bytes,
        partitions: 2,
        answer_bytes: limits.query_bytes,
        timeout_ms: limits.query_timeout_ms,
        attempts: limits.cluster_attempts,
    })
}

/// A place in the bucket of a server.
pub fn in_bucket(server: &S3, prefix: &str) -> StoreLocation {
    StoreLocation::parse(&server.url(prefix), &|name| server.variable(name)).expect("an address")
}

pub fn day(text: &str) -> Timestamp {
    text.parse().expect("a day")
}

pub fn author(actor: &str, at: &str) -> Author {
    Author { actor: actor.to_owned(), viewer: Viewer::Operator, at: day(at) }
}

/// A CycloneDX document about an artefact, with these packages.
pub fn bom(subject: &str, created: &str, packages: &[&str]) -> String {
    let component = |purl: &&str| {
        let name = purl.rsplit('/').next().unwrap_or_default().split('@').next().unwrap_or_default();
        let version = purl.rsplit('@').next().unwrap_or_default();
        serde_json::json!({ "type": "library", "name": name, "version": version, "purl": purl, "bom-ref": purl })
    };
    let components: Vec<_> = packages.iter().map(component).collect();
    serde_json::json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "timestamp": created,
            "tools": [{ "name": "scout", "version": "1" }],
            "component": { "type": "application", "name": subject, "version": "1", "bom-ref": "root" },
        },
        "components": components,
    })
    .to_string()
}

impl Place {
    pub async fn new() -> Self {
        Self::with_ledger(None).await
    }

    pub async fn with_ledger(ledger: Option<Location>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut settings = settings_in_force(&folder.path().join("data"));
        settings.ledger = ledger.or(settings.ledger);
        Self::with_settings(folder, settings).await
    }

    /// The same in a house of these settings.
    pub async fn with_settings(folder: tempfile::TempDir, settings: Settings) -> Self {
        let house = House::open(settings.clone()).await.expect("opens");
        let fields = |pairs: &[(&str, &str)]| -> Fields {
            pairs.iter().map(|(field, value)| ((*field).to_owned(), vec![(*value).to_owned()])).collect()
        };
        let start = author("registrar", "2026-01-01");
        house.add_agency(&start, None, &fields(&[("name", "Tax")]), None).await.expect("adds");
        for name in ["Portal", "Mail"] {
            let system = fields(&[("name", name), ("agency", "tax")]);
            house.add_system(&start, None, &system, None).await.expect("adds");
        }
        Self { house, settings, folder }
    }

    /// Where the files of the store lie, as a folder; those of a bucket, behind the back of its server.
    pub fn store(&self) -> PathBuf {
        let in_bucket = |server: &S3| server.file(&s3::prefix_of(&self.settings.data));
        s3::in_force().map_or_else(|| self.settings.data.clone(), in_bucket)
    }

    /// Adds files by the mapping rules, or to one system.
    pub async fn add(&self, files: &[(&str, &str)], system: Option<&str>, at: &str) {
        let target = system.map_or(Target::Rules, |system| Target::System(system.into(), None));
        self.add_to(files, target, at).await;
    }

    /// Adds files to one deployment of a system.
    pub async fn add_to_deployment(&self, files: &[(&str, &str)], system: &str, deployment: &str, at: &str) {
        self.add_to(files, Target::System(system.into(), Some(deployment.into())), at).await;
    }

    /// Two people purge a document.
    pub async fn purge(&self, document: &str, at: &str) {
        let asked = self.house.request_purge(&author("first", at), document, "a password").await.expect("asks");
        self.house.approve_purge(&author("second", at), asked.purge, "purge").await.expect("carries out");
    }

    async fn add_to(&self, files: &[(&str, &str)], target: Target, at: &str) {
        let input = self.folder.path().join(format!("in-{at}"));
        let mut paths: Vec<PathBuf> = Vec::new();
        for (name, text) in files {
            let path = input.join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("makes it");
            std::fs::write(&path, text).expect("writes");
            paths.push(path);
        }
        let tag = format!("test-{}-{}", at, files.first().map_or("", |(name, _)| name).replace('/', "-"));
        let options = AddOptions { paths, target, actor: "clerk".to_owned(), tag, ..AddOptions::default() };
        self.house.add(&options, day(at), &Silent).await.expect("adds");
    }

    /// Another house, restored from a backup of this one.
    pub async fn restored(&self, at: &str) -> House {
        let backup = self.folder.path().join("backup-restored");
        self.house.backup(&Viewer::Operator, &backup, day(at), &Silent).await.expect("backs up");
        let settings = settings_in_force(&self.folder.path().join("restored"));
        restore(&Viewer::Operator, &backup, settings.clone(), day(at), &Silent).await.expect("restores");
        House::open(settings).await.expect("opens")
    }

    pub async fn desk(&self, at: &str) -> Desk {
        self.house.desk(Viewer::Operator, day(at)).await.expect("a desk")
    }

    /// Packages of a system or document, as `name version`.
    pub async fn packages(&self, about: &str, at: &str) -> Vec<String> {
        let rows = self.desk(at).await.what(about, 90).expect("answers").rows;
        rows.into_iter().map(|row| format!("{} {}", row.name, row.version)).collect()
    }
}

async fn numbers(place: &Place, at: &str, filter: DocumentFilter) -> Vec<String> {
    let rows = place.desk(at).await.list_documents(&filter).expect("lists").rows;
    rows.into_iter().map(|row| row.document.to_string()).collect()
}

#[tokio::test]
async fn lists_tell_what_there_is_to_do() {
    let place = Place::new().await;
    let one = bom("portal", "2026-01-10T00:00:00Z", &["pkg:npm/left@1"]);
    let two = bom("portal", "2026-02-10T00:00:00Z", &["pkg:npm/left@2"]);
    let loose = bom("something", "2026-01-10T00:00:00Z", &["pkg:npm/right@1"]);
    place.add(&[("one.json", &one)], Some("portal"), "2026-01-11").await;
    place.add(&[("two.json", &two)], Some("portal"), "2026-02-11").await;
    place.add(&[("loose.json", &loose), ("broken.json", "{\"bomFormat\": \"CycloneDX\", [")], None, "2026-02-12").await;
    let all = DocumentFilter::default;
    let at = "2026-02-13";
    assert_eq!(numbers(&place, at, all()).await, ["D1", "D2", "D3", "D4"]);
    assert_eq!(numbers(&place, at, DocumentFilter { superseded: true, ..all() }).await, ["D1"]);
    let unbound = numbers(&place, at, DocumentFilter { unbound: true, ..all() }).await;
    let quarantined = DocumentFilter { state: Some(DocumentState::Quarantined), ..all() };
    let quarantined = numbers(&place, at, quarantined).await;
    assert_eq!(unbound.len(), 1);
    assert_eq!(quarantined.len(), 1);
    assert_ne!(unbound, quarantined);
    assert_eq!(numbers(&place, at, DocumentFilter { system: Some("Portal".to_owned()), ..all() }).await, ["D1", "D2"]);
    assert_eq!(numbers(&place, at, DocumentFilter { agency: Some("tax".to_owned()), ..all() }).await, ["D1", "D2"]);
    let tool = DocumentFilter { tool: Some("sc*".to_owned()), ..all() };
    assert_eq!(numbers(&place, at, tool).await.len(), 3);
    // In January the first was not yet replaced.
    assert_eq!(numbers(&place, "2026-01-15", DocumentFilter { superseded: true, ..all() }).await, [""; 0]);
}

#[tokio::test]
async fn a_document_is_shown_with_its_gaps_and_given_back_byte_for_byte() {
    let place = Place::new().await;
    let text = bom("portal", "2026-01-10T00:00:00Z", &["pkg:npm/left@1"]);
    place.add(&[("one.json", &text)], Some("portal"), "2026-01-11").await;
    let desk = place.desk("2026-01-12").await;
    let shown = desk.show_document("d1").expect("shows");
    assert_eq!(shown.row.state, DocumentState::Accepted);
    assert_eq!(shown.row.subject, "portal");
    assert_eq!(shown.types, ["npm"]);
    assert_eq!(shown.size_bytes, text.len() as u64);
    assert_eq!(shown.stated.get("subject_version").map(String::as_str), Some("1"));
    let bound: Vec<_> = shown.bindings.iter().map(|row| (row.system.as_str(), row.origin.as_str())).collect();
    assert_eq!(bound, [("portal", "argument")]);
    assert_eq!(shown.gap_rows.iter().map(|gap| gap.count).sum::<i64>(), i64::try_from(shown.row.gaps).expect("few"));
    assert!(shown.gap_rows.iter().any(|gap| gap.code == "no-edges" && !gap.meaning.is_empty()), "{:?}", shown.gap_rows);
    assert_eq!(desk.original_of("D1", None).await.expect("gives"), text.as_bytes());
    assert_eq!(desk.original_of("D1", Some("go.sum")).await.expect_err("has none").code, "not-found");
    assert_eq!(desk.show_document("D9").expect_err("unknown").code, "not-found");
    let agency = Viewer::Agency { agencies: vec!["elsewhere".into()], clearance: Default::default() };
    let stranger = place.house.desk(agency, day("2026-01-12")).await.expect("a desk");
    assert_eq!(stranger.original_of("D1", None).await.expect_err("unseen").code, "not-found");
}

#[tokio::test]
async fn binding_moves_facts_from_a_moment_on() {
    let place = Place::new().await;
    let text = bom("something", "2026-01-10T00:00:00Z", &["pkg:npm/left@1"]);
    place.add(&[("one.json", &text)], None, "2026-01-11").await;
    assert_eq!(place.packages("mail", "2026-01-20").await, [""; 0]);
    let bound = place.house.bind_document(&author("analyst", "2026-02-01"), "D1", "Mail", None).await.expect("binds");
    assert!(bound.changed);
    let again = place.house.bind_document(&author("analyst", "2026-02-02"), "D1", "mail", None).await.expect("binds");
    assert!(!again.changed);
    assert!(place.packages("mail", "2026-02-10").await.contains(&"left 1".to_owned()));
    place.house.unbind_document(&author("analyst", "2026-03-01"), "D1", None, None).await.expect("unbinds");
    assert_eq!(place.packages("mail", "2026-03-10").await, [""; 0]);
    assert!(place.packages("mail", "2026-02-10").await.contains(&"left 1".to_owned()), "February stays as it was");
    let error = place.house.bind_document(&author("analyst", "2026-03-02"), "D1", "mail", Some("north")).await;
    assert_eq!(error.expect_err("no such deployment").code, "unknown-deployment");
}

#[tokio::test]
async fn a_retracted_document_no_longer_counts_until_it_is_restored() {
    let place = Place::new().await;
    let text = bom("portal", "2026-01-10T00:00:00Z", &["pkg:npm/left@1"]);
    place.add(&[("one.json", &text)], Some("portal"), "2026-01-11").await;
    let house = &place.house;
    let silent = house.retract_document(&author("analyst", "2026-02-01"), "D1", " ").await.expect_err("no reason");
    assert_eq!(silent.code, "empty-reason");
    house.retract_document(&author("analyst", "2026-02-01"), "D1", "another system").await.expect("retracts");
    assert_eq!(place.packages("portal", "2026-02-02").await, [""; 0]);
    assert!(!place.packages("portal", "2026-01-20").await.is_empty());
    let shown = place.desk("2026-02-02").await.show_document("D1").expect("shows");
    assert_eq!((shown.row.state, shown.row.reason.as_str()), (DocumentState::Retracted, "another system"));
    assert_eq!(place.desk("2026-02-02").await.original_of("D1", None).await.expect("is kept"), text.as_bytes());
    house.restore_document(&author("analyst", "2026-03-01"), "D1", "").await.expect("restores");
    assert!(!place.packages("portal", "2026-03-02").await.is_empty());
    let error = house.restore_document(&author("analyst", "2026-03-01"), "D1", "").await.expect_err("counts already");
    assert_eq!(error.code, "not-retracted");
}

/// A house whose document was quarantined although today's reader takes it, as after an update of the reader.
#[tokio::test]
async fn what_could_not_be_read_is_read_again_and_bound_by_the_rules() {
    let place = Place::new().await;
    let good = bom("portal-api", "2026-01-10T00:00:00Z", &["pkg:npm/left@1"]);
    let broken = "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.5\", [";
    place.add(&[("good.json", &good), ("broken.json", broken)], None, "2026-01-11").await;
    let rule: Fields = [("pattern", "portal-*"), ("system", "portal")]
        .map(|(field, value)| (field.to_owned(), vec![value.to_owned()]))
        .to_vec();
    place.house.add_mapping(&author("registrar", "2026-01-12"), &rule, None).await.expect("adds");
    let rows = place.desk("2026-01-12").await.list_documents(&DocumentFilter::default()).expect("lists").rows;
    let number = |name: &str| rows.iter().find(|row| row.path.ends_with(name)).expect("is there").document;
    let (good_id, broken_id) = (number("good.json"), number("broken.json"));
    // An older reader had not understood it.
    let ledger = Ledger::open(&place.settings.ledger_location(), &place.settings.limits).await.expect("opens");
    let writer = ledger.writer("reader", Viewer::Operator);
    let (format, subject, subject_digest) = ("cyclonedx-json".to_owned(), String::new(), String::new());
    let nothing = DocumentFacts {
        document: good_id,
        format,
        reader_version: 0,
        subject,
        subject_digest,
        tool: String::new(),
        created: None,
        occurrences: 0,
        gaps: 0,
        types: Vec::new(),
    };
    writer.replace_facts(day("2026-01-13"), vec![nothing]).await.expect("forgets");
    let remove: Vec<i64> = place.desk("2026-01-13").await.snapshot.segments.iter().map(|segment| segment.id).collect();
    writer.swap_segments(day("2026-01-13"), &remove, Vec::new()).await.expect("forgets");
    let state = DocumentState::Quarantined;
    writer.set_state(day("2026-01-13"), good_id, state, "unknown-version: 1.5").await.expect("quarantines");

    let rows = place.house.retry_documents(&author("analyst", "2026-02-01"), None, "again").await.expect("reads again");
    let mut told: Vec<_> = rows
        .iter()
        .map(|row| (row.document, row.state, row.occurrences, row.bound.join(" "), row.reason.is_empty()))
        .collect();
    told.sort_by_key(|row| row.0);
    let mut expected = vec![
        (good_id, DocumentState::Accepted, 2, "portal".to_owned(), true),
        (broken_id, DocumentState::Quarantined, 0, String::new(), false),
    ];
    expected.sort_by_key(|row| row.0);
    assert_eq!(told, expected);
    assert!(place.packages("portal", "2026-02-02").await.contains(&"left 1".to_owned()));
    let shown = place.desk("2026-02-02").await.show_document(&good_id.to_string()).expect("shows");
    assert_eq!((shown.row.subject.as_str(), shown.row.tool.as_str()), ("portal-api", "scout"));
    let error = place.house.retry_documents(&author("analyst", "2026-02-02"), Some(&good_id.to_string()), "more").await;
    assert_eq!(error.expect_err("is read").code, "not-quarantined");
}

#[tokio::test]
async fn the_audit_chain_tells_who_did_what() {
    let place = Place::new().await;
    let text = bom("portal", "2026-01-10T00:00:00Z", &["pkg:npm/left@1"]);
    place.add(&[("one.json", &text)], Some("portal"), "2026-01-11").await;
    place.house.retract_document(&author("analyst", "2026-02-01"), "D1", "another system").await.expect("retracts");
    let newest = place.house.audit(Viewer::Operator, 1, None, None).await.expect("lists");
    let told: Vec<_> =
        newest.iter().map(|row| (row.actor.as_str(), row.action.as_str(), row.subject.as_str())).collect();
    assert_eq!(told, [("analyst", "set-state", "document D1")]);
    let of_system = place.house.audit(Viewer::Operator, 9, None, Some("system portal")).await.expect("lists");
    assert_eq!(of_system.len(), 1);
    let entries = place.house.verify_audit(Viewer::Operator).await.expect("is whole");
    assert_eq!(entries, newest[0].sequence.unsigned_abs());
    let analyst = Viewer::Analyst { clearance: Default::default() };
    assert_eq!(place.house.audit(analyst, 1, None, None).await.expect_err("not for everybody").code, "not-allowed");
}

#[test]
fn defaults_are_what_the_tests_rely_on() {
    assert_eq!(Agency::default().declared_systems, None);
    assert_eq!(System::default().status.as_str(), "active");
}

#[tokio::test]
async fn bytes_of_a_retracted_document_say_how_it_counts_again() {
    let place = Place::new().await;
    let text = bom("portal", "2026-01-10T00:00:00Z", &["pkg:npm/left@1"]);
    place.add(&[("a.json", &text)], Some("portal"), "2026-01-11").await;
    place.house.retract_document(&author("clerk", "2026-01-12"), "D1", "a mix-up").await.expect("retracted");
    let path = place.folder.path().join("in-2026-01-11/a.json");
    let options = AddOptions { paths: vec![path], tag: "again".to_owned(), ..AddOptions::default() };
    let options = AddOptions { actor: "clerk".to_owned(), ..options };
    let report = place.house.add(&options, day("2026-01-13"), &Silent).await.expect("adds");
    let told: Vec<_> = report.not_counting.iter().map(|one| (one.code.as_str(), one.detail.as_str())).collect();
    let detail = "the same bytes are D1; `underpin documents restore D1` lets it count again";
    assert_eq!((report.duplicates, told), (1, vec![("retracted", detail)]));
}

#[tokio::test]
async fn a_journal_of_another_ledger_is_not_played_into_a_restored_one() {
    if postgres::is_in_force() {
        return;
    }
    let place = Place::new().await;
    let text = bom("portal", "2026-01-10T00:00:00Z", &["pkg:npm/left@1"]);
    place.add(&[("a.json", &text)], Some("portal"), "2026-01-11").await;
    let backup = place.folder.path().join("backup");
    let made = place.house.backup(&Viewer::Operator, &backup, day("2026-01-12"), &Silent).await;
    made.expect("backs up");
    for ending in ["-wal", "-shm", "-journal", ".restoring-wal"] {
        let apart = place.folder.path().join(format!("apart{ending}"));
        std::fs::create_dir_all(&apart).expect("a folder");
        let ledger = apart.join("ledger.sqlite");
        let left_over = apart.join(format!("ledger.sqlite{ending}"));
        std::fs::write(&left_over, "old").expect("written");
        let mut settings = Settings::embedded(apart.join("data"));
        settings.ledger = Some(Location::Sqlite(ledger.clone()));
        let again = || restore(&Viewer::Operator, &backup, settings.clone(), day("2026-01-13"), &Silent);
        let error = again().await.expect_err("refused");
        assert_eq!((error.code, ledger.exists()), ("not-empty", false));
        std::fs::remove_file(&left_over).expect("removed");
        assert_eq!(again().await.expect("restores").documents, 1);
    }
    // A manifest that speaks of another ledger.
    let manifest = backup.join("manifest.json");
    let said = std::fs::read_to_string(&manifest).expect("reads");
    let mut changed: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    changed["audit_head"] = "00".repeat(32).into();
    std::fs::write(&manifest, changed.to_string()).expect("written");
    let settings = Settings::embedded(place.folder.path().join("other"));
    let error = restore(&Viewer::Operator, &backup, settings, day("2026-01-13"), &Silent).await.expect_err("refused");
    assert_eq!(error.code, "restore-failed");
}

#[tokio::test]
async fn two_who_retry_at_once_leave_every_fact_once() {
    let place = Place::new().await;
    let text = bom("portal", "2026-01-10T00:00:00Z", &["pkg:npm/left@1"]);
    place.add(&[("a.json", &text)], Some("portal"), "2026-01-11").await;
    let ledger = Ledger::open(&place.settings.ledger_location(), &place.settings.limits).await.expect("opens");
    let writer = ledger.writer("clerk", Viewer::Operator);
    let unread = underpin_model::DocumentId(1);
    let reason = "unreadable: for now";
    writer.set_state(day("2026-01-12"), unread, DocumentState::Quarantined, reason).await.expect("set");
    let (clerk, house) = (author("clerk", "2026-01-13"), &place.house);
    let segments = || std::fs::read_dir(place.store().join("segments")).expect("lists").count();
    let before = segments();
    let (one, two) =
        tokio::join!(house.retry_documents(&clerk, None, "one"), house.retry_documents(&clerk, None, "two"));
    let refused: Vec<_> = [one, two].into_iter().filter_map(Result::err).map(|error| error.code).collect();
    assert_eq!(refused, ["document-moved"]);
    let snapshot = ledger.operator_reader().snapshot(day("2026-01-14")).await.expect("a snapshot");
    let live = snapshot.segments.len();
    assert_eq!(segments(), live, "the files of the refused one are gone ({before} before)");
}
