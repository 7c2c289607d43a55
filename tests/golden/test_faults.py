"""Every fault that a test met when the record was made is still met by it."""

import pytest
from golden.observe import LEFT_OUT, TESTS


def test_every_recorded_test_is_still_there(request):
    """A renamed test takes its lines along; the lines of a deleted one go."""
    golden = request.config.pluginmanager.get_plugin("golden")
    files = {
        ".".join(p.relative_to(TESTS).with_suffix("").parts)
        for p in TESTS.rglob("test_*.py")
    }
    missing = {f for f in files if not f.startswith(LEFT_OUT)} - {
        room for room, _ in golden.collected
    }
    if missing:
        pytest.skip("some files of tests are not collected")
    names = {name for _, name in golden.collected}
    stale = [
        (room, name)
        for room, tests in golden.record.items()
        for name in tests
        if name not in names
    ]
    if golden.updating:
        request.node.user_properties.append(("golden-stale", stale))
        stale = []

    assert stale == []
