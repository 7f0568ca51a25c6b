// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! GitHub's `FUNDING.yml`: the ways to pay that a forge shows beside the code. They are wishes, no money.
//!
//! What stands behind most platforms is the login of a person; it is not kept. A collective, a package or a page that bears the name of
//! the project is.

use serde_json::Value as Json;
use underpin_model::project_money::{FundingFile, FundingForm, MoneyGap, Platform};

use super::addresses::{About, door};
use super::funding_json::add;
use super::{Unread, list};

/// The keys of the file. With `true` a word that bears the project's name is kept.
pub(super) const KEYS: &[(&str, Platform, bool)] = &[
    ("github", Platform::GithubSponsors, false),
    ("patreon", Platform::Patreon, false),
    ("open_collective", Platform::OpenCollective, true),
    ("ko_fi", Platform::KoFi, false),
    ("tidelift", Platform::Tidelift, true),
    ("community_bridge", Platform::CommunityBridge, true),
    ("liberapay", Platform::Liberapay, false),
    ("issuehunt", Platform::IssueHunt, false),
    ("otechie", Platform::Otechie, false),
    ("lfx_crowdfunding", Platform::LfxCrowdfunding, true),
    ("polar", Platform::Polar, false),
    ("buy_me_a_coffee", Platform::BuyMeACoffee, false),
    ("thanks_dev", Platform::ThanksDev, false),
];

pub(super) fn read(text: &str, about: &About<'_>) -> Result<FundingFile, Unread> {
    let fault = Unread::NotOfItsForm("FUNDING.yml");
    let tree: Json = serde_saphyr::from_str(text).map_err(|_| fault)?;
    let fields = match &tree {
        Json::Object(fields) => fields,
        // A template of which every line is a remark.
        Json::Null => return Ok(FundingFile { form: FundingForm::FundingYml, ..FundingFile::default() }),
        _ => return Err(fault),
    };
    let mut file = FundingFile { form: FundingForm::FundingYml, ..FundingFile::default() };
    for (key, value) in fields {
        let known = KEYS.iter().find(|(known, ..)| known == key);
        for entry in list(Some(value)) {
            let text = match entry {
                Json::String(text) if text.trim().is_empty() => continue,
                Json::String(text) => text.trim().to_owned(),
                Json::Number(number) => number.to_string(),
                _ => {
                    file.miss(MoneyGap::Incomplete);
                    continue;
                }
            };
            let (platform, address) = match known {
                Some((_, platform, is_project)) => (*platform, own_word(&text, about).filter(|_| *is_project)),
                None if key == "custom" => custom(&text, about),
                None => {
                    file.miss(MoneyGap::UnknownPlatform);
                    continue;
                }
            };
            if address.is_none() {
                file.miss(MoneyGap::AddressWithheld);
            }
            add(&mut file.doors, platform, address);
        }
    }
    Ok(file)
}

/// A word that is the name of the project, with a platform before it or not: `npm/left-pad`.
fn own_word(text: &str, about: &About<'_>) -> Option<String> {
    let (before, last) = text.rsplit_once('/').map_or(("", text), |(before, last)| (before, last));
    let is_platform = before.chars().all(|letter| letter.is_ascii_lowercase()) && before.len() <= 12;
    (is_platform && about.is_named(last)).then(|| text.to_owned())
}

fn custom(text: &str, about: &About<'_>) -> (Platform, Option<String>) {
    let has_scheme = text.contains("://");
    door(&if has_scheme { text.to_owned() } else { format!("https://{text}") }, about, &[])
}
