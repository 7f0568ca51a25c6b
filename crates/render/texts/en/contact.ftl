# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

engagements = Conversations with projects
engagements-headline-none = No project was written to
engagements-headline = { $open ->
    [0] No conversation with a project is open
    [one] { $open } conversation with a project is open
   *[other] { $open } conversations with projects are open
  }
engagements-lede = The whole government has one conversation with a project about one topic. Every wish passes the same rules. Another person approves the exact words, and a person sends them: this program sends nothing.
engagements-ask = Ask to write to a project
engagements-begin = What agencies want to say to a project is asked here first. Issues, patches and reviews in your own name are free.
engagements-help = The rules, and how to write to a project
engagements-source = the register of conversations
engagements-each = Conversations
engagements-apart = Requests without a conversation
engagements-apart-says = These were refused, or were noted because taking part is free.
engagements-figure = { $given ->
    [one] We gave once
   *[other] We gave { $given } times
  } and asked { $asked ->
    [one] once
   *[other] { $asked } times
  }
engagements-measure = Times that we asked projects for something, and times that we gave them something. Merged requests cost a project nothing.
engagements-times = Times
engagements-what = What
engagements-asked-opened = Asked: a conversation
engagements-asked-reminded = Asked: a reminder
engagements-replied = Answered: a reply of ours
engagements-merged = Kept away: merged
engagements-given-patches = Given: a patch
engagements-given-thanks = Given: thanks
engagements-silence = { $count ->
    [one] Half of the projects answer within { $count } day.
   *[other] Half of the projects answer within { $count } days.
  }
engagements-silence-least = { $count ->
    [one] Half of the waits for an answer last at least { $count } day.
   *[other] Half of the waits for an answer last at least { $count } days.
  }
engagements-burden = Asked and given, by month
engagements-month = Month
engagements-minutes = Minutes asked
engagements-minutes-unknown = { $count ->
    [one] { $count } not said
   *[other] { $count } not said
  }
engagements-conversation = Conversation
engagements-next = What may follow
engagements-requests = Requests
engagements-opened = Opened
engagements-request = Request
engagements-own-part = You see your own requests and how the conversation stands. Who writes to projects for the whole government sees the rest.
engagements-case = Case { $case }

engagement-headline = { $conversation }: { $topic }, with { $project }
engagement-budget = { $used } of { $contacts } conversations within 30 days are used, and { $used_long } of { $contacts_long } within 60 days
engagement-budget-now = One more may be opened now.
engagement-budget-from = One more may be opened from { $day } on.
engagement-budget-held = One contact within 60 days is always held back for disclosures of vulnerabilities, whether or not there is one.
engagement-budget-spent = { $count ->
    [one] You may see { $count } conversation of a disclosure within 60 days; it is in the same purse.
   *[other] You may see { $count } conversations of disclosures within 60 days; they are in the same purse.
  }
engagement-owed = Still owed to the project:
engagement-owed-title = Thank, and tell what came of it
engagement-timeline = What was said
engagement-nothing-said = Nothing was handed out yet.
engagement-said-theirs = The project answered
engagement-said-reminder = A reminder was handed out
engagement-said-ours = Words were handed out
engagement-told = The project was told: { $outcome }
engagement-rows = Requests in it
engagement-note = Note what happened
engagement-note-answer = The project answered
engagement-note-came = When the answer came (UTC); empty for now
engagement-note-answer-says = That an answer came is noted, never who gave it.
engagement-note-thanks = The project was thanked
engagement-note-outcome = What the project was told of what came of it
engagement-note-tell = Note what it was told
engagement-end = End the conversation
engagement-end-how = How it ends
engagement-remind = Ask to remind the project
engagement-reply = Ask to reply to the project
engagement-follow = Write in this conversation
engagement-follow-says = The words are a draft, as all words: another person approves exactly them, and a person sends them. What the project says is answered at once, at most twice each time; a reply spends nothing of the budget.
engagement-done-answer = The answer is noted.
engagement-done-thanks = The thanks are noted.
engagement-done-outcome = It is noted what the project was told.
engagement-done-ended = The conversation has ended.

naming = Named in thanks
naming-says = An agency says itself whether it may be named, or counted, where a project is thanked. Who said nothing is neither named nor counted. A yes can be taken back.
naming-none = It has said nothing.
naming-agrees = May it be named
naming-project = Project; empty for all
naming-all = All projects
naming-said-by = Who of the agency says so
naming-day = Day
naming-note = Note it
naming-done = What the agency says is noted.
naming-nobody = No agency that relies on the project agreed to be named or counted.
naming-who = Only these agencies agreed, and only they are named or counted: { $agencies }.
naming-name-them = name the agencies that agreed
naming-thank = Write thanks

