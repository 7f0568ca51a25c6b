// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0
// Comfort only: every page works without it.
document.addEventListener("keydown", (event) => {
  const field = document.querySelector("#quick-search");
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && field && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    field.focus();
    field.select();
  }
});
