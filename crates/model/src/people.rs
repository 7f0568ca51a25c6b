// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! People who work with the office's house, and what they may do: roles, each with a reach.

use serde::{Deserialize, Serialize};

use crate::registry::{AgencyId, Classification, SystemId};
use crate::viewer::Viewer;

/// Number of a person. It is never given twice.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct PersonId(pub i64);

macro_rules! roles {
    ($($(#[doc = $doc:literal])+ $role:ident = $word:literal;)*) => {
        /// What somebody may do within a reach.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum Role { $($(#[doc = $doc])+ $role,)* }

        impl Role {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$role),*];

            /// The stable word.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$role => $word,)* }
            }
        }
    };
}

roles! {
    /// Reads what belongs to the reach.
    Reader = "reader";
    /// Hands in documents, too.
    Contributor = "contributor";
    /// Decides about findings and does the tasks of own systems, too.
    Owner = "owner";
    /// Works for the office: reads and decides for all of the reach.
    Analyst = "analyst";
    /// Decides about plans and money, too.
    Officer = "officer";
    /// Reads everything of the reach, the trail included, and changes nothing.
    Auditor = "auditor";
    /// Gives people accounts and roles. Sees no content by that.
    Administrator = "administrator";
}

/// What people do, as far as rights tell it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Act {
    /// Reads.
    Read,
    /// Hands in documents.
    HandIn,
    /// Decides about findings.
    Decide,
    /// Does tasks: acknowledges, comments, says what was done.
    Work,
    /// Changes the registry of agencies and systems.
    Register,
    /// Opens incidents and rounds of collection, sets tasks for others.
    Lead,
    /// Approves what needs a second person; decides about plans and money.
    Approve,
    /// Sees how projects are ranked: what the government leans on is a list of targets.
    Rank,
    /// Reads the trail.
    Audit,
    /// Gives accounts and roles.
    Admit,
}

impl Role {
    /// What the role may do within its reach.
    pub fn may(self, act: Act) -> bool {
        use Act::{Admit, Approve, Audit, Decide, HandIn, Lead, Rank, Read, Register, Work};
        let acts: &[Act] = match self {
            Self::Reader => &[Read],
            Self::Contributor => &[Read, HandIn],
            Self::Owner => &[Read, HandIn, Decide, Work, Register],
            Self::Analyst => &[Read, HandIn, Decide, Work, Register, Lead, Rank],
            Self::Officer => &[Read, HandIn, Decide, Work, Register, Lead, Rank, Approve],
            Self::Auditor => &[Read, Rank, Audit],
            Self::Administrator => &[Admit],
        };
        acts.contains(&act)
    }
}

impl std::str::FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|role| role.as_str() == text).copied();
        found.ok_or_else(|| format!("{text:?} is no role"))
    }
}

/// How far a role goes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// The whole government.
    Government,
    /// An agency, with everything below it.
    Agency(AgencyId),
    /// One system.
    System(SystemId),
}

/// A role with its reach.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Grant {
    /// What.
    pub role: Role,
    /// Where.
    pub reach: Reach,
}

/// Somebody with an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Person {
    /// Number.
    pub id: PersonId,
    /// The name to sign in with, as it was chosen; upper and lower case are the same.
    pub login: String,
    /// The name that others read.
    pub name: String,
    /// What they may do.
    pub grants: Vec<Grant>,
    /// The highest classification they may see.
    pub clearance: Classification,
    /// Compartments they are let into.
    #[serde(default)]
    pub compartments: Vec<String>,
}

impl Person {
    /// With whose eyes this person reads. An administrator who is nothing else reads nothing.
    pub fn viewer(&self) -> Viewer {
        let mut grants: Vec<Grant> = self.grants.iter().filter(|grant| grant.role.may(Act::Read)).cloned().collect();
        grants.sort_unstable();
        grants.dedup();
        if grants.is_empty() {
            return Viewer::Stranger;
        }
        let mut compartments = self.compartments.clone();
        compartments.sort_unstable();
        compartments.dedup();
        Viewer::Member { grants, clearance: self.clearance, compartments }
    }

    /// True when the person may do this somewhere: also what gives no sight, such as [`Act::Admit`].
    pub fn may(&self, act: Act) -> bool {
        self.grants.iter().any(|grant| grant.role.may(act))
    }
}

/// What a token of a program is for. A token does less than its person, never more, and never gives accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Reads what its person reads.
    Read,
    /// Hands in documents, and nothing else.
    HandIn,
    /// Does all that its person may do with content.
    Work,
}

