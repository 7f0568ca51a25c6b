// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A server on this machine that speaks S3, over a folder that goes with it. It can be cut off and mended, and what it holds can be
//! looked at and spoilt behind its back.
//!
//! With `UNDERPIN_TEST_STORE=s3` suites keep their houses in one of them ([`in_force`]) instead of in folders.

use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::watch;

const BUCKET: &str = "evidence";
const KEY: &str = "test-key";
const SECRET: &str = "test-secret-that-is-never-shown";

/// A running server.
#[derive(Debug)]
pub struct S3 {
    address: SocketAddr,
    folder: tempfile::TempDir,
    cut: watch::Sender<bool>,
    connections: Arc<AtomicU64>,
    runtime: Option<Runtime>,
}

impl S3 {
    /// Starts one, with an empty bucket.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join(BUCKET)).expect("a bucket");
        let files = s3s_fs::FileSystem::new(folder.path()).expect("a folder of files");
        let mut service = S3ServiceBuilder::new(files);
        service.set_auth(SimpleAuth::from_single(KEY.to_owned(), SECRET.to_owned()));
        let service = service.build();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.expect("threads");
        // Whoever starts it may be a task already, so nothing is waited for here.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a port that tasks wait at");
        let address = listener.local_addr().expect("an address");
        let (cut, is_cut) = watch::channel(false);
        let connections = Arc::new(AtomicU64::new(0));
        runtime.spawn(serve(listener, service, is_cut, Arc::clone(&connections)));
        Self { address, folder, cut, connections, runtime: Some(runtime) }
    }

    /// The address of a place in the bucket.
    pub fn url(&self, prefix: &str) -> String {
        format!("s3://{BUCKET}/{prefix}")
    }

    /// What gives access, as the environment says it.
    pub fn environment(&self) -> [(&'static str, String); 4] {
        [
            ("AWS_ENDPOINT_URL", format!("http://{}", self.address)),
            ("AWS_ACCESS_KEY_ID", KEY.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRET.to_owned()),
            ("AWS_REGION", "us-east-1".to_owned()),
        ]
    }

    /// A variable of [`Self::environment`].
    pub fn variable(&self, name: &str) -> Option<String> {
        self.environment().into_iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The key that must never be shown.
    pub fn secret(&self) -> &'static str {
        SECRET
    }

    /// Breaks all connections, and takes no new ones until [`Self::mend`].
    pub fn cut(&self) {
        self.cut.send_replace(true);
    }

    /// Serves again.
    pub fn mend(&self) {
        self.cut.send_replace(false);
    }

    /// Connections that were taken or turned away so far.
    pub fn connections(&self) -> u64 {
        self.connections.load(Ordering::Relaxed)
    }

    /// The file of an object.
    pub fn file(&self, key: &str) -> PathBuf {
        self.folder.path().join(BUCKET).join(key)
    }

    /// Names of the objects below a place, sorted.
    pub fn names(&self, prefix: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.file(prefix)).into_iter().flatten().flatten();
        let files = entries.filter(|entry| entry.path().is_file());
        let mut names: Vec<String> = files.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn serve(
    listener: std::net::TcpListener,
    service: S3Service,
    is_cut: watch::Receiver<bool>,
    connections: Arc<AtomicU64>,
) {
    let listener = TcpListener::from_std(listener).expect("a port");
    while let Ok((socket, _)) = listener.accept().await {
        connections.fetch_add(1, Ordering::Relaxed);
        if *is_cut.borrow() {
            continue;
        }
        let (service, mut is_cut) = (service.clone(), is_cut.clone());
        tokio::spawn(async move {
            let server = Builder::new(TokioExecutor::new());
            let connection = server.serve_connection(TokioIo::new(socket), service);
            let cut = async { is_cut.wait_for(|is_cut| *is_cut).await.is_ok() };
            tokio::select! {
                // Whoever broke it off knows why.
                _ = connection => {}
                _ = cut => {}
            }
        });
    }
}

/// The server that a suite keeps its houses in, where `UNDERPIN_TEST_STORE` says so. One for the whole process.
///
/// # Panics
/// When the variable holds anything but `s3`.
pub fn in_force() -> Option<&'static S3> {
    static SERVER: OnceLock<Option<S3>> = OnceLock::new();
    let start = || match std::env::var("UNDERPIN_TEST_STORE").ok().as_deref() {
        None | Some("") => None,
        Some("s3") => Some(S3::start()),
        Some(other) => panic!("UNDERPIN_TEST_STORE={other}: only s3 is known"),
    };
    SERVER.get_or_init(start).as_ref()
}

/// A place in a bucket for what would lie in a folder: the same for the same folder.
pub fn prefix_of(folder: &Path) -> String {
    let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(folder);
    format!("house-{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_folder_has_a_place_of_its_own() {
        let [one, again, other] = ["/a b/data", "/a b/data", "/a/data"].map(|folder| prefix_of(Path::new(folder)));
        assert_eq!((one == again, one == other, one.len()), (true, false, 22));
    }
}
