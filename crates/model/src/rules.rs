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
