// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is read from files as agencies send them, and the exact words of every problem.

use underpin_model::registry::{
    Agency, AgencyId, Classification, Deployment, Exposure, MappingField, MappingRule, ProtectionNeed, System,
    SystemStatus,
};

use super::*;

fn read_ok(bytes: &[u8], name: &str) -> (RegistryFile, Places) {
    match read(bytes, name, &Limits::default()) {
        Ok(read) => read,
        Err(errors) => panic!("{}", shown(&errors)),
    }
}

fn shown(errors: &[RegistryError]) -> String {
    let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

fn problems(text: &[u8], name: &str) -> String {
    shown(&read(text, name, &Limits::default()).expect_err("the file has problems"))
}

const SYSTEMS_CSV: &str = "Systemname;Behörde;Schutzbedarf Vertraulichkeit;Integrität;verfuegbarkeit;Erreichbarkeit;Einstufung;hängt ab von;Kontakt\r\n\
    Bürgerportal;finanzamt;hoch;Sehr hoch;NORMAL;internet;öffentlich;eID | Register;'+49 1\r\n\
    eID;finanzamt;;;;;;;\r\n\
    ;;;;;;;;\r\n\
    Register;Finanzamt;;;;;VS-NfD;;\r\n";

#[test]
fn a_german_list_is_read_as_meant_in_every_encoding() {
    let text = SYSTEMS_CSV.replace("eID | Register;", "\"eID | Register\";");
    let windows: Vec<u8> =
        text.chars().map(|character| u8::try_from(u32::from(character)).expect("all are in Latin-1")).collect();
    let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    for bytes in [text.as_bytes(), &windows, &marked] {
        let (file, places) = read_ok(bytes, "liste.csv");
        let expected = |name: &str, id: &str| System {
            id: id.into(),
            name: name.to_owned(),
            agency: "finanzamt".into(),
            ..System::default()
        };
        let portal = System {
            confidentiality: ProtectionNeed::High,
            integrity: ProtectionNeed::VeryHigh,
            availability: ProtectionNeed::Normal,
            exposure: Exposure::Internet,
            classification: Classification::Public,
            depends_on: vec!["eid".into(), "register".into()],
            contact: "+49 1".to_owned(),
            ..expected("Bürgerportal", "buergerportal")
        };
        let register = System { classification: Classification::Restricted, ..expected("Register", "register") };
        assert_eq!(file.systems, [portal, expected("eID", "eid"), register]);
        assert_eq!(places.systems, [Place::line(2), Place::line(3), Place::line(5)]);
    }
}

#[test]
fn a_mixed_file_holds_all_kinds() {
    let text = "kind,id,name,parent,agency,system,on,pattern,deployment\n\
                Behörde,bund,Bund,,,,,,\nagency,,Bund,bund,,,,,\n\
                System,portal,Portal,,bund-2,,,,\n\
                deployment,,Haupthaus,,,Portal,,,\ndeployment,,Haupthaus,,,portal,,,\n\
                mapping,,,,,portal,purl,pkg:npm/portal*,Haupthaus-2\n";
    let (file, _) = read_ok(text.as_bytes(), "x.csv");
    let agency = |id: &str, parent: Option<&str>| Agency {
        id: id.into(),
        name: "Bund".to_owned(),
        parent: parent.map(AgencyId::from),
        ..Agency::default()
    };
    let place = |id: &str| Deployment {
        id: id.into(),
        system: "portal".into(),
        name: "Haupthaus".to_owned(),
        ..Deployment::default()
    };
    let expected = RegistryFile {
        agencies: vec![agency("bund", None), agency("bund-2", Some("bund"))],
        systems: vec![System {
            id: "portal".into(),
            name: "Portal".to_owned(),
            agency: "bund-2".into(),
            ..System::default()
        }],
        deployments: vec![place("haupthaus"), place("haupthaus-2")],
        mappings: vec![MappingRule {
            on: MappingField::Purl,
            pattern: "pkg:npm/portal*".to_owned(),
            system: "portal".into(),
            deployment: Some("haupthaus-2".into()),
        }],
    };
    assert_eq!(file, expected);
}

#[test]
fn all_problems_of_a_table_are_named_at_once() {
    let text = "id,name,agency,confidentialty,status,contact,integrity\n\
                A B,Portal,tax,high,actve,a\u{1}b,hgih\n\
                x,,,normal,,,\n\
                x,Portal 2,No Such Agency,,,,,overhang\n";
    assert_eq!(
        problems(text.as_bytes(), "systems.csv"),
        "systems.csv, line 1, confidentialty: there is no such column\nhint: did you mean confidentiality?\n\
         systems.csv, line 2, id: \"A B\" is no identifier\nhint: write a-b\n\
         systems.csv, line 2, contact: the text holds a control character\nhint: type it again\n\
         systems.csv, line 2, integrity: \"hgih\" is none of: unknown, normal, high, very-high\nhint: did you mean high?\n\
         systems.csv, line 2, status: \"actve\" is none of: planned, active, retired\nhint: did you mean active?\n\
         systems.csv, line 3, name: a system needs this\n\
         systems.csv, line 3, agency: a system needs this\n\
         systems.csv, line 4: cell 8 holds \"overhang\", but its column has no name\n\
         hint: name the column, or quote the cell that holds a separator\n\
         systems.csv, line 4, id: \"x\" is already the identifier of the system in line 3\n\
         hint: give each its own, or leave it empty\n\
         systems.csv, line 4, agency: \"No Such Agency\" is no identifier, and nothing in this file has that name\n\
         hint: use the identifier"
    );
}

#[test]
fn problems_of_toml_name_their_lines() {
    let text = "[[agency]]\nid = \"bund\"\nname = \"Bund Amt\"\nparent = \"land\"\n\n\
                [[agency]]\nid = \"land\"\nname = \"Land\"\nparent = \"bund\"\ndeclared_systems = -3\n\n\
                [[sytem]]\nname = \"x\"\n\n\
                [[system]]\nname = \"y\"\nagency = \"Bunnd Amt\"\nexposure = [\"internet\"]\ndepends_on = [{}]\ncolour = 1\n\
                purpose = [\"a\", \"b\"]\n";
    assert_eq!(
        problems(text.as_bytes(), "registry.toml"),
        "registry.toml, line 4, parent: these agencies belong to each other in a circle: bund > land > bund\n\
         hint: leave the parent of the highest one empty\n\
         registry.toml, line 10, declared_systems: \"-3\" is no whole number\nhint: write digits only, such as 120\n\
         registry.toml, line 12, sytem: there is no such table\nhint: did you mean system?\n\
         registry.toml, line 17, agency: \"Bunnd Amt\" is no identifier, and nothing in this file has that name\n\
         hint: did you mean bund?\n\
         registry.toml, line 18, exposure: 1 texts where one is expected\n\
         registry.toml, line 19, depends_on: a text is expected in the list, not a table\n\
         registry.toml, line 20, colour: there is no such key\n\
         hint: keys are: id, name, aliases, agency, purpose, operator, supplier, support, contact, confidentiality, \
         integrity, availability, exposure, classification, status, depends_on, compartments\n\
         registry.toml, line 21, purpose: 2 texts where one is expected"
    );
}

#[test]
fn a_broken_toml_file_still_names_its_other_problems() {
    let text =
        "[[agency]]\nname = \"Bund\nparent = 7\n\n[[system]]\nname = \"x\"\nagency = \"bund\"\nstatus = \"alive\"\n";
    assert_eq!(
        problems(text.as_bytes(), "r.toml"),
        "r.toml, line 2: invalid basic string, expected `\"`\n\
         r.toml, line 8, status: \"alive\" is none of: planned, active, retired"
    );
}

const NO_KIND: &str = "hint: add a column kind with agency, system, deployment or mapping in each row, or call the file \
                       or sheet agencies, systems, deployments or mappings";

#[test]
fn what_is_no_registry_says_so() {
    let no_kind = |line: &str| format!("{line}\n{NO_KIND}");
    for (bytes, name, expected) in [
        (&b"\xd0\xcf\x11\xe0\xa1\xb1"[..], "a.xls", "a.xls: this is an old XLS workbook\nhint: save it as XLSX or CSV"),
        (b"\0\x01\x02", "a.bin", "a.bin: this is no text and no workbook\nhint: a registry is TOML, CSV or XLSX"),
        (
            b"id,name\nx,X\n",
            "list.csv",
            &no_kind("list.csv, line 1: the columns do not say what the rows are: id, name"),
        ),
        (b"hello\n", "x", &no_kind("x, line 1: the columns do not say what the rows are: hello")),
        (b"name;Art\nX;Amt\n", "x.csv", "x.csv, line 2, kind: \"Amt\" is none of: agency, system, deployment, mapping"),
        (
            b"kind,name,pattern\nagency,Bund,x*\n",
            "x.csv",
            "x.csv, line 2, pattern: an agency has no such column\nhint: leave the cell empty",
        ),
        (
            b"Verfahren;System;Beh\xf6rde\na;b;c\n",
            "x.csv",
            "x.csv, line 2, name: this is said in two columns\nhint: keep one of them",
        ),
        (
            b"system;environment\nportal;test\n",
            "deployments.csv",
            "deployments.csv, line 2, name: a deployment needs an identifier or a name",
        ),
        (b"pattern;on\nx*;subject\ny*;\n", "x.csv", "x.csv, line 1, system: this column is missing"),
    ] {
        assert_eq!(problems(bytes, name), expected);
    }
    let damaged = problems(b"PK\x03\x04 this is no archive", "a.xlsx");
    assert!(damaged.starts_with("a.xlsx: the workbook is damaged: "), "{damaged}");
    assert_eq!(read_ok(b"", "empty.toml").0, RegistryFile::default());
    assert_eq!(read_ok(b"id,name\nx,X\n", "out/agencies_2026.csv").0.agencies.len(), 1);
}

#[test]
fn names_that_fit_several_list_them() {
    let text = "[[agency]]\nid = \"a\"\nname = \"Tax Office\"\n\n\
                [[agency]]\nid = \"b\"\nname = \"South\"\naliases = \"Tax office; TO\"\n\n\
                [[system]]\nname = \"S\"\nagency = \"Tax Office\"\n\n[[system]]\nname = \"T\"\nagency = \"TO\"\n";
    assert_eq!(
        problems(text.as_bytes(), "r.toml"),
        "r.toml, line 12, agency: \"Tax Office\" is the name of several: a, b\nhint: use the identifier"
    );
}

#[test]
fn limits_stop_large_files() {
    let limits = Limits { registry_rows: 2, text_bytes: 5, ..Limits::default() };
    let text = b"name,parent\na,\nabcdef,\nc,\n";
    assert_eq!(
        shown(&read(text, "agencies.csv", &limits).expect_err("too many")),
        "agencies.csv, line 3, name: the text has 6 bytes, at most 5 are allowed\n\
         agencies.csv, line 4: more than 2 rows\nhint: split the file, or raise registry_rows"
    );
    let workbook = write_xlsx(&read_ok(text, "agencies.csv").0).expect("short texts fit");
    assert_eq!(
        shown(&read(&workbook, "a.xlsx", &limits).expect_err("too many")),
        "a.xlsx, sheet agencies, row 3: more rows than allowed\nhint: split the file, or raise registry_rows"
    );
    let tight = Limits { evidence_bytes: 9_000, ..Limits::default() };
    assert_eq!(
        shown(&read(&workbook, "a.xlsx", &tight).expect_err("too large")),
        "a.xlsx: the workbook unpacks to more than 9000 bytes\nhint: save it as XLSX or CSV again"
    );
}

#[test]
fn workbooks_name_sheet_and_row_and_pass_over_notes() {
    let workbook = |integrity: &str, last: &str| {
        let mut workbook = rust_xlsxwriter::Workbook::new();
        let notes = workbook.add_worksheet().set_name("Hinweise").expect("a name");
        notes.write_string(0, 0, "Bitte ausfüllen").expect("a cell");
        let sheet = workbook.add_worksheet().set_name("Verfahren").expect("a name");
        let rows = [
            ["Liste der Verfahren", "", "", ""],
            ["Verfahren", "Behörde", "Integrität", last],
            ["Portal", "amt", integrity, ""],
        ];
        for (line, cells) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(cells) {
                sheet.write_string(line, column, cell).expect("a cell");
            }
        }
        workbook.save_to_buffer().expect("a workbook")
    };
    assert_eq!(
        problems(&workbook("riesig", "Statuss"), "a.xlsx"),
        "a.xlsx, sheet Verfahren, row 2, Statuss: there is no such column\nhint: did you mean status?\n\
         a.xlsx, sheet Verfahren, row 3, integrity: \"riesig\" is none of: unknown, normal, high, very-high"
    );
    let (file, places) = read_ok(&workbook("hoch", ""), "a.xlsx");
    assert_eq!((file.systems.len(), file.systems[0].integrity), (1, ProtectionNeed::High));
    assert_eq!(places.skipped_sheets, ["Hinweise"]);
    assert_eq!(places.of(Kind::System, 0), Some(&Place { sheet: Some("Verfahren".into()), line: 3 }));
}

