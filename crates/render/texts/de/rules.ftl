# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

# Regeln über das Haus, und was sie bewirken würden.

rules-simulated-title = Was wäre, wenn: { $title }
rules-simulated = Nach dem, was am { $day } bekannt war: Gälte „{ $title }“ ab { $from }, so würden { $count } von { $all } es nicht erfüllen.
rules-simulated-others = { $met } würden es erfüllen, und { $open } sind nicht beurteilbar: Was nicht bekannt ist, erfüllt nichts.
rules-simulated-hit = Betroffen sind { $agencies } Behörden, { $vendors } verschiedene Anbieter und { $packages } verschiedene Pakete.
rules-simulated-not-in-force = Nach ihren eigenen Daten ist die Regel am { $day } nicht in Kraft.
rules-simulated-unregistered = Von { $count } weiteren Systemen haben Behörden nur die Zahl genannt; über sie ist nichts bekannt.
rules-simulated-stuck = { $count } können heute nicht nachkommen: { $why }
rules-simulated-open = { $count } sind nicht beurteilbar: { $why }
rules-simulated-upstream = Fragebögen an Projekte: { $count }. { $because }
rules-simulated-how = Gezählt ist das Haus, wie es am Tag des Bildes war, beurteilt zum ersten Tag der Regel: Fristen laufen weiter, und Inventare und Quellen gelten als so frisch, wie sie im Bild waren. Ein Stück Arbeit ist eine Sache an einem Ort, etwa ein Paket in einem System; Stunden sind nicht geschätzt. Nachher heißt: Alles ist behoben, wofür sich etwas tun lässt, und was nicht beurteilbar ist, bleibt es.
rules-simulated-origin = Stand { $snapshot }, Bild vom { $day }, gesehen von { $sight }. SHA-256 dessen, was einging: { $input }; dieses Berichts: { $digest }.
rules-agencies = Behörden vorher und nachher
rules-effort = Was zu tun ist
rules-alternatives = Was sich sonst regeln ließe
rules-waves = Der Weg dorthin
rules-asked = Gefragt
rules-before = Erfüllen vorher
rules-after = Erfüllen nachher
rules-stuck = Können nicht
rules-open = Nicht beurteilbar
rules-unregistered = Nicht erfasst
rules-work = Arbeit
rules-bearer = Wessen
rules-pieces = Stücke Arbeit
rules-things = Verschiedene Sachen
rules-alternative = Regel
rules-met = Erfüllen
rules-not-met = Erfüllen nicht
rules-wave = Welle
rules-until = Bis
rules-hit = Müssen handeln
rules-falls-due = Werden inzwischen fällig
rules-work-record = Etwas einzutragen oder zu entscheiden
rules-work-document = Dokumente zu beschaffen
rules-work-package = Pakete zu wechseln
rules-work-platform = Plattformen zu wechseln
rules-work-licence = Lizenzen zu klären
rules-work-publication = Dinge zu veröffentlichen oder auszunehmen
rules-bearer-agency = Behörde
rules-bearer-vendor = Anbieter
rules-bearer-office = Büro
rules-alternative-as-it-stands = Wie sie ist
rules-alternative-internet-only = Nur was aus dem Internet erreichbar ist oder sein kann
rules-alternative-high-need-only = Nur mit hohem Schutzbedarf, oder wo niemand ihn nannte
rules-alternative-longer = Mit { $days } Tagen mehr
rules-wave-front = Aus dem Internet erreichbar, oder sehr hoher Schutzbedarf
rules-wave-inner = Für Partner erreichbar, hoher Schutzbedarf, oder nicht gesagt
rules-wave-rest = Alle übrigen
rules-wave-all = Alle

