# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

### Deutsch. Kurze Wörter, ganze Sätze. Ein Wort für eine Sache.

house-name = Open-Source-Programmbüro
house-line = Underpin: Open Source im Staat pflegen
main-menu = Hauptmenü
skip-to-content = Zum Inhalt springen
you-are-here = Sie sind hier
sign-in = Anmelden
sign-out = Abmelden
as-of = Stand
to-the-overview = Zur Übersicht
accessibility = Barrierefreiheit

nav-overview = Übersicht
nav-inventory = Bestand
nav-findings = Befunde
nav-government = Verwaltung
nav-coverage = Abdeckung
nav-help = Hilfe

## Wörter für Dinge
agency = Behörde
agencies = Behörden
system = System
systems = Systeme
package = Paket
vulnerability = Schwachstelle
findings = Befunde
uses = Verwendungen
severity = Schwere
priority = Dringlichkeit
state = Stand
share = Anteil
exploited = Ausgenutzt
any = Alle
show = Anzeigen
show-all = Alles anzeigen
search = Suchen
filter = Auswahl
pages = Seiten
page-before = Vorige Seite
page-after = Nächste Seite
did-you-mean = Meinten Sie:
count-systems = { $count ->
    [one] { $count } System
   *[other] { $count } Systeme
}

level-act-now = Sofort handeln
level-soon = Bald
level-planned = Geplant
level-watch = Beobachten
level-critical = Kritisch
level-high = Hoch
level-medium = Mittel
level-low = Niedrig
level-none = Keine
level-unknown = Unbekannt
status-open = Offen
status-fixed = Behoben
status-not-affected = Nicht betroffen
status-under-investigation = Wird geprüft
status-unknown = Unbekannt

## Anmelden
login-name = Anmeldename
password = Passwort
password-note = Mindestens 12 Zeichen. Einen Satz merkt man sich leicht.
sign-in-refused = Anmeldename oder Passwort stimmt nicht.
sign-in-too-often = Zu viele Versuche. Warten Sie einige Minuten und versuchen Sie es noch einmal.
welcome = Willkommen
welcome-lede = Dieser Link gilt einmal. Wählen Sie einen Anmeldenamen und ein Passwort; damit melden Sie sich künftig an.
your-name = Ihr Name
begin = Konto anlegen

## Konto
your-account = Ihr Konto
change-password = Passwort ändern
password-of-now = Jetziges Passwort
new-password = Neues Passwort
password-wrong = Das jetzige Passwort stimmt nicht.
password-changed = Das Passwort ist geändert. Alle anderen Sitzungen sind beendet.
other-sessions-ended = Alle anderen Sitzungen sind beendet.
what-you-may-do = Was Sie dürfen
roles-none = Sie haben keine Rolle und sehen nichts.
clearance = Ermächtigung
role-everywhere = { $role }, für die ganze Verwaltung
role-of-agency = { $role }, für { $agency } und was darunter liegt
role-reader = Liest
role-contributor = Liest und reicht Dokumente ein
role-owner = Sorgt für eigene Systeme: Befunde und Aufgaben
role-analyst = Analyse im Amt: liest und entscheidet
role-officer = Analyse, entscheidet auch über Pläne und Geld
role-auditor = Prüfung: liest alles, auch die Spur, und ändert nichts
role-administrator = Administration: gibt Konten und Rollen, sieht dadurch keine Inhalte
your-sessions = Wo Sie angemeldet sind
session-began = Seit
session-used = Zuletzt genutzt
session-this = Diese hier
session-other = Eine andere
end-other-sessions = Alle anderen beenden

## Fehler
error-400 = Diese Frage ist nicht zu verstehen
error-401 = Bitte melden Sie sich an
error-403 = Das dürfen Sie nicht
error-404 = Hier ist nichts, was Sie sehen dürfen
error-405 = Das nimmt diese Seite nicht an
error-413 = Das ist zu viel auf einmal
error-415 = Dieses Formular ist nicht zu lesen
error-422 = Dieses Formular ist nicht zu lesen
error-429 = Zu viele Anfragen. Warten Sie einige Minuten.
error-500 = Bei uns ist etwas schiefgegangen
error-503 = Das Haus antwortet gerade nicht
why-ledger-away = Das Hauptbuch des Hauses antwortet gerade nicht. Nichts Bestätigtes ist verloren; kommen Sie in einigen Sekunden wieder.
why-ledger-conflict = Zwei Änderungen sind sich in die Quere gekommen, und diese hat nichts geändert. Senden Sie sie noch einmal.
why-ledger-busy = So viele Änderungen warten, dass Ihre nicht angenommen wurde. Sie hat nichts geändert; kommen Sie in einigen Sekunden wieder.
error-request = Nummer der Anfrage:
error-code = Kennwort für die Menschen, die dieses Haus betreiben:

