# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

catalogue = Unsere eigene Software
catalogue-headline-none = Im Katalog steht noch keine Software des Staates
catalogue-headline = { $all ->
    [one] { $all } Repositorium des Staates steht im Katalog
   *[other] { $all } Repositorien des Staates stehen im Katalog
  }
catalogue-headline-found = { $shown ->
    [0] Kein Repositorium passt zu Ihrer Frage
    [one] { $shown } von { $all } Repositorien passt zu Ihrer Frage
   *[other] { $shown } von { $all } Repositorien passen zu Ihrer Frage
  }
catalogue-lede = Was Behörden selbst bauen und veröffentlichen: was es über sich sagt, und wie es die Praktiken einhält, die wir von anderen verlangen.
catalogue-help = Wie der Katalog geführt wird
catalogue-begin = Niemand hat ein Repositorium angesehen, das Sie sehen dürfen. Das Handbuch sagt, wie es geht.
catalogue-begin-public = Noch keine Behörde hat hier ein Repositorium veröffentlicht.
catalogue-none-found = Fragen Sie nach weniger, oder sehen Sie alle an.
catalogue-show-all = { $count ->
    [one] Das eine Repositorium zeigen
   *[other] Alle { $count } Repositorien zeigen
  }
catalogue-words = Wörter
catalogue-licence = Lizenz
catalogue-state = Wie weit es ist
catalogue-visibility = Für wen
catalogue-looked = Zuletzt angesehen
catalogue-repository = Repositorium
catalogue-repositories = Repositorien
catalogue-as-code-json = Alle als code.json
catalogue-as-publiccode = Alle als publiccode.yml
catalogue-alike = Sieht aus wie zweimal dasselbe
catalogue-alike-lede = Paare von zwei Behörden, die sich gleichen, mit den Gründen. Ob sie dasselbe sind, muss jemand sagen, der beide kennt.
catalogue-alike-none = Keine zwei Repositorien, die Sie sehen dürfen, gleichen sich.
catalogue-pair = Repositorien
catalogue-because = Weil
catalogue-tally = { $met } erfüllt, { $not } nicht erfüllt, { $unknown } nicht zu beurteilen

alike-same-beginning = Ihre Geschichten beginnen mit demselben Commit.
alike-made-from-the-other = Eines sagt, dass es aus dem anderen entstanden ist.
alike-same-contents = { $count } von 100 Dateien haben denselben Inhalt.
alike-same-origin = Beide sind aus { $from } entstanden.
alike-same-name = Sie haben denselben Namen.
alike-same-words = { $count } von 100 Wörtern ihrer Beschreibungen sind gleich.
alike-same-kind = Sie sind von derselben Art: { $categories }.

repository-headline-unknown = { $name }: wie es Praktiken einhält, ist hier nicht bekannt
repository-headline-met = { $name }: keine Praktik, die sich beurteilen ließ, ist nicht erfüllt
repository-headline = { $not ->
    [one] { $name }: { $not } Standard verlangt etwas, das nicht erfüllt ist
   *[other] { $name }: { $not } Standards verlangen etwas, das nicht erfüllt ist
  }
repository-says = Was darüber bekannt ist
repository-address = Adresse
repository-categories = Kategorien
repository-written-in = Geschrieben in
repository-contractors = Gepflegt im Auftrag von
repository-until = (bis { $day })
repository-based-on = Entstanden aus
repository-used-by = Wird benutzt von, wie es sagt
repository-nobody-looked = Niemand hat einen Klon angesehen
repository-files = Dasselbe für andere:
repository-runs = Wer es im Staat betreibt
repository-runs-none = Von keinem System, das Sie sehen dürfen, ist bekannt, dass es dies betreibt.
repository-runs-elsewhere = Systeme anderswo im Staat, die es betreiben:
repository-known-by = Bekannt durch
repository-put-aside = Nicht dasselbe, wie eine Behörde sagt:
repository-no-look = Niemand hat einen Klon davon angesehen. Deshalb ist über seine Praktiken nichts bekannt.
repository-not-published = Seine Behörde hat nicht veröffentlicht, wie es Praktiken einhält.
repository-practices-lede = Jeder Standard verlangt seine eigenen Praktiken. Sie werden nicht zu einer Zahl zusammengezählt: Eine Lizenz ersetzt keinen Weg, Fehler zu melden.
repository-practices = Wie es Praktiken einhält, Standard für Standard
repository-practice = Praktik
repository-outcome = Ergebnis
repository-what-to-do = Was zu tun ist, und wo
repository-more-places = { $count ->
    [one] und { $count } weitere Stelle
   *[other] und { $count } weitere Stellen
  }
