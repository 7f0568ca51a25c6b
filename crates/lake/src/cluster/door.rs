// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Who belongs to a cluster: whoever knows its secret, and, where connections are encrypted, shows a certificate of its authority.
//!
//! Ballista lets us shape connections, but not the requests that go over them. So the key that follows from the secret stands in the
//! name by which a program introduces itself on every request.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use ballista_core::extension::{BallistaConfigGrpcEndpoint, EndpointOverrideFn};
use ballista_core::utils::{GrpcClientConfig, create_grpc_client_endpoint};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use tonic::metadata::AsciiMetadataValue;
use tonic::service::Interceptor;
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint, Identity, Server, ServerTlsConfig};
use tonic::{Request, Status};

use crate::engine::{ClusterKeys, ClusterTls};
use crate::error::LakeError;

/// What the key is made for; another version of it lets nobody in who knows only this one.
const PURPOSE: &[u8] = b"underpin cluster 1";
/// Where a program introduces itself.
const INTRODUCTION: &str = "user-agent";
/// How long a connection may take to come about.
const CONNECT_SECONDS: u64 = 5;
/// How long an answer may take to begin.
const ANSWER_SECONDS: u64 = 60;
/// Between two questions whether the other side is still there, and how long it may take to say so: a machine that vanished is noticed
/// within twice that.
const ALIVE_SECONDS: u64 = 10;

type Shaped = Result<Endpoint, Box<dyn Error + Send + Sync>>;

/// The way in, for both sides.
#[derive(Clone)]
pub(super) struct Door {
    keys: Arc<ClusterKeys>,
    introduction: AsciiMetadataValue,
}

impl Door {
    /// # Errors
    /// When nothing can be made of the secret.
    pub fn new(keys: &ClusterKeys) -> Result<Self, LakeError> {
        let wrong = || LakeError::engine("engine-secret", "no key can be made of the secret of the cluster");
        let mut key = Hmac::<Sha256>::new_from_slice(keys.secret.bytes()).map_err(|_| wrong())?;
        key.update(PURPOSE);
        let digits: String = key.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let introduction = digits.parse::<AsciiMetadataValue>().map_err(|_| wrong())?;
        Ok(Self { keys: Arc::new(keys.clone()), introduction })
    }

    /// Whether somebody introduces themselves with the key; how long that takes tells nothing of it.
    fn knows(&self, introduction: Option<&AsciiMetadataValue>) -> bool {
        let said = introduction.map_or(&[][..], |said| said.as_encoded_bytes());
        let said = said.split(|byte| *byte == b' ').next().unwrap_or_default();
        let key = self.introduction.as_encoded_bytes();
        let differing = key.iter().zip(said).fold(0, |differing, (one, other)| differing | (one ^ other));
        said.len() == key.len() && std::hint::black_box(differing) == 0
    }

    /// A connection on which this process introduces itself, encrypted where the cluster has certificates.
    pub fn shape(&self, endpoint: Endpoint) -> Shaped {
        let endpoint = match &self.keys.tls {
            None => endpoint,
            Some(tls) => {
                let place = endpoint.uri().authority().map(ToString::to_string).unwrap_or_default();
                let config =
                    GrpcClientConfig { connect_timeout_seconds: CONNECT_SECONDS, ..GrpcClientConfig::default() };
                create_grpc_client_endpoint(format!("https://{place}"), Some(&config))?.tls_config(client_tls(tls))?
            }
        };
        let endpoint = endpoint
            .connect_timeout(Duration::from_secs(CONNECT_SECONDS))
            .timeout(Duration::from_secs(ANSWER_SECONDS))
            .http2_keep_alive_interval(Duration::from_secs(ALIVE_SECONDS))
            .keep_alive_timeout(Duration::from_secs(ALIVE_SECONDS))
            .keep_alive_while_idle(true)
            .tcp_nodelay(true);
        Ok(endpoint.user_agent(self.introduction.to_str()?)?)
    }

    /// The same for places that shape connections themselves.
    pub fn shaping(&self) -> EndpointOverrideFn {
        let door = self.clone();
        Arc::new(move |endpoint| door.shape(endpoint))
    }

    /// The same for what fetches results.
    pub fn fetching(&self) -> Arc<BallistaConfigGrpcEndpoint> {
        Arc::new(BallistaConfigGrpcEndpoint::new(self.shaping()))
    }

    /// A connection to a machine of the cluster.
    ///
    /// # Errors
    /// When the address or a certificate is none.
    pub fn endpoint(&self, host: &str, port: u16) -> Result<Endpoint, LakeError> {
        let wrong = |error: String| LakeError::engine("engine-address", format!("{host}:{port}: {error}"));
        let endpoint = create_grpc_client_endpoint(format!("http://{host}:{port}"), Some(&GrpcClientConfig::default()))
            .map_err(|error| wrong(error.to_string()))?;
        self.shape(endpoint).map_err(|error| wrong(error.to_string()))
    }

    /// A server that takes only certificates of the cluster, where it has some.
    ///
    /// # Errors
    /// When a certificate is none.
    pub fn server(&self, server: Server) -> Result<Server, LakeError> {
        let Some(tls) = &self.keys.tls else { return Ok(server) };
        let config = ServerTlsConfig::new()
            .identity(Identity::from_pem(&tls.certificate, &tls.key))
            .client_ca_root(Certificate::from_pem(&tls.authority));
        server.tls_config(config).map_err(|error| LakeError::engine("engine-certificate", error.to_string()))
    }
}

fn client_tls(tls: &ClusterTls) -> ClientTlsConfig {
    ClientTlsConfig::new()
        .identity(Identity::from_pem(&tls.certificate, &tls.key))
        .ca_certificate(Certificate::from_pem(&tls.authority))
}

impl Interceptor for Door {
    fn call(&mut self, request: Request<()>) -> Result<Request<()>, Status> {
        if self.knows(request.metadata().get(INTRODUCTION)) {
            Ok(request)
        } else {
            Err(Status::unauthenticated("whoever asks does not know the secret of the cluster"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::ClusterSecret;

    fn door(secret: &str) -> Door {
        Door::new(&ClusterKeys { secret: ClusterSecret::new(secret).unwrap(), tls: None }).unwrap()
    }

    #[test]
    fn only_who_knows_the_secret_comes_in() {
        let mut own = door("one secret of a cluster, long enough");
        let key = own.introduction.to_str().unwrap().to_owned();
        let foreign = door("another secret of a cluster, long enough").introduction.to_str().unwrap().to_owned();
        for (said, comes_in) in [
            (Some(key.clone()), true),
            (Some(format!("{key} tonic/0.14")), true),
            (Some(foreign), false),
            (Some(key[..key.len() - 1].to_owned()), false),
            (Some(format!("{key}0")), false),
            (Some(format!(" {key}")), false),
            (Some("tonic/0.14".to_owned()), false),
            (Some(String::new()), false),
            (None, false),
        ] {
            let mut request = Request::new(());
            if let Some(said) = &said {
                request.metadata_mut().insert(INTRODUCTION, said.parse().unwrap());
            }
            assert_eq!(own.call(request).is_ok(), comes_in, "{said:?}");
        }
    }
}
