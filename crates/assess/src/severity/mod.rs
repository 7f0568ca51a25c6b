// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How bad, how likely, how urgent: CVSS, SSVC, EPSS, and one priority that a person can follow.
