"""What candidates and agencies read is there in every language that is shipped, and members' pages stay in English."""

import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils.formats import date_format
from django.utils.translation import override

from campaigns.composing.letter import Content, Organisation, compose
from campaigns.tracking.tokens import token_for
from crm import translations
from crm.languages import language_of
from crm.models import Role, Tenant
from talentpool.actions.agency_users import invite_to_agency
from talentpool.models import Suppression
from talentpool.tasks import send_agency_invitation
from tests.conftest import make_member, signed_in
from tests.crm.test_organisation_pages import SETTINGS
from tests.factories.mail import make_campaign, make_people, start
from tests.talentpool.test_agencies import make_agency

ROOT = Path(settings.BASE_DIR)
OUTSIDE = (
    "campaigns/public_*.html",
    "talentpool/*portal*.html",
    "talentpool/agency_join.html",
    "talentpool/*shared_*.html",
    "talentpool/emails/shared_*.txt",
    "talentpool/emails/agency_*.txt",
    "account/login.html",
    "account/logout.html",
    "account/account_inactive.html",
    "account/password_reset*.html",
    "account/signup*.html",
    "account/email/*.txt",
    "429.html",
)
PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]|\{\w*\}|</?\w+>")
TRANSLATED = re.compile(r"{% blocktranslate.*?{% endblocktranslate %}|{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)
SPOKEN = re.compile(r"\b(?:aria-label|title|alt|placeholder|data-too-large)=\"[^\"]*[a-z]", re.IGNORECASE)
SAID_TO_PARTS = re.compile(r"{% include [^%]*\b(?:title|text|action)=\"")
PROPER_NAMES = {"Rapport"}


@pytest.fixture(scope="module")
def wanted():
    return {(each.context, each.id): each for each in translations.texts() if each.id}


def test_languages_of_the_settings_are_those_of_the_catalogues():
    assert tuple(code for code, _ in settings.LANGUAGES if code != "en") == translations.LANGUAGES
    assert sorted(path.name for path in translations.LOCALE.iterdir()) == sorted(translations.LANGUAGES)


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_every_text_is_there_in_every_language(language, wanted):
    there = translations.catalogue(language)
    assert {(each.context, each.id) for each in there if each.id} == set(wanted), "make translations"
    assert translations.untranslated(there) == []
    same = [
        each.id for each in there if each.id and each.string == each.id and " " in str(each.id) and not each.context
    ]
    assert same == []
    assert len(there.obsolete) == 0


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_translations_hold_the_same_values_and_all_plural_forms(language):
    there = translations.catalogue(language)
    wrong = []
    for message in filter(lambda each: each.id, there):
        plural = isinstance(message.id, tuple)
        forms = message.string if plural else (message.string,)
        assert len(forms) == (there.num_plurals if plural else 1)
        said = message.id[-1] if plural else message.id
        wrong += [form for form in forms if Counter(PLACEHOLDERS.findall(form)) != Counter(PLACEHOLDERS.findall(said))]
        wrong += [form for form in forms if form.strip() != form or (form.count("\n\n") != said.count("\n\n"))]
    assert wrong == []


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_compiled_catalogue_is_that_of_its_source(language):
    compiled = translations.LOCALE / language / "LC_MESSAGES" / "django.mo"
    assert compiled.read_bytes() == translations.compiled(translations.catalogue(language)), "make translations"


def outside_templates():
    found = {path for pattern in OUTSIDE for path in (ROOT / "templates").glob(pattern)}
    shared = {path for path in (ROOT / "templates").rglob("*") if path.is_file() and "{% load i18n" in path.read_text()}
    return sorted(found | shared)


@pytest.mark.parametrize("path", outside_templates(), ids=lambda path: path.name)
def test_no_word_of_a_page_for_people_outside_goes_past_gettext(path):
    text = path.read_text("utf-8")
    assert not SAID_TO_PARTS.findall(text)
    markup = TRANSLATED.sub("", text)
    assert not SPOKEN.findall(markup)
    words = set(re.findall(r"[^\W\d_]{2,}", re.sub(r"<[^>]*>|&\w+;", " ", markup)))
    assert words <= PROPER_NAMES


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de"),
        ("pt-BR", "pt"),
        ("FR", "fr"),
        ("pl,nl;q=0.2,en;q=0.8", "en"),
        ("pl", "it"),
        ("*", "it"),
        ("", "it"),
        ("x" * 10_000, "it"),
        (";;q=,", "it"),
    ],
)
def test_language_is_the_first_one_asked_for_that_there_is(rf, asked, answered):
    assert language_of(rf.get("/", headers={"accept-language": asked}), "it") == answered