contact-card = How the project wants to be approached
card-says = Look at this before you write. What nobody said is unknown, and the rules read it in favour of the project.
card-opted-out = Wants no contact
card-archived = Archived
card-accepts-reports = Accepts reports
card-accepts-changes = Accepts changes
card-automated = Accepts changes by programs
card-fixes = Takes only fixes
card-bots = Its guide allows programs
card-volunteers = Run by volunteers
card-maintainers = Active maintainers
card-doors = Where it can be reached
card-no-doors = Nobody wrote down where it can be reached. A report of a vulnerability then goes to the national CERT.
card-open = Open conversations with it
card-open-says = Your request joins one of these where it is about the same topic or says the same.
card-open-none = There is none that you may see.

ask-headline = Write to { $project }
ask-headline-none = To which project do you want to write?
ask-project = Project
ask-project-note = Its repository, or a package of it
ask-look = Look at the project first
ask-form = What you want to say
ask-kind = What you want
ask-kind-note = A report of a vulnerability waits for nothing. Who asks for something brings a patch, a reproduction or money.
ask-topic = What it is about
ask-case = Case
ask-case-note = For a vulnerability that is not public: the number of the case, as C12. The conversation is then seen by nobody else.
ask-words = Your words
ask-words-note = Without greeting or signature. English, if the project reads English.
ask-numbers = Begin with the true sentence: how many services of agencies that agreed rely on the project
ask-agency = In the name of which agency
ask-agency-note = Its name or identifier
ask-author = Your name, as it will be signed
ask-complaints = Where the project can complain
ask-complaints-note = An address of a mailbox or a page
ask-assistance = Did a program write the words?
ask-assistance-choose = Please choose
ask-patch = Address of a patch
ask-reproduction = How to see the fault
ask-budget = Approved money, in euro
ask-minutes = Minutes that an answer takes
ask-minutes-note = Your own estimate of the project's time
ask-send = Ask the gate
ask-may-not = Who decides for an agency asks here. You may read.
ask-fault-agency = No agency is called that.
ask-fault-agency-many = Several agencies are called that: use the identifier.
ask-fault-project = No project is known by that name. Use the address of its repository.
ask-fault-case = There is no such case that you may see.
ask-fault-money = Money is a number of euro, such as 500 or 99.50.
ask-fault-minutes = Minutes are a whole number.
ask-fault-long = The words are too long.

request-headline-noted = { $request } is noted: taking part is free
request-headline-merged = { $request } joined { $conversation }: the project is not asked again
request-headline-drafted = { $request } waits for approval of its words
request-headline-approved = { $request } is approved, and can be handed out
request-headline-handed-out = { $request } was handed out
request-headline-refused = { $request } is refused: { $why }
request-why = The rule, and what to do first
request-rule = Rule
request-reason = Why
request-first = What to do first
request-until = Not before
request-same-as = { $same } says the same already.
request-words = The words
request-door = Through which door
request-address = Address
request-coordinator = The national CERT, which the office chooses
request-digest = Digest of the words
request-author = Written by
request-approved-by = Approved by
request-nobody-approved = Nobody yet
request-handed-out = Handed out
request-made = Asked
request-whose = Asked for
request-verdict = The gate says
request-advice = Think about
request-approve = I read these words, and I approve exactly these
request-own-words = You wrote these words. Another person approves them.
request-hand-out = Hand out the words
request-hand-out-says = You get the text and a draft of a mail. Nothing is sent: a person sends it.
request-mail = Draft of a mail (.eml)
request-done-asked = The gate has answered.
request-done-approved = The words are approved.
request-done-handed-out = The words are handed out. Nothing was sent.
request-not-approved = Nobody else than the author approved the words yet.
request-moved = This cannot be done any more: look at how it stands now.

