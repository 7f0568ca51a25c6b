# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

## Messages and rounds of collection.

mail-subject-risks = { $count ->
    [one] Ein neues Risiko für Ihre Systeme
   *[other] { $count } neue Risiken für Ihre Systeme
}
mail-greeting = Guten Tag { $name },
mail-risks = { $count ->
    [one] seit unserer letzten Nachricht ist ein Risiko neu:
   *[other] seit unserer letzten Nachricht sind { $count } Risiken neu:
}
mail-more = … und { $count } weitere.
mail-due = fällig am { $day }
mail-withheld = { $count ->
    [one] Ein weiteres wartet im Haus auf Sie; in einer E-Mail darf es nicht genannt werden.
   *[other] { $count } weitere warten im Haus auf Sie; in einer E-Mail dürfen sie nicht genannt werden.
}
mail-look = Sehen Sie hier nach: { $address }
mail-foot = Sie bekommen dies, weil Sie es bestellt haben. Ändern oder beenden Sie es hier: { $address }

## Briefe an Behörden.

letter-drill = Dies ist eine Übung. Nichts davon ist echt.
letter-drill-mark = ÜBUNG
letter-to = An: { $agency }
letter-reminds = Wir haben Ihnen schon geschrieben und noch keine Antwort.
letter-is-late = Ihre Antwort war am { $due } fällig. Sie wird weiter gebraucht.
letter-round-asks = Die Regierung muss wissen, welche Software sie betreibt. Dieser Brief gehört zur Sammelrunde „{ $title }“.
letter-incident-asks = Ein Vorfall braucht Ihre Antwort: „{ $title }“.
letter-where = System
letter-what = Worum wir bitten
letter-item-evidence = Eine Liste dessen, was installiert oder eingebaut ist (SBOM, Lockfile oder Paketliste)
letter-item-check = Nutzen Sie das, worum es geht?
letter-item-fix = Es ist betroffen: Bitte beheben Sie es, und senden Sie eine neue Liste dessen, was darin ist
letter-item-verify = Bitte senden Sie einen Nachweis, dass es behoben ist
letter-item-other = Bitte sehen Sie sich die Aufgabe an
letter-more = { $count ->
    [one] Eines mehr wartet im Haus auf Sie; es darf in einem Brief nicht genannt werden.
   *[other] { $count } weitere warten im Haus auf Sie; sie dürfen in einem Brief nicht genannt werden.
}
letter-due = Bitte antworten Sie bis { $due }.
letter-how = So antworten Sie
letter-answer = Sagen Sie ohne Konto, wie es steht: { $link }
letter-upload = Geben Sie ohne Konto Dateien ab: { $link }
letter-reply = Oder antworten Sie auf diese Mail mit den Dateien im Anhang. Lassen Sie { $link } im Betreff stehen. Nennen Sie jede Datei nach ihrem System.
letter-collect = Wenn Sie kein Werkzeug haben: Dieses Skript sammelt, was die Paketverwaltungen wissen, und nichts anderes: { $link }
letter-house = Wenn Sie ein Konto haben: { $link }
letter-cannot = Wenn Sie es nicht senden können, sagen Sie das und sagen Sie, warum. Auch das ist eine Antwort.
letter-subject = { $title }: Wir bitten um Ihre Antwort
letter-subject-reminder = Erinnerung: { $title }
letter-subject-late = Überfällig: { $title }
letter-foot = { $office }. Die Links in diesem Brief sind nur für Sie; sie enden von selbst.

## Nachrichten über Arbeit.

mail-subject-news = { $count ->
    [one] Eines ist neu für Sie
   *[other] { $count } Dinge sind neu für Sie
}
mail-work = Dies wartet auf Sie oder hat sich geändert:
mail-task-assigned = Aufgabe für Sie: { $title }, fällig { $due }. { $link }
mail-task-assigned-any = Aufgabe für Sie: { $title }. { $link }
mail-task-due-soon = Bald fällig, am { $due }: { $title }. { $link }
mail-task-overdue = Überfällig seit { $due }: { $title }. { $link }
mail-incident-opened = Ein Vorfall wurde eröffnet: { $title }. { $link }
mail-incident-closed = Ein Vorfall wurde geschlossen: { $title }. { $link }
mail-incident-clock-due-soon = Eine Meldung ist bald fällig, am { $due }: { $step }, { $title }. { $link }
mail-incident-clock-overdue = Eine Meldung ist überfällig seit { $due }: { $step }, { $title }. { $link }
mail-round-opened = Eine Sammelrunde wurde eröffnet: { $title }, fällig { $due }. { $link }
mail-round-late = Der Tag einer Sammelrunde ist vorbei, und { $count ->
    [one] eine Antwort fehlt
   *[other] { $count } Antworten fehlen
}: { $title }. { $link }
mail-round-closed = Eine Sammelrunde wurde geschlossen: { $title }. { $link }

