-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0

-- api: what was asked before, and answered

-- sign-in: people known to other houses

-- rounds: collection of evidence, links that answer without an account

-- other