verdict-noted = Noted
verdict-merged = Merged
verdict-drafted = Draft
verdict-refused = Refused
conversation-state-draft = Not handed out
conversation-state-waiting = Waits for the project
conversation-state-answered = The project answered
conversation-state-ended = Ended
conversation-ended-solved = Solved
conversation-ended-declined = Declined
conversation-ended-silent = No answer
conversation-ended-withdrawn = Withdrawn
request-kind-vulnerability-report = Report of a vulnerability
request-kind-issue = Issue
request-kind-patch = Patch
request-kind-change = Change
request-kind-review = Review
request-kind-talk = Talk
request-kind-thanks = Thanks
request-kind-offer = Offer
request-kind-invitation = Invitation
request-kind-ask = Ask for something
request-kind-reminder = Reminder
request-kind-reply = Reply
topic-vulnerability = A vulnerability
topic-defect = A defect
topic-maintenance = Maintenance
topic-funding = Funding
topic-supply-chain = The supply chain
topic-community = The community
topic-other = Something else
channel-security-policy = Security policy
channel-private-report = Private report
channel-stated = The way that the project states
channel-maintainers = Maintainers
channel-public-issue = Public issue
channel-coordinator = Coordinator
assistance-no-machine = No
assistance-corrected = A program corrected the language
assistance-drafted = A program drafted them, and I read and changed them
contact-next-send = The words are to be approved and handed out
contact-next-answer = It is our turn: the project answered
contact-next-wait = Nothing: silence is no refusal
contact-next-remind = A reminder may be written
contact-next-coordinator = A coordinator is asked, and the project is left alone
contact-next-over = Nothing: it has ended
contact-next-from = from { $day } on
owed-thanks = thanks
owed-outcome = what came of it
advice-add-reproduction = A report without a way to see the fault costs the project hours.
advice-open-case = A report of what is not public needs a case, so that its conversation is one of its own.
advice-say-minutes = Nobody said how long an answer takes.
advice-way-unstated = The project did not say how it wants to be approached.

gate-rule-E1 = The government has one open conversation with a project about one topic. What other agencies want to say is merged into it.
gate-rule-E2 = Within 30 days a project is approached once, and once more for every three active maintainers. Within 60 days one contact is always held back for disclosures of vulnerabilities, which are never refused. Programs write only where the project says so, and nobody is approached who does not want to be.
gate-rule-E3 = Words go where the project's security policy says, else by private report, else to its maintainers. A public issue only asks for a private channel.
gate-rule-E4 = Who asks for something brings a patch, a reproduction or money. Questionnaires are never sent.
gate-rule-E5 = A reminder follows after 7 days of silence, a second one 21 days later. After that a coordinator is asked and the project is left alone. What the project says is answered at once, at most twice each time.
gate-rule-E6 = A named person of a named agency writes, says what a program wrote, and names where to complain. Another person approves exactly these words.
gate-rule-E7 = A conversation ends with thanks and with what came of it. What was asked is held against what was given. Thanks name and count only agencies that agreed.

refusal-opted-out = the project wants no contact
refusal-archived = the project is archived
refusal-reports-not-accepted = the project accepts no reports
refusal-changes-not-accepted = the project accepts no changes
refusal-fixes-only = the project takes only fixes
refusal-bots-not-accepted = the project did not say that programs may write to it
refusal-budget-used = the project was approached often enough
refusal-no-channel = nobody knows where the project can be reached
refusal-brings-nothing = it asks and brings nothing
refusal-questionnaire = it is a questionnaire
refusal-too-soon = it is too soon for a reminder
refusal-answered = the project has answered
refusal-not-sent-yet = the first words were not handed out yet
refusal-reminders-used = two reminders were sent
refusal-nothing-to-answer = the project said nothing that could be answered
refusal-replies-used = the project was answered twice already
refusal-was-silent = the project did not answer about this topic
refusal-no-such-conversation = there is no such open conversation
refusal-no-words = there are no words
refusal-author-unnamed = the author is not named
refusal-agency-unnamed = the agency is not named
refusal-assistance-unsaid = nobody said whether a program wrote the words
refusal-no-place-for-complaints = there is no address for complaints
refusal-not-approved = nobody else approved the words
refusal-approver-is-author = the author cannot approve
refusal-words-changed = the words changed since they were approved
refusal-consent-withdrawn = an agency in the words no longer agrees to be named or counted

