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