@pytest.fixture
def way_out(tenant, member):
    """The address of a candidate's page for unsubscribing; her organisation writes in Dutch."""
    tenant.language = "nl"
    tenant.save()
    (person,) = make_people(1)
    campaign = start(make_campaign(member, [person]), member)
    message = campaign.messages.get()
    return f"/t/{token_for(tenant.pk, message.pk)}/unsubscribe"


def test_candidate_unsubscribes_in_her_language(way_out, tenant, anonymous):
    def asked(language):
        return anonymous.get(way_out, headers={"accept-language": language}).content.decode()

    assert ('<html lang="de"' in (page := asked("de-CH")), "Keine Nachrichten mehr?" in page, "Zum Inhalt" in page) == (
        True,
    ) * 3
    assert "Geen berichten meer?" in asked("pl")
    assert "No more messages?" in asked("en-GB")
    response = anonymous.post(way_out, {"wish": "nothing"}, headers={"accept-language": "fr"})
    assert (response.status_code, "Choisissez l’une des trois options." in response.content.decode()) == (422, True)
    anonymous.post(way_out, {"wish": "pause"})
    until = Suppression.objects.get().until
    page = asked("es")
    with override("es"):
        day = date_format(until, r"j \d\e F \d\e Y")
    assert f"no le escribirá antes del {day}." in page
    one_click = anonymous.post(way_out, {"List-Unsubscribe": "One-Click"}, headers={"accept-language": "it"})
    assert one_click.content.decode() == "L’iscrizione è annullata."


def test_link_that_leads_nowhere_says_so_to_a_candidate(anonymous, db):
    response = anonymous.get("/t/nothing/unsubscribe", headers={"accept-language": "pt-PT"})
    page = response.content.decode()
    assert (response.status_code, "Esta ligação não leva a lado nenhum" in page) == (404, True)
    assert "organisation" not in re.sub(r"<[^>]+>", "", page)


def test_letter_ends_in_the_organisations_language():
    organisation = Organisation("Acme", "1 Main Street", "Acme", "de", "https://crm.example")
    letter = compose(Content("Hello", "A job", ""), organisation)
    assert "Sie erhalten diese Nachricht" in letter.text and "Abmelden</a>" in letter.html
    assert 'lang="de"' in letter.html


def test_agency_reads_its_portal_in_its_language(member):
    _, somebody, opening = make_agency(member, ownership_days=1)
    browser = Client(headers={"accept-language": "fr"})
    browser.force_login(somebody.user, backend="django.contrib.auth.backends.ModelBackend")
    page = browser.get("/o/acme/agency/").content.decode()
    assert "compte comme la vôtre pendant 1 jour." in page and '<html lang="fr"' in page
    refused = browser.post(f"/o/acme/agency/jobs/{opening.job_id}/", {"name": "Ada", "email": "nobody"})
    assert refused.status_code == 422
    shown = refused.content.decode()
    assert "Ce n’est pas une adresse e-mail." in shown and "Ce champ est obligatoire." in shown
    assert "Cette personne sait que nous la proposons à Acme Health pour ce poste" in shown


