// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Pipelines and build files that do well and do not.

use super::*;

fn seen(path: &str, text: &str) -> BuildFacts {
    let mut out = BuildFacts::default();
    inspect(build_file(path).expect(path), path, text.as_bytes(), &mut out);
    out.sort();
    out
}

fn faults(facts: &BuildFacts) -> Vec<(FaultCode, u32)> {
    facts.faults.iter().map(|fault| (fault.code, fault.line.unwrap_or_default())).collect()
}

fn has_sign(facts: &BuildFacts, code: FaultCode) -> bool {
    facts.signs.iter().any(|sign| sign.code == code)
}

#[test]
fn files_are_known_by_where_they_lie() {
    assert_eq!(build_file(".github/workflows/a.yml"), Some(BuildFile::Workflow("github-actions")));
    assert_eq!(build_file(".forgejo/workflows/a.yaml"), Some(BuildFile::Workflow("forgejo-actions")));
    assert_eq!(build_file("docker/api.Dockerfile"), Some(BuildFile::Dockerfile));
    assert_eq!(build_file("tools/x/action.yml"), Some(BuildFile::Action));
    assert_eq!(build_file("Jenkinsfile"), Some(BuildFile::Other("jenkins")));
    assert_eq!(build_file(".github/workflows/deep/a.yml"), None);
    assert_eq!(build_file("src/main.rs"), None);
}

const CAREFUL: &str = "on: [push, pull_request]\npermissions:\n  contents: read\njobs:\n  test:\n    runs-on: x\n    steps:\n      \
    - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8\n      - run: |\n          cargo build\n          cargo test\n      \
    - env:\n          TITLE: ${{ github.event.pull_request.title }}\n        run: echo \"$TITLE\"\n";

#[test]
fn a_careful_workflow_has_no_fault() {
    let facts = seen(".github/workflows/a.yml", CAREFUL);
    assert_eq!(faults(&facts), []);
    let tests = facts.signs_of(&[FaultCode::TestsProposals]);
    assert_eq!(tests.iter().map(|sign| sign.line).collect::<Vec<_>>(), [Some(11)]);
    assert!(has_sign(&facts, FaultCode::Declared));
}

#[test]
fn words_of_outsiders_in_a_script_are_found_with_their_line() {
    let text = "on: issues\njobs:\n  a:\n    permissions: {}\n    steps:\n      - run: |\n          echo x\n          \
        echo ${{ github.event.issue.title }}\n      - uses: actions/github-script@08c6903cd8c0fde910a37f88322edcfb5dd907a8\n        with:\n          \
        script: console.log('${{ github.head_ref }}')\n";
    let found = faults(&seen(".github/workflows/a.yml", text));
    assert_eq!(found, [(FaultCode::UntrustedInput, 8), (FaultCode::UntrustedInput, 11)]);
}

#[test]
fn code_of_a_proposal_with_rights_is_found() {
    let with = |trigger: &str, reference: &str| {
        format!(
            "on: {trigger}\npermissions: read-all\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8\n        \
             with:\n          ref: {reference}\n"
        )
    };
    let head = "${{ github.event.pull_request.head.sha }}";
    let of = |trigger, reference| faults(&seen(".github/workflows/a.yml", &with(trigger, reference)));
    assert_eq!(of("pull_request_target", head), [(FaultCode::UntrustedCheckout, 8)]);
    assert_eq!(of("workflow_run", "${{ github.event.workflow_run.head_sha }}"), [(FaultCode::UntrustedCheckout, 8)]);
    assert_eq!(of("pull_request", head), [], "without rights it is what a test is for");
    assert_eq!(of("pull_request_target", "${{ github.event.pull_request.base.sha }}"), []);
    assert_eq!(of("pull_request_target", "main"), []);
}

