# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

## What a document conforms to.
words-acceptance = What a document conforms to
conformity = Conformity
conformity-of-document = What it conforms to
conformity-headline-no-rulebook = No rulebook is held against { $name }
conformity-headline-broken = { $all ->
    [one] { $name } does not conform to the rulebook
   *[other] { $name } does not conform to { $broken } of { $all } rulebooks
}
conformity-headline-unjudged = Nothing of { $name } can be judged
conformity-headline-open = { $name } breaks nothing that can be judged, and something cannot be
conformity-headline-kept = { $name } conforms, as far as a document can show it
conformity-lede = Judged is the document as it was handed in. Nothing is mended before, nothing is refused because of it, and nothing is stored: it is worked out from the original bytes whenever somebody asks.
conformity-help = How documents are judged
conformity-begin = The house has switched on no rulebook.
conformity-from = valid from
conformity-nothing-judged = Nothing could be judged, so nothing of it is known to be kept.
conformity-limits = A verdict says what the document shows. Whether the file describes what was delivered, whether somebody wrote down the truth and whether anybody is bound by a rulebook, no document can show.
conformity-clause = Clause
conformity-asks = What it asks
conformity-demand = How strongly it asks
conformity-demand-must = must be kept
conformity-demand-if-there = must be kept where it exists
conformity-demand-may = may be left out
conformity-outcome = Verdict
conformity-count = Components
conformity-mend = How it is mended
conformity-from-book = From another text
conformity-where = Where
conformity-more = { $count ->
    [one] and one more
   *[other] and { $count } more
}
conformity-result-conforms = Conforms, as far as a document can show it
conformity-result-open = Open: nothing is broken that can be judged
conformity-result-does-not-conform = Does not conform
conformity-no-bill = No bill of materials, so there is nothing to judge
conformity-unreadable = Could not be read, so nothing is known
conformity-standing-law = law
conformity-standing-draft = draft
conformity-standing-guidance = guidance
conformity-standing-policy = policy of the office
conformity-confirmed-primary = The text itself was read.
conformity-confirmed-secondary = What others publish about the text was read, not the text itself.
conformity-confirmed-background = The text could not be read; this rests on general knowledge.
conformity-fault-nothing = nothing stands there
conformity-fault-null = null
conformity-fault-empty = an empty text
conformity-fault-wrong-type = a value of another type
conformity-fault-says-nothing = a word that says nothing
conformity-fault-malformed = not written as the format wants it
conformity-fault-weak = a digest that no longer protects
conformity-fault-not-marked = without the mark that the format wants
conformity-fault-dangling = points to something that is not there
conformity-fault-twice = two elements share this identifier
meaning-conformity-of-document = What a bill of materials keeps of each rulebook that the house has switched on.
meaning-conformity-demand = A text says must, must where it exists, or may. What may be left out never makes a document fail.
meaning-conformity-outcome = One of three: met, not met, or cannot be assessed. What a document does not show is never met.
meaning-conformity-demand-must = Without it the document does not conform.
meaning-conformity-demand-if-there = It must stand there where it exists. Whether it exists, a document cannot show, so an empty place is open.
meaning-conformity-demand-may = Whoever leaves it out keeps the rulebook all the same.

## The protocol of an acceptance, for procurement.
protocol-title = Acceptance of a bill of materials: { $product }, { $document }
protocol-lede = This protocol says what a document shows, held against the rulebook that was agreed. It decides nothing: a person decides, on the last page.
protocol-delivered = What was delivered
protocol-field = What
protocol-value = As it was found
protocol-contract = Contract
protocol-supplier = Supplier
protocol-product = Product
protocol-system = For the system
protocol-document = Document
protocol-digest = Digest
protocol-size = Size in bytes
protocol-at = Delivered
protocol-by = Handed in by
protocol-format = Format
protocol-tool = Made with
protocol-components = Components
protocol-rulebook = What it was held against
protocol-rulebook-title = Rulebook
protocol-rulebook-source = Source
protocol-rulebook-from = Valid from
protocol-rulebook-standing = What it is
protocol-rulebook-confirmed = What was read of it
protocol-clauses = Clause by clause
protocol-waived = (waived)
protocol-waiver-over = (no longer waived)
protocol-mend = What is missing or open, and how it is mended
protocol-waivers = What was waived under this contract
protocol-waivers-note = A waiver changes no verdict. It says that the buyer does not insist.
protocol-waiver = { $reason } (until { $until })
protocol-waiver-ended = { $reason } (ended { $until }: it no longer counted when this was delivered)
protocol-notes = Remarks
protocol-cannot = What no document can show
protocol-decision = Decision
protocol-decision-note = To be filled in and signed by the person who decides for the buyer.
protocol-by-hand = By hand
protocol-decides = Accepted, accepted with conditions, or sent back
protocol-because = Conditions or reason
protocol-name = Name
protocol-day = Day
protocol-signature = Signature

