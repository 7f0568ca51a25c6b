# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

engagements = Gespräche mit Projekten
engagements-headline-none = Keinem Projekt wurde geschrieben
engagements-headline = { $open ->
    [0] Kein Gespräch mit einem Projekt ist offen
    [one] { $open } Gespräch mit einem Projekt ist offen
   *[other] { $open } Gespräche mit Projekten sind offen
  }
engagements-lede = Die ganze Regierung führt mit einem Projekt zu einem Thema ein Gespräch. Jeder Wunsch geht durch dieselben Regeln. Eine andere Person gibt den genauen Wortlaut frei, und ein Mensch schickt ihn ab: Dieses Programm verschickt nichts.
engagements-ask = An ein Projekt schreiben
engagements-begin = Was Behörden einem Projekt sagen wollen, wird zuerst hier gefragt. Meldungen, Patches und Durchsichten im eigenen Namen sind frei.
engagements-help = Die Regeln, und wie man an ein Projekt schreibt
engagements-source = dem Register der Gespräche
engagements-each = Gespräche
engagements-apart = Anfragen ohne Gespräch
engagements-apart-says = Diese wurden abgelehnt oder nur vermerkt, weil Mitmachen frei ist.
engagements-figure = { $given ->
    [one] Wir haben einmal gegeben
   *[other] Wir haben { $given }-mal gegeben
  } und { $asked ->
    [one] einmal gebeten
   *[other] { $asked }-mal gebeten
  }
engagements-measure = Wie oft wir Projekte um etwas gebeten und wie oft wir ihnen etwas gegeben haben. Zusammengelegte Anfragen kosten ein Projekt nichts.
engagements-times = Anzahl
engagements-what = Was
engagements-asked-opened = Gebeten: ein Gespräch
engagements-asked-reminded = Gebeten: eine Erinnerung
engagements-replied = Beantwortet: eine Erwiderung von uns
engagements-merged = Ferngehalten: zusammengelegt
engagements-given-patches = Gegeben: ein Patch
engagements-given-thanks = Gegeben: Dank
engagements-silence = { $count ->
    [one] Die Hälfte der Projekte antwortet innerhalb von { $count } Tag.
   *[other] Die Hälfte der Projekte antwortet innerhalb von { $count } Tagen.
  }
engagements-silence-least = { $count ->
    [one] Die Hälfte der Wartezeiten auf eine Antwort dauert mindestens { $count } Tag.
   *[other] Die Hälfte der Wartezeiten auf eine Antwort dauert mindestens { $count } Tage.
  }
engagements-burden = Gebeten und gegeben, nach Monat
engagements-month = Monat
engagements-minutes = Erbetene Minuten
engagements-minutes-unknown = { $count ->
    [one] { $count } ohne Angabe
   *[other] { $count } ohne Angabe
  }
engagements-conversation = Gespräch
engagements-next = Was folgen darf
engagements-requests = Anfragen
engagements-opened = Begonnen
engagements-request = Anfrage
engagements-own-part = Sie sehen Ihre eigenen Anfragen und wie das Gespräch steht. Wer für die ganze Regierung an Projekte schreibt, sieht den Rest.
engagements-case = Fall { $case }

engagement-headline = { $conversation }: { $topic }, mit { $project }
engagement-budget = { $used } von { $contacts } Gesprächen innerhalb von 30 Tagen sind verbraucht, und { $used_long } von { $contacts_long } innerhalb von 60 Tagen
engagement-budget-now = Ein weiteres darf jetzt begonnen werden.
engagement-budget-from = Ein weiteres darf ab { $day } begonnen werden.
engagement-budget-held = Ein Kontakt innerhalb von 60 Tagen bleibt immer für die Offenlegung von Schwachstellen zurückgelegt, ob es eine gibt oder nicht.
engagement-budget-spent = { $count ->
    [one] Sie sehen { $count } Gespräch einer Offenlegung innerhalb von 60 Tagen; es kommt aus demselben Budget.
   *[other] Sie sehen { $count } Gespräche von Offenlegungen innerhalb von 60 Tagen; sie kommen aus demselben Budget.
  }
