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
codes-required = This office requires a second step for everybody. Set it up now; then everything is open to you.
codes-no-password = Your account has no password. So this works within ten minutes after you signed in.
codes-sign-in-anew = You signed in too long ago for this. Sign out, sign in anew, and try again.
