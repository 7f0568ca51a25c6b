# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

## Messages and rounds of collection.

mail-subject-risks = { $count ->
    [one] One new risk for your systems
   *[other] { $count } new risks for your systems
}
mail-greeting = Hello { $name },
mail-risks = { $count ->
    [one] one risk is new since we last wrote to you:
   *[other] { $count } risks are new since we last wrote to you:
}
mail-more = … and { $count } more.
mail-due = due { $day }
mail-withheld = { $count ->
    [one] One more waits for you in the house; it may not be named in a mail.
   *[other] { $count } more wait for you in the house; they may not be named in a mail.
}
mail-look = Look at them here: { $address }
mail-foot = You get this because you asked for it. Change or end it here: { $address }

## Letters to agencies.

letter-drill = This is an exercise. Nothing of it is real.
letter-drill-mark = DRILL
letter-to = To: { $agency }
letter-reminds = We wrote to you before and have no answer yet.
letter-is-late = Your answer was due on { $due }. It is still needed.
letter-round-asks = The government must know what software it runs. This letter belongs to the round of collection “{ $title }”.
letter-incident-asks = An incident needs your answer: “{ $title }”.
letter-where = System
letter-what = What we ask for
letter-item-evidence = A list of what is installed or built in (SBOM, lockfile or package list)
letter-item-check = Do you use what this is about?
letter-item-fix = It is hit: please fix it, and send a new list of what is in it
letter-item-verify = Please send proof that it is fixed
letter-item-other = Please see the task
letter-more = { $count ->
    [one] One more waits for you in the house; it may not be named in a letter.
   *[other] { $count } more wait for you in the house; they may not be named in a letter.
}
letter-due = Please answer by { $due }.
letter-how = How to answer
letter-answer = Say how it stands, without an account: { $link }
letter-upload = Hand in files, without an account: { $link }
letter-reply = Or reply to this mail with the files attached. Keep { $link } in the subject. Name each file after its system.
letter-collect = If you have no tool: this script collects what the package managers know, and nothing else: { $link }
letter-house = If you have an account: { $link }
letter-cannot = If you cannot send it, say so and say why. That is an answer, too.
letter-subject = { $title }: we ask for your answer
letter-subject-reminder = Reminder: { $title }
letter-subject-late = Overdue: { $title }
letter-foot = { $office }. Links in this letter are for you alone; they end by themselves.

## Messages about work.

mail-subject-news = { $count ->
    [one] One thing is new for you
   *[other] { $count } things are new for you
}
mail-work = This waits for you, or has changed:
mail-task-assigned = Task for you: { $title }, due { $due }. { $link }
mail-task-assigned-any = Task for you: { $title }. { $link }
mail-task-due-soon = Due soon, on { $due }: { $title }. { $link }
mail-task-overdue = Overdue since { $due }: { $title }. { $link }
mail-incident-opened = An incident was opened: { $title }. { $link }
mail-incident-closed = An incident was closed: { $title }. { $link }
mail-incident-clock-due-soon = A report is due soon, on { $due }: { $step }, { $title }. { $link }
mail-incident-clock-overdue = A report is overdue since { $due }: { $step }, { $title }. { $link }
mail-round-opened = A round of collection was opened: { $title }, due { $due }. { $link }
mail-round-late = The day of a round of collection has passed and { $count ->
    [one] one answer is
   *[other] { $count } answers are
} missing: { $title }. { $link }
mail-round-closed = A round of collection was closed: { $title }. { $link }

messages = Messages
messages-lede = What you are told, and where. You are told only what you may see, and each thing once.
messages-own = Your subscriptions
messages-none = You are told nothing yet.
messages-make = Subscribe
messages-made = You will be told from now on. What was there before is not told.
messages-ended = You are told no more there.
messages-end = End
messages-kinds = What
message-kind-risks = New risks
message-kind-tasks = My tasks
message-kind-incidents = Incidents opened and closed
message-kind-rounds = Rounds of collection
messages-channel = How
messages-channel-mail = By mail
messages-channel-webhook = To a program (webhook)
messages-address = Where to
messages-address-note = An address for mail, or https://… for a program.
messages-rhythm = When
messages-daily = Once a day, together
messages-at-once = Pressing things at once
messages-only = Only
messages-filter = Only
messages-priority = Risks from this priority on
messages-exploited = Only what is exploited
messages-secret = The secret of this webhook
messages-secret-once = It signs every message. It is shown this once.

## Rounds of collection: the pages

