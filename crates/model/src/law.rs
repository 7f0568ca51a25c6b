// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Words about texts of law: what standing a text has, and how far it could be checked. A rule without both is a rumour.

use crate::words::words;

words!(
    /// What weight a text has. Only the first binds.
    Standing { Law "law", Replaced "replaced", Draft "draft", Guidance "guidance", OfficePolicy "office-policy",
        // A group explains the law; nobody is bound by it.
        #[default] Explanation "explanation", }
);
words!(
    /// How the wording behind a rule was checked.
    Seen {
        // The official publication.
        Primary "primary",
        // A copy of the official wording elsewhere; the official publication was not opened.
        Copy "copy",
        // What others write about it.
        Secondary "secondary",
        // Nothing that could be cited; from general knowledge.
        #[default] NotConfirmed "not-confirmed",
    }
);
