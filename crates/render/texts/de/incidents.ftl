# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

## Incidents, tasks, the situation report.

## Vorfälle: die Seiten
nav-incidents = Vorfälle
nav-tasks = Aufgaben
tasks-badge = { $count ->
    [one] Eine Aufgabe wartet auf Sie
   *[other] { $count } Aufgaben warten auf Sie
}
incident = Vorfall
incidents-headline-none = Kein Vorfall ist offen
incidents-headline = { $count ->
    [one] Ein Vorfall ist offen
   *[other] { $count } Vorfälle sind offen
}
incidents-calm = Keine Aufgabe wartet auf Sie.
incidents-waiting = { $count ->
    [one] Eine Aufgabe wartet auf Sie.
   *[other] { $count } Aufgaben warten auf Sie.
}
incidents-begin = Ein Vorfall beginnt mit einer Frage: Haben wir das, und wo? Suchen Sie es im Bestand. Von der Antwort aus können Sie einen Vorfall eröffnen.
incidents-look = Im Bestand suchen
incidents-waiting-title = Was auf Sie wartet
incidents-drills = Übungen
incidents-closed = Geschlossen
incidents-open = Offen
incident-open-now = Vorfall eröffnen
incident-open-about = Dazu einen Vorfall eröffnen
incident-about = Worum es geht
incident-step = Schritt
incident-target = Ziel
incident-opened = Eröffnet
incident-opened-by = Eröffnet { $at } von { $who }
incident-closed-at = Geschlossen
incident-late = Zu spät
incident-drill = Übung
incident-drill-of = Übung: { $what }
incident-drill-says = Dies ist eine Übung. Es ist nichts geschehen. Die Systeme und ihre Software sind echt.
incident-past-says = So war es zu einem früheren Zeitpunkt. Hier lässt sich nichts ändern.

## Einen Vorfall eröffnen
incident-new-headline = Worum geht es bei dem Vorfall?
incident-new-hit = { $systems ->
    [one] Ein System
   *[other] { $systems } Systeme
} von { $agencies ->
    [one] einer Behörde
   *[other] { $agencies } Behörden
} wären betroffen
incident-new-none = Von keinem System ist bekannt, dass es betroffen wäre
incident-new-unknown = Von { $count ->
    [one] einem System
   *[other] { $count } Systemen
} ist es nicht bekannt. Mit dem Vorfall entsteht für jedes eine Aufgabe, danach zu fragen.
incident-new-sure = Von allen Systemen ist es bekannt.
incident-kind-package = Paket
incident-kind-vulnerability = Schwachstelle
incident-kind-digest = Prüfsumme einer Datei
incident-kind-note = Ein Paket mit Namen oder purl, eine Schwachstelle mit ihrer Nummer oder eine Datei mit ihrem SHA-256.
incident-kind = Art
incident-what = Welche
incident-versions = Nur diese Versionen
incident-versions-note = Zum Beispiel <2.17.1. Leer lassen für alle Versionen.
incident-from = Verwendet seit
incident-until = Verwendet bis
incident-look = Zeigen, wer betroffen wäre
incident-preview = Wer betroffen wäre
incident-title = Titel
incident-title-note = Wie man ihn nennen wird.
incident-target-field = Ziel: Niemand ist mehr gefährdet am
incident-target-note = Tag und Stunde, in UTC. Leer lassen, wenn es kein Ziel gibt.
incident-tlp = Wer ihn lesen darf (TLP)
incident-place = Für wen er gilt
incident-place-all = Die ganze Verwaltung
incident-is-drill = Dies ist eine Übung
incident-fault-title = Geben Sie dem Vorfall einen Titel.
incident-fault-moment = Das ist kein Zeitpunkt. Schreiben Sie ihn so: 2026-03-05T17:00.
incident-fault-what = Sagen Sie, worum es geht.
incident-faults = Es fehlt noch etwas
incident-may-not-open = Sie dürfen Vorfälle lesen, aber nicht eröffnen. Fragen Sie eine Analystin oder einen Analysten des Amts.

