"""One WebSocket for everybody: topics with numbered events, replay after a gap, one Redis subscription per process.

Has no tables. Apps register topics with a right check; the relay broadcasts events to their topics.
"""
