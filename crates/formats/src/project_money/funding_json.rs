// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `funding.json`: the manifest of FLOSS/fund, version 1.
//!
//! Its history is money of a year, for all projects of the manifest together. Its plans are wishes. Names, descriptions, mail addresses
//! and telephone numbers of the entity are not kept.

use serde_json::Value as Json;
use underpin_model::project_money::{
    FundingFile, FundingForm, MoneyDoor, MoneyFlow, MoneyGap, MoneyWish, Payee, Payer, Platform, WishRhythm, WishState,
};

use super::addresses::{About, door, is_repository, parts};
use super::amounts::{amount, year};
use super::{Unread, list, word};

pub(super) fn read(text: &str, about: &About<'_>) -> Result<FundingFile, Unread> {
    let tree: Json = serde_json::from_str(text).map_err(|_| Unread::NotOfItsForm("funding.json"))?;
    let (entity, funding) = (tree.get("entity"), tree.get("funding"));
    if entity.is_none() && funding.is_none() {
        return wallets(&tree).ok_or(Unread::NotOfItsForm("funding.json"));
    }
    let mut file = FundingFile { form: FundingForm::FundingJson, ..FundingFile::default() };
    let version = word(tree.get("version")).unwrap_or_default().trim_start_matches('v');
    if version.split('.').next() != Some("1") {
        file.miss(MoneyGap::UnknownVersion);
    }
    let kind = entity.and_then(|entity| word(entity.get("type")));
    file.payee = kind.and_then(|kind| kind.parse().ok()).unwrap_or_default();
    let projects = list(tree.get("projects").or_else(|| tree.get("project")));
    file.projects = (!projects.is_empty()).then(|| u32::try_from(projects.len()).unwrap_or(u32::MAX));
    let repositories: Vec<&str> = projects.iter().filter_map(|project| address(project, "repositoryUrl")).collect();
    if !repositories.is_empty() && !repositories.iter().any(|repository| is_repository(repository, about)) {
        file.miss(MoneyGap::OtherProjects);
    }
    let homes = homes(file.payee, entity, &projects);
    let funding = funding.unwrap_or(&Json::Null);
    list(funding.get("channels")).iter().for_each(|channel| add_door(&mut file, channel, about, &homes));
    list(funding.get("plans")).iter().for_each(|plan| add_wish(&mut file, plan));
    list(funding.get("history")).iter().for_each(|line| add_flow(&mut file, line));
    Ok(file)
}

/// Another file of the same name: with it a project proves to Drips or to Optimism that a wallet or an entry there is its own. A wallet is
/// a way to pay, an entry is none; neither is kept.
fn wallets(tree: &Json) -> Option<FundingFile> {
    let mut file = FundingFile { form: FundingForm::FundingJson, ..FundingFile::default() };
    let chains = tree.get("drips").and_then(Json::as_object);
    let owners = chains.into_iter().flatten().filter_map(|(_, chain)| word(chain.get("ownedBy"))).count();
    for _ in 0..owners {
        file.miss(MoneyGap::AddressWithheld);
        add(&mut file.doors, Platform::Other, None);
    }
    let has_entry = tree.pointer("/opRetro/projectId").is_some();
    file.miss_many(MoneyGap::UnknownPlatform, usize::from(has_entry));
    (owners > 0 || has_entry).then_some(file)
}

/// Hosts that an organisation calls its own. The home page of a person is none.
fn homes(payee: Payee, entity: Option<&Json>, projects: &[&Json]) -> Vec<String> {
    if !matches!(payee, Payee::Organisation | Payee::Group) {
        return Vec::new();
    }
    let pages = entity.into_iter().chain(projects.iter().copied()).filter_map(|one| address(one, "webpageUrl"));
    pages.filter_map(parts).map(|(host, _)| host).collect()
}

/// The address in a field: a text, or an object with the text in `url`.
fn address<'j>(one: &'j Json, field: &str) -> Option<&'j str> {
    let value = one.get(field)?;
    word(Some(value)).or_else(|| word(value.get("url")))
}

fn add_door(file: &mut FundingFile, channel: &Json, about: &About<'_>, homes: &[String]) {
    let address = word(channel.get("address"));
    let (platform, kept) = match word(channel.get("type")) {
        Some("bank") => (Platform::Bank, None),
        Some("cheque") => (Platform::Cheque, None),
        Some("cash") => (Platform::Cash, None),
        Some("payment-provider" | "other") => address.map_or((Platform::Other, None), |text| door(text, about, homes)),
        Some(_) => {
            file.miss(MoneyGap::UnknownPlatform);
            address.map_or((Platform::Other, None), |text| door(text, about, homes))
        }
        None => return file.miss(MoneyGap::Incomplete),
    };
    if address.is_some() && kept.is_none() {
        file.miss(MoneyGap::AddressWithheld);
    }
    add(&mut file.doors, platform, kept);
}

/// One line a platform and address: how many accounts there are is counted.
pub(super) fn add(doors: &mut Vec<MoneyDoor>, platform: Platform, address: Option<String>) {
    match doors.iter_mut().find(|door| door.platform == platform && door.address == address) {
        Some(door) => door.accounts = door.accounts.saturating_add(1),
        None => doors.push(MoneyDoor { platform, address, accounts: 1 }),
    }
}

fn add_wish(file: &mut FundingFile, plan: &Json) {
    if !plan.is_object() {
        return file.miss(MoneyGap::Incomplete);
    }
    let amount = amount(plan.get("amount"), word(plan.get("currency"))).unwrap_or_else(|gap| {
        file.miss(gap);
        None
    });
    let state = word(plan.get("status")).and_then(|word| word.parse().ok()).unwrap_or(WishState::Unknown);
    let rhythm = word(plan.get("frequency")).and_then(|word| word.parse().ok()).unwrap_or(WishRhythm::Unknown);
    // In the manifest 0 stands for any amount.
    let amount = amount.filter(|amount| amount.hundredths > 0);
    file.wishes.push(MoneyWish { state, amount, rhythm });
}

fn add_flow(file: &mut FundingFile, line: &Json) {
    let Some((from, until)) = line.get("year").and_then(Json::as_i64).and_then(year) else {
        return file.miss(MoneyGap::UnreadableDay);
    };
    let currency = word(line.get("currency"));
    let mut read = |field: &str| {
        amount(line.get(field), currency).unwrap_or_else(|gap| {
            file.miss(gap);
            None
        })
    };
    let (income, expenses) = (read("income"), read("expenses"));
    file.flows.push(MoneyFlow {
        from,
        until,
        payer: Payer::Unknown,
        payer_name: None,
        income,
        expenses,
        payments: None,
    });
}