system-own-software = Eigene Software des Staates darin

visibility-public = alle
visibility-internal = seine Behörde
development-unknown = nicht bekannt
development-concept = eine Idee
development-development = wird gebaut
development-beta = wird erprobt
development-stable = bereit zum Einsatz
development-obsolete = nicht mehr gepflegt
runs-word = das Wort seiner Behörde
runs-document = seine Dokumente
runs-both = seine Behörde und seine Dokumente

exemptions = Was nicht öffentlich ist, und warum
exemptions-headline-none = Keine Ausnahme ist aufgeschrieben
exemptions-headline-late = { $late ->
    [one] Die Überprüfung von { $late } Ausnahme ist überfällig
   *[other] Die Überprüfungen von { $late } Ausnahmen sind überfällig
  }
exemptions-headline-due = { $due ->
    [one] Die Überprüfung von { $due } Ausnahme steht innerhalb eines Monats an
   *[other] Die Überprüfungen von { $due } Ausnahmen stehen innerhalb eines Monats an
  }
exemptions-headline = { $all ->
    [one] { $all } Ausnahme ist aufgeschrieben; ihre Überprüfung kommt später
   *[other] { $all } Ausnahmen sind aufgeschrieben; ihre Überprüfungen kommen später
  }
exemptions-lede = Software des Staates ist offen, wenn kein Gesetz etwas anderes sagt. Jede Ausnahme hat ihr Gesetz, ihren Grund und einen Tag, an dem jemand wieder hinsieht.
exemptions-begin = Niemand hat eine Ausnahme aufgeschrieben, die Sie sehen dürfen. `underpin exemption add` tut es.
exemption-what = Was nicht öffentlich ist
exemption-ground = Grund
exemption-review = Überprüfung
review-state-overdue = überfällig
review-state-due = innerhalb eines Monats
review-state-later = später
review-state-ended = beendet
ground-national-security = nationale Sicherheit
ground-national-intelligence = Nachrichtendienst
ground-freedom-of-information = Informationsfreiheit
ground-export-regulations = Kontrolle von Ausfuhren
ground-arms-regulations = Kontrolle von Waffen
ground-transport-security = Sicherheit des Verkehrs
ground-classified-information = eingestufte Informationen
ground-privacy-risk = eine Gefahr für jemandes Privatsphäre
ground-intellectual-property = Rechte anderer
ground-agency-system = eine Gefahr für Systeme oder Personal
ground-agency-mission = eine Gefahr für die Arbeit der Behörde
ground-chief-information-officer = Entscheidung der IT-Leitung
ground-policy-date = älter als die Pflicht zu veröffentlichen
ground-embag-third-parties = Rechte anderer (EMBAG)
ground-embag-security = Sicherheit (EMBAG)
ground-other = ein anderes Gesetz