engagement-owed = Dem Projekt noch geschuldet:
engagement-owed-title = Danken, und sagen, was daraus wurde
engagement-timeline = Was gesagt wurde
engagement-nothing-said = Noch wurde nichts ausgehändigt.
engagement-said-theirs = Das Projekt hat geantwortet
engagement-said-reminder = Eine Erinnerung wurde ausgehändigt
engagement-said-ours = Ein Text wurde ausgehändigt
engagement-told = Dem Projekt wurde gesagt: { $outcome }
engagement-rows = Anfragen darin
engagement-note = Vermerken, was geschah
engagement-note-answer = Das Projekt hat geantwortet
engagement-note-came = Wann die Antwort kam (UTC); leer für jetzt
engagement-note-answer-says = Vermerkt wird, dass eine Antwort kam, nie wer sie gab.
engagement-note-thanks = Dem Projekt wurde gedankt
engagement-note-outcome = Was dem Projekt über das Ergebnis gesagt wurde
engagement-note-tell = Vermerken, was gesagt wurde
engagement-end = Das Gespräch beenden
engagement-end-how = Wie es endet
engagement-remind = Eine Erinnerung beantragen
engagement-reply = Eine Erwiderung an das Projekt beantragen
engagement-follow = In diesem Gespräch schreiben
engagement-follow-says = Der Text ist ein Entwurf wie jeder: Eine andere Person gibt genau ihn frei, und ein Mensch schickt ihn ab. Was das Projekt sagt, wird sofort beantwortet, jedes Mal höchstens zweimal; eine Erwiderung verbraucht nichts vom Budget.
engagement-done-answer = Die Antwort ist vermerkt.
engagement-done-thanks = Der Dank ist vermerkt.
engagement-done-outcome = Es ist vermerkt, was dem Projekt gesagt wurde.
engagement-done-ended = Das Gespräch ist beendet.

naming = Im Dank genannt
naming-says = Eine Behörde sagt selbst, ob sie genannt oder mitgezählt werden darf, wo einem Projekt gedankt wird. Wer nichts gesagt hat, wird weder genannt noch mitgezählt. Ein Ja kann zurückgenommen werden.
naming-none = Sie hat nichts gesagt.
naming-agrees = Darf sie genannt werden
naming-project = Projekt; leer für alle
naming-all = Alle Projekte
naming-said-by = Wer aus der Behörde es sagt
naming-day = Tag
naming-note = Vermerken
naming-done = Was die Behörde sagt, ist vermerkt.
naming-nobody = Keine Behörde, die auf dem Projekt beruht, hat zugestimmt, genannt oder mitgezählt zu werden.
naming-who = Nur diese Behörden haben zugestimmt, und nur sie werden genannt oder mitgezählt: { $agencies }.
naming-name-them = die Behörden nennen, die zugestimmt haben
naming-thank = Dank schreiben

contact-card = Wie das Projekt angesprochen werden will
card-says = Sehen Sie sich das an, bevor Sie schreiben. Was niemand gesagt hat, ist unbekannt, und die Regeln lesen es zugunsten des Projekts.
card-opted-out = Will keinen Kontakt
card-archived = Archiviert
card-accepts-reports = Nimmt Meldungen an
card-accepts-changes = Nimmt Änderungen an
card-automated = Nimmt Änderungen von Programmen an
card-fixes = Nimmt nur Behebungen an
card-bots = Seine Anleitung erlaubt Programme
card-volunteers = Von Freiwilligen betrieben
card-maintainers = Aktive Betreuende
card-doors = Wo es zu erreichen ist
card-no-doors = Niemand hat notiert, wo es zu erreichen ist. Die Meldung einer Schwachstelle geht dann an das nationale CERT.
card-open = Offene Gespräche mit ihm
card-open-says = Ihre Anfrage kommt zu einem davon, wenn sie dasselbe Thema hat oder dasselbe sagt.
card-open-none = Keines, das Sie sehen dürfen.

