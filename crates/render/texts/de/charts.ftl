# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

## Pictures.

chart-as-table = Als Tabelle zeigen
chart-as-sql = Die Abfrage
chart-as-csv = CSV
chart-source = Quelle:
chart-nothing = Es gibt nichts zu zeichnen.
chart-not-known = Nicht bekannt
chart-million = { $number } Mio.
chart-billion = { $number } Mrd.
chart-trillion = { $number } Bio.
chart-bars-more = { $count ->
    [one] Eine weitere Zeile
   *[other] { $count } weitere Zeilen
}, zusammen { $sum }
chart-target = { $name }: { $number }
chart-line-course = Es waren { $first } ({ $first-when }), höchstens { $highest } ({ $highest-when }), jetzt sind es { $last } ({ $last-when }).
chart-line-target = { $name } zu diesem Zeitpunkt: { $count }.

chart-source-inventory = Dokumente über Systeme
chart-source-findings = Dokumente über Systeme, verglichen mit Meldungen
chart-source-record = Aufzeichnungen über Vorfälle, Aufgaben und Dokumente

# Was Balken zeigen, als Satz.
chart-all-systems = { $count ->
    [one] Das einzige System gehört
   *[other] Alle { $count } Systeme gehören
} zu { $name }
chart-half-systems = Mehr als die Hälfte bei { $name }: { $most } von { $count } Systemen
chart-most-systems = Die meisten bei { $name }: { $most } von { $count } Systemen
chart-even-systems = Keine Stelle hat mehr als { $most ->
    [one] eines
   *[other] { $most }
} der { $count } Systeme
chart-all-findings = { $count ->
    [one] Der einzige Befund ist
   *[other] Alle { $count } Befunde sind
} bei { $name }
chart-half-findings = Mehr als die Hälfte bei { $name }: { $most } von { $count } Befunden
chart-most-findings = Die meisten bei { $name }: { $most } von { $count } Befunden
chart-even-findings = Keine Stelle hat mehr als { $most ->
    [one] einen
   *[other] { $most }
} der { $count } Befunde
chart-no-agency = Keine Stelle hat welche

# Was eine Linie zeigt, als Satz.
chart-line-fell = Von { $first } auf { $last } gesunken
chart-line-rose = Von { $first } auf { $last } gestiegen
chart-line-level = Unverändert { $last }
chart-line-nothing = Von keinem Zeitpunkt ist etwas bekannt
chart-line-met = { $course }: das Ziel ({ $target }) ist eingehalten
chart-line-missed = { $course }: { $over } über dem Ziel ({ $target })

# Die Karte dessen, was ein System braucht.
chart-map = Was das System braucht und wie es hineinkommt: Pakete und offene Befunde. Gezeichnet sind nur kürzeste Wege.
chart-map-calm = Kein Paket hat Befunde
chart-map-affected = { $affected } von { $all } Paketen { $affected ->
    [one] hat
   *[other] haben
} Befunde
chart-map-through = { $affected } von { $all } Paketen haben Befunde: { $through } { $through ->
    [one] kommt
   *[other] kommen
} über andere herein
chart-map-all-through = { $affected } von { $all } Paketen { $affected ->
    [one] hat Befunde: es kommt
   *[other] haben Befunde: alle kommen
} über andere herein
chart-map-direct = Direkt
chart-map-steps = { $steps ->
    [one] Hinter einem anderen
   *[other] Hinter { $steps } anderen
}
chart-map-beyond = Hinter { $steps } oder mehr
chart-map-findings = { $count ->
    [one] 1 Befund
   *[other] { $number } Befunde
}
chart-map-others = { $count ->
    [one] Ein weiteres
   *[other] { $count } weitere
}
chart-map-unknown = { $count ->
    [one] Ein Paket, von dem kein Dokument sagt, wie es hineinkommt
   *[other] { $count } Pakete, von denen kein Dokument sagt, wie sie hineinkommen
}
chart-map-way = Weg hinein
chart-map-needed-by = Gebraucht von

# Versionen eines Pakets in Gebrauch.
chart-versions = Systeme je Version, von der neuesten zur ältesten. Versionen mit Befunden liegen in einem Band.
chart-versions-others = { $count ->
    [one] Eine weitere Version
   *[other] { $count } weitere Versionen
}
chart-versions-nothing = Keine Version ist in Gebrauch
chart-versions-calm = { $all ->
    [one] Die einzige Version in Gebrauch hat keine Befunde
   *[other] Keine der { $all } Versionen in Gebrauch hat Befunde
}
chart-versions-all = { $all ->
    [one] Die einzige Version in Gebrauch hat Befunde
   *[other] Alle { $all } Versionen in Gebrauch haben Befunde
}
chart-versions-some = { $affected } von { $all } Versionen in Gebrauch { $affected ->
    [one] hat
   *[other] haben
} Befunde
chart-versions-most = { $told }; die meisten Systeme haben { $name } ({ $count })

