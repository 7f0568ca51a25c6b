# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

# Projekte: wie sich der Staat auf sie stützt.

projects = Projekte
project = Projekt
projects-headline = Am stärksten stützt sich der Staat auf { $project }: { $systems ->
    [one] ein System
   *[other] { $systems } Systeme
} von { $agencies ->
    [one] einer Behörde
   *[other] { $agencies } Behörden
} würden es spüren
projects-headline-none = Kein Projekt ist in Verwendung, soweit bekannt
projects-lede = Abhängigkeit sagt, wer es spüren würde, wenn einem Projekt etwas zustößt. Sie sagt nicht, dass es einem Projekt schlecht geht.
projects-targets = Diese Liste zeigt, wo ein Angriff am meisten schaden würde. Geben Sie sie nicht weiter.
projects-ask = Auf welche Projekte stützen wir uns am meisten?
projects-figure = { $count ->
    [one] Das erste Projekt steckt in { $systems ->
        [one] einem System
       *[other] { $systems } Systemen
    }
   *[other] Jedes der ersten { $count } Projekte steckt in mindestens { $systems ->
        [one] einem System
       *[other] { $systems } Systemen
    }
}
projects-measure = Punkte der Abhängigkeit: Gewicht jedes Systems mal dem, was die Verwendung zählt
projects-points = Punkte
projects-each = Projekte, das mit der größten Abhängigkeit zuerst
projects-names-only = { $count ->
    [one] Von einem Projekt ist nur der Name eines Pakets bekannt.
   *[other] Von { $count } Projekten ist nur der Name eines Pakets bekannt.
}
projects-place = Platz
projects-dependence = Abhängigkeit
projects-between = Zwischen
projects-direct = Direkt
projects-concentration = Konzentration
projects-thinned = Platz mit weniger Dokumenten
projects-moved = Platz mit anderen Gewichten
project-headline = { $project } steckt in { $systems ->
    [one] einem System
   *[other] { $systems } Systemen
} von { $agencies ->
    [one] einer Behörde
   *[other] { $agencies } Behörden
}
project-measure = Systeme, die es verwenden, nach Behörde
project-sum = Wie die Zahl zustande kommt
project-need = Schutzbedarf
project-points-each = Punkte je System
project-packages = Pakete des Projekts
project-known-by = Bekannt durch
project-sure = Sicher
project-statements = Aussagen
project-others = Auch genannt
project-known-office = Die Stelle
project-known-package-url = Den Namen des Pakets
project-known-document = Dokumente nennen das Repository
project-known-pages = Dokumente nennen seine Seiten
project-known-home-page = Dokumente nennen eine Homepage
project-known-name = Nur den Namen
project-only-path = Was nur über dieses Projekt erreicht wird
project-only-seen = { $count ->
    [one] Die Abhängigkeiten in einem Dokument wurden angesehen.
   *[other] Die Abhängigkeiten in { $count } Dokumenten wurden angesehen.
}
project-only-nothing = Nichts wird nur über dieses Projekt erreicht.
project-only-lost = { $count ->
    [one] In einem davon werden andere Pakete nur über dieses Projekt erreicht, und zwar:
   *[other] In { $count } davon werden andere Pakete nur über dieses Projekt erreicht. Am häufigsten:
}
project-depth = Schritte entfernt
need-unknown = Unbekannt
need-normal = Normal
need-high = Hoch
need-very-high = Sehr hoch
used-unknown = Nicht angegeben
used-runtime = Läuft damit
used-development = Zum Entwickeln
used-test = Zum Testen
used-build = Zum Bauen
used-optional = Kann wegbleiben
words-projects = Projekte
meaning-project = Was an einem Ort entwickelt wird: ein Repository und seine Leute als Gruppe. Es kann viele Pakete veröffentlichen.
meaning-projects-points = Die Einheit der Abhängigkeit: Ein System mit normalem Schutzbedarf, das nur eigene Leute erreichen, zählt einen Punkt für das, was in ihm läuft.
meaning-projects-dependence = Die Summe über alle Systeme, die ein Projekt verwenden: das Gewicht des Systems mal dem, was die Verwendung zählt.
meaning-projects-between = Das Geringste und das Höchste, was es sein kann, weil nicht alles über Systeme und Verwendungen bekannt ist.
meaning-projects-direct = Systeme, die das Projekt selbst anfordern, soweit Dokumente das sagen.
meaning-projects-concentration = Wie viel der Abhängigkeit bei wenigen Behörden liegt: 100 % heißt, alles bei einer.
meaning-projects-thinned = Die Plätze in neun von zehn Versuchen, in denen ein Fünftel der Dokumente weggelassen ist.
meaning-projects-moved = Die Plätze in neun von zehn Versuchen, in denen alle Gewichte bis zur Hälfte höher oder niedriger sind.
meaning-projects-place = Seine Nummer in der Reihenfolge der Abhängigkeit.
meaning-project-need = Der höchste Bedarf an Vertraulichkeit, Integrität und Verfügbarkeit.
meaning-project-depth = Wie viele Abhängigkeiten auf dem kürzesten Weg zwischen System und Projekt liegen; 1 heißt, es wird direkt angefordert.
meaning-project-known-by = Wo gesagt wurde, dass ein Paket zum Projekt gehört.
meaning-project-known-office = Die Stelle hat es aufgeschrieben.
meaning-project-known-package-url = Die Package-URL enthält das Repository.
meaning-project-known-document = Ein Dokument nennt das Repository.
meaning-project-known-pages = Ein Dokument nennt Seiten, die ein Code-Host für ein Repository ausliefert.
meaning-project-known-home-page = Ein Dokument nennt nur eine Homepage.
meaning-project-known-name = Niemand hat es gesagt: Der Name des Pakets steht für sein Projekt.
meaning-project-sure = Eine Rangfolge des Vertrauens in Prozent, keine gemessene Wahrscheinlichkeit.
meaning-project-statements = Wie oft Dokumente es sagten: einmal für jede Version in jedem Dokument.
meaning-project-others = Andere Projekte, die Dokumente für das Paket nennen.
meaning-project-points-each = Was ein solches System zählt.
