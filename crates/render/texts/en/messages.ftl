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
