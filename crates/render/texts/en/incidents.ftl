# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

## Incidents, tasks, the situation report.

## Incidents: the pages
nav-incidents = Incidents
nav-tasks = Tasks
tasks-badge = { $count ->
    [one] One task waits for you
   *[other] { $count } tasks wait for you
}
incident = Incident
incidents-headline-none = No incident is open
incidents-headline = { $count ->
    [one] One incident is open
   *[other] { $count } incidents are open
}
incidents-calm = No task waits for you.
incidents-waiting = { $count ->
    [one] One task waits for you.
   *[other] { $count } tasks wait for you.
}
incidents-begin = An incident begins with a question: do we run this, and where? Look for it in the inventory. From the answer you can open an incident.
incidents-look = Look in the inventory
incidents-waiting-title = What waits for you
incidents-drills = Drills
incidents-closed = Closed
incidents-open = Open
incident-open-now = Open an incident
incident-open-about = Open an incident about this
incident-about = About
incident-step = Step
incident-target = Target
incident-opened = Opened
incident-opened-by = Opened { $at } by { $who }
incident-closed-at = Closed
incident-late = Late
incident-drill = Drill
incident-drill-of = Drill: { $what }
incident-drill-says = This is a drill. Nothing has happened. The systems and their software are real.
incident-past-says = This is how it was at a moment in the past. Nothing can be changed here.

## Opening an incident
incident-new-headline = What is the incident about?
incident-new-hit = { $systems ->
    [one] One system
   *[other] { $systems } systems
} of { $agencies ->
    [one] one agency
   *[other] { $agencies } agencies
} would be hit
incident-new-none = No system is known to be hit
incident-new-unknown = Of { $count ->
    [one] one system
   *[other] { $count } systems
} it is not known. Opening the incident makes a task to ask for each.
incident-new-sure = Of all systems it is known.
incident-kind-package = Package
incident-kind-vulnerability = Vulnerability
incident-kind-digest = Checksum of a file
incident-kind-note = A package by its name or purl, a vulnerability by its number, or a file by its SHA-256.
incident-kind = Kind
incident-what = Which one
incident-versions = Only these versions
incident-versions-note = For example <2.17.1. Leave it empty for all versions.
incident-from = Used since
incident-until = Used until
incident-look = See who would be hit
incident-preview = Who would be hit
incident-title = Title
incident-title-note = What people will call it.
incident-target-field = Target: nobody is exposed any more at
incident-target-note = Day and hour, in UTC. Leave it empty when there is no target.
incident-tlp = Who may read it (TLP)
incident-place = Whose it is
incident-place-all = The whole government
incident-is-drill = This is a drill
incident-fault-title = Give the incident a title.
incident-fault-moment = This is no moment. Write it like 2026-03-05T17:00.
incident-fault-what = Say what it is about.
incident-faults = Something is missing
incident-may-not-open = You may read incidents, not open them. Ask an analyst of the office.

