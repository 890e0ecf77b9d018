"""What is open on macOS and Windows, and wherever else psutil runs: less than on Linux, and honest about it.

    live      psutil's answers, written down as a recording
    recording what such answers look like; parses a recording, live or from a file
    people    a recording's processes as owners, or the reason why nobody is named
    openings  a recording's sockets, put together into openings
    gaps      what each system does not show, and which of its own tools does
    collect   the recipe

Everything after `live` is a function of the recording, so that a machine that nobody has at hand can be tested.
"""