#[test]
fn rights_are_declared_or_not() {
    let of = |text: &str| faults(&seen(".github/workflows/a.yml", text));
    let jobs = "jobs:\n  a:\n    steps: []\n";
    assert_eq!(of(&format!("on: push\n{jobs}")), [(FaultCode::NoPermissions, 1)]);
    assert_eq!(of(&format!("on: push\npermissions: write-all\n{jobs}")), [(FaultCode::WritePermission, 2)]);
    assert_eq!(of(&format!("on: push\npermissions:\n  contents: write\n{jobs}")), [(FaultCode::WritePermission, 3)]);
    assert_eq!(of(&format!("on: push\npermissions: {{}}\n{jobs}")), []);
    assert_eq!(of("on: push\njobs:\n  a:\n    permissions:\n      contents: write\n    steps: []\n"), [], "a job may");
    assert_eq!(seen(".forgejo/workflows/a.yml", &format!("on: push\n{jobs}")).faults, [], "there are none to declare");
}

#[test]
fn names_that_can_be_moved_are_not_pinned() {
    let text = "on: push\npermissions: {}\njobs:\n  a:\n    uses: x/y/.github/workflows/z.yml@v1\n  b:\n    container: debian:12\n    \
        services:\n      db:\n        image: postgres@sha256:0000000000000000000000000000000000000000000000000000000000000000\n    steps:\n      - uses: ./own\n      - uses: docker://alpine:3\n      - uses: a/b@main\n";
    let found = faults(&seen(".github/workflows/a.yml", text));
    let expected = [
        (FaultCode::UnpinnedAction, 5),
        (FaultCode::UnpinnedImage, 7),
        (FaultCode::UnpinnedImage, 13),
        (FaultCode::UnpinnedAction, 14),
    ];
    assert_eq!(found, expected);
}

#[test]
fn inputs_of_people_with_rights_count_when_they_take_any_words() {
    let text = "on:\n  workflow_dispatch:\n    inputs:\n      tag:\n        required: true\n      level:\n        type: choice\npermissions: {}\njobs:\n  a:\n    \
        steps:\n      - run: echo ${{ inputs.level }} ${{ github.event.inputs.tag }}\n";
    assert_eq!(faults(&seen(".github/workflows/a.yml", text)), [(FaultCode::CollaboratorInput, 12)]);
}

#[test]
fn images_stand_on_digests_or_on_names() {
    let text = "ARG BASE=debian:12\nFROM rust:1 AS build\nRUN curl x \\\n  # why\n  | sh\nFROM build\nFROM ${BASE}\nFROM $OTHER\nFROM scratch\n\
        FROM --platform=linux a@sha256:0000000000000000000000000000000000000000000000000000000000000000\n";
    let facts = seen("Dockerfile", text);
    let mut found = faults(&facts);
    found.sort_by_key(|(_, line)| *line);
    assert_eq!(found, [(FaultCode::UnpinnedImage, 2), (FaultCode::DownloadRun, 5), (FaultCode::UnpinnedImage, 7)]);
    assert_eq!(facts.undecided.iter().map(|open| open.line).collect::<Vec<_>>(), [Some(8)]);
}

#[test]
fn pipelines_of_other_systems_show_their_tests() {
    let gitlab = "image: rust@sha256:0000000000000000000000000000000000000000000000000000000000000000\ntest:\n  script:\n    - cargo test\nrelease:\n  only: [tags]\n  script: cargo publish\n";
    let facts = seen(".gitlab-ci.yml", gitlab);
    assert!(has_sign(&facts, FaultCode::TestsProposals) && has_sign(&facts, FaultCode::Publishes), "{facts:?}");
    let narrow = seen(".gitlab-ci.yml", "test:\n  only: [tags]\n  script: cargo test\n");
    assert!(!has_sign(&narrow, FaultCode::TestsProposals) && has_sign(&narrow, FaultCode::RunsTests));
    assert!(has_sign(&seen(".travis.yml", "script:\n  - make check\n"), FaultCode::TestsProposals));
    assert!(has_sign(
        &seen("Jenkinsfile", "pipeline {\n  steps {\n    sh 'mvn -B verify'\n  }\n}\n"),
        FaultCode::TestsProposals
    ));
    assert!(has_sign(
        &seen(".woodpecker.yml", "steps:\n  - name: a\n    commands: [go test ./...]\n"),
        FaultCode::TestsProposals
    ));
}

