// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! One small document in all four notations, and what each tool's habits mean.

use underpin_model::inventory::{ComponentKind, EvidenceKind, Scope};
use underpin_model::{Inventory, Limits};

use super::READERS;
use crate::reader::{Context, Probe};

pub(super) const JSON: &str = r#"{
  "SPDXID": "SPDXRef-DOCUMENT", "spdxVersion": "SPDX-2.3", "name": "shop", "dataLicense": "CC0-1.0",
  "documentNamespace": "https://example.org/shop-1",
  "creationInfo": {"created": "2026-01-02T03:04:05Z", "creators": ["Tool: maker-1.2.3", "Organization: Example"]},
  "packages": [
    {"SPDXID": "SPDXRef-shop", "name": "shop", "versionInfo": "1.10", "downloadLocation": "NOASSERTION",
     "supplier": "Organization: Example", "primaryPackagePurpose": "APPLICATION"},
    {"SPDXID": "SPDXRef-left", "name": "left", "versionInfo": "2.0", "downloadLocation": "git+https://example.org/left.git",
     "licenseDeclared": "MIT", "licenseConcluded": "NOASSERTION",
     "checksums": [{"algorithm": "SHA1", "checksumValue": "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709"}],
     "externalRefs": [
       {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:npm/left@2.0"},
       {"referenceCategory": "SECURITY", "referenceType": "cpe23Type", "referenceLocator": "cpe:2.3:a:l:left:2.0:*:*:*:*:*:*:*"}]},
    {"SPDXID": "SPDXRef-test", "name": "test", "versionInfo": "3", "downloadLocation": "NOASSERTION",
     "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:npm/test@3"}]}
  ],
  "files": [{"SPDXID": "SPDXRef-file", "fileName": "./left.js",
    "checksums": [{"algorithm": "SHA1", "checksumValue": "0000000000000000000000000000000000000000"}]}],
  "relationships": [
    {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-shop"},
    {"spdxElementId": "SPDXRef-shop", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "SPDXRef-left"},
    {"spdxElementId": "SPDXRef-test", "relationshipType": "TEST_DEPENDENCY_OF", "relatedSpdxElement": "SPDXRef-left"},
    {"spdxElementId": "SPDXRef-left", "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-file"}
  ]
}"#;

pub(super) const TAG_VALUE: &str = "SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: shop
DocumentNamespace: https://example.org/shop-1
Creator: Tool: maker-1.2.3
Creator: Organization: Example
Created: 2026-01-02T03:04:05Z
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-shop

PackageName: shop
SPDXID: SPDXRef-shop
PackageVersion: 1.10
PackageSupplier: Organization: Example
PackageDownloadLocation: NOASSERTION
PrimaryPackagePurpose: APPLICATION
Relationship: SPDXRef-shop DEPENDS_ON SPDXRef-left

PackageName: left
SPDXID: SPDXRef-left
PackageVersion: 2.0
PackageDownloadLocation: git+https://example.org/left.git
PackageLicenseDeclared: MIT
PackageLicenseConcluded: NOASSERTION
PackageCopyrightText: <text>Copyright
by somebody</text>
PackageChecksum: SHA1: DA39A3EE5E6B4B0D3255BFEF95601890AFD80709
ExternalRef: PACKAGE-MANAGER purl pkg:npm/left@2.0
ExternalRef: SECURITY cpe23Type cpe:2.3:a:l:left:2.0:*:*:*:*:*:*:*

FileName: ./left.js
SPDXID: SPDXRef-file
FileChecksum: SHA1: 0000000000000000000000000000000000000000

PackageName: test
SPDXID: SPDXRef-test
PackageVersion: 3
PackageDownloadLocation: NOASSERTION
ExternalRef: PACKAGE-MANAGER purl pkg:npm/test@3
Relationship: SPDXRef-test TEST_DEPENDENCY_OF SPDXRef-left
";

pub(super) const YAML: &str = "SPDXID: SPDXRef-DOCUMENT
spdxVersion: SPDX-2.3
name: shop
dataLicense: CC0-1.0
documentNamespace: https://example.org/shop-1
creationInfo:
  created: 2026-01-02T03:04:05Z
  creators: ['Tool: maker-1.2.3', 'Organization: Example']
packages:
- SPDXID: SPDXRef-shop
  name: shop
  versionInfo: 1.10
  downloadLocation: NOASSERTION
  supplier: 'Organization: Example'
  primaryPackagePurpose: APPLICATION
