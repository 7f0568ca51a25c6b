// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Where evidence and segments are kept: a folder, or a bucket of an object store, with what gives access to it.
//!
//! An address never carries a key. Keys come from the environment, by names that every provider's own tools know.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

/// Who runs the object store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// Amazon S3, and everything that speaks like it.
    S3,
    /// Azure Blob Storage.
    Azure,
    /// Google Cloud Storage.
    Google,
}

impl Provider {
    const ALL: [Self; 3] = [Self::S3, Self::Azure, Self::Google];

    /// What its addresses begin with.
    pub fn scheme(self) -> &'static str {
        match self {
            Self::S3 => "s3",
            Self::Azure => "az",
            Self::Google => "gs",
        }
    }

    /// Variables of the environment that are read, and no others.
    pub fn variables(self) -> &'static [&'static str] {
        match self {
            Self::S3 => &[
                "AWS_ACCESS_KEY_ID",
                "AWS_SECRET_ACCESS_KEY",
                "AWS_SESSION_TOKEN",
                "AWS_REGION",
                "AWS_DEFAULT_REGION",
                "AWS_ENDPOINT",
                "AWS_ENDPOINT_URL",
                "AWS_ENDPOINT_URL_S3",
                "AWS_ENDPOINT_URL_STS",
                "AWS_ALLOW_HTTP",
                "AWS_VIRTUAL_HOSTED_STYLE_REQUEST",
                "AWS_CHECKSUM_ALGORITHM",
                "AWS_CONDITIONAL_PUT",
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                "AWS_ROLE_ARN",
                "AWS_ROLE_SESSION_NAME",
                "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                "AWS_METADATA_ENDPOINT",
                "AWS_SERVER_SIDE_ENCRYPTION",
                "AWS_SSE_KMS_KEY_ID",
                "AWS_SSE_BUCKET_KEY_ENABLED",
                "AWS_REQUEST_PAYER",
            ],
            Self::Azure => &[
                "AZURE_STORAGE_ACCOUNT_NAME",
                "AZURE_STORAGE_ACCOUNT_KEY",
                "AZURE_STORAGE_SAS_TOKEN",
                "AZURE_STORAGE_TOKEN",
                "AZURE_STORAGE_ENDPOINT",
                "AZURE_STORAGE_USE_EMULATOR",
                "AZURE_ALLOW_HTTP",
                "AZURE_CLIENT_ID",
                "AZURE_CLIENT_SECRET",
                "AZURE_TENANT_ID",
                "AZURE_AUTHORITY_HOST",
                "AZURE_FEDERATED_TOKEN_FILE",
                "AZURE_MSI_ENDPOINT",
                "AZURE_OBJECT_ID",
                "AZURE_MSI_RESOURCE_ID",
            ],
            Self::Google => &[
                "GOOGLE_APPLICATION_CREDENTIALS",
                "GOOGLE_SERVICE_ACCOUNT",
                "GOOGLE_SERVICE_ACCOUNT_KEY",
                "GOOGLE_BEARER_TOKEN",
                "GOOGLE_BASE_URL",
                "GOOGLE_SKIP_SIGNATURE",
                "GOOGLE_ALLOW_HTTP",
            ],
        }
    }

    /// Those among them that name where requests go.
    fn endpoints(self) -> &'static [&'static str] {
        match self {
            Self::S3 => &["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"],
            Self::Azure => &["AZURE_STORAGE_ENDPOINT"],
            Self::Google => &["GOOGLE_BASE_URL"],
        }
    }

    /// The one that allows requests without encryption.
    pub fn allowing_http(self) -> &'static str {
        match self {
            Self::S3 => "AWS_ALLOW_HTTP",
            Self::Azure => "AZURE_ALLOW_HTTP",
            Self::Google => "GOOGLE_ALLOW_HTTP",
        }
    }
}

