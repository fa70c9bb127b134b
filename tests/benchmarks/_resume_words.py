"""What generated résumés are made of, by language.

The words of the people that rules are tuned on, and those of the people that are set aside: no employer, school, bullet
or title stands in both, but for the few that every trade shares.
"""

from dataclasses import dataclass


def split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


@dataclass(frozen=True)
class Trade:
    titles: tuple[str, ...]
    skills: tuple[str, ...]


@dataclass(frozen=True)
class Pool:
    """`schools` are (school, degree, area)."""

    trades: tuple[Trade, ...]
    employers: tuple[str, ...]
    schools: tuple[tuple[str, str, str], ...]
    bullets: tuple[str, ...]
    summaries: tuple[str, ...]
    languages: tuple[str, ...]
    certificates: tuple[str, ...]


def trade(titles: str, skills: str) -> Trade:
    return Trade(split(titles), split(skills))


def pool(trades: tuple[Trade, ...], employers: str, schools: str, bullets: str, summaries: str, more: str) -> Pool:
    languages, certificates = more.split("/")
    studied = tuple(tuple(part.strip() for part in school.split("|")) for school in split(schools))
    return Pool(
        trades,
        split(employers),
        studied,  # type: ignore[arg-type]
        split(bullets),
        split(summaries),
        split(languages),
        split(certificates),
    )


