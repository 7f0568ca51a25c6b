# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

catalogue = Our own software
catalogue-headline-none = No software of the government is in the catalogue yet
catalogue-headline = { $all ->
    [one] { $all } repository of the government is in the catalogue
   *[other] { $all } repositories of the government are in the catalogue
  }
catalogue-headline-found = { $shown ->
    [0] No repository fits what you asked for
    [one] { $shown } of { $all } repositories fits what you asked for
   *[other] { $shown } of { $all } repositories fit what you asked for
  }
catalogue-lede = What agencies build and publish themselves: what it says about itself, and how it keeps the practices that we ask others to keep.
catalogue-help = How the catalogue is kept
catalogue-begin = Nobody has looked at a repository within your sight. The manual says how it is done.
catalogue-begin-public = No agency has published a repository here yet.
catalogue-none-found = Ask for less, or look at all of them.
catalogue-show-all = { $count ->
    [one] Show the one repository
   *[other] Show all { $count } repositories
  }
catalogue-words = Words
catalogue-licence = Licence
catalogue-state = How far it is
catalogue-visibility = For whom
catalogue-looked = Last look
catalogue-repository = Repository
catalogue-repositories = Repositories
catalogue-as-code-json = All as code.json
catalogue-as-publiccode = All as publiccode.yml
catalogue-alike = Looks like the same, built twice
catalogue-alike-lede = Pairs of two agencies that look alike, with the reasons. Somebody who knows both has to say whether they are the same.
catalogue-alike-none = No two repositories within your sight look alike.
catalogue-pair = Repositories
catalogue-because = Because
catalogue-tally = { $met } met, { $not } not met, { $unknown } cannot be assessed

alike-same-beginning = Their histories begin with the same commit.
alike-made-from-the-other = One says that it was made from the other.
alike-same-contents = { $count } of 100 files have the same contents.
alike-same-origin = Both were made from { $from }.
alike-same-name = They have the same name.
alike-same-words = { $count } of 100 words of their descriptions are the same.
alike-same-kind = They are of the same kind: { $categories }.

repository-headline-unknown = { $name }: how it keeps practices is not known here
repository-headline-met = { $name }: no practice that could be assessed is not met
repository-headline = { $not ->
    [one] { $name }: { $not } standard asks for something that is not met
   *[other] { $name }: { $not } standards ask for something that is not met
  }
repository-says = What is known of it
repository-address = Address
repository-categories = Categories
repository-written-in = Written in
repository-contractors = Looked after under contract by
repository-until = (until { $day })
repository-based-on = Made from
repository-used-by = Used by, as it says
repository-nobody-looked = Nobody has looked at a clone
repository-files = The same for others:
repository-runs = Who in government runs it
repository-runs-none = No system within your sight is known to run it.
repository-runs-elsewhere = Systems elsewhere in the government that run it:
repository-known-by = Known by
repository-put-aside = Not the same, as an agency says:
repository-no-look = Nobody has looked at a clone of it. So nothing is known of its practices.
repository-not-published = Its agency has not published how it keeps practices.
repository-practices-lede = Each standard asks for its own practices. They are not added up to one number: a licence does not make up for a missing way to report faults.
repository-practices = How it keeps practices, standard by standard
repository-practice = Practice
repository-outcome = Result
repository-what-to-do = What to do, and where
repository-more-places = { $count ->
    [one] and { $count } more place
   *[other] and { $count } more places
  }
system-own-software = Own software of the government in it

visibility-public = everybody
visibility-internal = its agency
development-unknown = not known
development-concept = an idea
development-development = being built
development-beta = being tried
development-stable = ready for use
development-obsolete = no longer kept up
runs-word = the word of its agency
runs-document = its documents
runs-both = its agency and its documents

exemptions = What is not public, and why
exemptions-headline-none = No exemption is written down
exemptions-headline-late = { $late ->
    [one] The review of { $late } exemption is late
   *[other] The reviews of { $late } exemptions are late
  }
exemptions-headline-due = { $due ->
    [one] The review of { $due } exemption comes within a month
   *[other] The reviews of { $due } exemptions come within a month
  }
