# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

## Messages and rounds of collection.

mail-subject-risks = { $count ->
    [one] Ein neues Risiko für Ihre Systeme
   *[other] { $count } neue Risiken für Ihre Systeme
}
mail-greeting = Guten Tag { $name },
mail-risks = { $count ->
    [one] seit unserer letzten Nachricht ist ein Risiko neu:
   *[other] seit unserer letzten Nachricht sind { $count } Risiken neu:
}
mail-more = … und { $count } weitere.
mail-due = fällig am { $day }
mail-withheld = { $count ->
    [one] Ein weiteres wartet im Haus auf Sie; in einer E-Mail darf es nicht genannt werden.
   *[other] { $count } weitere warten im Haus auf Sie; in einer E-Mail dürfen sie nicht genannt werden.
}
mail-look = Sehen Sie hier nach: { $address }
mail-foot = Sie bekommen dies, weil Sie es bestellt haben. Ändern oder beenden Sie es hier: { $address }
