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
sql-running = This question is being worked on
sql-running-note = You can leave this page open, or come back to it for a short time: the answer appears here once.
sql-running-seconds = { $count ->
    [one] One second so far.
   *[other] { $count } seconds so far.
}
sql-running-here = The question is being worked on.
sql-running-queued = The cluster has the question.
sql-running-steps = { $count ->
    [0] The cluster works on the question.
    [one] The cluster works on the question; one step is done.
   *[other] The cluster works on the question; { $count } steps are done.
}
sql-running-again = The cluster lost the question and was asked again (time { $attempt }).
sql-look = Look again
sql-stop = Stop this question
sql-stopped = The question was stopped
sql-tables = Tables and views
sql-tlp = This rests on advisories of the office, too.

## Handing in
hand-in = Hand in documents
sources = Sources
hand-in-title = Hand in what shows your software
hand-in-note = SBOMs, lockfiles, package lists, surveys and archives of them. What they are is found by their content.
hand-in-formats = All formats
hand-in-files = Files
hand-in-files-note = Several at once, { $count } megabytes together at most.
hand-in-pasted = Or paste a text
hand-in-pasted-name = Name of the pasted text
hand-in-pasted-note = Some formats are known by their name: package-lock.json, requirements.txt.
hand-in-system = What are they about?
hand-in-system-note = Identifier or name of a system. If you leave it empty, the rules of the registry decide; what no rule fits waits for its system.
hand-in-fault-none = Choose a file or paste a text.
hand-in-deployment = Which deployment of it?
hand-in-deployment-note = Where it runs, if the documents show one of several. A newer document replaces an older one of the same tool about the same deployment.
hand-in-fault-deployment = This system has no such deployment.
hand-in-fault-whose = Say of which system this is a deployment.
hand-in-fault-system = There is no such system that you may see.
hand-in-outcome = What became of them
hand-in-headline = { $taken ->
    [0] Nothing was taken in
    [one] One file is taken in
   *[other] { $taken } files are taken in
}{ $quarantined ->
    [0] {""}
    [one] ; one could not be read
   *[other] ; { $quarantined } could not be read
} (of { $files })
hand-in-each = File by file
hand-in-file = File
hand-in-more = Hand in more
hand-in-unbound = No system yet
hand-in-older = It is older than what we have; this counts:
hand-in-gone = { $count ->
    [one] One finding is gone by this
   *[other] { $count } findings are gone by this
}
hand-in-new = { $count ->
    [one] One finding is new by this
   *[other] { $count } findings are new by this
}
hand-in-open = { $count ->
    [0] No finding is open here now.
    [one] One finding is open here now.
   *[other] { $count } findings are open here now.
}
hand-in-state-accepted = Taken in
hand-in-state-duplicate = Was here already
hand-in-state-quarantined = Kept, but cannot be read
hand-in-state-left-out = Not kept
hand-in-state-refused = Refused
hand-in-remedy-quarantined = Make the file anew with the tool, or mend it, and hand it in again. The old one is kept.
hand-in-remedy-left-out = Hand in an SBOM, a lockfile or a package list instead.
hand-in-remedy-refused = Nothing of it was kept. Change what is named here and try again.

## The trail
audit = Trail
audit-title = Who did what, and when?
audit-from = From
audit-until = Until
audit-none = No entry fits.
audit-whole = The chain of all { $count } entries is whole: each holds on to the one before.
audit-broken = The chain is broken.
audit-note = Who did what, and when. The trail is there to show what happened; it is never used to judge the work of single people.
audit-check = Check the whole chain
audit-who = Who
audit-what = What was done
audit-subject = To what
audit-when = When
audit-before = Before
audit-after = After
audit-older = Older entries

## Sources
sources-headline = { $stale ->
    [0] All { $count } sources are fresh
    [one] One of { $count } sources is older than it should be
   *[other] { $stale } of { $count } sources are older than they should be
}
sources-none = No source was ever read
source = Source
source-edition = Edition
source-learned = Learned
source-looked = Last looked
source-age = Age in days
source-outcome = Last attempt
source-terms = Terms
source-fresh = Fresh
source-stale = Too old
source-missing = Never read
sources-missing = Not here
sources-how = On the machine of the house, “underpin watch sync” fetches what is new.
jobs = What the house keeps
jobs-documents = Documents
jobs-segments = Pieces of the fact store
jobs-bytes = Bytes of facts
jobs-revision = Changes of the ledger