/// Why an address of a store is none. It never holds the address itself, for a key may stand in it by mistake.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidStore {
    /// Another scheme than those that are known.
    #[error("a store at {0}:// cannot be used")]
    Scheme(String),
    /// Something that may be a key stands in the address.
    #[error("the address of the store holds more than a bucket and a path")]
    Secrets,
    /// No bucket or path that every provider takes.
    #[error("the address of the store names no bucket or no plain path: {0}")]
    Name(&'static str),
    /// Requests would go over the network without encryption.
    #[error("{0} names an address without encryption that is not on this machine")]
    Plain(&'static str),
}

/// Where evidence and segments are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreLocation {
    /// A local or mounted folder.
    Folder(PathBuf),
    /// A bucket of an object store.
    Bucket(BucketLocation),
}

/// A bucket, the path in it, and what gives access.
#[derive(Clone, PartialEq, Eq)]
pub struct BucketLocation {
    pub(super) provider: Provider,
    pub(super) bucket: String,
    /// Parts of the path, `/` between them; empty for the whole bucket.
    pub(super) prefix: String,
    /// Values of the environment, by name. They hold secrets.
    pub(super) access: BTreeMap<&'static str, String>,
}

/// Without what gives access.
impl fmt::Debug for BucketLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BucketLocation").field(&self.to_string()).finish()
    }
}

impl fmt::Display for BucketLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.provider.scheme(), self.bucket)?;
        if self.prefix.is_empty() { Ok(()) } else { write!(f, "/{}", self.prefix) }
    }
}

impl fmt::Display for StoreLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "{}", folder.display()),
            Self::Bucket(bucket) => fmt::Display::fmt(bucket, f),
        }
    }
}

impl StoreLocation {
    /// Reads an address, or the path of a folder. `environment` gives the value of a variable.
    ///
    /// # Errors
    /// When it is no address of a store, or one that must not be used.
    pub fn parse(text: &str, environment: &dyn Fn(&str) -> Option<String>) -> Result<Self, InvalidStore> {
        let Some((scheme, rest)) = text.split_once("://") else { return Ok(Self::Folder(PathBuf::from(text))) };
        if scheme == "file" {
            return Ok(Self::Folder(PathBuf::from(rest)));
        }
        let known = Provider::ALL.into_iter().find(|provider| provider.scheme() == scheme);
        let provider = known.ok_or_else(|| InvalidStore::Scheme(plain_part(scheme)))?;
        if rest.contains(['@', '?', '#', '%', ':']) {
            return Err(InvalidStore::Secrets);
        }
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if !is_plain(bucket) {
            return Err(InvalidStore::Name("a bucket has letters, digits, points, hyphens and underscores"));
        }
        if !prefix.is_empty() && !prefix.split('/').all(is_plain) {
            return Err(InvalidStore::Name("a path has letters, digits, points, hyphens and underscores between `/`"));
        }
        let access = provider
            .variables()
            .iter()
            .filter_map(|name| Some((*name, environment(name).filter(|value| !value.is_empty())?)));
        let (bucket, prefix) = (bucket.to_owned(), prefix.to_owned());
        let location = BucketLocation { provider, bucket, prefix, access: access.collect() };
        location.check_encryption()?;
        Ok(Self::Bucket(location))
    }
}

impl BucketLocation {
    /// Whether requests may go without encryption: to this machine, or where somebody said so.
    pub(super) fn allows_http(&self) -> bool {
        self.is_said() || self.endpoint().is_some_and(|(_, endpoint)| is_on_this_machine(endpoint))
    }

    fn is_said(&self) -> bool {
        self.access.get(self.provider.allowing_http()).is_some_and(|said| said.eq_ignore_ascii_case("true"))
    }

    fn endpoint(&self) -> Option<(&'static str, &str)> {
        self.provider.endpoints().iter().find_map(|name| Some((*name, self.access.get(name)?.as_str())))
    }

    fn check_encryption(&self) -> Result<(), InvalidStore> {
        match self.endpoint() {
            Some((name, endpoint)) if endpoint.starts_with("http://") && !self.allows_http() => {
                Err(InvalidStore::Plain(name))
            }
            _ => Ok(()),
        }
    }
}

