"""The list of inspection items: what may be drawn, when, how much of it."""

import datetime as dt
import enum
from fractions import Fraction

import pandas as pd
import pytest
from province import columns, item_list

from dsgk.errors import DsgkError, InvalidInput, InvalidTypeError, InvalidValueError
from dsgk.items import InspectionItem, ItemClass, ItemList, Method, read_methods
from dsgk.sources import article, provisions_of


ON_SITE, WRITTEN, ONLINE = Method
MARCH, JULY = dt.date(2026, 3, 1), dt.date(2026, 7, 1)
FIVE_PERCENT = Fraction(5, 100)


def item(name="价格行为检查", **fields):
    return InspectionItem(**{"department": "市场监管部门", "name": name, **fields})


def table(**columns):
    return {
        "抽查部门": ["市场监管部门", "市场监管部门"],
        "抽查事项": ["价格行为检查", "广告行为检查"],
        **columns,
    }


class TestReadMethods:
    @pytest.mark.parametrize(
        ("text", "methods", "by_agency"),
        [
            ("现场检查", {ON_SITE}, False),
            ("实地核查", {ON_SITE}, False),
            ("书面检查", {WRITTEN}, False),
            ("网络监测", {ONLINE}, False),
            ("现场检查、书面检查", {ON_SITE, WRITTEN}, False),
            ("现场检查，书面检查；网络检查", {ON_SITE, WRITTEN, ONLINE}, False),
            (
                "现场检查、书面检查、网络检查、专业机构核查",
                {ON_SITE, WRITTEN, ONLINE},
                True,
            ),
            ("书面检查、网络检查、专业机构核查", {WRITTEN, ONLINE}, True),
            ("现场检查等", {ON_SITE}, False),
            ("网络检查、书面检查等", {WRITTEN, ONLINE}, False),
            ("现场抽查、", {ON_SITE}, False),
            ("非现场检查", {WRITTEN, ONLINE}, False),
            ("抽样检测", {ON_SITE}, True),
            ("抽样检验", {ON_SITE}, True),
            ("检验检测", set(), True),
            ("现场检查、网络巡查", {ON_SITE, ONLINE}, False),
            ("现场检查、技术监测", {ON_SITE, ONLINE}, False),
            ("现场实地稽查、线上稽查", {ON_SITE, ONLINE}, False),
            ("现场查看、查阅资料、询问核查等", {ON_SITE, WRITTEN}, False),
            ("自查、调账检查、实地检查相结合", {ON_SITE, WRITTEN}, False),
            ("备案审查、现场检查、专项检查等", {ON_SITE, WRITTEN}, False),
            ("采取定期抽查和不定期抽查的方式相结合", set(), False),
            ("", set(), False),
        ],
    )
    def test_reads_the_words_of_real_lists(self, text, methods, by_agency):
        """Only what is done on site needs a visit; an agency is no method."""
        assert (methods, by_agency) == read_methods(text)

    def test_refuses_a_word_that_it_does_not_know(self):
        """A method that is skipped could be the one that needs a visit."""
        with pytest.raises(InvalidValueError, match="got 飞行 in") as caught:
            read_methods("现场检查、飞行")

        assert caught.value.code == "item-method"
        assert caught.value.params["text"] == "现场检查、飞行"
        assert caught.value.provision == str(article(21))

    def test_refuses_what_is_no_text(self):
        with pytest.raises(InvalidTypeError):
            read_methods(None)


