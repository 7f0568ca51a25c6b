# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

# Der Förderplan auf einer Seite für alle, die entscheiden.

brief-title = Was { $budget } für unsere quelloffene Software bewirken
brief-lead = Für { $cost } von { $budget } hilft das Büro { $projects ->
    [one] einem Projekt
   *[other] { $projects } Projekten
}, auf { $projects ->
    [one] das
   *[other] die
} { $systems ->
    [one] ein System
   *[other] { $systems } Systeme
} von { $agencies ->
    [one] einer Stelle
   *[other] { $agencies } Stellen
} bauen.
brief-nothing = Mit { $budget } darf das Büro noch keinem Projekt helfen: Was zuerst kommen muss, steht unten.
brief-avoided = Nach unserer Schätzung nimmt das { $percent } von 100 Teilen des Schadens weg, der von den betrachteten Projekten zu erwarten ist. Solchen Schaden hat niemand gezählt: Die Schätzung ruht auf Annahmen, und der Plan nennt jede davon.
brief-paid = Wofür bezahlt wird
brief-project = Projekt
brief-what = Was getan wird
brief-cost = Kosten
brief-systems = Systeme
brief-why = Woher eine Zahl kommt, zeigt `underpin project` mit dem Namen des Projekts.
brief-more = { $count } weitere stehen im Plan.
brief-pooled = Was Stellen gemeinsam bezahlen
brief-pooled-line = { $number }: { $agencies ->
    [one] Eine Stelle bezahlt
   *[other] { $agencies } Stellen bezahlen
} zusammen { $amount } für { $project } ({ $what }), jede nach dem Maß, in dem sie davon abhängt.
brief-doubled = Wo auch andere bezahlen
brief-doubled-line = { $number }: { $funder } bezahlt ebenfalls für { $project } ({ $what }). Wir sprechen miteinander, bevor etwas bezahlt wird.
brief-refused = Was wir nicht tun, und was zuerst kommt
brief-refused-line = { $project }: „{ $what }“ jetzt nicht, denn { $reason }. Zuerst: { $first }.
brief-unknown = Was nicht bekannt ist
brief-unknown-facts = { $count ->
    [one] Bei einem Projekt hat noch niemand gefragt, ob es Hilfe möchte.
   *[other] Bei { $count } Projekten hat noch niemand gefragt, ob sie Hilfe möchten.
}
brief-unknown-agencies = { $unknown ->
    [one] Von einem System
   *[other] Von { $unknown } Systemen
} ist nichts bekannt; es kann also mehr auf etwas bauen.
brief-next = Was zu entscheiden ist
brief-next-line = Über jeden Punkt und seinen rechtlichen Weg entscheidet ein Mensch, und ein zweiter stimmt zu. Nichts wird bezahlt, bevor öffentliche Arbeit da ist, die man ansehen kann.
brief-foot = Stand { $at }. Jede Zahl kommt aus: { $command }

intervention-audit = Prüfung
intervention-fuzzing = dauerndes Fuzzing
intervention-paid-maintenance = bezahlte Pflege
intervention-fellowship = Stipendium
intervention-direct-contribution = eigene Mitarbeit
intervention-release-hardening = sicherere Veröffentlichungen
intervention-succession = Nachfolge
intervention-bounty-with-triage = Prämien mit bezahlter Sichtung
intervention-foundation-membership = Mitgliedschaft in einer Stiftung
intervention-pooled-fund = gemeinsamer Fonds
intervention-replace = Ersatz
intervention-adopt = Übernahme

refusal-consent-unknown = niemand hat das Projekt gefragt
refusal-consent-refused = das Projekt möchte es nicht
refusal-triage-unknown = niemand weiß, ob es Zeit hat, Meldungen zu sichten
refusal-no-triage-capacity = das Projekt hat keine Zeit, die Meldungen zu sichten, die das brächte
refusal-not-audited = es wurde nicht geprüft
refusal-capacity-unknown = niemand weiß, wie viele Stunden seine Leute haben
refusal-above-capacity = es ist mehr, als seine Leute aufnehmen können
refusal-funded-elsewhere = jemand bezahlt schon dafür
refusal-funding-unknown = niemand weiß, wer schon bezahlt
refusal-cannot-receive-money = das Projekt kann kein Geld annehmen
refusal-funding-cliff = für die Zeit danach ist nichts zurückgelegt
refusal-takes-no-contributions = das Projekt nimmt keine Beiträge an
refusal-no-alternative = nichts ist bekannt, was stattdessen benutzt werden könnte
refusal-is-maintained = es wird gepflegt
refusal-no-foundation = keine Stiftung trägt es
refusal-excluded-by-another = ein anderes Mittel steht dagegen

