# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

## Triage, registry, trail, sources.

## Formulare
form-faults = Etwas fehlt oder stimmt nicht
its-sql = Dasselbe in SQL
its-trail = Die Spur dazu
download = Herunterladen
overdue-only = Nur was überfällig ist
findings-not-closed = Nicht erledigt
status-all = Alle
registry-entry = Eintrag im Verzeichnis

## Über Befunde entscheiden
triage-title = Über Befunde entscheiden
triage-headline = { $count ->
    [0] Kein Befund ist ausgewählt
    [one] Was gilt für diesen Befund?
   *[other] Was gilt für diese { $count } Befunde?
}
triage-note = Eine Entscheidung löscht nie einen Befund. Sie gibt ihm einen anderen Stand, mit Begründung, solange sie gilt.
triage-choose = Auswählen
triage-decide = Über die ausgewählten entscheiden
triage-decide-all = Über alle { $count } entscheiden
triage-decide-everywhere = Überall darüber entscheiden
triage-nothing = Nichts ist ausgewählt. Kreuzen Sie zuerst Befunde in einer Liste an.
triage-gone = Keiner dieser Befunde ist noch da. Jemand hat darüber entschieden, oder neue Dokumente sind eingegangen.
triage-ruling = Die Entscheidung
triage-status = Was gilt
triage-justification = Warum nicht betroffen
triage-justification-note = Nur für „nicht betroffen“. Drei der fünf Gründe gelten nur für einzelne Systeme: Anderswo kann derselbe Code erreichbar sein.
triage-reason = Begründung in Worten
triage-action = Was zu tun ist
triage-place = Wo es gilt
triage-place-systems = In den Systemen dieser Befunde
triage-place-government = In der ganzen Verwaltung
triage-review = Wieder ansehen am
triage-expires = Endet am
triage-approval = Sie gilt erst, wenn eine zweite Person zugestimmt hat
triage-look = Zeigen, was sie umfasst
triage-covers = Was sie umfasst
triage-look-first = Füllen Sie zuerst die Entscheidung aus und sehen Sie dann an, was sie umfasst. Vorher wird nichts entschieden.
triage-decisions = Entscheidungen
triage-chosen = Ausgewählte Befunde
triage-make = { $count ->
    [one] Diese Entscheidung treffen
   *[other] Diese { $count } Entscheidungen treffen
}
triage-make-note = Alle oder keine werden getroffen. Ändern andere inzwischen etwas, erfahren Sie es, und nichts wird entschieden.
triage-conflict = Inzwischen hat sich etwas geändert: Die Entscheidung umfasst jetzt andere Befunde. Nichts wurde entschieden. Sehen Sie die neuen Zahlen an.
triage-not-allowed = Für diesen Bereich dürfen Sie nicht entscheiden. Nichts wurde entschieden.
triage-refused = So kann nicht entschieden werden.
triage-fault-status = Sagen Sie, was gilt.
triage-fault-justification = „Nicht betroffen“ braucht einen der Gründe.
triage-fault-no-justification = Nur „nicht betroffen“ hat einen solchen Grund.
triage-fault-bound = Dieser Grund gilt nur für einzelne Systeme.
triage-fault-reason = Geben Sie eine Begründung in Worten.
triage-fault-past = Dieser Tag ist schon da.
triage-fault-day = Das ist kein Tag.
ruling-under-investigation = wird untersucht
ruling-affected = betroffen
ruling-fixed = behoben
ruling-not-affected = nicht betroffen
justification-component-not-present = Die Komponente ist nicht da
justification-vulnerable-code-not-present = Der verwundbare Code ist nicht enthalten
justification-vulnerable-code-not-in-execute-path = Der verwundbare Code wird nie ausgeführt
justification-vulnerable-code-cannot-be-controlled-by-adversary = Angreifer erreichen den verwundbaren Code nicht
justification-inline-mitigations-already-exist = Etwas anderes verhindert es schon

