"""Tables of other things are never taken for a list or a matrix, and the answer names what was found in them."""

from pathlib import Path

import pytest

from importer.sandbox import Running
from tests.conftest import Importer

TABLES = {
    "sales": "Region,Q1,Q2,Q3\nNorth,120,130,90\nSouth,80,95,100\nWest,60,70,75",
    "league": "Team,Played,Won,Drawn,Lost,Points\nRovers,5,3,1,1,10\nUnited,5,2,2,1,8\nTown,5,0,1,4,1",
    "budget": "Cost centre,Budget,Spent,Left\n4100,50000,32000,18000\n4200,20000,21000,-1000",
    "tickets": "Ticket,Title,Priority,Assignee,Status\n1001,Printer,2,Kwame Mensah,open\n1002,VPN,1,Amina Diallo,done",
    "roster": "Name,Department,Office,Phone\nKwame Mensah,IT,Accra,4411\nAmina Diallo,HR,Lyon,4412",
    "workload": "name,department,workload\nKwame Mensah,IT,3\nAmina Diallo,HR,5\nNaledi Nkosi,IT,2",
    "stock": "SKU,Depot,Reorder at\nA-1,North,12\nB-7,South,30",
    "countries": "Country,Region,Value\nGhana,Accra,3\nKenya,Nairobi,2\nPoland,Gdansk,5",
    "timesheet": "Date,Project,Hours\n2026-03-02,Atlas,7.5\n2026-03-03,Atlas,8\n2026-03-04,Zenith,6",
    "leave": "Employee,Days left,From,To\nKwame Mensah,12,2026-07-01,2026-07-14\nAmina Diallo,3,2026-08-01,2026-08-05",
    "invoices": "Invoice,Customer,Amount,Paid\n2026-1,Acme,1200,yes\n2026-2,Globex,800,no",
    "weather": "City,Mon,Tue,Wed\nAccra,31,30,32\nLyon,4,5,3\nGdansk,-2,0,1",
    "rates": "Currency,Buy,Sell\nEUR,1.08,1.10\nGBP,1.26,1.29",
    "flights": "Flight,From,To,Departs,Gate\nGH12,ACC,LHR,09:10,B4\nKL30,AMS,NBO,10:25,D7",
    "menu": "Dish,Price,Spicy\nJollof,9,3\nWaakye,8,2\nKelewele,5,4",
    "assets": "Asset,Serial,User,Bought\nLaptop,SN-1,Kwame Mensah,2024-05-01\nPhone,SN-2,Amina Diallo,2025-02-11",
    "plan": "Task,Start,End,Progress\nDesign,2026-03-01,2026-03-15,80%\nBuild,2026-03-16,2026-05-01,10%",
    "rooms": "Room,Floor,Seats,Beamer\nA1,1,12,yes\nB2,2,4,no\nC3,3,20,yes",
    "prices": "Product,S,M,L\nShirt,10,12,14\nCoat,50,55,60",
    "courses": "Course,Teacher,Seats,Booked\nExcel basics,Kwame Mensah,12,7\nWriting,Amina Diallo,10,10",
    "german": "Artikel,Menge,Preis\nSchraube,500,0.02\nMutter,300,0.03",
    "french": "Ville,Habitants,Maire\nLyon,522000,G. Doucet\nNantes,320000,J. Rolland",
    "salaries": "Name,Grade,Salary\nKwame Mensah,5,50000\nAmina Diallo,4,45000\nNaledi Nkosi,3,40000",
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_something_else_is_refused_with_what_was_found(
    importer: Importer, kantata: Running, tmp_path: Path, name: str
) -> None:
    (tmp_path / "a.csv").write_text(TABLES[name] + "\n")

    ran = importer("apply", tmp_path / "a.csv", "--yes", "--json")

    headings = TABLES[name].splitlines()[0].split(",")
    assert ran.code == 5, ran.err
    assert [heading for heading in headings if heading not in ran.err] == [], ran.err
    assert any(option in ran.err for option in ("--column", "--as", "--layout", "--person")), ran.err
    assert not (tmp_path / "aliases.xlsx").exists()
    assert not any(request["method"] != "GET" for request in kantata.requests())
