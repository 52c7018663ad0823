"""What changes while people look at it: from a change to everybody's screen, in each server process.

    announcer (tells each process) -> hub (fetches once, one frame) -> transport (each viewer)

Plain asyncio, with what it needs from the database handed in as functions. The rooms above start it for what they show:
``voting/live/start.py`` for tallies, ``comments/live.py`` for threads.
"""
