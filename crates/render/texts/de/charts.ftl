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
