// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Samples of others for BSI TR-03183-2 (sbomqs of Interlynk, where they lie beside the clone). Each file is called after what it shows: a
//! clause that is kept (`valid…`), or one that is not (`missing…`, `invalid…`). What we say of that clause is held against the name, and every
//! disagreement stands in a table with its reason.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use underpin_model::Limits;
use underpin_model::practices::Outcome;

use super::bill_files::check_bills;
use super::bill_tools::tool_rows;
use super::bills::{Conformity, JudgedBill};
use super::rulebooks::shipped;

/// What a name is about, by its beginning after the word of praise or blame, and our rule. The first that fits counts.
const SUBJECTS: &[(&str, &str)] = &[
    ("MetadataTimestamp", "timestamp"),
    ("Metadata", "document-creator"),
    ("DocumentNamespace", "document-address"),
    ("SerialNumber", "document-address"),
    ("ComponentName", "component-name"),
    ("ComponentVersion", "component-version"),
    ("ComponentSupplier", "component-creator"),
    ("ComponentOrganizationSupplier", "component-creator"),
    ("ComponentPersonSupplier", "component-creator"),
    ("ComponentManufacturer", "component-creator"),
    ("ComponentAuthor", "component-creator"),
    ("ComponentBsiFilename", "file-name"),
    ("ComponentBsiArchive", "archive"),
    ("ComponentBsiExecutable", "executable"),
    ("ComponentBsiStructured", "structured"),
    ("ComponentBsiEffectiveLicense", "effective-licence"),
    ("ComponentLicenseDeclared", "original-licence"),
    ("ComponentLicense", "distribution-licence"),
    ("ComponentSourceHash", "source-hash"),
    ("ComponentSourceCodeURL", "source-address"),
    ("ComponentSecurityTxtURL", "security-txt"),
    ("ComponentDownloadURL", "deployable-address"),
    ("ComponentDeployableHash", "deployable-hash"),
    ("ComponentExtRefDistribution", "deployable-hash"),
    ("ComponentHash", "deployable-hash"),
    ("ComponentPURL", "identifiers"),
    ("ComponentCPE", "identifiers"),
    ("ComponentSWID", "identifiers"),
    ("ComponentOtherUniqueIDs", "identifiers"),
    ("ComponentDependencies", "dependencies"),
    ("ComponentNoDependencies", "dependencies"),
    ("NoDependencies", "dependencies"),
    ("DependencyInfo", "dependencies"),
    ("PrimaryComponent", "dependencies"),
    // SPDX 3: what is missing, or what one of two components has.
    ("doc-missing-creator", "document-creator"),
    ("doc-missing-sbom-uri", "document-address"),
    ("doc-missing-spec-version", "format"),
    ("doc-missing-timestamp", "timestamp"),
    ("archive-prop", "archive"),
    ("executable-prop", "executable"),
    ("structured-prop", "structured"),
    ("concluded-license", "distribution-licence"),
    ("declared-license", "original-licence"),
    ("effective-license", "effective-licence"),
    ("creator", "component-creator"),
    ("dependencies", "dependencies"),
    ("deployable-hash", "deployable-hash"),
    ("download-url", "deployable-address"),
    ("filename", "file-name"),
    ("purl-cpe", "identifiers"),
    ("security-txt-url", "security-txt"),
    ("source-code-hash", "source-hash"),
    ("source-code-url", "source-address"),
];

/// Words before the subject, and whether the clause is kept then.
const BEGINNINGS: &[(&str, bool)] = &[
    ("v2.1.0-two-comps-one-with-", false),
    ("v2.1.0-", false),
    ("valid", true),
    ("missing", false),
    ("invalid", false),
    ("absent", false),
    ("none", false),
    ("broken", false),
    ("orphan", false),
    ("leaf", true),
    ("primary", true),
    ("partial", false),
    ("mix", false),
];

/// Files about no single clause, and why.
const OTHERS: &[&str] = &[];

const SHA: &str =
    "SHA-512 of what is distributed is asked for; the sample has another digest, an empty one, or one at another place";
const WORDS: &str =
    "the words for these marks are archive, executable, structured and their contraries; the sample says true or false";
const LEAF: &str = "a component about whose needs nothing is stated is not one that is stated to need nothing";
const WHOLE_NOT: &str =
    "its one component states that it needs nothing; that the document is about no component is another matter";