## Entscheidungen
decisions = Entscheidungen
decision = Entscheidung
decisions-headline = { $count ->
    [0] Keine Entscheidung passt
    [one] Eine Entscheidung
   *[other] { $count } Entscheidungen
}{ $waiting ->
    [0] {""}
    [one] ; eine wartet auf eine zweite Person
   *[other] ; { $waiting } warten auf eine zweite Person
}{ $soon ->
    [0] {""}
    [one] ; eine endet in 30 Tagen oder ist wieder anzusehen
   *[other] ; { $soon } enden in 30 Tagen oder sind wieder anzusehen
}
decisions-note = Entscheidungen bleiben verzeichnet, auch wenn sie enden. Die Befunde, die sie umfassten, sind dann wieder offen.
decisions-made = { $count ->
    [one] Eine Entscheidung wurde getroffen.
   *[other] { $count } Entscheidungen wurden getroffen.
}
decisions-words = Wörter
decisions-soon = Nur die, die bald enden oder wieder anzusehen sind ({ $count })
decisions-waiting = Warten auf eine zweite Person: { $count }
decisions-none = Keine Entscheidung passt. Entscheidungen beginnen bei den Befunden.
decision-in-force = In Kraft
decision-waits = Wartet auf eine zweite Person
decision-withdrawn = Zurückgenommen
decision-expired = Beendet
decision-not-yet = Noch nicht
decision-without-effect = Ändert jetzt nichts
decision-review-due = Wieder anzusehen
decision-every-package = Jedes Paket
decision-author = Entschieden von
decision-headline = { $vulnerability }: { $ruling }, { $place }
decision-next = Was zu tun bleibt
decision-own-waits = Sie haben so entschieden. Jemand anderes muss zustimmen, bevor es gilt.
decision-approve = Zustimmen
decision-withdraw = Zurücknehmen
decision-withdraw-why = Warum sie zurückgenommen wird
decision-needs-reason = Eine Entscheidung wird nicht ohne Begründung zurückgenommen.
decision-nothing-next = Hier ist nichts mehr zu tun.
decision-recorded = Verzeichnet
decision-approved = Zugestimmt
decision-origin = Übernommen von
decision-done = Erledigt. Es steht in der Spur.
decision-settled = Jemand anderes war schneller: Das war schon erledigt. Nichts wurde geändert.
decision-same-author = Wer entschieden hat, kann nicht als zweite Person zustimmen.
vex-heading = Für andere: Entscheidungen als VEX
vex-note = Geltende Entscheidungen, die Sie sehen dürfen. Was für ein System gilt, steht so da, dass niemand es für ein Wort über das Paket überall hält.
vex-format = Format
vex-publisher = Adresse des Herausgebers
vex-tlp = Darf weitergegeben werden an
vex-title = Entscheidungen über Schwachstellen

## SQL
sql-headline = Die Tabellen selbst befragen
sql-rows = { $count ->
    [0] Nichts wurde gefunden
    [one] Eine Zeile wurde gefunden
   *[other] { $count } Zeilen wurden gefunden
}
sql-refused = Diese Frage wurde nicht beantwortet
sql-limits = Nur lesend, und nur was Sie sehen dürfen. Eine Frage darf { $seconds } Sekunden, { $megabytes } Megabyte, { $letters } Zeichen und { $operators } Operatoren brauchen.
sql-manual = Alle Tabellen im Handbuch
sql-query = Frage in SQL
sql-run = Fragen
sql-answer = Antwort
sql-nothing = Keine Zeile passt.
sql-running = Diese Frage wird bearbeitet
sql-running-note = Sie können diese Seite offen lassen oder kurze Zeit später wiederkommen: Die Antwort erscheint hier einmal.
sql-running-seconds = { $count ->
    [one] Bisher eine Sekunde.
   *[other] Bisher { $count } Sekunden.
}
sql-running-here = Die Frage wird bearbeitet.
sql-running-queued = Der Verbund hat die Frage.
sql-running-steps = { $count ->
    [0] Der Verbund arbeitet an der Frage.
    [one] Der Verbund arbeitet an der Frage; ein Schritt ist fertig.
   *[other] Der Verbund arbeitet an der Frage; { $count } Schritte sind fertig.
}
sql-running-again = Der Verbund hat die Frage verloren und wurde noch einmal gefragt ({ $attempt }. Mal).
sql-look = Noch einmal nachsehen
sql-stop = Diese Frage beenden
sql-stopped = Die Frage wurde beendet
sql-tables = Tabellen und Sichten
sql-tlp = Das beruht auch auf Warnungen des Amts selbst.

