// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The driver's client for each kind of object store.

use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::{BackoffConfig, ClientOptions, ObjectStore, RetryConfig};
use underpin_model::limits::bounds::{
    STORE_CONNECT_SECONDS, STORE_PAUSE_LONGEST_MS, STORE_PAUSE_SHORTEST_MS, STORE_REQUEST_SECONDS,
};

use super::location::{BucketLocation, Provider};
use crate::error::LakeError;

/// Tries of one request are bounded by time alone.
const TRIES: usize = 1_000;

/// Hands a builder everything that the environment says, by the builder's own names.
macro_rules! told {
    ($builder:expr, $location:expr, $key:ty) => {{
        let mut builder = $builder;
        for (name, value) in &$location.access {
            if let Ok(key) = name.to_ascii_lowercase().parse::<$key>() {
                builder = builder.with_config(key, value.as_str());
            }
        }
        builder
    }};
}

/// A client of a bucket. Nothing is asked yet.
pub(super) fn connect(location: &BucketLocation, patience: Duration) -> Result<Arc<dyn ObjectStore>, LakeError> {
    // Whoever was first has chosen the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let options = ClientOptions::new()
        .with_allow_http(location.allows_http())
        .with_connect_timeout(Duration::from_secs(STORE_CONNECT_SECONDS))
        .with_timeout(Duration::from_secs(STORE_REQUEST_SECONDS));
    let backoff = BackoffConfig {
        init_backoff: Duration::from_millis(STORE_PAUSE_SHORTEST_MS),
        max_backoff: Duration::from_millis(STORE_PAUSE_LONGEST_MS),
        base: 2.0,
    };
    let retry = RetryConfig { backoff, max_retries: TRIES, retry_timeout: patience };
    let bucket = location.bucket.as_str();
    let built: object_store::Result<Arc<dyn ObjectStore>> = match location.provider {
        Provider::S3 => {
            let builder = AmazonS3Builder::new().with_client_options(options).with_retry(retry);
            let builder = told!(builder.with_bucket_name(bucket), location, AmazonS3ConfigKey);
            builder.with_allow_http(location.allows_http()).build().map(|store| Arc::new(store) as Arc<dyn ObjectStore>)
        }
        Provider::Azure => {
            let builder = MicrosoftAzureBuilder::new().with_client_options(options).with_retry(retry);
            let builder = told!(builder.with_container_name(bucket), location, AzureConfigKey);
            builder.with_allow_http(location.allows_http()).build().map(|store| Arc::new(store) as Arc<dyn ObjectStore>)
        }
        Provider::Google => {
            let builder = GoogleCloudStorageBuilder::new().with_client_options(options).with_retry(retry);
            let builder = told!(builder.with_bucket_name(bucket), location, GoogleConfigKey);
            builder.build().map(|store| Arc::new(store) as Arc<dyn ObjectStore>)
        }
    };
    // What the builder says may quote what it was told.
    built.map_err(|_| LakeError::StoreFailed {
        place: location.to_string(),
        problem: format!(
            "what the environment says of access cannot be used; look at {} and the others",
            location.provider.variables().first().copied().unwrap_or_default()
        ),
    })
}