const CONCLUDED: &str = "a licence without the mark that it was concluded may be the declared one";
const SOURCE: &str = "an address of a repository is not that of the source of this very version";
const SUPPLIER: &str = "asked is who made the component; the sample names who supplies it";
const MAKER: &str = "asked is who made the document; the sample names who made or supplies the product";
const PLACE: &str =
    "the digest is there and is SHA-512; SPDX 2 has one place for digests of a package, and none to say of which form";
const SPDX_2: &str = "SPDX 2 has no place of its own for this, and is no longer taken";
const MISSPELT: &str = "the sample writes externalIdentifiers; the property of SPDX 3 is externalIdentifier, so mail addresses are not stated";
const PURPOSE: &str = "a file that says what it is for, and does not name this, states the contrary";

/// Where our verdict is another than the name says, and why.
const DISAGREEMENTS: &[(&str, &str)] = &[
    ("cdx/leafComponentNoDependencies.cdx16.json", LEAF),
    ("cdx/missingPrimaryComponent.cdx16.json", WHOLE_NOT),
    ("cdx/primaryNoDependencies.cdx16.json", LEAF),
    ("cdx/validComponentBsiArchive.cdx16.json", WORDS),
    ("cdx/validComponentBsiExecutable.cdx16.json", WORDS),
    ("cdx/validComponentBsiStructured.cdx16.json", WORDS),
    ("cdx/validComponentDeployableHashDistributionIntake.cdx16.json", SHA),
    ("cdx/validComponentExtRefDistributionHashEmpty.cdx16.json", SHA),
    ("cdx/validComponentExtRefDistributionHashMD5.cdx16.json", SHA),
    ("cdx/validComponentExtRefDistributionHashSHA1.cdx16.json", SHA),
    ("cdx/validComponentExtRefDistributionHashSHA256.cdx16.json", SHA),
    ("cdx/validComponentExtRefDistributionIntakeHashEmpty.cdx16.json", SHA),
    ("cdx/validComponentExtRefDistributionIntakeHashMD5.cdx16.json", SHA),
    ("cdx/validComponentExtRefDistributionIntakeHashSHA1.cdx16.json", SHA),
    ("cdx/validComponentExtRefDistributionIntakeHashSHA256.cdx16.json", SHA),
    ("cdx/validComponentHashSHA256.cdx16.json", SHA),
    ("cdx/validComponentLicenseExp.cdx16.json", CONCLUDED),
    ("cdx/validComponentSourceCodeURL.cdx16.json", SOURCE),
    ("cdx/validComponentSupplierEmail.cdx16.json", SUPPLIER),
    ("cdx/validComponentSupplierEmailAndURL.cdx16.json", SUPPLIER),
    ("cdx/validComponentSupplierURL.cdx16.json", SUPPLIER),
    ("cdx/validFullyCompliantBsiV21.cdx16.json", WORDS),
    ("cdx/validMetadataManufacturerEmail.cdx16.json", MAKER),
    ("cdx/validMetadataManufacturerEmailAndURL.cdx16.json", MAKER),
    ("cdx/validMetadataManufacturerURL.cdx16.json", MAKER),
    ("cdx/validMetadataSupplierEmail.cdx16.json", MAKER),
    ("cdx/validMetadataSupplierEmailAndURL.cdx16.json", MAKER),
    ("cdx/validMetadataSupplierURL.cdx16.json", MAKER),
    ("spdx/leafComponentNoDependencies.spdx23.json", LEAF),
    ("spdx/missingComponentDeployableHash.spdx23.json", PLACE),
    ("spdx/validComponentDependencies.spdx23.json", LEAF),
    ("spdx/validComponentHashSHA256.spdx23.json", SHA),
    ("spdx/validComponentOrganizationSupplier.spdx23.json", SUPPLIER),
    ("spdx/validComponentPersonSupplier.spdx23.json", SUPPLIER),
    ("spdx/validComponentSourceCodeURL.spdx23.json", SPDX_2),
    ("spdx/validComponentSourceHash.spdx23.json", SPDX_2),
    ("spdx/validComponentSupplierEmail.spdx23.json", SUPPLIER),
    ("spdx/validFullyCompliantBsiV11.spdx23.json", SPDX_2),
    ("spdx3/v2.1.0-complete-all-fields.json", MISSPELT),
    ("spdx3/v2.1.0-complete-alt-patterns.json", MISSPELT),
    ("spdx3/v2.1.0-minimal-valid.json", MISSPELT),
    ("spdx3/v2.1.0-two-comps-one-with-archive-prop.json", PURPOSE),
    ("spdx3/v2.1.0-two-comps-one-with-executable-prop.json", PURPOSE),
    ("spdx3/v2.1.0-two-comps-one-with-structured-prop.json", PURPOSE),
];