## Übersicht
overview-nothing = Nichts verlangt sofortiges Handeln
overview-urgent = { $count ->
    [one] Ein Befund verlangt
   *[other] { $count } Befunde verlangen
} sofortiges Handeln, in { $systems ->
    [one] einem System
   *[other] { $systems } Systemen
}
overview-by-agency = Befunde, die sofortiges Handeln verlangen, nach Behörde
overview-first = Was zuerst kommt
all-findings = Alle Befunde
what-is-known = Was von unseren Systemen bekannt ist
coverage-known = Bekannt
coverage-blind = Ihre Dokumente können es nicht zeigen
coverage-stale = Bekannt, aber alt
coverage-unknown = Nichts ist bekannt
coverage-part-known = Bekannt für { $count } von { $total } Systemen.
coverage-part-blind = { $count } haben Dokumente, die das nicht zeigen können,
coverage-part-stale = { $count } haben alte,
coverage-part-unknown = von { $count } ist nichts bekannt.
coverage-towards = Gefragt nach { $what }

## Befunde
findings-none = Kein Befund passt zu diesen Wörtern
findings-headline = { $count ->
    [one] Ein Befund
   *[other] { $count } Befunde
} in { $systems ->
    [one] einem System
   *[other] { $systems } Systemen
}, aus { $vulnerabilities ->
    [one] einer Schwachstelle
   *[other] { $vulnerabilities } Schwachstellen
}
vulnerability-words = Wörter der Schwachstelle
priority-at-least = Dringlichkeit ab
severity-at-least = Schwere ab
exploited-only = Nur ausgenutzte

## Bestand
find-ask = Was suchen Sie?
find-what = Paket, Datei oder Schwachstelle
find-note = Ein Name, eine purl, eine CPE, eine Prüfsumme, eine Lizenz oder eine CVE-Nummer.
find-versions = Versionen
find-headline = { $what } wird in { $systems ->
    [one] einem System
   *[other] { $systems } Systemen
} von { $agencies ->
    [one] einer Behörde
   *[other] { $agencies } Behörden
} verwendet
find-none = Von keinem System ist bekannt, dass es { $what } verwendet
find-undecided = Es ist nicht zu sagen, ob ein System { $what } in diesen Versionen verwendet
find-by-agency = Systeme, die es verwenden, nach Behörde

## Erklärung zur Barrierefreiheit
accessibility-aim = Diese Seiten sollen WCAG 2.2 auf Stufe AA folgen, und damit der europäischen Norm EN 301 549.
accessibility-how = Jede Seite lässt sich allein mit der Tastatur bedienen, ohne Skripte, in hellen und dunklen Farben, bei 320 Pixeln und gedruckt.
accessibility-state = Stoßen Sie auf eine Barriere? Sagen Sie es den Menschen, die dieses Haus betreiben; sie stehen dort, wo Sie Ihr Konto bekommen haben.

documents = Dokumente
packages = Pakete
version = Version
licences = Lizenzen
contact = Kontakt
facts = Fakten
age-days = Alter in Tagen
exposure = Wer es erreichen kann
classification = Einstufung
direct-dependencies = Direkte Abhängigkeiten
urgent-findings = Befunde, die sofortiges Handeln verlangen
affected-systems = Betroffene Systeme
undecided-systems = Systeme, bei denen es nicht zu sagen ist
decided-systems = Durch Entscheidung erledigte Systeme
shown-only-first = Nur die ersten werden gezeigt.
known-known = Bekannt
known-blind = Nicht zu zeigen
known-stale = Alt
known-unknown = Unbekannt
exposure-isolated = Niemand von außen
exposure-internal = Nur eigene Leute
exposure-partners = Partner
exposure-internet = Das Internet
exposure-unknown = Unbekannt
classification-public = Öffentlich
classification-internal = Intern
classification-restricted = Nur für den Dienstgebrauch
classification-confidential = Vertraulich
classification-secret = Geheim
all-findings-count = { $count ->
    [one] Der eine Befund
   *[other] Alle { $count } Befunde
}