ask-headline = An { $project } schreiben
ask-headline-none = An welches Projekt wollen Sie schreiben?
ask-project = Projekt
ask-project-note = Sein Repository oder ein Paket von ihm
ask-look = Zuerst das Projekt ansehen
ask-form = Was Sie sagen wollen
ask-kind = Was Sie wollen
ask-kind-note = Die Meldung einer Schwachstelle wartet auf nichts. Wer um etwas bittet, bringt einen Patch, eine Nachstellung oder Geld mit.
ask-topic = Worum es geht
ask-case = Fall
ask-case-note = Bei einer Schwachstelle, die nicht öffentlich ist: die Nummer des Falls, wie C12. Das Gespräch sieht dann niemand sonst.
ask-words = Ihr Text
ask-words-note = Ohne Anrede und Unterschrift. Auf Englisch, wenn das Projekt Englisch liest.
ask-numbers = Mit dem wahren Satz beginnen: wie viele Dienste von Behörden, die zugestimmt haben, auf dem Projekt beruhen
ask-agency = Im Namen welcher Behörde
ask-agency-note = Ihr Name oder ihre Kennung
ask-author = Ihr Name, wie er unterschrieben wird
ask-complaints = Wo sich das Projekt beschweren kann
ask-complaints-note = Adresse eines Postfachs oder einer Seite
ask-assistance = Hat ein Programm den Text geschrieben?
ask-assistance-choose = Bitte wählen
ask-patch = Adresse eines Patches
ask-reproduction = Wie man den Fehler sieht
ask-budget = Bewilligtes Geld, in Euro
ask-minutes = Minuten, die eine Antwort braucht
ask-minutes-note = Ihre eigene Schätzung der Zeit des Projekts
ask-send = Anfragen
ask-may-not = Hier fragt an, wer für eine Behörde entscheidet. Sie dürfen lesen.
ask-fault-agency = Keine Behörde heißt so.
ask-fault-agency-many = Mehrere Behörden heißen so: Nehmen Sie die Kennung.
ask-fault-project = Unter diesem Namen ist kein Projekt bekannt. Nehmen Sie die Adresse seines Repositorys.
ask-fault-case = Einen solchen Fall, den Sie sehen dürfen, gibt es nicht.
ask-fault-money = Geld ist eine Zahl in Euro, wie 500 oder 99.50.
ask-fault-minutes = Minuten sind eine ganze Zahl.
ask-fault-long = Der Text ist zu lang.

request-headline-noted = { $request } ist vermerkt: Mitmachen ist frei
request-headline-merged = { $request } kam zu { $conversation }: Das Projekt wird nicht noch einmal gefragt
request-headline-drafted = { $request } wartet auf die Freigabe des Textes
request-headline-approved = { $request } ist freigegeben und kann ausgehändigt werden
request-headline-handed-out = { $request } wurde ausgehändigt
request-headline-refused = { $request } ist abgelehnt: { $why }
request-why = Die Regel, und was zuerst zu tun ist
request-rule = Regel
request-reason = Warum
request-first = Was zuerst zu tun ist
request-until = Nicht vor
request-same-as = { $same } sagt schon dasselbe.
request-words = Der Text
request-door = Auf welchem Weg
request-address = Adresse
request-coordinator = Das nationale CERT, das das Büro auswählt
request-digest = Prüfsumme des Textes
request-author = Geschrieben von
request-approved-by = Freigegeben von
request-nobody-approved = Noch niemand
request-handed-out = Ausgehändigt
request-made = Gefragt
request-whose = Gefragt für
request-verdict = Das Tor sagt
request-advice = Zu bedenken
request-approve = Ich habe diesen Text gelesen und gebe genau ihn frei
request-own-words = Sie haben diesen Text geschrieben. Eine andere Person gibt ihn frei.
request-hand-out = Den Text aushändigen
request-hand-out-says = Sie bekommen den Text und den Entwurf einer Mail. Nichts wird verschickt: Das tut ein Mensch.
request-mail = Entwurf einer Mail (.eml)
request-done-asked = Das Tor hat geantwortet.
request-done-approved = Der Text ist freigegeben.
request-done-handed-out = Der Text ist ausgehändigt. Nichts wurde verschickt.
request-not-approved = Außer der Person, die schrieb, hat noch niemand den Text freigegeben.
request-moved = Das geht nicht mehr: Sehen Sie nach, wie es jetzt steht.