## Der Raum
room-closed = Geschlossen: { $total ->
    [one] Das eine System ist
   *[other] Keines von { $total } Systemen ist
} mehr gefährdet durch { $title }
room-closed-open = Geschlossen, obwohl { $open ->
    [one] ein System
   *[other] { $open } Systeme
} noch gefährdet { $open ->
    [one] ist
   *[other] sind
} durch { $title }
room-nobody = Kein System ist gefährdet durch { $title }
room-nobody-known = Von keinem System ist bekannt, dass es gefährdet ist durch { $title }
room-open = { $open } von { $total ->
    [one] einem System
   *[other] { $total } Systemen
} { $open ->
    [one] ist
   *[other] sind
} noch gefährdet durch { $title }
room-done = { $total ->
    [one] Das eine betroffene System ist
   *[other] Alle { $total } betroffenen Systeme sind
} außer Gefahr: { $title }
room-most = Das meiste, was übrig ist, liegt bei { $names }.
room-unknown = Von { $count ->
    [one] einem System
   *[other] { $count } Systemen
} ist es noch nicht bekannt.
room-unassigned = { $count ->
    [one] Eine Aufgabe hat
   *[other] { $count } Aufgaben haben
} niemanden, der sie erledigt.
room-late = { $count ->
    [one] Eine Aufgabe ist zu spät.
   *[other] { $count } Aufgaben sind zu spät.
}
room-report = Lagebericht
room-to-tasks = Aufgaben zuteilen
room-exposed-over-time = Gefährdet im Lauf der Zeit
room-at = Am
room-exposed = Gefährdet
room-fixed = Behoben
room-accepted = Hingenommen
room-unclear = Nicht bekannt
room-not-hit = Nicht betroffen
room-steps = Schritte
room-next-step = Weiter: { $step }
room-close = Den Vorfall schließen
room-close-title = Schließen
room-close-note = Das Schließen wird abgelehnt, solange Systeme gefährdet sind ohne Beleg der Behebung oder hingenommenen Grund. Mit einer zweiten Person geht es dennoch.
room-close-ready = Alles Betroffene ist behoben oder hingenommen.
room-close-reason = Was war die Ursache, was wurde getan, was lernen wir?
room-approve = Als zweite Person schließen
room-wait-approval = { $who } möchte schließen, obwohl noch Systeme gefährdet sind. Eine zweite Person muss zustimmen.
room-reopen = Wieder öffnen
room-reopen-reason = Warum wird er wieder geöffnet?
room-by-agency = Nach Behörden
room-systems = Systeme
room-systems-none = Kein System gehört zu diesem Vorfall.
room-why = Warum
room-tasks = Aufgaben
room-tasks-none = Es gibt keine Aufgaben.
room-refresh = Aufgaben anlegen für das, was seitdem gefunden wurde
room-refresh-note = { $count ->
    [one] Ein System hat
   *[other] { $count } Systeme haben
} noch keine Aufgabe.
room-assign = Die gewählten Aufgaben zuteilen
room-assign-to = Wem
room-assign-note = Der Name, mit dem sich jemand anmeldet.
room-assign-due = Fällig
room-assign-none = Wählen Sie mindestens eine Aufgabe.
room-deadlines = Fristen
room-deadlines-note = Fristen und datierte Schritte von Meldeuhren, sobald eine Person bestätigt hat, dass sie uns hier binden.
room-binds = Bindet { $whom }
room-confirmed = Bestätigt von { $who }
room-deadline-over = Überschritten um { $span }
room-deadline-left = Noch { $span }
room-deadline-met = Eingehalten
room-deadlines-none = Dazu ist keine Frist bekannt.
room-stopwatch = Stoppuhr der Übung
room-stopwatch-open = Noch nicht
room-timeline = Was geschah
room-timeline-none = Noch nichts.
room-remark = Bemerkung
room-remark-add = Bemerkung schreiben
room-trail = Die Spur dieses Vorfalls
room-what = Wonach gefragt wird
room-hand-in = Dokument einreichen