## Verwaltung
agencies-headline = { $agencies ->
    [one] Eine Behörde betreibt
   *[other] { $agencies } Behörden betreiben
} { $systems ->
    [one] ein System
   *[other] { $systems } Systeme
}; von { $known } wissen wir, was darin ist
agency-headline = { $name } betreibt { $systems ->
    [one] ein System
   *[other] { $systems } Systeme
}; von { $known } wissen wir, was darin ist
system-unknown = Es ist nicht bekannt, woraus { $name } besteht
system-calm = { $name } hat keinen offenen Befund
system-open = { $name } hat { $open ->
    [one] einen offenen Befund
   *[other] { $open } offene Befunde
}, keiner verlangt sofortiges Handeln
system-urgent = { $name } hat { $urgent ->
    [one] einen Befund, der
   *[other] { $urgent } Befunde, die
} sofortiges Handeln { $urgent ->
    [one] verlangt
   *[other] verlangen
}
findings-none-here = Für dieses System ist kein offener Befund bekannt.

## Schwachstelle
hit-none = Von keinem System ist bekannt, dass { $name } es betrifft
hit-undecided = { $undecided ->
    [one] Bei einem System
   *[other] Bei { $undecided } Systemen
} ist nicht zu sagen, ob { $name } { $undecided ->
    [one] es
   *[other] sie
} betrifft
hit-headline = { $name } betrifft { $systems ->
    [one] ein System
   *[other] { $systems } Systeme
} von { $agencies ->
    [one] einer Behörde
   *[other] { $agencies } Behörden
}
hit-by-agency = Betroffene Systeme, nach Behörde
hit-nobody = Von keinem System ist bekannt, dass es betroffen ist.

## Wie alt das Wissen ist
knowledge-nothing = Es sind keine Meldungen da: Es wurde nach nichts gesucht.
knowledge-today = Meldungen aus { $feeds ->
    [one] einer Quelle, heute nachgesehen.
   *[other] { $feeds } Quellen, alle heute nachgesehen.
}
knowledge-days = Meldungen aus { $feeds ->
    [one] einer Quelle,
   *[other] { $feeds } Quellen, die älteste
} { $days ->
    [one] vor einem Tag nachgesehen.
   *[other] vor { $days } Tagen nachgesehen.
}
knowledge-own = { $count ->
    [one] Eine Meldung
   *[other] { $count } Meldungen
} des Büros selbst.
knowledge-stale = Älter, als sie sein sollten: { $names }.
knowledge-never = Nie geholt: { $names }.
knowledge-failed = Nicht zu holen gewesen: { $names }.

## Dasselbe für Programme, und ein anderer Tag
format-csv = Diese Zeilen als CSV
format-json = Dasselbe als JSON
format-sarif = Die Befunde als SARIF
format-junit = Die Befunde als JUnit
as-of-day = Stand am Ende eines Tages
as-of-past = Dies ist eine Antwort über die Vergangenheit.
to-the-present = Zur Gegenwart

## Abdeckung
coverage-headline-empty = Noch ist kein System eingetragen
coverage-headline-none = Von keinem System wissen wir, was darin ist
coverage-headline-all = { $systems ->
    [one] Vom einzigen System wissen wir, was darin ist
   *[other] Von allen { $systems } Systemen wissen wir, was darin ist
}
coverage-headline = Von { $known } von { $systems } Systemen wissen wir, was darin ist{ $stale ->
    [0] {""}
    [one] ; von einem ist das Wissen alt
   *[other] ; von { $stale } ist das Wissen alt
}{ $open ->
    [0] {""}
    [one] ; von einem nicht
   *[other] ; von { $open } nicht
}
coverage-by-agency = Nach Behörde, mit allem darunter
coverage-gaps = Systeme, nach denen zu fragen ist
coverage-unbound = Dokumente, die noch von keinem System handeln
coverage-quarantined = Dokumente, die nicht zu lesen waren
coverage-retracted = Zurückgenommene Dokumente
coverage-purged = Entfernte Dokumente
coverage-declared = Systeme, von denen nur die Zahl gemeldet ist
coverage-stale-days = Nachweise gelten nach { $count ->
    [one] einem Tag
   *[other] { $count } Tagen
} als alt.
coverage-meaning = Was diese Wörter bedeuten

