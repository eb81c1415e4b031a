"""What a caller may, as it is told to him, is what he then may."""
from test_rights import over_tcp, token

from house import house  # noqa: F401  (a fixture)


def me(house, secret):
    answer = over_tcp(house, "GET", "/v1/me", secret)
    assert answer.status == 200, answer.body
    return answer.json


def test_me(house):
    house.start()
    assert over_tcp(house, "GET", "/v1/me").status == 401
    viewer = me(house, token(house, "auditor", "viewer"))
    assert viewer["name"] == "auditor" and viewer["role"] == "viewer"
    assert viewer["scope"] == {"entities": ["*"]}
    assert viewer["acts"] == [] and viewer["read_only"] is False
    assert {"method": "GET", "path": "/v1/stock"} in viewer["may"]
    assert {route["method"] for route in viewer["may"]
            if not route["path"].startswith(("/v1/hooks", "/v1/oauth"))
            } == {"GET"}
    clerk = me(house, token(house, "asha", "clerk"))
    assert {"retry", "dismiss"} <= set(clerk["acts"])
    assert "pause" not in clerk["acts"]
    assert {"method": "POST", "path": "/v1/decisions"} in clerk["may"]
    sender = me(house, token(house, "crm", "integration"))
    assert {"method": "GET", "path": "/v1/events/{}"} in sender["may"]
    assert {"method": "GET", "path": "/v1/events"} not in sender["may"]