- SPDXID: SPDXRef-left
  name: left
  versionInfo: 2.0
  downloadLocation: git+https://example.org/left.git
  licenseDeclared: MIT
  checksums: [{algorithm: SHA1, checksumValue: DA39A3EE5E6B4B0D3255BFEF95601890AFD80709}]
  externalRefs:
  - {referenceCategory: PACKAGE-MANAGER, referenceType: purl, referenceLocator: 'pkg:npm/left@2.0'}
  - {referenceCategory: SECURITY, referenceType: cpe23Type, referenceLocator: 'cpe:2.3:a:l:left:2.0:*:*:*:*:*:*:*'}
- SPDXID: SPDXRef-test
  name: test
  versionInfo: 3
  downloadLocation: NOASSERTION
  externalRefs:
  - {referenceCategory: PACKAGE-MANAGER, referenceType: purl, referenceLocator: 'pkg:npm/test@3'}
files:
- SPDXID: SPDXRef-file
  fileName: ./left.js
  checksums: [{algorithm: SHA1, checksumValue: '0000000000000000000000000000000000000000'}]
relationships:
- {spdxElementId: SPDXRef-DOCUMENT, relationshipType: DESCRIBES, relatedSpdxElement: SPDXRef-shop}
- {spdxElementId: SPDXRef-shop, relationshipType: DEPENDS_ON, relatedSpdxElement: SPDXRef-left}
- {spdxElementId: SPDXRef-test, relationshipType: TEST_DEPENDENCY_OF, relatedSpdxElement: SPDXRef-left}
- {spdxElementId: SPDXRef-left, relationshipType: CONTAINS, relatedSpdxElement: SPDXRef-file}
";

pub(super) const LINKED: &str = r#"{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [
  {"type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1", "created": "2026-01-02T03:04:05Z",
   "createdBy": ["urn:example"], "createdUsing": ["urn:maker"]},
  {"type": "Organization", "spdxId": "urn:example", "name": "Example", "creationInfo": "_:c"},
  {"type": "Tool", "spdxId": "urn:maker", "name": "maker-1.2.3", "creationInfo": "_:c"},
  {"type": "SpdxDocument", "spdxId": "https://example.org/shop-1", "name": "shop", "rootElement": ["urn:bom"],
   "dataLicense": "https://spdx.org/licenses/CC0-1.0", "creationInfo": "_:c"},
  {"type": "software_Sbom", "spdxId": "urn:bom", "rootElement": ["SPDXRef-shop"], "software_sbomType": ["build"]},
  {"type": "software_Package", "spdxId": "SPDXRef-shop", "name": "shop", "software_packageVersion": "1.10",
   "suppliedBy": "urn:example", "software_primaryPurpose": "application"},
  {"type": "software_Package", "spdxId": "SPDXRef-left", "name": "left", "software_packageVersion": "2.0",
   "software_downloadLocation": "git+https://example.org/left.git", "software_packageUrl": "pkg:npm/left@2.0",
   "externalIdentifier": [{"type": "ExternalIdentifier", "externalIdentifierType": "cpe23",
     "identifier": "cpe:2.3:a:l:left:2.0:*:*:*:*:*:*:*"}],
   "verifiedUsing": [{"type": "Hash", "algorithm": "sha1", "hashValue": "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709"}]},
  {"type": "software_Package", "spdxId": "SPDXRef-test", "name": "test", "software_packageVersion": "3",
   "software_packageUrl": "pkg:npm/test@3"},
  {"type": "software_File", "spdxId": "SPDXRef-file", "name": "./left.js"},
  {"type": "simplelicensing_LicenseExpression", "spdxId": "urn:mit", "simplelicensing_licenseExpression": "MIT"},
  {"type": "Relationship", "from": "SPDXRef-left", "to": ["urn:mit"], "relationshipType": "hasDeclaredLicense"},
  {"type": "Relationship", "from": "SPDXRef-shop", "to": ["SPDXRef-left"], "relationshipType": "dependsOn"},
  {"type": "LifecycleScopedRelationship", "from": "SPDXRef-left", "to": ["SPDXRef-test"], "scope": "test",
   "relationshipType": "dependsOn"},
  {"type": "Relationship", "from": "SPDXRef-left", "to": ["SPDXRef-file"], "relationshipType": "contains"}
]}"#;

fn read<'a>(text: &'a str, limits: &'a Limits) -> (&'static str, Inventory<'a>) {
    let probe = Probe { bytes: text.as_bytes(), file_name: "", path: "" };
    let reader = READERS.iter().find(|reader| (reader.sniff)(&probe)).expect("one reader takes it");
    (reader.id, (reader.read)(text.as_bytes(), &Context::new(limits)).expect("it can be read"))
}