class TestInspectionItem:
    def test_is_identified_by_department_category_name_and_object(self):
        """Real lists class one name as general for restaurants, as key for schools."""
        restaurant = item(category="餐饮服务", object="餐饮服务经营者")
        canteen = item(category="餐饮服务", object="学校食堂")

        assert canteen.key == ("市场监管部门", "餐饮服务", "价格行为检查", "学校食堂")
        assert restaurant.key != canteen.key

    @pytest.mark.parametrize(
        ("fields", "error", "code"),
        [
            ({"name": ""}, InvalidValueError, None),
            ({"name": "检查 "}, InvalidValueError, None),
            ({"department": " 公安"}, InvalidValueError, None),
            ({"object": "学校\n"}, InvalidValueError, None),
            ({"category": None}, InvalidTypeError, None),
            ({"item_class": "一般"}, InvalidValueError, "not-in-list"),
            ({"methods": "现场检查"}, InvalidTypeError, "argument-list"),
            ({"methods": ["飞行检查"]}, InvalidValueError, "not-in-list"),
            ({"bodies": "市场监管部门"}, InvalidTypeError, "argument-list"),
            ({"ceiling": FIVE_PERCENT}, InvalidValueError, "item-ceiling"),
            (
                {"ceiling": FIVE_PERCENT, "item_class": ItemClass.KEY},
                InvalidValueError,
                "item-ceiling",
            ),
            (
                {"ceiling": Fraction(3, 2), "item_class": ItemClass.GENERAL},
                InvalidValueError,
                "number-range",
            ),
            (
                {"ceiling": 0.05, "item_class": ItemClass.GENERAL},
                InvalidTypeError,
                "number-type",
            ),
            (
                {"ceiling": True, "item_class": ItemClass.GENERAL},
                InvalidTypeError,
                "number-type",
            ),
            ({"methods": None}, InvalidTypeError, "argument-list"),
            ({"methods": [["现场检查"]]}, InvalidValueError, "not-in-list"),
            ({"legal_basis": None}, InvalidTypeError, "argument-list"),
            ({"legal_basis": ["价格法", 33]}, InvalidTypeError, "text-type"),
            ({"cooperating": [["公安"]]}, InvalidTypeError, "label-type"),
            ({"cooperating": ["公安 "]}, InvalidValueError, "label-form"),
            ({"by_agency": "也许"}, InvalidValueError, "flag-form"),
            ({"in_force_from": "2026-3-1"}, InvalidValueError, "day-form"),
            ({"repealed_on": dt.datetime(2026, 3, 1)}, InvalidTypeError, None),  # noqa: DTZ001
            (
                {"in_force_from": JULY, "repealed_on": JULY},
                InvalidValueError,
                "item-dates",
            ),
        ],
        ids=lambda value: str(value) if isinstance(value, dict) else "",
    )
    def test_refuses_what_no_list_can_mean(self, fields, error, code):
        """A key item has no ceiling, an item lasts a day at least."""
        with pytest.raises(error) as caught:
            item(**fields)

        assert code is None or caught.value.code == code

    def test_tells_all_its_faults_at_once(self):
        """Those of the fields, then those between them."""
        with pytest.raises(InvalidInput) as fields:
            item("价格 行为检查 ", methods=["占卜"], repealed_on="2026年")
        with pytest.raises(InvalidInput) as between:
            item(ceiling="5%", in_force_from=JULY, repealed_on=MARCH)

        assert [fault.column for fault in fields.value.faults] == [
            "name",
            "methods[0]",
            "repealed_on",
        ]
        assert [fault.code for fault in between.value.faults] == [
            "item-ceiling",
            "item-dates",
        ]
        assert "只有一般检查事项有'ceiling'" in between.value.chinese

    def test_is_written_in_texts_and_stored(self):
        """As a host has it in a form or a file."""
        written = item(
            item_class="一般检查事项",
            ceiling="5%",
            methods=["实地核查", "online"],
            in_force_from="2026-03-01",
        )

        assert written == item(
            item_class=ItemClass.GENERAL,
            ceiling=FIVE_PERCENT,
            methods={ON_SITE, ONLINE},
            in_force_from=MARCH,
        )
        assert InspectionItem.from_dict(written.to_dict()) == written
        assert written.to_dict()["methods"] == ["on site", "online"]

    def test_members_of_an_enum_of_texts_are_their_texts(self):
        """Faults of a plan print them, and a member prints its name."""
        name = enum.Enum("Name", {"PRICES": "价格行为检查"}, type=str).PRICES
        made = item(name, category=name, object=name, bodies=[name])

        assert made.key == ("市场监管部门", *["价格行为检查"] * 3)
        assert {str} == set(map(type, (*made.key, *made.bodies)))

    def test_several_values_may_come_one_by_one(self):
        """A generator is gone once it has been looked at."""
        made = item(
            methods=iter([ON_SITE]),
            bodies=iter(["乙", "甲", "乙"]),
            cooperating=("公安",),
        )

        assert ({ON_SITE}, ("乙", "甲")) == (made.methods, made.bodies)
        assert made.cooperating == ("公安",)

    def test_keeps_a_moment_as_its_day_in_china(self):
        """Days are compared with days; a server in UTC is a day behind."""
        moment = dt.datetime(2026, 2, 28, 16, tzinfo=dt.UTC)
        limited = item(in_force_from=moment, repealed_on=JULY)

        assert limited == item(in_force_from=MARCH, repealed_on=JULY)
        assert limited.is_in_force(MARCH)

    def test_is_in_force_from_its_first_day_until_the_day_of_its_repeal(self):
        """Before, on and after each of the two days."""
        day = dt.timedelta(1)
        limited = item(in_force_from=MARCH, repealed_on=JULY)

        assert [
            limited.is_in_force(on) for on in (MARCH - day, MARCH, JULY - day, JULY)
        ] == [False, True, True, False]
        assert item().is_in_force(MARCH)


