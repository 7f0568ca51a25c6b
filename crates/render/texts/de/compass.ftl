# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0
#
# Der Kompass des Büros: Mandat, Rollen, Konsultationen, Leitlinien, Jahresbericht.

compass = Der Kompass des Büros

# Mandat

mandate = Mandat
mandate-headline = Das Mandat des Büros
mandate-headline-none = Noch niemand hat das Mandat aufgeschrieben
mandate-headline-unknown = { $count ->
    [one] Das Mandat: eine Angabe ist nicht bekannt
   *[other] Das Mandat: { $count } Angaben sind nicht bekannt
}
mandate-lede = Nach welchem Recht das Büro arbeitet, wo es steht, mit wem etwas vereinbart ist und mit welchen Mitteln. Was niemand aufgeschrieben hat, ist nicht bekannt.
mandate-legal-basis = Rechtsgrundlage
mandate-legal-source = Wo man sie liest
mandate-place = Stellung
mandate-place-standalone = Für sich
mandate-place-part-of-larger = Teil eines größeren Büros für Open Source
mandate-host = Gehört zu
mandate-posts = Stellen
mandate-filled = Davon besetzt
mandate-budget = Geld für ein Jahr
mandate-budget-in = { $amount } im Jahr { $year }
mandate-year = Jahr
mandate-not-known = nicht bekannt
mandate-agreements = Vereinbarungen mit Behörden
mandate-agreements-count = Mit { $count } von { $of } Behörden ist etwas vereinbart.
mandate-agreed-since = Vereinbart seit
mandate-agreed-about = Was vereinbart ist
mandate-none-agreed = nichts
mandate-skills = Fähigkeiten des Büros
mandate-skill-hours = Stunden im Jahr
mandate-skill-missing = fehlt
mandate-change = Die Karte ändern
mandate-change-note = Was Sie leer lassen, wird nicht bekannt. Frühere Karten bleiben erhalten.
mandate-save = Aufschreiben
mandate-done = Es wurde aufgeschrieben.
mandate-written = Aufgeschrieben von { $who } am { $day }.
mandate-earlier = Frühere Karten
mandate-agreements-how = Vereinbarungen schreibt man auf der Befehlszeile auf: `underpin mandate set --agreement AGENCY=DAY=TEXT`

# Rollen

roles = Rollen des Büros
roles-headline = { $count ->
    [0] Keine der vier Rollen ist aktiv
    [4] Alle vier Rollen sind aktiv
    [one] Eine der vier Rollen ist aktiv
   *[other] { $count } der vier Rollen sind aktiv
}
roles-headline-assumed = Alle vier Rollen gelten als aktiv: Noch niemand hat etwas über sie gesagt
roles-lede = Welche Rollen das Büro übernommen hat, worauf jede ruht, wen es vorher gehört hat und was als Nächstes kommt. Was nicht aktiv ist, steht nicht auf dem Bildschirm; was aufbewahrt wurde, bleibt.
roles-role = Rolle
roles-state = Stand
roles-since = Seit
roles-coming = Was kommt
roles-measures = Maßnahmen
roles-next = Nächster Schritt
roles-rests-on = Worauf sie ruht
roles-outcome = Gilt
roles-number = Wie viele
roles-maturity = Wie weit sie war
roles-maturity-line = Ab { $day }: { $count } von { $of } Maßnahmen
roles-matrix = Maßnahmen nach Abschnitten im Leben von Software
roles-measure = Maßnahme
roles-steps = Was geschaltet wurde und was dazu führte
roles-steps-none = Noch niemand hat etwas geschaltet. Darum gilt jede Rolle als aktiv, und nichts verschwindet.
roles-step-what = Was
roles-step-from = Ab
roles-step-why = Warum
roles-step-led = Was dazu führte
roles-step-changed = Was sich dadurch änderte
roles-nobody-said = niemand sagte es
roles-coming-line = { $state } ab { $day }
roles-unheard = Niemand wurde gehört: { $why }
roles-by-consultation = Konsultation { $number }: { $comments ->
    [0] keine Stellungnahme
    [one] eine Stellungnahme
   *[other] { $comments } Stellungnahmen
}
roles-heard = außerdem gehört: { $who }
roles-switch = Eine Rolle schalten
roles-switch-note = Eine Rolle beginnt oder ändert sich nach einer Konsultation, die mit einer Antwort auf jede Stellungnahme geschlossen wurde, oder mit einem Grund, warum keine Zeit war, den alle lesen. Planen braucht beides nicht, solange dadurch nichts Aktives endet.
roles-switch-to = Zu
roles-switch-whole = die ganze Rolle
roles-switch-urgent = Warum keine Zeit war, jemanden zu hören
roles-switch-button = Schalten
roles-done = Es wurde geschaltet.
roles-not-active = Das gehört zu einer Rolle des Büros, die nicht aktiv ist
roles-not-active-why = Es gehört zur Rolle „{ $role }“, und die ist { $state }. Das ist keine Frage Ihrer Rechte: Niemand sieht es jetzt. Was aufbewahrt wurde, bleibt.
roles-to-planner = Zu den Rollen des Büros

