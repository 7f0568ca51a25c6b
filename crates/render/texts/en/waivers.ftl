# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

# Waivers of rules over the house.

waivers = Waivers of rules
waiver = Waiver
waivers-headline = { $holds ->
    [0] Nobody is let off a rule now
    [one] 1 waiver of a rule holds
   *[other] { $holds } waivers of rules hold
  }
waivers-headline-ending = { $ending ->
    [one] 1 waiver of a rule ends within a month
   *[other] { $ending } waivers of rules end within a month
  }
waivers-headline-waiting = { $waiting ->
    [one] 1 waiver of a rule waits for an answer
   *[other] { $waiting } waivers of rules wait for an answer
  }
waivers-headline-none = Nobody asked to be let off a rule
waivers-lede = A waiver is a decision with a beginning and an end: one person asks, another one grants. It changes no verdict. Who is let off does not keep the rule, and is counted by itself for as long as the waiver holds.
waivers-help = How somebody is let off a rule
waivers-begin = Within your sight there are no waivers. Who decides for a system or an agency can ask for one below; others see here what was granted.
waivers-all = All waivers
waivers-of-rule = Waivers of this rule
waivers-of-rule-none = Within your sight nobody asked to be let off this rule.
waivers-filtered = Only some of them are shown.
waiver-about = For whom
waiver-from = First day
waiver-until = Last day
waiver-state = State
waiver-proposed-by = Asked for by
waiver-answered-by = Answered by
waiver-reason = Why
waiver-compensation = What guards meanwhile
waiver-granter = Who grants it
waiver-granter-office = the office
waiver-granter-agency = the agency, or the office
waiver-state-asked-for = waits for an answer
waiver-state-not-begun = granted, not begun
waiver-state-holds = holds
waiver-state-ran-out = ran out
waiver-state-lapsed = not answered in time
waiver-state-refused = refused
waiver-state-withdrawn = withdrawn
waiver-ends = { $days ->
    [0] holds, ends today
    [1] holds, ends tomorrow
   *[other] holds, ends in { $days } days
  }
waiver-ran-out = { $days ->
    [1] ran out yesterday
   *[other] ran out { $days } days ago
  }
waiver-beside = waived until { $until } by decision { $waiver } of { $by }
waiver-beside-for = waived for { $agency } until { $until } by decision { $waiver } of { $by }
waiver-beside-ran-out = { $days ->
    [1] waiver { $waiver } ran out yesterday
   *[other] waiver { $waiver } ran out { $days } days ago
  }
waiver-beside-ran-out-for = { $days ->
    [1] waiver { $waiver } for { $agency } ran out yesterday
   *[other] waiver { $waiver } for { $agency } ran out { $days } days ago
  }
waiver-own-waits = You asked for it: somebody else has to answer.
waiver-answer = Answer
waiver-grant = Grant
waiver-note = On which condition
waiver-refuse = Refuse
waiver-because = Why
waiver-withdraw = Withdraw
waiver-withdraw-note = From now on the rule has to be kept again. What was decided stays on record.
waiver-ask = Ask for a waiver
waiver-ask-note = Somebody else has to grant it. Which rules let anybody off, who grants that and for how long, their rulebooks say.
waiver-ask-about = For which system, agency, package or repository
waiver-ask-about-note = As the rule names it: the identifier of a system or agency, a package URL, the address of a repository.
waiver-ask-agency = For which agency
waiver-ask-agency-note = Only of what several agencies have, such as a package.
waiver-ask-from-note = Empty: from today on.
waiver-fault-empty = Say this in a few words.
waiver-fault-day = Name a day.
waiver-fault-rule = Choose a rule.
waiver-done-asked = It is asked for. Somebody else has to grant it.
waiver-done-granted = The waiver is granted.
waiver-done-refused = The waiver is refused.
waiver-done-withdrawn = The waiver is withdrawn.
waiting-waivers = Waivers of rules that wait for an answer
waiting-waivers-ending = Waivers of rules that end within a month
rules-waived = Let off
rules-rule = Rule
rules-simulated-waived = { $count ->
    [one] Of these, 1 is let off by a waiver that holds on that day: it keeps nothing, and has nothing to do while that lasts. Below it is counted by itself.
   *[other] Of these, { $count } are let off by waivers that hold on that day: they keep nothing, and have nothing to do while that lasts. Below they are counted by themselves.
  }
rules-waiver-granted-by = Granted by { $granter }, for { $days } days at most.

words-waivers = Waivers of rules
meaning-waiver = A decision that one system, agency, package or repository need not keep a rule between two days. It changes no verdict.
meaning-waiver-about = The one system, agency, package or repository that need not keep the rule.
meaning-waiver-state = Whether it waits, holds or is over.
meaning-waiver-compensation = What keeps harm away while the rule is not kept.
meaning-waiver-granter = Somebody who approves for the whole government, or, where the rulebook says so, for the agency. Nobody grants their own.
meaning-waiver-state-asked-for = One person asked for it; until another one grants it, it holds nothing.
meaning-waiver-state-not-begun = It is granted, and its first day is still to come.
meaning-waiver-state-holds = Today lies between its first and its last day, and it was not withdrawn.
meaning-waiver-state-ran-out = Its last day has passed: the rule has to be kept again.
meaning-waiver-state-lapsed = Its last day passed before anybody answered.
meaning-waiver-state-refused = Somebody else said no.
meaning-waiver-state-withdrawn = It was over before its last day, or nobody asks for it any more.
meaning-rules-waived = Those that do not keep the rule and are let off by a waiver that holds on that day. They are never counted as keeping it.
