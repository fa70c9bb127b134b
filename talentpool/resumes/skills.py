"""A short list of skills that résumés name in running text, for those that have no section of skills."""

import re

_KNOWN = """
Python|Java|JavaScript|TypeScript|C++|C#|.NET|Go|Rust|Ruby|PHP|Kotlin|Swift|Scala|SQL|PostgreSQL|MySQL|Oracle
|MongoDB|Redis|Elasticsearch|Kafka|RabbitMQ|Docker|Kubernetes|Terraform|Ansible|Linux|AWS|Azure|Google Cloud
|React|Angular|Vue|Node.js|Django|Flask|Spring Boot|Ruby on Rails|GraphQL|REST|HTML|CSS|Git|CI/CD|Jenkins
|Machine Learning|Deep Learning|TensorFlow|PyTorch|pandas|scikit-learn|Spark|Airflow|Snowflake|dbt|Tableau
|Power BI|Excel|VBA|SAP|Salesforce|HubSpot|Workday|Greenhouse|Jira|Confluence|Scrum|Kanban|Agile
|Lean Manufacturing|Six Sigma|Project Management|Product Management|Figma|Sketch|Photoshop|Illustrator
|InDesign|AutoCAD|SolidWorks|CATIA|MATLAB|ANSYS|SEO|SEM|Google Analytics|Content Marketing|Copywriting|CRM
|Negotiation|Account Management|Lead Generation|Budgeting|Forecasting|IFRS|US GAAP|DATEV|Payroll|Recruitment
|Onboarding|Patient Care|Triage|ACLS|BLS|Phlebotomy|Epic|Clinical Trials|Supply Chain|Inventory Management
|Forklift|Procurement|Logistics|WordPress|Mailchimp|Android|iOS|Unity|Selenium|Cypress|Microservices
|Data Analysis|Data Visualization|Statistics
"""
_BY_LENGTH = sorted((skill.strip() for skill in _KNOWN.replace("\n", "").split("|")), key=len, reverse=True)
# Words of everyday language count only as written.
_AS_WRITTEN = frozenset(
    {
        "Go",
        "REST",
        "Rust",
        "Swift",
        "Sketch",
        "Epic",
        "Unity",
        "Excel",
        "Oracle",
        "Spark",
        "Greenhouse",
        "Lean",
        "React",
    }
)
_PATTERN = re.compile(r"(?<![\w.+#])(" + "|".join(map(re.escape, _BY_LENGTH)) + r")(?![\w+#])", re.IGNORECASE)
_SPELLING = {skill.lower(): skill for skill in _BY_LENGTH}


def known_skills_in(text: str) -> list[str]:
    """In the order of their first mention, in their usual spelling."""
    found: dict[str, None] = {}
    for match in _PATTERN.finditer(text):
        skill = _SPELLING[match[1].lower()]
        if skill not in _AS_WRITTEN or match[1] == skill:
            found[skill] = None
    return list(found)