## Abgeben
hand-in = Dokumente abgeben
sources = Quellen
hand-in-title = Abgeben, was Ihre Software zeigt
hand-in-note = SBOMs, Lockfiles, Paketlisten, Umfragen und Archive davon. Was sie sind, wird am Inhalt erkannt.
hand-in-formats = Alle Formate
hand-in-files = Dateien
hand-in-files-note = Mehrere auf einmal, zusammen höchstens { $count } Megabyte.
hand-in-pasted = Oder einen Text einfügen
hand-in-pasted-name = Name des eingefügten Textes
hand-in-pasted-note = Manche Formate erkennt man am Namen: package-lock.json, requirements.txt.
hand-in-system = Wovon handeln sie?
hand-in-system-note = Kennung oder Name eines Systems. Bleibt es leer, entscheiden die Regeln des Verzeichnisses; wozu keine Regel passt, das wartet auf sein System.
hand-in-fault-none = Wählen Sie eine Datei oder fügen Sie einen Text ein.
hand-in-deployment = Um welche Installation geht es?
hand-in-deployment-note = Wo es läuft, wenn die Unterlagen eine von mehreren zeigen. Neuere Unterlagen ersetzen ältere desselben Werkzeugs über dieselbe Installation.
hand-in-fault-deployment = Dieses System hat keine solche Installation.
hand-in-fault-whose = Sagen Sie, zu welchem System diese Installation gehört.
hand-in-fault-system = Ein solches System gibt es nicht, oder Sie dürfen es nicht sehen.
hand-in-outcome = Was daraus wurde
hand-in-headline = { $taken ->
    [0] Nichts wurde aufgenommen
    [one] Eine Datei ist aufgenommen
   *[other] { $taken } Dateien sind aufgenommen
}{ $quarantined ->
    [0] {""}
    [one] ; eine war nicht zu lesen
   *[other] ; { $quarantined } waren nicht zu lesen
} (von { $files })
hand-in-each = Datei für Datei
hand-in-file = Datei
hand-in-more = Mehr abgeben
hand-in-unbound = Noch kein System
hand-in-older = Es ist älter als das, was wir haben; es gilt:
hand-in-gone = { $count ->
    [one] Ein Befund ist damit erledigt
   *[other] { $count } Befunde sind damit erledigt
}
hand-in-new = { $count ->
    [one] Ein Befund ist damit neu
   *[other] { $count } Befunde sind damit neu
}
hand-in-open = { $count ->
    [0] Hier ist jetzt kein Befund offen.
    [one] Hier ist jetzt ein Befund offen.
   *[other] Hier sind jetzt { $count } Befunde offen.
}
hand-in-state-accepted = Aufgenommen
hand-in-state-duplicate = War schon da
hand-in-state-quarantined = Aufbewahrt, aber nicht zu lesen
hand-in-state-left-out = Nicht aufbewahrt
hand-in-state-refused = Abgelehnt
hand-in-remedy-quarantined = Erzeugen Sie die Datei mit dem Werkzeug neu, oder richten Sie sie, und geben Sie sie wieder ab. Die alte bleibt aufbewahrt.
hand-in-remedy-left-out = Geben Sie stattdessen eine SBOM, ein Lockfile oder eine Paketliste ab.
hand-in-remedy-refused = Nichts davon wurde aufbewahrt. Ändern Sie, was hier steht, und versuchen Sie es noch einmal.

