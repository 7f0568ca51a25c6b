// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A CSV holds the values of the other formats under the same names: no percent signs, no dashes for nothing, no cut dates.

use serde_json::{Value, json};

use crate::documents::cyclonedx;
use crate::house::House;

/// How each command is called, and the columns of its CSV without `snapshot` and `as_of`. They are stable: scripts rely on them.
const CALLS: &[(&str, &str)] = &[
    (
        "add portal.json",
        "documents accepted duplicates quarantined skipped occurrences package_versions gaps bytes seconds \
         bound unbound systems_created quarantined_files skipped_files duplicate_files not_counting \
         unresolved_systems unused_rows",
    ),
    (
        "documents list",
        "document state superseded_by subject tool reader created learned systems occurrences gaps path \
         reason",
    ),
    (
        "documents show D1",
        "document state state_since reason path evidence original_kept container companions size_bytes reader \
         reader_version tool subject subject_digest created learned uploader stated types occurrences gaps \
         gap_rows bindings",
    ),
    ("documents conformity D1", "rulebook clause rule version standing source demand outcome count places remedy"),
    ("documents bind D1 --system portal", "changed document done revision"),
    ("documents bind --by-rules", "document systems path problem"),
    ("documents retry --all-quarantined", "document state occurrences gaps bound path reason"),
    ("registry import registry.csv --dry-run", "outcome kind id name fields file line"),
    ("registry list agencies", "id name aliases parent predecessors declared_systems systems depth contact"),
    (
        "registry list systems",
        "agency id name aliases purpose exposure confidentiality integrity availability classification status \
         depends_on deployments documents operator supplier support contact",
    ),
    ("registry list deployments", "system id name environment location exposure"),
    ("registry list mappings", "on pattern system deployment"),
    (
        "registry show portal --history",
        "kind id ended fields succeeded_by agencies systems deployments needed_by mappings state documents \
         history",
    ),
    ("registry edit system portal --contact a@b.example", "about changed valid_from fields notes revision"),
    ("what portal", "package name version type scope direct licences project confidence modified systems documents"),
    (
        "where left",
        "agency agency_name system system_name status deployments package version file direct via scope \
         confidence modified documents silent_documents stale operator supplier support contact fit",
    ),
    (
        "where CVE-2026-1",
        "agency system system_name package status reason confidence_percent priority direct scope operator contact stale",
    ),
    (
        "how right --in portal",
        "document tool package version direct depth scope confidence modified evidence made locations paths \
         cut ancestors patches",
    ),
    (
        "coverage",
        "agency name parent coverage with_below documents complete_graphs stated_complete newest age_days \
         tools gaps unbound quarantined",
    ),
    ("usage", "package name type systems occurrences"),
    (
        "priorities",
        "place project known_by dependence systems direct_systems agencies concentration_percent places_thinned places_moved packages \
         parts",
    ),
    ("project left", "system agency points scope direct depth_least documents"),
    (
        "plan --budget 5000000",
        "project interventions cost_cents office_hours avoided avoided_range stability marginal why",
    ),
    ("skills", "skill hours promised left since"),
    (
        "funding",
        "project kind is_money commitment payer_kind payer activity from until amount_hundredths currency rhythm platform address form source told",
    ),
    ("facts", "project consents can_receive_money was_audited maintainer_hours funded source"),
    ("mandate show", "agency name since about"),
    ("roles", "role state since is_assumed active_measures measures next next_about"),
    ("roles --measures", "role measure stage state since is_assumed is_inherited"),
    ("roles --steps", "number about state from reason by_consultation exception changed written"),
    ("consultation list", "number title_en state from until comments waiting shown not_shown answered closed"),
    ("guidelines", "guideline code count of href"),
    ("commitment list", "number project activity state late_days promised_cents earned_cents paid_cents reason"),
    ("commitment show K1", "title due payment_cents evidence"),
    ("publish list", "kind name version state tlp withdraws title author ended_by digest"),
    ("publish key list", "fingerprint since revoked"),
    ("plan --instruments", "code cost_cents months effects prerequisites routes about"),
    (
        "contact list",
        "conversation project topic case state ended next next_from owed requests agencies opened is_whole",
    ),
    ("contact consent", "agency project agrees holds said_by noted_by noted"),
    ("disclosure list", "disclosure project title case embargo until is_embargoed report opened_by opened"),
    ("upstream list", "project system agency source name title standing since age_days places patch_id"),
    ("check .", "pack practice version standard rule outcome places"),
    (
        "catalogue list",
        "address agency name description visibility licence state software_type categories written_in commit committed looked practices systems",
    ),
    (
        "catalogue show git.gov.example/city/patches",
        "pack practice version standard rule outcome obstacle places more_places",
    ),
    (
        "catalogue assess git.gov.example/city/patches",
        "requirement criterion strength answer reason evidence said_by said version old program contradicts is_open",
    ),
    ("catalogue duplicates", "one one_agency other other_agency points reasons put_aside"),
    (
        "exemption list",
        "name agency agency_name title address ground law text review state days classification ended noted_by noted",
    ),
    (
        "rules waivers",
        "waiver rulebook rule version subject about about_name agency agency_name from until state days_left reason \
         compensation granter proposed_by proposed answered_by answered answer withdrawn_by withdrawn \
         withdrawn_because classification",
    ),
    ("contract list", "contract reference supplier product system rulebook ends is_open withdrawn deliveries newest"),
    ("contract show S1", "document at by path conformity code components not_met not_assessed better worse"),
    ("law examples", "about says found agrees holds"),
    ("law roles", "number name answer_then role_then differs note actor said earlier"),
    ("law role forms --agency city", "verdict needs_lawyer"),
    ("law requests list", "request state authority about reference asked due agency answered"),
    ("dossier left", "question is_known english german source looked"),
    ("usage --explain", "package name type systems occurrences used_by documents"),
    ("explain back-port", "code about meaning"),
    (
        "explain portal CVE-2026-1",
        "package verdict reason meaning looked_up sources_disagree sources upgrade upgrade_same_major",
    ),
    ("formats", "id title version companions"),
    ("config", "setting value origin"),
    ("audit list", "sequence at actor action subject before after revision hash"),
    ("audit verify", "entries reads whole"),
    ("doctor", "severity code what detail remedy"),
    ("jobs", "job kind subject state attempts holder made due every_seconds fault result"),
    ("purge list", "purge state evidence documents reason requested_by requested approved_by approved executed"),
    ("watch status", "feed edition learned stated looked age_days is_stale outcome attempted detail origin licence"),
    (
        "watch sync --from npm.jsonl",
        "feed outcome origin edition added changed removed unchanged refused faults remarked remarks",
    ),
    (
        "decisions list",
        "decision state without_effect is_due_for_review tlp vulnerability package place status justification \
         reason action author agency origin valid_from review expires recorded needs_approval approved \
         withdrawn",
    ),
    ("sql --tables", "table kind meaning columns"),
];