first-ask-first = das Projekt fragen
first-respect-the-answer = die Antwort achten
first-pay-for-triage = die Sichtung von Meldungen bezahlen
first-audit-first = es prüfen lassen
first-ask-for-hours = fragen, wie viele Stunden da sind
first-offer-less = weniger anbieten
first-join-the-other-funder = sich dem anschließen, der bezahlt
first-ask-the-funders = fragen, wer bezahlt
first-find-fiscal-host = jemanden finden, der Geld dafür annehmen kann
first-reserve-continuation = Geld für die Zeit danach zurücklegen
first-offer-other-help = andere Hilfe anbieten
first-look-for-alternative = nach etwas anderem suchen
first-help-the-present-people = denen helfen, die es pflegen
first-name-foundation = eine Stiftung nennen
first-choose-one = eines davon wählen

# Zusagen an Projekte.

commitments = Zusagen
commitments-headline-none = Keinem Projekt ist etwas zugesagt
commitments-headline-kept = { $all ->
    [one] Eine Zusage an ein Projekt, { $kept ->
        [0] nicht in Verzug
       *[other] gehalten
    }
   *[other] { $all } Zusagen an Projekte, { $kept } gehalten, keine in Verzug
}
commitments-headline-late = { $late ->
    [one] Eine Zusage an ein Projekt ist in Verzug
   *[other] { $late } Zusagen an Projekte sind in Verzug
}
commitments-lede = Wie eine Zusage steht, folgt aus Tagen und aus öffentlicher Arbeit, die man ansehen kann. Eine Zusage gilt, wenn ein zweiter Mensch sie bestätigt hat.
commitments-begin = Das Büro sagt etwas zu mit `underpin commitment propose`; was helfen würde, sagt ein Plan.
commitments-figure = { $promised } sind zugesagt, { $earned } verdient
commitments-measure = Euro danach, wie ihre Zusage steht
commitments-euro = Euro
commitments-state = Stand
commitments-each = Jede Zusage
commitments-late-days = { $count ->
    [one] Einen Tag in Verzug.
   *[other] { $count } Tage in Verzug.
}
commitments-double-same = { $funder } bezahlt an denselben Tagen für dasselbe. Bitte miteinander sprechen, bevor etwas bezahlt wird.
commitments-double-maybe = { $funder } bezahlt vielleicht für dasselbe. Bitte fragen, bevor etwas bezahlt wird.
commitments-this-office = Dieses Büro selbst
commitments-time = Von – bis
commitments-promised = Zugesagt
commitments-earned = Verdient
commitments-paid = Bezahlt
commitments-proposed-by = Vorgeschlagen von
commitments-approved-by = Bestätigt von
commitments-withdrawn = Zurückgezogen
commitments-parts = Teile
commitments-part = Teil
commitments-pays = Bringt
commitments-work = Öffentliche Arbeit
commitments-shares = { $count ->
    [one] Eine Stelle bezahlt
   *[other] { $count } Stellen bezahlen gemeinsam
}
commitments-approve = Bestätigen
commitments-done-approved = Die Zusage gilt jetzt.
fault-same-approver = Diese Zusage ist von Ihnen vorgeschlagen: Jemand anderes muss sie bestätigen.
promise-proposed = Vorgeschlagen
promise-promised = Zugesagt
promise-kept = Gehalten
promise-late = In Verzug
promise-withdrawn = Zurückgezogen
chart-source-register = das Verzeichnis der Zusagen

# Der Plan als Seite.

