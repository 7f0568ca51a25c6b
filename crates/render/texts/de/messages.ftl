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