rounds = Rounds of collection
round = Round of collection
rounds-headline-none = No round of collection is open
rounds-headline = { $count ->
    [one] One round of collection is open
   *[other] { $count } rounds of collection are open
}
rounds-lede = A round asks agencies for what is missing: by letter, with a day, reminders, and links that need no account.
rounds-begin = Nobody has been asked yet. Systems without fresh evidence stand on the page “Coverage”.
round-open-now = Open a round
round-new-lede = Every system without fresh evidence gets a task, every agency a letter.
round-look = See who would be asked
round-preview = { $systems ->
    [one] One system
   *[other] { $systems } systems
} of { $agencies ->
    [one] one agency
   *[other] { $agencies } agencies
} would be asked
round-without-address = Without an address for mail; their letters go on paper:
round-title = Title
round-due = Answer by
round-remind-days = Days before when those who have not answered are reminded
round-agency = Whom
round-agency-note = An agency with everything below it.
round-asks = About which systems
round-asks-missing = Those without fresh evidence
round-asks-all = All
round-text = What the letters say besides
round-text-note = Why you ask. It may be empty.
round-language = Language of the letters
round-fault-title = Give it a title.
round-fault-due = Give the day by which you want the answer.
round-fault-agency = There is no such agency.
fault-nobody-asked = Every system there has fresh evidence. Nobody would be asked.
round-progress = Answered
round-answered = { $answered } of { $total }
round-headline = { $answered } of { $total } answers are there: { $title }
round-lede = The day is { $due }.
round-lede-late = The day was { $due }. { $count ->
    [one] One answer is late.
   *[other] { $count } answers are late.
}
round-figure = Systems by how they have answered, by ministry
round-ministry = Ministry
round-part-evidence = Evidence
round-part-said = Answered without evidence
round-part-late = Late
round-part-waiting = No answer yet
round-by-agency = By agency
round-places = System by system
round-standing = How it stands
round-answer = Answer
round-standing-evidence = Evidence came
round-standing-said = Answered without evidence
round-standing-cannot = Cannot
round-standing-promised = Promised
round-standing-waiting = No answer yet
round-standing-late = Late
round-letter = Letter
round-letters = Letters
round-letter-kind = Which
round-letter-to = To
round-no-address = No address for mail: print it
round-written = Written on
letter-kind-letter = First letter
letter-kind-reminder = Reminder
letter-kind-late = The day has passed
letter-kind-again = Reminder by hand
letter-sent = Sent
letter-waits = Waits to be sent
letter-given-up = Could not be sent
letter-not-needed = Was not needed any more
round-mails = Answers by mail
mail-from = From
mail-about = Subject
round-remind = Remind now
round-remind-note = Everybody who has not answered gets a letter.
round-close = Close the round
round-close-reason = What is to be said at the end
round-done-opened = The round is open. Letters go out within minutes.
round-done-reminded = Letters go out within minutes to everybody who has not answered.
round-done-closed = The round is closed. Its links have ended.
letter-links-once = The links below were made now and are shown this once. Print this page or save the PDF.
letter-without-links = This is how the letter reads. The links that need no account are made for each letter and are not shown here.
letter-with-links = Letter with new links
letter-with-links-pdf = As PDF
letter-with-links-note = For agencies without an address for mail: new links are made and shown once.
collect-script = Script for agencies without a tool
task-letter = Ask by mail
task-letter-note = The agency gets a letter with links that need no account.
done-written = The letter goes out within minutes.

## Answering without an account

answer-due = Please answer by
answer-thanks = Thank you. Your answer was taken.
answer-taken = answered just now
answer-over = This is over. Nothing is asked of you any more.
answer-text = Words for it
answer-cannot = We cannot, because …
answer-question-round = Is this system in use, and will you send what is in it?
answer-question-check = Do you use what this is about?
answer-question-fix = Is it fixed?
answer-question-verify = Is it fixed, and can you prove it?
answer-question-other = Is it done?
answer-round-yes = Yes, we will send it
answer-round-no = No, it is not in use
answer-check-yes = Yes, we use it
answer-check-no = No, we do not use it
answer-fix-yes = Yes, it is fixed
answer-fix-no = No, not yet
answer-verify-yes = Yes
answer-verify-no = No, not yet
answer-other-yes = Yes, it is done
answer-other-no = No, not yet
upload-title = Hand in files
upload-taken = What came
upload-accepted = taken, thank you
upload-duplicate = we had it already
upload-not-read = we could not read it:
upload-nothing = No system of yours is asked for. Please answer by the other link.
upload-files = Files
upload-files-note = An SBOM (CycloneDX or SPDX), a lockfile, a package list, or an archive of these.
upload-megabytes = At most { $count } MB together.
upload-send = Hand in
upload-no-tool = If you have no tool, these scripts collect what the package managers know, and nothing else:
room-letters = Agencies without accounts
room-letters-note = Every agency with open tasks gets one letter, with links that need no account.
room-letters-send = Ask agencies by mail
done-letters = Letters go out within minutes.
round-most-missing = Most is missing at { $name }: { $count ->
    [one] one answer
   *[other] { $count } answers
}
round-none-missing = No answer is missing

## The post of the house
post = Letters and messages on their way
post-note = Counted is what is about things that you may see.
post-kind = What is sent
post-letters = Letters to agencies
post-messages = Messages to people and programs
post-waiting = Waits
post-again = Failed, tried again
post-given-up = Given up
post-last-sent = Last sent
post-never = Never
post-given-up-note = On the machine of the house, “underpin messages outbox” says what went wrong, and “underpin messages retry” sends it again.
jobs-uploads = Uploads being taken in now
mails-taken = Mails taken in
mails-aside = Mails set aside
mails-last = Last mail
mails-aside-note = A mail is set aside when nobody can tell what it answers. “underpin mail list” on the machine of the house shows them.
