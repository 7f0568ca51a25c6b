# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

publications = What we publish
publications-headline-none = { $publisher } has published nothing yet
publications-headline = { $count ->
    [one] { $publisher } has published one document
   *[other] { $publisher } has published { $count } documents
}
publications-lede = Warnings about vulnerabilities, statements whether products are affected, and parts lists of our own releases. Each was read by two people before it was published, and each is signed.
publications-licence = Licence of all of it:
publications-advisories = Warnings and statements
publications-sboms = Parts lists of our releases
publications-name = Name
publications-title = Title
publications-released = Released
publications-files = Files
publications-signature = Signature
publications-withdrawn = Withdrawn
publications-fetch = How to fetch it
publications-fetch-how = Programs that read CSAF find everything by the first of these addresses. A file with a warning or a statement has its digests (.sha256, .sha512) and its signature (.asc) beside it.
publications-fetch-not-yet = Nothing is signed yet, so programs that read CSAF find nothing here. These lists are there and will fill.
publications-provider = CSAF provider
publications-feed = CSAF feed (ROLIE)
publications-folder = CSAF folder
publications-verify = How to verify it
publications-verify-how = Import the key, compare its fingerprint with one that you got in another way, then hold each file against its signature: gpg --verify FILE.asc FILE. Old keys stay here, for what they signed.
publications-key = Key since
publications-key-revoked = revoked on
publications-notice-security-txt-over = The security.txt ended on { $day } and is not served any more. The operator writes a later end into the settings.
publications-notice-security-txt-ends = The security.txt ends on { $day }. The operator writes a later end into the settings.
publications-notice-security-txt-unsigned = The security.txt is served without a signature. The operator signs it: `underpin publish sign-again`.
publications-notice-key-missing = The secret half of the key { $about } is missing. Nothing can be signed until it is back.
publications-notice-key-revoked = The key { $about } was revoked on { $day }. The operator makes another one: `underpin publish key new --replace`.
publications-notice-signed-with-revoked = Signed with a revoked key: { $about }. The operator signs them anew: `underpin publish sign-again`.
fault-publication-outdated = What this draft was made from has changed since, or does not count any more. Draft it anew.
fault-publication-stricter = What this draft was made from may not be passed on so far. Take the draft back, or have it marked stricter.
publications-drafts = Drafts of publications
publications-drafts-none = No draft that you may read waits for approval
publications-drafts-headline = { $count ->
    [one] One draft waits for a second person
   *[other] { $count } drafts wait for a second person
}
publications-drafts-begin = `underpin publish advisory` drafts a warning or a statement, `underpin publish sbom` the parts list of a release.
publications-drafts-lede = Read the whole text before you approve it. It is then dated, signed and published. Whoever wrote a draft cannot approve it.
publications-withdraws = Takes back what was published
publications-new = What is new
publications-author = Written by
publications-digest = Digest of the draft
publications-approve = Approve and publish
publications-own = You wrote this draft; somebody else must approve it.
publications-reason = Why it is taken back
publications-take-back = Take back
publications-ended = Earlier drafts
publications-ended-by = Approved or taken back by
publications-done-approved = It is approved, signed and published.
publications-done-withdrawn = It is taken back.
publication-draft = Waits for approval
publication-approved = Approved
publication-taken-back = Taken back
publication-replaced = Replaced
fault-same-publisher = You wrote this draft; somebody else must approve it.
fault-publication-changed = The draft is another one than the one that you read. Read it again.
fault-publication-key = There is no key to sign with. The operator makes one with `underpin publish key new`.
fault-publication-reason = Say why it is taken back.
words-publications = Publications
meaning-publication-draft = Somebody wrote it; nobody else has approved it, and nobody outside can read it.
meaning-publication-approved = A second person approved it. It is signed; everybody can read it where it is TLP:CLEAR.
meaning-publication-taken-back = It was taken back before anybody approved it.
meaning-publication-replaced = A later draft of the same name took its place before anybody approved it.
meaning-publications-released = When this version was approved and signed.
meaning-publications-digest = The SHA-256 of the whole draft. An approval belongs to it: if one letter changes, it is another draft.
