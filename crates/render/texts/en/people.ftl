# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

## People, rights and signing in.

## Signing in: one-time codes, tokens of programs.
one-time-code = One-time code
one-time-codes = One-time codes
code-note = Six digits from your app, or one of your recovery codes.
code-refused = This code is not right, or was used already.
codes-lede = A second step when you sign in: a code from an app on your phone. Whoever learns your password alone does not get in.
codes-off = You are not asked for codes.
codes-begin = Set up codes
codes-scan = Read this picture with an app for one-time codes, then enter the first code that it shows.
codes-picture = QR code with the secret. The same secret stands below as text.
codes-secret = Secret
codes-open = Open the app on this device
codes-first = First code
codes-confirm = Use codes from now on
codes-on = You are asked for a code whenever you sign in.
codes-end = Stop using codes
recovery-codes = Recovery codes
recovery-note = Keep them where you find them without your phone. Each works once. They are not shown again.
recovery-left = { $count ->
    [one] { $count } recovery code is left.
   *[other] { $count } recovery codes are left.
}
account-more = More for your account
tokens = Tokens of programs
tokens-lede = A token lets a program come in with your rights, or with less. It ends by itself.
token-make = Make a token
token-made = New token
token-once = Keep it where only the program reads it. It is not shown again.
token-name = Name
token-name-note = Letters, digits, dot, line and stroke. What the token does stands in the audit trail under this name.
token-scopes = What it may do
scope-read = Read
scope-hand-in = Hand in documents
scope-work = All that you may do with content
token-agency = Only for this agency (identifier)
token-system = Only for this system (identifier)
token-days = Days until it ends
your-tokens = Your tokens
tokens-none = You have no tokens.
token-where = Where
token-everywhere = Wherever you may
token-until = Good until
token-unused = Never
token-end = End
token-ended = The token is ended.
token-over = Ended
why-other-house = The form was sent by a page of another house. Open this house anew and try again.
