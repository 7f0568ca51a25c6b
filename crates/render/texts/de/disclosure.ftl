# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

disclosures = Schwachstellen, die nicht öffentlich sind
disclosures-headline-none = Kein Fall, den Sie sehen dürfen, ist offen
disclosures-headline = { $cases ->
    [one] { $cases } Fall, { $bound } unter einem Embargo
   *[other] { $cases } Fälle, { $bound } unter einem Embargo
  }
disclosures-lede = Eine Schwachstelle, die wir kennen, hat einen Zweck: behoben zu werden. Jeder Fall liegt in einem Abteil. Wer dort nicht eingelassen ist, erfährt nicht, dass es einen Fall gibt.
disclosures-each = Fälle
disclosures-open = Einen Fall eröffnen
disclosures-no-compartment = Sie sind in kein Abteil eingelassen. Wer Konten vergibt, lässt Menschen ein.
disclosure-title = Wie er intern heißt
disclosure-title-note = Worte, die nichts verraten, wenn sie jemand zufällig sieht
disclosure-compartment = Abteil
disclosure-compartment-note = Wer dort eingelassen ist, weiß von dem Fall.
disclosure-until = bis { $day }
disclosure-by-itself = Von selbst
disclosure-not-yet = noch nicht
disclosure-lane = Spur
disclosure-step = Schritt
disclosure-day = Tag
disclosure-lane-fix = Behebung
disclosure-lane-world = Die Welt
disclosure-lane-embargo = Embargo
disclosure-figure-open = Andere wissen davon: Kein Embargo hält mehr
disclosure-figure-bound = Ein Embargo bindet alle, die davon wissen
disclosure-figure-free = Kein Embargo bindet
disclosure-measure = Was geschehen ist, und an welchem Tag es aufgeschrieben wurde
disclosure-source = den Ereignissen des Falls
chart-track-more = { $count ->
    [one] Eine weitere Spur
   *[other] { $count } weitere Spuren
  }
disclosure-stands = Wie er steht
disclosure-report = Meldung
disclosure-letters = In Buchstaben (Vultron)
disclosure-obliged = Das ist als Nächstes aufzuschreiben:
disclosure-events = Was geschah
disclosure-events-none = Noch wurde nichts aufgeschrieben.
disclosure-who = Wer
disclosure-note = Notiz
disclosure-until-field = Bis wann das Embargo gelten soll (UTC)
disclosure-until-note = Nur beim Vorschlag eines Embargos. Leer: bis es öffentlich ist.
disclosure-write = Aufschreiben
disclosure-done-opened = Der Fall ist eröffnet.
disclosure-done-noted = Es ist aufgeschrieben.

disclosure-act-vendor-aware = Projekt weiß es
disclosure-act-fix-ready = Fix fertig
disclosure-act-fix-deployed = Fix im Einsatz
disclosure-act-public-aware = Öffentlich bekannt
disclosure-act-exploit-public = Exploit bekannt
disclosure-act-attacks-seen = Angriffe gesehen
disclosure-act-embargo-propose = Embargo vorgeschlagen
disclosure-act-embargo-accept = Embargo angenommen
disclosure-act-embargo-reject = Embargo abgelehnt
disclosure-act-embargo-terminate = Embargo beendet
disclosure-act-report-receive = Meldung erhalten
disclosure-act-report-validate = Meldung für gültig befunden
disclosure-act-report-invalidate = Meldung für ungültig befunden
disclosure-act-report-accept = Meldung angenommen
disclosure-act-report-defer = Meldung zurückgestellt
disclosure-act-report-close = Meldung geschlossen
embargo-none = Keines
embargo-proposed = Vorgeschlagen
embargo-active = Vereinbart
embargo-revise = Neu besprochen
embargo-exited = Beendet
report-state-start = Nicht erhalten
report-state-received = Erhalten
report-state-invalid = Ungültig
report-state-valid = Gültig
report-state-accepted = Angenommen
report-state-deferred = Zurückgestellt
report-state-closed = Geschlossen
disclosure-advice-speak-of-embargo = Das Projekt weiß davon, und niemand hat über ein Embargo gesprochen.
disclosure-advice-no-new-embargo = Eine Behebung ist fertig: Es sollte kein neues Embargo beginnen.
disclosure-advice-prepare-to-end = Eine Behebung ist fertig: Bringen Sie das Embargo zu Ende.
disclosure-advice-end-embargo = Eine Behebung ist im Einsatz: Beenden Sie das Embargo.
disclosure-advice-no-embargo-for-this-report = Ein Embargo ist vorgeschlagen, obwohl das Projekt die Meldung für ungültig hält oder mit ihr fertig ist.
disclosure-advice-say-whether-it-is-kept = Die Meldung ist geschlossen: Sagen Sie, ob das Projekt das Embargo noch hält.
disclosure-advice-hurry = Angriffe sind zu sehen, und die Öffentlichkeit weiß nichts: So bald es geht beheben und veröffentlichen.

