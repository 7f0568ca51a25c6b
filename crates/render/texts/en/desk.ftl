# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

## Triage, registry, trail, sources.

## Forms
form-faults = Something is missing or not right
its-sql = The same in SQL
its-trail = Its trail
download = Download
overdue-only = Only what is overdue
findings-not-closed = Not closed
status-all = All
registry-entry = Its entry in the registry

## Deciding about findings
triage-title = Decide about findings
triage-headline = { $count ->
    [0] No finding is chosen
    [one] What holds for this finding?
   *[other] What holds for these { $count } findings?
}
triage-note = A decision never takes a finding away. It gives it another state, with a reason, as long as the decision holds.
triage-choose = Choose
triage-decide = Decide about those chosen
triage-decide-all = Decide about all { $count }
triage-decide-everywhere = Decide about it everywhere
triage-nothing = Nothing is chosen. Tick findings in a list first.
triage-gone = None of these findings is there any more. Somebody decided about them, or new documents came in.
triage-ruling = The decision
triage-status = What holds
triage-justification = Why it is not affected
triage-justification-note = Only for “not affected”. Three of the five reasons hold for single systems only: the same code can be reached elsewhere.
triage-reason = Reason, in words
triage-action = What is to be done
triage-place = Where it holds
triage-place-systems = In the systems of these findings
triage-place-government = In the whole government
triage-review = Look at it again on
triage-expires = Ends on
triage-approval = It holds only when a second person has agreed
triage-look = Show what it covers
triage-covers = What it covers
triage-look-first = First fill in the decision, then look at what it covers. Nothing is decided before.
triage-decisions = Decisions
triage-chosen = Chosen findings
triage-make = { $count ->
    [one] Make this decision
   *[other] Make these { $count } decisions
}
triage-make-note = All or none are made. If others change something meanwhile, you are told and nothing is decided.
triage-conflict = Meanwhile something changed: the decision covers other findings now. Nothing was decided. Look at the new numbers.
triage-not-allowed = You may not decide for this place. Nothing was decided.
triage-refused = This cannot be decided like that.
triage-fault-status = Say what holds.
triage-fault-justification = “Not affected” needs one of the reasons.
triage-fault-no-justification = Only “not affected” has such a reason.
triage-fault-bound = This reason holds for single systems only.
triage-fault-reason = Give a reason in words.
triage-fault-past = This day has come already.
triage-fault-day = This is no day.
ruling-under-investigation = being looked into
ruling-affected = affected
ruling-fixed = fixed
ruling-not-affected = not affected
justification-component-not-present = The component is not there
justification-vulnerable-code-not-present = The vulnerable code is not in it
justification-vulnerable-code-not-in-execute-path = The vulnerable code is never run
justification-vulnerable-code-cannot-be-controlled-by-adversary = Attackers cannot reach the vulnerable code
justification-inline-mitigations-already-exist = Something else already prevents it

## Decisions
decisions = Decisions
decision = Decision
decisions-headline = { $count ->
    [0] No decision fits
    [one] One decision
   *[other] { $count } decisions
}{ $waiting ->
    [0] {""}
    [one] ; one waits for a second person
   *[other] ; { $waiting } wait for a second person
}{ $soon ->
    [0] {""}
    [one] ; one ends or must be looked at again within 30 days
   *[other] ; { $soon } end or must be looked at again within 30 days
}
decisions-note = Decisions stay on record when they end. The findings they covered are open again then.
decisions-made = { $count ->
    [one] One decision was made.
   *[other] { $count } decisions were made.
}
decisions-words = Words
decisions-soon = Only those that end or come up for review soon ({ $count })
decisions-waiting = Waiting for a second person: { $count }
decisions-none = No decision fits. Decisions begin with findings.
decision-in-force = In force
decision-waits = Waits for a second person
decision-withdrawn = Withdrawn
decision-expired = Ended
decision-not-yet = Not yet
decision-without-effect = Changes nothing now
decision-review-due = To be looked at again
decision-every-package = Every package
decision-author = Decided by
decision-headline = { $vulnerability }: { $ruling }, { $place }
decision-next = What can be done
decision-own-waits = You made this decision. Somebody else must agree before it holds.
decision-approve = Agree to it
decision-withdraw = Withdraw it
decision-withdraw-why = Why it is withdrawn
decision-needs-reason = A decision is not withdrawn without a reason.
decision-nothing-next = Nothing is left to do here.
decision-recorded = Recorded
decision-approved = Agreed to
decision-origin = Taken over from
decision-done = Done. It is in the trail.
decision-settled = Somebody else was faster: this was settled already. Nothing was changed.
decision-same-author = The person who decided cannot agree as the second person.
vex-heading = For others: decisions as VEX
vex-note = Decisions in force that you may see. What holds for one system is written so that nobody takes it for a word about the package everywhere.
vex-format = Format
vex-publisher = Address of the publisher
vex-tlp = May be passed on to
vex-title = Decisions about vulnerabilities

## SQL
sql-headline = Ask the tables yourself
sql-rows = { $count ->
    [0] Nothing was found
    [one] One row was found
   *[other] { $count } rows were found
}
sql-refused = This question was not answered
sql-limits = Reading only, and only what you may see. A question may take { $seconds } seconds, { $megabytes } megabytes, { $letters } letters and { $operators } operators.
sql-manual = All tables in the manual
sql-query = Question in SQL
sql-run = Ask
sql-answer = Answer
sql-nothing = No row fits.
sql-tables = Tables and views
sql-tlp = This rests on advisories of the office, too.

## Handing in
hand-in = Hand in documents
sources = Sources