fn house() -> House {
    let house = House::new();
    house.write("underpin.toml", b"[publish]\naddress = \"https://cert.example\"\nname = \"Agency\"\n");
    let registry = "[[agency]]\nid = \"city\"\nname = \"City\"\ndeclared_systems = 3\n\n\
        [[system]]\nid = \"portal\"\nname = \"Portal\"\nagency = \"city\"\naliases = [\"P\", \"=1+1\"]\n\n\
        [[deployment]]\nid = \"north\"\nsystem = \"portal\"\n\n\
        [[mapping]]\non = \"subject\"\npattern = \"old*\"\nsystem = \"portal\"\n";
    house.write("registry.toml", registry.as_bytes());
    house.write("registry.csv", b"kind,id,name\nagency,city,City\n");
    house.json(&["registry", "import", "registry.toml"]);
    house.write("portal.json", &cyclonedx("portal", &["left@1.0.0".to_owned(), "right@1.0.0".to_owned()]));
    house.write("broken.json", br#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"#);
    house.json(&["add", "portal.json", "broken.json", "--system", "portal"]);
    house.json(&["publish", "key", "new"]);
    house.json(&["publish", "sbom", "portal.json", "--about", "portal", "--release", "1"]);
    let record = json!({ "id": "GHSA-1", "aliases": ["CVE-2026-1"], "modified": "2026-02-01T00:00:00Z", "affected": [{
        "package": { "ecosystem": "npm", "name": "left" },
        "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "0" }, { "fixed": "2.0.0" }] }] }] });
    house.write("npm.jsonl", record.to_string().as_bytes());
    house.json(&["watch", "sync", "--from", "npm.jsonl"]);
    house.json(&["registry", "edit", "system", "portal", "--contact", "a@b.example"]);
    house.json(&["purge", "request", "D1", "--reason", "why"]);
    house.write("facts.toml", b"addresses.stated = \"team@left.example\"\n");
    house.json(&["contact", "facts", "left", "--from", "facts.toml"]);
    house.write("words.txt", b"We have money for an audit of your parser this year.");
    house.json(&[
        "contact",
        "request",
        "left",
        "--kind",
        "offer",
        "--topic",
        "funding",
        "--text",
        "words.txt",
        "--agency",
        "city",
        "--author-name",
        "Ada",
        "--complaints",
        "a@b.example",
        "--assistance",
        "no-machine",
    ]);
    house.json(&["contact", "consent", "city", "--agrees", "yes", "--said-by", "Eva Lind"]);
    house.json(&["disclosure", "open", "left", "--title", "Long names", "--compartment", "lantern"]);
    let decided = ["decisions", "make", "CVE-2026-1", "--in-system", "portal", "--as", "affected", "--reason", "seen"];
    house.json(&decided);
    house.write("facts.toml", b"[[project]]\nproject = \"left\"\nsource = \"their page\"\nconsents = false\n");
    house.json(&["facts", "facts.toml"]);
    let promise =
        ["commitment", "propose", "right", "--activity", "audit", "--from", "2026-04-01", "--until", "2026-09-01"];
    let parts = ["--milestone", "2026-08-01 60000 The report is public", "--reason", "All rest on it"];
    house.write(
        "patches/zone.patch",
        b"Forwarded: no\nBug: https://left.example/1\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
    );
    house.json(&["upstream", "take", "--system", "portal", "--project", "left", "patches"]);
    let address = ["--address", "https://git.gov.example/city/patches"];
    house.json(&["catalogue", "add", "patches", "--agency", "city"].into_iter().chain(address).collect::<Vec<_>>());
    let rules = ["exemption", "add", "rules", "--agency", "city", "--title", "Rules", "--ground", "other"];
    let reason = ["--law", "Law", "--text", "Why", "--review", "2027-01-01"];
    house.json(&rules.into_iter().chain(reason).collect::<Vec<_>>());
    house.json(&promise.into_iter().chain(parts).collect::<Vec<_>>());
    under_law_and_contract(&house);
    house
}

/// What is kept of roles, of authorities and of suppliers.
fn under_law_and_contract(house: &House) {
    house.json(&[
        "law",
        "role",
        "forms",
        "--agency",
        "city",
        "--answer",
        "own-use-only=yes",
        "--source",
        "the contract",
    ]);
    house.json(&["law", "requests", "add", "--authority", "Markets", "--about", "The policy", "--due", "2027-01-31"]);
    let contract = ["contract", "open", "--reference", "1", "--supplier", "Aurum", "--product", "Portal"];
    let terms = ["--system", "portal", "--rulebook", "ntia-2021", "--until", "2030-01-01"];
    house.json(&contract.into_iter().chain(terms).collect::<Vec<_>>());
    house.json(&["contract", "deliver", "S1", "D1"]);
    let until = in_a_month();
    let waiver = ["rules", "waive", "end-of-life/platforms", "--subject", "portal", "--until", &until];
    let why = ["--reason", "it is replaced", "--compensation", "a wall"];
    house.json(&waiver.into_iter().chain(why).collect::<Vec<_>>());
}

/// The day in a month, as the program counts that reads the machine's clock.
#[expect(
    clippy::disallowed_methods,
    reason = "the program under test reads this clock, and a waiver has a longest term"
)]
fn in_a_month() -> String {
    let then = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(30 * 24);
    then.to_string()[..10].to_owned()
}

/// What a value is in a cell; a formula is kept from being one.
fn cell(value: Option<&Value>) -> String {
    let item = |value: &Value| match value {
        Value::Array(steps) => steps.iter().map(|step| cell(Some(step))).collect::<Vec<_>>().join(" → "),
        other => cell(Some(other)),
    };
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => items.iter().map(item).collect::<Vec<_>>().join("; "),
        Some(other) => other.to_string(),
    }
}

/// Fields that differ between two calls, whatever the format.
const PASSING: [&str; 2] = ["seconds", "valid_from"];

#[test]
fn every_command_gives_values_under_stable_names() {
    let house = house();
    let mut empty = Vec::new();
    for (call, columns) in CALLS {
        let columns: Vec<&str> = columns.split(' ').collect();
        let [csv, lines] = ["csv", "ndjson"].map(|format| {
            let words: Vec<&str> = call.split(' ').chain(["--format", format]).collect();
            house.run(&words)
        });
        assert_eq!((csv.code, csv.code), (lines.code, Some(0)), "{call}: {csv:?}");
        let mut reader = csv::Reader::from_reader(csv.stdout.as_bytes());
        let header: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
        let own: Vec<&String> = header.iter().filter(|name| !matches!(name.as_str(), "snapshot" | "as_of")).collect();
        assert_eq!(own, columns, "{call}");
        let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
        let objects: Vec<Value> = lines.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(rows.len(), objects.len(), "{call}");
        if rows.is_empty() {
            empty.push(*call);
        }
        for (row, object) in rows.iter().zip(&objects) {
            for (name, found) in header.iter().zip(row).filter(|(name, _)| columns.contains(&name.as_str())) {
                if !PASSING.contains(&name.as_str()) {
                    assert_eq!(found.trim_start_matches('\''), cell(object.get(name)), "{call}: {name}");
                }
            }
        }
    }
    // Nothing is bound anew here, nobody was asked whether help is wanted, no role was switched and nobody was consulted, nothing was
    // built twice, all is well, and nothing is to be done; all others have something to compare.
    let expected = [
        "documents bind --by-rules",
        "plan --budget 5000000",
        "roles --steps",
        "consultation list",
        "catalogue duplicates",
        "doctor",
        "jobs",
    ];
    assert_eq!(empty, expected);
}

#[test]
fn findings_are_streamed_in_the_same_shape() {
    let house = house();
    let csv = house.run(&["findings", "--format", "csv"]).stdout;
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header = reader.headers().expect("a header").clone();
    assert!(csv.starts_with("\"priority\",\"score\",\"agency\","), "{csv}");
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    let line = house.run(&["findings", "--format", "ndjson"]).stdout;
    let object: Value = serde_json::from_str(line.trim()).expect("one finding");
    assert_eq!(rows.len(), 1);
    for (name, found) in header.iter().zip(&rows[0]) {
        assert_eq!(found, cell(object.get(name)), "{name}");
    }
}
