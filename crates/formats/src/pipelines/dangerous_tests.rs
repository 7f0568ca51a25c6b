// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Workflows in which words or code of outsiders reach a script by detours, beside those that look alike and are careful.

use super::*;

/// Codes of faults, and whether something was left open.
fn seen(text: &str) -> (Vec<FaultCode>, bool) {
    let mut out = BuildFacts::default();
    inspect(BuildFile::Workflow("github-actions"), "a.yml", text.as_bytes(), &mut out);
    out.sort();
    let mut codes: Vec<FaultCode> = out.faults.iter().map(|fault| fault.code).collect();
    codes.retain(|code| {
        !matches!(code, FaultCode::NoPermissions | FaultCode::UnpinnedAction | FaultCode::UnpinnedImage)
    });
    codes.dedup();
    (codes, out.undecided.iter().any(|open| open.code == FaultCode::NotFollowed))
}

fn job(on: &str, more: &str, steps: &str) -> String {
    format!("on: {on}\npermissions: {{}}\n{more}jobs:\n  j:\n    runs-on: x\n    steps:\n{steps}")
}

const WORDS: &[FaultCode] = &[FaultCode::UntrustedInput];
const CODE: &[FaultCode] = &[FaultCode::UntrustedCheckout];
const TYPED: &[FaultCode] = &[FaultCode::CollaboratorInput];

#[test]
fn words_of_outsiders_are_followed_on_their_detours() {
    let title = "${{ github.event.issue.title }}";
    let env = "        env:\n          T: ${{ github.event.issue.title }}\n";
    let of = |more: &str, steps: &str| seen(&job("issues", more, steps));
    for (more, steps) in [
        ("", "      - run: echo \"${{ github.event.issue['title'] }}\"\n".to_owned()),
        ("", "      - run: echo \"${{ github['event']['issue']['title'] }}\"\n".to_owned()),
        ("", format!("      - run: echo ${{{{ env.T }}}}\n{env}")),
        ("env:\n  T: ${{ github.event.issue.title }}\n", "      - run: echo ${{ env.T }}\n".to_owned()),
        ("", format!("      - run: echo hi\n        shell: bash -c '{title}' {{0}}\n")),
        ("", format!("      - run: eval \"$T\"\n{env}")),
        ("", format!("      - run: sh -c \"echo ${{T}}\"\n{env}")),
        ("", format!("      - uses: a/b@main\n        with:\n          run: echo {title}\n")),
    ] {
        assert_eq!(of(more, &steps), (WORDS.to_vec(), false), "{more}{steps}");
    }
    // An output may be anything that the step was given.
    let output = format!(
        "      - id: t\n        run: echo \"t=$T\" >> $GITHUB_OUTPUT\n{env}      - run: echo ${{{{ steps.t.outputs.t }}}}\n"
    );
    assert_eq!(of("", &output), (vec![], true));
    let action =
        "      - id: f\n        uses: tj-actions/changed-files@v1\n      - run: echo ${{ steps.f.outputs.all }}\n";
    assert_eq!(of("", action), (vec![], true));
    for steps in [
        format!("      - run: echo \"$T\"\n{env}"),
        "      - run: echo ${{ github.event.issue.number }}\n".to_owned(),
        "      - if: contains(github.event.issue.title, 'x')\n        run: echo hi\n".to_owned(),
        "      - id: d\n        run: echo \"d=$(date)\" >> $GITHUB_OUTPUT\n      - run: echo ${{ steps.d.outputs.d }}\n".to_owned(),
        "      - id: p\n        uses: actions/setup-python@v5\n      - run: echo ${{ steps.p.outputs.python-version }}\n".to_owned(),
    ] {
        assert_eq!(of("env:\n  A: b\n", &steps), (vec![], false), "{steps}");
    }
}

#[test]
fn a_matrix_outputs_of_jobs_and_containers_carry_words() {
    let title = "${{ github.event.issue.title }}";
    for (jobs, expected) in [
        (
            format!(
                "  j:\n    strategy:\n      matrix:\n        t: ['{title}']\n    steps:\n      - run: echo ${{{{ matrix.t }}}}\n"
            ),
            true,
        ),
        (
            format!(
                "  j:\n    strategy:\n      matrix:\n        include:\n          - t: {title}\n    steps:\n      - run: echo ${{{{ matrix.t }}}}\n"
            ),
            true,
        ),
        (
            format!(
                "  b:\n    needs: a\n    steps:\n      - run: echo ${{{{ needs.a.outputs.t }}}}\n  a:\n    outputs:\n      t: {title}\n"
            ),
            true,
        ),
        (format!("  j:\n    container:\n      image: a@sha256:00\n      options: {title}\n"), true),
        (
            "  j:\n    strategy:\n      matrix:\n        t: [a, b]\n    steps:\n      - run: echo ${{ matrix.t }}\n"
                .to_owned(),
            false,
        ),
    ] {
        let found = seen(&format!("on: issues\npermissions: {{}}\njobs:\n{jobs}"));
        assert_eq!(found, (if expected { WORDS.to_vec() } else { vec![] }, false), "{jobs}");
    }
    let merged = "on: issues\npermissions: {}\nx: &r\n  run: echo ${{ github.event.issue.title }}\njobs:\n  j:\n    steps:\n      - <<: *r\n";
    assert_eq!(seen(merged), (vec![], true), "keys of merging are not followed");
}

