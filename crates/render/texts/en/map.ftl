# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

# The map of projects: dependence and how they stand; expected harm with ranges; what could be used instead; formulas of others.

map = Map of projects
map-headline = Of the { $count } projects we lean on most, { $bad ->
    [0] none is
    [one] { $bad } is
   *[other] { $bad } are
} known to be at risk or without recent activity; of { $unknown ->
    [0] all enough is known
   *[other] { $unknown } too little is known
}
map-looked-at = { $count } of { $projects } projects were looked at: those with the highest dependence.
map-figure = The further right, the more we lean on a project; the higher up, the more speaks against it
map-measure = Dependence in points, on a scale on which ten times as much is always as far; projects by class
map-scale = Dependence (points)
map-each = Projects by expected harm
map-risk-lede = Expected harm is dependence, times what is believed of incidents. It is no forecast: what is not known of a project makes its range wide.
map-place = Place by harm
map-known = Evidence known
map-risk = Expected harm
map-range = 80 of 100 cases
map-first = Among the first 10
map-beliefs = What is believed before anything is known
map-beliefs-lede = Judgement, in every plan the same. Advisories and signals move it project by project; the page of a project shows how.
map-cause = Cause
map-incidents = Incidents a year
map-days = Days of one
map-harm = Harm
map-why = What moved it
map-step-published = Vulnerabilities published within three years
map-step-events = { $what }: counts like { $events } incidents more
map-step-years = { $what }: counts like { $years } years without any
map-step = { $what }: { $events } in { $years } years
map-sum = How the expected harm comes about
map-sum-lede = { $points } points of dependence, times incidents a year, times days: { $mean } in all, between { $low } and { $high } in 80 of 100 cases. Place { $place }.
map-not-looked-at = This project is not among those with the highest dependence, so its expected harm is not held against others.
cause-bug = Faults
cause-takeover = Takeover by somebody else
cause-abandonment = Nobody mends it any more
substitutes = What could be used instead
substitutes-unknown = The office has not written down whether other projects serve the same purpose.
substitutes-source = Written down by the office:
substitutes-project = Other project
substitutes-in-use = In use here
substitutes-systems = Systems that use it
substitutes-both = Systems that use both
substitutes-effort = To leave this project, { $count ->
    [one] one system
   *[other] { $count } systems
} would have to change.
substitutes-direct = { $count ->
    [one] One of them asks for one of its packages itself.
   *[other] They ask for its packages themselves in { $count } places.
}
substitutes-depth = The nearest use is { $count ->
    [one] one step away.
   *[other] { $count } steps away.
}
compare = Formulas of others, to compare
compare-warning = These numbers do not say where help is needed. Each puts activity, popularity and known vulnerabilities into one number: small quiet projects on which much rests score low, and a score can rise when less is known. Nothing here is decided by them.
compare-criticality = OpenSSF Criticality Score
compare-census = Census of 2015
compare-census-none = What that formula asks for beside these points is not known here: popularity in Debian, language, exposure.
compare-score = Score (0 to 1)
compare-index = Points so far
compare-input = Input
compare-value = Value
compare-adds = Adds
compare-missing = Not known, and left out of both sums:
compare-nothing = No look at a clone was kept, so nothing can be worked out.
compare-website = No home page or repository known
compare-cves = Vulnerabilities since 2010
compare-contributors = Contributors in 12 months
meaning-map = Projects by dependence and by how they stand. What is not known has a place of its own.
meaning-map-place = The number of the project when the expected harm is put in order.
meaning-map-known = Kinds of evidence that say anything about the project, of all kinds.
meaning-map-risk = Points of dependence, times incidents a year, times the days each lasts, added up over all causes.
meaning-map-range = Between these numbers lie 80 of 100 draws from what is believed.
meaning-map-first = In how many of 100 draws the project is among the ten with the most harm.
meaning-map-cause = What makes a project harm those who use it.
meaning-map-incidents = How often that happens a year, as far as is believed.
meaning-map-days = How long one incident lasts, as far as is believed.
meaning-map-harm = What the cause adds to the expected harm.
meaning-map-why = What is known of the project and changed how often the cause is expected.
meaning-cause-bug = A fault in what the project made, until its users have the fix.
meaning-cause-takeover = Somebody else takes over the project or its release and brings in what harms.
meaning-cause-abandonment = A fault stays open because nobody mends the project any more.
meaning-substitutes-both = Systems that already have this project and the other one.
