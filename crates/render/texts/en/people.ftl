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

## People and rights.
people = People and rights
people-lede = Who has an account, and what may they do? Rights are given by somebody else: nobody changes the own ones.
people-invite = Invite somebody
people-invited = The link for the invited person
people-link-once = Pass it on by a way that only this person reads. It makes one account, works for three days, and is not shown again.
people-role = Role
people-no-role = No role
people-reach = For
people-reach-government = The whole government
people-reach-agency = An agency and what is below it
people-reach-system = One system
people-place = Identifier of the agency or system
people-compartments = Compartments
people-compartments-note = Only for people who need to know what is kept in them. Names with semicolons between.
people-since = Since
people-has-account = Has an account
people-change = Change rights
people-end = End the account
people-end-note = The account ends with its sessions and tokens. Its login name is not given to anybody else.
people-reason = Reason
people-rights-set = The rights are changed. They hold from now on.
people-ended = The account is ended.
people-own-account = Nobody changes the own rights or ends the own account. Somebody else who gives rights has to do it.
people-reason-missing = Say why.
people-rights-wrong = Choose at least one role. Names of compartments have lower-case letters, digits and hyphens.
people-beyond = A place of these rights is not there, or not yours to give.
role-of-system = { $role }, for the system { $system }
