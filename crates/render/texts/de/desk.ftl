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
sql-tables = Tabellen und Sichten
sql-tlp = Das beruht auch auf Warnungen des Amts selbst.

## Abgeben
hand-in = Dokumente abgeben
sources = Quellen