## The room
room-closed = Closed: none of { $total ->
    [one] one system
   *[other] { $total } systems
} is exposed to { $title } any more
room-closed-open = Closed, with { $open ->
    [one] one system
   *[other] { $open } systems
} still exposed to { $title }
room-nobody = No system is exposed to { $title }
room-nobody-known = No system is known to be exposed to { $title }
room-open = { $open } of { $total ->
    [one] one system
   *[other] { $total } systems
} { $open ->
    [one] is
   *[other] are
} still exposed to { $title }
room-done = { $total ->
    [one] The one system that was hit is
   *[other] All { $total } systems that were hit are
} out of danger: { $title }
room-most = Most of what is left is at { $names }.
room-unknown = { $count ->
    [one] Of one system
   *[other] Of { $count } systems
} it is not known yet.
room-unassigned = { $count ->
    [one] One task has
   *[other] { $count } tasks have
} nobody who does it.
room-late = { $count ->
    [one] One task is late.
   *[other] { $count } tasks are late.
}
room-report = Situation report
room-to-tasks = Assign tasks
room-exposed-over-time = Exposed over time
room-at = At
room-exposed = Exposed
room-fixed = Fixed
room-accepted = Accepted
room-unclear = Not known
room-not-hit = Not hit
room-steps = Steps
room-next-step = Go on: { $step }
room-close = Close the incident
room-close-title = Close
room-close-note = Closing is refused as long as systems are exposed without evidence of the fix or an accepted reason. With a second person it can be closed all the same.
room-close-ready = Everything that was hit is fixed or accepted.
room-close-reason = What was the cause, what was done, what do we learn?
room-approve = Close it as the second person
room-wait-approval = { $who } asks to close it although systems are still exposed. A second person has to agree.
room-reopen = Open it again
room-reopen-reason = Why is it opened again?
room-by-agency = By agency
room-systems = Systems
room-systems-none = No system is in this incident.
room-why = Why
room-tasks = Tasks
room-tasks-none = There are no tasks.
room-refresh = Make tasks for what was found since
room-refresh-note = { $count ->
    [one] One system has
   *[other] { $count } systems have
} no task yet.
room-assign = Assign the chosen tasks
room-assign-to = To whom
room-assign-note = The name somebody signs in with.
room-assign-due = Due
room-assign-none = Choose at least one task.
room-deadlines = Deadlines
room-deadlines-note = Deadlines and dated steps of reporting clocks, once a person has confirmed that they bind us here.
room-binds = Binds { $whom }
room-confirmed = Confirmed by { $who }
room-deadline-over = Over by { $span }
room-deadline-left = { $span } left
room-deadline-met = Met
room-deadlines-none = No deadline is known for this.
room-stopwatch = Stopwatch of the drill
room-stopwatch-open = Not yet
room-timeline = What happened
room-timeline-none = Nothing yet.
room-remark = Remark
room-remark-add = Write the remark
room-trail = The trail of this incident
room-what = What is asked
room-hand-in = Hand in a document

step-identify = Identify
step-notify = Notify
step-fix = Fix or mitigate
step-verify = Verify
step-learn = Learn

reach-hit = Exposed
reach-fixed = Fixed
reach-accepted = Accepted
reach-not-hit = Not hit
reach-blind = Documents cannot show it
reach-stale = Document is old
reach-unknown = Nothing known

span-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
span-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
span-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}

done-opened = The incident is open, with its tasks.
done-assigned = Assigned.
done-step = The next step has begun.
done-closed = The incident is closed.
done-closing = Your wish to close it is noted. A second person has to agree.
done-reopened = The incident is open again.
done-refreshed = Tasks are made for what was found since.
done-task = The task is changed.
done-remark = Your remark is written down.

## Tasks
task = Task
tasks-headline-none = No task waits for you
tasks-headline = { $count ->
    [one] One task waits for you
   *[other] { $count } tasks wait for you
}
tasks-headline-all = { $count ->
    [one] One task
   *[other] { $count } tasks
} that you may see
tasks-late = { $count ->
    [one] One of them is late.
   *[other] { $count } of them are late.
}
tasks-none-here = No task fits.
tasks-mine = Mine
tasks-agency = Of my agencies
tasks-all = All
tasks-which = Which tasks
task-state = State
tasks-open-only = Only open ones
task-where = Where
task-owner = Who does it
task-owner-none = Nobody yet
task-due = Due
task-made = Made { $at } by { $who }
task-take = Take it myself
task-assign = Assign
task-acknowledge = I have read it
task-change = Say how it stands
task-state-open = Open
task-state-acknowledged = Read
task-state-in-progress = Being done
task-state-done = Done
task-state-verified = Proven by a document
task-state-cannot-because = Cannot be done, because
task-kind-fix = Fix
task-kind-check = Tell us
task-kind-verify = Verify
task-kind-other = Task
task-reason = Remark, or why it cannot be done
task-save = Save
task-remarks = Remarks
task-remarks-none = Nobody has written a remark.
task-prove = Prove it
task-prove-note = When a newer document of this system no longer shows the package, the task is proven by itself. Nobody has to tick a box.
task-tell-note = Hand in an inventory (SBOM) of this system, then it is known. When you cannot, say why below.
task-proven = Proven: the newest document of this system no longer shows it.
task-known = Known now: a document of this system tells.
task-accept = Accept this reason
task-accepted = Accepted by { $who }.
task-because = { $who } says why it cannot be done: { $reason }
task-may-not = You may read this task. Changing it is for who cares for the place, or leads.
fault-empty-reason = Give a reason.
fault-same-closer = You asked to close it. Somebody else has to agree.
fault-same-excuse = You gave this reason. Somebody else has to accept it.
task-fault-reason = Say why it cannot be done.