## Paket
package-none = Von keinem System ist bekannt, dass es { $name } verwendet
package-headline = { $name }: { $versions ->
    [one] eine Version
   *[other] { $versions } Versionen
} in { $systems ->
    [one] einem System
   *[other] { $systems } Systemen
}
package-urgent = { $name }: { $versions ->
    [one] eine Version
   *[other] { $versions } Versionen
} in { $systems ->
    [one] einem System
   *[other] { $systems } Systemen
}, { $urgent ->
    [one] ein Befund verlangt
   *[other] { $urgent } Befunde verlangen
} sofortiges Handeln
package-versions = Verwendete Versionen
package-calm = Zu den verwendeten Versionen ist kein offener Befund bekannt.
package-where = Wo es verwendet wird
version-unknown = Version unbekannt
how-used = Wie
direct = Direkt
indirect = Durch andere
direct-unknown = Unbekannt
undecided-uses = Von diesen ist nicht zu sagen, ob sie es verwenden

## Dokumente
documents-none = Kein Dokument passt dazu
documents-whole = { $count ->
    [one] Ein Dokument, ohne Lücken
   *[other] { $count } Dokumente, ohne Lücken
}
documents-headline = { $count ->
    [one] Ein Dokument, mit Lücken
   *[other] { $count } Dokumente, { $gaps ->
        [one] eines
       *[other] { $gaps }
    } davon mit Lücken
}
document = Dokument
document-about = Handelt von
document-about-nothing = Noch von keinem System
document-format = Format
document-tool = Werkzeug
document-created = Erstellt
document-learned = Eingegangen
document-size = Größe in Byte
document-gaps = Lücken
count-gaps = { $count ->
    [0] In diesem Dokument wurde keine Lücke gefunden.
    [one] Eine Lücke wurde gezählt; sie ist nicht aufbewahrt.
   *[other] { $count } Lücken wurden gezählt; sie sind nicht aufbewahrt.
}
document-gap-meaning = Was das heißt
document-place = Stelle
document-detail = Einzelheit
document-count = Anzahl
document-superseded = Ersetzt durch
document-reason = Grund dieses Stands
document-evidence = Fingerabdruck (SHA-256)
document-purged = Das Dokument selbst wurde entfernt; nur dieser Eintrag ist geblieben.
document-bindings = Wovon es handelt
document-since = Seit
document-origin = Woher das bekannt ist
document-headline = Dokument { $name }: { $gaps ->
    [0] keine Lücke gefunden
    [one] eine Lücke
   *[other] { $gaps } Lücken
}
document-headline-quarantined = Dokument { $name } war nicht zu lesen
document-headline-retracted = Dokument { $name } wurde zurückgenommen
document-headline-purged = Dokument { $name } wurde entfernt
document-state = Stand
document-state-accepted = Zählt
document-state-quarantined = Nicht zu lesen
document-state-retracted = Zurückgenommen
document-state-purged = Entfernt
unbound-only = Nur solche, die von keinem System handeln

## Hilfe
help = Hilfe
help-title = Das Handbuch
help-language = Das Handbuch ist auf Englisch geschrieben.

## Jeder Teil der Seiten, in jedem Zustand
design-title = Woraus diese Seiten bestehen
design-marks = Zeichen
design-tags = Schilder
design-forms = Formulare
design-alerts = Mitteilungen
design-empty = Nichts zu zeigen
design-table = Tabellen
design-facts = Angaben
design-steps = Schritte
design-field-fault = Das ist keine Version.
design-outside = Wörter von außen
design-lists = Listen
design-info = Zur Kenntnis
design-warning = Vorsicht
design-danger = Das hat nicht geklappt
design-success = Erledigt

## Warum etwas abgelehnt wurde
why-as-of = Der Zeitpunkt in der Adresse ist keiner. Schreiben Sie einen Tag wie 2026-03-01 oder einen Zeitpunkt wie 2026-03-01T08:00:00Z.
why-format = Diese Form einer Antwort gibt es nicht. Es gibt csv und json.
why-too-large = Das sind mehr Zeilen, als eine hier erzeugte Datei fasst. Wählen Sie weniger aus, oder holen Sie sie auf der Kommandozeile.
why-form-token = Dieses Formular ist zu alt, oder es kam von anderswo. Gehen Sie zurück, laden Sie die Seite neu und senden Sie es noch einmal.