class TestItemList:
    def test_lists_an_item_once_on_any_day(self):
        """A doubled item would be drawn twice."""
        with pytest.raises(InvalidInput) as caught:
            ItemList([item(), item("广告行为检查"), item(), item()])

        assert [(f.code, f.row, f.params["other"]) for f in caught.value.faults] == [
            ("item-repeated", 2, 0),
            ("item-repeated", 3, 0),
        ]
        assert caught.value.provision == str(article(10))

    @pytest.mark.parametrize("repealed", [JULY, JULY + dt.timedelta(1)])
    def test_keeps_versions_whose_dates_do_not_overlap(self, repealed):
        """An amended list repeals an item and puts a new one in its place."""
        versions = [item(in_force_from=JULY), item(repealed_on=repealed)]
        if repealed > JULY:
            with pytest.raises(InvalidInput):
                ItemList(versions)
        else:
            assert [i.in_force_from for i in ItemList(versions).on(JULY)] == [JULY]
            assert [i.in_force_from for i in ItemList(versions).on(MARCH)] == [None]

    def test_its_version_is_a_text(self):
        """It is printed in every message about the list."""
        with pytest.raises(InvalidTypeError, match="'version' must be a text"):
            ItemList([], version=2026)

    def test_of_something_else_is_refused(self):
        with pytest.raises(InvalidInput, match="of type InspectionItem"):
            ItemList(["价格行为检查", 3])

    def test_is_stored(self):
        """With all versions of its items."""
        items = ItemList([item(in_force_from=JULY), item(repealed_on=JULY)])

        assert ItemList.from_dict(items.to_dict()) == items

    def test_on_a_day_keeps_its_name(self):
        items = ItemList([item(repealed_on=JULY)], version="2026年版")

        assert (items.on(JULY).version, len(items.on(JULY))) == ("2026年版", 0)

    def test_finds_items_by_name_and_by_what_tells_them_apart(self):
        canteen = item(object="学校食堂")
        police = item(department="公安部门", category="旅馆")
        items = ItemList([canteen, item("广告行为检查"), police])

        assert items.find("价格行为检查") == (canteen, police)
        assert items.find("价格行为检查", object="学校食堂") == (canteen,)
        assert items.find("价格行为检查", department="公安部门") == (police,)
        assert items.find("价格行为检查", category="旅馆") == (police,)
        assert items.find("登记检查") == ()


