// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Words of rules: what a text is as law goes, how strongly it asks, and what is judged.

use crate::words::words;

words!(
    /// What a text is, as law goes.
    Standing { Law "law", #[default] Draft "draft", Guidance "guidance", Policy "policy", }
);
words!(
    /// Whether the text itself was read, or what others write about it.
    Confirmed { Primary "primary", Secondary "secondary", #[default] Background "background", }
);
words!(
    /// How strongly a text asks.
    Demand { #[default] Must "must",
        // It must, where it exists; whether it does, a document cannot show.
        IfThere "if-there",
        May "may", }
);
words!(
    /// What is judged.
    Subject { #[default] Document "document", Component "component", }
);
words!(
    /// What a draft does to a party, held against the law as enacted.
    DraftEffect { NewlyBound "newly-bound", StillBound "still-bound", SetFree "set-free", StillFree "still-free",
        // Its facts do not settle it, or only a lawyer could.
        #[default] Open "open", }
);
words!(
    /// Whether a draft says that it means this.
    Intention { AsMeant "as-meant", NotMeant "not-meant", #[default] NotSaid "not-said", }
);
