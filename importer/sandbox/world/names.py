"""Given and family names from many places; plain data, in a fixed order.

The order is part of the fixture world: a name added in the middle changes who is who. Everyone is invented.
"""

# Two lines a culture: given names, then family names. "_" is a space inside a name.
_CULTURES = """
Emma Noah Olivia Mason Ava Logan Grace Wyatt Hannah Carter Abigail Tyler
Walker Bennett Hughes Foster Coleman Barnes Griffin Hayes Sullivan Porter Wallace Ford
Oliver Amelia Harry Isla George Poppy Alfie Florence Rupert Beatrice Hugo Imogen
Thornton Ashworth Whitaker Holloway Pembroke Fairclough Winslow Hartley Langley Radcliffe Sedgwick Marlowe
Aoife Cian Niamh Oisín Saoirse Fionn Róisín Eoin Ciara Declan Gráinne Tadhg
Murphy Kelleher Gallagher Brennan Doherty Keane Ní_Dhomhnaill Lynch Fitzgerald Quinn Healy Nolan
Lukas Anna Jonas Lena Felix Mia Jürgen Käthe Matthias Greta Björn Ursula
Schneider Weiß Hoffmann Krüger Vogel Jäger Brandt Lehmann Schröder Köhler Baumann Seidel
Camille Théo Élodie Antoine Chloé Mathis Hélène Rémi Manon Gaëtan Inès Lucien
Dubois Lefèvre Moreau Girard Fournier Rousseau Lambert Mercier Blanchard Perrin Delacroix Noël
Lucía Mateo Sofía Diego Martina Javier Carmen Álvaro Pilar Íñigo Rocío Gonzalo
García Fernández Ruiz Navarro Iglesias Ortega Santos Cano Peña Vidal Rubio Medina
João Beatriz Tiago Inês Rafael Larissa Caio Mariana Thiago Luana Vinícius Débora
Almeida Carvalho Ribeiro Teixeira Nogueira Barbosa Moura Figueiredo Assunção Pires Fonseca Queiroz
Giulia Matteo Chiara Lorenzo Francesca Davide Alessia Federico Noemi Niccolò Ilaria Tommaso
Rossi Ferrari Bianchi Romano Gallo Conti Marini Greco Bruno Caputo Lombardi Moretti
Zofia Łukasz Agnieszka Paweł Katarzyna Michał Małgorzata Grzegorz Joanna Tomasz Ewa Krzysztof
Kowalczyk Wiśniewska Wójcik Kamińska Lewandowski Zielińska Szymański Dąbrowska Kozłowski Mazur Krawczyk Pawlak
Jana Tomáš Tereza Jakub Lucie Ondřej Markéta Jiří Zuzana Vojtěch Adéla Radek
Nováková Svoboda Dvořák Černá Procházka Kučerová Veselý Horáková Němec Marková Pospíšil Hájek
Eszter Bence Réka Gergő Zsófia Máté Ágnes Balázs Ildikó Zoltán Orsolya Csaba
Nagy Kovács Tóth Szabó Horváth Varga Kiss Molnár Farkas Balogh Papp Lakatos
Astrid Erik Freja Magnus Sigrid Lars Linnea Axel Solveig Henrik Maja Torbjørn
Lindström Haugen Nilsson Dahl Bergström Østergaard Holm Sandberg Lund Kjær Ekström Vestergaard
Aino Mikko Sanna Eero Helmi Juhani Päivi Antti Kaisa Väinö Liisa Timo
Korhonen Virtanen Mäkinen Nieminen Laine Hämäläinen Koskinen Järvinen Lehtonen Saarinen Salminen Rantala
Olena Andriy Iryna Taras Kateryna Bohdan Oksana Danylo Halyna Yaroslav Nadia Maksym
Shevchenko Kovalenko Bondarenko Tkachenko Kravchuk Melnyk Lysenko Rudenko Savchenko Petrenko Moroz Hrytsenko
Eleni Nikos Katerina Giorgos Despina Yannis Anastasia Spyros Ioanna Thanasis Fotini Kostas
Papadopoulos Georgiou Nikolaidis Vlahos Antoniou Stavrou Makris Karras Economou Kyriakou Zervas Pappas
Elif Emre Zeynep Burak Ayşe Mert Defne Kerem Gülşah Onur Selin Tolga
Yılmaz Demir Şahin Çelik Aydın Öztürk Arslan Doğan Koç Güneş Yıldız Aksoy
Layla Omar Fatima Youssef Salma Khalid Nour Tariq Rania Ziad Huda Sami
Haddad Al-Masri Nasser Khoury Mansour Abdallah Farouk Saleh El-Amin Hamdan Zaki Bakri
Shirin Reza Parisa Arash Niloufar Kaveh Yasmin Babak Leila Dariush Mahsa Siavash
Hosseini Karimi Rahimi Moradi Sadeghi Jafari Tehrani Farahani Shirazi Azadi Ebrahimi Kermani
Noa Eitan Tamar Yonatan Shira Avi Michal Gilad Yael Ariel Hadas Oren
Cohen Levi Mizrahi Peretz Friedman Shapira Azoulay Katz Ben-David Golan Rosen Barak
Aarav Ananya Vikram Kavya Rohan Isha Arjun Meera Nikhil Pooja Siddharth Neha
Sharma Verma Mehta Kapoor Malhotra Joshi Agarwal Chopra Bhatia Saxena Trivedi Deshpande
Karthik Lakshmi Arun Divya Suresh Padma Ravi Anjali Ganesh Vidya Harish Revathi
Iyer Nair Reddy Subramaniam Krishnan Menon Pillai Rao Venkatesan Chandran Murthy Gopal
Ayesha Bilal Sana Hamza Farah Imran Zara Usman Nadia Kamal Rukhsana Tahir
Khan Malik Chaudhry Ahmed Siddiqui Rahman Hossain Qureshi Mirza Akhtar Chowdhury Baig
Wei Mei Jun Li Hao Xiu Ming Yan Jing Lei Hui Fang
Chen Wang Zhang Liu Huang Zhou Xu Lin Zheng Guo Tang Feng
Haruto Yui Ren Sakura Sota Hina Kenji Aiko Daichi Emi Takumi Naoko
Sato Suzuki Takahashi Tanaka Watanabe Ito Nakamura Kobayashi Yoshida Kimura Inoue Shimizu
Min-jun Seo-yeon Ji-ho Ha-eun Dong-hyun Soo-jin Tae-yang Yuna Hyun-woo Eun-ji Joon Bora
Kim Park Lee Choi Jung Kang Cho Yoon Jang Lim Han Shin
Linh Minh Thảo Quang Hương Tuấn Ngọc Đức Lan Phúc Mai Sơn
Nguyễn Trần Lê Phạm Hoàng Huỳnh Võ Đặng Bùi Đỗ Hồ Ngô
Somchai Malee Anong Krit Ploy Niran Siriporn Thanawat Kanya Prasert Dao Wichai
Srisai Chaiyasit Wongsakul Suwan Rattanakul Boonmee Kittisak Phromma Saetang Thongchai Intharat Jaidee
Jose Maricel Paolo Kristine Rizal Luz Benjie Analyn Crisanto Divina Emilio Tala
Bautista Dela_Cruz Villanueva Mercado Aquino Salazar Manalo Pascual Lacson Dizon Ocampo Tolentino
Putri Budi Dewi Agus Siti Rizky Wulan Hendra Ratna Bayu Intan Eko
Santoso Wijaya Hartono Kusuma Pratama Lestari Nugroho Setiawan Halim Rahayu Siregar Gunawan
Chinedu Adaeze Tunde Ngozi Emeka Folake Ibrahim Zainab Obinna Yetunde Segun Amara
Okafor Adeyemi Balogun Eze Nwosu Bello Ogunleye Abubakar Onyekachi Danjuma Lawal Chukwu
Kofi Akosua Kwabena Efua Yaw Abena Kojo Adwoa Nana Esi Fiifi Ama
Asante Boateng Owusu Osei Appiah Darko Amoah Agyeman Quaye Sarpong Addo Tetteh
Wanjiru Kamau Achieng Otieno Njeri Kiprop Amani Barasa Zawadi Mutua Nyambura Juma
Mwangi Odhiambo Kariuki Wambui Kimani Ochieng Chebet Maina Njoroge Ndungu Rotich Wafula
Selam Dawit Hiwot Yonas Meron Abebe Tigist Bereket Rahel Kidane Saba Tesfaye
Tadesse Bekele Haile Gebre Alemu Worku Desta Mulugeta Girma Assefa Mengistu Wolde
Thandiwe Sipho Naledi Pieter Lerato Johan Zanele Bongani Annelie Themba Nomsa Riaan
Dlamini van_der_Merwe Nkosi Botha Mokoena Khumalo Steyn Zulu Pretorius Molefe Naidoo Sithole
Aroha Tane Marama Wiremu Ngaio Rangi Anahera Manaia Hana Tama Moana Kahu
Parata Ngata Te_Rangi Walters Henare Paki Kingi Tamihana Waaka Ruru Potae Rewi
"""  # noqa: RUF001  (the dotless i is Turkish)


