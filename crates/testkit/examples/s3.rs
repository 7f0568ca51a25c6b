// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A server that speaks S3, for trying a house in a bucket: prints what to export, and serves until it is ended.

use underpin_testkit::s3::S3;

fn main() {
    let server = S3::start();
    for (name, value) in server.environment() {
        println!("export {name}={value}");
    }
    println!("export UNDERPIN_STORE={}", server.url("house"));
    loop {
        std::thread::park();
    }
}