verdict-noted = Vermerkt
verdict-merged = Zusammengelegt
verdict-drafted = Entwurf
verdict-refused = Abgelehnt
conversation-state-draft = Nicht ausgehändigt
conversation-state-waiting = Wartet auf das Projekt
conversation-state-answered = Das Projekt hat geantwortet
conversation-state-ended = Beendet
conversation-ended-solved = Gelöst
conversation-ended-declined = Abgelehnt
conversation-ended-silent = Keine Antwort
conversation-ended-withdrawn = Zurückgezogen
request-kind-vulnerability-report = Meldung einer Schwachstelle
request-kind-issue = Fehlermeldung
request-kind-patch = Patch
request-kind-change = Änderung
request-kind-review = Durchsicht
request-kind-talk = Vortrag
request-kind-thanks = Dank
request-kind-offer = Angebot
request-kind-invitation = Einladung
request-kind-ask = Um etwas bitten
request-kind-reminder = Erinnerung
request-kind-reply = Erwiderung
topic-vulnerability = Eine Schwachstelle
topic-defect = Ein Fehler
topic-maintenance = Wartung
topic-funding = Förderung
topic-supply-chain = Die Lieferkette
topic-community = Die Gemeinschaft
topic-other = Etwas anderes
channel-security-policy = Sicherheitsrichtlinie
channel-private-report = Vertrauliche Meldung
channel-stated = Der Weg, den das Projekt nennt
channel-maintainers = Betreuende
channel-public-issue = Öffentliche Meldung
channel-coordinator = Koordinationsstelle
assistance-no-machine = Nein
assistance-corrected = Ein Programm hat die Sprache verbessert
assistance-drafted = Ein Programm hat ihn entworfen, ich habe ihn gelesen und geändert
contact-next-send = Der Text ist freizugeben und auszuhändigen
contact-next-answer = Wir sind dran: Das Projekt hat geantwortet
contact-next-wait = Nichts: Schweigen ist keine Ablehnung
contact-next-remind = Eine Erinnerung darf geschrieben werden
contact-next-coordinator = Eine Koordinationsstelle wird gefragt, und das Projekt bleibt in Ruhe
contact-next-over = Nichts: Es ist beendet
contact-next-from = ab { $day }
owed-thanks = Dank
owed-outcome = was daraus wurde
advice-add-reproduction = Eine Meldung ohne Weg, den Fehler zu sehen, kostet das Projekt Stunden.
advice-open-case = Eine Meldung über etwas, das nicht öffentlich ist, braucht einen Fall, damit ihr Gespräch ein eigenes ist.
advice-say-minutes = Niemand hat gesagt, wie lange eine Antwort dauert.
advice-way-unstated = Das Projekt hat nicht gesagt, wie es angesprochen werden will.

gate-rule-E1 = Die Regierung führt mit einem Projekt zu einem Thema ein offenes Gespräch. Was andere Behörden sagen wollen, kommt dazu.
gate-rule-E2 = Innerhalb von 30 Tagen wird ein Projekt einmal angesprochen, und einmal mehr je drei aktive Betreuende. Innerhalb von 60 Tagen bleibt immer ein Kontakt für die Offenlegung von Schwachstellen zurückgelegt; die wird nie abgelehnt. Programme schreiben nur, wo das Projekt es sagt, und niemand wird angesprochen, der es nicht will.
gate-rule-E3 = Ein Text geht dorthin, wo die Sicherheitsrichtlinie des Projekts es sagt, sonst als vertrauliche Meldung, sonst an die Betreuenden. Eine öffentliche Meldung bittet nur um einen vertraulichen Weg.
gate-rule-E4 = Wer um etwas bittet, bringt einen Patch, eine Nachstellung oder Geld mit. Fragebögen werden nie verschickt.
gate-rule-E5 = Nach 7 Tagen Schweigen folgt eine Erinnerung, 21 Tage später eine zweite. Danach wird eine Koordinationsstelle gefragt, und das Projekt bleibt in Ruhe. Was das Projekt sagt, wird sofort beantwortet, jedes Mal höchstens zweimal.
gate-rule-E6 = Eine genannte Person einer genannten Behörde schreibt, sagt, was ein Programm schrieb, und nennt, wo man sich beschwert. Eine andere Person gibt genau diesen Text frei.
gate-rule-E7 = Ein Gespräch endet mit Dank und mit dem, was daraus wurde. Was erbeten wurde, wird dem gegenübergestellt, was gegeben wurde. Dank nennt und zählt nur Behörden, die zugestimmt haben.

