// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! gradle.lockfile, buildscript-gradle.lockfile, and the one file a configuration that Gradle before 7 wrote.
//!
//! Source: the Gradle manual. Lines `group:name:version=configuration,…`; the last line names the configurations that
//! are empty. The use follows from the names of the configurations, by Gradle's own conventions. No relationships, and
//! nothing tells direct from transitive. Trap: in the old form the file name is the configuration.

use std::borrow::Cow;

use underpin_model::GapCode;
use underpin_model::inventory::{Component, Inventory, Scope};

use super::draft::{Draft, wider};
use super::{purl_text, sniff, text};
use crate::reader::{Context, Probe, Reader, Unreadable};

pub(super) const READER: Reader = Reader {
    id: "gradle-lockfile",
    title: "gradle.lockfile (Gradle)",
    version: 1,
    sniff,
    read: |bytes, context| text::read(bytes, context, read),
    companions: &[],
};

fn sniff(probe: &Probe<'_>) -> bool {
    let head = sniff::head(probe);
    if sniff::has_line(head, "# This is a Gradle generated file for dependency locking") {
        return true;
    }
    let mut lines = head.split(|&byte| byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let shaped = |line: &[u8]| line.iter().filter(|&&byte| byte == b':').count() == 2 && !line.contains(&b' ');
    probe.file_name.ends_with(".lockfile") && lines.find(|line| !line.starts_with(b"#")).is_some_and(shaped)
}

fn read<'t>(text: &'t str, context: &Context<'_>) -> Result<Inventory<'t>, Unreadable> {
    let mut draft = Draft::new("gradle", "", context);
    let file_name = context.path.rsplit(['/', '!']).next().unwrap_or_default();
    let stem = file_name.strip_suffix(".lockfile").unwrap_or_default();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') || line.starts_with("empty=") {
            continue;
        }
        let (coordinates, configurations) = line.split_once('=').unwrap_or((line, ""));
        let mut parts = coordinates.splitn(3, ':');
        let (Some(group), Some(name), Some(version)) = (parts.next(), parts.next(), parts.next()) else {
            draft.gap(GapCode::MalformedLine, format!("line {}", number + 1), "group, name and version are expected");
            continue;
        };
        let mut component = Component {
            reference: Cow::Borrowed(coordinates),
            namespace: Cow::Borrowed(group),
            name: Cow::Borrowed(name),
            version: Cow::Borrowed(version),
            ..Component::default()
        };
        let build = matches!(stem, "buildscript-gradle" | "settings-gradle" | "settings-buildscript-gradle");
        let scope = |configuration: &str| if build { Scope::Build } else { scope_of(configuration) };
        component.scope = if configurations.is_empty() {
            scope(stem)
        } else {
            configurations.split(',').map(scope).fold(Scope::Unknown, wider)
        };
        if !configurations.is_empty() {
            let stated = Cow::Borrowed(configurations);
            component.properties.push((Cow::Borrowed("gradle:configurations"), stated));
        }
        let mut purl = purl_text::plain("maven", name, version);
        purl.namespace = group.to_owned();
        draft.add(&purl, component);
    }
    draft.finish()
}

/// The use that the name of a configuration means: `debugUnitTestRuntimeClasspath` is for tests.
fn scope_of(configuration: &str) -> Scope {
    let name = configuration.to_ascii_lowercase();
    if name.is_empty() || name == "gradle" {
        Scope::Unknown
    } else if words(configuration).any(|word| word.starts_with("test") || word.ends_with("test") && word != "latest") {
        Scope::Test
    } else if ["annotationprocessor", "kapt", "ksp", "compileonly", "provided"].iter().any(|part| name.contains(part))
        || matches!(name.as_str(), "classpath" | "compileclasspath")
        || name.contains("compilerplugin")
    {
        Scope::Build
    } else if name.ends_with("runtimeclasspath")
        || matches!(name.as_str(), "runtime" | "implementation" | "compile" | "default")
    {
        Scope::Runtime
    } else if name.ends_with("compileclasspath") {
        Scope::Build
    } else if ["developmentonly", "checkstyle", "pmd", "spotbugs", "jacoco", "detekt", "ktlint", "codenarc", "lint"]
        .iter()
        .any(|tool| name.starts_with(tool))
    {
        Scope::Development
    } else {
        Scope::Unknown
    }
}

/// The words of a name in camel case, in lower case.
fn words(name: &str) -> impl Iterator<Item = String> {
    let mut rest = name;
    std::iter::from_fn(move || {
        let mut letters = rest.char_indices().skip(1);
        let end = letters.find(|(_, letter)| letter.is_ascii_uppercase()).map_or(rest.len(), |(at, _)| at);
        let (word, behind) = rest.split_at_checked(end).filter(|(word, _)| !word.is_empty())?;
        rest = behind;
        Some(word.to_ascii_lowercase())
    })
}

