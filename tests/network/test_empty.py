"""Pages of a house in which nothing is registered yet."""

from __future__ import annotations

from django.test import Client

from tests.network.test_pages import page


def test_an_empty_house_says_so(db: None) -> None:
    texts = {name: page(Client(), name) for name in ("tree", "organisations", "choices", "areas", "hosts", "external_bodies")}
    for name, text in {"tree": "这一天还没有组织", "areas": "还没有区划", "hosts": "还没有依托单位", "external_bodies": "还没有外部团体", "organisations": "没有符合的组织", "choices": "没有找到"}.items():
        assert text in texts[name]