refusal-opted-out = Das Projekt will keinen Kontakt
refusal-archived = Das Projekt ist archiviert
refusal-reports-not-accepted = Das Projekt nimmt keine Meldungen an
refusal-changes-not-accepted = Das Projekt nimmt keine Änderungen an
refusal-fixes-only = Das Projekt nimmt nur Behebungen an
refusal-bots-not-accepted = Das Projekt hat nicht gesagt, dass Programme ihm schreiben dürfen
refusal-budget-used = Das Projekt wurde oft genug angesprochen
refusal-no-channel = Niemand weiß, wo das Projekt zu erreichen ist
refusal-brings-nothing = Es bittet und bringt nichts mit
refusal-questionnaire = Es ist ein Fragebogen
refusal-too-soon = Für eine Erinnerung ist es zu früh
refusal-answered = Das Projekt hat geantwortet
refusal-not-sent-yet = Der erste Text wurde noch nicht ausgehändigt
refusal-reminders-used = Zwei Erinnerungen wurden verschickt
refusal-nothing-to-answer = Das Projekt hat nichts gesagt, was zu beantworten wäre
refusal-replies-used = Dem Projekt wurde schon zweimal geantwortet
refusal-was-silent = Das Projekt hat zu diesem Thema nicht geantwortet
refusal-no-such-conversation = Ein solches offenes Gespräch gibt es nicht
refusal-no-words = Es gibt keinen Text
refusal-author-unnamed = Wer schrieb, ist nicht genannt
refusal-agency-unnamed = Die Behörde ist nicht genannt
refusal-assistance-unsaid = Niemand hat gesagt, ob ein Programm den Text schrieb
refusal-no-place-for-complaints = Es fehlt eine Adresse für Beschwerden
refusal-not-approved = Niemand sonst hat den Text freigegeben
refusal-approver-is-author = Wer schrieb, kann nicht freigeben
refusal-words-changed = Der Text hat sich seit der Freigabe geändert
refusal-consent-withdrawn = Eine Behörde im Text will nicht mehr genannt oder mitgezählt werden

refusal-first-opted-out = Lassen Sie das Projekt in Ruhe. Eine Schwachstelle geht an das nationale CERT als Koordinationsstelle.
refusal-first-archived = Dort arbeitet niemand mehr: Suchen Sie einen Nachfolger, oder planen Sie einen Ersatz.
refusal-first-reports-not-accepted = Eine Schwachstelle geht an das nationale CERT als Koordinationsstelle.
refusal-first-changes-not-accepted = Führen Sie die Änderung als eigenen Patch, oder fragen Sie, ob ein Angebot willkommen ist.
refusal-first-fixes-only = Bringen Sie die Behebung eines Fehlers, oder behalten Sie die Änderung als eigenen Patch.
refusal-first-bots-not-accepted = Lassen Sie einen Menschen es ansehen und im eigenen Namen schicken.
refusal-first-budget-used = Warten Sie bis zu dem Tag, oder fügen Sie es einem offenen Gespräch hinzu.
refusal-first-no-channel = Finden Sie heraus, wie das Projekt angesprochen werden will. Eine Schwachstelle geht an eine Koordinationsstelle.
refusal-first-brings-nothing = Bringen Sie einen Patch, eine Nachstellung oder bewilligtes Geld mit, oder machen Sie ein Angebot daraus.
refusal-first-questionnaire = Nehmen Sie die Antworten aus dem Dossier des Projekts, das aus öffentlichen Belegen besteht. Kein Fragebogen geht an ein Projekt.
refusal-first-too-soon = Warten Sie bis zu dem Tag: Schweigen ist keine Ablehnung.
refusal-first-answered = Lesen Sie die Antwort: Wir sind dran. Schreiben Sie eine Erwiderung, keine Erinnerung.
refusal-first-not-sent-yet = Schicken Sie den ersten Text ab, oder ziehen Sie ihn zurück.
refusal-first-reminders-used = Fragen Sie eine Koordinationsstelle: die Stiftung hinter dem Projekt oder das nationale CERT.
refusal-first-nothing-to-answer = Vermerken Sie zuerst die Antwort des Projekts, oder erinnern Sie es, wenn es so weit ist.
refusal-first-replies-used = Warten Sie, bis das Projekt etwas sagt.
refusal-first-was-silent = Fragen Sie eine Koordinationsstelle: Das Projekt hat zu diesem Thema nicht geantwortet.
refusal-first-no-such-conversation = Nennen Sie das offene Gespräch, zu dem der Text gehört.
refusal-first-no-words = Schreiben Sie, was zu sagen ist.
refusal-first-author-unnamed = Nennen Sie, wer den Text schrieb.
refusal-first-agency-unnamed = Nennen Sie die Behörde, in deren Namen er gesagt wird.
refusal-first-assistance-unsaid = Sagen Sie, ob ein Programm den Text schrieb oder verbesserte.
refusal-first-no-place-for-complaints = Nennen Sie eine Adresse für Beschwerden.
refusal-first-not-approved = Lassen Sie eine andere Person genau diesen Text lesen und freigeben.
refusal-first-approver-is-author = Lassen Sie jemand anderen freigeben.
refusal-first-words-changed = Lassen Sie den Text noch einmal freigeben.
refusal-first-consent-withdrawn = Schreiben Sie den Dank neu, ohne diese Behörde.

