"""Each kind of widget, as CloudWatch takes it."""

from constructs_lib.dashboards.widget import Widget, bars, expression, graph, log_widget, numbers, words

LINE = expression("SUM(m)", label="all", id="e")


def test_an_expression_has_its_label() -> None:
    assert LINE == [{"expression": "SUM(m)", "label": "all", "id": "e"}]


def test_words_are_markdown() -> None:
    assert words("# a") == Widget("text", 24, 2, {"markdown": "# a"})


def test_metrics_are_drawn_as_lines_numbers_or_bars_of_one_region() -> None:
    drawn = [make("Title", [LINE], region="eu-west-1") for make in (graph, numbers, bars)]

    assert [each.properties["view"] for each in drawn] == ["timeSeries", "singleValue", "bar"]
    assert [each.properties.get("setPeriodToTimeRange", False) for each in drawn] == [False, False, True]
    assert {each.properties["region"] for each in drawn} == {"eu-west-1"}
    assert all(each.properties["metrics"] == [LINE] and each.kind == "metric" for each in drawn)


def test_a_graph_takes_what_else_it_is_told() -> None:
    assert graph("Title", [], region="eu-west-1", yAxis={"left": {"min": 0}}, period=60).properties == {
        "title": "Title",
        "metrics": [],
        "stacked": False,
        "period": 60,
        "view": "timeSeries",
        "region": "eu-west-1",
        "yAxis": {"left": {"min": 0}},
    }


def test_a_question_is_a_table_unless_it_is_of_time() -> None:
    table = log_widget("Title", "SOURCE 'a' | limit 1", region="eu-west-1")
    line = log_widget("Title", "SOURCE 'a' | limit 1", region="eu-west-1", view="timeSeries")

    assert (table.kind, table.properties["view"], line.properties["view"]) == ("log", "table", "timeSeries")
    assert table.properties["query"] == "SOURCE 'a' | limit 1"


def test_what_has_many_series_is_higher() -> None:
    hidden = ["AWS/SQS", "m", {"visible": False}]

    def heights(count: int) -> list[int]:
        return [make("Title", [LINE, hidden] * count, region="eu-west-1").height for make in (graph, numbers, bars)]

    assert heights(8) == [6, 4, 7]
    assert heights(40) == [9, 8, 23]


def test_many_lines_are_named_beside_the_graph() -> None:
    assert "legend" not in graph("Title", [LINE] * 10, region="eu-west-1").properties
    assert graph("Title", [LINE] * 11, region="eu-west-1").properties["legend"] == {"position": "right"}
