# One image for web, worker, beat and migrate; docker-compose.yml says what each of them runs.
FROM python:3.11-slim-bookworm AS build
COPY requirements.txt requirements-semantic.txt ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
# --build-arg SEMANTIC_SEARCH=1 for likeness in meaning (and the same in the environment): 130 MB more.
ARG SEMANTIC_SEARCH=
RUN test -z "$SEMANTIC_SEARCH" || /venv/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements-semantic.txt

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --create-home rapport && install -d -o rapport /var/lib/rapport
COPY --from=build /venv /venv
COPY . /rapport
WORKDIR /rapport
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    STATIC_ROOT=/var/lib/rapport/static MAIL_JOURNAL_DIR=/var/lib/rapport/mail-journal
USER rapport
# Collecting files asks for no secret and no database; settings want them named all the same.
RUN SECRET_KEY=build DATABASE_URL=postgresql:///build python manage.py collectstatic --no-input --verbosity 0 \
    && install -d /var/lib/rapport/mail-journal
EXPOSE 8000
CMD ["granian", "--interface=wsgi", "--host=0.0.0.0", "--port=8000", "crm.wsgi:application"]
