# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

## People, rights and signing in.

## Signing in: one-time codes, tokens of programs.
one-time-code = Einmalcode
one-time-codes = Einmalcodes
code-note = Sechs Ziffern aus Ihrer App oder einer Ihrer Ersatzcodes.
code-refused = Dieser Code stimmt nicht oder wurde schon benutzt.
codes-lede = Ein zweiter Schritt beim Anmelden: ein Code aus einer App auf Ihrem Telefon. Wer nur Ihr Passwort kennt, kommt nicht hinein.
codes-off = Sie werden nicht nach Codes gefragt.
codes-begin = Codes einrichten
codes-scan = Lesen Sie dieses Bild mit einer App für Einmalcodes, und geben Sie dann den ersten Code ein, den sie zeigt.
codes-picture = QR-Code mit dem Geheimnis. Dasselbe Geheimnis steht darunter als Text.
codes-secret = Geheimnis
codes-open = Die App auf diesem Gerät öffnen
codes-first = Erster Code
codes-confirm = Ab jetzt Codes benutzen
codes-on = Sie werden bei jedem Anmelden nach einem Code gefragt.
codes-end = Keine Codes mehr benutzen
recovery-codes = Ersatzcodes
recovery-note = Bewahren Sie sie dort auf, wo Sie sie ohne Telefon finden. Jeder gilt einmal. Sie werden nicht wieder gezeigt.
recovery-left = { $count ->
    [one] { $count } Ersatzcode ist übrig.
   *[other] { $count } Ersatzcodes sind übrig.
}
account-more = Mehr zu Ihrem Konto
tokens = Schlüssel für Programme
tokens-lede = Mit einem Schlüssel kommt ein Programm mit Ihren Rechten herein, oder mit weniger. Er endet von selbst.
token-make = Schlüssel anlegen
token-made = Neuer Schlüssel
token-once = Bewahren Sie ihn dort auf, wo nur das Programm ihn liest. Er wird nicht wieder gezeigt.
token-name = Name
token-name-note = Buchstaben, Ziffern, Punkt, Unterstrich und Bindestrich. Was der Schlüssel tut, steht unter diesem Namen in der Prüfspur.
token-scopes = Was er darf
scope-read = Lesen
scope-hand-in = Dokumente einreichen
scope-work = Alles, was Sie mit Inhalten dürfen
token-agency = Nur für diese Behörde (Kennung)
token-system = Nur für dieses System (Kennung)
token-days = Tage bis zum Ende
your-tokens = Ihre Schlüssel
tokens-none = Sie haben keine Schlüssel.
token-where = Wo
token-everywhere = Überall, wo Sie dürfen
token-until = Gültig bis
token-unused = Nie
token-end = Beenden
token-ended = Der Schlüssel ist beendet.
token-over = Beendet
why-other-house = Das Formular kam von einer Seite eines anderen Hauses. Öffnen Sie dieses Haus neu und versuchen Sie es noch einmal.

## Menschen und Rechte.
people = Menschen und Rechte
people-lede = Wer hat ein Konto, und was darf er oder sie? Rechte gibt jemand anderes: Niemand ändert die eigenen.
people-invite = Jemanden einladen
people-invited = Der Link für die eingeladene Person
people-link-once = Geben Sie ihn auf einem Weg weiter, den nur diese Person liest. Er ergibt ein Konto, gilt drei Tage und wird nicht noch einmal gezeigt.
people-role = Rolle
people-no-role = Keine Rolle
people-reach = Für
people-reach-government = Die ganze Regierung
people-reach-agency = Eine Behörde und was unter ihr liegt
people-reach-system = Ein System
people-place = Kennung der Behörde oder des Systems
people-compartments = Schutzkreise
people-compartments-note = Nur für Menschen, die wissen müssen, was darin liegt. Namen mit Semikolon dazwischen.
people-since = Seit
people-has-account = Hat ein Konto
people-change = Rechte ändern
people-end = Konto beenden
people-end-note = Das Konto endet mit seinen Sitzungen und Token. Sein Anmeldename wird niemandem sonst gegeben.
people-reason = Grund
people-rights-set = Die Rechte sind geändert. Sie gelten ab jetzt.
people-ended = Das Konto ist beendet.
people-own-account = Niemand ändert die eigenen Rechte oder beendet das eigene Konto. Das muss jemand anderes tun, der Rechte gibt.
people-reason-missing = Sagen Sie, warum.
people-rights-wrong = Wählen Sie mindestens eine Rolle. Namen von Schutzkreisen haben Kleinbuchstaben, Ziffern und Bindestriche.
people-beyond = Ein Ort dieser Rechte ist nicht da, oder Sie können ihn nicht vergeben.
role-of-system = { $role }, für das System { $system }
