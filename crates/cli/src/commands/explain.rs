// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_office::Result;
use underpin_office::codes::{Code, codes};

use crate::context::{Context, usage};
use crate::output::{Answer, columns, print};

/// Say what a code means: a gap in a document, or a member of an archive that was left out
#[derive(Debug, clap::Args)]
pub struct Explain {
    /// The code, as answers show it; without one, all codes
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

impl Explain {
    pub fn run(self, context: &Context) -> Result<bool> {
        let found = find(self.code.as_deref())?;
        let mut answer = Answer { columns: columns(&["code", "about", "meaning"]), ..Answer::default() };
        for code in found {
            answer.rows.push(serde_json::json!({ "code": code.code, "about": code.about, "meaning": code.meaning }));
            answer.cells.push(vec![code.code.to_owned(), code.about.to_owned(), code.meaning.to_owned()]);
        }
        answer.json = answer.rows.clone().into();
        print(&answer, context.printing_all())?;
        Ok(false)
    }
}

fn find(wanted: Option<&str>) -> Result<Vec<Code>> {
    let all = codes();
    let Some(wanted) = wanted else { return Ok(all) };
    let found: Vec<Code> = all.iter().filter(|code| code.code == wanted).cloned().collect();
    if found.is_empty() {
        let near = nearest(wanted, &all);
        let hint = if near.is_empty() {
            "`underpin explain` lists all codes".to_owned()
        } else {
            format!("did you mean {}?", near.join(", "))
        };
        return Err(usage(format!("there is no code {wanted:?}"), hint));
    }
    Ok(found)
}

/// The codes that share most words with `wanted`.
fn nearest(wanted: &str, all: &[Code]) -> Vec<&'static str> {
    let shared = |code: &str| wanted.split('-').filter(|word| code.split('-').any(|part| part == *word)).count();
    let mut near: Vec<(usize, &str)> = all.iter().map(|code| (shared(code.code), code.code)).collect();
    near.retain(|(shared, _)| *shared > 0);
    near.sort_by_key(|(shared, _)| std::cmp::Reverse(*shared));
    near.into_iter().map(|(_, code)| code).take(5).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_may_have_two_meanings_and_both_are_shown() {
        let about: Vec<&str> = find(Some("too-deep")).expect("known").iter().map(|code| code.about).collect();
        assert_eq!(about, ["document", "archive"]);
    }

    #[test]
    fn an_unknown_code_gets_a_suggestion() {
        let error = find(Some("no-licence-version")).expect_err("there is none");
        assert_eq!(error.code, "usage");
        assert!(error.hint.contains("no-version"), "{}", error.hint);
    }
}
