// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is written for spreadsheets, by the command line and by pages.

/// A spreadsheet must not take text for a formula, wherever it cuts the cell.
pub fn guarded(cell: &str) -> String {
    const TRIGGERS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];
    if !cell.starts_with(TRIGGERS) || cell.parse::<f64>().is_ok() || is_scoped_name(cell) {
        return cell.to_owned();
    }
    format!("'{cell}")
}

/// An npm name with its scope, perhaps with a version behind: what it is made of can be no formula.
fn is_scoped_name(cell: &str) -> bool {
    let Some((scope, name)) = cell.strip_prefix('@').and_then(|rest| rest.split_once('/')) else { return false };
    let plain = |text: &str, more: &str| {
        !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || more.contains(letter))
    };
    plain(scope, "-_.~") && plain(name, "-_.~@ ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text_in_spreadsheets() {
        for (cell, written) in [
            ("=1+1", "'=1+1"),
            ("-5", "-5"),
            ("-5+cmd", "'-5+cmd"),
            ("@scope/name", "@scope/name"),
            ("@scope/name 1.0", "@scope/name 1.0"),
            ("@cmd|'/C calc'!A0", "'@cmd|'/C calc'!A0"),
            ("＝1+1", "'＝1+1"),
            ("a=1", "a=1"),
        ] {
            assert_eq!(guarded(cell), written, "{cell}");
        }
    }
}