office-role-coordinator = Koordination
office-role-role-model = Vorbild
office-role-supporter = Förderung
office-role-regulator = Regulierung
roles-state-planned = geplant
roles-state-active = aktiv
roles-state-retired = aufgegeben
software-stage-select = Auswählen und beschaffen
software-stage-develop = Entwickeln
software-stage-release = Bauen und veröffentlichen
software-stage-operate = Betreiben
software-stage-incident = Im Vorfall
software-stage-end-of-life = Am Ende der Unterstützung

measure-inventory = Verzeichnis dessen, was benutzt wird
measure-evidence-rounds = Erhebungen
measure-exposure-watch = Wachen über Schwachstellen
measure-incident-coordination = Vorfälle gemeinsam beantworten
measure-support-end-watch = Wachen über Enden der Unterstützung
measure-own-code-in-public = Eigener Code öffentlich
measure-practice-checks = Eigene Repositorys geprüft
measure-own-advisories = Eigene Warnungen veröffentlicht
measure-upstream-first = Patches zurückgegeben
measure-open-data = Offene Daten über die Nutzung
measure-delivery-acceptance = Lieferungen an Regeln gemessen
measure-rulebooks = Regeln, die laufen
measure-draft-law-tests = Gesetzentwürfe erprobt
measure-reporting-clocks = Meldefristen
measure-dependency-report = Bericht über Abhängigkeiten

prerequisite-agencies-registered = Behörden stehen im Register
prerequisite-systems-known = Mindestens die Hälfte der Systeme ist bekannt
prerequisite-sources-fresh = Keine Quelle ist älter, als sie sein sollte
prerequisite-repositories-looked-at = Mindestens die Hälfte der eigenen Repositorys wurde angesehen
prerequisite-something-published = Etwas Eigenes ist veröffentlicht
prerequisite-promises-kept = Alle Zusagen, deren Tag gekommen ist, wurden gehalten
prerequisite-conversations-answered = Mindestens die Hälfte der Gespräche wurde beantwortet
prerequisite-budget-known = Das Geld für ein Jahr ist bekannt
prerequisite-skills-known = Für jede Fähigkeit sind Stunden bekannt
prerequisite-legal-basis-known = Die Rechtsgrundlage ist bekannt
prerequisite-consultations-answered = Alle Konsultationen, die vorüber sind, wurden beantwortet und geschlossen
prerequisite-outcome-met = ja
prerequisite-outcome-not-met = nein
prerequisite-outcome-unknown = nicht bekannt

roles-next-answer = Jede Stellungnahme zur Konsultation { $about } beantworten und sie schließen
roles-next-wait = Auf Stellungnahmen zur Konsultation { $about } warten
roles-next-begin = Beginnen: Konsultation { $about } ist geschlossen
roles-next-meet = Zuerst: { $about }
roles-next-find-out = Herausfinden: { $about }
roles-next-consult = Sie in einer Konsultation allen vorlegen
roles-next-say-so = Aufschreiben, dass die Rolle aktiv ist und was dazu führte
roles-next-keep-it-up = Weitermachen und einmal im Jahr davon berichten
roles-next-nothing = Nichts: Sie wurde aufgegeben

