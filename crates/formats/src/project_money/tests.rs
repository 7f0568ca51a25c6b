// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use proptest::prelude::*;
use underpin_model::project_money::{
    AddressUse, Amount, CountedGap, MoneyDoor, MoneyGap as G, MoneyWish, Payee, Payer, Platform, WishRhythm, WishState,
};
use underpin_model::signals::{DeclaredStatus, Ignorance, SignalCode, Value};

use super::*;

const ABOUT: About<'_> = About { project: "github.com/ada-byron/looms", payers: &[] };

fn amount(hundredths: i64, currency: &str) -> Amount {
    Amount { hundredths, currency: currency.parse().expect("a currency") }
}

fn door(platform: Platform, address: Option<&str>, accounts: u32) -> MoneyDoor {
    MoneyDoor { platform, address: address.map(str::to_owned), accounts }
}

fn gaps(file: &FundingFile) -> Vec<(G, u32)> {
    file.gaps.iter().map(|CountedGap { what, count }| (*what, *count)).collect()
}

const MANIFEST: &str = r#"{
  "version": "v1.0.0",
  "entity": {"type": "organisation", "role": "owner", "name": "Looms by Ada Byron", "email": "ada@looms.example",
    "phone": "+44 555", "description": "Ada Byron leads it", "webpageUrl": {"url": "https://weavers.example/about"}},
  "projects": [
    {"guid": "looms", "name": "Ada's looms", "repositoryUrl": {"url": "https://github.com/Ada-Byron/looms.git"}},
    {"guid": "shuttle", "name": "shuttle", "repositoryUrl": {"url": "https://github.com/ada-byron/shuttle"}}
  ],
  "funding": {
    "channels": [
      {"guid": "a", "type": "payment-provider", "address": "https://github.com/sponsors/adabyron"},
      {"guid": "b", "type": "payment-provider", "address": "https://opencollective.com/looms"},
      {"guid": "c", "type": "bank", "address": "DE00 Ada Byron", "description": "Ada's account"},
      {"guid": "d", "type": "other", "address": "https://weavers.example/donate?by=ada"},
      {"guid": "e", "type": "other", "address": "https://weavers.example/people/ada"},
      {"guid": "f", "type": "telepathy", "address": "https://adabyron.example"}
    ],
    "plans": [
      {"guid": "p", "status": "active", "name": "Pay Ada", "amount": 3000, "currency": "GBP", "frequency": "monthly"},
      {"guid": "q", "status": "inactive", "amount": 0, "currency": "EUR", "frequency": "one-time"},
      {"guid": "r", "amount": 12.345, "currency": "EUR"}
    ],
    "history": [
      {"year": 2024, "income": 12000.5, "expenses": 900, "taxes": 1, "currency": "USD", "description": "Ada was paid"},
      {"year": "last", "income": 1, "currency": "USD"},
      {"year": 2023, "income": 5, "currency": "DOLLARS"}
    ]
  }
}"#;

#[test]
fn a_manifest_without_its_people() {
    let file = read(FundingForm::FundingJson, MANIFEST, &ABOUT).expect("a manifest");
    assert_eq!((file.payee, file.projects), (Payee::Organisation, Some(2)));
    assert_eq!(
        file.doors,
        [
            door(Platform::GithubSponsors, None, 1),
            door(Platform::OpenCollective, Some("https://opencollective.com/looms"), 1),
            door(Platform::Bank, None, 1),
            door(Platform::OwnPage, Some("https://weavers.example/donate"), 1),
            door(Platform::OwnPage, Some("https://weavers.example/"), 1),
            door(Platform::Other, None, 1),
        ]
    );
    let wish = |state, amount, rhythm| MoneyWish { state, amount, rhythm };
    assert_eq!(
        file.wishes,
        [
            wish(WishState::Active, Some(amount(300_000, "GBP")), WishRhythm::Monthly),
            wish(WishState::Inactive, None, WishRhythm::OneTime),
            wish(WishState::Unknown, None, WishRhythm::Unknown),
        ]
    );
    let [year, odd] = &file.flows[..] else { panic!("{:?}", file.flows) };
    assert_eq!((year.from.date(), year.until.date()), ("2024-01-01".to_owned(), "2025-01-01".to_owned()));
    assert_eq!((&year.income, &year.expenses), (&Some(amount(1_200_050, "USD")), &Some(amount(90_000, "USD"))));
    assert_eq!((&odd.income, odd.payer), (&None, Payer::Unknown));
    assert_eq!(
        gaps(&file),
        [
            (G::UnknownPlatform, 1),
            (G::UnreadableAmount, 1),
            (G::UnreadableDay, 1),
            (G::UnknownCurrency, 1),
            (G::AddressWithheld, 3)
        ]
    );
}

