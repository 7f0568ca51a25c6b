# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

### English. Short words, whole sentences. One word for one thing.

house-name = Open Source Programme Office
house-line = Underpin: open source care for governments
main-menu = Main menu
skip-to-content = Skip to the content
you-are-here = You are here
sign-in = Sign in
sign-out = Sign out
as-of = As of
to-the-overview = To the overview
accessibility = Accessibility

nav-overview = Overview
nav-inventory = Inventory
nav-findings = Findings
nav-government = Government
nav-coverage = Coverage
nav-help = Help

## Words for things
agency = Agency
agencies = Agencies
system = System
systems = Systems
package = Package
vulnerability = Vulnerability
findings = Findings
uses = Uses
severity = Severity
priority = Priority
state = State
share = Share
exploited = Exploited
any = Any
show = Show
show-all = Show all
search = Search
filter = Filter
pages = Pages
page-before = Page before
page-after = Next page
did-you-mean = Did you mean:
count-systems = { $count ->
    [one] { $count } system
   *[other] { $count } systems
}

level-act-now = Act now
level-soon = Soon
level-planned = Planned
level-watch = Watch
level-critical = Critical
level-high = High
level-medium = Medium
level-low = Low
level-none = None
level-unknown = Unknown
status-open = Open
status-fixed = Fixed
status-not-affected = Not affected
status-under-investigation = Being looked into
status-unknown = Unknown

## Signing in
login-name = Login name
password = Password
password-note = At least 12 characters. A sentence is easy to remember.
sign-in-refused = Login name or password is not right.
sign-in-too-often = Too many attempts. Wait some minutes, then try again.
welcome = Welcome
welcome-lede = This link works once. Choose a login name and a password; with them you sign in from now on.
your-name = Your name
begin = Make the account

## Account
your-account = Your account
change-password = Change the password
password-of-now = Password of now
new-password = New password
password-wrong = The password of now is not right.
password-changed = The password is changed. All other sessions are ended.
other-sessions-ended = All other sessions are ended.
what-you-may-do = What you may do
roles-none = You have no roles, and see nothing.
clearance = Clearance
role-everywhere = { $role }, for the whole government
role-of-agency = { $role }, for { $agency } and what is below it
role-reader = Reads
role-contributor = Reads and hands in documents
role-owner = Cares for own systems: findings and tasks
role-analyst = Analyst of the office: reads and decides
role-officer = Analyst who also decides about plans and money
role-auditor = Auditor: reads everything, the trail too, and changes nothing
role-administrator = Administrator: gives people accounts and roles, and sees no content by that
your-sessions = Where you are signed in
session-began = Since
session-used = Last used
session-this = This one
session-other = Another one
end-other-sessions = End all others

## Errors
error-400 = This question cannot be understood
error-401 = Please sign in
error-403 = You may not do this
error-404 = Nothing is here that you may see
error-405 = This page does not take that
error-413 = This is too much at once
error-415 = This form cannot be read
error-422 = This form cannot be read
error-429 = Too many requests. Wait some minutes.
error-500 = Something went wrong on our side
error-503 = The house does not answer at the moment
why-ledger-away = The ledger of the house does not answer at the moment. Nothing that was acknowledged is lost; come again in a few seconds.
why-ledger-conflict = Two changes got into each other's way, and this one changed nothing. Send it again.
why-ledger-busy = So many changes wait that yours was not taken. It changed nothing; come again in a few seconds.
error-request = Number of the request:
error-code = Code for the people who run this house:

## Overview
overview-nothing = Nothing needs action now
overview-urgent = { $count ->
    [one] One finding needs
   *[other] { $count } findings need
} action now, in { $systems ->
    [one] one system
   *[other] { $systems } systems
}
overview-by-agency = Findings that need action now, by agency
overview-first = What comes first
all-findings = All findings
what-is-known = What is known of our systems
coverage-known = Known
coverage-blind = Their documents cannot show it
coverage-stale = Known, but old
coverage-unknown = Nothing is known
coverage-part-known = Known for { $count } of { $total } systems.
coverage-part-blind = { $count } have documents that cannot show this,
coverage-part-stale = { $count } have old ones,
coverage-part-unknown = of { $count } nothing is known.
coverage-towards = Asked about { $what }

