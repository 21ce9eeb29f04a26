"""What was asked and answered is told in full when it is not as it should be."""

import pytest

pytest.register_assert_rewrite("tests.scenarios.conversations", "tests.scenarios.house")
