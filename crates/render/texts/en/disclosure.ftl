# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

disclosures = Vulnerabilities that are not public
disclosures-headline-none = No case that you may see is open
disclosures-headline = { $cases ->
    [one] { $cases } case, { $bound } under an embargo
   *[other] { $cases } cases, { $bound } under an embargo
  }
disclosures-lede = A vulnerability that we hold has one purpose: to be fixed. Each case is in a compartment. Who is not let into it does not learn that there is a case.
disclosures-each = Cases
disclosures-open = Open a case
disclosures-no-compartment = You are let into no compartment. Who gives accounts lets people in.
disclosure-title = What it is called inside
disclosure-title-note = Words that tell nothing to who sees them by chance
disclosure-compartment = Compartment
disclosure-compartment-note = Who is let into it knows of the case.
disclosure-until = until { $day }
disclosure-by-itself = By itself
disclosure-not-yet = not yet
disclosure-lane = Lane
disclosure-step = Step
disclosure-day = Day
disclosure-lane-fix = The fix
disclosure-lane-world = The world
disclosure-lane-embargo = Embargo
disclosure-figure-open = Others know of it: no embargo holds any more
disclosure-figure-bound = An embargo binds all who know of it
disclosure-figure-free = No embargo binds
disclosure-measure = What has happened, and on which day it was written down
disclosure-source = the events of the case
chart-track-more = { $count ->
    [one] One more lane
   *[other] { $count } more lanes
  }
disclosure-stands = How it stands
disclosure-report = Report
disclosure-letters = As letters (Vultron)
disclosure-obliged = Write this down next:
disclosure-events = What happened
disclosure-events-none = Nothing was written down yet.
disclosure-who = Who
disclosure-note = Note
disclosure-until-field = Until when the embargo is to hold (UTC)
disclosure-until-note = Only with a proposal of an embargo. Empty: until it is public.
disclosure-write = Write it down
disclosure-done-opened = The case is open.
disclosure-done-noted = It is written down.

disclosure-act-vendor-aware = Project knows
disclosure-act-fix-ready = Fix ready
disclosure-act-fix-deployed = Fix deployed
disclosure-act-public-aware = Public knows
disclosure-act-exploit-public = Exploit public
disclosure-act-attacks-seen = Attacks seen
disclosure-act-embargo-propose = Embargo proposed
disclosure-act-embargo-accept = Embargo accepted
disclosure-act-embargo-reject = Embargo rejected
disclosure-act-embargo-terminate = Embargo ended
disclosure-act-report-receive = Report received
disclosure-act-report-validate = Report found valid
disclosure-act-report-invalidate = Report found invalid
disclosure-act-report-accept = Report accepted
disclosure-act-report-defer = Report deferred
disclosure-act-report-close = Report closed
embargo-none = None
embargo-proposed = Proposed
embargo-active = Agreed
embargo-revise = Discussed again
embargo-exited = Ended
report-state-start = Not received
report-state-received = Received
report-state-invalid = Invalid
report-state-valid = Valid
report-state-accepted = Accepted
report-state-deferred = Deferred
report-state-closed = Closed
disclosure-advice-speak-of-embargo = The project knows, and nobody spoke of an embargo yet.
disclosure-advice-no-new-embargo = A fix is ready: no new embargo should begin.
disclosure-advice-prepare-to-end = A fix is ready: bring the embargo to its end.
disclosure-advice-end-embargo = A fix is deployed: end the embargo.
disclosure-advice-no-embargo-for-this-report = An embargo is proposed although the project finds the report invalid, or is done with it.
disclosure-advice-say-whether-it-is-kept = The report is closed: say whether the project still keeps the embargo.
disclosure-advice-hurry = Attacks are seen and the public does not know: fix and publish as soon as you can.

words-disclosures = Vulnerabilities that are not public
meaning-disclosure-act-vendor-aware = The project that has to mend it knows of it.
meaning-disclosure-act-fix-ready = There is a version or a patch that mends it.
meaning-disclosure-act-fix-deployed = The fix is in use where it is needed.
meaning-disclosure-act-public-aware = Everybody can read that there is a vulnerability.
meaning-disclosure-act-exploit-public = Everybody can get a program that uses it.
meaning-disclosure-act-attacks-seen = Somebody uses it to attack.
meaning-disclosure-act-embargo-propose = Somebody proposed to keep it among those who know, until a day.
meaning-disclosure-act-embargo-accept = The proposal holds from now on.
meaning-disclosure-act-embargo-reject = The proposal does not hold; an older embargo stays.
meaning-disclosure-act-embargo-terminate = The embargo is over.
meaning-disclosure-act-report-receive = The project has the report, and with that knows of it.
meaning-disclosure-act-report-validate = The project could follow the report.
meaning-disclosure-act-report-invalidate = The project finds no vulnerability in the report.
meaning-disclosure-act-report-accept = The project works on it.
meaning-disclosure-act-report-defer = The project works on it later.
meaning-disclosure-act-report-close = The project is done with the report.
meaning-embargo-none = Nobody agreed to keep it secret.
meaning-embargo-proposed = An embargo was proposed and does not bind yet.
meaning-embargo-active = All who know of it keep it among themselves until the day.
meaning-embargo-revise = Another day is discussed; the embargo that was agreed on holds.
meaning-embargo-exited = The embargo is over, on its day or because others know.
meaning-report-state-start = The project has no report yet.
meaning-report-state-received = The project has the report and has not looked yet.
meaning-report-state-invalid = The project finds no vulnerability in it.
meaning-report-state-valid = The project could follow it.
meaning-report-state-accepted = The project works on it.
meaning-report-state-deferred = The project works on it later.
meaning-report-state-closed = The project is done with it.
meaning-disclosure-report = How the project stands towards the report.
meaning-disclosure-lane-embargo = An agreement to keep a vulnerability among those who know, until a day.
meaning-disclosure-letters = The six facts of the case as letters: a capital for what has happened.
meaning-disclosure-compartment = A group of people; who is not let into it does not learn of what is inside.