## Die Spur
audit = Spur
audit-title = Wer hat was wann getan?
audit-from = Von
audit-until = Bis
audit-none = Kein Eintrag passt.
audit-whole = Die Kette aller { $count } Einträge ist heil: Jeder hält sich am vorigen fest.
audit-broken = Die Kette ist gerissen.
audit-note = Wer was wann getan hat. Die Spur zeigt, was geschah; sie dient nie dazu, die Arbeit Einzelner zu beurteilen.
audit-check = Die ganze Kette prüfen
audit-who = Wer
audit-what = Was getan wurde
audit-subject = Woran
audit-when = Wann
audit-before = Vorher
audit-after = Nachher
audit-older = Ältere Einträge

## Quellen
sources-headline = { $stale ->
    [0] Alle { $count } Quellen sind frisch
    [one] Eine von { $count } Quellen ist älter, als sie sein soll
   *[other] { $stale } von { $count } Quellen sind älter, als sie sein sollen
}
sources-none = Noch nie wurde eine Quelle gelesen
source = Quelle
source-edition = Ausgabe
source-learned = Erfahren
source-looked = Zuletzt nachgesehen
source-age = Alter in Tagen
source-outcome = Letzter Versuch
source-terms = Bedingungen
source-fresh = Frisch
source-stale = Zu alt
source-missing = Nie gelesen
sources-missing = Nicht da
sources-how = Auf dem Rechner des Hauses holt „underpin watch sync“, was neu ist.
jobs = Was das Haus aufbewahrt
jobs-documents = Dokumente
jobs-segments = Stücke des Faktenspeichers
jobs-bytes = Bytes an Fakten
jobs-revision = Änderungen des Hauptbuchs

## Einstellungen
settings = Einstellungen
settings-headline = Was eingestellt ist
settings-note = Diese Werte stehen in der Datei des Hauses (underpin.toml), in seiner Umgebung oder im Programm. Dort werden sie geändert und gelten nach einem Neustart.
setting = Einstellung
setting-value = Wert
setting-default = Eingebaut
setting-origin = Woher
setting-meaning = Was es bedeutet
setting-from-program = Eingebaut
setting-from-house = Vom Haus gesetzt
settings-retention = Wie lange etwas aufbewahrt wird
settings-retention-note = Nachweise, Entscheidungen und die Spur bleiben, bis zwei Personen sie entfernen. Sitzungen enden nach 8 Stunden ohne Gebrauch oder nach 7 Tagen.

## Schnellsuche
palette = Schnellsuche
palette-note = Systeme, Behörden, Pakete, Schwachstellen
palette-open = Suchen (Taste /)
palette-all = Überall nach „{ $what }“ suchen