## Settings
settings = Settings
settings-headline = What is set
settings-note = These values stand in the file of the house (underpin.toml), in its environment or in the program. They are changed there and hold after a new start.
setting = Setting
setting-value = Value
setting-default = Built in
setting-origin = From where
setting-meaning = What it means
setting-from-program = Built in
setting-from-house = Set by the house
settings-retention = How long things are kept
settings-retention-note = Evidence, decisions and the trail are kept until two persons remove them. Sessions end after 8 hours without use, or after 7 days.

## Quick search
palette = Quick search
palette-note = Systems, agencies, packages, vulnerabilities
palette-open = Search (press /)
palette-all = Search everywhere for “{ $what }”

## Registry
registry = Registry
registry-headline = { $systems ->
    [one] One system
   *[other] { $systems } systems
} of { $agencies ->
    [one] one agency
   *[other] { $agencies } agencies
} are written down
registry-note = Changes hold from a day on. What was true before stays on record.
registry-export = The registry as a file
registry-change = Change this entry
registry-save = Save the change
registry-look = Show what would change
registry-from = From when it holds
registry-from-note = Empty: from now on.
registry-saved = Saved.
registry-conflict = Meanwhile somebody else changed this entry. Nothing was saved. Look at what holds now.
registry-refused = This cannot be saved like that.
registry-not-allowed = You may not change this entry.
registry-history = What was true before
registry-since = Since
registry-until = Until
registry-known = Known since
registry-changes = What changed
registry-ended = This entry has ended.
registry-agency = Agency in the registry
registry-system = System in the registry
registry-add-agency = Add an agency
registry-add-system = Add a system
registry-new = A new entry
registry-identifier = Identifier
registry-identifier-note = Empty: made from the name.
registry-end = Take it out of use
registry-end-note = It ends on the day named above, or now. Its past stays.
registry-field-name = Name
registry-field-aliases = Other names, with semicolons between
registry-field-parent = Belongs to
registry-field-agency = Agency
registry-field-contact = Contact: mailbox or page, never a person
registry-field-declared_systems = Systems it says it has that are not written down
registry-field-purpose = What it is for
registry-field-operator = Who runs it
registry-field-supplier = Who supplies it
registry-field-support = Who can patch it
registry-field-confidentiality = Need of confidentiality
registry-field-integrity = Need of integrity
registry-field-availability = Need of availability
registry-field-exposure = Who can reach it
registry-field-classification = Who may know of it
registry-field-status = Where it is in its life
registry-field-depends_on = Systems it needs, with semicolons between
registry-field-compartments = Compartments: only people let into all of them see it; with semicolons between
registry-import = Import files
registry-import-note = First you see what the files would change. Nothing is written before you say so, and then all of it or nothing.
registry-import-files = Files
registry-import-files-note = TOML, CSV or XLSX, as the registry is exported. A row says everything about its entry: what it leaves empty becomes empty. What is in no row stays as it is.
registry-import-none = Choose at least one file.
registry-import-refused = Nothing was changed. This is wrong in the files:
registry-import-moved = Meanwhile the registry changed. Nothing was written. Look at the plan again.
registry-import-done = Imported.
registry-import-now = Import this
registry-import-again = Choose other files
registry-import-planned = What stays planned
registry-import-skipped = Sheets that are no part of a registry:
registry-import-place = File and line
registry-import-outcome-word = What happens
registry-import-added = is added
registry-import-changed = changes
registry-import-first = Only the first { $count } rows are shown. All of them are imported.
registry-import-plan = The files would add { $added } and change { $changed } entries; { $unchanged } stay as they are
registry-import-outcome = { $added } entries were added and { $changed } changed; { $unchanged } stayed as they are
life-planned = Planned
life-active = In use
life-retired = Out of use

## What waits
waiting = What waits for a decision
waiting-urgent = Findings that need action now
waiting-overdue = Findings beyond their day
waiting-approval = Decisions that wait for a second person
waiting-review = Decisions to look at again today
waiting-stale = Systems with old documents
waiting-unknown = Systems of which nothing is known
waiting-quarantined = Documents that could not be read
waiting-unbound = Documents about no system yet
