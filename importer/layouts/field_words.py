"""What people call the columns of their sheets, in twelve languages. Knows words; knows no sheet and no account.

A heading that is one of these means the field, in a list and over the people of a matrix. The languages are English,
German, French, Spanish, Dutch, Portuguese, Italian, Polish, Russian, Indonesian, Chinese and Japanese.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from importer.text import fold, fold_header, fold_headers


def _words(*lines: str) -> frozenset[str]:
    return frozenset(fold(word) for line in lines for word in line.split(","))


PEOPLE = fold_headers(
    "name, full name, user, user name, person, people, employee, employees, team member, member, resource",
    "consultant",
    "colleague, staff, staff member, who, employee name, resource name, consultant name, member name, person name",
    "names, persons, users, members, team members, resources, consultants, colleagues",
    "display name, name of employee, employee full name, staff name, team member name",
    "mitarbeiter, mitarbeiterin, mitarbeitende, mitarbeitende/r, mitarbeiter/in, mitarbeiter:in, mitarbeiter*in",
    "mitarbeitername, name des mitarbeiters, vollständiger name, vor- und nachname, vorname und nachname",
    "vorname nachname, nachname vorname, nachname und vorname, kollege, kollegin, benutzer, benutzername",
    "beschäftigter",
    "nom, nom complet, nom et prénom, prénom et nom, nom prénom, prénom nom, collaborateur, collaboratrice, employé",
    "employée, salarié, utilisateur, personne, nom de l'employé, nom du collaborateur, membre",
    "nombre, nombre completo, nombre y apellidos, nombre y apellido, apellidos y nombre, empleado, empleada, usuario",
    "trabajador, colaborador, nombre del empleado, nombre del colaborador, persona, miembro",
    "naam, volledige naam, medewerker, werknemer, gebruiker, collega, naam medewerker, persoon, voor- en achternaam",
    "nome, nome completo, funcionário, funcionaria, funcionária, colaboradora, empregado, usuário, utilizador",
    "pessoa",
    "nome do funcionário, nome do colaborador, trabalhador, nome e sobrenome",
    "nome e cognome, cognome e nome, dipendente, collaboratore, collaboratrice, utente, nominativo, nome dipendente",
    "nome completo, lavoratore",
    "imię i nazwisko, nazwisko i imię, pracownik, pracownica, użytkownik, osoba, imię nazwisko, nazwa użytkownika",
    "имя, фио, ф.и.о., сотрудник, сотрудница, работник, пользователь, полное имя, имя сотрудника, фио сотрудника",
    "имя и фамилия, фамилия и имя, фамилия имя, коллега",
    "nama, nama lengkap, karyawan, nama karyawan, pegawai, nama pegawai, pengguna, anggota, nama anggota, staf",
    "orang",
    "姓名, 名字, 员工, 員工, 员工姓名, 員工姓名, 用户, 用戶, 人员, 人員, 成员, 成員, 同事, 职员, 全名, 用户名",
    "氏名, 名前, お名前, 社員, 社員名, 従業員, 従業員名, メンバー, 担当者, ユーザー, ユーザー名, スタッフ",
    "社員氏名, フルネーム",
)
EMAILS = fold_headers(
    "email, e-mail, mail, email address, e-mail address, work email, work e-mail, e mail, user email, employee email",
    "email work, business email, company email, work email address, business email address, company email address",
    "corporate email, office email, member email, person email, staff email, primary email, contact email, email id",
    "employee e-mail, user e-mail, company e-mail, business e-mail, work mail, mail address",
    "e-mail-adresse, emailadresse, email-adresse, mailadresse, mail-adresse, geschäftliche e-mail",
    "dienstliche e-mail",
    "firmen-e-mail, e-mail geschäftlich, e-mail dienstlich, berufliche e-mail, arbeits-e-mail",
    "e-mail-adresse geschäftlich",
    "courriel, adresse e-mail, adresse email, adresse mail, mél, e-mail professionnel, email professionnel",
    "adresse électronique, adresse courriel, courriel professionnel, mail professionnel",
    "adresse e-mail professionnelle",
    "correo, correo electrónico, correo electronico, dirección de correo, correo de trabajo, correo corporativo",
    "dirección de correo electrónico, email corporativo, correo laboral, e-mail de trabajo",
    "e-mailadres, mailadres, zakelijk e-mailadres, werk e-mail, werkmail, zakelijke e-mail, werk-e-mail, e-mail werk",
    "endereço de e-mail, endereço de email, correio eletrónico, correio eletrônico, e-mail corporativo",
    "email corporativo, e-mail profissional, email profissional, e-mail de trabalho, e-mail do funcionário",
    "posta elettronica, indirizzo e-mail, indirizzo email, indirizzo mail, email aziendale, e-mail aziendale",
    "indirizzo di posta elettronica, mail aziendale, e-mail di lavoro, email di lavoro",
    "adres e-mail, adres email, e-mail służbowy, email służbowy, służbowy e-mail, poczta, adres poczty",
    "mail służbowy",
    "эл. почта, электронная почта, почта, эл.почта, e-mail адрес, адрес электронной почты, рабочая почта, емейл",
    "рабочий e-mail, рабочий email, корпоративная почта, имейл, эл. адрес",
    "surel, alamat email, alamat e-mail, email kantor, alamat surel, email kerja, email karyawan, surat elektronik",
    "邮箱, 电子邮件, 电邮, 邮件, 电子邮箱, 工作邮箱, 公司邮箱, 邮箱地址, 电子邮件地址, 電子郵件, 電郵, 信箱",
    "電子信箱, 企业邮箱",
    "メール, メールアドレス, 電子メール, eメール, 会社メール, 社用メール, 会社のメールアドレス, 勤務先メール",
    "仕事用メール",
)
FIRST_NAMES = fold_headers(
    "first name, given name, given names, forename, firstname, vorname, prénom, prenom, nombre de pila, voornaam",
    "vornamen, roepnaam, nombres, primer nombre, primeiro nome, nome próprio, nome di battesimo, imię, имя",
    "nama depan, 名, ファーストネーム, prénoms, rufname, preferred name, preferred first name, legal first name",
)
LAST_NAMES = fold_headers(
    "last name, surname, family name, lastname, nachname, familienname, zuname, nom de famille",
    "apellido, apellidos, primer apellido, achternaam, familienaam, sobrenome, apelido, último nome, cognome",
    "nazwisko",
    "фамилия, nama belakang, nama keluarga, 姓, 姓氏, 苗字, ラストネーム, legal last name, nachnamen",
)
PLAIN_NAMES = fold_headers("user, name, nom, nombre, naam, nome, nama, имя, imię, 名前, 名, 姓名")
"""A name, and beside a first or a last name the other half of it."""
USER_IDS = fold_headers("user_id, kantata id, kantata user id, mavenlink id, mavenlink user id")

SKILLS = fold_headers(
    "skill, skill name, skills, competency, competence, competencies, competences, capability, technology",
    "expertise area",
    "skill title, skill/competency, name of skill, skill set, skillset, ability, competency name, capability name",
    "kompetenz, kompetenzen, fähigkeit, fähigkeiten, fertigkeit, fertigkeiten, kenntnis, kenntnisse, skillname",
    "qualifikation, kompetenzname, fachkenntnis, name der kompetenz, bezeichnung der kompetenz, können",
    "compétence, compétences, nom de la compétence, savoir-faire, aptitude, aptitudes, capacité",
    "habilidad, habilidades, competencia, competencias, destreza, aptitud, capacidad, nombre de la habilidad",
    "destrezas",
    "conocimiento, conocimientos, nombre de la competencia",
    "vaardigheid, vaardigheden, competentie, competenties, kennisgebied, bekwaamheid, naam vaardigheid",
    "competência, competências, habilidade, nome da competência, nome da habilidade, aptidão, perícia, conhecimento",
    "competenza, competenze, abilità, capacità, nome competenza, skill/competenza, conoscenza",
    "umiejętność, umiejętności, kompetencja, kompetencje, nazwa umiejętności, zdolność, nazwa kompetencji",
    "навык, навыки, умение, умения, компетенция, компетенции, название навыка, способность, квалификация",
    "keahlian, keterampilan, kemampuan, kompetensi, nama keahlian, nama keterampilan, ketrampilan, nama kompetensi",
    "技能, 技能名称, 技能名稱, 能力, 技术, 专长, 專長, 技能名, 技術",
    "スキル, スキル名, 能力, 技能名, 技術, コンピテンシー, 専門分野, スキル名称",
)
LEVELS = fold_headers(
    "levels, skill levels, ratings, scores, stufen, niveaux, niveles, niveaus, níveis, livelli, poziomy, уровни",
    "level, skill level, proficiency, proficiency level, rating, skill rating, competency level, competence level",
    "expertise level, level of expertise, level of proficiency, proficiency rating, knowledge level",
    "experience level",
    "level of skill, level of competence, competency rating, capability level, mastery, mastery level",
    "skill proficiency",
    "stufe, kompetenzstufe, fähigkeitsstufe, kompetenzniveau, niveau, kompetenzlevel, kenntnisstand, kenntnisstufe",
    "einstufung, kompetenzgrad, ausprägung, wissensstand, erfahrungsstufe, skill-level, skilllevel, bewertung",
    "niveau de compétence, niveau de maîtrise, maîtrise, degré de maîtrise, évaluation, niveau d'expertise",
    "nivel, nivel de habilidad, nivel de competencia, nivel de dominio, dominio, valoración, calificación",
    "evaluación",
    "nivel de experiencia, grado de dominio",
    "vaardigheidsniveau, competentieniveau, kennisniveau, beheersing, beheersingsniveau, beoordeling",
    "ervaringsniveau",
    "nível, nível de competência, nível de habilidade, nível de proficiência, proficiência, avaliação, domínio",
    "nível de domínio, grau, classificação, nivel de proficiência",
    "livello, livello di competenza, livello competenza, padronanza, valutazione, livello di padronanza, grado",
    "poziom, poziom umiejętności, poziom kompetencji, poziom zaawansowania, stopień, stopień zaawansowania, ocena",
    "уровень, уровень навыка, уровень владения, уровень компетенции, оценка, степень владения, уровень знаний",
    "ступень",
    "tingkat, tingkatan, level keahlian, tingkat keahlian, tingkat kemahiran, tingkat keterampilan, penilaian",
    "kemahiran",
    "tingkat kompetensi, tingkat kemampuan, nilai",
    "级别, 等级, 水平, 熟练度, 熟练程度, 技能等级, 技能水平, 技能级别, 评分, 級別, 等級, 熟練度, 程度, 掌握程度",
    "水準, 能力等级",
    "レベル, スキルレベル, 習熟度, 評価, 段階, 習得度, 能力レベル, スキル評価, 習熟レベル",
)
LEVELS_OF_SOMEBODY = fold_headers(
    "current level, actual level, present level, current proficiency, current rating, current skill level",
    "level today",
    "self rating, self-rating, self assessment, self-assessment, self evaluation, self-evaluation, self score",
    "own rating",
    "self assessed level, self-assessed level, employee rating, manager rating, manager assessment, assessed level",
    "aktuelle stufe, aktuelles niveau, ist-stufe, iststufe, ist-niveau, istniveau, ist-level, selbsteinschätzung",
    "selbstbewertung, selbsteinstufung, fremdeinschätzung, aktuelles level",
    "niveau actuel, auto-évaluation, autoévaluation, niveau actuel de compétence",
    "nivel actual, autoevaluación, autovaloración, nivel actual de habilidad",
    "huidig niveau, zelfbeoordeling, zelfevaluatie, zelfinschatting, huidige niveau",
    "nível atual, nível actual, autoavaliação, auto-avaliação",
    "livello attuale, autovalutazione, auto-valutazione",
    "obecny poziom, aktualny poziom, samoocena, poziom obecny",
    "текущий уровень, самооценка, нынешний уровень",
    "level saat ini, tingkat saat ini, penilaian diri, penilaian mandiri",
    "当前级别, 当前水平, 当前等级, 目前水平, 自评, 自我评估, 自我评价, 目前等级, 自評",
    "現在のレベル, 自己評価, 現レベル, 現状レベル",
)
"""Levels as one of several that a sheet may have: today's, or by one's own judgement."""

GROUPS = fold_headers(
    "group, group name, user group, user groups, groups, team, team name, teams, usergroup, user group name, squad",
    "gruppe, benutzergruppe, gruppenname, teamname, gruppen, benutzergruppen, mannschaft",
    "groupe, équipe, groupe d'utilisateurs, nom du groupe, nom de l'équipe, groupes, équipes",
    "grupo, equipo, grupo de usuarios, nombre del grupo, nombre del equipo, grupos, equipos",
    "groep, gebruikersgroep, groepsnaam, teamnaam, ploeg, groepen",
    "equipe, grupo de usuários, grupo de utilizadores, nome do grupo, nome da equipe, equipa, equipes",
    "gruppo, squadra, gruppo di utenti, gruppo utenti, nome gruppo, nome del gruppo, gruppi, team/gruppo",
    "grupa, zespół, grupa użytkowników, nazwa grupy, nazwa zespołu, grupy, zespoły, drużyna",
    "группа, команда, группа пользователей, название группы, название команды, группы, команды",
    "grup, kelompok, tim, nama tim, nama grup, grup pengguna, nama kelompok, regu",
    "组, 组别, 小组, 团队, 用户组, 组名, 團隊, 小組, 群組, 群组, 团队名称, 组名称, 使用者群組",
    "グループ, チーム, ユーザーグループ, グループ名, チーム名, 班",
)
GEOGRAPHIES = fold_headers(
    "geography, geography name, geographies, geo, geographic area, geographical area, geographic region",
    "geografie, geographie, geographisches gebiet, géographie, zone géographique, geografía, geografia",
    "zona geográfica",
    "geografisch gebied, área geográfica, zona geografica, area geografica, obszar geograficzny, география",
    "географический регион, wilayah geografis, 地理, 地理位置, 地理区域, 地理的地域, 地理エリア, 地理區域",
    "geografische regio",
)
PLACES = fold_headers(
    "region, location, country, office location, work location, standort, land, région, pays, lieu, localisation",
    "región, ubicación, país, localización, regio, locatie, vestiging, região, localização, localidade, regione",
    "paese",
    "sede, posizione, località, kraj, lokalizacja, регион, страна, местоположение, локация, wilayah, negara, lokasi",
    "地区, 地域, 国家, 地點, 地点, 位置, 所在地, 国, 勤務地, 地區, 國家, エリア",
)
"""What a geography is called where nothing else of the sheet says so."""
DEPARTMENTS = fold_headers(
    "department, department name, dept, dept., departments, business unit, abteilung, abteilungsname, fachbereich",
    "département, service, departamento, afdeling, setor, dipartimento, reparto, dział, departament, wydział, отдел",
    "департамент, подразделение, departemen, divisi, bagian, 部门, 部門, 部, 部署, 部署名, 部门名称, 科室",
    "departement",
    "nombre del departamento, nome do departamento, área, отделение",
)

HEADINGS: Mapping[str, frozenset[str]] = {
    "user_id": USER_IDS,
    "email": EMAILS,
    "user": PEOPLE,
    "skill": SKILLS,
    "level": LEVELS | LEVELS_OF_SOMEBODY,
    "group": GROUPS,
    "geography": GEOGRAPHIES,
    "department": DEPARTMENTS,
}
"""By the header under which a column is declared: what else it is called."""

IDS_ELSEWHERE = fold_headers(
    "employee id, employee number, employee no, employee no., employee nr, employee code, emp id, emp no, empid",
    "staff id",
    "staff number, staff no, personnel number, personnel no, personnel no., personnel id, payroll number, payroll id",
    "worker id, hr id, person id, person number, badge, badge number, badge id, login, user code, id, no, no., nr",
    "nr., #",
    "personalnummer, personal-nr., personalnr, personalnr., mitarbeiternummer, mitarbeiter-nr., mitarbeiter-id",
    "personal-id",
    "mitarbeiternr., mitarbeiter id, stammnummer, kürzel, matricule, numéro d'employé, numéro de salarié, id employé",
    "número de empleado, id de empleado, id empleado, legajo, código de empleado, personeelsnummer, medewerkernummer",
    "medewerker-id, medewerkers-id, matrícula, número de funcionário, id do funcionário, id funcionário, matricola",
    "numero dipendente, id dipendente, codice dipendente, numer pracownika, id pracownika, nr pracownika",
    "numer kadrowy",
    "табельный номер, таб. номер, номер сотрудника, id сотрудника, ид сотрудника, nik, nip, id karyawan",
    "nomor karyawan",
    "nomor induk, nomor induk karyawan, 工号, 員工編號, 员工编号, 员工号, 职工号, 員工號, 员工id, 社員番号",
    "従業員番号, 社員id",
    "社員コード, 従業員id",
)
"""What the ids of another system are called."""

_WORDS_OF_LEVELS = _words(
    "level, levels, rating, proficiency, score, assessment, evaluation, stufe, niveau, einschätzung, bewertung",
    "einstufung, nivel, évaluation, evaluación, valoración, beoordeling, nível, avaliação, livello, valutazione",
    "poziom, ocena, уровень, оценка, самооценка, tingkat, penilaian",
)
_ENDINGS_OF_LEVELS = (
    *("stufe", "niveau", "level", "einschätzung", "bewertung", "rating"),
    *("级别", "等级", "水平", "级", "評価", "レベル", "習熟度", "等級", "級別"),
)
_SUPERIORS = _words(
    "manager, supervisor, boss, lead, approver, reviewer, assessor, owner, coach, mentor, reports, vorgesetzter",
    "vorgesetzte, vorgesetzten, führungskraft, teamleiter, leiter, supérieur, responsable, jefe, leidinggevende",
    "gestor, chefe, gerente, responsabile, capo, superiore, przełożony, przełożonego, kierownik, менеджер",
    "руководитель, руководителя, начальник, manajer, atasan, personal, private, privat, privé, particulier",
    "personale, prywatny, личная",
)
_SUPERIOR_PARTS = ("经理", "主管", "上司", "上级", "マネージャ", "私人", "個人")

NOT_USED = "(not used)"
"""What is written behind a heading that a person does not want to mean anything."""

_IN_BRACKETS = re.compile(r"\s*[(\[{（【［][^)\]}）】］]*[)\]}）】］]")
_OF_NUMBERS = re.compile(r"[\s:,;/-]*\d{1,3}\s*(?:-|\u2013|\u2014|to|bis|à|a|al|до|~|/)\s*\d{1,3}\s*$", re.IGNORECASE)
_MARKS = " \t*:?!†‡＊：？"
_GOALS = re.compile(r"\b(?:target|goal|soll|ziel|cible|objetivo|meta|doel|obiettivo|cel)\b", re.IGNORECASE)
_WISHES = re.compile(r"\b(?:want|desired|wish|interest|learn|missing|required|needed)", re.IGNORECASE)


_NOW = fold_headers(
    "current, actual, as is, as-is, is, ist, today, now, present, aktuell, heute, actuel, actuelle, aujourd'hui",
    "actualmente, hoy, huidig, nu, atual, hoje, attuale, oggi, obecny, obecnie, dziś, сейчас, текущий, saat ini",
    "当前, 現在",
)
_THEN = fold_headers("to be, to-be, required, desired, next, future, goal, target, soll, ziel, objectif, plan, planned")
_MARKED = re.compile(r"(.*\S)(?:\s*[(\[]\s*([^()\[\]]{2,20})\s*[)\]]|\s+[-\u2013:/|]\s*([^()\[\]]{2,20}))\s*")


@lru_cache(maxsize=8192)
def bare(heading: str) -> str:
    """A heading without the hints that are written into it: `Level (0-5)`, `Skill *`, a second line in brackets."""
    if is_marked_unused(heading) or any(_GOALS.search(hint) for hint in _IN_BRACKETS.findall(heading)):
        return heading
    text = _IN_BRACKETS.sub("", heading).strip(_MARKS)
    return _OF_NUMBERS.sub("", text).strip(_MARKS) or heading


def is_goal(heading: str) -> bool:
    """Whether a heading is of what somebody has not yet: `Target skill`, `Skill to learn`."""
    return bool(_GOALS.search(heading) or _WISHES.search(heading))


def when(heading: str) -> tuple[str, str]:
    """A heading without what says when it counts, and `now`, `then` or nothing: `Python (Target)` is Python then."""
    match = _MARKED.fullmatch(heading)
    marker = fold_header(match.group(2) or match.group(3)) if match else ""
    told = "now" if marker in _NOW else "then" if marker in _THEN or is_goal(marker) else ""
    return (match.group(1), told) if match and told else (heading, "")


def is_marked_unused(heading: str) -> bool:
    """Whether a person said that the column under this heading is not used."""
    return heading.strip().endswith(NOT_USED)


def is_one_of(heading: str, words: frozenset[str]) -> bool:
    """Whether a heading, with its hints or without them, is one of these words."""
    return fold_header(heading) in words or fold_header(bare(heading)) in words


def is_about_levels(heading: str) -> bool:
    """Whether a heading speaks of levels in whatever way: `Target level`, `Zielstufe`, `Level in 2027`."""
    folded = fold(bare(heading))
    words = re.findall(r"[^\W\d_]+", folded)
    return any(word in _WORDS_OF_LEVELS or word.endswith(_ENDINGS_OF_LEVELS) for word in words)


def is_of_others(heading: str) -> bool:
    """Whether what stands below is another person's, or not for work: `Manager e-mail`, `Personal e-mail`."""
    folded = fold(heading)
    words = frozenset(re.findall(r"[^\W\d_]+", folded))
    return bool(words & _SUPERIORS) or any(part in folded for part in _SUPERIOR_PARTS)
