"""Names of many cultures, as the people of one American city carry them.

Each culture lists given and family names as written in Latin letters; where its people also write another script, the
same name follows after a bar. A résumé often carries the one and a form the other, which is what makes them good tests
of display, sorting and matching. Names are common ones, drawn independently: a match with somebody real is chance.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True)
class Culture:
    name: str
    weight: int
    given: tuple[str, ...]
    family: tuple[str, ...]
    languages: tuple[str, ...] = ()
    family_first: bool = False  # in its own script
    joins: str = " "  # between the parts in its own script
    double_family: bool = False


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


@cache
def cultures() -> tuple[Culture, ...]:
    return tuple(
        Culture(name, weight, _names(given), _names(family), _names(languages), **options)
        for name, weight, languages, given, family, options in _CULTURES
    )


def latin(name: str) -> str:
    return name.partition("|")[0]


def native(name: str) -> str:
    return name.partition("|")[2]


_CULTURES: tuple[tuple[str, int, str, str, str, dict[str, Any]], ...] = (
    (
        "American",
        30,
        "",
        "Emily, Michael, Jessica, Christopher, Ashley, Joshua, Sarah, David, Amanda, Daniel, Megan, Robert, Katherine, "
        "Andrew, Rebecca, Thomas, Elizabeth, William, Jennifer, Matthew, Nicole, Anthony, Laura, Steven, Rachel, "
        "Benjamin, Hannah, Tyler, Samantha, Gregory, Margaret, Patrick, Alexandra, Timothy, Victoria, Jonathan, "
        "Deborah, Kenneth, Susan, Brandon",
        "Johnson, Williams, Brown, Miller, Davis, Wilson, Anderson, Taylor, Thomas, Moore, Jackson, Thompson, White, "
        "Harris, Clark, Lewis, Robinson, Walker, Hall, Allen, Wright, Baker, Nelson, Carter, Mitchell, Roberts, "
        "Turner, Phillips, Campbell, Parker, Evans, Edwards, Collins, Stewart, Morris, Rogers, Bailey, Cooper, "
        "Richardson, Brooks, Hawkins, Whitfield, Ellsworth, Prescott, Lindgren, Vandermeer, Ashworth, Holloway",
        {},
    ),
    (
        "Hispanic",
        22,
        "Spanish",
        "María, José, Lucía, Carlos, Guadalupe, Juan, Sofía, Luis, Valentina, Miguel, Camila, Jesús, Ximena, Alejandro, "
        "Daniela, Javier, Gabriela, Diego, Isabel, Rubén, Rosalía, Andrés, Marisol, Ángel, Ana Paula, Héctor, "
        "María Fernanda, Iván, Yolanda, Óscar",
        "García, Hernández, Martínez, López, González, Pérez, Rodríguez, Sánchez, Ramírez, Flores, Méndez, Arroyo, "
        "Castillo, Núñez, Peña, Ibáñez, Ortiz, Gutiérrez, Vásquez, Domínguez, Fuentes, Villalobos, Montoya, Zúñiga, "
        "Aguilar, Quiñones, de la Cruz, Escobedo, Salazar, Treviño",
        {"double_family": True},
    ),
    (
        "Filipino",
        8,
        "Tagalog",
        "Maricel, Jhon Mark, Rowena, Arnel, Cherry Mae, Jerome, Liezel, Rodel, Maria Cristina, Ramil, Jocelyn, Dennis, "
        "Analyn, Joselito, Kristine Joy, Reynaldo, Princess, Ferdinand, Lorna, Edgardo",
        "Santos, Reyes, Dela Cruz, Bautista, Ocampo, Mendoza, Tolentino, Villanueva, Manalo, Pangilinan, Dimaculangan, "
        "Macapagal, Catacutan, Magsaysay, Evangelista, Baltazar, Salonga, Panganiban, Lacsamana, Agbayani",
        {},
    ),
    (
        "Indian",
        7,
        "Hindi, Punjabi",
        "Priya|प्रिया, Rahul|राहुल, Ananya|अनन्या, Arjun|अर्जुन, Deepika|दीपिका, Vikram|विक्रम, Kavita|कविता, Sanjay|संजय, "
        "Neha|नेहा, Rajesh|राजेश, Harpreet|हरप्रीत, Gurpreet|गुरप्रीत, Meera|मीरा, Amit|अमित, Sunita|सुनीता, Nikhil|निखिल",
        "Sharma|शर्मा, Patel|पटेल, Singh|सिंह, Gupta|गुप्ता, Reddy|रेड्डी, Kaur|कौर, Iyer|अय्यर, Mehta|मेहता, "
        "Chatterjee|चटर्जी, Nair|नायर, Gill|गिल, Desai|देसाई, Kulkarni|कुलकर्णी, Banerjee|बनर्जी, Joshi|जोशी, Rao|राव",
        {},
    ),
    (
        "Chinese",
        6,
        "Mandarin",
        "Wei|伟, Fang|芳, Min|敏, Jing|静, Li|丽, Qiang|强, Lei|磊, Yang|洋, Yan|艳, Xiuying|秀英, Zihan|梓涵, Haoran|浩然, "
        "Yuxuan|宇轩, Meiling|美玲, Jianguo|建国, Xiaoming|小明",
        "Wang|王, Li|李, Zhang|张, Liu|刘, Chen|陈, Yang|杨, Huang|黄, Zhao|赵, Wu|吴, Zhou|周, Xu|徐, Sun|孙, Ma|马, "
        "Zhu|朱, Hu|胡, Guo|郭, He|何, Lin|林, Gao|高, Luo|罗, Ouyang|欧阳",
        {"family_first": True, "joins": ""},
    ),
    (
        "Vietnamese",
        5,
        "Vietnamese",
        "Thị Hương, Văn Minh, Thanh Thảo, Quốc Anh, Ngọc Lan, Đức Huy, Bích Ngọc, Hoàng Nam, Thùy Linh, Tuấn Kiệt, "
        "Kim Chi, Bảo Long, Mỹ Duyên, Xuân Trường",
        "Nguyễn, Trần, Lê, Phạm, Huỳnh, Phan, Vũ, Võ, Đặng, Bùi, Đỗ, Hồ, Ngô, Dương",
        {},
    ),
    (
        "Korean",
        3,
        "Korean",
        "Minjun|민준, Seoyeon|서연, Jihoon|지훈, Jiwoo|지우, Hyejin|혜진, Donghyun|동현, Soomin|수민, Yuna|유나, "
        "Sungho|성호, Eunji|은지, Taeyang|태양, Haneul|하늘",
        "Kim|김, Lee|이, Park|박, Choi|최, Jung|정, Kang|강, Cho|조, Yoon|윤, Jang|장, Lim|임, Han|한, Namgung|남궁",
        {"family_first": True, "joins": ""},
    ),
    (
        "Japanese",
        2,
        "Japanese",
        "Haruto|陽翔, Yui|結衣, Sota|颯太, Hina|陽菜, Kenji|健二, Sakura|さくら, Takumi|匠, Aiko|愛子, Daiki|大輝, Naomi|直美",
        "Sato|佐藤, Suzuki|鈴木, Takahashi|高橋, Tanaka|田中, Watanabe|渡辺, Ito|伊藤, Yamamoto|山本, Nakamura|中村, "
        "Kobayashi|小林, Kato|加藤, Hasegawa|長谷川",
        {"family_first": True, "joins": " "},
    ),
    (
        "Arabic",
        4,
        "Arabic",
        "Fatima|فاطمة, Mohammed|محمد, Aisha|عائشة, Omar|عمر, Layla|ليلى, Youssef|يوسف, Noor|نور, Khalid|خالد, "
        "Mariam|مريم, Hassan|حسن, Abdulrahman|عبد الرحمن, Rania|رانيا",
        "Al-Masri|المصري, Haddad|حداد, Khoury|خوري, El-Sayed|السيد, Mansour|منصور, Nasser|ناصر, Al-Hashimi|الهاشمي, "
        "Saleh|صالح, Darwish|درويش, Abdelrahman|عبد الرحمن, Ibrahim|إبراهيم, Qasim|قاسم",
        {},
    ),
    (
        "Nigerian",
        4,
        "Yoruba, Igbo",
        "Femi, Chinedu, Ngozi, Oluwaseun, Adaeze, Babatunde, Ifeoma, Emeka, Folasade, Chukwuemeka, Temitope, Obinna, "
        "Oluwadamilola, Nneka",
        "Adebayo, Okafor, Okonkwo, Balogun, Eze, Adeyemi, Nwosu, Oyelaran, Chukwu, Ogunleye, Onyekachukwu, Afolabi, "
        "Olusegun, Nwachukwu",
        {},
    ),
    (
        "Slavic",
        4,
        "Ukrainian, Russian",
        "Olena|Олена, Dmytro|Дмитро, Natalia|Наталія, Serhii|Сергій, Iryna|Ірина, Andrii|Андрій, Yuliia|Юлія, "
        "Oleksandr|Олександр, Svitlana|Світлана, Mykola|Микола, Kateryna|Катерина, Volodymyr|Володимир",
        "Shevchenko|Шевченко, Kovalenko|Коваленко, Bondarenko|Бондаренко, Tkachenko|Ткаченко, Kravchuk|Кравчук, "
        "Oliinyk|Олійник, Lysenko|Лисенко, Moroz|Мороз, Rudenko|Руденко, Savchenko|Савченко, Petrenko|Петренко",
        {},
    ),
    (
        "Greek",
        1,
        "Greek",
        "Eleni|Ελένη, Giorgos|Γιώργος, Maria|Μαρία, Konstantinos|Κωνσταντίνος, Katerina|Κατερίνα, Nikos|Νίκος, "
        "Aikaterini|Αικατερίνη",
        "Papadopoulos|Παπαδόπουλος, Georgiou|Γεωργίου, Nikolaidis|Νικολαΐδης, Vlachos|Βλάχος, "
        "Papakonstantinou|Παπακωνσταντίνου, Karagiannis|Καραγιάννης",
        {},
    ),
    (
        "Armenian",
        2,
        "Armenian",
        "Anahit|Անահիտ, Tigran|Տիգրան, Lusine|Լուսինե, Hayk|Հայկ, Narine|Նարինե, Armen|Արմեն, Gayane|Գայանե, Vahan|Վահան",
        "Petrosyan|Պետրոսյան, Harutyunyan|Հարությունյան, Sargsyan|Սարգսյան, Hovhannisyan|Հովհաննիսյան, Grigoryan|Գրիգորյան, "
        "Karapetyan|Կարապետյան",
        {},
    ),
    (
        "Ethiopian",
        1,
        "Amharic",
        "Selamawit|ሰላማዊት, Dawit|ዳዊት, Hiwot|ህይወት, Bekele|በቀለ, Meseret|መሰረት, Yohannes|ዮሐንስ",
        "Tadesse|ታደሰ, Bekele|በቀለ, Haile|ኃይሌ, Alemu|አለሙ, Gebremariam|ገብረማርያም, Tesfaye|ተስፋዬ",
        {},
    ),
    (
        "Thai",
        1,
        "Thai",
        "Somchai|สมชาย, Siriporn|ศิริพร, Nattapong|ณัฐพงษ์, Kanokwan|กนกวรรณ, Pimchanok|พิมพ์ชนก",
        "Srisawat|ศรีสวัสดิ์, Wongsawat|วงศ์สวัสดิ์, Chaiyaphum|ชัยภูมิ, Rattanakosinkul|รัตนโกสินทร์กุล, Thammaraksa|ธรรมรักษา",
        {},
    ),
    (
        "Tamil",
        1,
        "Tamil",
        "Kavitha|கவிதா, Senthil|செந்தில், Lakshmi|லட்சுமி, Karthik|கார்த்திக், Meenakshi|மீனாட்சி",
        "Balasubramaniam|பாலசுப்பிரமணியம், Venkataraghavan|வெங்கடராகவன், Sivakumar|சிவகுமார், "
        "Thiruvengadam|திருவேங்கடம், Krishnamurthy|கிருஷ்ணமூர்த்தி",
        {},
    ),
    (
        "Hmong",
        3,
        "Hmong",
        "Mai, Pao, Chue, Yer, Kao Nou, Tou, Pa Houa, Xeng, Bao, Fue",
        "Vang, Xiong, Yang, Lor, Thao, Moua, Her, Vue, Lee, Cha",
        {},
    ),
    (
        "Portuguese",
        2,
        "Portuguese",
        "João, Conceição, António, Fátima, Rui, Inês, Luís, Graça, Maria da Luz, Tomás",
        "Silva, Ferreira, Gonçalves, de Sousa, Simões, Magalhães, Brandão, Avelar, dos Santos Pereira, Araújo",
        {"double_family": True},
    ),
    (
        "Polish and Czech",
        2,
        "Polish",
        "Agnieszka, Krzysztof, Małgorzata, Łukasz, Zbigniew, Jiří, Kateřina, Wojciech, Žaneta, Bogusława",
        "Wiśniewska, Dąbrowski, Szczęsny, Brzęczyszczykiewicz, Wójcik, Dvořák, Černý, Błaszczyk, Němcová, Zieliński",
        {},
    ),
    (
        "Irish",
        3,
        "",
        "Siobhán, Seán, Aoife, Cormac, Niamh, Eoin, Gráinne, Tadhg, Caoimhe, Ciarán, Máire, Pádraig",
        "O'Brien, Ó Súilleabháin, Murphy, O'Connor, Fitzgerald, Mac Giolla Phádraig, Gallagher, McCarthy, Doyle, "
        "Ní Dhomhnaill, Byrne, Kavanagh",
        {},
    ),
    (
        "Hawaiian and Samoan",
        1,
        "Samoan",
        "Leilani, Keanu, Kalani, Noelani, Sina, Tavita, Kekoa, Mahealani",
        "Kahananui, Kealoha, Tuiasosopo, Keihanaikukauakahihuliheekahaunaele, Faleomavaega, Makuakāne, Leiataua",
        {},
    ),
    (
        "Persian",
        2,
        "Persian",
        "Shirin|شیرین, Reza|رضا, Nasrin|نسرین, Arash|آرش, Parisa|پریسا, Kaveh|کاوه, Mahsa|مهسا, Dariush|داریوش",
        "Ahmadi|احمدی, Hosseini|حسینی, Karimi|کریمی, Rostami|رستمی, Tehrani|تهرانی, Mohammadzadeh|محمدزاده, Shirazi|شیرازی",
        {},
    ),
    (
        "Nordic and German",
        2,
        "German",
        "Jürgen, Ingrid, Björn, Åsa, Sigríður, Søren, Anneliese, Þorsteinn, Käthe, Göran",
        "Müller, Großmann, Jónsdóttir, Bergström, Sørensen, Schröder, Ångström, von und zu Hohenfels, Kjærgaard, "
        "Weißenborn",
        {},
    ),
    (
        "Hebrew",
        1,
        "Hebrew",
        "Tamar|תמר, Yonatan|יונתן, Noa|נועה, Avraham|אברהם, Shira|שירה, Eitan|איתן",
        "Cohen|כהן, Levi|לוי, Mizrahi|מזרחי, Peretz|פרץ, Shapira|שפירא, Ben-David|בן-דוד",
        {},
    ),
)