step-identify = Feststellen
step-notify = Benachrichtigen
step-fix = Beheben oder mildern
step-verify = Nachweisen
step-learn = Lernen

reach-hit = Gefährdet
reach-fixed = Behoben
reach-accepted = Hingenommen
reach-not-hit = Nicht betroffen
reach-blind = Dokumente können es nicht zeigen
reach-stale = Dokument ist alt
reach-unknown = Nichts bekannt

span-hours = { $count ->
    [one] { $count } Stunde
   *[other] { $count } Stunden
}
span-days = { $count ->
    [one] { $count } Tag
   *[other] { $count } Tage
}
span-minutes = { $count ->
    [one] { $count } Minute
   *[other] { $count } Minuten
}

done-opened = Der Vorfall ist offen, mit seinen Aufgaben.
done-assigned = Zugeteilt.
done-step = Der nächste Schritt hat begonnen.
done-closed = Der Vorfall ist geschlossen.
done-closing = Ihr Wunsch, ihn zu schließen, ist vermerkt. Eine zweite Person muss zustimmen.
done-reopened = Der Vorfall ist wieder offen.
done-refreshed = Für das seitdem Gefundene sind Aufgaben angelegt.
done-task = Die Aufgabe ist geändert.
done-remark = Ihre Bemerkung ist festgehalten.

## Aufgaben
task = Aufgabe
tasks-headline-none = Keine Aufgabe wartet auf Sie
tasks-headline = { $count ->
    [one] Eine Aufgabe wartet auf Sie
   *[other] { $count } Aufgaben warten auf Sie
}
tasks-headline-all = { $count ->
    [one] Eine Aufgabe
   *[other] { $count } Aufgaben
}, die Sie sehen dürfen
tasks-late = { $count ->
    [one] Eine davon ist zu spät.
   *[other] { $count } davon sind zu spät.
}
tasks-none-here = Keine Aufgabe passt.
tasks-mine = Meine
tasks-agency = Meiner Behörden
tasks-all = Alle
tasks-which = Welche Aufgaben
task-state = Stand
tasks-open-only = Nur offene
task-where = Wo
task-owner = Wer sie erledigt
task-owner-none = Noch niemand
task-due = Fällig
task-made = Angelegt { $at } von { $who }
task-take = Selbst übernehmen
task-assign = Zuteilen
task-acknowledge = Ich habe sie gelesen
task-change = Sagen, wie es steht
task-state-open = Offen
task-state-acknowledged = Gelesen
task-state-in-progress = In Arbeit
task-state-done = Erledigt
task-state-verified = Durch ein Dokument belegt
task-state-cannot-because = Geht nicht, weil
task-kind-fix = Beheben
task-kind-check = Auskunft
task-kind-verify = Nachweisen
task-kind-other = Aufgabe
task-reason = Bemerkung, oder warum es nicht geht
task-save = Speichern
task-remarks = Bemerkungen
task-remarks-none = Niemand hat eine Bemerkung geschrieben.
task-prove = Belegen
task-prove-note = Wenn ein neueres Dokument dieses Systems das Paket nicht mehr zeigt, ist die Aufgabe von selbst belegt. Niemand muss etwas abhaken.
task-tell-note = Reichen Sie ein Inventar (SBOM) dieses Systems ein, dann ist es bekannt. Geht das nicht, sagen Sie unten, warum.
task-proven = Belegt: Das neueste Dokument dieses Systems zeigt es nicht mehr.
task-known = Jetzt bekannt: Ein Dokument dieses Systems sagt es.
task-accept = Diesen Grund annehmen
task-accepted = Angenommen von { $who }.
task-because = { $who } sagt, warum es nicht geht: { $reason }
task-may-not = Sie dürfen diese Aufgabe lesen. Ändern darf sie, wer für den Ort sorgt oder leitet.
fault-empty-reason = Geben Sie einen Grund an.
fault-same-closer = Sie wollten schließen. Jemand anderes muss zustimmen.
fault-same-excuse = Der Grund ist von Ihnen. Jemand anderes muss ihn annehmen.
task-fault-reason = Sagen Sie, warum es nicht geht.

