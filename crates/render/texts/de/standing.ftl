# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

## Viele Befunde als wenige Entscheidungen.
fold = Als wenige Entscheidungen
fold-headline-empty = Kein Befund ist offen
fold-headline-decided = Über jeden offenen Befund ist schon entschieden
fold-headline-none = Keine Aktualisierung ist bekannt, die einen von { $undecided } unentschiedenen Befunden erledigt
fold-headline-all = { $decisions ->
    [one] Eine Entscheidung erledigt
   *[other] { $decisions } Entscheidungen erledigen
} { $undecided ->
    [one] den einzigen unentschiedenen Befund
   *[other] alle { $undecided } unentschiedenen Befunde
}
fold-headline = { $decisions ->
    [one] Eine Entscheidung erledigt
   *[other] { $decisions } Entscheidungen erledigen
} { $settled } von { $undecided } unentschiedenen Befunden
fold-lede = Jede Zeile ist eine Sache, die viele Befunde auf einmal erledigt. Sehen Sie ihre Befunde an, dann entscheiden Sie. Die Zeile, die am meisten erledigt, kommt zuerst.
fold-list = Vorgeschlagene Entscheidungen
fold-number = Nr.
fold-what = Was zu tun ist, und warum
fold-covers = Befunde
fold-settles = Erledigt über die Zeilen davor hinaus
fold-so-far = Bis hierher
fold-decide = Entscheiden
fold-note = Diese Liste entscheidet nichts. Eine Entscheidung sagt den Behörden, was zu tun ist; erledigt ist ein Befund, wenn ein neueres Dokument es zeigt. Was entschieden ist, steht nicht mehr in der Liste.
fold-upgrade = { $what } in { $system } aktualisieren
fold-version = { $what } überall ablösen
fold-base = Überall neuere Pakete von { $what }
fold-why = { $findings ->
    [one] Ein Befund
   *[other] { $findings } Befunde
} in { $systems ->
    [one] einem System
   *[other] { $systems } Systemen
}, { $vulnerabilities ->
    [one] eine Schwachstelle
   *[other] { $vulnerabilities } Schwachstellen
}; { $urgent ->
    [0] keiner verlangt sofortiges Handeln
    [one] einer verlangt sofortiges Handeln
   *[other] { $urgent } verlangen sofortiges Handeln
}
fold-action-to = Auf { $to } aktualisieren
fold-action-newer = Auf eine neuere Version aktualisieren
fold-action-base = Die Aktualisierungen von { $what } einspielen
fold-measure = Befunde, die jede Entscheidung über die davor hinaus erledigt
fold-rest = Was diese Liste nicht erledigt
fold-left = { $count ->
    [one] Ein unentschiedener Befund mit behobener Version steht in keiner dieser Zeilen
   *[other] { $count } unentschiedene Befunde mit behobener Version stehen in keiner dieser Zeilen
}
fold-without-fix = { $count ->
    [one] Für einen Befund ist keine behobene Version bekannt
   *[other] Für { $count } Befunde ist keine behobene Version bekannt
}
fold-decided = { $count ->
    [one] Über einen Befund ist schon etwas entschieden
   *[other] Über { $count } Befunde ist schon etwas entschieden
}
fold-nothing-open = Hier ist kein Befund offen.
fold-nothing-settles = Keine Aktualisierung ist bekannt, die einen dieser Befunde erledigt.
fold-next = Die Liste vorgeschlagener Entscheidungen
findings-only = Nur:
findings-only-fixable = mit behobener Version
findings-only-no-fix = ohne behobene Version
triage-too-many = Das sind zu viele Entscheidungen auf einmal. Wählen Sie einen kleineren Teil: eine Behörde, ein System oder ein Paket. Nichts wurde entschieden.

