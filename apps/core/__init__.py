"""The ground everything stands on: ids, money, time, errors, states, locks, and the bases of API, portal and admin.

Has no tables and knows no business word. Everything may import it; it imports nothing of the project.
"""
