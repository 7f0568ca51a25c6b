// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Patches in the pedigree of a component, as CycloneDX writes them.

use underpin_model::gap::GapCode;
use underpin_model::inventory::Text;

use super::lenient::{At, Lenient};
use super::shape::{EncodingWords, IssueWords, PatchWords, shape};
use super::targets::Word;

shape! {
    /// A patch.
    RawPatch {
        "type" => kind: Word<'a, PatchWords>,
        "resolves" => resolves: Vec<RawIssue<'a>>,
        "diff" => diff: Option<Box<RawDiff<'a>>>,
    } passes [] checked by check_patch
}

shape! {
    /// What a patch changes.
    RawDiff {
        "text" => text: PatchText<'a>,
        "url" => address: Text<'a>,
    } passes []
}

shape! {
    /// An attached text that is read.
    RawPatchText {
        "encoding" => encoding: Word<'a, EncodingWords>,
        "content" => content: Text<'a>,
    } passes ["contentType", "content-type"]
}

shape! {
    /// An issue that a patch resolves.
    RawIssue {
        "type" => kind: Word<'a, IssueWords>,
        "id" => id: Text<'a>,
        "name" => name: Text<'a>,
    } passes ["description", "source", "references"]
}

/// The text of a patch; in XML an element without attributes is its text alone.
#[derive(Default)]
pub struct PatchText<'a>(pub RawPatchText<'a>);

impl<'a> Lenient<'a> for PatchText<'a> {
    const DUE: &'static str = RawPatchText::DUE;

    fn object<M: serde::de::MapAccess<'a>>(&mut self, map: M, at: &mut At<'a>) -> Result<bool, M::Error> {
        self.0.object(map, at)
    }

    fn text(&mut self, text: Text<'a>, at: &mut At<'a>) -> bool {
        if !at.xml {
            return self.0.text(text, at);
        }
        self.0.content = text;
        true
    }
}

fn check_patch<'a>(patch: &mut RawPatch<'a>, at: &mut At<'a>) {
    if patch.kind.0.is_empty() {
        at.gap_in("type", GapCode::MissingField, || "".into());
    }
}