/// Everything that all notations can say, and the gaps as code and place.
fn summary(inventory: &Inventory<'_>) -> String {
    let mut text = format!(
        "{} {} by {:?} {:?}; subject {} {}; roots {:?} edges {:?} complete {}\n",
        inventory.serial,
        inventory.created.map(|created| created.to_string()).unwrap_or_default(),
        inventory.tools.iter().map(|tool| (&*tool.name, &*tool.version)).collect::<Vec<_>>(),
        inventory.creators,
        inventory.subject.name,
        inventory.subject.version,
        inventory.roots,
        inventory.edges.iter().map(|edge| (edge.from, edge.to)).collect::<Vec<_>>(),
        inventory.graph_complete,
    );
    for component in &inventory.components {
        text.push_str(&format!(
            "{} {:?} {} {} {} {:?} {:?} {:?} scope {} direct {:?} project {} supplier {}\n",
            component.reference,
            component.kind,
            component.name,
            component.version,
            component.purl,
            component.cpes,
            component.licences.iter().map(|licence| &*licence.expression).collect::<Vec<_>>(),
            component.hashes.iter().map(|hash| (&*hash.algorithm, &*hash.value)).collect::<Vec<_>>(),
            component.scope.as_str(),
            component.direct,
            component.project,
            component.supplier,
        ));
    }
    for file in &inventory.files {
        text.push_str(&format!("{} of {:?} {:?}\n", file.name, file.owner, file.hashes));
    }
    text
}