#[test]
fn written_files_are_for_people() {
    let file = RegistryFile {
        agencies: vec![Agency {
            id: "tax".into(),
            name: "Tax \"Office\"".to_owned(),
            aliases: vec!["=TO".to_owned(), "a;b".to_owned()],
            contact: "+49 30 1".to_owned(),
            declared_systems: Some(12),
            ..Agency::default()
        }],
        mappings: vec![MappingRule { pattern: "*".to_owned(), system: "x".into(), ..MappingRule::default() }],
        ..RegistryFile::default()
    };
    insta::assert_snapshot!(write_toml(&file), @r#"
    [[agency]]
    id = "tax"
    name = 'Tax "Office"'
    aliases = ["=TO", "a;b"]
    contact = "+49 30 1"
    declared_systems = 12

    [[mapping]]
    pattern = "*"
    system = "x"
    "#);
    insta::assert_snapshot!(write_csv(&file, Kind::Agency).replace("\r\n", "\n"), @r#"
    id,name,aliases,parent,contact,declared_systems,predecessors
    tax,"Tax ""Office""","'=TO; a\;b",,'+49 30 1,12,
    "#);
    insta::assert_snapshot!(write_csv_mixed(&file).replace("\r\n", "\n"), @r#"
    kind,id,name,aliases,parent,contact,declared_systems,predecessors,agency,purpose,operator,supplier,support,confidentiality,integrity,availability,exposure,classification,status,depends_on,compartments,system,environment,location,on,pattern,deployment
    agency,tax,"Tax ""Office""","'=TO; a\;b",,'+49 30 1,12,,,,,,,,,,,,,,,,,,,,
    mapping,,,,,,,,,,,,,,,,,,,,,x,,,subject,*,
    "#);
}

#[test]
fn norvania_is_a_valid_registry_and_its_documents_are_bound_to_it() {
    let demo = underpin_testkit::workspace().join("demo");
    let bytes = |name: &str| std::fs::read(demo.join(name)).expect("the demo is part of the repository");
    let (file, _) = read_ok(&bytes("registry.toml"), "registry.toml");
    assert_eq!(read_ok(write_toml(&file).as_bytes(), "again.toml").0, file);
    let agencies: Vec<_> = file.agencies.iter().map(|agency| &agency.id).collect();
    let systems: Vec<_> = file.systems.iter().map(|system| &system.id).collect();
    assert!(file.systems.iter().all(|system| agencies.contains(&&system.agency)));
    assert!(file.systems.iter().flat_map(|system| &system.depends_on).all(|needed| systems.contains(&needed)));
    assert!(file.deployments.iter().all(|deployment| systems.contains(&&deployment.system)));
    let bindings = manifest::read(&bytes("bindings.csv"), "bindings.csv", &Limits::default()).expect("no problems");
    for binding in &bindings {
        assert!(systems.iter().any(|id| id.0 == binding.system), "{binding:?}");
        let known = |id: &String| file.deployments.iter().any(|d| d.system.0 == binding.system && d.id.0 == *id);
        assert!(binding.deployment.as_ref().is_none_or(known), "{binding:?}");
    }
    let mut without: Vec<_> = file
        .systems
        .iter()
        .filter(|system| system.status == SystemStatus::Active)
        .map(|system| system.id.0.as_str())
        .filter(|id| !bindings.iter().any(|binding| binding.system == *id))
        .collect();
    without.sort_unstable();
    let survey_only = ["medicines-database", "school-timetable", "visa-system"];
    without.retain(|id| !survey_only.contains(id));
    assert_eq!(without, ["aldermark-payroll", "backup-service", "court-calendar", "driver-licences", "tax-archive"]);
}

#[test]
fn what_the_registry_holds_may_be_named_and_is_never_overwritten_by_a_namesake() {
    let system = |id: &str, name: &str, agency: &str| System {
        id: id.into(),
        name: name.to_owned(),
        agency: agency.into(),
        ..System::default()
    };
    let tax = Agency { id: "tax".into(), name: "Tax Office".to_owned(), ..Agency::default() };
    let health = Agency { id: "health".into(), name: "Health Office".to_owned(), ..Agency::default() };
    let known = RegistryFile {
        agencies: vec![tax, health],
        systems: vec![system("website", "Website", "tax"), system("eid", "Electronic Identity", "tax")],
        ..RegistryFile::default()
    };
    let text = "name,agency,depends_on\nWebsite,Tax Office,\nwebsite,Health Office,Electronic Identity\n";
    let (file, _) = read_knowing(text.as_bytes(), "systems.csv", &known, &Limits::default()).expect("is read");
    let namesake = System { depends_on: vec!["eid".into()], ..system("website-2", "website", "health") };
    assert_eq!(file.systems, [system("website", "Website", "tax"), namesake]);
    let text = "name,agency\nWebsite,Tax Offise\n";
    let errors = read_knowing(text.as_bytes(), "systems.csv", &known, &Limits::default()).expect_err("is refused");
    assert_eq!(
        shown(&errors),
        "systems.csv, line 2, agency: \"Tax Offise\" is no identifier, and nothing in this file or the registry has that \
         name\nhint: did you mean tax?"
    );
}
