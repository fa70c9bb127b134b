from analytics.demo.careers.career import Career, Rung, split

SALES = Career(
    family="Sales and service",
    weight=11,
    ladder=(
        Rung(
            split("Retail Associate; Call Center Agent; Front Desk Agent; Server; Sales Associate"),
            0,
            split("Customer service; POS; Upselling; Phone etiquette; Cash handling"),
            split(
                "Took {m} calls a day with a satisfaction score of 4.{n}.;"
                "Sold ${n},000 a week from the floor.;"
                "Checked in {m} guests a shift and solved what went wrong."
            ),
        ),
        Rung(
            split(
                "Inside Sales Representative; Account Coordinator; Customer Success Specialist; Patient Scheduler; Sales Development Representative"
            ),
            2,
            split("Salesforce; Cold calling; CRM; Scheduling; Email outreach; Negotiation; HubSpot"),
            split(
                "Booked {m} meetings a quarter, {n} percent over target.;"
                "Kept {m} accounts and renewed nine in ten.;"
                "Scheduled {m} patients a day over {n} specialties."
            ),
        ),
        Rung(
            split(
                "Account Executive; Medical Device Sales Representative; Territory Manager; Pharmaceutical Sales Representative; Physician Liaison"
            ),
            4,
            split(
                "Territory planning; Contract negotiation; Forecasting; Trade shows; Clinical selling; Public speaking"
            ),
            split(
                "Carried a ${n} million quota and beat it {y} years out of five.;"
                "Covered {m} clinics from Merced to Bakersfield.;"
                "Stood beside surgeons in {m} cases a month to support the implant."
            ),
        ),
        Rung(
            split("Regional Sales Manager; Director of Business Development; Call Center Manager; VP of Sales"),
            9,
            split("Sales coaching; Pipeline management; Hiring; Pricing; Budgeting"),
            split(
                "Led {n} representatives over three states to ${m} million.;"
                "Opened {n} new markets in {y} years.;"
                "Brought call waiting time from {n} minutes to one."
            ),
        ),
    ),
    employers=split(
        "Orchard Outfitters; Valley Auto Group; Meridian Medical Devices; Cedar Pharma; Sunbelt Solar Sales; Fig Garden Hotel;"
        "Brightleaf Software; Lumen Valley Telecom; Golden State Insurance; Vintner's Table; Pacific Orthopedics Supply;"
        "Sequoia Home Furnishings; Copper River Travel"
    ),
    schools=split(
        "California State University, Fresno; Fresno Pacific University; University of California, Santa Cruz; Clovis Community College;"
        "San Diego State University; College of the Sequoias; Grand Canyon University"
    ),
    degrees=(
        ("Bachelor of Arts", "Communication"),
        ("Bachelor of Science", "Marketing"),
        ("Associate Degree", "Business"),
        ("High School Diploma", "General"),
    ),
    certificates=split(
        "ServSafe; First Aid; Bilingual certified, Spanish; HubSpot Inbound; Salesforce Certified Associate; Salesforce Administrator; RHIA"
    ),
    skills=split("Communication; Customer service; Microsoft Office; Teamwork"),
    schooled=0.75,
)