#[test]
fn all_notations_say_the_same() {
    let limits = Limits::default();
    let (id, inventory) = read(JSON, &limits);
    assert_eq!((id, &*inventory.spec_version), ("spdx-json", "SPDX-2.3"));
    let expected = summary(&inventory);
    insta::assert_snapshot!(expected, @r#"
    https://example.org/shop-1 2026-01-02T03:04:05Z by [("maker", "1.2.3")] ["Organization: Example"]; subject shop 1.10; roots [0] edges [(0, 1), (1, 2)] complete true
    SPDXRef-shop Application shop 1.10  [] [] [] scope unknown direct None project  supplier Organization: Example
    SPDXRef-left Library left 2.0 pkg:npm/left@2.0 ["cpe:2.3:a:l:left:2.0:*:*:*:*:*:*:*"] ["MIT"] [("sha1", "da39a3ee5e6b4b0d3255bfef95601890afd80709")] scope unknown direct Some(true) project git+https://example.org/left.git supplier 
    SPDXRef-test Library test 3 pkg:npm/test@3 [] [] [] scope test direct None project  supplier 
    ./left.js of Some(1) []
    "#);
    for (text, expected_id) in [(TAG_VALUE, "spdx-tag-value"), (YAML, "spdx-yaml"), (LINKED, "spdx-3-json")] {
        let (id, inventory) = read(text, &limits);
        assert_eq!(id, expected_id);
        assert_eq!(summary(&inventory), expected, "{id}");
    }
    assert_eq!(read(LINKED, &limits).1.context, "build");
}

#[test]
fn gaps_tell_their_place() {
    let limits = Limits::default();
    for text in [JSON, TAG_VALUE, YAML, LINKED] {
        let (id, inventory) = read(text, &limits);
        let gaps: Vec<_> = inventory.gaps.list().iter().map(|gap| (gap.code.as_str(), &*gap.place)).collect();
        let expected: &[(&str, &str)] = match id {
            "spdx-3-json" => &[],
            _ => &[("invalid-value", "/files")],
        };
        assert_eq!(gaps, expected, "{id}");
    }
}

fn component<'i, 'a>(inventory: &'i Inventory<'a>, id: &str) -> &'i underpin_model::Component<'a> {
    inventory.components.iter().find(|component| component.reference == id).expect("it is there")
}

#[test]
fn trivy_groups_systems_and_sources() {
    let text = r#"{"SPDXID": "SPDXRef-DOCUMENT", "spdxVersion": "SPDX-2.2", "name": "a/b",
      "creationInfo": {"created": "2026-01-02T03:04:05Z", "creators": ["Tool: trivy", "Organization: aquasecurity"]},
      "packages": [
        {"SPDXID": "SPDXRef-ContainerImage-1", "name": "a/b@sha256:x", "downloadLocation": "NONE"},
        {"SPDXID": "SPDXRef-OperatingSystem-1", "name": "redhat", "versionInfo": "8.7", "downloadLocation": "NONE"},
        {"SPDXID": "SPDXRef-Application-1", "name": "gobinary", "sourceInfo": "usr/bin/tool", "downloadLocation": "NONE"},
        {"SPDXID": "SPDXRef-Package-1", "name": "openssl-libs", "versionInfo": "1.1.1k-9.el8_7", "downloadLocation": "NONE",
         "sourceInfo": "built package from: openssl 1.1.1k-9.el8_7", "attributionTexts": ["LayerDiffID: sha256:1"]},
        {"SPDXID": "SPDXRef-Package-2", "name": "example.org/mod", "versionInfo": "v1", "downloadLocation": "NONE",
         "hasFiles": ["SPDXRef-File-1"]}],
      "files": [{"SPDXID": "SPDXRef-File-1", "fileName": "a/METADATA"}],
      "relationships": [
        {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBE", "relatedSpdxElement": "SPDXRef-ContainerImage-1"},
        {"spdxElementId": "SPDXRef-OperatingSystem-1", "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-Package-1"},
        {"spdxElementId": "SPDXRef-Application-1", "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-Package-2"}]}"#;
    let limits = Limits::default();
    let (_, inventory) = read(text, &limits);
    assert_eq!((&*inventory.subject.name, inventory.roots.as_slice()), ("a/b", &[0][..]));
    assert_eq!(inventory.distribution, "rhel-8.7");
    let kinds: Vec<_> = inventory.components.iter().map(|component| component.kind).collect();
    let library = ComponentKind::Library;
    let expected =
        [ComponentKind::Container, ComponentKind::OperatingSystem, ComponentKind::Grouping, library, library];
    assert_eq!(kinds, expected);
    let system = component(&inventory, "SPDXRef-Package-1");
    assert_eq!(
        (&*system.upstream, system.evidence, system.parent),
        ("openssl@1.1.1k-9.el8_7", EvidenceKind::Installed, Some(1))
    );
    assert_eq!(system.properties, [("LayerDiffID".into(), "sha256:1".into())]);
    let module = component(&inventory, "SPDXRef-Package-2");
    assert_eq!((module.locations.as_slice(), module.evidence), (&["a/METADATA".into()][..], EvidenceKind::Scan));
    assert!(!inventory.graph_complete);
}

#[test]
fn tern_gets_package_urls_from_its_layers() {
    let digest = "dbca26b46a1ec41bea1b8781b548c6fdead6aef3e14f4f855916f487fd90f021";
    let text = r#"{"SPDXID": "SPDXRef-DOCUMENT", "spdxVersion": "SPDX-2.2", "name": "Tern report for a/b",
      "creationInfo": {"created": "2026-01-02T03:04:05Z", "creators": ["Tool: tern-2.11.0"]},
      "documentDescribes": ["SPDXRef-a-b-DIGEST"],
      "packages": [
        {"SPDXID": "SPDXRef-a-b-DIGEST", "name": "a/b", "downloadLocation": "NOASSERTION"},
        {"SPDXID": "SPDXRef-layer", "name": "DIGEST", "packageFileName": "DIGEST", "downloadLocation": "NONE",
         "comment": "Layer 1:\n\tinfo: Found 'Debian GNU/Linux 11 (bullseye)' in /etc/os-release.\n\tinfo: Retrieved package metadata using dpkg default method. \n\n"},
        {"SPDXID": "SPDXRef-libx1", "name": "libx1", "versionInfo": "1:2.3-1", "downloadLocation": "NONE"},
        {"SPDXID": "SPDXRef-x-src", "name": "x", "versionInfo": "2.3-1", "downloadLocation": "NONE"}],
      "relationships": [
        {"spdxElementId": "SPDXRef-a-b-DIGEST", "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-layer"},
        {"spdxElementId": "SPDXRef-layer", "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-libx1"},
        {"spdxElementId": "SPDXRef-libx1", "relationshipType": "GENERATED_FROM", "relatedSpdxElement": "SPDXRef-x-src"}]}"#
        .replace("DIGEST", digest);
    let limits = Limits::default();
    let (_, inventory) = read(&text, &limits);
    assert_eq!((&*inventory.subject.name, &*inventory.subject.digest), ("a/b", &*format!("sha256:{digest}")));
    assert_eq!(inventory.distribution, "debian-11");
    assert_eq!(component(&inventory, "SPDXRef-layer").kind, ComponentKind::Grouping);
    let library = component(&inventory, "SPDXRef-libx1");
    assert_eq!((&*library.purl, &*library.upstream), ("pkg:deb/debian/libx1@1:2.3-1", "x@2.3-1"));
    assert_eq!(component(&inventory, "SPDXRef-x-src").kind, ComponentKind::Source);
    assert_eq!(component(&inventory, "SPDXRef-x-src").scope, Scope::Unknown);
}
