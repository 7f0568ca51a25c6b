// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What can go wrong on the way, each with a stable code. No message holds a credential.

macro_rules! codes {
    ($($variant:ident $code:literal $meaning:literal;)*) => {
        /// Why something was not delivered. Codes are stable: scripts may rely on them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $(#[doc = $meaning] $variant,)* }

        impl Code {
            /// Every code, in the order of the list.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The stable kebab-case code.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// What it means and what is done about it.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }
        }
    };
}

codes! {
    UnreadableFile "unreadable-file" "A file or folder cannot be read or written.";
    UnknownFile "unknown-file" "No known source writes such a file. It was left out.";
    LinkRefused "link-refused" "A link in the folder. It was left out; what it points to is read where it lies.";
    WrongHash "wrong-hash" "A document does not have the digest that its publisher states beside it. It was left out.";
    BadAddress "bad-address" "The text is no address that can be called.";
    AddressRefused "address-refused" "The address leads inside, or is not called over https. Only the configuration can allow that, host by host.";
    UnknownHost "unknown-host" "The name of the host cannot be resolved.";
    Unreachable "unreachable" "No connection could be made to the host.";
    TimedOut "timed-out" "The host took too long.";
    BrokenTransfer "broken-transfer" "The transfer ended before its end, each time it was tried.";
    HttpStatus "http-status" "The host answered with an error.";
    NotFound "not-found" "The host has no such file.";
    CompressionBomb "compression-bomb" "Unpacking would give far more than a real file does. It was stopped.";
    TooManyRedirects "too-many-redirects" "The host leads on and on to other addresses.";
    BadAnswer "bad-answer" "The host answered with something that does not fit the question.";
    BadCredential "bad-credential" "A credential is not where the configuration says, or cannot be used.";
    NoTrust "no-trust" "The certificates that hosts are checked with cannot be used.";
    MissingHash "missing-hash" "A document of a trusted CSAF provider has no digest beside it. It was left out.";
    WrongSignature "wrong-signature" "A signature does not fit what it is said to sign. It was left out.";
    MissingSignature "missing-signature" "A document of a trusted CSAF provider has no signature beside it. It was left out.";
    UncheckedSignature "unchecked-signature" "Signatures lie beside documents of a folder, but no key that their provider states. The documents were taken all the same.";
    UnknownKey "unknown-key" "A signature is made with a key that is not known, or a key is not the one that was stated.";
    TlpRestricted "tlp-restricted" "A document may not be shown to everybody, and there is no credential for its host. It was left out.";
    BadKey "bad-key" "A key cannot be read, or others may read it.";
    NoBundle "no-bundle" "The file is no bundle, or of a version that is not known.";
    TruncatedBundle "truncated-bundle" "The bundle ends before its end. Nothing of it was applied.";
    ReplayedBundle "replayed-bundle" "The bundle is not newer than the one that was applied last. Nothing of it was applied.";
    UnsafePath "unsafe-path" "The bundle names an entry by a path that leads elsewhere. Nothing of it was applied.";
    TooLarge "too-large" "More bytes than the limit allows. It was left out.";
}

/// A failure that ends the delivery of one feed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {detail} [{}]", code.as_str())]
pub struct FeedError {
    /// What.
    pub code: Code,
    /// The address or path, without user, password and query.
    pub place: String,
    /// What was seen, in words.
    pub detail: String,
}

impl FeedError {
    /// A failure at a place.
    pub fn new(code: Code, place: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { code, place: place.into(), detail: detail.into() }
    }

    /// A file that cannot be read or written.
    pub(crate) fn file(path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::new(Code::UnreadableFile, path.display().to_string(), error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_kebab_case_and_explained() {
        let mut seen = std::collections::BTreeSet::new();
        for code in Code::ALL {
            let text = code.as_str();
            assert!(seen.insert(text), "{text} twice");
            assert!(text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{text}");
            assert!(code.meaning().ends_with('.'), "{text}");
        }
    }
}
