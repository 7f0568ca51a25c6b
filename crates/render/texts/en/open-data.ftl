# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0
#
# What everybody may know of what the government uses and gives back.

open-data = Open data: what the government uses and gives back
open-data-all = What everybody sees of what is used
open-data-headline = About { $count } systems of the government use { $name }
open-data-headline-none = Nothing is used so widely that it can be told without exposing somebody
open-data-lede = Which open source the government's systems are built on, and what comes back to the people who make it. No versions, no weaknesses, no agencies: what could help an attacker is not here.
open-data-systems = Systems that are counted:
open-data-known = with known contents:
open-data-too-low = Of the others nothing is known, so the numbers are too low rather than too high.
open-data-most-used = What is used most
open-data-measure = Systems that use any version of a package, about, rounded
open-data-measure-types = Systems that use a package of this type, about, rounded
open-data-gives = What comes back
open-data-changes = Changes that came to their projects
open-data-types = By type of package
open-data-type = Type
open-data-cut = There are more packages than are listed here.
open-data-rule = What is counted, and what is not
open-data-rule-text = Systems classified above internal, and what is confidential, are in no number. A package stands here only when at least 20 systems of more than one agency use it, and no agency is behind it alone. Numbers are rounded to tens, up or down by chance that stays the same, so that nobody can work out what a single system uses. The government's own packages are not listed.
open-data-delay = { $count ->
    [0] An edition shows the state at the beginning of its day.
    [one] An edition shows the state at the beginning of its day, and comes out one day later.
   *[other] An edition shows the state at the beginning of its day, and comes out { $count } days later.
}
open-data-files = Editions and files
open-data-licence = Licence
open-data-not-yet = There is no edition yet
open-data-not-yet-why = { $count ->
    [one] An edition shows the state at the beginning of its day, and comes out one day later. Stock has been taken for a shorter time than that.
   *[other] An edition shows the state at the beginning of its day, and comes out { $count } days later. Stock has been taken for a shorter time than that.
}

## The starter kit.
kit-title = Begin with open source care
kit-lede = This kit holds what an office needs to begin: how to take stock, whom to ask, what to do when it burns, and what others have found out already.
kit-how = With the program `underpin`, one command takes all of it in:
kit-content = What is in it
kit-manual = the manual; its part how-to is a set of playbooks
kit-glossary = all words, so that everybody means the same
kit-practices = what standards ask of repositories, and how to keep it
kit-templates = files to change and use: registry, survey, settings, a security policy, security.txt, publiccode.yml, a first letter
kit-feed = what the office has published; it is taken in like any other source
