// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The government: imported, changed, reorganised, and asked as of earlier moments.

use underpin_ledger::Location;
use underpin_model::registry::{RegistryFile, SystemStatus};
use underpin_model::{Coverage, Timestamp, Viewer};
use underpin_office::coordinator::Author;
use underpin_office::coordinator::registry::RegistryFormat;
use underpin_office::coordinator::registry_edit::Retired;
use underpin_office::coordinator::registry_fields::Fields;
use underpin_office::coordinator::registry_import::ImportFile;
use underpin_office::coordinator::registry_reform::Split;
use underpin_office::{Desk, House, OfficeError, Settings};

use crate::documents::settings_in_force;

const STALE_DAYS: u64 = 90;

const AGENCIES: &str = "name;parent;contact;declared systems\n\
    Ministry of Finance;;finance@gov.example;\n\
    Tax Office;Ministry of Finance;;3\n\
    Customs;Ministry of Finance;;4\n";
const SYSTEMS: &str = "name,agency,exposure,depends_on\n\
    Website,Tax Office,internet,\n\
    Website,Customs,internet,\n\
    Tax Portal,Tax Office,internet,Identity\n\
    Identity,Tax Office,internal,\n";

pub struct Government {
    pub house: House,
    _folder: tempfile::TempDir,
}

pub fn day(text: &str) -> Timestamp {
    text.parse().expect("a day")
}

pub fn author(at: &str) -> Author {
    Author { actor: "registrar".to_owned(), viewer: Viewer::Operator, at: day(at) }
}

pub fn file(name: &str, text: &str) -> ImportFile {
    ImportFile { name: name.to_owned(), bytes: text.as_bytes().to_vec() }
}

pub fn fields(pairs: &[(&str, &str)]) -> Fields {
    pairs.iter().map(|(field, value)| ((*field).to_owned(), vec![(*value).to_owned()])).collect()
}

impl Government {
    /// A house with three agencies and four systems since January.
    pub async fn new() -> Self {
        Self::with_ledger(None).await
    }

    /// The same with its decisions elsewhere.
    pub async fn with_ledger(ledger: Option<Location>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut settings = settings_in_force(&folder.path().join("data"));
        settings.ledger = ledger.or(settings.ledger);
        let house = House::open(settings).await.expect("opens");
        // The systems come first: what they name is in the second file.
        let files = [file("systems.csv", SYSTEMS), file("agencies.csv", AGENCIES)];
        house.import_registry(&author("2026-01-01"), &files, None, false).await.expect("imports");
        Self { house, _folder: folder }
    }

    pub async fn desk(&self, at: &str) -> Desk {
        self.house.desk(Viewer::Operator, day(at)).await.expect("a desk")
    }

    /// `agency: system system`, in order.
    pub async fn owners(&self, at: &str) -> Vec<String> {
        let desk = self.desk(at).await;
        let agencies = desk.list_agencies(None).expect("lists");
        let line = |id: &str| {
            let own = desk.snapshot.systems.iter().filter(|system| system.agency.0 == id);
            let systems: Vec<&str> = own.map(|system| system.id.0.as_str()).collect();
            format!("{id}: {}", systems.join(" "))
        };
        agencies.iter().map(|row| line(&row.agency.id.0)).collect()
    }

    pub async fn revision(&self) -> i64 {
        self.desk("2030-01-01").await.snapshot.revision
    }
}

pub fn shown(error: &OfficeError) -> String {
    format!("{}: {}", error.code, error.message)
}

#[tokio::test]
async fn files_refer_to_each_other_and_a_second_import_changes_nothing() {
    let government = Government::new().await;
    assert_eq!(
        government.owners("2026-01-02").await,
        ["ministry-of-finance: ", "customs: website-2", "tax-office: identity tax-portal website"]
    );
    let before = government.revision().await;
    let files = [file("systems.csv", SYSTEMS), file("agencies.csv", AGENCIES)];
    let report = government.house.import_registry(&author("2026-01-03"), &files, None, false).await.expect("imports");
    assert_eq!((report.added, report.changed, report.unchanged), (0, 0, 7));
    assert_eq!(government.revision().await, before);
}