#[cfg(test)]
pub(super) mod tests {
    use underpin_model::inventory::Scope;

    use super::super::testing::shown;
    use super::scope_of;

    pub(in super::super) const FIXTURES: &[(&str, &str)] =
        &[("gradle.lockfile", GRADLE), ("gradle/dependency-locks/testCompileClasspath.lockfile", OLD)];

    const GRADLE: &str = r#"# This is a Gradle generated file for dependency locking.
# Manual edits can break the build and are not advised.
# This file is expected to be part of source control.
ch.qos.logback:logback-core:1.4.14=runtimeClasspath,testRuntimeClasspath
com.google.auto:auto-common:1.2=annotationProcessor
junit:junit:4.13.2=testCompileClasspath,testRuntimeClasspath
org.slf4j:slf4j-api:2.0.9=compileClasspath,runtimeClasspath,testCompileClasspath
com.puppycrawl.tools:checkstyle:10.0=checkstyle
broken
empty=apiElements
"#;

    const OLD: &str = r#"# This is a Gradle generated file for dependency locking.
# Manual edits can break the build and are not advised.
# This file is expected to be part of source control.
junit:junit:4.12
"#;

    #[test]
    fn facts_are_kept() {
        insta::assert_snapshot!(shown("gradle.lockfile", GRADLE), @r#"
        gradle-lockfile, version , by gradle
        0 pkg:maven/ch.qos.logback/logback-core@1.4.14
            stated ch.qos.logback logback-core 1.4.14
            scope runtime
            reference ch.qos.logback:logback-core:1.4.14
            gradle:configurations runtimeClasspath,testRuntimeClasspath
        1 pkg:maven/com.google.auto/auto-common@1.2
            stated com.google.auto auto-common 1.2
            scope build
            reference com.google.auto:auto-common:1.2
            gradle:configurations annotationProcessor
        2 pkg:maven/junit/junit@4.13.2
            stated junit junit 4.13.2
            scope test
            reference junit:junit:4.13.2
            gradle:configurations testCompileClasspath,testRuntimeClasspath
        3 pkg:maven/org.slf4j/slf4j-api@2.0.9
            stated org.slf4j slf4j-api 2.0.9
            scope runtime
            reference org.slf4j:slf4j-api:2.0.9
            gradle:configurations compileClasspath,runtimeClasspath,testCompileClasspath
        4 pkg:maven/com.puppycrawl.tools/checkstyle@10.0
            stated com.puppycrawl.tools checkstyle 10.0
            scope development
            reference com.puppycrawl.tools:checkstyle:10.0
            gradle:configurations checkstyle
        gap malformed-line "line 9" "group, name and version are expected"
        gap no-edges "" ""
        gap no-subject "" ""
        gap no-creation-time "" ""
        "#);
        insta::assert_snapshot!(shown("gradle/dependency-locks/testCompileClasspath.lockfile", OLD), @r#"
        gradle-lockfile, version , by gradle
        0 pkg:maven/junit/junit@4.12
            stated junit junit 4.12
            scope test
            reference junit:junit:4.12
        gap no-edges "" ""
        gap no-subject "" ""
        gap no-creation-time "" ""
        "#);
    }

    #[test]
    fn uses_follow_from_the_names_of_configurations() {
        for (configuration, scope) in [
            ("debugUnitTestRuntimeClasspath", Scope::Test),
            ("releaseRuntimeClasspath", Scope::Runtime),
            ("releaseCompileClasspath", Scope::Build),
            ("kotlinCompilerPluginClasspathMain", Scope::Build),
            ("latestRuntimeClasspath", Scope::Runtime),
            ("latestTestRuntimeClasspath", Scope::Test),
            ("testFixturesCompileClasspath", Scope::Test),
            ("functionaltestCompileClasspath", Scope::Test),
            ("providedRuntime", Scope::Build),
            ("developmentOnly", Scope::Development),
            ("detekt", Scope::Development),
            ("something", Scope::Unknown),
        ] {
            assert_eq!(scope_of(configuration), scope, "{configuration}");
        }
        let build = shown("buildscript-gradle.lockfile", "a:b:1=classpath\nempty=\n");
        assert!(build.contains("scope build"), "{build}");
        let settings = shown("part.zip!settings-gradle.lockfile", "a:b:1=classpath\nempty=\n");
        assert!(settings.contains("scope build"), "{settings}");
        let old = shown("part.zip!testRuntime.lockfile", "a:b:1\n");
        assert!(old.contains("scope test"), "{old}");
    }
}
