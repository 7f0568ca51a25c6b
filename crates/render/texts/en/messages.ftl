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