plan = Förderplan
plan-ask = Was bewirkt der nächste Euro?
plan-lede = Das Büro darf nur helfen, wo ein Projekt gefragt wurde und die Hilfe aufnehmen kann. Nennen Sie einen Betrag: Der Plan nimmt, was dafür am meisten Schaden vermeidet. Über jeden Punkt und seinen rechtlichen Weg entscheidet ein Mensch; ein zweiter stimmt zu.
plan-budget = Betrag in Euro
plan-cap = Höchstens für ein Projekt, in Euro
plan-top = Projekte, die neben den bekannten betrachtet werden
plan-make = Plan erstellen
plan-brief = Auf einer Seite, für alle, die entscheiden
plan-back = Der ganze Plan
plan-fault-money = Schreiben Sie einen Betrag von mindestens 1000 Euro, etwa 5000000 oder 5 000 000.
plan-fault-top = Schreiben Sie eine ganze Zahl von höchstens 500.
plan-source = der Plan, aus Abhängigkeit, Angaben zu Projekten und Annahmen
plan-curve-flat = Mehr als { $budget } vermeiden nicht mehr Schaden: Anderes darf noch nicht getan werden
plan-curve-rises = Der halbe Betrag vermeidet { $percent } von 100 Teilen dessen, was der ganze vermeidet
plan-curve-label = vermieden
plan-curve-measure = Tage im Jahr, an denen Systeme betroffen wären und es nicht sind, nach dem, was höchstens ausgegeben wird
plan-items = Wofür bezahlt wird, und was davon zu erwarten ist
plan-avoided = Vermieden
plan-avoided-range = Zwischen
plan-stability = In so vielen Plänen
plan-marginal = Ohne es verloren
plan-why = Wie diese Zahlen zustande kommen
plan-cause = Ursache des Schadens
plan-incidents = Vorfälle im Jahr
plan-days = Tage, die einer dauert
plan-share = Weggenommener Anteil
plan-refused-because = Weil
plan-refused-for = Bei diesen Projekten
plan-first = Was zuerst
plan-more = { $count ->
    [one] Ein weiteres Projekt
   *[other] { $count } weitere Projekte
}
plan-unfunded = { $count ->
    [one] Ein Projekt erhält nichts
   *[other] { $count } Projekte erhalten nichts
}
plan-unfunded-why = Warum es nichts erhält
plan-others = Andere Pläne neben diesem
plan-other-this = Dieser Plan
plan-other-half = Mit dem halben Betrag
plan-other-double = Mit dem doppelten Betrag
plan-other-spread = Mit höchstens einem Zehntel für ein Projekt
plan-other-uncapped = Ohne Grenze für ein Projekt
plan-more-instruments = { $count } weitere
plan-beliefs = Was wir annehmen, wo niemand gezählt hat
plan-beliefs-note = Diese Zahlen gelten für jedes Projekt, zu dem nichts Besseres aufgeschrieben ist: was zu erwarten ist, und zwischen welchen Werten es liegen dürfte. Sie sind Einschätzung. Wissen Sie es besser, schreiben Sie es mit Quelle auf (underpin facts add).
plan-certificate = Die Rechnung: Unter diesen Annahmen vermeidet kein Plan mehr als { $bound }, und dieser erreicht sicher { $share } von 100 Teilen davon. Ob die Annahmen stimmen, sagt das nicht.
plan-instruments = Was das Büro für ein Projekt tun kann
plan-needs = Was zuerst gelten muss
plan-route = Rechtsform, die passen kann
plan-route-note = Welche Rechtsform passt und ob Beihilferecht zu prüfen ist, entscheidet ein Mensch. Wirkungen, Quellen und Leitplanken zu jedem: underpin plan --instruments --format json.

unfunded-risk-unknown = niemand weiß, wie viele Systeme davon abhängen
unfunded-all-refused = noch darf nichts getan werden
unfunded-nothing-helps = nichts würde Schaden wegnehmen
unfunded-too-dear = was helfen würde, kostet zu viel
unfunded-others-first = anderes vermeidet für das Geld mehr
needs-consent = das Projekt möchte es
needs-can-receive-money = es kann Geld annehmen
needs-triage-capacity = jemand hat Zeit, Meldungen zu sichten
needs-audit-first = es wurde geprüft
needs-absorptive-capacity = seine Leute haben die Stunden
needs-takes-contributions = es nimmt Beiträge an
needs-continuity-reserve = Geld für die Zeit danach
needs-known-alternative = etwas anderes, das man verwenden kann
needs-nobody-maintains = niemand pflegt es
needs-known-foundation = eine Stiftung trägt es
route-procurement = Einkauf von Leistungen
route-grant = Zuwendung
route-membership = Mitgliedschaft
route-employment = Anstellung
route-own-work = Arbeit eigener Leute

