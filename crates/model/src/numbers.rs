// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Numbers of things with the letter before them by which people name them: `I12`, `T7`.

macro_rules! numbers {
    ($($(#[doc = $doc:literal])+ $name:ident $letter:literal $called:literal;)*) => {
        $(
            $(#[doc = $doc])+
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
            pub struct $name(pub i64);

            impl std::fmt::Display for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    write!(f, concat!($letter, "{}"), self.0)
                }
            }

            impl std::str::FromStr for $name {
                type Err = String;

                fn from_str(text: &str) -> Result<Self, String> {
                    let digits = text.trim().trim_start_matches(|first: char| $letter.eq_ignore_ascii_case(&first.to_string()));
                    digits.parse().map(Self).map_err(|_| {
                        format!(concat!("{:?} is no number of ", $called, ", such as ", $letter, "12"), text)
                    })
                }
            }
        )*
    };
}

pub(crate) use numbers;