## Findings
findings-none = No finding fits these words
findings-headline = { $count ->
    [one] One finding
   *[other] { $count } findings
} in { $systems ->
    [one] one system
   *[other] { $systems } systems
}, from { $vulnerabilities ->
    [one] one vulnerability
   *[other] { $vulnerabilities } vulnerabilities
}
vulnerability-words = Words of the vulnerability
priority-at-least = Priority from
severity-at-least = Severity from
exploited-only = Only exploited ones

## Inventory
find-ask = What do you look for?
find-what = Package, file or vulnerability
find-note = A name, a purl, a CPE, a checksum, a licence, or a CVE number.
find-versions = Versions
find-headline = { $what } is used in { $systems ->
    [one] one system
   *[other] { $systems } systems
} of { $agencies ->
    [one] one agency
   *[other] { $agencies } agencies
}
find-none = No system is known to use { $what }
find-undecided = It cannot be told whether a system uses { $what } in these versions
find-by-agency = Systems that use it, by agency

## Accessibility statement
accessibility-aim = These pages are built to follow WCAG 2.2 at level AA, and with it the European standard EN 301 549.
accessibility-how = Every page works with the keyboard alone, without scripts, in light and dark colours, at 320 pixels and when it is printed.
accessibility-state = Found a barrier? Tell the people who run this house; they are named where you got your account.

documents = Documents
packages = Packages
version = Version
licences = Licences
contact = Contact
facts = Facts
age-days = Age in days
exposure = Who can reach it
classification = Classification
direct-dependencies = Direct dependencies
urgent-findings = Findings that need action now
affected-systems = Affected systems
undecided-systems = Systems where it cannot be told
decided-systems = Systems closed by a decision
shown-only-first = Only the first ones are shown.
known-known = Known
known-blind = Cannot be shown
known-stale = Old
known-unknown = Unknown
exposure-isolated = Nobody from outside
exposure-internal = Own people only
exposure-partners = Partners
exposure-internet = The internet
exposure-unknown = Unknown
classification-public = Public
classification-internal = Internal
classification-restricted = Restricted
classification-confidential = Confidential
classification-secret = Secret
all-findings-count = { $count ->
    [one] The one finding
   *[other] All { $count } findings
}

## Government
agencies-headline = { $agencies ->
    [one] One agency runs
   *[other] { $agencies } agencies run
} { $systems ->
    [one] one system
   *[other] { $systems } systems
}; of { $known } we know what is in them
agency-headline = { $name } runs { $systems ->
    [one] one system
   *[other] { $systems } systems
}; of { $known } we know what is in them
system-unknown = Nothing is known of what { $name } is made of
system-calm = { $name } has no open finding
system-open = { $name } has { $open ->
    [one] one open finding
   *[other] { $open } open findings
}, none needs action now
system-urgent = { $name } has { $urgent ->
    [one] one finding that needs
   *[other] { $urgent } findings that need
} action now
findings-none-here = No open finding is known for this system.

## Vulnerability
hit-none = No system is known to be affected by { $name }
hit-undecided = { $undecided ->
    [one] Of one system
   *[other] Of { $undecided } systems
} it cannot be told whether { $name } affects { $undecided ->
    [one] it
   *[other] them
}
hit-headline = { $name } affects { $systems ->
    [one] one system
   *[other] { $systems } systems
} of { $agencies ->
    [one] one agency
   *[other] { $agencies } agencies
}
hit-by-agency = Affected systems, by agency
hit-nobody = No system is known to be affected.

## How old the knowledge is
knowledge-nothing = No advisories are here: nothing was looked for.
knowledge-today = Advisories of { $feeds ->
    [one] one feed, looked at today.
   *[other] { $feeds } feeds, all looked at today.
}
knowledge-days = Advisories of { $feeds ->
    [one] one feed, looked at
   *[other] { $feeds } feeds, the oldest looked at
} { $days ->
    [one] one day ago.
   *[other] { $days } days ago.
}
knowledge-own = { $count ->
    [one] One advisory
   *[other] { $count } advisories
} of the office itself.
knowledge-stale = Older than they should be: { $names }.
knowledge-never = Never fetched: { $names }.
knowledge-failed = Fetching failed: { $names }.