#[tokio::test]
async fn a_dry_run_says_what_would_change_and_changes_nothing() {
    let government = Government::new().await;
    let text = "id,name,agency,exposure\nwebsite,Website,tax-office,partners\nmail,Mail,customs,internal\n";
    let files = [file("more.csv", text)];
    let before = government.revision().await;
    let report = government.house.import_registry(&author("2026-02-01"), &files, None, true).await.expect("compares");
    let rows: Vec<String> = report
        .rows
        .iter()
        .map(|row| {
            let fields: Vec<String> = row
                .fields
                .iter()
                .map(|field| format!("{} {:?} {:?}", field.field, field.before, field.after))
                .collect();
            format!("{} {} {} {}:{} {}", row.outcome, row.kind, row.id, row.file, row.line, fields.join(", "))
        })
        .collect();
    assert_eq!(
        rows,
        [
            "changed system website more.csv:2 exposure \"internet\" \"partners\"",
            "added system mail more.csv:3 agency \"\" \"customs\", classification \"\" \"internal\", exposure \"\" \
             \"internal\", id \"\" \"mail\", name \"\" \"Mail\", status \"\" \"active\"",
        ]
    );
    assert_eq!(government.revision().await, before);
    government.house.import_registry(&author("2026-02-01"), &files, None, false).await.expect("imports");
    assert!(government.revision().await > before);
}

#[tokio::test]
async fn every_problem_of_every_file_is_named_and_nothing_is_imported() {
    let government = Government::new().await;
    let before = government.revision().await;
    let one = "id,name,agency,exposure,depends_on\n\
               a,A,tax-offise,internet,\n\
               b,B,nowhere,hgih,tax-portl\n";
    let two = "[[system]]\nid = \"a\"\nname = \"Another\"\nagency = \"customs\"\n\n\
               [[agency]]\nid = \"ministry-of-finance\"\nname = \"Ministry\"\nparent = \"customs\"\n\n\
               [[mapping]]\npattern = \"x\"\nsystem = \"tax-portal\"\ndeployment = \"north\"\n";
    let files = [file("one.csv", one), file("two.toml", two)];
    let error =
        government.house.import_registry(&author("2026-02-01"), &files, None, false).await.expect_err("refused");
    assert_eq!(
        shown(&error),
        "invalid-registry: 7 problems; nothing was changed\n\
         one.csv, line 2, id: system a is stated otherwise in two.toml, line 1\nhint: state it once\n\
         one.csv, line 2, agency: there is no agency tax-offise, neither in the files nor in the registry\n\
         hint: did you mean tax-office?\n\
         one.csv, line 3, exposure: \"hgih\" is none of: unknown, isolated, internal, partners, internet\n\
         one.csv, line 3, agency: there is no agency nowhere, neither in the files nor in the registry\n\
         hint: add the agency to the files, or register it first\n\
         one.csv, line 3, depends_on: there is no system tax-portl, neither in the files nor in the registry\n\
         hint: did you mean tax-portal?\n\
         two.toml, line 6, parent: agency ministry-of-finance would belong to itself\nhint: choose another parent\n\
         two.toml, line 11, deployment: there is no deployment tax-portal/north, neither in the files nor in the \
         registry\nhint: add the deployment to the files, or register it first"
    );
    assert_eq!(government.revision().await, before);
}

#[tokio::test]
async fn what_is_exported_reads_back_to_the_same_registry() {
    let government = Government::new().await;
    let deployment = fields(&[("system", "Tax Portal"), ("name", "North"), ("environment", "production")]);
    government.house.add_deployment(&author("2026-02-01"), None, &deployment, None).await.expect("adds");
    let mapping =
        fields(&[("on", "subject"), ("pattern", "portal-*"), ("system", "Tax Portal"), ("deployment", "north")]);
    government.house.add_mapping(&author("2026-02-01"), &mapping, None).await.expect("adds");
    let desk = government.desk("2026-02-02").await;
    for format in [RegistryFormat::Toml, RegistryFormat::Csv, RegistryFormat::Xlsx] {
        let bytes = desk.export_registry(format, None).expect("writes");
        let files = [ImportFile { name: "government".to_owned(), bytes: bytes.clone() }];
        let again = government.house.import_registry(&author("2026-02-03"), &files, None, true).await.expect("reads");
        assert_eq!((again.added, again.changed, again.unchanged), (0, 0, 9), "{format:?}");
        // And into an empty house.
        let folder = tempfile::tempdir().expect("a folder");
        let other = House::open(Settings::embedded(folder.path().join("data"))).await.expect("opens");
        other.import_registry(&author("2026-02-03"), &files, None, false).await.expect("imports");
        let copy: RegistryFile = other.desk(Viewer::Operator, day("2026-02-04")).await.expect("a desk").registry_file();
        assert_eq!(copy, desk.registry_file(), "{format:?}");
    }
}