# Stellen und Arten von Nachweisen.
chart-matrix-nothing = Kein System ist bekannt
chart-matrix-whole = Über jedes System gibt es Nachweise
chart-matrix-missing = Über { $missing } von { $all } Systemen gibt es keine Nachweise
chart-matrix-most = { $told }; { $most } davon sind bei { $name }

# Damals und jetzt.
chart-slope-nothing = Damals nichts, jetzt nichts
chart-slope-level = Weiter { $now }
chart-slope-fell = Von { $then } auf { $now } gefallen
chart-slope-rose = Von { $then } auf { $now } gestiegen
chart-slope-most = { $told }; am meisten { $name }: von { $then } auf { $now }
chart-slope-all = { $told }, alles davon { $name }
chart-slope-line = { $name }: von { $then } auf { $now }
chart-slope-more = { $count ->
    [one] Eine weitere Linie steht in der Tabelle
   *[other] { $count } weitere Linien stehen in der Tabelle
}

# Stellen und Arten von Nachweisen.
coverage-by-kind = Aktive Systeme jeder Stelle nach der Art der Nachweise über sie. Ein System kann mehrere Arten haben.
coverage-evidence = Systeme nach Nachweis
evidence-sbom = SBOM
evidence-lockfile = Lockdatei
evidence-installed = Installiert
evidence-stated = Angabe
evidence-none = Nichts

# Woche für Woche.
weeks = Woche für Woche
weeks-headline = { $now ->
    [0] Kein System hat einen ausgenutzten Befund
    [one] Ein System hat einen ausgenutzten Befund
   *[other] { $now } Systeme haben ausgenutzte Befunde
}; vor { $weeks } Wochen { $then ->
    [0] war es keines
    [one] war es eines
   *[other] waren es { $then }
}
weeks-headline-now = { $now ->
    [0] Kein System hat einen ausgenutzten Befund
    [one] Ein System hat einen ausgenutzten Befund
   *[other] { $now } Systeme haben ausgenutzte Befunde
}; über die Wochen davor ist nichts bekannt
weeks-note = Jede Woche wird aus der Aufzeichnung beantwortet: was an ihrem Ende bekannt war, beurteilt an ihrem Ende.
weeks-measure = Systeme mit Befunden, die bekanntermaßen ausgenutzt werden, am Ende jeder Woche
weeks-label = Systeme
weeks-each = Jede Woche
week = Ende der Woche
weeks-open = Offene Befunde
weeks-act-now = Jetzt handeln
weeks-exploited = Werden ausgenutzt
weeks-exploited-systems = Systeme mit ausgenutzten

# Zwischen zwei Zeitpunkten.
changes = Was sich geändert hat
changes-headline = { $worse ->
    [0] Nichts wurde schlechter
    [one] Eines wurde schlechter
   *[other] { $worse } wurden schlechter
}, { $better ->
    [0] nichts besser
    [one] eines besser
   *[other] { $better } besser
} seit { $day }
changes-since = Seit dem Ende von
changes-each = Jede Änderung
changes-what = Änderung
changes-by-severity = Offene Befunde nach Schweregrad, damals und jetzt
changes-no-severity = Sonstige
change-new = Neu
change-reopened = Wieder offen
change-exploited = Wird jetzt ausgenutzt
change-severity-up = Schwerer
change-confirmed = Bestätigt
change-fixed = Behoben
change-package-gone = Paket entfernt
change-system-gone = System entfernt
change-withdrawn = Meldung zurückgenommen
change-advisory-changed = Meldung geändert
change-decided = Entschieden
change-severity-down = Weniger schwer
change-delisted = Nicht mehr gelistet
change-doubted = Zweifelhaft
chart-strips-known = { $known } von { $all } Arten von Hinweisen bekannt
chart-strips-legend = Je voller ein Punkt, desto mehr Arten von Hinweisen sind bekannt; die Linie darunter ist der Bereich der Abhängigkeit.
chart-strips-more = { $count ->
    [one] Ein weiteres steht in der Tabelle.
   *[other] { $count } weitere stehen in der Tabelle.
}
chart-dumbbell-numbers = { $before } → { $after } von { $all }
chart-dumbbell-line = { $name }: vorher { $before } von { $all }, nachher { $after }
chart-dumbbell-more = { $count ->
    [one] 1 weitere Zeile steht in der Tabelle
   *[other] { $count } weitere Zeilen stehen in der Tabelle
  }
chart-dumbbell-rises = { $before } von { $all } jetzt, { $after }, wenn alles behoben ist, was sich beheben lässt
chart-dumbbell-stays = { $before } von { $all } jetzt, und nichts, was sich beheben lässt, ändert das

# Wie etwas mit der Größe wächst, über das Gemessene hinaus
chart-growth = Wie etwas mit der Größe wächst: Punkte sind gemessen, die gestrichelte Linie ist angepasst, der Ring ist zu erwarten, mit seiner Spanne. Beide Achsen zählen in Zehnerpotenzen.
chart-growth-measured = { $size }: { $value } gemessen.
chart-growth-expected = { $size }: etwa { $value } zu erwarten ({ $range }).
chart-growth-fitted = Nach der Kurve
chart-growth-range = Von, bis
