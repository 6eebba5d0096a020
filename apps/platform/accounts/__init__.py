"""People and devices who can log in, their sessions and tokens, and links that open one document without a log-in.

Owns User, UserSession, LoginHistory, AccessLink. A token is only as alive as its UserSession; a link opens one document
for one purpose until it expires. Passwords and tokens are stored hashed only.
"""
