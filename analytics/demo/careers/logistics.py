from analytics.demo.careers.career import Career, Rung, split

LOGISTICS = Career(
    family="Supply chain",
    weight=13,
    ladder=(
        Rung(
            split("Warehouse Associate; Order Picker; Package Handler; Material Handler; Delivery Driver"),
            0,
            split("RF scanning; Pallet jack; Order picking; Loading; Inventory counts"),
            split(
                "Picked {m}0 lines a shift at {n} errors a month or fewer.;"
                "Loaded {n} trailers a night.;"
                "Counted controlled stock each week with no variance in {y} months."
            ),
        ),
        Rung(
            split(
                "Forklift Operator; CDL Driver, Class A; Inventory Clerk; Shipping and Receiving Clerk; Supply Technician; Medical Courier"
            ),
            1,
            split(
                "Forklift; CDL Class A; Reach truck; Cycle counting; SAP; Route planning; DOT compliance; Cold chain"
            ),
            split(
                "Drove {m}0,000 miles a year without a preventable accident.;"
                "Received and put away {m} pallets a day with SAP.;"
                "Carried specimens and blood between {n} clinics inside the temperature window.;"
                "Restocked {n} operating rooms before first case."
            ),
        ),
        Rung(
            split(
                "Dispatcher; Warehouse Lead; Logistics Coordinator; Buyer; Inventory Analyst; Sterile Processing Technician"
            ),
            4,
            split("Dispatching; Vendor negotiation; Excel; Oracle; Demand planning; Sterile processing; Lean"),
            split(
                "Sent out {m} drivers a day and kept on-time delivery above 97 percent.;"
                "Bought ${n} million of supplies a year and cut cost by {n} percent.;"
                "Processed {m} trays a day to AAMI standard."
            ),
        ),
        Rung(
            split("Warehouse Supervisor; Supply Chain Manager; Distribution Center Manager; Materials Manager"),
            8,
            split("Forecasting; Six Sigma; Labor planning; WMS rollout; Contracting; KPI reporting"),
            split(
                "Led {m} people over two shifts.;"
                "Rolled out a new WMS in {n} months and closed {n} side rooms.;"
                "Brought stock-outs in surgery from {n} a week to none."
            ),
        ),
    ),
    employers=split(
        "Central Valley Distribution; Golden Empire Freight; Pacific Crest Trucking; Harvest Cold Storage; Sunline Logistics;"
        "Roadrunner Parcel; Tule River Foods; Amity Medical Supply; Mid-State Grocers; Ridgeline Moving;"
        "Kings River Community Hospital; Blue Heron Packaging; Almond Growers Exchange"
    ),
    schools=split(
        "Fresno City College; Clovis Community College; Merced College; California State University, Bakersfield;"
        "Advanced Career Institute; Visalia Truck Driving School; Arizona State University"
    ),
    degrees=(
        ("Certificate", "Commercial Driving"),
        ("Associate Degree", "Logistics"),
        ("Bachelor of Science", "Supply Chain Management"),
        ("High School Diploma", "General"),
    ),
    certificates=split(
        "Forklift certified; First Aid; TWIC; CDL Class A; Hazmat endorsement; CRCST; Lean Six Sigma Green Belt; APICS CPIM"
    ),
    skills=split("Inventory control; Safety; Teamwork; Shift work"),
    schooled=0.55,
)