/// Whether a URL without encryption names this machine.
fn is_on_this_machine(endpoint: &str) -> bool {
    let rest = endpoint.strip_prefix("http://").unwrap_or_default();
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return false;
    }
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn is_plain(part: &str) -> bool {
    let is_fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    !part.is_empty() && !part.starts_with('.') && part.chars().all(is_fine)
}

/// A scheme as far as it can be shown.
fn plain_part(scheme: &str) -> String {
    scheme.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')).take(16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, environment: &[(&str, &str)]) -> Result<StoreLocation, InvalidStore> {
        let value =
            |wanted: &str| environment.iter().find(|(name, _)| *name == wanted).map(|(_, value)| (*value).to_owned());
        StoreLocation::parse(text, &value)
    }

    #[test]
    fn addresses_are_read_or_refused() {
        for (text, expected) in [
            ("/var/lib/underpin", Ok("/var/lib/underpin")),
            ("data", Ok("data")),
            ("file:///var/lib/underpin", Ok("/var/lib/underpin")),
            ("s3://bucket", Ok("s3://bucket")),
            ("s3://bucket/", Ok("s3://bucket")),
            ("s3://bucket/house/one", Ok("s3://bucket/house/one")),
            ("az://container/house", Ok("az://container/house")),
            ("gs://a.bucket_1/house", Ok("gs://a.bucket_1/house")),
            ("ftp://host/x", Err("a store at ftp:// cannot be used")),
            ("https://key:secret@host/x", Err("a store at https:// cannot be used")),
            ("s3://key:secret@bucket", Err("the address of the store holds more than a bucket and a path")),
            ("s3://bucket?token=hunter2", Err("the address of the store holds more than a bucket and a path")),
        ] {
            let found = parse(text, &[]).map(|location| location.to_string()).map_err(|error| error.to_string());
            assert_eq!(found.as_deref().map_err(String::as_str), expected, "{text}");
        }
        for text in ["s3://", "s3:///x", "s3://bucket//x", "s3://bucket/../x", "s3://bucket/.hidden", "s3://a b/x"] {
            assert!(matches!(parse(text, &[]), Err(InvalidStore::Name(_))), "{text}");
        }
    }

    #[test]
    fn nothing_goes_unencrypted_beyond_this_machine_unless_somebody_said_so() {
        for (endpoint, allowed) in [
            ("http://127.0.0.1:9000", true),
            ("http://localhost:9000/x", true),
            ("http://[::1]:9000", true),
            ("https://store.example", true),
            ("http://store.example", false),
            ("http://127.0.0.1.evil.example", false),
            ("http://localhost@evil.example", false),
            ("http://localhost:80@evil.example", false),
        ] {
            let found = parse("s3://bucket", &[("AWS_ENDPOINT_URL", endpoint)]);
            assert_eq!(found.is_ok(), allowed, "{endpoint}");
            let said = [("AWS_ENDPOINT_URL", endpoint), ("AWS_ALLOW_HTTP", "true")];
            assert!(parse("s3://bucket", &said).is_ok(), "{endpoint}");
        }
    }

    #[test]
    fn the_manual_names_every_variable() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../book/src/reference/settings.md");
        let page = std::fs::read_to_string(page).expect("the page");
        for variable in Provider::ALL.into_iter().flat_map(Provider::variables) {
            assert!(page.contains(&format!("`{variable}`")), "{variable}");
        }
    }

    #[test]
    fn what_gives_access_is_never_shown() {
        let keys = [("AWS_ACCESS_KEY_ID", "key-1"), ("AWS_SECRET_ACCESS_KEY", "hunter2"), ("AWS_UNKNOWN", "hunter2")];
        let location = parse("s3://bucket/x", &keys).expect("reads");
        assert!(!format!("{location:?} {location}").contains("hunter2"));
        let StoreLocation::Bucket(bucket) = location else { panic!("a bucket") };
        assert_eq!(bucket.access.keys().copied().collect::<Vec<_>>(), ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]);
    }
}