#[test]
fn a_person_as_payee_keeps_no_home_page() {
    let text = MANIFEST.replace("\"organisation\"", "\"individual\"").replace("v1.0.0", "v2.0.0");
    let about = About { project: "github.com/somebody/else", ..ABOUT };
    let file = read(FundingForm::FundingJson, &text, &about).expect("a manifest");
    assert_eq!(file.payee, Payee::Individual);
    assert!(file.doors.iter().all(|door| door.address.is_none()), "{:?}", file.doors);
    assert!(gaps(&file).contains(&(G::OtherProjects, 1)) && gaps(&file).contains(&(G::UnknownVersion, 1)));
    for text in ["[]", "{", "{\"name\": \"another program's file\"}", ""] {
        assert_eq!(read(FundingForm::FundingJson, text, &ABOUT), Err(Unread::NotOfItsForm("funding.json")), "{text}");
    }
}

#[test]
fn files_of_the_same_name_that_prove_a_wallet() {
    let read = |text: &str| read(FundingForm::FundingJson, text, &ABOUT);
    let both = r#"{"drips": {"ethereum": {"ownedBy": "0xADA"}, "filecoin": {"ownedBy": "0xADB"}}, "opRetro": {"projectId": "0x1"}}"#;
    let file = read(both).expect("a file of wallets");
    assert_eq!(file.doors, [door(Platform::Other, None, 2)]);
    assert_eq!(gaps(&file), [(G::UnknownPlatform, 1), (G::AddressWithheld, 2)]);
    assert!(!serde_json::to_string(&file).expect("JSON").contains("0x"));
    let entry = read(r#"{"opRetro": {"projectId": "0x1"}}"#).expect("an entry");
    assert_eq!((entry.doors.len(), gaps(&entry)), (0, vec![(G::UnknownPlatform, 1)]));
    for text in [r#"{"drips": {"ethereum": {}}}"#, r#"{"drips": "0xADA"}"#, r#"{"opRetro": {}}"#] {
        assert!(read(text).is_err(), "{text}");
    }
}

#[test]
fn hosts_that_are_called_after_the_project() {
    let kept = |project: &str, text: &str| addresses::door(text, &About { project, ..ABOUT }, &[]).1;
    for (project, text, expected) in [
        ("github.com/ada-byron/looms", "https://looms.example/donate", Some("https://looms.example/donate")),
        ("github.com/ada-byron/looms", "https://portal.looms.example", Some("https://portal.looms.example/")),
        ("github.com/ada-byron/looms", "https://docs.looms.example/ada", Some("https://docs.looms.example/")),
        ("github.com/ada-byron/looms", "https://ada.looms.example/donate", None),
        ("github.com/ada-byron/looms", "https://looms.example.org/donate", None),
        ("github.com/ada-byron/loom.dev", "https://loom.dev", Some("https://loom.dev/")),
        ("github.com/ada-byron/looms", "https://looms.readthedocs.io/en", Some("https://looms.readthedocs.io/en")),
        ("github.com/ada-byron/looms", "https://ada.readthedocs.io/en", None),
        ("github.com/ada-byron/looms", "https://looms.github.io/donate", None),
        ("github.com/ada-byron/medium", "https://medium.com/about", None),
    ] {
        assert_eq!(kept(project, text).as_deref(), expected, "{project} {text}");
    }
}

#[test]
fn every_platform_of_a_forge() {
    let text = "github: [adabyron, cbabbage]\npatreon: adabyron\nopen_collective: looms\nko_fi: adabyron\ntidelift: npm/looms\n\
                community_bridge: ada-byron\nliberapay: adabyron\nissuehunt: adabyron\notechie: adabyron\nlfx_crowdfunding: looms\n\
                polar: adabyron\nbuy_me_a_coffee: adabyron\nthanks_dev: u/gh/adabyron\nfuture_pay: adabyron\n\
                custom: ['https://adabyron.example/pay', looms.example/sponsors, 'https://paypal.me/adabyron', {a: b}]\n";
    let file = read(FundingForm::FundingYml, text, &ABOUT).expect("a file");
    let has = |platform: Platform| {
        let found: Vec<_> = file.doors.iter().filter(|door| door.platform == platform).collect();
        let [one] = found[..] else { panic!("{platform:?}: {found:?}") };
        (one.address.as_deref(), one.accounts)
    };
    assert_eq!(has(Platform::GithubSponsors), (None, 2));
    assert_eq!(has(Platform::OpenCollective), (Some("looms"), 1));
    assert_eq!(has(Platform::Tidelift), (Some("npm/looms"), 1));
    assert_eq!(has(Platform::LfxCrowdfunding), (Some("looms"), 1));
    assert_eq!(has(Platform::OwnPage), (Some("https://looms.example/sponsors"), 1));
    for (_, platform, is_project) in super::funding_yml::KEYS {
        assert!(*is_project || has(*platform).0.is_none(), "{platform:?}");
    }
    assert_eq!(
        (has(Platform::CommunityBridge), has(Platform::Paypal), has(Platform::Other)),
        ((None, 1), (None, 1), (None, 1))
    );
    let counted = gaps(&file);
    assert!(counted.contains(&(G::UnknownPlatform, 1)) && counted.contains(&(G::Incomplete, 1)), "{counted:?}");
    let template = read(FundingForm::FundingYml, "# nothing\ngithub: # name\ncustom:\n", &ABOUT).expect("a file");
    assert_eq!((template.doors.len(), template.gaps.len()), (0, 0));
    assert!(read(FundingForm::FundingYml, "- a\n- b\n", &ABOUT).is_err());
}

#[test]
fn accounts_of_two_countries() {
    let german = "Posten;Datum;Von;An;Betrag;Währung\n\
                  Zahlung;22.4.2021;GitHub Sponsors;github.com/ada-byron;843,59;EUR\n\
                  Zahlung;24.5.2021;GitHub Sponsors;github.com/ada-byron;1.030,07;EUR\n\
                  An Ada;1.6.2021;Charles Babbage;Ada Byron;10;EUR\n\
                  Zurück;2.6.2021;Charles Babbage;Ada Byron;-4;EUR\n\
                  Audit;1.2.2022;Osteria Digital Fund;Ada Byron;5000;GBP\n\
                  Audit;2.2.2022;Norvania Cyber;Ada Byron;7;EUR\n\
                  ;;;;;\nFalsch;morgen;X GmbH;Y;1;EUR\nFalsch;1.1.2022;X GmbH;Y;viel;EUR\n\
                  Falsch;1.1.2022;X GmbH;Y;1;Taler\nKurz;1.1.2022\n";
    let payers = ["Norvania Cyber".to_owned()];
    let file = read(FundingForm::Accounts, german, &About { payers: &payers, ..ABOUT }).expect("accounts");
    let told: Vec<_> = file
        .flows
        .iter()
        .map(|flow| (flow.payer, flow.payer_name.as_deref(), flow.income.clone(), flow.expenses.clone(), flow.payments))
        .collect();
    assert_eq!(
        told,
        [
            (Payer::Platform, Some("github-sponsors"), Some(amount(187_366, "EUR")), None, Some(2)),
            (Payer::Withheld, None, Some(amount(1_000, "EUR")), Some(amount(400, "EUR")), Some(2)),
            (Payer::Organisation, Some("Norvania Cyber"), Some(amount(700, "EUR")), None, Some(1)),
            (Payer::Organisation, Some("Osteria Digital Fund"), Some(amount(500_000, "GBP")), None, Some(1)),
        ]
    );
    assert_eq!(
        (file.flows[0].from.date(), file.flows[0].until.date()),
        ("2021-04-22".to_owned(), "2021-05-25".to_owned())
    );
    let expected = [
        (G::UnreadableAmount, 1),
        (G::UnreadableDay, 1),
        (G::UnknownCurrency, 1),
        (G::Incomplete, 1),
        (G::NameWithheld, 2),
    ];
    assert_eq!(gaps(&file), expected);
    let english =
        "Item,Date,From,To,Amount,Currency\nA,2024-05-01,Stripe,x,\"1,030.07\",usd\nB,2024-05-01,Stripe,x,843,59,usd\n";
    let file = read(FundingForm::Accounts, english, &ABOUT).expect("accounts");
    assert_eq!(file.flows[0].income, Some(amount(103_007, "USD")));
    assert_eq!(gaps(&file), [(G::Incomplete, 1)], "a comma that was not quoted");
    assert!(read(FundingForm::Accounts, "a;b\n1;2\n", &ABOUT).is_err());
}

/// Words of people in the files above. The name of the repository's owner is part of the project's key and is not among them.
const PEOPLE: &[&str] =
    &["ada's", "adabyron", "babbage", "byron leads", "ada@", "+44", "DE00", "pay ada", "/ada", "ada was"];

#[test]
fn no_word_of_a_person_is_kept() {
    let yml = "github: [adabyron]\nopen_collective: adabyron\ntidelift: npm/@adabyron/looms\ncustom: https://looms.example/people/adabyron\n";
    let csv = "Item,Date,From,To,Amount,Currency\nAda was paid,2024-05-01,Charles Babbage,adabyron,1,EUR\n\
               x,2024-05-01,charles@babbage.example,adabyron,1,EUR\nx,2024-05-01,Fund of @adabyron,a,1,EUR\n";
    for (form, text) in
        [(FundingForm::FundingJson, MANIFEST), (FundingForm::FundingYml, yml), (FundingForm::Accounts, csv)]
    {
        let file = read(form, text, &ABOUT).expect("reads");
        let kept = serde_json::to_string(&file).expect("JSON").to_lowercase();
        for word in PEOPLE {
            assert!(!kept.contains(&word.to_lowercase()), "{form:?} keeps {word}: {kept}");
        }
    }
}

#[test]
fn more_than_is_kept_is_counted() {
    let doors: Vec<String> =
        (0..60).map(|at| format!("{{\"type\": \"other\", \"address\": \"https://h{at}.example\"}}")).collect();
    let plans = vec!["{\"amount\": 1, \"currency\": \"EUR\"}"; 30].join(",");
    let text = format!(
        "{{\"version\": \"v1.0.0\", \"entity\": {{}}, \"funding\": {{\"channels\": [{}], \"plans\": [{plans}]}}}}",
        doors.join(",")
    );
    let file = read(FundingForm::FundingJson, &text, &ABOUT).expect("a manifest");
    // All sixty lead to a platform that is not known and are one line.
    assert_eq!(file.doors, [door(Platform::Other, None, 60)]);
    assert_eq!(file.wishes.len(), FUNDING_ENTRIES);
    assert!(gaps(&file).contains(&(G::BeyondLimits, 30 - FUNDING_ENTRIES as u32)), "{:?}", file.gaps);
}

type Values = [Result<Value, Ignorance>; 5];

fn values(text: Result<&str, Ignorance>) -> Vec<Result<Value, Ignorance>> {
    declared(text, &ABOUT).values.into_iter().map(|(_, value)| value).collect()
}

#[test]
fn both_versions_of_insights_and_faults() {
    let flag = |flag: bool| Ok(Value::Flag(flag));
    let (not_said, not_understood) = (Err(Ignorance::NotSaid), Err(Ignorance::NotUnderstood));
    let second = "header:\n  schema-version: 2.2.0\nproject:\n  vulnerability-reporting:\n    reports-accepted: true\n\
                  repository:\n  status: WIP\n  accepts-change-request: true\n  accepts-automated-change-request: false\n";
    let first = "header:\n  schema-version: 1.0.0\nproject-lifecycle:\n  status: inactive\n  bug-fixes-only: true\n\
                 contribution-policy:\n  accepts-pull-requests: false\n";
    let odd = "repository:\n  status: true\n  accepts-change-request: \"perhaps\"\n";
    let cases: [(&str, Values); 5] = [
        (second, [Ok(Value::Word(DeclaredStatus::WorkInProgress)), flag(true), flag(false), not_said, flag(true)]),
        (first, [Ok(Value::Word(DeclaredStatus::Inactive)), flag(false), not_said, flag(true), not_said]),
        (odd, [not_understood, not_understood, not_said, not_said, not_said]),
        ("a: [", [not_understood; 5]),
        ("just a text", [not_said; 5]),
    ];
    for (text, expected) in cases {
        assert_eq!(values(Ok(text)), expected, "{text}");
    }
    assert!(values(Err(Ignorance::NotInClone)).iter().all(|value| *value == Err(Ignorance::NotInClone)));
    assert_eq!(declared(Ok(second), &ABOUT).values[0].0, SignalCode::InsightsStatus);
}

#[test]
fn addresses_of_the_project_and_no_others() {
    let text = "project:\n  vulnerability-reporting:\n    reports-accepted: true\n    policy: https://github.com/ada-byron/looms/blob/main/SECURITY.md\n    \
                contact:\n      name: Charles Babbage\n      email: charles@babbage.example\n  administrators:\n  - name: Ada\n  \
                documentation:\n    code-of-conduct: https://looms.example/code-of-conduct?by=ada\n  funding: https://adabyron.example/pay\n\
                repository:\n  documentation:\n    contributing-guide: https://github.com/ada-byron/looms/blob/adas-branch/CONTRIBUTING.md\n    \
                governance: ./docs/GOVERNANCE.md\n";
    let found = declared(Ok(text), &ABOUT);
    let told: Vec<(AddressUse, &str)> =
        found.addresses.iter().map(|one| (one.used_for, one.address.as_str())).collect();
    assert_eq!(
        told,
        [
            (AddressUse::SecurityPolicy, "https://github.com/ada-byron/looms/blob/main/SECURITY.md"),
            (AddressUse::CodeOfConduct, "https://looms.example/code-of-conduct"),
            (AddressUse::Governance, "https://github.com/ada-byron/looms/docs/GOVERNANCE.md"),
        ]
    );
    assert_eq!(found.withheld, 2);
    assert_eq!(declared(Ok(text), &About::default()).addresses, []);
}

#[test]
fn what_an_owner_shares_among_projects_and_names_without_the_plural() {
    let text = "project-lifecycle:\n  status: active\ncontribution-policy:\n  accepts-pull-request: true\n  \
                accepts-automated-pull-request: false\n  code-of-conduct: https://github.com/Ada-Byron/.github/blob/main/CODE_OF_CONDUCT.md\n  \
                contributing-policy: https://github.com/cbabbage/.github/blob/main/CONTRIBUTING.md\n";
    let found = declared(Ok(text), &ABOUT);
    assert_eq!(
        values(Ok(text))[1..3],
        [Ok(Value::Flag(true)), Ok(Value::Flag(false))],
        "as some projects write them in version 1"
    );
    let told: Vec<(AddressUse, &str)> =
        found.addresses.iter().map(|one| (one.used_for, one.address.as_str())).collect();
    let shared = "https://github.com/ada-byron/.github/blob/main/CODE_OF_CONDUCT.md";
    assert_eq!((told, found.withheld), (vec![(AddressUse::CodeOfConduct, shared)], 1));
    let elsewhere = About { project: "gitlab.example/ada-byron/looms", ..ABOUT };
    assert_eq!(declared(Ok(text), &elsewhere).addresses, []);
}

#[test]
fn aliases_do_not_multiply() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let before = format!("*a{}, ", level - 1).repeat(10);
        text.push_str(&format!("a{level}: &a{level} [{before}x]\n"));
    }
    assert!(values(Ok(&text)).iter().all(|value| *value == Err(Ignorance::NotUnderstood)));
    assert!(read(FundingForm::FundingYml, &text, &ABOUT).is_err());
}

proptest! {
    #[test]
    fn whatever_the_bytes_are(text in ".{0,200}", at in 0..MANIFEST.len(), with in any::<char>()) {
        let mut changed: String = MANIFEST.chars().take(at).collect();
        changed.push(with);
        changed.extend(MANIFEST.chars().skip(at + 1));
        for form in FundingForm::ALL {
            let _ = read(*form, &text, &ABOUT);
            if let Ok(file) = read(*form, &changed, &ABOUT) {
                let kept = serde_json::to_string(&file).expect("JSON");
                prop_assert!(kept.len() < 20_000);
            }
        }
        let _ = declared(Ok(&text), &ABOUT);
    }
}