# Leitlinien

guide = Leitlinien, gemessen
guide-lede = Wie sich das Büro gegenüber den Menschen verhält, die Open Source machen. Jede Zahl führt zu ihren Zeilen, und es gibt keine Note. Kontakte sind die der letzten zwölf Monate.
guide-guideline = Leitlinie
guide-what = Was gezählt wird
guideline-respect = Respekt
guideline-cooperation = Kooperation
guideline-collaboration = Zusammenarbeit
guideline-sincerity = Aufrichtigkeit
guide-projects-contacted = Projekte, denen geschrieben wurde
guide-most-contacts-of-one = Meiste Gespräche, die mit einem Projekt begonnen wurden
guide-minutes-asked = Minuten, die Antworten kosten, soweit es gesagt wurde
guide-requests-without-minutes = Anfragen ohne diese Angabe
guide-opted-out-contacted = Offene Gespräche mit Projekten, die keine wollen
guide-opt-outs-kept = Zurückgehaltene Anfragen, weil ein Projekt keine will
guide-topics-with-two-voices = Themen mit mehr als einem offenen Gespräch
guide-requests-merged = Anfragen, die sich einem Gespräch anschlossen und das Projekt nichts kosteten
guide-findings-shared = Veröffentlichte Warnungen, Aussagen und Stücklisten
guide-consultations-closed = Konsultationen, die beantwortet und geschlossen wurden
guide-comments-answered = Stellungnahmen, die öffentlich beantwortet wurden
guide-replies-given = Antworten auf das, was Projekte sagten
guide-conversations-rated = Gespräche, die Projekte bewertet haben
guide-promises-kept = Gehaltene Zusagen
guide-promises-late = Verspätete Zusagen
guide-promises-withdrawn = Zurückgenommene Zusagen, mit öffentlichem Grund
guide-systems-not-known = Systeme, die nicht gut genug bekannt sind, und so benannt
guide-switched-unheard = Schritte von Rollen, vor denen niemand gehört wurde

# Konsultationen

