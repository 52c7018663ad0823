"""Live tallies: from a cast to everybody's screen, in each server process.

    cast -> folder (counts, in a thread) -> announcer (tells each process) -> hub (one frame) -> transport (each viewer)

The last three are in ``consultations/live``, which threads of comments use too. Plain asyncio, with what it needs from
the database handed in as functions (``voting/live/watching.py``); ``start.py`` puts the parts together, once for each
process and event loop.
"""