words-catalogue = Unsere eigene Software
meaning-catalogue-state = Was das Repositorium über sich sagt: eine Idee, wird gebaut, wird erprobt, bereit zum Einsatz oder nicht mehr gepflegt.
meaning-catalogue-visibility = Wer von dem Repositorium wissen darf: alle, oder nur wer bei seiner Behörde liest.
meaning-catalogue-looked = Der Tag, an dem jemand einen Klon des Repositoriums angesehen hat. Die Ergebnisse sind von diesem Tag.
meaning-catalogue-because = Warum sich zwei Repositorien gleichen. Sich gleichen ist nicht dasselbe sein: Das entscheidet jemand, der beide kennt.
meaning-repository-known-by = Woher bekannt ist, dass ein System das Repositorium betreibt: Seine Behörde sagt es, oder ein Dokument über das System nennt es.
meaning-repository-outcome = Eines von dreien: erfüllt, nicht erfüllt oder nicht zu beurteilen. Nichts wird zusammengezählt.
meaning-visibility-public = Alle dürfen von dem Repositorium wissen.
meaning-visibility-internal = Nur wer bei seiner Behörde liest, weiß von dem Repositorium.
meaning-development-unknown = Das Repositorium sagt nicht, wie weit es ist.
meaning-development-concept = Es gibt eine Idee und wenig mehr.
meaning-development-development = Es wird gebaut und ist nicht fertig.
meaning-development-beta = Es kann erprobt werden und hat vielleicht noch Fehler.
meaning-development-stable = Es ist bereit zum Einsatz.
meaning-development-obsolete = Niemand pflegt es. Fangen Sie nicht damit an.
meaning-exemption-ground = Das Gesetz, das erlaubt, es nicht zu veröffentlichen, in einem Wort; Gesetz und Abschnitt stehen darunter.
meaning-exemption-review = Der Tag, bis zu dem jemand nachsieht, ob der Grund noch gilt.
meaning-review-state-overdue = Der Tag der Überprüfung ist vorbei, und niemand hat einen neuen aufgeschrieben.
meaning-review-state-due = Der Tag der Überprüfung kommt innerhalb von 30 Tagen.
meaning-review-state-later = Der Tag der Überprüfung ist mehr als 30 Tage entfernt.
meaning-review-state-ended = Die Ausnahme ist vorbei: Die Sache ist jetzt öffentlich, oder es gibt sie nicht mehr.
meaning-ground-national-security = Es gehört zu einem System der nationalen Sicherheit (SHARE IT Act).
meaning-ground-national-intelligence = Ein Teil der Nachrichtendienste hat es gemacht (SHARE IT Act).
meaning-ground-freedom-of-information = Das Gesetz zur Informationsfreiheit nimmt es aus (SHARE IT Act).
meaning-ground-export-regulations = Regeln über Ausfuhren verbieten es (SHARE IT Act).
meaning-ground-arms-regulations = Regeln über den Handel mit Waffen verbieten es (SHARE IT Act).
meaning-ground-transport-security = Regeln über die Sicherheit des Verkehrs verbieten es (SHARE IT Act).
meaning-ground-classified-information = Das Recht der eingestuften Informationen verbietet es (SHARE IT Act).
meaning-ground-privacy-risk = Es zu veröffentlichen wäre eine Gefahr für jemandes Privatsphäre (SHARE IT Act).
meaning-ground-intellectual-property = Patente oder andere Rechte anderer begrenzen es (SHARE IT Act).
meaning-ground-agency-system = Es zu veröffentlichen wäre eine Gefahr für Systeme oder Personal der Behörde (SHARE IT Act).
meaning-ground-agency-mission = Es zu veröffentlichen wäre eine Gefahr für das, wofür die Behörde da ist (SHARE IT Act).
meaning-ground-chief-information-officer = Die IT-Leitung hat es im nationalen Interesse entschieden (SHARE IT Act).
meaning-ground-policy-date = Es wurde gemacht, bevor es eine Pflicht zu veröffentlichen gab (SHARE IT Act).
meaning-ground-embag-third-parties = Rechte anderer schließen es aus (Schweizer EMBAG, Artikel 9).
meaning-ground-embag-security = Gründe der Sicherheit schließen es aus (Schweizer EMBAG, Artikel 9).
meaning-ground-other = Ein anderes Gesetz, das dort in Worten steht.
