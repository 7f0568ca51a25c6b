# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

## Many findings as few decisions.
fold = As few decisions
fold-headline-empty = No finding is open
fold-headline-decided = About every open finding something is decided already
fold-headline-none = No upgrade is known that settles one of { $undecided } undecided findings
fold-headline-all = { $decisions ->
    [one] One decision settles
   *[other] { $decisions } decisions settle
} { $undecided ->
    [one] the only undecided finding
   *[other] all { $undecided } undecided findings
}
fold-headline = { $decisions ->
    [one] One decision settles
   *[other] { $decisions } decisions settle
} { $settled } of { $undecided } undecided findings
fold-lede = Each line is one thing to do that settles many findings at once. Look at its findings, then decide. The line that settles most comes first.
fold-list = Proposed decisions
fold-number = No.
fold-what = What to do, and why
fold-covers = Findings
fold-settles = Settled beyond the lines above
fold-so-far = So far
fold-decide = Decide
fold-note = Nothing is decided by this list. A decision tells the agencies what to do; a finding is settled when a newer document shows it. What is decided leaves this list.
fold-upgrade = Upgrade { $what } in { $system }
fold-version = Leave { $what } everywhere
fold-base = Newer packages of { $what } everywhere
fold-why = { $findings ->
    [one] One finding
   *[other] { $findings } findings
} in { $systems ->
    [one] one system
   *[other] { $systems } systems
}, { $vulnerabilities ->
    [one] one vulnerability
   *[other] { $vulnerabilities } vulnerabilities
}; { $urgent ->
    [0] none needs action now
    [one] one needs action now
   *[other] { $urgent } need action now
}
fold-action-to = Upgrade to { $to }
fold-action-newer = Upgrade to a newer version
fold-action-base = Take in the updates of { $what }
fold-measure = Findings that each decision settles beyond those before it
fold-rest = What this list does not settle
fold-left = { $count ->
    [one] One undecided finding with a fixed version is in none of these lines
   *[other] { $count } undecided findings with a fixed version are in none of these lines
}
fold-without-fix = { $count ->
    [one] For one finding no fixed version is known
   *[other] For { $count } findings no fixed version is known
}
fold-decided = { $count ->
    [one] About one finding something is decided already
   *[other] About { $count } findings something is decided already
}
fold-nothing-open = No finding is open here.
fold-nothing-settles = No upgrade is known that settles one of these findings.
fold-next = The list of proposed decisions
findings-only = Only:
findings-only-fixable = with a fixed version
findings-only-no-fix = without a fixed version
triage-too-many = These are too many decisions to be made at once. Choose a smaller part: one agency, one system or one package. Nothing was decided.

## The first 30 days, and what stands now.
first-headline-none = The house is new: { $all } steps to begin
first-headline = The first 30 days: { $done } of { $all } steps are done
first-headline-all = The first 30 days: all { $all } steps are done
first-lede = Each step is done when the house itself shows it. Nothing has to be ticked.
first-done = Done:
first-open = To do:
first-others = Somebody with another role does this.
first-day = The first day
first-week = The first week
first-month = Within 30 days
first-register = Write down agencies and systems
first-register-note = { $count ->
    [0] No system is written down yet.
    [one] One system is written down.
   *[other] { $count } systems are written down.
}
first-collect = Take in the first software inventories (SBOMs)
first-collect-note = { $count ->
    [0] No document has come in yet.
    [one] One document has come in.
   *[other] { $count } documents have come in.
}
first-watch = Hold them against what is known of vulnerabilities
first-watch-note = { $count ->
    [0] No feed of advisories has been read yet. The operator fetches them: underpin watch sync
    [one] One feed of advisories has been read.
   *[other] { $count } feeds of advisories have been read.
}
first-people = Give colleagues accounts
first-people-note = { $count ->
    [0] Nobody else has an account yet.
    [one] One other person has an account.
   *[other] { $count } other people have accounts.
}
first-round = Ask the agencies for evidence
first-round-note = { $count ->
    [0] No round of letters has been sent yet.
    [one] One round has been opened.
   *[other] { $count } rounds have been opened.
}
first-coverage = Know at least half of the systems
first-coverage-note = Something is known of { $count } of { $systems ->
    [one] one system
   *[other] { $systems } systems
}.
first-decide = Make the first decisions: many findings fold into few
first-decide-note = { $count ->
    [0] Nothing has been decided yet.
    [one] One decision has been made.
   *[other] { $count } decisions have been made.
}
first-drill = Practise an incident
first-drill-note = { $count ->
    [0] No drill has been held yet.
    [one] One drill has been held.
   *[other] { $count } drills have been held.
}
stands-now = Open now: { $findings ->
    [one] one finding
   *[other] { $findings } findings
}
stands-act-now = { $count ->
    [one] one needs action now
   *[other] { $count } need action now
}
stands-exploited = { $count ->
    [one] one is known to be exploited
   *[other] { $count } are known to be exploited
}

## What a system is made of, and how it got there.
difference = What changed
difference-headline = Since the last document: { $added ->
    [one] 1 package came
   *[other] { $added } packages came
}, { $removed } went, { $changed ->
    [one] 1 has another version
   *[other] { $changed } have another version
}
difference-none = No document of this system has replaced another yet
difference-same = The newest document changes nothing
difference-pair = Compared:
difference-added = Came
difference-removed = Went
difference-changed = Another version
difference-from = Before
difference-to = Now
difference-all = All that changed
evidence-of-system = What its documents can show
evidence-newest = Newest document
evidence-newest-days = { $count ->
    [0] made today
    [one] one day old
   *[other] { $count } days old
}
evidence-gaps = Gaps in its documents
evidence-graphs = Documents that tell direct from indirect
evidence-whole = Documents that say they list everything
evidence-tools = Tools
evidence-kinds = Types of packages they can show
paths-headline-none = No document of { $system } names { $package }
paths-headline-unknown = { $package } is in { $system }; no document tells how it got there
paths-headline = { $package } got into { $system } on { $ways ->
    [one] one way
   *[other] { $ways } ways
}
paths-none = No current document of this system names it.
paths-document = Says
paths-direct = The system asks for it itself.
paths-transitive = It comes in through others.
paths-unknown = It is not told whether the system asks for it itself.
paths-cut = There may be more ways than these.
paths-locations = Where it lies:
paths-silent = These documents do not name it:
paths-link = How it got there

## What is open.
fold-first = The first decision alone settles { $settles } of { $undecided }
overdue-none = No open finding is beyond its day
overdue-headline = { $overdue } of { $open } open findings { $overdue ->
    [one] is beyond its day
   *[other] are beyond their day
}
overdue-measure = Open findings by severity, and by the day until which they should be dealt with
overdue-later = Later, or no day
overdue-soon = { $count ->
    [one] Within one day
   *[other] Within { $count } days
}
overdue-over = Beyond their day
open-headline = { $open ->
    [one] One open finding
   *[other] { $open } open findings
} at { $hit } of { $all }; most at { $name }: { $most }
open-by-system = Open findings by system
open-by-agency = Open findings by agency, with everything below it
findings-only-severity = severity: { $word }
triage-show-chosen = Show these findings
