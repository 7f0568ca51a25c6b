# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0
#
# The office's compass: mandate, roles, consultations, guidelines, the annual report.

compass = The office's compass

# mandate

mandate = Mandate
mandate-headline = The mandate of the office
mandate-headline-none = Nobody has written down the mandate yet
mandate-headline-unknown = { $count ->
    [one] The mandate: one thing is not known
   *[other] The mandate: { $count } things are not known
}
mandate-lede = By which law the office works, where it stands, with whom something is agreed, and with which means. What nobody wrote down is not known.
mandate-legal-basis = Legal basis
mandate-legal-source = Where it can be read
mandate-place = Place
mandate-place-standalone = By itself
mandate-place-part-of-larger = Part of a larger office for open source
mandate-host = Belongs to
mandate-posts = Posts
mandate-filled = Of these, filled
mandate-budget = Money for a year
mandate-budget-in = { $amount } in { $year }
mandate-year = Year
mandate-not-known = not known
mandate-agreements = Agreements with agencies
mandate-agreements-count = With { $count } of { $of } agencies something is agreed.
mandate-agreed-since = Agreed since
mandate-agreed-about = What is agreed
mandate-none-agreed = nothing
mandate-skills = Skills of the office
mandate-skill-hours = Hours a year
mandate-skill-missing = missing
mandate-change = Change the card
mandate-change-note = What you leave empty becomes not known. Earlier cards are kept.
mandate-save = Write it down
mandate-done = It was written down.
mandate-written = Written by { $who } on { $day }.
mandate-earlier = Earlier cards
mandate-agreements-how = Agreements are written down on the command line: `underpin mandate set --agreement AGENCY=DAY=TEXT`

# roles

roles = Roles of the office
roles-headline = { $count ->
    [0] None of the four roles is active
    [4] All four roles are active
    [one] One of the four roles is active
   *[other] { $count } of the four roles are active
}
roles-headline-assumed = All four roles count as active: nobody has said anything about them yet
roles-lede = Which roles the office has taken on, what each rests on, whom it heard before, and what comes next. What is not active is not on screen; what was kept is kept.
roles-role = Role
roles-state = State
roles-since = Since
roles-coming = To come
roles-measures = Measures
roles-next = Next step
roles-rests-on = What it rests on
roles-outcome = Holds
roles-number = How many
roles-maturity = How far it was
roles-maturity-line = From { $day } on: { $count } of { $of } measures
roles-matrix = Measures by stage in the life of software
roles-measure = Measure
roles-steps = What was switched, and what led there
roles-steps-none = Nobody has switched anything yet. So every role counts as active, and nothing disappears.
roles-step-what = What
roles-step-from = From
roles-step-why = Why
roles-step-led = What led there
roles-step-changed = What changed by it
roles-nobody-said = nobody said
roles-coming-line = { $state } from { $day } on
roles-unheard = Nobody was heard: { $why }
roles-by-consultation = Consultation { $number }: { $comments ->
    [0] no comment
    [one] one comment
   *[other] { $comments } comments
}
roles-heard = heard besides: { $who }
roles-switch = Switch a role
roles-switch-note = A role starts or changes after a consultation that was closed with every comment answered, or with a reason why there was no time, which everybody reads. Planning needs neither, unless something active ends by it.
roles-switch-to = To
roles-switch-whole = the whole role
roles-switch-urgent = Why there was no time to hear anybody
roles-switch-button = Switch
roles-done = It was switched.
roles-not-active = This belongs to a role of the office that is not active
roles-not-active-why = It belongs to the role “{ $role }”, which is { $state }. That is no question of your rights: nobody sees it now. What was kept is kept.
roles-to-planner = To the roles of the office

office-role-coordinator = Coordinator
office-role-role-model = Role model
office-role-supporter = Supporter
office-role-regulator = Regulator
roles-state-planned = planned
roles-state-active = active
roles-state-retired = retired
software-stage-select = Select and buy
software-stage-develop = Develop
software-stage-release = Build and release
software-stage-operate = Operate
software-stage-incident = In an incident
software-stage-end-of-life = At the end of support

