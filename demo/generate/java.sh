#!/bin/sh
# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0
#
# Java: small applications with pinned libraries, described by cyclonedx-maven-plugin, spdx-maven-plugin, cdxgen and by
# their own pom.xml. Some carry log4j-core of several versions, some only its neighbours, some none.
set -eu
. "$(dirname "$0")/common.sh"
MAVEN="mvn -q -B -Dmaven.repo.local=$WORK/maven"

# pom NAME VERSION LIBRARIES: pom.xml from lines `group:artifact:version[:scope]`.
pom() {
    {
        printf '<?xml version="1.0" encoding="UTF-8"?>\n<project xmlns="http://maven.apache.org/POM/4.0.0">\n'
        printf '  <modelVersion>4.0.0</modelVersion>\n  <groupId>example.norvania</groupId>\n'
        printf '  <artifactId>%s</artifactId>\n  <version>%s</version>\n' "$1" "$2"
        printf '  <licenses><license><name>Apache-2.0</name></license></licenses>\n  <dependencies>\n'
        printf '%s\n' "$3" | awk -F: 'NF >= 3 {
            printf "    <dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version>", $1, $2, $3
            if (NF > 3) printf "<scope>%s</scope>", $4
            print "</dependency>" }'
        printf '  </dependencies>\n</project>\n'
    } > pom.xml
}

# maven DATE ARGUMENTS...: under that date; what is not in the local repository yet is fetched under today's first, because
# a certificate may be younger than the date.
maven() {
    date=$1
    shift
    at "$date" $MAVEN "$@" || { $MAVEN "$@" && at "$date" $MAVEN "$@"; }
}

# cyclonedx SYSTEM DATE VERSION FORMAT NAME: the bill of materials by cyclonedx-maven-plugin.
cyclonedx() {
    maven "$2" org.cyclonedx:cyclonedx-maven-plugin:2.9.1:makeBom -DschemaVersion="$3" -DoutputFormat="$4" \
        -DoutputName=bom -DincludeTestScope=false
    keep "$1" "$5" "target/bom.$4" "$2"
}

# spdx SYSTEM DATE NAME: the bill of materials by spdx-maven-plugin.
spdx() {
    rm -rf target/site
    maven "$2" org.spdx:spdx-maven-plugin:0.7.4:createSPDX -DonlyUseLocalLicenses=true \
        -DspdxDocumentNamespace="https://sbom.norvania.example/$1/$2"
    keep "$1" "$3" "$(ls target/site/*.spdx.json)" "$2"
}

SERVER="org.eclipse.jetty:jetty-server:11.0.24
org.eclipse.jetty:jetty-servlet:11.0.24
com.fasterxml.jackson.core:jackson-databind:2.17.2
org.postgresql:postgresql:42.7.3
com.zaxxer:HikariCP:5.1.0"

tax() {
    for release in "7.3.0 2025-11-20 2.14.1" "7.4.0 2026-02-19 2.17.1"; do
        set -- $release
        project tax-assessment "$1"
        pom tax-assessment "$1" "$SERVER
org.apache.logging.log4j:log4j-core:$3
org.apache.logging.log4j:log4j-slf4j-impl:$3
org.hibernate.orm:hibernate-core:6.4.10.Final
org.apache.poi:poi-ooxml:5.2.5
org.drools:drools-core:8.44.0.Final
commons-io:commons-io:2.11.0"
        cyclonedx tax-assessment "$2" 1.6 json "cyclonedx-maven-$1.json"
    done
    spdx tax-assessment 2026-02-19 spdx-maven-7.4.0.spdx.json
    keep tax-assessment pom.xml pom.xml 2026-02-19

    project e-invoice
    pom e-invoice 3.9.1 "$SERVER
org.apache.camel:camel-core:4.4.3
org.apache.camel:camel-jackson:4.4.3
org.apache.logging.log4j:log4j-core:2.24.3
org.apache.logging.log4j:log4j-slf4j2-impl:2.24.3
org.apache.pdfbox:pdfbox:3.0.3"
    cyclonedx e-invoice 2026-02-12 1.5 xml cyclonedx-maven.xml

    project payments-hub
    pom payments-hub 12.0.4 "$SERVER
org.apache.activemq:activemq-client:5.17.6
org.apache.logging.log4j:log4j-core:2.17.1
org.springframework:spring-jms:5.3.39
xerces:xercesImpl:2.12.2"
    cyclonedx payments-hub 2025-10-15 1.4 json cyclonedx-maven.json
}