## Verzeichnis
registry = Verzeichnis
registry-headline = { $systems ->
    [one] Ein System
   *[other] { $systems } Systeme
} von { $agencies ->
    [one] einer Behörde
   *[other] { $agencies } Behörden
} sind eingetragen
registry-note = Änderungen gelten ab einem Tag. Was vorher galt, bleibt verzeichnet.
registry-export = Das Verzeichnis als Datei
registry-change = Diesen Eintrag ändern
registry-save = Änderung speichern
registry-look = Zeigen, was sich ändern würde
registry-from = Ab wann es gilt
registry-from-note = Leer: ab jetzt.
registry-saved = Gespeichert.
registry-conflict = Inzwischen hat jemand anderes diesen Eintrag geändert. Nichts wurde gespeichert. Sehen Sie an, was jetzt gilt.
registry-refused = So kann es nicht gespeichert werden.
registry-not-allowed = Diesen Eintrag dürfen Sie nicht ändern.
registry-history = Was vorher galt
registry-since = Seit
registry-until = Bis
registry-known = Bekannt seit
registry-changes = Was sich änderte
registry-ended = Dieser Eintrag ist beendet.
registry-agency = Behörde im Verzeichnis
registry-system = System im Verzeichnis
registry-add-agency = Eine Behörde eintragen
registry-add-system = Ein System eintragen
registry-new = Ein neuer Eintrag
registry-identifier = Kennung
registry-identifier-note = Leer: aus dem Namen gebildet.
registry-end = Außer Betrieb nehmen
registry-end-note = Es endet am Tag, der oben steht, oder jetzt. Seine Vergangenheit bleibt.
registry-field-name = Name
registry-field-aliases = Andere Namen, mit Semikolon dazwischen
registry-field-parent = Gehört zu
registry-field-agency = Behörde
registry-field-contact = Kontakt: Postfach oder Seite, nie eine Person
registry-field-declared_systems = Systeme, die sie angibt und die nicht eingetragen sind
registry-field-purpose = Wozu es dient
registry-field-operator = Wer es betreibt
registry-field-supplier = Wer es liefert
registry-field-support = Wer es ausbessern kann
registry-field-confidentiality = Bedarf an Vertraulichkeit
registry-field-integrity = Bedarf an Integrität
registry-field-availability = Bedarf an Verfügbarkeit
registry-field-exposure = Wer es erreicht
registry-field-classification = Wer davon wissen darf
registry-field-status = Wo es in seinem Leben steht
registry-field-depends_on = Systeme, die es braucht, mit Semikolon dazwischen
registry-field-compartments = Schutzkreise: nur wer zu allen gehört, sieht es; mit Semikolon dazwischen
registry-import = Dateien einlesen
registry-import-note = Zuerst sehen Sie, was die Dateien ändern würden. Geschrieben wird erst, wenn Sie es sagen, und dann alles oder nichts.
registry-import-files = Dateien
registry-import-files-note = TOML, CSV oder XLSX, so wie das Verzeichnis ausgegeben wird. Eine Zeile sagt alles über ihren Eintrag: Was sie leer lässt, wird leer. Was in keiner Zeile steht, bleibt.
registry-import-none = Wählen Sie mindestens eine Datei.
registry-import-refused = Es wurde nichts geändert. Das stimmt in den Dateien nicht:
registry-import-moved = Inzwischen hat sich das Verzeichnis geändert. Es wurde nichts geschrieben. Sehen Sie sich den Plan noch einmal an.
registry-import-done = Eingelesen.
registry-import-now = Das einlesen
registry-import-again = Andere Dateien wählen
registry-import-planned = Was geplant bleibt
registry-import-skipped = Blätter, die kein Teil eines Verzeichnisses sind:
registry-import-place = Datei und Zeile
registry-import-outcome-word = Was geschieht
registry-import-added = kommt hinzu
registry-import-changed = ändert sich
registry-import-first = Nur die ersten { $count } Zeilen werden gezeigt. Eingelesen werden alle.
registry-import-plan = Die Dateien würden { $added } Einträge hinzufügen und { $changed } ändern; { $unchanged } bleiben, wie sie sind
registry-import-outcome = { $added } Einträge kamen hinzu, { $changed } wurden geändert; { $unchanged } blieben, wie sie sind
life-planned = Geplant
life-active = In Betrieb
life-retired = Außer Betrieb

## Was wartet
waiting = Was auf eine Entscheidung wartet
waiting-urgent = Befunde, die sofortiges Handeln verlangen
waiting-overdue = Befunde, deren Tag vorbei ist
waiting-approval = Entscheidungen, die auf eine zweite Person warten
waiting-review = Entscheidungen, die heute wieder anzusehen sind
waiting-stale = Systeme mit alten Dokumenten
waiting-unknown = Systeme, von denen nichts bekannt ist
waiting-quarantined = Dokumente, die nicht zu lesen waren
waiting-unbound = Dokumente, die noch von keinem System handeln
