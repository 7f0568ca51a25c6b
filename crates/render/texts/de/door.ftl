# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

## Anmelden über einen Anmeldedienst, und ein verlangter zweiter Schritt.
elsewhere-sign-in = Anmelden mit { $provider }
elsewhere-or-here = Oder mit einem Konto dieser Stelle
elsewhere-connect = Mit { $provider } verbinden
elsewhere-connect-note = Nutzen Sie das Konto, das Sie schon haben. Dann brauchen Sie hier kein Passwort.
elsewhere-or-here-new = Oder ein Konto dieser Stelle anlegen
elsewhere-still-signed-in = Sie sind hier abgemeldet. Falls Sie über einen Anmeldedienst gekommen sind, kennt dieser Sie vielleicht noch: Melden Sie sich an einem gemeinsam genutzten Rechner auch dort ab.
elsewhere-expired = Diese Anmeldung wurde nicht in diesem Browser begonnen, ist beendet oder hat zu lange gedauert. Beginnen Sie sie neu.
elsewhere-declined = Der Anmeldedienst hat Sie nicht eingelassen, oder Sie haben dort abgelehnt.
elsewhere-unproved = Was der Anmeldedienst über Sie sagt, ließ sich nicht beweisen. Beginnen Sie neu; geschieht es wieder, sagen Sie es den Betreibern dieser Stelle.
elsewhere-unreachable = Der Anmeldedienst ist nicht erreichbar. Versuchen Sie es später, oder nutzen Sie ein Konto dieser Stelle.
elsewhere-unknown = Mit diesem Konto ist hier niemand bekannt. Sie brauchen eine Einladung: Fragen Sie, wer in Ihrer Behörde Konten vergibt.
elsewhere-ended = Das Konto, das Sie hier hatten, ist beendet.
elsewhere-no-rights = Ihre Gruppen dort geben Ihnen hier keine Rechte.
elsewhere-login = Der Name, den der Anmeldedienst Ihnen gibt, ist hier vergeben oder nicht verwendbar. Fragen Sie die Betreiber dieser Stelle.
account-elsewhere = Anmeldedienste
account-connected = Ihr Konto ist verbunden. Sie können sich jetzt auch mit dem Anmeldedienst anmelden.
account-is-connected = Verbunden mit { $provider }.
account-connect-note = Danach melden Sie sich mit diesem Dienst an und behalten, was Sie hier dürfen. Geben Sie Ihr Passwort noch einmal ein, damit niemand sonst das mit Ihrem Browser tun kann.
account-connect-way = Ihr Passwort stimmt. Gehen Sie jetzt weiter zum Anmeldedienst; Sie kommen hierher zurück.
account-connect-go = Weiter zu { $provider }
elsewhere-taken = Dieses Konto des Anmeldedienstes gehört hier schon zu einem anderen Konto.
why-too-often = Das sind mehr Anfragen, als dieses Haus in einer Minute annimmt. Warten Sie eine Minute und versuchen Sie es dann noch einmal.
codes-required = Diese Stelle verlangt von allen einen zweiten Schritt. Richten Sie ihn jetzt ein; dann steht Ihnen alles offen.
codes-no-password = Ihr Konto hat kein Passwort. Deshalb geht dies innerhalb von zehn Minuten nach der Anmeldung.
codes-sign-in-anew = Ihre Anmeldung ist dafür zu lange her. Melden Sie sich ab und neu an, und versuchen Sie es noch einmal.

## Einladungen, die warten.
people-waiting = Wartende Einladungen
people-until = Gültig bis
people-take-back = Zurücknehmen
people-taken-back = Die Einladung ist zurückgenommen. Ihr Link öffnet nichts mehr.

## Das Protokoll dessen, was gelesen wurde und zählt.
reads = Leseprotokoll
reads-title = Wer hat das gesehen?
reads-lede = Vermerkt wird, was viel auf einmal zeigt oder was wenige sehen dürfen: Dateien, Fragen in SQL, Dokumente, die Spur, Programme und was eine Kennzeichnung trägt. Seiten über ein einzelnes System werden nicht vermerkt.
reads-never = Dieses Protokoll dient nie dazu, Menschen zu beurteilen: Es lässt sich nicht nach Personen befragen, und je Person wird nichts gezählt.
reads-kept = { $count ->
    [one] Vermerke werden { $count } Tag aufbewahrt. Dass sie gelöscht wurden, steht in der Spur.
   *[other] Vermerke werden { $count } Tage aufbewahrt. Dass sie gelöscht wurden, steht in der Spur.
}
reads-none = Hier ist nichts vermerkt, was Sie prüfen dürfen.
reads-how = Wie
reads-rows = Zeilen
read-export = Datei
read-sql = Frage in SQL
read-ranking = Rangfolge der Projekte
read-contact = Gespräche mit Projekten
read-trail = Spur
read-reads = Leseprotokoll
read-document = Dokument
read-program = Programm
read-advisory = Warnung mit Kennzeichnung
read-incident = Vorfall mit Kennzeichnung

## Was Dateien über sich sagen.
collection-note = Auszug aus einer Sammlung. Die Sammlung als Ganzes kann höher eingestuft sein als ihre Teile.

## Summen dessen, was außer Sicht liegt.
safe-elsewhere = Anderswo in der Verwaltung, Systeme:
safe-known = bekannt:
safe-hit = Anderswo in der Verwaltung betroffen, Systeme:
safe-about = { $count ->
    [0] weniger als 10
   *[other] etwa { $count }
}
safe-withheld = zurückgehalten
safe-nothing = keine
safe-rule = Auf Zehner gerundet und unter zehn Systemen zurückgehalten, damit sich kein einzelnes erkennen lässt