measure-inventory = Inventory of what is used
measure-evidence-rounds = Rounds of collection
measure-exposure-watch = Watch over vulnerabilities
measure-incident-coordination = Incidents answered together
measure-support-end-watch = Watch over ends of support
measure-own-code-in-public = Own code in public
measure-practice-checks = Own repositories checked
measure-own-advisories = Own warnings published
measure-upstream-first = Patches given back
measure-open-data = Open data about use
measure-delivery-acceptance = Deliveries held against rules
measure-rulebooks = Rules that run
measure-draft-law-tests = Drafts of law tried out
measure-reporting-clocks = Reporting clocks
measure-dependency-report = Report about dependencies

prerequisite-agencies-registered = Agencies are in the registry
prerequisite-systems-known = At least half of the systems are known
prerequisite-sources-fresh = No source is older than it should be
prerequisite-repositories-looked-at = At least half of the own repositories were looked at
prerequisite-something-published = Something of our own is published
prerequisite-promises-kept = All promises whose day has come were kept
prerequisite-conversations-answered = At least half of the conversations were answered
prerequisite-budget-known = The money for a year is known
prerequisite-skills-known = Hours are known for every skill
prerequisite-legal-basis-known = The legal basis is known
prerequisite-consultations-answered = All consultations that are over were answered and closed
prerequisite-outcome-met = yes
prerequisite-outcome-not-met = no
prerequisite-outcome-unknown = not known

roles-next-answer = Answer every comment of consultation { $about } and close it
roles-next-wait = Wait for the comments on consultation { $about }
roles-next-begin = Begin: consultation { $about } is closed
roles-next-meet = First: { $about }
roles-next-find-out = Find out: { $about }
roles-next-consult = Put it to everybody in a consultation
roles-next-say-so = Write down that the role is active, and what led there
roles-next-keep-it-up = Keep it up, and tell of it once a year
roles-next-nothing = Nothing: it was given up

# guidelines

guide = Guidelines, measured
guide-lede = How the office behaves towards the people who make open source. Every number leads to its rows, and there is no score. Contacts are those of the last twelve months.
guide-guideline = Guideline
guide-what = What is counted
guideline-respect = Respect
guideline-cooperation = Cooperation
guideline-collaboration = Collaboration
guideline-sincerity = Sincerity
guide-projects-contacted = Projects that were written to
guide-most-contacts-of-one = Most conversations opened with one project
guide-minutes-asked = Minutes that answers take, as far as that was said
guide-requests-without-minutes = Requests without that said
guide-opted-out-contacted = Open conversations with projects that want none
guide-opt-outs-kept = Requests held back because a project wants none
guide-topics-with-two-voices = Topics with more than one open conversation
guide-requests-merged = Requests that joined a conversation and cost the project nothing
guide-findings-shared = Warnings, statements and parts lists that were published
guide-consultations-closed = Consultations that were answered and closed
guide-comments-answered = Comments that were answered in public
guide-replies-given = Replies to what projects said
guide-conversations-rated = Conversations that projects rated
guide-promises-kept = Promises kept
guide-promises-late = Promises late
guide-promises-withdrawn = Promises taken back, with a public reason
guide-systems-not-known = Systems that are not known well enough, and said to be so
guide-switched-unheard = Steps of roles before which nobody was heard

# consultations