words-contact = Gespräche mit Projekten
meaning-verdict-noted = Mitmachen wie alle anderen ist frei; es wird nur aufgeschrieben.
meaning-verdict-merged = Sie kam zu einem offenen Gespräch; das Projekt wird nicht noch einmal gefragt.
meaning-verdict-drafted = Ein Text ist fertig; eine andere Person muss ihn freigeben.
meaning-verdict-refused = Eine Regel spricht dagegen; die Antwort sagt, welche, warum, und was zuerst zu tun ist.
meaning-conversation-state-draft = Es gibt einen Text, aber niemand hat ihn ausgehändigt.
meaning-conversation-state-waiting = Ein Text wurde ausgehändigt, und das Projekt hat nicht geantwortet.
meaning-conversation-state-answered = Das Projekt hat zuletzt gesprochen: Wir sind dran.
meaning-conversation-state-ended = Das Gespräch ist vorbei.
meaning-conversation-ended-solved = Was erbeten wurde, ist erledigt.
meaning-conversation-ended-declined = Das Projekt hat geantwortet und nein gesagt.
meaning-conversation-ended-silent = Das Projekt hat nicht geantwortet und bleibt in Ruhe.
meaning-conversation-ended-withdrawn = Die Regierung hat ihren Text zurückgenommen.
meaning-request-kind-vulnerability-report = Eine Schwachstelle wird denen gesagt, die sie beheben können. Das wartet auf nichts.
meaning-request-kind-issue = Jemand meldet im eigenen Namen einen Fehler, wie alle anderen.
meaning-request-kind-patch = Jemand bietet im eigenen Namen ein behobenes Stück Code an.
meaning-request-kind-change = Jemand bietet im eigenen Namen neuen Code an.
meaning-request-kind-review = Jemand liest für das Projekt Änderungen anderer.
meaning-request-kind-talk = Jemand spricht auf einem Treffen des Projekts.
meaning-request-kind-thanks = Dem Projekt wird gedankt; das erbittet nichts.
meaning-request-kind-offer = Die Regierung bietet Geld oder Hände an.
meaning-request-kind-invitation = Das Projekt wird eingeladen, gehört zu werden.
meaning-request-kind-ask = Die Regierung will etwas vom Projekt und bringt dafür etwas mit.
meaning-request-kind-reminder = Ein zweites Wort in einem Gespräch ohne Antwort; höchstens zwei.
meaning-request-kind-reply = Ein Text, der beantwortet, was das Projekt sagte; er wartet auf nichts und verbraucht nichts vom Budget.
meaning-channel-security-policy = Die Adresse, die das Projekt für Schwachstellen nennt.
meaning-channel-private-report = Ein Formular für vertrauliche Meldungen, wo das Projekt seinen Code hat.
meaning-channel-stated = Der Weg, auf dem das Projekt angesprochen werden will.
meaning-channel-maintainers = Eine Adresse der Betreuenden als Gruppe.
meaning-channel-public-issue = Die öffentliche Liste der Meldungen; dort bitten wir nur um einen vertraulichen Weg.
meaning-channel-coordinator = Das nationale CERT oder eine Stiftung, die für uns mit dem Projekt spricht.
meaning-naming-agrees = Ob die Behörde genannt oder mitgezählt werden darf, wo einem Projekt gedankt wird; das sagt sie selbst.
meaning-engagements-next = Was die Regeln in diesem Gespräch als Nächstes erlauben.
meaning-engagements-minutes = Wie lange Antworten die Projekte kosten, soweit die Schreibenden es sagten.
meaning-request-rule = Die Regel des Kontakttors, die nein sagt.
meaning-request-digest = Ein kurzer Code, der zu genau diesem Text gehört; ein anderer Text hat einen anderen.
meaning-request-verdict = Was das Kontakttor auf die Anfrage geantwortet hat.
meaning-request-door = Die Adresse des Projekts, an die der Text geht.
