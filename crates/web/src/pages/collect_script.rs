// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/collect.sh` and `/collect.ps1`: how does an agency without a tool collect what its package managers know? Public, for letters name them.

use axum::http::header;
use axum::response::IntoResponse;
use underpin_office::{CollectScript, collect_script};

use super::Answer;

/// For Linux and other Unix systems.
pub async fn shell() -> Answer {
    script(CollectScript::Shell, "collect.sh")
}

/// For Windows.
pub async fn power_shell() -> Answer {
    script(CollectScript::PowerShell, "collect.ps1")
}

fn script(kind: CollectScript, name: &str) -> Answer {
    let file = format!("attachment; filename=\"{name}\"");
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, file)];
    Ok((headers, collect_script(kind)).into_response())
}
