# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

## Coming in by a provider of sign-in, and a second factor that is required.
elsewhere-sign-in = Sign in with { $provider }
elsewhere-or-here = Or with an account of this office
elsewhere-connect = Connect with { $provider }
elsewhere-connect-note = Use the account that you have already. Then you need no password here.
elsewhere-or-here-new = Or make an account of this office
elsewhere-still-signed-in = You are signed out here. If you came in with a sign-in service, it may still know you: on a shared computer, sign out there, too.
elsewhere-expired = This sign-in was not begun in this browser, has ended or took too long. Begin it again.
elsewhere-declined = The sign-in service did not let you in, or you said no there.
elsewhere-unproved = What the sign-in service says about you could not be proved. Begin again; if it happens again, tell the people who run this office.
elsewhere-unreachable = The sign-in service cannot be reached. Try again later, or use an account of this office.
elsewhere-unknown = Nobody here is known by that account. You need an invitation: ask who gives accounts in your agency.
elsewhere-ended = The account that you had here has ended.
elsewhere-no-rights = Your groups there give you no rights here.
elsewhere-login = The name that the sign-in service gives you is taken here, or cannot be used. Ask the people who run this office.
account-elsewhere = Sign-in services
account-connected = Your account is connected. You can now come in with the sign-in service, too.
account-is-connected = Connected with { $provider }.
account-connect-note = You come in with this service afterwards, and keep what you may do here. Enter your password once more, so that nobody else can do this with your browser.
account-connect-way = Your password is right. Go on to the sign-in service now; you come back here.
account-connect-go = Go on to { $provider }
elsewhere-taken = That account of the sign-in service belongs to another account here already.
why-too-often = These are more requests than this house takes in a minute. Wait a minute, then try again.
codes-required = This office requires a second step for everybody. Set it up now; then everything is open to you.
codes-no-password = Your account has no password. So this works within ten minutes after you signed in.
codes-sign-in-anew = You signed in too long ago for this. Sign out, sign in anew, and try again.

## Invitations that wait.
people-waiting = Invitations that wait
people-until = Good until
people-take-back = Take back
people-taken-back = The invitation is taken back. Its link opens nothing any more.

## The log of what was read that matters.
reads = Log of reads
reads-title = Who has seen this?
reads-lede = Noted is what shows much at once or what few may see: files, questions in SQL, documents, the trail, programs, and what carries a mark. Pages about one system are not noted.
reads-never = This log is never used to judge people: it cannot be asked by person, and nothing is counted per person.
reads-kept = { $count ->
    [one] Notes are kept for { $count } day. That they were thrown away stands in the trail.
   *[other] Notes are kept for { $count } days. That they were thrown away stands in the trail.
}
reads-none = Nothing that you may audit was noted here.
reads-how = How
reads-rows = Rows
read-export = file
read-sql = question in SQL
read-ranking = ranking of projects
read-contact = conversations with projects
read-trail = trail
read-reads = log of reads
read-document = document
read-program = program
read-advisory = advisory with a mark
read-incident = incident with a mark

## What files say about themselves.
collection-note = Extract of a collection. The collection as a whole may be classified above its parts.

## Totals of what lies out of sight.
safe-elsewhere = Elsewhere in the government, systems:
safe-known = known:
safe-hit = Hit elsewhere in the government, systems:
safe-about = { $count ->
    [0] fewer than 10
   *[other] about { $count }
}
safe-withheld = withheld
safe-nothing = none
safe-rule = Rounded to tens, and withheld below ten systems, so that no single one can be told
