from analytics.demo.careers.career import Career, Rung, split

SOFTWARE = Career(
    family="Technology",
    weight=16,
    ladder=(
        Rung(
            split("Help Desk Technician; IT Support Specialist; Desktop Support; QA Tester; Junior Web Developer"),
            0,
            split("Windows; Active Directory; Troubleshooting; HTML; CSS; Jira; ServiceNow"),
            split(
                "Closed {m} tickets a month with a first-call rate of {n}0 percent.;"
                "Set up laptops and phones for {m} new starters a year.;"
                "Wrote regression tests for every release of the patient portal."
            ),
        ),
        Rung(
            split(
                "Software Engineer; Backend Developer; Front-End Developer; Data Analyst; Systems Administrator;"
                "Integration Analyst; Mobile Developer"
            ),
            2,
            split("Python; SQL; JavaScript; React; Git; Django; PostgreSQL; REST APIs; Linux; TypeScript; Java"),
            split(
                "Built the appointment API in Django and PostgreSQL; it serves {m},000 requests a day.;"
                "Moved {n} reports from spreadsheets to SQL, saving two days a month.;"
                "Connected Epic and the pharmacy by HL7 and FHIR for {n} hospitals.;"
                "Kept {m} Linux servers patched and watched."
            ),
        ),
        Rung(
            split(
                "Senior Software Engineer; DevOps Engineer; Data Engineer; Security Engineer; Epic Analyst; Site Reliability Engineer"
            ),
            5,
            split("Kubernetes; AWS; Terraform; CI/CD; Kafka; Airflow; HL7; FHIR; Docker; Go; Incident response"),
            split(
                "Took the claims platform to Kubernetes without an hour of downtime.;"
                "Halved the nightly load from {n} hours with Airflow and Kafka.;"
                "On call one week in {n}; wrote the incident guide the team still uses.;"
                "Reviewed the code of {n} engineers and interviewed {m} candidates."
            ),
        ),
        Rung(
            split(
                "Staff Engineer; Engineering Manager; Solutions Architect; Principal Data Scientist; Product Manager"
            ),
            9,
            split("System design; Mentoring; Roadmaps; Machine learning; Stakeholder management; Budgeting"),
            split(
                "Led {n} engineers who own identity and consent for {m} clinics.;"
                "Designed the data platform that replaced {n} older ones.;"
                "Hired {n} engineers in {y} months; all but one stayed past two years."
            ),
        ),
    ),
    employers=split(
        "Brightleaf Software; Harvest Cloud; Sutro Analytics; Northgate Systems; Blue Oak Labs; Palomar Health IT;"
        "Tule Data; Redshift Robotics; Mariposa Interactive; CivicStack; Quartz Payments; Lumen Valley Telecom;"
        "Granite Peak Games; Sequoia Managed IT; Harbor Freight Tech"
    ),
    schools=split(
        "University of California, Merced; California State University, Fresno; San José State University; Cal Poly San Luis Obispo;"
        "University of California, Davis; Fresno City College; Universidad Nacional Autónoma de México;"
        "Indian Institute of Technology Madras; Bitwise Academy; Western Governors University"
    ),
    degrees=(
        ("Bachelor of Science", "Computer Science"),
        ("Bachelor of Science", "Information Systems"),
        ("Associate Degree", "Computer Networking"),
        ("Master of Science", "Data Science"),
        ("Certificate", "Full-Stack Web Development"),
    ),
    certificates=split(
        "CompTIA A+; ITIL Foundation; Scrum Alliance CSM; CompTIA Security+; AWS Certified Developer; Epic Bridges; AWS Certified Solutions Architect; Certified Kubernetes Administrator; CISSP"
    ),
    skills=split("Git; Scrum; Documentation; SQL; Problem solving"),
)
