// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is wrong at a place of a repository, in words.

use underpin_model::practices::FaultCode;

use crate::{Language, text};

/// What is wrong there. A detail that is not known is called an entry, so that the sentence stays one.
pub fn fault(language: Language, code: FaultCode, detail: &str) -> String {
    let detail = if detail.is_empty() { text(language, "fault-detail-unknown", &[]) } else { detail.to_owned() };
    text(language, &format!("fault-{}", code.as_str()), &[("detail", (&detail).into())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_one_without_detail_too() {
        let told = |language, detail| fault(language, FaultCode::OldVersion, detail);
        assert_eq!(told(Language::English, "0.2"), "0.2: this version is old");
        assert_eq!(told(Language::English, ""), "an entry: this version is old");
        for language in [Language::English, Language::German] {
            for code in FaultCode::ALL {
                let words = fault(language, *code, "");
                assert!(!words.starts_with([':', ' ']) && !words.contains("  "), "{words:?}");
            }
        }
    }
}
