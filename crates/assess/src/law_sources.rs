// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The texts that clocks and roles cite: one list, each with its standing, how its wording was checked, and what is open about it.
//!
//! Nothing here is quoted. A text that only others write about says so, and so does one that was replaced.

use underpin_model::law::{Seen, Standing};

/// A place in a text of law or guidance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct LawSource {
    /// The stable word by which rules name it.
    pub key: &'static str,
    /// The text.
    pub title: &'static str,
    /// The article, recital or question.
    pub place: &'static str,
    /// Where it can be read.
    pub link: &'static str,
    /// Its weight.
    pub standing: Standing,
    /// How its wording was checked.
    pub seen: Seen,
    /// What is open about it, in plain English; empty for nothing.
    pub open: &'static str,
}

const CRA: &str = "Regulation (EU) 2024/2847 (Cyber Resilience Act)";
const NIS2: &str = "Directive (EU) 2022/2555 (NIS 2)";
const PERIODS: &str = "Regulation (EEC, Euratom) No 1182/71";
const ORC: &str = "CRA FAQ of the Open Regulatory Compliance Working Group";
const DRAFT: &str = "Draft guidance of the Commission on Regulation (EU) 2024/2847, 3 March 2026";

macro_rules! sources {
    ($($key:literal $title:ident $place:literal $link:expr, $standing:ident $seen:ident $open:literal;)*) => {
        /// All of them.
        pub static SOURCES: &[LawSource] = &[$(LawSource {
            key: $key, title: $title, place: $place, link: $link,
            standing: Standing::$standing, seen: Seen::$seen, open: $open,
        },)*];
    };
}

macro_rules! cra {
    ($anchor:literal) => {
        concat!("https://eur-lex.europa.eu/legal-content/EN/TXT/HTML/?uri=OJ:L_202402847#", $anchor)
    };
}
macro_rules! orc {
    ($page:literal) => {
        concat!("https://github.com/orcwg/cra-hub/blob/main/faq/", $page, ".md")
    };
}

const NIS2_LINK: &str = "https://eur-lex.europa.eu/eli/dir/2022/2555/oj";
const PERIODS_LINK: &str = "https://eur-lex.europa.eu/eli/reg/1971/1182/oj";
// A report on the draft: the draft itself was not opened.
const DRAFT_LINK: &str = "https://www.jdsupra.com/legalnews/eu-cyber-resilience-act-european-6173041/";
const BOD_OLD: &str = "CISA Binding Operational Directive 22-01";
const BOD_NEW: &str = "CISA Binding Operational Directive 26-04";
const BOD_LINK: &str = "https://www.cisa.gov/directives";
const BSIG: &str = "BSI-Gesetz (Germany)";
const BSIG_LINK: &str =
    "https://www.roedl.de/de-DE/de/wen-wir-beraten/gesundheit-sozialwirtschaft/Seiten/nis-2-meldepflicht.aspx";
const OFFICIAL: &str = "FAQ of the Commission services on Regulation (EU) 2024/2847";
const PLATFORM: &str = "ENISA: single reporting platform";

