// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Any registry comes back from all three formats; no bytes make the readers panic.

use proptest::collection::vec;
use proptest::prelude::*;
use underpin_model::registry::{
    Agency, AgencyId, Classification, Deployment, DeploymentId, Exposure, MappingField, MappingRule, ProtectionNeed,
    System, SystemId, SystemStatus,
};

use super::*;

fn read_ok(bytes: &[u8], name: &str) -> RegistryFile {
    read(bytes, name, &Limits::default()).expect("a written file has no problems").0
}

fn text() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        "[a-zA-Z0-9 ]{0,8}",
        "['\"=+@;|,\\\\-]{0,4}",
        "[äöüß€日🦀]{0,3}",
        Just("_x0041_".to_owned()),
        Just("\n\t".to_owned()),
        Just("\"\"\"\u{27}\u{27}\u{27}".to_owned()),
    ];
    vec(pieces, 0..4).prop_map(|pieces| cells::clean(&pieces.concat()))
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    vec(text(), 0..3).prop_map(|texts| texts.into_iter().filter(|text| !text.is_empty()).collect())
}

fn named() -> impl Strategy<Value = String> {
    text().prop_map(|text| if text.is_empty() { "x".to_owned() } else { text })
}

fn id() -> impl Strategy<Value = String> {
    "[a-z0-9][a-z0-9._-]{0,8}"
}

fn one_of<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    proptest::sample::select(all)
}

prop_compose! {
    fn agency()(
        id in id(), name in named(), aliases in texts(), contact in text(), declared in any::<Option<u32>>(),
        predecessors in vec(id(), 0..3),
    ) -> Agency {
        let predecessors = predecessors.into_iter().map(AgencyId).collect();
        let declared_systems = declared.map(u64::from);
        Agency { id: AgencyId(id), name, aliases, parent: None, contact, declared_systems, predecessors }
    }
}

prop_compose! {
    fn system()(
        id in id(), name in named(), aliases in texts(), agency in id(), words in vec(text(), 5),
        needs in vec(one_of(ProtectionNeed::ALL), 3), exposure in one_of(Exposure::ALL),
        classification in one_of(Classification::ALL), status in one_of(SystemStatus::ALL),
        depends_on in vec(id(), 0..3), compartments in vec(id(), 0..3),
    ) -> System {
        System {
            id: SystemId(id),
            name,
            aliases,
            agency: AgencyId(agency),
            purpose: words[0].clone(),
            operator: words[1].clone(),
            supplier: words[2].clone(),
            support: words[3].clone(),
            contact: words[4].clone(),
            confidentiality: needs[0],
            integrity: needs[1],
            availability: needs[2],
            exposure,
            classification,
            status,
            depends_on: depends_on.into_iter().map(SystemId).collect(),
            compartments,
        }
    }
}

prop_compose! {
    fn deployment()(
        id in id(), system in id(), words in vec(text(), 3), exposure in one_of(Exposure::ALL),
    ) -> Deployment {
        Deployment {
            id: DeploymentId(id),
            system: SystemId(system),
            name: words[0].clone(),
            environment: words[1].clone(),
            location: words[2].clone(),
            exposure,
        }
    }
}

prop_compose! {
    fn mapping()(
        on in one_of(MappingField::ALL), pattern in named(), system in id(), deployment in proptest::option::of(id()),
    ) -> MappingRule {
        MappingRule { on, pattern, system: SystemId(system), deployment: deployment.map(DeploymentId) }
    }
}

prop_compose! {
    /// A registry with unique identifiers, in which each agency belongs to the first.
    fn registry()(
        mut agencies in vec(agency(), 0..4), mut systems in vec(system(), 0..4),
        mut deployments in vec(deployment(), 0..4), mappings in vec(mapping(), 0..4),
    ) -> RegistryFile {
        for (index, agency) in agencies.iter_mut().enumerate() {
            agency.id.0.push_str(&format!("-{index}"));
        }
        let root = agencies.first().map(|agency| agency.id.clone());
        for agency in agencies.iter_mut().skip(1) {
            agency.parent.clone_from(&root);
        }
        for (index, system) in systems.iter_mut().enumerate() {
            system.id.0.push_str(&format!("-{index}"));
        }
        for (index, deployment) in deployments.iter_mut().enumerate() {
            deployment.id.0.push_str(&format!("-{index}"));
        }
        RegistryFile { agencies, systems, deployments, mappings }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn toml_comes_back(file in registry()) {
        let text = write_toml(&file);
        prop_assert_eq!(read_ok(text.as_bytes(), "registry.toml"), file, "{}", text);
    }

    #[test]
    fn csv_comes_back(file in registry()) {
        let mixed = write_csv_mixed(&file);
        prop_assert_eq!(&read_ok(mixed.as_bytes(), "registry.csv"), &file, "{}", mixed);
        let mut together = RegistryFile::default();
        for kind in Kind::ALL {
            let read = read_ok(write_csv(&file, kind).as_bytes(), "unnamed.csv");
            together.agencies.extend(read.agencies);
            together.systems.extend(read.systems);
            together.deployments.extend(read.deployments);
            together.mappings.extend(read.mappings);
        }
        prop_assert_eq!(together, file);
    }

    #[test]
    fn xlsx_comes_back_and_is_reproducible(file in registry()) {
        let bytes = write_xlsx(&file).expect("short texts fit");
        prop_assert_eq!(&read_ok(&bytes, "registry.xlsx"), &file);
        prop_assert_eq!(write_xlsx(&file).expect("short texts fit"), bytes);
    }

    #[test]
    fn nothing_panics(bytes in vec(any::<u8>(), 0..300), name in "[a-z.]{0,12}") {
        let _ = read(&bytes, &name, &Limits::default());
        let _ = manifest::read(&bytes, &name, &Limits::default());
    }

    #[test]
    fn damaged_files_do_not_panic(file in registry(), at in any::<proptest::sample::Index>(), byte in any::<u8>()) {
        let workbook = write_xlsx(&file).expect("short texts fit");
        for mut bytes in [workbook, write_toml(&file).into_bytes(), write_csv_mixed(&file).into_bytes()] {
            if bytes.is_empty() {
                continue;
            }
            let index = at.index(bytes.len());
            bytes[index] = byte;
            let _ = read(&bytes, "x", &Limits::default());
            bytes.truncate(index);
            let _ = read(&bytes, "x", &Limits::default());
        }
    }
}