## The draft of a letter to the supplier.
supplier-subject = Your bill of materials for { $product } ({ $reference })
supplier-to = To { $supplier }
supplier-thanks = Thank you for the bill of materials of { $product } ({ $file }), which we received on { $day } under { $reference }. It helps us to answer within minutes where a vulnerable component is in use.
supplier-conforms = We held it against what we agreed: { $rulebook } ({ $source }). It conforms, as far as a document can show it. There is nothing that you need to do.
supplier-nothing-missing = We held it against what we agreed: { $rulebook } ({ $source }). Nothing is missing on which we insist. Some things a document cannot show; they stand below.
supplier-waived = We held it against what we agreed: { $rulebook } ({ $source }). What is not there, we have waived. There is nothing that you need to do.
supplier-missing = We held it against what we agreed: { $rulebook } ({ $source }). Something that we agreed on is still missing. Below stands what it is, and how it is usually mended.
supplier-unreadable = We wanted to hold it against what we agreed: { $rulebook } ({ $source }). We could not read it, and may well be the ones at fault:
supplier-offer = What we can do for you
supplier-offer-link = With this link you can hand in a new version as often as it allows, and see at once how it stands: { $link }
supplier-offer-check = The program that we judge with is open source. With `underpin check-sbom FILE` you get the same answer on your own machine, before you send anything.
supplier-offer-ask = If something is unclear or you think that we are wrong, please answer to whoever sent you this letter.
supplier-offer-settings = Several of the points below are settings of the tool that makes the file; we gladly look at them with you.
supplier-please = What we ask you to add
supplier-where-there = What we ask you to add where it exists
supplier-optional = What is welcome and may be left out
supplier-upstream = Please do not pass these requests on to the volunteers who make the open source in your product: what we agreed, we agreed with you.
supplier-regards = Kind regards

## Contracts, and delivering under them.
contracts = Contracts with suppliers
contracts-headline-none = No contract is written down under which bills of materials are owed
contracts-headline = { $all ->
    [one] { $open } of { $all } contract is open for deliveries
   *[other] { $open } of { $all } contracts are open for deliveries
}
contracts-lede = Under which contract is a bill of materials owed, what was it agreed to keep, and what came last? Whoever makes open source without a contract owes nothing, and is not in this list.
contracts-help = How deliveries are accepted
contracts-begin = Nobody has written down a contract within your sight.
contract = Contract
contract-open = Write down a contract
contract-reference = How you call it: a file number
contract-supplier = Supplier
contract-product = Product
contract-rulebook = Agreed rulebook
contract-ends = Delivered until
contract-opened = Written down
contract-state = State
contract-state-open = open
contract-state-ended = ended
contract-state-withdrawn = withdrawn
contract-deliveries = Deliveries
contract-delivered = Delivered
contract-difference = Against the one before
contract-better = better
contract-worse = worse
contract-changes = What became better or worse
contract-older = Older deliveries are not judged here; each has its own page.
contract-papers = For paper and mail
contract-protocol = Protocol (PDF)
contract-letter = Draft of a letter to the supplier
contract-letter-lede = A draft for you to read, change and send. Underpin sends nothing.
contract-headline-none = { $supplier } has not delivered yet
contract-headline = { $count ->
    [one] { $supplier } has delivered once
   *[other] { $supplier } has delivered { $count } times
}
contract-headline-better = { $better ->
    [one] The newest delivery of { $supplier } keeps { $better } clause better
   *[other] The newest delivery of { $supplier } keeps { $better } clauses better
}
contract-headline-worse = { $worse ->
    [one] The newest delivery of { $supplier } keeps { $worse } clause worse
   *[other] The newest delivery of { $supplier } keeps { $worse } clauses worse
}
contract-begin = Nothing was delivered yet. Give the supplier a link, or hand in what came by mail.
contract-link = Make a link for the supplier
contract-link-note = Whoever has the link can deliver under this contract without an account. They see how their own files stand, and nothing else.
contract-link-uses = How many deliveries it takes
contract-link-days = For how many days it is good
contract-link-made = The link
contract-link-once = It is shown this once. Give it to the supplier in a way that nobody else reads.
contract-link-until = The link is good until { $day }.
contract-waiver-over = no longer counts
contract-waive = Waive a clause
contract-until = Until when
contract-because = Why
contract-note = Write down a remark
contract-note-text = Remark, which stands in the protocol
contract-withdraw = Withdraw the contract
contract-withdraw-note = Nothing is delivered under it any more, and its links end. What was delivered stays.
contract-done-opened = The contract is written down.
contract-done-waived = The clause is waived. Its verdict stays as it is.
contract-done-noted = The remark is written down.
contract-done-withdrawn = The contract is withdrawn, and its links have ended.
contract-fault-empty = Fill this in.
contract-fault-ends = Give a day.
deliver-title = Deliver a bill of materials
deliver-held = What you hand in is held against what was agreed:
deliver-taken = It was taken.
deliver-not-taken = It was not taken. Please ask whoever gave you the link.
deliver-over = Nothing is delivered under this contract any more. Please ask whoever gave you the link.
deliver-used-up = This link has taken as many deliveries as it is good for. Please ask for a new one.
deliver-files-note = CycloneDX or SPDX, as a file or in an archive.
deliver-send = Hand in and see how it stands
deliver-note = You see how your own files stand, and nothing else. Nothing is refused because of a verdict: a person decides.
meaning-contract-state = Whether documents are delivered under it: until the agreed day, unless it was withdrawn before.
meaning-contract-state-open = Documents are delivered under it.
meaning-contract-state-ended = The agreed day has passed.
meaning-contract-state-withdrawn = Somebody withdrew it, with a reason; its links ended with that.
meaning-contract-difference = How many clauses are kept better or worse than in the delivery before. What cannot be read keeps nothing, and what comes after it is held against the last one that could be read.
meaning-contract-rulebook = What was agreed that a bill of materials keeps.