class TestCheck:
    def test_an_item_that_is_not_listed_may_not_be_drawn(self):
        """District Opinion, Art. 10."""
        (fault,) = ItemList([item()], version="2026年版").check("登记检查", on=MARCH)

        assert (fault.code, fault.provision) == ("item-not-listed", str(article(10)))
        assert "'2026年版' (got '登记检查')" in fault.message

    @pytest.mark.parametrize(
        ("on", "until", "missing"),
        [
            (MARCH, None, None),
            (JULY, None, JULY),
            (MARCH, JULY - dt.timedelta(1), None),
            (MARCH, JULY, JULY),  # repealed in mid-year
            (dt.date(2025, 12, 31), MARCH, dt.date(2025, 12, 31)),
        ],
    )
    def test_an_item_must_be_in_force_on_all_days_of_the_inspection(
        self, on, until, missing
    ):
        """The day that is the trouble is named."""
        items = ItemList([item(in_force_from=dt.date(2026, 1, 1), repealed_on=JULY)])
        faults = items.check("价格行为检查", on=on, until=until)

        assert [("item-not-in-force", missing)] * (missing is not None) == [
            (fault.code, fault.params["on"]) for fault in faults
        ]

    def test_versions_that_follow_each_other_cover_a_year_together(self):
        """A new version on the day of the repeal leaves no gap."""
        august = dt.date(2026, 8, 1)
        seamless = ItemList([item(in_force_from=JULY), item(repealed_on=JULY)])
        broken = ItemList([item(in_force_from=august), item(repealed_on=JULY)])

        assert seamless.check("价格行为检查", on=MARCH, until=august) == ()
        (fault,) = broken.check("价格行为检查", on=MARCH, until=august)
        assert fault.params["on"] == JULY

    def test_a_general_item_has_a_ceiling_and_a_key_item_none(self):
        """At 100 % the draw of a key item fixes the order of the batches."""
        items = ItemList(
            [
                item(item_class=ItemClass.GENERAL, ceiling=FIVE_PERCENT),
                item("特种设备检查", item_class=ItemClass.KEY),
            ]
        )
        (fault,) = items.check("价格行为检查", on=MARCH, share=Fraction(6, 100))

        assert (fault.code, fault.provision) == ("item-above-ceiling", str(article(10)))
        assert fault.params["ceiling"] == FIVE_PERCENT
        assert items.check("价格行为检查", on=MARCH, share=FIVE_PERCENT) == ()
        assert items.check("特种设备检查", on=MARCH, share=Fraction(1)) == ()

    def test_a_ceiling_counts_only_while_its_version_is_in_force(self):
        """Last year's ceiling does not bind this year's ratio, nor next year's."""
        general = {"item_class": ItemClass.GENERAL}
        items = ItemList(
            [
                item(ceiling=Fraction(1, 100), repealed_on=MARCH, **general),
                item(
                    ceiling=FIVE_PERCENT,
                    in_force_from=MARCH,
                    repealed_on=JULY,
                    **general,
                ),
                item(ceiling=Fraction(2, 100), in_force_from=JULY, **general),
            ]
        )
        day = dt.timedelta(1)

        def ceilings(on, until):
            faults = items.check("价格行为检查", on=on, until=until, share=Fraction(1))
            return [fault.params["ceiling"] * 100 for fault in faults]

        assert ceilings(MARCH, JULY - day) == [5]
        assert ceilings(MARCH - day, JULY) == [1, 5, 2]

    def test_every_item_of_the_name_must_be_well(self):
        """Whoever means one of them says which."""
        items = ItemList([item(), item(object="学校食堂", repealed_on=JULY)])

        assert [f.code for f in items.check("价格行为检查", on=JULY)] == [
            "item-not-in-force"
        ]
        assert items.check("价格行为检查", on=JULY, object="") == ()

    @pytest.mark.parametrize("name", ["价格行为检查", "登记检查"])
    def test_days_in_the_wrong_order_are_refused(self, name):
        """Whether the item is listed or not."""
        with pytest.raises(InvalidValueError, match="must not be before"):
            ItemList([item()]).check(name, on=JULY, until=MARCH)

    @pytest.mark.parametrize(
        ("share", "error"),
        [
            (0.05, "number-type"),  # above 5 %, in binary
            ("5分", "number-form"),
            (Fraction(60), "number-range"),  # the target of 60-70家
            (Fraction(-1, 20), "number-range"),
        ],
        ids=repr,
    )
    def test_a_share_is_exact_and_no_count(self, share, error):
        """0.05 would be above a ceiling of 5 %."""
        with pytest.raises(DsgkError, match="'share' must") as caught:
            ItemList([item()]).check("价格行为检查", on=MARCH, share=share)

        assert caught.value.code == error


