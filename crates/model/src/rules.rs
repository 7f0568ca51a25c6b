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
    /// What is judged: a bill of materials or what is in it, or something that the house knows.
    Subject { #[default] Document "document", Component "component",
        Package "package", System "system", Agency "agency", Project "project",
        // An own product, by its repository in the catalogue.
        Repository "repository", }
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
words!(
    /// What became of a rule.
    RuleVerdict { Met "met", NotMet "not-met", #[default] NotAssessed "cannot-be-assessed", }
);
words!(
    /// What has to be done where a rule is not kept.
    Work { #[default] Record "record", Document "document", Package "package", Platform "platform", Licence "licence",
        Publication "publication", }
);
words!(
    /// Whose work that is. A project that gives its software away is not among them, on purpose: no rule can send it a questionnaire.
    Bearer { #[default] Agency "agency", Vendor "vendor", Office "office", }
);

words!(
    /// How a rule differs between two books.
    RuleChange { Added "added", Removed "removed", AsksForMore "asks-for-more", AsksForLess "asks-for-less",
        JudgesOtherwise "judges-otherwise", #[default] Reworded "reworded", }
);

impl Subject {
    /// Whether rules about it are asked of the house, and not of a bill of materials.
    pub fn is_of_the_house(self) -> bool {
        !matches!(self, Self::Document | Self::Component)
    }
}
