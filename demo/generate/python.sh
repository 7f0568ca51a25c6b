#!/bin/sh
# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0
#
# Python: lockfiles by uv, poetry, pdm, pipenv and pip; SBOMs by cyclonedx-py. The tools are expected in
# $PYTHON_TOOLS/bin and $PDM_TOOLS/bin.
set -eu
. "$(dirname "$0")/common.sh"
PATH=$PYTHON_TOOLS/bin:$PATH
export UV_CACHE_DIR=$WORK/cache/uv PIP_CACHE_DIR=$WORK/cache/pip POETRY_CACHE_DIR=$WORK/cache/poetry PIPENV_CACHE_DIR=$WORK/cache/pipenv
export POETRY_VIRTUALENVS_CREATE=false PDM_CHECK_UPDATE=0 PIPENV_VENV_IN_PROJECT=1 UV_NO_CONFIG=1

# pyproject NAME VERSION REQUIREMENTS [DEVELOPMENT]: pyproject.toml from lines that are requirements.
pyproject() {
    list() { printf '%s\n' "$1" | awk 'NF { printf "    \"%s\",\n", $0 }'; }
    printf '[project]\nname = "%s"\nversion = "%s"\nrequires-python = ">=3.11,<3.14"\ndependencies = [\n%s\n]\n\n[dependency-groups]\ndev = [\n%s\n]\n' \
        "$1" "$2" "$(list "$3")" "$(list "${4:-}")" > pyproject.toml
}

# Poetry asks the JSON interface of PyPI by itself; mirrors often have the simple index only.
simple_index() {
    printf '\n[[tool.poetry.source]]\nname = "simple"\nurl = "https://pypi.org/simple/"\npriority = "primary"\n' >> pyproject.toml
}

notification_service() {
    for release in "2.8.0 2025-11-27 3.0" "2.9.0 2026-02-26 3.1"; do
        set -- $release
        project notification-service "$1"
        printf '%s\n' "flask~=$3.0" celery[sqs] boto3 sqlalchemy psycopg[binary] gunicorn requests jinja2 phonenumbers pyjwt redis sentry-sdk > requirements.in
        uv pip compile -q --no-header --exclude-newer "$2" --python-version 3.12 requirements.in -o requirements.txt
        at "$2" cyclonedx-py requirements --spec-version 1.6 --of JSON -o cyclonedx-py.json requirements.txt
        keep notification-service "cyclonedx-py-$1.json" cyclonedx-py.json "$2"
    done
    keep notification-service requirements.txt requirements.txt 2026-02-26
    pyproject notification-service 2.9.0 "$(cat requirements.in)" pytest
    uv lock -q --exclude-newer 2026-02-26
    keep notification-service uv.lock uv.lock 2026-02-26
}

budget_planning() {
    project budget-planning
    pyproject budget-planning 1.5.0 "fastapi
pandas
openpyxl
sqlalchemy
uvicorn
httpx" "pytest
ruff"
    uv lock -q --exclude-newer 2026-02-11
    keep budget-planning uv.lock uv.lock 2026-02-11
}

outbreak_dashboard() {
    project outbreak-dashboard api
    pyproject outbreak-dashboard-api 0.9.3 "django>=5,<5.2
djangorestframework
psycopg[binary]
plotly"
    uv lock -q --exclude-newer 2026-02-27
    uv export -q --no-header --format pylock.toml -o pylock.toml
    keep outbreak-dashboard pylock.toml pylock.toml 2026-02-27
}

incident_desk() {
    project incident-desk
    pyproject incident-desk 4.2.1 "django (>=5.0,<5.2)
djangorestframework (>=3.15,<3.17)
celery (>=5.4,<5.6)
redis (>=5,<6)
pyjwt (>=2.8,<2.11)
cryptography (>=43,<46)" "pytest (>=8,<9)"
    simple_index
    poetry lock
    keep incident-desk poetry.lock poetry.lock 2026-02-22
    uv pip compile -q --no-header --exclude-newer 2026-02-22 pyproject.toml -o requirements.txt
    at 2026-02-22 cyclonedx-py requirements --spec-version 1.5 --of XML -o cyclonedx-py.xml requirements.txt
    keep incident-desk cyclonedx-py.xml cyclonedx-py.xml 2026-02-22
}

grants_register() {
    project grants-register
    printf '%s\n' "django~=4.2" django-guardian weasyprint psycopg2 gunicorn > requirements.in
    uv pip compile -q --no-header --generate-hashes --exclude-newer 2026-01-27 --python-version 3.11 requirements.in -o requirements.txt
    keep grants-register requirements.txt requirements.txt 2026-01-27
}

adverse_events() {
    project adverse-events
    pyproject adverse-events 0.7.4 "flask (>=3.0,<3.1)
lxml (>=5.2,<6)
pandas (>=2.2,<2.3)
scikit-learn (>=1.5,<1.6)"
    simple_index
    poetry lock
    keep adverse-events poetry.lock poetry.lock 2026-01-20
}

open_data_portal() {
    project open-data-portal
    pyproject open-data-portal 2.11.0 "ckan==2.11.3
gunicorn
rdflib
ckanext-dcat"
    "$PDM_TOOLS/bin/pdm" lock -q --exclude-newer 2026-02-16
    keep open-data-portal pdm.lock pdm.lock 2026-02-16
    project open-data-portal harvester
    printf '[[source]]\nurl = "https://pypi.org/simple"\nverify_ssl = true\nname = "pypi"\n\n[packages]\nrequests = "*"\nrdflib = "*"\nlxml = "*"\n\n[dev-packages]\npytest = "*"\n' > Pipfile
    PIPENV_IGNORE_VIRTUALENVS=1 pipenv lock -q
    keep open-data-portal Pipfile.lock Pipfile.lock 2026-02-16
}

forecast_model() {
    project forecast-model
    uv venv -q --python 3.11 env
    uv pip install -q --python env --exclude-newer 2025-07-01 numpy xarray netcdf4 pyproj zarr
    at 2025-07-01 cyclonedx-py environment --spec-version 1.5 -o cyclonedx-py.json env/bin/python
    keep forecast-model cyclonedx-py.json cyclonedx-py.json 2025-07-01
    rm -rf env
}

malware_lab() {
    project malware-lab
    uv venv -q --python 3.11 env
    uv pip install -q --python env --exclude-newer 2026-02-01 oletools pefile capstone
    uv pip freeze -q --python env > freeze.txt
    keep malware-lab pip-freeze.txt freeze.txt 2026-02-01
    at 2026-02-01 cyclonedx-py environment --spec-version 1.6 -o cyclonedx-py.json env/bin/python
    keep malware-lab cyclonedx-py.json cyclonedx-py.json 2026-02-01
    rm -rf env
}

# All, or those named on the command line.
[ $# -gt 0 ] || set -- notification_service budget_planning outbreak_dashboard incident_desk grants_register adverse_events open_data_portal forecast_model malware_lab
for part; do "$part"; done
