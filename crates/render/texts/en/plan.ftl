# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

# The plan for support, on one page for whoever decides.

brief-title = What { $budget } buys for the open source we lean on
brief-lead = For { $cost } of { $budget } the office helps { $projects ->
    [one] one project
   *[other] { $projects } projects
} on which { $systems ->
    [one] one system
   *[other] { $systems } systems
} of { $agencies ->
    [one] one agency
   *[other] { $agencies } agencies
} rest.
brief-nothing = With { $budget } the office may not help any project yet: what has to come first stands below.
brief-avoided = By our estimate this takes away { $percent } of 100 parts of the harm that is expected from the projects we looked at. Nobody has counted such harm: the estimate rests on beliefs, and the plan lists each of them.
brief-paid = What is paid for
brief-project = Project
brief-what = What is done
brief-cost = Cost
brief-systems = Systems
brief-why = Where a number comes from is shown by `underpin project` and the name of the project.
brief-more = { $count } more stand in the plan.
brief-pooled = What agencies pay together
brief-pooled-line = { $number }: { $agencies ->
    [one] one agency pays
   *[other] { $agencies } agencies pay
} { $amount } together for { $project } ({ $what }), each by how much it depends on it.
brief-doubled = Where somebody else pays, too
brief-doubled-line = { $number }: { $funder } also pays for { $project } ({ $what }). We talk to each other before anything is paid.
brief-refused = What we do not do, and what comes first
brief-refused-line = { $project }: no { $what }, because { $reason }. First: { $first }.
brief-unknown = What is not known
brief-unknown-facts = { $count ->
    [one] For one project nobody has asked yet whether it wants help.
   *[other] For { $count } projects nobody has asked yet whether they want help.
}
brief-unknown-agencies = { $unknown ->
    [one] Of one system
   *[other] Of { $unknown } systems
} nothing is known, so what rests on what may be more.
brief-next = What is to be decided
brief-next-line = A person decides on each item and on its legal route; a second person agrees. Nothing is paid before public work is there to look at.
brief-foot = As of { $at }. Every number comes from: { $command }

intervention-audit = audit
intervention-fuzzing = continuous fuzzing
intervention-paid-maintenance = paid maintenance
intervention-fellowship = fellowship
intervention-direct-contribution = work of our own
intervention-release-hardening = safer releases
intervention-succession = succession
intervention-bounty-with-triage = bounty with paid triage
intervention-foundation-membership = foundation membership
intervention-pooled-fund = pooled fund
intervention-replace = replacement
intervention-adopt = adoption

refusal-consent-unknown = nobody has asked the project
refusal-consent-refused = the project does not want it
refusal-triage-unknown = nobody knows whether it has time to sort reports
refusal-no-triage-capacity = the project has no time to sort the reports that it would bring
refusal-not-audited = it was not audited
refusal-capacity-unknown = nobody knows how many hours its people have
refusal-above-capacity = it is more than its people can take on
refusal-funded-elsewhere = somebody pays for it already
refusal-funding-unknown = nobody knows who pays already
refusal-cannot-receive-money = the project cannot take money
refusal-funding-cliff = nothing is set aside for the time after
refusal-takes-no-contributions = the project takes no contributions
refusal-no-alternative = nothing is known that could be used instead
refusal-is-maintained = it is maintained
refusal-no-foundation = no foundation carries it
refusal-excluded-by-another = another instrument stands against it

first-ask-first = ask the project
first-respect-the-answer = respect the answer
first-pay-for-triage = pay for the sorting of reports
first-audit-first = have it audited
first-ask-for-hours = ask how many hours there are
first-offer-less = offer less
first-join-the-other-funder = join whoever pays
first-ask-the-funders = ask who pays
first-find-fiscal-host = find somebody who can take money for it
first-reserve-continuation = set money aside for the time after
first-offer-other-help = offer other help
first-look-for-alternative = look for something else to use
first-help-the-present-people = help those who maintain it
first-name-foundation = name a foundation
first-choose-one = choose one of them

