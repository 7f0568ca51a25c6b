# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

## Documents: what has to be done about them, and how good they are.
yes = Yes
no = No
documents-with-gaps = { $count ->
    [one] One document with gaps
   *[other] { $count } documents with gaps
}
documents-unbound = { $count ->
    [one] One document about no system yet
   *[other] { $count } documents about no system yet
}
documents-unread = { $count ->
    [one] One document could not be read
   *[other] { $count } documents could not be read
}
documents-replaced = { $count ->
    [one] One document was replaced by a newer one
   *[other] { $count } documents were replaced by newer ones
}
documents-made-in = Made in the month
documents-only-gaps = Only those with gaps
documents-only-replaced = Only those that were replaced
documents-month = Month
documents-figure-headline = { $count ->
    [one] { $good } of one document counts and has no gaps
   *[other] { $good } of { $count } documents count and have no gaps
}
documents-figure = Documents by the month in which they were made, and by how good they are. One that does not say when it was made counts in the month in which it was received.
documents-figure-part = The documents that were asked for, by the month in which they were made, and by how good they are. One that does not say when it was made counts in the month in which it was received. The question in SQL counts all documents.
documents-part-whole = Without gaps
documents-part-gaps = With gaps
documents-part-unread = Could not be read
documents-part-past = Replaced or taken back

## One document.
document-original = Download the original
document-whole = The file that it is a part of
document-handed-in-by = Handed in by
document-uploader-unknown = Through the office, for no single agency
document-state-since = In this state since
document-subject = What it describes
document-types = Kinds of packages in it
document-lay = Where it lay
document-said = What it says of itself
document-said-spec_version = Version of the format
document-said-subject_version = Version of what it describes
document-said-serial = Serial number
document-said-tool_version = Version of the tool
document-said-supplier = Supplier
document-said-context = When it was made, in the life of the software
document-said-data_licence = Licence of the document
document-said-distribution = Distribution
document-signature-verified = verified
document-signature-unknown-signer = of nobody whose signatures count
document-signature-wrong = does not hold
document-signature-unchecked = not checked: no keys are named
document-said-signature = Signature
document-said-signature_detail = Whose it is, or why it does not hold
document-said-components = Components stated
document-said-edges = Dependencies stated
document-said-graph_complete = Direct and indirect can be told apart
document-by-argument = Whoever handed it in said so
document-by-manifest = A table that came with it
document-by-survey = The document itself says so
document-by-rule = A rule
document-by-as-systems = The system was made from it
document-by-command = A person said so later

## What can be done about a document.
document-change = What you can change
document-bind = Say which system it is about
document-bind-system = System: its name or identifier
document-bind-deployment = Deployment, where it matters
document-unbind = Say that it is not about a system
document-retract = Take this document back
document-retract-note = Its facts count no longer, from now on. The original is kept, and you can let it count again.
document-restore = Let this document count again
document-retry = Read it again
document-retry-note = The document is read with the readers of today. If that works, it counts, and the rules say what it is about.
document-because = Why
document-sure-bind = { $count ->
    [0] Yes, it is about this system.
    [one] Yes: its one use counts for this system from now on.
   *[other] Yes: its { $count } uses count for this system from now on.
}
document-sure-unbind = { $count ->
    [0] Yes, it is not about this system.
    [one] Yes: its one use does not count for this system any more.
   *[other] Yes: its { $count } uses do not count for this system any more.
}
document-sure-retract = { $count ->
    [0] Yes, take it back.
    [one] Yes: its one use does not count any more, and answers change.
   *[other] Yes: its { $count } uses do not count any more, and answers change.
}
document-sure-restore = { $count ->
    [0] Yes, let it count again.
    [one] Yes: its one use counts again, and answers change.
   *[other] Yes: its { $count } uses count again, and answers change.
}
document-fault-sure = Confirm that you want this.
document-fault-system-missing = Name the system.
document-fault-system = There is no such system that you may see.
document-fault-system-several = Several systems have this name. Give the identifier of the one that you mean.
document-fault-deployment = The system has no such deployment.
document-fault-binding = Choose the system that it is not about.
document-not-allowed = You may not do this with this document. It is also about systems that you do not hand in documents for, or you do not hand in for the system that you named. Nothing was changed.
document-moved = Meanwhile somebody else changed the state of this document. Nothing was changed. See what holds now.
document-done-bound = It is about this system from now on.
document-done-unbound = It is not about this system any more.
document-done-unbound-away = The document is not about this system any more. You do not see it now.
document-done-retracted = The document was taken back. It counts no longer.
document-done-restored = The document counts again.
document-done-retried = The document was read. It counts.
document-done-unread = It still could not be read. The reason is below.