rules = Regeln über das Haus
rules-headline = Was Recht und Richtlinien vom Haus verlangen
rules-lede = Jede Regel ist eine Abfrage mit Quelle, Rang und Fällen, die zeigen, was sie durchlässt. Was nicht bekannt ist, erfüllt keine Regel.
rules-help = Wie man Regeln fragt und durchspielt
rules-what = Was verlangt ist
rules-source = Quelle
rules-standing = Rang
rules-in-force = In Kraft
rules-in-force-yes = ja
rules-in-force-no = an diesem Tag nicht in Kraft
rules-remedy = Was Abhilfe schafft
rules-waiver = Wer wie ausgenommen werden kann
rules-verdict = Wer sie erfüllt, und was dazu nötig wäre
rules-nobody = In Ihrer Sicht gibt es niemanden, nach dem sie fragt.
rules-query = Die Regel als Abfrage
rules-cases = { $count ->
    [one] Sie wird an 1 erdachten Fall erprobt.
   *[other] Sie wird an { $count } erdachten Fällen erprobt.
  }
rules-picture = Wie viele die Regel erfüllen, nach Behörde: am Tag des Bildes, und wenn alles behoben ist, was sich beheben lässt
rules-standing-law = Recht
rules-standing-draft = Entwurf
rules-standing-guidance = Richtlinie
rules-standing-policy = Vorgabe eines Büros
rules-confirmed-primary = der Text selbst wurde gelesen
rules-confirmed-secondary = in Worten anderer gelesen
rules-confirmed-background = nur Hintergrund

words-rules = Regeln
meaning-rules-standing = Was ein Text rechtlich ist; eine Regel sagt nie mehr als ihr Text.
meaning-rules-standing-law = Er bindet, wen er nennt. Ob Sie das sind, sagt der Text oder juristischer Rat.
meaning-rules-standing-draft = Er ist vorgeschlagen und bindet niemanden.
meaning-rules-standing-guidance = Er rät, oder er ist die Lesart eines Büros von einem Gesetz, das weniger sagt.
meaning-rules-standing-policy = Ein Büro hat es sich selbst gesetzt.
meaning-rules-in-force = Ob der Tag zwischen dem ersten und dem letzten Tag der Regel liegt.
meaning-rules-asked = Diejenigen, nach denen die Regel fragt, wie ihre Grundgesamtheit es sagt.
meaning-rules-before = Diejenigen, die die Regel am Tag des Bildes erfüllen.
meaning-rules-after = Diejenigen, die sie erfüllen würden, wenn alles behoben ist, wofür sich heute etwas tun lässt. Was nicht beurteilbar ist, gehört nicht dazu.
meaning-rules-stuck = Diejenigen, für die heute nichts bekannt ist, was Abhilfe schafft, etwa eine Fassung ohne die Schwachstelle.
meaning-rules-open = Diejenigen, über die zu wenig bekannt ist. Sie zählen nie als erfüllt.
meaning-rules-unregistered = Systeme, die eine Behörde gezählt und nicht erfasst hat.
meaning-rules-met = Diejenigen, von denen bekannt ist, dass sie die Regel erfüllen.
meaning-rules-not-met = Diejenigen, von denen bekannt ist, dass sie sie nicht erfüllen.
meaning-rules-pieces = Eine Sache an einem Ort, etwa ein Paket in einem System, einmal. Stunden sind nicht geschätzt.
meaning-rules-things = Dasselbe, aber jede Sache einmal für den ganzen Staat.
meaning-rules-bearer = Wer die Arbeit zu tun hat: die Behörde, der Anbieter unter Vertrag oder das Büro. Ein Projekt, das seine Software verschenkt, wird nie gefragt.
meaning-rules-wave = Ein Teil des Wegs: zuerst was aus dem Internet erreichbar ist oder den höchsten Schutz braucht.
meaning-rules-hit = Diejenigen der Welle, die die Regel nicht erfüllen, nicht ausgenommen sind und etwas tun müssen.
meaning-rules-falls-due = Diejenigen, die die Regel jetzt erfüllen oder ausgenommen sind und sie am letzten Tag der Welle nicht mehr erfüllten, wenn bis dahin nichts geschieht.