messages = Nachrichten
messages-lede = Was Ihnen gesagt wird, und wo. Ihnen wird nur gesagt, was Sie sehen dürfen, und jedes einmal.
messages-own = Ihre Abonnements
messages-none = Ihnen wird noch nichts gesagt.
messages-make = Abonnieren
messages-made = Von jetzt an wird es Ihnen gesagt. Was schon da war, wird nicht gesagt.
messages-ended = Dort wird Ihnen nichts mehr gesagt.
messages-end = Beenden
messages-kinds = Was
message-kind-risks = Neue Risiken
message-kind-tasks = Meine Aufgaben
message-kind-incidents = Eröffnete und geschlossene Vorfälle
message-kind-rounds = Sammelrunden
messages-channel = Wie
messages-channel-mail = Per Mail
messages-channel-webhook = An ein Programm (Webhook)
messages-address = Wohin
messages-address-note = Eine Adresse für Mail, oder https://… für ein Programm.
messages-rhythm = Wann
messages-daily = Einmal am Tag, zusammen
messages-at-once = Dringendes sofort
messages-only = Nur
messages-filter = Nur
messages-priority = Risiken ab dieser Priorität
messages-exploited = Nur was ausgenutzt wird
messages-secret = Das Geheimnis dieses Webhooks
messages-secret-once = Es unterschreibt jede Nachricht. Es wird nur dieses eine Mal gezeigt.

## Sammelrunden: die Seiten

rounds = Sammelrunden
round = Sammelrunde
rounds-headline-none = Keine Sammelrunde ist offen
rounds-headline = { $count ->
    [one] Eine Sammelrunde ist offen
   *[other] { $count } Sammelrunden sind offen
}
rounds-lede = Eine Runde bittet Behörden um das, was fehlt: mit einem Brief, einem Tag, Erinnerungen und Links, die kein Konto brauchen.
rounds-begin = Noch niemand wurde gefragt. Systeme ohne frische Nachweise stehen auf der Seite „Abdeckung“.
round-open-now = Runde eröffnen
round-new-lede = Jedes System ohne frische Nachweise bekommt eine Aufgabe, jede Behörde einen Brief.
round-look = Zeigen, wer gefragt würde
round-preview = { $systems ->
    [one] Ein System
   *[other] { $systems } Systeme
} von { $agencies ->
    [one] einer Behörde
   *[other] { $agencies } Behörden
} würden gefragt
round-without-address = Ohne Adresse für Mail; ihre Briefe gehen auf Papier:
round-title = Titel
round-due = Antwort bis
round-remind-days = Tage vorher, an denen erinnert wird, wer nicht geantwortet hat
round-agency = Wen
round-agency-note = Eine Behörde mit allem darunter.
round-asks = Nach welchen Systemen
round-asks-missing = Nach denen ohne frische Nachweise
round-asks-all = Nach allen
round-text = Was die Briefe noch sagen
round-text-note = Warum Sie fragen. Es darf leer bleiben.
round-language = Sprache der Briefe
round-fault-title = Geben Sie ihr einen Titel.
round-fault-due = Geben Sie den Tag an, bis zu dem Sie die Antwort wünschen.
round-fault-agency = Eine solche Behörde gibt es nicht.
fault-nobody-asked = Jedes System dort hat frische Nachweise. Niemand würde gefragt.
round-progress = Beantwortet
round-answered = { $answered } von { $total }
round-headline = { $answered } von { $total } Antworten sind da: { $title }
round-lede = Der Tag ist der { $due }.
round-lede-late = Der Tag war der { $due }. { $count ->
    [one] Eine Antwort ist überfällig.
   *[other] { $count } Antworten sind überfällig.
}
round-figure = Systeme danach, wie sie geantwortet haben, nach Ministerium
round-ministry = Ministerium
round-part-evidence = Nachweis
round-part-said = Beantwortet ohne Nachweis
round-part-late = Überfällig
round-part-waiting = Noch keine Antwort
round-by-agency = Nach Behörde
round-places = System für System
round-standing = Wie es steht
round-answer = Antwort
round-standing-evidence = Nachweis ist da
round-standing-said = Beantwortet ohne Nachweis
round-standing-cannot = Kann nicht
round-standing-promised = Versprochen
round-standing-waiting = Noch keine Antwort
round-standing-late = Überfällig
round-letter = Brief
round-letters = Briefe
round-letter-kind = Welcher
round-letter-to = An
round-no-address = Keine Adresse für Mail: drucken
round-written = Geschrieben am
letter-kind-letter = Erster Brief
letter-kind-reminder = Erinnerung
letter-kind-late = Der Tag ist vorbei
letter-kind-again = Erinnerung von Hand
letter-sent = Gesendet
letter-waits = Wartet auf das Senden
letter-given-up = Konnte nicht gesendet werden
letter-not-needed = War nicht mehr nötig
round-mails = Antworten per Mail
mail-from = Von
mail-about = Betreff
round-remind = Jetzt erinnern
round-remind-note = Alle, die nicht geantwortet haben, bekommen einen Brief.
round-close = Runde schließen
round-close-reason = Was am Ende zu sagen ist
round-done-opened = Die Runde ist offen. Briefe gehen in den nächsten Minuten hinaus.
round-done-reminded = Briefe gehen in den nächsten Minuten an alle, die nicht geantwortet haben.
round-done-closed = Die Runde ist geschlossen. Ihre Links haben geendet.
letter-links-once = Die Links unten wurden jetzt gemacht und werden nur dieses eine Mal gezeigt. Drucken Sie diese Seite oder sichern Sie das PDF.
letter-without-links = So liest sich der Brief. Die Links, die kein Konto brauchen, werden für jeden Brief gemacht und stehen hier nicht.
letter-with-links = Brief mit neuen Links
letter-with-links-pdf = Als PDF
letter-with-links-note = Für Behörden ohne Adresse für Mail: Neue Links werden gemacht und einmal gezeigt.
collect-script = Skript für Behörden ohne Werkzeug
task-letter = Per Mail fragen
task-letter-note = Die Behörde bekommt einen Brief mit Links, die kein Konto brauchen.
done-written = Der Brief geht in den nächsten Minuten hinaus.

