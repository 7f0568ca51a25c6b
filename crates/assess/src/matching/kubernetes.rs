// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Kubernetes' own advisories count its releases (1.29.3); its Go modules are published as 0.29.3 of each staging module.
//!
//! Source: the versioning rule of the staging repositories (kubernetes.io, `staging/README.md` in the source tree): tag
//! v0.x.y of `k8s.io/api` and the others is release v1.x.y, from v0.17.0 on.

use std::borrow::Cow;

use super::lookups::Lookup;
use crate::version::Scheme;

const FIRST_STAGED_MINOR: u32 = 17;

/// The key in the ecosystem `kubernetes` of a Go module below `k8s.io/`.
pub(super) fn lookup<'a>(module: &Lookup<'a>) -> Option<Lookup<'a>> {
    if !module.name.starts_with("k8s.io/") {
        return None;
    }
    let version = module.version.strip_prefix('v').unwrap_or(&module.version);
    Some(Lookup {
        ecosystem: Cow::Borrowed("kubernetes"),
        version: Cow::Owned(staged(version).map_or_else(|| version.to_owned(), |rest| format!("1.{rest}"))),
        scheme: Scheme::SemVer,
        ..module.clone()
    })
}

/// What follows the major version of a staging module's release.
fn staged(version: &str) -> Option<&str> {
    let rest = version.strip_prefix("0.")?;
    let minor: u32 = rest.split('.').next()?.parse().ok()?;
    (minor >= FIRST_STAGED_MINOR).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staging_modules_count_as_the_release_they_are_from() {
        for (name, version, expected) in [
            ("k8s.io/kubernetes", "v1.29.3", Some("1.29.3")),
            ("k8s.io/apiserver", "v0.29.3", Some("1.29.3")),
            ("k8s.io/apiserver", "v0.29.0-alpha.1", Some("1.29.0-alpha.1")),
            ("k8s.io/klog", "v0.4.0", Some("0.4.0")),
            ("k8s.io/utils", "v0.0.0-20210802155522-efc7438f0176", Some("0.0.0-20210802155522-efc7438f0176")),
            ("sigs.k8s.io/yaml", "v1.2.0", None),
        ] {
            let module = Lookup { name: name.into(), version: version.into(), ..Lookup::default() };
            let found = lookup(&module).map(|one| one.version.into_owned());
            assert_eq!(found.as_deref(), expected, "{name} {version}");
        }
    }
}
