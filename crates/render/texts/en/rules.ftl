# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

# Rules over the house, and what they would do.

rules-simulated-title = What if: { $title }
rules-simulated = Judged by what was known on { $day }: if “{ $title }” applied from { $from }, { $count } of { $all } would not keep it.
rules-simulated-others = { $met } would keep it, and { $open } cannot be told about: what is not known keeps nothing.
rules-simulated-hit = { $agencies } agencies, { $vendors } different vendors and { $packages } different packages are hit.
rules-simulated-not-in-force = By its own dates the rule is not in force on { $day }.
rules-simulated-unregistered = Of { $count } more systems agencies gave the number only; nothing is known of them.
rules-simulated-stuck = { $count } cannot comply today: { $why }
rules-simulated-open = { $count } cannot be told about: { $why }
rules-simulated-upstream = Questionnaires to projects: { $count }. { $because }
rules-simulated-how = Counted is the house as it was on the day of the picture, judged as of the first day of the rule: days that fall due are counted on, and inventories and feeds are taken for as fresh as they were in the picture. A piece of work is one thing in one place, such as a package in a system; no hours are estimated. After means: everything was mended for which something can be done, and what cannot be told about stays so.
rules-simulated-origin = Snapshot { $snapshot }, picture of { $day }, seen by { $sight }. SHA-256 of what went in: { $input }; of this report: { $digest }.
rules-agencies = Agencies before and after
rules-effort = What is to be done
rules-alternatives = What else could be ruled
rules-waves = The way there
rules-asked = Asked about
rules-before = Keep it before
rules-after = Keep it after
rules-stuck = Cannot comply
rules-open = Cannot be told
rules-unregistered = Not registered
rules-work = Work
rules-bearer = Whose
rules-pieces = Pieces of work
rules-things = Different things
rules-alternative = Rule
rules-met = Keep it
rules-not-met = Do not
rules-wave = Wave
rules-until = Until
rules-hit = Have to act
rules-falls-due = Fall due meanwhile
rules-work-record = Something to record or decide
rules-work-document = Documents to be had
rules-work-package = Packages to move
rules-work-platform = Platforms to move
rules-work-licence = Licences to settle
rules-work-publication = Things to publish or exempt
rules-bearer-agency = Agency
rules-bearer-vendor = Vendor
rules-bearer-office = Office
rules-alternative-as-it-stands = As it stands
rules-alternative-internet-only = Only what the internet can reach, or may reach
rules-alternative-high-need-only = Only with high protection need, or where nobody said
rules-alternative-longer = With { $days } days more
rules-wave-front = Reachable from the internet, or very high protection need
rules-wave-inner = Reachable by partners, high protection need, or not said
rules-wave-rest = All others
rules-wave-all = All

rules = Rules over the house
rules-headline = What law and guidance ask of the house
rules-lede = Each rule is a query with a source, a standing and cases that show what it lets pass. What is not known keeps no rule.
rules-help = How rules are asked and simulated
rules-what = What is asked
rules-source = Source
rules-standing = Standing
rules-in-force = In force
rules-in-force-yes = yes
rules-in-force-no = not in force on this day
rules-remedy = What mends it
rules-waiver = Who may be let off, and how
rules-verdict = Who keeps it, and what it would take
rules-nobody = Within your sight there is nobody it asks about.
rules-query = The rule as a query
rules-cases = { $count ->
    [one] It is tried on 1 made-up case.
   *[other] It is tried on { $count } made-up cases.
  }
rules-picture = How many keep the rule, by agency: on the day of the picture, and when everything was mended that can be
rules-standing-law = Law
rules-standing-draft = Draft
rules-standing-guidance = Guidance
rules-standing-policy = Policy of an office
rules-confirmed-primary = the text itself was read
rules-confirmed-secondary = read in others' words
rules-confirmed-background = background only

words-rules = Rules
meaning-rules-standing = What a text is, as law goes; a rule never says more than its text.
meaning-rules-standing-law = It binds those whom it names. Whether that is you, the text or a lawyer says.
meaning-rules-standing-draft = It is proposed and binds nobody.
meaning-rules-standing-guidance = It advises, or it is how an office reads a law that says less.
meaning-rules-standing-policy = An office has set it for itself.
meaning-rules-in-force = Whether the day lies between the first and the last day of the rule.
meaning-rules-asked = Those whom the rule asks about, as its population says.
meaning-rules-before = Those that keep the rule on the day of the picture.
meaning-rules-after = Those that would keep it once everything was mended for which something can be done today. What cannot be told about is not among them.
meaning-rules-stuck = Those for whom nothing is known today that would mend it, such as a version without the flaw.
meaning-rules-open = Those of whom too little is known. They are never counted as keeping a rule.
meaning-rules-unregistered = Systems that an agency counted and did not register.
meaning-rules-met = Those of whom it is known that they keep the rule.
meaning-rules-not-met = Those of whom it is known that they do not.
meaning-rules-pieces = One thing in one place, such as a package in a system, once. No hours are estimated.
meaning-rules-things = The same, but each thing once for the whole government.
meaning-rules-bearer = Who has to do the work: the agency, the vendor under contract, or the office. A project that gives its software away is never asked.
meaning-rules-wave = A part of the way there: first what the internet can reach or needs most protection.
meaning-rules-hit = Those of the wave that do not keep the rule, are not let off, and have to do something.
meaning-rules-falls-due = Those that keep the rule now, or are let off, and would not on the last day of the wave, if nothing is done until then.