class TestFromTable:
    def test_reads_a_table_with_the_usual_names(self):
        """As official lists head their columns."""
        items = ItemList.from_table(
            table(
                抽查类别=["市场行为", None],
                检查对象=["企业", "企业"],
                事项类别=["一般检查事项", "重点检查事项"],
                检查方式=["现场检查、专业机构核查", ""],
                配合部门=["税务部门、商务部门", None],
                检查主体=["县级以上市场监管部门", None],
                检查依据=["《价格法》第三十三条", None],
                施行日期=[MARCH, "2026-03-01"],
                废止日期=[None, JULY],
            ),
            version="2026年版",
            general_ceiling=FIVE_PERCENT,
        )

        assert items.version == "2026年版"
        assert list(items) == [
            item(
                category="市场行为",
                object="企业",
                item_class=ItemClass.GENERAL,
                ceiling=FIVE_PERCENT,
                methods={ON_SITE},
                by_agency=True,
                cooperating=("税务部门", "商务部门"),
                bodies=("县级以上市场监管部门",),
                legal_basis=("《价格法》第三十三条",),
                in_force_from=MARCH,
            ),
            item(
                "广告行为检查",
                object="企业",
                item_class=ItemClass.KEY,
                in_force_from=MARCH,
                repealed_on=JULY,
            ),
        ]

    def test_reads_data_frames(self):
        frame = pd.DataFrame(table(事项类别=["一般检查事项", None]))

        assert [i.item_class for i in ItemList.from_table(frame)] == [
            ItemClass.GENERAL,
            None,
        ]

    def test_gathers_rows_that_differ_in_body_and_legal_basis_alone(self):
        """Printed lists give every legal basis a row of its own."""
        (one,) = ItemList.from_table(
            {
                "抽查部门": ["公安部门"] * 3,
                "抽查事项": ["旅馆检查"] * 3,
                "检查主体": ["县公安局", "市公安局", "县公安局"],
                "检查依据": ["甲法", "乙法", "乙法"],
            }
        )

        assert (one.bodies, one.legal_basis) == (
            ("县公安局", "市公安局"),
            ("甲法", "乙法"),
        )

    def test_tells_what_else_differs_between_rows_of_one_item(self):
        """Which of two classes is meant is not for a program to say."""
        with pytest.raises(InvalidInput) as caught:
            ItemList.from_table(
                {
                    "抽查部门": ["公安部门"] * 2,
                    "抽查事项": ["旅馆检查"] * 2,
                    "事项类别": ["一般检查事项", "重点检查事项"],
                    "检查方式": ["现场检查", "书面检查"],
                }
            )

        assert [(f.code, f.row, f.column) for f in caught.value.faults] == [
            ("item-contradiction", 1, "item_class"),
            ("item-contradiction", 1, "methods"),
        ]

    def test_tells_all_faults_of_the_cells_at_once(self):
        """Whoever typed the table corrects it once."""
        with pytest.raises(InvalidInput) as caught:
            ItemList.from_table(
                {
                    "抽查部门": ["公安部门 ", None, "税务部门"],
                    "抽查事项": ["旅馆检查", "网吧检查", ""],
                    "事项类别": ["一般", "重点检查事项", None],
                    "检查方式": ["现场检查", "占卜", None],
                    "检查依据": [1, None, None],
                    "施行日期": ["2026/3/1", None, None],
                }
            )

        assert [(f.row, f.column) for f in caught.value.faults] == [
            (0, "抽查部门"),
            (0, "事项类别"),
            (0, "检查依据"),
            (0, "施行日期"),
            (1, "抽查部门"),
            (1, "检查方式"),
            (2, "抽查事项"),
        ]

    def test_tells_faults_across_cells_with_their_row(self):
        with pytest.raises(InvalidInput) as caught:
            ItemList.from_table(table(施行日期=[None, JULY], 废止日期=[None, MARCH]))

        assert [(f.code, f.row) for f in caught.value.faults] == [("item-dates", 1)]

    def test_a_ceiling_that_is_not_exact_is_told_once(self):
        """It is one mistake, however many items the list has."""
        with pytest.raises(InvalidTypeError, match="'general_ceiling'"):
            ItemList.from_table(table(), general_ceiling=0.05)

    def test_a_table_without_rows_is_refused(self):
        """Nothing could be drawn, and nobody would know why."""
        with pytest.raises(InvalidInput, match="must have one row") as caught:
            ItemList.from_table({"抽查部门": [], "抽查事项": []})

        assert [f.code for f in caught.value.faults] == ["table-empty"]

    def test_a_column_that_is_asked_for_must_be_there(self):
        """The usual names may be absent, a misspelt one may not."""
        with pytest.raises(InvalidInput, match="方式"):
            ItemList.from_table(table(), methods="方式")
        with pytest.raises(InvalidInput, match="抽查事项"):
            ItemList.from_table({"抽查部门": ["公安部门"]})

        assert len(ItemList.from_table(table())) == 2


class TestPublishedLists:
    def test_the_list_of_a_province(self, facts):
        """388 printed rows are 293 items; 16 departments, some names twice."""
        items = item_list(facts, version="2020年版")
        classes = [one.item_class for one in items]
        canteens = items.find("加工制作过程的检查")

        assert len(columns(facts / "province_items.csv")["item"]) == 388
        assert len(items) == 293
        assert len({one.department for one in items}) == 16
        assert classes.count(None) == 0
        assert {one.item_class for one in canteens} == {
            ItemClass.GENERAL,
            ItemClass.KEY,
        }
        assert sum(len(one.legal_basis) for one in items) == 302
        assert sum(ON_SITE in one.methods for one in items) == 281
        assert sum(one.by_agency for one in items) == 29

    def test_the_list_of_joint_items(self, facts):
        """83 items of initiating departments, with those that take part."""
        items = ItemList.from_table(
            columns(facts / "province_joint_items.csv"),
            department="initiating_dept",
            name="item",
            category="field",
            object="object",
            cooperating="cooperating_dept",
        )
        (report,) = items.find("企业年度报告公示信息的检查")

        assert len(items) == 83
        assert report.cooperating == ("人社部门", "商务部门")
        assert items.check("企业年度报告公示信息的检查", on=MARCH) == ()


def test_the_list_cites_its_article():
    """Art. 10 and 21 are carried out here."""
    assert article(10) in provisions_of(ItemList)
    assert article(10) in provisions_of(ItemList.check)
    assert article(21) in provisions_of(read_methods)