TUNED = {
    "en": pool(
        (
            trade(
                "Junior Software Developer; Software Engineer; Senior Backend Engineer; Lead Developer; "
                "Engineering Manager;"
                "Site Reliability Engineer; Full-Stack Developer; Staff Engineer; QA Analyst; Mobile "
                "Developer (iOS); DevOps Consultant",
                "Python; Java; Kubernetes; PostgreSQL; React; TypeScript; Docker; AWS; GraphQL; Go; C#; "
                ".NET; CI/CD; Terraform; Redis; Linux; Spring Boot; Node.js",
            ),
            trade(
                "Data Analyst; Data Scientist; Senior Data Scientist; Machine Learning Engineer; Business "
                "Intelligence Consultant; Head of Analytics; Research Assistant",
                "Python; SQL; R; Pandas; scikit-learn; Tableau; Power BI; Spark; Airflow; TensorFlow; "
                "Statistics; dbt; Snowflake; A/B Testing",
            ),
            trade(
                "HR Coordinator; Talent Acquisition Specialist; HR Business Partner; Recruiter; People "
                "Operations Manager; Head of People; HR Intern",
                "Recruitment; Onboarding; Workday; Employee Relations; Payroll; SAP SuccessFactors; "
                "Interviewing; Talent Management; Employment Law",
            ),
            trade(
                "Financial Analyst; Senior Accountant; Audit Associate; Finance Manager; Treasury Officer; VP Finance",
                "IFRS; SAP FI; Excel; Budgeting; Financial Modelling; US GAAP; Power BI; Forecasting; Risk "
                "Management; VBA",
            ),
            trade(
                "Sales Representative; Account Executive; Key Account Manager; Regional Sales Director; "
                "Customer Success Manager; Store Associate",
                "Salesforce; Negotiation; Lead Generation; B2B Sales; HubSpot; Pipeline Management; Cold "
                "Calling; CRM; Account Management",
            ),
        ),
        "Brightwave Ltd; Northgate Systems; Halcyon; TCS; Blue Heron Analytics Inc.; Monzo; University of "
        "Bristol; Kestrel & Finch LLP; Ocado Technology;"
        "The Copper Kettle; Emirates NBD; Grab; Cork City Council; 3D Robotics Labs; Allegro; Dell "
        "Technologies; Viettel Group; FPT Software; Zendesk; Pivotal; Saint Luke's Trust",
        "University of Warwick|Bachelor|Computer Science; Trinity College Dublin|Master"
        "|Business Analytics; IIT Madras|B.Tech|Electrical Engineering;"
        "AGH University|Master of Science|Applied Mathematics; National University of Singapore|BSc"
        "|Information Systems",
        "Reduced processing time by {n}% by redesigning the core workflow between {y} and 2023; Led a team "
        "of {m} people across three offices and reported to the director;"
        "Introduced weekly reviews that cut incident rates by {n}%; Worked closely with stakeholders in "
        "Germany, France and the UK; Responsible for a budget of £{n}0,000 and {m} external vendors;"
        "Trained {m} new colleagues and wrote the onboarding handbook; Migrated legacy processes to a new "
        "platform, finishing two weeks early; Won the internal innovation award in {y}",
        "{t} with more than {m} years of experience in fast-growing and established companies. Enjoys "
        "solving hard problems with small teams.;"
        "Motivated professional who values clear communication and measurable results. Looking for the next "
        "challenge as {t}.",
        "English (Native speaker); French (Fluent); German (Intermediate) / Project Management Professional; "
        "Certified ScrumMaster",
    ),
    "de": pool(
        (
            trade(
                "Softwareentwickler; Werkstudentin IT; Senior Softwareentwicklerin; Teamleiterin "
                "Entwicklung; Systemadministratorin",
                "Java; Python; Kubernetes; Linux; Docker; Jenkins; Oracle; Jira",
            ),
            trade(
                "Konstrukteur; Projektingenieur; Leiter Fertigung; Technischer Zeichner; Entwicklungsingenieur",
                "SolidWorks; AutoCAD; CATIA; FEM; Lean Manufacturing; Six Sigma; SAP; MATLAB",
            ),
            trade(
                "Assistenzarzt; Facharzt für Innere Medizin; Oberarzt; Wissenschaftlicher Mitarbeiter",
                "Ultraschall; Notfallmedizin; Klinische Studien; SPSS; Good Clinical Practice; Endoskopie",
            ),
        ),
        "Siemens AG; Blohm + Voss; Hamburger Hochbahn AG; Nordwerk GmbH & Co. KG; Klinikum rechts der Isar; "
        "Charité; Airbus Operations GmbH; Städtisches Krankenhaus Harlaching",
        "TU Hamburg|Diplom|Maschinenbau; LMU München|Staatsexamen|Humanmedizin",
        "Verantwortlich für die Planung und Umsetzung von {m} Projekten; Einführung eines neuen Systems, "
        "Kostensenkung um {n} %; Führung eines Teams von {m} Mitarbeitern; Zusammenarbeit mit "
        "internationalen Kunden seit {y}",
        "Erfahrene Fachkraft mit über {m} Jahren Berufspraxis. Arbeitet strukturiert, zuverlässig und gern im Team.",
        "Deutsch (Muttersprache); Englisch (Fließend); Französisch (Grundkenntnisse) / Ausbildereignung "
        "(AdA); PRINCE2 Foundation",
    ),
    "fr": pool(
        (
            trade(
                "Comptable; Contrôleur de gestion; Directeur administratif et financier; Auditeur junior",
                "IFRS; SAP; Excel; Power BI; Consolidation; Fiscalité; Reporting",
            ),
        ),
        "Crédit Lyonnais; Boiron SA; Mazars; Groupe Seb; LU",
        "EM Lyon|Master|Finance",
        "Gestion d'une équipe de {m} personnes et d'un budget annuel; Réduction des coûts de {n} % grâce à "
        "de nouveaux outils; Coordination avec les partenaires européens depuis {y}",
        "Professionnel confirmé avec plus de {m} ans d'expérience, rigoureux et orienté résultats.",
        "Français (Langue maternelle); Anglais (Courant) / DSCG",
    ),
    "es": pool(
        (
            trade(
                "Responsable de Marketing; Community Manager; Técnica de Comunicación; Directora de Marketing Digital",
                "SEO; Google Analytics; Adobe Photoshop; HubSpot; Mailchimp; Redacción; WordPress",
            ),
        ),
        "Mercadona; Agencia Brújula S.L.; Porcelanosa; Teléfonica",
        "Universitat de València|Grado|Publicidad",
        "Gestión de un equipo de {m} personas; Reducción de costes de un {n} % en {y}; Coordinación con "
        "proveedores y clientes internacionales",
        "Profesional con más de {m} años de experiencia, orientado a resultados y al trabajo en equipo.",
        "Español (Nativo); Inglés (Avanzado) / Google Ads",
    ),
    "nl": pool(
        (
            trade(
                "Logistiek medewerker; Teamleider magazijn; Supply chain planner; Hoofd logistiek",
                "SAP EWM; Lean; Voorraadbeheer; Heftruck; Excel; Transportplanning; WMS; Incoterms",
            ),
        ),
        "PostNL; Bol.com; Jumbo Supermarkten B.V.; Van Gend & Loos",
        "Hogeschool Utrecht|Bachelor|Logistiek",
        "Leiding gegeven aan een team van {m} medewerkers; Kosten verlaagd met {n}% door nieuwe processen; "
        "Samenwerking met klanten in België en Duitsland",
        "Ervaren professional met ruim {m} jaar ervaring, nauwkeurig en resultaatgericht.",
        "Nederlands (Moedertaal); Engels (Vloeiend) / VCA VOL",
    ),
    "pt": pool(
        (
            trade(
                "Programador Júnior; Engenheiro de Software; Líder Técnico; Analista de Sistemas",
                "Java; Kotlin; React; PostgreSQL; Docker; Scrum; Git",
            ),
        ),
        "Farfetch; Critical Software, S.A.; Blip; Câmara Municipal do Porto",
        "Universidade do Porto|Licenciatura|Engenharia Informática",
        "Gestão de uma equipa de {m} pessoas; Redução de custos de {n}% com novos processos em {y}; "
        "Coordenação com clientes e fornecedores internacionais",
        "Profissional com mais de {m} anos de experiência, focado em resultados.",
        "Português (Nativo); Inglês (Fluente) / AWS Cloud Practitioner",
    ),
    "it": pool(
        (
            trade(
                "Grafica; UX Designer; Direttrice Artistica; Assistente di Redazione",
                "Figma; Adobe Illustrator; Photoshop; InDesign; Tipografia; Prototipazione; HTML; CSS",
            ),
        ),
        "Armando Testa S.p.A.; Juventus FC; Studio Lavazza; Einaudi Editore",
        "Politecnico di Torino|Laurea|Design",
        "Gestione di un gruppo di {m} persone; Riduzione dei costi del {n}% grazie a nuovi processi; "
        "Coordinamento con clienti e fornitori internazionali dal {y}",
        "Professionista con oltre {m} anni di esperienza, attenta ai dettagli e ai risultati.",
        "Italiano (Madrelingua); Inglese (Fluente) / ECDL",
    ),
}