consult = Konsultationen
consult-headline-none = Noch wurde niemandem etwas vorgelegt
consult-headline = { $count ->
    [0] Jetzt ist keine Konsultation offen
    [one] Eine Konsultation ist offen: Sagen Sie Ihre Meinung
   *[other] { $count } Konsultationen sind offen: Sagen Sie Ihre Meinung
}
consult-lede = Bevor das Büro eine Rolle übernimmt oder ändert, legt es allen einen Entwurf vor. Sie brauchen kein Konto und keinen Namen. Jede Stellungnahme wird angesehen, bevor sie gezeigt wird, und jede gezeigte wird hier beantwortet.
consult-title = Titel
consult-about = Worum es geht
consult-period = Zeitraum
consult-period-line = { $from } bis { $until }
consult-comments = Stellungnahmen
consult-comments-line = { $comments ->
    [0] keine
    [one] eine Stellungnahme
   *[other] { $comments } Stellungnahmen
}: { $answered } von { $shown } beantwortet
consult-more-line = warten auf einen Blick: { $waiting }, nicht gezeigt: { $hidden }, von ihren Verfassern zurückgezogen: { $withdrawn }, vom Büro entfernt: { $taken }
consult-state = Stand
consult-state-draft = Entwurf
consult-state-planned = beginnt später
consult-state-open = offen
consult-state-over = vorüber, Antworten folgen
consult-state-closed = geschlossen
comment-state-waiting = wartet auf einen Blick
comment-state-shown = gezeigt
comment-state-not-shown = nicht gezeigt
comment-state-withdrawn = zurückgezogen
comment-state-taken-out = entfernt
comment-ground-advertising = Werbung
comment-ground-personal-data = personenbezogene Daten
comment-ground-insult = Beleidigung
comment-ground-off-topic = zu etwas anderem
comment-ground-repeated = schon gesagt
comment-ground-secret = sagt, was nicht gesagt werden darf
consult-verdict-accepted = Angenommen
consult-verdict-partly = Teilweise angenommen
consult-verdict-not-accepted = Nicht angenommen
consult-draft = Der Entwurf
consult-question = Die Frage
consult-proposed = Danach soll „{ $what }“ { $state } sein.
consult-result = Was daraus wurde
consult-changed = Was sich änderte
consult-heard-besides = Außerdem gehört
consult-led-to = Wozu sie führte
consult-led-line = { $what }: { $state } ab { $day }
consult-none-shown = Noch wird keine Stellungnahme gezeigt.
consult-anonymous = ohne Namen
consult-answer-waits = Die Antwort folgt noch.
consult-answer = Antwort
consult-say = Sagen Sie Ihre Meinung
consult-words = Ihre Stellungnahme
consult-words-note = Reiner Text, höchstens 8.000 Byte. Bitte schreiben Sie nichts über Personen.
consult-name = Name, falls einer daneben stehen soll
consult-show-name = Alle dürfen den Namen lesen
consult-send = Senden
consult-sent = Danke. Stellungnahme { $number } wurde angenommen. Sie wird gezeigt, wenn jemand sie angesehen hat.
consult-key = Mit diesem Schlüssel können Sie sie zurückziehen. Er wird nur dieses eine Mal gezeigt:
consult-withdraw = Eine Stellungnahme zurückziehen
consult-withdraw-note = Mit dem Schlüssel, der beim Senden gezeigt wurde. Ihre Worte sind dann endgültig gelöscht.
consult-number-of = Konsultation, die dazu führte
consult-number = Nummer der Stellungnahme
consult-withdraw-key = Schlüssel
consult-withdraw-button = Zurückziehen
consult-withdrawn-done = Sie wurde zurückgezogen. Ihre Worte sind gelöscht.
consult-exceptions = Geschaltet, ohne jemanden zu hören
consult-look = Für das Büro
consult-show = Zeigen
consult-hide = Nicht zeigen
consult-hide-ground = Warum nicht
consult-take-out = Ihre Worte entfernen (zu zweit)
consult-take-out-asked = Jemand will diese Worte entfernen: { $ground }. Sagt das noch jemand, sind sie endgültig gelöscht.
consult-answer-button = Antworten
consult-verdict = Was daraus wird
consult-publish = Veröffentlichen
consult-publish-note = Von da an können alle sie lesen, und sie ändert sich nicht mehr.
consult-close = Schließen
consult-close-note = Wenn der Zeitraum vorüber ist und jede Stellungnahme eine Antwort hat.
consult-heard-count = Außerdem in Gesprächen gehört: { $who }
consult-done = Es ist geschehen.
consult-begin = Einen Entwurf schreibt man mit `underpin consultation draft FILE` auf
heard-agencies = Behörden
heard-maintainers = Menschen, die Projekte betreuen
heard-contributors = Menschen, die beitragen
heard-foundations = Stiftungen
heard-companies = Unternehmen
heard-researchers = Forschende
heard-civil-society = Zivilgesellschaft
heard-citizens = Bürgerinnen und Bürger
heard-others = andere
fault-comment = Das konnte nicht angenommen werden. Es muss reiner Text in den Grenzen sein, im Zeitraum, und nicht dasselbe wie eine andere Stellungnahme.
fault-comment-key = Mit diesem Schlüssel gibt es keine solche Stellungnahme.
fault-consultation = Das kann jetzt nicht folgen. Sehen Sie nach, wie es um die Konsultation steht.
why-too-many-comments = So viele Stellungnahmen warten darauf, angesehen zu werden, dass jetzt keine mehr angenommen wird. Bitte kommen Sie später wieder.

# Jahresbericht

