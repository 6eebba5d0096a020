"""The demo data files are complete, consistent with each other and cleanly written."""

import json
import unicodedata
from datetime import date, time
from decimal import Decimal
from pathlib import Path

import phonenumbers
import pytest
from stdnum import ean
from stdnum.vn import mst

ROOT = Path(__file__).resolve().parents[2] / "fixtures"
FILES = sorted([*ROOT.glob("demo/*.json"), *ROOT.glob("vn/*.json")])
GARAGE_ROLES = [
    "advisor",
    "advisor",
    "cashier",
    "manager",
    "owner",
    "store_keeper",
    "technician",
    "technician",
    "technician",
]


def load(name: str):
    return json.loads((ROOT / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def catalogue():
    return load("demo/catalogue.json")


@pytest.fixture(scope="module")
def people():
    return load("demo/people.json")


@pytest.fixture(scope="module")
def companies():
    return load("demo/companies.json")["companies"]


@pytest.fixture(scope="module")
def workshop():
    return load("demo/workshop.json")


def duplicates(values):
    values = list(values)
    return sorted({str(value) for value in values if values.count(value) > 1})


def assert_phone(number):
    parsed = phonenumbers.parse(number, None)
    assert phonenumbers.is_valid_number_for_region(parsed, "VN"), number
    assert phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) == number


def test_the_documented_files_are_there():
    assert [f"{path.parent.name}/{path.name}" for path in FILES] == [
        "demo/catalogue.json",
        "demo/companies.json",
        "demo/makes.json",
        "demo/people.json",
        "demo/workshop.json",
        "vn/banks.json",
        "vn/provinces.json",
        "vn/public_holidays.json",
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_text_is_composed_and_trimmed(path):
    text = path.read_text(encoding="utf-8")
    assert text == unicodedata.normalize("NFC", text)
    assert text.endswith("\n")
    stack = [json.loads(text)]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
        elif isinstance(item, str):
            assert item == " ".join(item.split()), item
        else:
            assert not isinstance(item, float), item


# --- catalogue -------------------------------------------------------------------------------


def test_there_are_exactly_300_products(catalogue):
    assert len(catalogue["products"]) == 300


def test_categories_form_a_tree_with_products_in_every_leaf(catalogue):
    slugs = [row["slug"] for row in catalogue["categories"]]
    assert duplicates(slugs) == []
    parents = {row["parent"] for row in catalogue["categories"] if row["parent"]}
    for row in catalogue["categories"]:
        if row["parent"]:
            assert slugs.index(row["parent"]) < slugs.index(row["slug"])
    used = {product["category"] for product in catalogue["products"]}
    assert used == set(slugs) - parents


def test_every_brand_is_used_and_known(catalogue):
    brands = [row["slug"] for row in catalogue["brands"]]
    assert duplicates(brands) == []
    assert {product["brand"] for product in catalogue["products"]} == set(brands)


def test_part_numbers_are_unique_per_brand(catalogue):
    assert duplicates((p["brand"], p["part_number"]) for p in catalogue["products"]) == []


def test_barcodes_are_unique_and_carry_a_right_check_digit(catalogue):
    codes = [product["barcode"] for product in catalogue["products"]]
    assert duplicates(codes) == []
    assert [code for code in codes if len(code) != 13 or not ean.is_valid(code)] == []


def test_product_names_are_unique_in_both_languages(catalogue):
    for field in ("name_vi", "name_en"):
        assert duplicates(product[field] for product in catalogue["products"]) == []


def test_product_figures_are_sensible(catalogue):
    for product in catalogue["products"]:
        assert product["list_price"] > 0
        assert product["list_price"] % 1000 == 0
        assert Decimal("0.40") <= Decimal(product["cost_ratio"]) <= Decimal("0.90")
        assert product["kind"] in {"part", "consumable", "tool", "goods"}
        assert product["unit"] in {"cái", "bộ", "lít", "chai", "bình", "cặp"}
        assert 0 <= product["warranty_months"] <= 60
        assert 0 < product["weight_g"] < 40_000
        assert 1 <= product["lead_time_days"] <= 10
        assert 1 <= product["popularity"] <= 5


def test_products_fit_vehicles_that_were_built_in_those_years(catalogue):
    built = {
        (make["name"], model["name"]): (model["year_from"], model["year_to"])
        for make in load("demo/makes.json")["makes"]
        for model in make["models"]
    }
    for product in catalogue["products"]:
        for make, model, first, last in product["fits"]:
            start, end = built[make, model]
            assert start <= first <= last <= end, (product["name_vi"], make, model)


# --- vehicles --------------------------------------------------------------------------------


def test_models_have_bodies_engines_and_maker_codes():
    data = load("demo/makes.json")
    for make in data["makes"]:
        for model in make["models"]:
            assert model["body"] in {"sedan", "hatchback", "suv", "mpv", "pickup"}
            assert model["year_from"] <= model["year_to"] <= 2026
            assert len(model["wmi"]) == 3
            assert not set(model["wmi"]) & set("IOQ")
            assert model["engines"]
            for engine in model["engines"]:
                assert (engine["displacement_cc"] == 0) == (engine["fuel"] == "electric")
    assert sum(colour["weight"] for colour in data["colours"]) == 100


# --- people ----------------------------------------------------------------------------------


def test_people_and_company_customers_are_complete(people):
    assert len(people["people"]) == 260
    assert len(people["company_customers"]) == 40
    assert len(people["wards"]) >= 60
    assert duplicates(f"{p['last_name']} {p['first_name']}" for p in people["people"]) == []


def test_phone_numbers_are_valid_and_never_shared(people, companies):
    numbers = [row["phone"] for row in people["people"] + people["company_customers"]]
    for company in companies:
        numbers += [company["phone"]]
        numbers += [row["phone"] for row in company["branches"] + company["staff"]]
    assert duplicates(numbers) == []
    for number in numbers:
        assert_phone(number)


def test_addresses_point_at_known_wards(people, companies):
    wards = {ward["code"]: ward for ward in people["wards"]}
    assert len(wards) == len(people["wards"])
    rows = people["people"] + people["company_customers"]
    for row in rows + [branch for company in companies for branch in company["branches"]]:
        ward = wards[row["address"]["ward"]]
        assert ward["province"] == row["address"]["province"]
        assert any(row["address"]["line"].endswith(street) for street in ward["streets"])


# --- companies -------------------------------------------------------------------------------


def test_tax_codes_carry_a_right_check_digit_and_are_unique(people, companies):
    codes = [row["tax_code"] for row in people["company_customers"] + companies]
    assert [code for code in codes if not mst.is_valid(code)] == []
    assert duplicates(codes) == []


def test_garages_have_their_bays_and_every_role(companies):
    bays = {
        branch["slug"]: len(branch["bays"])
        for company in companies
        for branch in company["branches"]
        if company["kind"] == "garage"
    }
    assert bays == {"tan-binh": 4, "thu-duc": 3, "cau-giay": 4}
    for company in companies:
        roles = sorted(person["role"] for person in company["staff"])
        if company["kind"] == "garage":
            assert roles == GARAGE_ROLES
        else:
            assert set(roles) == {"owner", "sales", "warehouse", "accounts"}
            assert len(company["branches"]) == 3


def test_staff_belong_to_branches_and_have_one_email_each(companies):
    emails = []
    for company in companies:
        codes = {branch["code"] for branch in company["branches"]}
        for person in company["staff"]:
            assert set(person["branches"]) <= codes
            assert person["branches"]
            assert person["email"] == f"{person['login']}@{company['domain']}"
            emails.append(person["email"])
    assert duplicates(emails) == []


def test_bank_accounts_name_a_known_bank(companies):
    bins = {bank["bin"] for bank in load("vn/banks.json")}
    for company in companies:
        assert [a["is_default"] for a in company["bank_accounts"]].count(True) == 1
        for account in company["bank_accounts"]:
            assert account["bin"] in bins
            assert account["account_number"].isdigit()
            assert len(account["account_number"]) <= 19
            assert account["account_name"].isascii()
            assert account["account_name"].isupper()


def test_opening_hours_are_ordered_times(companies):
    for company in companies:
        for branch in company["branches"]:
            assert list(branch["opening_hours"]) == ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
            for spans in branch["opening_hours"].values():
                edges = [time.fromisoformat(edge) for span in spans for edge in span]
                assert edges == sorted(edges)


# --- workshop --------------------------------------------------------------------------------


def test_workshop_lists_have_their_sizes(workshop):
    assert len(workshop["operations"]) == 25
    assert len(workshop["packages"]) == 10
    assert sum(len(group["points"]) for group in workshop["inspection"]["groups"]) == 35
    assert len(workshop["inspection"]["groups"]) == 7
    assert len(workshop["concerns"]) == 40
    assert len(workshop["quality_checks"]) == 12
    assert sorted(workshop["feedback_comments"]) == ["1", "2", "3", "4", "5"]


def test_workshop_codes_are_unique(workshop):
    points = [p for group in workshop["inspection"]["groups"] for p in group["points"]]
    for rows in (
        workshop["operations"],
        workshop["packages"],
        points,
        workshop["declined_reasons"],
        workshop["quality_checks"],
        workshop["indirect_time_codes"],
    ):
        assert duplicates(row["code"] for row in rows) == []


def test_packages_and_concerns_refer_to_operations_and_categories(workshop, catalogue):
    operations = {row["code"] for row in workshop["operations"]}
    categories = {row["slug"] for row in catalogue["categories"]}
    stocked = {(product["category"], product["unit"]) for product in catalogue["products"]}
    for package in workshop["packages"]:
        assert set(package["labour"]) <= operations
        assert {(part["category"], part["unit"]) for part in package["parts"]} <= stocked
        assert package["fixed_price"] > 0
        assert all(Decimal(part["quantity"]) > 0 for part in package["parts"])
    for concern in workshop["concerns"]:
        assert concern["operation"] in operations
        assert concern["part_category"] is None or concern["part_category"] in categories
        assert concern["severity"] in {"green", "yellow", "red"}


# --- Vietnam ---------------------------------------------------------------------------------


def test_provinces_are_the_34_units_that_replaced_63():
    provinces = load("vn/provinces.json")
    assert len({row["code"] for row in provinces}) == len(provinces) == 34
    assert [row["name"] for row in provinces if row["type"] == "city"] == [
        "Hà Nội",
        "Hải Phòng",
        "Huế",
        "Đà Nẵng",
        "Đồng Nai",
        "Hồ Chí Minh",
        "Cần Thơ",
    ]
    assert sum(len(row["merged_from"]) or 1 for row in provinces) == 63
    plates = [code for row in provinces for code in row["plate_codes"]]
    assert duplicates(plates) == []


def test_banks_have_unique_six_digit_bins():
    banks = load("vn/banks.json")
    assert duplicates(bank["bin"] for bank in banks) == []
    assert all(bank["bin"].isdigit() and len(bank["bin"]) == 6 for bank in banks)
    bins = {bank["code"]: bank["bin"] for bank in banks}
    assert (bins["VCB"], bins["MB"], bins["TCB"]) == ("970436", "970422", "970407")


def test_public_holidays_are_sorted_and_cover_three_years():
    rows = load("vn/public_holidays.json")
    days = [date.fromisoformat(row["date"]) for row in rows]
    assert days == sorted(set(days))
    assert {day.year for day in days} == {2025, 2026, 2027}
    for year in (2025, 2026, 2027):
        statutory = [r for r in rows if r["date"].startswith(str(year)) and r["kind"] == "public"]
        assert len(statutory) == 11