## When two people change the same
conflict-title = Somebody changed this before you
conflict-says = Nothing of yours is saved yet. Look at both, then send yours again or leave it as it is.
conflict-field = Field
conflict-yours = Yours
conflict-now = As it is now

## Situation report
report-title = Situation report: { $title }
report-for = For whom leads. As of { $at }.
report-hit = Who is hit
report-not-known = What is not known
report-next = What happens next
report-public = Wording for the public
report-numbers = Every number again
report-numbers-note = Each number is worked out from the record. The line beside it gives it again.
report-agencies = { $count ->
    [one] They belong to one agency.
   *[other] They belong to { $count } agencies.
}
report-exploited = It is being exploited, says: { $lists }.
report-on-track = The work is fast enough for the target: nobody exposed on { $at }.
report-off-track = The work is too slow for the target: nobody exposed on { $at }.
report-target = The target: nobody exposed on { $at }.
report-ministry = { $name }: { $count ->
    [one] one system
   *[other] { $count } systems
}
report-unknown = { $count ->
    [one] Of one system
   *[other] Of { $count } systems
} nothing is known.
report-blind = { $count ->
    [one] Of one system
   *[other] Of { $count } systems
} the documents cannot show it.
report-stale = { $count ->
    [one] Of one system
   *[other] Of { $count } systems
} the documents are old.
report-declared = { $count ->
    [one] One system is only declared as a number. Nothing can be told of it.
   *[other] { $count } systems are only declared as a number. Nothing can be told of them.
}
report-knowledge = { $count ->
    [0] What is known of vulnerabilities was looked at today.
    [one] What is known of vulnerabilities was looked at one day ago.
   *[other] What is known of vulnerabilities was looked at { $count } days ago.
}
report-deadline = { $name }: due { $at }. Binds { $binds } ({ $source }).
report-due = Due { $at }.
report-overdue = { $count ->
    [one] One is late.
   *[other] { $count } are late.
}
report-next-acknowledge = { $count ->
    [one] One task waits to be read.
   *[other] { $count } tasks wait to be read.
}
report-next-ask = { $count ->
    [one] One system is asked for documents.
   *[other] { $count } systems are asked for documents.
}
report-next-mend = { $count ->
    [one] One system is being mended.
   *[other] { $count } systems are being mended.
}
report-next-prove = { $count ->
    [one] One fix must be proven by a new document.
   *[other] { $count } fixes must be proven by new documents.
}
report-next-agree = A second person has to agree to the closing.
report-next-close = Nothing is exposed any more: it can be closed.
report-next-learn = What was learned is written down.
report-public-none = We know of a problem called { $title }. None of our systems is known to be reached by it.
report-public-done = We know of a problem called { $title }. { $total ->
    [one] The one system
   *[other] All { $total } systems
} that it reached { $total ->
    [one] is
   *[other] are
} safe again.
report-public-open = We know of a problem called { $title }. Of { $total ->
    [one] one system
   *[other] { $total } systems
} that it reaches, { $settled ->
    [0] none is safe again
    [one] one is safe again
   *[other] { $settled } are safe again
}. The others are being worked on.
report-public-asked = We are still asking some of our agencies.
report-number = Number
report-question = Question
report-pdf = As PDF
report-print = Print this page with the browser.
report-back = To the incident
why-conflict = Somebody changed this before you. Go back, load the page again and look at it.
why-not-allowed = Your rights do not reach that far here. Nothing was changed.
error-409 = Somebody changed this before you
error-410 = This is over

