# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

## Dates that people state
reporting-source = From where it is known
reporting-source-note = The directive or letter, with its number; a due date needs it
reporting-source-is = Source: { $source }
reporting-fault-source = Name the directive or letter that sets the date.
reporting-stated = Told by a person: { $actor }, { $day }. Source: { $source }
reporting-stated-without = Told by a person: { $actor }, { $day }. No source was named.

## Requests of authorities
requests = Requests of authorities
requests-help = How requests are kept
requests-lede = What authorities asked, by when they want an answer, and what they got. Nothing is overwritten: a correction is a remark.
requests-headline-none = No request of an authority stands in the log
requests-headline = { $count ->
    [one] One request of an authority, answered
   *[other] { $count } requests of authorities, all answered
}
requests-headline-open = { $count ->
    [one] One request of an authority waits for an answer
   *[other] { $count } requests of authorities wait for an answer
}
requests-headline-late = { $count ->
    [one] One request of an authority is overdue
   *[other] { $count } requests of authorities are overdue
}
requests-begin = Nobody has written down a request yet. Begin below as soon as an authority asks.
requests-not-yours = The log is for who leads or audits where an authority asked. You do so nowhere.
requests-not-lead = Who leads where the authority asked writes down answers and remarks.
requests-of = Who was asked
requests-office = the office
requests-new = Write down a request
requests-new-note = Whoever leads where the authority asked writes it down, in own words.
requests-who = Which authority asked
requests-for-what = For what
requests-reference = The authority's own reference
requests-at = When it asked
requests-due = By when it wants an answer
requests-due-note = The whole day counts, in UTC; empty where it names none
requests-no-day = no day was named
requests-fault-empty = Say something here.
requests-fault-day = This is no day.
requests-done-noted = The request was written down.
requests-done-answered = The answer was written down.
requests-done-remarked = The remark was written down.
request-title = { $authority } asked
requests-asked = Asked
requests-answered = Answered
requests-remarked = Remark
requests-answer = Write down an answer
requests-answer-note = Nothing is sent from here: say what was sent.
requests-with = What was answered
requests-answered-at = When it was answered
requests-handed-over = Documents that were handed over
requests-remark = Write down a remark
requests-remark-note = Also to correct what was said before, which stays.
requests-remark-text = Remark
authority-state-late = Overdue
authority-state-open = Open
authority-state-answered-late = Answered too late
authority-state-answered = Answered
meaning-authority-state-late = It was not answered, and the day that the authority named has passed.
meaning-authority-state-open = It was not answered yet, and no day has passed.
meaning-authority-state-answered-late = It was answered after the day that the authority named.
meaning-authority-state-answered = It was answered, in time where a day was named.

## The steward's pack as a page
steward-pack = What a steward shows
pack-elements = What the law asks a steward to show
pack-element = Element
pack-shown = What shows it
pack-missing-word = missing
pack-as-pdf = As PDF
pack-as-markdown = As Markdown
pack-for = For which authority
pack-for-note = What one authority asks is not told to another one
pack-for-nobody = nobody: requests are only counted
pack-log-counted = Requests are counted above. Choose an authority, and those of it stand here and in the files.