#[tokio::test]
async fn edits_keep_what_was_said_before_and_what_is_planned() {
    let government = Government::new().await;
    let house = &government.house;
    let exposed = fields(&[("exposure", "partners")]);
    let planned = house.edit_system(&author("2026-02-01"), "Tax Portal", &exposed, Some(day("2026-06-01"))).await;
    planned.expect("plans");
    let contact = fields(&[("contact", "portal@gov.example")]);
    let edited = house.edit_system(&author("2026-03-01"), "tax-portal", &contact, None).await.expect("edits");
    assert!(edited.changed);
    let again = house.edit_system(&author("2026-03-02"), "tax-portal", &contact, None).await.expect("says the same");
    assert!(!again.changed, "{again:?}");
    let mut seen = Vec::new();
    for at in ["2026-02-02", "2026-03-02", "2026-06-02"] {
        let desk = government.desk(at).await;
        let system = desk.system_called("tax-portal").expect("is there");
        seen.push(format!("{at} {} {:?}", system.exposure.as_str(), system.contact));
    }
    assert_eq!(
        seen,
        [
            "2026-02-02 internet \"\"",
            "2026-03-02 internet \"portal@gov.example\"",
            "2026-06-02 partners \"portal@gov.example\""
        ]
    );
    let history = government.desk("2026-07-01").await.show_registered("tax-portal", true, STALE_DAYS).await;
    let history = history.expect("shows").history;
    let changes: Vec<String> = history
        .iter()
        .skip(1)
        .map(|row| {
            let fields: Vec<&str> = row.changes.iter().map(|change| change.field.as_str()).collect();
            format!("from {} known {}: {}", row.valid_from.date(), row.recorded_from.date(), fields.join(" "))
        })
        .collect();
    assert_eq!(
        changes,
        [
            "from 2026-06-01 known 2026-02-01: exposure",
            "from 2026-03-01 known 2026-03-01: contact",
            "from 2026-06-01 known 2026-03-01: contact"
        ]
    );
}

#[tokio::test]
async fn ambiguous_names_list_the_candidates_and_wrong_words_the_choice() {
    let government = Government::new().await;
    let house = &government.house;
    let none = fields(&[("purpose", "x")]);
    let error = house.edit_system(&author("2026-02-01"), "Website", &none, None).await.expect_err("ambiguous");
    assert_eq!(
        shown(&error),
        "ambiguous-name: \"Website\" names several systems: website (Website, agency tax-office); website-2 (Website, \
         agency customs)"
    );
    let error = house.edit_system(&author("2026-02-01"), "tax-portla", &none, None).await.expect_err("unknown");
    assert_eq!((error.code, error.hint.as_str()), ("not-found", "did you mean: tax-portal?"));
    let wrong = fields(&[("exposure", "world")]);
    let error = house.edit_system(&author("2026-02-01"), "tax-portal", &wrong, None).await.expect_err("no such word");
    assert_eq!(
        shown(&error),
        "invalid-field: exposure: \"world\" is none of: unknown, isolated, internal, partners, internet"
    );
    let twice = fields(&[("name", "Portal"), ("agency", "customs")]);
    let error = house.add_system(&author("2026-02-01"), Some("website".to_owned()), &twice, None).await;
    assert_eq!(error.expect_err("there already").code, "already-there");
}

#[tokio::test]
async fn what_is_retired_no_longer_counts_and_its_past_stays() {
    let government = Government::new().await;
    let house = &government.house;
    let retired = Retired::System("website-2".to_owned());
    house.retire(&author("2026-02-01"), &retired, Some(day("2026-03-01"))).await.expect("retires");
    let unknown = |systems: u64| Coverage { unknown: systems, declared: 7, ..Coverage::default() };
    assert_eq!(government.desk("2026-02-15").await.coverage(STALE_DAYS).expect("answers").coverage, unknown(4));
    assert_eq!(government.desk("2026-03-15").await.coverage(STALE_DAYS).expect("answers").coverage, unknown(3));
    let rows = government.desk("2026-03-15").await.list_systems(None, Some(SystemStatus::Retired)).expect("lists");
    assert_eq!(rows.iter().map(|row| row.system.id.0.as_str()).collect::<Vec<_>>(), ["website-2"]);
    let agency = Retired::Agency("customs".to_owned());
    let error = house.retire(&author("2026-03-15"), &agency, None).await.expect_err("is in use");
    assert_eq!(error.code, "agency-in-use");
}