# Was alle von Zusagen sehen dürfen.

promises = Zusagen an quelloffene Projekte
promises-headline-none = Noch ist keine Zusage an ein Projekt öffentlich
promises-headline = { $all ->
    [one] Eine Zusage an ein Projekt
   *[other] { $all } Zusagen an Projekte
}: { $kept } gehalten, { $late } verspätet
promises-lede = Was die Regierung Projekten zugesagt hat, die hier genannt werden wollen. Wie eine Zusage steht, folgt aus Daten und aus öffentlicher Arbeit, die man ansehen kann. Ob ein Projekt die Arbeit annimmt, entscheidet das Projekt.
promises-unnamed = Projekte, die nicht genannt werden wollten und denen etwas zugesagt ist:
promises-all = Was alle von Zusagen sehen
promises-accounts = Alle Zahlungen als Datei
promises-states = Wie sie stehen
plan-fault-euro = Schreiben Sie ganze Euro, 0 oder mehr, etwa 300000.
plan-fault-hours = Schreiben Sie ganze Stunden, etwa 400.
plan-fault-name = Jede Regel braucht einen eigenen Namen.
plan-fault-of = Sagen Sie, worum es in der Regel geht, mit Kommas dazwischen.
plan-fault-instrument = Schreiben Sie Namen aus der Liste „Was das Büro für ein Projekt tun kann“, mit Kommas dazwischen.
plan-rules = Regeln des Hauses neben dem Betrag
plan-rules-note = Leere Zeilen zählen nicht. Sind alle ausgefüllt, erstellen Sie den Plan: Dann folgen weitere Zeilen.
plan-office-hours = Stunden, die unsere eigenen Leute haben
plan-own-skills = Nicht mehr eigene Stunden, als die Liste unserer Fähigkeiten unten übrig hat
plan-year = Höchstens im { $count }. Jahr, in Euro
plan-rule = Regel { $count }
plan-rule-name = Name der Regel
plan-rule-bound = Wie viel
plan-rule-euro = Betrag in Euro
plan-rule-kind = Was zählt
plan-rule-of = Welche, mit Kommas dazwischen
plan-bound-at-most = Höchstens
plan-bound-at-least = Mindestens
plan-kind-instruments = Geld für diese Arten von Hilfe
plan-kind-ecosystems = Projekte mit Paketen dieser Art (npm, maven)
plan-kind-agencies = Projekte, die diese Behörden nutzen
plan-kind-projects = Diese Projekte
plan-hours = Eigene Stunden
plan-hours-count = { $count ->
    [one] eine Stunde
   *[other] { $count } Stunden
}
plan-prices = Was die Regeln kosten
plan-prices-note = Jede Regel wird einzeln ein wenig gelockert und der Plan neu erstellt. Eine Regel, die nichts kostet, steht nicht im Weg.
plan-price-rule = Regel
plan-price-looser = Wäre sie lockerer um
plan-price-gain = So vermiede der Plan mehr
plan-price-budget = Der Betrag
plan-price-office-hours = Stunden, die unsere eigenen Leute haben
plan-other-free = Ohne diese Regeln
plan-other-none = Kein Plan hält alle Regeln ein.
plan-skills = Was wir selbst können
plan-skills-note = Stunden im Jahr von dem, was unsere eigenen Leute können; sie werden angeboten wie Geld. Die Liste nennt Fähigkeiten, nie Personen. Was zugesagt ist, wird aus den heute geltenden Zusagen errechnet.
plan-skill = Fähigkeit
plan-skill-hours = Stunden im Jahr
plan-skill-promised = Zugesagt
plan-skill-left = Noch anzubieten
plan-skill-change = Ändern
plan-skill-write = Aufschreiben
skill-contracting = Verträge und Vergabe
skill-programming = Programmieren
skill-release-engineering = Bau und Veröffentlichung
skill-security-review = Prüfung der Sicherheit
skill-facilitation = Menschen zusammenbringen
