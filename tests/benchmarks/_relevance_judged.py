"""Abbreviations and names as recruiters type them, each with people who are meant, written by hand.

`title; skill, skill`. Distractors share letters or words with the queries and are meant by none of them.
"""

JUDGED = {
    "RN": ["Registered Nurse", "RN, Emergency", "Staff Nurse – Oncology", "Registered Nurse (Nights)", "Travel RN"],
    "registered nurse": ["RN", "RN Case Manager", "Registered nurse, ICU", "Staff nurse"],
    "LPN": ["Licensed Practical Nurse", "LPN II", "LVN", "Licensed Vocational Nurse, Clinic"],
    "CNA": ["Certified Nursing Assistant", "CNA – Memory Care", "Nursing Assistant", "Nurse Aide"],
    "NP": ["Nurse Practitioner", "Family Nurse Practitioner", "NP, Urgent Care"],
    "physical therapist": ["Physiotherapist", "PT, DPT", "Physical Therapist II", "Outpatient physical therapist"],
    "OT": ["Occupational Therapist", "OT – Pediatrics", "Occupational therapist, hand clinic"],
    "SLP": ["Speech Language Pathologist", "Speech Therapist", "SLP-CCC"],
    "EMT": ["Emergency Medical Technician", "EMT Basic", "Ambulance Technician"],
    "SWE": ["Software Engineer", "Software Developer", "Senior SWE", "Sr. Software Engineer, Payments", "Programmer"],
    "SDE": ["Software Development Engineer", "SDE II", "Software engineer", "Software Developer"],
    "SRE": ["Site Reliability Engineer", "SRE Lead", "Senior Site Reliability Engineer"],
    "QA engineer": ["Quality Assurance Engineer", "QA Engineer", "Software Tester", "QA Analyst"],
    "DBA": ["Database Administrator", "Oracle DBA", "Senior database administrator"],
    "sysadmin": ["System Administrator", "Linux Sysadmin", "Systems Administrator"],
    "UX designer": ["User Experience Designer", "UX Designer", "Product Designer", "Interaction Designer"],
    "k8s": ["Platform lead; Kubernetes, Helm", "Developer; k8s", "Engineer; Kubernetes administration"],
    "kubernetes": ["Operations; k8s, Linux", "Engineer; Kubernetes"],
    "JS developer": ["JavaScript Developer", "JS Developer", "Senior JavaScript developer"],
    "golang": ["Backend engineer; Go, gRPC", "Golang Developer"],
    "ML engineer": ["Machine Learning Engineer", "ML Engineer", "AI Engineer"],
    "NLP": ["Researcher; Natural language processing", "Linguist; NLP"],
    "AWS": ["Cloud engineer; Amazon Web Services", "Architect; AWS"],
    "CPA": ["Certified Public Accountant", "Senior Accountant, CPA", "Tax Manager (CPA)"],
    "CFA": ["Portfolio Analyst, CFA", "Equity research; Chartered Financial Analyst"],
    "FP&A": ["FP&A Manager", "Director, Financial Planning and Analysis", "Financial Planning & Analysis Lead"],
    "accounts payable": ["AP Specialist", "Accounts Payable Clerk", "AP Clerk"],
    "AR": ["Accounts Receivable Specialist", "AR Clerk", "Accounts receivable lead"],
    "CFO": ["Chief Financial Officer", "CFO", "Finance Director"],
    "CTO": ["Chief Technology Officer", "CTO & Co-founder"],
    "HR manager": ["Human Resources Manager", "HR Manager", "People Manager"],
    "HRBP": ["HR Business Partner", "People Partner", "Human Resources Business Partner"],
    "recruiter": ["Talent Acquisition Specialist", "Technical Recruiter", "Recruitment Consultant", "Talent Partner"],
    "SDR": ["Sales Development Representative", "BDR", "Business Development Representative", "SDR – EMEA"],
    "AE": ["Account Executive", "Enterprise Account Executive", "Application Engineer"],
    "CSM": ["Customer Success Manager", "CSM, Strategic Accounts", "Scrum Master, CSM"],
    "CSR": ["Customer Service Representative", "CSR", "Call Center Agent"],
    "PM": ["Product Manager", "Project Manager", "Program Manager", "Senior PM"],
    "PMP": ["Project Management Professional", "Construction lead, PMP"],
    "executive assistant": ["EA to the CEO", "Executive Assistant", "Executive Secretary"],
    "truck driver": ["HGV Driver", "CDL Driver", "Lorry Driver", "OTR Truck Driver", "Lkw-Fahrer"],
    "CDL": ["Driver; Commercial Driver's License", "CDL A Driver", "Hauler; Class A License"],
    "HGV driver": ["Truck Driver", "LGV Driver", "HGV Driver Class 1", "Lorry driver"],
    "forklift operator": ["Forklift Driver", "Reach Truck Operator", "FLT Driver", "Forklift operator, nights"],
    "HVAC": ["HVAC Installer", "Heating, Ventilation and Air Conditioning Mechanic", "Heating and Cooling Technician"],
    "CNC machinist": ["CNC Operator", "CNC Machinist", "CNC Programmer"],
    "PLC": ["Controls Engineer; PLC, SCADA", "Automation; Programmable Logic Controllers"],
    "CAD": ["Drafter; Computer-Aided Design", "CAD Designer", "Engineer; AutoCAD"],
    "electrician": ["Elektriker", "Journeyman Electrician", "Electrical Technician"],
    "EHS": ["Environment, Health and Safety Lead", "HSE Officer", "EHS Specialist"],
    "lawyer": ["Attorney at Law", "Solicitor", "Corporate Counsel", "Lawyer, M&A", "Rechtsanwalt"],
    "teacher": ["Lehrer", "Teacher of Mathematics", "Educator", "Secondary School Teacher"],
    "ESL teacher": ["ESL Teacher", "English as a Second Language Teacher", "EFL Teacher"],
    "estate agent": ["Realtor", "Real Estate Agent", "Real Estate Broker", "Estate Agent"],
    "R&D": ["R&D Engineer", "Research and Development Scientist"],
    "waiter": ["Waitress", "Kellner", "Waiter, fine dining", "Restaurant server"],
    "flight attendant": ["Cabin Crew", "Flight Attendant", "Air Steward"],
}