refusal-first-opted-out = Leave the project alone. A vulnerability goes to the national CERT as coordinator.
refusal-first-archived = Nobody works there any more: look for a successor, or plan a replacement.
refusal-first-reports-not-accepted = A vulnerability goes to the national CERT as coordinator.
refusal-first-changes-not-accepted = Carry the change as a patch of our own, or ask whether an offer is welcome.
refusal-first-fixes-only = Bring a fix of a defect, or keep the change as a patch of our own.
refusal-first-bots-not-accepted = Let a person look at it and send it in their own name.
refusal-first-budget-used = Wait until the day, or add it to an open conversation.
refusal-first-no-channel = Find out how the project wants to be approached. A vulnerability goes to a coordinator.
refusal-first-brings-nothing = Bring a patch, a reproduction or approved money, or make it an offer.
refusal-first-questionnaire = Take the answers from the dossier of the project, which is made of public evidence. No questionnaire goes to a project.
refusal-first-too-soon = Wait until the day: silence is no refusal.
refusal-first-answered = Read the answer: it is our turn. Write a reply, not a reminder.
refusal-first-not-sent-yet = Send the first words, or withdraw them.
refusal-first-reminders-used = Ask a coordinator: the foundation behind the project, or the national CERT.
refusal-first-nothing-to-answer = Note the answer of the project first, or remind it when that is due.
refusal-first-replies-used = Wait until the project says something.
refusal-first-was-silent = Ask a coordinator: the project did not answer on this topic.
refusal-first-no-such-conversation = Name the open conversation that the words belong to.
refusal-first-no-words = Write what is to be said.
refusal-first-author-unnamed = Name the person who wrote the words.
refusal-first-agency-unnamed = Name the agency in whose name they are said.
refusal-first-assistance-unsaid = Say whether a program wrote or corrected the words.
refusal-first-no-place-for-complaints = Name an address for complaints.
refusal-first-not-approved = Let another person read and approve exactly these words.
refusal-first-approver-is-author = Let somebody else than the author approve.
refusal-first-words-changed = Let the words be approved again.
refusal-first-consent-withdrawn = Write the thanks anew, without that agency.

words-contact = Conversations with projects
meaning-verdict-noted = Taking part like anyone else is free; it is only written down.
meaning-verdict-merged = It joined an open conversation; the project is not asked again.
meaning-verdict-drafted = Words are ready; another person has to approve them.
meaning-verdict-refused = A rule is against it; the answer says which rule, why, and what to do first.
meaning-conversation-state-draft = There are words, but nobody handed them out yet.
meaning-conversation-state-waiting = Words were handed out, and the project has not answered.
meaning-conversation-state-answered = The project spoke last: it is our turn.
meaning-conversation-state-ended = The conversation is over.
meaning-conversation-ended-solved = What was asked is settled.
meaning-conversation-ended-declined = The project answered and said no.
meaning-conversation-ended-silent = The project did not answer, and is left alone.
meaning-conversation-ended-withdrawn = The government took its words back.
meaning-request-kind-vulnerability-report = A vulnerability is told to those who can mend it. It waits for nothing.
meaning-request-kind-issue = Somebody reports a fault in their own name, like anyone else.
meaning-request-kind-patch = Somebody offers a mended piece of code in their own name.
meaning-request-kind-change = Somebody offers new code in their own name.
meaning-request-kind-review = Somebody reads changes of others for the project.
meaning-request-kind-talk = Somebody speaks at a meeting of the project.
meaning-request-kind-thanks = The project is thanked; this asks for nothing.
meaning-request-kind-offer = The government offers money or hands.
meaning-request-kind-invitation = The project is invited to be heard.
meaning-request-kind-ask = The government wants something from the project, and brings something for it.
meaning-request-kind-reminder = A second word in a conversation without an answer; two at most.
meaning-request-kind-reply = Words that answer what the project said; they wait for nothing and spend nothing of the budget.
meaning-channel-security-policy = The address that the project names for vulnerabilities.
meaning-channel-private-report = A form for private reports where the project keeps its code.
meaning-channel-stated = The way in which the project says that it wants to be approached.
meaning-channel-maintainers = An address of the maintainers as a group.
meaning-channel-public-issue = The public list of issues; there we only ask for a private channel.
meaning-channel-coordinator = The national CERT or a foundation that speaks to the project for us.
meaning-naming-agrees = Whether the agency may be named or counted where a project is thanked; it says so itself.
meaning-engagements-next = What the rules allow next in this conversation.
meaning-engagements-minutes = How long answers take the projects, as far as the authors said so.
meaning-request-rule = The rule of the contact gate that says no.
meaning-request-digest = A short code that belongs to exactly these words; other words have another one.
meaning-request-verdict = What the contact gate answered to the request.
meaning-request-door = The address of the project that the words go to.
