# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

dossier = Dossier
dossier-title = Dossier of { $project }
dossier-headline = { $known } of { $all } questions about { $project } are answered from public evidence
dossier-lede = Nobody has to ask the project: these answers come from public evidence that is in the house, each with its source and date. The project owes nobody an answer. Who gives software away is no supplier.
dossier-question = Question
dossier-answer = Answer
dossier-source = Source
dossier-each = Questions and answers
dossier-markdown = As Markdown
dossier-project = The project
dossier-remarks = What the project says beside
dossier-project-says = The project said on { $day }:
dossier-not-asked = No question of the dossier is about this. Nothing is known here, and nobody asks the project for you.
dossier-source-clone = a clone of the public repository
dossier-source-card = the project's own words in its repository
dossier-source-contact = how the project wants to be approached, as it says
dossier-source-advisories = public advisories
dossier-source-lifecycle = public lists of ends of life
dossier-source-documents = documents within sight
dossier-source-project = the project
dossier-question-maintained = Is the project maintained?
dossier-question-governance = How is it governed, and who decides?
dossier-question-contact = How can it be reached?
dossier-question-security-policy = Is there a security policy?
dossier-question-vulnerability-reports = How is a vulnerability reported?
dossier-question-signed-releases = Are releases signed?
dossier-question-releases = How often is there a release?
dossier-question-licence = Under which licence is it?
dossier-question-end-of-life = How long is it supported?
dossier-question-unfixed = Which known vulnerabilities are not fixed?
dossier-question-sbom = Is a bill of materials (SBOM) published?
dossier-question-cra-role = Which role does it have under the Cyber Resilience Act?
dossier-question-tests = How is it tested?
dossier-question-provenance = Can a release be traced to its source?
dossier-question-contributing = How does one contribute?
dossier-question-funding = How is it funded?
dossier-unknown-maintained = Not known: the clone that was looked at does not show it.
dossier-unknown-governance = Not known: the clone that was looked at does not show it.
dossier-unknown-security-policy = Not known: the clone that was looked at does not show it.
dossier-unknown-signed-releases = Not known: the clone that was looked at does not show it.
dossier-unknown-releases = Not known: the clone that was looked at does not show it.
dossier-unknown-contributing = Not known: the clone that was looked at does not show it.
dossier-unknown-funding = Not known: the clone that was looked at does not show it.
dossier-unknown-no-look = Not known: no clone of it was looked at.
dossier-unknown-contact = Not known: nothing was written down, and its files do not say it.
dossier-unknown-vulnerability-reports = Not known. The national CERT can coordinate.
dossier-unknown-licence = Not known: no document within sight states a licence.
dossier-unknown-end-of-life = Not known: no list of ends of life that was read names it.
dossier-unknown-unfixed = Not known: no feed that was read speaks of its packages, or nobody within sight uses them.
dossier-unknown-sbom = Not known. The bills of materials in the house are made by those who use it.
dossier-unknown-cra-role = Not known. A foundation or company that carries a project can be its steward, and says so itself. Somebody who publishes code without selling it has no duty towards those who use it; the due diligence is with the manufacturer.
dossier-unknown-tests = Not known: nothing in the house looks at its tests.
dossier-unknown-provenance = Not known: nothing in the house checks attestations of its releases.
dossier-say-maintained = { $commits ->
    [one] A person last changed the code on { $day }; in the twelve months before the look people made { $commits } change.
   *[other] A person last changed the code on { $day }; in the twelve months before the look people made { $commits } changes.
  }
dossier-say-governance = It says this of itself:
dossier-say-contact = It says this of itself:
dossier-say-contact-at = It wants to be approached here: { $address }
dossier-say-contact-none = It told this office that it wants no contact.
dossier-say-security-policy-yes = Yes, there is one in its repository.
dossier-say-security-policy-no = There is none in its repository.
dossier-say-reports = It says this of itself:
dossier-say-reports-at = It takes reports here: { $address }
dossier-say-reports-none = It says that it takes no reports. The national CERT coordinates.
dossier-say-signed = { $tags ->
    [one] { $signed } of { $tags } tag of a release has a signature. It was seen, not verified.
   *[other] { $signed } of { $tags } tags of releases have a signature. They were seen, not verified.
  }
dossier-say-last-release = The last release was tagged on { $day }.
dossier-say-rhythm = { $days ->
    [one] Half of the releases came within { $days } day of the one before.
   *[other] Half of the releases came within { $days } days of the one before.
  }
dossier-say-licence = Documents state: { $licences }
dossier-say-licence-yes = There is a licence file in its repository.
dossier-say-licence-no = There is no licence file in its repository.
dossier-say-end-of-life = { $product } { $cycle }: { $state }
dossier-say-unfixed-none = None that public advisories tell of.
dossier-say-unfixed = { $count ->
    [one] { $count } without a fixed version, as public advisories say: { $names }
   *[other] { $count } without a fixed version, as public advisories say, among them: { $names }
  }
dossier-say-contributing = It says this of itself:
dossier-say-funding = It says this of itself:
reply = What the project says about this
reply-none = The project has not replied yet. What is stored of it can be handed to it, and its words stand beside ours.
reply-about = About
reply-words = Words of the project
reply-day = Day
reply-other = Other
reply-approach = How it wants to be approached
reply-counts = Its word comes before ours.
rating = What the project says of this conversation
ratings = What projects say after conversations
ratings-lede = { $ended ->
    [one] { $rated } of { $ended } conversation that has ended was rated. Answering is voluntary, and nobody is counted by name.
   *[other] { $rated } of { $ended } conversations that have ended were rated. Answering is voluntary, and nobody is counted by name.
  }
rating-question = Question to the project
rating-worth = Was it worth your time?
rating-again = Would you like to hear from us again?
rating-no-answer = No answer
rating-none = The project has not rated it.
rating-says = Both questions are voluntary. Write down what the project answered, never who answered.
rating-note = Note the rating
engagement-done-rated = The rating is noted.