## The same for programs, and another day
format-csv = These rows as CSV
format-json = The same as JSON
format-sarif = The findings as SARIF
format-junit = The findings as JUnit
as-of-day = As of the end of a day
as-of-past = This is an answer about the past.
to-the-present = To the present

## Coverage
coverage-headline-empty = No system is written down yet
coverage-headline-none = Of no system we know what is in it
coverage-headline-all = Of { $systems ->
    [one] the only system we know what is in it
   *[other] all { $systems } systems we know what is in them
}
coverage-headline = Of { $known } of { $systems } systems we know what is in them{ $stale ->
    [0] {""}
    [one] ; of one what we know is old
   *[other] ; of { $stale } what we know is old
}{ $open ->
    [0] {""}
    [one] ; of one we do not
   *[other] ; of { $open } we do not
}
coverage-by-agency = By agency, with everything below it
coverage-gaps = Systems to ask for
coverage-unbound = Documents about no system yet
coverage-quarantined = Documents that could not be read
coverage-retracted = Documents taken back
coverage-purged = Documents removed
coverage-declared = Systems declared as a number only
coverage-stale-days = Evidence counts as old after { $count ->
    [one] one day
   *[other] { $count } days
}.
coverage-meaning = What these words mean

## Package
package-none = No system is known to use { $name }
package-headline = { $name }: { $versions ->
    [one] one version
   *[other] { $versions } versions
} in { $systems ->
    [one] one system
   *[other] { $systems } systems
}
package-urgent = { $name }: { $versions ->
    [one] one version
   *[other] { $versions } versions
} in { $systems ->
    [one] one system
   *[other] { $systems } systems
}, { $urgent ->
    [one] one finding needs
   *[other] { $urgent } findings need
} action now
package-versions = Versions in use
package-calm = No open finding is known for the versions in use.
package-where = Where it is used
version-unknown = Version unknown
how-used = How
direct = Direct
indirect = Through others
direct-unknown = Unknown
undecided-uses = It cannot be told of these whether they use it

## Documents
documents-none = No document fits
documents-whole = { $count ->
    [one] One document, without gaps
   *[other] { $count } documents, without gaps
}
documents-headline = { $count ->
    [one] One document, with gaps
   *[other] { $count } documents, { $gaps ->
        [one] one
       *[other] { $gaps }
    } of them with gaps
}
document = Document
document-about = About
document-about-nothing = No system yet
document-format = Format
document-tool = Tool
document-created = Made
document-learned = Received
document-size = Size in bytes
document-gaps = Gaps
count-gaps = { $count ->
    [0] No gap was found in this document.
    [one] One gap was counted; it is not kept.
   *[other] { $count } gaps were counted; they are not kept.
}
document-gap-meaning = What it means
document-place = Place
document-detail = Detail
document-count = Count
document-superseded = Replaced by
document-reason = Why it is in this state
document-evidence = Fingerprint (SHA-256)
document-purged = The document itself was removed; only this record is left.
document-bindings = What it is about
document-since = Since
document-origin = How that is known
document-headline = Document { $name }: { $gaps ->
    [0] no gap was found
    [one] one gap
   *[other] { $gaps } gaps
}
document-headline-quarantined = Document { $name } could not be read
document-headline-retracted = Document { $name } was taken back
document-headline-purged = Document { $name } was removed
document-state = State
document-state-accepted = Counts
document-state-quarantined = Could not be read
document-state-retracted = Taken back
document-state-purged = Removed
unbound-only = Only those about no system

## Help
help = Help
help-title = The manual
help-language = The manual is written in English.

## Every part of the pages, in every state
design-title = The parts these pages are made of
design-marks = Marks
design-tags = Tags
design-forms = Forms
design-alerts = Messages
design-empty = Nothing to show
design-table = Tables
design-facts = Facts
design-steps = Steps
design-field-fault = This is not a version.
design-outside = Words from outside
design-lists = Lists
design-info = For your information
design-warning = Careful
design-danger = This did not work
design-success = Done

## Why something was refused
why-as-of = The moment in the address is none. Write a day such as 2026-03-01, or a moment such as 2026-03-01T08:00:00Z.
why-format = There is no such form of an answer. There are csv and json.
why-too-large = These are more rows than a file made here can hold. Choose fewer, or take them from the command line.
why-form-token = This form is too old, or it came from elsewhere. Go back, load the page again and send it once more.