words-disclosures = Schwachstellen, die nicht öffentlich sind
meaning-disclosure-act-vendor-aware = Das Projekt, das es beheben muss, weiß davon.
meaning-disclosure-act-fix-ready = Es gibt eine Version oder einen Patch, der es behebt.
meaning-disclosure-act-fix-deployed = Die Behebung ist dort im Einsatz, wo sie gebraucht wird.
meaning-disclosure-act-public-aware = Alle können lesen, dass es eine Schwachstelle gibt.
meaning-disclosure-act-exploit-public = Alle können ein Programm bekommen, das sie ausnutzt.
meaning-disclosure-act-attacks-seen = Jemand nutzt sie zu Angriffen.
meaning-disclosure-act-embargo-propose = Jemand hat vorgeschlagen, es bis zu einem Tag unter denen zu halten, die es wissen.
meaning-disclosure-act-embargo-accept = Der Vorschlag gilt von jetzt an.
meaning-disclosure-act-embargo-reject = Der Vorschlag gilt nicht; ein älteres Embargo bleibt.
meaning-disclosure-act-embargo-terminate = Das Embargo ist vorbei.
meaning-disclosure-act-report-receive = Das Projekt hat die Meldung und weiß damit davon.
meaning-disclosure-act-report-validate = Das Projekt konnte die Meldung nachvollziehen.
meaning-disclosure-act-report-invalidate = Das Projekt findet in der Meldung keine Schwachstelle.
meaning-disclosure-act-report-accept = Das Projekt arbeitet daran.
meaning-disclosure-act-report-defer = Das Projekt arbeitet später daran.
meaning-disclosure-act-report-close = Das Projekt ist mit der Meldung fertig.
meaning-embargo-none = Niemand hat vereinbart, es geheim zu halten.
meaning-embargo-proposed = Ein Embargo wurde vorgeschlagen und bindet noch nicht.
meaning-embargo-active = Alle, die davon wissen, halten es bis zu dem Tag unter sich.
meaning-embargo-revise = Ein anderer Tag wird besprochen; das vereinbarte Embargo gilt.
meaning-embargo-exited = Das Embargo ist vorbei, an seinem Tag oder weil andere davon wissen.
meaning-report-state-start = Das Projekt hat noch keine Meldung.
meaning-report-state-received = Das Projekt hat die Meldung und noch nicht hingesehen.
meaning-report-state-invalid = Das Projekt findet darin keine Schwachstelle.
meaning-report-state-valid = Das Projekt konnte sie nachvollziehen.
meaning-report-state-accepted = Das Projekt arbeitet daran.
meaning-report-state-deferred = Das Projekt arbeitet später daran.
meaning-report-state-closed = Das Projekt ist damit fertig.
meaning-disclosure-report = Wie das Projekt zu der Meldung steht.
meaning-disclosure-lane-embargo = Eine Vereinbarung, eine Schwachstelle bis zu einem Tag unter denen zu halten, die davon wissen.
meaning-disclosure-letters = Die sechs Tatsachen des Falls als Buchstaben: groß, was geschehen ist.
meaning-disclosure-compartment = Eine Gruppe von Menschen; wer nicht eingelassen ist, erfährt nichts von dem, was darin ist.
