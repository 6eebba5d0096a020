"""Calendars: resources (bays, technicians, …), their hours, time off, and reservations that never overlap.

Owns Resource, WorkingHours, TimeOff, Reservation. The database refuses two live reservations of one resource, or of one
party (a plate, a person), that overlap. Slots are hours minus time off minus reservations.
"""