def test_agency_is_invited_in_the_organisations_language(tenant, member):
    tenant.language = "it"
    tenant.save()
    agency, _, _ = make_agency(member)
    invitation = invite_to_agency(agency, "new@agency.example", by=member)
    mail.outbox.clear()
    send_agency_invitation(invitation.pk)
    (letter,) = mail.outbox
    assert letter.subject == "Acme Health La invita nel suo portale per le agenzie"
    assert letter.body.startswith("Buongiorno,\n\n") and "Entri qui:" in letter.body


def test_members_pages_stay_in_english(client, tenant):
    german = {"accept-language": "de"}
    page = client.post("/o/acme/settings/", {"name": ""}, headers=german)
    shown = page.content.decode()
    assert page.status_code == 422
    assert "This field is required." in shown and '<html lang="en"' in shown
    client.get("/o/acme/agency/", headers=german)  # another page's language stays that page's
    assert "This field is required." in client.post("/o/acme/settings/", {"name": ""}).content.decode()


def test_owner_chooses_the_language_of_letters(client, tenant):
    page = client.get("/o/acme/settings/").content.decode()
    assert '<option value="pt">Português</option>' in page
    saved = client.post("/o/acme/settings/", SETTINGS | {"language": "pt"})
    assert (saved.status_code, Tenant.objects.get(pk=tenant.pk).language) == (302, "pt")
    assert client.post("/o/acme/settings/", SETTINGS | {"language": "tlh"}).status_code == 422
    recruiter = signed_in(make_member(tenant, Role.RECRUITER))
    assert "<dd>Português</dd>" in recruiter.get("/o/acme/settings/").content.decode()


def test_who_is_not_signed_in_signs_in_in_her_language(anonymous, member):
    spanish = {"accept-language": "es-MX"}
    page = anonymous.get("/accounts/login/", headers=spanish).content.decode()
    assert '<html lang="es"' in page
    for words in ("Iniciar sesión", "Dirección de correo electrónico", "Contraseña", "No sé mi contraseña"):
        assert words in page
    assert "Sign in" not in page
    wrong = {"login": member.user.email, "password": "wrong"}
    refused = anonymous.post("/accounts/login/", wrong, headers={"accept-language": "pt"}).content.decode()
    assert "O endereço de e-mail e a palavra-passe não correspondem." in refused
    assert "Sign in" in anonymous.get("/accounts/login/").content.decode()  # another's language stays hers


def test_new_password_comes_and_is_chosen_in_her_language(anonymous, member):
    asked = {"accept-language": "pt"}
    page = anonymous.post("/accounts/password/reset/", {"email": member.user.email}, headers=asked, follow=True)
    assert "Veja o seu correio" in page.content.decode()
    (letter,) = mail.outbox
    assert letter.subject.endswith("Escolha uma nova palavra-passe para o Rapport")
    assert letter.body.startswith("Bom dia,\n\nalguém, provavelmente o próprio")
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", letter.body)[1]
    page = anonymous.get(link, headers=asked, follow=True)
    assert "Nova palavra-passe, mais uma vez" in page.content.decode()
    differing = {"password1": "correct horse battery", "password2": "correct horse staple"}
    refused = anonymous.post(page.request["PATH_INFO"], differing, headers=asked).content.decode()
    assert "As duas palavras-passe não são iguais." in refused
    assert "same password" not in refused
    same = dict.fromkeys(differing, "correct horse battery")
    done = anonymous.post(page.request["PATH_INFO"], same, headers=asked, follow=True).content.decode()
    assert "A sua palavra-passe foi alterada" in done


def test_nobody_by_that_address_is_told_so_in_her_language(anonymous, db):
    anonymous.post("/accounts/password/reset/", {"email": "x@y.example"}, headers={"accept-language": "de"})
    (letter,) = mail.outbox
    assert letter.subject.endswith("Unter dieser Adresse kennt Rapport Sie nicht")
    assert "x@y.example angefordert, aber unter dieser Adresse ist hier niemand bekannt" in letter.body


def test_pages_of_an_account_stay_in_english_for_a_member(client):
    assert (
        "Change your password"
        in client.get("/accounts/password/change/", headers={"accept-language": "de"}).content.decode()
    )
