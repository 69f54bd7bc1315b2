"""Fifty at once: each is answered, and with what it asked for."""

import asyncio

import httpx
from helpers.studio_server import Running

KEYS = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")


async def one_of_many(client: httpx.AsyncClient, number: int) -> None:
    name, key, bars = f"Client {number}", KEYS[number % 12], 2 + number % 3
    session = (await client.post("/api/sessions", json={"name": name})).json()["id"]
    order = {"changes": " | ".join(["C6"] * bars), "key": key, "title": name, "seed": number, "bpm": 100 + number}
    made = (await client.post(f"/api/sessions/{session}/takes", json=order)).raise_for_status().json()
    take = made["session"]["takes"][0]
    about = take["about"]
    assert (about["title"], about["key"], about["bars"], about["bpm"]) == (name, key, bars, 100 + number)
    assert about["seed"] == number
    drawn = (await client.get(f"/api/takes/{take['id']}")).json()
    assert {chord["symbol"] for chord in drawn["chords"]} == {f"{key}6"}
    rated = (await client.put(f"/api/takes/{take['id']}/rating", json={"rating": number % 6})).json()
    assert (rated["id"], rated["rating"]) == (take["id"], number % 6)
    now = (await client.get(f"/api/sessions/{session}")).json()
    assert (now["name"], [one["id"] for one in now["takes"]]) == (name, [take["id"]])


def test_fifty_clients_are_not_mixed_up(running: Running) -> None:
    async def crowd() -> None:
        limits = httpx.Limits(max_connections=50)
        headers = {"Authorization": f"Bearer {running.token}"}
        async with httpx.AsyncClient(
            base_url=running.base, headers=headers, timeout=120, limits=limits, trust_env=False
        ) as client:
            await asyncio.gather(*(one_of_many(client, number) for number in range(50)))

    asyncio.run(crowd())