# English ones of those set aside have the careers of the demo, which others wrote (see _resume_people).
ASIDE = {
    "de": pool(
        (
            trade(
                "Fachinformatikerin für Systemintegration; IT-Projektleiterin; Scrum Masterin; Anwendungsbetreuerin",
                "VMware; Active Directory; PowerShell; ITIL; Azure; Netzwerktechnik; Scrum",
            ),
            trade(
                "Industriemechaniker; Schichtführer; Produktionsleiter; Qualitätsmanager",
                "CNC-Programmierung; SAP PP; ISO 9001; Arbeitssicherheit; 5S; Instandhaltung",
            ),
        ),
        "Sparkasse KölnBonn; Rewe Group; Spreadshirt; Check24 GmbH; Steuerkanzlei Brandt & Partner; "
        "Ford-Werke GmbH; Leipziger Verkehrsbetriebe; Mercateo AG",
        "Universität zu Köln|Diplom|Betriebswirtschaftslehre; HTWK Leipzig|Bachelor|Informatik",
        "Betreuung von {m} Standorten mit insgesamt {n}0 Arbeitsplätzen; Senkung der Ausfallzeiten um {n} "
        "Prozent; Einarbeitung neuer Kolleginnen und Kollegen; Ansprechpartner für Kunden in Österreich und "
        "der Schweiz",
        "Seit {m} Jahren in wechselnden Rollen tätig, gründlich und neugierig.",
        "Deutsch (Muttersprache); Englisch (Verhandlungssicher); Spanisch (A2) / ITIL Foundation; Staplerschein",
    ),
    "fr": pool(
        (
            trade(
                "Chargée de communication; Cheffe de produit; Assistante marketing; Rédactrice web",
                "Canva; Réseaux sociaux; Adobe InDesign; Relations presse; SEO; Rédaction; Google Ads",
            ),
            trade(
                "Aide-soignant; Infirmier diplômé d'État; Cadre de santé",
                "Soins palliatifs; Hygiène hospitalière; Prise de sang; Gestion des plannings; Excel",
            ),
        ),
        "Ouest Communication SARL; Manitou; Ville de Nantes; CHU de Rennes; Clinique Saint-Yves; Yves Rocher",
        "Université de Nantes|Licence|Communication; IFSI Rennes|Diplôme d'État|Soins infirmiers",
        "Organisation de {m} événements par an; Encadrement de {m} stagiaires; Hausse de la fréquentation de "
        "{n} % en un an; Mise en place d'un suivi hebdomadaire",
        "Curieux et méthodique, {m} ans de métier dans des structures de toutes tailles.",
        "Français (Langue maternelle); Anglais (B2); Italien (Notions) / PIX",
    ),
    "es": pool(
        (
            trade(
                "Jefe de Almacén; Coordinador Logístico; Mozo de Almacén; Director de Operaciones",
                "SAP; Carretilla elevadora; Gestión de inventarios; Excel; Lean; Incoterms",
            ),
        ),
        "Heineken España S.A.; Transportes Giralda S.L.; Airbus Sevilla; Correos",
        "Universidad de Sevilla|Grado|Ingeniería de Organización",
        "Planificación de rutas para {m} camiones; Disminución de mermas en un {n} %; Negociación con "
        "transportistas de toda la península",
        "Más de {m} años organizando almacenes grandes y pequeños.",
        "Español (Nativo); Inglés (Intermedio) / Carnet de carretillero",
    ),
    "nl": pool(
        (
            trade(
                "Grafisch ontwerper; UX-ontwerper; Art director; Stagiair vormgeving",
                "Figma; Adobe Illustrator; Typografie; Prototyping; HTML; CSS; Huisstijl",
            ),
        ),
        "Studio Dumbar; Gemeente Rotterdam; Erasmus MC; Bureau Kaap B.V.",
        "Willem de Kooning Academie|Bachelor|Vormgeving",
        "Ontwerp van {m} campagnes per jaar; Begeleiding van stagiairs; Bezoekersaantallen met {n}% gestegen",
        "Ontwerper met {m} jaar ervaring bij bureaus en overheid.",
        "Nederlands (Moedertaal); Duits (Goed) / Google UX Design",
    ),
    "pt": pool(
        (
            trade(
                "Analista de Marketing; Coordenadora de Comunicação; Gerente de Produto; Estagiária de Marketing",
                "Google Analytics; CRM; Redes Sociais; Power BI; Copywriting; Canva",
            ),
        ),
        "Natura; Itaú Unibanco; Agência Curió Ltda.; Magazine Luiza",
        "Universidade de São Paulo|Bacharelado|Administração",
        "Lançamento de {m} produtos; Crescimento de {n}% nas vendas online; Parceria com influenciadores de "
        "todo o país",
        "Comunicadora com {m} anos de estrada, criativa e organizada.",
        "Português (Nativo); Espanhol (Avançado) / Google Ads",
    ),
    "it": pool(
        (
            trade(
                "Ingegnere Meccanico; Progettista CAD; Responsabile di Produzione; Tecnico Manutentore",
                "SolidWorks; CATIA; Lean Manufacturing; SAP; PLC; Manutenzione preventiva",
            ),
        ),
        "Ducati Motor Holding S.p.A.; IMA; Officine Rinaldi S.r.l.; Marchesini Group",
        "Università di Bologna|Laurea|Ingegneria Meccanica",
        "Avviamento di {m} linee di montaggio; Scarti ridotti del {n}% in due anni; Formazione dei nuovi assunti",
        "Tecnico con {m} anni di officina e progettazione.",
        "Italiano (Madrelingua); Inglese (B1) / Patentino muletto",
    ),
}