## Wenn zwei dasselbe ändern
conflict-title = Jemand hat dies vor Ihnen geändert
conflict-says = Von Ihnen ist noch nichts gespeichert. Sehen Sie sich beides an, dann senden Sie Ihres noch einmal oder lassen Sie es, wie es ist.
conflict-field = Feld
conflict-yours = Ihres
conflict-now = Wie es jetzt ist

## Lagebericht
report-title = Lagebericht: { $title }
report-for = Für die Leitung. Stand { $at }.
report-hit = Wer betroffen ist
report-not-known = Was nicht bekannt ist
report-next = Was als Nächstes geschieht
report-public = Wortlaut für die Öffentlichkeit
report-numbers = Jede Zahl noch einmal
report-numbers-note = Jede Zahl ist aus den Aufzeichnungen berechnet. Die Zeile daneben ergibt sie wieder.
report-agencies = { $count ->
    [one] Sie gehören zu einer Behörde.
   *[other] Sie gehören zu { $count } Behörden.
}
report-exploited = Es wird ausgenutzt, sagt: { $lists }.
report-on-track = Die Arbeit ist schnell genug für das Ziel: niemand gefährdet am { $at }.
report-off-track = Die Arbeit ist zu langsam für das Ziel: niemand gefährdet am { $at }.
report-target = Das Ziel: niemand gefährdet am { $at }.
report-ministry = { $name }: { $count ->
    [one] ein System
   *[other] { $count } Systeme
}
report-unknown = { $count ->
    [one] Von einem System
   *[other] Von { $count } Systemen
} ist nichts bekannt.
report-blind = { $count ->
    [one] Von einem System
   *[other] Von { $count } Systemen
} können die Dokumente es nicht zeigen.
report-stale = { $count ->
    [one] Von einem System
   *[other] Von { $count } Systemen
} sind die Dokumente alt.
report-declared = { $count ->
    [one] Ein System ist nur als Zahl gemeldet. Davon lässt sich nichts sagen.
   *[other] { $count } Systeme sind nur als Zahl gemeldet. Davon lässt sich nichts sagen.
}
report-knowledge = { $count ->
    [0] Was über Schwachstellen bekannt ist, wurde heute abgerufen.
    [one] Was über Schwachstellen bekannt ist, wurde vor einem Tag abgerufen.
   *[other] Was über Schwachstellen bekannt ist, wurde vor { $count } Tagen abgerufen.
}
report-deadline = { $name }: fällig { $at }. Bindet { $binds } ({ $source }).
report-due = Fällig { $at }.
report-overdue = { $count ->
    [one] Eine ist zu spät.
   *[other] { $count } sind zu spät.
}
report-next-acknowledge = { $count ->
    [one] Eine Aufgabe muss noch gelesen werden.
   *[other] { $count } Aufgaben müssen noch gelesen werden.
}
report-next-ask = { $count ->
    [one] Zu einem System werden Dokumente erbeten.
   *[other] Zu { $count } Systemen werden Dokumente erbeten.
}
report-next-mend = { $count ->
    [one] Ein System wird in Ordnung gebracht.
   *[other] { $count } Systeme werden in Ordnung gebracht.
}
report-next-prove = { $count ->
    [one] Eine Behebung muss durch ein neues Dokument belegt werden.
   *[other] { $count } Behebungen müssen durch neue Dokumente belegt werden.
}
report-next-agree = Eine zweite Person muss dem Schließen zustimmen.
report-next-close = Niemand ist mehr gefährdet: Der Vorfall kann geschlossen werden.
report-next-learn = Was gelernt wurde, wird aufgeschrieben.
report-public-none = Wir kennen ein Problem namens { $title }. Von keinem unserer Systeme ist bekannt, dass es davon erreicht wird.
report-public-done = Wir kennen ein Problem namens { $title }. { $total ->
    [one] Das eine System, das es erreicht hat,
   *[other] Alle { $total } Systeme, die es erreicht hat,
} { $total ->
    [one] ist
   *[other] sind
} wieder sicher.
report-public-open = Wir kennen ein Problem namens { $title }. Von { $total ->
    [one] einem System, das
   *[other] { $total } Systemen, die
} es erreicht, { $settled ->
    [0] ist noch keines wieder sicher
    [one] ist eines wieder sicher
   *[other] sind { $settled } wieder sicher
}. An den anderen wird gearbeitet.
report-public-asked = Einige unserer Behörden befragen wir noch.
report-number = Zahl
report-question = Frage
report-pdf = Als PDF
report-print = Diese Seite mit dem Browser drucken.
report-back = Zum Vorfall
why-conflict = Jemand hat dies vor Ihnen geändert. Gehen Sie zurück, laden Sie die Seite neu und sehen Sie nach.
why-not-allowed = So weit reichen Ihre Rechte hier nicht. Es wurde nichts geändert.
error-409 = Jemand hat dies vor Ihnen geändert
error-410 = Das ist vorbei