exemptions-headline = { $all ->
    [one] { $all } exemption is written down; its review comes later
   *[other] { $all } exemptions are written down; their reviews come later
  }
exemptions-lede = Software of the government is open unless a law says otherwise. Each exception has its law, its reason and a day on which somebody looks again.
exemptions-begin = Nobody has written down an exemption within your sight. `underpin exemption add` does it.
exemption-what = What is not public
exemption-ground = Ground
exemption-review = Review
review-state-overdue = late
review-state-due = within a month
review-state-later = later
review-state-ended = ended
ground-national-security = national security
ground-national-intelligence = intelligence
ground-freedom-of-information = freedom of information
ground-export-regulations = control of exports
ground-arms-regulations = control of arms
ground-transport-security = security of transport
ground-classified-information = classified information
ground-privacy-risk = a risk for somebody's privacy
ground-intellectual-property = rights of others
ground-agency-system = a risk for systems or staff
ground-agency-mission = a risk for the agency's work
ground-chief-information-officer = decision of the chief information officer
ground-policy-date = older than the duty to publish
ground-embag-third-parties = rights of others (EMBAG)
ground-embag-security = security (EMBAG)
ground-other = another law

words-catalogue = Our own software
meaning-catalogue-state = What the repository says of itself: an idea, being built, being tried, ready for use, or no longer kept up.
meaning-catalogue-visibility = Who may know of the repository: everybody, or only those who read at its agency.
meaning-catalogue-looked = The day on which somebody looked at a clone of the repository. Results are of that day.
meaning-catalogue-because = Why two repositories look alike. Looking alike is not being the same: somebody who knows both decides.
meaning-repository-known-by = How it is known that a system runs the repository: its agency says so, or a document about the system names it.
meaning-repository-outcome = One of three: met, not met, or cannot be assessed. Nothing is added up.
meaning-visibility-public = Everybody may know of the repository.
meaning-visibility-internal = Only those who read at its agency know of the repository.
meaning-development-unknown = The repository does not say how far it is.
meaning-development-concept = There is an idea and little else.
meaning-development-development = It is being built and not ready.
meaning-development-beta = It can be tried, and may still have faults.
meaning-development-stable = It is ready for use.
meaning-development-obsolete = Nobody keeps it up. Do not begin with it.
meaning-exemption-ground = The law that allows not to publish it, in one word; law and section stand below.
meaning-exemption-review = The day by which somebody looks whether the reason still holds.
meaning-review-state-overdue = The day of the review has passed, and nobody has written a new one.
meaning-review-state-due = The day of the review comes within 30 days.
meaning-review-state-later = The day of the review is more than 30 days away.
meaning-review-state-ended = The exemption is over: the thing is public now, or there is no such thing any more.
meaning-ground-national-security = It is used in a system of national security (SHARE IT Act).
meaning-ground-national-intelligence = It was made by a part of the intelligence community (SHARE IT Act).
meaning-ground-freedom-of-information = The law on freedom of information exempts it (SHARE IT Act).
meaning-ground-export-regulations = Rules on exports forbid it (SHARE IT Act).
meaning-ground-arms-regulations = Rules on trade in arms forbid it (SHARE IT Act).
meaning-ground-transport-security = Rules on the security of transport forbid it (SHARE IT Act).
meaning-ground-classified-information = Law on classified information forbids it (SHARE IT Act).
meaning-ground-privacy-risk = Publishing it would be a risk for somebody's privacy (SHARE IT Act).
meaning-ground-intellectual-property = Patents or other rights of others limit it (SHARE IT Act).
meaning-ground-agency-system = Publishing it would be a risk for the systems or the staff of the agency (SHARE IT Act).
meaning-ground-agency-mission = Publishing it would be a risk for what the agency is there for (SHARE IT Act).
meaning-ground-chief-information-officer = The chief information officer decided it in the national interest (SHARE IT Act).
meaning-ground-policy-date = It was made before there was a duty to publish (SHARE IT Act).
meaning-ground-embag-third-parties = Rights of others exclude it (Swiss EMBAG, Article 9).
meaning-ground-embag-security = Reasons of security exclude it (Swiss EMBAG, Article 9).
meaning-ground-other = Another law, which stands there in words.
