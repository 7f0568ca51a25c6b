// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Styles, fonts and scripts, inside the program. Their address carries a hash of their content, so that browsers may keep them for ever.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest as _, Sha256};

struct Asset {
    name: &'static str,
    kind: &'static str,
    bytes: Vec<u8>,
    tag: String,
}

macro_rules! assets {
    ($($name:literal = $path:literal as $kind:literal,)*) => {
        /// Every asset, by name. What a style names (`asset(NAME)`) stands before it.
        const FILES: &[(&str, &str, &[u8])] = &[$(($name, $kind, include_bytes!(concat!("../assets/", $path))),)*];
    };
}

assets! {
    "inter.woff2" = "vendor/inter-latin-5.3.0.woff2" as "font/woff2",
    "mark.svg" = "mark.svg" as "image/svg+xml",
    "components.css" = "vendor/designsystemet-1.22.0.css" as "text/css; charset=utf-8",
    "theme.css" = "vendor/designsystemet-theme-1.22.0.css" as "text/css; charset=utf-8",
    "house.css" = "house.css" as "text/css; charset=utf-8",
    "house.js" = "house.js" as "text/javascript; charset=utf-8",
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let mut ready: Vec<Asset> = Vec::with_capacity(FILES.len());
    for (name, kind, bytes) in FILES {
        let bytes = if kind.starts_with("text/css") { named(bytes, &ready) } else { bytes.to_vec() };
        let digest: [u8; 32] = Sha256::digest(&bytes).into();
        let tag = digest[..6].iter().map(|byte| format!("{byte:02x}")).collect();
        ready.push(Asset { name, kind, bytes, tag });
    }
    ready
});

/// A style with the addresses of what it names.
fn named(style: &[u8], ready: &[Asset]) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(style) else { return style.to_vec() };
    let put = |text: String, asset: &Asset| {
        text.replace(&format!("asset({})", asset.name), &format!("url({})", address(asset)))
    };
    ready.iter().fold(text.to_owned(), put).into_bytes()
}

fn address(asset: &Asset) -> String {
    format!("/assets/{}/{}", asset.tag, asset.name)
}

/// Where an asset is found.
pub fn href(name: &str) -> String {
    ASSETS.iter().find(|asset| asset.name == name).map(address).unwrap_or_default()
}

/// Gives an asset.
pub async fn serve(Path((tag, name)): Path<(String, String)>) -> Response {
    match ASSETS.iter().find(|asset| asset.name == name && asset.tag == tag) {
        Some(asset) => (
            [(header::CONTENT_TYPE, asset.kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")],
            asset.bytes.as_slice(),
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_name_only_what_is_there() {
        for asset in ASSETS.iter() {
            assert_eq!(href(asset.name), address(asset));
            if asset.kind.starts_with("text/css") {
                let text = std::str::from_utf8(&asset.bytes).expect("a style is text");
                assert!(!text.contains("asset("), "{} names something that is not there", asset.name);
                assert!(!text.contains("http://") || text.contains("www.w3.org"), "{} asks somebody else", asset.name);
                assert!(!text.contains("@import"), "{} is not whole", asset.name);
            }
        }
        assert_eq!(href("nothing.css"), "");
    }
}