#[tokio::test]
async fn merged_agencies_leave_nothing_behind_and_earlier_questions_are_answered_the_old_way() {
    let government = Government::new().await;
    let house = &government.house;
    let unit = fields(&[("name", "Border Unit"), ("parent", "customs")]);
    house.add_agency(&author("2026-02-01"), None, &unit, None).await.expect("adds");
    let sources = ["Customs".to_owned(), "tax-office".to_owned()];
    let merged = house.merge_agencies(&author("2026-03-01"), &sources, "revenue", Some("Revenue Service"), None).await;
    merged.expect("merges");
    assert_eq!(
        government.owners("2026-02-15").await,
        ["ministry-of-finance: ", "customs: website-2", "border-unit: ", "tax-office: identity tax-portal website"]
    );
    assert_eq!(
        government.owners("2026-03-15").await,
        ["ministry-of-finance: ", "revenue: identity tax-portal website website-2", "border-unit: "]
    );
    let desk = government.desk("2026-03-15").await;
    let revenue = desk.agency_called("Customs").expect("the old name leads to the new agency");
    assert_eq!((revenue.id.0.as_str(), revenue.declared_systems), ("revenue", Some(7)));
    assert_eq!(revenue.predecessors, ["customs".into(), "tax-office".into()]);
    let ended = desk.show_registered("tax-office", true, STALE_DAYS).await.expect("its past stays");
    assert_eq!((ended.id.as_str(), ended.succeeded_by), ("tax-office", vec!["revenue".into()]));
    assert_eq!(ended.ended, Some(day("2026-03-01")));
    // Nothing that was said is lost: the old owner is in the history.
    let history = house.desk(Viewer::Operator, day("2026-03-15")).await.expect("a desk");
    let history = history.show_registered("tax-portal", true, STALE_DAYS).await.expect("shows").history;
    let last = history.last().expect("a history");
    assert_eq!(last.changes.len(), 1);
    assert_eq!((last.changes[0].before.as_str(), last.changes[0].after.as_str()), ("tax-office", "revenue"));
}

#[tokio::test]
async fn an_agency_merges_into_one_below_it() {
    let government = Government::new().await;
    let sources = ["ministry-of-finance".to_owned()];
    let merged = government.house.merge_agencies(&author("2026-03-01"), &sources, "tax-office", None, None).await;
    merged.expect("merges");
    assert_eq!(
        government.owners("2026-03-15").await,
        ["tax-office: identity tax-portal website", "customs: website-2"]
    );
    let desk = government.desk("2026-03-15").await;
    assert_eq!(desk.agency_called("tax-office").expect("is there").parent, None);
}

#[tokio::test]
async fn a_split_assigns_everything_or_nothing() {
    let government = Government::new().await;
    let house = &government.house;
    let mut split = Split {
        into: vec!["income-tax".to_owned(), "digital".to_owned()],
        names: vec![("digital".to_owned(), "Digital Office".to_owned())],
        systems: vec![("income-tax".to_owned(), vec!["Tax Portal".to_owned()])],
        ..Split::default()
    };
    let error = house.split_agency(&author("2026-03-01"), "tax-office", &split, None).await.expect_err("incomplete");
    assert_eq!(shown(&error), "unassigned: nobody takes over system identity, system website");
    let mut foreign = split.clone();
    foreign.systems.push(("digital".to_owned(), vec!["website-2".to_owned()]));
    let error = house.split_agency(&author("2026-03-01"), "tax-office", &foreign, None).await.expect_err("foreign");
    assert_eq!(error.code, "not-part");
    split.rest = Some("digital".to_owned());
    let answer = house.split_agency(&author("2026-03-01"), "tax-office", &split, None).await.expect("splits");
    assert_eq!(answer.notes.len(), 1, "the declared number has to be stated anew");
    assert_eq!(
        government.owners("2026-02-15").await,
        ["ministry-of-finance: ", "customs: website-2", "tax-office: identity tax-portal website"]
    );
    assert_eq!(
        government.owners("2026-03-15").await,
        ["ministry-of-finance: ", "customs: website-2", "digital: identity website", "income-tax: tax-portal"]
    );
}

#[tokio::test]
async fn an_agency_may_change_its_own_part_only() {
    let government = Government::new().await;
    let viewer = Viewer::Agency { agencies: vec!["customs".into()], clearance: Default::default() };
    let customs = Author { viewer, ..author("2026-02-01") };
    let contact = fields(&[("contact", "web@customs.example")]);
    government.house.edit_system(&customs, "website-2", &contact, None).await.expect("its own");
    // Customs sees one website, its own: that is what it means.
    let again = government.house.edit_system(&customs, "Website", &contact, None).await.expect("its own");
    assert_eq!((again.about.as_str(), again.changed), ("system website-2", false));
    let error = government.house.edit_system(&customs, "tax-portal", &contact, None).await.expect_err("not its own");
    assert_eq!(
        (error.code, error.hint.as_str()),
        ("not-found", "`underpin registry list systems` lists what there is")
    );
}
