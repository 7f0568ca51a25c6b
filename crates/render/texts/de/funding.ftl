# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

funding = Wer wofür zahlt
funding-headline-none = Über Geld für Projekte ist nichts bekannt
funding-headline = { $own ->
    [one] Eine eigene Zusage
   *[other] { $own } eigene Zusagen
}, { $others ->
    [one] eine Zahlung anderer
   *[other] { $others } Zahlungen anderer
} für Projekte
funding-headline-warnings = { $warnings ->
    [one] Ein Projekt wird vielleicht doppelt für dasselbe bezahlt
   *[other] { $warnings }-mal wird ein Projekt vielleicht doppelt für dasselbe bezahlt
}
funding-lede = Eigene Zusagen, was andere zahlen, was Projekte über Geld veröffentlichen, und wohin man ihnen Geld schicken kann. Beträge bleiben in ihrer Währung; nur Euro werden zusammengezählt.
funding-one = Von einem Projekt:
funding-all = Alle Projekte
funding-figure = { $own } sind von dieser Stelle zugesagt, { $others } sind von anderen bekannt
funding-measure = Euro nach Jahren, soweit bekannt. Was mehrere Dateien über ein Projekt und ein Jahr sagen, zählt einmal.
funding-year = Jahr
funding-part-own = Diese Stelle
funding-part-others = Andere Zahlende
funding-no-year = Kein Jahr bekannt
funding-double = Vielleicht doppelt bezahlt
funding-double-lede = Ein Mensch entscheidet. Mehrere, die ein Projekt bezahlen, sind willkommen, solange sie Verschiedenes bezahlen.
funding-double-same = { $commitment }: { $funder } zahlt für dasselbe Projekt und dieselbe Tätigkeit an denselben Tagen.
funding-double-maybe = { $commitment }: { $funder } zahlt vielleicht für dasselbe; nichts Bekanntes spricht dagegen.
funding-warning = Warnung
funding-strength = Wie sicher
funding-strength-same = Dasselbe
funding-strength-maybe = Vielleicht
funding-common-days = Gemeinsame Tage
funding-days = { $count ->
    [one] Ein Tag
   *[other] { $count } Tage
}
funding-amount = Betrag
funding-money = Geld, das fließt oder zugesagt ist
funding-money-lede = Einnahmen in einer Datei eines Projekts enthalten vielleicht auch unsere Zahlungen. Zahlungen dieser Stelle werden gezeigt, und vor ihnen wird nicht gewarnt.
funding-begin = Nichts ist aufgeschrieben. `underpin facts` nimmt Dateien darüber, wer zahlt, und Dateien, die Projekte veröffentlichen.
funding-waits = wartet auf Zustimmung
funding-kind = Was es ist
funding-kind-own = Eigene Zusage
funding-kind-other = Zahlung anderer
funding-kind-history = Einnahmen eines Jahres
funding-kind-accounts = Zahlungen in Konten
funding-kind-wish = Gewünschter Betrag
funding-kind-door = Weg zu zahlen
funding-who = Zahlt
funding-said = Wo gesagt
funding-said-here = Register dieser Stelle
funding-together-count = { $count ->
    [one] für ein Projekt
   *[other] für { $count } Projekte zusammen
}
funding-together = Für mehrere Projekte zusammen
funding-ways = Wohin Geld geschickt werden kann
funding-ways-lede = Das sind Wünsche, keine Förderung. Konten von Menschen werden nicht behalten: von den meisten Wegen ist hier nur die Plattform bekannt.
funding-ways-none = Kein Projekt, das angesehen wurde, sagt, wohin Geld geschickt werden kann.
funding-way = Weg
funding-own-address = Adresse des Projekts
funding-rhythm = Wie oft
funding-payee = Nimmt das Geld
funding-wish-ended = nicht mehr
funding-gaps = Was nicht gelesen oder nicht behalten wurde
funding-gaps-lede = Namen, Konten und Adressen, die vielleicht die eines Menschen sind, werden nie behalten.
funding-form-funding-json = funding.json
funding-form-funding-yml = FUNDING.yml
funding-form-accounts = Kontobuch
funding-read-clone = in einem Klon gelesen
funding-read-file = aus einer Datei gelesen
payer-unknown = Jemand, nicht gesagt wer
payer-organisation = Eine Organisation
payer-platform = Eine Plattform
payer-withheld = Jemand, dessen Name nicht behalten wird
payee-unknown = Nicht gesagt
payee-individual = Eine einzelne Person
payee-group = Eine Gruppe
payee-organisation = Eine Organisation
payee-other = Andere
platform-other = Ein anderer Weg
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
platform-bank = Überweisung
platform-cheque = Scheck
platform-cash = Bargeld
platform-own-page = Eine eigene Seite
rhythm-unknown = Nicht gesagt
rhythm-one-time = Einmal
rhythm-weekly = Jede Woche
rhythm-fortnightly = Alle zwei Wochen
rhythm-monthly = Jeden Monat
rhythm-yearly = Jedes Jahr
rhythm-other = Anders
money-gap-not-understood = Die Datei konnte nicht gelesen werden
money-gap-unknown-version = Ihre Version ist hier nicht bekannt
money-gap-unknown-platform = Eine Plattform, die hier nicht bekannt ist
money-gap-unreadable-amount = Ein Betrag, der nicht zu lesen ist
money-gap-unreadable-day = Ein Tag oder Jahr, das nicht zu lesen ist
money-gap-unknown-currency = Eine Währung, die nicht bekannt ist
money-gap-incomplete = Eine Zeile, der etwas Nötiges fehlt
money-gap-beyond-limits = Mehr, als von einer Datei behalten wird
money-gap-address-withheld = Eine Adresse, die nicht behalten wird
money-gap-name-withheld = Ein Name, der nicht behalten wird
money-gap-other-projects = Die Datei spricht nur von anderen Projekten
project-money = Geld
project-money-none = Über Geld für dieses Projekt ist nichts bekannt.
project-money-own = Zusagen dieser Stelle
project-money-others = Zahlungen und Einnahmen von anderen
card-source-project = nach seinem eigenen Wort
card-source-office = von der Stelle aufgeschrieben
card-source-clone = aus seinem Klon
card-source-insights = aus seiner SECURITY-INSIGHTS
card-source-case = in einem Fall gesagt: Nur Sie und andere, die eingelassen sind, sehen es
meaning-funding-kind = Welche Art von Aussage über Geld eine Zeile ist. Nur Geld, das floss oder zugesagt ist, kann eine zweite Zahlung sein.
meaning-funding-kind-own = Eine Zusage dieser Stelle, mit ihrer Nummer.
meaning-funding-kind-other = Eine Zahlung oder Zusage von jemand anderem, die diese Stelle mit ihrer Quelle aufschrieb.
meaning-funding-kind-history = Einnahmen, die ein Projekt für ein ganzes Jahr veröffentlicht, meist ohne zu sagen, von wem oder wofür.
meaning-funding-kind-accounts = Zahlungen, die ein Projekt Zeile für Zeile veröffentlicht; hier zusammengezählt nach Jahr und Zahlendem.
meaning-funding-who = Wer das Geld gibt. Ein Name, der vielleicht der eines Menschen ist, wird nicht behalten.
meaning-funding-together = Der Betrag gilt für alle Projekte der Datei und lässt sich nicht aufteilen.
meaning-funding-strength = Dasselbe: Projekt, Tätigkeit und Tage sind in beiden Einträgen gleich. Vielleicht: nichts Bekanntes spricht dagegen.
meaning-funding-common-days = Tage, an denen beide zahlen; nicht bekannt, wo ein Anfang oder Ende fehlt.
meaning-funding-way = Die Plattform oder Art des Kontos, die ein Projekt für Geldgaben nennt.
meaning-funding-own-address = Nur gezeigt, wo die Adresse nichts als das Projekt selbst nennt.
meaning-funding-said = Die Quelle: Worte der Stelle, oder die Datei des Projekts und wo sie gelesen wurde.
meaning-funding-rhythm = Wie oft das Projekt sich den Betrag wünscht.
meaning-payer-withheld = Die Datei nennt jemanden. Der Name ist vielleicht der eines Menschen und wird deshalb nicht behalten.
outcome = Hat es geholfen?
outcome-lede = Gesagt, bevor die Hilfe begann: was angesehen wird, und was mindestens zu sehen wäre. Verglichen mit Projekten, denen nicht geholfen wurde.
outcome-begins = Die Hilfe beginnt am
outcome-horizon = Verglichen am
outcome-sets = Gruppen von Projekten:
outcome-indicator = Was angesehen wird
outcome-least = Kleinste sichtbare Wirkung
outcome-came = Was herauskam
outcome-waits = Vor dem Tag des Vergleichs wird nichts ausgerechnet.
outcome-better = Besser um { $estimate } (95 %: { $low } bis { $high }; p = { $p })
outcome-worse = Schlechter um { $estimate } (95 %: { $low } bis { $high }; p = { $p })
outcome-not-seen = Keine Wirkung war zu sehen: { $estimate } (95 %: { $low } bis { $high }; p = { $p })
outcome-unknown = { $sets ->
    [0] Nichts lässt sich sagen: keine Gruppe von Projekten hat alle Werte.
    [one] Nichts lässt sich sagen mit einer Gruppe von Projekten.
   *[other] Nichts lässt sich sagen mit { $sets } Gruppen von Projekten.
}
meaning-outcome-indicator = Ein Signal, das Programme aus Klonen nehmen. Es steht fest, bevor die Hilfe beginnt, und entscheidet nie über Geld.
meaning-outcome-least = Die kleinste Wirkung, die in vier von fünf Fällen zu sehen wäre. Eine kleinere kann da sein, ohne gesehen zu werden.
meaning-outcome-came = Um wie viel mehr sich die geförderten Projekte änderten als die, mit denen sie verglichen werden, mit der Spanne, die dazu passt.