# Promises to projects.

commitments = Promises
commitments-headline-none = Nothing is promised to a project
commitments-headline-kept = { $all ->
    [one] One promise to a project, { $kept ->
        [0] not late
       *[other] kept
    }
   *[other] { $all } promises to projects, { $kept } kept, none late
}
commitments-headline-late = { $late ->
    [one] One promise to a project is late
   *[other] { $late } promises to projects are late
}
commitments-lede = How a promise stands follows from dates and from public work that can be looked at. A promise holds when a second person has approved it.
commitments-begin = The office promises something with `underpin commitment propose`; a plan says what would help.
commitments-figure = { $promised } are promised, { $earned } earned
commitments-measure = Euro by how their promise stands
commitments-euro = Euro
commitments-state = Stands
commitments-each = Each promise
commitments-late-days = { $count ->
    [one] One day late.
   *[other] { $count } days late.
}
commitments-double-same = { $funder } pays for the same on the same days. Talk to each other before anything is paid.
commitments-double-maybe = { $funder } may pay for the same. Ask before anything is paid.
commitments-this-office = This office itself
commitments-time = From – to
commitments-promised = Promised
commitments-earned = Earned
commitments-paid = Paid
commitments-proposed-by = Proposed by
commitments-approved-by = Approved by
commitments-withdrawn = Withdrawn
commitments-parts = Parts
commitments-part = Part
commitments-pays = Pays
commitments-work = Public work
commitments-shares = { $count ->
    [one] One agency pays
   *[other] { $count } agencies pay together
}
commitments-approve = Approve
commitments-done-approved = The promise holds now.
fault-same-approver = You proposed this promise: somebody else must approve it.
promise-proposed = Proposed
promise-promised = Promised
promise-kept = Kept
promise-late = Late
promise-withdrawn = Withdrawn
chart-source-register = the register of promises

# The plan as a page.

plan = Plan for support
plan-ask = What does the next euro buy?
plan-lede = The office may help only where a project was asked and can take it on. Name a budget: the plan takes what avoids most harm for it. A person decides on each item and its legal route; a second person agrees.
plan-budget = Budget in euro
plan-cap = At most for one project, in euro
plan-top = Projects to look at beside those we know
plan-make = Make the plan
plan-brief = On one page, for whoever decides
plan-back = The whole plan
plan-fault-money = Write an amount of at least 1000 euro, such as 5000000 or 5 000 000.
plan-fault-top = Write a whole number of at most 500.
plan-source = the plan, from dependence, facts about projects and beliefs
plan-curve-flat = More than { $budget } avoids no more harm: nothing else may be done yet
plan-curve-rises = Half of the budget avoids { $percent } of 100 parts of what all of it avoids
plan-curve-label = avoided
plan-curve-measure = Days a year on which systems would be hit, and are not, by what is spent at most
plan-items = What is paid for, and what it is expected to do
plan-avoided = Avoided
plan-avoided-range = Between
plan-stability = In so many plans
plan-marginal = Lost without it
plan-why = How these numbers come about
plan-cause = Cause of harm
plan-incidents = Incidents a year
plan-days = Days one lasts
plan-share = Share taken away
plan-refused-because = Because
plan-refused-for = For these projects
plan-first = What first
plan-more = { $count ->
    [one] One more project
   *[other] { $count } more projects
}
plan-unfunded = { $count ->
    [one] One project gets nothing
   *[other] { $count } projects get nothing
}
plan-unfunded-why = Why it gets nothing
plan-others = Other plans beside this one
plan-other-this = This plan
plan-other-half = With half the money
plan-other-double = With twice the money
plan-other-spread = With at most a tenth for one project
plan-other-uncapped = With no limit for one project
plan-more-instruments = { $count } more
plan-beliefs = What we believe where nobody has counted
plan-beliefs-note = These numbers hold for each project of which nothing better is written down: what is expected, and between what it is believed to lie. They are judgement. If you know better, write it down with its source (underpin facts add).
plan-certificate = The arithmetic: under these beliefs no plan avoids more than { $bound }, and this one surely reaches { $share } of 100 parts of that. This says nothing about whether the beliefs are right.
plan-instruments = What the office can do for a project
plan-needs = What must hold first
plan-route = Legal form that may fit
plan-route-note = Which legal form fits, and whether state aid has to be checked, is for a person to decide. Effects, sources and guard rails of each: underpin plan --instruments --format json.

