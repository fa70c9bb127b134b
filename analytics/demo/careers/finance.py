from analytics.demo.careers.career import Career, Rung, split

FINANCE = Career(
    family="Finance",
    weight=12,
    ladder=(
        Rung(
            split("Bank Teller; Accounts Payable Clerk; Billing Clerk; Patient Access Representative; Bookkeeper"),
            0,
            split("Data entry; QuickBooks; Cash handling; 10-key; Customer service; Excel"),
            split(
                "Keyed {m} invoices a day with under {n} corrections a month.;"
                "Balanced a drawer of ${m},000 each night.;"
                "Checked coverage and collected copays for {m} patients a day."
            ),
        ),
        Rung(
            split(
                "Staff Accountant; Medical Coder; Payroll Specialist; Financial Analyst; Credit Analyst; Billing Specialist"
            ),
            2,
            split("GAAP; Month-end close; ICD-10; CPT; Payroll; Reconciliation; Pivot tables; Medicare billing"),
            split(
                "Closed {n} ledgers by the third working day.;"
                "Coded {m} charts a day at 97 percent accuracy.;"
                "Paid {m}0 employees under {n} union agreements every two weeks.;"
                "Brought denied claims down by {n} percent."
            ),
        ),
        Rung(
            split(
                "Senior Accountant; Revenue Cycle Analyst; Internal Auditor; Senior Financial Analyst; Tax Accountant"
            ),
            5,
            split("Financial modeling; Audit; Power BI; SOX; Workday; Cost reporting; Forecasting; SQL"),
            split(
                "Built the model behind a ${m} million bond.;"
                "Filed the Medicare cost report of {n} hospitals, on time each year.;"
                "Audited {n} departments a year and wrote what to change in plain words."
            ),
        ),
        Rung(
            split("Controller; Accounting Manager; Director of Revenue Cycle; Finance Manager; CFO"),
            10,
            split("Budgeting; Treasury; Team leadership; ERP migration; Board reporting; Negotiation"),
            split(
                "Led {m} people in billing and collections.;"
                "Took days in accounts receivable from {m} to {n}8.;"
                "Moved the general ledger to Workday in {y} months."
            ),
        ),
    ),
    employers=split(
        "Valley First Credit Union; San Joaquin Savings; Pinecrest Accounting; Westlands Insurance; Orchard Bank; Moreno and Finch CPAs;"
        "Sierra Crest Medical Center; Central Valley Payroll; Tulare County Treasurer; Golden Hills Mortgage;"
        "Mercy Vale Hospital; Almond Growers Exchange; Summit Benefits"
    ),
    schools=split(
        "California State University, Fresno; Fresno Pacific University; California State University, Stanislaus; University of the Pacific;"
        "San José State University; Bakersfield College; University of Phoenix"
    ),
    degrees=(
        ("Bachelor of Science", "Accounting"),
        ("Bachelor of Science", "Finance"),
        ("Associate Degree", "Business"),
        ("Certificate", "Medical Billing and Coding"),
        ("Master of Business Administration", "Finance"),
    ),
    certificates=split(
        "Notary Public; QuickBooks Certified; Bookkeeping Certificate; CPC; Certified Payroll Professional; Enrolled Agent; CIA; CMA; CPA"
    ),
    skills=split("Excel; Accuracy; Confidentiality; Reporting"),
)
