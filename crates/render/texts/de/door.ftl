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
codes-required = Diese Stelle verlangt von allen einen zweiten Schritt. Richten Sie ihn jetzt ein; dann steht Ihnen alles offen.
codes-no-password = Ihr Konto hat kein Passwort. Deshalb geht dies innerhalb von zehn Minuten nach der Anmeldung.
codes-sign-in-anew = Ihre Anmeldung ist dafür zu lange her. Melden Sie sich ab und neu an, und versuchen Sie es noch einmal.