DISTRACTORS = (
    """
Nursery Worker|Nurse Recruiter|Veterinary Nurse Student|Dental Office Lead|Physical Education Coach|Therapy Dog Handler
Occupational Health Lawyer's Clerk|Speech Writer|Emergency Planner|Software Sales|Software License Buyer|Site Foreman
Reliability of Supply Analyst|Quality Controller, Paint|Database Salesperson|System Theory Lecturer|Experience Host
Go-kart Mechanic|Script Supervisor|Language School Receptionist|Washing Machine Fitter|Web Offset Printer|Public Speaker
Certified Arborist|Chartered Boat Skipper|Accounts of the Past Historian|Receivable Yard Hand|Financial Press Editor
Chief of Kitchen|Technology Transfer Secretary|Human Anatomy Model|Resource Planner, Mining|Talent Show Host|Sales Assistant
Account of Travels Author|Success Coach|Customer Parking Attendant|Project Archivist|Executive Chef's Helper|Truck Painter
Commercial Artist|Heavy Goods Insurer|Forklift Salesman|Heating Oil Trader|Air Traffic Planner|Logic Teacher|Aided Learning Tutor
Electrical Goods Seller|Health Food Cook|Law Librarian|School Bus Cleaner|English Literature Critic|Estate Gardener
Research Librarian|Development Economist|Dining Car Builder|Flight Simulator Builder|Cabin Carpenter|Driver Developer; C
Device driver engineer; Linux|Train Driver|Registered Patent Clerk|Practical Effects Artist|Machine Translation Editor
""".strip()
    .replace("\n", "|")
    .split("|")
)