## Antworten ohne Konto

answer-due = Bitte antworten Sie bis
answer-thanks = Danke. Ihre Antwort ist da.
answer-taken = gerade beantwortet
answer-over = Dies ist vorbei. Von Ihnen wird nichts mehr erbeten.
answer-text = Worte dazu
answer-cannot = Wir können nicht, weil …
answer-question-round = Ist dieses System in Betrieb, und werden Sie senden, was darin ist?
answer-question-check = Nutzen Sie das, worum es geht?
answer-question-fix = Ist es behoben?
answer-question-verify = Ist es behoben, und können Sie es nachweisen?
answer-question-other = Ist es erledigt?
answer-round-yes = Ja, wir senden es
answer-round-no = Nein, es ist nicht in Betrieb
answer-check-yes = Ja, wir nutzen es
answer-check-no = Nein, wir nutzen es nicht
answer-fix-yes = Ja, es ist behoben
answer-fix-no = Nein, noch nicht
answer-verify-yes = Ja
answer-verify-no = Nein, noch nicht
answer-other-yes = Ja, es ist erledigt
answer-other-no = Nein, noch nicht
upload-title = Dateien abgeben
upload-taken = Was angekommen ist
upload-accepted = angenommen, danke
upload-duplicate = hatten wir schon
upload-not-read = konnten wir nicht lesen:
upload-nothing = Nach keinem Ihrer Systeme wird gefragt. Bitte antworten Sie über den anderen Link.
upload-files = Dateien
upload-files-note = Eine SBOM (CycloneDX oder SPDX), ein Lockfile, eine Paketliste oder ein Archiv davon.
upload-megabytes = Höchstens { $count } MB zusammen.
upload-send = Abgeben
upload-no-tool = Wenn Sie kein Werkzeug haben: Diese Skripte sammeln, was die Paketverwaltungen wissen, und nichts anderes:
room-letters = Behörden ohne Konten
room-letters-note = Jede Behörde mit offenen Aufgaben bekommt einen Brief, mit Links, die kein Konto brauchen.
room-letters-send = Behörden per Mail fragen
done-letters = Die Briefe gehen in den nächsten Minuten hinaus.
round-most-missing = Das meiste fehlt bei { $name }: { $count ->
    [one] eine Antwort
   *[other] { $count } Antworten
}
round-none-missing = Keine Antwort fehlt

## Die Post des Hauses
post = Briefe und Nachrichten unterwegs
post-note = Gezählt ist, was von Dingen handelt, die Sie sehen dürfen.
post-kind = Was gesendet wird
post-letters = Briefe an Behörden
post-messages = Nachrichten an Menschen und Programme
post-waiting = Wartet
post-again = Misslungen, wird wieder versucht
post-given-up = Aufgegeben
post-last-sent = Zuletzt gesendet
post-never = Nie
post-given-up-note = Auf dem Rechner des Hauses sagt „underpin messages outbox“, was misslang, und „underpin messages retry“ sendet es noch einmal.
jobs-uploads = Dateien, die gerade aufgenommen werden
mails-taken = Aufgenommene Mails
mails-aside = Zur Seite gelegte Mails
mails-last = Letzte Mail
mails-aside-note = Eine Mail wird zur Seite gelegt, wenn nicht zu sagen ist, worauf sie antwortet. „underpin mail list“ auf dem Rechner des Hauses zeigt sie.
