// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Kinds with one stable word each: the word stands in files, output and storage.

macro_rules! words {
    ($(#[doc = $doc:literal])* $name:ident { $($(#[$attribute:meta])* $variant:ident $word:literal,)* }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[expect(missing_docs, reason = "the words speak for themselves")]
        pub enum $name { $($(#[$attribute])* #[serde(rename = $word)] $variant,)* }

        impl $name {
            /// All values, in order.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The stable word used in files, output and storage.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                let wanted = text.trim().to_lowercase().replace([' ', '_'], "-");
                Self::ALL.iter().copied().find(|value| value.as_str() == wanted).ok_or_else(|| {
                    let known: Vec<_> = Self::ALL.iter().map(|value| value.as_str()).collect();
                    format!("{text:?} is none of: {}", known.join(", "))
                })
            }
        }
    };
}

pub(crate) use words;