## Where systems run.
deployment = Deployment
deployments = Deployments: where it runs
deployments-none = No deployment is registered.
deployment-add = Add a deployment
deployment-new = A new deployment
deployment-rules = Rules that lead here
deployment-bound = { $count ->
    [0] No document names this deployment.
    [one] One document names this deployment.
   *[other] { $count } documents name this deployment.
}
deployment-sure = { $count ->
    [0] Yes, it ends. Its past stays.
    [one] Yes, it ends, and the rule that leads to it ends with it. Its past stays.
   *[other] Yes, it ends, and the { $count } rules that lead to it end with it. Its past stays.
}
deployment-fault-sure = Confirm that it ends. Nothing was changed.
registry-field-environment = Environment: production, test, …
registry-field-location = Place: data centre, cloud region or site

## Rules that say what documents are about.
mappings = Rules for documents
mappings-all = All rules for documents
mappings-list = The rules
mappings-none = There is no rule.
mappings-headline = { $count ->
    [0] No rule says what documents are about
    [one] One rule says what documents are about
   *[other] { $count } rules say what documents are about
}
mappings-lede = A document that comes in and does not say which system it is about is bound by these rules. Try a rule out on the documents that are here before you write it down.
mapping-on-subject = Name of what the document describes
mapping-on-path = Path of the file
mapping-on-purl = Package address (purl) of what the document describes
mapping-pattern = Pattern
mapping-pattern-note = * stands for any characters. Upper and lower case are the same.
mapping-looks-at = What is looked at
mapping-try = Try a rule out
mapping-leads-to = Documents that fit are about
mapping-is-there = This rule is written down.
mapping-is-new = This rule is not written down yet.
mapping-outcome = What the rule means for it
mapping-outcome-waits = About no system yet: it would be bound
mapping-outcome-there = About this system already
mapping-outcome-elsewhere = About other systems: it stays so
mapping-looked-at = Documents that were looked at
mapping-add = Write this rule down
mapping-add-note = It binds documents that come in from then on. For those that wait already, apply the rules.
mapping-end = Take this rule away
mapping-end-note = Documents that it has bound stay bound. Those that come in later are not bound by it.
mapping-added = The rule is written down.
mapping-ended = The rule was taken away.
mapping-fault = This is no rule: it needs a pattern, and a system (and a deployment of it) that you may see.
mapping-fault-sure = Confirm that the rules are to be applied. Nothing was changed.
mappings-apply = Apply the rules
mappings-apply-sure = Yes: documents about no system yet are bound by the rules, and answers change.
mappings-apply-nothing = No document waits for a rule.
mappings-applied = The rules were applied
mappings-applied-bound = { $count ->
    [0] No document was bound.
    [one] One document was bound.
   *[other] { $count } documents were bound.
}
mappings-applied-left = { $count ->
    [one] One document is still about no system.
   *[other] { $count } documents are still about no system.
}
why-document-month = Write the month as year and month, such as 2026-03.
why-evidence-purged = The original was removed by two people together. Only its record is left.
why-parts-unseen = The file also holds what you may not see. You can download the document itself.