#[test]
fn what_people_with_rights_give_is_told_apart() {
    let on = "\n  workflow_dispatch:\n    inputs:\n      v: {type: string}";
    assert_eq!(seen(&job(on, "", "      - run: echo ${{ github.event.inputs['v'] }}\n")), (TYPED.to_vec(), false));
    let env = "      - run: echo ${{ env.V }}\n        env:\n          V: ${{ inputs.v }}\n";
    assert_eq!(seen(&job(on, "", env)), (TYPED.to_vec(), false));
    let payload = "      - run: echo ${{ github.event.client_payload.x }}\n";
    assert_eq!(seen(&job("repository_dispatch", "", payload)), (TYPED.to_vec(), true), "who filled it nobody knows");
}

#[test]
fn code_of_outsiders_is_found_however_it_is_fetched() {
    let head = "${{ github.event.pull_request.head.sha }}";
    let checkout = |value: &str| format!("      - uses: actions/checkout@v4\n        with:\n          ref: {value}\n");
    let sha = format!("        env:\n          SHA: {head}\n");
    for (on, steps) in [
        ("pull_request_target", checkout(head)),
        ("pull_request_target", format!("{}{sha}", checkout("${{ env.SHA }}"))),
        ("pull_request_target", checkout("refs/pull/${{ github.event.number }}/merge")),
        (
            "pull_request_target",
            "      - run: git fetch origin pull/${{ github.event.number }}/head && git checkout FETCH_HEAD && make\n"
                .to_owned(),
        ),
        ("pull_request_target", format!("      - run: git checkout \"$SHA\" && make\n{sha}")),
        ("issue_comment", checkout("refs/pull/${{ github.event.issue.number }}/head")),
        ("issue_comment", "      - run: gh pr checkout ${{ github.event.issue.number }} && make\n".to_owned()),
        ("workflow_run", checkout("${{ github.event.workflow_run.head_commit.id }}")),
    ] {
        assert_eq!(seen(&job(on, "", &steps)), (CODE.to_vec(), false), "{on}: {steps}");
    }
    let asked = "      - id: pr\n        run: echo \"sha=$(gh pr view --json headRefOid)\" >> $GITHUB_OUTPUT\n";
    let unclear = format!("{asked}{}", checkout("${{ steps.pr.outputs.sha }}"));
    assert_eq!(seen(&job("issue_comment", "", &unclear)), (vec![], true));
    for (on, steps) in [
        ("pull_request_target", checkout("${{ github.event.pull_request.base.sha }}")),
        ("pull_request_target", checkout("main")),
        (
            "pull_request_target",
            "      - uses: actions/checkout@v4\n      - run: git checkout -b x && git push\n".to_owned(),
        ),
        ("pull_request", checkout(head)),
        ("push", "      - run: git fetch origin pull/1/head && git checkout FETCH_HEAD\n".to_owned()),
    ] {
        assert_eq!(seen(&job(on, "", &steps)), (vec![], false), "{on}: {steps}");
    }
    let elsewhere = "on: pull_request_target\npermissions: {}\njobs:\n  j:\n    uses: a/b/.github/workflows/c.yml@main\n    secrets: inherit\n";
    assert_eq!(seen(elsewhere), (vec![], true), "a workflow elsewhere is not read");
}

#[test]
fn tests_that_do_not_run_or_do_not_count_are_none() {
    let tested = |text: &str| {
        let mut out = BuildFacts::default();
        inspect(BuildFile::Workflow("github-actions"), "a.yml", text.as_bytes(), &mut out);
        !out.signs_of(&[FaultCode::TestsProposals]).is_empty()
    };
    let step = |step: &str| job("pull_request", "", step);
    let with = |on: &str, more: &str| {
        format!("on:\n  pull_request:\n    {on}\njobs:\n  j:\n{more}    steps:\n      - run: cargo test\n")
    };
    for text in [
        step("      - run: cargo test\n"),
        step("      - run: cargo test || exit 1\n"),
        step("      - if: matrix.os != 'windows'\n        run: cargo test\n"),
        with("branches: [main, 'release/**']", ""),
        with("paths-ignore: ['**.md', 'docs/**']", ""),
        with("paths: ['src/**', 'docs/**']", ""),
        with("types: [opened, synchronize]", "    if: github.event.pull_request.draft == false\n"),
    ] {
        assert!(tested(&text), "{text}");
    }
    for text in [
        step("      - run: cargo test || true\n"),
        step("      - run: 'cargo test || echo failed'\n"),
        step("      - run: if false; then cargo test; fi\n"),
        step("      - if: false\n        run: cargo test\n"),
        step("      - if: ${{ false }}\n        run: cargo test\n"),
        step("      - if: github.event_name == 'push'\n        run: cargo test\n"),
        step("      - continue-on-error: true\n        run: cargo test\n"),
        with("types: [closed]", ""),
        with("paths: ['docs/**']", ""),
        with("branches: [never]", ""),
        with("branches: [main]", "    if: false\n"),
        with("branches: [main]", "    continue-on-error: true\n"),
    ] {
        assert!(!tested(&text), "{text}");
    }
    let mut out = BuildFacts::default();
    let never = "on: push\njobs:\n  j:\n    steps:\n      - if: false\n        uses: github/codeql-action/analyze@v3\n";
    inspect(BuildFile::Workflow("github-actions"), "a.yml", never.as_bytes(), &mut out);
    assert!(out.signs_of(&[FaultCode::RunsAnalysis]).is_empty());
}
