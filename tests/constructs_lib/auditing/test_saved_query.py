from constructs_lib.auditing.saved_query import SavedQuery


def query(*asks_for: str) -> SavedQuery:
    return SavedQuery(name="how_many", question="How many?", asks_for=asks_for, columns=("n",), sql="SELECT 1 AS n")


def test_its_description_says_what_must_be_said_to_ask_it() -> None:
    assert query().description == "How many?"
    assert query("the first day", "the last day").description == "How many? Asks for: the first day, the last day."