# name | language | city | country | phone
TUNED_PEOPLE = """
Emily Carter|en|Bristol|GB|+44 7700 900123
Rajesh Venkataraman|en|Bengaluru|IN|+91 98450 12345
Jürgen Müller-Lüdenscheidt|de|Hamburg|DE|+49 171 2345678
Siobhán O'Connor|en|Cork|IE|+353 86 123 4567
Ludovic de la Fontaine|fr|Lyon|FR|+33 6 12 34 56 78
María José García López|es|Valencia|ES|+34 612 345 678
Nguyễn Thị Minh Anh|en|Hanoi|VN|+84 91 234 56 78
Pieter van der Berg|nl|Utrecht|NL|+31 6 12345678
João Pedro da Silva|pt|Porto|PT|+351 912 345 678
Giulia Bianchi|it|Torino|IT|+39 347 123 4567
Michael T. Johnson Jr.|en|Austin|US|(512) 555-0147
Aleksandra Kowalczyk|en|Kraków|PL|+48 601 234 567
Dr. Thomas Weiß|de|München|DE|089 / 12 34 56 78
Fatima Al-Sayed|en|Dubai|AE|+971 50 123 4567
Chen Wei|en|Singapore|SG|+65 9123 4567
Katharina Bauer|de|Stuttgart|DE|+49 (0) 711 2345678
Camille Moreau|fr|Toulouse|FR|06 12 34 56 78
Álvaro Núñez Prieto|es|Zaragoza|ES|+34 655 123 987
Lotte Jansen|nl|Eindhoven|NL|06-12345678
Inês Carvalho|pt|Lisboa|PT|+351 93 456 7890
Matteo Ferrari|it|Milano|IT|+39 02 1234 5678
Grace Okafor|en|Lagos|NG|+234 803 123 4567
Daniel Cohen|en|Haifa|IL|+972 54-123-4567
Stefan Huber|de|Wien|AT|+43 660 1234567
"""
ASIDE_PEOPLE = """
Oliver Whitfield|en|Leeds|GB|07911 123456
Priya Raghunathan|en|Chennai|IN|+91 9876543210
Anneliese Schröder|de|Köln|DE|+49 (0) 221 9876543
Tadhg Ó Súilleabháin|en|Galway|IE|+353 87 765 4321
Anne-Sophie Lefèvre|fr|Nantes|FR|06 98 76 54 32
José Luis Fernández Ruiz|es|Sevilla|ES|+34 655 987 654
Kwame Mensah|en|Accra|GH|+233 24 123 4567
Sanne de Vries|nl|Rotterdam|NL|06-87654321
Ana Beatriz Ferreira|pt|São Paulo|BR|+55 11 91234-5678
Marco D'Angelo|it|Bologna|IT|+39 333 765 4321
Jessica Ramirez|en|San Diego|US|619-555-0182
Hiroshi Tanaka|en|Osaka|JP|+81 90-1234-5678
Uwe Petersen|de|Leipzig|DE|0341 5556677
Zsófia Szabó|en|Budapest|HU|+36 30 123 4567
William McAllister|en|Toronto|CA|+1 416 555 0199
Yann Le Goff|fr|Rennes|FR|+33 2 99 12 34 56
"""
