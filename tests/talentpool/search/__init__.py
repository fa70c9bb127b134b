import pytest

pytest.register_assert_rewrite("tests.talentpool.search.engine_contract")