## Wörter der Aufzeichnung
step-condition-all-known = Von { $open } von { $total } Systemen ist es nicht bekannt.
step-condition-all-acknowledged = { $open } von { $total } Aufgaben sind noch nicht gelesen.
step-condition-none-hit = { $open } von { $total } Systemen sind noch gefährdet.
step-condition-all-proven = { $open } von { $total } Behebungen sind gesagt, nicht belegt.
step-condition-written-down = Was gelernt wurde, steht da, wenn er geschlossen wird.
reason-used = Seine Dokumente zeigen es
reason-used-in-window = Es hatte es in dieser Zeit
reason-fixed-by-document = Ein neueres Dokument zeigt es nicht mehr
reason-closed-by-decision = Eine Entscheidung schließt es
reason-reason-accepted = Ein Grund wurde angenommen
reason-shown-not-to-use = Seine Dokumente zeigen, dass es nicht da ist
reason-evidence-cannot-show = Seine Dokumente können so etwas nicht zeigen
reason-evidence-too-old = Seine Dokumente sind zu alt
reason-no-evidence = Es gibt kein Dokument
reason-version-undecided = Die Version lässt sich nicht bestimmen
reason-looked-into = Jemand sieht es sich an
action-open-incident = Der Vorfall wurde eröffnet
action-change-incident = Der Vorfall wurde geändert
action-make-task = Eine Aufgabe wurde angelegt
action-change-task = Eine Aufgabe wurde geändert
action-document = Ein Dokument belegt es
action-advisory = Ein Sicherheitshinweis kam herein
action-step = Nächster Schritt
action-ask-close = Jemand möchte schließen
action-refuse-close = Das Schließen wurde abgelehnt
action-close = Der Vorfall wurde geschlossen
action-reopen = Der Vorfall wurde wieder geöffnet
action-deadline = Eine Frist wurde bestätigt
action-note-clock-event = Zu einer Meldeuhr wurde etwas gesagt
action-assigned = Eine Aufgabe wurde zugeteilt
lap-closed = Geschlossen
clock-cra-early-warning = Frühwarnung (CRA)
clock-cra-notification = Meldung (CRA)
clock-nis2-early-warning = Frühwarnung (NIS 2)
clock-nis2-notification = Meldung (NIS 2)
clock-nis2-final-report = Abschlussbericht (NIS 2)
room-still-exposed = noch gefährdet
room-hour = { $count } h
room-day = Tag { $count }
action-remark = Bemerkung
action-open = Eine Aufgabe ist wieder offen
action-acknowledged = Eine Aufgabe wurde gelesen
action-in-progress = Jemand erledigt eine Aufgabe
action-done = Jemand sagt, eine Aufgabe sei erledigt
action-cannot-because = Jemand sagt, warum eine Aufgabe nicht geht
action-edit = Titel, Ziel oder Kennzeichnung geändert
action-drop-deadline = Eine Frist wurde weggenommen
action-lap = Stoppuhr

