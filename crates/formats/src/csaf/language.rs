// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Names of languages (BCP 47): which are registered, and which are for private use.
//!
//! Languages of two letters and regions are held against the registered codes; of longer subtags only the form is
//! looked at, for the register has thousands of them.

/// Languages of two letters (ISO 639-1).
const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da \
de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik in io \
is it iu iw ja ji jv jw ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mo mr ms \
mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn \
so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// Regions of two letters (ISO 3166-1, and those that the register keeps beside them), without those for private use.
const REGIONS: &str = "AC AD AE AF AG AI AL AM AN AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR \
BS BT BU BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CP CQ CR CS CU CV CW CX CY CZ DD DE DG DJ DK DM DO DZ EA EC EE EG \
EH ER ES ET EU EZ FI FJ FK FM FO FR FX GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU IC ID IE \
IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH \
MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NT NU NZ OM PA PE PF PG PH PK PL PM PN PR PS \
PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SU SV SX SY SZ TA TC TD TF TG TH TJ TK TL TM \
TN TO TP TR TT TV TW TZ UA UG UM UN US UY UZ VA VC VE VG VI VN VU WF WS YD YE YT YU ZA ZM ZR ZW";

/// The parts of a name that matter here.
struct Parts<'t> {
    language: &'t str,
    script: Option<&'t str>,
    region: Option<&'t str>,
}

fn parts(name: &str) -> Option<Parts<'_>> {
    let mut parts = name.split('-').peekable();
    let language = parts.next()?;
    let is_letters = |part: &&str, length: usize| part.len() == length && part.bytes().all(|b| b.is_ascii_alphabetic());
    while parts.next_if(|part| is_letters(part, 3)).is_some() {}
    let script = parts.next_if(|part| is_letters(part, 4));
    let region =
        parts.next_if(|part| is_letters(part, 2) || part.len() == 3 && part.bytes().all(|b| b.is_ascii_digit()));
    Some(Parts { language, script, region })
}

/// Whether a language is registered, as far as it is known here; grandfathered and private names are.
pub fn is_registered(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    if ["i-default", "i-mingo"].contains(&&*lower) || lower.starts_with("x-") {
        return true;
    }
    let Some(parts) = parts(name) else { return false };
    let language = parts.language.to_ascii_lowercase();
    let is_language = match language.len() {
        2 => LANGUAGES.split_whitespace().any(|known| known == language),
        3..=8 => language.bytes().all(|byte| byte.is_ascii_lowercase()),
        _ => false,
    };
    let is_region = parts.region.is_none_or(|region| {
        let upper = region.to_ascii_uppercase();
        region.len() == 3 || is_private_region(&upper) || REGIONS.split_whitespace().any(|known| known == upper)
    });
    is_language && is_region
}

/// Whether a text has the form of such a name: subtags of letters and digits, the first of letters.
pub fn has_form(name: &str) -> bool {
    let is_subtag = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let first = name.split('-').next().unwrap_or_default();
    name.split('-').all(is_subtag) && first.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Whether a part of the name is one that the register leaves to private use.
pub fn is_private(name: &str) -> bool {
    let Some(parts) = parts(name) else { return false };
    let language = parts.language.to_ascii_lowercase();
    let is_private_language = language.len() == 3 && ("qaa"..="qtz").contains(&&*language);
    let script = parts.script.map(str::to_ascii_lowercase);
    let is_private_script = script.is_some_and(|script| ("qaaa"..="qabx").contains(&&*script));
    is_private_language
        || is_private_script
        || parts.region.is_some_and(|region| is_private_region(&region.to_ascii_uppercase()))
}

fn is_private_region(upper: &str) -> bool {
    upper.len() == 2
        && (matches!(upper, "AA" | "ZZ") || ("QM"..="QZ").contains(&upper) || ("XA"..="XZ").contains(&upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart() {
        for (name, registered, private) in [
            ("en", true, false),
            ("de-AT", true, false),
            ("zh-Hant-TW", true, false),
            ("es-419", true, false),
            ("EZ", false, false),
            ("en-EZ", true, false),
            ("en-UK", false, false),
            ("qtx", true, true),
            ("en-QM", true, true),
            ("en-Qabc", true, true),
            ("en-Qaby", true, false),
            ("fr-ZZ", true, true),
            ("i-default", true, false),
            ("x-klingon", true, false),
            ("", false, false),
            ("e", false, false),
        ] {
            assert_eq!((is_registered(name), is_private(name)), (registered, private), "{name}");
        }
    }
}
