# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

publications = Was wir veröffentlichen
publications-headline-none = { $publisher } hat noch nichts veröffentlicht
publications-headline = { $count ->
    [one] { $publisher } hat ein Dokument veröffentlicht
   *[other] { $publisher } hat { $count } Dokumente veröffentlicht
}
publications-lede = Warnungen vor Schwachstellen, Aussagen, ob Produkte betroffen sind, und Stücklisten unserer eigenen Veröffentlichungen. Jedes Dokument haben zwei Personen gelesen, bevor es veröffentlicht wurde, und jedes ist signiert.
publications-licence = Lizenz von allem:
publications-advisories = Warnungen und Aussagen
publications-sboms = Stücklisten unserer Veröffentlichungen
publications-name = Name
publications-title = Titel
publications-released = Veröffentlicht am
publications-files = Dateien
publications-signature = Signatur
publications-withdrawn = Zurückgezogen
publications-fetch = So holt man es ab
publications-fetch-how = Programme, die CSAF lesen, finden alles über die erste dieser Adressen. Neben jeder Datei mit einer Warnung oder Aussage liegen ihre Prüfsummen (.sha256, .sha512) und ihre Signatur (.asc).
publications-fetch-not-yet = Noch ist nichts signiert; darum finden Programme, die CSAF lesen, hier nichts. Diese Listen gibt es schon, und sie werden sich füllen.
publications-provider = CSAF-Anbieter
publications-feed = CSAF-Feed (ROLIE)
publications-folder = CSAF-Ordner
publications-verify = So prüft man es
publications-verify-how = Den Schlüssel importieren, seinen Fingerabdruck mit einem vergleichen, den man auf anderem Weg bekommen hat, und dann jede Datei gegen ihre Signatur halten: gpg --verify DATEI.asc DATEI. Alte Schlüssel bleiben hier, für alles, was sie signiert haben.
publications-key = Schlüssel seit
publications-key-revoked = widerrufen am
publications-notice-security-txt-over = Die security.txt endete am { $day } und wird nicht mehr ausgeliefert. Der Betreiber trägt ein späteres Ende in die Einstellungen ein.
publications-notice-security-txt-ends = Die security.txt endet am { $day }. Der Betreiber trägt ein späteres Ende in die Einstellungen ein.
publications-notice-security-txt-unsigned = Die security.txt wird ohne Signatur ausgeliefert. Der Betreiber signiert sie: `underpin publish sign-again`.
publications-notice-key-missing = Die geheime Hälfte des Schlüssels { $about } fehlt. Bis sie wieder da ist, kann nichts signiert werden.
publications-notice-key-revoked = Der Schlüssel { $about } wurde am { $day } widerrufen. Der Betreiber legt einen anderen an: `underpin publish key new --replace`.
publications-notice-signed-with-revoked = Mit einem widerrufenen Schlüssel signiert: { $about }. Der Betreiber signiert sie neu: `underpin publish sign-again`.
fault-publication-outdated = Woraus dieser Entwurf gemacht ist, hat sich seitdem geändert oder zählt nicht mehr. Entwerfen Sie ihn neu.
fault-publication-stricter = Woraus dieser Entwurf gemacht ist, darf nicht so weit gegeben werden. Nehmen Sie den Entwurf zurück oder lassen Sie ihn strenger kennzeichnen.
publications-drafts = Entwürfe zur Veröffentlichung
publications-drafts-none = Kein Entwurf, den Sie lesen dürfen, wartet auf Freigabe
publications-drafts-headline = { $count ->
    [one] Ein Entwurf wartet auf eine zweite Person
   *[other] { $count } Entwürfe warten auf eine zweite Person
}
publications-drafts-begin = `underpin publish advisory` entwirft eine Warnung oder Aussage, `underpin publish sbom` die Stückliste einer Ausgabe.
publications-drafts-lede = Lesen Sie den ganzen Text, bevor Sie ihn freigeben. Danach wird er datiert, signiert und veröffentlicht. Wer einen Entwurf geschrieben hat, kann ihn nicht freigeben.
publications-withdraws = Zieht Veröffentlichtes zurück
publications-new = Was neu ist
publications-author = Geschrieben von
publications-digest = Prüfsumme des Entwurfs
publications-approve = Freigeben und veröffentlichen
publications-own = Diesen Entwurf haben Sie geschrieben; jemand anderes muss ihn freigeben.
publications-reason = Warum er zurückgenommen wird
publications-take-back = Zurücknehmen
publications-ended = Frühere Entwürfe
publications-ended-by = Freigegeben oder zurückgenommen von
publications-done-approved = Freigegeben, signiert und veröffentlicht.
publications-done-withdrawn = Zurückgenommen.
publication-draft = Wartet auf Freigabe
publication-approved = Freigegeben
publication-taken-back = Zurückgenommen
publication-replaced = Ersetzt
fault-same-publisher = Diesen Entwurf haben Sie geschrieben; jemand anderes muss ihn freigeben.
fault-publication-changed = Der Entwurf ist ein anderer als der, den Sie gelesen haben. Lesen Sie ihn noch einmal.
fault-publication-key = Es gibt keinen Schlüssel zum Signieren. Der Betreiber legt einen an: `underpin publish key new`.
fault-publication-reason = Sagen Sie, warum er zurückgenommen wird.
words-publications = Veröffentlichungen
meaning-publication-draft = Jemand hat ihn geschrieben; niemand sonst hat ihn freigegeben, und niemand außerhalb kann ihn lesen.
meaning-publication-approved = Eine zweite Person hat ihn freigegeben. Er ist signiert; alle können ihn lesen, wenn er TLP:CLEAR ist.
meaning-publication-taken-back = Er wurde zurückgenommen, bevor ihn jemand freigegeben hat.
meaning-publication-replaced = Ein späterer Entwurf mit demselben Namen hat ihn ersetzt, bevor ihn jemand freigegeben hat.
meaning-publications-released = Wann diese Fassung freigegeben und signiert wurde.
meaning-publications-digest = Die SHA-256 des ganzen Entwurfs. Eine Freigabe gehört zu ihr: Ändert sich ein Buchstabe, ist es ein anderer Entwurf.