## Words of the record
step-condition-all-known = Of { $open } of { $total } systems it is not known.
step-condition-all-acknowledged = { $open } of { $total } tasks are not read yet.
step-condition-none-hit = { $open } of { $total } systems are still exposed.
step-condition-all-proven = { $open } of { $total } fixes are said, not proven.
step-condition-written-down = What was learned is written down when it is closed.
reason-used = Its documents show it
reason-used-in-window = It had it in that time
reason-fixed-by-document = A newer document no longer shows it
reason-closed-by-decision = A decision closes it
reason-reason-accepted = A reason was accepted
reason-shown-not-to-use = Its documents show that it is not there
reason-evidence-cannot-show = Its documents cannot show such a thing
reason-evidence-too-old = Its documents are too old
reason-no-evidence = There is no document
reason-version-undecided = The version cannot be told
reason-looked-into = Somebody is looking into it
action-open-incident = The incident was opened
action-change-incident = The incident was changed
action-make-task = A task was made
action-change-task = A task was changed
action-document = A document proves it
action-advisory = An advisory came in
action-step = Next step
action-ask-close = Somebody asks to close it
action-refuse-close = Closing was refused
action-close = The incident was closed
action-reopen = The incident was opened again
action-deadline = A deadline was confirmed
action-note-clock-event = Something was told of a reporting clock
action-assigned = A task was assigned
lap-closed = Closed
clock-cra-early-warning = Early warning (CRA)
clock-cra-notification = Notification (CRA)
clock-nis2-early-warning = Early warning (NIS 2)
clock-nis2-notification = Notification (NIS 2)
clock-nis2-final-report = Final report (NIS 2)
room-still-exposed = still exposed
room-hour = { $count } h
room-day = day { $count }
action-remark = Remark
action-open = A task is open again
action-acknowledged = A task was read
action-in-progress = Somebody does a task
action-done = Somebody says a task is done
action-cannot-because = Somebody says why a task cannot be done
action-edit = Title, target or marking changed
action-drop-deadline = A deadline was taken away
action-lap = Stopwatch

## Drills
drill-practise = Practise
drill-practise-note = A drill opens an incident of the past on the estate of today, marked as a drill wherever it is shown, with 72 hours until its target. A stopwatch shows when each part of the work was reached.
drill-start-log4shell = Start the drill: Log4Shell
drill-start-xz = Start the drill: the back door in xz
drill-fault-unknown = No source in this house knows the vulnerability of this drill. Sync the sources first.
done-drill = The drill runs. Its tasks are made.
room-stopwatch-note = Times count from the start of the drill. What happens after it is closed does not count.
room-stopwatch-never = Not reached
stopwatch-part = Part of the work
stopwatch-after = Reached after
stopwatch-at = Moment
stopwatch-in-time = In time
stopwatch-late = Too late
lap-found = Found: the first list of systems is there
lap-notified = Notified: every task has somebody who knows of it
lap-first-acknowledged = First task read
lap-all-answered = All answered: every task read or settled
lap-fixed = Fixed, by word or by a document
lap-verified = Verified by documents

## A window of time
incident-from-note = Whoever had it at some moment since then counts, too. In UTC; leave it empty to ask about now only.
incident-until-note = Until when; empty means until now.
incident-window = Counted is who had it at any moment between { $from } and { $until }.
incident-window-open = Counted is who had it at any moment since { $from }.
incident-fault-window-from = Say from when, too.
incident-fault-window-order = This lies before the beginning.
incident-fault-window-kind = A window of time goes with a package or a checksum, not with a vulnerability.

## Evidence of a task
evidence = Evidence
evidence-files = Documents that show it
evidence-send = Hand in for this task
evidence-whole-system = The whole system
evidence-proves = proves the fix.
evidence-answers = answers the question.
evidence-other = does not prove it; document { $document } does.
evidence-not = does not prove it. { $why }.
evidence-not-yet = does not prove it yet.
evidence-no-system = This task is about no single system. Hand the document in about the system that it shows.
evidence-fault-none = Choose a file.
done-evidence = The document is taken in and stands with the task.

## Pictures
incidents-figure = Open incidents by step. Drills are not counted.
incidents-figure-headline = { $count ->
    [one] One incident is open, since { $day }
   *[other] { $count } incidents are open, the oldest since { $day }
}
tasks-figure = Tasks of this list by state, and by how near the day is.
tasks-figure-headline = { $count ->
    [one] One task
   *[other] { $count } tasks
}: { $late } late, { $soon } due within three days
due-later = Later
due-soon = Within three days
due-late = Late
due-none = No day, or settled
rounds-figure = Answers to open rounds by ministry
