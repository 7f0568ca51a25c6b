# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

funding = Who pays for what
funding-headline-none = Nothing is known of money for projects
funding-headline = { $own ->
    [one] One own promise
   *[other] { $own } own promises
}, { $others ->
    [one] one payment of others
   *[other] { $others } payments of others
} for projects
funding-headline-warnings = { $warnings ->
    [one] One project may be paid twice for the same
   *[other] { $warnings } times a project may be paid twice for the same
}
funding-lede = Own promises, what others pay, what projects publish about money, and where they say that money may be sent. Amounts stay in their currency; only euro are added up.
funding-one = Of one project:
funding-all = All projects
funding-figure = { $own } are promised by this office, { $others } are known of others
funding-measure = Euro by year, as far as they are known. What several files tell of one project and year is counted once.
funding-year = Year
funding-part-own = This office
funding-part-others = Others
funding-no-year = No year known
funding-double = May be paid twice
funding-double-lede = A person decides. Several who pay for one project are welcome, as long as they pay for different things.
funding-double-same = { $commitment }: { $funder } pays for the same project and activity on the same days.
funding-double-maybe = { $commitment }: { $funder } may pay for the same; nothing that is known speaks against it.
funding-warning = Warning
funding-strength = How sure
funding-strength-same = Same
funding-strength-maybe = Maybe
funding-common-days = Days in common
funding-days = { $count ->
    [one] One day
   *[other] { $count } days
}
funding-amount = Amount
funding-money = Money that flows or is promised
funding-money-lede = Income in a file of a project may hold our own payments, too. Payments of this office are shown, and not warned of.
funding-begin = Nothing is written down. `underpin facts` takes files about who pays, and files that projects publish.
funding-waits = waits for approval
funding-kind = What it is
funding-kind-own = Own promise
funding-kind-other = Payment of others
funding-kind-history = Income of a year
funding-kind-accounts = Payments in accounts
funding-kind-wish = Amount wished for
funding-kind-door = Way to pay
funding-who = Pays
funding-said = Said where
funding-said-here = Register of this office
funding-together-count = { $count ->
    [one] for one project
   *[other] for { $count } projects together
}
funding-together = For several projects together
funding-ways = Where money may be sent
funding-ways-lede = These are wishes, no funding. Accounts of people are not kept: of most ways only the platform is known here.
funding-ways-none = No project that was looked at says where money may be sent.
funding-way = Way
funding-own-address = Address of the project
funding-rhythm = How often
funding-payee = Takes the money
funding-wish-ended = no longer
funding-gaps = What was not read or not kept
funding-gaps-lede = Names, accounts and addresses that may be those of a person are never kept.
funding-form-funding-json = funding.json
funding-form-funding-yml = FUNDING.yml
funding-form-accounts = accounts
funding-read-clone = read in a clone
funding-read-file = read from a file
payer-unknown = Somebody, not said who
payer-organisation = An organisation
payer-platform = A platform
payer-withheld = Somebody whose name is not kept
payee-unknown = Not said
payee-individual = An individual
payee-group = A group
payee-organisation = An organisation
payee-other = Others
platform-other = Another way
platform-github-sponsors = GitHub Sponsors
platform-open-collective = Open Collective
platform-liberapay = Liberapay
platform-patreon = Patreon
platform-ko-fi = Ko-fi
platform-tidelift = Tidelift
platform-community-bridge = Community Bridge
platform-lfx-crowdfunding = LFX Crowdfunding
platform-issuehunt = IssueHunt
platform-otechie = Otechie
platform-polar = Polar
platform-buy-me-a-coffee = Buy Me a Coffee
platform-thanks-dev = thanks.dev
platform-paypal = PayPal
platform-stripe = Stripe
platform-bank = Bank transfer
platform-cheque = Cheque
platform-cash = Cash
platform-own-page = A page of its own
rhythm-unknown = Not said
rhythm-one-time = Once
rhythm-weekly = Each week
rhythm-fortnightly = Every two weeks
rhythm-monthly = Each month
rhythm-yearly = Each year
rhythm-other = Otherwise
money-gap-not-understood = The file could not be read
money-gap-unknown-version = Its version is not known here
money-gap-unknown-platform = A platform that is not known here
money-gap-unreadable-amount = An amount that cannot be read
money-gap-unreadable-day = A day or year that cannot be read
money-gap-unknown-currency = A currency that is not known
money-gap-incomplete = A line without what it needs
money-gap-beyond-limits = More than is kept of one file
money-gap-address-withheld = An address that is not kept
money-gap-name-withheld = A name that is not kept
money-gap-other-projects = The file speaks of other projects only
project-money = Money
project-money-none = Nothing is known of money for this project.
project-money-own = Promises of this office
project-money-others = Payments and income of others
card-source-project = by its own word
card-source-office = written down by the office
card-source-clone = from its clone
card-source-insights = from its SECURITY-INSIGHTS
card-source-case = said in a case: only you and others who are let in see it
meaning-funding-kind = Which kind of statement about money a line is. Only money that flowed or is promised can be a second payment.
meaning-funding-kind-own = A promise of this office, with its number.
meaning-funding-kind-other = A payment or promise of somebody else, which this office wrote down with its source.
meaning-funding-kind-history = Income that a project publishes for a whole year, mostly without saying from whom or for what.
meaning-funding-kind-accounts = Payments that a project publishes line by line, added up here by year and by who pays.
meaning-funding-who = Who gives the money. A name that may be that of a person is not kept.
meaning-funding-together = The amount is that of all projects in the file, and cannot be divided.
meaning-funding-strength = Same: project, activity and days are the same in both records. Maybe: nothing that is known speaks against it.
meaning-funding-common-days = Days on which both pay; not known where a beginning or an end is missing.
meaning-funding-way = The platform or kind of account that a project names for gifts of money.
meaning-funding-own-address = Shown only where the address names nothing but the project itself.
meaning-funding-said = The source: words of the office, or the file of the project and where it was read.
meaning-funding-rhythm = How often the project wishes for the amount.
meaning-payer-withheld = The file names somebody. The name may be that of a person, so it is not kept.
outcome = Did it help?
outcome-lede = Said before the help began: what is looked at, and what could be seen at least. Compared with projects that were not helped.
outcome-begins = The help begins on
outcome-horizon = Compared on
outcome-sets = Sets of projects:
outcome-indicator = What is looked at
outcome-least = Least visible effect
outcome-came = What came out
outcome-waits = Nothing is worked out before the day of the comparison.
outcome-better = Better by { $estimate } (95 %: { $low } to { $high }; p = { $p })
outcome-worse = Worse by { $estimate } (95 %: { $low } to { $high }; p = { $p })
outcome-not-seen = No effect was seen: { $estimate } (95 %: { $low } to { $high }; p = { $p })
outcome-unknown = { $sets ->
    [0] Nothing can be said: no set of projects has all its values.
    [one] Nothing can be said with one set of projects.
   *[other] Nothing can be said with { $sets } sets of projects.
}
meaning-outcome-indicator = A signal that programs take from clones. It is settled before the help begins and never pays or refuses money.
meaning-outcome-least = The smallest effect that would be seen in four of five cases. A smaller one may be there and not be seen.
meaning-outcome-came = How much more the helped projects changed than those that they are compared with, with the range that fits what happened.