sources! {
    "cra-2" CRA "Article 2(2) to (8)" cra!("art_2"), Law Secondary "";
    "cra-3-13" CRA "Article 3(13)" cra!("art_3"), Law Copy "";
    "cra-3-14" CRA "Article 3(14)" cra!("art_3"), Law Copy "Whether a legal person can be one natural person is not settled.";
    "cra-3-16" CRA "Article 3(16) and (17)" cra!("art_3"), Law NotConfirmed "The numbers of the points were not checked.";
    "cra-3-22" CRA "Article 3(22)" cra!("art_3"), Law Secondary "";
    "cra-3-48" CRA "Article 3(48)" cra!("art_3"), Law Copy "";
    "cra-13-5" CRA "Article 13(5) and (6)" cra!("art_13"), Law Secondary "";
    "cra-14-1" CRA "Article 14(1)" cra!("art_14"), Law Copy "";
    "cra-14-2-a" CRA "Article 14(2)(a)" cra!("art_14"), Law Copy "";
    "cra-14-2-b" CRA "Article 14(2)(b)" cra!("art_14"), Law Copy "";
    "cra-14-2-c" CRA "Article 14(2)(c)" cra!("art_14"), Law Copy "What counts when a measure was there before anybody became aware is not said.";
    "cra-14-3" CRA "Article 14(3)" cra!("art_14"), Law Copy "";
    "cra-14-4-a" CRA "Article 14(4)(a)" cra!("art_14"), Law Copy "";
    "cra-14-4-b" CRA "Article 14(4)(b)" cra!("art_14"), Law Copy "";
    "cra-14-4-c" CRA "Article 14(4)(c)" cra!("art_14"), Law Copy "";
    "cra-14-5" CRA "Article 14(5)" cra!("art_14"), Law Copy "";
    "cra-14-6" CRA "Article 14(6)" cra!("art_14"), Law Copy "";
    "cra-14-7" CRA "Article 14(7)" cra!("art_14"), Law Copy "The order for those without a main establishment in the Union was seen in secondary texts only.";
    "cra-14-8" CRA "Article 14(8)" cra!("art_14"), Law Secondary "";
    "cra-16" CRA "Article 16" cra!("art_16"), Law Secondary "";
    "cra-21" CRA "Articles 21 and 22" cra!("art_21"), Law NotConfirmed "The wording was not opened.";
    "cra-24-1" CRA "Article 24(1)" cra!("art_24"), Law Copy "No form of the policy is laid down.";
    "cra-24-2" CRA "Article 24(2)" cra!("art_24"), Law Copy "";
    "cra-24-3" CRA "Article 24(3)" cra!("art_24"), Law Copy "It names Article 14(1), (3) and (8), not the paragraphs with the periods.";
    "cra-69-3" CRA "Article 69(3)" cra!("art_69"), Law Copy "";
    "cra-71-2" CRA "Article 71(2)" cra!("art_71"), Law Copy "";
    "cra-r15" CRA "Recital 15" cra!("rct_15"), Law Copy "A recital explains; it does not bind by itself.";
    "cra-r16" CRA "Recital 16" cra!("rct_16"), Law Copy "A recital explains; it does not bind by itself.";
    "cra-r17" CRA "Recital 17" cra!("rct_17"), Law Copy "A recital explains; it does not bind by itself.";
    "cra-r18" CRA "Recital 18" cra!("rct_18"), Law Copy "A recital explains; it does not bind by itself.";
    "cra-r19" CRA "Recital 19" cra!("rct_19"), Law Copy "A recital explains; it does not bind by itself.";
    "cra-r20" CRA "Recital 20" cra!("rct_20"), Law Secondary "A recital explains; it does not bind by itself.";
    "cra-faq-5-3" OFFICIAL "Question 5.3" "https://cra.orcwg.org/faq/official/faq_5-3", Guidance Copy "The services say that it is not the Commission's position.";
    "cra-platform" PLATFORM "Questions and answers" "https://www.enisa.europa.eu/topics/product-security/single-reporting-platform-srp", Guidance Secondary "No programming interface at the start; others write that one is expected in spring 2027.";
    "cra-draft-publishing" DRAFT "Point 46 and what follows" DRAFT_LINK, Draft Secondary "Only reports on the draft were seen; whether a final text exists could not be found.";
    "cra-draft-donations" DRAFT "Donations" DRAFT_LINK, Draft Secondary "Only reports on the draft were seen.";
    "cra-draft-per-product" DRAFT "One product, one role" DRAFT_LINK, Draft Secondary "Only reports on the draft were seen.";
    "orc-actual-costs" ORC "What does 'actual costs' mean?" orc!("cra-itself/actual-costs"), Explanation Primary "Rests on draft guidance.";
    "orc-both" ORC "Can a manufacturer also be a steward?" orc!("manufacturers/both-manufacturer-and-steward"), Explanation Primary "A draft answer; the group still waits for guidance.";
    "orc-binaries" ORC "Is distributing binaries making available?" orc!("projects/binaries"), Explanation Primary "A draft answer.";
    "orc-consultants" ORC "Do common consulting arrangements make me a manufacturer?" orc!("maintainers/consultants"), Explanation Primary "Rests on draft guidance.";
    "orc-contributors" ORC "Am I subject to the CRA if I only contribute?" orc!("maintainers/contributors"), Explanation Primary "";
    "orc-csirt" ORC "Which CSIRT does a steward notify?" orc!("pending-guidance/csirt-identification"), Explanation Primary "The group still waits for guidance.";
    "orc-donations" ORC "Does accepting donations make me a manufacturer?" orc!("maintainers/donations"), Explanation Primary "Rests on draft guidance.";
    "orc-for-profit" ORC "Can a company be a steward?" orc!("stewards/for-profit"), Explanation Primary "Rests on draft guidance.";
    "orc-freeware" ORC "What happens to freeware?" orc!("cra-itself/freeware"), Explanation Primary "";
    "orc-funding" ORC "Is a company that funds a project a manufacturer?" orc!("manufacturers/funding-foss-dev"), Explanation Primary "";
    "orc-grants" ORC "Does receiving grants make me a manufacturer?" orc!("maintainers/grants"), Explanation Primary "";
    "orc-group" ORC "Can a loose group of maintainers be a steward?" orc!("maintainers/multiple-maintainers-steward"), Explanation Primary "A draft answer; the group still waits for guidance.";
    "orc-living" ORC "Can living expenses count as costs?" orc!("maintainers/living-expenses"), Explanation Primary "Rests on draft guidance.";
    "orc-monetisation" ORC "What does 'intention to monetise' mean?" orc!("cra-itself/monetisation"), Explanation Primary "";
    "orc-no-monetisation" ORC "Am I subject to the CRA if I do not monetise?" orc!("maintainers/no-monetization"), Explanation Primary "A draft answer.";
    "orc-no-steward" ORC "Do all projects have a steward?" orc!("stewards/do-all-projects-have-stewards"), Explanation Primary "";
    "orc-notification" ORC "What are the notification obligations of stewards?" orc!("stewards/notification-obligations"), Explanation Primary "A draft answer.";
    "orc-paid-dev" ORC "Can I get paid to develop?" orc!("maintainers/paid-dev"), Explanation Primary "";
    "orc-paying" ORC "If a non-profit receives donations to pay developers" orc!("stewards/paying-developers"), Explanation Primary "";
    "orc-popularity" ORC "Does popularity expose me to the CRA?" orc!("maintainers/popularity"), Explanation Primary "";
    "orc-profit" ORC "What does 'make a profit' mean?" orc!("cra-itself/profit"), Explanation Primary "Rests on draft guidance.";
    "orc-scope" ORC "What kinds of products are not regulated?" orc!("cra-itself/out-of-scope"), Explanation Primary "";
    "orc-service" ORC "Does getting paid for development make you a manufacturer?" orc!("manufacturers/service-providers"), Explanation Primary "";
    "orc-solo" ORC "Can a solo maintainer be a steward?" orc!("maintainers/solo-maintainer-steward"), Explanation Primary "";
    "orc-sponsorware" ORC "How is sponsorware affected?" orc!("maintainers/sponsorware"), Explanation Primary "";
    "orc-support" ORC "Does technical support for a fee put you in scope?" orc!("maintainers/technical-support"), Explanation Primary "Rests on draft guidance.";
    "orc-whose" ORC "Can you be a steward of your own codebase?" orc!("stewards/whose-codebase"), Explanation Primary "Rests on draft guidance.";
    "nis2-2-2" NIS2 "Article 2(2)" NIS2_LINK, Law Secondary "";
    "nis2-2-7" NIS2 "Article 2(7)" NIS2_LINK, Law Secondary "";
    "nis2-3" NIS2 "Article 3(1) and (2)" NIS2_LINK, Law NotConfirmed "The wording was not opened; states may identify more entities.";
    "nis2-23-1" NIS2 "Article 23(1)" NIS2_LINK, Law Copy "";
    "nis2-23-4-a" NIS2 "Article 23(4)(a)" NIS2_LINK, Law Copy "";
    "nis2-23-4-b" NIS2 "Article 23(4)(b)" NIS2_LINK, Law Copy "";
    "nis2-23-4-c" NIS2 "Article 23(4)(c)" NIS2_LINK, Law Copy "";
    "nis2-23-4-d" NIS2 "Article 23(4)(d)" NIS2_LINK, Law Copy "";
    "nis2-23-4-e" NIS2 "Article 23(4)(e)" NIS2_LINK, Law Copy "";
    "nis2-23-4-trust" NIS2 "Article 23(4), second subparagraph" NIS2_LINK, Law Copy "";
    "nis2-41" NIS2 "Article 41" NIS2_LINK, Law NotConfirmed "National law had to apply from 18 October 2024; many states were late.";
    "bsig-32" BSIG "Section 32" BSIG_LINK, Law Secondary "In force since 6 December 2025; the wording was not opened, and one text writes 30 days for one month.";
    "periods-2" PERIODS "Article 2" PERIODS_LINK, Law Copy "";
    "periods-3-1" PERIODS "Article 3(1)" PERIODS_LINK, Law Copy "";
    "periods-3-2" PERIODS "Article 3(2)" PERIODS_LINK, Law Copy "";
    "periods-3-4" PERIODS "Article 3(4)" PERIODS_LINK, Law Copy "";
    "periods-3-5" PERIODS "Article 3(5)" PERIODS_LINK, Law NotConfirmed "Whether it lengthens a period of 72 hours is disputed; here it does not.";
    "kev-bod-22-01" BOD_OLD "The catalogue's due dates" BOD_LINK, Replaced Secondary "Replaced by directive 26-04 on 10 June 2026. In which zone a day ends is not said.";
    "kev-bod-26-04" BOD_NEW "Table of remediation times" BOD_LINK, Law Secondary "Its own times (3, 14 or 60 days, or the next upgrade) are not computed here.";
}

/// The source with this key.
pub fn source(key: &str) -> Option<&'static LawSource> {
    SOURCES.iter().find(|source| source.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_source_is_there_once_and_says_where_it_is() {
        for (number, one) in SOURCES.iter().enumerate() {
            assert!(one.link.starts_with("https://") && !one.place.is_empty(), "{}", one.key);
            assert!(!SOURCES[..number].iter().any(|other| other.key == one.key), "{} stands twice", one.key);
        }
    }

    #[test]
    fn drafts_and_hearsay_say_what_is_open() {
        for one in SOURCES {
            let unsure = one.standing == Standing::Draft || one.seen == Seen::NotConfirmed;
            assert!(
                !unsure || !one.open.is_empty(),
                "{} is a draft or not confirmed and says nothing about it",
                one.key
            );
        }
    }
}