annual = Jahresbericht
annual-title = Jahresbericht { $year }
annual-running = Das Jahr ist nicht vorüber: Die Zahlen sind die des Zeitpunkts in der Fußzeile.
annual-how-to-read = Jede Zahl lässt sich nachfragen: mit dem Befehl daneben und dem Zeitpunkt in der Fußzeile (--as-of) oder auf der Seite dahinter. Nichts wird zu einer Note zusammengezählt.
annual-eyes = Gezählt mit den Augen von jemandem, der für die ganze Regierung bis „{ $clearance }“ liest: Was darüber oder in einem fremden Schutzkreis liegt, ist nicht gezählt. Weitergabe so, wie { $marking } es erlaubt.
annual-what = Was
annual-how-many = Wie viele
annual-asked-by = Nachgefragt mit
annual-foot = Stand { $at }. Dasselbe noch einmal: { $command }
annual-not-known = nicht bekannt
annual-count-of = { $count } von { $of }
annual-lead-systems = Von { $of } Systemen ist der Inhalt von { $count } bekannt.
annual-lead-promises = { $count } von { $of } Zusagen an Projekte sind gehalten.
annual-lead-consultations = { $count ->
    [0] Keine Konsultation wurde veröffentlicht.
    [one] Eine Konsultation wurde veröffentlicht.
   *[other] { $count } Konsultationen wurden veröffentlicht.
}
annual-choose = Jahr
annual-section-mandate = Mandat
annual-section-roles = Rollen
annual-section-inventory = Was benutzt wird
annual-section-incidents = Vorfälle
annual-section-rules = Regeln über das Haus
annual-section-role-model = Das eigene Haus
annual-section-support = Förderung von Projekten
annual-section-listening = Zuhören
annual-section-unknown = Was wir nicht wissen
annual-budget = Geld für ein Jahr
annual-agreements = Behörden mit einer Vereinbarung
annual-mandate-unknown = Angaben zum Mandat, die niemand aufgeschrieben hat
annual-roles-active = Aktive Rollen
annual-roles-assumed = Davon Rollen, über die niemand etwas gesagt hat
annual-role-steps = Schritte von Rollen im Jahr
annual-unheard = Davon, ohne jemanden zu hören
annual-agencies = Behörden
annual-systems-known = Systeme mit bekanntem Inhalt
annual-documents-new = Dokumente, die im Jahr kamen, von allen, die zählen
annual-rounds = Erhebungen bisher
annual-incidents-opened = Vorfälle, die im Jahr eröffnet wurden
annual-incidents-closed = Vorfälle, die im Jahr geschlossen wurden
annual-drills = Übungen im Jahr
annual-waivers-granted = Ausnahmen von Regeln, die gewährt wurden
annual-waivers-hold = Ausnahmen von Regeln, die gelten
annual-waivers-ran-out = Ausnahmen von Regeln, die abgelaufen sind
annual-waivers-asked-for = Ausnahmen von Regeln, die auf Antwort warten
annual-repositories = Eigene Repositorys, die angesehen wurden
annual-publications = Dokumente, die im Jahr veröffentlicht wurden
annual-promises-made = Zusagen, die im Jahr genehmigt wurden
annual-promises-kept = Gehaltene Zusagen, von allen, die gelten
annual-promises-late = Verspätete Zusagen
annual-promises-withdrawn = Zurückgenommene Zusagen
annual-paid = Im Jahr an Projekte gezahlt
annual-conversations = Gespräche, die im Jahr begannen
annual-consultations = Konsultationen, die im Jahr veröffentlicht wurden
annual-consultations-closed = Konsultationen, die im Jahr geschlossen wurden
annual-comments = Stellungnahmen, die im Jahr kamen
annual-comments-answered = Von den gezeigten beantwortet
annual-systems-blind = Systeme, deren Belege nicht alles zeigen können
annual-systems-stale = Systeme mit nur alten Belegen
annual-systems-unknown = Systeme, von denen nichts bekannt ist
annual-sources-stale = Quellen, die älter sind, als sie sein sollten

# die ersten 30 Tage

