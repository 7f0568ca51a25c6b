# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

# Die Karte der Projekte: Abhängigkeit und wie sie dastehen; erwarteter Schaden mit Bereichen; Alternativen; Formeln anderer.

map = Karte der Projekte
map-headline = Von den { $count } Projekten, auf die wir uns am meisten stützen, { $bad ->
    [0] ist von keinem bekannt, dass es gefährdet oder ohne neue Tätigkeit ist
    [one] ist { $bad } gefährdet oder ohne neue Tätigkeit
   *[other] sind { $bad } gefährdet oder ohne neue Tätigkeit
}; { $unknown ->
    [0] von allen ist genug bekannt
   *[other] von { $unknown } ist zu wenig bekannt
}
map-looked-at = { $count } von { $projects } Projekten wurden angesehen: die mit der größten Abhängigkeit.
map-figure = Je weiter rechts, desto mehr stützen wir uns auf ein Projekt; je weiter oben, desto mehr spricht dagegen
map-measure = Abhängigkeit in Punkten, auf einer Skala, auf der zehnmal so viel immer gleich weit ist; Projekte nach Klasse
map-scale = Abhängigkeit (Punkte)
map-each = Projekte nach erwartetem Schaden
map-risk-lede = Erwarteter Schaden ist Abhängigkeit mal dem, was über Vorfälle angenommen wird. Er ist keine Vorhersage: Was über ein Projekt nicht bekannt ist, macht seinen Bereich weit.
map-place = Platz nach Schaden
map-known = Bekannte Hinweise
map-risk = Erwarteter Schaden
map-range = 80 von 100 Fällen
map-first = Unter den ersten 10
map-beliefs = Was angenommen wird, bevor etwas bekannt ist
map-beliefs-lede = Einschätzungen, in jedem Plan dieselben. Warnmeldungen und Signale ändern sie für jedes Projekt; die Seite eines Projekts zeigt, wie.
map-cause = Ursache
map-incidents = Vorfälle im Jahr
map-days = Tage je Vorfall
map-harm = Schaden
map-why = Was sie geändert hat
map-step-published = Innerhalb von drei Jahren veröffentlichte Schwachstellen
map-step-events = { $what }: zählt wie { $events } Vorfälle mehr
map-step-years = { $what }: zählt wie { $years } Jahre ohne einen
map-step = { $what }: { $events } in { $years } Jahren
map-sum = Wie der erwartete Schaden zustande kommt
map-sum-lede = { $points } Punkte Abhängigkeit mal Vorfälle im Jahr mal Tage: { $mean } insgesamt, in 80 von 100 Fällen zwischen { $low } und { $high }. Platz { $place }.
map-not-looked-at = Dieses Projekt gehört nicht zu denen mit der größten Abhängigkeit; sein erwarteter Schaden wird nicht mit anderen verglichen.
cause-bug = Fehler
cause-takeover = Übernahme durch andere
cause-abandonment = Niemand behebt mehr etwas
substitutes = Was man stattdessen verwenden könnte
substitutes-unknown = Die Stelle hat nicht aufgeschrieben, ob andere Projekte demselben Zweck dienen.
substitutes-source = Von der Stelle aufgeschrieben:
substitutes-project = Anderes Projekt
substitutes-in-use = Hier in Verwendung
substitutes-systems = Systeme, die es verwenden
substitutes-both = Systeme, die beide verwenden
substitutes-effort = Um dieses Projekt zu verlassen, { $count ->
    [one] müsste sich ein System
   *[other] müssten sich { $count } Systeme
} ändern.
substitutes-direct = { $count ->
    [one] Eines davon fordert eines seiner Pakete selbst an.
   *[other] Sie fordern seine Pakete an { $count } Stellen selbst an.
}
substitutes-depth = Die nächste Verwendung ist { $count ->
    [one] einen Schritt entfernt.
   *[other] { $count } Schritte entfernt.
}
compare = Formeln anderer, zum Vergleich
compare-warning = Diese Zahlen sagen nicht, wo Hilfe nötig ist. Jede macht aus Tätigkeit, Beliebtheit und bekannten Schwachstellen eine Zahl: Kleine ruhige Projekte, auf denen viel ruht, bekommen wenig, und eine Zahl kann steigen, wenn weniger bekannt ist. Nichts hier entscheidet sich nach ihnen.
compare-criticality = OpenSSF Criticality Score
compare-census = Census von 2015
compare-census-none = Was diese Formel außer diesen Punkten verlangt, ist hier nicht bekannt: Beliebtheit in Debian, Sprache, Erreichbarkeit.
compare-score = Wert (0 bis 1)
compare-index = Punkte bisher
compare-input = Eingabe
compare-value = Wert
compare-adds = Trägt bei
compare-missing = Nicht bekannt, und in beiden Summen weggelassen:
compare-nothing = Kein Blick auf einen Klon ist aufbewahrt, deshalb lässt sich nichts ausrechnen.
compare-website = Keine Homepage und kein Repository bekannt
compare-cves = Schwachstellen seit 2010
compare-contributors = Beitragende in 12 Monaten
meaning-map = Projekte nach Abhängigkeit und danach, wie sie dastehen. Was nicht bekannt ist, hat einen eigenen Platz.
meaning-map-place = Die Nummer des Projekts, wenn man nach dem erwarteten Schaden ordnet.
meaning-map-known = Arten von Hinweisen, die etwas über das Projekt sagen, von allen Arten.
meaning-map-risk = Punkte der Abhängigkeit mal Vorfälle im Jahr mal den Tagen, die jeder dauert, über alle Ursachen zusammengezählt.
meaning-map-range = Zwischen diesen Zahlen liegen 80 von 100 Ziehungen aus dem, was angenommen wird.
meaning-map-first = In wie vielen von 100 Ziehungen das Projekt unter den zehn mit dem meisten Schaden ist.
meaning-map-cause = Was bewirkt, dass ein Projekt denen schadet, die es verwenden.
meaning-map-incidents = Wie oft das im Jahr geschieht, soweit man annimmt.
meaning-map-days = Wie lange ein Vorfall dauert, soweit man annimmt.
meaning-map-harm = Was die Ursache zum erwarteten Schaden beiträgt.
meaning-map-why = Was über das Projekt bekannt ist und geändert hat, wie oft die Ursache erwartet wird.
meaning-cause-bug = Ein Fehler in dem, was das Projekt gemacht hat, bis die Verwender die Behebung haben.
meaning-cause-takeover = Jemand anderes übernimmt das Projekt oder seine Veröffentlichung und bringt ein, was schadet.
meaning-cause-abandonment = Ein Fehler bleibt offen, weil niemand das Projekt mehr pflegt.
meaning-substitutes-both = Systeme, die dieses Projekt und das andere schon haben.
