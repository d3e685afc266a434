"""The heat map's chart: letters and labels where rows are high enough."""

from lib.response.depth.chart import DepthLook, depth_chart


def test_letters_and_labels_only_where_there_is_room():
    high, low = (str(depth_chart(DepthLook(("CR",), ("#1",), height, height >= 12))) for height in (22, 6))
    assert "letters:N" not in low and "'letters'" in high and "'letters'" not in low
    assert high.count("'patient'") > low.count("'patient'")
