from analytics.demo.careers.career import Career, Rung, split

TRADES = Career(
    family="Facilities and trades",
    weight=14,
    ladder=(
        Rung(
            split("Maintenance Helper; Electrical Apprentice; HVAC Apprentice; Plumber's Apprentice; Groundskeeper"),
            0,
            split("Hand tools; Power tools; Painting; Basic wiring; Ladder safety; Preventive maintenance"),
            split(
                "Worked under a journeyman on {m} service calls a month.;"
                "Pulled wire and bent conduit on a {n}-storey medical office building.;"
                "Kept {m} air handlers filtered and belted to schedule."
            ),
        ),
        Rung(
            split(
                "Electrician; HVAC Technician; Plumber; Welder; Facilities Technician; Carpenter; Maintenance Mechanic"
            ),
            3,
            split(
                "Conduit bending; Blueprint reading; Refrigerant recovery; MIG welding; NEC; Soldering; Motor controls; PLC"
            ),
            split(
                "Wired {m} exam rooms to hospital grade, passed on first inspection.;"
                "Found and fixed faults in chillers up to {m}0 tons.;"
                "Welded stainless pipe for food and pharmacy lines.;"
                "Answered {n} emergency calls a week on rotation."
            ),
        ),
        Rung(
            split(
                "Journeyman Electrician; Senior HVAC Technician; Stationary Engineer; Biomedical Equipment Technician; Lead Carpenter"
            ),
            6,
            split("Building automation; High voltage; Boilers; Medical gas; OSHPD; Generator testing; CMMS"),
            split(
                "Ran the boiler plant and emergency generators of a {m}0-bed hospital.;"
                "Kept {m}0 infusion pumps and monitors calibrated.;"
                "Led {n} apprentices; three have their card now."
            ),
        ),
        Rung(
            split("Maintenance Supervisor; Construction Foreman; Chief Engineer; Facilities Manager"),
            11,
            split("Project scheduling; Vendor management; OSHA compliance; Estimating; Crew leadership"),
            split(
                "Led a crew of {m} across {n} sites.;"
                "Delivered a ${n} million remodel {n} days early.;"
                "Passed state fire and life safety surveys {y} years in a row."
            ),
        ),
    ),
    employers=split(
        "Valley Mechanical; Sierra Electric; Tri-County Plumbing; Foothill HVAC; San Joaquin Builders; Bautista and Sons Welding;"
        "Central Facilities Group; Ironwood Construction; Clovis Unified Maintenance; Kings County Public Works;"
        "Westside Refrigeration; Oak Flat Solar; Saint Isidore Hospital; Valley Oaks Hospital"
    ),
    schools=split(
        "Fresno City College; Reedley College; IBEW Local Training Center; San Joaquin Valley College; Institute of Technology, Clovis;"
        "Merced College; Job Corps Treasure Island"
    ),
    degrees=(
        ("Certificate", "Electrical Systems"),
        ("Certificate", "HVAC and Refrigeration"),
        ("Apprenticeship", "Plumbing"),
        ("Associate Degree", "Construction Management"),
        ("Certificate", "Welding Technology"),
    ),
    certificates=split(
        "OSHA 10; Forklift certified; First Aid; EPA 608 Universal; AWS Certified Welder; OSHA 30; California Journeyman Electrician; CBET"
    ),
    skills=split("Preventive maintenance; Safety; Troubleshooting; Work orders"),
    schooled=0.6,
)