def _names(line: str) -> tuple[str, ...]:
    return tuple(name.replace("_", " ") for name in line.split())


_LINES = _CULTURES.strip().splitlines()

CULTURES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = tuple(
    (_names(given), _names(family)) for given, family in zip(_LINES[::2], _LINES[1::2], strict=True)
)

HEADLINES = (
    "Consultant",
    "Senior Consultant",
    "Principal Consultant",
    "Managing Consultant",
    "Business Analyst",
    "Senior Business Analyst",
    "Solution Architect",
    "Enterprise Architect",
    "Software Engineer",
    "Senior Software Engineer",
    "Data Engineer",
    "Data Scientist",
    "Analytics Consultant",
    "Cloud Engineer",
    "DevOps Engineer",
    "Security Consultant",
    "Quality Engineer",
    "UX Designer",
    "UX Researcher",
    "Product Designer",
    "Scrum Master",
    "Project Manager",
    "Senior Project Manager",
    "Program Manager",
    "Delivery Manager",
    "Engagement Manager",
    "Change Management Consultant",
    "ERP Consultant",
    "CRM Consultant",
    "Integration Developer",
    "Technical Writer",
    "Training Consultant",
    "Support Engineer",
    "Financial Analyst",
    "Resource Manager",
    "Strategy Consultant",
)