impl Scope {
    /// All of them, the least one first.
    pub const ALL: &[Self] = &[Self::Read, Self::HandIn, Self::Work];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::HandIn => "hand-in",
            Self::Work => "work",
        }
    }

    /// Whether the scope is enough for an act, if the person may do it.
    pub fn covers(self, act: Act) -> bool {
        match self {
            Self::Read => matches!(act, Act::Read | Act::Audit),
            Self::HandIn => act == Act::HandIn,
            Self::Work => act != Act::Admit,
        }
    }

    /// The role that is left of one, as far as roles tell it apart: whoever hands in reads, too, by their role. So who answers a
    /// program asks the scopes beside the role.
    pub fn narrowed(scopes: &[Self], role: Role) -> Option<Role> {
        let has = |scope| scopes.contains(&scope);
        match role {
            Role::Administrator => None,
            _ if has(Self::Work) => Some(role),
            Role::Auditor if has(Self::Read) => Some(role),
            _ if has(Self::HandIn) && role.may(Act::HandIn) => Some(Role::Contributor),
            _ if has(Self::Read) => Some(Role::Reader),
            _ => None,
        }
    }
}

impl std::str::FromStr for Scope {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|scope| scope.as_str() == text).copied();
        found.ok_or_else(|| format!("{text:?} is no scope: read, hand-in or work"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_never_does_more_than_its_person_nor_than_its_scopes() {
        use Role::{Administrator, Analyst, Auditor, Contributor, Owner, Reader};
        use Scope::{HandIn, Read, Work};
        for (scopes, role, left) in [
            (&[Read][..], Owner, Some(Reader)),
            (&[Read], Auditor, Some(Auditor)),
            (&[HandIn], Analyst, Some(Contributor)),
            (&[HandIn], Reader, None),
            (&[HandIn], Auditor, None),
            (&[Read, HandIn], Auditor, Some(Auditor)),
            (&[Read, HandIn], Reader, Some(Reader)),
            (&[Work], Owner, Some(Owner)),
            (&[Read, HandIn, Work], Administrator, None),
            (&[], Owner, None),
        ] {
            assert_eq!(Scope::narrowed(scopes, role), left, "{scopes:?} {role:?}");
        }
        let acts = [Act::Read, Act::HandIn, Act::Decide, Act::Work, Act::Register, Act::Lead, Act::Approve, Act::Audit];
        for (role, act) in Role::ALL.iter().flat_map(|role| acts.map(|act| (*role, act))) {
            for scopes in [&[Read][..], &[HandIn], &[Work], &[Read, HandIn]] {
                let left = Scope::narrowed(scopes, role);
                let may = left.is_some_and(|left| left.may(act)) && scopes.iter().any(|scope| scope.covers(act));
                assert!(!may || role.may(act), "{scopes:?} {role:?} {act:?}");
            }
        }
        assert!(Scope::ALL.iter().all(|scope| !scope.covers(Act::Admit)));
        assert!(Scope::ALL.iter().all(|scope| scope.as_str().parse() == Ok(*scope)));
        assert_eq!(Contributor.as_str().parse::<Scope>().ok(), None);
    }

    fn person(grants: &[(Role, Option<&str>)]) -> Person {
        let reach = |agency: Option<&str>| agency.map_or(Reach::Government, |id| Reach::Agency(id.into()));
        Person {
            id: PersonId(1),
            login: "ada".to_owned(),
            name: "Ada".to_owned(),
            grants: grants.iter().map(|(role, agency)| Grant { role: *role, reach: reach(*agency) }).collect(),
            clearance: Classification::Internal,
            compartments: vec!["radar".to_owned(), "mint".to_owned(), "radar".to_owned()],
        }
    }

    #[test]
    fn eyes_follow_from_roles() {
        let member = |grants: &[(Role, Option<&str>)]| Viewer::Member {
            grants: person(grants).grants,
            clearance: Classification::Internal,
            compartments: vec!["mint".to_owned(), "radar".to_owned()],
        };
        let cases = [
            (person(&[]), Viewer::Stranger),
            (person(&[(Role::Administrator, None)]), Viewer::Stranger),
            (
                person(&[(Role::Administrator, None), (Role::Reader, Some("tax"))]),
                member(&[(Role::Reader, Some("tax"))]),
            ),
            (
                person(&[(Role::Owner, Some("tax")), (Role::Reader, Some("mint")), (Role::Owner, Some("tax"))]),
                member(&[(Role::Reader, Some("mint")), (Role::Owner, Some("tax"))]),
            ),
        ];
        for (person, viewer) in cases {
            assert_eq!(person.viewer(), viewer, "{:?}", person.grants);
        }
    }

    #[test]
    fn words_of_roles_are_read_back() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(*role));
        }
        assert!("king".parse::<Role>().is_err());
    }
}
