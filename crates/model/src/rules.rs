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

impl Subject {
    /// Whether rules about it are asked of the house, and not of a bill of materials.
    pub fn is_of_the_house(self) -> bool {
        !matches!(self, Self::Document | Self::Component)
    }
}