consult = Consultations
consult-headline-none = Nothing is put to everybody yet
consult-headline = { $count ->
    [0] No consultation is open now
    [one] One consultation is open: say what you think
   *[other] { $count } consultations are open: say what you think
}
consult-lede = Before the office takes on a role or changes one, it puts a draft to everybody. You need no account and no name. Somebody looks at each comment before it is shown, and each one that is shown is answered here.
consult-title = Title
consult-about = About
consult-period = Period
consult-period-line = { $from } to { $until }
consult-comments = Comments
consult-comments-line = { $comments ->
    [0] none
    [one] one comment
   *[other] { $comments } comments
}: { $answered } of { $shown } answered
consult-more-line = waiting to be looked at: { $waiting }, not shown: { $hidden }, withdrawn by their authors: { $withdrawn }, taken out by the office: { $taken }
consult-state = State
consult-state-draft = draft
consult-state-planned = begins later
consult-state-open = open
consult-state-over = over, answers to come
consult-state-closed = closed
comment-state-waiting = waits to be looked at
comment-state-shown = shown
comment-state-not-shown = not shown
comment-state-withdrawn = withdrawn
comment-state-taken-out = taken out
comment-ground-advertising = advertising
comment-ground-personal-data = personal data
comment-ground-insult = insult
comment-ground-off-topic = about something else
comment-ground-repeated = said before
comment-ground-secret = tells what must not be told
consult-verdict-accepted = Accepted
consult-verdict-partly = Accepted in part
consult-verdict-not-accepted = Not accepted
consult-draft = The draft
consult-question = The question
consult-proposed = Afterwards “{ $what }” is to be { $state }.
consult-result = What came of it
consult-changed = What changed
consult-heard-besides = Heard besides
consult-led-to = What it led to
consult-led-line = { $what }: { $state } from { $day } on
consult-none-shown = No comment is shown yet.
consult-anonymous = without a name
consult-answer-waits = The answer is still to come.
consult-answer = Answer
consult-say = Say what you think
consult-words = Your comment
consult-words-note = Plain text, at most 8,000 bytes. Please write nothing about persons.
consult-name = Name, if you want one to stand beside it
consult-show-name = Everybody may read the name
consult-send = Send
consult-sent = Thank you. Comment { $number } was taken. It is shown when somebody has looked at it.
consult-key = With this key you can take it back. It is shown this once:
consult-withdraw = Take a comment back
consult-withdraw-note = With the key that was shown when you sent it. Its words are then gone for good.
consult-number-of = Consultation that led there
consult-number = Number of the comment
consult-withdraw-key = Key
consult-withdraw-button = Take it back
consult-withdrawn-done = It was taken back. Its words are gone.
consult-exceptions = Switched without hearing anybody
consult-look = For the office
consult-show = Show it
consult-hide = Do not show it
consult-hide-ground = Why not
consult-take-out = Take its words out (two people)
consult-take-out-asked = Somebody wants these words taken out: { $ground }. When another person says so, too, they are gone for good.
consult-answer-button = Answer
consult-verdict = What becomes of it
consult-publish = Publish it
consult-publish-note = Everybody can read it from then on, and it does not change any more.
consult-close = Close it
consult-close-note = When its period is over and every comment has an answer.
consult-heard-count = Heard besides, in talks: { $who }
consult-done = It was done.
consult-begin = A draft is written down with `underpin consultation draft FILE`
heard-agencies = agencies
heard-maintainers = people who maintain projects
heard-contributors = people who contribute
heard-foundations = foundations
heard-companies = companies
heard-researchers = researchers
heard-civil-society = civil society
heard-citizens = citizens
heard-others = others
fault-comment = This could not be taken. It must be plain text within the bounds, within the period, and not the same as another comment.
fault-comment-key = There is no such comment with this key.
fault-consultation = This cannot follow now. Look at how the consultation stands.
why-too-many-comments = So many comments wait to be looked at that no more is taken now. Please come again later.

# the annual report