first-days = Die ersten 30 Tage
first-mandate = Das Mandat aufschreiben
first-mandate-note = { $count ->
    [0] Es ist aufgeschrieben, soweit es bekannt ist.
    [one] Eine Angabe ist noch nicht bekannt.
   *[other] { $count } Angaben sind noch nicht bekannt.
}
first-talk = Das erste Gespräch mit einem Projekt führen
first-talk-note = { $count ->
    [0] Noch keines wurde begonnen. Fragen Sie das Tor, bevor Sie schreiben.
    [one] Eines wurde begonnen.
   *[other] { $count } wurden begonnen.
}
first-hear = Die erste Konsultation halten
first-hear-note = { $count ->
    [0] Noch keine wurde veröffentlicht. Eine Rolle beginnt nach einer.
    [one] Eine wurde veröffentlicht.
   *[other] { $count } wurden veröffentlicht.
}
first-command = Auf der Befehlszeile:

# was die Wörter bedeuten

words-compass = Wörter des Kompasses
meaning-office-role-coordinator = Das Büro weiß, was die Regierung benutzt, und bringt Behörden zusammen, wenn etwas geschieht.
meaning-office-role-role-model = Die Regierung tut selbst, was sie von anderen verlangt: Ihr Code ist öffentlich, geprüft und gepflegt.
meaning-office-role-supporter = Das Büro hilft Projekten, auf die sich die Regierung stützt, mit Geld, Arbeit oder Menschen.
meaning-office-role-regulator = Das Büro hilft, Regeln zu machen, die man einhalten kann, und zeigt, ob sie eingehalten werden.
meaning-roles-state-planned = Das Büro will es übernehmen und hat es noch nicht.
meaning-roles-state-active = Das Büro tut es jetzt.
meaning-roles-state-retired = Das Büro tut es nicht mehr. Was aufbewahrt wurde, bleibt.
meaning-roles-rests-on = Was gelten sollte, bevor das Büro eine Rolle übernimmt, errechnet aus dem, was bekannt ist.
meaning-roles-outcome = Ob es gilt; nicht bekannt, wo es nichts gibt, woraus man es errechnen kann.
meaning-roles-measures = Wie viel von dem, was zur Rolle gehört, jetzt getan wird.
meaning-roles-next = Was als Nächstes sinnvoll ist: zuerst, was Menschen geschuldet ist, dann, was fehlt.
meaning-roles-step-led = Die Konsultation vor dem Schritt, oder warum niemand gehört wurde.
meaning-consult-state-draft = Nur das Büro sieht es.
meaning-consult-state-planned = Alle können es lesen; Stellungnahmen werden später angenommen.
meaning-consult-state-open = Stellungnahmen werden jetzt angenommen.
meaning-consult-state-over = Es werden keine Stellungnahmen mehr angenommen; das Büro schuldet Antworten.
meaning-consult-state-closed = Jede gezeigte Stellungnahme hat eine Antwort, und es steht da, was sich änderte.
meaning-comment-state-waiting = Noch niemand hat sie angesehen, darum wird sie nicht gezeigt.
meaning-comment-state-shown = Alle können sie lesen, und sie wird beantwortet.
meaning-comment-state-not-shown = Jemand hat sie angesehen und nicht gezeigt, aus einem Grund, der gezählt wird.
meaning-comment-state-withdrawn = Wer sie schrieb, hat sie zurückgezogen; ihre Worte sind gelöscht.
meaning-comment-state-taken-out = Zwei Menschen aus dem Büro haben die Worte entfernt, aus einem Grund, der gezählt wird.
meaning-guideline-respect = Menschen, die Open Source machen, sind keine Lieferanten: Man fragt sie wenig, und ein Nein gilt.
meaning-guideline-cooperation = Die Regierung spricht mit einer Stimme und teilt, was sie herausfand.
meaning-guideline-collaboration = Menschen werden gehört, bevor etwas entschieden ist, und können antworten.
meaning-guideline-sincerity = Zusagen werden öffentlich gehalten, und was nicht bekannt ist, wird gesagt.
meaning-annual-asked-by = Der Befehl, der die Zeilen hinter einer Zahl gibt.
