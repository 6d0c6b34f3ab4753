"""What the letters of what is to come are told in tests."""

import json

_COMING: dict[str, str | int] = {
    "account": "Bakkerij De Korenbloem",
    "product": "Kadans Team",
    "on": "2026-03-08",
    "link": "/products/team",
}
# 40 × 12.50 = 500.00; with 21% tax 605.00.
_COSTS: dict[str, str | int] = {
    "licences": 40,
    "last": "2026-03-07",
    "price": "12.50",
    "cost": 50000,
    "until": "2026-04-08",
    "total": 60500,
    "currency": "EUR",
}
ANNOUNCED_FACTS: dict[str, dict[str, str | int]] = {
    "trial_lapses": {**_COMING, "disabled": "2026-04-07"},
    "trial_converts": {**_COMING, **_COSTS},
    "expires": {**_COMING, "why": "renewal_off", "disabled": "2026-04-07"},
    "disabled": {**_COMING, "why": "cancelled", "deleted": "2026-06-06"},
    "members_out": _COMING,
    "deleted": {**_COMING, "back_up": "/back-up"},
    "unpaid": {
        **_COMING,
        "bill": "2026-000017",
        "due": "2026-02-06",
        "left": 60500,
        "currency": "EUR",
        "deleted": "2026-06-06",
    },
    "conflict": {**_COMING, "licences": 2},
    "renews": {**_COMING, **_COSTS},
    "renew_together": {
        "account": "Bakkerij De Korenbloem",
        "on": "2026-03-08",
        "last": "2026-03-07",
        "link": "/products",
        # 40 × 12.50 = 500.00 on the bill of the day; 2 × 88.00 = 176.00 billed when the year is over.
        "each": json.dumps(
            [
                {**_COSTS, "product": "Kadans Team", "on": "2026-03-08"},
                {
                    "product": "Kadans Projects",
                    "on": "2026-03-08",
                    "licences": 2,
                    "price": "88.00",
                    "cost": 17600,
                    "until": "2027-03-08",
                    "billed": "2027-03-08",
                    "currency": "EUR",
                },
            ]
        ),
    },
}
