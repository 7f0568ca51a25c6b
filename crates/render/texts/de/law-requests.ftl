# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

## Dates that people state
reporting-source = Woher das bekannt ist
reporting-source-note = Anordnung oder Schreiben mit Nummer; eine Frist braucht sie
reporting-source-is = Quelle: { $source }
reporting-fault-source = Nennen Sie die Anordnung oder das Schreiben, das die Frist setzt.
reporting-stated = Von einer Person gesagt: { $actor }, { $day }. Quelle: { $source }
reporting-stated-without = Von einer Person gesagt: { $actor }, { $day }. Keine Quelle wurde genannt.

## Requests of authorities
requests = Anfragen von Behörden
requests-help = Wie Anfragen geführt werden
requests-lede = Was Aufsichtsbehörden gefragt haben, bis wann sie eine Antwort wollen und was sie bekamen. Nichts wird überschrieben: Eine Berichtigung ist eine Bemerkung.
requests-headline-none = Keine Anfrage einer Behörde steht im Verzeichnis
requests-headline = { $count ->
    [one] Eine Anfrage einer Behörde, beantwortet
   *[other] { $count } Anfragen von Behörden, alle beantwortet
}
requests-headline-open = { $count ->
    [one] Eine Anfrage einer Behörde wartet auf Antwort
   *[other] { $count } Anfragen von Behörden warten auf Antwort
}
requests-headline-late = { $count ->
    [one] Eine Anfrage einer Behörde ist überfällig
   *[other] { $count } Anfragen von Behörden sind überfällig
}
requests-begin = Noch niemand hat eine Anfrage aufgeschrieben. Beginnen Sie unten, sobald eine Behörde fragt.
requests-not-yours = Das Verzeichnis ist für die, die dort leiten oder prüfen, wo eine Behörde gefragt hat. Das tun Sie nirgends.
requests-not-lead = Wer dort leitet, wo die Behörde gefragt hat, schreibt Antworten und Bemerkungen auf.
requests-of = Wer gefragt wurde
requests-office = das Amt
requests-new = Eine Anfrage aufschreiben
requests-new-note = Wer dort leitet, wo die Behörde gefragt hat, schreibt sie in eigenen Worten auf.
requests-who = Welche Behörde gefragt hat
requests-for-what = Wonach
requests-reference = Das eigene Zeichen der Behörde
requests-at = Wann sie gefragt hat
requests-due = Bis wann sie eine Antwort will
requests-due-note = Der ganze Tag zählt, in UTC; leer, wenn sie keinen nennt
requests-no-day = kein Tag wurde genannt
requests-fault-empty = Hier fehlt etwas.
requests-fault-day = Das ist kein Tag.
requests-done-noted = Die Anfrage wurde aufgeschrieben.
requests-done-answered = Die Antwort wurde aufgeschrieben.
requests-done-remarked = Die Bemerkung wurde aufgeschrieben.
request-title = { $authority } hat gefragt
requests-asked = Gefragt
requests-answered = Beantwortet
requests-remarked = Bemerkung
requests-answer = Eine Antwort aufschreiben
requests-answer-note = Von hier wird nichts gesendet: Sagen Sie, was gesendet wurde.
requests-with = Was geantwortet wurde
requests-answered-at = Wann geantwortet wurde
requests-handed-over = Dokumente, die übergeben wurden
requests-remark = Eine Bemerkung aufschreiben
requests-remark-note = Auch um zu berichtigen, was früher gesagt wurde; das bleibt stehen.
requests-remark-text = Bemerkung
authority-state-late = Überfällig
authority-state-open = Offen
authority-state-answered-late = Zu spät beantwortet
authority-state-answered = Beantwortet
meaning-authority-state-late = Sie wurde nicht beantwortet, und der Tag, den die Behörde nannte, ist vorbei.
meaning-authority-state-open = Sie wurde noch nicht beantwortet, und kein Tag ist vorbei.
meaning-authority-state-answered-late = Sie wurde nach dem Tag beantwortet, den die Behörde nannte.
meaning-authority-state-answered = Sie wurde beantwortet, und zwar rechtzeitig, wo ein Tag genannt war.

## The steward's pack as a page
steward-pack = Was ein Verwalter zeigt
pack-elements = Was das Gesetz von einem Verwalter verlangt
pack-element = Element
pack-shown = Was es zeigt
pack-missing-word = fehlt
pack-as-pdf = Als PDF
pack-as-markdown = Als Markdown
pack-for = Für welche Behörde
pack-for-note = Was eine Behörde fragt, erfährt keine andere
pack-for-nobody = niemand: Anfragen werden nur gezählt
pack-log-counted = Anfragen sind oben gezählt. Wählen Sie eine Behörde, dann stehen ihre hier und in den Dateien.