registers() {
    project population-register
    pom population-register 21.2.0 "$SERVER
org.apache.logging.log4j:log4j-core:2.17.1
org.apache.logging.log4j:log4j-slf4j2-impl:2.20.0
org.hibernate.orm:hibernate-core:6.4.10.Final
org.flywaydb:flyway-core:9.22.3
org.bouncycastle:bcprov-jdk18on:1.78.1"
    cyclonedx population-register 2026-02-23 1.6 json cyclonedx-maven.json
    at 2026-02-24 env MVN_ARGS="-Dmaven.repo.local=$WORK/maven" "$TOOLS/node_modules/.bin/cdxgen" -t java --spec-version 1.6 -o cdxgen.json .
    keep population-register cdxgen.json cdxgen.json 2026-02-24

    project civil-status-register
    pom civil-status-register 4.0.17 "log4j:log4j:1.2.17
org.apache.struts:struts2-core:2.5.33
commons-collections:commons-collections:3.2.2
org.postgresql:postgresql:42.2.29
commons-fileupload:commons-fileupload:1.5"
    cyclonedx civil-status-register 2025-06-11 1.4 xml cyclonedx-maven.xml

    project vehicle-register
    pom vehicle-register 9.1.3 "$SERVER
org.apache.logging.log4j:log4j-api:2.23.1
org.apache.logging.log4j:log4j-to-slf4j:2.23.1
ch.qos.logback:logback-classic:1.5.6"
    cyclonedx vehicle-register 2026-01-29 1.6 json cyclonedx-maven.json
    spdx vehicle-register 2026-01-29 spdx-maven.spdx.json
}

health() {
    project lab-reporting
    pom lab-reporting 2.5.0 "$SERVER
ca.uhn.hapi.fhir:hapi-fhir-base:5.5.3
ca.uhn.hapi.fhir:hapi-fhir-structures-r4:5.5.3
ca.uhn.hapi:hapi-base:2.3
org.apache.logging.log4j:log4j-core:2.14.1"
    cyclonedx lab-reporting 2025-08-28 1.4 json cyclonedx-maven.json

    project vaccination-register
    pom vaccination-register 6.0.0 "org.springframework.boot:spring-boot-starter-web:3.3.3
org.springframework.boot:spring-boot-starter-data-jpa:3.3.3
org.springframework.boot:spring-boot-starter-actuator:3.3.3
org.postgresql:postgresql:42.7.3
org.springframework.boot:spring-boot-starter-test:3.3.3:test"
    cyclonedx vaccination-register 2026-02-20 1.6 json cyclonedx-maven.json
    keep vaccination-register pom.xml pom.xml 2026-02-20
}

platforms() {
    project log-platform
    pom log-platform 8.0.2 "org.apache.logging.log4j:log4j-core:2.14.1
org.elasticsearch.client:elasticsearch-rest-high-level-client:7.15.2
org.apache.kafka:kafka-clients:2.8.1
com.lmax:disruptor:3.4.4"
    cyclonedx log-platform 2026-02-20 1.6 json cyclonedx-maven.json

    project identity-broker
    pom identity-broker 5.2.0 "$SERVER
org.keycloak:keycloak-core:24.0.5
org.bouncycastle:bcpkix-jdk18on:1.78.1
com.nimbusds:nimbus-jose-jwt:9.40
org.jboss.logging:jboss-logging:3.6.0.Final"
    cyclonedx identity-broker 2026-02-10 1.5 json cyclonedx-maven.json

    project appointment-polls
    pom appointment-polls 1.8.6 "$SERVER
org.glassfish.jersey.containers:jersey-container-servlet:3.1.8
ch.qos.logback:logback-classic:1.4.14
org.slf4j:slf4j-api:2.0.13"
    cyclonedx appointment-polls 2026-01-16 1.4 xml cyclonedx-maven.xml

    project toll-data
    pom toll-data-billing 3.3.0 "org.apache.kafka:kafka-streams:3.7.1
org.apache.avro:avro:1.11.3
ch.qos.reload4j:reload4j:1.2.25
org.slf4j:slf4j-reload4j:2.0.13
org.postgresql:postgresql:42.7.3"
    cyclonedx toll-data 2026-02-11 1.5 json cyclonedx-maven.json

    project mission-messaging
    pom mission-messaging 2.0.5 "org.apache.activemq:artemis-jakarta-client:2.31.2
org.apache.logging.log4j:log4j-core:2.17.1
org.bouncycastle:bcprov-jdk18on:1.78.1
org.xerial:sqlite-jdbc:3.46.0.1"
    cyclonedx mission-messaging 2026-02-06 1.5 json cyclonedx-maven.json
}

# All, or those named on the command line.
[ $# -gt 0 ] || set -- tax registers health platforms
for part; do "$part"; done