annual = Annual report
annual-title = Annual report { $year }
annual-running = The year is not over: the numbers are those of the moment in the foot.
annual-how-to-read = Every number can be asked for again: with the command beside it and the moment in the foot (--as-of), or on the page behind it. Nothing is added up into a score.
annual-eyes = Counted with the eyes of somebody who reads for the whole government up to “{ $clearance }”: what lies above that, or in a compartment of others, is not counted. May be passed on as { $marking } allows.
annual-what = What
annual-how-many = How many
annual-asked-by = Asked for by
annual-foot = As of { $at }. The same again: { $command }
annual-not-known = not known
annual-count-of = { $count } of { $of }
annual-lead-systems = Of { $of } systems the contents of { $count } are known.
annual-lead-promises = { $count } of { $of } promises to projects are kept.
annual-lead-consultations = { $count ->
    [0] No consultation was published.
    [one] One consultation was published.
   *[other] { $count } consultations were published.
}
annual-choose = Year
annual-section-mandate = Mandate
annual-section-roles = Roles
annual-section-inventory = What is used
annual-section-incidents = Incidents
annual-section-rules = Rules over the house
annual-section-role-model = Own house
annual-section-support = Support of projects
annual-section-listening = Listening
annual-section-unknown = What we do not know
annual-budget = Money for a year
annual-agreements = Agencies with an agreement
annual-mandate-unknown = Things of the mandate that nobody wrote down
annual-roles-active = Roles that are active
annual-roles-assumed = Of these, roles about which nobody said anything
annual-role-steps = Steps of roles in the year
annual-unheard = Of these, without hearing anybody
annual-agencies = Agencies
annual-systems-known = Systems whose contents are known
annual-documents-new = Documents that came in the year, of all that count
annual-rounds = Rounds of collection so far
annual-incidents-opened = Incidents opened in the year
annual-incidents-closed = Incidents closed in the year
annual-drills = Drills in the year
annual-waivers-granted = Waivers of rules that were granted
annual-waivers-hold = Waivers of rules that hold
annual-waivers-ran-out = Waivers of rules that ran out
annual-waivers-asked-for = Waivers of rules that wait for an answer
annual-repositories = Own repositories that were looked at
annual-publications = Documents published in the year
annual-promises-made = Promises approved in the year
annual-promises-kept = Promises kept, of all that hold
annual-promises-late = Promises late
annual-promises-withdrawn = Promises taken back
annual-paid = Paid to projects in the year
annual-conversations = Conversations opened in the year
annual-consultations = Consultations published in the year
annual-consultations-closed = Consultations closed in the year
annual-comments = Comments that came in the year
annual-comments-answered = Of those shown, answered
annual-systems-blind = Systems whose evidence cannot show everything
annual-systems-stale = Systems with old evidence alone
annual-systems-unknown = Systems of which nothing is known
annual-sources-stale = Sources that are older than they should be

# the first 30 days

first-days = The first 30 days
first-mandate = Write the mandate down
first-mandate-note = { $count ->
    [0] It is written down as far as it is known.
    [one] One thing is not known yet.
   *[other] { $count } things are not known yet.
}
first-talk = Have the first conversation with a project
first-talk-note = { $count ->
    [0] None was opened yet. Ask the gate before you write.
    [one] One was opened.
   *[other] { $count } were opened.
}
first-hear = Hold the first consultation
first-hear-note = { $count ->
    [0] None was published yet. A role starts after one.
    [one] One was published.
   *[other] { $count } were published.
}
first-command = On the command line:

# what the words mean

words-compass = Words of the compass
meaning-office-role-coordinator = The office knows what the government uses, and brings agencies together when something happens.
meaning-office-role-role-model = The government does itself what it asks of others: its code is public, checked and well looked after.
meaning-office-role-supporter = The office helps projects that the government leans on, with money, work or people.
meaning-office-role-regulator = The office helps to make rules that can be kept, and shows whether they are.
meaning-roles-state-planned = The office wants to take it on, and has not yet.
meaning-roles-state-active = The office does it now.
meaning-roles-state-retired = The office does it no more. What was kept is kept.
meaning-roles-rests-on = What should hold before the office takes a role on, worked out from what is known.
meaning-roles-outcome = Whether it holds; not known where there is nothing to work it out from.
meaning-roles-measures = How many of the things that belong to the role are done now.
meaning-roles-next = What makes sense next: what is owed to people first, then what is missing.
meaning-roles-step-led = The consultation before the step, or why nobody was heard.
meaning-consult-state-draft = Only the office sees it.
meaning-consult-state-planned = Everybody can read it; comments are taken later.
meaning-consult-state-open = Comments are taken now.
meaning-consult-state-over = No more comments are taken; the office owes answers.
meaning-consult-state-closed = Every comment that is shown has an answer, and it is said what changed.
meaning-comment-state-waiting = Nobody has looked at it yet, so it is not shown.
meaning-comment-state-shown = Everybody can read it, and it is answered.
meaning-comment-state-not-shown = Somebody looked at it and did not show it, for a ground that is counted.
meaning-comment-state-withdrawn = Its author took it back; its words are gone.
meaning-comment-state-taken-out = Two people of the office took its words out, for a ground that is counted.
meaning-guideline-respect = People who make open source are no suppliers: they are asked little, and a no is kept.
meaning-guideline-cooperation = The government speaks with one voice, and shares what it found out.
meaning-guideline-collaboration = People are heard before something is decided, and can answer.
meaning-guideline-sincerity = Promises are kept in public, and what is not known is said.
meaning-annual-asked-by = The command that gives the rows behind a number.
