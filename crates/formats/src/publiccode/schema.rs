// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The keys of publiccode.yml 0.7.
//!
//! Files of versions 0.2 to 0.5 are held against the same table, as the standard's own validator does: each minor version only added
//! keys or made some optional.

use super::lists;
use crate::declarations::schema::{ANY, Check, Field, Shape, TEXTS, may, must, old, some};

/// The whole document.
pub(super) const DOCUMENT: &[Field] = &[
    must("publiccodeYmlVersion", ANY),
    must("name", ANY),
    may("applicationSuite", ANY),
    must("url", Shape::Text(Check::Address)),
    may("landingURL", Shape::Text(Check::WebAddress)),
    may("isBasedOn", Shape::OneOrList(&Shape::Text(Check::Address))),
    may("softwareVersion", ANY),
    may("releaseDate", Shape::Text(Check::Date)),
    may("logo", Shape::Text(Check::Logo)),
    old("monochromeLogo", Shape::Text(Check::Logo)),
    may("organisation", Shape::Map(ORGANISATION)),
    old("inputTypes", Shape::List(&Shape::Text(Check::MediaType))),
    old("outputTypes", Shape::List(&Shape::Text(Check::MediaType))),
    some("platforms", TEXTS),
    may("categories", Shape::List(&Shape::Text(Check::OneOf(lists::CATEGORIES)))),
    may("usedBy", TEXTS),
    may("fundedBy", Shape::List(&Shape::Map(ORGANISATION))),
    may("roadmap", Shape::Text(Check::WebAddress)),
    must("developmentStatus", Shape::Text(Check::OneOf(lists::STATES))),
    must("softwareType", Shape::Text(Check::OneOf(lists::SOFTWARE_TYPES))),
    may("supports", Shape::List(&Shape::Map(&[must("id", Shape::Text(Check::Support(lists::ALIASES)))]))),
    may(
        "intendedAudience",
        Shape::Map(&[
            may("scope", Shape::List(&Shape::Text(Check::OneOf(lists::SCOPES)))),
            may("countries", Shape::List(&Shape::Text(Check::Country))),
            may("unsupportedCountries", Shape::List(&Shape::Text(Check::Country))),
        ]),
    ),
    some("description", Shape::ByLanguage(DESCRIPTION)),
    must(
        "legal",
        Shape::Map(&[
            must("license", Shape::Text(Check::Licence)),
            may("mainCopyrightOwner", ANY),
            old("repoOwner", ANY),
            old("authorsFile", Shape::Text(Check::AnyFile)),
        ]),
    ),
    must(
        "maintenance",
        Shape::Map(&[
            must("type", Shape::Text(Check::OneOf(lists::MAINTENANCE))),
            may("contractors", Shape::List(&Shape::Map(CONTRACTOR))),
            may("contacts", Shape::List(&Shape::Map(CONTACT))),
        ]),
    ),
    must(
        "localisation",
        Shape::Map(&[
            must("localisationReady", Shape::Flag),
            some("availableLanguages", Shape::List(&Shape::Text(Check::Language))),
        ]),
    ),
    may(
        "dependsOn",
        Shape::Map(&[
            may("open", Shape::List(&Shape::Map(DEPENDENCY))),
            may("proprietary", Shape::List(&Shape::Map(DEPENDENCY))),
            may("hardware", Shape::List(&Shape::Map(DEPENDENCY))),
        ]),
    ),
    may("IT", Shape::Map(ITALY)),
    may("it", Shape::Map(ITALY)),
];

const ORGANISATION: &[Field] = &[may("name", ANY), must("uri", Shape::Text(Check::Organisation))];

const DESCRIPTION: &[Field] = &[
    may("localisedName", ANY),
    old("genericName", Shape::Text(Check::MostLetters(35))),
    must("shortDescription", Shape::Text(Check::MostLetters(150))),
    must("longDescription", Shape::Text(Check::Letters(150, 10_000))),
    may("documentation", Shape::Text(Check::WebAddress)),
    may("apiDocumentation", Shape::Text(Check::WebAddress)),
    some("features", TEXTS),
    may("screenshots", Shape::List(&Shape::Text(Check::Screenshot))),
    may("videos", Shape::List(&Shape::Text(Check::Video))),
    may("awards", TEXTS),
];

const CONTRACTOR: &[Field] = &[
    must("name", ANY),
    may("email", Shape::Text(Check::MailAddress)),
    may("website", Shape::Text(Check::WebAddress)),
    must("until", Shape::Text(Check::Date)),
];

const CONTACT: &[Field] =
    &[must("name", ANY), may("email", Shape::Text(Check::MailAddress)), may("affiliation", ANY), may("phone", ANY)];

const DEPENDENCY: &[Field] = &[
    must("name", ANY),
    may("versionMin", ANY),
    may("versionMax", ANY),
    may("optional", Shape::Flag),
    may("version", ANY),
];

const ITALY: &[Field] = &[
    may("countryExtensionVersion", Shape::Text(Check::OneOf(lists::ITALIAN_VERSIONS))),
    old(
        "conforme",
        Shape::Map(&[
            may("lineeGuidaDesign", Shape::Flag),
            may("modelloInteroperabilita", Shape::Flag),
            may("misureMinimeSicurezza", Shape::Flag),
            may("gdpr", Shape::Flag),
        ]),
    ),
    may("riuso", Shape::Map(&[old("codiceIPA", Shape::Text(Check::ItalianOffice))])),
    may(
        "piattaforme",
        Shape::Map(&[
            may("spid", Shape::Flag),
            may("pagopa", Shape::Flag),
            may("cie", Shape::Flag),
            may("anpr", Shape::Flag),
            may("io", Shape::Flag),
        ]),
    ),
];
