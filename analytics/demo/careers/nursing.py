from analytics.demo.careers.career import Career, Rung, split

NURSING = Career(
    family="Nursing",
    weight=34,
    ladder=(
        Rung(
            split("Certified Nursing Assistant; Patient Care Technician; Nurse Extern; CNA, Med-Surg"),
            0,
            split("Vital signs; Patient transfers; Phlebotomy; ADL assistance; Infection control"),
            split(
                "Took vital signs and reported changes to the charge nurse for a panel of {n} patients a shift.;"
                "Helped patients bathe, eat and move safely; no falls in {y} months.;"
                "Stocked crash carts and isolation rooms on a {n}-bed unit.;"
                "Drew blood for up to {n} patients a morning."
            ),
        ),
        Rung(
            split(
                "Registered Nurse, Med-Surg; RN, Telemetry; Staff Nurse; Registered Nurse, Emergency Department;"
                "RN, Labor and Delivery; Registered Nurse, Oncology; New Graduate RN"
            ),
            2,
            split("Telemetry; IV therapy; Medication administration; Epic; Wound care; Patient education; Triage"),
            split(
                "Cared for {n} patients a shift on a {m}-bed telemetry unit with Epic charting.;"
                "Gave and documented medication with barcode scanning; no reportable error in {y} years.;"
                "Taught families wound care and discharge plans in English and Spanish.;"
                "Triaged walk-ins in an emergency department that sees {m} patients a day.;"
                "Precepted {n} new graduate nurses."
            ),
        ),
        Rung(
            split(
                "ICU Nurse; RN, Cardiovascular ICU; CVICU Nurse; Registered Nurse, NICU; PACU Nurse; Cath Lab RN; Flight Nurse"
            ),
            4,
            split(
                "Critical care; Ventilator management; CRRT; ECMO; IABP; Hemodynamic monitoring; Cardiac surgery recovery; ACLS"
            ),
            split(
                "Recovered open-heart patients in a {m}-bed cardiovascular ICU, one to two patients a shift.;"
                "Managed ventilators, CRRT and balloon pumps; joined the ECMO team after {n} months.;"
                "Wrote the unit's sedation guide, which cut ventilator days by {n} percent.;"
                "Floated to PACU and step-down when census asked for it."
            ),
        ),
        Rung(
            split("Charge Nurse, ICU; Clinical Nurse Educator; Nurse Practitioner; Case Manager, RN; House Supervisor"),
            8,
            split(
                "Staff scheduling; Preceptorship; Quality improvement; Case management; Discharge planning; Rapid response"
            ),
            split(
                "Ran a {m}-bed unit as charge nurse for {n} nurses a shift.;"
                "Taught {m} nurses a year in critical care classes.;"
                "Led rapid response calls on nights and weekends.;"
                "Cut central line infections by {n} percent in one year with a new bundle."
            ),
        ),
        Rung(
            split("Nurse Manager, Critical Care; Director of Nursing; Chief Nursing Officer"),
            14,
            split("Budgeting; Magnet accreditation; Labor relations; Joint Commission readiness; Hiring"),
            split(
                "Led {m} nurses across two units with a budget of ${n} million.;"
                "Filled {m} openings in {y} months and brought turnover down by {n} percent.;"
                "Prepared the hospital for two Joint Commission surveys without a finding."
            ),
        ),
    ),
    employers=split(
        "Sierra Crest Medical Center; Valley Oaks Hospital; San Joaquin Regional Medical Center; Kings River Community Hospital;"
        "Pacific Ridge Children's Hospital; Mercy Vale Hospital; Orchard Park Medical Center; Delta View Hospital;"
        "Golden State University Hospital; Saint Isidore Hospital; Tehachapi Memorial; Redwood Coast Health;"
        "Cedarbrook Surgical Center; Bright Harbor Home Health; Manzanita Skilled Nursing; AirLift Valley; Laurel Hospice"
    ),
    schools=split(
        "California State University, Fresno; Fresno City College; College of the Sequoias; San Joaquin Valley College;"
        "University of San Francisco; Samuel Merritt University; University of the East, Manila; Bakersfield College;"
        "Sacramento State; Chamberlain University"
    ),
    degrees=(
        ("Bachelor of Science", "Nursing"),
        ("Associate Degree", "Nursing"),
        ("Master of Science", "Nursing"),
        ("Certificate", "Nursing Assistant"),
    ),
    certificates=split("BLS; CPR; CNA, California; RN, California; ACLS; PALS; NIHSS; TNCC; CEN; CCRN"),
    skills=split("Patient care; BLS; Cerner; Documentation; HIPAA; Communication"),
)
