// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Small documents, made up here.

use std::fmt::Write as _;

/// A CycloneDX document about `subject` with these packages (`name@version`); each depends on the next.
pub fn cyclonedx(subject: &str, packages: &[String]) -> Vec<u8> {
    let mut components = String::new();
    let mut edges = format!(r#"{{"ref":"root","dependsOn":[{}]}}"#, reference(packages.first()));
    for (index, package) in packages.iter().enumerate() {
        let (name, version) = package.split_once('@').unwrap_or((package, "1"));
        let comma = if index == 0 { "" } else { "," };
        let _ = write!(
            components,
            r#"{comma}{{"type":"library","bom-ref":"{package}","name":"{name}","version":"{version}","purl":"pkg:npm/{package}"}}"#
        );
        let next = reference(packages.get(index + 1));
        let _ = write!(edges, r#",{{"ref":"{package}","dependsOn":[{next}]}}"#);
    }
    format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"metadata":{{"timestamp":"2026-01-05T10:00:00Z","tools":[{{"name":"maker","version":"1"}}],"component":{{"type":"application","bom-ref":"root","name":"{subject}","version":"1"}}}},"components":[{components}],"dependencies":[{edges}]}}"#
    )
    .into_bytes()
}

fn reference(package: Option<&String>) -> String {
    package.map(|package| format!("{package:?}")).unwrap_or_default()
}

/// Many documents, each about an artefact of its own, sharing packages with its neighbours.
pub fn estate(count: usize) -> Vec<(String, Vec<u8>)> {
    (0..count)
        .map(|number| {
            let mut packages: Vec<String> =
                (0..6).map(|step| format!("shared-{}@1.{step}", (number + step) % 17)).collect();
            packages.push(format!("own-{number}@2.0.{number}"));
            (format!("estate/{number:03}.cdx.json"), cyclonedx(&format!("service-{number}"), &packages))
        })
        .collect()
}