## Übungen
drill-practise = Üben
drill-practise-note = Eine Übung eröffnet einen Vorfall der Vergangenheit auf dem Bestand von heute. Sie ist überall als Übung gekennzeichnet und hat 72 Stunden bis zum Ziel. Eine Stoppuhr zeigt, wann jeder Teil der Arbeit erreicht war.
drill-start-log4shell = Übung beginnen: Log4Shell
drill-start-xz = Übung beginnen: die Hintertür in xz
drill-fault-unknown = Keine Quelle in diesem Haus kennt die Schwachstelle dieser Übung. Gleichen Sie zuerst die Quellen ab.
done-drill = Die Übung läuft. Ihre Aufgaben sind angelegt.
room-stopwatch-note = Die Zeiten zählen ab Beginn der Übung. Was nach ihrem Ende geschieht, zählt nicht.
room-stopwatch-never = Nicht erreicht
stopwatch-part = Teil der Arbeit
stopwatch-after = Erreicht nach
stopwatch-at = Zeitpunkt
stopwatch-in-time = Rechtzeitig
stopwatch-late = Zu spät
lap-found = Gefunden: Die erste Liste der Systeme ist da
lap-notified = Gemeldet: Jede Aufgabe hat jemanden, der von ihr weiß
lap-first-acknowledged = Erste Aufgabe gelesen
lap-all-answered = Alles beantwortet: jede Aufgabe gelesen oder erledigt
lap-fixed = Behoben, nach Aussage oder durch ein Dokument
lap-verified = Durch Dokumente bestätigt

## Ein Zeitfenster
incident-from-note = Auch wer es zu irgendeinem Zeitpunkt seitdem hatte, zählt. In UTC; leer heißt: nur jetzt.
incident-until-note = Bis wann; leer heißt: bis jetzt.
incident-window = Es zählt, wer es zu irgendeinem Zeitpunkt zwischen { $from } und { $until } hatte.
incident-window-open = Es zählt, wer es zu irgendeinem Zeitpunkt seit { $from } hatte.
incident-fault-window-from = Geben Sie auch den Beginn an.
incident-fault-window-order = Das liegt vor dem Beginn.
incident-fault-window-kind = Ein Zeitfenster gibt es für ein Paket oder eine Prüfsumme, nicht für eine Schwachstelle.

## Nachweise einer Aufgabe
evidence = Nachweise
evidence-files = Dokumente, die es zeigen
evidence-send = Für diese Aufgabe einreichen
evidence-whole-system = Das ganze System
evidence-proves = weist die Behebung nach.
evidence-answers = beantwortet die Frage.
evidence-other = weist es nicht nach; Dokument { $document } tut es.
evidence-not = weist es nicht nach. { $why }.
evidence-not-yet = weist es noch nicht nach.
evidence-no-system = Diese Aufgabe betrifft kein einzelnes System. Reichen Sie das Dokument zu dem System ein, das es zeigt.
evidence-fault-none = Wählen Sie eine Datei.
done-evidence = Das Dokument ist aufgenommen und steht bei der Aufgabe.

## Bilder
incidents-figure = Offene Vorfälle nach Schritt. Übungen zählen nicht.
incidents-figure-headline = { $count ->
    [one] Ein Vorfall ist offen, seit { $day }
   *[other] { $count } Vorfälle sind offen, der älteste seit { $day }
}
tasks-figure = Aufgaben dieser Liste nach Stand, und danach, wie nah der Tag ist.
tasks-figure-headline = { $count ->
    [one] Eine Aufgabe
   *[other] { $count } Aufgaben
}: { $late } verspätet, { $soon } binnen drei Tagen fällig
due-later = Später
due-soon = Binnen drei Tagen
due-late = Verspätet
due-none = Ohne Tag, oder erledigt
rounds-figure = Antworten auf offene Runden nach Ministerium