## Die ersten 30 Tage, und was jetzt ist.
first-headline-none = Das Haus ist neu: { $all } Schritte zum Anfang
first-headline = Die ersten 30 Tage: { $done } von { $all } Schritten sind getan
first-headline-all = Die ersten 30 Tage: alle { $all } Schritte sind getan
first-lede = Ein Schritt ist getan, wenn das Haus selbst es zeigt. Niemand muss etwas abhaken.
first-done = Getan:
first-open = Zu tun:
first-others = Das tut jemand mit einer anderen Rolle.
first-day = Der erste Tag
first-week = Die erste Woche
first-month = Innerhalb von 30 Tagen
first-register = Behörden und Systeme aufschreiben
first-register-note = { $count ->
    [0] Noch ist kein System eingetragen.
    [one] Ein System ist eingetragen.
   *[other] { $count } Systeme sind eingetragen.
}
first-collect = Die ersten Softwareverzeichnisse (SBOMs) aufnehmen
first-collect-note = { $count ->
    [0] Noch ist kein Dokument eingegangen.
    [one] Ein Dokument ist eingegangen.
   *[other] { $count } Dokumente sind eingegangen.
}
first-watch = Dagegenhalten, was von Schwachstellen bekannt ist
first-watch-note = { $count ->
    [0] Noch ist keine Quelle von Meldungen gelesen. Der Betrieb holt sie: underpin watch sync
    [one] Eine Quelle von Meldungen ist gelesen.
   *[other] { $count } Quellen von Meldungen sind gelesen.
}
first-people = Kolleginnen und Kollegen Konten geben
first-people-note = { $count ->
    [0] Noch hat niemand sonst ein Konto.
    [one] Eine andere Person hat ein Konto.
   *[other] { $count } andere Personen haben Konten.
}
first-round = Die Behörden um Nachweise bitten
first-round-note = { $count ->
    [0] Noch ist keine Runde mit Schreiben eröffnet.
    [one] Eine Runde ist eröffnet.
   *[other] { $count } Runden sind eröffnet.
}
first-coverage = Mindestens die Hälfte der Systeme kennen
first-coverage-note = Von { $count } von { $systems ->
    [one] einem System
   *[other] { $systems } Systemen
} ist etwas bekannt.
first-decide = Die ersten Entscheidungen treffen: viele Befunde werden zu wenigen Entscheidungen
first-decide-note = { $count ->
    [0] Noch ist nichts entschieden.
    [one] Eine Entscheidung ist getroffen.
   *[other] { $count } Entscheidungen sind getroffen.
}
first-drill = Einen Vorfall üben
first-drill-note = { $count ->
    [0] Noch gab es keine Übung.
    [one] Es gab eine Übung.
   *[other] Es gab { $count } Übungen.
}
stands-now = Jetzt offen: { $findings ->
    [one] ein Befund
   *[other] { $findings } Befunde
}
stands-act-now = { $count ->
    [one] einer verlangt sofortiges Handeln
   *[other] { $count } verlangen sofortiges Handeln
}
stands-exploited = { $count ->
    [one] einer wird bekanntermaßen ausgenutzt
   *[other] { $count } werden bekanntermaßen ausgenutzt
}

## Woraus ein System besteht, und wie es hineinkam.
difference = Was sich änderte
difference-headline = Seit dem letzten Dokument: { $added ->
    [one] 1 Paket kam hinzu
   *[other] { $added } Pakete kamen hinzu
}, { $removed ->
    [one] 1 fiel weg
   *[other] { $removed } fielen weg
}, { $changed ->
    [one] 1 hat eine andere Version
   *[other] { $changed } haben eine andere Version
}
difference-none = Noch hat kein Dokument dieses Systems ein anderes ersetzt
difference-same = Das neueste Dokument ändert nichts
difference-pair = Verglichen:
difference-added = Kam hinzu
difference-removed = Fiel weg
difference-changed = Andere Version
difference-from = Vorher
difference-to = Jetzt
difference-all = Alles, was sich änderte
evidence-of-system = Was seine Dokumente zeigen können
evidence-newest = Neuestes Dokument
evidence-newest-days = { $count ->
    [0] heute erstellt
    [one] einen Tag alt
   *[other] { $count } Tage alt
}
evidence-gaps = Lücken in seinen Dokumenten
evidence-graphs = Dokumente, die direkt von indirekt unterscheiden
evidence-whole = Dokumente, die nach eigener Angabe alles nennen
evidence-tools = Werkzeuge
evidence-kinds = Arten von Paketen, die sie zeigen können
paths-headline-none = Kein Dokument von { $system } nennt { $package }
paths-headline-unknown = { $package } ist in { $system }; kein Dokument sagt, wie es hineinkam
paths-headline = { $package } kam in { $system } auf { $ways ->
    [one] einem Weg
   *[other] { $ways } Wegen
}
paths-none = Kein gültiges Dokument dieses Systems nennt es.
paths-document = Das sagt
paths-direct = Das System verlangt es selbst.
paths-transitive = Es kommt durch andere hinein.
paths-unknown = Ob das System es selbst verlangt, ist nicht gesagt.
paths-cut = Es kann mehr Wege geben als diese.
paths-locations = Wo es liegt:
paths-silent = Diese Dokumente nennen es nicht:
paths-link = Wie es hineinkam

## Was offen ist.
fold-first = Die erste Entscheidung allein erledigt { $settles } von { $undecided }
overdue-none = Kein offener Befund ist über seinen Tag hinaus
overdue-headline = { $overdue } von { $open } offenen Befunden { $overdue ->
    [one] ist über seinen Tag hinaus
   *[other] sind über ihren Tag hinaus
}
overdue-measure = Offene Befunde nach Schweregrad und nach dem Tag, bis zu dem sie bearbeitet sein sollen
overdue-later = Später oder ohne Tag
overdue-soon = { $count ->
    [one] Innerhalb eines Tages
   *[other] Innerhalb von { $count } Tagen
}
overdue-over = Über den Tag hinaus
open-headline = { $open ->
    [one] Ein offener Befund
   *[other] { $open } offene Befunde
} bei { $hit } von { $all }; die meisten bei { $name }: { $most }
open-by-system = Offene Befunde nach System
open-by-agency = Offene Befunde nach Behörde, mit allem, was darunter liegt
findings-only-severity = Schweregrad: { $word }
triage-show-chosen = Diese Befunde zeigen
