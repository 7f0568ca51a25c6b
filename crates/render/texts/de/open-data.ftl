# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0
#
# Was alle darüber wissen dürfen, was die Regierung verwendet und zurückgibt.

open-data = Offene Daten: was die Regierung verwendet und zurückgibt
open-data-all = Was alle darüber sehen, was verwendet wird
open-data-headline = Etwa { $count } Systeme der Regierung verwenden { $name }
open-data-headline-none = Nichts wird so breit verwendet, dass man es sagen könnte, ohne jemanden bloßzustellen
open-data-lede = Auf welcher offenen Software die Systeme der Regierung stehen, und was zu denen zurückkommt, die sie machen. Keine Versionen, keine Schwachstellen, keine Behörden: Was Angreifern helfen könnte, steht hier nicht.
open-data-systems = Gezählte Systeme:
open-data-known = mit bekanntem Inhalt:
open-data-too-low = Von den anderen ist nichts bekannt, die Zahlen sind also eher zu niedrig als zu hoch.
open-data-most-used = Was am meisten verwendet wird
open-data-measure = Systeme, die irgendeine Version eines Pakets verwenden, ungefähr, gerundet
open-data-measure-types = Systeme, die ein Paket dieser Art verwenden, ungefähr, gerundet
open-data-gives = Was zurückkommt
open-data-changes = Änderungen, die bei ihren Projekten ankamen
open-data-types = Nach Art des Pakets
open-data-type = Art
open-data-cut = Es gibt mehr Pakete, als hier stehen.
open-data-rule = Was gezählt wird und was nicht
open-data-rule-text = Systeme, die höher als „intern“ eingestuft sind, und Vertrauliches stehen in keiner Zahl. Ein Paket steht hier nur, wenn mindestens 20 Systeme von mehr als einer Behörde es verwenden und keine Behörde allein dahintersteht. Zahlen sind auf Zehner gerundet, nach oben oder unten durch einen Zufall, der gleich bleibt, damit niemand herausfinden kann, was ein einzelnes System verwendet. Eigene Pakete der Regierung stehen nicht hier.
open-data-delay = { $count ->
    [0] Eine Ausgabe zeigt den Stand zu Beginn ihres Tages.
    [one] Eine Ausgabe zeigt den Stand zu Beginn ihres Tages und erscheint einen Tag später.
   *[other] Eine Ausgabe zeigt den Stand zu Beginn ihres Tages und erscheint { $count } Tage später.
}
open-data-files = Ausgaben und Dateien
open-data-licence = Lizenz
open-data-not-yet = Es gibt noch keine Ausgabe
open-data-not-yet-why = { $count ->
    [one] Eine Ausgabe zeigt den Stand zu Beginn ihres Tages und erscheint einen Tag später. Der Bestand wird erst kürzere Zeit erfasst.
   *[other] Eine Ausgabe zeigt den Stand zu Beginn ihres Tages und erscheint { $count } Tage später. Der Bestand wird erst kürzere Zeit erfasst.
}

## Das Starterpaket.
kit-title = Anfangen mit der Pflege offener Software
kit-lede = Dieses Paket enthält, was eine Stelle zum Anfangen braucht: wie man den Bestand erfasst, wen man fragt, was zu tun ist, wenn es brennt, und was andere schon herausgefunden haben.
kit-how = Mit dem Programm `underpin` nimmt ein Befehl alles auf:
kit-content = Was darin ist
kit-manual = das Handbuch; sein Teil how-to ist eine Sammlung von Vorgehen für den Ernstfall und den Alltag (auf Englisch)
kit-glossary = alle Wörter, damit alle dasselbe meinen
kit-practices = was Standards von Repositories verlangen, und wie man es einhält
kit-templates = Dateien zum Ändern und Verwenden: Register, Umfrage, Einstellungen, Sicherheitsrichtlinie, security.txt, publiccode.yml, ein erster Brief
kit-feed = was die Stelle veröffentlicht hat; es wird wie jede andere Quelle aufgenommen