/// In place of a rule: nothing that must be kept is broken.
const WHOLE: &str = "all of it";

/// What the name of a file says: our rule, and whether it is kept.
fn said(file: &str) -> Option<(&'static str, bool)> {
    if ["FullyCompliant", "v2.1.0-complete", "minimal-valid"].iter().any(|word| file.contains(word)) {
        return Some((WHOLE, true));
    }
    if file.contains("Vulnerabilities") {
        return Some(("no-vulnerabilities", file.starts_with("no")));
    }
    let (rest, is_kept) =
        BEGINNINGS.iter().find_map(|(begin, is_kept)| file.strip_prefix(begin).map(|rest| (rest, *is_kept)))?;
    let subject = rest.trim_start_matches("Source").trim_start_matches("Target");
    let of = |text: &str| SUBJECTS.iter().find(|(begin, _)| text.starts_with(begin)).map(|(_, rule)| *rule);
    of(rest).or_else(|| of(subject)).map(|rule| (rule, is_kept))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

fn name(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned()
}

#[test]
fn samples_of_others_are_judged_as_their_names_say() {
    let Some(exam) = underpin_testkit::exam("sbomqs") else { return };
    let root = exam.join("testdata/bsi");
    let paths = files(&root);
    let books = [shipped("bsi-2.1.0").expect("shipped")];
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let answer = runtime.block_on(check_bills(&paths, &books, &Limits::default(), false)).expect("judged");
    let judged: BTreeMap<String, &JudgedBill> =
        answer[0].documents.iter().map(|one| (name(Path::new(&one.file), &root), one)).collect();
    let (mut agreed, mut found, mut unnamed) = (0, Vec::new(), Vec::new());
    for (file, one) in &judged {
        let short = file.rsplit('/').next().unwrap_or(file);
        let Some((rule, is_kept)) = said(short) else {
            unnamed.push(file.as_str());
            continue;
        };
        let of_rule = one.verdicts.iter().find(|verdict| verdict.rule == rule).map(|verdict| verdict.outcome);
        let whole = one.conformity.map(|conformity| match conformity {
            Conformity::DoesNotConform => Outcome::NotMet,
            Conformity::Conforms | Conformity::Open => Outcome::Met,
        });
        let outcome = if rule == WHOLE { whole } else { of_rule };
        match outcome {
            Some(outcome) if (outcome == Outcome::Met) == is_kept => agreed += 1,
            outcome => found.push((file.clone(), format!("{rule}: {outcome:?} {}", one.code))),
        }
    }
    eprintln!(
        "sbomqs: {agreed} of {} agree, {} disagree, {} are about no clause",
        judged.len(),
        found.len(),
        unnamed.len()
    );
    assert_eq!(unnamed, OTHERS);
    let told: Vec<&str> = found.iter().map(|(file, _)| file.as_str()).collect();
    let known: Vec<&str> = DISAGREEMENTS.iter().map(|(file, _)| *file).collect();
    assert_eq!(told, known, "{found:#?}");
}

/// Documents of real images by four tools, every fiftieth of them: as a published survey found, none keeps the guideline.
#[test]
fn no_real_document_of_the_sample_conforms() {
    let Some(lab) = underpin_testkit::data("in-the-lab") else { return };
    let paths: Vec<PathBuf> = files(&lab).into_iter().step_by(50).collect();
    let ids = ["bsi-2.1.0", "ntia-2021", "cisa-2025-draft"];
    let books = ids.map(|id| shipped(id).expect("shipped"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let answers = runtime.block_on(check_bills(&paths, &books, &Limits::default(), false)).expect("judged");
    for answer in &answers {
        assert_eq!(answer.documents.len(), paths.len(), "{}: nothing is lost", answer.rulebook);
        let rows = tool_rows(answer);
        let counted: usize = rows.iter().map(|row| row.documents).sum();
        let parts: usize = rows.iter().map(|row| row.conforms + row.open + row.does_not_conform + row.unreadable).sum();
        assert_eq!((counted, parts), (paths.len(), paths.len()), "{}", answer.rulebook);
    }
    let kept = answers[0].documents.iter().filter(|one| one.conformity != Some(Conformity::DoesNotConform)).count();
    assert_eq!(kept, 0, "SPDX 2 is no longer taken, and nothing of it states all that is asked");
}