unfunded-risk-unknown = nobody knows how many systems depend on it
unfunded-all-refused = nothing may be done yet
unfunded-nothing-helps = nothing would take harm away
unfunded-too-dear = what would help costs too much
unfunded-others-first = others avoid more for the money
needs-consent = the project wants it
needs-can-receive-money = it can take money
needs-triage-capacity = somebody has time to sort reports
needs-audit-first = it was audited
needs-absorptive-capacity = its people have the hours
needs-takes-contributions = it takes contributions
needs-continuity-reserve = money for the time after
needs-known-alternative = something else to use
needs-nobody-maintains = nobody maintains it
needs-known-foundation = a foundation carries it
route-procurement = purchase of services
route-grant = grant
route-membership = membership
route-employment = employment
route-own-work = work of own people

# What everybody may see of promises.

promises = Promises to open source projects
promises-headline-none = No promise to a project is public yet
promises-headline = { $all ->
    [one] One promise to a project
   *[other] { $all } promises to projects
}: { $kept } kept, { $late } late
promises-lede = What the government has promised to projects that agreed to be named here. How a promise stands follows from dates and from public work that you can look at. Whether a project takes the work is the project's choice.
promises-unnamed = Projects that did not agree to be named, and to which something is promised:
promises-all = What everybody sees of promises
promises-accounts = All payments, as a file
promises-states = How they stand
plan-fault-euro = Write whole euro, 0 or more, such as 300000.
plan-fault-hours = Write whole hours, such as 400.
plan-fault-name = Each rule needs a name of its own.
plan-fault-of = Say what the rule is about, with commas between.
plan-fault-instrument = Write names from the list “What the office can do for a project”, with commas between.
plan-rules = Rules of the house beside the budget
plan-rules-note = Empty rows count for nothing. When all are filled, make the plan: more rows follow.
plan-office-hours = Hours that our own people have
plan-own-skills = No more of our own hours than the list of our skills below has left
plan-year = At most in year { $count }, in euro
plan-rule = Rule { $count }
plan-rule-name = Name of the rule
plan-rule-bound = How much
plan-rule-euro = Amount in euro
plan-rule-kind = What counts
plan-rule-of = Which, with commas between
plan-bound-at-most = At most
plan-bound-at-least = At least
plan-kind-instruments = Money for these kinds of help
plan-kind-ecosystems = Projects with packages of these kinds (npm, maven)
plan-kind-agencies = Projects that these agencies use
plan-kind-projects = These projects
plan-hours = Our own hours
plan-hours-count = { $count ->
    [one] one hour
   *[other] { $count } hours
}
plan-prices = What the rules cost
plan-prices-note = Each rule alone is made a little looser, and the plan is made again. A rule that costs nothing does not stand in the way.
plan-price-rule = Rule
plan-price-looser = If it were looser by
plan-price-gain = The plan would avoid more
plan-price-budget = The budget
plan-price-office-hours = Hours that our own people have
plan-other-free = Without these rules
plan-other-none = No plan keeps all rules.
plan-skills = What we can do ourselves
plan-skills-note = Hours a year of what our own people can do, offered like money. The list holds skills, never persons. What is promised is reckoned from the promises that hold today.
plan-skill = Skill
plan-skill-hours = Hours a year
plan-skill-promised = Promised
plan-skill-left = Left to offer
plan-skill-change = Change
plan-skill-write = Write down
skill-contracting = Contracts and awards
skill-programming = Programming
skill-release-engineering = Builds and releases
skill-security-review = Security review
skill-facilitation = Bringing people together