#[test]
fn what_cannot_be_read_is_left_open() {
    let facts = seen(".github/workflows/a.yml", "on: [push\n");
    assert_eq!(facts.undecided.first().map(|open| open.code), Some(FaultCode::MalformedYaml));
}

#[test]
fn programs_are_told_from_pictures_and_texts() {
    for (path, bytes, expected) in [
        ("a", &b"\x7fELF\x02"[..], Some(Artefact::Program)),
        ("a.png", b"\x7fELF\x02", Some(Artefact::Program)),
        ("a.png", b"\x89PNG\r\n\x1a\n\0", None),
        ("a.jar", b"PK\x03\x04\0", Some(Artefact::Program)),
        ("a.zip", b"PK\x03\x04\0", Some(Artefact::Opaque)),
        ("a.exe", b"MZ fun text", None),
        ("a.txt", "Größe".as_bytes(), None),
        ("a.txt", b"Gr\xf6\xdfe in Latin-1", None),
        ("a.so", b"\0\0\x01", Some(Artefact::Program)),
        ("empty", b"", None),
    ] {
        assert_eq!(artefact(path, bytes), expected, "{path} {bytes:?}");
    }
}

#[test]
fn documents_speak_about_themes() {
    let mut out = BuildFacts::default();
    let security =
        "# Security\n\n## Supported versions\n\nWrite to security@example.org. You get an answer within 3 days.\n";
    document("SECURITY.md", security, &mut out);
    document(
        "CONTRIBUTING.md",
        "Contributing\n============\n\nPlease add tests.\n\n## Code style\n\n```\ncargo test\n```\n",
        &mut out,
    );
    use underpin_model::build_facts::Theme::*;
    let themes: Vec<_> = out.themes.iter().map(|(theme, _)| *theme).collect();
    for theme in
        [Support, SupportEnd, Contact, PrivateChannel, ResponseTime, TestPolicy, Acceptance, Testing, Contribution]
    {
        assert!(themes.contains(&theme), "{theme:?} in {themes:?}");
    }
    let mut other = BuildFacts::default();
    document(
        "README.md",
        "# Contest\n\nSee @user and npm i @a/b.\n\n## Reporting a vulnerability\n\nOpen an issue.\n",
        &mut other,
    );
    assert!(other.themes.iter().all(|(theme, _)| ![Contact, PrivateChannel, Defects].contains(theme)), "{other:?}");
    let mut crypto = BuildFacts::default();
    document("README.md", "# Design\n\n## Batch signature verification\n", &mut crypto);
    document("CODE_OF_CONDUCT.md", "## Our responsibilities\n", &mut crypto);
    assert!(crypto.themes.is_empty(), "{crypto:?}");
    document("SECURITY.md", "## Release verification\n", &mut crypto);
    assert_eq!(crypto.about(Verification).len(), 1, "{crypto:?}");
}

proptest::proptest! {
    #[test]
    fn no_text_makes_a_reader_fail(text in "([ -~äß\n]|\\$\\{\\{|\\}\\}|\n  - run: |FROM |RUN |uses: |\\\\\n|permissions:|jobs:\n){0,60}") {
        for path in [".github/workflows/a.yml", ".gitlab-ci.yml", ".travis.yml", "Jenkinsfile", "Dockerfile", "a.sh", "action.yml"] {
            let mut out = BuildFacts::default();
            inspect(build_file(path).expect(path), path, text.as_bytes(), &mut out);
            document("SECURITY.md", &text, &mut out);
            for fault in out.faults.iter().chain(&out.signs) {
                let lines = u32::try_from(text.split('\n').count()).unwrap_or(u32::MAX);
                proptest::prop_assert!(fault.line.is_none_or(|line| line >= 1 && line <= lines), "{fault:?} in {text:?}");
            }
        }
        let _ = artefact("a", text.as_bytes());
        let _ = licence_of_text(&text);
    }
}
